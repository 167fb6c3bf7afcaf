"""Objects in the place of functions: what a transformation returns bears the name of what it was made from.

It has the documentation too, and can be pickled where the function can.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import update_wrapper, wraps
from operator import index
from types import MethodType
from typing import TYPE_CHECKING, Any, ParamSpec, SupportsIndex, TypeVar

from ..support.messages import name_of, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

Function = Callable[..., Any]
"""What is differentiated or compiled, and what comes of it."""

Argnums = SupportsIndex | Sequence[SupportsIndex]
"""Which positional argument, or which of them, to differentiate by."""


P = ParamSpec("P")
R = TypeVar("R")


def with_argnum(transform: Callable[P, R]) -> Callable[P, R]:
    """Let a transformation take `argnum` by keyword, which is HIPS autograd's name, for `argnums`."""

    @wraps(transform)
    def called(*args: P.args, **kwargs: P.kwargs) -> R:
        if "argnum" in kwargs and "argnums" not in kwargs:
            kwargs["argnums"] = kwargs.pop("argnum")
        return transform(*args, **kwargs)

    return called


class Wrapped:
    """An object in the place of a function, whose name and documentation it bears.

    What inherits it can be called, and has a `_made_by` that returns what `__reduce__` would.

    Attributes:
        linear_maps: what has `vjp`, `jvp` and `linearize` of it, otherwise than by calling it on Values; or
            None.
    """

    @property
    def linear_maps(self) -> Any:
        return None

    def transformed(self, transformation: Function, options: Mapping[str, Any]) -> Function | None:
        """Return what gives a transformation of it otherwise than by calling it on Values; None without.

        Args:
            transformation: what is made of it, such as `grad`.
            options: those of the transformation.
        """
        return None

    def __init__(self, f: Function) -> None:
        update_wrapper(self, f)  # which takes over attributes too, so that ours must come after it

    if TYPE_CHECKING:
        __name__: str

        def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
        def _made_by(self) -> tuple[Any, ...]: ...

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __reduce__(self) -> Any:
        # As a decorator has left it: in the place of the function, and found under its name.
        found: Any = sys.modules.get(self.__module__)
        for part in getattr(self, "__qualname__", "").split("."):
            found = getattr(found, part, None)
        return self.__qualname__ if found is self else self._made_by()


class Derived(Wrapped):
    """The function that a transformation made of another one."""

    def __init__(
        self, work: Callable[..., Any], transformation: Function, options: Mapping[str, Any], f: Function
    ) -> None:
        super().__init__(f)
        self._work = work
        self._transformation = transformation
        self._options = options
        self._f = f
        self._own = f.transformed(transformation, options) if isinstance(f, Wrapped) else None

    def transformed(self, transformation: Function, options: Mapping[str, Any]) -> Function | None:
        own = getattr(self._own, "transformed", None)
        return own(transformation, options) if own is not None else None

    @classmethod
    def of(
        cls,
        work: Callable[[Function, tuple[Any, ...], Mapping[str, Any]], Any],
        transformation: Function,
        f: Function | None,
        **options: Any,
    ) -> Function:
        """Return the function that a transformation makes of f, or a decorator if there is no f.

        Args:
            work: called with f, the arguments and those by keyword.
            transformation: what makes it, such as `grad`.
            f: the function.
            options: those of the transformation.

        Raises:
            TypeError: f is no function, or `argnums`, or what else ends so, no whole numbers.
            ValueError: that is empty.
        """
        name = transformation.__name__
        for option in options:
            if option.endswith(("argnums", "argnum")):
                options[option] = checked_argnums(name, options[option], option)
        if f is None:
            return lambda f: transformation(f, **options)
        if not callable(f):
            raise TypeError(
                f"{name} takes a function, not {shown(f)}; write {name}(f)(x), with the arguments of f in "
                "parentheses of their own"
            )
        return cls(work, transformation, options, f)

    @property
    def made(self) -> tuple[str, Function, Mapping[str, Any]]:
        """The name of the transformation, the function, and the options of the transformation."""
        return self._transformation.__name__, self._f, self._options

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._own is not None:
            return self._own(*args, **kwargs)
        return self._work(self._f, args, kwargs)

    def __repr__(self) -> str:
        return f"<{self._transformation.__name__} of {name_of(self._f)}>"

    def _made_by(self) -> tuple[Any, ...]:
        return _derived, (self._transformation, self._f, self._options)


def _derived(transformation: Function, f: Function, options: Mapping[str, Any]) -> Any:
    return transformation(f, **options)


def checked_argnums(name: str, argnums: Any, option: str = "argnums") -> Argnums:
    """Return `argnums` as a whole number or a tuple of these.

    Args:
        name: what takes them, as messages call it.
        argnums: which arguments.
        option: how messages call them.

    Raises:
        TypeError: it is neither.
        ValueError: it is empty.
    """
    try:
        if not isinstance(argnums, bool):
            if hasattr(argnums, "__iter__"):
                numbers = tuple(index(i) for i in argnums)
                if not numbers:
                    raise ValueError(f"{name}: {option} is empty, so there is nothing to differentiate by")
                return numbers
            return index(argnums)
    except TypeError:
        pass
    raise TypeError(f"{name}: {option} is a whole number or a sequence of them, not {shown(argnums)}")
