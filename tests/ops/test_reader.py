"""Every reader of rules has every operator that Python has for floats, and gives the same number."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value, derivative, grad, ops
from autograd.derivatives.local_derivatives import _IeeeValue
from autograd.formulas import Formula, Number
from autograd.ops.primitive import Ieee
from autograd.program.straight_line.program import Program
from autograd.program.straight_line.rules import Symbol

X, Y = 7.5, -2.0
UNARY: dict[str, Callable[[Any], Any]] = {
    "__neg__": operator.neg,
    "__pos__": operator.pos,
    "__abs__": abs,
    "__round__": round,
    "__floor__": math.floor,
    "__ceil__": math.ceil,
    "__trunc__": math.trunc,
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "__add__": operator.add,
    "__sub__": operator.sub,
    "__mul__": operator.mul,
    "__truediv__": operator.truediv,
    "__floordiv__": operator.floordiv,
    "__mod__": operator.mod,
    "__pow__": operator.pow,
    "__divmod__": divmod,
    "__eq__": operator.eq,
    "__ne__": operator.ne,
    "__lt__": operator.lt,
    "__le__": operator.le,
    "__gt__": operator.gt,
    "__ge__": operator.ge,
}
NO_OPERATORS = """
    __bool__ __float__ __int__ __format__ __hash__ __repr__ __str__ __new__ __init__ __getattribute__
    __setattr__
    __delattr__ __dir__ __doc__ __class__ __reduce__ __reduce_ex__ __getstate__ __sizeof__ __subclasshook__
    __init_subclass__ __getnewargs__ __getformat__ __setformat__
""".split()


class OfProgram:
    """Makes symbols, and says what their program computes."""

    def __init__(self) -> None:
        self.program = Program([])

    def __call__(self, x: float) -> Symbol:
        return Symbol(self.program, self.program.number(x))

    def number(self, x: Symbol) -> Any:
        values: list[Any] = []
        for node in self.program.nodes:
            given = [values[i] for i in node.operands]
            values.append(node.number if node.op == "number" else computed(node, given))
        return values[x.place]


def computed(node: Any, given: list[Any]) -> Any:
    compare = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
    if node.op in compare:
        return getattr(operator, compare[node.op])(*given)
    return ops.named(node.op).ieee(*given)


READERS: dict[str, Callable[[], tuple[Callable[[float], Any], Callable[[Any], Any]]]] = {
    "floats": lambda: (Ieee, lambda x: x),
    "Values": lambda: (lambda x: _IeeeValue(Value(x)), lambda x: getattr(x.bare, "data", x.bare)),
    "program": lambda: ((made := OfProgram()), made.number),
    "formulas": lambda: (Number, lambda x: x.evaluate({})),
}


def plain(result: Any, number: Callable[[Any], Any]) -> Any:
    if isinstance(result, tuple):
        return tuple(plain(x, number) for x in result)
    return result if type(result) is bool else number(result)


def test_these_are_all_operators_of_floats() -> None:
    reflected = {f"__r{name[2:]}" for name in BINARY}
    assert {*dir(float)} - {*NO_OPERATORS} - reflected <= {*UNARY, *BINARY} | {
        name for name in dir(float) if not name.startswith("__")
    }


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_has_an_operator_of_one_number(reader: str, name: str) -> None:
    made, number = READERS[reader]()
    for x in (X, -X, 0.0, Y):
        assert plain(UNARY[name](made(x)), number) == UNARY[name](x)


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_rounds_to_decimal_places(reader: str) -> None:
    made, number = READERS[reader]()
    for x, places in ((7.456, 1), (-7.456, 2), (745.6, -1)):
        assert number(round(made(x), places)) == round(x, places)


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("reader", READERS)
def test_a_reader_has_an_operator_of_two_numbers_on_either_side(reader: str, name: str) -> None:
    made, number = READERS[reader]()
    apply = BINARY[name]
    for x, y in ((X, Y), (Y, X), (X, X)):
        if name == "__pow__" and x < 0.0:
            continue  # a complex number in Python
        assert plain(apply(made(x), made(y)), number) == apply(x, y)
        assert plain(apply(made(x), y), number) == apply(x, y)
        assert plain(apply(x, made(y)), number) == apply(x, y)


@pytest.mark.parametrize("name", ["__truediv__", "__floordiv__", "__mod__", "__pow__", "__divmod__"])
@pytest.mark.parametrize("reader", READERS)
def test_where_floats_raise_a_reader_does_not(reader: str, name: str) -> None:
    made, number = READERS[reader]()
    x, y = (0.0, -1.0) if name == "__pow__" else (X, 0.0)
    if reader == "formulas":
        assert isinstance(BINARY[name](made(x), made(y)), (Formula, tuple))  # it only writes it down
        return
    with pytest.raises(ZeroDivisionError):
        BINARY[name](x, y)
    plain(BINARY[name](made(x), y), number)
    plain(BINARY[name](x, made(y)), number)


@pytest.mark.usefixtures("table_as_it_was")
def test_a_rule_with_a_remainder_is_nan_where_that_is_not_defined() -> None:
    rule = ops.binary(
        "remainders", lambda x, y: x, lambda x, y, out: x % y, lambda x, y, out: x // y, "Return x."
    )
    x, y = Value(3.0), Value(0.0)
    out = rule(x, y)
    assert out.data == 3.0
    assert math.isnan(out.partials[0])
    assert grad(rule)(7.5, 2.0) == 1.5


@pytest.mark.usefixtures("table_as_it_was")
def test_second_derivatives_of_a_rule_with_a_remainder_are_no_errors() -> None:
    rule = ops.unary("inverse_remainder", lambda x: x, lambda x, out: (1.0 / x) % 2.0, "Return x.")
    assert grad(rule)(0.4) == 0.5
    assert math.isnan(derivative(rule, order=2)(0.0)) or derivative(rule, order=2)(0.0) == -math.inf
    assert derivative(rule, order=2)(0.4) == pytest.approx(-1.0 / 0.16)
