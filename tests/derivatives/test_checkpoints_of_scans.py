"""Scans with checkpoints: the same results and derivatives in little memory."""

from __future__ import annotations

import copy
import gc
import pickle
import tracemalloc
from typing import Any

import numpy as np
import pytest
from loops_as_functions import same

from autograd import (
    Value,
    grad,
    gradients,
    hessian,
    jacobian,
    math,
    no_grad,
    scan,
    topological_order,
    value_and_grad,
)


def orbit(state: Any, x: Any) -> Any:
    a, b = state
    a, b = 0.999 * a + 0.01 * math.sin(b), b + 0.01 * a * x
    return (a, b), None


def last_of(x: Any, rate: Any, turns: int, checkpoint: bool, reverse: bool = False) -> Any:
    (a, b), _ = scan(
        lambda state, k: orbit(state, rate), (x, 0.5), length=turns, checkpoint=checkpoint, reverse=reverse
    )
    return a * b


def test_with_checkpoints_values_and_derivatives_are_the_same() -> None:
    for turns in (1, 2, 3, 10, 500):
        plain = value_and_grad(lambda x, r, t=turns: last_of(x, r, t, False), (0, 1))(1.0, 0.7)
        kept = value_and_grad(lambda x, r, t=turns: last_of(x, r, t, True), (0, 1))(1.0, 0.7)
        assert kept[0] == plain[0]
        same(kept[1], plain[1])
        twice = [
            hessian(lambda x, r, t=turns, c=c: last_of(x, r, t, c), (0, 1))(1.0, 0.7) for c in (False, True)
        ]
        same(*twice)


def test_with_checkpoints_thousands_of_turns_are_the_same() -> None:
    x, rate = Value(1.0), Value(0.7)
    plain, kept = (last_of(x, rate, 3_000, checkpoint) for checkpoint in (False, True))
    assert kept.data == plain.data
    assert len(topological_order(kept)) < 600 < 18_000 < len(topological_order(plain))
    slopes = [gradients(y, [x, rate], create_graph=True) for y in (plain, kept)]
    same([s.data for s in slopes[1]], [s.data for s in slopes[0]])
    same(*[gradients(s[0] + 2.0 * s[1], [x, rate]) for s in slopes])


@pytest.mark.parametrize("reverse", [False, True])
def test_with_checkpoints_all_that_is_scanned_and_kept_is_the_same(reverse: bool) -> None:
    def f(x: Any, xs: Any, checkpoint: bool) -> Any:
        def step(state: Any, given: Any) -> Any:
            (a, b), _ = orbit(state, given["k"] * x)
            for _ in range(5):
                a = math.sin(a) + given["row"][0] * given["row"][1]
            return (a, b), {"a": a, "b": (b, None), "row": given["row"]}

        (a, b), ys = scan(step, (x, 0.5), xs, checkpoint=checkpoint, reverse=reverse)
        return a * b + ys["a"][2] * ys["b"][0][-1] + np.sum(ys["row"][3]), ys

    xs = {"k": [0.1 * i for i in range(50)], "row": np.linspace(0.0, 1.0, 100).reshape(50, 2)}
    plain, kept = (f(1.2, xs, checkpoint) for checkpoint in (False, True))
    assert kept[0] == plain[0]
    for key in ("a", "row"):
        assert kept[1][key].tolist() == plain[1][key].tolist()
    slopes = [grad(lambda x, xs, c=c: f(x, xs, c)[0], (0, 1))(1.2, xs) for c in (False, True)]
    same(slopes[1], slopes[0])
    twice = [jacobian(grad(lambda x, xs, c=c: f(x, xs, c)[0]), (0, 1))(1.2, xs) for c in (False, True)]
    same(twice[1], twice[0], 1e-11)
    with no_grad():
        assert f(Value(1.2), xs, True)[0].data == plain[0]


def test_with_checkpoints_graphs_are_copied_and_pickled() -> None:
    x = Value(1.0)
    (a, _), _ = scan(orbit, (x, 0.5), [0.1] * 400, checkpoint=True)
    wanted = gradients(gradients(a, x, create_graph=True), x)
    for twin in (copy.deepcopy(a), pickle.loads(pickle.dumps(a))):
        (leaf,) = (node for node in topological_order(twin) if not node.op)
        assert gradients(gradients(twin, leaf, create_graph=True), leaf) == pytest.approx(wanted, rel=1e-12)


def most_memory(turns: int, checkpoint: bool) -> int:
    """Return the most bytes that a loop of so many turns, and its gradient, take."""
    x, rate = Value(1.0), Value(0.7)
    gc.collect()
    tracemalloc.start()
    try:
        gradients(last_of(x, rate, turns, checkpoint), [x, rate])
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_with_checkpoints_memory_grows_as_the_root_of_the_turns() -> None:
    def grows_as_the_root() -> bool:
        plain, few, many = most_memory(4_000, False), most_memory(400, True), most_memory(4_000, True)
        return many * 10 < plain and many < 5 * few  # the root of ten is 3.2

    assert any(grows_as_the_root() for _ in range(3))  # for other threads may take memory meanwhile
