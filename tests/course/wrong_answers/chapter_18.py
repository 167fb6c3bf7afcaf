"""Typical wrong answers to the projects of notebook 18, each with what the check must say of it."""

PENDULUM = """\
def fit(times, angles, seconds=({seconds}), steps={steps}):
    length, friction = Value({start}), Value({friction})
    for until in seconds:
        last = round(until * 10)
        optimizer = optim.Adam([{learnt}], lr=0.02)
        schedule = optim.CosineAnnealingLR(optimizer, steps)
        for _ in range(steps):
            angle, speed, loss = 1.2, 0.0, 0.0
            for wanted in angles[:last]:
                for _ in range(10):
                    speed = speed - (9.81 / length * {sine} + friction * speed) * 0.01
                    angle = angle + speed * 0.01
                loss = loss + (angle - wanted) ** 2
            optimizer.zero_grad()
            (loss / last).backward()
            optimizer.step()
            schedule.step()
    return {result}
"""
USUAL = {
    "seconds": "1.0, 6.0",
    "steps": 100,
    "start": 1.0,
    "friction": 0.1,
    "learnt": "length, friction",
    "sine": "math.sin(angle)",
    "result": "length.data, friction.data",
}
RETURNS = "def fit(times, angles):\n    return "
LEARN = """\
def learn(rows, kinds):
    def predict(row):
        return {result}
    return {returned}
"""
NEAREST = "kinds[min(range(len(rows)), key=lambda i: sum((a - b) ** 2 for a, b in zip(rows[i], row)))]"
UNSCALED = """\
def learn(rows, kinds):
    names, rng = sorted(set(kinds)), random.Random(0)
    network = nn.MLP(4, [6, len(names)], activation="tanh", rng=rng)
    optimizer = optim.Adam(network.parameters(), lr=0.05)
    for _ in range(200):
        batch = rng.sample(range(len(rows)), 16)
        loss = nn.cross_entropy([network(rows[i]) for i in batch], [names.index(kinds[i]) for i in batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    def predict(row):
        z = [x.data for x in network(row)]
        return names[z.index(max(z))]

    return predict
"""
ENTRY = """\
from math import log1p
def value(x):
    return {value}
logcosh = ops.unary("logcosh", value, {slope}, "log(cosh(x))")
"""
VALUE = "abs(x) + log1p(exp(-2 * abs(x))) - log(2)"
SLOPE = "lambda x, out: ops.tanh(x)"

WRONG = {
    "18.1": [
        (RETURNS + "9.81 / 0.6, 0.2", "the first number is g / length"),
        (RETURNS + "0.2, 0.6", "the other way round"),
        (RETURNS + "0.6, 0.2", "are its numbers written into fit?"),
        (RETURNS + "0.6, 0.0", "is the friction in every step"),
        (RETURNS + "-3.0, 0.2", "has run away"),
        (RETURNS + "0.6", "should be a list of 2 numbers and is a float"),
        (PENDULUM.format(**{**USUAL, "sine": "angle"}), "the angle in place of its sine"),
        (PENDULUM.format(**{**USUAL, "seconds": "6.0,"}), "stuck in a wrong valley"),
    ],
    "18.2": [
        (LEARN.format(result="kinds[0]", returned="predict"), "it always says"),
        (LEARN.format(result="sorted(set(kinds)).index(kinds[0])", returned="predict"), "none of the kinds"),
        (
            LEARN.format(
                result='"setosa" if row[2] < 2.5 else "versicolor" if row[3] < 1.7 else "virginica"',
                returned="predict",
            ),
            "none of the kinds ['blue', 'green', 'red']",
        ),
        (LEARN.format(result=NEAREST, returned="0.97"), "it should return a function"),
        (LEARN.format(result="random.choice(kinds)", returned="predict"), "should be 45"),
        (UNSCALED, "it depends on the unit"),
    ],
    "18.3": [
        ("def logcosh(x):\n    return log(cosh(x))", "and is a function"),
        (ENTRY.format(value="log(cosh(x))", slope=SLOPE), "overflows"),
        (ENTRY.format(value="abs(x) + log1p(exp(-2 * abs(x)))", slope=SLOPE), "log 2 too much"),
        (ENTRY.format(value="abs(x) - log(2)", slope=SLOPE), "is missing"),
        (ENTRY.format(value="x + log1p(exp(-2 * x)) - log(2) if x > -300 else x", slope=SLOPE), "-1000"),
        (ENTRY.format(value=VALUE, slope="lambda x, out: 1 - ops.tanh(x) ** 2"), "one too far"),
        (ENTRY.format(value=VALUE, slope="lambda x, out: -ops.tanh(x)"), "the sign is wrong"),
        (ENTRY.format(value=VALUE, slope="lambda x, out: ops.tanh(abs(x))"), "the function falls"),
        (ENTRY.format(value=VALUE, slope="lambda x, out: sinh(x) / cosh(x)"), "overflows"),
        (ENTRY.format(value=VALUE, slope="lambda x, out: tanh(x)"), "grad(grad(logcosh))(0.5)"),
        (ENTRY.format(value=VALUE, slope='lambda x, out: tanh(getattr(x, "data", x))'), "has forgotten x"),
        (ENTRY.format(value=VALUE, slope="None"), "no derivative is given"),
        (ENTRY.format(value="x + log1p(exp(-2 * abs(x))) - log(2)", slope=SLOPE), "take |x|"),
    ],
}
