"""Typical wrong answers to the exercises of notebook 15, each with what the check must say of it."""

NEWTON = """\
def newton(f, x, steps):
    for _ in range(steps):
        value, slope = value_and_grad(f)(x)
        x {step}
    return x
"""
HESSIAN = "def hessian_by_hand(x, y):\n    return "
MINIMUM = """\
def minimum(f, x, steps=20):
    for _ in range(steps):
        x {step}
    return x
"""
PUT = "def put_greeks(delta, gamma, vega):\n    return "
SLOPE = """\
def slope(x):
    y = root(x)
    return {answer}


def root(x):
    low, high = -abs(x) - 1.0, abs(x) + 1.0
    for _ in range(100):
        y = (low + high) / 2.0
        low, high = (y, high) if y**3 + y < x else (low, y)
    return y
"""

WRONG = {
    "15.1": [
        (NEWTON.format(step="+= value / slope"), "away from the zero"),
        (NEWTON.format(step="-= slope / value"), "you divided the slope by the value"),
        (NEWTON.format(step="-= value"), "not divided by the slope"),
        (NEWTON.format(step="-= slope"), "the slope alone"),
        (
            NEWTON.format(step="-= value / slope").replace("    return", "        return"),
            "there should be six",
        ),
        (
            "def newton(f, x, steps):\n    slope = value_and_grad(f)(x)[1]\n"
            "    for _ in range(steps):\n        x -= f(x) / slope\n    return x",
            "take a new tangent at each",
        ),
        (NEWTON.format(step="-= 0.0"), "x has not moved"),
        (NEWTON.format(step="-= 0.5 * value / slope"), "and should be 2.2963"),
    ],
    "15.2": [
        (HESSIAN + "[[2 * y**3, 0.0], [0.0, 6 * x**2 * y]]", "the mixed derivatives are missing"),
        (HESSIAN + "[2 * x * y**3, 3 * x**2 * y**2]", "that is a gradient"),
        (HESSIAN + "[[2 * x * y**3, 3 * x**2 * y**2]] * 2", "differentiated once more"),
        (HESSIAN + "[[2 * y**3, 6 * x**3 * y**5], [6 * x * y**2, 6 * x**2 * y]]", "not the product"),
        (HESSIAN + "[[2.0, 18.0], [18.0, 54.0]]", "use x and y"),
        (HESSIAN + "2 * y**3", "a list of two rows"),
    ],
    "15.3": [
        (MINIMUM.format(step="-= derivative(f)(x) / derivative(f, 2)(x)"), "the top of the hill"),
        (MINIMUM.format(step="+= derivative(f)(x) / derivative(f, 2)(x)"), "and should be 1"),
        (MINIMUM.format(step="-= f(x) / derivative(f)(x)"), "the top of the hill"),
        (MINIMUM.format(step="-= 0.0"), "x has not moved"),
        ("def minimum(f, x):\n    return 1.0", "the one on the other side"),
        ("def minimum(f, x):\n    return 1.0 if x > 0 else -1.0", "and should be 5"),
    ],
    "15.4": [
        (PUT + "1.0 - delta, gamma, vega", "its delta is negative"),
        (PUT + "-delta, gamma, vega", "S on the right side has a derivative too"),
        (PUT + "delta, gamma, vega", "these are the call's"),
        (PUT + "delta - 1.0, -gamma, vega", "the gammas are equal"),
        (PUT + "delta - 1.0, gamma, -vega", "the vegas are equal"),
        (PUT + "delta - 1.0, -gamma, -vega", "delta is right"),
        (PUT + "delta - 1.0", "a list of 3 numbers and is a float"),
        (PUT + "delta - 1.0, gamma", "has 2 entries and should have 3"),
        (PUT + "-0.25, 0.0625, 32.0", "should be [-0.5, 0.25, 1]"),
    ],
    "15.5": [
        (SLOPE.format(answer="3.0 * y**2 + 1.0"), "you want that of y by x"),
        (SLOPE.format(answer="1.0 / (3.0 * x**2 + 1.0)"), "and not at x"),
        (SLOPE.format(answer="3.0 * x**2 + 1.0"), "not divided into 1"),
        (SLOPE.format(answer="1.0 / (3.0 * y**2)"), "has a derivative too"),
        (SLOPE.format(answer="1.0 / (y**2 + 1.0)"), "y³ has the derivative 3y²"),
        (SLOPE.format(answer="-1.0 / (3.0 * y**2 + 1.0)"), "the slope is positive"),
        (SLOPE.format(answer="y"), "that is y itself"),
        ("def slope(x):\n    return 1.0 / 13.0", "and should be 0.25"),
    ],
}
