"""Formulas: the table of rules as mathematics, written as text, LaTeX and MathML."""

from .markup import Latex, MathML
from .notation import Text, Writer
from .rules import decided_derivative, derivative_of, rule_of, tidied, value_of
from .tree import Applied, Cases, Derivative, Formula, Number, Related, Symbol, lifted, product_of, sum_of

__all__ = [
    "Applied",
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
    "tidied",
    "value_of",
]
