"""A formula as text, parsed safely into Values: `evaluate("x*y + sin(x)", {"x": 2, "y": 5})`.

The text is read by a parser of its own, never by Python's, so a formula can hold numbers, names, operators
and functions of `autograd.math` and nothing else. It becomes a list of steps in postfix order, which one loop
carries out on Values. Length and depth are bounded and every number is a float, so no text takes long;
whatever is wrong with it is an `ExpressionError` that points at the place.
"""

from __future__ import annotations

import difflib
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from math import isinf
from typing import Any, NamedTuple, NoReturn, TypeVar

from . import math, ops
from .engine import Value
from .primitive import Primitive, real

T = TypeVar("T")

MAX_LENGTH = 10_000
"""The number of characters that a formula may have."""

MAX_DEPTH = 100
"""How deep parentheses, calls, signs and powers may be nested in each other."""

CONSTANTS = {name: getattr(math, name) for name in ("pi", "e", "tau", "inf", "nan")}
"""The constants by their names."""

_NOT_OF_SCALARS = (
    {"comb", "factorial", "gcd", "isqrt", "lcm", "perm"}  # functions of whole numbers
    | {"isclose", "isfinite", "isinf", "isnan", "isnormal", "issubnormal", "signbit", "where"}  # conditions
    | {"dist", "frexp", "fsum", "log_softmax", "modf", "prod", "softmax", "sumprod"}  # sequences and pairs
)

FUNCTIONS: dict[str, Callable[..., Any]] = {
    name: getattr(math, name)
    for name in math.__all__
    if name not in CONSTANTS and name not in _NOT_OF_SCALARS
} | {"abs": abs}
"""The functions by their names: those of `autograd.math` from real numbers to a real number, and abs."""

_OTHER_NAMES = {
    "arccos": "acos", "arccosh": "acosh", "arcsin": "asin", "arcsinh": "asinh", "arctan": "atan",
    "arctan2": "atan2", "arctanh": "atanh", "ceiling": "ceil", "ctg": "1/tan", "factorial": "gamma",
    "ld": "log2", "lg": "log10", "ln": "log", "logistic": "sigmoid", "max": "maximum", "min": "minimum",
    "power": "pow", "psi": "digamma", "sgn": "sign", "swish": "silu", "tg": "tan", "π": "pi",
}  # fmt: skip
"""What people call functions and constants elsewhere, and their names here."""

_INSTEAD = {
    "^": "write ** for powers",
    "×": "write *", "·": "write *", "⋅": "write *", "∙": "write *", "÷": "write /",
    "−": "write -", "–": "write -", "—": "write -",
    "²": "write **2", "³": "write **3", "√": "write sqrt(...)",
    "!": "write gamma(n + 1) for the factorial of n", "|": "write abs(...)",
    "=": "variables get their numbers outside the formula",
    "[": "write round parentheses", "{": "write round parentheses",
}  # fmt: skip

_OPERATORS: dict[str, tuple[int, Callable[..., Any]]] = {
    "+": (1, operator.add),
    "-": (1, operator.sub),
    "*": (2, operator.mul),
    "/": (2, operator.truediv),
    "//": (2, operator.floordiv),
    "%": (2, operator.mod),
    "**": (4, ops.power),  # the operator would make complex numbers of floats
}
"""The binary operators, with how tightly they bind, as in Python."""

_SIGN = 3  # the binding of a sign: tighter than *, looser than **

_NUMBER = re.compile(r"(?:[0-9]+(?:_[0-9]+)*\.?(?:[0-9]+(?:_[0-9]+)*)?|\.[0-9]+(?:_[0-9]+)*)(?:[eE][+-]?[0-9]+)?")
_SYMBOL = re.compile(r"\*\*|//|[-+*/%(),]")


class ExpressionError(ValueError):
    """Something is wrong with a formula or with its variables.

    Attributes:
        message: what is wrong and what to do about it, in one line.
        text: the formula.
        start, stop: the characters of the formula that are meant; start is None where none are.

    >>> try:
    ...     evaluate("2*x + sni(x)", {"x": 1.0})
    ... except ExpressionError as error:
    ...     print(error)
    unknown function 'sni'; did you mean sin?
        2*x + sni(x)
              ^^^
    """

    def __init__(self, message: str, text: str = "", start: int | None = None, stop: int = 0) -> None:
        super().__init__(message, text, start, stop)
        self.message = message
        self.text = text
        self.start = start
        self.stop = stop

    def __str__(self) -> str:
        if self.start is None:
            return self.message
        return f"{self.message}\n{_pointed_at(self.text, self.start, self.stop)}"


