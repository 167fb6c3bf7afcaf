"""Formulas tidied as one writes by hand: rules are written for a program, which takes detours.

>>> from autograd.formulas import Symbol
>>> x = Symbol("x")
>>> print(tidied(1.0 * x * x / 2.0 / x))
x²/(2 · x)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tree import Applied, Cases, Formula, Number, Related, product_of, sum_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["tidied"]


def tidied(formula: Formula) -> Formula:
    """Return the formula without the detours of a program: no factor 1, a · a as a², a/b/c as a/(b · c)."""
    whole = formula.rebuilt([tidied(part) for part in formula.parts()])
    if isinstance(whole, Cases):
        return _cases(whole.condition, whole.then, whole.otherwise)
    if not isinstance(whole, Applied):
        return whole
    tidy = _TIDY.get(whole.op)
    return whole if tidy is None else tidy(*whole.operands)


def _cases(condition: Related, then: Formula, otherwise: Formula) -> Formula:
    """Return cases that differ; one within another with the same rest is one, under both conditions."""
    if then.same(otherwise):
        return then
    if isinstance(then, Cases) and then.otherwise.same(otherwise):
        return Cases(Related((condition, then.condition), "∧"), then.then, otherwise)
    return Cases(condition, then, otherwise)


def _is(formula: Formula, value: float) -> bool:
    return isinstance(formula, Number) and formula.value == value


def _is_operation(formula: Formula, op: str) -> bool:
    return isinstance(formula, Applied) and formula.op == op


def _negative(a: Formula) -> Formula:
    if isinstance(a, Number) and not a.name:
        return Number(-a.value)
    return a.parts()[0] if _is_operation(a, "neg") else -a


def _total(*terms: Formula) -> Formula:
    if all(isinstance(term, Number) and not term.name for term in terms):
        return Number(sum_of(terms).evaluate({}))
    return sum_of(terms)


def _difference(a: Formula, b: Formula) -> Formula:
    if isinstance(a, Number) and isinstance(b, Number) and not (a.name or b.name):
        return Number(a.value - b.value)
    difference: Formula = a + b.parts()[0] if _is_operation(b, "neg") else a - b
    return difference


def _product(*operands: Formula) -> Formula:
    """Return a product in which equal factors stand together as a power and the sign in front."""
    factors: list[tuple[Formula, float]] = []
    negative = False
    waiting = list(operands)
    while waiting:
        factor = waiting.pop(0)
        if _is_operation(factor, "*"):
            waiting[:0] = factor.parts()
        elif _is_operation(factor, "neg"):
            negative = not negative
            waiting[:0] = factor.parts()
        elif isinstance(factor, Number) and factor.value < 0.0:
            negative = not negative
            waiting.insert(0, Number(-factor.value))
        elif not _is(factor, 1.0):
            _collect(factors, factor)
    powers = [base if exponent == 1.0 else base**exponent for base, exponent in factors]
    product = product_of(powers)
    return -product if negative else product


def _collect(factors: list[tuple[Formula, float]], factor: Formula) -> None:
    for place, (base, exponent) in enumerate(factors):
        if base.same(factor) and not isinstance(factor, Number):
            factors[place] = base, exponent + 1.0
            return
    factors.append((factor, 1.0))


def _quotient(a: Formula, b: Formula) -> Formula:
    if _is(b, 1.0):
        return a
    if _is_operation(a, "neg"):
        return _negative(_quotient(a.parts()[0], b))
    if _is_operation(a, "/"):
        return _quotient(a.parts()[0], _product(a.parts()[1], b))
    return _quotient(Number(1.0), _product(Number(2.0), b)) if _is(a, 0.5) else a / b


def _power(a: Formula, b: Formula) -> Formula:
    return a if _is(b, 1.0) else a**b


_TIDY: dict[str, Callable[..., Formula]] = {
    "+": _total, "-": _difference, "*": _product, "/": _quotient, "**": _power, "pow": _power,
    "neg": _negative, "identity": lambda a: a,
}  # fmt: skip
