"""Formulas as text: what they mean, what is refused and where, and that no text does harm."""

from __future__ import annotations

import ast
import builtins
import math
import pickle
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NoReturn

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, ops
from autograd import math as autograd_math
from autograd.cli.expression import MAX_DEPTH, MAX_LENGTH, ExpressionError, evaluate
from autograd.cli.vocabulary import CONSTANTS, FUNCTIONS
from autograd.engine import topological_order
from autograd.ops.primitive import is_ours

VARIABLES = {"x": 2.0, "y": 5.0, "速度": 3.0}


def number(text: str, **variables: float) -> float:
    return evaluate(text, variables)[0].data


def gradients(text: str, **variables: float) -> list[float]:
    result, leaves = evaluate(text, variables)
    result.backward()
    return [leaf.grad for leaf in leaves.values()]


def error_of(text: str, variables: dict[str, float] = VARIABLES) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, variables)
    return caught.value


# What a formula means


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


# Names and functions


def test_every_name_of_math_is_a_function_a_constant_or_no_function_from_numbers_to_a_number(
    table_as_it_was: None,
) -> None:
    for name in [name for name, x in ops.TABLE.items() if not is_ours(x)]:  # what examples entered
        del ops.TABLE[name]
    others = set(autograd_math.__all__) - set(FUNCTIONS) - set(CONSTANTS)
    assert others == {
        "comb", "dist", "factorial", "frexp", "fsum", "gcd", "isclose", "isfinite", "isinf", "isnan",
        "isnormal", "isqrt", "issubnormal", "lcm", "log_softmax", "modf", "perm", "prod", "signbit",
        "softmax", "sort", "sumprod", "where",
    }  # fmt: skip
    assert set(FUNCTIONS) - set(autograd_math.__all__) == {"abs"}


SPECIAL_ARGUMENTS: dict[str, tuple[float, ...]] = {
    "acosh": (1.5,), "clip": (0.5, 0.25, 0.75), "ldexp": (0.5, 3.0), "polygamma": (2.0, 0.5),
}  # fmt: skip
BINARY = {
    "atan2", "copysign", "fmax", "fmin", "fmod", "hypot", "ldexp", "logaddexp", "logsumexp", "maximum",
    "minimum", "nextafter", "polygamma", "pow", "remainder",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_is_that_of_autograd_math(name: str) -> None:
    arguments = SPECIAL_ARGUMENTS.get(name, (0.5, 0.3, 0.7)[: 3 if name == "fma" else 1 + (name in BINARY)])
    of_numbers = {"ldexp": 1, "polygamma": 0}.get(name)  # this argument must not be a Value
    variables = {f"x{i}": x for i, x in enumerate(arguments) if i != of_numbers}
    text = f"{name}({', '.join(f'x{i}' if i != of_numbers else str(x) for i, x in enumerate(arguments))})"

    expected_leaves = [Value(x) if i != of_numbers else x for i, x in enumerate(arguments)]
    function: Callable[..., Any] = abs if name == "abs" else getattr(autograd_math, name)
    expected = function(*expected_leaves)
    expected.backward()

    assert number(text, **variables) == expected.data
    assert gradients(text, **variables) == [x.grad for x in expected_leaves if isinstance(x, Value)]
    assert number(f"{name}({', '.join(map(str, arguments))})") == expected.data


def test_a_chinese_name_is_a_name() -> None:
    assert gradients("速度*时间 + e", 速度=3.0, 时间=4.0) == [4.0, 3.0]


def test_spellings_that_python_takes_for_one_name_are_one_name() -> None:
    assert number("ﬁ + fi", fi=2.0) == 4.0
    assert gradients("ﬁ**2", ﬁ=3.0) == [6.0]
    assert number("ｌｏｇ(1)") == 0.0
    assert (
        error_of("1", {"\ufb01": 1.0, "fi": 2.0}).message == "'\ufb01' and 'fi' are spellings of one variable"
    )


def test_python_keywords_are_ordinary_names() -> None:
    assert gradients("lambda**2 + if", **{"lambda": 3.0, "if": 1.0}) == [6.0, 1.0]


def test_variables_come_back_labelled_and_each_is_one_node() -> None:
    result, leaves = evaluate("x*x + y", {"x": 3, "y": 1})
    assert [(name, leaf.label, leaf.data) for name, leaf in leaves.items()] == [
        ("x", "x", 3.0),
        ("y", "y", 1.0),
    ]
    assert [node.op for node in topological_order(result)] == ["", "*", "", "+"]
    assert topological_order(result)[0] is leaves["x"]


def test_a_variable_alone_is_the_result_itself() -> None:
    result, leaves = evaluate("(x)", {"x": 3.0})
    assert result is leaves["x"]


def test_a_variable_that_the_formula_lacks_has_derivative_zero() -> None:
    assert gradients("2*x", x=1.0, y=1.0) == [2.0, 0.0]


def test_a_formula_of_constants_is_a_leaf() -> None:
    result, leaves = evaluate("2*pi")
    assert (result.data, result.op, result.operands, leaves) == (2 * math.pi, "", (), {})


def test_constants_are_computed_before_they_meet_a_variable() -> None:
    result, leaves = evaluate("(2*pi + 1) * x", {"x": 1.0})
    assert topological_order(result) == [leaves["x"], result]
    assert result.operands[0] == 2 * math.pi + 1


def test_infinities_flow_on_as_ieee_says() -> None:
    assert number("1e308*x", x=10.0) == math.inf
    assert number("1/x", x=math.inf) == 0.0
    assert math.isnan(number("inf - inf"))


# What is refused, and where the error points


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


# No text does harm


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("sin(", ")"), ("-", ""), ("1**", "")])
def test_formulas_may_be_nested_a_hundred_levels_deep_and_no_deeper(opening: str, closing: str) -> None:
    inside = MAX_DEPTH - 1
    assert math.isfinite(number(opening * inside + "1" + closing * inside))
    error_of(opening * MAX_DEPTH + "1" + closing * MAX_DEPTH)


