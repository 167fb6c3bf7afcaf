"""Typical wrong answers to the exercises of notebook 03, each with what the check must say of it."""

CHAIN = """\
def chain_slope(links, x):
    slope = {start}
    for f, df in links:
        {line}
    return slope
"""
BY_HAND = "gradient_a = {}\ngradient_b = {}\ngradient_c = {}\n"
PATHS = """\
def count_paths(graph, start, end):
    paths = {{end: {one}}}
    for result, operands in graph:
        for operand in {operands}:
            {line}
    return paths.get(start, 0)
"""
ADD = "paths[operand] = paths.get(operand, 0) + paths.get(result, 0)"
SLOPE = "def slope(a):\n    from math import exp\n    return "
NEURON = """\
def neuron_gradients(w, x, b, t):
    z = sum(wi * xi for wi, xi in zip(w, x)) + b
    a = tanh(z)
    of_z = {of_z}
    return {returned}
"""
RIGHT, ENTRIES = "(1 - a**2) * 2 * (a - t)", "[xi * of_z for xi in x] + [of_z]"

WRONG = {
    "03.1": [
        (CHAIN.format(start=1.0, line="slope *= df(x)"), "every derivative was taken at x = 1"),
        (CHAIN.format(start=1.0, line="x = f(x); slope *= df(x)"), "not at what it gets"),
        (CHAIN.format(start=0.0, line="slope += df(x); x = f(x)"), "multiplied, not added"),
        (CHAIN.format(start=1.0, line="slope = df(x); x = f(x)"), "the last link alone"),
        (CHAIN.format(start=1.0, line="slope = x = f(x)"), "the value of the chain"),
        (
            "def chain_slope(links, x):\n    (f, df), (g, dg) = links[:2]\n    return dg(f(x)) * df(x)",
            "third link",
        ),
        (CHAIN.format(start=1.0, line="pass"), "is 1 and should be 24"),
    ],
    "03.2": [
        (BY_HAND.format(9, 5, 3), "the one through a·b is missing"),
        (BY_HAND.format(9, 6, 3), "the one from the last multiplication is missing"),
        (BY_HAND.format(9, 30, 3), "so they are added"),
        (BY_HAND.format(9, 12, 3), "the other factor, 5"),
        (BY_HAND.format(9, 7, 3), "to be multiplied by the gradient of a·b"),
        (BY_HAND.format(3, 11, 3), "that is the local derivative b"),
        (BY_HAND.format(6, 11, 3), "b, not a"),
        (BY_HAND.format(9, 11, 1), "gradient_c is 1: 1 is the local derivative"),
    ],
    "03.3": [
        (PATHS.format(one=1, operands="operands", line="paths[operand] = paths.get(result, 0)"), "add it up"),
        (PATHS.format(one=1, operands="set(operands)", line=ADD), "by two arrows"),
        (PATHS.format(one=0, operands="operands", line=ADD), "start with 1 there"),
        (
            "def count_paths(graph, start, end):\n    return sum(len(operands) for _, operands in graph)",
            "the number of arrows",
        ),
        (
            PATHS.format(one=1, operands="operands", line=ADD).replace("{end: 1}", "{graph[0][0]: 1}"),
            "the end is s",
        ),
        ("def count_paths(graph, start, end):\n    return 3 if len(graph) == 3 else 2", "the end is s"),
    ],
    "03.4": [
        (SLOPE + "1 - a**2", "the rule of tanh"),
        (SLOPE + "exp(-a) / (1 + exp(-a)) ** 2", "do not take the sigmoid of it"),
        (SLOPE + "1 - a", "one factor 1 / (1 + e) is missing"),
        (SLOPE + "a * (a - 1)", "the sign is wrong"),
        (SLOPE + "a**2", "the inner derivative is missing"),
        (SLOPE + "a", "is 0.8 and should be 0.16"),
    ],
    "03.5": [
        (NEURON.format(of_z="2 * (a - t)", returned=ENTRIES), "1 - a², is missing"),
        (NEURON.format(of_z="(1 - z**2) * 2 * (a - t)", returned=ENTRIES), "not z"),
        (NEURON.format(of_z="(1 - a**2) * (a - t)", returned=ENTRIES), "a factor 2 is missing"),
        (NEURON.format(of_z="(1 - a**2) * 2 * (t - a)", returned=ENTRIES), "the other way round"),
        (NEURON.format(of_z=RIGHT, returned="[wi * of_z for wi in w] + [of_z]"), "a weight gets its input"),
        (NEURON.format(of_z=RIGHT, returned="[of_z for xi in x] + [of_z]"), "that times its input"),
        (NEURON.format(of_z=RIGHT, returned="[xi * of_z for xi in x] + [b * of_z]"), "local derivative is 1"),
        (NEURON.format(of_z=RIGHT, returned="[xi * of_z for xi in x]"), "a list of 3"),
        (NEURON.format(of_z=RIGHT, returned="of_z"), "and is float"),
        (NEURON.format(of_z="a", returned=ENTRIES), "backward() says"),
    ],
}
