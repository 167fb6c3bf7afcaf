"""Numbers of other kinds, random numbers, and structures of numbers, as arguments and operands."""

from __future__ import annotations

import dataclasses
import decimal
import math as python_math
import random
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import pytest

from autograd import (
    Value,
    grad,
    math,
    value_and_grad,
)

Function = Callable[..., Any]


# Numbers of other kinds


def test_fractions_are_arguments_and_operands() -> None:
    third = Fraction(1, 3)
    assert grad(lambda x: x**3)(third) == float(third) ** 2 * 3
    for f, slope in [
        (lambda x: third * x, 1 / 3),
        (lambda x: x * third, 1 / 3),
        (lambda x: x / third, 3.0),
        (lambda x: third / x, -(1 / 3) / 4.0),
        (lambda x: x - third, 1.0),
        (lambda x: third - x, -1.0),
        (lambda x: x**third, (1 / 3) * 2.0 ** (1 / 3 - 1.0)),
        (lambda x: third**x, (1 / 3) ** 2.0 * python_math.log(1 / 3)),
        (lambda x: x % third, 1.0),
        (lambda x: x if third < x else -x, 1.0),
        (lambda x: x if x < third else -x, -1.0),
    ]:
        assert grad(f)(2.0) == pytest.approx(slope, rel=1e-15)
    with pytest.raises(TypeError):
        Fraction(Value(0.5))  # type: ignore[call-overload]


def test_decimals_are_refused() -> None:
    two = decimal.Decimal(2)
    with pytest.raises(TypeError, match=r"argument 0 of .*cannot use 'Decimal'.*float\(\) first"):
        grad(lambda x: x * x)(two)
    with pytest.raises(TypeError, match=r"argument 0 of .*\[1\]: cannot use 'Decimal'"):
        grad(sum)([1.0, two])
    for f in (lambda x: x * two, lambda x: two * x, lambda x: x**two, lambda x: two / x, lambda x: x + two):
        with pytest.raises(TypeError, match=r"'?Decimal'?"):
            grad(f)(3.0)
    with pytest.raises(TypeError, match="Decimal"):
        grad(lambda x: two)(3.0)


def test_values_are_formatted_as_their_numbers() -> None:
    texts = []

    def f(x: Any) -> Any:
        texts.extend([f"{x:.3f}", f"{x:>10.2e}", f"{x!s:.5}", f"{x:g}|{x * 2:+.1f}"])
        return x

    assert grad(f)(2.0 / 3.0) == 1.0
    assert texts == ["0.667", "  6.67e-01", "Value", "0.666667|+1.3"]


def test_functions_that_need_a_plain_number_do_not_get_one_silently() -> None:
    import cmath

    plain: list[Function] = [
        python_math.exp,
        cmath.exp,
        float,
        int,
        complex,
        lambda x: python_math.fsum([x]),
        lambda x: "%.2f" % x,  # noqa: UP031
        lambda x: random.Random(0).triangular(0.0, 2.0, x),
    ]
    for f in plain:
        with pytest.raises(
            TypeError, match=r"gradient would be lost.*autograd\.math|%f requires a real number"
        ):
            grad(f)(1.0)
    whole: list[Function] = [range, lambda x: [1, 2][x], lambda x: "ab" * x]
    for f in whole:
        with pytest.raises(TypeError):
            grad(f)(1.0)


# Random numbers


def test_a_seeded_simulation_has_the_gradient_of_its_sample_path() -> None:
    def price(spot: Any, volatility: Any, seed: int) -> Any:
        rng = random.Random(seed)
        total = 0.0
        for _ in range(200):
            growth = math.exp(volatility * rng.gauss(0.0, 1.0) - volatility**2 / 2.0)
            total = total + math.relu(spot * growth - 1.0)
        return total / 200

    value, (delta, vega) = value_and_grad(price, argnums=(0, 1))(1.1, 0.3, 7)
    assert value == price(1.1, 0.3, 7)
    h = 1e-6  # with common random numbers a difference is one of the same piecewise smooth function
    assert delta == pytest.approx((price(1.1 + h, 0.3, 7) - price(1.1 - h, 0.3, 7)) / (2 * h), rel=1e-6)
    assert vega == pytest.approx((price(1.1, 0.3 + h, 7) - price(1.1, 0.3 - h, 7)) / (2 * h), rel=1e-6)
    assert grad(price)(1.1, 0.3, 8) != delta


