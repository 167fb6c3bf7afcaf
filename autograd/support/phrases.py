"""Expressions as text of a notation with operators, in parentheses where they need them."""

from __future__ import annotations

UNKNOWN, CHOICE, RELATION, SUM, NEGATIVE, PRODUCT, SIGN, POWER, ATOM = range(9)
"""How strongly an expression binds; an atom needs no parentheses anywhere.

The sign of -x is NEGATIVE in mathematics, where -x·y is -(x·y), and SIGN in programs, where it is (-x)*y.
"""


class Phrase:
    """An expression, and how strongly what is outermost in it binds."""

    __slots__ = ("binding", "text")

    def __init__(self, text: str, binding: int = ATOM) -> None:
        self.text = text
        self.binding = binding

    def within(self, binding: int) -> str:
        """Return it as an operand of an operator: in parentheses where that binds more strongly."""
        return self.text if self.binding >= binding else f"({self.text})"


def infix(x: Phrase, sign: str, y: Phrase, binding: int, alike: str = "x") -> Phrase:
    """Return two operands with an operator between them.

    Args:
        x, y: the operands.
        sign: the operator, with the spaces around it.
        binding: how strongly it binds.
        alike: which operands need no parentheses where they bind as strongly as it: "x", "y", both or none.

    >>> x, y = Phrase("x"), Phrase("y")
    >>> difference = infix(x, " - ", y, SUM)
    >>> infix(difference, " - ", difference, SUM).text
    'x - y - (x - y)'
    """
    left = x.text if x.binding >= binding + ("x" not in alike) else f"({x.text})"
    right = y.text if y.binding >= binding + ("y" not in alike) else f"({y.text})"
    return Phrase(f"{left}{sign}{right}", binding)
