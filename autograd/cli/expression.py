"""A formula as text, parsed safely into Values: `evaluate("x*y + sin(x)", {"x": 2, "y": 5})`.

The text is read by a parser of its own, never by Python's, so a formula holds numbers, names, operators and
functions of `autograd.math`, and nothing else. It becomes a list of steps in postfix order, which one loop
carries out on Values. Length and depth are bounded and every number is a float, so no text takes long;
whatever is wrong with it is an `ExpressionError` that points at the place.
"""

from __future__ import annotations

import difflib
import operator
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from math import isfinite, isinf
from typing import Any, NamedTuple, NoReturn

from ..engine import Value, data_of
from ..support.messages import cut, listed, quoted
from ..support.real_numbers import real
from ..support.terminal import point_at
from .vocabulary import CONSTANTS, FUNCTIONS, INSTEAD, KNOWN_AS, OPERATORS, SIGN, arity

MAX_LENGTH = 10_000
"""How many characters a formula may have."""

MAX_DEPTH = 100
"""How deep parentheses, calls, signs and powers may be nested in each other."""


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
        return f"{self.message}\n{point_at(self.text, self.start, self.stop)}"


def evaluate(text: str, variables: Mapping[str, float] | None = None) -> tuple[Value, dict[str, Value]]:
    """Compute a formula on Values.

    A formula is made of numbers, names, `+ - * / // % **`, signs, parentheses and calls of the functions in
    `vocabulary.FUNCTIONS`; operators bind as in Python. What holds no variable is computed as plain floats,
    so the graph has nodes for the variables and for what depends on them.

    Args:
        text: the formula, at most 10,000 characters.
        variables: a real number for every name in the formula that is not a constant. A variable that the
            formula does not contain is no error: the derivative by it is 0.

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
    leaves = _leaves({} if variables is None else variables)
    by_name = {_normal(name): leaf for name, leaf in leaves.items()}
    result = _run(text, _Parser(text, by_name).steps(), by_name)
    return (result if isinstance(result, Value) else Value(result)), leaves


def _leaves(numbers: Mapping[str, float]) -> dict[str, Value]:
    leaves: dict[str, Value] = {}
    spellings: dict[str, str] = {}
    for name, number in numbers.items():
        if len(name) > MAX_LENGTH:
            raise ExpressionError(
                f"{quoted(name)} cannot be the name of a variable; it is longer than any formula"
            )
        normal = _normal(name)
        if not normal.isidentifier():
            raise ExpressionError(
                f"{quoted(name)} cannot be the name of a variable; "
                "a name is made of letters, digits and _, and does not begin with a digit"
            )
        if normal in FUNCTIONS or normal in CONSTANTS:
            kind = "function" if normal in FUNCTIONS else "constant"
            raise ExpressionError(f"{name!r} is the name of a {kind}; give the variable another one")
        if normal in spellings:
            both = f"{quoted(spellings[normal])} and {quoted(name)}"
            raise ExpressionError(f"{both} are spellings of one variable")
        spellings[normal] = name
        try:
            leaves[name] = Value(real(number), label=name)
        except OverflowError:  # an int or a Fraction beyond the floats
            raise ExpressionError(
                f"the number of {quoted(name)} is too large for a float, which ends at 1.8e308"
            ) from None
    return leaves


def _normal(name: str) -> str:
    # As Python's own parser does: one name may have several spellings in Unicode (PEP 3131).
    return unicodedata.normalize("NFKC", name)


# Parsing: from text to steps


class _Token(NamedTuple):
    kind: str  # "number", "name", "end", or the symbol itself
    text: str
    start: int
    stop: int


class _Step(NamedTuple):
    """A number or the name of a variable to push, or a function to apply to the `arity` pushed last."""

    item: float | str | Callable[..., Any]
    arity: int
    token: _Token


_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_NUMBER = re.compile(rf"(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?[0-9]+)?")
_LIKE_A_NUMBER = re.compile(r"\.?[0-9][0-9._]*(?:[eE][+-]?[0-9]+)?")
_SYMBOL = re.compile(r"\*\*|//|[-+*/%(),]")
_NO_DECIMAL_COMMA = "a comma separates the arguments of a function only; decimals have a point"


class _Parser:
    """A parser by operator precedence (Pratt, 1973): every operator knows how tightly it binds."""

    def __init__(self, text: str, variables: Collection[str]) -> None:
        self.text = text
        self.variables = variables
        self.code: list[_Step] = []
        self.depth = 0
        self.next = self.last = _Token("end", "", 0, 0)

    def steps(self) -> list[_Step]:
        """Return the steps of the whole formula: operands first, then what is applied to them."""
        if len(self.text) > MAX_LENGTH:
            raise ExpressionError(
                f"the formula has {len(self.text)} characters; {MAX_LENGTH} are the most it may have"
            )
        self.advance()
        if self.next.kind == "end":
            raise ExpressionError("the formula is empty")
        self.operation(0)
        if self.next.kind == ")":
            self.fail("this parenthesis was never opened")
        if self.next.kind == ",":
            self.fail(_NO_DECIMAL_COMMA)
        return self.code

    def fail(self, message: str, token: _Token | None = None) -> NoReturn:
        token = token or self.next
        raise ExpressionError(message, self.text, token.start, token.stop)

    # Tokens

    def advance(self) -> _Token:
        """Go to the next token and return the one that was next until now."""
        self.last, self.next = self.next, self.token_from(self.next.stop)
        return self.last

    def token_from(self, start: int) -> _Token:
        text = self.text
        while start < len(text) and (text[start] in " \t\r\n" or unicodedata.category(text[start]) == "Zs"):
            start += 1
        if start == len(text):
            return _Token("end", "", len(text.rstrip()), len(text))
        if number := _LIKE_A_NUMBER.match(text, start):
            if not _NUMBER.fullmatch(number[0]):
                self.fail(f"{quoted(number[0])} is not a number", _Token("", "", *number.span()))
            return _Token("number", number[0], *number.span())
        if symbol := _SYMBOL.match(text, start):
            return _Token(symbol[0], symbol[0], *symbol.span())
        stop = start
        while stop < len(text) and ("_" + text[stop]).isidentifier():
            stop += 1
        name = _normal(text[start:stop])
        if not name.isidentifier():
            self.fail_at_character(start)
        return _Token("name", name, start, stop)

    def fail_at_character(self, start: int) -> NoReturn:
        character = self.text[start]
        plain = _normal(character)
        hint = (
            f"write {plain}"
            if character != plain and plain in "0123456789.+-*/%(),"
            else "it has no meaning in a formula"
        )
        self.fail(
            f"unexpected {character!r}; {INSTEAD.get(character, hint)}", _Token("", "", start, start + 1)
        )

    # Grammar

    def operation(self, binding: int) -> None:
        """Parse an operand and the operators after it that bind at least so tightly, with their operands."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"the formula is nested deeper than {MAX_DEPTH} levels here")
        self.operand()
        if self.next.kind in ("number", "name", "("):
            self.fail_between_operands()
        while self.next.kind in OPERATORS and (tightness := OPERATORS[self.next.kind][0]) >= binding:
            token = self.advance()
            # Equal operators are done from the left, powers from the right.
            self.operation(tightness if token.kind == "**" else tightness + 1)
            self.code.append(_Step(OPERATORS[token.kind][1], 2, token))
        self.depth -= 1

    def operand(self) -> None:
        token = self.next
        if token.kind == "number":
            number = float(token.text)
            if isinf(number):
                self.fail("this number is too large for a float, which ends at 1.8e308")
            self.advance()
            self.code.append(_Step(number, 0, token))
        elif token.kind == "name":
            self.advance()
            self.call(token) if self.next.kind == "(" else self.name(token)
        elif token.kind == "(":
            self.advance()
            self.operation(0)
            self.close(token)
        elif token.kind in ("-", "+"):
            self.advance()
            self.operation(SIGN)
            if token.kind == "-":
                self.code.append(_Step(operator.neg, 1, token))
        elif token.kind == "end":
            self.fail("the formula ends where a number, a name or a parenthesis should follow")
        else:
            self.fail(f"a number, a name or a parenthesis should stand here, not {token.text!r}")

    def name(self, token: _Token) -> None:
        name = token.text
        if name in CONSTANTS:
            self.code.append(_Step(CONSTANTS[name], 0, token))
        elif name in self.variables:
            self.code.append(_Step(name, 0, token))
        elif name in FUNCTIONS:
            self.fail(f"{name} is a function; its argument stands in parentheses: {name}(...)", token)
        else:
            names = sorted(self.variables)
            given = listed(cut(name, 40) for name in names)
            hint = f"; the variables given are {given}" if names else "; no variables are given"
            guess = _guess(name, [*names, *CONSTANTS, *FUNCTIONS])
            self.fail(f"unknown variable {quoted(name)}{hint}{guess}", token)

    def call(self, token: _Token) -> None:
        name = token.text
        if name in CONSTANTS or name in self.variables:
            kind = "constant" if name in CONSTANTS else "variable"
            self.fail(f"{quoted(name)} is a {kind}, not a function; for a product write *", token)
        if name not in FUNCTIONS:
            self.fail(f"unknown function {quoted(name)}{_guess(name, FUNCTIONS)}", token)
        count = self.arguments()
        at_least, at_most = arity(FUNCTIONS[name])
        if not at_least <= count <= at_most:
            number = f"{at_least}" if at_least == at_most else f"{at_least} or {at_most:.0f}"
            number = "at least 1" if isinf(at_most) else number
            self.fail(f"{name} takes {number} argument{'s' * (number[-1] != '1')}, {count} given", token)
        self.code.append(_Step(FUNCTIONS[name], count, token))

    def arguments(self) -> int:
        opening = self.advance()
        count = 0
        if self.next.kind != ")":
            self.operation(0)
            count = 1
            while self.next.kind == ",":
                self.advance()
                self.operation(0)
                count += 1
        self.close(opening)
        return count

    def close(self, opening: _Token) -> None:
        if self.next.kind == "end":
            self.fail("this parenthesis is never closed", opening)
        if self.next.kind == ",":
            self.fail(_NO_DECIMAL_COMMA)
        self.advance()

    def fail_between_operands(self) -> NoReturn:
        left, right = self.last, self.next
        if re.fullmatch("0[xXoObB][0-9a-fA-F]+", self.text[left.start : right.stop]):
            self.fail("numbers are decimal", left._replace(stop=right.stop))
        if len(left.text + right.text) > 30:
            self.fail("an operator is missing here; for a product write *")
        product = "*".join("(...)" if x.kind in "()" else x.text for x in (left, right))
        self.fail(f"an operator is missing here; for a product write {product}")


