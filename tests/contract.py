"""How a Value behaves where people stumble: the contract, as data.

What a row shows is what the test runs: code, inputs and expected results are text, which `test_contract.py`
executes, and prints as the page `notebooks/how_a_value_behaves.md`. What is expected is written as Python's
own arithmetic on floats, as a closed form, or as a number known from elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

IMPORTS = """\
import math as std  # Python's own
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from math import inf, nan, pi

import numpy as np

from autograd import Value, math, no_grad, topological_order
from autograd.nn import MLP, Layer, Neuron, mse
"""
"""What stands before the code of every row."""

OPERATORS = ("+", "-", "*", "/", "//", "%", "**")
"""What `⊕` in a row stands for: each of these, one after the other."""

AWKWARD = (
    "0.0, -0.0, 1.0, -1.0, 2.0, 3.0, -3.0, 0.5, -0.5, 2.5, 0.1, 1/3, -8.0, 1e-20, 100.5, 1000.0, -1000.0,"
    " 1e200, -1e200, 1e-200, 2.0**53, 5e-324, -5e-324, 2.0**-1022, 1.7976931348623157e308,"
    " -1.7976931348623157e308, inf, -inf, nan"
)
"""The floats at which a `Sweep` compares."""


@dataclass(frozen=True)
class Number:
    """An expression that gives a Value: its number, and its derivative with respect to each input.

    `any` as a value or a derivative leaves it open.
    """

    code: str
    at: str
    value: str
    gradient: str
    why: str = ""


@dataclass(frozen=True)
class Answer:
    """Lines of code, and what the last one, an expression, evaluates to."""

    code: str
    result: str
    why: str = ""
    at: str = ""


@dataclass(frozen=True)
class Refusal:
    """Lines of code of which the last one raises; in `says`, `…` stands for whatever lies between."""

    code: str
    error: str
    says: str = ""
    why: str = ""
    at: str = ""


@dataclass(frozen=True)
class Sweep:
    """An expression in x, or in x and y, which does with Values what it does with every awkward float."""

    code: str


@dataclass(frozen=True)
class Program:
    """A program that prints the same in every fresh process, whatever PYTHONHASHSEED is."""

    code: str


Row = Number | Answer | Refusal | Sweep | Program


@dataclass(frozen=True)
class Section:
    """Rows about one subject; `setup` is run, and shown, before each."""

    title: str
    text: str
    rows: tuple[Row, ...]
    setup: str = ""


ONE_FLOAT = (
    "acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor frexp "
    "gamma isfinite isinf isnan lgamma log log10 log1p log2 modf radians sin sinh sqrt tan tanh trunc ulp"
).split()
TWO_FLOATS = "atan2 copysign fmod hypot isclose log nextafter pow remainder".split()

NUMBERS = Section(
    "A Value computes what the float computes",
    "Take a formula that works on floats and feed it Values: the number that comes out has the same bits, "
    "the sign of a zero included, and where the float raises, the Value raises the same exception. It "
    "does so in the line that computes, not later in `backward()`. Infinities and NaNs that come in are "
    "ordinary numbers.",
    (
        Number("x / y", "x = 5, y = 49", "5 / 49", "1 / 49, -(5 / 49) / 49", "not `5 * (1 / 49)`"),
        Number("x + y", "x = 0.1, y = 0.2", "0.1 + 0.2", "1, 1", "0.30000000000000004, as ever"),
        Number("x - x", "x = inf", "nan", "any", "as IEEE 754 says"),
        Number("0 * x", "x = inf", "nan", "0"),
        Number("x * x", "x = 1e200", "inf", "2e200", "a product of floats overflows without an error"),
        Number("math.exp(x)", "x = -inf", "0", "0"),
        Number("math.atan(x)", "x = inf", "pi / 2", "0"),
        Number("math.log(x)", "x = inf", "inf", "0"),
        Number("math.sqrt(x)", "x = nan", "nan", "nan"),
        Number("math.asin(x)", "x = 1", "pi / 2", "inf", "the limit of the derivative"),
        Number("math.atan2(x, y)", "x = 0, y = 0", "0", "any, any", "no exception, as C"),
        Number("round(x)", "x = 2.5", "2", "0", "ties to even; a Value, not an int"),
        Number("divmod(x, y)[1]", "x = 7.5, y = 2", "1.5", "1, -3"),
        Sweep("-x"),
        Sweep("+x"),
        Sweep("abs(x)"),
        Sweep("round(x)"),
        Sweep("round(x, 2)"),
        Sweep("x + 1"),
        Sweep("1 / x"),
        Sweep("x ** 2"),
        Sweep("x ** -1"),
        Sweep("x ** 0.5"),
        Sweep("2 ** x"),
        *[Sweep(f"math.{name}(x)") for name in ONE_FLOAT],
        *[Sweep(f"x {op} y") for op in OPERATORS],
        Sweep("divmod(x, y)"),
        *[Sweep(f"math.{name}(x, y)") for name in TWO_FLOATS],
    ),
)

ERRORS = Section(
    "Errors are those of the float",
    "What Python refuses for floats is refused here, at once. There is one departure: a negative number to "
    "a fractional power is a complex number in Python, and here a `ValueError`, for a Value is real.",
    (
        Refusal("1 / Value(0)", "ZeroDivisionError", "division by zero"),
        Refusal("Value(1) / 0", "ZeroDivisionError", "division by zero"),
        Refusal("Value(1) // 0", "ZeroDivisionError", "by zero"),
        Refusal("Value(1) % 0", "ZeroDivisionError"),
        Refusal("Value(0.0) ** -1", "ZeroDivisionError", "negative power"),
        Refusal("0.0 ** Value(-1.0)", "ZeroDivisionError", "negative power"),
        Refusal("pow(Value(3), 2, 5)", "TypeError", "'Value', 'int', 'int'", "as of floats"),
        Refusal("Value(10.0) ** 400", "OverflowError"),
        Refusal("math.exp(Value(1000))", "OverflowError", "math range error"),
        Refusal("math.log(Value(-1))", "ValueError"),
        Refusal("math.log(Value(0))", "ValueError"),
        Refusal("math.sqrt(Value(-1))", "ValueError"),
        Refusal("math.sin(Value(inf))", "ValueError"),
        Refusal("Value(-1.0) ** 0.5", "ValueError", "not a real number", "complex for floats"),
        Refusal("Value(-1.0) ** 1.5", "ValueError", "not a real number"),
        Refusal("(-1.0) ** Value(0.5)", "ValueError", "not a real number"),
        Refusal("Value(-8.0) ** (1/3)", "ValueError", "not a real number", "`math.cbrt` gives -2"),
        Answer(
            "y = x + 1\nwith suppress(ZeroDivisionError): y / x\ny.backward()\nx.grad",
            "1.0",
            "an operation that fails leaves no trace in the graph",
            at="x = 0",
        ),
    ),
)

KINKS = Section(
    "Where there is no single derivative",
    "At a corner, a tie or a jump a gradient has to be chosen, by the "
    "[rules that PyTorch publishes](https://docs.pytorch.org/docs/stable/notes/autograd.html). "
    "A convex function takes, of all slopes of lines that touch it from below, the one nearest to 0 "
    "(the minimum-norm subgradient). A limit is taken where there is one, even an infinite one. The two "
    "sides of a tie get half each. What is constant in pieces has the derivative 0, and where nothing "
    "would make sense it is NaN.",
    (
        Number("x.relu()", "x = 0.0", "0", "0", "slopes from 0 to 1 touch; 0 is nearest to 0"),
        Number("x.relu()", "x = -0.0", "0", "0"),
        Number("x.relu()", "x = nan", "nan", "any", "NaN is never turned into 0"),
        Number("math.relu(x)", "x = nan", "nan", "any"),
        Number("math.leaky_relu(x)", "x = 0", "0", "0.01", "slopes from 0.01 to 1 touch"),
        Number("abs(x)", "x = 0", "0", "0", "slopes from -1 to 1 touch"),
        Number("math.fabs(x)", "x = 0", "0", "0"),
        Number("math.hypot(x, y)", "x = 0, y = 0", "0", "0, 0", "the tip of a cone, which is convex too"),
        Number("math.clip(x, 0, 1)", "x = 1", "1", "1", "on the limit it still follows x"),
        Number("math.maximum(x, x)", "x = 3", "3", "1", "half and half of the same x"),
        Number("math.minimum(x, x)", "x = 3", "3", "1"),
        Number("math.maximum(x, y)", "x = 2, y = 2", "2", "0.5, 0.5", "a tie is shared"),
        Number("math.minimum(x, y)", "x = 2, y = 2", "2", "0.5, 0.5"),
        Number("math.maximum(x, y)", "x = nan, y = 1", "nan", "any, any", "NaN wins on either side"),
        Number("math.maximum(x, y)", "x = 1, y = nan", "nan", "any, any"),
        Number("math.minimum(x, y)", "x = nan, y = 1", "nan", "any, any"),
        Number("math.minimum(x, y)", "x = 1, y = nan", "nan", "any, any"),
        Number("math.fmax(x, y)", "x = nan, y = 1", "1", "0, 1", "`fmax` and `fmin` pass NaN over"),
        Number("math.sqrt(x)", "x = 0", "0", "inf", "the limit"),
        Number("math.cbrt(x)", "x = 0", "0", "inf"),
        Number("x ** 0.5", "x = 0", "0", "inf"),
        Number("math.acos(x)", "x = 1", "0", "-inf"),
        Number("math.acosh(x)", "x = 1", "0", "inf"),
        Number("math.floor(x)", "x = 2.5", "2", "0", "constant in pieces"),
        Number("math.floor(x)", "x = 2", "2", "0", "at the jump too"),
        Number("math.ceil(x)", "x = 2", "2", "0"),
        Number("math.trunc(x)", "x = -0.5", "0", "0"),
        Number("math.sign(x)", "x = 0", "0", "0"),
        Number("x // y", "x = 6, y = 3", "2", "0, 0"),
        Number("x % y", "x = 6, y = 3", "0", "1, -2", "`x - 2 * y` on this piece"),
        Number("x ** 0", "x = 0", "1", "0", "the constant 1"),
        Number("x ** 0.0", "x = 0", "1", "0"),
        Number("x ** 1", "x = 0", "0", "1"),
        Number("x ** 2", "x = -3", "9", "-6"),
        Number("x ** Value(2.0)", "x = -3", "9", "-6"),
        Number("x ** y", "x = -3, y = 2", "9", "-6, nan", "near `y = 2` the power is complex"),
        Number("x ** y", "x = 0, y = 2", "0", "0, 0"),
        Number("x ** y", "x = 0, y = 0", "1", "0, 0"),
        Number("0.0 ** x", "x = 2", "0", "0"),
    ),
)

EXTREMES = Section(
    "Very large and very small numbers",
    "Once the value is there, its gradient comes without an exception: a derivative beyond the range of a "
    "float is inf, or NaN, in IEEE arithmetic. And where the true derivative is an ordinary number, no "
    "step on the way to it overflows or rounds it to 0.",
    (
        Number(
            "x / y", "x = 1e200, y = 1e200", "1", "1e-200, -1e-200", "the textbook's `-x / y**2` overflows"
        ),
        Number("x / y", "x = 1e-200, y = 1e-200", "1", "1e200, -1e200"),
        Number("1 / x", "x = 1e200", "1e-200", "0", "the true -1e-400 is below every float"),
        Number("1 / x", "x = 1e-200", "1e200", "-inf", "the true -1e400 is above; no error"),
        Number("x ** -1", "x = 1e-200", "1e200", "-inf"),
        Number("x ** -1", "x = 1e200", "1e-200", "0"),
        Number("math.log(x)", "x = 5e-324", "log(5e-324)", "inf"),
        Number("math.sigmoid(x)", "x = -1000", "0", "0", "`exp(1000)` is not computed"),
        Number("math.sigmoid(x)", "x = 1000", "1", "0"),
        Number("math.sigmoid(x)", "x = -40", "4.248354255291589e-18", "4.248354255291589e-18"),
        Number("math.sigmoid(x)", "x = 40", "1", "4.248354255291589e-18", "the tail is not rounded to 0"),
        Number("math.tanh(x)", "x = 1000", "1", "0", "`cosh(1000)` overflows, and 1 / inf is 0"),
        Number(
            "math.tanh(x)", "x = 20", "1", "(1 / cosh(20)) ** 2", "1.7e-17, where `1 - tanh(x)**2` would be 0"
        ),
        Number("math.tanh(x)", "x = 1e-20", "1e-20", "1"),
        Number("math.softplus(x)", "x = 1000", "1000", "1"),
        Number("math.softplus(x)", "x = -1000", "0", "0"),
        Number("math.logsigmoid(x)", "x = -1000", "-1000", "1"),
        Number("math.logsumexp(x, y)", "x = 1000, y = 1000", "1000.6931471805599", "0.5, 0.5"),
        Number("math.logsumexp(x, y)", "x = -inf, y = 0", "0", "0, 1"),
        Number("math.softmax([x, y])[0]", "x = 1000, y = 1000", "0.5", "0.25, -0.25"),
        Number("math.hypot(x, y)", "x = 3 * 2.0**600, y = 4 * 2.0**600", "5 * 2.0**600", "0.6, 0.8"),
        Number(
            "math.atan2(x, y)",
            "x = 3 * 2.0**600, y = 4 * 2.0**600",
            "atan2(3, 4)",
            "0.16 * 2.0**-600, -0.12 * 2.0**-600",
        ),
        Number("math.sinh(x)", "x = 710", "sinh(710)", "cosh(710)", "close to the largest float"),
        Number("y * 1e200 * 1e200", "y = 1e200", "inf", "inf"),
    ),
)

CHOOSING = Section(
    "Sums, products and choices",
    "Python's own functions work on Values. What chooses among them (`min`, `max`, `sorted`) hands back "
    "one of the Values themselves, and the gradient goes to that one.",
    (
        Number("sum([x, y, z])", "x = 2, y = 3, z = 4", "9", "1, 1, 1"),
        Number("math.prod([x, y, z])", "x = 2, y = 3, z = 4", "24", "12, 8, 6"),
        Number("std.prod([x, y, z])", "x = 2, y = 3, z = 4", "24", "12, 8, 6", "Python's own multiplies"),
        Number("sorted([x, y, z])[1]", "x = 4, y = 3, z = 2", "3", "0, 1, 0"),
        Number("min(x, y, z)", "x = 4, y = 3, z = 2", "2", "0, 0, 1"),
        Number("max([x, y, z])", "x = 4, y = 3, z = 2", "4", "1, 0, 0"),
        Number("max(x, y)", "x = 2, y = 2", "2", "1, 0", "Python takes the first; `math.maximum` shares"),
        Number(
            "max(x, y)", "x = 1, y = nan", "1", "1, 0", "nothing is greater than 1; `math.maximum` gives NaN"
        ),
        Number("math.fsum([x, y, z])", "x = 1e100, y = 1, z = -1e100", "1", "1, 1, 1", "rounded once"),
        Number(
            "sum([x, y, z])",
            "x = 1e100, y = 1, z = -1e100",
            "1e100 + 1 - 1e100",
            "1, 1, 1",
            "plain additions; for floats Python's `sum` corrects roundings since 3.12",
        ),
        Number("x + x", "x = 3", "6", "2", "each use counts"),
        Answer("max(x, y) is y", "True", at="x = 1, y = 2"),
    ),
)

REPEATED = Section(
    "Calling backward() again",
    "The gradients of leaves, which are the Values you made yourself, add up over calls until they are "
    "zeroed. Those of the nodes between belong to the latest call alone. Derivatives are fixed when an "
    "operation is recorded.",
    (
        Answer(
            "y = x * x\ny.backward()\nfirst = x.grad\ny.backward()\n(y.data, first, x.grad)",
            "(9.0, 6.0, 12.0)",
        ),
        Answer("y = x**3\ny.backward()\ny.backward()\n(x.grad, y.grad)", "(54.0, 1.0)", "27, twice"),
        Answer(
            "b = x * x\ny = 2 * b\nz = 3 * b\ny.backward()\nz.backward()\n(x.grad, b.grad)",
            "(30.0, 3.0)",
            "12 + 18: `b.grad` of the first call is not counted again",
        ),
        Answer("y = x * x\nx.data = 10\ny.backward()\n(y.data, x.grad)", "(9.0, 6.0)", "recorded at 3"),
        Answer("y = x * x\ny.backward()\ny.zero_grad()\n(x.grad, y.grad)", "(0.0, 0.0)"),
        Answer("x.backward()\nx.backward()\nx.grad", "2.0", "a leaf is its own result"),
        Answer("(x * x).backward(10)\nx.grad", "60.0", "times what is passed on from further up"),
        Answer("(x * x.detach()).backward()\nx.grad", "3.0", "`detach()` is a constant"),
        Refusal("(x * x).backward('1')", "TypeError", "'str'"),
    ),
    setup="x = Value(3.0)",
)

RECORDING = Section(
    "Recording switched off",
    "Inside `no_grad()` results are plain leaves, without a history.",
    (
        Answer("with no_grad(): y = x * x\n(y.data, y.operands)", "(9.0, ())"),
        Refusal(
            "with no_grad(): y = x * x\ny.backward()",
            "RuntimeError",
            "backward() of 9.0, which was computed inside no_grad(), where nothing is recorded",
        ),
        Answer(
            "with no_grad(): w = x * x\n(w * x).backward()\nw.grad, x.grad",
            "(3.0, 9.0)",
            "what is computed from it takes it as a leaf",
        ),
        Answer("with no_grad(): y = x * x\nlen((x * x).operands)", "2", "after the block it goes on"),
        Answer(
            "with suppress(ZeroDivisionError), no_grad(): x / 0\nlen((x * x).operands)",
            "2",
            "after an error too",
        ),
    ),
    setup="x = Value(3.0)",
)

CONVERSIONS = Section(
    "What becomes a Value, and what a Value becomes",
    "Real numbers of every kind become a float. Nothing else is guessed at: the error names the type. And "
    "no Value slips back into a plain number, for its gradient would be gone without a word; `.data` "
    "takes the number out.",
    (
        Answer("Value(3).data", "3.0"),
        Answer("Value(True).data", "1.0"),
        Answer("Value(Fraction(1, 4)).data", "0.25"),
        Answer("Value(np.float32(0.5)).data", "0.5"),
        Answer("Value(np.int64(3)).data", "3.0"),
        Answer("Value(np.bool_(True)).data", "1.0"),
        Answer("x.data = 4\nx.data", "4.0", at="x = 3"),
        Answer("Value(2.0).grad", "0.0", "before any `backward()`"),
        Answer("f'{x:.2f}'", "'3.00'", "text is fine", at="x = 3"),
        Answer("std.sqrt(x.data)", "3.0", at="x = 9"),
        Refusal("Value('3')", "TypeError", "'str'"),
        Refusal("Value(b'3')", "TypeError", "'bytes'"),
        Refusal("Value(None)", "TypeError", "'NoneType'"),
        Refusal("Value(1j)", "TypeError", "'complex'"),
        Refusal("Value(Decimal(3))", "TypeError", "'Decimal'"),
        Refusal("Value([3.0])", "TypeError", "'list'"),
        Refusal("Value((3.0,))", "TypeError", "'tuple'"),
        Refusal("Value(np.array([3.0]))", "TypeError", "'ndarray'"),
        Refusal("Value(x)", "TypeError", "a Value already", "use it as it is, or `x.detach()`", at="x = 3"),
        Refusal("Value(10**400)", "OverflowError", "int too large", "as `float(10**400)`"),
        Refusal("x.data = '3'", "TypeError", "'str'", at="x = 3"),
        Refusal("float(x)", "TypeError", "autograd.math … .data", at="x = 3"),
        Refusal("int(x)", "TypeError", "autograd.math … .data", at="x = 3"),
        Refusal("complex(x)", "TypeError", "autograd.math … .data", at="x = 3"),
        Refusal("std.exp(x)", "TypeError", "autograd.math … .data", at="x = 3"),
        Refusal("std.hypot(x, 4)", "TypeError", "autograd.math … .data", at="x = 3"),
        Refusal("'%.2f' % x", "TypeError", "Value", "Python 3.15 says so itself", at="x = 3"),
        Refusal("np.array([x]).astype(float)", "TypeError", "autograd.math … .data", at="x = 3"),
        Refusal("[1, 2, 3][x]", "TypeError", "Value", "a Value is no index", at="x = 1"),
        Refusal("range(x)", "TypeError", "'Value'", at="x = 3"),
    ),
)

OPERANDS = Section(
    "Arithmetic with other types",
    "Whatever can become a Value counts as its float, on either side. Whatever cannot is refused, and never "
    "understood in another sense, such as repeating a list. `⊕` stands for each of `+ - * / // % **`.",
    (
        Answer("type(x ⊕ 2) is type(2 ⊕ x) is Value", "True", at="x = 3"),
        Answer("type(x ⊕ True) is type(Fraction(1, 2) ⊕ x) is Value", "True", at="x = 3"),
        Refusal("x ⊕ '1'", "TypeError", "'str'", at="x = 3"),
        Refusal("'1' + x", "TypeError", "str", at="x = 3"),
        Refusal("'1' * x", "TypeError", "'str'", at="x = 3"),
        Refusal("x ⊕ b'1'", "TypeError", "'bytes'", at="x = 3"),
        Refusal("x ⊕ None", "TypeError", "'NoneType'", at="x = 3"),
        Refusal("None ⊕ x", "TypeError", "'NoneType'", at="x = 3"),
        Refusal("x ⊕ 1j", "TypeError", "'complex'", at="x = 3"),
        Refusal("1j ⊕ x", "TypeError", "'complex'", at="x = 3"),
        Refusal("x ⊕ Decimal(1)", "TypeError", "Decimal", at="x = 3"),
        Refusal("Decimal(1) ⊕ x", "TypeError", "Decimal", at="x = 3"),
        Refusal("x ⊕ [1, 2]", "TypeError", "'list'", "the list is not repeated", at="x = 2"),
        Refusal("[1, 2] * x", "TypeError", "'list'", at="x = 2"),
        Refusal("x ⊕ (1, 2)", "TypeError", "'tuple'", at="x = 2"),
        Refusal("math.atan2(x, '1')", "TypeError", "'str'", "functions too", at="x = 2"),
        Refusal("math.maximum(None, x)", "TypeError", "'NoneType'", at="x = 2"),
    ),
)

NUMPY = Section(
    "NumPy",
    "A NumPy scalar is a number like any other, on either side. With an array a Value broadcasts into an "
    "array of Values, and NumPy's functions apply to such an array element by element.",
    (
        Number("np.float64(3) - x", "x = 1", "2", "-1"),
        Number("x * np.float32(0.5)", "x = 3", "1.5", "0.5"),
        Number("np.int64(6) / x", "x = 3", "2", "-2 / 3"),
        Number("(x * np.array([1.0, 2.0]))[1]", "x = 3", "6", "2"),
        Number("(np.array([1.0, 2.0]) - x)[0]", "x = 3", "-2", "-1"),
        Number("np.array([2.0, 5.0]) @ np.array([x, y])", "x = 3, y = 4", "26", "2, 5"),
        Number("np.exp(np.array([x, y]))[1]", "x = 3, y = 4", "exp(4)", "0, exp(4)"),
        Number("np.sum(np.array([x, y]))", "x = 3, y = 4", "7", "1, 1"),
        Answer("type(np.float64(3) ⊕ x) is type(x ⊕ np.int64(3)) is Value", "True", at="x = 2"),
        Answer("[type(v) is Value for v in x ⊕ np.array([1.0, 2.0])]", "[True, True]", at="x = 2"),
        Answer("[type(v) is Value for v in np.array([1.0, 2.0]) ⊕ x]", "[True, True]", at="x = 2"),
    ),
)

ARRAYS = Section(
    "Arrays follow NumPy",
    "An array argument, what comes of operations on it, and what else the library makes an array of, are to "
    "NumPy like arrays of floats: overflow and domain errors give inf and NaN, with NumPy's warnings, as "
    "`np.errstate` has them; NaN and ties are where NumPy has them. What is taken out of such an array is a "
    "Value and raises as Python does, and so does what `np.array([a, b])` makes of Values. A compiled "
    "function gives the same numbers, and no warnings.",
    (
        Answer("quiet(value_and_grad(lambda x: np.sum(np.exp(x))), [1000.0])[0]", "inf"),
        Answer("quiet(grad(lambda x: np.sum(np.exp(x))), [1000.0]).tolist()", "[inf]"),
        Answer("with warnings.catch_warnings(record=True) as told:\n    warnings.simplefilter('always')\n"
               "    grad(lambda x: np.sum(np.exp(x)))(np.array([1000.0]))\n"
               "(told[0].category.__name__, str(told[0].message))",
               "('RuntimeWarning', 'overflow encountered in exp')"),
        Refusal("with np.errstate(divide='raise'): grad(lambda x: np.sum(1 / x))(np.zeros(2))",
                "FloatingPointError", "divide by zero encountered in divide"),
        Answer("quiet(grad(lambda x: np.sum(1 / x)), [0.0, 2.0]).tolist()", "[-inf, -0.25]"),
        Answer("quiet(grad(lambda x: np.sum(np.where(x > 0, np.log(x), 0.0))), [-1.0, 2.0]).tolist()",
               "[0.0, 0.5]", "both branches are computed, and one is chosen"),
        Answer("quiet(compile(lambda x: np.sum(np.log(x))).grad, [0.0, 2.0]).tolist()", "[inf, 0.5]"),
        Refusal("grad(lambda x: 1 / x[0])(np.array([0.0, 1.0]))", "ZeroDivisionError", "",
                "an element is a Value"),
        Refusal("1 / np.array([Value(0.0), Value(1.0)])", "ZeroDivisionError", "", "an array of one's own"),
        Refusal("math.exp(Value(1000.0))", "OverflowError"),
        Answer("grad(np.linalg.norm)(np.zeros(3)).tolist()", "[0.0, 0.0, 0.0]", "and not NaN"),
        Answer("grad(lambda x: np.linalg.norm(x) ** 2)(np.zeros(3)).tolist()", "[0.0, 0.0, 0.0]"),
        Answer("grad(np.linalg.det)(np.ones((2, 2))).tolist()", "[[1.0, -1.0], [-1.0, 1.0]]",
               "the derivative of the polynomial, of a singular matrix too"),
        Answer("grad(lambda x: np.linalg.eigvalsh(x)[0])(np.eye(2)).tolist()", "[[0.5, 0.0], [0.0, 0.5]]",
               "equal eigenvalues share, as ties of max do; their vectors have none, NaN"),
        Answer("grad(lambda x: np.linalg.norm(x, axis=1).sum())(np.array([[0.0, 0.0], [0.0, 4.0]])).tolist()",
               "[[0.0, 0.0], [0.0, 1.0]]", "along an axis, and for all orders"),
        Answer("grad(np.std)(np.ones(3)).tolist()", "[0.0, 0.0, 0.0]"),
        Answer("grad(lambda x: np.sqrt(x)[0])(np.zeros(1)).tolist()", "[inf]", "a root is as steep as it is"),
        Answer("str(value_and_grad(np.median)(np.array([nan, 1.0, 2.0]))[0])", "'nan'"),
        Answer("grad(lambda x: x[np.argmax(x)])(np.array([1.0, nan, 2.0])).tolist()", "[0.0, 1.0, 0.0]",
               "NaN is the largest and the smallest"),
        Answer("grad(np.nanmax)(np.array([3.0, nan, 3.0])).tolist()", "[0.5, 0.0, 0.5]", "a tie is shared"),
        Answer("grad(np.max)(np.ones(3)).tolist()", "[0.25, 0.25, 0.5]",
               "of three, as `maximum(maximum(x, y), z)` shares it"),
        Answer("grad(lambda x: np.sum(np.clip(x, 0.0, 1.0)))(np.array([0.0, 1.0, 2.0])).tolist()",
               "[1.0, 1.0, 0.0]", "on its limits the gradient of clip is that of x"),
        Answer("(Value(1.0) < np.array([0.0, 2.0])).tolist()", "[False, True]"),
        Refusal("grad(lambda x: np.add(x, 1.0, out=np.zeros(2))[0])(np.ones(2))", "TypeError",
                "cannot hold the Values … np.zeros_like(x)"),
        Refusal("grad(lambda x: x.__setitem__(0, None))(np.ones(2))", "TypeError",
                "does a function lack its return?", "what is no number is not written"),
        Answer("grad(lambda x: np.sum(np.ones_like(x) * 10**20 + 1 - 10**20) * x[0])(np.ones(1)).tolist()",
               "[0.0]", "an array that is made like one holds floats"),
        Answer("grad(lambda x: np.sum(np.interp(x, [0, 1, 3], [0, 1, 5])))(np.array([1.0, 3, 4])).tolist()",
               "[2.0, 2.0, 0.0]", "at a sample the piece to the right counts, at the last one the last"),
    ),
    setup="""\
