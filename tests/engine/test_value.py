"""A Value: what it is made of, how it records, how it compares and converts."""

from __future__ import annotations

import decimal
import math
import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import Value, ops, topological_order
from autograd.engine import weighted_sum

# Construction and what a node shows


@pytest.mark.parametrize(
    "data", [3, 3.0, True, Fraction(3, 1), np.float64(3), np.float32(3), np.int64(3), np.bool_(True)]
)
def test_real_numbers_become_floats(data: Any) -> None:
    x = Value(data)
    assert type(x.data) is float
    assert x.data == float(data)
    assert (x.grad, x.op, x.operands, x.partials, x.label) == (0.0, "", (), (), "")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("3", "str"),
        (b"3", "bytes"),
        (None, "NoneType"),
        (1j, "complex"),
        (decimal.Decimal(3), "Decimal"),
        ([3.0], "list"),
        ((3.0,), "tuple"),
        (np.array([3.0]), "ndarray"),
        (np.array(3.0), "ndarray"),
        (np.complex128(3), "complex128"),
    ],
)
def test_anything_else_is_a_type_error_that_names_the_type(data: Any, kind: str) -> None:
    for attempt in (lambda: Value(data), lambda: setattr(Value(1.0), "data", data)):
        with pytest.raises(TypeError, match=f"cannot use '{kind}'"):
            attempt()


def test_a_value_of_a_value_is_refused() -> None:
    with pytest.raises(TypeError, match=r"is a Value already; .*detach"):
        Value(Value(1.0))
    x = Value(1.0)
    with pytest.raises(TypeError, match="is a Value already"):
        x.data = Value(2.0)
    assert x.data == 1.0


def test_an_int_too_large_for_a_float_is_pythons_overflow_error() -> None:
    with pytest.raises(OverflowError):
        Value(10**400)


def test_a_node_shows_operation_operands_and_local_derivatives() -> None:
    x, y = Value(3.0, label="x"), Value(4.0)
    product = x * y
    assert (product.op, product.partials) == ("*", (4.0, 3.0))
    assert product.operands[0] is x
    assert product.operands[1] is y
    assert x.label == "x"
    product.label = "area"
    assert product.label == "area"


