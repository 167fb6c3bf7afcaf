"""`scan` in compiled functions: its body is recorded once, and results are those of plain calls."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from scans import DATA, OTHERS, POINT, Calls, N, decay, path_of

from autograd import (
    Value,
    compile,
    fori_loop,
    grad,
    hessian,
    math,
    scan,
    value_and_grad,
    vmap,
)
from autograd.program.loops.program import LoopProgram


def kept(p: Any, xs: Any) -> Any:
    """The ys are used after the scan."""
    _, ys = scan(lambda c, x: (c * p[0] + x * p[1], math.tanh(c)), p[1], xs)
    total = 0.0
    for y in ys:
        total = total + y * y
    return total


def backwards(p: Any, xs: Any) -> Any:
    last, ys = scan(lambda c, x: (math.sin(c + x * p[0]), c * x), p[1], xs, reverse=True)
    return last + ys[0] - 2.0 * ys[-1] + sum(ys)


def through_two(p: Any, xs: Any) -> Any:
    """The second scan goes through what the first has kept."""
    _, ys = scan(lambda c, x: (c * p[0] + x, c), p[1], xs)
    return scan(lambda c, y: (0.9 * c + y * p[1], None), 0.0, ys, reverse=True)[0]


def pairs(p: Any, xs: Any) -> Any:
    scanned = {"a": xs, "b": OTHERS}
    carry = {"sum": p[0], "last": (0.0, p[1])}

    def body(c: Any, x: Any) -> Any:
        before, last = c["last"]
        return {
            "sum": c["sum"] + x["a"] * before * x["b"],
            "last": (last, math.exp(-abs(last)) + x["a"]),
        }, None

    out, _ = scan(body, carry, scanned)
    return out["sum"] * out["last"][0]


def delayed(p: Any, xs: Any) -> Any:
    """What was scanned, and what stays, is carried on."""
    (_, _, total, same), _ = scan(
        lambda c, x: ((x, c[0], c[2] + c[0] * c[1] * c[3], c[3]), None), (p[0], p[1], 0.0, p[0]), xs
    )
    return total * same


def without_xs(p: Any, xs: Any) -> Any:
    return scan(lambda c, _: (c + p[0] * math.cos(c), None), p[1], length=N)[0]


def guarded(p: Any, xs: Any) -> Any:
    """Each turn asks, and the answer is always the same."""

    def body(c: Any, x: Any) -> Any:
        c = c * p[0] + (x if x < 10.0 else -x)
        if c > 1e6:
            c = c - 1e6
        return c, None

    return scan(body, p[1], xs)[0]


def inner_derivative(p: Any, xs: Any) -> Any:
    slope = grad(lambda z, x: math.sin(z * p[0]) * x)
    return scan(lambda c, x: (c + 0.1 * slope(c, x), None), p[1], xs)[0]


FUNCTIONS = [
    decay, kept, backwards, through_two, pairs, delayed, without_xs, guarded, inner_derivative,
]  # fmt: skip


@pytest.mark.parametrize("f", FUNCTIONS)
@pytest.mark.parametrize("xs", [DATA, np.array(DATA)], ids=["list", "array"])
@pytest.mark.parametrize("backend", ["python", "llvm", "numpy"])
def test_results_are_those_of_plain_calls(f: Any, xs: Any, backend: str) -> None:
    fast = compile(f, backend=backend)
    for point in (POINT, [0.65, -0.3]):
        assert fast(point, xs) == f(point, xs)
        value, gradient = fast.value_and_grad(point, xs)
        plain_value, plain_gradient = value_and_grad(f)(point, xs)
        assert value == plain_value
        tolerance = 0.0 if backend == "python" else 1e-13
        assert gradient == pytest.approx(plain_gradient, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_the_programs_have_loops(f: Any) -> None:
    fast = compile(f)
    fast.value_and_grad(POINT, DATA)
    path = path_of(fast)
    assert isinstance(path.program, LoopProgram)
    program = path.derived("value_and_grad").program
    assert isinstance(program, LoopProgram)
    assert len(program.nodes) - len(program.inputs) < N


@pytest.mark.parametrize("f", FUNCTIONS)
def test_the_recorded_program_unrolled_is_that_of_the_turns(f: Any) -> None:
    fast = compile(f)
    fast(POINT, DATA)
    program = path_of(fast).program
    numbers = [*POINT, *DATA]
    assert program.run(numbers) == program.unrolled().run(numbers) == [f(POINT, DATA)]


def test_the_body_is_called_in_a_few_turns() -> None:
    body = Calls(lambda c, x: (c * 0.9 + math.sin(x * c), None))
    fast = compile(lambda c, xs: scan(body.f, c, xs)[0])
    counted = compile(lambda c, xs: scan(lambda c, x: body(c, x), c, xs)[0])
    assert fast(0.5, DATA) == scan(body.f, 0.5, DATA)[0]
    assert body.count == 0
    counted(0.5, DATA)
    # A counter is changed by every call, so these are all called.
    assert body.count >= 2 * N


def test_a_body_without_effects_is_called_ten_times() -> None:
    log: list[int] = []

    def body(c: Any, x: Any) -> Any:
        noted()
        return c * 0.9 + math.sin(x * c), None

    def noted() -> None:
        sink.write("x")

    class Sink:
        def write(self, text: str) -> None:
            log.append(1)

    sink = Sink()
    assert compile(lambda c, xs: scan(body, c, xs)[0])(0.5, DATA) == scan(body, 0.5, DATA)[0]


@pytest.mark.parametrize("mode", ["grad", "hessian", "jacobian"])
def test_other_derivatives(mode: str) -> None:
    import autograd

    for f in (decay, through_two, guarded):
        expected = np.array(getattr(autograd, mode if mode != "jacobian" else "grad")(f)(POINT, DATA))
        found = np.array(getattr(compile(f), mode)(POINT, DATA))
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_hessian_vector_products() -> None:
    vector = [0.3, -1.2]
    expected = np.array(hessian(decay)(POINT, DATA)) @ vector
    assert compile(decay).hvp(POINT, DATA, vector=vector) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("backend", ["python", "llvm", "numpy"])
def test_batches(backend: str) -> None:
    points = np.column_stack([np.linspace(0.1, 0.9, 40), np.linspace(-1.0, 1.0, 40)])
    fast = compile(lambda p: decay(p, DATA), backend=backend)
    values, slopes = vmap(fast.value_and_grad)(points)
    for value, slope, point in zip(values, slopes, points, strict=True):
        assert value == decay(point.tolist(), DATA)
        assert slope == pytest.approx(grad(lambda p: decay(p, DATA))(point.tolist()), rel=1e-12)


def test_what_is_kept_is_returned() -> None:
    def f(p: Any) -> Any:
        return scan(lambda c, x: (c * p + x, {"c": c, "pair": (c * c, None)}), 0.5, DATA)

    assert compile(f)(0.7) == f(0.7)


def test_what_is_kept_is_returned_as_arrays() -> None:
    def f(p: Any, xs: Any) -> Any:
        return scan(lambda c, x: (c * p + x, (c * c, x * np.array([c, p]))), 0.5, xs, reverse=True)

    carry, (squares, products) = compile(f)(0.7, np.array(DATA))
    plain_carry, (plain_squares, plain_products) = f(0.7, np.array(DATA))
    assert carry == plain_carry
    assert squares.tolist() == plain_squares.tolist()
    assert products.tolist() == plain_products.tolist()
    assert products.shape == (N, 2)


def test_rows_and_carried_arrays() -> None:
    rows = np.array([DATA, OTHERS]).T

    def f(state: Any, rows: Any) -> Any:
        matrix = np.array([[0.5, 0.2], [-0.3, 0.6]])
        last, _ = scan(lambda s, row: (matrix @ s + row * s[0], None), state, rows)
        return last[0] * last[1]

    state = np.array([0.3, 0.4])
    fast = compile(f)
    assert fast(state, rows) == pytest.approx(f(state, rows), rel=1e-13)
    assert fast.grad(state, rows) == pytest.approx(grad(f)(state, rows), rel=1e-12)
    assert isinstance(path_of(fast).program, LoopProgram)


def test_derivatives_by_what_is_scanned() -> None:
    def f(xs: Any) -> Any:
        return scan(lambda c, x: (0.5 * c + x * x, None), 0.0, xs)[0]

    assert compile(f).grad(DATA) == grad(f)(DATA)


def test_values_from_outside_are_read_at_every_call() -> None:
    weight = Value(0.5)
    fast = compile(lambda x: scan(lambda c, d: (c * weight + d * x, None), 0.0, DATA)[0])
    for number in (0.5, -0.25):
        weight.data = number
        assert fast(2.0) == scan(lambda c, d, w=number: (c * w + d * 2.0, None), 0.0, DATA)[0]
    assert isinstance(path_of(fast).program, LoopProgram)


def a_step(i: Any, y: Any, x: Any) -> Any:
    return y + x * i / (i + 1) - y * 0.01


def test_a_loop_over_whole_numbers() -> None:
    def f(x: float) -> Any:
        return fori_loop(3, N, lambda i, y: a_step(i, y, x), 0.5)

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == grad(f)(0.7)
    assert isinstance(path_of(fast).program, LoopProgram)


@pytest.mark.parametrize(
    "body",
    [
        lambda i, y, x: y + x * DATA[i],
        lambda i, y, x: y * x if i % 2 else y + x,
        lambda i, y, x: y + x**i,
        lambda i, y, x: y + x * (i if isinstance(i, int) else 0.5),
        lambda i, y, x: y + (x if i < 100 else 1.0),
        lambda i, y, x: y + x * len(str(i)),
        lambda i, y, x: (y + x) * (2**-i),
    ],
    ids=["index", "odd", "power", "int", "bound", "text", "shift"],
)
def test_loops_over_whole_numbers_that_are_more_than_numbers(body: Any) -> None:
    def f(x: float) -> Any:
        return fori_loop(0, N, lambda i, y: body(i, y, x), 0.5)

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == pytest.approx(grad(f)(0.7), rel=1e-13)


def test_whole_numbers_that_are_scanned() -> None:
    def f(x: float) -> Any:
        scanned = {"i": range(N), "row": [(float(i), 2 * i, "same") for i in range(N)]}
        return scan(lambda c, t: (c * 0.9 + x * t["i"] - t["row"][0] / (1 + t["row"][1]), None), 0.0, scanned)

    fast = compile(lambda x: f(x)[0])
    assert fast(0.7) == f(0.7)[0]
    assert isinstance(path_of(fast).program, LoopProgram)


def test_it_can_be_pickled() -> None:
    fast = compile(decay)
    expected = fast.value_and_grad(POINT, DATA)
    assert pickle.loads(pickle.dumps(fast)).value_and_grad(POINT, DATA) == expected


def test_carries_of_another_form_are_errors_as_ever() -> None:
    with pytest.raises(TypeError, match="must return a carry of the form"):
        compile(lambda x: scan(lambda c, d: ((c, d), None), x, DATA)[0])(0.5)


@pytest.mark.parametrize("name", ["fsum", "hypot", "sumprod"])
def test_operations_on_what_is_kept_of_all_turns(name: str) -> None:
    def f(x: float) -> Any:
        _, ys = scan(lambda c, d: (c * x + d, c), 0.5, DATA)
        arguments = {"fsum": [ys], "hypot": ys, "sumprod": [ys, DATA]}
        return getattr(math, name)(*arguments[name])

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == pytest.approx(grad(f)(0.7), rel=1e-13)
    assert fast.hessian(0.7) == pytest.approx(hessian(f)(0.7), rel=1e-12)
