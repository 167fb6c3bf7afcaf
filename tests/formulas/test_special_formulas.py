"""What is written of special functions, and that it is true: against the numbers of the table itself."""

from __future__ import annotations

import math

import pytest

from autograd.formulas import decided_derivative, derivative_of, textbook_form, value_of
from autograd.formulas.tree import Symbol
from autograd.ops import TABLE

POINTS: dict[str, list[tuple[float, ...]]] = {
    "erfcx": [(-1.3,), (0.0,), (2.5,)],
    "erfinv": [(-0.7,), (0.0,), (0.3,)],
    "i0e": [(-2.0,), (0.5,), (30.0,)],
    "i1e": [(-2.0,), (0.5,), (30.0,)],
    "kl_div": [(0.5, 1.5), (3.0, 1.0)],
    "log_ndtr": [(-5.0,), (0.0,), (2.0,)],
    "ndtri": [(0.01,), (0.5,), (0.9,)],
    "rel_entr": [(0.5, 1.5), (3.0, 1.0)],
}


@pytest.mark.parametrize("name", POINTS)
def test_the_textbooks_derivative_is_that_of_the_table(name: str) -> None:
    primitive = TABLE[name]
    for point in POINTS[name]:
        out = primitive(*point)
        known = {**dict(zip("xy", point, strict=False)), "out": out}
        for index in range(len(point)):
            form = textbook_form(name, index)
            assert form is not None
            told = form.evaluate(known)
            assert told == pytest.approx(primitive.local(index, point, out), rel=1e-11, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "operands", "value", "slopes"),
    [
        ("ndtr", ("x",), "Φ(x)", ["φ(x)"]),
        ("ndtri", ("p",), "Φ⁻¹(p)", ["1/φ(Φ⁻¹(p))"]),
        ("log_ndtr", ("x",), "ln(Φ(x))", ["φ(x)/Φ(x)"]),
        ("erfinv", ("x",), "erf⁻¹(x)", ["√π/2 · exp(erf⁻¹(x)²)"]),
        ("erfcx", ("x",), "exp(x²) · erfc(x)", ["2 · x · exp(x²) · erfc(x) − 2/√π"]),
        ("logit", ("p",), "ln(p/(1 − p))", ["1/(p · (1 − p))"]),
        ("entr", ("p",), "−p · ln(p)", ["−ln(p) − 1"]),
        ("rel_entr", ("p", "q"), "p · ln(p/q)", ["ln(p/q) + 1", "−p/q"]),
        ("kl_div", ("p", "q"), "p · ln(p/q) − p + q", ["ln(p/q)", "1 − p/q"]),
        ("gammaln", ("x",), "ln(|Γ(x)|)", ["ψ(x)"]),
        ("i0e", ("x",), "exp(−|x|) · I₀(x)", ["exp(−|x|) · I₁(x) − sgn(x) · exp(−|x|) · I₀(x)"]),
        ("jv", (0.0, "x"), "J₀(x)", [None, "0.5 · (J₋₁(x) − J₁(x))"]),
        ("yn", ("n", "x"), "Y_n(x)", [None, "0.5 · (Y_(n − 1)(x) − Y_(n + 1)(x))"]),
        ("gammainc", ("a", "x"), "gammainc(a, x)", [None, "x^(a − 1) · exp(−x)/Γ(a)"]),
        ("erfcx⁽ⁿ⁾", (2.0, "x"), "erfcx⁽²⁾(x)", [None, "erfcx⁽³⁾(x)"]),
    ],
)
def test_how_they_are_written(
    name: str, operands: tuple[str | float, ...], value: str, slopes: list[str | None]
) -> None:
    assert str(value_of(TABLE[name], *operands)) == value
    for index, slope in enumerate(slopes):
        if slope is not None:
            assert str(derivative_of(TABLE[name], index, *operands)) == slope


def test_where_a_textbook_says_nothing_the_rule_of_the_table_is_told() -> None:
    x, y = Symbol("x"), Symbol("y")
    at_zero = decided_derivative("kl_div", 1, [x, y], [0.0, 0.0], 0.0, 1.0)
    assert str(at_zero) == "1"
    assert str(decided_derivative("i1e", 0, [x], [0.0], 0.0, 0.5)) != "exp(−|x|) · I₀(x)"
    assert str(decided_derivative("kl_div", 1, [x, y], [1.0, 2.0], 1.0 - math.log(2.0), 0.5)) == "1 − x/y"


def test_in_latex_and_mathml_an_order_is_an_index() -> None:
    formula = value_of(TABLE["jv"], 0.0, "x")
    assert formula.latex == r"\operatorname{J}_{0}\left(x\right)"
    assert "<msub><mi>J</mi><mn>0</mn></msub>" in formula.mathml
    assert value_of(TABLE["ndtri"], "p").latex == r"\Phi ^{-1}\left(p\right)"
    assert "<msub><mi>x</mi><mn>1</mn></msub>" in Symbol("x1").mathml
