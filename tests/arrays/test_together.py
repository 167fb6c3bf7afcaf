"""Operations whose nodes are made together: the same nodes as those that each element is asked for."""

from __future__ import annotations

import itertools
import operator
import warnings
from collections.abc import Callable, Sequence
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, detect_anomaly, grad, no_grad, value_and_grad
from autograd.arrays import array_of, together
from autograd.engine.recording import Block, Observer, observers

AWKWARD = [0.0, -0.0, 1.0, -1.0, inf, -inf, nan, 0.5, 2.0, -8.0, 3.0, 1e308, -1e308, 5e-324, 1e-200, 1e200]
TAME = [0.25, 0.5, 0.75, 0.125]
NAMES = sorted({*together._RULES, "square", "reciprocal"})


def same_bits(x: float, y: float) -> bool:
    return x.hex() == y.hex()


def check_same(got: Any, expected: Any) -> None:
    """Check that two results have the same form, and nodes with the same numbers and operands."""
    assert type(got) is type(expected)
    if not isinstance(got, np.ndarray):
        got, expected = np.array([got], dtype=object), np.array([expected], dtype=object)
    assert (got.shape, got.dtype, got.flags.c_contiguous) == (
        expected.shape, expected.dtype, expected.flags.c_contiguous,
    )  # fmt: skip
    todo = list(zip(got.ravel(), expected.ravel(), strict=True))
    while todo:
        x, y = todo.pop()
        if x is y:
            continue
        assert type(x) is type(y)
        if not isinstance(x, Value):
            assert same_bits(float(x), float(y))
            continue
        assert (x.op, x.grad, len(x.operands)) == (y.op, 0.0, len(y.operands))
        assert all(map(same_bits, (x.data, x._da, x._db), (y.data, y._da, y._db)))
        todo += zip(x.operands, y.operands, strict=True)


