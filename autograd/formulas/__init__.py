"""Formulas: the table of rules as mathematics, written as text, LaTeX and MathML.

What is shown of a derivative is the very rule that is computed with, read as a `tree` of symbols and numbers
in place of floats. `rules` reads the entries of the table so, and `tidy` writes them as one would by hand.
`mathematics` knows what is written for operations that only programs have names for, `notation` when a
formula needs parentheses and how it looks as text, and `markup` how it looks in LaTeX and MathML.
"""

from .markup import Latex, MathML
from .mathematics import textbook_form
from .notation import DIGITS, Text, Writer
from .rules import decided_derivative, derivative_of, rule_of, value_of
from .tidy import tidied
from .tree import (
    Applied,
    Call,
    Cases,
    Derivative,
    Formula,
    Number,
    Related,
    Symbol,
    lifted,
    product_of,
    sum_of,
)

__all__ = [
    "DIGITS",
    "Applied",
    "Call",
    "Cases",
    "Derivative",
    "Formula",
    "Latex",
    "MathML",
    "Number",
    "Related",
    "Symbol",
    "Text",
    "Writer",
    "decided_derivative",
    "derivative_of",
    "lifted",
    "product_of",
    "rule_of",
    "sum_of",
    "textbook_form",
    "tidied",
    "value_of",
]
