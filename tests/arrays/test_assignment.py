"""Assignment into arrays of Values: any index, any number, views, in place; beside floats, and compiled."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy_expressions import Function, differences, on_values, outcome

from autograd import Value, compile, grad, jacobian

V = np.array([0.3, -1.2, 2.5, 0.7, -0.4])
M = np.arange(12.0).reshape(3, 4) / 3.0 + 0.1

INTO_A_VECTOR = """
z[0] = x[1] * 2
z[-1] = 3.0
z[2] = 5
z[1:3] = x[2:4] ** 2
z[1:3] = 7.5
z[1:3] = [1.0, x[0]]
z[1:3] = (x[0], 2)
z[::-1] = x
z[::2] = x[:3]
z[-1:0:-2] = x[:2]
z[...] = x
z[..., 0] = x[3]
z[None, :] = x * 2
z[[0, 2]] = x[1:3]
z[[0, 0, 2]] = x[1:4]
z[np.array([0, 2])] = V[:2]
z[[-1, 1]] = x[0]
z[x > 0] = x[x > 0] * 3
z[x > 0] = 0.0
z[x > 0] += x[0]
z[[True, False, True, False, False]] = x[:2]
z[[]] = 1.0
z[1:1] = []
z[[1, 3]] += x[0]
z[[1, 1]] += x[:2]
z[1:3] *= x[0]
z[1] -= x[0]
z[2] **= 2
z += x
z /= x
z **= 2
z[0:2], z[2:4] = x[2:4], x[0:2]
z[0], z[1] = z[1] + x[0], z[0]
z[np.ix_([0, 1])] = x[:2]
z[(1,)] = x[0]
z[slice(1, 3)] = V[:2]
z[np.argsort(x)] = x
z[np.argmax(x)] = 0.0
z[np.where(x > 0)] = x[x > 0]
z[np.flatnonzero(x > 0)] *= x[0]
z[[[0, 1], [2, 3]]] = x[:2]
z[np.int64(1)] = x[0]
z[1] = np.float64(3.25)
z[1] = np.int64(3)
z[1] = True
z[1] = np.sum(x)
z[1] = np.array(2.0)
z[1] = np.squeeze(x[0:1])
z[:] = list(x)
z[:] = tuple(x * 2)
z[:] = range(5)
z[:] = np.arange(5)
z[:] = np.ones(5, dtype=np.float32)
z[:] = np.ones(5, dtype=bool)
z[:3] = np.broadcast_to(x[0], 3)
z[0] = x[0]; z[0] = z[0] * z[0]; z[1] = z[0]
z[2:] = np.cumsum(x)[:3]
w = z[1:3]; w[0] = x[3] * 2
w = z[1:3]; w += x[:2]
w = z[::-1]; w[0] = x[0]
w = z.reshape(5, 1); w[2, 0] = x[1]
w = z[1:4][::2]; w[...] = x[0]
z[1:3].fill(2.5)
z.fill(x[0])
z.put([1], x[0])
z.flat[2] = x[0]
z.flat[[0, 1]] = x[:2]
z.flat = x
np.add.at(z, [0, 0, 2], x[:3])
np.subtract.at(z, [1, 1], x[0])
np.multiply.at(z, [0, 0, 2], x[1:4])
np.maximum.at(z, [0, 1], x[1:3])
np.put(z, [0, 2], x[1:3])
np.put(z, [0, 2, 3], [1, 2])
np.put(z, [0, 9], x[:2], mode="clip")
np.put(z, [0, 6], x[:2], mode="wrap")
np.place(z, x > 0, x[:2])
np.place(z, x > 0, [1])
np.copyto(z, x, where=x > 0)
np.copyto(z, 2)
np.copyto(z, x[0])
np.putmask(z, x > 0, x * 2)
np.putmask(z, x > 0, [1, 2])
np.put_along_axis(z, np.array([1, 2]), x[:2], 0)
np.clip(x, -0.5, 0.5, out=z)
np.add(x, V, out=z)
np.multiply(x, x, out=z[:])
np.exp(x, out=z, where=x > 0)
np.cumsum(x, out=z)
np.sum(M * x[0], axis=1, out=z[:3])
np.matmul(M.T, x[:3], out=z[:4])
np.dot(M.T, x[:3], out=z[:4])
z.sort()
np.nan_to_num(z, copy=False)
"""
INTO_A_MATRIX = """
z[0] = x[1]
z[0, 1] = x[2, 3]
z[:, 0] = x[:, 1] * 2
z[1] = 3
z[[0, 2]] = x[:2]
z[[0, 2], [1, 3]] = x[0, :2]
z[[0, 2], 1:3] = x[:2, :2]
z[1:, [0, 3]] = x[:2, :2]
z[np.ix_([0, 2], [1, 3])] = x[:2, :2]
z[np.ix_([0, 2], [1, 3])] += x[:2, :2]
z[x > 1] = 0
z[x > 1] = x[x > 1] ** 2
z[[True, False, True]] = x[:2]
z[:, [True, False, True, False]] = x[:, :2]
z[..., 1] = x[..., 2]
z[None, 0] = x[1]
z[:, None, :] = x[:, None, :]
z[:, :] = x[0]
z[:, :] = x[:, :1]
z[::-1, ::2] = x[:, :2]
z.T[0] = x[:, 1]
z[1:, 1:] += x[:-1, :-1]
z[1:, 1:] -= z[:-1, :-1]
z[1][2] = x[0, 0]
z[1][:2] = x[0, :2]
z.reshape(4, 3)[0] = x[0, :3]
z[np.tril_indices(3)] = x[np.tril_indices(3)]
z[np.diag_indices(3)] = x[0, :3]
z[(0, 1), (2, 3)] = 7
z[np.array([[0, 1], [2, 0]]), np.array([[0, 1], [2, 3]])] = x[:2, :2]
z[np.array([0, 1])[:, None], [1, 2]] = x[:2, :2]
z[[0, 1]] = z[[1, 0]]
z[0, :2] = x[0, 0], x[0, 1]
z[2] = [x[0, 0], 1, 2.0, np.sum(x)]
z[1:3] = [[x[0, 0], 1, 2.0, 3], list(x[1])]
z[1:3] = [x[0], x[1]]
z[x[:, 0] > 1] = x[0]
z[x[:, 0] > 1, 1] = 9
np.fill_diagonal(z, x[0, 1])
np.fill_diagonal(z, 3)
np.fill_diagonal(z, x[0, :3])
np.add.at(z, ([0, 0], [1, 1]), x[0, :2])
np.add.at(z, 0, x[1])
np.put(z, [0, 5], x[0, :2])
np.place(z, x > 2, x[0])
np.copyto(z, x[0])
np.copyto(z, x, where=[True, False, True, False])
np.putmask(z, x > 1, x * 2)
np.put_along_axis(z, np.argmax(x, axis=1)[:, None], x[:, :1], 1)
np.cumsum(x, axis=1, out=z)
np.concatenate([x[:1], x[1:]], out=z)
for row in z: row[0] = x[0, 0]
"""
ASSIGNMENTS = {
    **{text: V for text in INTO_A_VECTOR.split("\n") if text},
    **{text: M for text in INTO_A_MATRIX.split("\n") if text},
}
STARTS = {"zeros": "np.zeros_like(x)", "numbers": "x * 2.0 + 0.5", "empty": "np.full_like(x, 1)"}


def program(text: str, start: str) -> Function:
    """Return a function of x that does something to an array z, and returns that."""
    names: dict[str, Any] = {"np": np, "V": V, "M": M}
    exec(f"def written(x):\n    z = {start}\n    {text}\n    return z", names)
    written: Function = names["written"]
    return written


@pytest.mark.parametrize("start", STARTS.values(), ids=STARTS)
@pytest.mark.parametrize("text", ASSIGNMENTS)
def test_numbers_are_written_as_into_floats(text: str, start: str) -> None:
    f, x = program(text, start), ASSIGNMENTS[text]
    expected, warned = outcome(f, x)
    found, told = outcome(on_values(f), x)
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-14)
    assert told == warned
    np.testing.assert_allclose(jacobian(f)(x), differences(f, x), rtol=1e-6, atol=1e-7)
    compiled = compile(f)
    for at in (x, x * (1.0 + 1e-5)):
        np.testing.assert_array_equal(compiled(at), on_values(f)(at))


@pytest.mark.parametrize("text", ASSIGNMENTS)
def test_what_was_written_is_a_value_or_a_float(text: str) -> None:
    seen: list[Any] = []

    def f(x: Any) -> Any:
        seen.extend(program(text, "np.zeros_like(x)")(x).ravel().tolist())
        return np.sum(x)

    grad(f)(ASSIGNMENTS[text])
    assert all(isinstance(number, (Value, float)) for number in seen)


def test_arrays_that_are_like_one_of_values_hold_floats() -> None:
    # as whole numbers they would not be rounded: 10**20 + 1 is 10**20 among floats
    def f(x: Any) -> Any:
        return np.sum((np.ones_like(x) * 10**20 + 1) - 10**20 + np.zeros_like(x)) + 0.0 * x[0]

    assert f(V) == 0.0
    assert compile(f)(V) == 0.0
    assert grad(f)(V).tolist() == [0.0] * 5


# Indices that are arguments


def by_index(x: Any, i: int, j: int) -> Any:
    z = np.zeros_like(x)
    z[i] = x[j] * 2
    z[i] += 1.0
    z[j:] *= x[1]
    z[-1] = z[i] + j
    np.add.at(z, i, x[j])
    z[[i, j]] -= x[0]
    return np.sum(z * x)


def test_compiled_assignment_at_indices_that_are_arguments() -> None:
    compiled = compile(by_index)
    for i, j in [(0, 1), (1, 1), (3, 2), (0, 1), (2, 4), (-1, 0), (4, 3), (0, 0)]:
        assert compiled(V, i, j) == by_index(V, i, j)
        np.testing.assert_array_equal(compiled.grad(V, i, j), grad(by_index)(V, i, j))


def test_a_whole_number_that_is_an_argument_is_written() -> None:
    def f(x: Any, n: int) -> Any:
        z = np.zeros_like(x)
        z[0], z[1:3] = n, n
        return np.sum(z * x)

    compiled = compile(f)
    for n in (0, 1, 2, 3, 1, 0):
        assert compiled(V, n) == f(V, n)
        np.testing.assert_array_equal(compiled.grad(V, n), [n, n, n, 0.0, 0.0])


# What is refused


@pytest.mark.parametrize("compiling", [False, True], ids=["eager", "compiled"])
@pytest.mark.parametrize(
    "thing",
    ["a", None, 1j, Decimal(1), {}, object(), ["a", "b"], [None, 1.0], np.array(["a"]), np.array([1j])],
    ids=[
        "text",
        "None",
        "complex",
        "Decimal",
        "dict",
        "object",
        "texts",
        "Nones",
        "array of text",
        "of complex",
    ],
)
@pytest.mark.parametrize(
    "write",
    [
        lambda z, thing: z.__setitem__(slice(2), thing),
        lambda z, thing: np.copyto(z[:2], thing),
        lambda z, thing: np.put(z, [0, 1], thing),
        lambda z, thing: np.place(z, z == z, thing),
        lambda z, thing: np.putmask(z, z == z, thing),
        lambda z, thing: np.append(z, thing),
        lambda z, thing: np.insert(z, 0, thing),
        lambda z, thing: np.full_like(z[:2], thing),
    ],
    ids=["[]", "copyto", "put", "place", "putmask", "append", "insert", "full_like"],
)
def test_what_is_no_number_is_not_written(write: Any, thing: Any, compiling: bool) -> None:
    def f(x: Any) -> Any:
        write(x * 1.0, thing)
        return x[0]

    with pytest.raises(TypeError, match=r"cannot use '\w+' in Value arithmetic"):
        (compile(f) if compiling else grad(f))(V)


def test_a_row_is_not_written_into_the_place_of_a_number() -> None:
    for text in ("z[0] = x[:2]", "z[0] = [1.0, 2.0]", "z[-1] = V", "z.reshape(1, 5)[0, 1] = V[:1]"):
        for f in (grad(program(text, "x * 1.0")), compile(program(text, "x * 1.0"))):
            with pytest.raises(ValueError, match=r"setting an array element with a sequence"):
                f(V)


def test_numbers_of_other_kinds_are_floats() -> None:
    def f(x: Any) -> Any:
        z = x * 1.0
        z[0], z[1:3] = Fraction(1, 4), [Fraction(1, 2), np.float32(0.5)]
        return np.sum(z * z)

    assert grad(f)(V).tolist() == [0.0, 0.0, 0.0, 2.0 * V[3], 2.0 * V[4]]
    with pytest.raises(OverflowError, match="too large"):
        grad(lambda x: x.__setitem__(0, 10**400) or x[0])(V)


@pytest.mark.parametrize("index", ["9", "0, 0", "[0, 9]", "1.5", "x[0]", "'a'"])
def test_an_index_that_is_none_is_numpys_error(index: str) -> None:
    text = f"z[{index}] = x[0]"
    for f in (grad(program(text, "x * 1.0")), compile(program(text, "x * 1.0")), program(text, "x * 1.0")):
        with pytest.raises(IndexError):
            f(V)


MADE_WITH_WHOLE_NUMBERS = """
np.pad(x, 2)
np.pad(x, 2, constant_values=3)
np.where(V > 0, x, 0)
np.where(V > 0, x, np.arange(5))
np.select([V > 0], [x], 2)
np.choose([0, 1, 0, 1, 0], [x, np.arange(5)])
np.triu(np.outer(x, x))
np.diag(x)
np.concatenate([x, np.arange(2), [True]])
np.stack([x, np.arange(5)])
np.block([x, np.arange(2)])
np.vander(x, 3)
np.split(np.pad(x, 2), 3)[0]
"""


@pytest.mark.parametrize("text", MADE_WITH_WHOLE_NUMBERS.strip().splitlines())
def test_what_numpy_makes_of_values_and_whole_numbers_holds_floats(text: str) -> None:
    def made(x: Any) -> Any:
        return eval(text, {"np": np, "V": V, "x": x})

    def length(x: Any) -> Any:
        numbers = made(x)
        return numbers.ravel().dot(numbers.ravel()) + np.sum(np.outer(numbers, numbers))

    def checked(x: Any) -> Any:
        assert all(isinstance(number, Value | float) for number in made(x).ravel())
        return length(x)

    expected = differences(length, V)
    np.testing.assert_allclose(grad(checked)(V), expected, rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(grad(compile(length))(V), expected, rtol=1e-7, atol=1e-7)
