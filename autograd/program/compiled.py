"""Functions that are recorded and replayed: which program a call needs, and what it is given."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..derivatives import transforms
from ..derivatives.calls import positions_of
from ..derivatives.trees import is_array
from ..derivatives.wrapped import Wrapped
from ..support.messages import name_of, shown
from . import documents
from .arguments import Arguments, HoldsValues, Leaves, flat, parameter_names
from .compiling import CompileError
from .entry_points import entry_of
from .paths import MODES, Path, record

if TYPE_CHECKING:
    from .plans import Plan

Function = Callable[..., Any]

LARGE, OFTEN = 3000, 1000
"""From how many nodes, and calls on numbers, a program is worth machine code: making it takes as long as
Python takes for some thousand calls."""

_RAISED = (ArithmeticError, ValueError)


class Signature:
    """Arguments of one form and shape.

    Attributes:
        form: what makes it another program.
        shapes: those of the leaves; None for a number.
        arguments: an example.
        paths: those that were recorded, the latest first.
        plans: how to run batches of them.
    """

    def __init__(self, form: Any, shapes: tuple[Any, ...], arguments: Arguments) -> None:
        self.form = form
        self.shapes = shapes
        self.arguments = arguments
        self.paths: list[Path] = []
        self.plans: dict[Any, Plan] = {}

    def batched(self, shapes: tuple[Any, ...]) -> list[bool] | None:
        """Return which leaves of other arguments are batches of these; None if they are something else."""
        batched = []
        for mine, theirs in zip(self.shapes, shapes, strict=True):
            if theirs is not None and len(theirs) == len(mine or ()) + 1 and theirs[1:] == (mine or ()):
                batched.append(True)
            elif theirs == mine:
                batched.append(False)
            else:
                return None
        return batched


class Compiled(Wrapped):
    """A function that is recorded and replayed; made by `compile`.

    Attributes:
        value_and_grad: gives the value and the gradient, as `autograd.value_and_grad(f, argnums)` does.
        grad: gives the gradient.
        jacobian: gives all derivatives of all numbers that are returned.
        hessian: gives the second derivatives.
        hvp: gives the product of these and a vector, which is the last argument.
    """

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
        self._single = not hasattr(options["argnums"], "__iter__")
        self._signatures: list[Signature] = []
        self._lock = threading.RLock()
        self._modes = {mode: Mode(self, mode) for mode in MODES}
        self._last: Signature | None = None
        for mode in MODES[1:]:
            setattr(self, mode, self._modes[mode])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._modes["value"](*args, **kwargs)

    def _made_by(self) -> tuple[Any, ...]:
        return _restored, (self._f, self._options, self._recorded())

    def __reduce__(self) -> Any:
        found = super().__reduce__()
        if isinstance(found, str):  # as a decorator left it: found by its name, with what was recorded here
            return _found, (self.__module__, found, self._recorded())
        return found

    def __reduce_ex__(self, protocol: Any) -> Any:
        found = self.__reduce__()
        if found[0] is not _found or self.__module__ != "__main__" or protocol < 4:
            return found
        # Of a script or a notebook. What it holds comes as its state, for the function may refer to it.
        _, name, recorded = found[1]
        return Compiled._of_main, (name,), (self._original, self._options, recorded)

    @cached_property
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
        self._restore(recorded)

    def _recorded(self) -> list[Any]:
        """Return what can travel: paths to which no Value from outside belongs."""
        with self._lock:
            return [
                (s.form, s.shapes, s.arguments, [path for path in s.paths if not path.captured])
                for s in self._signatures
            ]

    def _restore(self, recorded: list[Any]) -> Compiled:
        with self._lock:
            for form, shapes, arguments, paths in recorded:
                if self._exact(form, shapes) is None:
                    signature = Signature(form, shapes, arguments)
                    signature.paths = list(paths)
                    self._signatures.append(signature)
                    self._last = signature
        return self

    # Signatures and paths

    def record(self, *args: Any, **kwargs: Any) -> Compiled:
        """Record the path that the function takes with these arguments, and return the function.

        It is done by the first call with a form of arguments, too. To do it beforehand says what is a
        number: after `fast.record(1.0)`, an array of N numbers is a batch.

        >>> import numpy as np
        >>> from autograd import compile
        >>> square = compile(lambda x: x * x).record(1.0)
        >>> square.grad(np.array([1.0, 2.0]))
        array([2., 4.])
        """
        leaves = self._leaves(args, kwargs)
        signature = self._exact(leaves.form, leaves.shapes)
        if signature is None:
            self._new(leaves, args, kwargs)
        else:
            self._new_path(signature, flat(leaves.numbers))  # which keeps one that is there already
        return self

    def _leaves(self, args: tuple[Any, ...], kwargs: dict[str, Any], all_numbers: bool = False) -> Leaves:
        positions = positions_of(self._f, self._options["argnums"], len(args))
        return Leaves(args, kwargs, range(len(args)) if all_numbers else positions)

    def _exact(self, form: Any, shapes: tuple[Any, ...]) -> Signature | None:
        for signature in self._signatures:
            if signature.shapes == shapes and signature.form == form:
                return signature
        return None

    def _batch(self, leaves: Leaves) -> tuple[Signature, list[bool]] | None:
        for signature in reversed(self._signatures):
            if len(signature.shapes) == len(leaves.numbers) and signature.form == leaves.form:
                batched = signature.batched(leaves.shapes)
                if batched is not None and any(batched):
                    return signature, batched
        return None

    def _new(self, leaves: Leaves, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Signature:
        positions = positions_of(self._f, self._options["argnums"], len(args))
        arguments = Arguments(args, kwargs, positions, parameter_names(self._f, len(args)))
        signature = Signature(leaves.form, leaves.shapes, arguments)
        self._new_path(signature, flat(leaves.numbers))
        with self._lock:
            self._signatures.append(signature)
            for mode in self._modes.values():
                mode.forget_plan()
        return signature

    def _new_path(self, signature: Signature, numbers: Sequence[float]) -> Path:
        limit = self._options["max_paths"]
        if len(signature.paths) >= limit:
            raise CompileError(
                f"{name_of(self._f)} has taken {limit} different paths for arguments of one form, and now "
                "takes another one: its branches seem to turn out anew with nearly every call. Raise "
                "max_paths, write the branches with math.where, math.maximum and the like, or use grad() "
                "without compile"
            )
        path = record(self._f, signature.arguments, numbers, self._single, self._options["check"])
        with self._lock:
            for other in signature.paths:  # another thread may have recorded it at the same time
                if other.program == path.program and [*map(id, other.captured)] == [*map(id, path.captured)]:
                    return other
            signature.paths.insert(0, path)
        return path

    # What it shows

    @property
    def source(self) -> str:
        """The programs for the latest form of arguments as Python source, which needs nothing but Python.

        Raises:
            RuntimeError: nothing has been recorded yet.
            ValueError: a primitive of the user's own has no name by which the source could import it.
        """
        return documents.python_module(self._f, self._latest().paths)

    def report(self) -> str:
        """Return what was recorded and what remains of it, a line for each path and mode.

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
        return documents.report(self._f, [s.paths for s in self._signatures])

    def to_c(self, mode: str = "value_and_grad") -> str:
        """Return a C99 function that does what the program of a mode does, for use elsewhere.

        It needs nothing but `<math.h>`. A comment at its beginning says what it reads and writes.

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
        return documents.c_function(self._f, self._latest().paths, mode)

    def _latest(self) -> Signature:
        signature = self._last or (self._signatures[-1] if self._signatures else None)
        if signature is None:
            raise RuntimeError(
                f"nothing has been recorded yet; call {name_of(self._f)}, or its record(...), with example "
                "arguments first"
            )
        return signature


def _restored(f: Function, options: dict[str, Any], recorded: list[Any]) -> Compiled:
    return Compiled(f, options)._restore(recorded)


def _found(module: str, name: str, recorded: list[Any]) -> Any:
    from importlib import import_module

    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found._restore(recorded) if isinstance(found, Compiled) else found


class Mode:
    """One of the functions that a compiled function is: its value, or a derivative."""

    __slots__ = ("_mode", "_owner", "_plan", "_short", "_short_for")

    def __init__(self, owner: Compiled, mode: str) -> None:
        self._owner = owner
        self._mode = mode
        # How many arguments the short way takes, and the function that it is; they change together.
        self._short: tuple[int, Function | None] = (0, None)
        self._short_for: Any = None
        self._plan: Plan | None = None  # the latest, if every argument was a leaf

    def __repr__(self) -> str:
        return f"<{self._mode} of {name_of(self._owner._f)}, compiled>"

    def __reduce__(self) -> Any:
        return getattr, (self._owner, self._mode) if self._mode != "value" else (self._owner, "__call__")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        count, entry = self._short
        if entry is not None and len(args) == count and not kwargs:
            try:
                result = entry(*args)
            except _RAISED:
                return self._eager(args, kwargs)
            if result is not None:
                return result
        plan = self._plan
        if plan is not None and len(args) == len(plan.signature.shapes) and not kwargs:
            result = plan(args)
            if result is not None:
                return result
        return self._slowly(args, kwargs)

    def forget_plan(self) -> None:
        """Do not take the short way for batches: there is a new form of arguments, perhaps a better fit."""
        self._plan = None

    def _eager(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the function, or its transformation, without any program."""
        f, argnums = self._owner._f, self._owner._options["argnums"]
        if self._mode == "value":
            return f(*args, **kwargs)
        return getattr(transforms, self._mode)(f, argnums)(*args, **kwargs)

    def _slowly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        owner = self._owner
        given, vector = (args[:-1], args[-1:]) if self._mode == "hvp" and args else (args, ())
        if self._mode == "hvp" and len(args) < 2:
            raise TypeError(
                f"{name_of(owner._f)}: hvp needs the arguments and then the vector: hvp(x, vector)"
            )
        try:
            leaves = owner._leaves(given, kwargs)
            along = Leaves(vector, {}, (0,)).numbers if vector else []
        except HoldsValues:
            return self._eager(args, kwargs)
        signature = owner._exact(leaves.form, leaves.shapes)
        if signature is None:
            batch = owner._batch(leaves)
            if batch is None and _whole_arrays(given, kwargs):
                leaves_of_all = owner._leaves(given, kwargs, all_numbers=True)
                batch = owner._batch(leaves_of_all)
                leaves = leaves_of_all if batch is not None else leaves
            if batch is not None:
                signature, batched = batch
                owner._last = signature
                plan = self._plan_for(signature, batched, along)
                if not kwargs and not along and [*map(id, args)] == [*map(id, leaves.numbers)]:
                    self._plan = plan
                result = plan([*leaves.numbers, *along])
                assert result is not None
                return result
            signature = owner._new(leaves, given, kwargs)
        owner._last = signature
        wanted = [signature.shapes[i] for i in signature.arguments.differentiated]
        if self._mode == "hvp" and [getattr(x, "shape", None) for x in along] != wanted:
            return self._eager(args, kwargs)  # which says what is wrong with the vector
        numbers = flat(leaves.numbers)
        return self._at_a_point(signature, numbers, flat(along), args, kwargs)

    def _at_a_point(
        self,
        signature: Signature,
        numbers: list[float],
        along: list[float],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        owner = self._owner
        for path in [*signature.paths, None]:
            chosen = path or owner._new_path(signature, numbers)
            backend = owner._options["backend"] or _backend_for_numbers(chosen, self._mode)
            inputs = [*numbers, *chosen.captured_numbers(), *along]
            if backend == "python":
                try:
                    outputs = chosen.function(self._mode)(*inputs)
                except _RAISED:
                    return self._eager(args, kwargs)
            else:
                from .plans import at_a_point

                outputs, suspect = at_a_point(chosen, self._mode, backend, inputs)
                if suspect:
                    return self._eager(args, kwargs)
            if outputs is not None:
                self._keep(signature, chosen, backend)
                return chosen.of_numbers(self._mode, outputs)
        # Machine code rounds a function otherwise than Python, and a comparison of it turned out otherwise.
        return self._eager(args, kwargs)

    def _keep(self, signature: Signature, path: Path, backend: str) -> None:
        """Make the short way for the next call."""
        key = (signature, tuple(signature.paths[:8]), backend)
        if key != self._short_for:
            self._short_for = key
            count = len(signature.arguments.args) + (1 if self._mode == "hvp" else 0)
            small = all(len(x.derived(self._mode).program.nodes) < LARGE for x in signature.paths[:8])
            fixed = self._owner._options["backend"] == "python"
            short = backend == "python" and (small or fixed)  # large ones are counted
            entry = entry_of(signature.paths[:8], self._mode) if short else None
            self._short = (count, entry)

    def _plan_for(self, signature: Signature, batched: list[bool], along: list[Any]) -> Plan:
        from .plans import Plan, batched_along

        owner = self._owner
        if not signature.paths:  # it came out of a pickle, without paths that read Values from outside
            example = signature.arguments
            numbers = owner._leaves(example.args, example.kwargs).numbers
            owner._new_path(signature, flat(numbers))
        vector = batched_along(signature, along) if self._mode == "hvp" else ()
        key = (self._mode, *batched, *vector)
        plan = signature.plans.get(key)
        if plan is None:
            plan = signature.plans[key] = Plan(
                signature,
                self._mode,
                tuple(batched),
                vector,
                backend=owner._options["backend"],
                stop=owner._options["errors"] == "raise",
                new_path=lambda numbers: owner._new_path(signature, numbers),
                f=owner._f,
            )
        return plan


def _whole_arrays(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    return any(is_array(x) and x.dtype.kind in "iu" for x in (*args, *kwargs.values()))


def _backend_for_numbers(path: Path, mode: str) -> str:
    """Return how to run a program on numbers, which this call does."""
    if len(path.derived(mode).program.nodes) < LARGE:
        return "python"
    path.calls += 1
    return "llvm" if path.calls > OFTEN and available("llvm") else "python"


@cache
def available(backend: str) -> bool:
    """Say whether what a backend needs is installed."""
    needed = {"python": (), "numpy": ("numpy",), "llvm": ("numpy", "llvmlite")}[backend]
    return all(find_spec(name) is not None for name in needed)