import warnings

from autograd import compile, grad, value_and_grad


def quiet(f, x):
    with np.errstate(all="ignore"):
        return f(np.array(x))""",
)  # fmt: skip

COMPARISONS = Section(
    "Comparing, hashing, asking for truth",
    "Comparisons look at the numbers and answer with a plain `True` or `False`; NaN is equal to nothing. "
    "The hash, though, is that of the object, so that Values with the same number are separate members of "
    "a set and separate keys of a dictionary. To ask whether two names stand for one node, write `is`.",
    (
        Answer(
            "(x < 3, x <= 2, x > 2, x >= 2, x == 2, x != 2)",
            "(True, True, False, True, True, False)",
            at="x = 2",
        ),
        Answer("x == y", "True", at="x = 2, y = 2"),
        Answer("3 > x", "True", at="x = 2"),
        Answer(
            "(x == x, x != x, x < 1, x >= 1)", "(False, True, False, False)", "as IEEE 754 says", at="x = nan"
        ),
        Answer("x == np.float64(2)", "True", "Python's bool, not NumPy's", at="x = 2"),
        Answer("np.float64(1) < x", "True", at="x = 2"),
        Answer("(x == '2', x != None)", "(False, True)", at="x = 2"),
        Refusal("x < '2'", "TypeError", "'str'", at="x = 2"),
        Answer("[bool(Value(n)) for n in (0.0, -0.0, 0.5, nan)]", "[False, False, True, True]", "as floats"),
        Answer("len({x, y, x})", "2", "two nodes with one number", at="x = 2, y = 2"),
        Answer("names = {x: 'x', y: 'y'}\n(names[x], names[y])", "('x', 'y')", at="x = 2, y = 2"),
        Answer("hash(x) == object.__hash__(x)", "True", at="x = 2"),
        Answer("before = hash(x)\nx.data = 3\nhash(x) == before", "True", "a key stays a key", at="x = 2"),
        Answer("len(topological_order(x + y))", "3", "equal numbers are not one node", at="x = 2, y = 2"),
        Answer("len(Neuron(2, initializer=lambda *_: 0.0).parameters())", "3", "though all three are 0"),
        *[Sweep(f"x {op} y") for op in ("<", "<=", ">", ">=", "==", "!=")],
        Sweep("bool(x)"),
    ),
)

IN_PLACE = Section(
    "In-place operators",
    "`y += 1` makes a new node and calls it `y`; the Value that had the name before is left as it was.",
    (
        Answer("y = x\ny += 1\n(x.data, y.data, y is x)", "(3.0, 4.0, False)"),
        Answer(
            "y = x\ny ⊕= 2\n(x.data, y is x, y.operands[0] is x)",
            "(3.0, False, True)",
            "`⊕` is each of `+ - * / // % **`",
        ),
        Answer("y = x\ny *= y\ny -= 1\ny.backward()\n(y.data, x.grad)", "(8.0, 6.0)", "the history is kept"),
        Answer("x.data += 1\nx.data", "4.0", "this does change `x`"),
    ),
    setup="x = Value(3.0)",
)

DETERMINISM = Section(
    "The same program, the same bits",
    "Nothing depends on where objects lie in memory or on how strings are hashed. These programs print "
    "the same digits, to the last one, in every run and whatever `PYTHONHASHSEED` is.",
    (
        Program("""\
