"""Typical wrong answers to the exercises of notebook 12, each with what the check must say of it."""

STANDARDISED = """\
def standardised(train, test):
    mean = sum({of}) / len({of})
    deviation = {root}(sum((x - mean) ** 2 for x in {of}) / {n})
    {guard}
    return [(x - mean) / deviation for x in {shown}]
"""
RIGHT = {"of": "train", "root": "sqrt", "n": "len(train)", "guard": "", "shown": "test"}
WIDEST = "def widest(side, classes, budget):\n    return "
SHARE = """\
def share_right(rows, digits):
    named = [{named} for z in rows]
    return sum(a == b for a, b in zip(named, digits)){end}
"""
LARGEST = "max(range(len(z)), key=lambda j: z[j])"
STEP = """\
def one_step(net, image, wanted, rate):
    pixels = [Value(x) for x in image]
    z = net(pixels)
    {loss}.backward()
    return [{result} for x in pixels]
"""
CROSS_ENTROPY = "nn.cross_entropy([z], [wanted])"
REARRANGED = "def rearranged(w1, order):\n    "

WRONG = {
    "12.1": [
        (STANDARDISED.format(**{**RIGHT, "of": "test", "n": "len(test)"}), "it has been looked at"),
        (STANDARDISED.format(**{**RIGHT, "n": "(len(train) - 1)"}), "and should be by n"),
        (STANDARDISED.format(**{**RIGHT, "root": ""}), "divided by the variance"),
        (STANDARDISED.format(**{**RIGHT, "shown": "train"}), "return those of test"),
        (STANDARDISED.format(**RIGHT), "divides by 0"),
        (STANDARDISED.format(**{**RIGHT, "guard": "deviation = deviation or 1.0"}), "divided by 1"),
        (
            "def standardised(train, test):\n    return [x - sum(train) / len(train) for x in test]",
            "the deviation not divided by",
        ),
    ],
    "12.2": [
        (WIDEST + "(budget - classes) // (side + 1 + classes)", "there are side * side pixels"),
        (WIDEST + "budget // (side * side + classes)", "the biases are missing"),
        (WIDEST + "(budget - classes) // (side * side + 1)", "the weights of the outputs are missing"),
        (WIDEST + "budget // (side * side + 1 + classes)", "too many by one"),
        (WIDEST + "round((budget - classes) / (side * side + 1 + classes))", "round down"),
        (WIDEST + "(budget - classes) / (side * side + 1 + classes)", "no parts of neurons"),
    ],
    "12.3": [
        (SHARE.format(named=LARGEST, end=""), "the number of right ones"),
        (SHARE.format(named=LARGEST, end=" / len(digits) * 100"), "between 0 and 1"),
        (SHARE.format(named=LARGEST.replace("max", "min"), end=" / len(digits)"), "the smallest logit"),
        (SHARE.format(named="max(z)", end=" / len(digits)"), "its value in place of its place"),
        (
            SHARE.format(named=LARGEST.replace("z[j])", "abs(z[j]))"), end=" / len(digits)"),
            "the largest of [-5, -1, -4] is -1",
        ),
        (
            "from math import exp\n"
            "def share_right(rows, digits):\n"
            "    return sum(exp(z[d]) / sum(map(exp, z)) > 0.5 for z, d in zip(rows, digits)) / len(digits)",
            "only 37 %",
        ),
        (
            "from math import exp\n"
            "def share_right(rows, digits):\n"
            "    return sum(exp(z[d]) / sum(map(exp, z)) for z, d in zip(rows, digits)) / len(digits)",
            "the mean probability",
        ),
        ("def share_right(rows, digits):\n    return 0.6", "is 0.6 and should be 0.75"),
    ],
    "12.4": [
        (STEP.format(loss=CROSS_ENTROPY, result="min(1, max(0, x.data + rate * x.grad))"), "uphill"),
        (STEP.format(loss="z[wanted]", result="min(1, max(0, x.data + rate * x.grad))"), "in the logit"),
        (STEP.format(loss=CROSS_ENTROPY, result="x.data - rate * x.grad"), "no less than no ink"),
        (STEP.format(loss=CROSS_ENTROPY, result="x.data"), "the image has not changed"),
        (STEP.format(loss=CROSS_ENTROPY, result="x.grad"), "return the pixels after the step"),
        (STEP.format(loss=CROSS_ENTROPY, result="-rate * x.grad"), "the step alone"),
    ],
    "12.5": [
        (
            REARRANGED + "v = [list(row) for row in w1]\n"
            "    for row, old in zip(v, w1):\n"
            "        for i, place in enumerate(order):\n"
            "            row[place] = old[i]\n"
            "    return v",
            "the other way round",
        ),
        (REARRANGED + "return w1", "the weights have not changed"),
        (REARRANGED + "return [w1[i % 2] for i in order]", "pixels are the columns"),
        (REARRANGED + "return [row[::-1] for row in w1]", "from a new image"),
        (REARRANGED + "return [[w * 0 for w in row] for row in w1]", "from a new image"),
    ],
}
