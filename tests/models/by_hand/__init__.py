"""Models once more, in NumPy with derivatives written out by hand: nothing of the package is in them.

Each file has `derivative()` and, where the model has it, `answer()`, which return what the model's file says.
"""
