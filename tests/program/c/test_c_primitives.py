"""Primitives in C, held against Python's own functions and against numbers to many digits."""

from __future__ import annotations

import ctypes
import math
import random
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from c_cases import AWKWARD, GAMMA, LARGEST, PRIMITIVES, SMALLEST
from c_compiler import Build, builder, called
from many_numbers import exactly, spread, whole
from mpmath import mp, mpf
from straight_lines import of_one, same

from autograd import compile, ops
from autograd import math as amath
from autograd.program.c.source import to_c
from autograd.program.straight_line.program import Node, computed

inf, nan = math.inf, math.nan


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return builder(tmp_path_factory)


# Primitives

WITH_GAMMA = {"gammainc", "gammaincc", "gammainc′", "∂gammainc/∂a"}
"""Primitives in whose values those of `GAMMA` have a part."""


@pytest.fixture(scope="module")
def table(build: Build) -> dict[str, Any]:
    """A function in C for every primitive; all are in one file."""
    texts = [
        to_c(of_one(name, len(primitive.derivatives)), f"p{i}")
        for i, (name, primitive) in enumerate(PRIMITIVES.items())
    ]
    library = build(*texts)
    return {name: getattr(library, f"p{i}") for i, name in enumerate(PRIMITIVES)}


@pytest.mark.parametrize("name", [name for name in PRIMITIVES if name not in GAMMA])
def test_a_primitive_gives_what_it_gives_in_python(table: dict[str, Any], name: str) -> None:
    draw = random.Random(name)
    numbers = [*AWKWARD, *(draw.uniform(-30.0, 30.0) for _ in range(15))]
    numbers += [draw.uniform(-1.0, 1.0) * 10.0 ** draw.randint(-300, 300) for _ in range(15)]
    x, y = (ctypes.c_double * 2)(), (ctypes.c_double * 1)()
    for operands in product(numbers, repeat=len(PRIMITIVES[name].derivatives)):
        if name == "ldexp" and operands[1] % 1.0 != 0.0:
            continue  # a TypeError in Python
        if name == "round_to" and operands == (-LARGEST, -308.0):
            continue  # beyond the range of floats
        expected = computed(Node(name, ieee=True), operands)
        x[: len(operands)] = [*operands]
        assert table[name](x, y) == 0
        ulps = 2000 if name in WITH_GAMMA else 2  # far out, exponents are large
        assert same(y[0], expected, ulps), (operands, y[0], expected)


def test_a_remainder_of_zero_has_the_sign_of_the_dividend(table: dict[str, Any]) -> None:
    """Libraries may give the other one for these."""
    for x in (8.993584611435218e-263, -8.993584611435218e-263):
        result = called(table["remainder"], [x, 2.2250738585072014e-308], 1)
        assert result == [0.0]
        assert math.copysign(1.0, result[0]) == math.copysign(1.0, x)


@pytest.mark.parametrize(
    ("name", "function", "largest"),
    [("gamma", mp.gamma, 171.6), ("lgamma", lambda x: mp.log(abs(mp.gamma(x))), 1e6)],
)
def test_gamma_functions_are_right_to_a_few_units(
    table: dict[str, Any], name: str, function: Callable[[Any], Any], largest: float
) -> None:
    draw = random.Random(7)
    for x in [
        *(draw.uniform(1e-3, 20.0) for _ in range(200)),
        *(draw.uniform(1.0, largest) for _ in range(50)),
    ]:
        with mp.workdps(40):
            expected = float(function(mpf(x)))
        result = called(table[name], [x], 1)
        assert result is not None
        assert result[0] == pytest.approx(expected, rel=16 * 2.0**-52, abs=16 * 2.0**-52)
    for x in (0.0, -0.0, -1.0, -7.0, 1e306, inf, -inf, nan):
        result = called(table[name], [x], 1)
        assert result is not None
        assert same(result[0], computed(Node(name, ieee=True), [x])), (x, result)


def test_decimal_places_are_those_of_python_to_the_last_bit(table: dict[str, Any]) -> None:
    draw = random.Random(5)
    x, y = (ctypes.c_double * 2)(), (ctypes.c_double * 1)()
    for _ in range(20_000):
        places = draw.randint(-25, 40)
        number = draw.choice(
            [
                (draw.randint(-(10**6), 10**6) + 0.5) * 10.0**-places,
                draw.uniform(-1e3, 1e3) * 10.0**-places,
                draw.randint(-(2**20), 2**20) / 2.0 ** draw.randint(0, 20),
                draw.uniform(0.5, 2.0) * 2.0 ** (52 - places * math.log2(10.0)),
            ]
        )
        x[0], x[1] = number, places
        assert table["round_to"](x, y) == 0
        assert same(y[0], round(number, places)), (number, places)
    for quarters in range(2 * 10**15, 2 * 10**15 + 16):  # ties between the last whole numbers that are floats
        x[0], x[1] = quarters / 4.0, 1
        assert table["round_to"](x, y) == 0
        assert same(y[0], round(quarters / 4.0, 1)), quarters
    for places in range(41, 330):
        for number in (1.5 * 10.0**-places, 7.77 * 10.0 ** (10 - places), -1e-300, LARGEST):
            x[0], x[1] = number, places
            table["round_to"](x, y)
            assert same(y[0], round(number, places), ulps=1), (number, places)


# Operations on many numbers


