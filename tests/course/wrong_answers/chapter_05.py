"""Typical wrong answers to the exercises of notebook 05, each with what the check must say of it."""

LEFT = "with_assignment = {}\nright = {}"
ACCUMULATE = """\
def accumulate(parts, w):
    rows = sum(len(part) for part in parts)
    {first}
    for part in parts:
        loss = sum((w * x - t) ** 2 for x, t in part){divided}
        loss.backward()
    return {returned}
"""
CLEAR = "w.grad = 0.0"
SHARES = "def shares(n):\n    return "
TRAIN = """\
def train(steps, rate):
    w = Value(0.0)
    loss = (w - 3) ** 2
    for _ in range(steps):
        {}
    return w.data
"""
NEW, BACK, STEP = "loss = (w - 3) ** 2", "loss.backward()", "w.data -= rate * w.grad"


def train(*lines: str) -> str:
    return TRAIN.format("\n        ".join(lines))


WRONG = {
    "05.1": [
        (LEFT.format(1, 11), "overwrites that 1"),
        (LEFT.format(10, 11), "the second overwrites the first"),
        (LEFT.format(11, 11), "= does not add"),
        (LEFT.format(6, 11), "the 1 of the sum is gone"),
        (LEFT.format(5, 10), "brings another 1"),
        (LEFT.format(5, 6), "a is both of its factors"),
        (LEFT.format(5, 30), "the value of y"),
    ],
    "05.2": [
        (
            ACCUMULATE.format(first=CLEAR, divided=" / len(part)", returned="w.grad / len(parts)"),
            "the mean of the means",
        ),
        (ACCUMULATE.format(first=CLEAR, divided=" / len(part)", returned="w.grad"), "the sum of the means"),
        (ACCUMULATE.format(first=CLEAR, divided="", returned="w.grad"), "to be divided by their number"),
        (ACCUMULATE.format(first=CLEAR, divided="", returned="w.grad / len(parts)"), "and not of rows"),
        (ACCUMULATE.format(first=CLEAR, divided="", returned="w.grad / rows"), "after it, w.grad is 2"),
        (ACCUMULATE.format(first="pass", divided=" / rows", returned="w.grad"), "clear w.grad first"),
        (
            ACCUMULATE.format(first=CLEAR, divided=" / rows", returned="w.grad / len(parts)"),
            "divided twice",
        ),
    ],
    "05.3": [
        (SHARES + "n", "that is what b has"),
        (SHARES + "2**n - 1", "it does not double"),
        (SHARES + "n**2", "n² is too much"),
        (SHARES + "n * (n - 1) / 2", "the last call is missing"),
        (SHARES + "10", "shares(1) is 10 and should be 1"),
    ],
    "05.4": [
        (train(NEW, BACK, CLEAR, STEP), "w does not move"),
        (train(NEW, BACK, STEP), "w.grad is not cleared"),
        (train(CLEAR, BACK, STEP), "the loss is computed once, so"),
        (train(BACK, STEP), "not cleared either"),
        (train(CLEAR, NEW, BACK, "w.data += rate * w.grad"), "w climbs"),
        (train(CLEAR, NEW, BACK, STEP, "break"), "that is one step"),
        (train(CLEAR, NEW, BACK, "w.data -= 0.1 * w.grad"), "train(3, 0.25) is"),
    ],
}
