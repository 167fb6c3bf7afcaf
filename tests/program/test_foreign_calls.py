"""Programs that call functions of the user's, with derivatives that the user gave."""

from __future__ import annotations

import math as std
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.special

from autograd import (
    CompileError,
    compile,
    custom_gradient,
    custom_vjp,
    derivative,
    fori_loop,
    grad,
    hessian,
    jacobian,
    jvp,
    math,
    no_grad,
    scan,
    value_and_grad,
    vmap,
)

BACKENDS = [None, "python", "numpy", "llvm"]
POINTS = [(0.5, 2.0), (0.7, 1.2), (-0.3, 0.4)]


@custom_gradient(lambda x: 2.0 / math.sqrt(math.pi) * math.exp(-x * x))
def erf(x: Any) -> Any:
    """Return the error function, which SciPy computes."""
    return float(scipy.special.erf(x))


@custom_gradient(lambda x, y: ((y, x), (1.0, -1.0)))
def both(x: Any, y: Any) -> Any:
    """Return a product and a difference."""
    if not (isinstance(x, float) and isinstance(y, float)):
        raise AssertionError("it is called with floats alone")
    return x * y, x - y


@custom_vjp
def solve(matrix: Any, right: Any) -> Any:
    """Return the solution of a linear system."""
    return np.linalg.solve(matrix, right)


def solve_backward(residuals: Any, gradient: Any) -> Any:
    matrix, x = residuals
    back = solve(matrix.T, gradient)
    return -np.outer(back, x), back


solve.defvjp(lambda m, r: ((x := solve(m, r)), (m, x)), solve_backward)


def model(x: Any, y: Any) -> Any:
    product, difference = both(math.sin(x), y)
    return erf(product * y) + difference * erf(x) * difference


def system(x: Any, y: Any) -> Any:
    matrix = np.array([[2.0 + x * x, y], [x * y, 3.0 + math.exp(y)]])
    solution = solve(matrix, np.array([1.0 + x, y * y]))
    return solution[0] * solution[1] + x


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("f", [model, system])
def test_all_modes_give_what_the_function_gives(f: Any, backend: Any) -> None:
    compiled = compile(f, argnums=(0, 1), backend=backend)
    for point in POINTS:
        assert compiled(*point) == f(*point)
        np.testing.assert_allclose(compiled.grad(*point), grad(f, (0, 1))(*point), rtol=1e-13)
        value, gradient = compiled.value_and_grad(*point)
        assert value == f(*point)
        np.testing.assert_allclose(gradient, grad(f, (0, 1))(*point), rtol=1e-13)
        np.testing.assert_allclose(
            compiled.hessian(*point), hessian(f, (0, 1))(*point), rtol=1e-12, atol=1e-13
        )


@pytest.mark.parametrize("f", [model, system])
def test_derivatives_within_what_is_compiled_call_the_rules_too(f: Any) -> None:
    first, second = compile(grad(f, 1)), compile(hessian(f))
    for point in POINTS:
        assert first(*point) == pytest.approx(grad(f, 1)(*point), rel=1e-13)
        assert second(*point) == pytest.approx(hessian(f)(*point), rel=1e-12)
        assert first.grad(*point) == pytest.approx(grad(grad(f, 1))(*point), rel=1e-12)


def test_one_result_has_the_bits_of_the_plain_function() -> None:
    def f(x: Any) -> Any:
        return erf(x * x) * math.cos(x)

    compiled, both_orders = compile(f), compile(grad(grad(f)))
    for x in (0.1, 0.9, -1.7):
        assert compiled.value_and_grad(x) == value_and_grad(f)(x)
        assert both_orders(x) == grad(grad(f))(x)


@pytest.mark.parametrize("backend", [None, "numpy", "llvm"])
@pytest.mark.parametrize("f", [model, system])
def test_batches_are_called_point_by_point(f: Any, backend: Any) -> None:
    x, y = np.array([p[0] for p in POINTS]), np.array([p[1] for p in POINTS])
    compiled = compile(f, argnums=(0, 1), backend=backend)
    np.testing.assert_allclose(vmap(compiled)(x, y), [f(*p) for p in POINTS], rtol=1e-14)
    by = vmap(compiled).grad(x, y)
    np.testing.assert_allclose(np.transpose(by), [grad(f, (0, 1))(*p) for p in POINTS], rtol=1e-12)
    np.testing.assert_allclose(vmap(f, in_axes=(0, None))(x, 2.0), [f(a, 2.0) for a in x], rtol=1e-14)