@pytest.mark.parametrize("count", [1, 2, 3, 17, 60])
def test_a_sum_is_rounded_once(build: Build, count: int) -> None:
    f = build(to_c(whole("fsum", count))).f
    draw = random.Random(count)
    for exponents in [0, 10, 60, 300, 1000] * 40:
        terms = spread(draw, count, exponents)
        assert called(f, terms, 1) == [math.fsum(terms)]


def test_ties_infinities_and_overflow_in_a_sum(build: Build) -> None:
    f = build(to_c(whole("fsum", 4))).f
    for terms in ([1.0, 2.0**-53, 2.0**-106, 0.0], [1.0, 2.0**-53, -(2.0**-106), 0.0], [-0.0] * 4):
        assert called(f, terms, 1) == [math.fsum(terms)]
    assert called(f, [1e308, 1e308, -1e308, 1.0], 1) == [1e308]
    assert called(f, [1e308, 1e308, 1.0, -1.0], 1) == [inf]
    assert called(f, [1e308, 1e308, -inf, 1.0], 1) == [-inf]
    for odd in ([inf, -inf, 1.0, 1.0], [1.0, nan, inf, 1.0]):
        (result,) = called(f, odd, 1) or [0.0]
        assert math.isnan(result)


@pytest.mark.parametrize("count", [1, 2, 9, 40])
def test_a_sum_of_products_is_rounded_once(build: Build, count: int) -> None:
    f = build(to_c(whole("sumprod", 2 * count))).f
    draw = random.Random(count)
    for exponents in [0, 10, 60, 200, 480] * 30:
        x, y = spread(draw, count, exponents), spread(draw, count, exponents)
        if count > 3:
            x[1:3], y[1:3] = [x[0], -x[0] * 0.75], [-y[0] * 0.75, y[0] * (1.0 + 2.0**-40)]
        exact = sum((Fraction(a) * Fraction(b) for a, b in zip(x, y, strict=True)), Fraction(0))
        (result,) = called(f, [*x, *y], 1) or [nan]
        assert same(result, exactly(exact)), (x, y)


def test_infinities_and_overflow_in_a_sum_of_products(build: Build) -> None:
    f = build(to_c(whole("sumprod", 4))).f
    assert called(f, [1e200, 1e200, 1e200, -1e200], 1) == [0.0]
    assert called(f, [1e200, 1.0, 1e200, 1.0], 1) == [inf]
    assert called(f, [inf, 1.0, -2.0, 1.0], 1) == [-inf]
    for odd in ([inf, 1.0, 0.0, 1.0], [1.0, nan, 1.0, 1.0], [inf, inf, 1.0, -1.0]):
        (result,) = called(f, odd, 1) or [0.0]
        assert math.isnan(result)


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_distances_of_many_coordinates(build: Build, count: int) -> None:
    f = build(to_c(whole("hypot", count))).f
    draw = random.Random(count)
    for exponents in [0, 3, 30, 1000] * 30:
        numbers = spread(draw, count, exponents)
        with mp.workdps(60):
            expected = float(mp.sqrt(mp.fsum(mpf(x) ** 2 for x in numbers)))
        (result,) = called(f, numbers, 1) or [nan]
        assert same(result, expected)
    assert called(f, [-0.0] * count, 1) == [0.0]
    assert called(f, [LARGEST] * count, 1) == [math.hypot(*[LARGEST] * count)]
    assert called(f, [SMALLEST] * count, 1) == [math.hypot(*[SMALLEST] * count)]
    assert called(f, [-inf, *[nan] * (count - 1)], 1) == [inf]
    (result,) = called(f, [nan, *[1.0] * (count - 1)], 1) or [0.0]
    assert math.isnan(result)


def test_operations_on_no_numbers(build: Build) -> None:
    library = build(*[to_c(whole(name, 0), f"no_{name}") for name in ("fsum", "sumprod", "hypot")])
    for function in (library.no_fsum, library.no_sumprod, library.no_hypot):
        assert called(function, [], 1) == [0.0]


def test_a_product_and_a_sum_rounded_once(build: Build) -> None:
    f = build(to_c(whole("fma", 3))).f
    for x, y, z in [(1.0 + 2.0**-30, 1.0 - 2.0**-30, -1.0), (0.1, 10.0, -1.0), (1e200, 1e200, -inf)]:
        assert called(f, [x, y, z], 1) == [computed(Node("fma…"), [x, y, z])]


@pytest.mark.parametrize("steps", [0, 1, 2, 1000, 2**52, 2**53 + 2, 2**62, 2**64])
def test_steps_from_a_number_to_the_next_ones(build: Build, steps: int) -> None:
    f = build(to_c(whole("nextafter", 2, float(steps)))).f
    for x, y in product([*AWKWARD[::3], 0.0, -0.0, inf, -inf, nan], repeat=2):
        (result,) = called(f, [x, y], 1) or [99.0]
        assert same(result, amath.nextafter(x, y, steps=steps)), (x, y)


# Primitives of the user's own


def test_a_primitive_whose_entry_has_no_text_for_c_is_a_type_error(table_as_it_was: None) -> None:
    twice = ops.unary("twice over", lambda x: 2.0 * x, lambda x, out: 2.0, "Return 2 * x.")
    with pytest.raises(TypeError, match="'twice over' cannot be written in C"):
        to_c(of_one("twice over", 1))
    fast = compile(lambda x: twice(x)).record(1.0)
    with pytest.raises(TypeError, match="'twice over'"):
        fast.to_c()
