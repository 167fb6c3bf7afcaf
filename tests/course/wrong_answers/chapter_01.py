"""Typical wrong answers to the exercises of notebook 01, each with what the check must say of it."""

LOOP = """
def gradient(f, xs, h):
    slopes = []
    for i in range(len(xs)):
        {body}
    return slopes
"""

WRONG = {
    "01.1": [
        ("def slope(f, x, h):\n    return (f(x + h) - f(x)) / h", "one side only"),
        ("def slope(f, x, h):\n    return (f(x + h) - f(x - h)) / h", "twice what it should be"),
    ],
    "01.2": [
        ("def nudge(x):\n    return 1e-5", "1e+12 + h is 1e+12 again"),
        ("def nudge(x):\n    return 1e-5 * abs(x)", "nudge(0) is 0: that is no nudge"),
        ("def nudge(x):\n    return 1e-3 * max(1, abs(x))", "nudge(0.1) is 0.001, which is too large"),
        ("def nudge(x):\n    return 1e-13 * max(1, abs(x))", "nudge(-2) is 2e-13, which is too small"),
        (
            "def nudge(x):\n    return 0.1",
            "nudge(-2) is 0.1, which is too large: with it the slope of x³ is 12.01",
        ),
    ],
    "01.3": [
        ("more_volume = 2.01**3 - 8", "the true change"),
        ("more_volume = 12", "that is the slope"),
        ("more_volume = 8 + 12 * 0.01", "the whole volume"),
        ("more_volume = 0.01**3", "only the corner"),
        ("more_volume = 8 * 0.01", "12 times as much as the edge"),
        ("more_volume = 0.3", "which is not it"),
    ],
    "01.4": [
        (
            "def slope_of_root(x):\n    return 1 / (2 * x)",
            "slope_of_root(4) is 0.125, and a nudge gives 0.25",
        ),
        ("def slope_of_root(x):\n    return 1 / (2 * x)", "It is right at 1, but so are other formulas"),
        ("def slope_of_root(x):\n    return 2 * math.sqrt(x)", "upside down"),
        (
            "def slope_of_root(x):\n    return 1 / math.sqrt(x)",
            "slope_of_root(1) is 1, and a nudge gives 0.5",
        ),
        (
            "def slope_of_root(x):\n    return 0.5 if x < 2 else math.sqrt(x) / x / 2 + (x == 2)",
            "at 1, 4, 9, 16, 25",
        ),
    ],
    "01.5": [
        (
            "def gradient(f, xs, h):\n"
            "    up, down = [x + h for x in xs], [x - h for x in xs]\n"
            "    return [(f(up) - f(down)) / (2 * h) for _ in xs]",
            "is [13, 13, 13] and should be [3, 2, 8]: f was called with several inputs nudged at once",
        ),
        (
            LOOP.format(
                body="before = f(xs)\n        xs[i] += h\n        slopes.append((f(xs) - before) / h)"
            ),
            "several inputs nudged at once",
        ),
        (
            LOOP.format(
                body="xs[i] += h\n        up = f(xs)\n        xs[i] -= 2 * h\n"
                "        slopes.append((up - f(xs)) / (2 * h))\n        xs[i] += h if i < 2 else 0"
            ),
            "afterwards xs is [2, 3, 3.999]",
        ),
        (
            LOOP.format(
                body="up, down = list(xs), list(xs)\n        up[i] += h; down[i] -= h\n"
                "        slopes.append((f(up) - f(down)) / h)"
            ),
            "is [6, 4, 16] and should be [3, 2, 8], half of it",
        ),
        (
            LOOP.format(body="up = list(xs)\n        up[i] += h\n        slopes.append((f(up) - f(xs)) / h)"),
            "nudge to both sides",
        ),
        ("def gradient(f, xs, h):\n    return [1.0, 1.0, 1.0]", "is [1, 1, 1] and should be [3, 2, 8]."),
        ("def gradient(f, xs, h):\n    return 3.0", "a list of 3 slopes and is 3.0"),
    ],
}
