"""Typical wrong answers to the exercises of notebook 01, each with what the check must say of it."""

WRONG = {
    "01.1": [
        ("def slope(f, x, h):\n    return (f(x + h) - f(x)) / h", "one side only"),
        ("def slope(f, x, h):\n    return (f(x + h) - f(x - h)) / h", "twice what it should be"),
    ],
}
