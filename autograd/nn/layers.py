"""Neural networks made of Values: neurons, layers, multi-layer perceptrons, and their losses.

A neuron adds up its inputs, each times a weight, and bends the sum with an activation function; a layer
is a list of neurons with the same inputs; a network feeds each layer's outputs to the next one. Weights
and biases are Values, so that after `loss.backward()` each of them knows how it changes the loss.
"""

from __future__ import annotations

from math import sqrt
from operator import index
from typing import TYPE_CHECKING, Any, TypeVar

from .. import math
from ..engine import Value, weighted_sum
from . import model_file as modelfile
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
        generator = _generator(rng, seed)
        self.w = [Value(draw(generator, nin, 1)) for _ in range(nin)]
        self.b = Value(0.0)
        self.nonlin = nonlin
        self.activation = activation
        label_parameters(self)

    def __call__(self, x: Any) -> Value:
        """Return the output for a row of `nin` numbers or Values.

        Raises:
            ValueError: the row has another length.
        """
        row = x if type(x) is list else row_of(x)
        if len(row) != len(self.w):
            raise ValueError(_wrong_length(f"Neuron({len(self.w)})", len(self.w), row))
        out = weighted_sum(self.w, row, self.b)
        if self.nonlin:
            activation = self.activation
            out = (ACTIVATIONS[activation] if isinstance(activation, str) else activation)(out)
        return out

    def __repr__(self) -> str:
        activation = self.activation if self.nonlin else "linear"
        if isinstance(activation, str):
            name = _SPELLING.get(activation, activation.capitalize())
        else:
            name = getattr(activation, "__name__", type(activation).__name__)
        return f"{name}Neuron({len(self.w)})"


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
        generator = _generator(rng, seed)

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
            ValueError: the row has another length than `nin`.
        """
        row = x if type(x) is list else row_of(x)
        outputs = [neuron(row) for neuron in self.neurons]
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
        generator = _generator(rng, seed)
        for i, (n, nout) in enumerate(zip([self.nin, *self.nouts], self.nouts, strict=False), start=1):
            nonlin = i < len(self.nouts)
            layer = Layer(n, nout, nonlin, activation=activation, initializer=initializer, rng=generator)
            self.layers.append(layer)
        label_parameters(self)

    def __call__(self, x: Any) -> Any:
        """Return the outputs for a row of `nin` numbers or Values: a list, or the Value if it is one.

        Raises:
            ValueError: the row has another length.
        """
        x = row_of(x)
        if len(x) != self.nin:
            raise ValueError(_wrong_length(f"MLP({self.nin}, {self.nouts})", self.nin, x))
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
        twin = MLP(self.nin, self.nouts, activation=self.activation, initializer=_zero)
        if MLP.__repr__(self) != repr(twin) or state.keys() != twin.state_dict().keys():
            raise ValueError(
                f"cannot save a network that is no longer an MLP({self.nin}, {self.nouts}) with activation "
                f"{self.activation!r}; keep state_dict() and build the network in your program"
            )
        model = {"nin": self.nin, "nouts": list(self.nouts), "activation": self.activation}
        return modelfile.document(state, model)

    @classmethod
    def from_dict(cls: type[Network], document: Mapping[str, Any]) -> Network:
        """Build the network that `to_dict` described.

        Raises:
            ValueError: the document is no such description.

        >>> model = MLP(2, [1], seed=0)
        >>> MLP.from_dict(model.to_dict()).state_dict() == model.state_dict()
        True
        """
        state = modelfile.parameters(document)
        nin, nouts, activation = modelfile.architecture(document, ACTIVATIONS)
        model = cls(nin, nouts, activation=activation, initializer=_zero)
        model.load_state_dict(state)
        return model

    def _restore(self, document: Any) -> None:
        state = modelfile.parameters(document)
        theirs = modelfile.architecture(document, ACTIVATIONS)
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
    return modelfile.load(path, MLP.from_dict)


def _linear(x: Any) -> Any:
    return x


def _zero(rng: Random, nin: int, nout: int) -> float:
    return 0.0


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": Value.relu,
    "tanh": math.tanh,
    "sigmoid": math.sigmoid,
    "leaky_relu": math.leaky_relu,
    "elu": math.elu,
    "silu": math.silu,
    "gelu": math.gelu,
    "softplus": math.softplus,
    "linear": _linear,
}
"""The activations that have a name; any function from Value to Value will do."""

_SPELLING = {"relu": "ReLU", "leaky_relu": "LeakyReLU", "elu": "ELU", "silu": "SiLU", "gelu": "GELU"}

INITIALIZERS: dict[str, Callable[[Random, int, int], float]] = {
    # as in micrograd
    "uniform": lambda rng, nin, nout: rng.uniform(-1, 1),
    # Glorot and Bengio (2010), equation 16: variance 2 / (nin + nout), for tanh and its like
    "xavier": lambda rng, nin, nout: rng.uniform(-1, 1) * sqrt(6 / (nin + nout)),
    "xavier_normal": lambda rng, nin, nout: rng.normalvariate(0, sqrt(2 / (nin + nout))),
    # He et al. (2015), equation 10: variance 2 / nin, for ReLU and its like
    "he": lambda rng, nin, nout: rng.uniform(-1, 1) * sqrt(6 / nin),
    "he_normal": lambda rng, nin, nout: rng.normalvariate(0, sqrt(2 / nin)),
}
"""How a weight is drawn, in a layer with `nin` inputs and `nout` outputs."""


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


def _wrong_length(owner: str, nin: int, row: list[Any]) -> str:
    return f"{owner} takes rows of {nin} number{'s' * (nin != 1)}, and this one has {len(row)}"


def _generator(rng: Random | None, seed: int | None) -> Random:
    import random  # here, because it takes as long to import as all of this package

    shared: Any = random  # the functions of the module are the methods of Python's global generator
    if rng is not None and seed is not None:
        raise ValueError("give an rng or a seed, not both")
    if seed is not None:
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise TypeError(f"seed is an int, not {seed!r}")
        return random.Random(seed)
    if rng is None:
        rng = shared
    if rng is shared or isinstance(rng, random.Random):
        return rng
    raise TypeError(f"rng is a random.Random, such as random.Random(0), not {type(rng).__name__!r}")