def evaluate(text: str, variables: Mapping[str, float] | None = None) -> tuple[Value, dict[str, Value]]:
    """Compute a formula on Values.

    A formula is made of numbers, names, `+ - * / // % **`, signs, parentheses and calls of the functions in
    `FUNCTIONS`; operators bind as in Python. What holds no variable is computed as plain floats, so the
    graph has nodes for the variables and for what depends on them.

    Args:
        text: the formula, at most 10,000 characters.
        variables: a real number for every name in the formula that is not a constant. A variable that the
            formula does not contain is no error; the derivative by it is 0.

    Returns:
        The result, and the Value of each variable, labelled with its name.

    Raises:
        ExpressionError: the formula is malformed or names something unknown, a variable has the name of a
            function or a constant, or an operation fails, such as a division by zero.
        TypeError: the number of a variable is not a real number.

    >>> y, variables = evaluate("log(x1) + x1*x2 - sin(x2)", {"x1": 2, "x2": 5})
    >>> y.backward()
    >>> y.data, variables["x1"].grad, variables["x2"].grad
    (11.652071455223084, 5.5, 1.7163378145367738)
    """
    if not isinstance(text, str):
        raise TypeError(f"a formula is text, not {type(text).__name__!r}")
    values = _variables({} if variables is None else variables)
    steps = _Parser(text, {_normal(name) for name in values}).steps()
    result = _run(text, steps, {_normal(name): value for name, value in values.items()})
    return (result if isinstance(result, Value) else Value(result)), values


def _variables(numbers: Mapping[str, float]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    seen: dict[str, str] = {}
    for name, number in numbers.items():
        same = _normal(name)
        if not same.isidentifier():
            raise ExpressionError(
                f"{_short(name)} cannot be the name of a variable; names are letters, digits and _, "
                "and begin with no digit"
            )
        if same in FUNCTIONS or same in CONSTANTS:
            kind = "function" if same in FUNCTIONS else "constant"
            raise ExpressionError(f"{name!r} is a {kind} of autograd.math; give the variable another name")
        if same in seen:
            raise ExpressionError(f"the variables {seen[same]!r} and {name!r} have the same name")
        seen[same] = name
        values[name] = Value(real(number), label=name)
    return values


def _normal(name: str) -> str:
    """Return a name as Python's own parser normalises it, so that one name has one spelling."""
    return unicodedata.normalize("NFKC", name)


# Parsing: from text to steps


class _Token(NamedTuple):
    kind: str  # "number", "name", "end", or the symbol itself
    text: str
    start: int
    stop: int


class _Step(NamedTuple):
    """A number or a variable to push, or a function to apply to the `count` numbers pushed last."""

    item: float | str | Callable[..., Any]
    count: int
    start: int
    stop: int


class _Parser:
    """A parser by operator precedence (Pratt, 1973): every operator knows how tightly it binds."""

    def __init__(self, text: str, variables: set[str]) -> None:
        self.text = text
        self.variables = variables
        self.code: list[_Step] = []
        self.depth = 0

    def steps(self) -> list[_Step]:
        """Return the whole formula in postfix order: operands first, then what is applied to them."""
        if len(self.text) > MAX_LENGTH:
            raise ExpressionError(
                f"the formula has {len(self.text)} characters; no more than {MAX_LENGTH} are read"
            )
        self.tokens = self._tokens()
        self.at = 0
        if self.next.kind == "end":
            raise ExpressionError("the formula is empty")
        self._operation(0)
        if self.next.kind == ")":
            self._fail("this parenthesis was never opened", self.next)
        if self.next.kind == ",":
            self._fail("a comma stands between the arguments of a function only; decimals have a point", self.next)
        return self.code

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def _take(self) -> _Token:
        token = self.next
        self.at += 1
        return token

    def _fail(self, message: str, token: _Token) -> NoReturn:
        raise ExpressionError(message, self.text, token.start, token.stop)
