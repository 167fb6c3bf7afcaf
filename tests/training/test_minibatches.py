"""The engines of training: the same losses, outputs and gradients, however they are computed."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

from autograd import nn
from autograd.nn import ACTIVATIONS, MLP
from autograd.training import (
    ENGINES,
    Dataset,
    Result,
    Settings,
    Table,
    Trainer,
    digits,
    fit,
    iris,
    make_table,
    minibatches,
)
from autograd.training.minibatches import Eager, engine_of
from autograd.training.on_floats import as_list

FAST = [name for name in ENGINES if name != "eager"]


def curve() -> Table:
    """Sixty points of y = sin(x) with a second feature that does not matter."""
    rng = random.Random(3)
    xs = [rng.uniform(-3, 3) for _ in range(60)]
    return make_table(["x", "other", "y"], [[x, rng.gauss(0, 1), math.sin(x)] for x in xs])


def numbers(result: Result) -> list[float]:
    """Everything that a training has measured and learnt."""
    steps = [x for step in result.history for x in (step.loss, step.score, step.test_loss or 0.0)]
    sizes = [size for step in result.history for size in step.gradients]
    metrics = [*result.train_metrics.values(), *result.test_metrics.values()]
    return [*steps, *sizes, *metrics, *result.model.network.state_dict().values()]


# One training, several engines


@pytest.mark.parametrize("engine", FAST)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("table", [iris(), curve()], ids=["classification", "regression"])
def test_every_engine_learns_the_same(table: Table, activation: str, engine: str) -> None:
    # Batches of 16 leave a smaller one at the end of each turn through the 120 or 48 rows.
    settings: dict[str, Any] = {"hidden": (5, 4), "activation": activation, "steps": 40, "seed": 1}
    eager = fit(table, settings=Settings(**settings, engine="eager"))
    other = fit(table, settings=Settings(**settings, engine=engine))
    assert other.test_rows == eager.test_rows
    assert other.confusion == eager.confusion
    assert numbers(other) == pytest.approx(numbers(eager), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("engine", FAST)
@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_every_engine_learns_the_same_with_other_settings(optimizer: str, engine: str) -> None:
    settings: dict[str, Any] = {
        "hidden": (), "optimizer": optimizer, "batch": 1, "l2": 0.0, "lr": 0.01, "steps": 30,
        "test_fraction": 0.0,
    }  # fmt: skip
    eager, other = (fit(curve(), settings=Settings(**settings, engine=name)) for name in ("eager", engine))
    assert numbers(other) == pytest.approx(numbers(eager), rel=1e-9, abs=1e-15)


@pytest.mark.slow
@pytest.mark.parametrize("engine", FAST)
def test_digits_are_learnt(engine: str) -> None:
    settings = Settings(hidden=(32,), lr=0.02, batch=32, engine=engine)
    result = fit(digits(), settings=settings)
    assert len(result.test_rows) == 359
    assert result.test_metrics["accuracy"] >= 0.95


# One minibatch


def sizes_and_targets(classes: int) -> tuple[list[int], list[float]]:
    return ([3, classes], [float(k % classes) for k in range(6)]) if classes else ([3, 1], [0.5, -1.0] * 3)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("classes", [0, 2, 4])
def test_loss_outputs_and_gradients_are_those_of_the_loss_written_out(engine: str, classes: int) -> None:
    sizes, targets = sizes_and_targets(classes)
    network = MLP(2, sizes, activation="tanh", seed=4)
    inputs = [[0.3 * k - 1.0, math.cos(k)] for k in range(6)]
    rows = [5, 0, 2, 1]
    outputs = [network(inputs[i]) for i in rows]
    if classes:
        expected = nn.cross_entropy(outputs, [int(targets[i]) for i in rows])
    else:
        expected = nn.mse(outputs, [targets[i] for i in rows])
    expected.backward()
    gradients = [p.grad for p in network.parameters()]

    machine = engine_of(engine, network, inputs, targets, classes)
    for parameter in network.parameters():
        parameter.grad = 7.0  # from before, which does not count
    loss, said = machine.differentiate(rows)
    expected_outputs = [out.data for row in outputs for out in as_list(row)]
    assert loss == pytest.approx(expected.data, rel=1e-14)
    assert [x for row in said for x in row] == pytest.approx(expected_outputs, rel=1e-14)
    assert [p.grad for p in network.parameters()] == pytest.approx(gradients, rel=1e-13, abs=1e-16)
    assert [x for row in machine.outputs(rows) for x in row] == pytest.approx(expected_outputs, rel=1e-14)
    assert machine.loss(rows, said) == pytest.approx(expected.data, rel=1e-14)


@pytest.mark.parametrize("engine", FAST)
def test_parameters_that_have_changed_since_are_used(engine: str) -> None:
    network = MLP(2, [3, 2], activation="sigmoid", seed=4)
    inputs, targets = [[1.0, 2.0], [-1.0, 0.5]], [0.0, 1.0]
    machine = engine_of(engine, network, inputs, targets, 2)
    before = machine.differentiate([0, 1])[0]
    for parameter in network.parameters():
        parameter.data += 0.5
    eager = Eager(network, inputs, targets, 2)
    expected = eager.loss([0, 1], eager.outputs([0, 1]))
    assert machine.differentiate([0, 1])[0] == pytest.approx(expected, rel=1e-14)
    assert abs(expected - before) > 1e-3


@pytest.mark.parametrize("engine", ENGINES)
def test_the_loss_of_a_sure_answer_keeps_its_digits(engine: str) -> None:
    # Of logits 0, z and 0 the cross-entropy of the second class is log(1 + 2*exp(-z)).
    network = MLP(1, [3])
    for parameter in network.parameters():
        parameter.data = 0.0
    weight = network.layers[0].neurons[1].w[0]
    weight.data = 1.0
    machine = engine_of(engine, network, [[40.0], [400.0], [-40.0]], [1.0, 1.0, 1.0], 3)
    for row, z in enumerate((40.0, 400.0, -40.0)):
        loss, _ = machine.differentiate([row])
        assert loss == pytest.approx(math.log1p(2 * math.exp(-z)), rel=1e-13, abs=0.0)
        slope = -z * 2 * math.exp(-z) / (1 + 2 * math.exp(-z))
        assert weight.grad == pytest.approx(slope, rel=1e-13, abs=0.0)


# Which engine


@pytest.mark.parametrize(
    ("installed", "best"),
    [({"numpy", "llvm"}, "llvm"), ({"numpy"}, "numpy"), (set(), "eager")],
)
def test_the_fastest_engine_that_is_installed_is_taken(
    monkeypatch: pytest.MonkeyPatch, installed: set[str], best: str
) -> None:
    monkeypatch.setattr(minibatches, "available", lambda name: name in installed)
    assert minibatches.best_engine() == best
    assert Trainer(Dataset.of(iris())).result.settings.engine == best


@pytest.mark.parametrize(("engine", "packages"), [("numpy", "NumPy"), ("llvm", "NumPy and llvmlite")])
def test_an_engine_that_is_not_installed_names_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, engine: str, packages: str
) -> None:
    monkeypatch.setattr(minibatches, "available", lambda name: False)
    message = rf"the engine '{engine}' needs {packages}: pip install \"scalar-autograd\[fast\]\""
    with pytest.raises(ImportError, match=message):
        fit(iris(), settings=Settings(engine=engine))
    fit(iris(), settings=Settings(steps=1))


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no engine 'cuda'; choose from 'eager', 'numpy', 'llvm'"):
        Settings(engine="cuda")
