"""The modes of a compiled function: how a call finds its program, and what it does where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import BuiltinFunctionType
from typing import Any

from ..derivatives import transforms
from ..derivatives.directions import apart_from_vector
from ..derivatives.refused_values import advise
from ..derivatives.wrapped import Function
from ..support.messages import name_of
from .arguments import HoldsValues, Leaves, check_differentiated, flat
from .entries import SPARSE
from .errors import name_vmap
from .paths import RecordedPath
from .products import are_products, of_products
from .rechecking import Rechecks, compare
from .signature import Signature
from .ways import Way, backend_for_numbers, chained, is_due, is_for_python, nowhere, ways
from .whole_numbers import NeedsNumbers

_RAISED = (ArithmeticError, ValueError)
_NO_OUTCOME = (ImportError, TypeError)
"""What is raised where a program cannot be made or run, not by an operation for the sake of its numbers."""


class Mode:
    """One of the functions that a compiled function is: its value, or a derivative."""

    __slots__ = ("__call__", "_mode", "_owner", "_ways", "_ways_for")

    __call__: Function
    """What is called, without anything between: the short ways, then `_slow`."""

    def __init__(self, owner: Any, mode: str) -> None:
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
        if "sparse" in kwargs and self._decides_sparse:
            sparse = kwargs.pop("sparse")
            if sparse:
                argnums = self._owner._options["argnums"]
                return self._owner._sparse_derivative(self._mode, argnums)(*args, **kwargs)
        try:
            return self._slowly(args, kwargs)
        except (TypeError, ValueError) as error:
            advise(error)
            name_vmap(error, name_of(self._owner._f), (*args, *kwargs.values()))
            raise

    def transformed(self, transformation: Function, options: Mapping[str, Any]) -> Function | None:
        """Return what gives a transformation of it by programs, as `Wrapped.transformed` does."""
        own = {"argnums": self._owner._options["argnums"]}
        return self._owner._of(getattr(transforms, self._mode), own).transformed(transformation, options)  # type: ignore[no-any-return]

    @property
    def _decides_sparse(self) -> bool:
        """Whether an argument `sparse` says what is to be returned: it may be one of the function."""
        return self._mode in SPARSE.values() and "sparse" not in self._owner._parameters

    def _eager(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the function, or its transformation, without any program."""
        f, argnums = self._owner._f, self._owner._options["argnums"]
        transformed = f if self._mode == "value" else getattr(transforms, self._mode)(f, argnums)
        return transformed(*args, **kwargs)

    def _slowly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            return self._by_program(args, kwargs)
        except HoldsValues:  # in the arguments, or in what the function reads
            return self._eager(args, kwargs)
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
        leaves = recordings.leaves(given, others)
        by = recordings.positions(len(given))
        if self._mode != "value":
            check_differentiated(self._owner._f, given, by)
        along = Leaves(vector, {}, (0,)).numbers if vector else []
        if self._mode == "hvp":
            wanted = Leaves([given[i] for i in by], {}, range(len(by))).numbers
            if [getattr(x, "shape", None) for x in along] != [getattr(x, "shape", None) for x in wanted]:
                return self._eager(args, kwargs)  # which says what is wrong with the vector
        signature, result = recordings.exact(leaves), None
        if signature is None:
            try:
                signature, result = self._recorded(recordings.new, given, others)
            except _RAISED:
                return self._eager(args, kwargs)  # raises it as floats do
        recordings.last = signature
        if result is not None:
            return result
        products = self._products(signature.paths)
        if products is not None:
            numbers, backend = flat(leaves.numbers), self._owner._options["backend"]
            taken, found = products(signature.paths, self._mode, numbers, backend)
            if taken:
                return self._eager(args, kwargs) if found is None else found
            return self._on_another_path(signature, numbers, args, kwargs)
        if signature.paths and (self._ways_for[0] is not signature or self._is_due(signature.paths)):
            result = self._at_once(signature, args, kwargs)
            if result is not None:
                return result
        return self._at_a_point(signature, flat(leaves.numbers), flat(along), args, kwargs)

    def _recorded(self, record: Function, *given: Any) -> tuple[Any, Any]:
        """Return what a function that records a path returns, and the result if that needs no program."""
        return record(*given), None

    def _products(self, paths: Sequence[RecordedPath]) -> Any:
        """Return what computes the mode of products, as `of_products` does; None if nothing does."""
        return of_products if are_products(paths, self._mode) else None

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
            path, result = self._recorded(recordings.new_path, signature, numbers)
            if result is not None:
                return result
            if (products := self._products([path])) is not None:
                taken, found = products([path], self._mode, numbers, self._owner._options["backend"])
                return found if taken and found is not None else self._eager(args, kwargs)
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
        with suppress(*_RAISED):  # Values may raise what floats do not
            self._owner._recordings.new_path(signature, numbers)
        return result

    def _outputs(
        self, path: RecordedPath, numbers: list[float], along: list[float]
    ) -> Sequence[float] | None:
        """Return the outputs of a path, or None where a guard does not hold."""
        backend = self._owner._options["backend"] or backend_for_numbers(path, self._mode)
        inputs = [*numbers, *path.captured_numbers(), *along]
        if backend == "llvm" and is_for_python(path, self._mode):
            backend = "python"
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
        if "sparse" in kwargs and self._decides_sparse:
            return  # which compares by itself, or else was compared without it
        with suppress(HoldsValues):  # there was no program
            given, others, _ = self._apart(args, kwargs)
            self._owner._recordings.leaves(given, others)
            compare(self._owner._f, self._mode, result, lambda: self._eager(args, kwargs), args, kwargs)


def _mode_of(owner: Any, mode: str) -> Any:
    return owner._modes[mode]
