"""Where a function has a value but no derivative: plain calls, compiled ones and batches agree.

The oracle is the plain function and its plain gradient. What these give, all ways of calling give; what the
plain gradient refuses, all refuse with the same words. An error of the function itself is NaN in a batch.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd.numpy as anp
from autograd import compile, grad, implicit, jacobian, math, vmap
from autograd.arrays.refusals import NoDerivativeOfMatrixError
from autograd.scipy import linalg, special
from autograd.support.refusals import NoDerivativeError

WEIGHTS = np.array([[1.0, 2.0], [3.0, 4.0]])
GOOD = np.array([[2.0, 1.0], [1.0, 3.0]])
OTHER = np.array([[3.0, 0.5], [0.2, 2.0]])
RANK_ONE = np.array([[1.0, 2.0], [2.0, 4.0]])
ZERO_ROW = np.array([[0.0, 0.0], [1.0, 1.0]])
ZEROS = np.zeros((2, 2))


REFUSED: list[tuple[str, Callable[[Any], Any], list[Any], list[Any]]] = [
    ("pinv", lambda a: (anp.linalg.pinv(a) * WEIGHTS).sum(), [GOOD, OTHER], [RANK_ONE, ZERO_ROW, ZEROS]),
    (
        "lstsq",
        lambda a: (anp.linalg.lstsq(a, WEIGHTS[0], rcond=None)[0] * WEIGHTS[1]).sum(),
        [GOOD, OTHER],
        [RANK_ONE, ZERO_ROW, ZEROS],
    ),
    ("scipy lstsq", lambda a: linalg.lstsq(a, WEIGHTS[0])[0] @ WEIGHTS[1], [GOOD, OTHER], [RANK_ONE, ZEROS]),
    ("q", lambda a: (anp.linalg.qr(a)[0] * WEIGHTS).sum(), [GOOD, OTHER], [ZEROS]),
    ("r", lambda a: anp.linalg.qr(a)[1][0, 1], [GOOD, OTHER], [ZEROS]),
    ("raw", lambda a: anp.linalg.qr(a, "raw")[0].sum(), [], [GOOD, OTHER]),
    ("whole svd", lambda a: (anp.linalg.svd(a[:1])[2] ** 2 * WEIGHTS).sum(), [], [GOOD, OTHER]),
    ("lu", lambda a: (linalg.lu_factor(a)[0] * WEIGHTS).sum(), [GOOD, OTHER], [RANK_ONE, ZEROS]),
    (
        "after a quotient",
        lambda a: anp.linalg.pinv(a).sum() + (1.0 / a[1, 1] if a[0, 1] else 0.0),
        [GOOD, OTHER],
        [RANK_ONE, ZEROS],
    ),
    (
        "interp",
        lambda a: anp.interp(1.5, a[0], np.array([1.0, 2.0])),
        [GOOD[:, ::-1].copy(), ZERO_ROW],
        [GOOD, OTHER],
    ),
    ("root", lambda a: _root(a), [GOOD, OTHER], [ZEROS]),
]  # fmt: skip


def _root(a: Any) -> Any:
    return implicit.root(lambda x, a: a[0, 0] * (x - a[0, 1]), 0.25 + 0.0 * GOOD[0, 0], a)


def result_of(call: Callable[[], Any]) -> Any:
    """Return what a call gives, or the words of the error that it raises."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(call(), dtype=float)
    except NoDerivativeError as error:
        return str(error)


def check(found: Any, wanted: Any) -> None:
    """Check that there are the same numbers, or the same words."""
    if isinstance(found, str) or isinstance(wanted, str):
        assert found == wanted
    else:
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-12)


CASES = [
    pytest.param(f, good, bad, id=f"{name}{i}")
    for name, f, good, points in REFUSED
    for i, bad in enumerate(points)
]


@pytest.mark.filterwarnings("ignore::scipy.linalg.LinAlgWarning")
@pytest.mark.parametrize(("f", "good", "bad"), CASES)
def test_values_are_those_of_the_plain_function_everywhere(f: Any, good: list[Any], bad: Any) -> None:
    wanted = np.asarray(f(bad), dtype=float)
    check(result_of(lambda: compile(f)(bad)), wanted)
    after = compile(f)
    for point in good:
        after(point)
        after.grad(point)
    check(result_of(lambda: after(bad)), wanted)
    check(result_of(lambda: after(bad)), wanted)  # and the next time
    for order in ([*good, bad], [bad, *good], [bad]):
        for errors in ("nan", "raise"):
            found = vmap(compile(f, errors=errors))(np.stack(order))
            check(found, np.array([f(point) for point in order]))


@pytest.mark.parametrize(("f", "good", "bad"), CASES)
def test_derivatives_are_refused_in_the_same_words_everywhere(f: Any, good: list[Any], bad: Any) -> None:
    wanted = result_of(lambda: grad(f)(bad))
    assert isinstance(wanted, str)
    after, of_gradient = compile(f), compile(grad(f))
    for point in good:
        after(point)
        after.grad(point)
        of_gradient(point)
    for call in (
        compile(f).grad,
        after.grad,
        lambda x: after.value_and_grad(x)[1],
        lambda x: after.jvp((x,), (x,))[1],
        compile(grad(f)),
        of_gradient,
    ):
        check(result_of(lambda: call(bad)), wanted)  # noqa: B023
    for order in ([*good, bad], [bad, *good], [bad]):
        for batch in (vmap(f).grad, vmap(grad(f)), lambda xs: vmap(f).value_and_grad(xs)[1]):
            with pytest.raises(NoDerivativeError) as refused:
                batch(np.stack(order))
            assert str(refused.value) == wanted
            at = next(i for i, point in enumerate(order) if point is bad)
            assert refused.value.__notes__ == [f"at point {at} of the batch, counted from 0"]


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_batches_of_every_backend_have_the_values(backend: str) -> None:
    points = np.stack([GOOD, RANK_ONE, OTHER, ZEROS, ZERO_ROW])
    f = REFUSED[0][1]
    np.testing.assert_allclose(
        vmap(compile(f, backend=backend))(points), [f(x) for x in points], rtol=1e-12, atol=1e-14
    )


