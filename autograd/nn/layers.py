"""Neural networks made of Values: neurons, layers, multi-layer perceptrons, and their losses.

A neuron adds up its inputs, each times a weight, and bends the sum with an activation function; a layer
is a list of neurons with the same inputs; a network feeds each layer's outputs to the next one. Weights
and biases are Values, so that after `loss.backward()` each of them knows how it changes the loss.
"""

from __future__ import annotations

from operator import index
from typing import TYPE_CHECKING, Any, TypeVar

from ..engine import Value, weighted_sum
from ..support.slips import advised
from . import model_file
from .activations import ACTIVATIONS, SPELLING
from .initializers import INITIALIZERS, generator_of, zero
from .losses import row_of
from .module import Module, label_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from os import PathLike
    from random import Random

    Activation = str | Callable[[Any], Any]
    Initializer = str | Callable[[Random, int, int], float]
    Network = TypeVar("Network", bound="MLP")


class Neuron(Module):
    """One neuron: activation(b + w[0]*x[0] + w[1]*x[1] + ...).

    Args:
        nin: how many inputs it has, 1 or more.
        nonlin: False leaves the activation out.
        activation: a name of `ACTIVATIONS`, or a function from Value to Value.
        initializer: a name of `INITIALIZERS`, or a function that is called for each weight with a
            random.Random and the numbers of inputs and outputs of the layer. The bias starts at 0.
        rng: the random.Random to draw from. Without rng and seed it is Python's global generator, so that
            `random.seed(1337)` gives the weights that it gives micrograd.
        seed: an int, the seed of a generator of its own; instead of `rng`.

    Raises:
        ValueError: a size below 1, an unknown name, or both an rng and a seed.
        TypeError: an argument of the wrong type.

    >>> neuron = Neuron(2, activation="tanh", initializer=lambda rng, nin, nout: 0.5)
    >>> neuron
    TanhNeuron(2)
    >>> neuron([1.0, -1.0]).data
    0.0
    """

    @advised
    def __init__(
        self,
        nin: int,
        nonlin: bool = True,
        *,
        activation: Activation = "relu",
        initializer: Initializer = "uniform",
        rng: Random | None = None,
        seed: int | None = None,
    ) -> None:
        nin = _size("Neuron", "nin", nin)
        _function(activation, ACTIVATIONS, "activation")
        draw = _function(initializer, INITIALIZERS, "initializer")
        generator = generator_of(rng, seed)
        self.w = [Value(draw(generator, nin, 1)) for _ in range(nin)]
        self.b = Value(0.0)
        self.nonlin = nonlin
        self.activation = activation
        label_parameters(self)

    def __call__(self, x: Any) -> Value:
        """Return the output for a row of `nin` numbers or Values.

        Raises:
            ValueError: the row has another length.
            TypeError: it is a list of rows, or holds what is no number.
        """
        row = x if type(x) is list else row_of(x)
        if len(row) != len(self.w) or hasattr(row[0], "__len__"):
            _check(row, len(self.w), f"Neuron({len(self.w)})")
        out: Value = _output(self, row)
        return out

    def __repr__(self) -> str:
        activation = self.activation if self.nonlin else "linear"
        if isinstance(activation, str):
            name = SPELLING.get(activation, activation.capitalize())
        else:
            name = getattr(activation, "__name__", type(activation).__name__)
        return f"{name}Neuron({len(self.w)})"


_OUTPUT_CHECKED = Neuron.__call__  # a layer does without it while it is this one


