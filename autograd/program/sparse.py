"""Sparse Jacobians and Hessians of compiled functions: programs give entries, arrays are made of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..derivatives import transforms
from ..derivatives.wrapped import Argnums, Function, Wrapped
from ..engine import Value
from ..sparse import csr_array, hessian_of_graph, widths_of
from ..support.messages import name_of
from .compressed import are_compressed, of_compressed
from .entries import SPARSE, entries_of
from .mode import Mode
from .paths import RecordedPath
from .rechecking import Rechecks, compare

if TYPE_CHECKING:
    from .arguments import Arguments
    from .tracing import Trace


class EntriesMode(Mode):
    """What gives the entries of a sparse derivative as an array, and the number by which they are known.

    The first Hessian on a path is that of the graph that was recorded; the next one makes a program.
    """

    def _recorded(self, record: Function, *given: Any) -> tuple[Any, Any]:
        if self._mode != "sparse_hessian":
            return super()._recorded(record, *given)
        followed: list[Trace] = []
        recorded = record(*given, followed)
        return recorded, self._of_graph(followed[0], recorded.arguments)

    def _of_graph(self, trace: Trace, arguments: Arguments) -> Any:
        """Return the Hessian of a call that was followed; None where its program may have other entries."""
        if trace.others or trace.tracer.chooses or type(trace.returned) is not Value:
            return None
        inputs = [trace.inputs[i] for leaf in arguments.differentiated for i in arguments.places(leaf)]
        widths = widths_of(self._owner._f, arguments.positions, arguments.args)
        single = not hasattr(self._owner._options["argnums"], "__iter__")
        return hessian_of_graph(inputs, trace.returned, widths, single)

    def _eager(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        f, argnums = self._owner._f, self._owner._options["argnums"]
        return getattr(transforms, SPARSE[self._mode])(f, argnums, sparse=True)(*args, **kwargs)

    def _products(self, paths: Sequence[RecordedPath]) -> Any:
        return of_compressed if are_compressed(paths, self._mode) else None

    def _slowly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        widths_of(self._owner._f, self._owner._options["argnums"], args)
        return super()._slowly(args, kwargs)


class SparseDerivative(Wrapped):
    """The Jacobian or the Hessian of a compiled function as a sparse array.

    Args:
        owner: the compiled function.
        mode: "jacobian" or "hessian".
    """

    asked: Any
    """The function that was asked for it, which may have other `argnums`."""

    def __init__(self, owner: Any, mode: str) -> None:
        super().__init__(owner._f)
        self._owner = owner
        self._mode = mode
        self._single = not hasattr(owner._options["argnums"], "__iter__")
        self._entries = EntriesMode(owner, f"sparse_{mode}")
        self._latest: tuple[int, Any] = -1, None
        csr_array()  # an error before anything is recorded

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        found = self._entries(*args, **kwargs)
        if type(found) is tuple and type(found[1]) is int:
            number, entries = self._latest
            if number != found[1]:
                entries = entries_of(found[1])
                self._latest = found[1], entries
            return entries.array(found[0], self._single)
        return found  # which was computed without a program

    def __repr__(self) -> str:
        return f"<sparse {self._mode} of {name_of(self._owner._f)}, compiled>"

    def _made_by(self) -> tuple[Any, ...]:
        return _restored, (self.asked, self._mode, self._owner._options["argnums"])


class RecheckedSparseDerivative(Rechecks, SparseDerivative):
    """One of which every so many calls are compared with the derivative of the function itself."""

    def _recheck(self, turn: int, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        def dense(found: Any) -> Any:
            return tuple(map(dense, found)) if isinstance(found, tuple) else found.toarray()

        f = self._owner._f
        eager = self._entries._eager
        compare(f, self._mode, dense(result), lambda: dense(eager(args, kwargs)), args, kwargs)


def sparse_derivative(owner: Any, mode: str, asked: Any) -> SparseDerivative:
    """Return the sparse Jacobian, or Hessian, of a compiled function by its `argnums`.

    Args:
        owner, mode: as for `SparseDerivative`.
        asked: the function that was asked for it.
    """
    rechecked = owner._options.get("recheck") is not None
    made = (RecheckedSparseDerivative if rechecked else SparseDerivative)(owner, mode)
    made.asked = asked
    return made


def _restored(asked: Any, mode: str, argnums: Argnums) -> Any:
    return asked._sparse_derivative(mode, argnums)
