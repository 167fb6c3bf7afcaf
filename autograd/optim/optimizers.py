"""Optimisers: how parameters follow their gradients downhill; schedules of the learning rate; clipping.

Names, arguments, defaults and formulas are PyTorch's, written out for one parameter. A step reads the
`grad` of each parameter and changes its `data`. A parameter that backward() did not reach has the gradient
0; PyTorch, where it has none, leaves such a parameter out.
"""

from __future__ import annotations

from math import cos, pi, sqrt
from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..ops.primitive import ieee_divide, real
from .settings import leaves_of, period, setting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Optimizer:
    """What all optimisers share; a subclass says in `_update` where one parameter goes.

    Attributes:
        parameters: the Values that a step changes.
        lr: the learning rate, which may be set between steps.
        steps: how many steps have been taken.
        memory: what is kept of past gradients: by name, a number for each parameter.
    """

    _remembers: tuple[str, ...] = ()

    def __init__(self, parameters: Iterable[Value], lr: float, weight_decay: float, maximize: bool) -> None:
        self.parameters = leaves_of(parameters)
        self.lr = lr
        self.weight_decay = setting("weight_decay", weight_decay)
        self.maximize = maximize
        self.steps = 0
        self.memory = {name: [0.0] * len(self.parameters) for name in self._remembers}

    @property
    def lr(self) -> float:
        """The learning rate."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = setting("lr", lr)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, as is due before each backward()."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def step(self) -> None:
        """Change every parameter as its gradient says."""
        self.steps += 1
        for i, parameter in enumerate(self.parameters):
            gradient = -parameter.grad if self.maximize else parameter.grad
            parameter.data = self._update(i, parameter.data, gradient)

    def _update(self, i: int, x: float, g: float) -> float:
        """Return the new value of parameter `i`, whose value is `x` and whose gradient is `g`."""
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """Return lr, steps and memory, as plain numbers, to go on later where training was left."""
        memory = {name: list(numbers) for name, numbers in self.memory.items()}
        return {"optimizer": type(self).__name__, "lr": self.lr, "steps": self.steps, "memory": memory}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over lr, steps and memory of a `state_dict()`; all else stays as it was constructed.

        Raises:
            ValueError: it is not the state of such an optimiser with as many parameters. Nothing has been
                changed then.
        """
        kind, steps = state.get("optimizer"), state.get("steps")
        if kind != type(self).__name__:
            raise ValueError(f"this is the state of {kind!r}, not of {type(self).__name__}")
        if type(steps) is not int or steps < 0:
            raise ValueError(f"steps must be a whole number of 0 or more, not {steps!r}")
        memory: Any = state.get("memory")
        n = len(self.parameters)
        fits = isinstance(memory, dict) and memory.keys() == self.memory.keys()
        if not fits or any(not isinstance(x, list) or len(x) != n for x in memory.values()):
            raise ValueError(f"memory must have {n} numbers, for {n} parameters, in each of {[*self.memory]}")
        restored = {name: [real(x) for x in memory[name]] for name in self.memory}
        self._lr = setting("lr", state.get("lr"))
        self.steps, self.memory = steps, restored


