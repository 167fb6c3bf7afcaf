"""Derivatives held against central differences, in random directions.

Numbers of any structure are one vector here. Directions are drawn by `np.random`, whose seed is the user's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from ..derivatives import make_jvp, make_vjp
from ..derivatives.trees import Structure, plain
from ..support.messages import name_of, shown

Function = Callable[..., Any]

EPS = 1e-6
"""The distance of the two points of a difference."""
TOL = 1e-6
"""By how much two numbers may differ."""
RTOL = 1e-6
"""By how much they may differ, as a part of their sum."""

_MODES = ("fwd", "rev")


def scalar_close(a: float, b: float) -> bool:
    """Say whether two numbers are as good as equal: within TOL, or within RTOL of their sum.

    >>> scalar_close(1e9, 1e9 + 1.0), scalar_close(1.0, 1.001)
    (True, False)
    """
    return bool(abs(a - b) < TOL or abs(a - b) < RTOL * abs(a + b))


def check_equivalent(x: Any, y: Any) -> None:
    """Check that two structures of numbers are alike, and their products with a random vector equal.

    Raises:
        AssertionError: they are not.
    """
    first, second = Structure(x), Structure(y)
    _check_alike(first, second, "the two")
    weights = _random(first)
    if not scalar_close(_product(first.numbers, weights), _product(second.numbers, weights)):
        raise AssertionError(f"the numbers differ: {shown(x)} and {shown(y)}")


def check_jvp(f: Function, x: Any) -> None:
    """Check the derivative of a function of one argument in a random direction, from a forward sweep.

    Raises:
        AssertionError: it is another one than differences give.
    """
    along = _like(x, _random(Structure(x)))
    derivative = make_jvp(f)(x)(along)[1]
    difference = _difference(f, x, along)
    try:
        check_equivalent(derivative, difference)
    except AssertionError as error:
        raise AssertionError(
            f"the derivative (JVP) check of {name_of(f)} failed at {shown(x)}: it is {shown(derivative)} "
            f"where differences give {shown(difference)}"
        ) from error


def check_vjp(f: Function, x: Any) -> None:
    """Check what a reverse sweep gives for a random gradient of the result, in a random direction.

    Raises:
        AssertionError: it is another number than differences give, or is of another structure.
    """
    pull_back, value = make_vjp(f)(x)
    given, result = Structure(x), Structure(value)
    along, weights = _random(given), _random(result)
    gradient = Structure(pull_back(result.put_together(weights)))
    _check_alike(gradient, given, f"the gradient of {name_of(f)} and its argument")
    ours = _product(along, gradient.numbers)
    difference = _product(weights, Structure(_difference(f, x, _like(x, along))).numbers)
    if not scalar_close(difference, ours):
        raise AssertionError(
            f"the derivative (VJP) check of {name_of(f)} failed at {shown(x)}: in a random direction it is "
            f"{ours!r} where differences give {difference!r}"
        )


def check_grads(
    f: Function, argnum: int | Sequence[int] = 0, modes: Sequence[str] = _MODES, order: int = 2
) -> Function:
    """Return a function of the arguments of `f` that checks its derivatives there, in random directions.

    Args:
        f: a function of numbers, arrays or structures of these that returns such.
        argnum: by which positional argument, or by which of them, to differentiate.
        modes: `"fwd"` for forward sweeps, `"rev"` for reverse ones, or both.
        order: up to which order; the second is the derivative of a derivative, in both modes.

    Raises:
        ValueError: `modes` has something else in it.
        AssertionError: when called, if a derivative is wrong.

    >>> check_grads(lambda x, y: x * y**2, (0, 1))(3.0, 4.0)
    """
    if not all(mode in _MODES for mode in modes):
        raise ValueError(f"modes are 'fwd' and 'rev', not {shown(modes)}")

    def check(*args: Any, **kwargs: Any) -> None:
        single = not hasattr(argnum, "__iter__")
        places: Sequence[int] = [argnum] if single else argnum  # type: ignore[list-item, assignment]
        x = args[places[0]] if single else tuple([args[i] for i in places])

        def of_one(x: Any) -> Any:
            given = [*args]
            for i, part in zip(places, [x] if single else x, strict=True):
                given[i] = part
            return f(*given, **kwargs)

        _check(_named(name_of(f).rpartition(".")[2], of_one), x, modes, order)

    return check


def combo_check(f: Function, *args: Any, **kwargs: Any) -> Function:
    """Return a function that checks derivatives for every combination of arguments.

    Args:
        f: as for `check_grads`.
        args: what `check_grads` takes after it.
        kwargs: the same by keyword.

    Returns:
        A function of a list of choices in the place of each argument of `f`.

    >>> import autograd.numpy as np
    >>> combo_check(np.sum, 0)([np.ones(3), np.ones((2, 3))], axis=[None, 0])
    """
    check = check_grads(f, *args, **kwargs)

    def check_all(*choices: Any, **named: Any) -> None:
        for given in product(*choices):
            for values in product(*named.values()):
                check(*given, **dict(zip(named, values, strict=True)))

    return check_all


def _check(f: Function, x: Any, modes: Sequence[str], order: int) -> None:
    if "fwd" in modes:
        check_jvp(f, x)
        if order > 1:
            along = _like(x, _random(Structure(x)))
            forward = _named(f"jvp_{name_of(f)}", lambda x, v: make_jvp(f)(x)(v)[1])
            check_grads(forward, (0, 1), modes, order - 1)(x, along)
    if "rev" in modes:
        check_vjp(f, x)
        if order > 1:
            result = Structure(plain(make_vjp(f)(x)[1]))
            weights = result.put_together(_random(result))
            backward = _named(f"vjp_{name_of(f)}", lambda x, v: make_vjp(f)(x)[0](v))
            check_grads(backward, (0, 1), modes, order - 1)(x, weights)


def _named(name: str, f: Function) -> Function:
    f.__name__ = f.__qualname__ = name
    return f


def _difference(f: Function, x: Any, along: Any) -> Any:
    """Return the derivative in a direction, of the structure of the result, by a central difference."""
    given, direction = plain(Structure(x).numbers), plain(Structure(along).numbers)
    ahead, behind = [
        Structure(f(_like(x, [a + half * b for a, b in zip(given, direction, strict=True)])))
        for half in (EPS / 2, -EPS / 2)
    ]
    return ahead.put_together([(a - b) / EPS for a, b in zip(ahead.numbers, behind.numbers, strict=True)])


def _like(x: Any, numbers: Sequence[Any]) -> Any:
    """Return something with the structure of x, and with other numbers."""
    return Structure(x).put_together(numbers, others=True)


def _random(structure: Structure) -> list[float]:
    count = len(structure.numbers)
    return [float(x) for x in np.random.randn(count)]


def _product(xs: Sequence[Any], ys: Sequence[Any]) -> float:
    return float(sum(x * y for x, y in zip(xs, ys, strict=True)))


def _check_alike(first: Structure, second: Structure, what: str) -> None:
    forms = [[(leaf.path, leaf.shape or ()) for leaf in structure.leaves] for structure in (first, second)]
    if forms[0] != forms[1]:
        raise AssertionError(f"{what} have different structures: {forms[0]} and {forms[1]}")
