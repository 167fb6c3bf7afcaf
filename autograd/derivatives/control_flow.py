"""Loops as functions, with the names and the arguments that they have in JAX.

On numbers and Values they are the loops of Python that they stand for; so they can be differentiated, drawn
and compiled as such. JAX must have them in the place of loops; here they carry over what is written for it,
check what goes from turn to turn, and `scan(..., checkpoint=True)` goes through long loops in little memory.
See https://docs.jax.dev/en/latest/control-flow.html.
"""

from __future__ import annotations

from math import isqrt
from operator import index
from typing import TYPE_CHECKING, Any

from ..engine.recording import blocks, observers
from ..support.messages import name_of, shown
from ..support.slips import advised
from .checkpoints import Checkpointed
from .forms import Turns, difference, is_flag, stacked
from .wrapped import Function, Wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable


@advised
def scan(
    f: Function,
    init: Any,
    xs: Any = None,
    length: Any = None,
    reverse: bool = False,
    checkpoint: bool = False,
) -> tuple[Any, Any]:
    """Go through a loop that carries something from turn to turn, and keeps something of each turn.

    It is this loop, with `ys` stacked::

        carry, ys = init, []
        for x in xs:
            carry, y = f(carry, x)
            ys.append(y)
        return carry, ys

    In a function that `compile` follows, `f` is called in five turns, and what it did becomes a loop of the
    program: a million turns are ready as soon as a thousand. What `f` is given decides what it does; where
    the five turns differ, a comparison turns out otherwise in another one, or `f` changes what it reads, as a
    counter or the carry itself, it is called in all turns and each is recorded. So it is where it uses what
    may change unseen: random numbers, iterators, files, objects of other libraries. What `print` writes, or a
    global that it only sets, nobody can notice.

    Args:
        f: takes the carry and an x, and returns a tuple of the next carry and a y.
        init: the first carry: a number, an array, or a structure of lists, tuples, dicts and dataclasses.
            Each turn must give one like it: with the same containers and keys, numbers where there were
            numbers, and arrays of the same shapes.
        xs: what is scanned. A NumPy array is scanned along its first axis, and a list (or a range) by its
            elements, which must be alike; a tuple, a dict or a dataclass of these is scanned at once, and x
            is one of elements. None, or None in one, is None in each turn.
        length: how many turns there are: needed without `xs`, else the length of each array and list.
        reverse: whether to go from the last x to the first; `ys` are in the order of `xs` still.
        checkpoint: whether to keep little for the derivatives, as `autograd.checkpoint` does of a call: of
            n turns about as much as of 2 sqrt(n), in twice the time. Values are the same; `f` must do the
            same when it is called again.

    Returns:
        The last carry, and the ys stacked: in the structure of y, for each leaf a list of those of all turns,
        or a NumPy array if there are arrays in `xs` or the leaf is one. None stays None. Without turns, that
        is `init` with an empty list or array, for `f` is not called to see what it returns.

    Raises:
        TypeError: `f` is no function or returned no pair; a carry, or a y, is not like the one before; `xs`
            has something in it that cannot be scanned.
        ValueError: lengths differ, or there is none.

    >>> from autograd import grad
    >>> def balance(total, payment):  # at 10 % a year
    ...     total = 1.1 * total + payment
    ...     return total, total
    >>> scan(balance, 0.0, [100.0, 200.0, 300.0])
    (641.0, [100.0, 310.0, 641.0])
    >>> slopes = grad(lambda payments: scan(balance, 0.0, payments)[0])([100.0, 200.0, 300.0])
    >>> [round(slope, 2) for slope in slopes]
    [1.21, 1.1, 1.0]
    >>> scan(lambda fib, _: ((fib[1], fib[0] + fib[1]), fib[0]), (0, 1), length=8)
    ((21, 34), [0, 1, 1, 2, 3, 5, 8, 13])
    >>> import numpy as np
    >>> scan(lambda total, x: (total + x["a"], {"sum": total}), 0.0, {"a": np.ones(3)}, reverse=True)[1]
    {'sum': array([2., 1., 0.])}
    """
    _check_function("scan", "scan(f, init, xs)", f)
    turns = Turns(xs, length)
    ys: list[Any] = []
    if (followed := _followed(f, init, turns, reverse, f)) is not None:
        return followed
    if checkpoint:
        size = max(isqrt(turns.count), 1)
        segment = Checkpointed(Segment(f, reverse))
        carry = init
        for start in _order(range(0, turns.count, size), reverse):
            stop = min(start + size, turns.count)
            carry, kept = segment(carry, turns.part(slice(start, stop)), stop - start)
            ys += kept
    else:
        carry = _gone_through(f, init, turns, reverse, ys)
    if reverse:
        ys.reverse()
    for i, y in enumerate(ys):
        if (text := difference(y, ys[0], "y")) is not None:
            raise TypeError(
                f"{name_of(f)} must return a y of the same form in all turns, but in turn {i} {text}"
            )
    return carry, stacked(ys, turns.arrays)


class Segment(Wrapped):
    """Some turns of a scan, which bear the name of what they do."""

    def __init__(self, f: Function, reverse: bool) -> None:
        super().__init__(f)
        self._f = f
        self._reverse = reverse

    def __call__(self, carry: Any, xs: Any, length: int) -> tuple[Any, list[Any]]:
        ys: list[Any] = []
        return _gone_through(self._f, carry, Turns(xs, length), self._reverse, ys), ys

    def _made_by(self) -> tuple[Any, ...]:
        return Segment, (self._f, self._reverse)