import random
from autograd import Value

clutter = [object() for _ in range(hash("other places in memory") % 10_000)]
choose = random.Random(7).choice
leaves = [Value(0.1 * i) for i in range(20)]
nodes = list(leaves)
for step in range(500):
    clutter.append([object()] * (hash(str(step)) % 3))
    a, b = choose(nodes), choose(nodes)
    nodes.append(choose([a + b, a * b * 0.3, (a - b).tanh(), a.sin()]))
total = sum(nodes)
total.backward()
print(total.data.hex(), [x.grad.hex() for x in leaves])
"""),
        Program("""\
from autograd import nn, optim

clutter = [object() for _ in range(hash("other places in memory") % 10_000)]
model = nn.MLP(2, [4, 1], activation="tanh", seed=1)
optimizer = optim.Adam(model.parameters(), lr=0.1)
points, targets = [[0.0, 1.0], [1.0, 1.0], [0.3, -0.7], [-1.0, 0.2]], [1.0, 0.0, 0.5, 0.1]
for step in range(20):
    loss = nn.mse([model(point) for point in points], targets)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(loss.data.hex(), [p.data.hex() for p in model.parameters()])
"""),
    ),
)

COPIES = Section(
    "Copies and pickles",
    "A deep copy, or what comes back from a pickle, is a whole graph that works by itself: history, "
    "gradients and labels are there, and nothing done to it reaches the original. `copy.copy` makes one "
    "new node on the same operands. Graphs may be of any depth. In a function that is differentiated or "
    "compiled, derivatives lead through copies too.",
    (
        Answer("twin = copy.deepcopy(y)\nleaf = topological_order(twin)[0]\n"
               "(twin.data, leaf.grad, leaf.label)", "(12.0, 7.0, 'x')"),
        Answer("twin = pickle.loads(pickle.dumps(y))\nleaf = topological_order(twin)[0]\n"
               "(twin.data, leaf.grad, leaf.label)", "(12.0, 7.0, 'x')"),
        Answer("twin = copy.deepcopy(y)\ntwin.backward()\n(topological_order(twin)[0].grad, x.grad)",
               "(14.0, 7.0)", "independent"),
        Answer("twin = pickle.loads(pickle.dumps(y))\ntwin.backward()\n"
               "(topological_order(twin)[0].grad, x.grad)", "(14.0, 7.0)"),
        Answer("twin = copy.copy(y)\ntwin.backward()\n(twin is y, x.grad)", "(False, 14.0)",
               "the same operands"),
        Answer("twin = copy.copy(y)\ntwin.data = 0\ntwin.grad = 5.0\n(y.data, y.grad)", "(12.0, 1.0)"),
        Answer("a, b = copy.deepcopy([x, y])\ntopological_order(b)[0] is a", "True",
               "what was shared is shared among the copies"),
        Answer("a, b = pickle.loads(pickle.dumps([x, y]))\ntopological_order(b)[0] is a", "True"),
        Answer("[pickle.loads(pickle.dumps(y, n)).data for n in range(6)]", "[12.0] * 6", "every protocol"),
        Answer("for _ in range(100_000): y = y + 1\nlen(topological_order(copy.deepcopy(y)))", "100_003"),
        Answer("for _ in range(100_000): y = y + 1\n"
               "len(topological_order(pickle.loads(pickle.dumps(y))))", "100_003"),
        Answer("for _ in range(100_000): y = y + 1\nlen(topological_order(copy.copy(y)))", "100_003"),
    ),
    setup='import copy, pickle\n\nx = Value(3.0, label="x")\ny = x * x + x\ny.backward()',
)  # fmt: skip

MEMORY = Section(
    "Memory",
    "A graph is freed with the last name that leads to it, at once: it holds no cycle of references, so "
    "that Python's cyclic garbage collector, switched off here, has nothing to do.",
    (
        Answer("x = Leaf(3.0)\ny = (x * x + x.exp()) / 2\ndel x\nalive() - before", "1",
               "y still leads to it"),
        Answer("x = Leaf(3.0)\ny = (x * x + x.exp()) / 2\ny.backward()\ndel x, y\nalive() - before", "0"),
        Answer("twins = [copy.deepcopy(Leaf(3.0).exp()) for _ in range(2)]\ncopied = alive()\n"
               "del twins\ncopied - before, alive() - before", "(2, 0)"),
        Answer("with suppress(ZeroDivisionError): Leaf(1.0).exp() / 0\nalive() - before", "0",
               "after an error"),
        Answer("y = Leaf(1.0)\nfor _ in range(100_000): y = y + 1\ndel y\nalive() - before", "0",
               "without recursion"),
        Answer("model = MLP(2, [4, 1], seed=0)\n"
               "for _ in range(100): mse([model([Leaf(1.0), 2.0])], [0.0]).backward()\n"
               "alive() - before", "0", "a hundred steps of training"),
        Answer("tracemalloc.start()\nfor _ in range(1000): (Value(2.0).exp() * 3).backward()\n"
               "kept, _ = tracemalloc.get_traced_memory()\ntracemalloc.stop()\nkept < 10_000", "True",
               "a thousand graphs, less than 10 kB"),
    ),
    setup="""\
