"""Typical wrong answers to the exercises of notebook 14, each with what the check must say of it."""

PERPLEXITY = "def perplexity_of(probabilities):\n    n = len(probabilities)\n    return "
PARAMETERS = "def parameters(letters, width, before, hidden):\n    return "
GRADIENT = """\
def logit_gradient(logits, came):
    total = sum(exp(z) for z in logits)
    return """
TABLE = """\
def embedding_gradient(before, gradients, letters):
    table = {table}
    for number, gradient in zip(before, gradients):
        {line}
    return table
"""
ROWS = "[[0.0, 0.0] for _ in range(letters)]"
ADD = "table[number] = [a + b for a, b in zip(table[number], gradient)]"
TEMPERED = """\
def tempered(logits, temperature):
    ps = [exp(z) / sum(map(exp, logits)) for z in logits]
    return """

WRONG = {
    "14.1": [
        (PERPLEXITY + "sum(1 / p for p in probabilities) / n", "the mean of 2, 4 and 8"),
        (PERPLEXITY + "exp(-sum(log(p) for p in probabilities))", "a longer text would be more perplexing"),
        (PERPLEXITY + "-sum(log(p) for p in probabilities) / n", "the log-loss itself"),
        (PERPLEXITY + "2 ** (-sum(log(p) for p in probabilities) / n)", "use exp with log"),
        (PERPLEXITY + "exp(sum(log(p) for p in probabilities) / n)", "a minus missing"),
        (PERPLEXITY + "4.0", "is 4 and should be 27"),
        (PERPLEXITY + "5.0", "is 5 and should be 4"),
    ],
    "14.2": [
        (
            PARAMETERS + "letters * width + hidden * before * width + letters * hidden",
            "the biases are missing",
        ),
        (PARAMETERS + "hidden * (before * width + 1) + letters * (hidden + 1)", "they are learnt too"),
        (
            PARAMETERS + "letters * width * before + hidden * (before * width + 1) + letters * (hidden + 1)",
            "a letter has one point wherever it stands",
        ),
        (
            PARAMETERS + "letters * width + hidden * (width + 1) + letters * (hidden + 1)",
            "the points of all letters before as inputs",
        ),
        (PARAMETERS + "3481", "is 3481 and should be 29"),
    ],
    "14.3": [
        (GRADIENT + "[(j == came) - exp(z) / total for j, z in enumerate(logits)]", "the other way round"),
        (GRADIENT + "[exp(z) / total for z in logits]", "these are the probabilities"),
        (GRADIENT + "[exp(z) - (j == came) for j, z in enumerate(logits)]", "not divided by the sum"),
        (
            GRADIENT + "[exp(z) / total - 1 if j == came else 0.0 for j, z in enumerate(logits)]",
            "the other logits have a gradient too",
        ),
        (GRADIENT + "[exp(z) / total - 1 for z in logits]", "backward() says [0.1402, -0.3715, 0.2312]"),
        (GRADIENT + "exp(logits[came]) / total - 1", "should be a list of 3 numbers and is a float"),
        (GRADIENT + "[exp(logits[came]) / total - 1]", "has 1 entries and should have 3"),
    ],
    "14.4": [
        (TABLE.format(table=ROWS, line="table[number] = list(gradient)"), "gradients add up, to [110, 220]"),
        (
            TABLE.format(table=ROWS, line=ADD).replace(
                "zip(before, gradients)",
                "((n, [x / before.count(n) for x in g]) for n, g in zip(before, gradients))",
            ),
            "so it is the sum",
        ),
        (
            TABLE.format(
                table="[[0.0, 0.0]] * letters", line="for i in range(2): table[number][i] += gradient[i]"
            ),
            "make each row anew",
        ),
        ("def embedding_gradient(before, gradients, letters):\n    return gradients", "has 3 rows"),
        ("def embedding_gradient(before, gradients, letters):\n    return {}", "a list of 4 rows"),
        (TABLE.format(table=ROWS, line="pass"), "should be [[0, 0], [1, 2], [110, 220], [0, 0]]"),
    ],
    "14.5": [
        (
            TEMPERED + "[p / temperature / sum(q / temperature for q in ps) for p in ps]",
            "the same as at temperature 1",
        ),
        (
            TEMPERED.replace("exp(z) / sum(map(exp, logits)) for z", "exp(z * temperature) for z")
            + "[p / sum(ps) for p in ps]",
            "you multiplied by the temperature",
        ),
        (TEMPERED + "[p / temperature for p in ps]", "it adds up to 2"),
        (TEMPERED + "[exp(z / temperature) for z in logits]", "not divided by its sum"),
        (TEMPERED + "[p ** temperature for p in ps]", "and should be [0.8668"),
    ],
}