def _guess(name: str, known: Collection[str]) -> str:
    if name in KNOWN_AS and KNOWN_AS[name] in known:
        return f"; write {KNOWN_AS[name]}"
    close = difflib.get_close_matches(name[:50], known, n=1)
    return f"; did you mean {cut(close[0], 40)}?" if close else ""


# Computing: from steps to Values


def _run(text: str, steps: list[_Step], variables: Mapping[str, Value]) -> Value | float:
    stack: list[Value | float] = []
    for item, count, token in steps:
        if isinstance(item, float):
            stack.append(item)
        elif isinstance(item, str):
            stack.append(variables[item])
        else:
            operands = stack[-count:]
            del stack[-count:]
            try:
                result = item(*operands)
            except (ArithmeticError, ValueError) as error:
                raise ExpressionError(_why(error, token, operands), text, token.start, token.stop) from error
            stack.append(result if isinstance(result, Value) else float(result))
    return stack.pop()


def _why(error: Exception, token: _Token, operands: list[Value | float]) -> str:
    numbers = [*map(data_of, operands)]
    if token.kind == "name":
        shown = [repr(x) for x in numbers[:4]] + ["..."] * (len(numbers) > 4)
        call = f"{token.text}({', '.join(shown)})"
    else:
        call = f" {token.text} ".join(f"({x!r})" if x < 0.0 else repr(x) for x in numbers)
    if isinstance(error, ZeroDivisionError):
        return f"{call} divides by zero"
    if isinstance(error, OverflowError) and all(map(isfinite, numbers)):
        return f"{call} is too large for a float, which ends at 1.8e308"
    if str(error) == "math domain error":
        return f"{call} is not defined"
    return f"{call}: {error}" if token.kind == "name" else str(error)  # that of ** shows the numbers
