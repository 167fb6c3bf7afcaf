"""What is refused in a formula as text, and where the error points."""

from __future__ import annotations

import pickle
import time
from fractions import Fraction
from typing import Any

import pytest
from expressions import error_of

from autograd.cli.expression import MAX_DEPTH, MAX_LENGTH, evaluate


@pytest.mark.parametrize(
    ("text", "at", "fragment"),
    [
        # no formula at all
        ("", None, "empty"),
        (" \n", None, "empty"),
        ("x" * (MAX_LENGTH + 1), None, "10001 characters"),
        # operands and operators out of place
        ("x +", 3, "ends where"),
        ("x + ", 3, "ends where"),
        ("* x", 0, "should stand here, not '*'"),
        ("x + * y", 4, "should stand here, not '*'"),
        ("x***y", 3, "should stand here, not '*'"),
        ("x x", 2, "write x*x"),
        ("2x", 1, "write 2*x"),
        ("2 3", 2, "write 2*3"),
        ("2(x)", 1, "write 2*(...)"),
        ("(x)y", 3, "write (...)*y"),
        ("1j", 1, "write 1*j"),
        ("x" * 40 + " y", 0, "unknown variable"),
        ("x 0." + "1" * 40, 2, "for a product write *"),
        ("x if y else x", 2, "an operator is missing"),
        ("(x", 0, "never closed"),
        ("sin(x", 3, "never closed"),
        ("x)", 1, "never opened"),
        ("()", 1, "should stand here"),
        ("1,5", 1, "decimals have a point"),
        ("(1,5)", 2, "decimals have a point"),
        # numbers
        ("1.2.3", 0, "'1.2.3' is not a number"),
        ("1__0", 0, "not a number"),
        ("1_", 0, "not a number"),
        ("0x10", 0, "decimal"),
        ("0b1 + x", 0, "decimal"),
        ("x + 1e999", 4, "too large"),
        ("1" * 5000, 0, "too large"),
        ("..", 0, "unexpected '.'"),
        ("３", 0, "write 3"),
        # names and functions
        ("z", 0, "unknown variable 'z'; the variables given are x, y, 速度"),
        ("X1", 0, "unknown variable"),
        ("x + 速", 4, "did you mean 速度?"),
        ("sni(x)", 0, "did you mean sin?"),
        ("ln(x)", 0, "write log"),
        ("arcsin(1)", 0, "write asin"),
        ("max(x, y)", 0, "write maximum"),
        ("π*x", 0, "write pi"),
        ("print(x)", 0, "unknown function 'print'"),
        ("factorial(100000000)", 0, "unknown function"),
        ("sin x", 0, "sin(...)"),
        ("x + sin", 4, "sin(...)"),
        ("x(3)", 0, "variable, not a function"),
        ("pi(3)", 0, "constant, not a function"),
        ("sin()", 0, "takes 1 argument, 0 given"),
        ("atan2(x)", 0, "takes 2 arguments, 1 given"),
        ("log(x, 2, 3)", 0, "takes 1 or 2 arguments, 3 given"),
        ("hypot()", 0, "at least 1 argument, 0 given"),
        ("sin(x,)", 6, "should stand here"),
        ("sin(x=2)", 5, "unexpected '='"),
        ("a" * 9000, 0, "unknown variable"),
        # what other notations have
        ("x^2", 1, "write **"),
        ("x²", 1, "write **2"),
        ("x × y", 2, "write *"),
        ("（x）", 0, "write ("),
        ("|x|", 0, "abs(...)"),
        ("5!", 1, "gamma(n + 1)"),
        ("x = 2", 2, "outside the formula"),
        ("x == 2", 2, "unexpected '='"),
        ("x < 2", 2, "unexpected '<'"),
        # Python
        ("__import__('os')", 0, "unknown function '__import__'"),
        ("x.__class__", 1, "unexpected '.'"),
        ("().__class__", 1, "should stand here"),
        ("[x for x in y]", 0, "unexpected '['"),
        ("lambda: 0", 6, "unexpected ':'"),
        ("'x'", 0, 'unexpected "\'"'),
        ('f"{x}"', 1, "unexpected '\"'"),
        ("(x := 1)", 3, "unexpected ':'"),
        ("x[0]", 1, "unexpected '['"),
        ("x; y", 1, "unexpected ';'"),
        ("x # y", 2, "unexpected '#'"),
        ("x \\\n+ 1", 2, "unexpected '\\\\'"),
        ("x @ y", 2, "unexpected '@'"),
        ("~x", 0, "unexpected '~'"),
        ("not x", 0, "unknown variable 'not'"),
        ("None", 0, "unknown variable 'None'"),
        # characters
        ("x\0", 1, "unexpected '\\x00'"),
        ("\x1b[31mx", 0, "unexpected '\\x1b'"),
        ("\u202ex", 0, "unexpected '\\u202e'"),
        ("x\u200b", 1, "unexpected '\\u200b'"),
        ("\ud800", 0, "unexpected '\\ud800'"),
        ("😀", 0, "unexpected '😀'"),
        ("\u0301x", 0, "unexpected"),
        # depth
        ("(" * 10000, MAX_DEPTH, "nested deeper than 100"),
        ("-" * 9000 + "1", MAX_DEPTH, "nested deeper than 100"),
        ("x" + "**x" * 3000, 3 * MAX_DEPTH, "nested deeper than 100"),
        ("sin(" * 1900 + "x" + ")" * 1900, 4 * MAX_DEPTH, "nested deeper than 100"),
        # arithmetic
        ("9**9**9", 1, "9.0 ** 387420489.0 is too large"),
        ("x + 1/(x - 2)", 5, "1.0 / 0.0 divides by zero"),
        ("y // 0", 2, "5.0 // 0.0 divides by zero"),
        ("0**-x", 1, "0.0 ** (-2.0) divides by zero"),
        ("log(x, 1)", 0, "log(2.0, 1.0) divides by zero"),
        ("1 + log(-x)", 4, "log(-2.0)"),
        ("(-8)**(1/3)", 4, "not a real number"),
        ("(-x)**0.5", 4, "not a real number"),
        ("exp(1000*x)", 0, "exp(2000.0) is too large"),
        ("floor(inf)", 0, "infinity"),
        ("clip(x, 3, 1)", 0, "low <= high"),
        ("polygamma(1e9, x)", 0, "whole number from 0 to 170"),
        ("polygamma(x, x)", 0, "without variables"),
        ("polygamma(nan, 1)", 0, "whole number from 0 to 170"),
        ("ldexp(x, 2.5)", 0, "whole number"),
        ("ldexp(x, y)", 0, "without variables"),
        ("ldexp(x, inf)", 0, "whole number"),
    ],
)
def test_an_error_says_what_is_wrong_and_points_at_the_place(
    text: str, at: int | None, fragment: str
) -> None:
    error = error_of(text)
    assert fragment in error.message
    assert error.start == at
    if at is not None:
        assert error.text == text
        assert at <= error.stop <= len(text)


