"""A scalar that remembers how it was computed, and the reverse sweep that differentiates it.

Every operation on a `Value` makes one node that keeps its operands and its **local derivatives**: how much
the result changes with each operand, as plain numbers. `backward()` then visits the nodes from the result
to the leaves and applies the chain rule, which is one line for every operation there is:

    operand.grad += local derivative * node.grad

What a node remembers is in `node`, and the functions that are its methods are in `methods`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .. import ops
from ..support.messages import listed
from ..support.mypyc import mypyc_attr
from ..support.real_numbers import comparable, nan, real
from ..support.slips import NO_REQUIRES_GRAD, TOO_LARGE, call_error
from . import recording
from .methods import Methods
from .node import Node, as_constant, as_data, as_gradient, check_recorded, cut_off, noted
from .order import cleared, sweep_numbers, tell_of_backward, topological_order
from .whole_calls import alive, backward_through_calls

if TYPE_CHECKING:
    from mypy_extensions import i32

    from ..ops import Primitive

compiled: Final = not __file__.endswith((".py", ".pyc"))
"""Whether this module runs as machine code, made of this same file by mypyc, or as plain Python."""

blocks: Final = recording.blocks  # what is final need not be looked up by compiled code


@mypyc_attr(allow_interpreted_subclasses=True)
class Value(Methods):
    """A real number in a computation graph: `data`, and after `backward()` its gradient `grad`.

    >>> x = Value(3.0, label="x")
    >>> y = x * x + 2 * x
    >>> y.backward()
    >>> y.data, x.grad
    (15.0, 8.0)

    Arithmetic follows Python's floats, errors included; comparisons compare numbers; the hash is that of
    the object. `data` must be a real number (int, float, bool, Fraction, NumPy scalar) and is kept as a
    float; anything else is a TypeError. Separate graphs may be used on separate threads; they may
    share leaves, whose `grad` is not locked, but no other nodes.
    """

    __slots__ = ()

    def __init__(self, data: Any, label: Any = "", requires_grad: Any = None) -> None:
        self._number = data if type(data) is float else as_data(data)
        self._grad = 0.0
        self.op = ""
        self._a = self._b = None
        self._da = self._db = nan
        self._sweep = 0  # last of all, for it tells compiled code that the node is whole
        if requires_grad is not None:
            raise TypeError(NO_REQUIRES_GRAD)
        if label:
            self._name(label)

    # Arithmetic: one node an operation

    def __add__(self, other: Any) -> Value | Any:
        if isinstance(other, Value):
            return new_node("+", self._number + other._number, self, 1.0, other, 1.0)
        c = other if type(other) is float else as_constant(other, "__radd__")
        if c is None:
            return NotImplemented
        return new_node("+", self._number + c, self, 1.0, None, c)

    def __radd__(self, other: Any) -> Value:
        c: float = other if type(other) is float else real(other)
        return new_node("+", c + self._number, None, c, self, 1.0)

    def __sub__(self, other: Any) -> Value | Any:
        if isinstance(other, Value):
            return new_node("-", self._number - other._number, self, 1.0, other, -1.0)
        c = other if type(other) is float else as_constant(other, "__rsub__")
        if c is None:
            return NotImplemented
        return new_node("-", self._number - c, self, 1.0, None, c)

    def __rsub__(self, other: Any) -> Value:
        c: float = other if type(other) is float else real(other)
        return new_node("-", c - self._number, None, c, self, -1.0)

    def __mul__(self, other: Any) -> Value | Any:
        if isinstance(other, Value):
            return new_node("*", self._number * other._number, self, other._number, other, self._number)
        c = other if type(other) is float else as_constant(other, "__rmul__")
        if c is None:
            return NotImplemented
        return new_node("*", self._number * c, self, c, None, c)

    def __rmul__(self, other: Any) -> Value:
        c: float = other if type(other) is float else real(other)
        return new_node("*", c * self._number, None, c, self, c)

    def __truediv__(self, other: Any) -> Value | Any:
        if isinstance(other, Value):
            divisor: float = other._number
            if divisor:
                out = self._number / divisor
                return new_node("/", out, self, 1.0 / divisor, other, -out / divisor)
        else:
            c = other if type(other) is float else as_constant(other, "__rtruediv__")
            if c:
                return new_node("/", self._number / c, self, 1.0 / c, None, c)
        return self._operator(ops.divide, other, "__rtruediv__")  # which raises

    def __rtruediv__(self, other: Any) -> Value:
        c: float = other if type(other) is float else real(other)
        if not self._number:
            return record(ops.divide, (c, self))
        out = c / self._number
        return new_node("/", out, None, c, self, -out / self._number)

    def __pow__(self, other: Any, modulo: Any = None) -> Value | Any:
        if modulo is not None:
            return NotImplemented
        if type(other) is float or type(other) is int:
            x: float = self._number
            c: float = other if type(other) is float else float(other)
            if c >= 1.0:  # where no derivative can overflow
                try:
                    out = x**c
                    if type(out) is float:
                        slope: float = x if c == 2.0 else x ** (c - 1.0)
                        return new_node("**", out, self, c * slope, None, c)
                except OverflowError:
                    pass
        return self._operator(ops.power, other, "__rpow__")

    def __rpow__(self, other: Any) -> Value:
        return record(ops.power, (real(other), self))

    def __neg__(self) -> Value:
        return new_node("neg", -self._number, self, -1.0, None, nan)

    def __abs__(self) -> Value:
        return record(ops.absolute, (self,))

    def relu(self) -> Value:
        """Return the Value where it is positive, else 0; NaN stays NaN."""
        x = self._number
        if x > 0.0:
            return new_node("relu", x, self, 1.0, None, nan)
        return new_node("relu", 0.0 if x == x else x, self, 0.0, None, nan)

    def _operator(self, primitive: Primitive, other: Any, reflected: str) -> Value | Any:
        c = other if isinstance(other, Value) else as_constant(other, reflected)
        return NotImplemented if c is None else record(primitive, (self, c))

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Value:
        """Record a primitive on operands of which one at least is a Value."""
        if len(operands) != len(primitive.derivatives):
            raise TypeError(
                f"{primitive.name} takes {len(primitive.derivatives)} numbers, {len(operands)} given"
            )
        if len(operands) == 2:
            a, b = operands
            operands = (a if isinstance(a, Value) else real(a), b if isinstance(b, Value) else real(b))
        return record(primitive, operands)

    # Comparison: a Value compares as its number

    def __eq__(self, other: object) -> bool | Any:
        x: Any = self._number  # the answer of another class, of an array too, need be no bool
        answer = x == (other._number if isinstance(other, Value) else comparable(other))
        return answer if not blocks else noted("==", self, other, answer)

    def __ne__(self, other: object) -> bool | Any:
        x: Any = self._number
        answer = x != (other._number if isinstance(other, Value) else comparable(other))
        return answer if not blocks else noted("!=", self, other, answer)

    def __lt__(self, other: Any) -> bool | Any:
        x: Any = self._number
        answer = x < (other._number if isinstance(other, Value) else comparable(other))
        return answer if not blocks else noted("<", self, other, answer)

    def __le__(self, other: Any) -> bool | Any:
        x: Any = self._number
        answer = x <= (other._number if isinstance(other, Value) else comparable(other))
        return answer if not blocks else noted("<=", self, other, answer)

    def __gt__(self, other: Any) -> bool | Any:
        x: Any = self._number
        answer = x > (other._number if isinstance(other, Value) else comparable(other))
        return answer if not blocks else noted(">", self, other, answer)

    def __ge__(self, other: Any) -> bool | Any:
        x: Any = self._number
        answer = x >= (other._number if isinstance(other, Value) else comparable(other))
        return answer if not blocks else noted(">=", self, other, answer)

    def __bool__(self) -> bool:
        answer = bool(self._number)
        return answer if not blocks else noted("!=", self, 0.0, answer)

    # The reverse sweep

    def backward(self, gradient: Any = 1.0, *excess: Any, **unknown: Any) -> None:
        """Add the derivative of this Value with respect to each leaf to that leaf's `grad`.

        The `grad` of inner nodes is set, not added to: it belongs to the latest call. That of leaves
        accumulates over calls until it is zeroed. No arithmetic makes this raise; overflow and division
        by zero in a derivative give inf and NaN.

        Args:
            gradient: the derivative, with respect to this Value, of what is differentiated; 1 for itself.

        Raises:
            RuntimeError: this Value was computed inside `no_grad()`.

        >>> x = Value(3.0)
        >>> (x**2).backward()
        >>> (x**2).backward()
        >>> x.grad
        12.0
        """
        if excess or unknown:
            raise call_error("backward", ["gradient"], excess, unknown)
        seed: float = gradient if type(gradient) is float else as_gradient(gradient)
        if not self.op:
            check_recorded(self, "backward()")
        if blocks:
            tell_of_backward(self, seed)
        order = _cleared(self)
        self._grad += seed
        if alive and backward_through_calls(order):
            return
        for node in order:
            upstream = node._grad
            if (a := node._a) is not None:
                a._grad += node._da * upstream
            if (b := node._b) is not None:
                b._grad += node._db * upstream

    def zero_grad(self) -> None:
        """Set `grad` to 0 on this Value and on everything it was computed from."""
        for node in topological_order(self):
            node._grad = 0.0

    def detach(self) -> Value:
        """Return a new leaf with the same number, through which no gradient flows.

        >>> x = Value(3.0)
        >>> y = x * x.detach()
        >>> y.backward()
        >>> x.grad
        3.0
        """
        twin = Value(self._number)
        for observer in recording.told() if blocks else ():
            observer.whole(twin, "detached", [self])
        return twin


Value.__hash__ = object.__hash__  # type: ignore[method-assign]  # in the class, mypyc would not take it


# Recording

_new: Final[Any] = Value.__new__  # quicker than Value(...), which would set every field for a leaf first


def new_node(op: str, data: float, a: Value | None, da: float, b: Value | None, db: float) -> Value:
    """Record an operation: its result, its operands a and b, its local derivatives da and db.

    A constant operand is None, with the constant in the place of its derivative; so is one that is not there,
    with NaN.
    """
    node: Value = _new(Value)
    node._number = data
    node._grad = 0.0
    node.op = op
    node._a = a
    node._da = da
    node._b = b
    node._db = db
    node._sweep = 0
    if blocks:
        observed(node)
    return node


def observed(node: Value) -> None:
    """Tell those who observe this thread of a node that was just recorded; make it a leaf in no_grad()."""
    for observer in recording.told():
        observer.recorded(node)
    if not recording.recording.get():
        cut_off(node)


def record(primitive: Primitive, operands: tuple[Value | float, ...], out: float | None = None) -> Value:
    """Record a primitive of the table on its one or two operands, of which one at least is a Value.

    Args:
        primitive: the operation.
        operands: Values, and constants as floats.
        out: the result, where it is known otherwise than from `primitive.value`.
    """
    numbers = tuple([x._number if isinstance(x, Value) else x for x in operands])
    value: Any = primitive.value  # which may be a user's, and return anything
    try:
        given: Any = value(*numbers) if out is None else out
    except Exception as error:
        recording.raised(primitive.name, operands, error)
        if isinstance(error, OverflowError):
            error.add_note(f"{primitive.name} of {listed(map(repr, numbers))}: {TOO_LARGE}")
        raise
    result: float = given if type(given) is float else primitive.result(given)
    first = operands[0]
    a = first if isinstance(first, Value) else None
    da: float = numbers[0] if a is None else primitive.local(0, numbers, result)
    if len(operands) == 1:
        return new_node(primitive.name, result, a, da, None, nan)
    second = operands[1]
    b = second if isinstance(second, Value) else None
    db: float = numbers[1] if b is None else primitive.local(1, numbers, result)
    return new_node(primitive.name, result, a, da, b, db)


# The order of the reverse sweep


def _cleared(root: Value) -> list[Value]:
    """Return what `cleared(root)` does.

    Instead of a set of the nodes that it has seen, it leaves its number on each, which is quicker.
    Leaves get none, for they may be shared with graphs on other threads.
    """
    number: i32 = next(sweep_numbers, 0)
    if number == 0:
        return cleared(root)
    order: list[Value] = []
    path: list[Value] = []
    node: Node | None = root
    while True:
        if node is None or node._sweep == number or not node.op:
            while path:
                node = path[-1]._a
                if node is not None and node._sweep != number and node.op:
                    break
                order.append(path.pop())
            else:
                break
        node._sweep = number
        node._grad = 0.0
        path.append(node)  # type: ignore[arg-type]  # what is computed from Values is a Value
        node = node._b
    order.reverse()
    return order
