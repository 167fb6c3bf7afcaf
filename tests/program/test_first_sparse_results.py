"""The first sparse Hessian on a path: that of the recorded graph, with the places of those by programs."""

from __future__ import annotations

import gc
import sys
import threading
from typing import Any

import numpy as np
import pytest
from sparse_functions import places_of

import autograd.numpy as anp
from autograd import Value, compile, custom_gradient, fori_loop, hessian, implicit, math, no_grad

POINTS = [np.array([1.3, 0.7, 1.1]), np.array([0.9, 1.4, 0.8])]


@custom_gradient(lambda x: 2.0 * x)
def square(x: Any) -> Any:
    return x * x


def stopped(x: Any) -> Any:
    with no_grad():
        scale = x[0] * x[1]
    return scale * x[2] ** 2


FUNCTIONS = {
    "powers": lambda x: x[0] ** 3 + x[2] ** 2 + x[1] ** 1 + 2.0 ** x[0] + x[0] ** x[1] + x[1] ** 0.0,
    "zeros": lambda x: 0.0 * x[0] ** 2 + x[1] * (x[2] - x[2]),
    "where": lambda x: math.where(x[0] > 1.0, x[0] * x[2], x[1] ** 2),
    "where of arrays": lambda x: np.sum(np.where(x > 1.2, x**2, x[0] * x)),
    "greatest": lambda x: math.maximum(x[0] * x[1], x[2] ** 2) + np.max(np.minimum(x, 1.0) ** 2),
    "absolute": lambda x: abs(x[0] * x[1]) + math.relu(x[2] - 5.0) * x[1] + math.clip(x[0] * x[2], 0.0, 1.0),
    "stopped": stopped,
    "in one step": lambda x: math.hypot(x[0], x[1], x[2]) + math.fsum([x[0] ** 2, x[1] * x[2]]),
    "products": lambda x: np.prod(x) + np.cumprod(x)[1] + np.einsum("i,j->", x, x**2),
    "solved": lambda x: np.linalg.solve(anp.array([[x[0], 1.0], [0.5, x[1]]]), anp.array([x[2], 1.0]))[0],
    "root": lambda x: implicit.root(lambda y, a: y**3 + a * y - 1.0, 1.0, x[0]) * x[1],
    "own gradient": lambda x: square(x[0] * x[1]),
    "sorted": lambda x: math.sort([x[0], x[1], x[2]])[0] * x[0],
    "quantile": lambda x: np.quantile(x, 0.3) ** 2 + np.median(x),
    "interpolated": lambda x: np.interp(x[0], [0.0, 1.0, 2.0], x) * x[1],
    "turns": lambda x: fori_loop(0, 40, lambda _, carry: carry * 0.9 + x[0] * x[1], x[2]),
    "linear": lambda x: x @ np.array([1.0, 2.0, 3.0]),
    "an input": lambda x: x[1],
    "constant": lambda _: 3.0,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_first_results_have_the_places_and_numbers_of_later_ones(name: str) -> None:
    f = FUNCTIONS[name]
    compiled = hessian(compile(f), sparse=True)
    found = [[compiled(x) for x in POINTS] for _ in range(3)]
    for i, x in enumerate(POINTS):
        wanted = hessian(f)(x)
        for row in found:
            assert places_of(row[i]) == places_of(found[0][i])
            np.testing.assert_allclose(row[i].toarray(), wanted, rtol=1e-12, atol=1e-14)


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def test_a_program_is_made_for_the_second_result_or_where_it_was_recorded_before() -> None:
    compiled = compile(rosenbrock)
    for programs in ([], ["sparse_hessian"]):
        compiled.hessian(POINTS[0], sparse=True)
        (path,) = compiled._recordings.latest().paths
        assert [*path.programs] == programs
    recorded = compile(rosenbrock).record(POINTS[0])
    recorded.hessian(POINTS[0], sparse=True)
    assert [*recorded._recordings.latest().paths[0].programs] == ["sparse_hessian"]


def test_each_path_has_a_first_result() -> None:
    compiled = compile(lambda x: x[0] * x[1] ** 2 if x[2] > 1.0 else x[2] ** 3)
    x, y = POINTS
    for programs in ([0, 1], [1, 1]):  # of the latest path there is none at first
        assert compiled.hessian(x, sparse=True).toarray()[0, 1] == 2.0 * x[1]
        assert compiled.hessian(y, sparse=True).toarray()[2, 2] == 6.0 * y[2]
        assert [len(path.programs) for path in compiled._recordings.latest().paths] == programs


def test_the_graph_is_not_kept() -> None:
    def values() -> int:
        gc.collect()
        return sum(isinstance(x, Value) for x in gc.get_objects())

    before = values()
    compiled = compile(rosenbrock)
    compiled.hessian(np.linspace(0.5, 1.5, 50), sparse=True)
    assert values() == before
    assert compiled._recordings.latest().paths


def test_of_two_threads_at_once_each_gets_the_result_at_its_own_point() -> None:
    """Both record the same path, of which one is kept."""
    together = threading.Barrier(2, timeout=60.0)

    def f(x: Any) -> Any:
        if threading.current_thread() in first:
            first.remove(threading.current_thread())
            together.wait()
        return x[0] ** 3 * x[1]

    compiled = compile(f)
    found: dict[int, Any] = {}

    def work(i: int) -> None:
        found[i] = compiled.hessian(POINTS[i], sparse=True)

    first = [threading.Thread(target=work, args=(i,)) for i in range(2)]
    threads = [*first]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i, x in enumerate(POINTS):
        np.testing.assert_allclose(found[i].toarray()[0, 0], 6.0 * x[0] * x[1], rtol=1e-14)


def test_it_costs_no_recursion_to_find_the_order_of_a_long_chain() -> None:
    def f(x: Any) -> Any:
        y = x[0]
        for _ in range(10 * sys.getrecursionlimit()):
            y = y * 1.0001
        return y * x[1]

    growth = 1.0001 ** (10 * sys.getrecursionlimit())
    found = compile(f).hessian([1.0, 2.0], sparse=True)
    np.testing.assert_allclose(found.toarray(), [[0.0, growth], [growth, 0.0]], rtol=1e-9)
