"""Typical wrong answers to the exercises of notebook 17, each with what the check must say of it."""

STEP = "def best_step(size, third, epsilon):\n    return "
CENTRAL = "def central(f, x):\n    h = {h}\n    return (f(x + h) - f(x - h)) / {width}"
PIECE = "def best_piece(turns):\n    return "
WAYS = ["reverse", "forward", "forward", "forward", "reverse", "forward"]


def dual(
    add: str = "self.slope + other.slope",
    times: str = "self.slope * other.value + self.value * other.slope",
    over: str = "(self.slope * other.value - self.value * other.slope) / other.value**2",
    sine: str = "cos(x.value) * x.slope",
) -> str:
    """Return the solution of 17.3 with other slopes."""
    lines = ["class Dual:", "    def __init__(self, value, slope=0.0):"]
    lines += ["        self.value, self.slope = value, slope"]
    for name, sign, slope in (("add", "+", add), ("mul", "*", times), ("truediv", "/", over)):
        lines += [f"    def __{name}__(self, other):"]
        lines += ["        other = other if isinstance(other, Dual) else Dual(other)"]
        lines += [f"        return Dual(self.value {sign} other.value, {slope})"]
    lines += ["    __radd__, __rmul__ = __add__, __mul__"]
    return "\n".join([*lines, "def sine(x):", f"    return Dual(sin(x.value), {sine})"])


def way(number: int, answer: str) -> str:
    """Return the answer to 17.4 with one word changed."""
    return f"ways = {[answer if i == number else x for i, x in enumerate(WAYS, 1)]}"


WRONG = {
    "17.1": [
        (STEP + "(6 * epsilon * size / third) ** (1 / 3)", "there the two errors are equal"),
        (STEP + "(epsilon * size / third) ** (1 / 3)", "the factor 3 is missing"),
        (STEP + "(3 * epsilon * third / size) ** (1 / 3)", "have changed places"),
        (STEP + "epsilon ** 0.5", "a difference on one side"),
        (STEP + "3 * epsilon * size / third", "take the cube root"),
        (STEP + "0.1", "is 0.1 and should be 0.2"),
    ],
    "17.2": [
        (CENTRAL.format(h="6e-6", width="h"), "from x - h to x + h it is 2h"),
        (CENTRAL.format(h="1e-8", width="(2 * h)"), "with a good step"),
        (CENTRAL.format(h="1e-2", width="(2 * h)"), "wrong by 9e-06"),
        (CENTRAL.format(h="6e-9 * max(1.0, abs(x))", width="(2 * h)"), "with a good step"),
        (CENTRAL.format(h="6e-6 if x < 1e3 else 1e-8", width="(2 * h)"), "let h grow with x"),
        (CENTRAL.format(h="6e-6 * x", width="(2 * h)"), "at x = 0"),
    ],
    "17.3": [
        (dual(add="self.slope"), "the slope of the other is missing"),
        (dual(add="self.slope * other.slope"), "slopes are added"),
        (dual(times="self.slope * other.slope"), "not the product of the derivatives"),
        (dual(times="self.slope * self.value + other.slope * other.value"), "the value of the other"),
        (dual(times="self.slope * other.value"), "half of the product rule"),
        (
            dual(over="self.slope / other.slope if other.slope else 0.0"),
            "not the quotient of the derivatives",
        ),
        (
            dual(over="(self.value * other.slope - self.slope * other.value) / other.value**2"),
            "the sign: a larger denominator",
        ),
        (
            dual(over="(self.slope * other.value + self.value * other.slope) / other.value**2"),
            "a minus is wanted",
        ),
        (
            dual(over="(self.slope * other.value - self.value * other.slope) / other.value"),
            "it should be its square",
        ),
        (dual(over="self.slope / other.value"), "the slope of the denominator is missing"),
        (dual(sine="cos(x.value)"), "times the slope of x"),
        (dual(sine="sin(x.value) * x.slope"), "the derivative of sine is cosine"),
        (dual(sine="-cos(x.value) * x.slope"), "sine rises at 0.5"),
        (
            dual().replace("Dual(self.value + other.value, ", "(self.value, "),
            "should be a Dual and is a tuple",
        ),
    ],
    "17.4": [
        (way(1, "forward"), "3481 sweeps"),
        (way(2, "reverse"), "one input, the time"),
        (way(3, "reverse"), "10,000 sweeps"),
        (way(4, "reverse"), "one direction is one sweep"),
        (way(5, "forward"), "the sum is one number"),
        (way(6, "reverse"), "each of the 500 residuals"),
        (way(3, "backward"), 'should be "forward" or "reverse"'),
        ("ways = ['reverse']", "a list of six words"),
    ],
    "17.5": [
        (PIECE + "1", "that keeps 10001, as much as without pieces; it can be 200"),
        (PIECE + "turns", "as much as without pieces"),
        (PIECE + "turns // 2", "that keeps 5002"),
        (PIECE + "sqrt(turns)", "a whole number of turns"),
        (PIECE + "0", "from 1 to 10000"),
        (PIECE + "100", "that keeps 110, and it can be 64"),
    ],
}
