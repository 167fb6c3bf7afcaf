"""A network learns a table: reproducibly, with results known from theory, and it can be interrupted."""

from __future__ import annotations

import json
import math
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograd.optim import Adam
from autograd.training import (
    ENGINES,
    Dataset,
    Interrupted,
    Settings,
    Step,
    Table,
    Trainer,
    TrainingError,
    fit,
    iris,
    make_table,
)

QUICK = Settings(hidden=(3,), steps=8, batch=4)


def line(noise: float = 0.0) -> Table:
    """Forty points of y = 3x - 5, which a linear model learns exactly."""
    rng = random.Random(5)
    xs = [rng.uniform(-4, 8) for _ in range(40)]
    return make_table(["x", "y"], [[x, 3 * x - 5 + noise * rng.gauss(0, 1)] for x in xs])


def test_iris_is_learnt_with_the_default_settings() -> None:
    result = fit(iris())
    assert result.test_metrics["accuracy"] >= 0.93
    assert result.train_metrics["accuracy"] >= 0.95
    assert (len(result.train_rows), len(result.test_rows)) == (120, 30)
    assert sum(map(sum, result.confusion)) == 30
    hits = sum(result.confusion[k][k] for k in range(3))
    assert hits / 30 == result.test_metrics["accuracy"]
    assert [sum(row) for row in result.confusion] == [10, 10, 10]  # stratified


# Results known from theory


def test_a_linear_model_finds_the_line() -> None:
    settings = Settings(hidden=(), steps=300, l2=0.0)
    result = fit(line(), settings=settings)
    assert result.model.predict([0.0]).value == pytest.approx(-5, abs=1e-3)
    assert result.model.predict([1.0]).value == pytest.approx(-2, abs=1e-3)
    assert result.test_metrics["R2"] == pytest.approx(1, abs=1e-6)
    assert result.test_metrics["RMSE"] < 1e-3
    assert result.confusion == []


@pytest.mark.parametrize("engine", ENGINES)
def test_reported_gradients_are_those_of_the_loss_without_the_l2_term(engine: str) -> None:
    data = Dataset.of(iris())
    settings = Settings(hidden=(3, 2), steps=1, batch=120, l2=5.0, engine=engine)  # one batch of all rows
    (step,) = Trainer(data, settings).run().history
    start = Trainer(data, settings)  # from the same seed, so the same network
    rows = start.result.train_rows
    network = start.result.model.network

    def loss() -> float:
        said = [start.result.model.predict(data.inputs[i]).probabilities[int(data.targets[i])] for i in rows]
        return -math.fsum(map(math.log, said)) / len(said)

    assert step.loss == pytest.approx(loss())
    for layer, reported in zip(network.layers, step.gradients, strict=True):
        slopes = []
        for weight in (w for neuron in layer.neurons for w in neuron.w):
            kept, h = weight.data, 1e-5
            weight.data = kept + h
            above = loss()
            weight.data = kept - h
            slopes.append((above - loss()) / (2 * h))
            weight.data = kept
        assert reported == pytest.approx(sum(map(abs, slopes)) / len(slopes), rel=1e-5)


def test_l2_shrinks_a_regression_as_ridge_regression_does() -> None:
    # Standardised, mean((w*z - t)**2) + l2*(w**2 + b**2) is smallest at w = correlation/(1 + l2), b = 0.
    table = line(noise=4.0)
    settings = Settings(hidden=(), steps=400, batch=40, l2=0.5, test_fraction=0.0, optimizer="sgd", lr=0.1)
    network = fit(table, settings=settings).model.network
    x, y = table.numbers("x"), table.numbers("y")
    mx, my = sum(x) / 40, sum(y) / 40
    covariance = sum((a - mx) * (b - my) for a, b in zip(x, y, strict=True))
    correlation = covariance / math.sqrt(sum((a - mx) ** 2 for a in x) * sum((b - my) ** 2 for b in y))
    weight, bias = (parameter.data for parameter in network.parameters())
    assert weight == pytest.approx(correlation / 1.5, rel=1e-9)
    assert bias == pytest.approx(0, abs=1e-9)


def test_a_classifier_without_features_of_use_learns_the_shares_of_the_classes() -> None:
    # With a constant feature the smallest cross-entropy is the entropy of the classes: 3/4 and 1/4.
    table = make_table(["x", "kind"], [[7, "ab"[i % 4 == 0]] for i in range(40)])
    settings = Settings(hidden=(), steps=300, batch=40, l2=0.0, test_fraction=0.0)
    result = fit(table, settings=settings)
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert result.train_metrics["loss"] == pytest.approx(entropy, rel=1e-4)
    assert result.model.predict([7.0]).probabilities == pytest.approx((0.75, 0.25), abs=1e-2)
    assert result.train_metrics["accuracy"] == 0.75
    assert result.confusion == [[30, 0], [10, 0]]
    assert result.test_metrics == {}


