"""NumPy arrays of Values: an array argument of a function that is differentiated is one inside it.

`ValueArray` is an ordinary NumPy array of objects, so slicing, broadcasting, `@`, sums and everything else
that NumPy builds from arithmetic works on it. It does better than NumPy alone in two ways: ufuncs that
NumPy does not have for objects, or has with other rules at ties and NaN, are the primitives of `ops`; and
what cannot be done on Values raises an error that says what to write instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from .. import math
from ..engine import Value, data_of
from ..engine.ordering import STABLE, in_order
from ..engine.recording import blocks, is_followed
from ..ops import Primitive
from ..support.real_numbers import real
from .indexing import chosen, is_followed_index
from .ufunc_table import OPERATORS, QUESTIONS, UFUNCS, elementwise_ufunc

ADVICE = {
    "solve": "eliminate by hand (Gauss), or give it a derivative with autograd.custom_gradient",
    "inv": "solve by hand, or give it a derivative with autograd.custom_gradient",
    "det": "eliminate by hand, or give it a derivative with autograd.custom_gradient",
    "interp": "find the interval with np.searchsorted on plain numbers and interpolate by hand",
    "fft": "write the sum, or give it a derivative with autograd.custom_gradient",
}
_SPREAD_NAN = {"median", "percentile", "quantile"}
"""Functions that sort, and give NaN where there is one; of objects, NumPy looks for none."""
_nan_spreads: ContextVar[bool] = ContextVar("inside one of these", default=False)
_inside_numpy: ContextVar[bool] = ContextVar("inside a function of NumPy", default=False)
OTHERWISE = "write it with arithmetic, or give it a derivative with autograd.custom_gradient"


class ValueArray(np.ndarray[Any, Any]):
    """A NumPy array of Values, dtype object."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return apply_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        token = _inside_numpy.set(True)
        spreading = _nan_spreads.set(_nan_spreads.get() or func.__name__ in _SPREAD_NAN)
        try:
            out = _wrapped(super().__array_function__(func, types, args, kwargs))
        except (TypeError, AttributeError) as error:
            if _no_loop(error):
                raise TypeError(_impossible(func.__name__, func.__module__, kwargs)) from error
            raise
        finally:
            _inside_numpy.reset(token)
            _nan_spreads.reset(spreading)
        return out.item() if isinstance(out, ValueArray) and out.shape == () else out

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        return elementwise(primitive, operands)

    # What np.sort, np.partition, np.median and np.quantile ask for

    def sort(
        self, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: bool | None = None
    ) -> None:
        """Bring the numbers along an axis in rising order, NaN last, as one operation where there is no path
        for each order."""
        array = self.view(np.ndarray)
        plain = order is not None or not all(isinstance(x, (Value, float, int)) for x in array.flat)
        rows = np.moveaxis(array, axis, -1)
        if plain or ((stable or kind in ("stable", "mergesort")) and rows.shape[-1] > STABLE):
            array.sort(axis, kind, order)
            return
        for index in np.ndindex(rows.shape[:-1]):
            numbers = in_order(rows[index].tolist())
            if numbers and _nan_spreads.get() and numbers[-1] != numbers[-1]:
                numbers = [numbers[-1]] * len(numbers)
            for i, x in enumerate(numbers):
                rows[(*index, i)] = x

    def partition(self, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> None:
        """Bring the numbers along an axis in rising order, which is a partition at every place."""
        np.empty(self.shape).partition(kth, axis, kind)  # where places are none, an error
        self.sort(axis, order=order)


class FollowedArray(ValueArray):
    """A ValueArray while a function is followed: an element at an index that is followed is one operation.

    Of floats and the like, NumPy's own way to index asks an index for its number at once.
    """

    _needed: list[Callable[[], Any]]
    """What to call where the array is written to, for what was chosen from it is a copy, and in NumPy a view.
    Arrays that may share memory share the list."""

    def __array_finalize__(self, source: Any) -> None:
        self._needed = getattr(source, "_needed", [])

    def __getitem__(self, key: Any) -> Any:
        parts = key if type(key) is tuple else (key,)
        if any(map(is_followed_index, parts)):
            found = chosen(self.view(np.ndarray), parts)
            if found is not None:
                numbers, shape, needed = found
                if shape == () and not any(x is ... for x in parts):
                    return numbers[0]
                self._needed.append(needed)
                array = array_of(numbers, shape)
                array._needed = self._needed
                return array
        return super().__getitem__(key)

    def __setitem__(self, key: Any, thing: Any) -> None:
        self._written()
        super().__setitem__(key, thing)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        for x in (*kwargs.get("out", ()), *(inputs[:1] if method == "at" else ())):
            if isinstance(x, FollowedArray):
                x._written()
        return super().__array_ufunc__(ufunc, method, *inputs, **kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func.__name__ in _WRITING:
            self._written()
        return super().__array_function__(func, types, args, kwargs)

    def sort(self, *args: Any, **kwargs: Any) -> None:
        """Bring the numbers in rising order, as `ValueArray.sort` does."""
        self._written()
        super().sort(*args, **kwargs)

    def fill(self, x: Any) -> None:
        """Write a number into all places."""
        self._written()
        super().fill(x)

    def put(self, *args: Any, **kwargs: Any) -> None:
        """Write numbers into some places."""
        self._written()
        super().put(*args, **kwargs)

    def _written(self) -> None:
        for needed in self._needed:
            needed()


_WRITING = {"copyto", "put", "place", "putmask", "put_along_axis", "fill_diagonal"}


def class_of_arrays() -> type[ValueArray]:
    """Return the class of arrays of Values that are made now."""
    return FollowedArray if is_followed() else ValueArray


def apply_ufunc(ufunc: np.ufunc, method: str, inputs: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """Do what NumPy asks of a ufunc, or of its `reduce` and the like, one of whose operands holds Values.

    Raises:
        TypeError: NumPy cannot do it on Values.
    """
    inside_numpy = _inside_numpy.get()
    scalars = not inside_numpy and all(isinstance(x, (Value, np.generic)) for x in inputs)
    if scalars and method == "__call__" and not kwargs and ufunc.__name__ in OPERATORS:
        return OPERATORS[ufunc.__name__](*[x if isinstance(x, Value) else float(x) for x in inputs])
    replacement = UFUNCS.get(ufunc.__name__, ufunc)
    arrays = [_base(x) for x in inputs]
    if ufunc.__name__ in QUESTIONS:
        if blocks:  # somebody may follow the answers
            for x in arrays:
                elementwise_ufunc(getattr(math, ufunc.__name__), 1)(x)
        arrays = [np.asarray(elementwise_ufunc(data_of, 1)(x), dtype=np.float64) for x in arrays]
    if kwargs.get("out") is not None:
        kwargs["out"] = tuple(_base(x) for x in kwargs["out"])
    try:
        with np.errstate(all="ignore"):  # as Python, which compares NaN and subtracts inf without a word
            out = _wrapped(getattr(replacement, method)(*arrays, **kwargs))
    except TypeError as error:
        if any(x is not None and x.dtype != object for x in kwargs.get("out") or ()):
            raise TypeError(
                f"an array of plain numbers cannot hold the Values that {ufunc.__name__} gives; write "
                "y = y + x instead of y += x, or make y with dtype=object"
            ) from error
        if replacement is ufunc and _no_loop(error):
            raise TypeError(_impossible(ufunc.__name__, kwargs=kwargs)) from error
        raise
    # NumPy's own functions say out=..., which does not come here, where they want an array of no dimensions.
    return _base(out).view(class_of_arrays()) if inside_numpy and isinstance(out, Value) else out


def array_of(numbers: Sequence[float | Value], shape: tuple[int, ...]) -> Any:
    """Return numbers as an array: one of float64, or a ValueArray where there is a Value among them."""
    if not any(isinstance(x, Value) for x in numbers):
        return np.array(numbers, dtype=np.float64).reshape(shape)
    array = np.empty(len(numbers), dtype=object)
    array[:] = [x if isinstance(x, Value) else Value(x) for x in numbers]
    return array.reshape(shape).view(class_of_arrays())


def numbers_of(array: Any, name: str, values_only: bool = False) -> list[float | Value] | None:
    """Return the elements of an array in C order, as floats and Values; None where they are no numbers.

    Raises:
        TypeError: they are numbers, but no real ones, or the array is of a class with other rules.
    """
    if type(array) not in (np.ndarray, ValueArray, FollowedArray):
        if values_only:
            return None
        raise TypeError(f"{name} is a {type(array).__name__}, whose rules differ; use a plain array")
    if array.dtype == object:
        if values_only and not any(isinstance(x, Value) for x in array.flat):
            return None
        return [x if isinstance(x, Value) else _real(x, name, i) for i, x in np.ndenumerate(array)]
    if values_only or array.dtype.kind not in "iufc":
        return None
    if array.dtype.kind == "c":
        raise TypeError(f"{name} is an array of complex numbers; derivatives here are those of real numbers")
    numbers: list[float | Value] = array.astype(np.float64).ravel().tolist()
    return numbers


def elementwise(primitive: Callable[..., Any], operands: Sequence[Any]) -> Any:
    """Apply a primitive to arrays element by element, with NumPy's broadcasting."""
    with np.errstate(all="ignore"):
        out = elementwise_ufunc(primitive, len(operands))(*map(_base, operands))
    if isinstance(out, np.ndarray) and not any(isinstance(x, Value) for x in out.flat):
        return out.astype(np.float64)
    return _wrapped(out)


def _real(x: Any, name: str, index: tuple[int, ...]) -> float:
    try:
        return real(x)
    except TypeError as error:
        raise TypeError(f"{name}[{', '.join(map(str, index))}]: {error}") from None


def _base(x: Any) -> Any:
    """Return an operand in a form in which NumPy asks neither Value nor ValueArray again."""
    if isinstance(x, Value):
        array = np.empty((), dtype=object)
        array[()] = x
        return array
    if getattr(x, "dtype", None) == np.longdouble:  # which stays longdouble in an array of objects
        return np.asarray(x, dtype=np.float64)
    return x.view(np.ndarray) if isinstance(x, ValueArray) else x


def _wrapped(out: Any) -> Any:
    """Return what NumPy gave, with arrays of objects as ValueArrays."""
    if isinstance(out, np.ndarray):
        return out.view(class_of_arrays()) if out.dtype == object else out.view(np.ndarray)
    if type(out) in (tuple, list):
        return type(out)([_wrapped(x) for x in out])
    return bool(out) if isinstance(out, np.bool_) else out


def _no_loop(error: Exception) -> bool:
    """Say whether the error is NumPy's, or a Value's that NumPy asked for a plain number."""
    text = str(error)
    signs = (
        "ufunc",
        "dtype",
        "data type",
        "object arrays",
        "array type object",
        "plain number silently",
        "no attribute",
    )
    return any(sign in text for sign in signs)


def _impossible(name: str, module: str = "numpy", kwargs: Any = ()) -> str:
    message = f"NumPy's {name} does not work on Values"
    if "dtype" in kwargs:
        return f"{message} with dtype=...; leave that out, they are numbers of double precision"
    return f"{message}; {ADVICE.get('fft' if module.endswith('fft') else name, OTHERWISE)}"
