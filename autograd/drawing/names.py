"""What Values are called: by their label, their path in a module, or the caller's variables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from ..engine import Value
from ..nn import Module
from .tex import plain

_NAME_OF_A_PARAMETER = re.compile(r"(w|b|weights?|bias)(_?\d+)*(\[\d+\])*", re.IGNORECASE)


class Names:
    """Names of Values, found by identity: a Value compares as its number.

    Args:
        paths: the paths of parameters, from `parameter_paths`.
        variables: names and what they stand for, such as `locals()`; Values in lists, tuples and dicts
            among them are named by their place, `xs[0]`. Names that begin with an underscore do not count.
        parameters: the leaves that are parameters beside those with paths, or the names of such; None to
            tell by names such as w1.
    """

    def __init__(
        self,
        paths: Iterable[tuple[str, Value]] = (),
        variables: Mapping[str, Any] | None = None,
        parameters: Iterable[Value | str] | None = None,
    ) -> None:
        self._marked = None if parameters is None else marked(parameters)
        self._paths = {id(parameter): path for path, parameter in paths}
        self._variables: dict[int, str] = {}
        known = [(n, x) for n, x in (variables or {}).items() if n.isidentifier() and not n.startswith("_")]
        known.sort(key=lambda item: not isinstance(item[1], Value))  # a name of its own before a place
        for name, thing in known:
            for place, value in _named(name, thing):
                self._variables.setdefault(id(value), place)

    def of(self, node: Value) -> str:
        """Return the name of a Value, which may be empty."""
        return node.label or self._paths.get(id(node), "") or self._variables.get(id(node), "")

    def is_parameter(self, leaf: Value) -> bool:
        """Say whether a leaf is a parameter: of a module given, as marked, or by its name's last part."""
        if id(leaf) in self._paths:
            return True
        if self._marked is not None:
            return id(leaf) in self._marked or self.of(leaf) in self._marked
        return _NAME_OF_A_PARAMETER.fullmatch(plain(self.of(leaf)).rpartition(".")[2]) is not None

    def check_marked(self, order: Iterable[Value]) -> None:
        """Check that each name of a parameter that was given is that of a leaf.

        Args:
            order: the nodes of the graph.

        Raises:
            ValueError: one is not.
        """
        wanted = [x for x in self._marked or () if isinstance(x, str)]
        if not wanted:
            return
        known = list(dict.fromkeys(name for node in order if not node.op and (name := self.of(node))))
        for name in sorted(wanted):
            if name not in known:
                near = get_close_matches(name, known, 3, 0.3) or known[:3]
                there = f"there are, among others, {', '.join(near)}" if near else "no leaf has a name"
                raise ValueError(f"no leaf of this graph is called {name!r}, as parameters= says; {there}")


def marked(parameters: Iterable[Value | str]) -> set[int | str]:
    """Return the identities of Values, those in lists too, and names, as `draw(parameters=...)` takes them.

    Raises:
        TypeError: there is something else among them.
    """
    found: set[int | str] = set()
    for each in [parameters] if isinstance(parameters, (Value, str)) else parameters:
        if isinstance(each, Value):
            found.add(id(each))
        elif isinstance(each, str):
            found.add(each)
        elif isinstance(each, (list, tuple)):
            found |= marked(each)
        else:
            raise TypeError(
                "parameters is a list of Values or of their names, [w, b] or ['权重'], "
                f"not of {type(each).__name__!r}"
            )
    return found


def _named(name: str, thing: Any) -> Iterable[tuple[str, Value]]:
    if isinstance(thing, Value):
        yield name, thing
    elif type(thing) in (list, tuple):
        for i, x in enumerate(thing):
            if isinstance(x, Value):
                yield f"{name}[{i}]", x
    elif type(thing) is dict:
        for key, x in thing.items():
            if isinstance(x, Value) and isinstance(key, str):  # IPython's Out has numbers
                yield f"{name}[{key!r}]", x


def parameter_paths(module: Module | Mapping[str, Module]) -> list[tuple[str, Value]]:
    """Return the parameters of a module with their paths; of several, with their names before.

    >>> from autograd.nn import Neuron
    >>> [path for path, _ in parameter_paths({"left": Neuron(1), "right": Neuron(1)})]
    ['left.w[0]', 'left.b', 'right.w[0]', 'right.b']
    """
    if isinstance(module, Module):
        return module.named_parameters()
    if not isinstance(module, Mapping) or not all(isinstance(x, Module) for x in module.values()):
        raise TypeError(
            "module is a Module, or a dict of Modules by name, such as "
            f"{{'generator': g, 'critic': c}}, not {type(module).__name__!r}"
        )
    return [
        (f"{name}.{path}", parameter)
        for name, each in module.items()
        for path, parameter in each.named_parameters()
    ]