class SGD(Optimizer):
    """Gradient descent, stochastic if the gradient is that of a part of the data; with momentum if wanted.

    With the gradient g, which weight decay makes g + weight_decay * x, each step does

        velocity = momentum * velocity + (1 - dampening) * g      (g itself in the first step)
        x = x - lr * velocity                   or with nesterov  x - lr * (g + momentum * velocity)

    as in Sutskever et al. (2013), in PyTorch's form.

    Args:
        parameters: Values that are leaves, each once.
        lr: the learning rate, 0 or more.
        momentum: how much of the velocity is kept, 0 or more.
        dampening: how much less the gradient counts for the velocity, 0 or more.
        weight_decay: how strongly parameters are pulled to 0, 0 or more.
        nesterov: look ahead along the velocity; needs momentum, and no dampening.
        maximize: go uphill instead.

    Raises:
        ValueError: there are no parameters, one is given twice or is no leaf; a setting is out of range.
        TypeError: what should be a Value or a number is not.
    """

    _remembers = ("momentum_buffer",)

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr, weight_decay, maximize)
        self.momentum = setting("momentum", momentum)
        self.dampening = setting("dampening", dampening)
        self.nesterov = nesterov
        if nesterov and (self.momentum == 0.0 or self.dampening != 0.0):
            raise ValueError(
                f"nesterov needs momentum greater than 0 and dampening 0, not {momentum!r} and {dampening!r}"
            )

    def _update(self, i: int, x: float, g: float) -> float:
        if self.weight_decay:
            g += self.weight_decay * x
        if not self.momentum:
            return x - self.lr * g
        velocity = self.memory["momentum_buffer"]
        velocity[i] = g if self.steps == 1 else self.momentum * velocity[i] + (1.0 - self.dampening) * g
        return x - self.lr * (g + self.momentum * velocity[i] if self.nesterov else velocity[i])


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015): steps of about lr, whatever the size of the gradients.

    With the gradient g, which weight decay makes g + weight_decay * x, step number t does

        m = beta1 * m + (1 - beta1) * g         v = beta2 * v + (1 - beta2) * g**2
        x = x - lr * (m / (1 - beta1**t)) / (sqrt(v / (1 - beta2**t)) + eps)

    Args:
        parameters: Values that are leaves, each once.
        lr: the learning rate, 0 or more.
        betas: how much of the averages of gradients and of their squares is kept, each in [0, 1).
        eps: what keeps the divisor from 0, 0 or more.
        weight_decay: how strongly parameters are pulled to 0, 0 or more.
        amsgrad: divide by the largest v so far (Reddi et al., 2018).
        maximize: go uphill instead.

    Raises:
        ValueError: there are no parameters, one is given twice or is no leaf; a setting is out of range.
        TypeError: what should be a Value or a number is not.
    """

    _remembers = ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr, weight_decay, maximize)
        if not isinstance(betas, (tuple, list)) or len(betas) != 2:
            raise TypeError(f"betas are two numbers, such as (0.9, 0.999), not {betas!r}")
        self.betas = tuple(setting(f"betas[{i}]", beta, below=1.0) for i, beta in enumerate(betas))
        self.eps = setting("eps", eps)
        self.amsgrad = amsgrad

    def _update(self, i: int, x: float, g: float) -> float:
        return self._adapted(i, x, g + self.weight_decay * x if self.weight_decay else g)

    def _adapted(self, i: int, x: float, g: float) -> float:
        beta1, beta2 = self.betas
        m, v, largest = self.memory["exp_avg"], self.memory["exp_avg_sq"], self.memory["max_exp_avg_sq"]
        m[i] = beta1 * m[i] + (1.0 - beta1) * g
        v[i] = beta2 * v[i] + (1.0 - beta2) * g * g
        square = v[i]
        if self.amsgrad:
            # written so that a NaN stays one
            square = largest[i] = largest[i] if largest[i] > v[i] else v[i]
        divisor = sqrt(square / (1.0 - beta2**self.steps)) + self.eps
        return x - self.lr / (1.0 - beta1**self.steps) * ieee_divide(m[i], divisor)


class AdamW(Adam):
    """Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019).

    Each step first does x = x - lr * weight_decay * x; the rest is Adam without weight decay. The
    arguments are those of Adam, weight_decay being 0.01 unless given.
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
    ) -> None:
        super().__init__(parameters, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    def _update(self, i: int, x: float, g: float) -> float:
        return self._adapted(i, x * (1.0 - self.lr * self.weight_decay), g)


# Schedules


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

    def get_last_lr(self) -> list[float]:
        """Return the learning rate that was set last, in a list as in PyTorch."""
        return [self.optimizer.lr]


class StepLR(Schedule):
    """Multiply the learning rate by `gamma` every `step_size` epochs.

    Args:
        optimizer: whose learning rate it sets.
        step_size: 1 or more.
        gamma: 0 or more.

    >>> optimizer = SGD([Value(1.0)], lr=0.8)
    >>> schedule = StepLR(optimizer, step_size=2, gamma=0.5)
    >>> schedule.step()
    >>> optimizer.lr
    0.8
    >>> schedule.step()
    >>> optimizer.lr
    0.4
    """

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

    >>> optimizer = SGD([Value(1.0)], lr=0.8)
    >>> schedule = CosineAnnealingLR(optimizer, T_max=2)
    >>> schedule.step()
    >>> round(optimizer.lr, 6)
    0.4
    >>> schedule.step()
    >>> optimizer.lr
    0.0
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:  # noqa: N803
        self.T_max = period("T_max", T_max)
        self.eta_min = setting("eta_min", eta_min)
        super().__init__(optimizer)

    def _at(self, epoch: int) -> float:
        return self.eta_min + (self.base_lr - self.eta_min) * (1.0 + cos(pi * epoch / self.T_max)) / 2.0


class LambdaLR(Schedule):
    """Multiply the first learning rate by a function of the epoch.

    Args:
        optimizer: whose learning rate it sets.
        lr_lambda: called with the epoch, counted from 0; it returns a factor of 0 or more.

    >>> optimizer = SGD([Value(1.0)], lr=1.0)
    >>> schedule = LambdaLR(optimizer, lambda epoch: 1.0 - 0.9 * epoch / 100)
    >>> schedule.step()
    >>> optimizer.lr
    0.991
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def _at(self, epoch: int) -> float:
        return self.base_lr * self.lr_lambda(epoch)
