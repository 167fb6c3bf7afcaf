"""Derivatives checked against differences, and the operation found that is wrong.

A derivative that somebody wrote by hand can be checked without knowing the right one: central differences
of the function, with ever smaller steps, extrapolated to step 0, come with an estimate of their own error.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from ..engine import Value, data_of
from ..engine.whole_calls import WholeCall
from ..ops import TABLE
from ..ops.primitive import LacksDerivativeError
from ..support.messages import name_of, shown
from .calls import Call
from .differences import extrapolated_differences, one_sided_slopes
from .transforms import grad, hessian, jacobian
from .trees import Structure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ..ops import Primitive

    Vector = list[float]


def check_grads(f: Callable[..., Any], args: Sequence[Any], order: int = 2, *, rtol: float = 1e-6) -> None:
    """Check the derivatives of a function at a point, up to some order, against central differences.

    The derivatives of each order are compared with differences of those one order below, one by one: for
    n numbers in the arguments that takes about 50 n evaluations for the first order, 50 n gradients for
    the second.

    Args:
        f: a function that returns a number, an array or a structure of these, and does the same each time.
        args: the tuple of its arguments: the point, around which f must be smooth.
        order: up to which order, 1 or more.
        rtol: the relative difference that is allowed, besides ten times the estimated error of the
            differences.

    Raises:
        AssertionError: a derivative differs, or cannot be checked at this point. The message names the
            argument, gives both numbers, and where it can be told, the operation that is wrong.
        TypeError: `args` is no tuple, or as for `jacobian`.
        ValueError: `order` is less than 1.

    >>> from autograd import math
    >>> check_grads(lambda x, y: x * math.exp(y), (2.0, 0.5), order=3)
    """
    if not isinstance(args, (tuple, list)):
        raise TypeError(f"args is the tuple of the arguments, not {shown(args)}; write check_grads(f, (x,))")
    if isinstance(order, bool) or not isinstance(order, int) or order < 1:
        raise ValueError(f"the order of check_grads is a whole number of 1 or more, not {order!r}")
    args = tuple(args)
    structure = Structure(args)
    if not structure.leaves:
        raise TypeError(
            f"there is no number in the arguments {shown(args)}, by which {name_of(f)} has a derivative"
        )
    names = [_name_of_argument(path) for path in structure.paths]
    point = [data_of(x) for x in structure.numbers]
    chosen = tuple(i for i, x in enumerate(args) if Structure(x).leaves)

    lower: Callable[..., Any] = f
    for level in range(1, order + 1):

        def called(at: Vector, function: Callable[..., Any] = lower) -> Call:
            return Call(function, None, structure.put_together(at, others=True), {})

        def numbers(at: Vector, called: Callable[[Vector], Call] = called) -> Vector:
            return [data_of(x) for x in called(at).results]

        if not _same(numbers(point), numbers(point)):
            raise AssertionError(f"{name_of(f)} returns other numbers when it is called again with the same")
        call = called(point)
        rows = [call.gradients_of(out) for out in call.results]
        for j, name in enumerate(names):
            given = [data_of(row[j]) for row in rows]
            _compare(f, level, j, name, given, numbers, point, rtol, structure)
        lower = jacobian(lower, argnums=chosen)


def check_primitive(primitive: Primitive, samples: int = 20, order: int = 2, *, seed: int = 0) -> None:
    """Check the derivatives of a primitive of the table at random points of its domain.

    By an operand by which there is a first derivative only, as by the parameter of `gammainc`, that one is.

    Args:
        primitive: the entry, such as `ops.unary` returns.
        samples: how many points.
        order: up to which order, 1 or more.
        seed: of the random points.

    Raises:
        AssertionError: a derivative is wrong, as for `check_grads`.

    >>> from autograd import ops
    >>> check_primitive(ops.atan2)
    """
    from random import Random

    random = Random(seed)
    by = [i for i, derivative in enumerate(primitive.derivatives) if derivative is not None]
    for _ in range(samples):
        # Operands without a derivative are whole numbers, such as an order or a count of digits.
        point = [
            random.uniform(low + 0.02 * (high - low), high - 0.02 * (high - low))
            if i in by
            else float(random.randint(int(low), int(high)))
            for i, (low, high) in enumerate(primitive.domain)
        ]

        again = [i for i in by if order > 1 and _has_a_second(primitive, point, i)]
        for some, its_order in [(by, order)] if again == by else [(by, 1), (again, order)]:
            if some:
                check_grads(_with_others(primitive, point, some), tuple(point[i] for i in some), its_order)


def _with_others(primitive: Primitive, point: Sequence[Any], by: Sequence[int]) -> Callable[..., Any]:
    """Return a primitive as a function of some operands, the others being those of a point."""

    def function(*operands: Any) -> Any:
        given = iter(operands)
        return primitive(*[next(given) if i in by else x for i, x in enumerate(point)])

    function.__qualname__ = primitive.name
    return function


def _has_a_second(primitive: Primitive, point: Sequence[Any], index: int) -> bool:
    """Say whether the derivative of a primitive by an operand can be differentiated by that."""
    try:
        hessian(_with_others(primitive, point, [index]))(point[index])
    except LacksDerivativeError:
        return False
    return True


# Comparing


def _compare(
    f: Callable[..., Any],
    level: int,
    j: int,
    name: str,
    given: Vector,
    numbers: Callable[[Vector], Vector],
    point: Vector,
    rtol: float,
    structure: Structure,
) -> None:
    """Compare the derivatives of all numbers by input j with differences of these numbers."""

    def along(t: float) -> Vector:
        return numbers([x + t * (i == j) for i, x in enumerate(point)])

    which = "derivative" if level == 1 else f"derivative of order {level}"
    what = f"the {which} of {name_of(f)} with respect to {name}"
    estimates = extrapolated_differences(along, point[j])
    if estimates is None:
        raise AssertionError(
            f"{what} cannot be checked at {point[j]!r}, for there is no finite number on both sides of it; "
            "check at a point inside the domain"
        )
    for result, (ours, (difference, error)) in enumerate(zip(given, estimates, strict=True)):
        size = max(abs(ours) if isfinite(ours) else 0.0, abs(difference))
        certain = error <= max(1e-4 * size, 1e-6)
        if certain and abs(ours - difference) <= 10.0 * error + rtol * size:
            continue
        part = f" (number {result} of the result)" if len(given) > 1 else ""
        message = f"{what}{part} at {point[j]!r}: autograd gives {ours!r}"
        slopes = one_sided_slopes(along, result, max(abs(point[j]), 0.1))
        if slopes is not None:
            raise AssertionError(
                f"{message}, but there is a kink or a jump: the slope is {slopes[0]:.6g} on the left and "
                f"{slopes[1]:.6g} on the right; check at another point"
            )
        if not certain:
            raise AssertionError(
                f"{message}; differences give {difference:.6g} ± {error:.2g}, too uncertain to tell; check "
                "at a point where the function is smoother"
            )
        raise AssertionError(
            f"{message}, differences give {difference:.12g} ± {error:.2g}; "
            + (_culprit(f, structure, point, level) or _NO_CULPRIT)
        )


_NO_CULPRIT = (
    "each operation that was recorded has the right derivative; does the function use .data, detach() or "
    "no_grad(), or numbers that depend on the argument without being computed from it?"
)


def _name_of_argument(path: str) -> str:
    number, _, rest = path.removeprefix("[").partition("]")
    return f"argument {number}{rest}"


def _same(x: Vector, y: Vector) -> bool:
    return len(x) == len(y) and all(a == b or (a != a and b != b) for a, b in zip(x, y, strict=True))


# Finding the operation


def _culprit(f: Callable[..., Any], structure: Structure, point: Vector, level: int) -> str | None:
    """Return what is wrong with the first operation whose own derivative is wrong."""
    call = Call(f, None, structure.put_together(point, others=True), {})
    for node in _operations(reversed(call.order)):
        operation = _operation(node)
        if operation is None:
            continue
        name, function, numbers, by = operation
        for order in range(1, min(level, 2) + 1):
            for i in by:
                fault = _fault(function, numbers, i, by if order == 2 else [])
                if fault is not None:
                    ours, difference = fault
                    at = ", ".join(f"{x:.6g}" for x in numbers)
                    what = "derivative" if order == 1 else "second derivative"
                    return (
                        f"the operation at fault is {name!r}: its {what} with respect to operand {i + 1} at "
                        f"({at}) is given as {ours!r}, where differences give {difference:.12g}"
                    )
    return None


def _operations(nodes: Iterable[Value]) -> Iterator[Value]:
    """Yield nodes, and those that were recorded in a call under `checkpoint` in the place of its results."""
    for node in nodes:
        inner = getattr(getattr(node.op, "call", None), "operations", None)
        if inner is None:
            yield node
        else:
            yield from _operations(inner())


def _operation(node: Value) -> tuple[str, Callable[..., Any], Vector, list[int]] | None:
    """Return the operation of a node: its name, as a function, its operands, and by which it was recorded."""
    call = getattr(node.op, "call", None)
    if isinstance(call, WholeCall):  # its results are looked at
        return None
    if call is not None:
        function, numbers = call.as_function()
        return str(node.op), function, numbers, list(range(len(numbers)))
    primitive = TABLE.get(node.op)
    if primitive is None or primitive.last_step:
        return None
    operands = node.operands
    return (
        primitive.name,
        primitive,
        [data_of(x) for x in operands],
        [i for i, x in enumerate(operands) if isinstance(x, Value)],
    )


def _fault(
    function: Callable[..., Any], numbers: Vector, i: int, others: list[int]
) -> tuple[float, float] | None:
    """Return the given and the true derivative by operand i, or by it and another, if these differ."""
    first = grad(function, i)
    for j in others or [i]:

        def along(t: float, j: int = j) -> Vector:
            moved = [x + t * (k == j) for k, x in enumerate(numbers)]
            return [(first if others else function)(*moved)]

        ours = (grad(first, j) if others else first)(*numbers)
        estimates = extrapolated_differences(along, numbers[j])
        if estimates is None:
            continue
        ((difference, error),) = estimates
        size = max(abs(ours), abs(difference))
        if (
            abs(ours - difference) > 10.0 * error + 1e-6 * size
            and one_sided_slopes(along, 0, max(abs(numbers[j]), 0.1)) is None
        ):
            return ours, difference
    return None