def _followed(f: Function, init: Any, turns: Turns, reverse: bool, body: Function) -> tuple[Any, Any] | None:
    """Return the result of a scan from who follows this; None if it is to be gone through."""
    if blocks:
        for observer in observers.get():
            result: tuple[Any, Any] | None = observer.scanned(f, init, turns, reverse, body)
            if result is not None:
                return result
    return None


def _gone_through(f: Function, carry: Any, turns: Turns, reverse: bool, ys: list[Any]) -> Any:
    """Go through turns, append what is kept of each, and return the last carry."""
    for i in _order(range(turns.count), reverse):
        out = f(carry, turns.part(i))
        if not (isinstance(out, tuple) and len(out) == 2):
            raise TypeError(
                f"{name_of(f)} must return a tuple of two, the next carry and what is kept of the turn (None "
                f"if nothing is), not {shown(out)}"
            )
        _check_form(f, "carry", out[0], carry)
        carry, y = out
        ys.append(y)
    return carry


def _order(places: range, reverse: bool) -> Iterable[int]:
    return reversed(places) if reverse else places


@advised
def fori_loop(lower: Any, upper: Any, body_fun: Function, init_val: Any) -> Any:
    """Go through a loop over whole numbers that carries something from turn to turn.

    It is this loop::

        val = init_val
        for i in range(lower, upper):
            val = body_fun(i, val)
        return val

    In a function that `compile` follows the body is called in five turns, as that of `scan`, if it does not
    more with the whole number than with a float; as an index, or to be divided by `//`, it is called in all.

    Args:
        lower: the first whole number.
        upper: the one after the last.
        body_fun: takes a whole number, as an int, and what is carried, and returns the next.
        init_val: what is carried first: a number, an array, or a structure of these, which keeps its form.

    Returns:
        What was returned last, or `init_val` if `upper` is not greater than `lower`.

    Raises:
        TypeError: `body_fun` is no function, or returned something of another form; a bound is no whole
            number.

    >>> from autograd import grad
    >>> fori_loop(1, 5, lambda i, product: i * product, 1)
    24
    >>> grad(lambda x: fori_loop(0, 3, lambda i, y: x * y + i, 1.0))(2.0)  # of x**3 + x + 2
    13.0
    """
    _check_function("fori_loop", "fori_loop(lower, upper, body_fun, init_val)", body_fun)
    turns = range(_bound("lower", lower), _bound("upper", upper))
    if blocks:
        followed = _followed(lambda val, i: (body_fun(i, val), None), init_val, Turns(turns), False, body_fun)
        if followed is not None:
            return followed[0]
    val = init_val
    for i in turns:
        before, val = val, body_fun(i, val)
        _check_form(body_fun, "value", val, before)
    return val


@advised
def while_loop(cond_fun: Function, body_fun: Function, init_val: Any) -> Any:
    """Go through a loop, as long as a condition holds, that carries something from turn to turn.

    It is this loop::

        val = init_val
        while cond_fun(val):
            val = body_fun(val)
        return val

    In JAX it has derivatives forward only; here it has all, of the turns that it went through.

    Args:
        cond_fun: takes what is carried, and says whether to go on: True or False, as a comparison gives.
        body_fun: takes what is carried, and returns the next.
        init_val: what is carried first: a number, an array, or a structure of these, which keeps its form.

    Returns:
        What was returned last, or `init_val` if there was no turn.

    Raises:
        TypeError: one is no function; `cond_fun` returned something else, or `body_fun` something of another
            form.

    >>> from autograd import grad
    >>> def root(x):  # Newton's iteration
    ...     return while_loop(lambda y: abs(y * y - x) > 1e-12, lambda y: (y + x / y) / 2.0, 1.0)
    >>> round(root(2.0), 12), round(grad(root)(4.0), 12)
    (1.414213562373, 0.25)
    """
    _check_function("while_loop", "while_loop(cond_fun, body_fun, init_val)", cond_fun)
    _check_function("while_loop", "while_loop(cond_fun, body_fun, init_val)", body_fun)
    val = init_val
    while _truth(cond_fun, cond_fun(val)):
        before, val = val, body_fun(val)
        _check_form(body_fun, "value", val, before)
    return val


def _check_function(name: str, call: str, f: Any) -> None:
    if not callable(f):
        raise TypeError(f"{name} takes a function, not {shown(f)}; write {call}")


def _check_form(f: Function, what: str, x: Any, before: Any) -> None:
    text = difference(x, before, f"the {what}")
    if text is not None:
        raise TypeError(f"{name_of(f)} must return a {what} of the form that it was given, but {text}")


def _bound(name: str, x: Any) -> int:
    try:
        return index(x)
    except TypeError:
        raise TypeError(f"fori_loop goes over whole numbers, but {name} is {shown(x)}") from None


def _truth(f: Function, answer: Any) -> bool:
    if not is_flag(answer):
        raise TypeError(f"{name_of(f)} must return True or False, as val < 10 is, not {shown(answer)}")
    return bool(answer)
