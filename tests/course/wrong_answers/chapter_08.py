"""Typical wrong answers to the exercises of notebook 08, each with what the check must say of it."""

PLACE = "def resting_place(w0, w1, w2):\n    factor = (w2 - w1) / (w1 - w0)\n    return "
RATE = "def largest_rate(xs, ys):\n    square = sum(x * x for x in xs)\n    n = len(xs)\n    return "
MOMENTUM = """\
def with_momentum(gradient, x, lr, momentum, steps):
    x, velocity = list(x), [0.0] * len(x)
    for _ in range(steps):
        for i, g in enumerate(gradient(x)):
            {line}
            x[i] -= lr * velocity[i]
    return x
"""
SHARED = """\
def with_momentum(gradient, x, lr, momentum, steps):
    x, velocity = list(x), 0.0
    for _ in range(steps):
        for i, g in enumerate(gradient(x)):
            velocity = momentum * velocity + g
            x[i] -= lr * velocity
    return x
"""
STEP = "def uncorrected_step(lr, beta1, beta2, t):\n    return lr * "
LEAVE = "def steps_to_leave(y0, lr):\n    return "

WRONG = {
    "08.1": [
        (PLACE + "w2 + (w2 - w1)", "as long as the last one"),
        (PLACE + "w2 + factor * (w2 - w1)", "after one step more"),
        (PLACE + "(w2 - w1) / (1 - factor)", "a step of 3, not of 2"),
        (PLACE + "w0 + (w1 - w0) / (1 - abs(factor))", "the factor is negative"),
        (PLACE + "8.0", "is 8 and should be 9"),
    ],
    "08.2": [
        (RATE + "2 / (square / n)", "twice too large"),
        (RATE + "0.5 / (square / n)", "arrives in a single step"),
        (RATE + "1 / square", "the loss is their mean"),
        (RATE + "2 / square", "half the sum"),
        (RATE + "square / n", "needs a smaller rate"),
        (RATE + "0.2", "A rate 2 % larger converges, too"),
        (RATE + "0.5", "A rate 2 % smaller does not converge"),
        (RATE + "sum(ys) / 12 * 3 / 14", "ys only move the bottom"),
        (RATE + "3 / 14", "should be 0.004"),
    ],
    "08.3": [
        (SHARED, "one velocity for both"),
        (MOMENTUM.format(line="velocity[i] = g"), "that is plain descent"),
        (
            MOMENTUM.format(line="velocity[i] = momentum * velocity[i] + (1 - momentum) * g"),
            "counts only 1 - momentum",
        ),
        (MOMENTUM.format(line="velocity[i] = momentum * velocity[i] + lr * g"), "multiplied in twice"),
        (MOMENTUM.format(line="velocity[i] = momentum * velocity[i] - g"), "and should be"),
        ("def with_momentum(gradient, x, lr, momentum, steps):\n    return 1.0", "a list of two numbers"),
    ],
    "08.4": [
        (STEP + "1.0", "the step with the correction"),
        (STEP + "(1 - beta1**t) / (1 - beta2**t)", "divides by the root"),
        (STEP + "sqrt(1 - beta2**t) / (1 - beta1**t)", "upside down"),
        (STEP + "(1 - beta1**t)", "even more"),
        (STEP + "(1 - beta1) / sqrt(1 - beta2)", "by then ten gradients"),
        (STEP + "beta1**(t - 1) * (1 - beta1) / sqrt(1 - beta2)", "and should be 0.65"),
        (STEP + "beta1**t", "should be 0.316228"),
    ],
    "08.5": [
        (LEAVE + "int(log(1 / y0) / log(1 + lr))", "not yet 1"),
        (LEAVE + "ceil(log(1 / y0) / log(1 - lr))", "you let y shrink"),
        (LEAVE + "ceil((1 - y0) / (lr * y0))", "kept the slope as it is"),
        (LEAVE + "145", "and should be 1."),
    ],
}
