"""Which picture is made: one in full, a folded one, or none because the graph is too large."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ..engine import Value, topological_order
from ..engine.visible import visible
from ..nn import Module
from .columns import Options
from .names import Names, parameter_paths
from .network import NetworkPicture, module_picture
from .neurons import Folding, labelled_paths, neurons_of
from .numbers import Numbers
from .picture import Picture
from .values import value_picture

FOLDED_FROM = 60  # cards of a graph that went through a network, beyond which it is folded
MOST_VALUES = 200_000  # of a graph that is looked at; more take too long


def picture_of(
    things: Sequence[Any],
    module: Module | Mapping[str, Module] | None,
    variables: Mapping[str, Any] | None,
    numbers: Numbers,
    depth: int | None,
    expand: Any,
    limit: int,
    weights: bool = False,
    parameters: Iterable[Value | str] | None = None,
) -> Picture:
    """Return the picture of Values, or of a module, if it has no more cards than the limit.

    Args:
        variables: names and what they stand for.
        things, module, depth, expand, limit, weights, parameters: see `draw`.
    """
    if len(things) == 1 and isinstance(things[0], Module):
        if module is not None:
            raise TypeError("draw(loss, module=net) draws a graph, draw(net) the network alone; choose one")
        if parameters is not None:
            raise TypeError("all leaves of a network are parameters; parameters= is for draw(loss)")
        picture = _module_alone(things[0], numbers, depth, expand, weights)
    else:
        roots = _roots_in(things)
        paths = [] if module is None else parameter_paths(module)
        names = Names(paths, variables, parameters)
        known = None if module is None else paths
        picture = _graph_picture(roots, known, names, numbers, depth, expand, weights)
    if len(picture.cards) > limit:
        raise ValueError(_too_many(picture, limit))
    return picture


def _roots_in(things: Sequence[Any]) -> list[Value]:
    """Return the Values among the arguments of draw(), and those in lists and arrays, each once."""
    roots: list[Value] = []
    for thing in things:
        each = thing
        if getattr(getattr(thing, "dtype", None), "kind", "") == "O":
            each = thing.ravel().tolist()  # a NumPy array of Values
        for root in each if isinstance(each, (list, tuple)) else [each]:
            if not isinstance(root, Value):
                raise TypeError(_not_a_value(root))
            roots.append(root)
    if not roots:
        raise TypeError("draw() takes Values, one at least, or a Module; there is none")
    return list({id(root): root for root in roots}.values())


def _not_a_value(thing: object) -> str:
    message = f"draw() takes Values or a Module, not {type(thing).__name__!r}"
    if isinstance(thing, (int, float)):
        return f"{message}; a plain number has no graph: compute with Value({thing!r}) to get one"
    if isinstance(thing, Module):
        return f"{message} among Values; write draw(loss, module=net)"
    if isinstance(thing, (list, tuple, set, dict)):
        return f"{message}; draw its Values: draw(*values)"
    return message


def _module_alone(module: Module, numbers: Numbers, depth: int | None, expand: Any, weights: bool) -> Picture:
    """Return the picture of a module by itself."""
    if expand:
        raise ValueError(
            "a module alone has computed nothing to expand; draw a result with module= and expand="
        )
    neurons = neurons_of(module.named_parameters())
    if not neurons:
        raise ValueError(f"{type(module).__name__} has no parameters to draw")
    deepest = min(neuron.levels for neuron in neurons)
    depth = None if depth is None else min(depth, deepest)
    return module_picture(neurons, numbers, Options(depth, weights=weights))


def _graph_picture(
    roots: Sequence[Value],
    paths: list[tuple[str, Value]] | None,
    names: Names,
    numbers: Numbers,
    depth: int | None,
    expand: Any,
    weights: bool,
) -> Picture:
    """Return the picture of a graph: folded if that is wanted, or if it is large and went through neurons.

    Args:
        paths: the parameters of the network given, by path; None to look for labels.
        depth, expand, weights: see `draw`.
    """
    _refuse_huge(roots)
    order = visible(topological_order(*roots))
    names.check_marked(order)
    wanted = depth is not None or bool(expand) or weights
    folding = folding_of(order, paths, expand, wanted)
    if folding is None:
        return value_picture(order, roots, names, numbers)
    options = Options(depth, paths_in(expand), weights=weights)
    check_expand(options.expand, folding, names, roots)
    return NetworkPicture(folding, roots, names, numbers, options).picture()


def folding_of(
    order: Sequence[Value], paths: list[tuple[str, Value]] | None, expand: Any, wanted: bool
) -> Folding | None:
    """Return how a graph is folded: if that is wanted, or if it is large and went through neurons; else None.

    Args:
        order: the graph in topological order.
        paths: the parameters of the network given, by path; None to look for labels.
        expand: see `draw`.
        wanted: whether what only a network has was asked for.

    Raises:
        TypeError: `expand` is none of what `draw` takes.
        ValueError: what only a network has was asked for, and there are no neurons.
    """
    if not isinstance(expand, (bool, str)) and not all(isinstance(path, str) for path in expand):
        raise TypeError(f"expand is a path such as 'layers[0]', a list of them, or True, not {expand!r}")
    if expand is True or not (wanted or paths is not None or len(order) > FOLDED_FROM):
        return None
    folding = Folding(order, neurons_of(labelled_paths(order) if paths is None else paths))
    if not folding.neurons and wanted:
        raise ValueError(
            "no neurons were found in this graph, so there is nothing to fold or expand, and no arrow "
            "is a weight; give the network that it went through: draw(loss, module=net)"
        )
    return folding if folding.neurons else None


def paths_in(expand: Any) -> tuple[str, ...]:
    """Return the paths of what is shown in full."""
    return (expand,) if isinstance(expand, str) else tuple(expand or ())


def check_expand(expand: Sequence[str], folding: Folding, names: Names, roots: Sequence[Value]) -> None:
    """Check that what is to be shown in full is there."""
    paths = [neuron.path for neuron in folding.neurons]
    for path in expand:
        there = any(p == path or p.startswith((f"{path}.", f"{path}[")) for p in paths)
        if not there and path not in ("loss", *map(names.of, roots)):
            known = [p for p in dict.fromkeys([*(p.rpartition(".")[0] for p in paths), *paths, "loss"]) if p]
            near = get_close_matches(path, known, 3, 0.3) or known[:3]
            raise ValueError(f"there is no {path!r} to expand; there are, among others, {', '.join(near)}")


def _refuse_huge(roots: Sequence[Value]) -> None:
    """Raise ValueError for a graph that is too large to be looked at, without walking all of it."""
    seen = set(map(id, roots))
    stack = list(roots)
    while stack and len(seen) <= MOST_VALUES:
        node = stack.pop()
        for _, x, _ in node._edges:
            if id(x) not in seen:
                seen.add(id(x))
                stack.append(x)
    if len(seen) > MOST_VALUES:
        raise ValueError(
            f"the graph has more than {MOST_VALUES} Values, too many to draw; draw an inner Value, the "
            "loss of a few rows only, or a network by itself: draw(net)"
        )


def _too_many(picture: Picture, limit: int) -> str:
    """Return what to say of a picture with more cards than the limit."""
    count = len(picture.cards)
    if picture.folded:
        message = f"there would be {count} cards, more than the limit of {limit}; give a smaller depth=, "
    else:
        message = (
            f"the graph has {count} Values, more than the limit of {limit} cards for a picture; "
            "if it went through a network, give that as module= to fold it; else "
        )
    return f"{message}draw an inner Value, or pass a larger limit= and wait for the layout"