import copy, gc, tracemalloc

gc.collect()
gc.disable()


class Leaf(Value):
    pass


def alive():
    return sum(isinstance(thing, Leaf) for thing in gc.get_objects())


before = alive()""",
)  # fmt: skip

THREADS = Section(
    "Threads",
    "Graphs that have no Value in common can be built and differentiated on as many threads as you like. "
    "A leaf that they share is another matter: nothing locks its `grad`, and two sweeps at once may lose "
    "a part of the sum. Give each thread leaves of its own, and add up afterwards.",
    (
        Answer("with ThreadPoolExecutor(4) as pool: together = list(pool.map(slope, range(1, 9)))\n"
               "together == [slope(n) for n in range(1, 9)]", "True", "as one after the other"),
        Answer("with no_grad(), ThreadPoolExecutor(1) as pool: y = pool.submit(double, Value(3.0)).result()\n"
               "len(y.operands)", "2", "`no_grad()` concerns its own thread"),
        Answer("'is not locked' in Value.__doc__", "True", "its documentation says so"),
    ),
    setup="""\
from concurrent.futures import ThreadPoolExecutor


def slope(n):
    x = y = Value(1.0 / n)
    for _ in range(3000):
        y = (y * x).tanh() + x
    y.backward()
    return x.grad


def double(x):
    return x * 2""",
)  # fmt: skip

NETWORKS = Section(
    "Networks of the wrong size",
    "A size that cannot be is refused when the network is made, and a row of the wrong length when it is "
    "called. The message names the size that is needed and the one that was given.",
    (
        Refusal("Neuron(2)([1.0])", "ValueError", "rows of 2 … has 1"),
        Refusal("Layer(2, 3)([1.0])", "ValueError", "rows of 2 … has 1"),
        Refusal("MLP(3, [4, 1])([1, 2])", "ValueError", "rows of 3 … has 2"),
        Refusal("MLP(3, [4, 1])([1, 2, 3, 4])", "ValueError", "rows of 3 … has 4"),
        Refusal("Neuron(0)", "ValueError", "1 or more, not 0"),
        Refusal("Layer(2, 0)", "ValueError", "1 or more, not 0"),
        Refusal("MLP(2, [])", "ValueError", "2 inputs … 0 layers"),
        Refusal("MLP(2, 3)", "TypeError", "a list … not 3"),
    ),
)

FUNCTIONS = Section(
    "Derivatives of functions",
    "`grad`, `jacobian`, `hessian` and their kin call the function on Values and sweep over what that "
    "records; they change no `grad`. Plain numbers in give plain numbers out; where the derivative may "
    "itself be differentiated, because the argument is a Value or depends on one around it, it is a Value.",
    (
        Answer("grad(lambda x: x * x)(3)", "6.0", "an int is a number like any other"),
        Answer("grad(lambda x: 7.0)(3.0)", "0.0", "no dependence is derivative 0, not an error"),
        Answer("grad(lambda x: 7.0)([])", "[]", "no numbers, no derivatives"),
        Answer("grad(lambda p: p['a'] ** 2)({'a': 3.0, 'on': True, 'name': 'p'})",
               "{'a': 6.0, 'on': None, 'name': None}", "flags and text have none"),
        Answer("grad(lambda x: x @ x)(np.array([1, 2])).tolist()", "[2.0, 4.0]", "an array for an array"),
        Answer("grad(lambda x: x**2)(np.array([3.0])).tolist()", "[6.0]",
               "an array of one number has a gradient, as in HIPS autograd"),
        Answer("grad(lambda x: x * grad(lambda y: x + y)(x))(5.0)", "1.0", "the inner one is 1, not 2"),
        Answer("grad(lambda x: x * copy.deepcopy({'a': x})['a'])(5.0)", "10.0", "a copy of x is x"),
        Refusal("grad(lambda x: x * pickle.loads(pickle.dumps(x)))(5.0)", "TypeError",
                "what comes back has lost its derivative", "from another process as well"),
        Answer("type(grad(lambda x: x * x)(Value(3.0))).__name__", "'Value'"),
        Answer("x = Value(3.0)\ngradients(gradients(x**3, x, create_graph=True), x)", "18.0"),
        Answer("kept = []\ngrad(lambda x: kept.append(x) or x)(3.0)\n(kept[0] * 2).data", "6.0",
               "an argument that outlives the call is a Value"),
        Answer("grad(grad(abs))(0.0)", "0.0"),
        Answer("grad(grad(math.sqrt))(0.0)", "-inf", "the limit"),
        Answer("grad(grad(math.asin))(1.0)", "inf", "the limit"),
        Answer("grad(grad(lambda x: x**2))(0.0)", "2.0"),
        Answer("grad(grad(math.tanh))(1000.0)", "0.0", "and not NaN"),
        Answer("[derivative(math.sin, n)(0.0) for n in range(5)]", "[0.0, 1.0, 0.0, -1.0, 0.0]"),
        Answer("grad(no_grad()(lambda x: x * x))(3.0)", "0.0", "what `no_grad()` made is a constant"),
        Answer("w = Value(0.0)\nderivative(lambda x: x * math.sqrt(w))(2.0)", "0.0",
               "the infinite slope of what does not depend on x has no part"),
        Answer("hvp(lambda x, a: a * x**3)(2.0, 1.0, 10.0)", "120.0",
               "the vector, 1, follows what is differentiated by, as in SciPy"),
        Answer("hvp(lambda x, a: a * x**3)(2.0, 10.0, vector=1.0)", "120.0"),
        Answer("root = custom_gradient(lambda s: 1 / derivative(lambda v: v * v)(root(s)))(std.sqrt)\n"
               "hessian(root)(4.0)", "-0.03125", "a rule may call its own function"),
        Refusal("hvp(lambda x: x[0] ** 2)([2.0], 1.0)", "TypeError",
                "the vector needs the structure … it comes after the last argument"),
        Refusal("w = Value(2.0)\ncustom_gradient(lambda x: 2.0)(lambda x: w * x)(Value(3.0))", "TypeError",
                "uses a Value that is no argument, by which the derivative would be lost"),
        Refusal("with no_grad(): y = Value(3.0) * 2\ngradients(y, y * 1.0)", "RuntimeError",
                "computed inside no_grad()"),
        Refusal("grad(lambda x: [x])(1.0)", "TypeError", "must return a real number … list … jacobian()"),
        Refusal("grad(lambda x: None)(1.0)", "TypeError", "returned None … lack a return"),
        Refusal("grad(math.sin)('1')", "TypeError", "argument 0 of sin is '1' (str)"),
        Refusal("grad(math.sin, argnums=1)(1.0)", "TypeError", "called with 1 positional"),
        Refusal("grad(1.0)", "TypeError", "takes a function, not 1.0"),
        Refusal("grad(lambda x: np.linalg.eig(x)[0][0])(np.eye(2))", "TypeError",
                "NumPy's eig does not work on Values … eigh is, for symmetric matrices"),
        Refusal("grad(lambda x: np.linalg.solve(x, x[0])[0])(np.ones((2, 2)))", "LinAlgError",
                "Singular matrix", "as on floats, compiled too"),
        Refusal("x = Value(3.0)\ny = x * x\nx.data = 10\ngradients(y, x, create_graph=True)", "RuntimeError",
                "compute the result again", "a second derivative cannot be corrupted either"),
        Refusal("with detect_anomaly(): grad(math.sqrt)(0.0)", "FloatingPointError",
                "gradient through sqrt is inf"),
    ),
    setup="import copy, pickle\n"
    "from autograd import custom_gradient, derivative, detect_anomaly, grad, gradients, hessian, hvp",
)  # fmt: skip

LOOPS = Section(
    "Loops as functions, and calls that keep little",
    "`scan`, `fori_loop` and `while_loop` are the loops of Python that they stand for, and check what goes "
    "from turn to turn. A call under `checkpoint` has the value of the function to the last bit, and "
    "derivatives of all orders.",
    (
        Answer("scan(lambda total, x: (total + x, total), 0, [1, 2, 3])", "(6, [0, 1, 3])"),
        Answer("scan(lambda total, x: (total + x, total), 0, [1, 2, 3], reverse=True)", "(6, [5, 3, 0])",
               "what is kept is in the order of what is scanned"),
        Answer("scan(lambda c, x: (2 * c, x), 1, length=10)", "(1024, None)"),
        Answer("scan(lambda c, x: 1 / 0, 1.0, [])", "(1.0, [])", "without turns nothing is called"),
        Answer("scan(lambda c, x: (c, x), None, ([1, 2], [3, 4]))", "(None, ([1, 2], [3, 4]))",
               "lists in a tuple are scanned at once"),
        Answer("scan(lambda c, x: (c, x), None, [[1, 2], [3, 4]])", "(None, [[1, 3], [2, 4]])",
               "a list is scanned by its elements"),
        Answer("grad(lambda x: fori_loop(0, 3, lambda i, y: x * y, 1.0))(2.0)", "12.0", "of x³"),
        Answer("grad(lambda x: while_loop(lambda y: y < 100, lambda y: y * x, x))(3.0)", "405.0",
               "of x⁵, in reverse, which JAX has not"),
        Answer("power = checkpoint(lambda x: fori_loop(0, 20, lambda i, y: y * x, 1.0))\n"
               "power(1.0), grad(power)(1.0), hessian(power)(1.0)", "(1.0, 20.0, 380.0)"),
        Refusal("scan(lambda c, x: ([c], None), 0.0, [1.0])", "TypeError",
                "the carry is a list of 1 where there was a number"),
        Refusal("scan(lambda c, x: c + x, 0.0, [1.0])", "TypeError",
                "must return a tuple of two … not 1.0 (float)"),
        Refusal("scan(lambda c, x: (c, x), 0.0)", "ValueError", "nothing to scan … length=10"),
        Refusal("scan(lambda c, x: (c, x), 0.0, ([1], [1, 2]))", "ValueError", "1 of xs[0], 2 of xs[1]"),
        Refusal("while_loop(lambda y: y, abs, 1.0)", "TypeError", "must return True or False"),
        Refusal("x = Value(1.0)\ny = checkpoint(lambda x: fori_loop(0, 20, lambda i, y: y * x, 1.0))(x)\n"
                "x.data = 2.0\ngradients(y, x, create_graph=True)", "RuntimeError",
                "did something else when it was called again … .data"),
    ),
    setup="from autograd import checkpoint, fori_loop, grad, gradients, hessian, scan, while_loop",
)  # fmt: skip

COMPILED = Section(
    "A compiled function is the function",
    "What `compile` and `vmap` return gives what the function gives, for all arguments, at every call, "
    "whatever was called before; or it is an error that says why. Branches, caught errors, numbers from "
    "outside and derivatives inside all count. What Python has no hook for is in the documentation of "
    "`compile`.",
    (
        Answer("fast = compile(lambda x: x * x if x > 0 else -x)\n[fast(2.0), fast(-3.0), fast.grad(-3.0)]",
               "[4.0, 3.0, -1.0]", "a branch for each call"),
        Answer("fast = compile(root_or_zero)\n[fast(4.0), fast(-1.0), fast.grad(4.0), fast.grad(-1.0)]",
               "[2.0, -0.0, 0.25, 0.0]", "a caught error is a branch"),
        Answer("fast = compile(grad(grad(lambda x: x**3 if x > 0 else -(x**3))))\n[fast(2.0), fast(-2.0)]",
               "[12.0, 12.0]", "derivatives inside, too"),
        Answer("fast = compile(lambda x: factor['k'] * x)\nbefore = fast(3.0)\nfactor['k'] = 10.0\n"
               "[before, fast(3.0)]", "[6.0, 30.0]", "what is read from outside is read anew"),
        Answer("w = Value(2.0)\nfast = compile(lambda k: k * grad(lambda a: a * a * w)(3.0))\n"
               "before = fast(1.0)\nw.data = 5.0\n[before, fast(1.0)]", "[12.0, 30.0]"),
        Answer("fast, x, m = compile(lambda x, m: x @ m), np.array([2.0, 3.0]), np.array([1, 0])\n"
               "before = fast(x, m)\nm[1] = 5\n[before, fast(x, m)]", "[2.0, 17.0]",
               "an array that was changed in place"),
        Answer("compile(lambda x, term: {0.5: 3.0}.get(term, 0.0) * x).value_and_grad(2.0, 0.5)",
               "(6.0, 3.0)", "a float that is not differentiated by is a float"),
        Answer("fast = compile(lambda x, n: x**n)\n[fast(2.0, n) for n in range(4)]", "[1.0, 2.0, 4.0, 8.0]",
               "a whole number that changes"),
        Answer("fast = compile(lambda x: sorted([x, 2.0, 1.0])[0])\n[fast(0.5), fast(3.0)]", "[0.5, 1.0]"),
        Answer("fast = compile(lambda x: np.sum(x * x))\nbefore = fast.grad(2.0)\n"
               "(before, fast.grad(np.array([3.0, 4.0])).tolist())", "(4.0, [6.0, 8.0])",
               "an array means an array, whatever was called before"),
        Refusal("compile(lambda x: x.data * x)(2.0)", "CompileError",
                "with .data … compute with the Value itself"),
        Refusal("compile(backward_inside)(2.0)", "CompileError", "backward"),
        Refusal("compile(lambda x: kept.append(x) or x * x).grad(3.0)\ngrad(lambda y: kept[0] * y)(2.0)",
                "RuntimeError",
                "uses a number … left behind", "an argument that was kept and is used in a later call"),
        Answer("vmap(lambda x: x * x if x > 0 else -x)(np.array([2.0, -3.0])).tolist()", "[4.0, 3.0]",
               "a batch, point by point"),
        Answer("vmap(math.log).value_and_grad(np.array([1.0, -3.0]))[1].tolist()", "[1.0, nan]",
               "where the function raises"),
        Refusal("vmap(compile(lambda x: 1 / x, errors='raise'))(np.array([2.0, 0.0]))", "ZeroDivisionError"),
        Answer("many = vmap(lambda p, on: p * p if on else p, in_axes=(None, 0))\n"
               "many(3.0, np.array([True, False])).tolist()", "[9.0, 3.0]", "flags"),
        Answer("vmap(lambda p, x: p * p * x, in_axes=(None, 0)).grad(3.0, np.array([1.0, 2.0]))", "18.0",
               "the gradient of the sum"),
        Answer("many = vmap(lambda p, x: p * p * x, in_axes=(None, 0), reduce=None)\n"
               "many.grad(3.0, np.array([1.0, 2.0])).tolist()",
               "[6.0, 12.0]", "a row a point"),
        Answer("vmap(grad(lambda p, x: p * p * x), in_axes=(None, 0))(3.0, np.array([1.0, 2.0])).tolist()",
               "[6.0, 12.0]", "as in JAX"),
    ),
    setup="""\
from autograd import compile, grad, vmap

factor = {"k": 2.0}
kept = []


def root_or_zero(x):
    try:
        return math.sqrt(x)
    except ValueError:
        return 0.0 * x


def backward_inside(x):
    y = x * x
    y.backward()
    return x * x.grad""",
)  # fmt: skip

SECTIONS = (
    NUMBERS,
    ERRORS,
    KINKS,
    EXTREMES,
    CHOOSING,
    REPEATED,
    RECORDING,
    CONVERSIONS,
    OPERANDS,
    NUMPY,
    ARRAYS,
    COMPARISONS,
    IN_PLACE,
    DETERMINISM,
    COPIES,
    MEMORY,
    THREADS,
    NETWORKS,
    FUNCTIONS,
    LOOPS,
    COMPILED,
)