def test_a_formula_of_the_greatest_length_is_computed() -> None:
    text = "x" + "+x" * ((MAX_LENGTH - 1) // 2)
    assert gradients(text, x=1.0) == [(MAX_LENGTH + 1) // 2]
    assert number("hypot(" + "1," * 4000 + "1)") == math.sqrt(4001)


@pytest.mark.parametrize(
    "text",
    [
        "1" * (MAX_LENGTH - 2) + "__",
        "1." * (MAX_LENGTH // 2),
        "a" * MAX_LENGTH + "(",
        "_" * MAX_LENGTH,
        "x" + " " * (MAX_LENGTH - 2) + "!",
        "\ufdfa" * MAX_LENGTH,
        "ldexp(1, " + "9" * 300 + ")",
        "9**" * 90 + "9",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    evaluate_or_refuse(text)


def test_no_text_is_run_as_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*arguments: object, **options: object) -> NoReturn:
        raise AssertionError("a formula was handed to Python")

    with monkeypatch.context() as patch:
        for name in ("eval", "exec", "compile"):
            patch.setattr(builtins, name, forbidden)
        results = [
            evaluate_or_refuse(text) for text in ("sin(x) + 1", "__import__('os').getcwd()", "exec(x)")
        ]
    assert results == [True, False, False]


def evaluate_or_refuse(text: str) -> bool:
    try:
        result, _ = evaluate(text, VARIABLES)
    except ExpressionError as error:
        str(error)
        return False
    result.backward()
    return True


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_computed_or_refused(text: str) -> None:
    evaluate_or_refuse(text)


PIECES = (
    *"xy+-*/%(),.^=_ \n\0'\"[]{}:;!",
    "**",
    "//",
    "1e5",
    "0",
    "1e-300",
    "1e300",
    "速度",
    "é",
    "inf",
    "nan",
    "e",
)
CALLS = tuple(f"{name}(" for name in sorted(FUNCTIONS))


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.sampled_from(CALLS), max_size=25).map("".join))
def test_any_soup_of_pieces_is_computed_or_refused(text: str) -> None:
    evaluate_or_refuse(text)


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(sorted(FUNCTIONS)),
    st.lists(
        st.sampled_from(
            ["x", "y", "0", "-0", "x-2", "1", "-1", "0.5", "-2.5", "171", "1e9", "1e300", "-1e300"]
        )
        | st.sampled_from(["5e-324", "inf", "-inf", "nan", "inf*x", "1e200*x", "x/1e300/1e9"]),
        min_size=1,
        max_size=3,
    ),
)
def test_any_function_at_any_edge_is_computed_or_refused(name: str, arguments: list[str]) -> None:
    evaluate_or_refuse(f"{name}({', '.join(arguments)})")
