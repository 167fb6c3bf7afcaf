"""A Module: something with parameters, found among its attributes, named, saved and restored.

The name of a parameter says how it is reached, `layers[0].neurons[3].w[1]`, and serves messages, labels,
and files alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..support.messages import listed, short
from ..support.real_numbers import real
from ..support.slips import advised
from . import model_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from os import PathLike


class Module:
    """Something with parameters: the Values that it holds, which training changes.

    A subclass keeps Values and other Modules in its attributes, or lists, tuples, dicts and NumPy arrays
    of them, and needs nothing more. A Value that was computed from others is a result and no parameter.
    A subclass may instead say in a `parameters()` of its own what its parameters are.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(-1.0)
    >>> Line().state_dict()
    {'slope': 2.0, 'offset': -1.0}
    """

    def parameters(self) -> list[Value]:
        """Return the parameters, each once, in the order of the attributes that hold them."""
        return [parameter for _, parameter in _held(self)]

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Return the parameters with their names, such as `layers[0].neurons[3].w[1]`.

        A name says how a parameter is reached from here. What `parameters()` of a subclass returns without
        that an attribute holds it is named by its place there, such as `parameters[0]`.
        """
        if type(self).parameters is Module.parameters:
            return list(_held(self))
        names = {id(parameter): name for name, parameter in _held(self, ask=False)}
        each = {id(parameter): parameter for parameter in self.parameters()}
        return [(names.get(key, f"parameters[{i}]"), p) for i, (key, p) in enumerate(each.items())]

    @advised
    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0, as is due before each backward()."""
        for parameter in self.parameters():
            parameter.grad = 0.0

    def state_dict(self) -> dict[str, float]:
        """Return the numbers of the parameters by name."""
        return {name: parameter.data for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Set the parameters to the numbers of a `state_dict()`; inf and NaN are numbers too.

        Raises:
            ValueError: names are missing or unexpected. Nothing has been changed then.
            TypeError: something is not a real number. Nothing has been changed then.
        """
        if not isinstance(state, dict):
            raise TypeError(f"a state is a dict of numbers by name, not {type(state).__name__!r}")
        named = dict(self.named_parameters())
        missing = [name for name in named if name not in state]
        unexpected = [name for name in state if name not in named]
        if missing or unexpected:
            problems = [f"lacks {listed(map(short, missing), 3)}"] if missing else []
            problems += [f"has {listed(map(short, unexpected), 3)} too many"] if unexpected else []
            raise ValueError(
                f"the state is not of a model of these sizes: for {len(named)} parameters it has "
                f"{len(state)} numbers; it {' and '.join(problems)}"
            )
        numbers = [_number(name, state[name]) for name in named]
        for parameter, number in zip(named.values(), numbers, strict=True):
            parameter.data = number

    def to_dict(self) -> dict[str, Any]:
        """Return what `save` writes, to be kept inside a JSON document of one's own.

        Raises:
            ValueError: a parameter is infinite or NaN, for which JSON has no number.
        """
        return model_file.document(self.state_dict())

    @advised
    def save(self, path: str | PathLike[str]) -> None:
        """Write the model to a JSON file, to the last bit; the file is complete or not there at all.

        Raises:
            ValueError: the model cannot be written (see `to_dict`).
            OSError: the file cannot be written.
        """
        model_file.save(path, self.to_dict())

    def load(self, path: str | PathLike[str]) -> None:
        """Set the parameters to those in a file that `save` wrote for a model of the same sizes.

        Raises:
            ValueError: the file is damaged, or of another model. Nothing has been changed then.
            OSError: the file cannot be read.
        """
        model_file.load(path, self._restore)

    def _restore(self, document: Any) -> None:
        self.load_state_dict(model_file.parameters(document))


def functional_call(
    module: Module, parameters: Iterable[Value | float] | dict[str, Any], *inputs: Any
) -> Any:
    """Call a module as if its parameters were others, as PyTorch's function of this name does.

    With it what a module gives is a function of its parameters, which can be differentiated and compiled as
    such. The module is not changed. What is kept outside its attributes, as in a closure, stays as it is.

    Args:
        module: the module.
        parameters: numbers or Values, a list in the order of `module.parameters()` or a dict with the names
            of `module.named_parameters()`; a dict may leave some out.
        inputs: what the module is called with.

    Raises:
        ValueError: there are more or fewer parameters, or a name is none of the module's.

    >>> from autograd import grad, nn
    >>> neuron = nn.Neuron(2, nonlin=False)
    >>> grad(lambda parameters: functional_call(neuron, parameters, [3.0, 5.0]))([0.5, 0.5, 1.0])
    [3.0, 5.0, 1.0]
    """
    from copy import deepcopy

    named = dict(module.named_parameters())
    if isinstance(parameters, dict):
        given = parameters
    else:
        numbers = list(parameters)
        if len(numbers) != len(named):
            raise ValueError(f"the module has {len(named)} parameters; {len(numbers)} were given")
        given = dict(zip(named, numbers, strict=True))
    unknown = [name for name in given if name not in named]
    if unknown:
        raise ValueError(f"the module has no parameters of these names: {listed(map(short, unknown), 3)}")
    copies = {id(parameter): parameter for parameter in named.values()}
    copies |= {id(named[name]): x if isinstance(x, Value) else Value(x) for name, x in given.items()}
    copy: Any = deepcopy(module, copies)  # one that has these in the place of copies of the parameters
    return copy(*inputs)


def _held(root: Module, ask: bool = True) -> Iterator[tuple[str, Value]]:
    """Yield the parameters below a Module, depth first, with their names.

    A Module whose class has a `parameters()` of its own is asked for them, unless `ask` is False.
    """
    seen: dict[int, Any] = {}
    stack: list[tuple[str, Any]] = [("", root)]
    while stack:
        name, x = stack.pop()
        if id(x) in seen:
            continue
        if isinstance(x, Value):
            seen[id(x)] = x
            if not x.op:
                yield name, x
            continue
        if isinstance(x, Module):
            asked = ask and x is not root and type(x).parameters is not Module.parameters
            dot = "." if name else ""
            held = x.named_parameters() if asked else vars(x).items()
            children = [(f"{name}{dot}{key}", child) for key, child in held]
        elif isinstance(x, (list, tuple)):
            children = [(f"{name}[{i}]", child) for i, child in enumerate(x)]
        elif isinstance(x, dict):
            children = [(f"{name}[{key!r}]", child) for key, child in x.items()]
        elif getattr(getattr(x, "dtype", None), "kind", "") == "O":
            children = [(name, x.tolist())]  # a NumPy array of objects
        else:
            continue
        seen[id(x)] = x  # which keeps it, lest another object get its id
        stack += reversed(children)


def label_parameters(module: Module) -> None:
    """Give every parameter its name as its label, which pictures and messages show."""
    for name, parameter in _held(module, ask=False):
        parameter.label = name


def _number(name: str, x: object) -> float:
    if isinstance(x, (bool, Value)):
        raise TypeError(f"parameter {name} must be a plain number, not {x!r}")
    try:
        return real(x)
    except TypeError as error:
        raise TypeError(f"parameter {name} must be a number: {error}") from None
