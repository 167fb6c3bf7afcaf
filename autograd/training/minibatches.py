"""The loss of a minibatch and its gradient: recorded anew each time, or once for a row and then replayed.

The eager engine records the graph of the whole minibatch and goes back through it, as a loop written by hand
would. The others record the loss of a single row, as a function of the parameters, the inputs and the target;
`autograd.compile` makes a program of it, which `vmap` runs on all rows of a minibatch at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ..engine import Value
from ..math import logsumexp, softplus
from ..nn import MLP, functional_call, losses
from ..program import available, compile, vmap
from ..support.installation import how_to_install
from .on_floats import as_list, outputs_of

ENGINES = ("eager", "numpy", "llvm")
"""The names of the engines, the slowest first."""


def best_engine() -> str:
    """Return the name of the fastest engine whose packages are installed."""
    return next(name for name in reversed(ENGINES) if name == "eager" or available(name))


def engine_of(
    name: str, network: MLP, inputs: Sequence[Sequence[float]], targets: Sequence[float], classes: int
) -> Eager:
    """Return what computes losses and gradients of a network over the rows of a table.

    Args:
        name: one of ENGINES.
        network: the network; its parameters may change between calls.
        inputs: the numbers that it is given for each row.
        targets: for each row its class, or the number that the output should be.
        classes: how many classes there are; 0 for a regression.

    Raises:
        ImportError: the engine needs packages that are not installed.
    """
    if name == "eager":
        return Eager(network, inputs, targets, classes)
    if not available(name):
        packages = "NumPy and llvmlite" if name == "llvm" else "NumPy"
        raise ImportError(f"the engine {name!r} needs {packages}: {how_to_install('fast')}")
    return Replayed(name, network, inputs, targets, classes)


class Eager:
    """Losses and gradients over the rows of a table; the arguments are those of `engine_of`."""

    def __init__(
        self, network: MLP, inputs: Sequence[Sequence[float]], targets: Sequence[float], classes: int
    ) -> None:
        self.network, self.inputs, self.targets, self.classes = network, inputs, targets, classes
        self.parameters = network.parameters()

    def outputs(self, rows: Sequence[int]) -> list[list[float]]:
        """Return what the network gives for rows, the places of which in the table are given."""
        return outputs_of(self.network, [self.inputs[i] for i in rows])

    def loss(self, rows: Sequence[int], outputs: Sequence[Sequence[Any]]) -> Any:
        """Return the mean loss of rows for which the network gives these outputs, numbers or Values."""
        targets = [self.targets[i] for i in rows]
        if self.classes:
            return losses.cross_entropy(outputs, [int(y) for y in targets])
        return losses.mse([out[0] for out in outputs], targets)

    def differentiate(self, rows: Sequence[int]) -> tuple[float, list[list[float]]]:
        """Set the gradient of every parameter to that of the mean loss of rows.

        Returns:
            the loss, and the outputs for the rows.
        """
        outputs = [as_list(self.network(self.inputs[i])) for i in rows]
        loss: Value = self.loss(rows, outputs)
        for parameter in self.parameters:
            parameter.grad = 0.0
        loss.backward()
        return loss.data, [[out.data for out in row] for row in outputs]


class Replayed(Eager):
    """The same by a program, on all rows at once.

    Args:
        backend: "numpy" or "llvm".
        network, inputs, targets, classes: those of `engine_of`.
    """

    def __init__(
        self,
        backend: str,
        network: MLP,
        inputs: Sequence[Sequence[float]],
        targets: Sequence[float],
        classes: int,
    ) -> None:
        import numpy as np

        super().__init__(network, inputs, targets, classes)
        self._backend, self._array = backend, np.array
        self._inputs = np.array(inputs, dtype=float)
        # A class is a row with a 1 at its place, so that one program serves all of them.
        self._targets = np.eye(classes)[np.array(targets, dtype=int)] if classes else np.array(targets)

    @cached_property
    def _programs(self) -> tuple[Any, Any]:
        """What gives the outputs, and the loss, of a batch of rows; made when first needed."""
        network, classes = self.network, self.classes

        def outputs(parameters: Any, row: Any) -> list[Value]:
            return as_list(functional_call(network, parameters.tolist(), row.tolist()))

        def loss(parameters: Any, row: Any, target: Any) -> Value:
            said = outputs(parameters, row)
            if classes:
                return _cross_entropy(said, target.tolist())
            error: Value = said[0] - target
            return error * error

        return (
            vmap(compile(outputs, backend=self._backend), in_axes=(None, 0)),
            vmap(compile(loss, backend=self._backend), in_axes=(None, 0, 0)),
        )

    def outputs(self, rows: Sequence[int]) -> list[list[float]]:
        columns = self._programs[0](self._numbers(), self._inputs[rows])
        return [list(row) for row in zip(*[column.tolist() for column in columns], strict=True)]

    def differentiate(self, rows: Sequence[int]) -> tuple[float, list[list[float]]]:
        loss = self._programs[1]
        each, gradient = loss.value_and_grad(self._numbers(), self._inputs[rows], self._targets[rows])
        for parameter, derivative in zip(self.parameters, (gradient / len(rows)).tolist(), strict=True):
            parameter.grad = derivative
        return sum(each.tolist()) / len(rows), self.outputs(rows)

    def _numbers(self) -> Any:
        return self._array([parameter.data for parameter in self.parameters])


def _cross_entropy(logits: list[Value], target: list[Any]) -> Value:
    """Return the cross-entropy of a class that is given as a row with a 1 at its place, and else zeros.

    Recorded once for all classes, it cannot leave out the right one by its place, as `losses.cross_entropy`
    does, and sums over all of them, the right one being as good as impossible.
    """
    right = sum((y * x for x, y in zip(logits[1:], target[1:], strict=True)), target[0] * logits[0])
    loss: Value = softplus(logsumexp([x - right - 1e300 * y for x, y in zip(logits, target, strict=True)]))
    return loss
