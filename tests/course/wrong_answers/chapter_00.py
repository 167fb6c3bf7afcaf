"""Typical wrong answers to the exercises of notebook 00, each with what the check must say of it."""

WRONG = {
    "00.1": [
        ("new_f = -12 + 4 * 0.25", "f falls where y grows"),
        ("new_f = -4 * 0.25", "only the change"),
        ("new_f = -12 - 4", "y grows by 0.25 only"),
        ("new_f = -12 + 0.25", "four times as much"),
        ("new_f = 7", "which is not it"),
        ('new_f = "-13"', "should be a number and is a str"),
    ],
    "00.2": [
        ("def uphill(leaves):\n    return [x.data - 0.1 * x.grad for x in leaves]", "downhill"),
        ("def uphill(leaves):\n    return [x.data + 0.1 for x in leaves]", "whatever their gradients say"),
        ("def uphill(leaves):\n    return [x.data + x.grad for x in leaves]", "not 0.1 times it"),
        ("def uphill(leaves):\n    return [0.1 * x.grad for x in leaves]", "only the moves"),
        ("def uphill(leaves):\n    return [x.data for x in leaves]", "x1 should become"),
        ("def uphill(leaves):\n    return leaves[0].data + 0.1 * leaves[0].grad", "a list of 5 numbers"),
    ],
    "00.3": [
        ('order = ["backward", "zero_grad", "step"]', "is 0 after two rounds: it never moves"),
        ('order = ["zero_grad", "step", "backward"]', "it never moves"),
        ('order = ["step", "backward", "zero_grad"]', "it never moves"),
        ('order = ["step", "zero_grad", "backward"]', "is 0.5 after two rounds: each step uses"),
        ('order = ["backward", "step"]', "each of zero_grad, backward, step once"),
        ('order = "backward"', "each of zero_grad, backward, step once"),
    ],
}
