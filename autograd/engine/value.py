"""A scalar that remembers how it was computed, and the reverse sweep that differentiates it.

Every operation on a `Value` makes one node that keeps its operands and its **local derivatives**: how much
the result changes with each operand, as plain numbers. `backward()` then visits the nodes from the result
to the leaves and applies the chain rule, which is one line for every operation there is:

    operand.grad += local derivative * node.grad
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .. import ops
from ..ops import TABLE, Op
from ..support.mypyc import mypyc_attr
from ..support.real_numbers import nan, real
from . import anomaly, copying
from . import recording as grad_mode
from .collector import LARGE_GRAPH, expect_large_graphs
from .methods import Methods
from .recording import no_grad, recording, tracer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_extensions import i32

    from ..ops import Primitive

__all__ = ["Value", "compiled", "new_node", "no_grad", "record", "topological_order", "weighted_sum"]

compiled: Final = not __file__.endswith((".py", ".pyc"))
"""Whether this module runs as machine code, made of this same file by mypyc, or as plain Python."""

# Names that are final need not be looked up by compiled code.
blocks: Final = grad_mode.blocks
_large: Final = LARGE_GRAPH


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

    # A node has the operands a and b and its derivatives da and db with respect to them. A constant
    # operand is no node: a (or b) is then None and da (or db) holds the constant itself, or NaN where there
    # is no operand at all. The sweep is the number of the latest reverse sweep that met the node.
    __slots__ = ("_a", "_b", "_da", "_data", "_db", "_sweep", "grad", "op")

    _sweep: i32  # first, where compiled code has four bytes to spare
    _a: Value | None
    _b: Value | None
    _da: float
    _db: float
    _data: float
    grad: float
    op: str

    def __init__(self, data: Any, label: Any = "") -> None:
        self._data = data if type(data) is float else _number(data)
        self.grad = 0.0
        self.op = ""
        self._a = self._b = None
        self._da = self._db = nan
        self._sweep = 0
        if label:
            self._name(label)

    @property
    def data(self) -> float:
        """The number itself. Setting it changes no node and no derivative computed from it earlier."""
        if blocks and (following := tracer.get()):
            following.read(self)
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        self._data = _number(data)

    @property
    def label(self) -> str:
        """The name that pictures and messages show; empty unless given."""
        return self.op.label if isinstance(self.op, Op) else ""

    @label.setter
    def label(self, label: Any) -> None:
        self._name(label)

    def _name(self, label: Any) -> None:
        if not isinstance(label, str):
            raise TypeError(f"a label is text, not {type(label).__name__!r}")
        self.op = op = Op.of(self.op)
        op.label = label

    @property
    def operands(self) -> tuple[Value | float, ...]:
        """What the operation was applied to, in order: Values, and constants as plain numbers."""
        pairs = ((self._a, self._da), (self._b, self._db))
        return tuple([x if x is not None else c for x, c in pairs[: self._arity()]])

    @property
    def partials(self) -> tuple[float | None, ...]:
        """The local derivative with respect to each operand; None for a constant."""
        pairs = ((self._a, self._da), (self._b, self._db))
        return tuple([partial if x is not None else None for x, partial in pairs[: self._arity()]])

    def _arity(self) -> int:
        """Return how many operands there are. A constant may be NaN, so the table of primitives decides."""
        if not self.op:
            return 0
        primitive = TABLE.get(self.op)
        if primitive is not None:
            return len(primitive.derivatives)
        return 1 if self._b is None and self._db != self._db else 2

    @property
    def _prev(self) -> tuple[Value, ...]:
        """The operands that are Values, each once: micrograd's name, for its drawing code."""
        return tuple(dict.fromkeys([x for x in (self._a, self._b) if x is not None]))

    @property
    def _op(self) -> str:
        """The operation as micrograd writes it."""
        if self.op == "**" and self._b is None:
            return f"**{self._db:g}"
        return "ReLU" if self.op == "relu" else self.op

    # Arithmetic: one node an operation

    def __add__(self, other: Any) -> Value | Any:
        if isinstance(other, Value):
            return new_node("+", self._data + other._data, self, 1.0, other, 1.0)
        c = other if type(other) is float else _constant(other, "__radd__")
        if c is None:
            return NotImplemented
        return new_node("+", self._data + c, self, 1.0, None, c)

    def __radd__(self, other: Any) -> Value:
        c: float = other if type(other) is float else real(other)
        return new_node("+", c + self._data, None, c, self, 1.0)

    def __sub__(self, other: Any) -> Value | Any:
        if isinstance(other, Value):
            return new_node("-", self._data - other._data, self, 1.0, other, -1.0)
        c = other if type(other) is float else _constant(other, "__rsub__")
        if c is None:
            return NotImplemented
        return new_node("-", self._data - c, self, 1.0, None, c)

    def __rsub__(self, other: Any) -> Value:
        c: float = other if type(other) is float else real(other)
        return new_node("-", c - self._data, None, c, self, -1.0)

    def __mul__(self, other: Any) -> Value | Any:
        if isinstance(other, Value):
            return new_node("*", self._data * other._data, self, other._data, other, self._data)
        c = other if type(other) is float else _constant(other, "__rmul__")
        if c is None:
            return NotImplemented
        return new_node("*", self._data * c, self, c, None, c)

    def __rmul__(self, other: Any) -> Value:
        c: float = other if type(other) is float else real(other)
        return new_node("*", c * self._data, None, c, self, c)

    def __truediv__(self, other: Any) -> Value | Any:
        if isinstance(other, Value):
            out = self._data / other._data
            return new_node("/", out, self, 1.0 / other._data, other, -out / other._data)
        c = other if type(other) is float else _constant(other, "__rtruediv__")
        if c is None:
            return NotImplemented
        return new_node("/", self._data / c, self, 1.0 / c, None, c)

    def __rtruediv__(self, other: Any) -> Value:
        c: float = other if type(other) is float else real(other)
        out = c / self._data
        return new_node("/", out, None, c, self, -out / self._data)

    def __pow__(self, other: Any, modulo: None = None) -> Value | Any:
        if type(other) is float or type(other) is int:
            x: float = self._data
            c: float = other if type(other) is float else float(other)
            if c >= 1.0:  # where no derivative can overflow
                out = x**c
                if type(out) is float:
                    slope: float = x if c == 2.0 else x ** (c - 1.0)
                    return new_node("**", out, self, c * slope, None, c)
        return self._operator(ops.power, other, "__rpow__")

    def __rpow__(self, other: Any) -> Value:
        return record(ops.power, (real(other), self))

    def __neg__(self) -> Value:
        return new_node("neg", -self._data, self, -1.0, None, nan)

    def __abs__(self) -> Value:
        return record(ops.absolute, (self,))

    def relu(self) -> Value:
        """Return the Value where it is positive, else 0; NaN stays NaN."""
        x = self._data
        if x > 0.0:
            return new_node("relu", x, self, 1.0, None, nan)
        return new_node("relu", 0.0 if x == x else x, self, 0.0, None, nan)

    def _operator(self, primitive: Primitive, other: Any, reflected: str) -> Value | Any:
        if isinstance(other, Value):
            return record(primitive, (self, other))
        c = _constant(other, reflected)
        if c is None:
            return NotImplemented
        return record(primitive, (self, c))

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

    # Comparison and conversion: a Value compares as its number, and is never turned into one silently

    def __eq__(self, other: object) -> bool:
        answer: bool = self._data == (other._data if isinstance(other, Value) else _comparable(other))
        return answer if not blocks else _noted("==", self, other, answer)

    def __ne__(self, other: object) -> bool:
        answer: bool = self._data != (other._data if isinstance(other, Value) else _comparable(other))
        return answer if not blocks else _noted("!=", self, other, answer)

    def __lt__(self, other: Any) -> bool:
        answer: bool = self._data < (other._data if isinstance(other, Value) else _comparable(other))
        return answer if not blocks else _noted("<", self, other, answer)

    def __le__(self, other: Any) -> bool:
        answer: bool = self._data <= (other._data if isinstance(other, Value) else _comparable(other))
        return answer if not blocks else _noted("<=", self, other, answer)

    def __gt__(self, other: Any) -> bool:
        answer: bool = self._data > (other._data if isinstance(other, Value) else _comparable(other))
        return answer if not blocks else _noted(">", self, other, answer)

    def __ge__(self, other: Any) -> bool:
        answer: bool = self._data >= (other._data if isinstance(other, Value) else _comparable(other))
        return answer if not blocks else _noted(">=", self, other, answer)

    def __bool__(self) -> bool:
        answer = bool(self._data)
        return answer if not blocks else _noted("!=", self, 0.0, answer)

    def __float__(self) -> float:
        raise TypeError(_LOSES_GRADIENT)

    def __int__(self) -> int:
        raise TypeError(_LOSES_GRADIENT)

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else str(self)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data!r}, grad={self.grad!r}{label})"

    def _repr_html_(self) -> str:
        """Return the small card that Jupyter shows."""
        from ..drawing.html_card import html_card

        return html_card(self)

    # The reverse sweep

    def backward(self, gradient: Any = 1.0) -> None:
        """Add the derivative of this Value with respect to each leaf to that leaf's `grad`.

        The `grad` of inner nodes is set, not added to: it belongs to the latest call. That of leaves
        accumulates over calls until it is zeroed. No arithmetic makes this raise; overflow and division
        by zero in a derivative give inf and NaN.

        Args:
            gradient: the derivative, with respect to this Value, of what is differentiated; 1 for itself.

        >>> x = Value(3.0)
        >>> (x**2).backward()
        >>> (x**2).backward()
        >>> x.grad
        12.0
        """
        seed: float = gradient if type(gradient) is float else real(gradient)
        order = _inner_nodes(self)
        if len(order) >= _large:
            expect_large_graphs()
        if blocks and anomaly.detecting.get():
            anomaly.check_sweep(order, {self: seed})
        for node in order:
            node.grad = 0.0
        self.grad += seed
        for node in order:
            upstream = node.grad
            if (a := node._a) is not None:
                a.grad += node._da * upstream
            if (b := node._b) is not None:
                b.grad += node._db * upstream

    def zero_grad(self) -> None:
        """Set `grad` to 0 on this Value and on everything it was computed from."""
        for node in topological_order(self):
            node.grad = 0.0

    def detach(self) -> Value:
        """Return a new leaf with the same number, through which no gradient flows.

        >>> x = Value(3.0)
        >>> y = x * x.detach()
        >>> y.backward()
        >>> x.grad
        3.0
        """
        twin = Value(self._data)
        if blocks and (following := tracer.get()):
            following.whole(twin, "detached", [self])
        return twin

    # Copying and pickling: whole graphs, of any depth, without recursion

    def __copy__(self) -> Value:
        """Return a node of its own that was computed from the same operands."""
        twin = type(self).__new__(type(self))
        twin.__setstate__(self.__getstate__())
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Value:
        copying.deep_copy(topological_order(self), memo)
        copied: Value = memo[id(self)]
        return copied

    def __getstate__(self) -> tuple[Any, ...]:
        attributes = getattr(self, "__dict__", None)  # those of a subclass
        return self._data, self.grad, self.op, self._a, self._da, self._b, self._db, attributes

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._sweep = 0
        self._data, self.grad, self.op, self._a, self._da, self._b, self._db, attributes = state
        if attributes:
            self.__dict__.update(attributes)

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        inner = copying.pickling_ancestors() or not self.op
        ancestors = None if inner else copying.Ancestors(topological_order(self)[:-1])
        return copying.unpickled, (type(self), ancestors), self.__getstate__()


