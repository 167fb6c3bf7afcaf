"""Elements at whole numbers that change: one path for all of them, on every backend."""

from __future__ import annotations

import ctypes
import pickle
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import CompileError, compile, grad, gradients, hessian, hvp, jacobian, jvp, math, no_grad, vmap
from autograd.program.kernels import Batch
from autograd.program.llvm.kernel import LlvmKernel
from autograd.program.numpy.kernel import build as numpy_kernel
from autograd.program.straight_line.program import Program
from autograd.program.straight_line.simplify import simplified

DRAW = np.random.default_rng(11)
TABLE = DRAW.normal(size=5)
ROWS = DRAW.normal(size=(4, 3))
POINTS = 24


def wholes(low: int, high: int, count: int = POINTS) -> Any:
    return DRAW.integers(low, high, count)


def cross_entropy(w: Any, x: Any, label: Any) -> Any:
    logits = w @ x
    return np.log(np.sum(np.exp(logits))) - logits[label]


def language_model(e: Any, i: Any, j: Any, target: Any) -> Any:
    """Two words lead to a third; all three have the same embeddings."""
    h = np.tanh(e[i] + 0.5 * e[j])
    return math.logsumexp(*(e @ h)) - (e @ h)[target]


FUNCTIONS: dict[str, tuple[Callable[..., Any], tuple[Any, ...], tuple[Any, ...]]] = {
    "element": (lambda t, i: t[i] ** 2, (TABLE,), (wholes(-5, 5),)),
    "neighbours": (lambda t, i: t[i + 1] * t[i - 1] - t[-i], (TABLE,), (wholes(-3, 4),)),
    "twice": (lambda t, i: t[i] * math.sin(t[i]) + t[i] * t[2], (TABLE,), (wholes(-5, 5),)),
    "two": (lambda t, i, j: t[i] * t[j] + t[i * j], (TABLE,), (wholes(-2, 3), wholes(-2, 3))),
    "row": (lambda t, i: np.sum(t[i] ** 3), (ROWS,), (wholes(-4, 4),)),
    "column": (lambda t, i: np.sum(np.exp(t[1:, i]) * t[..., i][:3]), (ROWS,), (wholes(-3, 3),)),
    "row and column": (lambda t, i, j: t[i][j] * t[0, 1], (ROWS,), (wholes(-4, 4), wholes(-3, 3))),
    "both at once": (lambda t, i, j: t[i, j] * t[i, 0], (ROWS,), (wholes(-4, 4), wholes(-3, 3))),
    "with a slice": (lambda t, i: np.sum(t[None, ::2, i] * t[i, None, 1:]), (ROWS,), (wholes(-3, 3),)),
    "of a result": (lambda t, i: np.exp(t / np.sum(t * t))[i], (TABLE,), (wholes(-5, 5),)),
    "of a sorted one": (lambda t, i: np.sort(t)[i] * t[0], (TABLE,), (wholes(-5, 5),)),
    "of a batch": (lambda w, t, i: w * t[i], (1.5,), (DRAW.normal(size=(POINTS, 3)), wholes(-3, 3))),
    "of numbers": (lambda w, t, i: w * w * t[i], (1.5, TABLE), (wholes(-5, 5),)),
    "compared": (lambda t, i: t[i] if t[0] > -9.0 else t[1], (TABLE,), (wholes(-5, 5),)),
    "a derivative": (lambda t, i: np.sum(grad(lambda u: u[i] ** 3 * u[0])(t)), (TABLE,), (wholes(-5, 5),)),
    "in a direction": (lambda t, i: jvp(lambda u: u[i] ** 3, (t,), (t * t,))[1], (TABLE,), (wholes(-5, 5),)),
    "a product": (lambda t, i: np.sum(hvp(lambda u: u[i] ** 3 * u[1])(t, t)), (TABLE,), (wholes(-5, 5),)),
    "cross entropy": (cross_entropy, (ROWS,), (DRAW.normal(size=(POINTS, 3)), wholes(0, 4))),
    "language model": (language_model, (ROWS,), (wholes(0, 4), wholes(0, 4), wholes(0, 4))),
}  # fmt: skip


