"""Derivatives at each point of a batch, by what is the same at all of them, and of batches themselves."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from batches import XS, P, close, model

import autograd
from autograd import Value, compile, grad, hessian, hvp, jacobian, math, vmap


def each_point(transformation: Any, *more: Any) -> list[Any]:
    return [transformation(model, (0, 1))(P, x, *more) for x in XS.tolist()]


def test_derivatives_by_what_all_points_share_are_summed_or_come_in_rows(backend: str) -> None:
    fast = compile(model, (0, 1), backend=backend)
    summed, rows = vmap(fast, (None, 0)), vmap(fast, (None, 0), reduce=None)
    by_p, by_x = zip(*each_point(grad), strict=True)
    for found in (rows.grad(P, XS), rows.value_and_grad(P, XS)[1]):
        close(found[0], by_p)
        close(found[1], by_x)
    close(summed.grad(P, XS)[0], np.sum(by_p, axis=0))
    close(summed.grad(P, XS)[1], by_x)
    by_p, by_x = zip(*each_point(jacobian), strict=True)
    close(rows.jacobian(P, XS)[0], by_p)
    close(summed.jacobian(P, XS)[0], np.sum(by_p, axis=0))
    seconds = each_point(hessian)
    for i, j in itertools.product(range(2), repeat=2):
        block = np.array([second[i][j] for second in seconds])
        close(rows.hessian(P, XS)[i][j], block)
        close(summed.hessian(P, XS)[i][j], block if 1 in (i, j) else block.sum(axis=0))
    vector = (np.array([0.5, -2.0]), 1.5)
    by_p, by_x = zip(*each_point(hvp, vector), strict=True)
    close(rows.hvp(P, XS, vector)[0], by_p)
    close(rows.hvp(P, XS, vector)[1], by_x)
    close(summed.hvp(P, XS, vector)[0], np.sum(by_p, axis=0))
    vectors = np.outer(XS, vector[0])
    each = [hvp(model, (0, 1))(P, x, (v, 1.5))[0] for x, v in zip(XS.tolist(), vectors, strict=True)]
    close(rows.hvp(P, XS, (vectors, 1.5))[0], each)
    # The vector of a batch lies as the batch does.
    columns = np.arange(12.0).reshape(3, 4)
    along = vmap(compile(lambda v: np.sum(v**3), backend=backend), 1)
    close(along.hvp(columns, columns + 1.0), (6.0 * columns * (columns + 1.0)).T)


def test_the_vector_of_a_batch_follows_what_is_differentiated_by(backend: str) -> None:
    def f(x: Any, a: Any) -> Any:
        return a * x**3

    rows, a = vmap(compile(f, backend=backend), (0, None)), 5.0
    vectors = XS + 1.0
    for found in (rows.hvp(XS, vectors, a), rows.hvp(XS, a, vector=vectors)):
        close(found, 6.0 * a * XS * vectors)
    close(rows.hvp(XS, 2.0, a), 6.0 * a * XS * 2.0)
    close(grad(lambda t: np.sum(rows.hvp(XS * t, vectors, a)))(1.0), np.sum(6.0 * a * XS * vectors))
    two = vmap(compile(f, (0, 1), backend=backend), (0, None), reduce=None)
    by_x, by_a = two.hvp(XS, a, (vectors, 0.5))
    close(by_x, 6.0 * a * XS * vectors + 3.0 * XS**2 * 0.5)
    close(by_a, 3.0 * XS**2 * vectors)


def test_vmap_of_a_transformation_gives_a_row_for_each_point(backend: str) -> None:
    for f in (grad(model), compile(model).grad, compile(grad(model), backend=backend)):
        close(vmap(f, (None, 0))(P, XS), [grad(model)(P, x) for x in XS.tolist()])
    close(vmap(grad(lambda p, x: p * p * x), (None, 0))(3.0, np.array([1.0, 2.0])), [6.0, 12.0])


def test_batches_of_values_are_differentiated_through() -> None:
    fast = vmap(model, (None, 0))
    total = lambda p: np.sum(fast(p, XS))  # noqa: E731
    close(grad(total)(P), np.sum([grad(model)(P, x) for x in XS.tolist()], axis=0))
    close(jacobian(lambda p: fast(p, XS))(P), [grad(model)(P, x) for x in XS.tolist()])
    w = Value(3.0)
    out = vmap(lambda w, x: w * x, (None, 0))(w, np.array([1.0, 2.0]))
    out.sum().backward()
    assert w.grad == 3.0
    # Derivatives of derivatives, with the sums and rows of numbers.
    for reduce in ("sum", None):
        rows = vmap(compile(model, (0, 1)), (None, 0), reduce=reduce)
        vector = (np.array([0.5, -2.0]), 1.5)
        for mode, more in (
            ("grad", ()),
            ("value_and_grad", ()),
            ("jacobian", ()),
            ("hessian", ()),
            ("hvp", (vector,)),
        ):
            call = getattr(rows, mode)
            found = jacobian(lambda t: call(P * t, XS, *more))(1.0)  # noqa: B023
            plain = call(P, XS, *more)
            for x, y in zip(
                autograd.derivatives.trees.Structure(found).leaves,
                autograd.derivatives.trees.Structure(plain).leaves,
                strict=True,
            ):
                assert x.shape == y.shape


def test_vmap_may_be_nested_and_compiled(backend: str) -> None:
    table = vmap(vmap(lambda a, b: a * b + a, (None, 0)), (0, None))
    a, b = np.array([1.0, 2.0]), np.array([3.0, 4.0, 5.0])
    close(table(a, b), np.outer(a, b) + a[:, None])
    total = compile(lambda a: np.sum(vmap(lambda x: math.exp(x))(a)), backend=backend)
    close(total.grad(a), np.exp(a))
    close(total.grad(2.0 * a), np.exp(2.0 * a))
