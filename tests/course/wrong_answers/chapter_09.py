"""Typical wrong answers to the exercises of notebook 09, each with what the check must say of it."""

GATES = "AND = {}\nOR = {}\nNAND = {}\n"
RIGHT = ("(1, 1, -1.5)", "(1, 1, -0.5)", "(-1, -1, 1.5)")
MERGED = "def merged(w1, b1, w2, b2):\n    return "
XOR = "first = {}\nsecond = {}\noutput = {}\n"
COUNT = "def count(sizes):\n    pairs = list(zip(sizes, sizes[1:]))\n    return "
DEAD = """\
def dead_neurons(weights, biases, points):
    dead = []
    for j, (row, b) in enumerate(zip(weights, biases)):
        zs = [row[0] * x + row[1] * y + b for x, y in points]
        if {}:
            dead.append(j)
    return dead
"""

WRONG = {
    "09.1": [
        (GATES.format("(1, 1, -0.5)", *RIGHT[1:]), "AND: at (0, 1) z is 0.5, which says yes"),
        (GATES.format(RIGHT[0], "(1, 1, -1)", RIGHT[2]), "OR: the line goes through (0, 1)"),
        (GATES.format(RIGHT[0], "(1, 1, 0.5)", RIGHT[2]), "OR: at (0, 0) z is 0.5"),
        (GATES.format(*RIGHT[:2], "(1, 1, -1.5)"), "NAND is wrong at all four corners"),
        (GATES.format(*RIGHT[:2], "(-1, -1)"), "NAND should be three numbers"),
    ],
    "09.2": [
        (MERGED + "w1 @ w2, w2 @ b1 + b2", "in the wrong order"),
        (MERGED + "w2 * w1, w2 @ b1 + b2", "element by element"),
        (MERGED + "w2 @ w1, b1 + b2", "goes through the weights of the second one"),
        (MERGED + "w2 @ w1, b2", "bias of the first layer is lost"),
        (MERGED + "w2 @ w1, w2 @ b1", "bias of the second layer is lost"),
        (MERGED + "w2 + w1, b2", "W is [[4.0, 3.0], [2.0, -0.5]] and should be"),
        (MERGED + "w2 @ w1, w1 @ b2", "W is right; b is"),
        (MERGED + "w2 @ w1", "two things"),
    ],
    "09.3": [
        (XOR.format("(1, 1, -0.5)", "(-1, -1, 1.5)", "(1, 1, -0.5)"), "the output neuron makes z = 0.5"),
        (XOR.format("(1, 1, -0.5)", "(1, 1, -0.5)", "(1, 1, -1.5)"), "no output neuron can tell them apart"),
        (
            XOR.format("(1, 1, -0.5)", "(1, 1, -1.5)", "(1, 1, -0.5)"),
            "At (1, 1) the hidden neurons",
        ),
        (XOR.format("1", "2", "3"), "first should be three numbers"),
    ],
    "09.4": [
        (COUNT + "sum(a * b for a, b in pairs)", "the biases are missing"),
        (COUNT + "sum(a * b for a, b in pairs) + sum(sizes)", "the inputs have got biases"),
        (COUNT + "sum((a + 1) * b for a, b in pairs) - 1", "the neuron of the last layer has a bias"),
        (COUNT + "sum(a * b + 1 for a, b in pairs)", "one bias for each layer"),
        (COUNT + "sum(sizes[1:])", "the number of neurons"),
        (COUNT + "sum(sizes)", "inputs and neurons"),
        (COUNT + "2 * 8 * 8 * 1", "layers are added"),
        (COUNT + "105", "count([64, 32, 10]) is 105 and should be 2410"),
    ],
    "09.5": [
        (DEAD.format("min(zs) <= 0"), "only all of them tell"),
        (DEAD.format("b < 0"), "a negative bias alone says nothing"),
        (DEAD.format("max(zs) <= 0 and max(row) < 0"), "neuron 2 has a positive weight"),
        (DEAD.format("max(row) < 0 and b < 0"), "neuron 2 has a positive weight"),
        (DEAD.format("max(zs) < 0"), "neuron 5 has z = 0"),
        (DEAD.format("max(zs) > 0"), "the living ones"),
        ("def dead_neurons(weights, biases, points):\n    return [1, 2, 5]", "With twelve other neurons"),
        ("def dead_neurons(weights, biases, points):\n    return 3", "should be a list and is a int"),
        ("def dead_neurons(weights, biases, points):\n    return []", "it should be [1, 2, 5]"),
    ],
}