def plain_points(batches: Any) -> list[tuple[Any, ...]]:
    return [tuple(x[k].item() if x.ndim == 1 else x[k] for x in batches) for k in range(len(batches[0]))]


class Counted:
    """A function that counts its calls."""

    def __init__(self, f: Callable[..., Any]) -> None:
        self.f = f
        self.calls = 0

    def __call__(self, *args: Any) -> Any:
        self.calls += 1
        return self.f(*args)


def close(x: Any, y: Any) -> None:
    np.testing.assert_allclose(x, y, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("backend", ["numpy", "llvm"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_batch_is_the_function_point_by_point_along_one_path(name: str, backend: str) -> None:
    f, shared, batches = FUNCTIONS[name]
    counted = Counted(f)
    many = vmap(compile(counted, backend=backend), in_axes=(None,) * len(shared) + (0,) * len(batches))
    points = plain_points(batches)
    close(many(*shared, *batches), [f(*shared, *x) for x in points])
    close(many.grad(*shared, *batches), sum(grad(f)(*shared, *x) for x in points))
    values, gradient = many.value_and_grad(*shared, *batches)
    close(values, [f(*shared, *x) for x in points])
    close(gradient, sum(grad(f)(*shared, *x) for x in points))
    close(many.jacobian(*shared, *batches), sum(jacobian(f)(*shared, *x) for x in points))
    close(many.hessian(*shared, *batches), sum(hessian(f)(*shared, *x) for x in points))
    along = np.cos(shared[0])
    first, *others = shared
    wanted = sum(hvp(f)(first, along, *others, *x) for x in points)
    close(many.hvp(first, along, *others, *batches), wanted)
    assert counted.calls <= 4


@pytest.mark.parametrize("name", FUNCTIONS)
def test_so_is_a_batch_of_gradients(name: str) -> None:
    f, shared, batches = FUNCTIONS[name]
    counted = Counted(grad(f))
    many = vmap(compile(counted), in_axes=(None,) * len(shared) + (0,) * len(batches))
    close(many(*shared, *batches), [grad(f)(*shared, *x) for x in plain_points(batches)])
    assert counted.calls <= 4


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_calls_one_by_one_take_one_path_too(name: str, backend: str) -> None:
    f, shared, batches = FUNCTIONS[name]
    counted = Counted(f)
    fast = compile(counted, backend=backend)
    for x in plain_points(batches):
        close(fast(*shared, *x), f(*shared, *x))
        close(fast.grad(*shared, *x), grad(f)(*shared, *x))
    assert counted.calls <= 2 * (1 + len(batches))  # with the numbers of the first call, and then without


def test_a_derivative_is_scattered_to_the_places_and_added_up() -> None:
    many = vmap(lambda t, i: t[i] ** 2, in_axes=(None, 0))
    index = np.array([3, 0, 3, 1])
    assert many(np.array([1.0, 2.0, 3.0, 4.0]), index).tolist() == [16.0, 1.0, 16.0, 4.0]
    assert many.grad(np.array([1.0, 2.0, 3.0, 4.0]), index).tolist() == [2.0, 4.0, 0.0, 16.0]


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64", "uint64"])
def test_whole_numbers_of_all_kinds_are_indices(dtype: str) -> None:
    many = vmap(lambda t, i: t[i] * 2.0, in_axes=(None, 0))
    assert many(TABLE, np.array([0, 3, 1], dtype=dtype)).tolist() == (TABLE[[0, 3, 1]] * 2.0).tolist()


def test_flags_are_no_indices() -> None:
    def f(t: Any, flag: Any) -> Any:
        return np.sum(t[flag]) + t[0]  # NumPy makes a mask of a flag

    flags = np.array([True, False, True])
    assert vmap(f, in_axes=(None, 0))(TABLE, flags).tolist() == [f(TABLE, bool(x)) for x in flags]


# Out of range


@pytest.mark.parametrize("errors", ["nan", "raise"])
@pytest.mark.parametrize("index", [[0, 1, 5], [-6, 0, 1], [7, 8, 9]])
def test_an_index_out_of_range_is_the_error_of_the_function(index: list[int], errors: str) -> None:
    many = vmap(compile(lambda t, i: t[i] ** 2, errors=errors), in_axes=(None, 0))
    for mode in (many, many.grad):
        with pytest.raises(IndexError, match=r"index -?\d is out of bounds for axis 0 with size 5"):
            mode(TABLE, np.array(index))
    close(many(TABLE, np.array([0, -5, 4])), TABLE[[0, -5, 4]] ** 2)
    with pytest.raises(IndexError):
        many(TABLE, np.array(index))


def test_an_index_out_of_range_that_is_caught_is_a_branch() -> None:
    def f(t: Any, i: Any) -> Any:
        try:
            return t[i] ** 2
        except IndexError:
            return t[0] * i

    counted, index = Counted(f), np.array([0, 9, 2, -7, 4, -5, 5, 6, 7, 8])
    many = vmap(compile(counted), in_axes=(None, 0))
    close(many(TABLE, index), [f(TABLE, int(i)) for i in index])
    close(many.grad(TABLE, index), sum(grad(f)(TABLE, int(i)) for i in index))
    assert counted.calls <= 6


def test_an_error_at_some_elements_is_nan_there() -> None:
    many = vmap(lambda t, i: math.log(t[i]), in_axes=(None, 0))
    t, index = np.array([1.0, -1.0, 2.0, 0.0]), np.array([0, 1, 2, 3, -2])
    assert many(t, index).tolist() == pytest.approx(
        [0.0, np.nan, np.log(2.0), np.nan, np.log(2.0)], nan_ok=True
    )
    each = vmap(lambda t, i: math.log(t[i]), in_axes=(None, 0), reduce=None).grad(t, index)
    assert each[2].tolist() == [0.0, 0.0, 0.5, 0.0]
    assert np.isnan(each[[1, 3]]).all()
    stopping = vmap(compile(lambda t, i: math.log(t[i]), errors="raise"), in_axes=(None, 0))
    with pytest.raises(ValueError, match="math domain error") as raised:
        stopping(t, index)
    assert "point 1 " in raised.value.__notes__[0]


# What is infinite, and not chosen


def test_what_is_infinite_at_another_index_does_not_matter() -> None:
    def f(t: Any, i: Any) -> Any:
        return np.sqrt(t)[i] * t[0]

    t, index = np.array([1.0, 0.0, 4.0, 9.0]), np.array([0, 2, 3, -1, -2, 0])
    points = [int(i) for i in index]
    with np.errstate(all="ignore"):
        for many in (
            vmap(compile(f), in_axes=(None, 0)),
            vmap(compile(f, backend="numpy"), in_axes=(None, 0)),
        ):
            close(many.grad(t, index), sum(grad(f)(t, i) for i in points))
            assert np.isfinite(many.grad(t, index)).all()
            close(many.hessian(t, index)[[0, 2, 3]], sum(hessian(f)(t, i) for i in points)[[0, 2, 3]])


@pytest.mark.parametrize("first", [4.0, 0.0])
def test_nor_does_it_in_a_derivative_inside(first: float) -> None:
    """Where the sweep inside meets 0.0 times infinity, the index is part of the program."""

    def f(t: Any, i: Any) -> Any:
        return grad(lambda u: np.sqrt(u)[i] * u[0])(t)

    many, index = vmap(compile(f), in_axes=(None, 0)), np.array([0, 2, 3, -1])
    for t in (
        np.array([1.0, first, 4.0, 9.0]),
        np.array([1.0, 0.0, 4.0, 9.0]),
        np.array([1.0, 2.0, 3.0, 4.0]),
    ):
        close(many(t, index), [f(t, int(i)) for i in index])


def test_nor_what_is_infinite_above_a_derivative_inside() -> None:
    def f(t: Any, i: Any) -> Any:
        # The root of an element, whose slope at 0 is infinite.
        return math.sqrt(grad(lambda u: 0.5 * u[i] * u[i])(t)[i])

    counted, index, t = Counted(f), np.array([0, 1, 2, -1]), np.array([4.0, 0.0, 1.0])
    each = vmap(compile(counted), in_axes=(None, 0), reduce=None).grad(t, index)
    assert each.tolist() == [[0.25, 0.0, 0.0], [0.0, np.inf, 0.0], [0.0, 0.0, 0.5], [0.0, 0.0, 0.5]]
    close(each, [grad(f)(t, int(i)) for i in index])
    assert counted.calls <= 4


def test_nor_is_it_multiplied_by_what_no_index_chooses() -> None:
    def f(t: Any, i: Any) -> Any:
        return math.sqrt(grad(lambda u: 0.5 * u[i] * u[i])(t)[0]) * t[1]  # the root is 0 for all i but 0

    counted, index, t = Counted(f), np.array([0, 1, 2, -1, -3]), np.array([4.0, 9.0, 1.0])
    each = vmap(compile(counted), in_axes=(None, 0), reduce=None).grad(t, index)
    chosen, others = [2.25, 2.0, 0.0], [0.0, 0.0, 0.0]
    assert each.tolist() == [chosen, others, others, others, chosen]
    close(each, [grad(f)(t, int(i)) for i in index])
    assert counted.calls <= 4


# What NumPy does with views


def written_before(t: Any, i: Any) -> Any:
    u = t * 2.0
    u[0] = t[1]
    return u[i]


def element_then_written(t: Any, i: Any) -> Any:
    u = t * 1.0
    x = u[i]
    u[0] = u[0] * 5.0
    return x * u[1]


def row_and_then_the_table(t: Any, i: Any) -> Any:
    u = np.outer(t, t)
    row = u[i]
    u[0, 0] = 100.0 * t[1]
    return np.sum(row)


def table_through_a_row(t: Any, i: Any) -> Any:
    u = np.outer(t, t)
    row = u[i]
    row[0] = 100.0 * t[1]
    return np.sum(u)


def row_in_place(t: Any, i: Any) -> Any:
    u = np.outer(t, t)
    row = u[i]
    row *= 2.0
    return np.sum(u)


def row_by_a_function(t: Any, i: Any) -> Any:
    u = np.outer(t, t)
    np.copyto(u[i][1:3], t[:2])
    return np.sum(u)


def another_view(t: Any, i: Any) -> Any:
    u = np.outer(t, t)
    view = u[:2]
    row = u[i]
    view[0] = t * 3.0
    return np.sum(row)


def row_sorted(t: Any, i: Any) -> Any:
    u = np.outer(t, t)
    u[i].sort()
    return np.sum(u @ t)


def row_filled(t: Any, i: Any) -> Any:
    u = np.outer(t, t)
    u[i].fill(t[0])
    u[i].put([0], [t[1]])
    return np.sum(u @ t)


def row_added_at(t: Any, i: Any) -> Any:
    u = np.outer(t, t)
    row = u[i]
    np.add.at(u, (0, 0), t[0])
    return np.sum(row @ t)


def assigned(t: Any, i: Any) -> Any:
    u = t * 1.0
    u[i] += 5.0 * t[0]
    return np.sum(u * u)


@pytest.mark.parametrize(
    "f",
    [
        written_before, element_then_written, row_and_then_the_table, table_through_a_row, row_in_place,
        row_by_a_function, another_view, row_sorted, row_filled, row_added_at, assigned,
    ],
)  # fmt: skip
def test_what_is_written_into_an_array_is_seen_as_in_numpy(f: Callable[..., Any]) -> None:
    many, index = vmap(compile(f), in_axes=(None, 0)), np.array([0, 2, 1, -1, -5])
    close(many(TABLE, index), [f(TABLE, int(i)) for i in index])
    close(many.grad(TABLE, index), sum(grad(f)(TABLE, int(i)) for i in index))


# What is no basic index, and other ways to use one


@pytest.mark.parametrize(
    "f",
    [
        lambda t, i: t[[i, 0]] @ t[:2],
        lambda t, i: np.sum(np.outer(t, t)[i, (0, 1)] * t[i]),
        lambda t, i: np.sum(np.outer(t, t)[i, [True, False, True, True, False]]),
        lambda t, i: t[i // 2] * t[i % 3],
        lambda t, i: np.take(t, i) * t[0],
        lambda t, i: list(t)[i] * t[1],
        lambda t, i: np.array([t[0], t[1], t[2], t[3]])[i - 1],
        lambda t, i: t[i] if i > 1 else t[0] * i,
        lambda t, i: sum(t[k] * t[i] for k in range(i)),
        lambda t, i: t[np.array([0, 1])][i % 2],
        lambda t, i: t[..., i][()] if hasattr(t[..., i], "shape") else t[i],
        lambda t, i: t[i] * {0: 1.0, 1: 2.0}.get(i, 3.0),
    ],
)  # fmt: skip
def test_all_else_is_right_too(f: Callable[..., Any]) -> None:
    many, index = vmap(compile(f), in_axes=(None, 0)), np.array([0, 2, 1, 3, 2])
    close(many(TABLE, index), [f(TABLE, int(i)) for i in index])
    close(many.grad(TABLE, index), sum(grad(f)(TABLE, int(i)) for i in index))


def test_a_derivative_by_an_element_is_that_by_the_value_in_the_table() -> None:
    def f(t: Any, i: Any) -> Any:
        (slope,) = gradients(t[0] * t[1] * t[2] ** 2, [t[i]], create_graph=True)
        return slope * t[1]

    many, index = vmap(compile(f), in_axes=(None, 0)), np.array([0, 2, 1, 3, 2])
    for got, i in zip(vmap(grad(f), in_axes=(None, 0))(TABLE, index), index, strict=True):
        close(got, grad(f)(TABLE, int(i)))
    close(many.grad(TABLE, index), sum(grad(f)(TABLE, int(i)) for i in index))


def test_an_element_taken_inside_no_grad_has_its_derivative() -> None:
    """To take an element out of an array is no operation, so `no_grad` has nothing to say to it."""

    def f(t: Any, i: Any) -> Any:
        with no_grad():
            x = t[i]
        return x * t[0]

    counted, index = Counted(f), np.array([0, 2, 1, -1])
    many = vmap(compile(counted), in_axes=(None, 0))
    close(many.grad(TABLE, index), sum(grad(f)(TABLE, int(i)) for i in index))
    assert counted.calls <= 4


def test_too_many_indices_are_the_error_of_numpy() -> None:
    with pytest.raises(IndexError, match="too many indices"):
        vmap(lambda t, i: t[i, i], in_axes=(None, 0))(TABLE, np.array([0, 1]))


def test_a_table_of_other_size_is_another_program() -> None:
    many = vmap(lambda t, i: t[i] ** 2, in_axes=(None, 0))
    for size in (3, 5, 8):
        t, index = np.arange(float(size)), np.array([size - 1, -size, 1])
        assert many(t, index).tolist() == (t[index] ** 2).tolist()


def test_it_travels_in_a_pickle() -> None:
    many = vmap(compile(cross_entropy), in_axes=(None, 0, 0))
    x, labels = DRAW.normal(size=(4, 3)), np.array([0, 3, 1, 1])
    wanted = many.grad(ROWS, x, labels)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(many)).grad(ROWS, x, labels), wanted)


# Programs


def gather(inputs: int, operands: list[int], index: int = 0) -> Program:
    """A program that also has a sum, and a number, which are no inputs."""
    program = Program([f"x{i}" for i in range(inputs)])
    total, number = program.add("+", 1, 2), program.number(7.5)
    places = [total if i == -1 else number if i == -2 else i for i in operands]
    program.outputs = (program.add("gather…", index, *places), total)
    return program


@pytest.mark.parametrize("kernel", [numpy_kernel, LlvmKernel])
@pytest.mark.parametrize(
    "operands",
    [
        [1],
        [2, 1],
        [1, 2, 3, 4, 5],
        [5, 3, 1],
        [1, 3, 5],
        [2, 2, 2],
        [-1],
        [-1, 3, -2],
        [4, 1, -1],
        [-2],
        [1, 2, 4],
    ],
)
def test_each_backend_takes_the_number_at_the_index_from_wherever_it_is(
    kernel: Any, operands: list[int]
) -> None:
    program = gather(6, operands)
    points = DRAW.normal(size=(37, 6))
    points[:, 0] = DRAW.integers(0, len(operands), 37)
    for same in ([], [1, 2], [3, 4, 5], [1, 2, 3, 4, 5], [0]):
        rows = points.copy()
        rows[:, same] = rows[0, same]
        wanted = np.array([program.run(x) for x in rows.tolist()])
        columns = [rows[:1, [i]] if i in same else rows[:, [i]] for i in range(6)]
        out = np.full((37, 2), 99.0)
        kernel(program)(Batch(37, columns, [out], [False], None, None))
        np.testing.assert_array_equal(out, wanted)


def test_an_index_that_is_known_needs_no_gather() -> None:
    program = Program(["x0", "x1", "x2"])
    program.outputs = (program.add("gather…", program.number(1.0), 2, 0, 1),)
    small = simplified(program)
    assert small.outputs == (0,)
    assert small.operations == 0


def test_c_takes_the_number_at_the_index(tmp_path: Path) -> None:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        pytest.skip("no C compiler is found")
    fast = compile(lambda t, i: np.exp(t)[i] * t[i - 1])
    for i in (0, 1):
        fast.grad(TABLE, i)
    source, library = tmp_path / "f.c", tmp_path / "f.so"
    source.write_text(fast.to_c("grad"), encoding="utf-8")
    flags = "-std=c99 -O1 -Wall -Wextra -Wpedantic -Werror -ffp-contract=off -shared -fPIC".split()
    subprocess.run([compiler, *flags, "-o", str(library), str(source), "-lm"], check=True)
    f = ctypes.CDLL(str(library)).f
    for i in range(-4, 7):
        x, y = (ctypes.c_double * 6)(*TABLE, i), (ctypes.c_double * 5)()
        if i > 4:
            assert f(x, y) == 1
        else:
            assert f(x, y) == 0
            close([*y], grad(lambda t, i: np.exp(t)[i] * t[i - 1])(TABLE, i))


def test_a_large_table_costs_no_more_for_each_point_than_a_small_one() -> None:
    """The program has one operation for the element, however many there are."""
    many = vmap(compile(lambda t, i: t[i] ** 2), in_axes=(None, 0))
    t = np.arange(10_000.0)
    index = DRAW.integers(0, 10_000, 200)
    np.testing.assert_array_equal(many(t, index), t[index] ** 2)
    (signature,) = many._compiled._recordings.signatures
    (path,) = signature.paths
    assert path.derived("value").program.operations < 10
    want = np.zeros(10_000)
    np.add.at(want, index, 2.0 * t[index])
    np.testing.assert_array_equal(many.grad(t, index), want)


def test_a_function_that_cannot_be_followed_still_says_so() -> None:
    with pytest.raises(CompileError, match=r"\.data"):
        vmap(lambda t, i: t[i].data * t[0], in_axes=(None, 0))(TABLE, np.array([0, 1]))
