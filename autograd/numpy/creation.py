"""Functions that make arrays: of Values where they are given some, and that can hold Values where these come.

Inside a function that is differentiated or compiled an array of floats that is made here is one into which
Values can be assigned. Elsewhere it is NumPy's own (`calls` tells how little that costs). Whole numbers and
flags stay what they are, and so does what is asked for in another precision.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from ..arrays import ValueArray, has_values, held, holding
from ..engine.recording import is_transformed
from .calls import Quick, quickly
from .lists import arrays_of

_FLOAT = np.dtype(np.float64)
_OBJECT = np.dtype(object)
_FLOATS = "type({0}) is _ndarray and {0}.dtype is _float64"
_NUMBER = "type({0}) in _numbers"
_TYPE = "type({0}) is type and {0} is not object and {0} is not _object"


def made(array: Any) -> Any:
    """Return an array that NumPy has just made, as one that holds Values where it is to."""
    if type(array) is np.ndarray and array.dtype is _FLOAT:  # as nearly always, and so asked first
        return holding(array) if is_transformed() else array
    return held(array)


def _is_float(dtype: Any) -> bool:
    return dtype is float or (dtype is not None and np.dtype(dtype) == _FLOAT)


def _own(**quick: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a function stand in the place of NumPy's of that name, which is called where it gives the same."""

    def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
        return quickly(getattr(np, function.__name__), Quick(**quick), function)

    return decorated


# From numbers


@_own(looked_at=True)
def array(object: Any, dtype: Any = None, **kwargs: Any) -> Any:  # noqa: A002 (NumPy's name)
    """Return an array of numbers and Values, which then is an array of Values."""
    if isinstance(object, ValueArray) and (dtype is None or _is_float(dtype) or dtype == _OBJECT):
        return np.array(object, **{**kwargs, "subok": True})
    try:
        out = np.array(object, dtype, **kwargs)
    except TypeError:
        if not _is_float(dtype) or not has_values(object):
            raise
        out = np.array(object, _OBJECT, **kwargs)
    return made(out)


