"""What people write who know PyTorch, JAX, micrograd or Keras: one line says what to write here.

Each row is code and the error that it raises, whose text must have the words.
"""

from __future__ import annotations

import builtins
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Value, grad, math, nn, optim
from autograd.support.slips import advised, keyword_error, message

ATTRIBUTE, TYPE, VALUE, IMPORT, OVERFLOW = (
    "AttributeError",
    "TypeError",
    "ValueError",
    "ImportError",
    "OverflowError",
)

SLIPS = [
    # Values, as if they were tensors
    ("x.item()", ATTRIBUTE, "its number is x.data"),
    ("x.numpy()", ATTRIBUTE, "its number is x.data"),
    ("x.value", ATTRIBUTE, "its number is x.data"),
    ("x.value = 3.0", ATTRIBUTE, "its number is x.data"),
    ("x.gradient", ATTRIBUTE, "its gradient is x.grad"),
    ("Value(1.0, requires_grad=True)", TYPE, "every Value is differentiated"),
    ("x.requires_grad", ATTRIBUTE, "every Value is differentiated"),
    ("x.requires_grad = False", ATTRIBUTE, "x.detach()"),
    ("x.requires_grad_()", ATTRIBUTE, "every Value is differentiated"),
    ("x.backward(retain_graph=True)", TYPE, "a graph is kept as long as a name leads to it; leave it out"),
    ("x.backward(create_graph=True)", TYPE, "gradients(y, x, create_graph=True)"),
    ("x.grad = None", TYPE, "set it to 0.0, as zero_grad() does"),
    ("x.clone()", ATTRIBUTE, "x itself will do; x.detach() is a leaf"),
    ("x.to('cuda')", ATTRIBUTE, "leave it out"),
    ("x.shape", ATTRIBUTE, "a single number"),
    ("x.mean()", ATTRIBUTE, "sum(values) / len(values)"),
    ("x.pow(2)", ATTRIBUTE, "write x**2"),
    ("x.add_(1.0)", ATTRIBUTE, "y = x + 1 makes a new one"),
    ("x.clamp(0.0, 1.0)", ATTRIBUTE, "autograd.math.clip(x, low, high)"),
    ("x.grad_fn", ATTRIBUTE, "x.op"),
    ("x._backward = lambda: None", ATTRIBUTE, "x.partials"),
    ("x.children", ATTRIBUTE, "x.operands"),
    ("Value(1.0, (x,), '+')", TYPE, "operations record their operands themselves"),
    ("x.backward(1.0, True)", TYPE, "takes 1 at most, gradient; 2 were given"),
    ("Value([1.0, 2.0])", TYPE, "make a Value of each of its numbers"),
    ("Value('1')", TYPE, "convert it with float() first"),
    ("import math; math.exp(x)", TYPE, "use the functions of autograd.math instead of math"),
    ("float(x)", TYPE, ".data for the number"),
    ("import statistics; statistics.mean([x, x])", TYPE, "sum(values) / len(values)"),
    ("import fractions, statistics; statistics.fmean([x, x])", TYPE, "autograd.math"),
    # The front door
    ("autograd.tensor([1.0])", ATTRIBUTE, "write Value(2.0)"),
    ("from autograd import Tensor", IMPORT, "write Value(2.0)"),
    ("from autograd import MLP", IMPORT, "from autograd import nn"),
    ("autograd.np", ATTRIBUTE, "write import autograd.numpy as np"),
    ("autograd.jit(f)", ATTRIBUTE, "write compile(f)"),
    ("autograd.jacfwd(f)", ATTRIBUTE, "write jacobian(f)"),
    ("autograd.holomorphic_grad(f)", ATTRIBUTE, "numbers are real"),
    ("autograd.make_vjp(f, argnums=1)", TYPE, "did you mean 'argnum'?"),
    ("autograd.make_jvp(f, 1.5)", TYPE, "make_jvp: argnum is a whole number or a sequence of them, not 1.5"),
    ("autograd.make_ggnvp(f, None, [])", VALUE, "make_ggnvp: f_argnum is empty"),
    ("autograd.draw_dot(x)", ATTRIBUTE, "write draw(y)"),
    ("autograd.remat(f)", ATTRIBUTE, "write checkpoint(f)"),
    ("from autograd import lax", IMPORT, "write scan, fori_loop and while_loop"),
    ("autograd.cond(x > 0, f, f, x)", ATTRIBUTE, "write if and else"),
    ("autograd.checkpoint(f, policy=None)", TYPE, "what takes less memory is kept; leave it out"),
    ("autograd.scan(f, x, [1.0], unroll=4)", TYPE, "a loop is followed as it runs; leave it out"),
    ("autograd.gard(f)", ATTRIBUTE, "did you mean 'grad'?"),
    ("autograd.compile(f, argnum=1)", TYPE, "write argnums="),
    ("from autograd.core import vspace", IMPORT, "is not offered, and so 'vspace' is not; write"),
    ("from autograd.tracer import primitive", IMPORT, "write from autograd.extend import primitive"),
    ("from autograd.tracer import isbox", IMPORT, "write isinstance(x, Value)"),
    ("from autograd.util import subvals", IMPORT, "is not offered"),
    ("from autograd.scipy.integrate import odeint", IMPORT, "in a loop or with scan"),
    ("import autograd.core; autograd.core", ATTRIBUTE, "there are no boxes"),
    ("from autograd.misc import const_graph", IMPORT, "compile(f) records a function once"),
    ("from autograd.misc.tracers import const_graph", IMPORT, "compile(f) records a function once"),
    ("grad(x * x, x)", TYPE, "argnums is a whole number"),
    ("grad(lambda a: [a, a])(1.0)", TYPE, "for that there is jacobian()"),
    ("grad(lambda a: None)(1.0)", TYPE, "does it lack a return?"),
    ("autograd.no_grad(f)", TYPE, "with no_grad():, or @no_grad() with parentheses"),
    # math
    ("math.ln(x)", ATTRIBUTE, "write log(x)"),
    ("from autograd.math import arctan", IMPORT, "write atan(x)"),
    ("math.sigmod(x)", ATTRIBUTE, "did you mean 'sigmoid'?"),
    ("math.mean([x, x])", ATTRIBUTE, "sum(values) / len(values)"),
    # Networks
    ("nn.Linear(2, 3)", ATTRIBUTE, "write nn.Layer(2, 3, activation='linear')"),
    ("from autograd.nn import Linear", IMPORT, "write nn.Layer(2, 3, activation='linear')"),
    ("nn.MSELoss()", ATTRIBUTE, "write nn.mse(predictions, targets)"),
    ("nn.CrossEntropyLoss()", ATTRIBUTE, "write nn.cross_entropy(logits, targets)"),
    ("nn.BCEWithLogitsLoss()", ATTRIBUTE, "write nn.binary_cross_entropy(logits, targets)"),
    ("nn.Sequential(nn.Layer(2, 3))", ATTRIBUTE, "write nn.MLP(2, [16, 1])"),
    ("nn.ReLU()", ATTRIBUTE, "activation='tanh'"),
    ("nn.functional", ATTRIBUTE, "such as nn.mse"),
    ("nn.Parameter(1.0)", ATTRIBUTE, "write Value(0.5)"),
    ("nn.MLP(2, [4, 1], nonlinearity='tanh')", TYPE, "write activation="),
    ("nn.MLP(2, [4, 1], activation='leaky')", VALUE, "leaky_relu"),
    ("nn.MLP(2, 4, 1)", TYPE, "it is MLP(nin, nouts, *, activation='relu'"),
    ("nn.MLP([2, 4, 1])", TYPE, "it is MLP(nin, nouts, *, activation='relu'"),
    ("WithForward()(2.0)", TYPE, "write def __call__(self, row) in its class, in the place of forward"),
    ("Nothing()(2.0)", TYPE, "write def __call__(self, row) in its class"),
    ("model.forward([1.0, 2.0])", ATTRIBUTE, "write model(row)"),
    ("model.fit([[1.0, 2.0]], [1.0])", ATTRIBUTE, "loss.backward(), optimizer.step()"),
    ("model.predict([[1.0, 2.0]])", ATTRIBUTE, "write model(row)"),
    ("model.train()", ATTRIBUTE, "leave it out"),
    ("model.to('cpu')", ATTRIBUTE, "leave it out"),
    ("model.weight", ATTRIBUTE, "model.parameters()"),
    ("model.zero_grad(set_to_none=True)", TYPE, "leave it out"),
    ("model([[1.0, 2.0], [3.0, 4.0]])", TYPE, "[model(row) for row in rows]"),
    ("model(np.ones((3, 2)))", TYPE, "[model(row) for row in rows]"),
    # Optimisers
    ("optim.SGD(model, lr=0.1)", TYPE, "model.parameters()"),
    ("optim.SGD(model.parameters(), learning_rate=0.1)", TYPE, "write lr="),
    ("optim.Adam(model.parameters(), epsilon=1e-8)", TYPE, "write eps="),
    ("optim.RMSprop(model.parameters())", ATTRIBUTE, "there are SGD, Adam and AdamW"),
    ("optim.lr_scheduler", ATTRIBUTE, "such as optim.StepLR"),
    ("from autograd.optim import ExponentialLR", IMPORT, "LambdaLR(optimizer, lambda epoch: gamma**epoch)"),
    ("optim.SGD(model.parameters()).param_groups", ATTRIBUTE, "the learning rate is optimizer.lr"),
    ("optim.SGD(model.parameters()).minimize(f)", ATTRIBUTE, "call loss.backward(), then optimizer.step()"),
    ("optim.SGD(model.parameters()).step(f)", TYPE, "call loss.backward(), then optimizer.step()"),
    ("optim.SGD({'w': 1.0}).step()", TYPE, "write parameters = optimizer.step(gradients)"),
    ("optim.SGD(2.0)", TYPE, "parameters is a list of Values, not 'float'"),
    ("run_away()", OVERFLOW, "lower the learning rate"),
    # NumPy
    ("grad(fill)(np.ones(2))", TYPE, "np.zeros_like(x)"),
    ("np.array([x, x], dtype=float)", TYPE, ".data for the number"),
]  # fmt: skip


