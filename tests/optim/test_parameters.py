"""Optimisers of structures of numbers and of Values; where gradients are NaN they stop."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import Value, compile, grad, nn, optim, value_and_grad
from autograd import math as amath

MAKES: dict[str, Callable[[Any], optim.Optimizer]] = {
    "SGD": lambda p: optim.SGD(p, lr=0.01),
    "momentum": lambda p: optim.SGD(p, lr=0.01, momentum=0.9, dampening=0.1, weight_decay=0.1),
    "nesterov": lambda p: optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    "uphill": lambda p: optim.SGD(p, lr=0.01, maximize=True),
    "Adam": lambda p: optim.Adam(p, lr=0.1, weight_decay=0.1),
    "amsgrad": lambda p: optim.Adam(p, lr=0.1, amsgrad=True),
    "AdamW": lambda p: optim.AdamW(p, lr=0.1),
}
every_kind = pytest.mark.parametrize("make", MAKES.values(), ids=MAKES)


@dataclass
class Line:
    """A dataclass as parameters."""

    slope: Any
    offset: Any


class Pair(NamedTuple):
    """A named tuple as parameters."""

    first: Any
    second: Any


def loss_of(x: Any, y: Any, z: Any) -> Any:
    return (1 - x) ** 2 * 3 + 10 * (y - x * x) ** 2 / 4 + amath.sin(3 * z) * y


STRUCTURES: dict[str, tuple[Any, Callable[[Any], tuple[Any, Any, Any]]]] = {
    "a list": ([1.0, -2.0, 0.5], tuple),
    "an array": (np.array([1.0, -2.0, 0.5]), tuple),
    "a matrix": (np.array([[1.0], [-2.0], [0.5]]), lambda p: (p[0, 0], p[1, 0], p[2, 0])),
    "a dict of arrays": ({"w": np.array([1.0, -2.0]), "b": 0.5}, lambda p: (*p["w"], p["b"])),
    "nested": (
        [{"w": np.array([1.0])}, (-2.0, [np.array(0.5)])],
        lambda p: (p[0]["w"][0], p[1][0], p[1][1][0]),
    ),
    "a dataclass": (Line(np.array([1.0, -2.0]), 0.5), lambda p: (*p.slope, p.offset)),
    "a named tuple": (Pair([1.0], (-2.0, 0.5)), lambda p: (p.first[0], *p.second)),
    "with others": ({"x": 1, "name": "f", "yz": [-2, 0.5], "no": None}, lambda p: (p["x"], *p["yz"])),
}


def flat(x: Any) -> list[float]:
    return [float(number) for number in x]


@every_kind
@pytest.mark.parametrize("name", STRUCTURES)
def test_numbers_in_a_structure_go_where_values_go(name: str, make: Any) -> None:
    given, apart = STRUCTURES[name]
    values = [Value(1.0), Value(-2.0), Value(0.5)]
    of_values, of_structure = make(values), make(given)
    params = given
    for _ in range(5):
        of_values.zero_grad()
        loss_of(*values).backward()
        assert of_values.step() is None
        params = of_structure.step(grad(lambda p: loss_of(*apart(p)))(params))
    assert flat(apart(params)) == pytest.approx([x.data for x in values], rel=1e-14)
    assert flat(apart(given)) == [1.0, -2.0, 0.5]  # which stays as it was
    assert type(params) is type(given)
    assert of_structure.state_dict()["memory"] == {
        key: pytest.approx(kept, rel=1e-13) for key, kept in of_values.memory.items()
    }


def test_what_is_no_number_is_kept() -> None:
    params = {"x": 1, "name": "f", "flag": True, "rest": None}
    assert optim.SGD(params, lr=0.5).step({"x": 2.0, "name": None, "flag": None, "rest": None}) == {
        "x": 0.0,
        "name": "f",
        "flag": True,
        "rest": None,
    }


def test_arrays_come_back_as_arrays_of_floats_in_their_shape() -> None:
    params = optim.SGD({"w": np.ones((2, 3), dtype=np.int64)}, lr=0.5).step({"w": np.ones((2, 3))})
    assert params["w"].dtype == np.float64
    np.testing.assert_array_equal(params["w"], np.full((2, 3), 0.5))


def test_values_in_a_structure_are_changed_in_place() -> None:
    w = np.array([Value(1.0), Value(2.0)])
    params: Any = {"w": w, "b": Value(3.0)}
    optimizer = optim.SGD(params, lr=0.5)
    optimizer.zero_grad()
    (w[0] * w[1] + params["b"] * 2.0).backward()
    assert optimizer.step() is None
    assert [x.data for x in (*w, params["b"])] == [0.0, 1.5, 2.0]
    assert optimizer.step({"w": np.ones(2), "b": -1.0}) is None
    assert [x.data for x in optimizer.parameters] == [-0.5, 1.0, 2.5]


def test_gradients_of_values_in_a_list_may_be_given_too() -> None:
    model = nn.MLP(2, [1], seed=0)
    before = [p.data for p in model.parameters()]
    optim.SGD(model.parameters(), lr=0.5).step([2.0] * 3)
    assert [p.data for p in model.parameters()] == [x - 1.0 for x in before]


def test_values_may_come_from_a_generator() -> None:
    values = [Value(1.0), Value(2.0)]
    assert optim.SGD(x for x in values).parameters == values
    assert optim.SGD({"a": values[0], "b": values[1]}.values()).parameters == values


def test_a_step_may_start_from_other_numbers() -> None:
    optimizer = optim.SGD({"w": np.array([1.0, 2.0])}, lr=0.5, momentum=0.9)
    params = optimizer.step({"w": np.array([1.0, -4.0])})
    assert params["w"].tolist() == [0.5, 4.0]
    clipped = {"w": np.clip(params["w"], 0.0, 1.0)}
    # velocities 0.9 * (1, -4) + (1, 1)
    assert optimizer.step({"w": np.ones(2)}, clipped)["w"].tolist() == pytest.approx([0.5 - 0.95, 1.0 + 1.3])


def test_a_structure_is_learnt_with_compiled_gradients_and_a_schedule() -> None:
    xs = np.linspace(-1.0, 1.0, 11)
    targets = 3.0 * xs - 0.5

    def misfit(params: Any) -> Any:
        return np.mean((params["slope"] * xs + params["offset"] - targets) ** 2)

    params: Any = {"slope": 0.0, "offset": 0.0}
    optimizer = optim.Adam(params, lr=0.3)
    schedule = optim.CosineAnnealingLR(optimizer, 200)
    derive = compile(misfit).value_and_grad
    for _ in range(200):
        loss, slopes = derive(params)
        params = optimizer.step(slopes)
        schedule.step()
    assert loss < 1e-7
    assert params == {"slope": pytest.approx(3.0, abs=1e-3), "offset": pytest.approx(-0.5, abs=1e-3)}


def test_a_structure_goes_on_from_a_stored_state() -> None:
    def slopes(params: Any) -> Any:
        return grad(lambda p: loss_of(p["a"][0], p["a"][1], p["b"]))(params)

    params: Any = {"a": np.array([1.0, -2.0]), "b": 0.5}
    through = optim.Adam(params, lr=0.1)
    for _ in range(3):
        params = through.step(slopes(params))
    stored = json.loads(json.dumps(through.state_dict()))
    resumed = optim.Adam(params, lr=0.1)
    resumed.load_state_dict(stored)
    first, second = through.step(slopes(params)), resumed.step(slopes(params))
    assert flat((*first["a"], first["b"])) == flat((*second["a"], second["b"]))


# NaN


@every_kind
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_step_stops_at_nan_and_names_step_and_parameter(make: Any, bad: float) -> None:
    params = {"w": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": 0.5}
    optimizer = make(params)
    params = optimizer.step({"w": np.ones((2, 2)), "b": 1.0})
    before = optimizer.state_dict()
    with pytest.raises(
        FloatingPointError, match=rf"^step 2: the gradient of parameters\['w'\]\[1, 0\] is {bad},"
    ):
        optimizer.step({"w": np.array([[1.0, 1.0], [bad, 1.0]]), "b": bad})
    assert optimizer.state_dict() == before
    after = optimizer.step({"w": np.zeros((2, 2)), "b": 0.0}, params)
    twin = make(params)
    twin.load_state_dict(before)
    np.testing.assert_array_equal(after["w"], twin.step({"w": np.zeros((2, 2)), "b": 0.0})["w"])


@every_kind
def test_values_are_left_as_they_were_too(make: Any) -> None:
    values = [Value(1.0, label="a"), Value(2.0, label="b"), Value(3.0)]
    optimizer = make(values)
    for value, slope in zip(values, (1.0, math.nan, 2.0), strict=True):
        value.grad = slope
    with pytest.raises(
        FloatingPointError,
        match=r"^step 1: the gradient of parameters\[1\] \(b\) is nan, so .* lr",
    ):
        optimizer.step()
    assert [x.data for x in values] == [1.0, 2.0, 3.0]
    assert optimizer.steps == 0
    assert all(x == 0.0 for kept in optimizer.memory.values() for x in kept)


def test_a_step_that_would_make_a_parameter_nan_or_infinite_is_not_taken() -> None:
    values = [Value(1.0), Value(2.0)]
    optimizer = optim.Adam(values, eps=0.0)  # a gradient of 0 gives 0 / 0
    values[0].grad = 1.0
    with pytest.raises(FloatingPointError, match=r"^step 1: parameters\[1\] would be nan,"):
        optimizer.step()
    assert ([x.data for x in values], optimizer.steps) == ([1.0, 2.0], 0)
    assert optimizer.memory["exp_avg"] == [0.0, 0.0]
    values[1].grad = -1e308
    with pytest.raises(FloatingPointError, match=r"^step 1: parameters\[1\] would be inf,"):
        optim.SGD(values, lr=1e10).step()
    assert values[1].data == 2.0


def test_a_gradient_whose_square_is_infinite_is_no_step_of_0() -> None:
    optimizer = optim.Adam([1.0, 2.0], lr=0.1)
    with pytest.raises(FloatingPointError, match=r"^step 1: exp_avg_sq of parameters\[1\] would be inf, so"):
        optimizer.step([1.0, 1e200])
    assert (optimizer.steps, optimizer.memory["exp_avg_sq"]) == (0, [0.0, 0.0])


def test_large_numbers_whose_sum_is_infinite_are_no_reason_to_stop() -> None:
    params = optim.SGD([1e308, 1.7e308], lr=0.0).step([1e308, 1e308])
    assert params == [1e308, 1.7e308]


def test_an_error_in_a_rule_of_ones_own_leaves_everything_as_it_was() -> None:
    class Broken(optim.Optimizer):
        _remembers = ("seen",)

        def _update(self, i: int, x: float, g: float) -> float:
            self.memory["seen"][i] = g
            return x / (1 - i)

    optimizer = Broken([1.0, 2.0], 0.1, 0.0, False)
    with pytest.raises(ZeroDivisionError):
        optimizer.step([3.0, 4.0])
    assert (optimizer.steps, optimizer.memory) == (0, {"seen": [0.0, 0.0]})


# What is refused


def test_gradients_must_look_like_the_parameters() -> None:
    optimizer = optim.SGD({"w": np.ones(2), "b": 1.0})
    for wrong, words in [
        ({"w": np.ones(2)}, r"gradients\['b'\] must be a number, not nothing"),
        ({"w": np.ones(3), "b": 1.0}, r"gradients\['w'\] must be shape \(2,\), not shape \(3,\)"),
        (np.ones(3), r"gradients\['w'\] must be shape \(2,\), not nothing"),
        (lambda: 1.0, "step takes gradients in the structure of the parameters, not <function"),
    ]:
        with pytest.raises(TypeError, match=words):
            optimizer.step(wrong)
    with pytest.raises(
        TypeError, match=r"plain numbers, which have no gradients .* optimizer\.step\(gradients\)"
    ):
        optimizer.step()
    with pytest.raises(TypeError, match=r"parameters\['b'\] must be a number, not nothing"):
        optimizer.step({"w": np.ones(2), "b": 1.0}, {"w": np.ones(2)})
    assert optimizer.steps == 0


def test_what_cannot_be_optimised_in_a_structure_is_refused() -> None:
    x = Value(1.0, label="x")
    for wrong, error, words in [
        ({}, ValueError, "no parameters"),
        ({"a": None, "b": "text"}, ValueError, "no parameters"),
        (
            {"a": x, "b": [1.0]},
            TypeError,
            r"parameters\['b'\]\[0\] is no Value, but 'float': 1.0, where others",
        ),
        (
            {"a": x, "b": [x]},
            ValueError,
            r"parameters\['b'\]\[0\] \(x\) is given twice, as parameters\['a'\] too",
        ),
        ({"a": {"b": x * 2.0}}, ValueError, r"parameters\['a'\]\['b'\] was computed, by '\*'"),
        ({"a": 1j}, TypeError, r"parameters\['a'\].*complex"),
        ({"a": {1.0, 2.0}}, TypeError, r"parameters\['a'\] is a set, whose elements have no order"),
        (["a"], TypeError, r"parameters\[0\] is no Value, but 'str'"),
        (3.0, TypeError, "parameters is a list of Values, not 'float'"),
        (x, TypeError, "parameters is a list of Values, not 'Value'"),
        (nn.MLP(2, [1]), TypeError, r"give the parameters, not the model: model.parameters\(\)"),
    ]:
        with pytest.raises(error, match=words):
            optim.SGD(wrong)  # type: ignore[arg-type]


def test_value_and_grad_of_a_dict_ends_at_the_lowest_point() -> None:
    params: Any = {"centre": np.zeros(3), "height": 1.0}
    optimizer = optim.SGD(params, lr=0.25)
    for _ in range(60):
        loss, slopes = value_and_grad(lambda p: np.sum((p["centre"] - [1, 2, 3]) ** 2) + p["height"] ** 2)(
            params
        )
        params = optimizer.step(slopes)
    assert loss < 1e-30
    assert params["centre"] == pytest.approx([1.0, 2.0, 3.0])


def test_an_optimiser_that_was_pickled_without_structures_goes_on() -> None:
    optimizer = optim.SGD([Value(1.0)], lr=0.5)
    state = {name: x for name, x in vars(optimizer).items() if name != "_given"}
    again = object.__new__(optim.SGD)
    again.__setstate__(state)
    again.parameters[0].grad = 1.0
    again.step()
    assert again.parameters[0].data == 0.5