def test_inputs_are_standardised_by_the_rows_learnt_from_alone() -> None:
    result = fit(iris(), settings=QUICK)
    lengths = [iris().numbers("petal_length")[i] for i in result.train_rows]
    mean = sum(lengths) / 120
    deviation = math.sqrt(sum((x - mean) ** 2 for x in lengths) / 120)
    assert result.model.inputs.means[2] == pytest.approx(mean, rel=1e-14)
    assert result.model.inputs.deviations[2] == pytest.approx(deviation, rel=1e-14)


def test_a_constant_column_and_a_small_unit_do_no_harm() -> None:
    rows = [[0.1, x * 1e-9, y] for x, y in zip(line().numbers("x"), line().numbers("y"), strict=True)]
    table = make_table(["constant", "x", "y"], rows)
    result = fit(table, settings=Settings(hidden=(), steps=300, l2=0.0))
    assert result.test_metrics["R2"] > 0.999


# Steps


def test_every_row_is_seen_once_before_any_is_seen_again(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[list[int]] = []
    original = Trainer._next_batch

    def watch(self: Trainer) -> list[int]:
        batches.append(original(self))
        return batches[-1]

    monkeypatch.setattr(Trainer, "_next_batch", watch)
    table = line()
    result = fit(table, settings=Settings(hidden=(), steps=6, batch=12, test_fraction=0.25))
    assert [len(batch) for batch in batches] == [12, 12, 6] * 2  # 30 rows
    for epoch in (batches[:3], batches[3:]):
        assert sorted(i for batch in epoch for i in batch) == sorted(result.train_rows)
    assert batches[:3] != batches[3:]


def test_progress_hears_of_every_step_and_the_learning_rate_falls_to_0() -> None:
    heard: list[Step] = []
    rates: list[float] = []
    trainer = Trainer(Dataset.of(iris()), QUICK)

    def progress(step: Step) -> None:
        heard.append(step)
        rates.append(trainer.optimizer.lr)

    result = trainer.run(progress)
    assert heard == result.history
    assert [step.step for step in heard] == list(range(1, 9))
    assert all(0 <= step.score <= 1 and step.loss > 0 for step in heard)
    assert heard[0].test_loss is not None
    cosine = [0.5 * 0.05 * (1 + math.cos(math.pi * k / 8)) for k in range(1, 9)]
    assert rates == pytest.approx(cosine, abs=1e-15)


def test_the_loss_of_the_first_step_is_that_of_the_untrained_network() -> None:
    trainer = Trainer(Dataset.of(iris()), Settings(hidden=(), batch=120, steps=1))
    network = trainer.result.model.network
    rows = [trainer.result.model.inputs.apply(trainer.data.inputs[i]) for i in trainer.result.train_rows]
    targets = [int(trainer.data.targets[i]) for i in trainer.result.train_rows]
    weights = [[[w.data for w in neuron.w], neuron.b.data] for neuron in network.layers[0].neurons]
    total = 0.0
    for row, target in zip(rows, targets, strict=True):
        logits = [sum(w * x for w, x in zip(ws, row, strict=True)) + b for ws, b in weights]  # type: ignore
        total += math.log(sum(map(math.exp, logits))) - logits[target]
    assert trainer.run().history[0].loss == pytest.approx(total / 120, rel=1e-12)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw"])
@pytest.mark.parametrize("activation", ["relu", "gelu", "sigmoid"])
def test_every_optimizer_and_activation_learns_more_than_the_shares_of_the_classes(
    optimizer: str, activation: str
) -> None:
    settings = Settings(
        optimizer=optimizer, activation=activation, hidden=(4,), lr=0.5 if optimizer == "sgd" else 0.05
    )
    rows = [[x, y, "in" if x * x + y * y < 2 else "out"] for x in range(-2, 3) for y in range(-2, 3)]
    result = fit(make_table(["x", "y", "place"], rows), settings=settings)
    entropy = -(9 / 25 * math.log(9 / 25) + 16 / 25 * math.log(16 / 25))
    assert result.train_metrics["loss"] < 0.8 * entropy


# The same seed


def test_the_same_seed_gives_the_same_model_and_another_one_another() -> None:
    first, second = (fit(iris(), settings=QUICK) for _ in range(2))
    assert first.model.network.state_dict() == second.model.network.state_dict()
    assert (first.history, first.test_rows) == (second.history, second.test_rows)
    other = fit(iris(), settings=Settings(hidden=(3,), steps=8, batch=4, seed=1))
    assert other.model.network.state_dict() != first.model.network.state_dict()
    assert other.test_rows != first.test_rows


def test_the_global_random_generator_is_neither_used_nor_changed() -> None:
    random.seed(1)
    state = random.getstate()
    fit(iris(), settings=QUICK)
    assert random.getstate() == state


def test_a_process_with_another_hash_seed_learns_the_same() -> None:
    program = (
        "import json; from autograd.training import Settings, fit, iris; "
        "settings = Settings(hidden=(3,), steps=8, batch=4); "
        "print(json.dumps(fit(iris(), settings=settings).model.network.state_dict()))"
    )
    mine = fit(iris(), settings=QUICK).model.network.state_dict()
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        assert json.loads(done.stdout) == mine


# Interrupting


@pytest.mark.parametrize("engine", ENGINES)
def test_an_interrupt_between_steps_keeps_what_was_learnt(engine: str) -> None:
    trainer = Trainer(Dataset.of(iris()), replace(QUICK, engine=engine))
    after_step_5: dict[str, float] = {}

    def progress(step: Step) -> None:
        if step.step == 5:
            after_step_5.update(trainer.result.model.network.state_dict())
            raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="interrupted after 5 steps") as stop:
        trainer.run(progress)
    result = stop.value.result
    assert isinstance(stop.value, KeyboardInterrupt)
    assert len(result.history) == 5
    assert result.model.network.state_dict() == after_step_5
    assert result.test_metrics["loss"] > 0
    assert sum(map(sum, result.confusion)) == 30


