"""Typical wrong answers to the exercises of notebook 13, each with what the check must say of it."""

BIN = "def nearest_bin(frequency, samples, rate):\n    return "
FORMANT = "def formant_of(b, c, rate):\n    return "
WIDTH = "-rate / (2 * math.pi) * math.log(-c)"
ANGLE = "math.acos(b / (2 * math.sqrt(-c)))"
DECIBELS = "def decibels(energies, floor):\n    top = max(energies)\n    return "
SPEAKS = """\
def speaks_for(network, row, word, other):
    row = [Value(x) for x in row]
    scores = network(row)
    """
GRADIENTS = "\n    return [x.grad for x in row]"

WRONG = {
    "13.1": [
        (f"{BIN}frequency * samples // rate", "rounded down"),
        (f"{BIN}round(frequency * samples / (rate / 2))", "the steps are rate/samples"),
        (f"{BIN}round(frequency * rate / samples)", "the wrong way up"),
        (f"{BIN}frequency * samples / rate", "no whole number"),
    ],
    "13.2": [
        (f"{FORMANT}rate / (2 * math.pi) * math.acos(b / 2), {WIDTH}", "still has the factor"),
        (f"{FORMANT}rate / math.pi * {ANGLE}, {WIDTH}", "not of πF/R"),
        (f"{FORMANT}{ANGLE}, {WIDTH}", "that is the angle"),
        (f"{FORMANT}rate / (2 * math.pi) * {ANGLE}, -rate / math.pi * math.log(-c)", "not πB/R"),
        (f"{FORMANT}rate / (2 * math.pi) * {ANGLE}, rate / (2 * math.pi) * math.log(-c)", "a minus sign"),
        (f"{FORMANT}rate / (2 * math.pi) * {ANGLE}", "two numbers"),
    ],
    "13.3": [
        (f"{DECIBELS}[max(floor, 20 * math.log10(e / top)) for e in energies]", "factor for amplitudes"),
        (f"{DECIBELS}[max(floor, 10 * math.log(e / top)) for e in energies]", "base 10"),
        (f"{DECIBELS}[10 * math.log10(e / top) for e in energies]", "below the floor"),
        (f"{DECIBELS}[max(floor, 10 * math.log10(e)) for e in energies]", "below the loudest"),
        (f"{DECIBELS}[max(floor, 10 * math.log10(e / top)) for e in energies]", "math domain error"),
        (
            f"{DECIBELS}[max(-40, 10 * math.log10(e / top + 1e-99)) for e in energies]",
            "should be [-30.0, 0.0]",
        ),
    ],
    "13.4": [
        (f"{SPEAKS}(scores[other] - scores[word]).backward(){GRADIENTS}", "not the other way"),
        (f"{SPEAKS}scores[word].backward(){GRADIENTS}", "of `word` alone"),
        (
            f"{SPEAKS}(scores[word] - scores[other]).backward()\n"
            "    return [p.grad for p in network.parameters()]",
            "should be 3 numbers and is 31",
        ),
    ],
}