class WithForward(nn.Module):
    def forward(self, x: Any) -> Any:
        return x


class Nothing(nn.Module):
    pass


def fill(x: Any) -> Any:
    y = np.zeros(2)
    y[0] = x[0]
    return y.sum()


def run_away() -> None:
    w = Value(1.0)
    optimizer = optim.SGD([w], lr=10.0)
    while True:
        optimizer.zero_grad()
        ((w**2 - 3.0) ** 2).backward()
        optimizer.step()


def names() -> dict[str, Any]:
    x = Value(2.0, label="x")
    model = nn.MLP(2, [3, 1], seed=0)
    return {**globals(), "x": x, "model": model, "f": math.sin, "autograd": autograd, "grad": grad}


@pytest.mark.parametrize(("code", "error", "words"), SLIPS, ids=[code for code, _, _ in SLIPS])
def test_a_slip_is_answered_by_what_to_write(code: str, error: str, words: str) -> None:
    with pytest.raises(getattr(builtins, error)) as caught:
        exec(code, names())
    text = " ".join([str(caught.value), *getattr(caught.value, "__notes__", [])])
    assert words in text
    assert "\n" not in text


def test_there_are_at_least_forty_of_them_each_once() -> None:
    assert len({code for code, _, _ in SLIPS}) == len(SLIPS) >= 40