Value.__hash__ = object.__hash__  # type: ignore[method-assign]  # in the class, mypyc would not take it

_new: Final[Any] = Value.__new__  # quicker than Value(...), which would set every field for a leaf first

_LOSES_GRADIENT = (
    "a Value is not turned into a plain number silently, for its gradient would be lost; "
    "use the functions of autograd.math instead of math, or .data for the number"
)


def _number(x: object) -> float:
    if isinstance(x, Value):
        raise TypeError(f"{x!r} is a Value already; use it as it is, or .detach() for one without history")
    return real(x)


def _constant(x: object, reflected: str) -> float | None:
    """Return an operand as a float, or None where its own class may know what to do with a Value."""
    if type(x) is float:
        return x
    if type(x) is int:
        return float(x)
    try:
        return real(x)
    except TypeError:
        # Containers and text of Python itself have reflected methods of another meaning, or none.
        if type(x).__module__ != "builtins" and hasattr(type(x), reflected):
            return None
        raise


def _noted(relation: str, x: Value, y: Any, answer: bool) -> bool:
    """Tell whoever follows this thread the answer to a comparison, and return it."""
    if following := tracer.get():
        following.compared(relation, x, y if isinstance(y, Value) else _comparable(y), answer)
    return answer


def _comparable(x: Any) -> Any:
    """Return a NumPy scalar as the plain number it is, so that comparing gives a plain bool."""
    if getattr(x, "shape", None) != ():
        return x
    item = x.item()
    return float(item) if hasattr(item, "dtype") else item  # a long double is its own item