class Layer(Module):
    """Neurons that have the same inputs.

    Args:
        nin: how many inputs they have, 1 or more.
        nout: how many neurons there are, 1 or more.
        nonlin, activation, initializer, rng, seed: those of each Neuron.

    Raises:
        ValueError, TypeError: as a Neuron does.

    >>> Layer(2, 3, nonlin=False, seed=0)
    Layer of [LinearNeuron(2), LinearNeuron(2), LinearNeuron(2)]
    """

    # The keywords of Neuron again, as in MLP: help and type checkers read them where they are written out.
    @advised
    def __init__(
        self,
        nin: int,
        nout: int,
        nonlin: bool = True,
        *,
        activation: Activation = "relu",
        initializer: Initializer = "uniform",
        rng: Random | None = None,
        seed: int | None = None,
    ) -> None:
        nin, nout = _size("Layer", "nin", nin), _size("Layer", "nout", nout)
        draw = _function(initializer, INITIALIZERS, "initializer")
        generator = generator_of(rng, seed)

        def draw_for_layer(rng: Random, nin: int, _: int) -> float:
            weight: float = draw(rng, nin, nout)
            return weight

        self.neurons = [
            Neuron(nin, nonlin, activation=activation, initializer=draw_for_layer, rng=generator)
            for _ in range(nout)
        ]
        label_parameters(self)

    def __call__(self, x: Any) -> Any:
        """Return the list of the neurons' outputs for a row; of a single neuron the Value itself.

        Raises:
            ValueError, TypeError: as a Neuron does.
        """
        row = x if type(x) is list else row_of(x)
        checked = row and not hasattr(row[0], "__len__") and Neuron.__call__ is _OUTPUT_CHECKED
        size = len(row) if checked else 0
        outputs = [
            _output(neuron, row) if type(neuron) is Neuron and len(neuron.w) == size else neuron(row)
            for neuron in self.neurons
        ]
        return outputs[0] if len(outputs) == 1 else outputs

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(str, self.neurons))}]"


class MLP(Module):
    """A multi-layer perceptron: layers, each fed with the outputs of the one before; the last is linear.

    Args:
        nin: how many inputs the network has, 1 or more.
        nouts: how many neurons each layer has, such as [16, 16, 1].
        activation, initializer, rng, seed: those of each Neuron; the last layer has no activation.

    Raises:
        ValueError: a size below 1, no layer, an unknown name, or both an rng and a seed.
        TypeError: an argument of the wrong type.

    >>> model = MLP(3, [4, 2], activation="tanh", initializer="xavier", seed=1337)
    >>> len(model([0.5, -1.0, 2.0]))
    2
    >>> model.parameters()[0].label
    'layers[0].neurons[0].w[0]'
    """

    @advised
    def __init__(
        self,
        nin: int,
        nouts: Iterable[int],
        *,
        activation: Activation = "relu",
        initializer: Initializer = "uniform",
        rng: Random | None = None,
        seed: int | None = None,
    ) -> None:
        if isinstance(nouts, (str, bytes)) or not hasattr(nouts, "__iter__"):
            raise TypeError(f"nouts is a list with the size of each layer, such as [16, 1], not {nouts!r}")
        self.nin = _size("MLP", "nin", nin)
        self.nouts = [_size("MLP", f"nouts[{i}]", nout) for i, nout in enumerate(nouts)]
        if not self.nouts:
            raise ValueError(
                f"MLP({nin}, []) has {nin} inputs and 0 layers; "
                "nouts is a list with the size of each layer, such as [16, 1]"
            )
        self.activation = activation
        self.layers = []
        generator = generator_of(rng, seed)
        for i, (n, nout) in enumerate(zip([self.nin, *self.nouts], self.nouts, strict=False), start=1):
            nonlin = i < len(self.nouts)
            layer = Layer(n, nout, nonlin, activation=activation, initializer=initializer, rng=generator)
            self.layers.append(layer)
        label_parameters(self)

    def __call__(self, x: Any) -> Any:
        """Return the outputs for a row of `nin` numbers or Values: a list, or the Value if it is one.

        Raises:
            ValueError: the row has another length.
            TypeError: it is a list of rows, or holds what is no number.
        """
        x = row_of(x)
        if len(x) != self.nin or hasattr(x[0], "__len__"):
            _check(x, self.nin, f"MLP({self.nin}, {self.nouts})")
        for layer in self.layers:
            x = layer(x)
        return x

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(str, self.layers))}]"

    def to_dict(self) -> dict[str, Any]:
        """Return the whole network, sizes, activation and parameters, as a document for JSON.

        Raises:
            ValueError: the activation is a function, not a name; a parameter is infinite or NaN; or the
                network was changed by hand, so that its sizes do not describe it.
        """
        if not isinstance(self.activation, str):
            raise ValueError(
                f"cannot save an activation that is a function, {self.activation!r}: a file has names only "
                f"({', '.join(ACTIVATIONS)}); keep state_dict() and build the network in your program"
            )
        state = self.state_dict()
        twin = MLP(self.nin, self.nouts, activation=self.activation, initializer=zero)
        if MLP.__repr__(self) != repr(twin) or state.keys() != twin.state_dict().keys():
            raise ValueError(
                f"cannot save a network that is no longer an MLP({self.nin}, {self.nouts}) with activation "
                f"{self.activation!r}; keep state_dict() and build the network in your program"
            )
        model = {"nin": self.nin, "nouts": list(self.nouts), "activation": self.activation}
        return model_file.document(state, model)

    @classmethod
    def from_dict(cls: type[Network], document: Mapping[str, Any]) -> Network:
        """Build the network that `to_dict` described.

        Raises:
            ValueError: the document is no such description.

        >>> model = MLP(2, [1], seed=0)
        >>> MLP.from_dict(model.to_dict()).state_dict() == model.state_dict()
        True
        """
        state = model_file.parameters(document)
        nin, nouts, activation = model_file.architecture(document, ACTIVATIONS)
        model = cls(nin, nouts, activation=activation, initializer=zero)
        model.load_state_dict(state)
        return model

    def _restore(self, document: Any) -> None:
        state = model_file.parameters(document)
        theirs = model_file.architecture(document, ACTIVATIONS)
        ours = (self.nin, self.nouts, self.activation)
        if theirs != ours:
            described = ["nin {!r}, nouts {!r} and activation {!r}".format(*x) for x in (theirs, ours)]
            raise ValueError(f"it holds a network with {described[0]}; this one has {described[1]}")
        self.load_state_dict(state)


