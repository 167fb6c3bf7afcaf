"""What type checkers say of the public names, held against what comes out when this runs.

mypy checks each `assert_type` as it checks everything else; `test_public_face.py` calls the functions with
one of its own, which looks at the value. Where the annotation is Any, an isinstance says what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, assert_type

import numpy as np

import autograd
from autograd import Value, math, nn, ops, optim
from autograd.drawing import Drawing
from autograd.live import Play
from autograd.program.batching import BatchMode, Vmapped
from autograd.program.compiled import Compiled
from autograd.steps import Explanation, Explanations, Walk
from autograd.steps.step import Step

Function = Callable[..., Any]


def arithmetic() -> None:
    x = Value(2.0, label="x")
    # An operand of another class may take part in the operation, and then says what comes of it.
    assert_type(x + 1, Value | Any)
    assert_type(x - x, Value | Any)
    assert_type(x * 0.5, Value | Any)
    assert_type(x / 3, Value | Any)
    assert_type(x**2, Value | Any)
    assert_type(x // 2, Value | Any)
    assert_type(x % 2, Value | Any)
    assert_type(divmod(x, 2), tuple[Value | Any, Value | Any])
    assert_type(1 + x, Value)
    assert_type(1 - x, Value)
    assert_type(2.0 * x, Value)
    assert_type(1 / x, Value)
    assert_type(2**x, Value)
    assert_type(7 // x, Value)
    assert_type(7 % x, Value)
    assert_type(-x, Value)
    assert_type(+x, Value)
    assert_type(abs(x), Value)
    assert_type(round(x), Value)
    assert_type(round(x, 1), Value)


def comparisons_and_text() -> None:
    x = Value(2.0)
    assert_type(x < 1, bool | Any)
    assert_type(x >= x, bool | Any)
    assert_type(x == 2.0, bool | Any)
    assert_type(x != 2.0, bool | Any)
    assert_type(bool(x), bool)
    assert_type(f"{x:.3f}", str)


def what_a_node_shows() -> None:
    x = Value(2.0, label="x")
    y = x.exp()
    assert_type(y.backward(), None)
    assert_type(y.data, float)
    assert_type(x.grad, float)
    assert_type(x.label, str)
    assert_type(y.op, str)
    assert_type(y.operands, tuple[Value | float, ...])
    assert_type(y.partials, tuple[float | None, ...])
    assert_type(y.detach(), Value)
    assert_type(y.zero_grad(), None)
    assert_type(autograd.topological_order(y), list[Value])
    # micrograd's names
    assert_type(y._prev, tuple[Value, ...])
    assert_type(y._op, str)


def methods() -> None:
    x = Value(0.5)
    assert_type(x.tanh(), Value)
    assert_type(x.relu(), Value)
    assert_type(x.sqrt(), Value)
    assert_type(x.log(), Value)
    assert_type(x.floor(), Value)
    assert_type(x.atan2(1.0), Value)
    assert_type(x.maximum(x), Value)


def mathematics() -> None:
    x = Value(0.5)
    assert_type(math.exp, ops.Primitive)
    assert isinstance(assert_type(math.exp(1.0), Any), float)
    assert isinstance(assert_type(math.exp(x), Any), Value)
    assert isinstance(assert_type(math.hypot(3.0, 4.0), Any), float)
    assert isinstance(assert_type(math.hypot(x, 4.0), Any), Value)
    assert isinstance(assert_type(math.log(x, 2), Any), Value)
    assert isinstance(assert_type(math.floor(0.5), Any), int)
    assert isinstance(assert_type(math.floor(x), Any), Value)
    assert isinstance(assert_type(math.fsum([x, 1.0]), Any), Value)
    assert isinstance(assert_type(math.softmax([x, 1.0]), list[Any])[0], Value)
    assert_type(math.isnan(x), bool)
    assert_type(math.isclose(x, 0.5), bool)
    assert_type(math.factorial(3), int)
    assert_type(math.pi, float)


def square(x: Any) -> Any:
    return x * x


def derivatives() -> None:
    x = Value(3.0)
    assert_type(autograd.grad(square), Function)
    assert_type(autograd.grad(argnums=0), Function)
    assert isinstance(assert_type(autograd.grad(square)(3.0), Any), float)
    assert isinstance(assert_type(autograd.grad(square)(x), Any), Value)
    assert_type(autograd.value_and_grad(square), Function)
    assert isinstance(assert_type(autograd.value_and_grad(square)(3.0), Any), tuple)
    assert isinstance(assert_type(autograd.jacobian(square)(np.ones(2)), Any), np.ndarray)
    assert isinstance(assert_type(autograd.hessian(square)(3.0), Any), float)
    assert isinstance(assert_type(autograd.hvp(square)(3.0, 1.0), Any), float)
    assert isinstance(assert_type(autograd.vjp(square, 3.0), Any), tuple)
    assert isinstance(assert_type(autograd.jvp(square, (3.0,), (1.0,)), Any), tuple)
    assert isinstance(assert_type(autograd.derivative(square, order=2)(3.0), Any), float)
    assert_type(autograd.elementwise_grad(square), Function)
    assert isinstance(assert_type(autograd.make_vjp(square, 0)(3.0), Any), tuple)
    assert isinstance(assert_type(autograd.make_ggnvp(square)(3.0)(1.0), Any), float)
    assert isinstance(assert_type(autograd.multigrad_dict(square)(3.0), Any), dict)
    assert isinstance(assert_type(autograd.gradients(square(x), [x]), Any), list)
    assert_type(autograd.check_grads(square, [3.0]), None)
    assert_type(autograd.check_primitive(ops.exp), None)
    assert_type(autograd.custom_gradient(square), Callable[[Function], Function])
    assert_type(autograd.checkpoint(square), Function)
    assert isinstance(assert_type(autograd.checkpoint(square)(x), Any), Value)


def loops() -> None:
    def step(total: Any, x: Any) -> tuple[Any, Any]:
        return total + x, total

    end, totals = assert_type(autograd.scan(step, 0.0, [1.0, 2.0], reverse=True), tuple[Any, Any])
    assert isinstance(end, float)
    assert isinstance(totals, list)
    assert isinstance(assert_type(autograd.fori_loop(0, 3, lambda i, x: x + i, 0.0), Any), float)
    assert isinstance(assert_type(autograd.while_loop(lambda x: x < 3, lambda x: x + 1, 0), Any), int)


def blocks() -> None:
    x = Value(2.0)
    with autograd.no_grad() as nothing:
        assert_type(nothing, None)
    with autograd.detect_anomaly():
        assert_type(x.exp(), Value)

    @autograd.no_grad()
    def digits(x: Value, places: int = 2) -> str:
        return f"{x:.{places}f}"

    assert_type(digits(x, places=3), str)


def programs() -> None:
    batch = autograd.vmap(square, in_axes=0, reduce=None)
    assert_type(batch, Vmapped)
    assert_type(autograd.vmap(in_axes=(0, None)), Callable[[Function], Vmapped])
    assert_type(autograd.vmap(autograd.compile(square)).grad, BatchMode)
    compiled = autograd.compile(square)
    assert_type(compiled, Compiled)
    assert_type(autograd.compile(argnums=0, backend="python"), Callable[[Function], Compiled])
    assert isinstance(assert_type(compiled(3.0), Any), float)
    assert isinstance(assert_type(compiled.grad(3.0), Any), float)
    assert isinstance(assert_type(compiled.value_and_grad(3.0), Any), tuple)
    assert_type(compiled.record(2.0), Compiled)
    assert_type(compiled.source, str)
    assert_type(compiled.report(), str)
    assert_type(compiled.to_c(), str)


def drawings(folder: Path) -> None:
    drawing = autograd.draw(Value(2.0, label="x").exp(), theme="dark")
    assert_type(drawing, Drawing)
    assert_type(drawing.source, str)
    assert_type(drawing.text(), str)
    assert_type(drawing.mermaid(), str)
    assert_type(drawing.svg(), str)
    assert_type(drawing.png(), bytes)
    assert_type(drawing.save(folder / "x.md"), str)


def steps(folder: Path) -> None:
    x = Value(2.0, label="x")
    walk = autograd.walk(square(x))
    assert_type(walk, Walk)
    assert_type(walk[0], Step)
    assert_type(walk[:2], list[Step])
    assert_type(len(walk), int)
    assert_type([step.index for step in walk], list[int])
    assert_type(walk.table(), str)
    assert_type(walk.save(folder / "steps.html"), str)
    assert_type(autograd.explain(square(x), x), Explanation)
    assert_type(autograd.explain(square(x), "x", names=True), Explanation)
    assert_type(autograd.explain(square(x)), Explanations)
    assert_type(autograd.worksheet(square(x)).solution, list[str])
    assert_type(autograd.explain(square(x))[0], Explanation)
    assert_type(autograd.play(square(x), parameters=[x], lang="zh"), Play)
    assert_type(autograd.play(square, 1.0, parameters=["x"]), Play)
    assert_type(autograd.explain(square(x), x, lang="zh").latex, str)


def networks(folder: Path) -> None:
    model = nn.MLP(2, [4, 1], activation="tanh", seed=0)
    assert_type(model, nn.MLP)
    assert isinstance(assert_type(model([1.0, 2.0]), Any), Value)
    assert_type(nn.Neuron(2)([1.0, 2.0]), Value)
    assert isinstance(assert_type(nn.Layer(2, 3)([1.0, 2.0]), Any), list)
    assert_type(model.parameters(), list[Value])
    assert_type(model.named_parameters(), list[tuple[str, Value]])
    assert_type(model.state_dict(), dict[str, float])
    assert_type(nn.MLP.from_dict(model.to_dict()), nn.MLP)
    assert_type(model.save(folder / "model.json"), None)
    assert_type(nn.load_model(folder / "model.json"), nn.MLP)
    assert isinstance(assert_type(nn.mse([model([1.0, 2.0])], [1.0]), Any), Value)
    assert isinstance(assert_type(nn.functional_call(model, model.parameters(), [1.0, 2.0]), Any), Value)


def training() -> None:
    parameters = nn.Neuron(2).parameters()
    optimizer = optim.Adam(parameters, lr=0.1)
    assert_type(optimizer, optim.Adam)
    assert_type(optimizer.lr, float)
    assert_type(optimizer.zero_grad(), None)
    assert assert_type(optimizer.step(), Any) is None
    assert_type(optim.SGD({"w": np.ones(2)}).step({"w": np.ones(2)}), Any)
    assert_type(optimizer.state_dict(), dict[str, Any])
    assert_type(optim.StepLR(optimizer, step_size=2).get_last_lr(), list[float])
    assert_type(optim.clip_grad_norm_(parameters, max_norm=1.0), float)


def the_package() -> None:
    assert_type(autograd.__version__, str)
    assert_type(autograd.compiled, bool)
