"""Formulas as they are written: text, LaTeX and MathML."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree

import pytest
from every_primitive import EVERY, derivatives, points

from autograd import ops
from autograd.formulas import (
    Applied,
    Derivative,
    Formula,
    Latex,
    MathML,
    Number,
    Symbol,
    Text,
    derivative_of,
    value_of,
)
from autograd.ops import Primitive

x, y = Symbol("x"), Symbol("y")


def formulas_of(primitive: Primitive) -> list[Formula]:
    shown = [value_of(primitive), *[derivative_of(primitive, i) for i in derivatives(primitive)]]
    numbers = points(primitive)[0]
    return [*shown, value_of(primitive, *numbers), Applied(primitive.name, tuple(map(Number, numbers)))]


# Notation of every primitive


@EVERY
def test_text_is_free_of_python(primitive: Primitive) -> None:
    for formula in formulas_of(primitive):
        assert not re.search(
            r"\*|//|==|!=|>=|<=|lambda|where|nan\b|\binf\b|\de[+-]?\d|\d\.0\b|-", formula.text
        )
        assert formula.text.count("(") == formula.text.count(")")


@EVERY
def test_mathml_is_xml_whose_elements_have_the_children_they_need(primitive: Primitive) -> None:
    children = {"mfrac": 2, "msup": 2, "msub": 2, "mroot": 2, "mi": 0, "mo": 0, "mn": 0}
    for formula in formulas_of(primitive):
        root = ElementTree.fromstring(formula.mathml)
        assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
        for element in root.iter():
            name = element.tag.partition("}")[2]
            assert len(element) == children.get(name, len(element)), formula.mathml
            assert name not in ("mi", "mo", "mn") or element.text


@EVERY
def test_latex_compiles(primitive: Primitive) -> None:
    parser = pytest.importorskip("matplotlib.mathtext").MathTextParser("path")
    for formula in formulas_of(primitive):
        latex = formula.latex
        assert latex.count("{") == latex.count("}")
        assert len(re.findall(r"\\left[^a-z]|\\left\\", latex)) == len(
            re.findall(r"\\right[^a-z]|\\right\\", latex)
        )
        # mathtext has no environments and no short names of a few signs
        for row in re.split(r" & | \\\\ ", re.sub(r"\\(begin|end)\{cases\}", "", latex)):
            known = row.replace(r"\lt ", "<").replace(r"\gt ", ">").replace(r"\bmod", r"\mathrm{mod}")
            parser.parse(f"${known}$")


# Reading


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (derivative_of(ops.tanh, 0), "1 − tanh²(x)"),
        (derivative_of(ops.tanh, 0, "z", out=Symbol("a")), "1 − a²"),
        (derivative_of(ops.sigmoid, 0), "σ(x) · (1 − σ(x))"),
        (derivative_of(ops.sigmoid, 0, "z", out=Symbol("a")), "a · (1 − a)"),
        (derivative_of(ops.logsigmoid, 0), "1 − σ(x)"),
        (derivative_of(ops.silu, 0), "σ(x) · (1 + x · (1 − σ(x)))"),
        (derivative_of(ops.asinh, 0), "1/√(1 + x²)"),
        (derivative_of(ops.atanh, 0), "1/(1 − x²)"),
        (derivative_of(ops.multiply, 0), "y"),
        (derivative_of(ops.divide, 1), "−x/y²"),
        (derivative_of(ops.power, 0, "x", 2.0), "2 · x"),
        (derivative_of(ops.power, 0, "x", -1.0), "−x⁻²"),
        (derivative_of(ops.power, 0), "{0 [|x| < 10⁻¹⁰⁰ ∧ y = 0]; y · x^(y − 1) [otherwise]}"),
        (derivative_of(ops.sqrt, 0), "1/(2 · √x)"),
        (derivative_of(ops.erf, 0), "2/√π · exp(−x²)"),
        (derivative_of(ops.relu, 0), "{1 [x > 0]; 0 [otherwise]}"),
        (derivative_of(ops.fmax, 1), "{1 [x < y]; 0.5 [x = y]; 1 [x is NaN]; 0 [otherwise]}"),
        (value_of(ops.log1p), "ln(1 + x)"),
        (value_of(ops.logaddexp), "ln(exp(x) + exp(y))"),
        (value_of(ops.floordiv), "⌊x/y⌋"),
        (value_of(ops.digamma), "ψ(x)"),
        (value_of(ops.polygamma, 2.0, "x"), "ψ⁽²⁾(x)"),
        (derivative_of(ops.polygamma, 1), "ψ^(x + 1)(y)"),
        (derivative_of(ops.gelu, 0), "0.5 · erfc(−x · √0.5) + x · exp(−0.5 · x²)/√(2 · π)"),
    ],
)  # fmt: skip
def test_rules_read_as_in_a_textbook(formula: Formula, text: str) -> None:
    assert formula.text == text


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ((x + y) * x, "(x + y) · x"), (x - (y - x), "x − (y − x)"), (x - (y + x), "x − (y + x)"),
        (x / (y * x), "x/(y · x)"), (x / (y / x), "x/(y/x)"),
        ((x / y) ** 2.0, "(x/y)²"), (-(x + y), "−(x + y)"),
        ((-x) ** 2.0, "(−x)²"), (-(x**2.0), "−x²"), (x**-y, "x^(−y)"), ((x**y) ** x, "(x^y)^x"),
        (x * -y, "x · (−y)"), (x + -y, "x + (−y)"), (Number(-3.0) ** 2.0, "(−3)²"), (2.0**x, "2^x"),
        (x * Number(-2.0), "x · (−2)"), (Symbol("a+b") * x, "(a+b) · x"), (x % (y * 2.0), "x mod (y · 2)"),
        (Number(1.5e-20) ** 2.0, "(1.5×10⁻²⁰)²"), (abs(x - y), "|x − y|"), (x // y, "⌊x/y⌋"),
        (3.0 - x, "3 − x"), (3.0 / x, "3/x"), (3.0 % x, "3 mod x"), (3.0 // x, "⌊3/x⌋"), (1.0 + x, "1 + x"),
    ],
)  # fmt: skip
def test_parentheses_stand_where_they_are_needed(formula: Formula, text: str) -> None:
    assert formula.text == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(2.0, "2"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (math.inf, "∞"), (-math.inf, "−∞"), (math.nan, "NaN"),
     (1e-9, "10⁻⁹"), (-1e20, "−10²⁰"), (-2.5e300, "−2.5×10³⁰⁰"), (123456789.0, "1.23457×10⁸")],
)  # fmt: skip
def test_numbers_are_written_as_by_hand(number: float, text: str) -> None:
    assert Number(number).text == text
    ElementTree.fromstring(Number(number).mathml)


def test_greek_letters_and_indices_are_set_as_such() -> None:
    assert Symbol("x12").latex == "x_{12}"
    assert Symbol("π").latex == r"\pi "
    assert Symbol("x1").mathml.endswith("<msub><mi>x</mi><mn>1</mn></msub></math>")
    assert Derivative("L", "w").latex == r"\frac{\partial L}{\partial w}"
    assert (Derivative("L", "w") * x).text == "∂L/∂w · x"


NASTY = [
    'a"b',
    "</script><b>",
    "a & b",
    "$x$",
    "\\alpha",
    "{}",
    "x_y",
    "a\nb",
    "🙂",
    "损失",
    "x" * 300,
    "%",
    "^~`",
]


@pytest.mark.parametrize("name", NASTY)
def test_a_name_is_shown_as_typed_and_is_never_markup(name: str) -> None:
    symbol = Symbol(name)
    root = ElementTree.fromstring(symbol.mathml)
    shown = "".join(root.itertext())
    assert len(shown) <= 41
    assert shown == name or shown.endswith("…") or "\n" in name
    assert "<b>" not in symbol.latex
    assert "\n" not in symbol.text
    latex = symbol.latex.replace(r"\{", "").replace(r"\}", "")
    assert latex.count("{") == latex.count("}")
    assert not re.search(r"(?<!\\)[$%#&]", latex)


def test_the_words_of_formulas_speak_chinese() -> None:
    rule = derivative_of(ops.fmax, 0)
    assert Text("zh").write(rule) == "{1 [x > y]; 0.5 [x = y]; 1 [y 是 NaN]; 0 [否则]}"
    assert "否则" in Latex("zh").write(rule)
    assert "否则" in MathML("zh").write(rule)