def load_model(path: str | PathLike[str]) -> MLP:
    """Return the network in a file that `MLP.save` wrote.

    Raises:
        ValueError: the file is damaged, or of something else; the message names it.
        OSError: the file cannot be read.
    """
    return model_file.load(path, MLP.from_dict)


def _output(neuron: Neuron, row: list[Any]) -> Any:
    """Return the output of a neuron for a row that was checked."""
    out = weighted_sum(neuron.w, row, neuron.b)
    if not neuron.nonlin:
        return out
    activation = neuron.activation
    return (ACTIVATIONS[activation] if type(activation) is str else activation)(out)  # type: ignore[operator]


def _function(x: Any, table: Mapping[str, Callable[..., Any]], kind: str) -> Callable[..., Any]:
    if isinstance(x, str):
        if x in table:
            return table[x]
        raise ValueError(f"there is no {kind} {x!r}; give one of {', '.join(table)}, or a function")
    if callable(x):
        function: Callable[..., Any] = x
        return function
    raise TypeError(f"{kind} is one of {', '.join(table)}, or a function, not {type(x).__name__!r}")


def _size(owner: str, name: str, n: Any) -> int:
    message = f"{name} of {owner} must be a whole number of 1 or more, not {n!r}"
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise TypeError(message)
    if index(n) < 1:
        raise ValueError(message)
    return index(n)


def _check(row: list[Any], nin: int, owner: str) -> None:
    """Raise the error for a row that is none, or of another length than it should have."""
    numbers = f"{nin} number{'s' * (nin != 1)}"
    if any(isinstance(x, (list, tuple)) or getattr(x, "ndim", 0) for x in row):
        raise TypeError(
            f"{owner} takes one row of {numbers} a call, and this is a list of {len(row)}; "
            "call it for each: [model(row) for row in rows]"
        )
    if len(row) != nin:
        raise ValueError(f"{owner} takes rows of {numbers}, and this one has {len(row)}")
