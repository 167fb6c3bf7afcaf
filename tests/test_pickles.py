"""What was pickled with version 0.1.0, when modules had other places, is read still."""

from __future__ import annotations

import base64
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograd import grad, math, ops, topological_order
from autograd.nn import MLP
from autograd.optim import Adam

FILE = Path(__file__).parent / "data" / "pickles.json"
PICKLES = {name: base64.b64decode(text) for name, text in json.loads(FILE.read_text("utf-8")).items()}


def read(name: str) -> Any:
    return pickle.loads(PICKLES[name])


def test_a_model_and_its_optimizer_go_on() -> None:
    model, optimizer = read("model and optimizer")
    assert isinstance(model, MLP)
    assert isinstance(optimizer, Adam)
    assert model([0.5, -0.25]).data.hex() == "-0x1.8b09637a62ae9p-4"
    before = model.state_dict()
    model([0.5, -0.25]).backward()
    optimizer.step()
    assert optimizer.state_dict()["steps"] == 2
    assert all(model.state_dict()[name] != number for name, number in before.items())


def test_a_model_with_a_function_of_math_has_it_again() -> None:
    assert read("model with a function")([0.5, -0.25]).data.hex() == "0x1.71cad737830d8p-4"


def test_a_graph_has_its_numbers_names_and_gradients() -> None:
    x, y = read("graph")
    assert (x.label, y.label, y.op) == ("x", "y", "exp")
    assert (y.data.hex(), x.grad.hex()) == ("0x1.0878af706b9b3p+10", "0x1.960cb95136d40p+11")
    x.grad = 0.0
    y.backward()
    assert x.grad.hex() == "0x1.960cb95136d40p+11"
    assert topological_order(y)[0] is x


def test_primitives_and_derivatives_are_those_of_today() -> None:
    assert read("primitive") is ops.sin
    assert read("derivative")(0.5) == grad(math.tanh)(0.5)


@pytest.mark.parametrize("name", PICKLES)
def test_it_is_read_where_nothing_has_been_imported_yet(name: str) -> None:
    program = "import pickle, sys; pickle.loads(sys.stdin.buffer.read())"
    subprocess.run([sys.executable, "-c", program], input=PICKLES[name], check=True)


def test_what_never_was_in_an_old_place_is_not_there() -> None:
    with pytest.raises(AttributeError, match="attribute 'Value'"):
        pickle.loads(b"cautograd.copying\nValue\n.")
