"""A formula on a card has the parentheses that it needs: read again, it is the number of the Value."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value
from autograd.drawing.short_formula import formula

SIGNS = {"×": "*", "÷": "/", "−": "-", "^": "**", "⌊*⌋": "//", "⌊/⌋": "//", "mod": "%"}
OPERATORS = [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod]
LEAVES = {"x": 7.25, "y": 2.5, "z": 0.75}


def written(value: Value) -> str:
    return formula(value, lambda node: node.label, 200)


Exact = tuple[Value, Fraction] | None  # the number beside it, for rounding would hide in // what is the same


def applied(function: Callable[..., Any], *operands: Exact) -> Exact:
    values, numbers = zip(*(x or (Value(0.0), Fraction(0)) for x in operands), strict=True)
    try:
        return (function(*values), Fraction(function(*numbers))) if all(operands) else None
    except ZeroDivisionError:
        return None


graphs: st.SearchStrategy[Exact] = st.recursive(
    st.sampled_from([*LEAVES]).map(lambda name: (Value(LEAVES[name], label=name), Fraction(LEAVES[name]))),
    lambda inner: (
        st.builds(applied, st.sampled_from(OPERATORS), inner, inner)
        | st.builds(applied, st.sampled_from([operator.neg, lambda x: x**2]), inner)
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None, database=None)
@given(graphs.filter(lambda graph: graph is not None))
def test_read_by_python_it_is_the_number_again(graph: tuple[Value, Fraction]) -> None:
    text = written(graph[0])
    for sign, python in SIGNS.items():
        text = text.replace(sign, python)
    assert not text or exactly(text) == graph[1]


class InFractions(ast.NodeTransformer):
    """Makes a fraction of what each operation gives: whole numbers, as // gives them, divide to a float."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.Call:
        self.generic_visit(node)
        return ast.Call(ast.Name("Fraction", ast.Load()), [node], [])


def exactly(text: str) -> Fraction:
    tree = ast.fix_missing_locations(InFractions().visit(ast.parse(text, mode="eval")))
    names = {name: Fraction(x) for name, x in LEAVES.items()}
    found: Fraction = eval(compile(tree, text, "eval"), {"Fraction": Fraction}, names)
    return found


def test_two_whole_numbers_divide_exactly() -> None:
    assert exactly("(x // x) / (x // z)") == Fraction(1, 9)


def test_only_sums_and_products_need_no_parentheses_on_the_right() -> None:
    x, y, z = (Value(number, label=name) for name, number in LEAVES.items())
    assert [written(x + (y + z)), written(x * (y * z))] == ["x + y + z", "x × y × z"]
    assert [written(x - (y - z)), written(x / (y / z))] == ["x − (y − z)", "x ÷ (y ÷ z)"]
    assert [written(x // (y // z)), written((x // y) // z)] == ["x ⌊÷⌋ (y ⌊÷⌋ z)", "(x ⌊÷⌋ y) ⌊÷⌋ z"]
    assert [written(x * (y % z)), written(x + y % z)] == ["x × (y mod z)", "x + y mod z"]
    assert [written(x ** (y**z)), written((x**y) ** z)] == ["x^y^z", "(x^y)^z"]


def test_what_is_too_long_is_not_written() -> None:
    x = Value(1.0, label="x")
    assert [formula(x + x, lambda node: node.label, length) for length in (5, 4)] == ["x + x", ""]
