"""The four sweeps over a recorded graph, against closed forms, for several results and inner nodes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from autograd import Value, detect_anomaly, gradients, jvp, no_grad, topological_order
from autograd.derivatives.sweeps import (
    forward_sweep,
    recorded_forward_sweep,
    recorded_reverse_sweep,
    reverse_sweep,
)

Sweep = Callable[[Sequence[Value], Mapping[Value, Any], Sequence[Value]], Sequence[Any]]
REVERSE: list[Sweep] = [reverse_sweep, recorded_reverse_sweep]
FORWARD: list[Sweep] = [forward_sweep, recorded_forward_sweep]
INF, NAN = math.inf, math.nan


def numbers(derivatives: Sequence[Any]) -> list[float]:
    return [x.data if isinstance(x, Value) else x for x in derivatives]


def same(x: Sequence[float], y: Sequence[float]) -> bool:
    """Whether two lists are the same bit for bit, but for the kinds of NaN."""
    return [repr(a) for a in x] == [repr(b) for b in y]


@pytest.fixture
def xy() -> tuple[Value, Value, Value, Value]:
    """x = 3, y = 4, p = x y + x**2 and q = y / x."""
    x, y = Value(3.0), Value(4.0)
    return x, y, x * y + x**2, y / x


@pytest.mark.parametrize("sweep", REVERSE)
def test_a_reverse_sweep_differentiates_a_weighted_sum_of_results(
    sweep: Sweep, xy: tuple[Value, Value, Value, Value]
) -> None:
    x, y, p, q = xy
    order = topological_order(p, q, reverse=True)
    got = numbers(sweep(order, {p: 2.0, q: 0.5}, [x, y]))
    # p_x = y + 2x, p_y = x, q_x = -y / x**2, q_y = 1 / x
    assert got == pytest.approx([2.0 * (4 + 6) + 0.5 * -4 / 9, 2.0 * 3 + 0.5 / 3], rel=1e-15)
    assert [v.grad for v in topological_order(p, q)] == [0.0] * len(order)


@pytest.mark.parametrize("sweep", FORWARD)
def test_a_forward_sweep_differentiates_every_result_in_a_direction(
    sweep: Sweep, xy: tuple[Value, Value, Value, Value]
) -> None:
    x, y, p, q = xy
    order = topological_order(p, q, without=[x, y])
    got = numbers(sweep(order, {x: 2.0, y: 0.5}, [q, p, x]))
    assert got == pytest.approx([2.0 * -4 / 9 + 0.5 / 3, 2.0 * (4 + 6) + 0.5 * 3, 2.0], rel=1e-15)
    assert [v.grad for v in topological_order(p, q)] == [0.0] * (len(order) + 2)


def test_a_seed_on_an_inner_node_adds_to_what_comes_from_above() -> None:
    x = Value(2.0)
    inner = x**3
    outer = inner * 5.0
    order = topological_order(outer, reverse=True)
    for sweep in REVERSE:
        # (7 inner + 5 inner) differentiated by x and by the inner node itself
        assert numbers(sweep(order, {outer: 1.0, inner: 7.0}, [x, inner])) == [12.0 * 12.0, 12.0]


def test_a_tangent_on_an_inner_node_adds_to_what_comes_from_below() -> None:
    x = Value(2.0)
    inner = x**3
    outer = inner * 5.0
    order = topological_order(outer, without=[x])
    for sweep in FORWARD:
        assert numbers(sweep(order, {x: 1.0, inner: 7.0}, [outer])) == [5.0 * (12.0 + 7.0)]


@pytest.mark.parametrize("sweep", [*REVERSE, *FORWARD])
def test_what_does_not_depend_has_derivative_plus_zero(sweep: Sweep) -> None:
    x, y = Value(3.0), Value(4.0)
    z = -(y * 2.0)
    forward = sweep in FORWARD
    order = topological_order(z, reverse=not forward)
    (got,) = sweep(order, {x: -1.0}, [z]) if forward else sweep(order, {z: -1.0}, [x])
    assert same(numbers([got]), [0.0])
    zero_times_minus = sweep(order, {y: 0.0}, [z]) if forward else sweep(order, {z: 0.0}, [y])
    assert same(numbers(zero_times_minus), [0.0])
    assert same(numbers(sweep([y], {y: -0.0}, [y])), [0.0])


@pytest.mark.parametrize("sweep", [*REVERSE, *FORWARD])
def test_a_sweep_may_go_over_more_than_it_starts_from_and_keeps_its_arguments(
    sweep: Sweep, xy: tuple[Value, Value, Value, Value]
) -> None:
    x, y, p, q = xy
    forward = sweep in FORWARD
    order = topological_order(p, q, reverse=not forward, without=[x, y])
    starts: dict[Value, Any] = {x: 2.0, y: 0.0} if forward else {p: 2.0}
    before = (list(order), dict(starts))
    got = numbers(sweep(order, starts, [p] if forward else [x, y]))
    assert got == ([20.0] if forward else [20.0, 6.0])
    assert [id(v) for v in order] == [id(v) for v in before[0]]
    assert list(starts.items()) == list(before[1].items())


@pytest.mark.parametrize("sweep", [*REVERSE, *FORWARD])
@pytest.mark.parametrize("factor", [0.0, 1.0, -1.0, 2.0, INF, NAN])
@pytest.mark.parametrize("at", [0.0, 4.0])
def test_every_product_of_the_chain_rule_is_that_of_ieee(sweep: Sweep, factor: float, at: float) -> None:
    x = Value(at)
    root = x.sqrt()
    forward = sweep in FORWARD
    order = topological_order(root, reverse=not forward)
    got = sweep(order, {x: factor}, [root]) if forward else sweep(order, {root: factor}, [x])
    slope = INF if at == 0.0 else 0.25  # 1 / (2 sqrt(x))
    assert same(numbers(got), [slope * factor])


@pytest.mark.parametrize("sweep", [recorded_reverse_sweep, recorded_forward_sweep])
def test_recorded_derivatives_have_derivatives(sweep: Sweep) -> None:
    x, y = Value(3.0), Value(4.0)
    z = x * x * y + y.sin()
    if sweep in FORWARD:
        (slope,) = sweep(topological_order(z, without=[x, y]), {x: 2.0, y: 0.5}, [z])
    else:
        by_x, by_y = sweep(topological_order(z, reverse=True), {z: 1.0}, [x, y])
        slope = 2.0 * by_x + 0.5 * by_y
    # 2 (2 x y) + (x**2 + cos y) / 2, differentiated once more
    assert slope.data == pytest.approx(2 * 2 * 3 * 4 + 0.5 * (9 + math.cos(4)), rel=1e-15)
    assert gradients(slope, [x, y]) == pytest.approx([4 * 4 + 3, 4 * 3 - 0.5 * math.sin(4)], rel=1e-15)


@pytest.mark.parametrize("sweep", [recorded_reverse_sweep, recorded_forward_sweep])
@pytest.mark.parametrize("c", [-5.0, -1.0, -0.5, 0.0, 0.5, 1.0, 5.0])
def test_recorded_derivatives_have_every_constant_factor(sweep: Sweep, c: float) -> None:
    x = Value(3.0)
    z = (c * x) ** 2
    forward = sweep in FORWARD
    order = topological_order(z, reverse=not forward)
    (slope,) = sweep(order, {x: 1.0}, [z]) if forward else sweep(order, {z: 1.0}, [x])
    assert slope.data == 2 * c * c * 3.0
    assert gradients(slope, x) == 2 * c * c


@pytest.mark.parametrize("sweep", [recorded_reverse_sweep, recorded_forward_sweep])
def test_recorded_derivatives_depend_on_weights_that_are_values(sweep: Sweep) -> None:
    x, weight = Value(3.0), Value(5.0)
    z = x * x
    if sweep in FORWARD:
        (slope,) = sweep(topological_order(z, without=[x]), {x: weight}, [z])
    else:
        (slope,) = sweep(topological_order(z, reverse=True), {z: weight}, [x])
    assert slope.data == 30.0
    assert gradients(slope, [x, weight]) == [10.0, 6.0]


@pytest.mark.parametrize("sweep", [recorded_reverse_sweep, recorded_forward_sweep])
def test_products_with_one_and_zero_and_minus_one_make_no_needless_nodes(sweep: Sweep) -> None:
    x, y = Value(3.0), Value(4.0)
    z = x - y
    forward = sweep in FORWARD
    order = topological_order(z, reverse=not forward)
    for weight in (1.0, 5.0):  # derivatives that are constants are leaves
        slopes = sweep(order, {y: weight}, [z]) if forward else sweep(order, {z: weight}, [y])
        assert [(slope.data, slope.op) for slope in slopes] == [(-weight, "")]
    weight_of_ours = Value(5.0)
    slopes = sweep(order, {x: weight_of_ours}, [z]) if forward else sweep(order, {z: weight_of_ours}, [x])
    assert slopes[0] is weight_of_ours
    slopes = sweep(order, {y: weight_of_ours}, [z]) if forward else sweep(order, {z: weight_of_ours}, [y])
    assert [(slope.data, slope.op) for slope in slopes] == [(-5.0, "neg")]
    scaled = 7.0 * (x * y)
    order = topological_order(scaled, reverse=not forward)
    slopes = sweep(order, {x: 0.0}, [scaled]) if forward else sweep(order, {scaled: 0.0}, [x])
    assert [(slope.data, slope.op) for slope in slopes] == [(0.0, "")]


@pytest.mark.parametrize("sweep", [*REVERSE, *FORWARD])
def test_in_a_block_that_detects_anomalies_a_sweep_stops_at_the_first_infinity(sweep: Sweep) -> None:
    x = Value(0.0)
    z = x.sqrt() * 1.0
    forward = sweep in FORWARD
    order = topological_order(z, reverse=not forward)
    weight = Value(2.0) if sweep in (recorded_reverse_sweep, recorded_forward_sweep) else 2.0
    seeds, results = ({x: weight}, [z]) if forward else ({z: weight}, [x])
    with (
        detect_anomaly(),
        pytest.raises(FloatingPointError, match=r"through sqrt is inf: the local derivative is inf, .* 2\.0"),
    ):
        sweep(order, seeds, results)
    with no_grad():  # another block, which detects nothing
        assert numbers(sweep(order, seeds, results)) == [INF]
    assert numbers(sweep(order, seeds, results)) == [INF]


# What is recorded must be what was computed


def test_recorded_derivatives_at_nan_are_nan() -> None:
    x = Value(NAN)
    for z in (x * x, x.exp(), x**3):
        assert math.isnan(gradients(z, x, create_graph=True).data)


@pytest.mark.parametrize(("then", "now"), [(NAN, 5.0), (5.0, NAN), (3.0, 5.0), (5.0, 3.0)])
def test_a_number_that_was_changed_is_an_error_that_shows_it(then: float, now: float) -> None:
    x = Value(then)
    z = x * 2.0
    x.data = now
    with pytest.raises(RuntimeError, match=r"an operand of '\*' has another number now") as caught:
        gradients(z, x, create_graph=True)
    assert f"({x!r}, 2.0)" in str(caught.value)


def test_a_number_that_was_changed_without_changing_the_result_is_an_error_too() -> None:
    x, y = Value(0.0), Value(3.0)
    z = x * y
    y.data = 5.0  # z stays 0, its derivative by x was 3
    with pytest.raises(RuntimeError, match="has another number now"):
        gradients(z, x, create_graph=True)
    assert gradients(z, x) == 3.0


def test_a_recorded_zero_has_no_sign_and_can_be_differentiated() -> None:
    x = Value(0.0)
    (slope,) = gradients(x.cos(), [x], create_graph=True)  # -sin(0)
    assert str(slope.data) == "0.0"
    assert gradients(slope, x) == -1.0
    (plain,) = gradients(-x * 0.0, [x], create_graph=True)
    assert (str(plain.data), type(plain)) == ("0.0", Value)
    (other,) = gradients(x.sin() - 1.0, [x], create_graph=True)
    assert (other.data, other.op) == (1.0, "cos")  # what is no zero is left as it is
    (positive,) = gradients(x * x, [x], create_graph=True)
    assert (str(positive.data), positive.op) == ("0.0", "+")
    tangent = jvp(Value.cos, (x,), (1.0,))[1]
    assert str(tangent.data) == "0.0"


def test_an_infinite_derivative_by_what_is_not_asked_for_is_no_nan() -> None:
    x, y = Value(0.0), Value(2.0)
    root = x.sqrt()  # whose derivative by x is infinite
    for result, expected in ((root + y, 1.0), (root * y, 0.0), (y * root, 0.0), (root, 0.0)):
        order = topological_order(result)
        assert forward_sweep(order, {y: 1.0}, [result]) == [expected]
        assert numbers(recorded_forward_sweep(order, {y: 1.0}, [result])) == [expected]