def test_one_point_is_computed_without_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where machine code is asked for, too: Python has to be called anyway, and rounds as floats do."""
    runs: list[Any] = []
    monkeypatch.setattr("autograd.program.numpy.calls.CallKernel.__call__", lambda *args: runs.append(args))
    f: Any = lambda x, y: math.sin(erf(x)) * math.exp(y) if x > 0.0 else erf(y)  # noqa: E731
    slow, fast = value_and_grad(f, (0, 1)), compile(f, (0, 1), backend="llvm")
    for x, y in (*POINTS, *POINTS):
        assert fast(x, y) == f(x, y)
        value, slopes = fast.value_and_grad(x, y)
        assert value == f(x, y)
        assert slopes == pytest.approx(slow(x, y)[1], rel=1e-14)
    with pytest.raises(OverflowError):
        fast(0.5, 1000.0)
    assert runs == []


def test_a_guard_after_a_call_works_on_its_result() -> None:
    def f(x: Any) -> Any:
        y = erf(x)
        return y * y if y > 0.5 else 3.0 * y

    compiled = compile(f)
    for x in (0.1, 2.0, 0.2, 1.0):
        assert compiled.value_and_grad(x) == value_and_grad(f)(x)
    points = np.array([0.1, 2.0, 0.2, 1.0])
    np.testing.assert_allclose(vmap(f)(points), [f(x) for x in points], rtol=1e-14)


calls: list[float] = []


@custom_gradient(lambda x: 0.5 / root(x))
def root(x: Any) -> Any:
    """Return a root, for numbers above 0 only."""
    calls.append(x)
    if x < 0.0:
        raise RuntimeError(f"no root of {x}")
    return std.sqrt(x)


def test_a_function_is_called_once_at_every_call() -> None:
    compiled = compile(lambda x: root(x) + 1.0)
    compiled(4.0)
    compiled(9.0)
    calls.clear()
    assert [compiled(4.0), compiled(4.0)] == [3.0, 3.0]
    assert calls == [4.0, 4.0]


def test_it_is_not_called_where_a_guard_before_it_fails() -> None:
    def f(x: Any) -> Any:
        return root(x) if x > 0.0 else -x

    points = np.array([4.0, -1.0, 9.0, -2.0])
    batched = vmap(compile(f))
    batched(points)
    calls.clear()
    np.testing.assert_array_equal(batched(points), [2.0, 1.0, 3.0, 2.0])
    assert calls == [4.0, 9.0]
    np.testing.assert_allclose(batched.grad(points), [0.25, -1.0, 1.0 / 6.0, -1.0])


def test_an_error_comes_out_as_from_the_function_itself() -> None:
    compiled = compile(lambda x: root(x) * 2.0)
    assert compiled(4.0) == 4.0
    with pytest.raises(RuntimeError, match=r"no root of -1\.0"):
        compiled(-1.0)
    assert compiled(9.0) == 6.0
    with pytest.raises(RuntimeError, match=r"no root of -1\.0"):
        compile(lambda x: root(x) * 2.0)(-1.0)
    with pytest.raises(RuntimeError, match=r"no root of -1\.0"):
        vmap(compiled)(np.array([1.0, -1.0]))


def test_an_error_of_the_gradient_comes_out_too() -> None:
    def gradient(x: Any) -> Any:
        if x > 3.0:
            raise ValueError("no gradient here")
        return 2.0

    given = custom_gradient(gradient)(lambda x: 2.0 * x)
    compiled = compile(given)
    assert compiled.grad(1.0) == 2.0
    assert compiled(4.0) == 8.0
    with pytest.raises(ValueError, match="no gradient here"):
        compiled.grad(4.0)
    np.testing.assert_array_equal(vmap(compiled).grad(np.array([1.0, 4.0])), [2.0, np.nan])
    with pytest.raises(ValueError, match="no gradient here"):
        vmap(compile(given, errors="raise")).grad(np.array([1.0, 4.0]))


def test_an_error_that_is_caught_is_caught_at_every_call() -> None:
    def f(x: Any) -> Any:
        try:
            return root(x)
        except RuntimeError:
            return -100.0 * x

    for first in ([4.0, -1.0, 9.0, -2.0], [-1.0, 4.0, -2.0, 9.0]):
        compiled = compile(f)
        for x in first:
            assert compiled(x) == f(x)
            assert compiled.grad(x) == pytest.approx(grad(f)(x))


def test_loops_call_it_in_each_turn() -> None:
    def loop(x: Any) -> Any:
        return fori_loop(0, 6, lambda i, c: erf(c) + x, x)

    def scanned(x: Any) -> Any:
        before = scan(lambda c, _: (math.sin(c), None), x, None, 40)[0]
        last, kept = scan(lambda c, t: (erf(c) + t, c), before, np.arange(40.0) / 100.0)
        return last + kept[3] + scan(lambda c, _: (math.cos(c), None), x, None, 40)[0]

    for f in (loop, scanned):
        compiled = compile(f)
        for x in (0.3, 0.8):
            assert compiled(x) == pytest.approx(f(x), rel=1e-14)
            assert compiled.grad(x) == pytest.approx(grad(f)(x), rel=1e-12)


def test_a_long_program_in_pieces_calls_it() -> None:
    def f(x: Any) -> Any:
        total = x
        for i in range(2200):
            total = math.sin(total) * 0.5 + x / (i + 1.0) + total * total * 0.01
            if i % 500 == 0:
                total = total + erf(total)
        return total

    compiled = compile(f)
    for x in (0.3, 0.8):
        assert compiled(x) == f(x)
        assert compiled.grad(x) == pytest.approx(grad(f)(x), rel=1e-12)


def test_branches_of_where_do_not_meet_what_is_infinite() -> None:
    def f(x: Any) -> Any:
        return math.where(x > 0.0, root(math.where(x > 0.0, x, 1.0)), 0.0) + math.where(x > 5.0, erf(x), x)

    compiled = compile(f)
    for x in (4.0, 6.0, 0.0, 9.0):
        assert compiled.value_and_grad(x) == value_and_grad(f)(x)


def test_a_choice_and_a_call_of_the_same_number_both_count() -> None:
    def f(x: Any, y: Any) -> Any:
        return math.where(x > y, x, y) + both(x, y)[0] + math.where(x > y, y, x)

    compiled = compile(f, argnums=(0, 1))
    for point in POINTS:
        assert compiled.grad(*point) == pytest.approx(grad(f, (0, 1))(*point), rel=1e-15)


def test_numbers_in_order_and_a_call_of_them_both_count() -> None:
    def f(v: Any) -> Any:
        first, second = np.sort(v)
        return 2.0 * first + both(v[0], v[1])[0] + 3.0 * second

    compiled = compile(f)
    for v in (np.array([1.0, 4.0]), np.array([5.0, 3.0])):
        assert compiled(v) == f(v)
        weights = np.array([2.0, 3.0] if v[0] < v[1] else [3.0, 2.0])
        np.testing.assert_array_equal(compiled.grad(v), v[::-1] + weights)


def test_inside_no_grad_a_call_is_repeated_and_has_no_derivative() -> None:
    def f(x: Any) -> Any:
        with no_grad():
            scale = erf(x)
        return scale * x

    compiled = compile(f)
    for x in (0.5, 1.5):
        assert compiled.value_and_grad(x) == value_and_grad(f)(x)
        assert compiled.grad(x) == erf(x)


def test_a_jacobian_of_many_results_asks_for_each() -> None:
    def f(v: Any) -> Any:
        return solve(np.array([[2.0, 1.0], [0.5, 3.0]]), v * v)

    v = np.array([1.0, 2.0])
    compiled = compile(f)
    np.testing.assert_allclose(compiled.jacobian(v), jacobian(f)(v), rtol=1e-14)
    np.testing.assert_allclose(compiled.jacobian(2.0 * v), jacobian(f)(2.0 * v), rtol=1e-14)


def test_what_carries_gradients_back_only_cannot_be_differentiated_forward() -> None:
    def one(x: Any) -> Any:
        return solve(np.array([[2.0]]), np.array([x]))[0]

    with pytest.raises(TypeError, match="none to differentiate forward"):
        compile(lambda x: jvp(one, (x,), (1.0,))[1])(2.0)
    functions: list[Callable[[Any], Any]] = [
        lambda x: jvp(erf, (x,), (2.0,))[1],
        derivative(erf, 2),
        derivative(lambda x: both(x, x)[0]),
    ]
    for f in functions:
        compiled = compile(f)
        for x in (0.5, 1.5):
            assert compiled(x) == pytest.approx(f(x), rel=1e-14)


def test_it_cannot_be_written_in_another_language() -> None:
    compiled = compile(lambda x: erf(x))
    compiled(1.0)
    with pytest.raises(TypeError, match=r"calls erf, a function of Python.*written in C"):
        compiled.to_c()
    with pytest.raises(TypeError, match=r"calls erf, a function of Python.*written in JavaScript"):
        compiled.to_js()
    with pytest.raises(TypeError, match=r"calls erf, a function of Python.*written in Python that runs"):
        _ = compiled.source


def test_compiled_functions_with_calls_can_be_pickled() -> None:
    compiled = compile(model, argnums=(0, 1))
    compiled.grad(*POINTS[0])
    twin = pickle.loads(pickle.dumps(compiled))
    for point in POINTS:
        assert twin(*point) == model(*point)
        assert twin.grad(*point) == compiled.grad(*point)


def test_a_random_function_is_noticed() -> None:
    numbers = iter(range(1000))
    random = custom_gradient(lambda x: 1.0)(lambda x: x + next(numbers))
    with pytest.raises(CompileError, match="cannot be compiled"):
        compile(random)(1.0)


def test_rechecking_compares_with_the_function() -> None:
    compiled = compile(model, recheck=1)
    for point in POINTS:
        assert compiled(*point) == model(*point)
