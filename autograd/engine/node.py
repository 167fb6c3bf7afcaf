"""A node of a computation graph: a number, its gradient, and the operation that gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from ..ops import TABLE
from ..support.mypyc import mypyc_attr
from ..support.real_numbers import comparable, nan, real
from . import recording
from .operation import Op

if TYPE_CHECKING:
    from typing import Final

    from mypy_extensions import i32

blocks: Final = recording.blocks  # what is final need not be looked up by compiled code


@mypyc_attr(allow_interpreted_subclasses=True)
class Node:
    """What a Value remembers: its number, its gradient, the operation, and the local derivatives of it.

    An operation has the operands a and b, one or both, and the derivatives da and db with respect to them. A
    constant operand is no node: a (or b) is then None and da (or db) holds the constant itself, or NaN where
    there is no operand at all. A leaf has NaN in both; one that was computed inside `no_grad()` has da = 0,
    which copies and pickles keep, and by which `backward()` knows that its history is not there.
    """

    __slots__ = ("_a", "_b", "_da", "_db", "_grad", "_number", "_sweep", "op")

    _sweep: i32  # of the latest sweep, or an age; first, where compiled code has four bytes to spare
    _a: Node | None
    _b: Node | None
    op: str  # near what refers to other nodes, for these three are all that a search of a graph reads
    _grad: float
    _da: float
    _db: float
    _number: float  # a `_data` would be taken by numpy.ma, which asks all things for that

    @property
    def data(self) -> float:
        """The number itself. Setting it changes no node and no derivative computed from it earlier."""
        if blocks:
            _read(self, "data")
        return self._number

    @data.setter
    def data(self, data: Any) -> None:
        self._number = as_data(data)

    @property
    def grad(self) -> float:
        """The derivative of what `backward()` was called on with respect to this, added up for a leaf."""
        if blocks:
            _read(self, "grad")
        return self._grad

    @grad.setter
    def grad(self, grad: Any) -> None:
        self._grad = grad if type(grad) is float else as_gradient(grad)

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
        op.label = str.__str__(label)  # the text alone: a subclass could refer to what refers to this

    @property
    def operands(self) -> tuple[Self | float, ...]:
        """What the operation was applied to, in order: Values, and constants as plain numbers."""
        a: Any = self._a if self._a is not None else self._da
        b: Any = self._b
        if b is not None:
            return a, b
        count = self._arity()
        return (a, self._db) if count == 2 else (a,) if count else ()

    @property
    def partials(self) -> tuple[float | None, ...]:
        """The local derivative with respect to each operand; None for a constant."""
        pairs = ((self._a, self._da), (self._b, self._db))
        return tuple([partial if x is not None else None for x, partial in pairs[: self._arity()]])

    @property
    def _edges(self) -> tuple[tuple[int, Self, float], ...]:
        """The operands that are Values: the place of each, 0 or 1, it itself, and its local derivative."""
        edges: Any = ((0, self._a, self._da), (1, self._b, self._db))
        return tuple([edge for edge in edges if edge[1] is not None])

    def _arity(self) -> int:
        """Return how many operands there are. A constant may be NaN, so the table of primitives decides.

        A function with a `custom_gradient` may have the name of one.
        """
        if not self.op:
            return 0
        op = self.op
        primitive = TABLE.get(op)
        if primitive is not None and not (isinstance(op, Op) and op.call is not None):
            return len(primitive.derivatives)
        return 1 if self._b is None and self._db != self._db else 2

    @property
    def _prev(self) -> tuple[Self, ...]:
        """The operands that are Values, each once: micrograd's name, for its drawing code."""
        return tuple(dict.fromkeys([operand for _, operand, _ in self._edges]))

    @property
    def _op(self) -> str:
        """The operation as micrograd writes it."""
        if self.op == "**" and self._b is None:
            return f"**{self._db:g}"
        return "ReLU" if self.op == "relu" else self.op

    def __repr__(self) -> str:
        if blocks:
            _read(self, "text")
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._number!r}, grad={self._grad!r}{label})"


def cut_off(node: Node) -> None:
    """Make a node a leaf, as what is computed inside no_grad() is."""
    node.op, node._a, node._da, node._b, node._db = "", None, 0.0, None, nan


def check_recorded(node: Node, what: str) -> None:
    """Check that a node was not computed inside no_grad().

    Args:
        node: what is to be differentiated.
        what: what does that, such as "backward()".

    Raises:
        RuntimeError: it was, so nothing is known of what it was computed from.
    """
    if not node.op and node._da == 0.0:
        name = f"{node.label} = " if node.label else ""
        raise RuntimeError(
            f"{what} of {name}{node._number!r}, which was computed inside no_grad(), where nothing is "
            "recorded; to differentiate it, compute it outside of that block"
        )


def _read(node: Node, what: str) -> None:
    """Tell those who observe that something of a node was asked for."""
    for observer in recording.told():
        observer.read(node, what)


def as_data(x: object) -> float:
    """Return what shall be the `data` of a node, as a float.

    Raises:
        TypeError: it is a node already, or no real number.
    """
    if isinstance(x, Node):
        raise TypeError(f"{x!r} is a Value already; use it as it is, or .detach() for one without history")
    return real(x)


def as_gradient(x: object) -> float:
    """Return what shall be a gradient, as a float.

    Raises:
        TypeError: it is no real number; gradients are 0.0 where others have None.
    """
    if isinstance(x, Node):
        raise TypeError(f"a gradient is a plain number, not {x!r}; use its .data")
    if x is None:
        raise TypeError("a gradient is a number, never None; set it to 0.0, as zero_grad() does")
    try:
        return real(x)
    except TypeError:
        raise TypeError(f"a gradient is a number, not {type(x).__name__!r}") from None


def as_constant(x: object, reflected: str) -> float | None:
    """Return an operand as a float, or None where its own class may know what to do with a Value."""
    if type(x) is float:
        return x
    if type(x) is int:
        return float(x)
    if getattr(type(x), "defers", False):
        return None
    try:
        return real(x)
    except TypeError:
        # Containers and text of Python itself have reflected methods of another meaning, or none.
        if type(x).__module__ != "builtins" and hasattr(type(x), reflected):
            return None
        raise


def data_of(x: Node | float) -> float:
    """Return the number of a Value, or the number that x is."""
    return x.data if isinstance(x, Node) else x


def noted(relation: str, x: Node, y: Any, answer: Any) -> Any:
    """Tell those who observe this thread the answer to a comparison, and return it."""
    for observer in recording.told():
        observer.compared(relation, x, y if isinstance(y, Node) else comparable(y), answer)
    return answer
