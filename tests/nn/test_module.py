"""Modules: which Values are their parameters, what they are called, and how they are set and restored."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Value, grad, no_grad
from autograd.nn import MLP, Layer, Module, Neuron, functional_call


def names(module: Module) -> list[str]:
    return [name for name, _ in module.named_parameters()]


class Holder(Module):
    """Holds whatever it is given."""

    def __init__(self, **attributes: Any) -> None:
        vars(self).update(attributes)


class Line(Module):
    """A module as micrograd's tutorials write it."""

    def __init__(self) -> None:
        self.slope = Value(2.0)
        self.offset = Value(-1.0)

    def parameters(self) -> list[Value]:
        return [self.offset, self.slope]


# Parameters


def test_values_in_attributes_are_parameters_in_order() -> None:
    module = Holder(b=Value(1.0), a=Value(2.0))
    assert module.parameters()[0] is module.b  # type: ignore[attr-defined]
    assert names(module) == ["b", "a"]


def test_lists_tuples_dicts_arrays_and_modules_are_searched() -> None:
    v = [Value(float(i)) for i in range(7)]
    module = Holder(
        many=[v[0], (v[1],)],
        table={"x": v[2], 3: [v[3]]},
        inner=Holder(w=v[4]),
        array=np.array([[v[5], v[6]]]),
    )
    assert [p.data for p in module.parameters()] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert names(module) == [
        "many[0]", "many[1][0]", "table['x']", "table[3][0]", "inner.w", "array[0][0]", "array[0][1]",
    ]  # fmt: skip


def test_other_attributes_are_no_parameters() -> None:
    module = Holder(w=Value(1.0), n=3, name="x", data=[1.0, "y"], nothing=None, array=np.ones(3), f=math.sin)
    assert names(module) == ["w"]
    assert Module().parameters() == []


def test_a_computed_value_is_no_parameter() -> None:
    w = Value(1.0)
    assert names(Holder(w=w, output=w * 2)) == ["w"]


def test_a_shared_parameter_counts_once() -> None:
    w = Value(1.0)
    neuron = Neuron(2)
    module = Holder(w=w, tied=[w, w], first=neuron, second=neuron)
    assert names(module) == ["w", "first.w[0]", "first.w[1]", "first.b"]
    assert len(module.parameters()) == 4


def test_modules_that_hold_each_other_are_searched_once() -> None:
    parent, child = Holder(w=Value(1.0)), Holder(v=Value(2.0))
    parent.child, child.parent = child, parent  # type: ignore[attr-defined]
    assert names(parent) == ["w", "child.v"]


def test_a_very_deep_module_is_searched() -> None:
    module = Holder(w=Value(1.0))
    for _ in range(5000):
        module = Holder(inner=module)
    assert len(module.parameters()) == 1


def test_a_subclass_may_say_itself_what_its_parameters_are() -> None:
    line = Line()
    assert names(line) == ["offset", "slope"]
    assert names(Holder(lines=[line, Line()])) == [
        "lines[0].offset", "lines[0].slope", "lines[1].offset", "lines[1].slope",
    ]  # fmt: skip


def test_parameters_that_no_attribute_holds_are_named_by_place() -> None:
    hidden = Value(1.0)

    class Odd(Module):
        def parameters(self) -> list[Value]:
            return [hidden, hidden]

    assert names(Odd()) == ["parameters[0]"]
    assert Holder(odd=Odd()).state_dict() == {"odd.parameters[0]": 1.0}


def test_zero_grad_zeroes_every_parameter() -> None:
    line = Line()
    (line.slope * 3 + line.offset).backward()
    assert (line.slope.grad, line.offset.grad) == (3.0, 1.0)
    line.zero_grad()
    assert (line.slope.grad, line.offset.grad) == (0.0, 0.0)


# Calls with other parameters


def test_a_module_is_called_with_other_parameters_and_keeps_its_own() -> None:
    model, other = MLP(2, [3, 2], activation="tanh", seed=0), MLP(2, [3, 2], activation="tanh", seed=1)
    before, row = model.state_dict(), [0.5, -2.0]
    expected = [out.data for out in other(row)]
    each: list[Any] = [
        other.parameters(),
        [p.data for p in other.parameters()],
        np.array([p.data for p in other.parameters()]),
        dict(other.named_parameters()),
        other.state_dict(),
    ]
    for parameters in each:
        assert [out.data for out in functional_call(model, parameters, row)] == expected
    assert model.state_dict() == before


def test_parameters_given_have_the_gradients_and_the_modules_own_have_none() -> None:
    model, other = MLP(2, [3, 1], activation="tanh", seed=0), MLP(2, [3, 1], activation="tanh", seed=1)
    functional_call(model, other.parameters(), [0.5, -2.0]).backward()
    gradients = [p.grad for p in other.parameters()]
    other.zero_grad()
    other([0.5, -2.0]).backward()
    assert gradients == [p.grad for p in other.parameters()]
    assert all(gradients)
    assert [p.grad for p in model.parameters()] == [0.0] * 13


def test_parameters_that_are_left_out_are_the_modules_own() -> None:
    neuron = Neuron(2, nonlin=False, initializer=lambda *_: 2.0)
    out = functional_call(neuron, {"w[1]": 10.0}, [1.0, 1.0])
    out.backward()
    assert out.data == 12.0
    assert [p.grad for p in neuron.parameters()] == [1.0, 0.0, 1.0]


