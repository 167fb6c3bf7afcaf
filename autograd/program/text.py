"""Expressions as text of a language with operators, put in parentheses where they need them."""

from __future__ import annotations

ATOM = 100
"""How strongly an expression binds that needs no parentheses anywhere."""


class Text:
    """An expression, and how strongly what is outermost in it binds."""

    __slots__ = ("binding", "text")

    def __init__(self, text: str, binding: int = ATOM) -> None:
        self.text = text
        self.binding = binding

    def within(self, binding: int) -> str:
        """Return it as an operand of an operator: in parentheses where that binds more strongly."""
        return self.text if self.binding >= binding else f"({self.text})"
