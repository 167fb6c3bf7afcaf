"""Everything public, used as nobody should: `python hostile.py` prints how often, and lives.

Every public name of every room, and every attribute of objects of its classes, is read, called with odd
arguments, set to odd things, and deleted. Whatever Python error comes of it is fine. What is not: that the
process dies, hangs, or that Values no longer compute.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import signal
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import autograd
from autograd import Value, compile, nn, optim, vmap

ROOMS = (
    "", ".math", ".nn", ".optim", ".engine", ".ops", ".derivatives", ".arrays", ".program", ".steps",
    ".drawing", ".formulas", ".plots", ".training",
)  # fmt: skip
SECONDS = 3.0
"""How long one call may take before it is interrupted."""

CALLED = ("__call__", "__init__", "__setstate__", "__reduce_ex__")
"""Those of the special methods that are called themselves."""


class Odd:
    """An object that raises whatever is done with it."""

    def _raise(self, *_: Any) -> Any:
        raise ZeroDivisionError("odd")

    __eq__ = __lt__ = __len__ = __iter__ = __bool__ = __float__ = __index__ = __add__ = __radd__ = _raise
    __mul__ = __rmul__ = __call__ = __getitem__ = __repr__ = __str__ = _raise
    __hash__ = object.__hash__


def odd_things() -> list[Any]:
    loop: list[Any] = []
    loop.append(loop)
    return [
        None, 0, -1, 2.5, float("nan"), float("inf"), 10**400, True, 1j, "", "x", "\0", "\ud800", b"x", [],
        {}, [1.0, 2.0], [[1.0], [2.0, 3.0]], {"x": 1.0}, (), range(3), Value, Value(2.0), object(), Odd(),
        loop, lambda *_: None, lambda x: x * x, print, Ellipsis, NotImplemented, type, autograd, 2**31,
        -(2**63),
    ]  # fmt: skip


def public() -> Iterator[tuple[str, Any]]:
    """Yield all public names, with what they stand for."""
    for room in ROOMS:
        with contextlib.suppress(ImportError):  # what an extra brings, which is not installed
            module = importlib.import_module(f"autograd{room}")
            for name in module.__all__:
                yield f"autograd{room}.{name}", getattr(module, name)


def objects() -> Iterator[Callable[[], Any]]:
    """Yield functions that make objects whose attributes are tried."""

    def computed() -> Value:
        x = Value(2.0, label="x")
        y = x * x + x.tanh()
        y.backward()
        return y

    def optimizer() -> Any:
        return optim.Adam([Value(1.0), Value(2.0)], lr=0.1)

    def compiled() -> Any:
        fast = compile(lambda x: x * x if x > 0 else -x)
        fast.grad(2.0)
        return fast

    yield lambda: Value(1.0)
    yield computed
    yield lambda: computed().operands[0]
    yield lambda: nn.MLP(2, [3, 1], seed=0)
    yield lambda: nn.Neuron(2)
    yield optimizer
    yield lambda: optim.StepLR(optimizer(), 2)
    yield compiled
    yield lambda: vmap(compiled())
    yield lambda: autograd.grad(lambda x: x * x)
    yield lambda: autograd.walk(computed())
    yield lambda: autograd.explain(computed(), computed())
    yield lambda: autograd.draw(computed())
    yield lambda: autograd.no_grad()
    yield lambda: autograd.detect_anomaly()


class Attempts:
    """Tries things, and counts what came of them."""

    def __init__(self) -> None:
        self.tally: Counter[str] = Counter()

    def attempt(self, what: str, action: Callable[[], Any]) -> None:
        """Do something of which any error may come."""
        print(what, file=sys.__stderr__, flush=True)  # the last line says what killed the process
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                found = action()
                if hasattr(type(found), "__next__"):
                    next(found, None)
            self.tally["done"] += 1
        except TimeoutError:
            self.tally["took too long"] += 1
        except BaseException as error:
            self.tally["SystemError" if isinstance(error, SystemError) else "error"] += 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0.0)

    def call(self, name: str, function: Any) -> None:
        """Call something with no argument, one, and two odd ones, and with odd keywords."""
        things = odd_things()
        self.attempt(f"{name}()", function)
        for i, thing in enumerate(things):
            other = things[(7 * i + 3) % len(things)]
            self.attempt(f"{name}(odd {i})", partial(function, thing))
            self.attempt(f"{name}(odd {i}, other)", partial(function, thing, other))
            self.attempt(f"{name}(f, odd {i})", partial(function, lambda x: x * x, thing))
            self.attempt(f"{name}(odd=odd {i})", partial(function, odd=thing))

    def attributes(self, make: Callable[[], Any]) -> None:
        """Read, call, set and delete each attribute of an object, of which each time there is a new one."""
        example = make()
        kind = type(example).__name__
        names = [name for name in dir(example) if name[0] != "_" or name[:2] == "__" != name[2:]]
        for name in names:
            self.attempt(f"{kind}.{name}", partial(self._got, make, name))
            self.attempt(f"del {kind}.{name}", partial(self._deleted, make, name))
            for i, thing in enumerate(odd_things()):
                self.attempt(f"{kind}.{name} = odd {i}", partial(self._changed, make, name, thing))
            if (name[:2] == "__" and name not in CALLED) or not callable(getattr(example, name, None)):
                continue
            self.attempt(f"{kind}.{name}()", partial(self._called, make, name))
            for i, thing in enumerate(odd_things()):
                self.attempt(f"{kind}.{name}(odd {i})", partial(self._called, make, name, thing))

    def _got(self, make: Callable[[], Any], name: str) -> None:
        self._used(getattr(make(), name))

    def _called(self, make: Callable[[], Any], name: str, *arguments: Any) -> None:
        thing = make()
        self._used(thing, getattr(thing, name)(*arguments))

    def _deleted(self, make: Callable[[], Any], name: str) -> None:
        thing = make()
        with contextlib.suppress(AttributeError, TypeError):
            delattr(thing, name)
        self._used(thing)

    def _changed(self, make: Callable[[], Any], name: str, to: Any) -> None:
        thing = make()
        with contextlib.suppress(AttributeError, TypeError, ValueError):
            setattr(thing, name, to)
        self._used(thing)

    def _used(self, *things: Any) -> None:
        for thing in things:
            repr(thing)
            if isinstance(thing, Value):
                (thing * 2.0 + 1.0).backward()
                thing.zero_grad()


def too_long(*_: Any) -> None:
    raise TimeoutError


def main() -> int:
    """Do all of it in a folder of its own, and say what came of it."""
    os.environ["BROWSER"] = "true"  # which opens nothing
    sys.setrecursionlimit(3000)
    signal.signal(signal.SIGALRM, too_long)
    warnings.simplefilter("ignore")
    attempts = Attempts()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, thing in public():
            if callable(thing):
                attempts.call(name, thing)
        for make in objects():
            attempts.attributes(make)
        os.chdir("/")
    x = Value(3.0)
    (x * x).backward()
    assert x.grad == 6.0, x
    counts = ", ".join(f"{count} {what}" for what, count in sorted(attempts.tally.items()))
    print(f"{sum(attempts.tally.values())} attempts: {counts}")
    return int(attempts.tally["SystemError"] > 0)


if __name__ == "__main__":
    sys.exit(main())
