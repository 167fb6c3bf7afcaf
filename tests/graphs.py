"""A dozen graphs to be drawn, small and larger, plain and nasty, in full and folded."""

from __future__ import annotations

import math
from collections.abc import Callable

from autograd import Value, draw
from autograd import math as agm
from autograd.drawing import Drawing
from autograd.nn import MLP, mse


def neuron() -> Value:
    """Return the neuron of Karpathy's lecture on micrograd, whose gradients it derives by hand."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    first, second = x1 * w1, x2 * w2
    first.label, second.label = "x1*w1", "x2*w2"
    both = first + second
    both.label = "x1*w1 + x2*w2"
    n = both + b
    n.label = "n"
    out = n.tanh()
    out.label = "o"
    out.backward()
    return out


def _lecture() -> Value:
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    out: Value = (x1 * w1 + x2 * w2 + Value(6.8813735870195432, label="b")).tanh()
    out.label = "o"
    out.backward()
    return out


def _baydin() -> Value:
    x1, x2 = Value(2.0, label="x1"), Value(5.0, label="x2")
    y = x1.log() + x1 * x2 - x2.sin()
    y.backward()
    return y


def _constants() -> Value:
    x = Value(3.0, label="x")
    y: Value = 2 * x + x**2 - 1 / x + 2**x - (-x) % 2 + agm.atan2(1.0, x)
    y.backward()
    return y


def _shared() -> Value:
    a = Value(3.0, label="a")
    b = a + a
    y = b * b
    y.backward()
    return y


def _extreme() -> Value:
    x = Value(0.0, label="x")
    y = x.sqrt() * x + Value(math.inf, label="up") * Value(-1e300, label="down")
    y.backward()
    return y


def _nasty() -> Value:
    labels = ['a "b"', "<b>&amp;</b>", "</script>", "😀 中文", "two\nlines", "\\N\\l", "long " * 60]
    total = sum((Value(1.0, label=label) for label in labels), Value(0.0))
    total.backward()
    return total


def _loss(sizes: list[int]) -> tuple[MLP, Value]:
    net = MLP(2, sizes, activation="tanh", seed=1)
    loss: Value = (net([Value(0.5, label="x0"), Value(-1.0, label="x1")]) - 1) ** 2
    loss.label = "loss"
    loss.backward()
    return net, loss


def _several() -> Drawing:
    x, y = Value(1.5, label="x"), Value(-2.0, label="y")
    both = x * y
    first, second = both.exp(), both + x
    first.backward()
    return draw(first, second, names={"first": first, "second": second, "both": both})


def _cut() -> Drawing:
    net = MLP(40, [30, 2], activation="tanh", seed=1)
    first, second = net([math.sin(i) for i in range(40)])
    loss = first * second
    loss.backward()
    return draw(loss)


def _batch() -> Drawing:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    loss = mse([net([i / 10, -i / 10]) for i in range(12)], [1.0] * 12)
    loss.backward()
    return draw(loss)


def _folded(sizes: list[int], **options: object) -> Drawing:
    net, loss = _loss(sizes)
    return draw(loss, module=net, **options)  # type: ignore[arg-type]


GRAPHS: dict[str, Callable[[], Drawing]] = {
    "lecture": lambda: draw(_lecture()),
    "lecture_dark": lambda: draw(_lecture(), theme="dark", rankdir="TB", format=".2f"),
    "baydin": lambda: draw(_baydin()),
    "constants": lambda: draw(_constants()),
    "shared": lambda: draw(_shared()),
    "extreme": lambda: draw(_extreme()),
    "nasty": lambda: draw(_nasty()),
    "several": _several,
    "network": lambda: _folded([4, 4, 1]),
    "network_layers": lambda: _folded([4, 4, 1], depth=1),
    "network_neuron": lambda: _folded([3, 1], expand="layers[0].neurons[1]"),
    "network_wide": lambda: _folded([16, 16, 1]),
    "network_cut": _cut,
    "network_batch": _batch,
    "network_alone": lambda: draw(MLP(2, [3, 2], seed=1), rankdir="TB"),
}
