"""Schedules: how the learning rate of an optimiser changes from epoch to epoch, with PyTorch's names."""

from __future__ import annotations

from math import cos, pi
from typing import TYPE_CHECKING, Any

from ..support.slips import advised
from .optimizers import Optimizer
from .settings import period, setting

if TYPE_CHECKING:
    from collections.abc import Callable


class Schedule:
    """A learning rate that changes with the epoch; a subclass says in `_at` how.

    It starts from the optimiser's learning rate at the time it is made, and sets it from then on: two
    schedules do not add up.

    Attributes:
        optimizer: whose learning rate it sets.
        base_lr: the learning rate that it starts from.
        last_epoch: how often `step()` has been called.
    """

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"a schedule is one of an optimiser, not of {type(optimizer).__name__!r}")
        self.optimizer = optimizer
        self.base_lr = optimizer.lr
        self.last_epoch = 0
        optimizer.lr = self._at(0)

    def _at(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 0."""
        raise NotImplementedError

    def step(self) -> None:
        """Set the learning rate of the next epoch; call it after the optimiser's step()."""
        self.last_epoch += 1
        self.optimizer.lr = self._at(self.last_epoch)

    def state_dict(self) -> dict[str, Any]:
        """Return base_lr and last_epoch, to go on later where training was left.

        >>> from autograd import Value, optim
        >>> schedule = StepLR(optim.SGD([Value(1.0)], lr=0.8), step_size=2, gamma=0.5)
        >>> schedule.step()
        >>> schedule.state_dict()
        {'schedule': 'StepLR', 'base_lr': 0.8, 'last_epoch': 1}
        """
        return {"schedule": type(self).__name__, "base_lr": self.base_lr, "last_epoch": self.last_epoch}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over base_lr and last_epoch of a `state_dict()`, and set the learning rate of that epoch.

        All else, such as `gamma`, stays as it was constructed.

        Raises:
            ValueError: it is not the state of such a schedule, or a number is out of range. Nothing has been
                changed then.
            TypeError: base_lr is no number.
        """
        kind, epoch = state.get("schedule"), state.get("last_epoch")
        if kind != type(self).__name__:
            raise ValueError(f"this is the state of {kind!r}, not of {type(self).__name__}")
        if type(epoch) is not int or epoch < 0:
            raise ValueError(f"last_epoch must be a whole number of 0 or more, not {epoch!r}")
        self.base_lr = setting("base_lr", state.get("base_lr"))
        self.last_epoch = epoch
        self.optimizer.lr = self._at(epoch)

    def get_last_lr(self) -> list[float]:
        """Return the learning rate that was set last, in a list as in PyTorch."""
        return [self.optimizer.lr]


class StepLR(Schedule):
    """Multiply the learning rate by `gamma` every `step_size` epochs.

    Args:
        optimizer: whose learning rate it sets.
        step_size: 1 or more.
        gamma: 0 or more.

    >>> from autograd import Value, optim
    >>> optimizer = optim.SGD([Value(1.0)], lr=0.8)
    >>> schedule = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> schedule.step()
    >>> optimizer.lr
    0.8
    >>> schedule.step()
    >>> optimizer.lr
    0.4
    """

    @advised
    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size = period("step_size", step_size)
        self.gamma = setting("gamma", gamma)
        super().__init__(optimizer)

    def _at(self, epoch: int) -> float:
        factor: float = self.gamma ** (epoch // self.step_size)
        return self.base_lr * factor


class CosineAnnealingLR(Schedule):
    """Lower the learning rate to `eta_min` in `T_max` epochs, along half a period of a cosine.

    It is eta_min + (base_lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2 (Loshchilov and Hutter, 2017),
    and so rises again after `T_max`.

    Args:
        optimizer: whose learning rate it sets.
        T_max: 1 or more.
        eta_min: 0 or more.

    >>> from autograd import Value, optim
    >>> optimizer = optim.SGD([Value(1.0)], lr=0.8)
    >>> schedule = CosineAnnealingLR(optimizer, T_max=2)
    >>> schedule.step()
    >>> round(optimizer.lr, 6)
    0.4
    >>> schedule.step()
    >>> optimizer.lr
    0.0
    """

    @advised
    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:  # noqa: N803
        self.T_max = period("T_max", T_max)
        self.eta_min = setting("eta_min", eta_min)
        super().__init__(optimizer)

    def _at(self, epoch: int) -> float:
        return self.eta_min + (self.base_lr - self.eta_min) * ((1.0 + cos(pi * epoch / self.T_max)) / 2.0)


class LambdaLR(Schedule):
    """Multiply the first learning rate by a function of the epoch.

    Args:
        optimizer: whose learning rate it sets.
        lr_lambda: called with the epoch, counted from 0; it returns a factor of 0 or more.

    >>> from autograd import Value, optim
    >>> optimizer = optim.SGD([Value(1.0)], lr=1.0)
    >>> schedule = LambdaLR(optimizer, lambda epoch: 1.0 - 0.9 * epoch / 100)
    >>> schedule.step()
    >>> optimizer.lr
    0.991
    """

    @advised
    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def _at(self, epoch: int) -> float:
        return self.base_lr * self.lr_lambda(epoch)
