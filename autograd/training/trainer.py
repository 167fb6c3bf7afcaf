"""Fitting a network of Values to a table.

`fit` divides the rows into those it learns from and those it is tested on, standardises the columns, and
walks downhill: a minibatch, its loss, backward(), a step of the optimiser. Everything random is drawn from
one seed, so that the same table and settings give the same network to the last bit.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from .. import nn, optim
from .dataset import Dataset, split_rows
from .metrics import confusion_matrix, r2, rmse
from .minibatches import ENGINES, best_engine, engine_of
from .model import Model, Scaling
from .tables import Table, TableError, listing

OPTIMIZERS = {"sgd": optim.SGD, "adam": optim.Adam, "adamw": optim.AdamW}
MONITORED_ROWS = 200  # test rows on which the loss is watched during training


class TrainingError(ValueError):
    """Training diverged; the message says what to change."""


@dataclass(frozen=True)
class Settings:
    """How to learn; the defaults suit small tables such as iris.

    Attributes:
        hidden: the number of neurons in each hidden layer; () for a linear model.
        activation: the function of the hidden neurons, a name that `nn.MLP` knows.
        optimizer: "sgd", "adam" or "adamw".
        lr: the learning rate at the start, greater than 0; it falls to 0 along a cosine.
        steps: how many minibatches to learn from, 1 or more.
        batch: the rows in a minibatch, 1 or more.
        l2: the factor of the sum of the squared parameters that is added to the loss, 0 or more.
        seed: what all randomness is drawn from.
        test_fraction: the share of the rows that are kept for testing; at least 0, less than 1.
        engine: how losses and gradients are computed: "eager" records the graph of each minibatch, "numpy"
            and "llvm" compile the loss of one row and run it on all rows of a minibatch at once. The results
            agree but for rounding. None is the fastest whose packages are installed.
    """

    hidden: tuple[int, ...] = (8,)
    activation: str = "tanh"
    optimizer: str = "adam"
    lr: float = 0.05
    steps: int = 300
    batch: int = 16
    l2: float = 0.001
    seed: int = 0
    test_fraction: float = 0.2
    engine: str | None = None

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(
                f"there is no optimizer {self.optimizer!r}; choose from {listing([*OPTIMIZERS])}"
            )
        if self.engine is not None and self.engine not in ENGINES:
            raise ValueError(f"there is no engine {self.engine!r}; choose from {listing(ENGINES)}")
        if not all(size >= 1 for size in self.hidden):
            raise ValueError(f"a hidden layer needs at least 1 neuron, not {min(self.hidden)}")
        if self.steps < 1 or self.batch < 1:
            raise ValueError(f"steps and batch are at least 1, not {self.steps} and {self.batch}")
        if not (self.lr > 0 and math.isfinite(self.lr)):
            raise ValueError(f"the learning rate is a number greater than 0, not {self.lr!r}")
        if not (self.l2 >= 0 and math.isfinite(self.l2)):
            raise ValueError(f"l2 is a number of at least 0, not {self.l2!r}")
        if not 0 <= self.test_fraction < 1:
            raise ValueError(f"the test fraction is at least 0 and less than 1, not {self.test_fraction!r}")


@dataclass(frozen=True)
class Step:
    """What was measured at one step, before the parameters moved.

    Attributes:
        step: its number, from 1.
        loss: the mean loss of the minibatch (cross-entropy, or squared error of the standardised target),
            without the L2 term.
        score: the share of the minibatch classified correctly; for a regression the root mean squared error.
        test_loss: the loss on (at most 200) test rows; None where it was not measured.
        gradients: for each layer, the first one first, the mean size of the derivatives of `loss` by its
            weights, without biases. The L2 term is left out, because it would hide gradients that vanish.
    """

    step: int
    loss: float
    score: float
    test_loss: float | None = None
    gradients: tuple[float, ...] = ()


@dataclass
class Result:
    """A trained model and how it came about.

    Attributes:
        model: the model; `model.predict(row)` and `model.save(path)` are what one wants next.
        data: what it has learnt from.
        settings: how; of the engine the one that was taken.
        train_rows: the places in the data, from 0, of the rows that it has learnt from.
        test_rows: the places of those it was tested on.
        history: the steps done.
        train_metrics: "loss" and "accuracy", or "loss", "R2" and "RMSE", of the rows learnt from.
        test_metrics: the same of the test rows; empty if there are none.
        confusion: for a classification, for each true class how many of the test rows (of all rows, without
            test rows) were predicted to be of each class; empty for a regression.
    """

    model: Model
    data: Dataset
    settings: Settings
    train_rows: list[int]
    test_rows: list[int]
    history: list[Step] = field(default_factory=list)
    train_metrics: dict[str, float] = field(default_factory=dict)
    test_metrics: dict[str, float] = field(default_factory=dict)
    confusion: list[list[int]] = field(default_factory=list)


class Interrupted(KeyboardInterrupt):
    """Training was interrupted after at least one step; `result` is what was learnt until then."""

    def __init__(self, result: Result) -> None:
        super().__init__(f"training was interrupted after {len(result.history)} steps")
        self.result = result


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
        table: the rows; see `tables.read_table` and `tables.iris`.
        target: the column to predict, by name or by number from 1; the last one by default.
        features: the columns to predict it from, all numbers; all other columns by default.
        task: "classification" or "regression"; by default what `dataset.find_task` finds.
        settings: how to learn.
        progress: called after every step.

    Raises:
        TableError: a column is missing, a cell is not what it must be, or there are too few rows.
        ImportError: a package that the engine needs is not installed.
        TrainingError: training diverged: the loss or a parameter has become infinite or NaN.
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
        inputs = [model.inputs.apply(row) for row in data.inputs]
        targets = data.targets
        if model.outputs is not None:
            targets = [model.outputs.apply([y])[0] for y in data.targets]
        self.engine = engine_of(engine, model.network, inputs, targets, len(data.classes))
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
            if not all(math.isfinite(p.data) for p in self.parameters):
                raise _diverged(number, settings.lr, "a parameter is no longer finite")
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
        self.optimizer.step()
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
    network = nn.MLP(
        len(data.features),
        [*settings.hidden, len(data.classes) or 1],
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
