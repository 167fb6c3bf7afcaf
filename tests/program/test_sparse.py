"""Sparse derivatives of compiled functions: the entries and numbers of plain ones, by their own programs."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from sparse_functions import Drawn, Stencil, places_of

from autograd import CompileError, Value, compile, grad, hessian, jacobian, math, scan
from autograd.program.compressed import Compressed
from autograd.program.loops.program import LoopProgram

BACKENDS = ("python", "numpy", "llvm", None)
every_backend = pytest.mark.parametrize("backend", BACKENDS)


def path_of(compiled: Any) -> Any:
    return compiled._recordings.latest().paths[0]


@every_backend
@pytest.mark.parametrize("seed", range(100, 112))
def test_entries_and_numbers_are_those_of_the_plain_function(seed: int, backend: Any) -> None:
    drawn = Drawn(seed)
    other = [x * 1.25 for x in drawn.point]
    for transform, f in ((jacobian, drawn.terms), (hessian, drawn.total)):
        compiled = transform(compile(f, backend=backend), sparse=True)
        for point in (drawn.point, other, drawn.point):
            found, wanted = compiled(point), transform(f, sparse=True)(point)
            assert isinstance(found, csr_array)
            assert found.has_canonical_format
            assert places_of(found) == places_of(wanted)
            np.testing.assert_allclose(found.toarray(), wanted.toarray(), rtol=1e-11, atol=1e-12)


# Loops


def rosenbrock(x: Any) -> Any:
    a, b = x[:-1], x[1:]
    return np.sum(100.0 * (b - a**2) ** 2 + (1.0 - a) ** 2)


def rosenbrock_in_turns(x: Any) -> Any:
    total = 0.0
    for i in range(len(x) - 1):
        total = total + 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2
    return total


def bands_of_rosenbrock(x: Any) -> tuple[Any, Any]:
    """Return the diagonal of the Hessian and the one beside it, by the textbook."""
    diagonal = np.zeros(len(x))
    diagonal[:-1] += 1200.0 * x[:-1] ** 2 - 400.0 * x[1:] + 2.0
    diagonal[1:] += 200.0
    return diagonal, -400.0 * x[:-1]


@every_backend
@pytest.mark.parametrize("f", [rosenbrock, rosenbrock_in_turns])
def test_a_tridiagonal_hessian_is_the_textbooks_and_its_program_a_loop(f: Any, backend: Any) -> None:
    n = 150
    compiled = compile(f, backend=backend)
    for x in (np.linspace(0.5, 1.5, n), np.linspace(-1.0, 2.0, n)):
        found = compiled.hessian(x, sparse=True)
        diagonal, beside = bands_of_rosenbrock(x)
        assert found.nnz == 3 * n - 2
        np.testing.assert_allclose(found.diagonal(), diagonal, rtol=1e-13)
        np.testing.assert_allclose(found.diagonal(1), beside, rtol=1e-13)
        assert (found != found.T).nnz == 0
    program = path_of(compiled).derived("sparse_hessian").program
    assert isinstance(program, LoopProgram)
    assert program.operations < 150


def grid(x: Any) -> Any:
    u = x.reshape(8, -1)
    return np.sum((u[1:] - u[:-1]) ** 4) + np.sum((u[:, 1:] - u[:, :-1]) ** 4) + np.sum(np.exp(u))


def arrow(x: Any) -> Any:
    return np.sum((x[1:] - x[0]) ** 4)


def mirrored(x: Any) -> Any:
    return np.sum(x * x[::-1] ** 2)


def dynamics(x: Any) -> Any:
    p, v = np.split(x, 2)
    return np.concatenate([p[1:] - p[:-1] - 0.1 * v[:-1], v[1:] - v[:-1] + 0.1 * np.sin(p[:-1])])


def neighbours(x: Any) -> Any:
    return [x[i - 1] * x[i] ** 2 * math.exp(-x[i + 1]) for i in range(1, len(x) - 1)]


def trajectory(x: Any) -> Any:
    y, states = 1.0, []
    for _ in range(110):
        y = y + 0.01 * (x[0] * y - x[1] * y * y + x[2])
        states.append(y)
    return states


def scaled_by_a_long_way(x: Any) -> Any:
    t = x[0]
    for _ in range(110):
        t = math.sin(t) + 0.1 * t
    return sum([t * x[i] ** 2 for i in range(1, len(x))])


def rows_of_a_long_way(x: Any) -> Any:
    t = x[0] * x[1]
    for _ in range(110):
        t = math.sin(t) + 0.1 * t
    return [np.sum(t * x), t * t]


def nearly_everything_with_everything(x: Any) -> Any:
    """Return what is no loop, for the numbers come in no order."""
    y = x[0]
    for i in range(300):
        y = math.sin(0.9 * y) + 0.1 * x[i * i % len(x)] * y + x[i % 7 * i % len(x)]
    return y


LARGE = [
    (hessian, grid, 96, None), (hessian, arrow, 120, None), (hessian, mirrored, 200, None),
    (jacobian, dynamics, 200, None), (jacobian, neighbours, 150, None), (jacobian, trajectory, 3, ("jvp", 3)),
    (hessian, scaled_by_a_long_way, 40, ("hvp", 2)), (jacobian, rows_of_a_long_way, 40, None),
    (hessian, nearly_everything_with_everything, 30, ("hvp", 30)),
]  # fmt: skip


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize(
    ("transform", "f", "n", "products"), LARGE, ids=lambda x: getattr(x, "__name__", str(x))
)
def test_larger_problems_have_the_entries_of_the_dense_ones(
    transform: Any, f: Any, n: int, products: Any, backend: Any
) -> None:
    """Where rows share a long way, products with few directions give them."""
    x = np.random.default_rng(n).uniform(0.2, 1.2, n)
    wanted = np.array(transform(f)(x))
    compiled = compile(f, backend=backend)
    pattern = places_of(transform(f, sparse=True)(x))
    for _ in range(3):
        found = transform(compiled, sparse=True)(x)
        assert places_of(found) == pattern
        np.testing.assert_allclose(found.toarray(), wanted, rtol=1e-11, atol=1e-13 * abs(wanted).max())
    compressed = path_of(compiled).compressed[f"sparse_{transform.__name__}"]
    assert (compressed and (compressed.product, len(compressed._directions))) == products


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 6, 7])
def test_random_loops_have_the_entries_of_the_plain_function(seed: int) -> None:
    drawn, rng = Stencil(seed), np.random.default_rng(seed)
    transform, f = ((hessian, drawn.total), (jacobian, drawn.terms))[seed < 4]
    compiled = [compile(f, backend=backend) for backend in ("python", "llvm")]
    for _ in range(2):
        x = rng.uniform(0.3, 1.7, drawn.variables)
        wanted = transform(f, sparse=True)(x)
        for each in compiled:
            found = transform(each, sparse=True)(x)
            assert (found.indices == wanted.indices).all()
            assert (found.indptr == wanted.indptr).all()
            np.testing.assert_allclose(found.data, wanted.data, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize(
    ("mode", "f", "n", "product", "directions"),
    [
        ("sparse_hessian", rosenbrock, 60, "hvp", 3),
        ("sparse_jacobian", dynamics, 60, "jvp", 4),
        ("sparse_jacobian", rows_of_a_long_way, 30, "vjp", 2),
    ],
)
def test_products_give_the_same_as_entries_one_by_one(
    mode: str, f: Any, n: int, product: str, directions: int, backend: str
) -> None:
    x = np.linspace(0.3, 1.1, n)
    compiled = compile(f, backend=backend)
    wanted = (hessian if mode == "sparse_hessian" else jacobian)(compiled, sparse=True)(x)
    path = path_of(compiled)
    compressed = Compressed(path, mode)
    assert compressed.product == product
    assert len(compressed._directions) == directions
    numbers = compressed.numbers(path, x.tolist(), backend)
    found = path.sparse_entries(mode).array(numbers, True)
    np.testing.assert_allclose(found.toarray(), wanted.toarray(), rtol=1e-12)


def test_numbers_that_are_infinite_come_out_of_products_as_in_the_plain_function() -> None:
    def f(x: Any) -> Any:
        y = trajectory(x)
        y[-1] = y[-1] * math.sqrt(x[3])
        return y

    x = [0.5, 0.2, 0.1, 0.0]
    compiled = compile(f)
    wanted = jacobian(f, sparse=True)(x)
    for _ in range(2):
        np.testing.assert_allclose(jacobian(compiled, sparse=True)(x).toarray(), wanted.toarray(), rtol=1e-13)
    assert path_of(compiled).compressed["sparse_jacobian"].product == "jvp"


def test_a_report_tells_of_their_programs() -> None:
    compiled = compile(rosenbrock_in_turns, backend="python")
    for _ in range(2):
        compiled.hessian(np.ones(3), sparse=True)
    assert "    hessian, sparse: " in compiled.report()


def scanned(x: Any) -> Any:
    def turn(total: Any, both: Any) -> Any:
        a, b = both
        return total + (b - a**2) ** 2 * math.exp(-a), None

    return scan(turn, 0.0, (x[:-1], x[1:]))[0]


@every_backend
@pytest.mark.parametrize("checkpoint", [False, True])
def test_scans_have_the_entries_of_loops(backend: Any, checkpoint: bool) -> None:
    x = np.linspace(0.5, 1.5, 40)
    compiled = compile(scanned, backend=backend, checkpoint=checkpoint).record(x)
    found = compiled.hessian(x, sparse=True)
    assert found.nnz == 3 * 40 - 2
    np.testing.assert_allclose(found.toarray(), hessian(scanned)(x), rtol=1e-12, atol=1e-12)


# Paths, and what is read from outside


@every_backend
def test_each_branch_has_its_own_pattern(backend: Any) -> None:
    @compile(backend=backend)
    def f(x: Any) -> Any:
        return x[0] * x[1] if x[2] > 0.0 else x[2] ** 2

    for x in ([1.0, 2.0, 1.0], [1.0, 2.0, -1.0], [3.0, 2.0, 1.0], [3.0, 2.0, -5.0]) * 2:
        found = f.hessian(x, sparse=True)
        assert places_of(found) == ({(0, 1), (1, 0)} if x[2] > 0.0 else {(2, 2)})
        np.testing.assert_array_equal(found.toarray(), hessian(f._f)(x))


@every_backend
def test_where_counts_as_the_branch_that_was_chosen_and_a_sort_as_any_order(backend: Any) -> None:
    @compile(backend=backend)
    def f(x: Any) -> Any:
        return [math.where(x[0] > x[1], x[0] * x[2], x[1] ** 2), *math.sort(x[:2])]

    for x, places in (([2.0, 1.0, 4.0], {(0, 0), (0, 2)}), ([1.0, 2.0, 4.0], {(0, 1)})):
        found = f.jacobian(x, sparse=True)
        assert places_of(found) == places | {(1, 0), (1, 1), (2, 0), (2, 1)}
        np.testing.assert_array_equal(found.toarray(), jacobian(f._f)(x))


@every_backend
def test_a_loop_that_a_comparison_ends_has_the_pattern_of_its_turns(backend: Any) -> None:
    def f(x: Any) -> Any:
        total, i = 0.0, 0
        while i < len(x) - 1 and x[i] > 0.0:
            total = total + x[i] ** 2 * x[i + 1]
            i += 1
        return total

    compiled = compile(f, backend=backend)
    for turns in (60, 50, 55, 60, 50, 55):
        x = np.array([1.0] * turns + [-1.0] * (120 - turns))
        found, wanted = compiled.hessian(x, sparse=True), hessian(f, sparse=True)(x)
        assert places_of(found) == places_of(wanted)
        np.testing.assert_array_equal(found.toarray(), wanted.toarray())


def test_loops_that_end_after_other_numbers_of_turns_have_products_of_their_own() -> None:
    def f(x: Any) -> Any:
        y = x[0]
        while y < 10.0:
            y = y + 0.05 * (x[1] + x[2] * y * y / 100.0)
        return y * sum([x[i] ** 2 for i in range(3, len(x))])

    compiled = compile(f)
    for speed in (1.0, 0.8, 1.0, 0.8):
        x = np.full(30, 0.5)
        x[1] = speed
        found, wanted = compiled.hessian(x, sparse=True), hessian(f, sparse=True)(x)
        assert places_of(found) == places_of(wanted)
        np.testing.assert_allclose(found.toarray(), wanted.toarray(), rtol=1e-11)
    paths = compiled._recordings.latest().paths
    assert [path.compressed["sparse_hessian"].product for path in paths] == ["hvp", "hvp"]


def test_what_is_read_from_outside_is_read_anew() -> None:
    scale, weight = [2.0], Value(3.0)
    found = compile(hessian(lambda x: scale[0] * weight * x[0] ** 2 * x[1], sparse=True))
    assert found([1.0, 1.0]).toarray().tolist() == [[12.0, 12.0], [12.0, 0.0]]
    scale[0] = 1.0
    assert found([1.0, 1.0]).toarray().tolist() == [[6.0, 6.0], [6.0, 0.0]]
    weight.data = 1.0
    assert found([1.0, 1.0]).toarray().tolist() == [[2.0, 2.0], [2.0, 0.0]]


@every_backend
def test_errors_of_the_function_are_raised(backend: Any) -> None:
    compiled = jacobian(compile(lambda x: [1.0 / x[0], x[1]], backend=backend), sparse=True)
    assert compiled([2.0, 1.0]).toarray().tolist() == [[-0.25, 0.0], [0.0, 1.0]]
    with pytest.raises(ZeroDivisionError):
        compiled([0.0, 1.0])
    assert compiled([4.0, 1.0]).nnz == 2


def test_a_linear_function_of_many_numbers_has_no_entries() -> None:
    compiled = compile(lambda x: np.sum(3.0 * (x[1:] - x[:-1] / 4.0)))
    for _ in range(2):
        found = compiled.hessian(np.ones(300), sparse=True)
        assert (found.shape, found.nnz) == ((300, 300), 0)


def test_operations_on_many_numbers_at_once_are_followed_where_rows_share_a_long_way() -> None:
    def f(x: Any) -> Any:
        return sum([math.hypot(x[i], x[i + 1], 1.0) * (i % 7 + 1.5) for i in range(len(x) - 1)])

    x = np.linspace(0.5, 1.5, 300)
    for backend in ("python", "llvm"):
        compiled = compile(f, backend=backend).record(x)
        found, wanted = compiled.hessian(x, sparse=True), hessian(f, sparse=True)(x)
        assert places_of(found) == places_of(wanted)
        np.testing.assert_allclose(found.toarray(), wanted.toarray(), rtol=1e-11, atol=1e-13)


@every_backend
def test_functions_without_entries_give_empty_matrices(backend: Any) -> None:
    linear = compile(lambda x: 3.0 * x[0] + x[1], backend=backend)
    for x in ([1.0, 2.0], [3.0, 4.0], [3.0, 4.0]):
        assert linear.hessian(x, sparse=True).nnz == 0
        assert linear.hessian(x, sparse=True).shape == (2, 2)
        assert linear.jacobian(x, sparse=True).toarray().tolist() == [[3.0, 1.0]]
    constant = compile(lambda x: [1.0, 2.0], backend=backend)
    assert constant.jacobian([1.0], sparse=True).shape == (2, 1)


# The ways to ask for it


def test_all_ways_to_ask_for_it_give_the_same() -> None:
    x = np.array([1.0, 2.0, 3.0])
    f = compile(rosenbrock)
    wanted = hessian(rosenbrock)(x)
    for found in (
        f.hessian(x, sparse=True),
        hessian(f, sparse=True)(x),
        compile(hessian(rosenbrock, sparse=True))(x),
        compile(hessian(f, sparse=True))(x),
    ):
        np.testing.assert_allclose(found.toarray(), wanted, rtol=1e-13)
    assert type(f.hessian(x, sparse=False)) is np.ndarray
    assert type(f.hessian(x)) is np.ndarray


@compile(argnums=(0, 2))
def of_two(x: Any, scale: float, y: Any) -> Any:
    return scale * x[0] * y[1] ** 2 + x[1] ** 3


def test_argnums_give_blocks_and_may_be_others_than_those_of_the_function() -> None:
    args = [1.0, 2.0], 10.0, (3.0, 4.0)
    for _ in range(2):
        for mine, its in (
            (of_two.hessian(*args, sparse=True), hessian(of_two._f, (0, 2), sparse=True)(*args)),
            (hessian(of_two, (2, 0), sparse=True)(*args), hessian(of_two._f, (2, 0), sparse=True)(*args)),
        ):
            for row, other in zip(mine, its, strict=True):
                for block, wanted in zip(row, other, strict=True):
                    assert places_of(block) == places_of(wanted)
                    np.testing.assert_array_equal(block.toarray(), wanted.toarray())
        found = hessian(of_two, 2, sparse=True)(*args)
        assert found.toarray().tolist() == [[0.0, 0.0], [0.0, 20.0]]
    assert hessian(of_two, 2, sparse=True) is not hessian(of_two, 2, sparse=True)
    assert of_two._sparse_derivative("hessian", 2) is of_two._sparse_derivative("hessian", 2)


def test_arguments_by_keyword_are_handed_on() -> None:
    f = compile(lambda x, power: x[0] ** power + x[1])
    for power in (3.0, 3.0, 2.0):
        assert f.hessian([2.0, 1.0], power=power, sparse=True).toarray()[0, 0] == power * (
            power - 1
        ) * 2.0 ** (power - 2)


def test_an_argument_of_the_function_that_is_called_sparse_stays_its_own() -> None:
    @compile
    def f(x: Any, sparse: float) -> Any:
        return sparse * x[0] ** 2

    assert f.hessian([1.0], sparse=3.0) == [[6.0]]
    assert hessian(f, sparse=True)([1.0], sparse=3.0).toarray().tolist() == [[6.0]]


def test_other_arguments_and_results_are_refused_as_by_the_plain_function() -> None:
    f = compile(lambda x: x * 2.0)
    with pytest.raises(TypeError, match="a column for each number of an array of one dimension"):
        f.jacobian(np.ones((2, 2)), sparse=True)
    with pytest.raises(TypeError, match="a row for each number of an array of one dimension"):
        compile(lambda x: x.reshape(1, 2)).jacobian(np.ones(2), sparse=True)
    with pytest.raises(TypeError, match="must return a real number"):
        f.hessian(np.ones(2), sparse=True)
    with pytest.raises(TypeError, match="has_aux"):
        compile(jacobian(lambda x: (x, 1.0), has_aux=True, sparse=True))


def test_inside_a_compiled_function_a_sparse_derivative_is_refused() -> None:
    inside = compile(lambda x: hessian(rosenbrock, sparse=True)(x))
    with pytest.raises(TypeError, match=r"jacobian\(compile\(f\), sparse=True\)"):
        inside(np.ones(3))


def test_with_values_it_is_refused_as_by_the_plain_function() -> None:
    f = compile(lambda x: x[0] ** 2 * x[1])
    with pytest.raises(TypeError, match="made of plain numbers"):
        grad(lambda t: hessian(f, sparse=True)([t, t]))(1.0)


def test_with_has_aux_a_compiled_function_is_called_as_it_is() -> None:
    f = compile(lambda x: (x[0] ** 2, 5.0))
    found, aux = hessian(f, has_aux=True, sparse=True)([3.0])
    assert (found.toarray().tolist(), aux) == ([[2.0]], 5.0)


# Copies and checks


def test_it_can_be_pickled_with_what_was_recorded() -> None:
    found = hessian(of_two, 0, sparse=True)
    assert found([1.0, 2.0], 1.0, [1.0, 1.0]).toarray()[1, 1] == 12.0
    again = pickle.loads(pickle.dumps(found))
    assert again([1.0, 3.0], 1.0, [1.0, 1.0]).toarray()[1, 1] == 18.0
    inner = pickle.loads(pickle.dumps(of_two._sparse_derivative("hessian", 0)))
    assert inner([1.0, 3.0], 1.0, [1.0, 1.0]).toarray()[1, 1] == 18.0
    assert repr(inner) == "<sparse hessian of of_two, compiled>"


def test_rechecks_compare_with_the_plain_function() -> None:
    hidden = iter(range(100))
    f = compile(lambda x: x[0] ** 2 * (1.0 + next(hidden)), recheck=1, check=False)
    with pytest.raises(CompileError, match="hessian"):
        f.hessian([1.0, 2.0], sparse=True)
    right = compile(rosenbrock, recheck=2)
    for _ in range(5):
        assert right.hessian(np.ones(3), sparse=True).nnz == 7
        two = compile(lambda x, y: x[0] * y[0], (0, 1), recheck=1)
        assert two.hessian([1.0], [2.0], sparse=True)[0][1].toarray() == [[1.0]]


def test_a_result_is_the_callers_alone() -> None:
    f = compile(rosenbrock)
    first = f.hessian(np.ones(3), sparse=True)
    first.indices[:] = 0
    first.data[:] = 0.0
    assert (f.hessian(np.ones(3), sparse=True).toarray() == hessian(rosenbrock)(np.ones(3))).all()
