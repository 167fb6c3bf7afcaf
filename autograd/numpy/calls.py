"""How functions in the place of NumPy's are called: quickly, with plain arrays and outside of transforms.

Many functions of NumPy's take hardly longer than a call in Python does. So each is written out here with the
very parameters that NumPy's has: to collect what is given in a tuple and a dictionary would take longer than
all else. What is given most often, and what can be asked most quickly, is asked first. So that a call is
quick, parameters that NumPy takes by keyword alone are taken by their places too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from inspect import Parameter, Signature, signature
from types import BuiltinFunctionType, FunctionType
from typing import Any, NamedTuple

import numpy as np

from ..arrays import ValueArray, held
from ..engine.recording import entered
from .documentation import documented

_NUMBERS = frozenset([float, int, bool, np.float64, np.int64, np.bool_])
_OTHERS = (type(None), str, type, slice, FunctionType, BuiltinFunctionType, np.ufunc)
_PLAIN = frozenset([np.ndarray, ValueArray, *_NUMBERS, *_OTHERS])
"""Types of arguments that NumPy takes as they are, most of what it is called with."""


class Quick(NamedTuple):
    """When a function is NumPy's, and what it is then, as parts of its text.

    Attributes:
        first: what is asked of the first argument, `{0}`.
        others: what is asked of the others that are needed.
        option: what is asked of one that can be left out; of these no more than two may be given.
        at_once: what is done with those that are needed, where NumPy's function itself is not called.
        outside: whether no transformation may be running, nor `compile`.
        looked_at: whether what NumPy gives may hold Values.
    """

    first: str = "True"
    others: str = "True"
    option: str = "type({0}) in _numbers"
    at_once: str = ""
    outside: bool = True
    looked_at: bool = False


class _Absent:
    """The default of a parameter, in the place of NumPy's: it was not given."""

    def __repr__(self) -> str:
        return "_absent"


_ABSENT = _Absent()
_GLOBALS = {
    "_absent": _ABSENT, "_entered": entered, "_float64": np.dtype(np.float64), "_held": held,
    "_ndarray": np.ndarray, "_numbers": _NUMBERS, "_object": np.object_, "_plain": _PLAIN,
}  # fmt: skip


def quickly(function: Callable[..., Any], quick: Quick, otherwise: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function in the place of one of NumPy's.

    Args:
        function: NumPy's.
        quick: when it is called as it is.
        otherwise: what is called else, with what was given.
    """
    try:
        parameters = [*signature(function).parameters.values()]
    except ValueError:  # NumPy does not tell them
        return documented(otherwise, function)
    names: dict[str, Any] = {**_GLOBALS, "_is_list": is_list, "_function": function, "_otherwise": otherwise}
    exec("\n".join(_written(quick, parameters)), names)
    called = names["called"]
    called.__doc__ = otherwise.__doc__
    return documented(called, function)


def _written(quick: Quick, parameters: list[Parameter]) -> Iterator[str]:
    """Yield the lines of a function with these parameters."""
    starred = {x.kind: x.name for x in parameters if x.kind in (x.VAR_POSITIONAL, x.VAR_KEYWORD)}
    options = [x for x in parameters if x.default is not x.empty]
    needed = [x.name for x in parameters if x not in options and x.kind not in starred]
    yield f"def called{Signature([_free(x, bool(starred)) for x in parameters])}:"
    yield from _quick_lines(quick, needed, options, [*starred.values()])
    yield f"    _args = [{', '.join(needed)}]"
    yield f"    _kwargs = {starred.get(Parameter.VAR_KEYWORD, '{}')}"
    for option in options:
        add = "_args.append({0})" if option.kind is option.POSITIONAL_ONLY else "_kwargs['{0}'] = {0}"
        yield f"    if {option.name} is not {_default(option)!r}: {add.format(option.name)}"
    if Parameter.VAR_POSITIONAL in starred:
        yield f"    _args += {starred[Parameter.VAR_POSITIONAL]}"
    yield "    return _otherwise(*_args, **_kwargs)"


def _free(parameter: Parameter, starred: bool) -> Parameter:
    """Return a parameter that shows whether it was given, and that costs little if it was not."""
    kind = parameter.kind
    if kind is Parameter.KEYWORD_ONLY and parameter.default is not parameter.empty and not starred:
        kind = Parameter.POSITIONAL_OR_KEYWORD
    return parameter.replace(kind=kind, default=_default(parameter), annotation=parameter.empty)


def _default(parameter: Parameter) -> Any:
    """Return what a parameter is if it was not given, which shows that."""
    return parameter.default if parameter.default in (parameter.empty, None) else _ABSENT


def _quick_lines(
    quick: Quick, needed: list[str], options: Sequence[Parameter], starred: Sequence[str]
) -> Iterator[str]:
    """Yield the lines for what is NumPy's."""
    absent = [f"{x.name} is {_default(x)!r}" for x in options]
    option = [quick.option.format(x.name) for x in options[:2]]
    given = [f"{x.name}={x.name}" if x.kind is x.KEYWORD_ONLY else x.name for x in options[:2]]
    if not needed:
        yield from _one_or_more(quick, absent, *starred)
        return
    conditions = [f"not {x}" for x in (*starred, *(["_entered"] if quick.outside else []))]
    conditions += [quick.first.format(needed[0]), *absent[2:]]
    if not quick.at_once:
        conditions += [quick.others.format(x) for x in needed[1:]]
    yield f"    if {' and '.join(x for x in conditions if x != 'True') or True}:"
    for n in range(len(option) + 1):
        call = f"_function({', '.join(needed + given[:n])})"
        call = quick.at_once.format(*needed) if quick.at_once and not n else call
        yield f"        if {' and '.join(option[:n] + absent[n:2]) or True}:"
        if quick.looked_at:
            yield f"            _out = {call}"
            yield "            return _out if _out.dtype is _float64 else _held(_out)"
        else:
            yield f"            return {call}"


def _one_or_more(quick: Quick, absent: Sequence[str], arguments: str, *starred: str) -> Iterator[str]:
    """Yield the lines of a function of any number of arguments, of which there is most often one."""
    conditions = [f"len({arguments}) == 1", quick.first.format(f"{arguments}[0]"), *absent]
    at_once = quick.at_once or "_function({0})"
    yield f"    if {' and '.join([*conditions, *(f'not {x}' for x in starred)])}:"
    yield f"        return {at_once.format(f'{arguments}[0]')}"
    conditions = [f"_plain.issuperset(map(type, {arguments}))", *absent, *(f"not {x}" for x in starred)]
    yield f"    if {' and '.join(conditions)}: return _function(*{arguments})"


def are_plain(things: Iterable[Any]) -> bool:
    """Say whether NumPy takes arguments as they are, by what costs little: True is sure, and False is not."""
    return _PLAIN.issuperset(map(type, things)) or all(type(x) in _PLAIN or is_list(x) for x in things)


def is_list(x: Any) -> bool:
    """Say whether something is a list of plain numbers, or of arrays of these, and of nothing else."""
    if type(x) is not tuple and type(x) is not list:
        return False
    for y in x:
        if type(y) is not np.ndarray:
            return _NUMBERS.issuperset(map(type, x))
        if y.dtype.hasobject:
            return False
    return True
