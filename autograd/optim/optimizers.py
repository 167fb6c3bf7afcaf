"""Optimisers: how parameters follow their gradients downhill.

Names, arguments, defaults and formulas are PyTorch's, written out for one parameter. Parameters are Values,
of which a step reads the `grad` and changes the `data`, or, as in JAX, a structure of plain numbers and
arrays, for which it takes the gradients and returns the parameters anew. A Value that backward() did not
reach has the gradient 0; PyTorch, where it has none, leaves such a parameter out.

>>> import numpy as np
>>> from autograd import grad, optim
>>> line = {"slope": np.zeros(2), "offset": 0.0}
>>> def loss(line):
...     return sum((line["slope"] - [1.0, 2.0]) ** 2) + (line["offset"] - 3.0) ** 2
>>> optimizer = optim.SGD(line, lr=0.25)
>>> for _ in range(30):
...     line = optimizer.step(grad(loss)(line))
>>> line["slope"].round(6), round(line["offset"], 6)
(array([1., 2.]), 3.0)
"""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

from ..ops.primitive import ieee_divide
from ..support.real_numbers import real
from ..support.slips import advised
from .parameters import Parameters, first_not_finite
from .settings import setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed import DataclassInstance

    from ..engine import Value


class Optimizer:
    """What all optimisers share; a subclass says in `_update` where one parameter goes.

    Attributes:
        parameters: the Values that a step changes; of plain numbers, Values with these.
        lr: the learning rate, which may be set between steps.
        steps: how many steps have been taken.
        memory: what is kept of past gradients: by name, a number for each parameter.
    """

    _remembers: tuple[str, ...] = ()

    def __init__(
        self, parameters: Iterable[Any] | DataclassInstance, lr: float, weight_decay: float, maximize: bool
    ) -> None:
        self._given = Parameters(parameters)
        self.parameters: list[Value] = self._given.values
        self.lr = lr
        self.weight_decay = setting("weight_decay", weight_decay)
        self.maximize = maximize
        self.steps = 0
        self.memory = {name: [0.0] * len(self.parameters) for name in self._remembers}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        if "_given" not in state:  # it was pickled when parameters were Values only
            self._given = Parameters(self.parameters)

    @property
    def lr(self) -> float:
        """The learning rate."""
        return self._lr

    @lr.setter
    def lr(self, lr: float) -> None:
        self._lr = setting("lr", lr)

    @advised
    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, as is due before each backward()."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    @advised
    def step(self, gradients: Any = None, parameters: Any = None) -> Any:
        """Change every parameter as its gradient says.

        Args:
            gradients: in the structure of the parameters, as `grad` gives them. Left out, they are those
                that backward() left in Values.
            parameters: where to start from, in the same structure; left out, it is where the last step
                ended.

        Returns:
            The parameters anew, in their structure, if they are plain numbers; None for Values.

        Raises:
            FloatingPointError: a gradient is NaN or infinite, or a parameter, or what is remembered of past
                gradients, would be. All is as it was then.
            TypeError: the gradients have another structure, or are left out where the parameters are plain
                numbers.
        """
        slopes = self._given.gradients(gradients)
        numbers = (
            [x.data for x in self.parameters] if parameters is None else self._given.start_from(parameters)
        )
        self._check(slopes, "the gradient of {} is {}")
        before = self.steps, {name: [*kept] for name, kept in self.memory.items()}
        self.steps += 1
        try:
            moved = [
                self._update(i, x, -g if self.maximize else g)
                for i, (x, g) in enumerate(zip(numbers, slopes, strict=True))
            ]
            self._check(moved, "{} would be {}")
            for name, kept in self.memory.items():
                self._check(kept, f"{name} of {{}} would be {{}}")
        except BaseException:
            self.steps, self.memory = before
            raise
        for parameter, x in zip(self.parameters, moved, strict=True):
            parameter.data = x
        return self._given.result()

    def _check(self, numbers: list[float], problem: str) -> None:
        """Raise FloatingPointError for the first number that is infinite or NaN."""
        i = first_not_finite(numbers)
        if i is not None:
            step = self.steps + ("gradient" in problem)
            what = problem.format(self._given.name(i), numbers[i])
            raise FloatingPointError(
                f"step {step}: {what}, so nothing was changed; try a smaller lr, or find the operation with "
                "detect_anomaly()"
            )

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
        parameters: Values that are leaves, each once, or plain numbers and arrays; in a list, or in any
            nesting of lists, tuples, dicts and dataclasses.
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

    @advised
    def __init__(
        self,
        parameters: Iterable[Any] | DataclassInstance,
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
        parameters: Values that are leaves, each once, or plain numbers and arrays; in a list, or in any
            nesting of lists, tuples, dicts and dataclasses.
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

    @advised
    def __init__(
        self,
        parameters: Iterable[Any] | DataclassInstance,
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

    # Written out for that one default, for help and type checkers read it here.
    @advised
    def __init__(
        self,
        parameters: Iterable[Any] | DataclassInstance,
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