def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all made together, few operations too."""
    monkeypatch.setattr(together, "_is_worth", lambda costly, size=0: True)
    monkeypatch.setattr(together, "MANY", 0)
    monkeypatch.setattr(together, "COSTLY", NAMES)


def both_ways(f: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    """What is given with nodes made together, and then one by one."""
    found = []
    for is_together in (True, False):
        with monkeypatch.context() as patched, warnings.catch_warnings(record=True) as given:
            warnings.simplefilter("always")
            for name in () if is_together else ("done", "products"):
                patched.setattr(together, name, lambda *args: None)
            always(patched)
            found.append((f(), [str(x.message) for x in given]))
    (got, told), (expected, its) = found
    assert told == its
    return got, expected


def values(numbers: Sequence[float], *shape: int) -> Any:
    return array_of([Value(x) for x in numbers], shape or (len(numbers),))


def mixed(numbers: Sequence[float]) -> Any:
    """Values and floats in turn."""
    return array_of([x if i % 3 == 1 else Value(x) for i, x in enumerate(numbers)], (len(numbers),))


def operands_for(name: str, numbers: list[float]) -> list[tuple[Any, ...]]:
    """Operands of all kinds for a ufunc."""
    if together._RULES.get(name, together._RULES["negative"]).operands == 1:
        return [(values(numbers),), (mixed(numbers),), (values(numbers)[::-1],)]
    pairs = list(itertools.product(numbers, numbers))
    xs, ys = [x for x, _ in pairs], [y for _, y in pairs]
    found: list[tuple[Any, ...]] = [
        (values(xs), values(ys)), (values(xs), np.array(ys)), (np.array(xs), values(ys)),
        (mixed(xs), values(ys)), (values(xs), mixed(ys)), (mixed(xs), mixed(ys[::-1])),
    ]  # fmt: skip
    for c in (*numbers, 2, 3, -1, 2.5, np.float64(3.0), np.float32(0.1), np.int64(2), Value(0.5), 10**17):
        found += [(values(numbers), c), (c, values(numbers))]
    return found


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("numbers", [AWKWARD, TAME], ids=["awkward", "tame"])
def test_the_nodes_are_those_of_each_element(
    name: str, numbers: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    ufunc = getattr(np, name)
    for operands in operands_for(name, numbers):
        check_same(*both_ways(lambda operands=operands: ufunc(*operands), monkeypatch))  # type: ignore[misc]


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "power", "maximum"])
def test_arrays_of_all_shapes_and_orders(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ufunc, numbers = getattr(np, name), [0.5 + i for i in range(12)]
    matrix = values(numbers, 3, 4)
    cases = [
        (matrix, matrix.T.copy().T), (matrix.T, matrix.T), (matrix, values(numbers[:4])),
        (matrix, np.arange(1.0, 4.0)[:, None]), (matrix[:, :1], matrix[:1]), (matrix[:, ::2], 2.0),
        (matrix[::-1], matrix), (matrix[:, ::-1], matrix[:, ::-1]), (matrix.T[::-1, ::-1], 2.0),
        (matrix, np.arange(12).reshape(3, 4)),
        (matrix[:, 1:3], np.float32(0.5)), (np.array([True, False, True, True]), matrix),
        (values(numbers, 2, 3, 2), values(numbers[:2])), (values(numbers, 2, 1, 6), values(numbers, 1, 2, 6)),
    ]  # fmt: skip
    for x, y in cases:
        got, expected = both_ways(lambda x=x, y=y: ufunc(x, y), monkeypatch)  # type: ignore[misc]
        check_same(got, expected)
        assert got.strides == expected.strides
    for wrong in (values(numbers[:5]), np.ones((3, 3))):
        with pytest.raises(ValueError, match="could not be broadcast"):
            ufunc(matrix, wrong)
    assert ufunc(matrix[:0], matrix[:0]).shape == (0, 4)


def test_sums_add_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [1e16, 1.0, -1e16, 3.0, 0.1, 1e-9, 7.0, 1e17, -2.0, 0.3, 5e15, -1e17]
    line, matrix, cube = values(numbers), values(numbers, 3, 4), values(numbers, 2, 3, 2)
    cases: list[Callable[[], Any]] = [
        lambda: line.sum(), lambda: line[::-1].sum(), lambda: line[::2].sum(), lambda: line[:1].sum(),
        lambda: np.sum(line, keepdims=True), lambda: np.add.reduce(line), lambda: np.add.reduce(matrix),
        lambda: matrix.sum(), lambda: matrix.T.sum(), lambda: matrix[:, :2].sum(), lambda: matrix.sum(axis=0),
        lambda: matrix.sum(axis=1), lambda: matrix.sum(axis=-1, keepdims=True), lambda: matrix.T.sum(axis=0),
        lambda: matrix[::-1].sum(axis=0), lambda: matrix[:, ::-1].sum(axis=1), lambda: cube.sum(axis=1),
        lambda: cube.sum(axis=(0, 2)), lambda: cube.sum(axis=2), lambda: np.sum(line, initial=2.0),
        lambda: np.sum(matrix, axis=1, where=matrix > 0.5), lambda: np.sum(cube, keepdims=True),
        lambda: mixed(numbers).sum(), lambda: values([1e308, 1e308, -inf]).sum(),
        lambda: matrix[:, :1].sum(axis=1), lambda: matrix[:, :3].sum(axis=0), lambda: line.mean(),
    ]  # fmt: skip
    for case in cases:
        check_same(*both_ways(case, monkeypatch))


@pytest.mark.parametrize("product", [np.matmul, np.dot, lambda x, y: x.dot(y)])
def test_products_of_matrices_add_one_after_the_other(
    product: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [1e16, 1.0, -1e16, 3.0, 0.1, 1e-9, 7.0, 1e17, -2.0, 0.3, 5e15, -1e17]
    line, matrix, plain = values(numbers[:4]), values(numbers, 3, 4), np.array(numbers).reshape(4, 3)
    cases = [
        (matrix, line), (line, plain), (plain.T, line), (matrix, plain), (plain, matrix), (matrix, matrix.T),
        (matrix.T, matrix), (line, line), (line, np.arange(4)), (matrix[:, ::-1], line), (matrix[:1], line),
        (mixed(numbers).reshape(3, 4), line), (matrix, mixed(numbers[:4])), (matrix[:, :1], line[:1]),
        (values([1e200, 1.0]), values([1e200, inf])), (np.array([[True, False]]), values([0.5, 2.0])),
        (np.array([[0.0, inf]]), values([0.5, 0.0])),
    ]  # fmt: skip
    for x, y in cases:
        check_same(*both_ways(lambda x=x, y=y: product(x, y), monkeypatch))  # type: ignore[misc]
    for x, y in ((matrix, matrix), (line[:3], line)):
        with pytest.raises(ValueError, match=r"mismatch|not aligned"):
            product(x, y)
    assert product(matrix[:, :0], line[:0]).shape == (3,)


@pytest.mark.parametrize("name", ["iadd", "isub", "imul", "itruediv", "ipow"])
def test_what_is_computed_in_place_is_written_there(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def by(other: Any) -> Callable[[], Any]:
        def call() -> Any:
            array = values(TAME)
            seen = array[1:3]
            out = getattr(operator, name)(array, other)
            assert np.shares_memory(out, array)
            assert seen[0] is array[1] is out[1]
            return out

        return call

    other = values([1.5, 2.5, 0.5, 3.0])
    for thing in (2.0, other, np.arange(1.0, 5.0), other[0]):
        got, expected = both_ways(by(thing), monkeypatch)
        assert [(x.op, x.data, x.partials) for x in got] == [(x.op, x.data, x.partials) for x in expected]
    overlapping = values(TAME)
    overlapping[1:] += overlapping[:-1]
    assert [x.data for x in overlapping] == [0.25, 0.75, 1.25, 0.875]


class Diary(Observer):
    """Notes the numbers of what is recorded, and whether it raises for no numbers."""

    def __init__(self) -> None:
        self.recorded_numbers: list[float] = []
        self.in_ieee: list[float] = []

    def recorded(self, node: Value) -> None:
        self.recorded_numbers.append(node._number)

    def ieee(self, node: Value) -> None:
        self.in_ieee.append(node._number)


class Follower(Diary):
    follows = True


class Watched(Block):
    """A block in which an observer is told of what happens."""

    _setting = observers

    def __init__(self, observer: Observer) -> None:
        super().__init__()
        self._observer = observer

    def _inside(self, outside: Any) -> Any:
        return (*outside, self._observer)


@pytest.mark.parametrize("kind", [Diary, Follower])
def test_observers_are_told_of_each_node(kind: type[Diary], monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch)
    diary, x = kind(), values([4.0, 16.0])
    with Watched(diary):
        y = np.sqrt(x) + 1.0
        np.sum(y)
    assert diary.recorded_numbers == [2.0, 4.0, 3.0, 5.0, 8.0]
    assert diary.in_ieee == ([2.0, 4.0] if kind is Follower else [])


def test_nothing_is_recorded_in_no_grad(monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch)
    x = values(TAME)
    with no_grad():
        y, total = x * x, np.sum(x)
    assert all(node.operands == () and node._da == 0.0 for node in (*y, total))
    with pytest.raises(RuntimeError, match="inside no_grad"):
        total.backward()


def test_an_anomaly_is_told_at_the_first_operation_that_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch)

    def f(x: Any) -> Any:
        return np.sum(x * np.array([2.0, 1e300, 1e300]))

    with detect_anomaly(), pytest.raises(FloatingPointError, match=r"result of \* is inf.*\n.*in f\n"):
        grad(f)(np.array([1.0, 1e100, 1e200]))


class Doubling(Value):
    """A Value with an operator of its own."""

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        return 2.0 * (super().__add__(other))


def test_operators_of_a_subclass_are_called(monkeypatch: pytest.MonkeyPatch) -> None:
    always(monkeypatch)
    x = array_of([Doubling(1.0), Value(1.0)], (2,))
    assert [y.data for y in x + 1.0] == [4.0, 2.0]
    assert np.sum(x).data == 4.0


@pytest.mark.parametrize("few", [True, False])
def test_functions_that_are_compiled_do_the_same(few: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if few:
        always(monkeypatch)
    table, outside = np.linspace(0.5, 2.0, 12).reshape(3, 4), Value(0.25)

    def f(x: Any) -> Any:
        y = x.reshape(3, 4) * table - x[:4]
        y[0] += 0.5
        y[1:] = np.concatenate([y[:1] ** 3, np.ones((1, 4))])
        z = np.exp(-y) / (1.0 + y**2) + np.sqrt(abs(x[3])) * y[:, ::-1]
        w = (table @ z.T - z @ z.T).dot(np.array([0.5, outside, 2.0])) * outside
        return np.sum(z.sum(axis=0) * 2.0) + z.T.sum() + np.maximum(x, 0.3).sum() + w @ w

    compiled = value_and_grad(compile(f))
    for seed in range(3):
        x = np.random.default_rng(seed).normal(size=12)
        value, gradient = value_and_grad(f)(x)
        its_value, its_gradient = compiled(x)
        assert its_value == value
        np.testing.assert_allclose(its_gradient, gradient, rtol=1e-13)