def _conversion(name: str, at_once: str = "") -> Callable[..., Any]:
    numpys = getattr(np, name)

    def convert(a: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
        if type(a) is np.ndarray and a.dtype != _OBJECT:
            return numpys(a, dtype, *args, **kwargs)
        if isinstance(a, ValueArray) and (dtype is None or _is_float(dtype) or dtype == _OBJECT):
            order: Any = {"ascontiguousarray": "C", "asfortranarray": "F"}.get(name)
            return np.asanyarray(a, None, order) if order else a
        try:
            out = numpys(a, dtype, *args, **kwargs)
        except TypeError:
            if not _is_float(dtype) or not has_values(a):
                raise
            out = numpys(a, _OBJECT, *args, **kwargs)
        return held(out) if isinstance(a, np.ndarray) else made(out)

    convert.__name__ = name
    return _own(first=_FLOATS, option=_TYPE, at_once=at_once, outside=False)(convert)


asarray = _conversion("asarray", "{0}")
asanyarray = _conversion("asanyarray", "{0}")
ascontiguousarray = _conversion("ascontiguousarray")
asfortranarray = _conversion("asfortranarray")


@_own(first=_FLOATS, at_once="{0}.copy('K')")
def copy(a: Any, order: Any = "K", subok: Any = False) -> Any:
    return array(a, order=order, subok=subok, copy=True)


@_own(first="type({0}) is list", others="{0} is int")
def fromiter(iter: Any, dtype: Any, count: int = -1, **kwargs: Any) -> Any:  # noqa: A002 (NumPy's name)
    if not _is_float(dtype):
        return made(np.fromiter(iter, dtype, count, **kwargs))
    items = [*(iter if count < 0 else islice(iter, count))]  # as there may be Values among them
    try:
        return made(np.fromiter(items, dtype, count, **kwargs))
    except TypeError:
        if not has_values(items):
            raise
        return made(np.fromiter(items, _OBJECT, count, **kwargs))


# From shapes


def _filled(name: str, number: float) -> Callable[..., Any]:
    numpys = getattr(np, name)

    def function(shape: Any, dtype: Any = None, order: Any = "C", **kwargs: Any) -> Any:
        if dtype == _OBJECT or (is_transformed() and (dtype is None or _is_float(dtype))):
            return holding(np.full(shape, number, _FLOAT, order, **kwargs))
        return numpys(shape, dtype, order, **kwargs)

    function.__name__ = name
    return _own(option=_TYPE)(function)


zeros = _filled("zeros", 0.0)
ones = _filled("ones", 1.0)
empty = _filled("empty", np.nan)


@_own(looked_at=True)
def full(shape: Any, fill_value: Any, dtype: Any = None, order: Any = "C", **kwargs: Any) -> Any:
    if has_values(fill_value) and (dtype is None or _is_float(dtype)):
        dtype = _OBJECT
    return made(np.full(shape, fill_value, dtype, order, **kwargs))


def _like(name: str, number: float) -> Callable[..., Any]:
    numpys = getattr(np, name)

    def function(a: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
        of_values = isinstance(a, ValueArray) or has_values(a)
        if of_values and (dtype is None or _is_float(dtype) or dtype == _OBJECT):
            plain = np.empty_like(np.asarray(a, _OBJECT), _FLOAT)
            out = holding(numpys(plain, None, *args, **kwargs))
            if name == "empty_like":
                out[...] = number
            return out
        return made_like(numpys(a, dtype, *args, **kwargs), dtype)

    def made_like(out: Any, dtype: Any) -> Any:
        if name == "empty_like" and is_transformed() and out.dtype == _FLOAT:
            out[...] = number
        return holding(out.astype(_FLOAT)) if dtype == _OBJECT else made(out)

    function.__name__ = name
    return _own(first=_FLOATS, option=_TYPE)(function)


zeros_like = _like("zeros_like", 0.0)
ones_like = _like("ones_like", 1.0)
empty_like = _like("empty_like", np.nan)


@_own(first=_FLOATS, others=_NUMBER, option=_TYPE)
def full_like(a: Any, fill_value: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
    floats = _is_float(dtype) if dtype is not None else np.asarray(a).dtype in (_FLOAT, _OBJECT)
    if not floats or not (isinstance(a, ValueArray) or has_values(a) or has_values(fill_value)):
        return made(np.full_like(a, fill_value, dtype, *args, **kwargs))
    out = zeros_like(a, _OBJECT, *args, **kwargs)
    out[...] = array(fill_value, float)
    return out


# From what NumPy makes of numbers


def _making(name: str, asked: str = "True") -> Callable[..., Any]:
    numpys = getattr(np, name)

    def function(*args: Any, **kwargs: Any) -> Any:
        return made(numpys(*args, **kwargs))

    function.__name__ = name
    return _own(first=asked, others=asked)(function)


eye, identity, tri = map(_making, ("eye", "identity", "tri"))
linspace, logspace, geomspace = (_making(name, _NUMBER) for name in ("linspace", "logspace", "geomspace"))
fromfunction = _making("fromfunction")


@_own(first=_NUMBER)
def arange(*args: Any, **kwargs: Any) -> Any:
    try:
        return made(np.arange(*args, **kwargs))
    except TypeError:
        if not has_values([*args, *kwargs.values()]):
            raise
        raise TypeError(
            "arange of Values: how many numbers there are is no function with a derivative; write "
            "start + step * np.arange(count)"
        ) from None


@_own(first=_FLOATS)
def diag(v: Any, k: int = 0) -> Any:
    out = np.diag(arrays_of(v), k)
    return made(out) if np.ndim(v) == 1 else out


# From arrays put together


def _joining(name: str) -> Callable[..., Any]:
    numpys = getattr(np, name)

    def function(arrays: Any, *args: Any, **kwargs: Any) -> Any:
        if not kwargs:
            return made(numpys(arrays, *args))
        given = arrays if isinstance(arrays, np.ndarray) else list(arrays)
        if "dtype" in kwargs and _is_float(kwargs["dtype"]) and has_values(given):
            kwargs = {key: x for key, x in kwargs.items() if key != "dtype"}
        out = numpys(given, *args, **kwargs)
        return out if kwargs.get("out") is not None else made(out)

    function.__name__ = name
    return _own(looked_at=True)(function)


concatenate, stack, vstack, hstack, dstack, column_stack, block = map(
    _joining, ("concatenate", "stack", "vstack", "hstack", "dstack", "column_stack", "block")
)


@_own(first=_FLOATS, others=_FLOATS)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    return made(np.append(arrays_of(arr), arrays_of(values), axis))


class _Index:
    """`np.r_` or `np.c_`, which put arrays together that are written as an index."""

    def __init__(self, numpys: Any) -> None:
        self._numpys = numpys

    def __getitem__(self, key: Any) -> Any:
        return made(self._numpys[key])

    def __len__(self) -> int:
        return len(self._numpys)


r_, c_ = _Index(np.r_), _Index(np.c_)


OWN = frozenset(
    "append arange array asanyarray asarray ascontiguousarray asfortranarray block c_ column_stack "
    "concatenate copy diag dstack empty empty_like eye fromfunction fromiter full full_like geomspace "
    "hstack identity linspace logspace ones ones_like r_ stack tri vstack zeros zeros_like".split()
)
"""The names that are not NumPy's own."""