# Recording


def new_node(op: str, data: float, a: Value | None, da: float, b: Value | None, db: float) -> Value:
    """Record an operation: its result, its operands, its local derivatives."""
    node: Value = _new(Value)
    node._data = data
    node.grad = 0.0
    node.op = op
    node._a = a
    node._da = da
    node._b = b
    node._db = db
    node._sweep = 0
    if blocks:
        _as_the_blocks_say(node)
    return node


def _as_the_blocks_say(node: Value) -> None:
    """Do with a node that was just recorded what the blocks say that this thread is in."""
    operands = node.operands
    if anomaly.detecting.get():
        node.op = anomaly.checked(node.op, node._data, *operands)
    if following := tracer.get():
        following.recorded(node, node.op, operands[0], operands[1] if len(operands) == 2 else None)
    if not recording.get():
        node.op, node._a, node._da, node._b, node._db = "", None, nan, None, nan


def record(primitive: Primitive, operands: tuple[Value | float, ...], out: float | None = None) -> Value:
    """Record a primitive of the table on its one or two operands, of which one at least is a Value.

    Args:
        primitive: the operation.
        operands: Values, and constants as floats.
        out: the result, where it is known otherwise than from `primitive.value`.
    """
    numbers = tuple([x._data if isinstance(x, Value) else x for x in operands])
    value: Any = primitive.value  # which may be a user's, and return anything
    given: Any = value(*numbers) if out is None else out
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


