"""Typical wrong answers to the exercises of notebook 02, each with what the check must say of it."""

WRONG = {
    "02.1": [
        ("on_the_way, one_more_melon = [1, 1, 1.2], 1.2", "a product gives the value of the other operand"),
        ("on_the_way, one_more_melon = [300, 360, 1.2], 360", "a sum hands on each change as it is"),
        ("on_the_way, one_more_melon = [300, 1, 660], 360", "the other operand, the tax"),
        ("on_the_way, one_more_melon = [300, 1, 0.2], 60", "each yen becomes 1.2"),
        (
            "on_the_way, one_more_melon = [300, 5, 1.2], 360",
            "arrow to 'goods' you have 5: it should be another",
        ),
        ("on_the_way, one_more_melon = [300, 1, 1.2], 302.2", "along a way they are multiplied"),
        ("on_the_way, one_more_melon = [300, 1, 1.2], 300", "the product of your three numbers is 360"),
        ("on_the_way, one_more_melon = 360, 360", "a list of three numbers and is 360"),
    ],
    "02.2": [
        ("def quotient(a, b):\n    return 1 / b, a / b**2", "dividing by more gives less"),
        ("def quotient(a, b):\n    return 1 / b, -1 / b**2", "that is the slope of 1/b"),
        ("def quotient(a, b):\n    return -a / b**2, 1 / b", "in the other order"),
        ("def quotient(a, b):\n    return b, a", "Multiplying by 1/b, not by b"),
        (
            "def quotient(a, b):\n    return 1 / b, 1 / a",
            "is (0.3333, 0.1667), and a nudge gives (0.3333, -0.6667).",
        ),
        ("def quotient(a, b):\n    return 1 / b", "should be two numbers and is 0.333"),
    ],
    "02.3": [
        ("def formula(a, b, c):\n    return a * b + c * (a - c)", "is 16 and should be 26"),
        ("def formula(a, b, c):\n    return (a * b + c) * (c - a)", "a difference has an order"),
        ("def formula(a, b, c):\n    return a * a * b - a * b * c + c * a - c * c", "yours has 12 cards"),
        ("def formula(a, b, c):\n    return (a * b + c) * 2", "by another graph: yours has 6 cards"),
        ("def formula(a, b, c):\n    return 26", "a plain number: it has no graph"),
        ("def formula(a, b, c):\n    return a + b + c", "is 10 and should be 26"),
    ],
    "02.4": [
        (
            "def arrows(y):\n    return sum(len(card.operands) for card in topological_order(y))",
            "arrows(1 / (1 + 3 * x)) is 6 and should be 3. You counted constants",
        ),
        (
            "def arrows(y):\n"
            "    return sum(isinstance(x, Value) for v in topological_order(y) for x in set(v.operands))",
            "arrows(x * x + x) is 3 and should be 4. A card used twice has two arrows",
        ),
        ("def arrows(y):\n    return len(topological_order(y)) - 1", "only in a tree"),
        ("def arrows(y):\n    return len(topological_order(y))", "the number of cards."),
        (
            "def arrows(y):\n    return sum(1 + arrows(x) for x in y.operands if isinstance(x, Value))",
            "arrows(q * q + q with q = x * x) is 10 and should be 6. Each card should be asked once",
        ),
        ("def arrows(y):\n    return 0", "arrows((x + y) * z) is 0 and should be 4."),
    ],
}
