"""Typical wrong answers to the exercises of notebook 16, each with what the check must say of it."""

PROGRAM = "def program(x, y, exp):\n    v = exp(x * y)\n    return "
CLIP = "def clip(x):\n    return "
EVEN = "def break_even(record, program, graph):\n    return "
BATCH = "each, summed = "
SQUASH = "def squash(x):\n    return "

WRONG = {
    "16.1": [
        (PROGRAM + "x * v, (v, x * x * v)", "x is inside the exponential too"),
        (PROGRAM + "x * v, (x * y * v, x * x * v)", "x is a factor of its own too"),
        (PROGRAM + "x * v, (v + x * y * v, x * v)", "there are two factors x"),
        (PROGRAM + "x * v, (x * x * v, v + x * y * v)", "have changed places"),
        (PROGRAM + "x * v, ((1 + x * y) * exp(x * y), x * x * v)", "exp was called 2 times"),
        (PROGRAM + "x * v", "should return the pair"),
        (PROGRAM + "v, (v, v)", "[0] is 4.48169 and should be 13.4451"),
    ],
    "16.2": [
        (CLIP + "math.relu(x)", "above 1 it should stay at 1"),
        (CLIP + "1.0 - math.relu(1.0 - x)", "below 0 it should stay at 0"),
        (CLIP + "min(max(x, 0.0), 1.0)", "with 3 paths"),
        (CLIP + "math.relu(x) if x < 1.0 else 1.0", "with 2 paths"),
        (CLIP + "math.relu(math.relu(x) - math.relu(x - 1.0) - 0.1)", "it should stay at 1"),
        (CLIP + "4 * (math.relu(x) - math.relu(x - 0.25))", "should be x itself"),
    ],
    "16.3": [
        (EVEN + "ceil(record / graph)", "programs are not free"),
        (EVEN + "record / (graph - program)", "calls are whole"),
        (EVEN + "int(record / (graph - program))", "round up"),
        (EVEN + "record / program", "what a call costs"),
        (EVEN + "ceil(record / (graph - program))", "never pays"),
        (EVEN + "1", "is 1 and should be 254"),
    ],
    "16.4": [
        (BATCH + "[8.0, 16.0, 24.0], 48.0", "derivatives by x"),
        (BATCH + "[4.0, 8.0, 12.0], 24.0", "x is squared too"),
        (BATCH + "[56.0] * 3, 56.0", "nothing is added up"),
        (BATCH + "[4.0, 16.0, 36.0], 56.0 / 3.0", "what is shared gets the sum"),
        (BATCH + "[4.0, 16.0, 36.0], 144.0", "square first, then add"),
        (BATCH + "56.0, 56.0", "a list of 3 numbers"),
    ],
    "16.5": [
        (SQUASH + "x / (1.0 + abs(x.data if hasattr(x, 'data') else x))", "cannot be compiled: squash"),
        (
            SQUASH + "x / (1.0 + abs(x.detach() if hasattr(x, 'detach') else x))",
            "|x| was taken for a constant",
        ),
        (SQUASH + "x / (1.0 + x)", "squash(-2.0) is 2 and should be -0.666667"),
        (SQUASH + "x / (1.0 - x)", "grad(squash)(3.0) is 0.25 and should be 0.0625"),
    ],
}
