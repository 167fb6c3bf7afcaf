"""NumPy's warnings: of an overflow, a division by zero or an invalid operation on arrays.

An operation on an array of Values that gave inf or NaN is done once more by NumPy itself, on floats, under
the user's `np.errstate`: so its warnings, and its errors where it is to raise them, are its own.
"""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from math import isfinite
from operator import attrgetter
from typing import Any

import numpy as np

from ..engine import Value
from ..engine.recording import blocks, is_followed
from ..support.real_numbers import nan
from .ufunc_table import IEEE_UFUNCS

_QUIET = frozenset(
    "absolute ceil clip conjugate copysign equal fabs floor fmax fmin greater greater_equal heaviside "
    "isfinite isinf isnan less less_equal logical_and logical_not logical_or logical_xor maximum minimum "
    "negative not_equal positive rint sign signbit trunc".split()
)
_SETTINGS = {"divide by zero": "divide", "overflow": "over", "underflow": "under", "invalid value": "invalid"}
_number = attrgetter("_number")


def _call(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    return function(*args, **kwargs)


def _call_in_a_block(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    with np.errstate(all="ignore"):
        return function(*args, **kwargs)


# As a decorator it is quicker, but cannot be nested before NumPy 2.
_is_new = np.lib.NumpyVersion(np.__version__) >= "2.0.0"
quietly = np.errstate(all="ignore")(_call) if _is_new else _call_in_a_block
"""Call a function of NumPy's as Python does it, which compares NaN and subtracts inf without a word."""


class _Flags(threading.local):
    """Whether the processor has noted an overflow or the like since this was set to False."""

    noted = False


_flags = _Flags()


def _note(kind: str, flag: int) -> None:
    _flags.noted = True


_with_flags = np.errstate(all="call", call=_note)(_call) if _is_new else _call_in_a_block


def arithmetic(
    name: str, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], meant: Any
) -> tuple[Any, bool]:
    """Return what a ufunc gives on Values, and whether NumPy may have something to say of it on floats.

    Args:
        name: that of the ufunc.
        function: it itself, or another one that raises where Python does.
        args: its operands.
        kwargs: its other arguments.
        meant: what the user called; a power with a number if it is not None.
    """
    if name in _NOTED_BY_THE_PROCESSOR and _is_new:
        _flags.noted = False
        out = _with_flags(function, args, kwargs)
        return out, _flags.noted and may_warn(name, out)
    out = quietly(function, args, kwargs)
    return out, may_warn_of(name, args, out, meant)


def may_warn_of(name: str, args: Sequence[Any], out: Any, meant: Any) -> bool:
    """Say whether NumPy may have something to say on floats of a ufunc that raised no error.

    Args:
        name, args, meant: as for `arithmetic`.
        out: what it gave on Values.
    """
    raising = name in _RAISING or (meant is not None and isfinite(args[1]))
    return _underflow_counts() if raising else may_warn(name, out)


_NOTED_BY_THE_PROCESSOR = {"add", "divide", "multiply", "subtract"}
"""Ufuncs that call nothing but Python's operators on objects, and what these do the processor notes."""
_RAISING = {*IEEE_UFUNCS} - {
    "divide",
    "divmod",
    "float_power",
    "floor_divide",
    "power",
    "reciprocal",
    "remainder",
}
"""Ufuncs that raise wherever NumPy has something to say, but for an underflow."""


def may_warn(name: str, out: Any) -> bool:
    """Say whether NumPy may have something to say of an operation on floats.

    Args:
        name: that of the ufunc or function.
        out: what it gave on Values.
    """
    if name in _QUIET or (blocks and is_followed()):
        return False
    if type(out) is Value:
        numbers = [out._number]
    elif isinstance(out, np.ndarray) and out.dtype == object:
        numbers = numbers_in(out)
    elif type(out) is tuple:
        return any(may_warn(name, part) for part in out)
    else:
        return isinstance(out, float) and not isfinite(out)
    # Where only the sum overflows, NumPy will not say a word.
    return not isfinite(sum(numbers)) or np.geterr()["under"] != "ignore"


def _underflow_counts() -> bool:
    return np.geterr()["under"] != "ignore" and not (blocks and is_followed())


def numbers_in(array: Any) -> list[float]:
    """Return the numbers in an array of Values and floats, in C order."""
    items = array.tolist() if array.ndim == 1 else array.ravel().tolist()
    try:
        return list(map(_number, items))
    except AttributeError:  # plain numbers are among them
        return [x._number if isinstance(x, Value) else nan if x is None else float(x) for x in items]


class _Told:
    """What NumPy calls where it would warn; what the user has set to be called or written to stays so."""

    def __init__(self, settings: Any, users: Any) -> None:
        self.kinds: list[str] = []
        self._settings = settings
        self._users = users

    def __call__(self, kind: str, flag: int) -> None:
        if self._settings[_SETTINGS[kind]] == "call":
            self._users(kind, flag)
        else:
            self.kinds.append(kind)

    def write(self, text: str) -> None:
        self._users.write(text)


def warn(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> None:
    """Give NumPy's warnings of an operation, at the user's line.

    Args:
        function: NumPy's, which is called with floats.
        args: its arguments, with Values.
        kwargs: those by keyword.

    Raises:
        FloatingPointError: the user wants that, with np.errstate.
    """

    def call() -> None:  # with new arrays each time, for it may write into them
        function(*map(on_floats, args), **{key: on_floats(x) for key, x in kwargs.items()})

    settings = np.geterr()
    told = _Told(settings, np.geterrcall())
    changed: Any = {kind: "call" if how == "warn" else how for kind, how in settings.items()}
    if not _done(call, call=told, **changed):
        return
    for kind in dict.fromkeys(told.kinds):
        only: Any = {_SETTINGS[kind]: "raise"}
        text = ""
        try:
            _done(call, all="ignore", **only)
        except FloatingPointError as error:
            text = str(error)
        warnings.warn(text, RuntimeWarning, stacklevel=users_level())


def _done(call: Callable[[], Any], /, **settings: Any) -> bool:
    """Say whether NumPy can do it on floats."""
    with np.errstate(**settings):
        try:
            call()
        except FloatingPointError:
            raise
        except Exception:
            return False
    return True


def users_level() -> int:
    """Return how many calls above its caller the user's code is, as `warnings.warn` counts."""
    frame: Any = sys._getframe(1)
    level = 1
    while (
        frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _NOT_THE_USERS
    ):
        frame = frame.f_back
        level += 1
    return level


_NOT_THE_USERS = {__name__.partition(".")[0], "numpy"}


def on_floats(x: Any) -> Any:
    """Return Values, arrays of Values, and tuples and lists of these, as floats; all else as it is."""
    if isinstance(x, Value):
        return x._number
    if isinstance(x, (list, tuple)):
        return type(x)([on_floats(item) for item in x])
    if isinstance(x, np.ndarray) and x.dtype == object:
        return np.array(numbers_in(x)).reshape(x.shape)
    return x


def as_numpy_says(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return what a function of NumPy's gives for floats.

    It is called for its errors and its warnings; where a function is followed, without the latter.
    """
    numbers = [on_floats(x) for x in args]
    if not is_followed():
        return function(*numbers, **{key: on_floats(x) for key, x in kwargs.items()})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return quietly(function, numbers, {key: on_floats(x) for key, x in kwargs.items()})


def warn_of_ufunc(function: Callable[..., Any], arrays: Sequence[Any], kwargs: dict[str, Any]) -> None:
    """Give NumPy's warnings of a ufunc, which is done once more, on floats."""
    wanted = {key: x for key, x in kwargs.items() if key not in ("out", "dtype")}
    if "where" in wanted:
        wanted["out"] = None  # or there is a warning that numbers are left out
    warn(function, arrays, wanted)


def warn_of(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], out: Any) -> None:
    """Give NumPy's warnings of a function."""
    if may_warn(function.__name__, out):
        warn(function, args, kwargs)
