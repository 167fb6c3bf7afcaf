"""Formulas as trees: compared, and what may stand in them."""

from __future__ import annotations

import pytest

from autograd.formulas import Number, Related, Symbol, lifted

x, y = Symbol("x"), Symbol("y")


def test_comparing_makes_a_formula_and_same_compares_trees() -> None:
    assert isinstance(x == y, Related)
    assert (x * y + 1.0).same(x * y + 1.0)
    assert not (x * y + 1.0).same(y * x + 1.0)
    assert not (x + y).same(x - y)
    assert not (x < y).same(x > y)
    assert not Number(1.0).same(x)


def test_a_formula_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="choose between cases with where"):
        bool(x == y)


def test_only_numbers_and_formulas_stand_in_formulas() -> None:
    with pytest.raises(TypeError, match="cannot use 'str'"):
        lifted("x")
