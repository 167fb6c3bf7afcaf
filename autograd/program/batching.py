"""`vmap`: a function at many points at once, which are asked for by name.

What an argument means does not depend on what was called before: `in_axes` says which arguments are batches,
and along which axis. One point is taken out, the paths of the function are recorded for such points, and
each runs on the points that take it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from math import nan
from typing import TYPE_CHECKING, Any, overload

from ..derivatives.trees import array_of
from ..derivatives.wrapped import Function, Wrapped
from ..support.messages import name_of, shown
from ..support.slips import advised
from .arguments import Arguments, HoldsValues, Leaves, flat, parameter_names
from .batches import BatchLeaves, Given, batched_by, checked_axes
from .compiled import Compiled
from .compiling import compile
from .derivation import MODES
from .rechecking import Rechecks, compare
from .returned import Returned
from .signature import Signature
from .vectors import along_leaves, vector_at_each_point
from .whole_numbers import LARGEST_INPUT, NeedsNumbers

if TYPE_CHECKING:
    from .plans import Plan


@overload
def vmap(f: Function, in_axes: Any = 0, *, reduce: str | None = "sum") -> Vmapped: ...
@overload
def vmap(
    f: None = None, in_axes: Any = 0, *, reduce: str | None = "sum"
) -> Callable[[Function], Vmapped]: ...
@advised
def vmap(
    f: Function | None = None, in_axes: Any = 0, *, reduce: str | None = "sum"
) -> Vmapped | Callable[[Function], Vmapped]:
    """Return a function that gives what `f` gives at each point of a batch, and its derivatives there.

    Args:
        f: a function of one point, plain or compiled; a plain one is compiled, and `vmap(compile(f, ...))`
            says how. Left out, `vmap` is a decorator: `@vmap(in_axes=(None, 0))`.
        in_axes: along which axis arguments are batches: a whole number, which counts from the end if it is
            negative, None for what is the same at all points, or a tuple of these, one for each positional
            argument. For an argument that is a container it may be a container of these in turn. Arguments
            by keyword are the same at all points.
        reduce: what `grad` and the other methods give for an argument that is the same at all points: "sum"
            for the derivative of the sum over the batch, None for the derivatives at each point.

    Returns:
        A function with the arguments of `f`, arrays in the place of batches: floats have their numbers at
        all points in one array, arrays have one axis more. What it returns has the points along axis 0:
        arrays for numbers, arrays, flags and whole numbers, lists for all else. Its methods `grad`,
        `value_and_grad`, `jacobian`, `hessian` and `hvp` differentiate by the `argnums` of the compiled
        function, by the first argument if it was a plain one. The vector of `hvp` is that of each point, or
        one for all.

        At a point where `f` raises an ArithmeticError or a ValueError, value and derivatives are NaN; what
        is no number is None there. With `compile(f, errors="raise")` the error of the first such point is
        raised. Other errors are raised, such as the IndexError of an index out of range. A point at which
        `f` has a value but no derivative, as pinv at a matrix that has not full rank, has that value; its
        derivatives are refused with the error of `grad(f)`, which says at which point.

        Batches of flags and text are divided by their values, for each of which `f` is recorded. Those of
        whole numbers, by which is not differentiated, are not where `f` computes with them as with floats,
        or takes elements, rows and columns out of array arguments (`table[i]`, `logits[..., label]`) and of
        what is computed from these; where it needs more of them, as for an element of a list, they are.

        Functions such as exp are rounded otherwise than Python rounds them, in the last place or two; a
        comparison that this place decides may turn out otherwise.

    Raises:
        TypeError: `f` is no function, or `in_axes` holds something else; when called, an argument is no
            batch, or `f` returns results of different structure.
        ValueError: `in_axes` names no batch, or `reduce` is unknown; when called, `in_axes` does not fit the
            arguments, or batches have different lengths.
        CompileError: when called, as for `compile`.

    >>> import numpy as np
    >>> from autograd import grad
    >>> line = vmap(lambda w, x: w * x * x, in_axes=(None, 0))
    >>> line(3.0, np.array([1.0, 2.0]))
    array([ 3., 12.])
    >>> line.grad(3.0, np.array([1.0, 2.0]))  # by w, summed over the batch
    5.0
    >>> vmap(grad(lambda w, x: w * x * x), in_axes=(None, 0))(3.0, np.array([1.0, 2.0]))
    array([1., 4.])

    The cross entropy of classes that are whole numbers, at one point, and its gradient for a batch:

    >>> def cross_entropy(weights, features, label):
    ...     logits = weights @ features
    ...     return np.log(np.sum(np.exp(logits))) - logits[label]
    >>> features, labels = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.array([2, 0, 2])
    >>> vmap(cross_entropy, in_axes=(None, 0, 0)).grad(np.zeros((3, 2)), features, labels).round(3)
    array([[ 0.667, -0.333],
           [ 0.667,  0.667],
           [-1.333, -0.333]])
    """
    axes = checked_axes(in_axes)
    if reduce not in ("sum", None):
        raise ValueError(f"vmap: reduce must be 'sum' or None, not {reduce!r}")
    if f is None:
        return lambda f: Vmapped(f, axes, reduce)
    return Vmapped(f, axes, reduce)


class Vmapped(Wrapped):
    """A function at many points at once; made by `vmap`.

    Attributes:
        value_and_grad: gives the values and the gradients.
        grad: gives the gradients.
        jacobian: gives all derivatives of all numbers that are returned.
        hessian: gives the second derivatives.
        hvp: gives the products of these and vectors, which are given as to `autograd.hvp`.
    """

    value_and_grad: BatchMode
    grad: BatchMode
    jacobian: BatchMode
    hessian: BatchMode
    hvp: BatchMode

    def __init__(self, f: Function, in_axes: Any, reduce: str | None) -> None:
        if not callable(f):
            raise TypeError(f"vmap takes a function, not {shown(f)}; write @vmap(in_axes=...) or vmap(f)")
        super().__init__(f)
        compiled = f if isinstance(f, Compiled) else compile(f)
        if not isinstance(compiled, Compiled):
            raise TypeError(
                f"vmap makes no batches of {compiled!r}; leave out sparse=True, or call it point by point"
            )
        self._compiled: Compiled = compiled
        self._in_axes = in_axes
        self._reduce = reduce
        self._names_of: dict[int, list[str]] = {}
        kind = BatchMode if self._compiled._options["recheck"] is None else RecheckedBatchMode
        self._modes = {mode: kind(self, mode) for mode in MODES}
        for mode in MODES[1:]:
            setattr(self, mode, self._modes[mode])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._modes["value"](*args, **kwargs)

    def _names(self, count: int) -> list[str]:
        """Return names for so many positional arguments."""
        if count not in self._names_of:
            self._names_of[count] = parameter_names(self._compiled._f, count)
        return self._names_of[count]

    def __repr__(self) -> str:
        return f"<vmap of {name_of(self._compiled._f)}>"

    def _made_by(self) -> tuple[Any, ...]:
        return Vmapped, (self._compiled, self._in_axes, self._reduce)


class BatchMode:
    """One of the functions that a vmapped function is: its values, or a derivative."""

    __slots__ = ("_mode", "_owner", "_plan")

    def __init__(self, owner: Vmapped, mode: str) -> None:
        self._owner = owner
        self._mode = mode
        self._plan: Plan | None = None  # the latest, if every argument was a leaf

    def __repr__(self) -> str:
        return f"<{self._mode} of {self._owner!r}>"

    def __reduce__(self) -> Any:
        return getattr, (self._owner, self._mode) if self._mode != "value" else (self._owner, "__call__")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        plan = self._plan
        fits = plan is not None and len(args) == len(plan.signature.shapes) and not kwargs
        if plan is not None and fits and plan.signature.state.holds():
            result = plan(args)
            if result is not None:
                return result
        return self._slowly(args, kwargs)

    def _slowly(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        owner = self._owner
        compiled = owner._compiled
        args, kwargs, vector = compiled._modes[self._mode]._apart(args, kwargs)
        given = Given(
            args, owner._in_axes, owner._names(len(args)), compiled._recordings.positions(len(args))
        )
        part = given
        parts = []
        try:
            for part, at in self._parts(given, kwargs):
                plan, leaves, raised = self._planned(part, kwargs, vector, given.points, at)
                parts.append((plan.run(leaves, part.points, raised), at))
        except HoldsValues:
            return self._one_by_one(given, kwargs, vector)
        except NeedsNumbers as needed:
            compiled._recordings.stay_constant(part.at(0), kwargs, needed.places)
            return self._slowly(args, {**kwargs, "vector": vector[0]} if vector else kwargs)
        if len(parts) == 1:
            recorded = len(raised) < given.points  # else nothing is known but that it raises
            if recorded and not kwargs and [*map(id, args)] == [*map(id, leaves)]:
                self._plan = plan
            return plan.result(parts[0][0])
        from .outcomes import joined  # which needs NumPy

        return plan.result(joined(parts))

    def _parts(self, given: Given, kwargs: dict[str, Any]) -> Iterator[tuple[Given, Any]]:
        """Yield the parts of a batch that take a signature each, with their points; None for all."""
        recordings = self._owner._compiled._recordings
        most = self._owner._compiled._options["max_paths"]
        for at in given.split(most):
            part = given if at is None else given.only(at)
            for point in part.where_it_changes():
                recordings.leaves(part.at(point), kwargs)  # which notes that whole numbers change
            leaves = BatchLeaves(part.for_leaves(), kwargs, recordings.positions(len(given.args)))
            if not leaves.whole_rows:
                yield part, at
                continue
            recordings.settle(leaves)
            for i, rows in leaves.whole_rows.items():
                least, most_of = (rows.array.min(), rows.array.max()) if part.points else (0, 0)
                rows.whole = leaves.form.whole[i] is None and max(-least, most_of) <= LARGEST_INPUT
            for inner in part.split(most):
                if inner is None:
                    yield part, at
                else:
                    yield part.only(inner), inner if at is None else at[inner]

    def _planned(
        self, here: Given, kwargs: dict[str, Any], vector: tuple[Any, ...], points: int, at: Any
    ) -> tuple[Plan, list[Any], dict[int, Exception]]:
        """Return how to run the points of a part, their leaves, and where it is known that `f` raises."""
        from .plans import Plan

        compiled = self._owner._compiled
        recordings, options = compiled._recordings, compiled._options
        leaves = BatchLeaves(here.for_leaves(), kwargs, recordings.positions(len(here.args)))
        recordings.settle(leaves)
        along = Leaves(vector, {}, (0,)).numbers if vector else []
        raised: dict[int, Exception] = {}
        signature = recordings.of(leaves.form, leaves.shapes)
        if signature is None:
            signature, raised = self._recorded(here, kwargs, leaves)
        elif not signature.paths:  # it came out of a pickle, without paths that read Values from outside
            example = signature.arguments
            numbers = recordings.leaves(example.args, example.kwargs).numbers
            recordings.new_path(signature, flat(numbers))
        recordings.last = signature
        batched = tuple([i in leaves.rows for i in range(len(leaves.numbers))])
        vectors = along_leaves(along, signature, leaves, points, at) if self._mode == "hvp" else []
        of_vector = tuple([is_batch for _, is_batch in vectors])
        key = (self._mode, batched, of_vector, self._owner._reduce)
        plan: Plan | None = signature.plans.get(key)
        if plan is None:
            plan = signature.plans[key] = Plan(
                signature,
                self._mode,
                batched,
                of_vector,
                reduced=self._owner._reduce == "sum",
                backend=options["backend"],
                stop=options["errors"] == "raise",
                new_path=lambda numbers: recordings.new_path(signature, numbers),
                f=compiled._f,
            )
        return plan, [*leaves.numbers, *[leaf for leaf, _ in vectors]], raised

    def _recorded(
        self, given: Given, kwargs: dict[str, Any], leaves: BatchLeaves
    ) -> tuple[Signature, dict[int, Exception]]:
        """Record the first point at which that is possible, and return where `f` raises before that.

        Where it does so at all points, or there are none, it is known of a gradient what it looks like. Of
        values it is not, and a number is taken.
        """
        from .outcomes import found_at, path_of_constants

        compiled = self._owner._compiled
        recordings = compiled._recordings
        has_results = False
        raised: dict[int, Exception] = {}
        for point in range(given.points):
            args = given.at(point)
            try:
                return recordings.new(args, kwargs), raised
            except Exception as caught:
                call = partial(compiled._f, *args, **kwargs)
                error = found_at(point, caught, call, self._mode == "value").error
                if error is None:
                    has_results = True
                    continue
                raised[point] = error
                if compiled._options["errors"] == "raise":
                    raised = raised if has_results else dict.fromkeys(range(given.points), error)
                    break
        name = name_of(compiled._f)
        if not given.points and self._mode in ("value", "jacobian"):
            raise ValueError(
                f"the batch is empty, and {name} has not been called with such arguments yet, so that it is "
                f"not known what it returns; call its record(...) with an example"
            )
        args = given.at(0)
        positions = recordings.positions(len(args))
        arguments = Arguments(args, kwargs, positions, parameter_names(compiled._f, len(args)))
        single = not hasattr(compiled._options["argnums"], "__iter__")
        signature = Signature(leaves.form, leaves.shapes, arguments, recordings.outside)
        if not has_results:
            signature.paths = [path_of_constants(name, arguments, nan, single)]
        return signature, raised

    def _one_by_one(self, given: Given, kwargs: dict[str, Any], vector: tuple[Any, ...]) -> Any:
        """Call `f`, or its transformation, for each point: there are Values in the arguments."""
        from .outcomes import as_batch

        compiled = self._owner._compiled
        positions = compiled._recordings.positions(len(given.args))
        batched = batched_by(given, positions)
        vectors = vector_at_each_point(given, positions, vector, batched)
        call = compiled._modes[self._mode]._eager
        results = [
            Returned(call(given.at(i), {**kwargs, **more}))
            for i, more in zip(range(given.points), vectors, strict=True)
        ]
        if not results:
            raise ValueError(f"{name_of(compiled._f)}: a batch of Values has at least one point")
        if any(result.form != results[0].form for result in results):
            raise TypeError(
                f"{name_of(compiled._f)} returns results of different structure; a batch needs one structure "
                "for all points"
            )
        summed = iter(self._summed(batched, sum(results[0].numbered)))
        batches = []
        for i, is_number in enumerate(results[0].numbered):
            if not is_number:
                things = [result.things[i] for result in results]
                batches.append(as_batch(things) if self._mode == "value" else None)
                continue
            leaves = [result.leaves[i] for result in results]
            shape = leaves[0].shape
            if next(summed):
                total = [sum(numbers) for numbers in zip(*[leaf.numbers for leaf in leaves], strict=True)]
                batches.append(total[0] if shape is None else array_of(total, shape))
            else:
                numbers = [x for leaf in leaves for x in leaf.numbers]
                batches.append(array_of(numbers, (given.points, *(shape or ()))))
        return results[0].with_leaves(batches)

    def _summed(self, batched: list[bool], count: int) -> list[bool]:
        """Return which of so many results are sums over the batch."""
        width = len(batched)
        if self._owner._reduce is None or self._mode == "value":
            return [False] * count
        if self._mode == "hessian":
            return [not (x or y) for x in batched for y in batched]
        values = count % width if self._mode == "value_and_grad" else 0
        return [False] * values + [not batched[i % width] for i in range(count - values)]


class RecheckedBatchMode(Rechecks, BatchMode):
    """One of which every so many calls are compared with the function itself, at one point."""

    def _recheck(self, turn: int, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        owner, compiled = self._owner, self._owner._compiled
        args, kwargs, _ = compiled._modes[self._mode]._apart(args, kwargs)
        positions = compiled._recordings.positions(len(args))
        given = Given(args, owner._in_axes, owner._names(len(args)), positions)
        if given.points:
            here, f = given.at(turn % given.points), compiled._f
            with suppress(HoldsValues, ArithmeticError, ValueError):  # no program, or the function raises
                compiled._recordings.leaves(here, kwargs)
                compare(f, "value", compiled(*here, **kwargs), lambda: f(*here, **kwargs), here, kwargs)
