"""Formulas: the rules of every primitive as trees that evaluate to what the rules compute, and notations."""

from __future__ import annotations

import math
import random
import re
import xml.etree.ElementTree as ElementTree

import pytest

from autograd import ops
from autograd.formulas import (
    Applied,
    Cases,
    Derivative,
    Formula,
    Latex,
    MathML,
    Number,
    Related,
    Symbol,
    Text,
    decided_derivative,
    derivative_of,
    lifted,
    rule_of,
    value_of,
)
from autograd.formulas.mathematics import written
from autograd.ops import TABLE, Primitive
from autograd.ops.primitive import Ieee

EVERY = pytest.mark.parametrize("primitive", list(TABLE.values()), ids=list(TABLE))
x, y = Symbol("x"), Symbol("y")


def points(primitive: Primitive) -> list[tuple[float, ...]]:
    """Random points of the domain; whole numbers where the operation takes nothing else."""
    chance = random.Random(primitive.name)
    whole = {"ldexp": 1, "round_to": 1, "polygamma": 0}.get(primitive.name)
    result = []
    for _ in range(20):
        point = [chance.uniform(max(low, -20.0), min(high, 20.0)) for low, high in primitive.domain]
        if whole is not None:
            point[whole] = float(round(point[whole]))
        result.append(tuple(point))
    return result


def derivatives(primitive: Primitive) -> list[int]:
    return [index for index, rule in enumerate(primitive.derivatives) if rule is not None]


def formulas_of(primitive: Primitive) -> list[Formula]:
    shown = [value_of(primitive), *[derivative_of(primitive, i) for i in derivatives(primitive)]]
    numbers = points(primitive)[0]
    return [*shown, value_of(primitive, *numbers), Applied(primitive.name, tuple(map(Number, numbers)))]


# What is shown is what is computed


@EVERY
def test_a_rule_evaluates_to_what_the_primitive_computes_bit_for_bit(primitive: Primitive) -> None:
    for point in points(primitive):
        out = primitive.value(*point)
        numbers = dict(zip("xy", point, strict=False)) | {"out": out}
        assert rule_of(primitive).evaluate(numbers) == out
        for index in derivatives(primitive):
            assert rule_of(primitive, index).evaluate(numbers) == primitive.local(index, point, out)
            put_in = rule_of(primitive, index).put(numbers)
            assert put_in.evaluate({}) == primitive.local(index, point, out)


@EVERY
def test_a_rule_tidied_for_reading_has_the_same_value(primitive: Primitive) -> None:
    for point in points(primitive):
        out = primitive.value(*point)
        numbers = dict(zip("xy", map(Ieee, point), strict=False))
        for index in derivatives(primitive):
            expected = primitive.local(index, point, out)
            assert derivative_of(primitive, index).evaluate(numbers) == pytest.approx(expected, rel=1e-11)
            symbols = list(map(Symbol, "xy"[: len(point)]))
            decided = decided_derivative(primitive.name, index, symbols, point, out, math.nan)
            assert decided.evaluate(numbers) == pytest.approx(expected, rel=1e-11)


@EVERY
def test_an_operation_is_what_mathematics_writes_for_it(primitive: Primitive) -> None:
    formula = rule_of(primitive)
    assert isinstance(formula, Applied)
    for point in points(primitive):
        numbers = dict(zip("xy", map(Ieee, point), strict=False))
        assert written(formula).evaluate(numbers) == pytest.approx(primitive.value(*point), rel=1e-9)


def test_ieee_numbers_give_what_plain_ones_raise_at() -> None:
    assert (
        rule_of(ops.divide, 0).evaluate({"x": Ieee(1.0), "y": Ieee(0.0), "out": Ieee(math.inf)}) == math.inf
    )


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
        (derivative_of(ops.tanh, 0), "sech²(x)"),
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


# Trees


def test_conditions_are_decided_where_numbers_are_put_in() -> None:
    rule = rule_of(ops.relu, 0)
    assert isinstance(rule, Cases)
    assert rule.put({"x": 2.0}).text == "1"
    assert rule.put({"x": -2.0}).text == "0"
    power = rule_of(ops.power, 0)
    assert power.put({"x": 2.0, "y": 3.0}).text == "3 · 2^(3 − 1)"
    assert power.put({"x": 1e-200, "y": 0.0}).text == "0"
    for x_, y_ in ((0.0, 0.0), (0.0, 2.0), (2.0, 0.0), (2.0, 3.0)):
        together = derivative_of(ops.power, 0).evaluate({"x": Ieee(x_), "y": Ieee(y_)})
        assert together == ops.power.local(0, (x_, y_), x_**y_)
    assert rule.put({"x": Symbol("a")}).text == "{1 [a > 0]; 0 [otherwise]}"
    assert rule_of(ops.maximum, 0).decided({"x": 1.0, "y": 1.0}).text == "0.5"


def test_the_words_of_formulas_speak_chinese() -> None:
    rule = derivative_of(ops.fmax, 0)
    assert Text("zh").write(rule) == "{1 [x > y]; 0.5 [x = y]; 1 [y 是 NaN]; 0 [否则]}"
    assert "否则" in Latex("zh").write(rule)
    assert "否则" in MathML("zh").write(rule)


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


def test_a_derivative_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(TypeError, match="no derivative with respect to its argument 1"):
        derivative_of(ops.polygamma, 0)
    assert decided_derivative("polygamma", 0, [x, y], [1.0, 2.0], 3.0, 7.0).text == "7"


def test_a_primitive_of_the_user_is_read_like_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    cauchy = Primitive(
        "cauchy", lambda x: 1.0 / (1.0 + x * x), (lambda x, out: -2.0 * x * out * out,), ((-3.0, 3.0),), ""
    )
    monkeypatch.setitem(TABLE, "cauchy", cauchy)
    assert value_of(cauchy).text == "cauchy(x)"
    assert derivative_of(cauchy, 0).text == "−2 · x · cauchy²(x)"
    assert rule_of(cauchy, 0).evaluate({"x": 2.0, "out": 0.2}) == pytest.approx(-0.16)