def test_the_caret_stands_below_the_place() -> None:
    assert str(error_of("2*x + sni(x)")) == (
        "unknown function 'sni'; did you mean sin?\n"
        "    2*x + sni(x)\n"
        "          ^^^"
    )  # fmt: skip


def test_the_caret_allows_for_wide_characters_and_for_accents() -> None:
    # Chinese characters take two columns, a combining accent takes none.
    assert str(error_of("速度*速度 / 0")).splitlines()[2] == " " * (4 + 10) + "^"
    assert str(error_of("x\u0304/0", {"x\u0304": 1.0})).splitlines()[2] == " " * (4 + 1) + "^"


def test_a_long_formula_is_shown_around_the_place_on_one_line() -> None:
    shown = str(error_of("x + " * 500 + "\n1/0\t" + "+ x" * 500)).splitlines()
    assert len(shown) == 3
    assert len(shown[1]) < 90
    assert shown[1][shown[2].index("^")] == "/"
    assert shown[1].startswith("    ...")
    assert shown[1].endswith("...")


@pytest.mark.parametrize("name", ["pi", "e", "inf", "log", "gamma", "abs"])
def test_no_variable_hides_a_constant_or_a_function(name: str) -> None:
    message = error_of("x", {"x": 1.0, name: 2.0}).message
    assert message.startswith(f"{name!r} is the name of a ")
    assert "give the variable another one" in message


@pytest.mark.parametrize("name", ["", "2x", "x y", "x-y", "x.y", "\0"])
def test_what_is_no_name_is_no_variable(name: str) -> None:
    assert "cannot be the name of a variable" in error_of("1", {name: 1.0}).message


def test_a_missing_variable_is_named() -> None:
    assert "unknown variable 'x'; no variables are given" in error_of("x", {}).message
    many = {f"v{i:02}": 1.0 for i in range(30)}
    assert (
        "v00, v01, v02, v03, v04, v05, v06, v07, v08, v09, v10, v11 and 18 more"
        in error_of("q", many).message
    )


@pytest.mark.parametrize("wrong", ["2", None, 1j, [1.0]])
def test_the_number_of_a_variable_is_a_real_number(wrong: Any) -> None:
    with pytest.raises(TypeError, match=f"cannot use '{type(wrong).__name__}'"):
        evaluate("x", {"x": wrong})


@pytest.mark.parametrize("number", [10**400, -(10**400), Fraction(10**400)])
def test_a_number_of_a_variable_beyond_the_floats_is_refused(number: Any) -> None:
    assert "the number of 'x' is too large for a float" in error_of("x", {"x": number}).message


def test_a_name_longer_than_any_formula_is_refused_at_once() -> None:
    start = time.process_time()
    # Marks whose order Unicode's normal form exchanges, which takes the square of their number.
    message = error_of("1", {"a" + "\u0301\u0323" * 40_000: 1.0}).message
    assert "cannot be the name of a variable; it is longer than any formula" in message
    assert time.process_time() - start < 1
    assert len(message) < 200


def test_a_message_shows_the_beginning_of_long_names() -> None:
    names = {"n" * MAX_LENGTH: 1.0, "m" * MAX_LENGTH: 2.0}
    assert len(error_of("n" * (MAX_LENGTH - 1), names).message) < 300
    ligature, letters = "\ufb01" * 5000, "fi" * 5000
    assert len(error_of("1", {ligature: 1.0, letters: 2.0}).message) < 200


def test_a_formula_is_text() -> None:
    with pytest.raises(TypeError, match="a formula is text, not 'int'"):
        evaluate(3)  # type: ignore[arg-type]


def test_an_error_travels_between_processes() -> None:
    error = error_of("1/0")
    twin = pickle.loads(pickle.dumps(error))
    assert (str(twin), twin.start, twin.stop) == (str(error), 1, 2)


def test_the_arithmetic_error_is_the_cause() -> None:
    assert isinstance(error_of("1/0").__cause__, ZeroDivisionError)