def test_random_numbers_with_parameters_are_differentiated_by_these() -> None:
    z = random.Random(1).gauss(0.0, 1.0)
    assert grad(lambda m, s: random.Random(1).gauss(m, s), argnums=(0, 1))(2.0, 3.0) == (1.0, z)
    u = random.Random(1).random()
    assert grad(lambda a, b: random.Random(1).uniform(a, b), argnums=(0, 1))(2.0, 3.0) == (
        pytest.approx(1.0 - u, rel=1e-15),
        pytest.approx(u, rel=1e-15),
    )
    # An exponential variable is -log(1 - u) / rate.
    slope = grad(lambda rate: random.Random(1).expovariate(rate))(2.0)
    assert slope == pytest.approx(python_math.log(1.0 - u) / 4.0, rel=1e-14)


# Structures


class Point(NamedTuple):
    x: Any
    y: Any


@dataclasses.dataclass(frozen=True)
class Frozen:
    x: Any
    name: str = "frozen"


@dataclasses.dataclass(slots=True)
class Slotted:
    x: Any
    inner: Frozen


@dataclasses.dataclass
class Derived:
    radius: Any
    unit: dataclasses.InitVar[float] = 1.0
    area: Any = dataclasses.field(init=False)

    def __post_init__(self, unit: float) -> None:
        self.area = python_math.pi * self.radius**2 * unit

    @grad
    def circumference_of(self) -> Any:
        return 2.0 * python_math.pi * self.radius


def test_dataclasses_are_arguments_and_gradients() -> None:
    assert grad(lambda p: p.x**2)(Frozen(3.0)) == Frozen(6.0, None)  # type: ignore[arg-type]
    nested = grad(lambda p: p.x * p.inner.x**2)(Slotted(2.0, Frozen(3.0)))
    assert nested == Slotted(9.0, Frozen(12.0, None))  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        nested.inner.x = 1.0
    shape = Derived(2.0, unit=10.0)
    slope = grad(lambda s: s.radius * s.area)(shape)  # a field like any other, whoever set it
    assert (slope.radius, slope.area) == (shape.area, 2.0)
    assert shape.circumference_of().radius == 2.0 * python_math.pi
    assert shape == Derived(2.0, unit=10.0)


def test_containers_are_arguments_and_gradients() -> None:
    assert grad(lambda p: p.x * p.y)(Point(2.0, 3.0)) == Point(3.0, 2.0)
    assert type(grad(lambda p: p.x * p.y)(Point(2.0, 3.0))) is Point
    ordered = OrderedDict([("b", 2.0), ("a", 3.0)])
    slope = grad(lambda d: d["a"] * d["b"])(ordered)
    assert (type(slope), list(slope.items())) == (OrderedDict, [("b", 3.0), ("a", 2.0)])
    counts = defaultdict(lambda: 0.0, a=2.0)
    slope = grad(lambda d: d["a"] ** 2 + d["missing"])(counts)
    assert (type(slope), slope["a"], slope["other"]) == (defaultdict, 4.0, 0.0)
    assert "missing" not in counts
    deep = {"layers": [(1.0, [2.0]), (3.0, [])], "name": "net", "flags": (True, None)}

    def f(d: Any) -> Any:
        assert (d["name"], d["flags"]) == ("net", (True, None))  # what is no number is there as it was
        return d["layers"][0][1][0] ** 2 + d["layers"][1][0]

    assert grad(f)(deep) == {
        "layers": [(0.0, [4.0]), (1.0, [])],
        "name": None,
        "flags": (None, None),
    }
