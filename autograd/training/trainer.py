"""Fitting a network of Values to a table.

`fit` divides the rows into those it learns from and those it is tested on, standardises the columns, and
walks downhill: a minibatch, its loss, backward(), a step of the optimiser. Everything random is drawn from
one seed, so that the same table and settings give the same network to the last bit.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from .. import nn, optim
from .dataset import Dataset, split_rows
from .metrics import confusion_matrix, r2, rmse
from .minibatches import best_engine, engine_of
from .model import Model, Scaling
from .results import Interrupted, Result, Step
from .settings import OPTIMIZERS, Settings
from .tables import Table, TableError

MONITORED_ROWS = 200  # test rows on which the loss is watched during training
MOST_PARAMETERS = 10_000_000  # some gigabytes


class TrainingError(ValueError):
    """Training diverged, or the network is too large; the message says what to change."""


def fit(
    table: Table,
    *,
    target: str | None = None,
    features: Sequence[str] | None = None,
    task: str | None = None,
    settings: Settings | None = None,
    progress: Callable[[Step], object] | None = None,
) -> Result:
    """Train a network to predict one column of a table from others.

    Args:
        table: the rows; see `read_table` and `iris`.
        target: the column to predict, by name or by number from 1; the last one by default.
        features: the columns to predict it from, all numbers; all other columns by default.
        task: "classification" or "regression"; by default what `dataset.find_task` finds.
        settings: how to learn.
        progress: called after every step.

    Raises:
        TableError: a column is missing, a cell is not what it must be, or there are too few rows.
        ImportError: a package that the engine needs is not installed.
        TrainingError: training diverged: the loss or a parameter has become infinite or NaN; or the network
            has more than ten million parameters.
        Interrupted: Ctrl-C was pressed; the error carries the result so far.

    >>> from autograd.training import iris
    >>> result = fit(iris(), settings=Settings(steps=100))
    >>> result.test_metrics["accuracy"] > 0.9
    True
    >>> result.model.predict([5.1, 3.5, 1.4, 0.2]).value
    'setosa'
    """
    return Trainer(Dataset.of(table, target, features, task), settings).run(progress)


class Trainer:
    """A network and the data that it is going to learn; `fit` is the short way.

    Args:
        data: the columns of a table to learn.
        settings: how to learn.

    Attributes:
        result: the untrained model and the division of the rows; `run` fills in the rest.

    Raises:
        TableError: there are too few rows to learn from some and test on others.
        ImportError: a package that the engine needs is not installed.
    """

    def __init__(self, data: Dataset, settings: Settings | None = None) -> None:
        settings = settings or Settings()
        engine = settings.engine or best_engine()
        settings = replace(settings, engine=engine)
        self.data = data
        self.rng = random.Random(settings.seed)
        labels = [int(y) for y in data.targets] if data.classes else None
        train, test = split_rows(len(data.inputs), settings.test_fraction, self.rng, labels)
        if len({data.targets[i] for i in train}) < 2:
            raise TableError("too few rows to learn from some and to test on others", data.table.name)
        model = _untrained(data, train, settings, self.rng)
        self.result = Result(model, data, settings, train, test)
        self.engine = engine_of(engine, model.network, *model.standardised(data), len(data.classes))
        self.parameters = model.network.parameters()
        self.optimizer = OPTIMIZERS[settings.optimizer](self.parameters, lr=settings.lr)
        self.schedule = optim.CosineAnnealingLR(self.optimizer, settings.steps)
        self.last = [p.data for p in self.parameters]  # as they were after the last whole step
        self.queue: list[int] = []

    def run(self, progress: Callable[[Step], object] | None = None) -> Result:
        """Do all steps and measure the result; the argument and the errors are those of `fit`."""
        try:
            self._descend(progress)
            self._measure()
        except KeyboardInterrupt:
            if not self.result.history:
                raise
            for parameter, data in zip(self.parameters, self.last, strict=True):
                parameter.data = data  # undoes the part of a step that was done
            self._measure()
            raise Interrupted(self.result) from None
        return self.result

    def _descend(self, progress: Callable[[Step], object] | None) -> None:
        settings = self.result.settings
        every = max(1, settings.steps // 50)
        for number in range(1, settings.steps + 1):
            watched = self.result.test_rows[:MONITORED_ROWS] if number % every == 0 or number == 1 else []
            try:
                step = self._step(number, watched)
            except (ArithmeticError, ValueError) as error:
                raise _diverged(number, settings.lr, str(error)) from error
            self.last = [p.data for p in self.parameters]
            self.result.history.append(step)
            if progress is not None:
                progress(step)

    def _step(self, number: int, watched: Sequence[int]) -> Step:
        test_loss = self.engine.loss(watched, self.engine.outputs(watched)) if watched else None
        rows = self._next_batch()
        loss, outputs = self.engine.differentiate(rows)
        if not math.isfinite(loss):
            raise ArithmeticError(f"the loss is {loss}")
        gradients = self._gradients()
        if l2 := self.result.settings.l2:
            for parameter in self.parameters:
                parameter.grad += 2 * l2 * parameter.data  # the derivative of l2 * parameter**2
        try:
            self.optimizer.step()
        except FloatingPointError:
            raise ArithmeticError("a parameter is no longer finite") from None
        self.schedule.step()
        return Step(number, loss, self._score(rows, outputs), test_loss, gradients)

    def _gradients(self) -> tuple[float, ...]:
        """Return the mean |d loss/dw| over the weights of each layer."""
        sizes = []
        for layer in self.result.model.network.layers:
            weights = [w for neuron in layer.neurons for w in neuron.w]
            sizes.append(sum(abs(w.grad) for w in weights) / len(weights))
        return tuple(sizes)

    def _next_batch(self) -> list[int]:
        """Return the next rows of a random order of all training rows; a new order when it is used up."""
        if not self.queue:
            self.queue = list(self.result.train_rows)
            self.rng.shuffle(self.queue)
        size = self.result.settings.batch
        rows, self.queue = self.queue[:size], self.queue[size:]
        return rows

    def _score(self, rows: Sequence[int], outputs: Sequence[Sequence[float]]) -> float:
        if self.data.classes:
            hits = [_best(out) == self.data.targets[i] for i, out in zip(rows, outputs, strict=True)]
            return sum(hits) / len(hits)
        return rmse([self.data.targets[i] for i in rows], self._numbers(outputs))

    def _numbers(self, outputs: Sequence[Sequence[float]]) -> list[float]:
        """Return the outputs of a regression in the unit of the target."""
        scaling = self.result.model.outputs
        assert scaling is not None
        return [scaling.undo(out)[0] for out in outputs]

    def _measure(self) -> None:
        """Fill in the metrics of the result."""
        result = self.result
        rows = result.train_rows
        outputs = self.engine.outputs(rows)
        result.train_metrics = self._metrics(rows, outputs)
        if result.test_rows:
            rows = result.test_rows
            outputs = self.engine.outputs(rows)
            result.test_metrics = self._metrics(rows, outputs)
        if self.data.classes:
            true = [int(self.data.targets[i]) for i in rows]
            result.confusion = confusion_matrix(true, [*map(_best, outputs)], len(self.data.classes))

    def _metrics(self, rows: Sequence[int], outputs: Sequence[Sequence[float]]) -> dict[str, float]:
        loss = self.engine.loss(rows, outputs)
        if self.data.classes:
            return {"loss": loss, "accuracy": self._score(rows, outputs)}
        true, numbers = [self.data.targets[i] for i in rows], self._numbers(outputs)
        return {"loss": loss, "R2": r2(true, numbers), "RMSE": rmse(true, numbers)}


def _best(outputs: Sequence[float]) -> int:
    """Return the place of the largest output, the first one of equal ones."""
    return max(range(len(outputs)), key=outputs.__getitem__)


def _diverged(step: int, lr: float, why: str) -> TrainingError:
    smaller = min(lr / 10, Settings.lr)
    return TrainingError(
        f"training diverged at step {step}: {why}; the learning rate {lr:g} is too large, "
        f"try --lr {smaller:g}"
    )


def _untrained(data: Dataset, train: Sequence[int], settings: Settings, rng: random.Random) -> Model:
    sizes = [len(data.features), *settings.hidden, len(data.classes) or 1]
    parameters = sum((nin + 1) * nout for nin, nout in pairwise(sizes))
    if parameters > MOST_PARAMETERS:
        raise TrainingError(
            f"a network of {parameters:,} parameters is too large for this library, which goes through them "
            f"one by one; make the hidden layers smaller, for at most {MOST_PARAMETERS:,}"
        )
    network = nn.MLP(
        sizes[0],
        sizes[1:],
        activation=settings.activation,
        initializer="he" if "elu" in settings.activation else "xavier",
        rng=rng,
    )
    return Model(
        target=data.target,
        features=data.features,
        layout=data.table.columns,
        has_header=data.table.has_header,
        classes=data.classes,
        inputs=Scaling.of([data.inputs[i] for i in train]),
        outputs=None if data.classes else Scaling.of([[data.targets[i]] for i in train]),
        network=network,
    )