@pytest.mark.parametrize(
    "code",
    [
        "x.item", "x.requires_grad", "x.children", "nn.Linear", "optim.RMSprop", "math.ln", "autograd.jit",
        "model.fit", "model.weight", "optim.SGD([x]).param_groups",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_there(code: str) -> None:
    owner, _, name = code.rpartition(".")
    thing = eval(owner, names())
    assert not hasattr(thing, name)
    assert getattr(thing, name, 7) == 7
    assert name not in dir(thing)


def test_a_class_of_ones_own_may_have_what_the_library_lacks() -> None:
    class Mine(Value):
        shape = 3

        def item(self) -> float:
            return self.data

    mine: Any = Mine(2.0)
    mine.children = [1]
    assert (mine.item(), mine.shape, mine.children) == (2.0, 3, [1])
    assert "item" in dir(mine)

    class Line(nn.Module):
        def __init__(self) -> None:
            self.weight = Value(2.0)

        def fit(self) -> int:
            return 1

    line = Line()
    assert (line.weight.data, line.fit(), line.state_dict()) == (2.0, 1, {"weight": 2.0})

    class Sign(optim.Optimizer):
        state = 1

    assert Sign([Value(1.0)], 0.1, 0.0, False).state == 1


def test_a_misspelt_attribute_of_a_value_is_likened_by_python() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from autograd import Value\nValue(1.0).backwrd()"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(autograd.__file__).parent.parent,
    )
    assert "has no attribute 'backwrd'. Did you mean: 'backward'?" in ran.stderr


def test_an_error_from_within_is_left_as_it_is() -> None:
    @advised
    def called(x: int, y: int = 0) -> int:
        return x + "1"  # type: ignore[operator]

    with pytest.raises(TypeError, match="unsupported operand"):
        called(1)
    with pytest.raises(TypeError, match=r"called\(\) takes no keyword 'z'$"):
        called(1, z=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"missing 1 required .*; it is .*called\(x, y=0\)$"):
        called()  # type: ignore[call-arg]


def test_names_are_likened_to_those_that_there_are_unless_python_asks() -> None:
    assert message("a thing", "sine", {}, ["sin", "cos"]) == "a thing has no 'sine'; did you mean 'sin'?"
    assert message("a thing", "zzz", {}, ["sin", "cos"]) == "a thing has no 'zzz'"
    assert message("a thing", "__sin__", {}, ["sin"]) == "a thing has no '__sin__'"
    assert str(keyword_error("f", ["momentom"], ["momentum"])).endswith("did you mean 'momentum'?")