@pytest.mark.parametrize("engine", ENGINES)
def test_an_interrupt_in_the_middle_of_a_step_undoes_that_step(
    monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    trainer = Trainer(Dataset.of(iris()), replace(QUICK, engine=engine))
    seen: list[dict[str, float]] = []
    original = Adam.step

    def half(self: Adam) -> None:
        if len(seen) == 3:
            trainer.parameters[0].data = 1e6  # changed, while the others are not yet
            raise KeyboardInterrupt
        original(self)

    monkeypatch.setattr(Adam, "step", half)
    with pytest.raises(Interrupted):
        trainer.run(lambda _: seen.append(trainer.result.model.network.state_dict()))
    assert trainer.result.model.network.state_dict() == seen[-1]


def test_an_interrupt_before_the_first_step_is_an_ordinary_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Adam, "step", interrupt)
    with pytest.raises(KeyboardInterrupt) as stop:
        fit(iris(), settings=QUICK)
    assert not isinstance(stop.value, Interrupted)


# Mistakes


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("table", "settings", "reason"),
    [
        (iris(), Settings(optimizer="sgd", lr=1e300, steps=5), "a parameter is no longer finite"),
        (line(), Settings(hidden=(8, 8), activation="relu", optimizer="sgd", lr=1e200), "the loss is nan"),
        (line(), Settings(hidden=(), optimizer="sgd", lr=1e100), "the loss is inf"),
    ],
)
def test_a_learning_rate_that_diverges_is_named(
    table: Table, settings: Settings, reason: str, engine: str
) -> None:
    message = rf"training diverged at step \d+: {reason}; the learning rate .* is too large, try --lr 0\.05"
    with pytest.raises(TrainingError, match=message):
        fit(table, settings=replace(settings, engine=engine))


@pytest.mark.parametrize("hidden", [(10**9,), (100_000, 100_000), (10**400,)])
def test_a_network_that_is_too_large_is_refused_before_it_is_made(hidden: tuple[int, ...]) -> None:
    with pytest.raises(TrainingError, match=r"^a network of [\d,]+ parameters is too large .* 10,000,000$"):
        fit(iris(), settings=Settings(hidden=hidden))


def test_an_unknown_activation_is_refused() -> None:
    with pytest.raises(ValueError, match="'step'"):
        fit(iris(), settings=Settings(activation="step"))


def test_too_few_rows_to_learn_and_to_test_are_refused() -> None:
    table = make_table(["x", "y"], [[1, 0.5], [2, 0.7], [3, 0.9]])
    with pytest.raises(ValueError, match="table: too few rows to learn from some and to test on others"):
        fit(table, settings=Settings(test_fraction=0.7))
