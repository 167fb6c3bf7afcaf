"""What comes of a training: what was measured at each step, and the trained model with its measures."""

from __future__ import annotations

from dataclasses import dataclass, field

from .dataset import Dataset
from .model import Model
from .settings import Settings


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
