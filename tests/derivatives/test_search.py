"""What a call goes over: its own nodes by number, all others as they are."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from autograd import Value, compiled, grad, jacobian
from autograd.derivatives import search
from autograd.derivatives.search import newer_nodes
from autograd.derivatives.sweeps import numbered_reverse_sweep, reverse_sweep
from autograd.derivatives.variables import variables


def test_what_was_computed_from_the_inputs_has_a_number_and_nothing_else() -> None:
    outside = Value(2.0) * Value(3.0)
    x, y = variables([5.0, 7.0])
    own, foreign = x * outside, outside + 1.0
    root = own * foreign
    order, leaves, older, number = newer_nodes([root], [x, y], 0, {})
    assert leaves
    assert older == {}
    assert [node._sweep == number for node in (x, y, own, root)] == [True] * 4
    assert [node._sweep for node in (outside, foreign)] == [0, 0]
    assert {*order} >= {root, own, foreign, outside}
    swept = numbered_reverse_sweep(order, {root: 2.0}, [x, y], number)
    assert swept == reverse_sweep(order, {root: 2.0}, [x, y]) == [2.0 * 6.0 * 7.0, 0.0]
    assert [node._grad for node in (x, y, own, root, outside, foreign)] == [0.0] * 6


def test_a_seed_that_does_not_depend_on_the_inputs_is_left_alone() -> None:
    outside = Value(2.0) * 3.0
    (x,) = variables([5.0])
    roots = [x, outside, x * x]
    order, _, _, number = newer_nodes(roots, [x], 0, {})
    assert numbered_reverse_sweep(order, dict.fromkeys(roots, 1.0), [x], number) == [11.0]
    assert outside._grad == 0.0


def test_gradients_that_the_function_itself_computed_stay() -> None:
    kept: list[Value] = []

    def f(x: Any) -> Any:
        y = x * x
        y.backward()
        kept.extend((x, y))
        return y * x

    assert grad(f)(3.0) == 27.0
    assert [node.grad for node in kept] == [6.0, 1.0]


def test_a_gradient_on_an_inner_node_alone_stays_too() -> None:
    kept: list[Value] = []

    def f(x: Any) -> Any:
        y = x * x
        y.grad = float("nan")
        kept.append(y)
        return y * x

    assert grad(f)(3.0) == 27.0
    assert kept[0].grad != kept[0].grad


def test_what_the_function_keeps_has_no_gradient_and_can_be_differentiated() -> None:
    kept: list[Value] = []

    def f(x: Any) -> Any:
        kept[:] = x, x * x
        return kept[1] * x

    assert grad(f)(3.0) == 27.0
    assert jacobian(lambda x: [f(x), f(x)])(3.0) == [27.0, 27.0]
    assert [node.grad for node in kept] == [0.0, 0.0]
    kept[1].backward()
    assert [node.grad for node in kept] == [6.0, 1.0]


@pytest.mark.skipif(compiled, reason="compiled code goes to the end of a sweep before it can be interrupted")
def test_an_interrupt_leaves_no_gradients_behind() -> None:
    class Interrupted(float):
        def __mul__(self, other: float) -> float:
            raise KeyboardInterrupt

    kept: list[Any] = []

    def f(x: Any) -> Any:
        y = x * x
        y._da = Interrupted(3.0)
        kept[:] = x, y
        return y * x

    with pytest.raises(KeyboardInterrupt):
        grad(f)(3.0)
    assert [node.grad for node in kept] == [0.0, 0.0]


USE_UP_THE_NUMBERS = """
from autograd import grad, jacobian
from autograd.engine.order import sweep_numbers

sweep_numbers.__setstate__(2**31 - 3)
for _ in range(5):
    assert grad(lambda x: x * x * x + x)(3.0) == 28.0
assert next(sweep_numbers, None) is None
assert jacobian(lambda x: [x, x * x])(3.0) == [1.0, 6.0]
assert grad(grad(lambda x: x**3))(2.0) == 12.0
print("same")
"""


def test_when_the_numbers_of_sweeps_are_used_up_derivatives_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = [sys.executable, "-c", USE_UP_THE_NUMBERS]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == ("same\n", "")

    monkeypatch.setattr(search, "sweep_numbers", iter(()))  # compiled code has its own
    for _ in range(2):
        assert grad(lambda x: x * x * x + x)(3.0) == 28.0
