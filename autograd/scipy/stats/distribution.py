"""A distribution of SciPy's on Values: arguments as SciPy has them, a formula for each number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import numpy as np
import scipy.stats

from ...arrays import has_values, held
from ...derivatives import custom_gradient
from ...engine import Value
from ...numpy.lists import arrays_of
from ...support.slips import message

Formula = Callable[..., Any]
nan = np.nan


class Distribution:
    """A distribution with methods of SciPy's names, which are SciPy's own where there is no Value.

    Args:
        name: that of SciPy's distribution.
        shapes: the names of its shape parameters.
        valid: says of shape parameters whether they are allowed.
        formulas: by the name of a method, its value at a number of the standard form: of a continuous
            distribution at z = (x - loc) / scale, of a discrete one at k - loc. All others are SciPy's own,
            for plain numbers.
    """

    def __init__(
        self, name: str, shapes: str, valid: Callable[..., Any], formulas: dict[str, Formula]
    ) -> None:
        self.name = name
        self.shapes = shapes.split()
        self.valid = valid
        self.formulas = formulas
        self.number = "x"
        self.parameters = [*self.shapes, "loc"]

    def __repr__(self) -> str:
        return f"<distribution {self.name}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return SciPy's distribution with its parameters fixed, which is for plain numbers."""
        if has_values([*args, *kwargs.values()]):
            takes = ", ".join([self.number, *self.parameters])
            raise TypeError(
                f"{self.name} is not fixed with Values; give them to a method each time: "
                f"{self.name}.cdf({takes})"
            )
        return getattr(scipy.stats, self.name)(*args, **kwargs)

    def __getattr__(self, method: str) -> Any:
        scipys = method_of_scipys(self.name, method, self.formulas)

        def call(*args: Any, **kwargs: Any) -> Any:
            if not has_values([*args, *kwargs.values()]):
                return scipys(*args, **kwargs)
            if method not in self.formulas:
                raise TypeError(
                    f"{self.name}.{method} is not there for Values; there are "
                    f"{', '.join(sorted(self.formulas))}"
                )
            return self._of_values(method, args, kwargs)

        call.__name__, call.__doc__ = method, scipys.__doc__
        return call if callable(scipys) else scipys

    def _of_values(self, method: str, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        names = [self.number, *self.parameters]
        if len(args) > len(names):
            raise TypeError(f"{self.name}.{method} takes {', '.join(names)}; {len(args)} arguments are given")
        given = dict(zip(names, args, strict=False))
        for name, x in kwargs.items():
            if name not in names or name in given:
                why = "is given twice" if name in given else "is no parameter"
                raise TypeError(f"{self.name}.{method}: {name!r} {why}; it takes {', '.join(names)}")
            given[name] = x
        missing = [name for name in names if name not in given and name not in ("loc", "scale")]
        if missing:
            raise TypeError(f"{self.name}.{method} misses {', '.join(missing)}; it takes {', '.join(names)}")
        operands = [given.get(name, 0.0 if name == "loc" else 1.0) for name in names]
        return for_each(lambda *numbers: self.at(method, *numbers), operands)

    def at(self, method: str, x: Any, *parameters: Any) -> Any:
        """Return what a method gives for numbers, some of which are Values."""
        raise NotImplementedError


def method_of_scipys(distribution: str, method: str, offered: Iterable[str]) -> Any:
    """Return what SciPy's distribution of that name has by another name.

    Args:
        distribution: its name.
        method: the name of the method.
        offered: the methods that take Values.

    Raises:
        AttributeError: there is no such thing.
    """
    try:
        return getattr(getattr(scipy.stats, distribution), method)
    except AttributeError:
        there = f"there are {', '.join(sorted(offered))}, and SciPy's others for plain numbers"
        text = f"{message(distribution, method, {}, offered)} ({there})"
        raise AttributeError(text, name=method) from None


def undefined(*numbers: Any) -> Any:
    """Return NaN, by whose derivatives nobody takes a parameter that is not allowed for the best one."""
    out: Any = nan
    for x in numbers:
        if isinstance(x, Value):
            out = out + nan * x
    return out


def for_each(function: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """Return a function of numbers applied to arrays, lists and numbers, with NumPy's broadcasting."""
    arrays = [_array(x) for x in operands]
    with np.errstate(all="ignore"):  # comparisons of NaN, say, are no news
        out = np.frompyfunc(function, len(arrays), 1)(*arrays)
    if not isinstance(out, np.ndarray):
        return out
    return held(out) if has_values(out) else out.astype(np.float64)


def _array(x: Any) -> Any:
    if isinstance(x, Value):
        array = np.empty((), dtype=object)
        array[()] = x
        return array
    array = np.asarray(arrays_of(x))
    return array.view(np.ndarray) if array.dtype == object else array.astype(np.float64).astype(object)


@cache
def known(method: str, of: Callable[..., Any], slope: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function of a number and of plain parameters that SciPy computes, with its derivative.

    Args:
        method: what is said of it where a parameter is a Value.
        of: SciPy's function, of the number and the parameters.
        slope: its derivative, as a formula.
    """

    def function(x: Any, *parameters: Any) -> Any:
        if any(isinstance(p, Value) for p in parameters):
            raise TypeError(
                f"{method} has no derivative by its shape parameters here, only by the others; pass plain "
                "numbers there"
            )
        if not isinstance(x, Value):
            return float(of(x, *parameters))
        # Of all orders, for the derivative is a formula.
        made = custom_gradient(lambda y: slope(y, *parameters))(lambda y: float(of(y, *parameters)))
        return made(x)

    return function
