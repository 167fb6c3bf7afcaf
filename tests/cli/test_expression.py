"""What a formula as text means, as Python reads it and as numbers to many digits have it."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from expressions import error_of, number
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.cli.expression import evaluate


def test_the_example_of_baydin_et_al_has_its_published_value_and_derivatives() -> None:
    # "Automatic differentiation in machine learning: a survey", JMLR 18 (2018), table 3: 11.652, 5.5, 1.716.
    result, leaves = evaluate("log(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5})
    result.backward()
    assert result.data == math.log(2.0) + 10.0 - math.sin(5.0)
    assert leaves["x1"].grad == 1 / 2 + 5
    assert leaves["x2"].grad == 2 - math.cos(5.0)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1 + 2*3", 7.0),
        ("2 - 3 - 4", -5.0),
        ("24 / 4 / 2", 3.0),
        ("2**3**2", 512.0),
        ("-2**2", -4.0),
        ("2**-1", 0.5),
        ("2*-3", -6.0),
        ("--3", 3.0),
        ("+-+3", -3.0),
        ("-7 // 2", -4.0),
        ("-7 % 3", 2.0),
        ("(1 + 2) * 3", 9.0),
        ("1_000.5", 1000.5),
        (".5 + 5. + 1e-3 + 2E+2", 205.501),
        ("1.e2", 100.0),
        ("abs(-3)", 3.0),
        ("\t1\n+\r\n1\u3000+\u00a01 ", 3.0),
        ("floor(-0.5)", -1.0),
        ("log(8, 2)", 3.0),
        ("maximum(1, 3, 2)", 3.0),
        ("sin(0)", 0.0),
        ("pi - tau/2 + 0*e", 0.0),
        ("inf", math.inf),
        ("007", 7.0),
    ],
)
def test_a_formula_means_what_it_means_in_python(text: str, meaning: float) -> None:
    assert number(text) == meaning


TOKENS = (
    "x",
    "y",
    "1.5",
    "2.0",
    "0.0",
    "+",
    "-",
    "*",
    "/",
    "//",
    "%",
    "**",
    "(",
    ")",
    ",",
    "sin",
    "log",
    "atan2",
)
SPOKEN = {"sin": math.sin, "log": math.log, "atan2": math.atan2}
ARITIES = {"sin": (1,), "log": (1, 2), "atan2": (2,)}
SPOKEN_NODES = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load,
    ast.operator, ast.unaryop,
)  # fmt: skip


def is_formula_to_python(text: str) -> bool:
    """Ask Python's own parser whether a text is a formula, apart from a comma before a parenthesis."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, SPOKEN_NODES):
            return False
        if isinstance(node, ast.Name) and (node.id in SPOKEN) != (id(node) in called):
            return False
        if isinstance(node, ast.Call) and not (
            isinstance(node.func, ast.Name)
            and not node.keywords
            and len(node.args) in ARITIES.get(node.func.id, ())
        ):
            return False
    return ", )" not in text


ANY_TOKENS = st.lists(st.sampled_from(TOKENS), min_size=1, max_size=7).map(" ".join)
WITHOUT_PARENTHESES_ADDED = st.recursive(
    st.sampled_from(("x", "y", "1.5", "2.0", "0.0")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("+", "-", "*", "/", "//", "%", "**")), inner).map(" ".join),
        st.tuples(st.sampled_from(("-", "+")), inner).map(" ".join),
        st.tuples(st.sampled_from(("(", "sin (", "log (")), inner, st.just(")")).map(" ".join),
    ),
    max_leaves=8,
)


@settings(max_examples=500, deadline=None)
@given(ANY_TOKENS | WITHOUT_PARENTHESES_ADDED)
def test_python_and_this_parser_agree_on_any_sequence_of_tokens(text: str) -> None:
    variables = {"x": 0.75, "y": -3.0}
    if not is_formula_to_python(text):
        error_of(text, variables)
        return
    try:
        expected = eval(text, {"__builtins__": {}}, {**SPOKEN, **variables})
    except (ArithmeticError, ValueError, TypeError):  # TypeError: a complex number got into a function
        expected = 1j
    if isinstance(expected, complex):
        error_of(text, variables)
    else:
        assert repr(number(text, **variables)) == repr(expected)


Formula = tuple[str, Callable[[Any, Any], Any]]
LEAVES: list[Formula] = [("x", lambda x, y: x), ("y", lambda x, y: y), ("1.5", lambda x, y: mpmath.mpf(1.5))]


def compose(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    """Build formulas of smooth functions whose values stay moderate, each with its meaning in mpmath."""
    one: list[tuple[str, Callable[[Any], Any]]] = [
        ("sin({})", mpmath.sin),
        ("cos({})", mpmath.cos),
        ("tanh({})", mpmath.tanh),
        ("atan({})", mpmath.atan),
        ("-{}", lambda u: -u),
        ("sqrt(1 + ({})**2)", lambda u: mpmath.sqrt(1 + u**2)),
        ("log(3 + sin({}))", lambda u: mpmath.log(3 + mpmath.sin(u))),
        ("exp(-({})**2)", lambda u: mpmath.exp(-(u**2))),
        ("sigmoid({})", lambda u: 1 / (1 + mpmath.exp(-u))),
    ]
    two: list[tuple[str, Callable[[Any, Any], Any]]] = [
        ("({} + {})", lambda u, v: u + v),
        ("({} - {})", lambda u, v: u - v),
        ("({} * {})", lambda u, v: u * v),
        ("{} / (2 + cos({}))", lambda u, v: u / (2 + mpmath.cos(v))),
        ("(1.5 + sin({}))**tanh({})", lambda u, v: (mpmath.mpf(1.5) + mpmath.sin(u)) ** mpmath.tanh(v)),
    ]

    def of_one(rule: tuple[str, Callable[[Any], Any]], u: Formula) -> Formula:
        return rule[0].format(f"({u[0]})"), lambda x, y: rule[1](u[1](x, y))

    def of_two(rule: tuple[str, Callable[[Any, Any], Any]], u: Formula, v: Formula) -> Formula:
        text = rule[0].format(f"({u[0]})", f"({v[0]})")
        return text, lambda x, y: rule[1](u[1](x, y), v[1](x, y))

    return st.builds(of_one, st.sampled_from(one), inner) | st.builds(
        of_two, st.sampled_from(two), inner, inner
    )


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(st.sampled_from(LEAVES), compose, max_leaves=6),
    st.floats(-2, 2).map(lambda x: round(x, 3)),
    st.floats(-2, 2).map(lambda x: round(x, 3)),
)
def test_value_and_derivatives_of_any_formula_are_those_of_mpmath(
    formula: Formula, x: float, y: float
) -> None:
    text, meaning = formula
    result, leaves = evaluate(text, {"x": x, "y": y})
    result.backward()
    with mpmath.workdps(50):
        point = mpmath.mpf(x), mpmath.mpf(y)
        expected = [meaning(*point), *(mpmath.diff(meaning, point, n) for n in ((1, 0), (0, 1)))]
        for found, truth in zip((result.data, leaves["x"].grad, leaves["y"].grad), expected, strict=True):
            assert abs(found - truth) <= 1e-11 * (1 + abs(truth))