def test_parameters_are_found_in_lists_dicts_and_arrays_and_shared_ones_stay_shared() -> None:
    class Mixed(Module):
        def __init__(self) -> None:
            shared = Value(1.0)
            self.parts = {"a": [shared], "b": (Value(2.0),)}
            self.array, self.again = np.array([Value(3.0), Value(4.0)]), shared

        def __call__(self, x: float, power: int) -> Any:
            total = self.parts["a"][0] + self.parts["b"][0] + self.array.sum() + self.again
            return (x * total) ** power

    model = Mixed()
    assert [p.data for p in model.parameters()] == [1.0, 2.0, 3.0, 4.0]
    # (3 * (2a + b + c + d))**2 at a = 10, b = c = d = 1 has the derivatives 2 * 3 * 69 * (2, 1, 1, 1).
    slopes = grad(lambda p: functional_call(model, p, 3.0, 2))([10.0, 1.0, 1.0, 1.0])
    assert slopes == [828.0, 414.0, 414.0, 414.0]


def test_a_wrong_number_or_an_unknown_name_of_parameters_is_refused() -> None:
    with pytest.raises(ValueError, match="the module has 3 parameters; 2 were given"):
        functional_call(Neuron(2), [1.0, 2.0], [1.0, 1.0])
    with pytest.raises(ValueError, match=r"the module has no parameters of these names: 'w\[2\]'"):
        functional_call(Neuron(2), {"w[2]": 1.0}, [1.0, 1.0])
    with pytest.raises(TypeError, match="str"):
        functional_call(Neuron(2), ["1", 1.0, 1.0], [1.0, 1.0])  # type: ignore[list-item]


# States


def test_a_state_restores_a_model() -> None:
    model, other = MLP(2, [3, 1], seed=0), MLP(2, [3, 1], seed=1)
    state = model.state_dict()
    assert state["layers[1].neurons[0].w[2]"] == model.layers[1].neurons[0].w[2].data
    other.load_state_dict(state)
    assert other([0.3, 0.7]).data == model([0.3, 0.7]).data


def test_a_state_is_a_copy() -> None:
    line = Line()
    state = line.state_dict()
    line.slope.data = 9.0
    assert state == {"offset": -1.0, "slope": 2.0}


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, 3, np.float32(0.5)])
def test_any_real_number_may_be_in_a_state(number: float) -> None:
    line = Line()
    line.load_state_dict({"slope": number, "offset": 0.0})
    assert math.isclose(line.slope.data, float(number)) or (
        math.isnan(number) and math.isnan(line.slope.data)
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"slope": 1.0}, "lacks 'offset'"),
        ({}, "2 parameters.*0 numbers.*lacks 'offset', 'slope'"),
        ({"slope": 1.0, "offset": 2.0, "bias": 3.0}, "'bias' too many"),
        ({"slope": 1.0, "bias": 3.0}, "lacks 'offset' and has 'bias' too many"),
    ],
)
def test_wrong_names_are_refused_and_change_nothing(state: dict[str, float], words: str) -> None:
    line = Line()
    with pytest.raises(ValueError, match=words):
        line.load_state_dict(state)
    assert line.state_dict() == {"offset": -1.0, "slope": 2.0}


@pytest.mark.parametrize("wrong", ["1.0", True, None, [1.0], 1j, Value(1.0)])
def test_what_is_no_number_is_refused_and_changes_nothing(wrong: Any) -> None:
    line = Line()
    with pytest.raises(TypeError, match="slope"):
        line.load_state_dict({"offset": 5.0, "slope": wrong})
    assert line.state_dict() == {"offset": -1.0, "slope": 2.0}


def test_what_is_no_state_is_refused() -> None:
    with pytest.raises(TypeError, match="list"):
        Line().load_state_dict([("slope", 1.0)])  # type: ignore[arg-type]


# Files


def test_any_module_is_saved_and_loaded(tmp_path: Path) -> None:
    line, other = Line(), Line()
    line.slope.data, line.offset.data = 0.1, 1e-310
    line.save(tmp_path / "line.json")
    other.load(tmp_path / "line.json")
    assert other.state_dict() == {"offset": 1e-310, "slope": 0.1}


def test_a_file_of_another_module_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "neuron.json"
    Neuron(2).save(path)
    line = Line()
    with pytest.raises(ValueError, match=r"neuron\.json: .*lacks 'offset', 'slope'"):
        line.load(path)
    assert line.state_dict() == {"offset": -1.0, "slope": 2.0}


def test_layers_share_no_file_with_networks(tmp_path: Path) -> None:
    path = tmp_path / "layer.json"
    Layer(2, 1).save(path)
    with pytest.raises(ValueError, match=r'layer\.json: "model" must be'):
        MLP(2, [1]).load(path)


def test_saving_what_json_cannot_hold_is_refused_and_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "line.json"
    line = Line()
    line.save(path)
    line.slope.data = math.nan
    with pytest.raises(ValueError, match="slope = nan"):
        line.save(path)
    assert json.loads(path.read_text())["parameters"]["slope"] == 2.0
    assert [file.name for file in tmp_path.iterdir()] == ["line.json"]


def test_modules_work_where_nothing_is_recorded() -> None:
    with no_grad():
        model = MLP(2, [3, 1], seed=0)
        assert model([1.0, 2.0]).operands == ()
    assert len(model.parameters()) == 13
