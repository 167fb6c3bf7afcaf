"""Errors of NumPy, SciPy and Python that are about Values say what to write, and that works."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
import scipy.sparse

import autograd.numpy as np
from autograd import compile, grad, jacobian, vmap

MATRIX = numpy.array([[1.0, 2.0, 0.0], [0.0, 3.0, 4.0]])
POINT = numpy.array([1.0, 2.0, 3.0])
TABLE = numpy.array([10.0, 20.0, 30.0])
FORMATS = [*(f"{x}_matrix" for x in ("csr", "coo", "dia", "lil")), "csr_array", "csc_array"]
PRODUCTS = {
    "A @ x": lambda a, x: a @ x,
    "A @ X": lambda a, x: a @ np.array([x, x]).T,
    "x @ A": lambda a, x: x[:2] @ a,
    "A.dot(x)": lambda a, x: a.dot(x),
    "np.dot(A, x)": lambda a, x: np.dot(a, x),
}


@pytest.mark.parametrize("transform", [grad, lambda f: compile(f).grad, jacobian])
@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("form", FORMATS)
def test_products_with_sparse_matrices(form: str, product: str, transform: Any) -> None:
    matrix = getattr(scipy.sparse, form)(MATRIX)
    with pytest.raises((TypeError, ValueError)) as caught:
        transform(lambda x: np.sum(PRODUCTS[product](matrix, x)))(POINT)
    assert "np.bincount(A.row, A.data * x[A.col], A.shape[0])" in caught.value.__notes__[0]


def test_what_is_advised_for_sparse_matrices_works() -> None:
    A = scipy.sparse.csr_array(MATRIX).tocoo()  # noqa: N806 (as the advice has it)
    for product in (
        lambda x: np.bincount(A.row, A.data * x[A.col], A.shape[0]),
        lambda x: A.toarray() @ x,
    ):
        numpy.testing.assert_array_equal(jacobian(product)(POINT), MATRIX)
        numpy.testing.assert_array_equal(compile(product)(POINT), MATRIX @ POINT)
        numpy.testing.assert_array_equal(compile(product).jacobian(POINT), MATRIX)


INDEXED = {
    "a plain array": lambda i: TABLE[i],
    "an array that could hold Values": lambda i: np.array(TABLE)[i],
    "a list": lambda i: [10.0, 20.0, 30.0][i],
    "a tuple": lambda i: (10.0, 20.0, 30.0)[i],
}


@pytest.mark.parametrize("name", INDEXED)
def test_an_index_that_is_differentiated_by(name: str) -> None:
    look_up: Any = INDEXED[name]
    places = numpy.array([0, 2, 1])
    for transform, argument in ((vmap, places), (grad, 1.0), (compile, 1)):
        with pytest.raises((TypeError, IndexError)) as caught:
            transform(look_up)(argument)
        assert "let the index be a further argument" in caught.value.__notes__[0]
    scaled = vmap(lambda x, i: x * look_up(i))
    numpy.testing.assert_array_equal(scaled(POINT, places), POINT * TABLE[places])
    numpy.testing.assert_array_equal(scaled.grad(POINT, places), TABLE[places])


@pytest.mark.parametrize("dtype", [numpy.float32, "f2", int, numpy.uint8])
def test_arrays_of_another_kind_of_number_say_to_leave_the_dtype_out(dtype: Any) -> None:
    def f(x: Any) -> Any:
        array = np.zeros(2, dtype=dtype)
        array[0] = x
        return np.sum(array)

    for transform in (grad, compile):
        with pytest.raises(TypeError, match=r"cannot hold a Value.*without a dtype such as int or float32"):
            transform(f)(1.0)


def test_an_error_that_has_a_note_gets_no_other() -> None:
    def inner(x: Any) -> Any:
        return TABLE[x]

    with pytest.raises(IndexError) as caught:
        grad(lambda x: grad(inner)(x))(1.0)
    assert len(caught.value.__notes__) == 1
