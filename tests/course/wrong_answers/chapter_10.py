"""Typical wrong answers to the exercises of notebook 10, each with what the check must say of it."""

LOGSUMEXP = "def logsumexp(z):\n    m = max(z)\n    return "
GRADIENT = """\
def cross_entropy_gradient(z, y):
    m = max(z)
    total = sum(exp(x - m) for x in z)
    p = [exp(x - m) / total for x in z]
    return """
PAIRS = " for a, b in zip(p, y)]"
BCE = "def bce(z, y):\n    x = -z if y == 1 else z\n    return "

WRONG = {
    "10.1": [
        ("probability = 3 / 4 * 4 / 5", "less than each alone"),
        ("probability = (3 / 4 + 4 / 5) / 2", "the mean of 3/4 and 4/5"),
        ("probability = 7 / 8", "it is the logits that add"),
        ("probability = 1 - 1 / 4 * 1 / 5", "at least one of two things"),
        ("probability = 12", "a probability is at most 1"),
        ("probability = 11 / 12", "12 cases of 13"),
        ("probability = 0.9", "is 0.9 and should be 0.923077"),
    ],
    "10.2": [
        ("def logsumexp(z):\n    return log(sum(exp(x) for x in z))", "([1000.0, 1000.0]) overflows"),
        (
            "def logsumexp(z):\n    m = max(map(abs, z))\n    return m + log(sum(exp(x - m) for x in z))",
            "all exponentials are 0 there",
        ),
        (
            "def logsumexp(z):\n    m = sum(z) / len(z)\n    return m + log(sum(exp(x - m) for x in z))",
            "logsumexp([3000.0, 0.0, 0.0]) overflows",
        ),
        (
            "def logsumexp(z):\n    m = z[0]\n    return m + log(sum(exp(x - m) for x in z))",
            "logsumexp([0.0, 1000.0]) overflows",
        ),
        (LOGSUMEXP + "log(sum(exp(x - m) for x in z))", "did not put it back"),
        (LOGSUMEXP + "log(sum(exp(x - m) for x in z)) - m", "with a plus"),
        (LOGSUMEXP + "sum(exp(x - m) for x in z)", "its logarithm is missing"),
        (LOGSUMEXP + "m", "only the largest score"),
    ],
    "10.3": [
        (GRADIENT + "[b - a" + PAIRS, "the other way round"),
        (GRADIENT + "p", "these are the probabilities"),
        (GRADIENT + "[-b / a" + PAIRS, "that is the derivative by p"),
        (GRADIENT + "[b * (a - 1)" + PAIRS, "in the surprise of the other classes too"),
        (GRADIENT.replace("max(z)", "0.0") + "[a - b" + PAIRS, "exp is only safe"),
        (GRADIENT + "[a - 1" + PAIRS, "and should be [-0.0347"),
    ],
    "10.4": [
        (BCE + "log(1 + exp(x))", "bce(-1000.0, 1) overflows"),
        (BCE + "max(x, 0.0) + log(1 + exp(-abs(x)))", "log1p(x) is log(1 + x) without that sum"),
        (BCE + "-log(1 / (1 + exp(x)) if x < 500 else 0.0)", "takes the logarithm of 0"),
        (BCE.replace("-z if y == 1 else z", "z if y == 1 else -z") + "max(x, 0.0) + log1p(exp(-abs(x)))",
         "the surprise of the other class"),
        (BCE + "-max(x, 0.0) - log1p(exp(-abs(x)))", "a minus missing"),
        (BCE + "log1p(exp(-abs(x)))", "max(x, 0) is missing"),
    ],
    "10.5": [
        ("def best(y):\n    return y, 0.0", "softmax is still to come"),
        ("def best(y):\n    return [log(t) for t in y], 0.0", "is still -log y_j"),
        ("def best(y):\n    return [log(t) for t in y], -log(max(y))", "the other classes come too"),
        ("def best(y):\n    return [log(t) for t in y], sum(t * log(t) for t in y)", "a minus missing"),
        ("def best(y):\n    return [-log(t) for t in y], 0.0", "softmax(best("),
        ("def best(y):\n    return [log(t) for t in y]", "should return two things"),
    ],
}  # fmt: skip
