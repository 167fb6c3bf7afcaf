"""What is older than the variables of a call: never gone over twice, and never of any say in the result."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograd import (
    Value,
    compile,
    derivative,
    detect_anomaly,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    math,
    value_and_grad,
    vjp,
)
from autograd.derivatives import ages, calls, search, variables

INNER: dict[str, Callable[[Any], Any]] = {
    "derivative": lambda x: derivative(lambda q: q * q * x)(1.0),
    "grad": lambda x: grad(lambda q: math.sin(q * x))(0.5),
    "value_and_grad": lambda x: sum(value_and_grad(lambda q: q * q * x)(1.0)),
    "jacobian": lambda x: sum(jacobian(lambda q: [q * q * x, q / x])(1.0)),
    "hessian": lambda x: hessian(lambda q: math.exp(q * x))(0.2),
    "hvp": lambda x: hvp(lambda q: q**3 * x)(1.0, 0.5),
    "vjp": lambda x: vjp(lambda q: q * q * x, 1.0)[1](1.0)[0],
    "jvp": lambda x: jvp(lambda q: q * q * x, (1.0,), (1.0,))[1],
    "at the number itself": lambda x: derivative(lambda q: q * q * x)(x),
    "three deep": lambda x: derivative(lambda p: p * derivative(lambda q: q * q * x * p)(1.0))(1.0),
    "two in turn": lambda x: derivative(lambda q: q * x)(derivative(lambda q: q * q * x)(0.5)),
    "by an array": lambda x: np.sum(grad(lambda q: np.sum(q * q) * x)(np.ones(3))),
    "Newton's method": lambda x: (x * x - 2.0) / derivative(lambda q: q * q - 2.0)(x),
    "of no use": lambda x: x * derivative(lambda q: q * q)(1.0),
}


def descent(inner: Callable[[Any], Any], turns: int) -> Callable[[Any], Any]:
    """Return a loop with a derivative in each turn."""

    def loop(x: Any) -> Any:
        for _ in range(turns):
            x = x - 0.01 * inner(x)
        return x

    return loop


OUTER: dict[str, Callable[[Callable[[Any], Any]], Any]] = {
    "grad": lambda f: grad(f)(1.0),
    "derivative": lambda f: derivative(f, 2)(1.0),
    "jacobian": lambda f: jacobian(lambda x: [f(x), f(2.0 * x)])(1.0),
    "hessian": lambda f: hessian(lambda x: f(x[0]) * f(x[1]))([1.0, 1.5]),
    "nothing": lambda f: f(Value(1.0)),
}


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> Iterator[None]:
    yield
    assert variables.oldest == variables.ages == {}


@pytest.fixture(params=["always", "never", "as it is"])
def often(request: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """How often ages are given."""
    if request.param != "as it is":
        monkeypatch.setattr(ages, "FEW", -1)
        monkeypatch.setattr(ages, "OFTEN", 2.0 if request.param == "always" else -1.0)
    return str(request.param)


def numbers(thing: Any) -> Any:
    return thing.data if isinstance(thing, Value) else thing


@pytest.mark.parametrize("outer", OUTER)
@pytest.mark.parametrize("inner", INNER)
def test_ages_have_no_say(inner: str, outer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    f = descent(INNER[inner], 12)
    found = []
    for share in (-1.0, 2.0, 0.4):
        monkeypatch.setattr(ages, "FEW", 3)
        monkeypatch.setattr(ages, "OFTEN", share)
        found.append(OUTER[outer](f))
    assert [type(x) for x in found] == [type(found[0])] * 3
    assert [repr(numbers(x)) for x in found] == [repr(numbers(found[0]))] * 3


@pytest.mark.parametrize("outer", ["grad", "derivative", "nothing"])
@pytest.mark.parametrize("inner", INNER)
def test_the_turns_of_a_loop_cost_in_proportion(
    inner: str, outer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone_over = [0]

    def counted(*args: Any) -> Any:
        found = find(*args)
        gone_over[0] += len(found[0]) + len(found[2])
        return found

    find = search.newer_nodes
    monkeypatch.setattr(calls, "newer_nodes", counted)

    def cost(turns: int) -> int:
        gone_over[0] = 0
        OUTER[outer](descent(INNER[inner], turns))
        return gone_over[0]

    assert cost(320) < 6 * cost(80)  # it is 16 times as much where each turn goes over all before it


def test_closed_forms(often: str) -> None:
    # x - 0.01 * 2 x in each turn: x is multiplied by 0.98.
    f = descent(INNER["derivative"], 100)
    assert grad(f)(1.0) == pytest.approx(0.98**100, rel=1e-13)
    assert hessian(lambda x: f(x) ** 2)(1.0) == pytest.approx(2.0 * 0.98**200, rel=1e-13)
    newton = descent(lambda x: 100.0 * INNER["Newton's method"](x), 40)
    assert newton(1.0) == pytest.approx(2.0**0.5, rel=1e-14)

    # x = sqrt(a) by Newton's method, whose derivative by a is 1 / (2 sqrt(a)).
    def root(a: Any) -> Any:
        x: Any = 1.0
        for _ in range(60):
            x = x - (x * x - a) / derivative(lambda q: q * q - a)(x)
        return x

    assert grad(root)(2.0) == pytest.approx(0.5 / 2.0**0.5, rel=1e-13)
    assert derivative(root, 2)(2.0) == pytest.approx(-0.25 / 2.0**1.5, rel=1e-12)
    assert derivative(root, 3)(2.0) == pytest.approx(0.375 / 2.0**2.5, rel=1e-11)


def test_compiled_functions_follow_such_loops(often: str) -> None:
    for inner in INNER.values():
        f = descent(inner, 12)
        fast = compile(f, backend="python")
        for x in (1.0, 1.25):
            assert fast(x) == pytest.approx(f(x), rel=1e-14)
            assert fast.grad(x) == pytest.approx(grad(f)(x), rel=1e-13)


# Whether a derivative is a number


def test_what_depends_on_no_variable_leaves_a_derivative_a_number(often: str) -> None:
    w = Value(2.0)
    for _ in range(50):
        w = w * 1.01
        assert type(grad(lambda x: x * w)(3.0)) is float  # noqa: B023
        assert type(derivative(lambda x: x * w)(3.0)) is float  # noqa: B023
    w.backward()  # which leaves its own numbers on the nodes
    assert grad(lambda x: x * w)(3.0) == w.data


def test_what_depends_on_a_variable_makes_it_a_value_until_that_is_finished(often: str) -> None:
    kept: list[Any] = []

    def f(x: Any) -> Any:
        y = x
        for _ in range(50):
            y = y * 1.01
            assert isinstance(grad(lambda q: q * y)(3.0), Value)  # noqa: B023
        kept.append(y)
        return y

    assert grad(f)(1.0) == pytest.approx(1.01**50, rel=1e-14)
    for _ in range(3):
        with pytest.raises(RuntimeError, match=r"that an earlier call .* left behind"):
            grad(lambda q: q * kept[0])(3.0)
    with pytest.raises(RuntimeError, match=r"that an earlier call .* left behind"):
        grad(lambda x: x * grad(lambda q: q * kept[0])(3.0))(3.0)


def test_what_a_call_inside_another_left_behind_is_an_error_in_a_third(often: str) -> None:
    kept: list[Any] = []

    def inner(p: Any) -> Any:
        kept.append(p * 2.0)
        return p * grad(lambda q: q * kept[0])(1.0)

    def f(x: Any) -> Any:
        assert grad(inner)(1.0) == 4.0
        with pytest.raises(RuntimeError, match=r"that an earlier call .* left behind"):
            grad(lambda q: q * kept[0])(1.0)
        return x * grad(lambda q: q * x + 0.0 * kept[0])(
            1.0
        )  # who looks is the outer one, and it has begun before

    assert grad(f)(3.0) == 6.0


def test_a_value_that_is_an_argument_does_so_too(often: str) -> None:
    x = Value(2.0)
    for _ in range(20):
        slope = grad(lambda q: q * q)(x)
        assert isinstance(slope, Value)
        x = x + 0.0 * slope
    assert grad(lambda q: q * x)(1.0) == 2.0


def test_an_error_leaves_nothing(often: str) -> None:
    def f(x: Any) -> Any:
        for _ in range(20):
            x = x * grad(lambda q: q * x)(1.0)  # noqa: B023
        return 1.0 / (x - x)

    with pytest.raises(ZeroDivisionError):
        grad(f)(1.0)


def test_it_is_so_in_threads(often: str) -> None:
    f, found = descent(INNER["three deep"], 20), [0.0] * 4
    expected = grad(f)(1.0)

    def run(i: int) -> None:
        found[i] = grad(f)(1.0)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_where_numbers_have_run_out_nothing_has_an_age(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = grad(descent(INNER["grad"], 20))(1.0)
    monkeypatch.setattr(ages, "sweep_numbers", iter(()))
    monkeypatch.setattr(ages, "FEW", -1)
    monkeypatch.setattr(ages, "OFTEN", 2.0)
    assert grad(descent(INNER["grad"], 20))(1.0) == expected


def test_ages_of_larger_calls_are_given_to_some_in_any_rhythm(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []

    def counted(order: Any, older: Any) -> dict[Any, Any]:
        given.append(len(order))
        return {}

    monkeypatch.setattr(ages, "oldest_of", counted)
    for stride in range(1, 12):
        given.clear()
        for turn in range(200 * stride):
            ages.remember([Value(0.0)] * (100 if turn % stride == 0 else 1), {})
        assert 15 <= len(given) <= 35, stride


# What has no part in a derivative


def test_an_infinite_slope_that_has_no_part_is_left_out(often: str) -> None:
    w = Value(0.0)
    for _ in range(3):
        for transform in (derivative, grad):
            assert transform(lambda x: x * math.sqrt(w))(2.0) == 0.0
            assert transform(lambda x: x + math.sqrt(w))(2.0) == 1.0
        assert jvp(lambda x: math.sqrt(w), (2.0,), (1.0,)) == (0.0, 0.0)


def test_anomalies_are_looked_for_in_what_has_a_part(often: str) -> None:
    def f(x: Any) -> Any:
        for _ in range(20):
            x = x * grad(lambda q: q * x)(1.0) ** 0.0  # noqa: B023
        return x * grad(lambda q: math.sqrt(q * x))(0.0)

    with detect_anomaly(), pytest.raises(FloatingPointError, match="sqrt"):
        grad(f)(1.0)
