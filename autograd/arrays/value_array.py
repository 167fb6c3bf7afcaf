"""NumPy arrays of Values: an array argument of a function that is differentiated is one inside it.

`ValueArray` is an ordinary NumPy array of objects, so slicing, broadcasting, `@`, sums and everything else
that NumPy builds from arithmetic works on it. It does better than NumPy alone in three ways: ufuncs that
NumPy does not have for objects, or has with other rules at ties and NaN, are the primitives of `ops`; an
overflow or a division by zero gives inf or NaN, and a warning, as on arrays of floats; and what cannot be
done on Values raises an error that says what to write instead.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import math
from ..engine import Value, data_of
from ..engine.recording import blocks, is_followed
from ..ops import Primitive
from ..support import extensions
from ..support.real_numbers import only_floats, real
from . import floating_point, together
from .advice import holds_no_values, impossible, no_loop, other_rules, too_small
from .asking import (
    IDENTITIES,
    LOGICAL,
    MAKING,
    NORMS,
    SPREAD_NAN,
    SUMMING,
    WARN_AS_A_WHOLE,
    asked_by_numpy,
    in_norm,
    inside_numpy,
    truth,
    without_dtype,
)
from .assignment import WRITTEN, elements, is_element, made_of_floats, with_elements
from .functions import FUNCTIONS
from .ordered_array import OrderedArray, nan_spreads
from .plain_numbers import on_plain_numbers
from .special_functions import NAMES, is_scipys, not_there, special_function
from .ufunc_table import (
    ARRAY_UFUNCS,
    IEEE_UFUNCS,
    IN_NORMS,
    NUMPYS_NAMES,
    OPERATORS,
    QUESTIONS,
    UFUNCS,
    elementwise_ufunc,
    followed,
    in_ieee,
)


class ValueArray(OrderedArray):
    """A NumPy array of Values, dtype object."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return apply_ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        name = func.__name__
        kwargs = without_dtype(kwargs) if name in SUMMING else kwargs
        nested = inside_numpy.get() and asked_by_numpy()
        if name in WRITTEN:
            args, kwargs = with_elements(name, args, kwargs)
        token = inside_numpy.set(True)
        spreading = nan_spreads.set(True) if name in SPREAD_NAN else None
        norm = in_norm.set(True) if name in NORMS else None
        try:
            if name in WARN_AS_A_WHOLE:
                plain = name == "dot" and len(args) == 2 and not kwargs
                out = together.products(*map(_base, args)) if plain else None
                if out is None:
                    out = floating_point.quietly(super().__array_function__, (func, types, args, kwargs), {})
                out = _wrapped(out)
                floating_point.warn_of(func, args, kwargs, out)
            else:
                own = FUNCTIONS.get(func)
                given = NotImplemented if own is None else own(*args, **kwargs)
                if given is NotImplemented and func.__module__ == "numpy.linalg":
                    own = extensions.linear_algebra(func)
                    given = NotImplemented if own is None else own(*args, **kwargs)
                if given is NotImplemented:
                    given = made_of_floats(super().__array_function__(func, types, args, kwargs))
                out = _wrapped(given)
        except (TypeError, AttributeError, ValueError) as error:
            if (isinstance(error, TypeError) or "output array" in str(error)) and holds_no_values(
                name, args, kwargs
            ):
                raise TypeError(too_small(name)) from error
            if not no_loop(error) or isinstance(error, ValueError):
                raise
            out = on_plain_numbers(func, args, kwargs)
            if out is NotImplemented:
                raise TypeError(impossible(name, func.__module__, kwargs)) from error
        finally:
            inside_numpy.reset(token)
            if spreading is not None:
                nan_spreads.reset(spreading)
            if norm is not None:
                in_norm.reset(norm)
        return out if nested or name in MAKING else _number(out)  # NumPy's functions want an array

    # What is written into it

    def __setitem__(self, key: Any, thing: Any) -> None:
        if type(thing) is not float and not isinstance(thing, Value):
            thing = elements(thing)
            if isinstance(thing, np.ndarray) and is_element(key, self.ndim):
                raise ValueError(
                    "setting an array element with a sequence: one number is to be written there"
                )
        super().__setitem__(key, thing)

    def fill(self, x: Any) -> None:
        """Write a number into all places."""
        super().fill(elements(x))

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        """Write numbers into some places, as np.put does."""
        super().put(indices, elements(values), mode)

    def astype(self, dtype: Any, *args: Any, **kwargs: Any) -> Any:
        """Return the array for floats, of 64 bits as Values are, and NumPy's cast of it for all else."""
        if np.dtype(dtype) != np.float64:
            return super().astype(dtype, *args, **kwargs)
        return self.copy() if kwargs.get("copy", True) else self

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Any:
        return elementwise(primitive, operands)

    def __pow__(self, exponent: Any, modulo: Any = None) -> Any:
        if modulo is not None:
            return NotImplemented
        return super().__pow__(exponent) if (out := self._power(exponent, {})) is None else out

    def __ipow__(self, exponent: Any) -> Any:  # type: ignore[misc, override]
        out = self._power(exponent, {"out": (self,)})
        return super().__ipow__(exponent) if out is None else out

    def _power(self, exponent: Any, out: dict[str, Any]) -> Any:
        """Return a power with a number, for some of which NumPy has functions of their own; else None."""
        if type(exponent) is float and exponent == 0.5:
            return np.sqrt(self, **out)  # which is another number at -inf and -0.0
        if isinstance(exponent, (int, float, np.number)):
            return apply_ufunc(np.power, "__call__", (self, exponent), out, operator.pow)
        return None

    def mean(self, axis: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the mean of the numbers along an axis, as np.mean does."""
        count = 0 if args or not kwargs.keys() <= {"keepdims"} else self._count(axis)
        if not count:
            return self._by_numpy(super().mean, axis, args, kwargs)
        return self.sum(axis=axis, **kwargs) / count

    def var(self, axis: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the variance of the numbers along an axis, as np.var does."""
        own = not args and kwargs.keys() <= {"keepdims", "ddof"}
        ddof = kwargs.get("ddof", 0)
        count = self._count(axis) if own else 0
        if not (own and count and count > ddof):
            return self._by_numpy(super().var, axis, args, kwargs)
        distance = self - self.sum(axis=axis, keepdims=True) / count
        return (distance * distance).sum(axis=axis, keepdims=kwargs.get("keepdims", False)) / (count - ddof)

    def std(self, axis: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the standard deviation of the numbers along an axis, as np.std does."""
        if args or not kwargs.keys() <= {"keepdims", "ddof"}:
            norm = in_norm.set(True)
            try:
                return self._by_numpy(super().std, axis, args, kwargs)
            finally:
                in_norm.reset(norm)
        return _wrapped(floating_point.quietly(IN_NORMS["sqrt"], [_base(self.var(axis, **kwargs))], {}))

    def _count(self, axis: Any) -> int:
        """Return how many numbers there are along an axis; 0 where that is for NumPy to say."""
        if axis is None:
            return self.size
        return self.shape[axis] if type(axis) is int and -self.ndim <= axis < self.ndim else 0

    def _by_numpy(self, method: Any, axis: Any, args: Any, kwargs: Any) -> Any:
        """Call a method of NumPy's that computes with single numbers too, which are arrays to it."""
        token = inside_numpy.set(True)
        try:
            out = _wrapped(method(axis, *args, **kwargs))
        finally:
            inside_numpy.reset(token)
        return out if inside_numpy.get() else _number(out)

    def dot(self, other: Any, out: Any = None) -> Any:
        """Return the product of two arrays, as np.dot does."""
        return np.dot(self, other) if out is None else np.dot(self, other, out)


followed_class: type[ValueArray] = ValueArray
"""The class of arrays of Values while a function is followed; `followed_array` puts its own here."""


def class_of_arrays() -> type[ValueArray]:
    """Return the class of arrays of Values that are made now."""
    return followed_class if is_followed() else ValueArray


def apply_ufunc(
    ufunc: np.ufunc, method: str, inputs: Sequence[Any], kwargs: dict[str, Any], meant: Any = None
) -> Any:
    """Do what NumPy asks of a ufunc, or of its `reduce` and the like, one of whose operands holds Values.

    Args:
        ufunc: the ufunc.
        method: `"__call__"`, or the name of another method of it.
        inputs: its operands.
        kwargs: its other arguments.
        meant: what the user called, if NumPy's warnings are those of that.

    Raises:
        TypeError: NumPy cannot do it on Values.
        FloatingPointError: it gives inf or NaN, and np.errstate says that this is an error.
    """
    nested = inside_numpy.get()
    scalars = not nested and all(isinstance(x, (Value, np.generic)) for x in inputs)
    if scalars and method == "__call__" and not kwargs and ufunc.__name__ in OPERATORS:
        return OPERATORS[ufunc.__name__](*[x if isinstance(x, Value) else float(x) for x in inputs])
    arrays = [x.view(np.ndarray) if type(x) is ValueArray else _base(x) for x in inputs]
    if ufunc.__name__ in QUESTIONS:
        if blocks:  # somebody may follow the answers
            for x in arrays:
                elementwise_ufunc(getattr(math, ufunc.__name__), 1)(x)
        arrays = [np.asarray(elementwise_ufunc(data_of, 1)(x), dtype=np.float64) for x in arrays]
    if kwargs:
        kwargs = without_dtype(kwargs)
        if kwargs.get("out") is not None:
            kwargs["out"] = tuple(_base(x) for x in kwargs["out"])
        if method == "reduce" and kwargs.get("where", True) is not True:
            kwargs = {"initial": IDENTITIES.get(ufunc.__name__, np._NoValue), **kwargs}
    if method == "at" and holds_no_values(method, inputs, kwargs):  # NumPy would go on after the first error
        raise TypeError(too_small(ufunc.__name__))
    on_arrays = nested or ValueArray in map(type, inputs) or any(map(_is_array, inputs))
    try:
        if ufunc.__name__ in NAMES and is_scipys(ufunc):  # which gives no warnings
            special = special_function(ufunc.__name__, on_arrays)
            out = _wrapped(floating_point.quietly(getattr(special, method), arrays, kwargs))
        elif on_arrays:
            out = _wrapped(_on_arrays(ufunc, method, arrays, kwargs, meant))
            if ufunc.__name__ in LOGICAL and not kwargs.get("out"):
                out = truth(out)
        else:
            out = _wrapped(
                floating_point.quietly(getattr(UFUNCS.get(ufunc.__name__, ufunc), method), arrays, kwargs)
            )
    except TypeError as error:
        if holds_no_values(method, inputs, kwargs):
            raise TypeError(too_small(ufunc.__name__)) from error
        if ufunc.__name__ in UFUNCS or ufunc.__name__ in NAMES or not no_loop(error):
            raise
        out = on_plain_numbers(getattr(ufunc, method), inputs, kwargs)
        if out is NotImplemented:
            text = (
                not_there(ufunc.__name__) if is_scipys(ufunc) else impossible(ufunc.__name__, kwargs=kwargs)
            )
            raise TypeError(text) from error
    # NumPy's own functions say out=..., which does not come here, where they want an array of no dimensions.
    return _base(out).view(class_of_arrays()) if nested and isinstance(out, Value) else out


def _is_array(x: Any) -> bool:
    """Say whether an operand follows NumPy's rules: one that the library made, or of plain numbers."""
    if isinstance(x, np.ndarray):
        return isinstance(x, ValueArray) or (x.dtype != object and x.ndim > 0)
    return isinstance(x, (list, tuple))


def _on_arrays(
    ufunc: np.ufunc, method: str, arrays: Sequence[Any], kwargs: dict[str, Any], meant: Any
) -> Any:
    """Do what NumPy asks of a ufunc as it does it on arrays of floats: with inf, NaN and warnings."""
    name = ufunc.__name__
    special = IN_NORMS.get(name) if in_norm.get() else None
    quick = special or ARRAY_UFUNCS.get(name, ufunc)
    ieee = special or IEEE_UFUNCS.get(name)
    before = arrays
    if method == "at" or (kwargs and kwargs.get("out") is not None):  # which may overwrite operands
        before = [x.copy() if isinstance(x, np.ndarray) else x for x in arrays]
    repeated = ieee is not None and followed()
    tried = special is None and (blocks or method == "reduce" or name in together.COSTLY)
    out = together.done(name, method, arrays, kwargs, repeated) if tried else None
    raised = special is not None or method == "at" or repeated
    if out is not None:
        may_warn = floating_point.may_warn_of(name, before, out, meant)
        raised = False
    elif not raised:
        function = quick if method == "__call__" else getattr(quick, method)
        try:
            out, may_warn = floating_point.arithmetic(name, function, arrays, kwargs, meant)
        except (ArithmeticError, ValueError):
            if ieee is None:
                raise
            raised = True
    if raised:
        operands = arrays if method == "at" else before
        out = floating_point.quietly(getattr(ieee or quick, method), operands, kwargs)
        may_warn = floating_point.may_warn(name, arrays[0] if method == "at" else out)
    if may_warn:
        floating_point.warn_of_ufunc(meant or getattr(ufunc, method), before, {} if meant else kwargs)
    return out


def _number(out: Any) -> Any:
    """Return an array of no dimensions as the Value in it."""
    return out.item() if isinstance(out, ValueArray) and out.shape == () else out


def array_of(numbers: Sequence[float | Value], shape: tuple[int, ...]) -> Any:
    """Return numbers as an array: one of float64, or a ValueArray where there is a Value among them."""
    if only_floats(numbers) or not any(isinstance(x, Value) for x in numbers):
        array = np.array(numbers, dtype=np.float64)
        return array if array.shape == shape else array.reshape(shape)
    values = [x if isinstance(x, Value) else Value(x) for x in numbers]
    return np.fromiter(values, object, len(values)).reshape(shape).view(class_of_arrays())


def numbers_of(array: Any, name: str, values_only: bool = False) -> list[float | Value] | None:
    """Return the elements of an array in C order, as floats and Values; None where they are no numbers.

    Raises:
        TypeError: they are numbers, but no real ones, or the array is of a class with other rules.
    """
    if type(array) not in (np.ndarray, ValueArray, followed_class):
        if values_only:
            return None
        raise TypeError(other_rules(name, array))
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


def elementwise(primitive: Any, operands: Sequence[Any]) -> Any:
    """Apply a primitive to arrays element by element, with NumPy's broadcasting.

    As NumPy's ufuncs do, it gives inf and NaN where Python raises, on arrays that the library made.
    """
    rules: Callable[..., Any] = primitive
    if len(operands) == len(primitive.domain) and any(map(_is_array, operands)):
        rules = in_ieee(primitive)
    out = floating_point.quietly(elementwise_ufunc(rules, len(operands)), [*map(_base, operands)], {})
    numpys = NUMPYS_NAMES.get(primitive.name)
    if numpys is not None and rules is not primitive:
        floating_point.warn_of(getattr(np, numpys), operands, {}, out)
    if isinstance(out, np.ndarray) and not any(isinstance(x, Value) for x in out.flat):
        return out.astype(np.float64)
    return _wrapped(out)


def _real(x: Any, name: str, index: tuple[int, ...]) -> float:
    try:
        return real(x)
    except TypeError as error:
        place = f"[{', '.join(map(str, index))}]" if index else ""
        raise TypeError(f"{name}{place}: {error}") from None


def _base(x: Any) -> Any:
    """Return an operand in a form in which NumPy asks neither Value nor ValueArray again."""
    if type(x) is float or type(x) is int:
        return x
    if isinstance(x, Value):
        array = np.empty((), dtype=object)
        array[()] = x
        return array
    if getattr(x, "dtype", None) == np.longdouble:  # which stays longdouble in an array of objects
        return np.asarray(x, dtype=np.float64)
    if isinstance(x, ValueArray):
        return x.view(np.ndarray)
    if isinstance(x, np.ndarray) and type(x) is not np.ndarray and not isinstance(x, np.memmap):
        raise TypeError(other_rules("an operand", x))
    return x


def _wrapped(out: Any) -> Any:
    """Return what NumPy gave, with arrays of objects as ValueArrays."""
    if isinstance(out, np.ndarray):
        return out.view(class_of_arrays()) if out.dtype == object else out.view(np.ndarray)
    if type(out) in (tuple, list):
        return type(out)([_wrapped(x) for x in out])
    return bool(out) if isinstance(out, np.bool_) else out