def test_what_is_no_number_comes_from_the_plain_function_too() -> None:
    def f(a: Any) -> Any:
        return {
            "inverse": anp.linalg.pinv(a),
            "is zero": bool(a[0, 0] == 0.0),
            "rank": anp.linalg.matrix_rank(a),
        }

    points = np.stack([ZEROS, GOOD, RANK_ONE])
    found = vmap(f)(points)
    np.testing.assert_allclose(found["inverse"], np.linalg.pinv(points), atol=1e-14)
    assert found["is zero"].tolist() == [True, False, False]
    assert found["rank"].tolist() == [0, 2, 1]


def test_orders_of_bessel_functions_that_values_do_not_have() -> None:
    orders, xs = np.array([0.5, 1.0, 1.5]), np.array([2.0, 2.0, 3.0])
    many = vmap(compile(lambda n, x: special.jv(n, x), argnums=1))
    np.testing.assert_allclose(many(orders, xs), special.jv(orders, xs), rtol=1e-13)
    with pytest.raises(NoDerivativeError, match=r"whole orders only, not for order 0\.5"):
        many.grad(orders, xs)


def test_values_where_numbers_raise_nothing_and_values_do() -> None:
    points = np.array([[0.0, 1.0], [2.0, 1.0]])  # np.float64 divides by zero
    with np.errstate(all="ignore"):
        assert vmap(lambda x: 1.0 / x[0])(points).tolist() == [np.inf, 0.5]


def test_an_error_of_the_function_itself_is_no_refusal() -> None:
    def f(a: Any) -> Any:
        if a[0, 0] < 0.0:
            raise ValueError("a negative number")
        return anp.linalg.inv(a).sum()

    points = np.stack([GOOD, -GOOD, ZEROS, OTHER])
    assert np.isnan(vmap(f)(points)).tolist() == [False, True, True, False]
    assert np.isnan(vmap(f).grad(points)).all(axis=(1, 2)).tolist() == [False, True, True, False]
    with pytest.raises(ValueError, match="a negative number"):
        vmap(compile(f, errors="raise"))(points)


def test_the_first_error_counts_where_errors_are_raised() -> None:
    def f(a: Any) -> Any:
        return anp.linalg.pinv(a).sum() + math.sqrt(a[0, 0])

    fast = vmap(compile(f, errors="raise"))
    for points in ([ZEROS, -GOOD, GOOD], [ZEROS, GOOD, -GOOD], [GOOD, ZEROS, -GOOD, ZEROS]):
        with pytest.raises(ValueError, match=r"math domain error|nonnegative") as error:
            fast(np.stack(points))
        place = next(i for i, point in enumerate(points) if point[0, 0] < 0.0)
        assert error.value.__notes__ == [f"at point {place} of the batch, counted from 0"]
    check(fast(np.stack([ZEROS, GOOD])), [f(ZEROS), f(GOOD)])


def test_a_function_of_values_alone_raises_as_before() -> None:
    slow = vmap(lambda x: x.log() + x.tanh())
    np.testing.assert_allclose(slow(np.array([-1.0, 2.0])), [np.nan, math.log(2.0) + math.tanh(2.0)])


def test_a_complex_value_is_refused_in_a_batch() -> None:
    points = np.stack([GOOD, -GOOD])
    np.testing.assert_allclose(vmap(linalg.sqrtm)(points[:1])[0], linalg.sqrtm(GOOD), rtol=1e-12)
    assert np.iscomplexobj(compile(linalg.sqrtm)(-GOOD))
    for order in (points, points[::-1], points[1:]):
        with pytest.raises(NoDerivativeError, match="the square root is complex"):
            vmap(linalg.sqrtm)(order)


def test_a_refusal_that_the_function_catches_does_not_decide_its_value() -> None:
    def f(a: Any) -> Any:
        try:
            return anp.linalg.pinv(a).sum()
        except np.linalg.LinAlgError:
            return 7.0 * a.sum()

    for compiled in (compile(f), compile(f).record(GOOD)):
        assert compiled(RANK_ONE) == f(RANK_ONE) == compiled(RANK_ONE)
        np.testing.assert_array_equal(compiled.grad(RANK_ONE), grad(f)(RANK_ONE))
    np.testing.assert_allclose(vmap(f)(np.stack([GOOD, RANK_ONE])), [f(GOOD), f(RANK_ONE)], rtol=1e-12)
    with pytest.raises(NoDerivativeError, match=r"f catches the error .* decide by a comparison"):
        vmap(f).grad(np.stack([GOOD, RANK_ONE]))


def test_refusals_are_errors_of_linear_algebra_and_can_be_pickled() -> None:
    with pytest.raises(np.linalg.LinAlgError) as refused:
        jacobian(anp.linalg.pinv)(RANK_ONE)
    again = pickle.loads(pickle.dumps(refused.value))
    assert type(again) is NoDerivativeOfMatrixError
    assert isinstance(again, ValueError)
    assert str(again) == str(refused.value)
