"""Functions that are recorded and replayed: which program a call needs, and what it is given."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from operator import attrgetter
from types import BuiltinFunctionType
from typing import Any

from ..derivatives import transforms
from ..derivatives.directions import apart_from_vector
from ..derivatives.wrapped import Function, Wrapped
from ..support.messages import name_of, shown
from . import documents
from .arguments import HoldsValues, Leaves, flat
from .derivation import MODES
from .errors import name_vmap
from .locks import once
from .paths import RecordedPath
from .products import is_of_products, of_products
from .rechecking import Rechecks, compare
from .signature import Recordings, Signature
from .ways import Way, backend_for_numbers, chained, is_due, nowhere, ways
from .whole_numbers import NeedsNumbers

_RAISED = (ArithmeticError, ValueError)
_NO_OUTCOME = (ImportError, TypeError)
"""What is raised where a program cannot be made or run, not by an operation for the sake of its numbers."""


class Compiled(Wrapped):
    """A function that is recorded and replayed; made by `compile`.

    Attributes:
        value_and_grad: gives the value and the gradient, as `autograd.value_and_grad(f, argnums)` does.
        grad: gives the gradient.
        jacobian: gives all derivatives of all numbers that are returned.
        hessian: gives the second derivatives.
        hvp: gives the product of these and a vector, which is given as to `autograd.hvp`.
    """

    __slots__ = ("__call__",)

    __call__: Function
    value_and_grad: Mode
    grad: Mode
    jacobian: Mode
    hessian: Mode
    hvp: Mode

    def __init__(self, f: Function, options: dict[str, Any]) -> None:
        if not callable(f):
            raise TypeError(
                f"compile takes a function, not {shown(f)}; write @compile(argnums=...) or compile(f)"
            )
        super().__init__(f)
        self._f = f
        self._options = options
        self._recordings = Recordings(f, options)
        kind = Mode if options.get("recheck") is None else RecheckedMode
        self._modes = {mode: kind(self, mode) for mode in MODES}
        for mode in MODES[1:]:
            setattr(self, mode, self._modes[mode])
        if kind is not Mode:
            self.__call__ = self._modes["value"]

    def _made_by(self) -> tuple[Any, ...]:
        return _restored, (self._f, self._options, self._recordings.portable())

    def __reduce__(self) -> Any:
        found = super().__reduce__()
        if isinstance(found, str):  # as a decorator left it: found by its name, with what was recorded here
            return _found, (self.__module__, found, self._recordings.portable())
        return found

    def __reduce_ex__(self, protocol: Any) -> Any:
        found = self.__reduce__()
        if found[0] is not _found or self.__module__ != "__main__" or protocol < 4:
            return found
        # Of a script or a notebook. What it holds comes as its state, for the function may refer to it.
        _, name, recorded = found[1]
        return Compiled._of_main, (name,), (self._original, self._options, recorded)

    @once
    def _original(self) -> Callable[[], Function]:
        """A function that returns the one that was decorated, in a script or a notebook.

        A cluster's worker has another `__main__`. So cloudpickle takes functions of that along, but nothing
        else that can be found by its name there; pickle finds this function by its name as it does others.
        """
        f = self._f

        def original() -> Function:
            return f

        original.__module__, original.__qualname__ = "__main__", f"{self._f.__qualname__}._original"
        return original

    @staticmethod
    def _of_main(name: str) -> Compiled:
        """Return the function of that name, or an empty one, to which `__setstate__` gives its state."""
        found: Any = sys.modules.get("__main__")
        for part in name.split("."):
            found = getattr(found, part, None)
        return found if isinstance(found, Compiled) else Compiled.__new__(Compiled)

    def __setstate__(self, state: Any) -> None:
        original, options, recorded = state
        if not hasattr(self, "_f"):
            self.__init__(original(), options)  # type: ignore[misc]
        self._recordings.add(recorded)

    # Recording

    def record(self, *args: Any, **kwargs: Any) -> Compiled:
        """Record the path that the function takes with these arguments, and return the function.

        It is done by the first call that takes a path, too. To do it beforehand prepares a function that is
        to be shown, pickled, or called where time is short.

        >>> from autograd import compile
        >>> square = compile(lambda x: x * x).record(1.0)
        >>> square.grad(3.0)
        6.0
        """
        leaves = self._recordings.leaves(args, kwargs)
        signature = self._recordings.exact(leaves)
        try:
            if signature is None:
                self._recordings.new(args, kwargs)
            else:
                # which keeps one that is there already
                self._recordings.new_path(signature, flat(leaves.numbers))
        except NeedsNumbers as needed:
            self._recordings.stay_constant(args, kwargs, needed.places)
            return self.record(*args, **kwargs)
        return self

    # What it shows

    @property
    def source(self) -> str:
        """The programs for the latest form of arguments as Python source, which needs nothing but Python.

        Raises:
            RuntimeError: nothing has been recorded yet.
            ValueError: a primitive of the user's own has no name by which the source could import it.
        """
        return documents.python_module(self._f, self._recordings.latest().paths)

    def report(self) -> str:
        """Return what was recorded and what remains of it, a line for each path and mode.

        The line of a mode ends with the backends that its program was made ready for. Where that is "python
        and llvm", it was called often, or in batches, and runs as machine code.

        >>> from autograd import compile
        >>> @compile
        ... def parabola(x):
        ...     return x * x * 1.0 + (x * x - 0.0)
        >>> _ = parabola.grad(3.0)
        >>> print(parabola.report())
        parabola(x): 1 inputs, 1 path
          path 1: 5 operations recorded, 0 comparisons
            grad: 4 operations, as python
        """
        return documents.report(self._f, [s.paths for s in self._recordings.signatures if s.paths])

    def to_c(self, mode: str = "value_and_grad") -> str:
        """Return a C99 function that does what the program of a mode does, for use elsewhere.

        It needs nothing but the standard library of C. A comment says what it reads, writes and returns.

        >>> from autograd import compile
        >>> text = compile(lambda side: side * side).record(3.0).to_c()
        >>> print(text[text.rindex("int f"):].rstrip())
        int f(const double *x, double *y)
        {
            const double side = x[0];
            y[0] = side * side;
            y[1] = side + side + 0.0;
            return 0;
        }

        Args:
            mode: "value", "value_and_grad", "grad", "jacobian", "hessian" or "hvp".

        Raises:
            RuntimeError: nothing has been recorded yet.
            ValueError: there is no such mode.
            TypeError: a primitive of the user's own cannot be written in C.
        """
        if mode not in MODES:
            raise ValueError(f"there is no mode {mode!r}; choose from {', '.join(MODES)}")
        return documents.c_function(self._f, self._recordings.latest().paths, mode)


def _restored(f: Function, options: dict[str, Any], recorded: list[Any]) -> Compiled:
    compiled = Compiled(f, options)
    compiled._recordings.add(recorded)
    return compiled


def _found(module: str, name: str, recorded: list[Any]) -> Any:
    found: Any = attrgetter(name)(import_module(module))
    if isinstance(found, Compiled):
        found._recordings.add(recorded)
    return found


class Mode:
    """One of the functions that a compiled function is: its value, or a derivative."""

    __slots__ = ("__call__", "_mode", "_owner", "_ways", "_ways_for")

    __call__: Function
    """What is called, without anything between: the short ways, then `_slow`."""

    def __init__(self, owner: Compiled, mode: str) -> None:
        self._owner = owner
        self._mode = mode
        self._ways: list[Way] = []
        self._ways_for: tuple[Any, ...] = (None,)
        self._go(self._slow)

    def _go(self, way: Function) -> None:
        """From now on, go that way."""
        vars(Mode)["__call__"].__set__(self, way)  # which one derived from it may cover
        if type(self) is Mode and self._mode == "value":
            self._owner.__call__ = way
        elif type(self) is Mode:  # machine code even without this object between, to which it hands on
            at_once = type(way) is BuiltinFunctionType
            setattr(self._owner, self._mode, self._ways[0](self) if at_once else self)

    def __repr__(self) -> str:
        return f"<{self._mode} of {name_of(self._owner._f)}, compiled>"

    def __reduce__(self) -> Any:
        return _mode_of, (self._owner, self._mode)

    @property
    def __signature__(self) -> Any:
        from inspect import signature  # takes some milliseconds to load

        return signature(self._slow)

    def _slow(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return self._slowly(args, kwargs)
        except (TypeError, ValueError) as error:
            if isinstance(error, TypeError) or "truth value" in str(error):
                name_vmap(error, name_of(self._owner._f), (*args, *kwargs.values()))
            raise

    def _eager(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the function, or its transformation, without any program."""
        f, argnums = self._owner._f, self._owner._options["argnums"]
        transformed = f if self._mode == "value" else getattr(transforms, self._mode)(f, argnums)
        return transformed(*args, **kwargs)

    def _slowly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return self._by_program(args, kwargs)
        except NeedsNumbers as needed:
            given, others, _ = self._apart(args, kwargs)
            take_back = self._owner._recordings.stay_constant(given, others, needed.places)
            try:
                return self._slowly(args, kwargs)
            except Exception:
                if needed.__cause__ is not None:  # the function raises, with inputs and without
                    take_back()
                raise

    def _by_program(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        recordings = self._owner._recordings
        given, others, vector = self._apart(args, kwargs)
        try:
            leaves = recordings.leaves(given, others)
            along = Leaves(vector, {}, (0,)).numbers if vector else []
        except HoldsValues:
            return self._eager(args, kwargs)
        signature = recordings.exact(leaves)
        if signature is None:
            try:
                signature = recordings.new(given, others)
            except _RAISED:
                return self._eager(args, kwargs)  # raises it as floats do
        recordings.last = signature
        wanted = [signature.shapes[i] for i in signature.arguments.differentiated]
        if self._mode == "hvp" and [getattr(x, "shape", None) for x in along] != wanted:
            return self._eager(args, kwargs)  # which says what is wrong with the vector
        if self._mode == "hessian" and any(map(is_of_products, signature.paths)):
            found = of_products(signature.paths, flat(leaves.numbers), self._owner._options["backend"])
            if found is not None:
                return found
            return self._on_another_path(signature, flat(leaves.numbers), args, kwargs)
        if signature.paths and (self._ways_for[0] is not signature or self._is_due(signature.paths)):
            result = self._at_once(signature, args, kwargs)
            if result is not None:
                return result
        return self._at_a_point(signature, flat(leaves.numbers), flat(along), args, kwargs)

    def _apart(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any], tuple[Any, ...]]:
        """Return the arguments of the function, those by keyword, and the vector, if this is "hvp"."""
        if self._mode != "hvp":
            return args, kwargs, ()
        given, others, vector = apart_from_vector(
            self._owner._f, self._owner._options["argnums"], args, kwargs
        )
        return given, others, (vector,)

    def _at_once(self, signature: Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Return what the short way gives, which is made before any other; None where it gives nothing.

        To go another way first would have the same program written, and read by Python, a second time.
        """
        if kwargs:
            return None
        self._keep(signature)
        with suppress(Exception):  # an operation raises, which the other ways look into
            return chained(self._ways, nowhere)(*args)
        return None

    def _at_a_point(
        self,
        signature: Signature,
        numbers: list[float],
        along: list[float],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        recordings, raised = self._owner._recordings, False
        for path in [*signature.paths]:
            try:
                outputs = self._outputs(path, numbers, along)
            except _NO_OUTCOME:
                raise
            except Exception:
                raised = True  # so the function raises too, or catches it on another path
                continue
            if outputs is not None:
                self._keep(signature)
                return path.of_numbers(self._mode, outputs)
        if raised:
            return self._on_another_path(signature, numbers, args, kwargs)
        try:
            path = recordings.new_path(signature, numbers)
            if (result := self._at_once(signature, args, kwargs)) is not None:
                return result
            outputs = self._outputs(path, numbers, along)
        except _RAISED:
            outputs = None
        if outputs is None:
            # Machine code rounds otherwise than Python, and a comparison of it turned out otherwise.
            return self._eager(args, kwargs)
        self._keep(signature)
        return path.of_numbers(self._mode, outputs)

    def _on_another_path(
        self, signature: Signature, numbers: list[float], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        result = self._eager(args, kwargs)
        self._owner._recordings.new_path(signature, numbers)
        return result

    def _outputs(
        self, path: RecordedPath, numbers: list[float], along: list[float]
    ) -> Sequence[float] | None:
        """Return the outputs of a path, or None where a guard does not hold."""
        backend = self._owner._options["backend"] or backend_for_numbers(path, self._mode)
        inputs = [*numbers, *path.captured_numbers(), *along]
        if backend == "python" or path.machine.get(self._mode) is not None:  # which rounds as Python does
            return path.function(self._mode)(*inputs)  # type: ignore[no-any-return]
        from .plans import at_a_point  # which needs NumPy

        outputs, suspect = at_a_point(path, self._mode, backend, inputs)
        return outputs if not suspect or path.holds(numbers) else None

    def _is_due(self, paths: Sequence[RecordedPath]) -> bool:
        """Say whether machine code of a path is to be made."""
        backend = self._owner._options["backend"]
        return backend != "python" and any(is_due(path, self._mode, backend) for path in paths[:8])

    def _keep(self, signature: Signature) -> None:
        """Make the short ways for the next call."""
        key = signature, signature.state, signature.paths[:8]
        if key != self._ways_for or self._is_due(signature.paths):
            self._ways_for = key
            self._ways = ways(key[2], self._mode, key[1], self._owner._options["backend"], self._owner)
            self._go(chained(self._ways, self._slow))


class RecheckedMode(Rechecks, Mode):
    """A mode of which every so many calls are compared with the function itself."""

    def _recheck(self, turn: int, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        with suppress(HoldsValues):  # there was no program
            given, others, _ = self._apart(args, kwargs)
            self._owner._recordings.leaves(given, others)
            compare(self._owner._f, self._mode, result, lambda: self._eager(args, kwargs), args, kwargs)


def _mode_of(owner: Compiled, mode: str) -> Mode:
    return owner._modes[mode]