def weighted_sum(weights: Iterable[Value], inputs: Iterable[Value | float], start: Value) -> Value:
    """Return start + weights[0] * inputs[0] + weights[1] * inputs[1] + ...

    It records what the operators would, a product and a sum for each pair, in one tight loop: nearly all
    nodes of a network are made here.

    Args:
        weights: Values.
        inputs: Values or numbers, as many as there are weights.
        start: the Value to which the products are added, one after the other.

    Raises:
        ValueError: there are not as many inputs as weights.

    >>> w, x = [Value(2.0), Value(3.0)], [4.0, 5.0]
    >>> weighted_sum(w, x, Value(1.0)).data
    24.0
    """
    ws, xs = list(weights), list(inputs)
    if len(ws) != len(xs):
        raise ValueError(
            f"{len(ws)} weights for {len(xs)} inputs; there must be as many of these as of those"
        )
    total = start
    for w, x in zip(ws, xs):  # noqa: B905 (compiled code goes through lists quickly, but not with strict=True)
        if not isinstance(x, Value) or blocks:
            total = total + w * x
            continue
        product: Value = _new(Value)
        product._data = w._data * x._data
        product.grad = 0.0
        product.op = "*"
        product._a = w
        product._da = x._data
        product._b = x
        product._db = w._data
        product._sweep = 0
        node: Value = _new(Value)
        node._data = total._data + product._data
        node.grad = 0.0
        node.op = "+"
        node._a = total
        node._da = 1.0
        node._b = product
        node._db = 1.0
        node._sweep = 0
        total = node
    return total


# Order


def topological_order(*roots: Value, reverse: bool = False, without: Iterable[Value] = ()) -> list[Value]:
    """Return the roots and every node that they were computed from, each once, after its operands.

    The order is that of a depth-first search; it depends on the graph alone, not on memory addresses. There
    is no recursion, so a graph may be of any depth.

    Args:
        roots: Values; what only later ones need comes later.
        reverse: return each node before its operands instead, as the reverse sweep goes. In both directions
            the first operand, and what belongs to it, comes before the second.
        without: Values to leave out, and with them what is reached through them only.

    >>> x, y = Value(2.0), Value(5.0)
    >>> [node.data for node in topological_order(x * y + 1)]
    [2.0, 5.0, 10.0, 11.0]
    >>> [node.data for node in topological_order(x * y + 1, reverse=True)]
    [11.0, 10.0, 2.0, 5.0]
    """
    order: list[Value] = []
    seen: set[Value] = {*without}
    path: list[Value] = []  # from a root to where we are: nodes whose second operand is not in the order yet
    # The reverse order is found backwards, by going to the last root and the second operand first.
    for root in roots[::-1] if reverse else roots:
        node: Value | None = root
        while True:
            if node is None or node in seen:
                while path:
                    node = path[-1]._a if reverse else path[-1]._b
                    if node is not None and node not in seen:
                        break
                    order.append(path.pop())
                else:
                    break
            seen.add(node)
            path.append(node)
            node = node._b if reverse else node._a
    if reverse:
        order.reverse()
    return order


_sweeps: Final = iter(range(1, 2**31))  # numbers for sweeps, as many as there are 32-bit numbers


def _inner_nodes(root: Value) -> list[Value]:
    """Return what `topological_order(root, reverse=True)` does, but for the leaves.

    Instead of a set of the nodes that it has seen, it leaves its number on each, which is quicker.
    Leaves get none, for they may be shared with graphs on other threads.
    """
    number: i32 = next(_sweeps, 0)
    if number == 0:
        return [node for node in topological_order(root, reverse=True) if node.op]
    order: list[Value] = []
    path: list[Value] = []
    node: Value | None = root
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
        path.append(node)
        node = node._b
    order.reverse()
    return order
