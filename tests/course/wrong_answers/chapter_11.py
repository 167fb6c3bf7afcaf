"""Typical wrong answers to the exercises of notebook 11, each with what the check must say of it."""

BIRTH = """\
infinite, nan = "d", "c"


def mended(w):
    d = (math.exp(2.0 * w) - 1.0) ** 2
    return """
SUSPECTS = """\
def suspects(rules, points):
    h = 1e-5
    found = []
    for name, (f, derivative) in rules.items():
        for x in points:
            difference = (f(x + h) - f(x - h)) / (2 * h)
            if {wrong}:
                found.append(name)
    return found
"""
OFF = "abs(difference - derivative(x))"
CLIPPED = """\
def clipped(gradients, limit):
    norm = sqrt(sum(g * g for g in gradients))
    return """

WRONG = {
    "11.1": [
        ("layers = 5", "the weights of up to 2 are factors too"),
        ("layers = 9", "is 1/512"),
        ("layers = 500", "they do not add"),
        ("layers = 11", "is 11 and should be 10"),
    ],
    "11.2": [
        ("def bound(nin):\n    return sqrt(2 / nin)", "that is the standard deviation"),
        ("def bound(nin):\n    return sqrt(3 / nin)", "right without the ReLU"),
        ("def bound(nin):\n    return 6 / nin", "take the root"),
        ("def bound(nin):\n    return 1 / sqrt(nin)", "it should be 2/nin"),
        ("def bound(nin):\n    return 1.0", "multiplies the mean square by 16.7"),
    ],
    "11.3": [
        ('infinite, nan = "e", "c"\n\n\ndef mended(w):\n    return w', "the gradient of e is 3"),
        ('infinite, nan = "d", "d"\n\n\ndef mended(w):\n    return w', "that is NaN is not that of 'd'"),
        ('infinite, nan = "d", "a"\n\n\ndef mended(w):\n    return w', "the NaN reaches it last"),
        ('infinite, nan = 4, "a"\n\n\ndef mended(w):\n    return w', "it is a name"),
        (BIRTH + "3.0 * math.sqrt(d)", "is still nan"),
        (BIRTH + "3.0 * (math.sqrt(d) + 1e-6)", "a small number added after the root"),
        (BIRTH + "3.0 * d", "the same loss as before"),
        (BIRTH + "3.0 * abs(math.exp(2.0 * w.data) - 1.0) + 0.0 * w", "and should be 16.3097"),
    ],
    "11.4": [
        (SUSPECTS.format(wrong=f"x > 0 and {OFF} > 1e-4 * abs(difference)"), "right for x > 0"),
        (SUSPECTS.format(wrong=f"{OFF} > 1e-6"), "derivatives of 5e8"),
        (SUSPECTS.format(wrong=f"{OFF} > 0.1 * abs(difference)"), "wrong by a percent"),
        (SUSPECTS.format(wrong=f"{OFF} > 1e-3 + 1e-3 * abs(difference)"), "less than a fixed tolerance"),
        (SUSPECTS.format(wrong="difference != derivative(x)"), "should be ['elu']"),
        (SUSPECTS.format(wrong="False").replace("return found", "return 'elu'"), "a list of names"),
    ],
    "11.5": [
        (CLIPPED + "[max(-limit, min(limit, g)) for g in gradients]", "changes the direction"),
        (CLIPPED + "[g * limit / norm for g in gradients]", "should not be made longer"),
        (CLIPPED + "[g * min(1.0, limit / norm) for g in gradients]", "divides by 0"),
        (CLIPPED + "[g * limit / sum(map(abs, gradients)) for g in gradients]", "the sum of the sizes"),
        (CLIPPED + "[g * limit / norm**2 for g in gradients]", "its root is missing"),
        (CLIPPED + "[g / norm for g in gradients]", "the length 1"),
        (CLIPPED + "[g / 2 for g in gradients]", "is [15, -20] and should be [3, -4]"),
    ],
}