def test_constants_are_operands_without_a_derivative_in_their_place() -> None:
    x = Value(3.0)
    for out, op, operands, partials in [
        (x + 2, "+", (x, 2.0), (1.0, None)),
        (2 + x, "+", (2.0, x), (None, 1.0)),
        (x - 2, "-", (x, 2.0), (1.0, None)),
        (2 - x, "-", (2.0, x), (None, -1.0)),
        (x * 2, "*", (x, 2.0), (2.0, None)),
        (2 * x, "*", (2.0, x), (None, 2.0)),
        (x / 2, "/", (x, 2.0), (0.5, None)),
        (6 / x, "/", (6.0, x), (None, -2 / 3)),
        (x**2, "**", (x, 2.0), (6.0, None)),
        (x // 2, "//", (x, 2.0), (0.0, None)),
        (7 // x, "//", (7.0, x), (None, 0.0)),
        (x % 2, "%", (x, 2.0), (1.0, None)),
        (7 % x, "%", (7.0, x), (None, -2.0)),
        (-x, "neg", (x,), (-1.0,)),
    ]:
        assert (out.op, out.partials) == (op, partials)
        assert [type(o) for o in out.operands] == [type(o) for o in operands]
        assert all(
            a is b if isinstance(b, Value) else a == b for a, b in zip(out.operands, operands, strict=True)
        )


def test_exponentials_with_a_constant_base() -> None:
    x = Value(3.0)
    y = 2**x
    y.backward()
    assert y.data == 8.0
    assert x.grad == pytest.approx(8 * math.log(2), rel=1e-15)


def test_division_with_remainder_and_rounding() -> None:
    x, y = Value(7.5), Value(2.0)
    quotient, rest = divmod(x, y)
    assert (quotient.data, rest.data) == divmod(7.5, 2.0)
    rest.backward()
    assert (x.grad, y.grad) == (1.0, -3.0)
    assert [v.data for v in divmod(9, y)] == [4.0, 1.0]
    assert [v.data for v in divmod(x, 2)] == [3.0, 1.5]
    assert round(Value(2.5)).data == 2.0
    assert round(Value(2.675), 2).data == round(2.675, 2)
    with pytest.raises(TypeError, match="'float' object cannot be interpreted as an integer"):
        round(Value(2.675), 2.0)  # type: ignore[call-overload]
    whole = [math.floor(Value(-0.5)), math.ceil(Value(0.5)), math.trunc(Value(-1.5))]
    assert [v.data for v in whole] == [-1.0, 1.0, -1.0]


def test_plus_is_the_value_itself() -> None:
    x = Value(3.0)
    assert +x is x


def test_in_place_operators_make_new_nodes() -> None:
    x = Value(3.0)
    y = x
    y += 1
    y *= 2
    y -= 3
    y /= 4
    y **= 2
    assert x.data == 3.0
    assert y.data == 1.5625
    y.backward()
    assert x.grad == pytest.approx(2 * 1.25 * 2 / 4, rel=1e-15)


def test_micrograds_names_for_drawing_are_there() -> None:
    x, y = Value(3.0), Value(2.0)
    assert (x * y)._prev == (x, y)
    assert (x + x)._prev == (x,)
    assert (x * 2)._prev == (x,)
    assert (x**3)._op == "**3"
    assert x.relu()._op == "ReLU"
    assert (x + y)._op == "+"
    assert (x * 2)._op == "*"
    assert (x**y)._op == "**"
    assert x.tanh()._op == "tanh"


def test_every_node_has_gradient_zero_before_a_backward() -> None:
    x, y = Value(3.0, label="x"), Value(2.0)
    for node in (x, y, x + y, 2 * x, x.tanh(), weighted_sum([x], [y], y), weighted_sum([x], [2.0], y)):
        assert [v.grad for v in topological_order(node)] == [0.0] * len(topological_order(node))


def test_a_zero_can_have_a_label() -> None:
    assert Value(0.0, label="bias").label == "bias"


def test_data_can_be_set_and_is_checked() -> None:
    x = Value(3.0)
    x.data = 4
    assert type(x.data) is float
    x.data -= 0.5
    assert x.data == 3.5


def test_a_label_must_be_text() -> None:
    with pytest.raises(TypeError, match="a label is text, not 'int'"):
        Value(1.0, label=3)
    with pytest.raises(TypeError, match="a label is text, not 'int'"):
        Value(1.0).label = 3


# Arithmetic with what is no number


@pytest.mark.parametrize(
    "other", ["1", b"1", None, 1j, [1, 2], (1, 2), {1}, {1: 2}, decimal.Decimal(1), object()]
)
@pytest.mark.parametrize("op", ["+", "-", "*", "/", "//", "%", "**"])
def test_arithmetic_with_what_is_no_real_number_is_a_type_error(op: str, other: Any) -> None:
    x = Value(2.0)
    for expression in (f"x {op} other", f"other {op} x"):
        if op == "%" and isinstance(other, str | bytes) and expression.startswith("other"):
            continue  # formatting, tested below
        with pytest.raises(TypeError, match=f"'?{type(other).__name__}'?"):
            eval(expression, {"x": x, "other": other})


def test_percent_formatting_asks_for_the_number() -> None:
    with pytest.raises(TypeError, match=r"autograd\.math|a real number, not autograd\.engine\.Value"):
        _ = "%.2f" % Value(2.0)  # noqa: UP031  # Python 3.15 has a message of its own


def test_a_class_that_knows_values_is_asked() -> None:
    class Metres:
        def __radd__(self, other: object) -> str:
            return "metres"

        __rsub__ = __rmul__ = __rtruediv__ = __rpow__ = __radd__

    x: Any = Value(2.0)
    m = Metres()
    assert [x + m, x - m, x * m, x / m, x**m] == ["metres"] * 5


def test_a_class_that_knows_values_is_asked_whatever_the_name_of_its_module() -> None:
    class Metres:
        __module__ = "__main__"  # as in a script, and before "builtins" in the alphabet

        def __radd__(self, other: object) -> str:
            return "metres"

    x: Any = Value(2.0)
    assert x + Metres() == "metres"


def test_a_class_that_does_not_know_values_is_refused_with_advice() -> None:
    class Metres:
        pass

    x: Any = Value(2.0)
    metres: Any = Metres()
    metres.__radd__ = lambda other: "metres"  # Python looks for operators in the class alone
    with pytest.raises(TypeError, match="cannot use 'Metres' in Value arithmetic"):
        _ = x + metres


def test_a_method_with_the_wrong_number_of_operands_says_how_many_it_takes() -> None:
    x = Value(2.0)
    for operands, message in [
        ((x,), "atan2 takes 2 numbers, 1 given"),
        ((x, x, 1.0), "atan2 takes 2 numbers, 3 given"),
    ]:
        with pytest.raises(TypeError, match=message):
            ops.atan2(*operands)


def test_arrays_broadcast() -> None:
    x: Any = Value(2.0)
    for out in (x * np.array([1.0, 2.0]), np.array([1.0, 2.0]) * x):
        assert out.shape == (2,)
        assert all(isinstance(v, Value) for v in out)
        out[1].backward()
    assert x.grad == 4.0
    assert np.exp(np.array([x, x]))[0].data == math.exp(2.0)


def test_numpy_scalars_on_either_side_give_values() -> None:
    x = Value(2.0)
    for out in (np.float64(3) - x, 3 - x, np.float32(3) - x, np.int64(3) - x):
        assert type(out) is Value
        out.backward()
    assert x.grad == -4.0


# Comparison, hashing, conversion, text


def test_comparisons_compare_numbers_and_give_bools() -> None:
    x = Value(2.0)
    assert (x < 3) is True
    assert (x <= Value(2.0)) is True
    assert (x > 2.0) is False
    assert [x < np.float64(3), x <= np.float64(2), x > np.float64(3), x >= np.float64(2)] == [
        True, True, False, True,
    ]  # fmt: skip
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne):
        assert type(compare(x, np.float64(3))) is bool
    assert (x == Value(2.0)) is True
    assert (x != 2) is False
    assert (x == np.float64(2)) is True
    assert (x != np.int64(2)) is False
    assert (3 > x) is True  # noqa: SIM300
    assert (x == "2") is False
    assert (x != None) is True  # noqa: E711
    assert (Value(math.nan) == Value(math.nan)) is False
    assert sorted([Value(3.0), x, Value(1.0)])[1] is x
    assert max(x, Value(1.0)) is x


def test_ordering_against_text_is_a_type_error() -> None:
    for compare in (operator.lt, operator.le, operator.gt, operator.ge):
        with pytest.raises(TypeError, match="'str'"):
            compare(Value(1.0), "1")


def test_truth_is_that_of_the_number_and_the_hash_that_of_the_object() -> None:
    assert not Value(0.0)
    assert Value(-1.0)
    a, b = Value(1.0), Value(1.0)
    assert len({a, b, a}) == 2
    assert {a: 1}[a] == 1


@pytest.mark.parametrize("convert", [float, int, complex, math.exp, math.sqrt])
def test_no_value_becomes_a_plain_number_silently(convert: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=r"autograd\.math.*\.data"):
        convert(Value(1.0))


def test_a_value_is_no_index() -> None:
    with pytest.raises(TypeError):
        _ = [1, 2][Value(1.0)]  # type: ignore[call-overload]
    with pytest.raises(TypeError):
        range(Value(1.0))  # type: ignore[call-overload]


def test_formatting_is_that_of_the_number() -> None:
    x = Value(math.pi, label="pi")
    assert f"{x:.4f}" == "3.1416"
    assert f"{x:>8.2e}" == "3.14e+00"
    assert f"{x}" == str(x) == repr(x) == f"Value(data={math.pi!r}, grad=0.0, label='pi')"
    assert repr(Value(2)) == "Value(data=2.0, grad=0.0)"
