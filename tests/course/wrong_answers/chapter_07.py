"""Typical wrong answers to the exercises of notebook 07, each with what the check must say of it."""

TANH = "def output_gradient_of_tanh(error, output):\n    return "
STEPPED = """\
def stepped(w, x, target, rate):
    y = 1 / (1 + exp(-w * x))
    slope = (y - target) * y * (1 - y)
    return """
HIDDEN = """\
def hidden_gradient(weights, delta, hidden):
    return [{sum} * h * (1 - h) for j, h in enumerate(hidden)]

def weight_gradient(delta, inputs):
    return {table}
"""
SUM = "sum(row[j] * d for row, d in zip(weights, delta))"
TABLE = "[[d * x for x in inputs] for d in delta]"
CHAIN = """\
def chain_step(w1, w2, x, target, rate):
    h = 1 / (1 + exp(-w1 * x))
    y = 1 / (1 + exp(-w2 * h))
    delta_out = (y - target) * y * (1 - y)
    delta_hid = delta_out * w2 * h * (1 - h)
    return """
TOO_EARLY = CHAIN.replace("    delta_hid", "    w2 = w2 - rate * delta_out * h\n    delta_hid")

WRONG = {
    "07.1": [
        (TANH + "error * output * (1 - output)", "the slope of the sigmoid"),
        (TANH + "1 - output**2", "the error is missing"),
        (TANH + "error * (1 - output)", "not 1 - y"),
        (TANH + "error - output**2", "a factor of all of 1 - y**2"),
        (TANH + "-error * (1 - output**2)", "no minus"),
        (TANH + "error * 0.64", "should be -1.5"),
        (TANH + "error", "is 0.5 and should be 0.32."),
    ],
    "07.2": [
        (STEPPED + "w + rate * slope * x", "a step uphill"),
        (STEPPED + "w - rate * slope", "the factor x is missing"),
        (STEPPED + "w - slope * x", "the learning rate is missing"),
        (STEPPED + "w - rate * (y - target) * x", "y(1 - y), is missing"),
        (STEPPED + "-rate * slope * x", "add it to w"),
        (STEPPED + "w - rate * abs(slope) * x", "stepped(-1, 0.5, 1, 2) is -1.1"),
    ],
    "07.3": [
        (HIDDEN.format(sum=SUM, table=TABLE).replace(" * h * (1 - h)", ""), "h(1 - h), is missing"),
        (
            HIDDEN.format(sum="sum(w * d for w, d in zip(weights[j], delta))", table=TABLE),
            "take column j",
        ),
        (
            HIDDEN.format(sum="sum(weights[j][k] * d for k, d in enumerate(delta))", table=TABLE),
            "runs out of a list",
        ),
        (HIDDEN.format(sum="weights[0][j] * delta[0]", table=TABLE), "only the first output"),
        (HIDDEN.format(sum="weights[-1][j] * delta[-1]", table=TABLE), "only the last output"),
        (HIDDEN.format(sum=SUM + " and 1", table=TABLE), "and should be "),
        (HIDDEN.format(sum=SUM, table="[[d * x for d in delta] for x in inputs]"), "the transpose"),
        (HIDDEN.format(sum=SUM, table="sum(delta)"), "should be 3 rows"),
        (HIDDEN.format(sum=SUM, table="[delta] * 3"), "and should be 2 numbers"),
        (HIDDEN.format(sum=SUM, table="[[d, d] for d in delta]"), "row 0 of weight_gradient"),
    ],
    "07.4": [
        (TOO_EARLY + "w1 - rate * delta_hid * x, w2", "w1 was moved with the new w2"),
        (CHAIN + "w1 + rate * delta_hid * x, w2 + rate * delta_out * h", "a step uphill"),
        (CHAIN + "w2 - rate * delta_out * h, w1 - rate * delta_hid * x", "the wrong way round"),
        (CHAIN + "w1 - rate * delta_hid / w2 * x, w2 - rate * delta_out * h", "the factor w2 is missing"),
        (CHAIN + "w1, w2 - rate * delta_out * h", "w1 has not been moved"),
        (CHAIN + "w1 - rate * delta_hid * x", "and should be 2 numbers"),
    ],
}
