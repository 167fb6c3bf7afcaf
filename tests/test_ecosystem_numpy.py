"""NumPy inside differentiated functions: arrays of Values, and NumPy's numbers beside single Values."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, grad, hessian, jacobian, value_and_grad

Function = Callable[[Any], Any]

V = np.array([1.25, 2.6, 4.1, 7.3])  # where none of the functions below has a kink or a jump
U = np.array([1.25, 2.5, 4.0, 7.0])
W = np.array([1.0, -2.0, 3.0, 0.5])
M = np.arange(16.0).reshape(4, 4) + 20.0 * np.eye(4)

# NumPy's numbers beside a Value

SCALARS: dict[str, Callable[[float], Any]] = {
    **{
        kind.__name__: kind
        for kind in (
            np.float16,
            np.float32,
            np.float64,
            np.int8,
            np.int16,
            np.int32,
            np.int64,
            np.uint8,
            np.uint16,
            np.uint32,
            np.uint64,
            np.bool_,
        )
    },
    "0-d array of floats": np.array,
    "0-d array of ints": lambda c: np.array(int(c)),
    "0-d array of bools": lambda c: np.array(bool(c)),
}

# For x op c and for c op x: the derivative with respect to x.
OPERATORS: dict[str, tuple[Callable[[Any, Any], Any], Callable[..., float], Callable[..., float]]] = {
    "+": (operator.add, lambda x, c: 1.0, lambda x, c: 1.0),
    "-": (operator.sub, lambda x, c: 1.0, lambda x, c: -1.0),
    "*": (operator.mul, lambda x, c: c, lambda x, c: c),
    "/": (operator.truediv, lambda x, c: 1.0 / c, lambda x, c: -c / x**2),
    "//": (operator.floordiv, lambda x, c: 0.0, lambda x, c: 0.0),
    "%": (operator.mod, lambda x, c: 1.0, lambda x, c: -(c // x)),
    "**": (operator.pow, lambda x, c: c * x ** (c - 1.0), lambda x, c: c**x * np.log(c)),
}


@pytest.mark.parametrize("op", OPERATORS)
@pytest.mark.parametrize("kind", SCALARS)
def test_every_operator_with_a_number_of_numpy_gives_a_value(kind: str, op: str) -> None:
    apply, right, left = OPERATORS[op]
    scalar = SCALARS[kind](3.0)
    c = float(scalar)  # 3, or 1 for a bool
    cases: list[tuple[Function, Callable[..., float], float]] = [
        (lambda x: apply(x, scalar), right, apply(2.5, c)),
        (lambda x: apply(scalar, x), left, apply(c, 2.5)),
    ]
    for given, slope, plain in cases:
        x = Value(2.5)
        y = given(x)
        assert type(y) is Value
        assert y.data == plain
        y.backward()
        assert x.grad == pytest.approx(slope(2.5, c), rel=1e-15)
        assert grad(given)(2.5) == x.grad


@pytest.mark.parametrize("kind", SCALARS)
def test_in_place_operators_and_divmod_with_a_number_of_numpy(kind: str) -> None:
    scalar = SCALARS[kind](3.0)
    c = float(scalar)

    def f(x: Any) -> Any:
        x += scalar
        x *= scalar
        x -= scalar
        x /= scalar
        return x

    assert value_and_grad(f)(2.5) == (((2.5 + c) * c - c) / c, 1.0)
    quotient, rest = divmod(Value(2.5), scalar)
    assert (quotient.data, rest.data) == divmod(2.5, c)
    if "0-d" not in kind:
        quotient, rest = divmod(scalar, Value(2.5))
        assert (quotient.data, rest.data) == divmod(c, 2.5)


@pytest.mark.parametrize("kind", SCALARS)
def test_comparisons_with_a_number_of_numpy_answer_as_for_floats(kind: str) -> None:
    for c in (0.0, 1.0):
        scalar = SCALARS[kind](c)
        for number in (0.0, 0.5, 1.0) if "0-d" in kind else (0.0, 0.5, 1.0, math.nan):
            for compare in (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge):
                answers = compare(Value(number), scalar), compare(scalar, Value(number))
                assert answers == (compare(number, c), compare(c, number))
                # A 0-d array on the left is asked first, and answers with NumPy's own bool.
                assert type(answers[0]) is bool
                assert type(answers[1]) is bool or "0-d" in kind


@pytest.mark.parametrize("kind", SCALARS)
def test_a_number_of_numpy_is_an_argument_like_any_other(kind: str) -> None:
    scalar = SCALARS[kind](1.0)
    if "bool" in kind:  # flags are no numbers, and pass through
        with pytest.raises(TypeError, match="to differentiate by it, it must be a number"):
            grad(lambda x: x * 2.0)(scalar)
        return
    slope = grad(lambda x: x**2)(scalar)
    assert slope == 2.0
    assert type(slope) is float or isinstance(slope, np.float64 | np.ndarray)


# Ufuncs and what else maps arrays to arrays or numbers: value as NumPy's, gradient by differences

NAMES_OF_ONE = (
    "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arctanh exp exp2 expm1 log log2 log10 log1p "
    "sqrt cbrt square reciprocal absolute fabs negative positive sign floor ceil trunc rint deg2rad rad2deg "
    "degrees radians conjugate real sinc nan_to_num"
).split()
NAMES_OF_TWO = (
    "add subtract multiply divide true_divide power float_power remainder mod fmod floor_divide arctan2 "
    "hypot maximum minimum fmax fmin copysign logaddexp logaddexp2 heaviside"
).split()
REDUCTIONS = "sum prod mean max min std var median cumsum cumprod sort diff ptp".split()


def of_one(name: str) -> Function:
    return lambda v: np.sum(W * getattr(np, name)(v / 8))


def of_two(name: str, array_first: bool) -> Function:
    f = getattr(np, name)
    return lambda v: np.sum(f(v, 1.7)) if array_first else np.sum(f(np.abs(W) + 0.3, v))


def along_the_rows(name: str) -> Function:
    return lambda v: np.sum(np.sin(getattr(np, name)(np.outer(v, W) / 8 + np.diag(v), axis=1)))


def method(name: str) -> Function:
    return lambda v: getattr(v * v, name)()


FUNCTIONS: dict[str, Function] = {
    **{name: of_one(name) for name in NAMES_OF_ONE},
    **{f"{name}, array first": of_two(name, True) for name in NAMES_OF_TWO},
    **{f"{name}, array second": of_two(name, False) for name in NAMES_OF_TWO},
    **{f"{name} along the rows": along_the_rows(name) for name in REDUCTIONS},
    **{f"ndarray.{name}": method(name) for name in "sum prod mean max min std var".split()},
    "arccosh": lambda v: np.sum(np.arccosh(v)),
    "divmod": lambda v: np.sum(W * np.divmod(v, 1.7)[1]),
    "modf": lambda v: np.sum(W * np.modf(v)[0]),
    "frexp": lambda v: np.sum(W * np.frexp(v)[0]),
    "ldexp": lambda v: np.sum(np.ldexp(v, [1, 2, 3, 4])),
    "average": lambda v: np.average(v, weights=v**2),
    "quantile": lambda v: np.quantile(v, 0.3),
    "nansum": lambda v: np.nansum(v**2),
    "std with ddof": lambda v: np.std(v, ddof=1),
    "trapezoid by hand": lambda v: np.sum((v[1:] + v[:-1]) / 2 * np.diff(W)),
    "keepdims": lambda v: np.sum((np.outer(v, v) / np.outer(v, v).sum(axis=1, keepdims=True)) ** 2),
    "sum where": lambda v: np.sum(v**2, where=V > 2, initial=0.0),
    "cumsum": lambda v: np.sum(W * np.cumsum(v**2)),
    "cumprod": lambda v: np.sum(W * np.cumprod(v)),
    "linalg.norm": lambda v: np.linalg.norm(v) + np.linalg.norm(v, 1) + np.linalg.norm(v, np.inf),
    "matmul": lambda v: v @ M @ v,
    "matmul of matrices": lambda v: np.sum((np.outer(v, W) @ M) ** 2),
    "dot": lambda v: np.dot(v, v) + v.dot(W),
    "vdot and inner": lambda v: np.vdot(v, W) * np.inner(v, v),
    "outer": lambda v: np.sum(np.outer(v, W) ** 2),
    "kron": lambda v: np.sum(np.kron(v, W) ** 2),
    "tensordot": lambda v: np.sum(np.tensordot(M, v, axes=1) ** 2),
    "cross": lambda v: np.sum(np.cross(v[:3], W[:3]) ** 2),
    "einsum": lambda v: np.einsum("i,ij,j->", v, M, v),
    "einsum of matrices": lambda v: np.sum(np.einsum("ij,jk->ik", np.outer(v, v), M)),
    "trace": lambda v: np.trace(np.outer(v, v)),
    "matrix_power": lambda v: np.sum(np.linalg.matrix_power(np.outer(v, W), 3)),
    "multi_dot": lambda v: np.sum(np.linalg.multi_dot([np.diag(v), M, M])),
    "convolve": lambda v: np.sum(np.convolve(v, W) ** 2),
    "correlate": lambda v: np.sum(np.correlate(v, v, "full") ** 2),
    "polyval, coefficients": lambda v: np.polyval(v, 2.0),
    "polyval, points": lambda v: np.sum(np.polyval([1.0, 2.0, 3.0], v)),
    "chebval": lambda v: np.polynomial.chebyshev.chebval(0.4, v),
    "where": lambda v: np.sum(np.where(v > 2, v**2, 3.0)),
    "exp of where": lambda v: np.sum(np.exp(np.where(v > 2, v / 8, 0.0))),
    "sqrt of pad": lambda v: np.sum(np.sqrt(np.pad(v, 1))),
    "cos of triu": lambda v: np.sum(np.cos(np.triu(np.outer(v, W)))),
    "select": lambda v: np.sum(np.select([v > 3, v > 2], [v**2, v**3], 0.0)),
    "piecewise": lambda v: np.sum(np.piecewise(v, [v < 2, v >= 2], [lambda q: q**2, lambda q: q**3])),
    "choose": lambda v: np.sum(np.choose([0, 1, 0, 1], [v, v**2])),
    "clip": lambda v: np.sum(np.clip(v, 2.0, 5.0) ** 2),
    "clip from above": lambda v: np.sum(np.clip(v, None, 5.0) ** 2),
    "ndarray.clip": lambda v: np.sum(v.clip(2.0, 5.0) ** 2),
    "slices": lambda v: np.sum(v[1:] * v[:-1] ** 2) + v[-1] * v[::2].sum(),
    "fancy index": lambda v: np.sum(v[[0, 0, 3]] ** 2),
    "mask": lambda v: np.sum(v[v > 2] ** 2),
    "take": lambda v: np.sum(np.take(v, [0, 0, 3]) ** 2),
    "broadcasting": lambda v: np.sum((v[:, None] - v[None, :]) ** 2 * M),
    "broadcast_to": lambda v: np.sum(np.broadcast_to(v, (4, 4)) * M),
    "reshape and transpose": lambda v: np.sum(v.reshape(2, 2).T @ v.reshape(2, 2)),
    "swapaxes": lambda v: np.sum(np.swapaxes(np.outer(v, W), 0, 1) * M),
    "stack": lambda v: np.sum(np.stack([v, v**2]) ** 2),
    "stack of Values": lambda v: np.sum(np.stack([v[0], v[1] * v[2]]) ** 2),
    "concatenate": lambda v: np.sum(np.concatenate([v, [3.0], v**2]) ** 2),
    "hstack, vstack, column_stack": lambda v: (
        np.sum(np.hstack([v, v]) ** 2) + np.sum(np.vstack([v, W]) ** 3) + np.sum(np.column_stack([v, v]))
    ),
    "append, insert, delete": lambda v: np.sum(np.delete(np.insert(np.append(v, v[0]), 1, 2.0), 2) ** 2),
    "roll, flip, tile, repeat": lambda v: np.sum(
        np.roll(v, 1) * np.flip(v) + np.tile(v[:2], 2) * np.repeat(v[2:], 2)
    ),
    "split": lambda v: np.sum(np.split(v, 2)[0] ** 2),
    "meshgrid": lambda v: np.sum(np.multiply(*np.meshgrid(v, v[:2]))),
    "triu, tril, diag": lambda v: np.sum(np.triu(np.outer(v, v)) ** 2) + np.sum(np.diag(v) * M),
    "sort": lambda v: np.sum(W * np.sort(-v) ** 2),
    "argsort": lambda v: np.sum(W * v[np.argsort(-v)] ** 2),
    "partition": lambda v: np.partition(v**2, 1)[1],
    "unique": lambda v: np.sum(np.unique(v) ** 2),
    "argmax and argmin": lambda v: v[np.argmax(v)] * v[np.argmin(v)],
    "searchsorted": lambda v: v[np.searchsorted(v, 3.0)] ** 2,
    "ufunc.reduce": lambda v: np.multiply.reduce(v) + np.maximum.reduce(v),
    "ufunc.accumulate": lambda v: np.sum(W * np.multiply.accumulate(v)),
    "ufunc.outer": lambda v: np.sum(np.subtract.outer(v, W) ** 2),
    "ufunc.reduceat": lambda v: np.sum(np.add.reduceat(v**2, [0, 2]) ** 2),
    "vectorize": lambda v: np.sum(np.vectorize(lambda q: q**2 if q > 2 else q)(v)),
    "apply_along_axis": lambda v: np.sum(np.apply_along_axis(lambda q: q.max() * q, 0, np.outer(v, v))),
    "linspace": lambda v: np.sum(np.linspace(v[0], v[1], 5) ** 2),
    "histogram's weights": lambda v: np.sum(np.histogram(W, bins=2, weights=v)[0] ** 2),
    "iteration": lambda v: sum(x * y for x, y in zip(v, reversed(v), strict=True)),
    "ndenumerate": lambda v: sum(i * x for (i,), x in np.ndenumerate(v)),
    "flat and tolist": lambda v: sum(v.flat) * sum(v.tolist()),
}


def differences(f: Function, at: np.ndarray) -> np.ndarray:
    """Return the gradient of f by central differences of plain floats, extrapolated once."""

    def central(i: int, h: float) -> float:
        step = np.zeros_like(at)
        step.flat[i] = h
        return (float(f(at + step)) - float(f(at - step))) / (2 * h)

    return np.array([(4 * central(i, 5e-4) - central(i, 1e-3)) / 3 for i in range(at.size)])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_numpy_on_values_gives_its_number_and_its_gradient(name: str) -> None:
    f = FUNCTIONS[name]
    value, gradient = value_and_grad(f)(V)
    assert type(value) is float
    assert value == pytest.approx(float(f(V)), rel=1e-14, abs=1e-14)
    assert (gradient.dtype, gradient.shape) == (np.float64, V.shape)
    np.testing.assert_allclose(gradient, differences(f, V), rtol=2e-8, atol=2e-8)


# Closed forms


def test_gradients_of_products_and_norms_are_the_textbooks() -> None:
    np.testing.assert_allclose(grad(lambda v: v @ M @ v)(U), (M + M.T) @ U, rtol=1e-14)
    np.testing.assert_allclose(hessian(lambda v: v @ M @ v)(U), M + M.T, rtol=1e-14)
    np.testing.assert_allclose(jacobian(lambda v: M @ v)(U), M, rtol=0)
    np.testing.assert_allclose(jacobian(np.cumsum)(U), np.tril(np.ones((4, 4))), rtol=0)
    np.testing.assert_allclose(grad(np.linalg.norm)(U), U / np.linalg.norm(U), rtol=1e-14)
    np.testing.assert_allclose(grad(np.var)(U), 2 * (U - U.mean()) / 4, rtol=1e-14)
    np.testing.assert_allclose(grad(np.prod)(U), np.prod(U) / U, rtol=1e-14)
    np.testing.assert_array_equal(jacobian(lambda v: np.sort(-v))(U), -np.eye(4)[::-1])
    np.testing.assert_array_equal(grad(lambda a: np.trace(a @ M))(M), M.T)
    np.testing.assert_array_equal(
        jacobian(lambda a: np.einsum("ij->i", a))(np.ones((2, 3))),
        np.einsum("ik,j->ikj", np.eye(2), np.ones(3)),
    )


def test_the_jacobian_of_a_matrix_has_the_shapes_of_result_and_argument() -> None:
    a = np.arange(6.0).reshape(2, 3) + 1.0
    slope = jacobian(lambda a: a.T * 2.0)(a)
    assert slope.shape == (3, 2, 2, 3)
    np.testing.assert_array_equal(slope, 2.0 * np.einsum("ps,qr->pqrs", np.eye(3), np.eye(2)))


def test_ties_of_maximum_and_minimum_are_shared_half_and_half() -> None:
    other = np.array([1.25, 2.0, 5.0, 7.0])
    for f, slope in [(np.maximum, [0.5, 1.0, 0.0, 0.5]), (np.minimum, [0.5, 0.0, 1.0, 0.5])]:
        np.testing.assert_array_equal(grad(lambda v, f=f: np.sum(f(v, other)))(U), slope)
        np.testing.assert_array_equal(grad(lambda v, f=f: np.sum(f(other, v)))(U), slope)
        np.testing.assert_array_equal(grad(lambda v, f=f: np.sum(f(v, v)))(U), np.ones(4))
    np.testing.assert_array_equal(grad(np.max)(np.array([2.0, 1.0, 2.0])), [0.5, 0.0, 0.5])
    np.testing.assert_array_equal(grad(lambda v: np.sum(np.abs(v)))(np.array([-2.0, 0.0, 3.0])), [-1, 0, 1])


def test_nan_is_kept_by_maximum_and_passed_over_by_fmax() -> None:
    v = np.array([np.nan, 1.0, np.nan])
    for f in (np.maximum, np.minimum):
        assert np.isnan(jacobian(lambda v, f=f: f(v, 0.5) * 1.0)(v)).shape == (3, 3)
        assert [np.isnan(value_and_grad(lambda v, f=f, i=i: f(v, 0.5)[i])(v)[0]) for i in range(3)] == [
            True,
            False,
            True,
        ]
        assert np.isnan(value_and_grad(f.reduce)(v)[0])
    assert value_and_grad(lambda v: np.sum(np.fmax(v, 0.5)))(v)[0] == 2.0
    assert value_and_grad(lambda v: np.sum(np.fmin(0.5, v)))(v)[0] == 1.5
    assert value_and_grad(lambda v: np.sum(v[~np.isnan(v)] ** 2))(v)[0] == 1.0


def test_on_the_limits_of_clip_the_gradient_is_that_of_x() -> None:
    v = np.array([1.0, 2.0, 3.0, 5.0, 6.0])
    np.testing.assert_array_equal(grad(lambda v: np.sum(np.clip(v, 2.0, 5.0)))(v), [0, 1, 1, 1, 0])


def test_questions_are_answered_with_plain_bools() -> None:
    def f(v: Any) -> Any:
        answers = [
            np.isnan(v),
            np.isfinite(v),
            np.isinf(v),
            np.signbit(v),
            v > 2,
            v == 4.0,
            np.isclose(v, 4.0),
        ]
        assert all(a.dtype == bool for a in answers)
        assert [a.tolist() for a in answers[4:]] == [
            [False, True, True, True],
            [False, False, True, False],
            [False, False, True, False],
        ]
        assert np.all(v > 1)
        assert not np.any(v > 7)
        assert np.allclose(v, U)
        assert np.array_equal(v, U)
        assert np.count_nonzero(v > 2) == 3
        return v.sum()

    np.testing.assert_array_equal(grad(f)(U), np.ones(4))


def test_assignment_into_copies_is_differentiated_and_leaves_the_argument_alone() -> None:
    given = U.copy()

    def f(v: Any) -> Any:
        copied = v.copy()
        copied[0] = v[1] * v[2]
        copied[1:3] *= 2.0
        copied[copied > 13] = 1.0
        blank = np.zeros_like(v)
        blank[0] = v[3] ** 2
        filled = np.empty(3, dtype=object)
        filled[:] = v[:3]
        np.add.at(blank, [1, 1], v[:2])
        return np.sum(copied) + np.sum(blank) + np.sum(filled)

    value, gradient = value_and_grad(f)(given)
    assert value == 10.0 + 5.0 + 8.0 + 7.0 + 49.0 + (1.25 + 2.5) + (1.25 + 2.5 + 4.0)
    np.testing.assert_array_equal(gradient, [2.0, 4.0 + 2.0 + 1 + 1, 2.5 + 2.0 + 1.0, 1.0 + 14.0])
    np.testing.assert_array_equal(given, U)


def test_in_place_arithmetic_on_the_argument_does_not_reach_the_callers_array() -> None:
    given = U.copy()

    def f(v: Any) -> Any:
        v *= v
        v[0] = 3.0
        return v.sum()

    np.testing.assert_array_equal(grad(f)(given), [0.0, 5.0, 8.0, 14.0])
    np.testing.assert_array_equal(given, U)


def test_arrays_of_every_real_type_are_arguments() -> None:
    for kind in "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64".split():
        gradient = grad(lambda v: np.sum(v**3))(np.array([1, 2, 3], dtype=kind))
        assert gradient.dtype == np.float64
        np.testing.assert_array_equal(gradient, [3.0, 12.0, 27.0])
    zero_dimensional = grad(lambda v: v**2)(np.array(3.0))
    assert zero_dimensional == 6.0
    transposed = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(grad(lambda a: np.sum(a[1] ** 2))(transposed), [[0, 0, 0], [6, 8, 10]])
    np.testing.assert_array_equal(grad(lambda v: np.sum(v**2))(U[::-2]), 2 * U[::-2])
    with pytest.raises(TypeError, match="complex"):
        grad(np.sum)(np.array([1j]))


def test_no_array_stays_empty_handed() -> None:
    gradient = grad(lambda v: np.sum(v) + 1.0)(np.array([]))
    assert (gradient.shape, gradient.dtype) == ((0,), np.float64)


# What NumPy cannot do on Values

WRITE = r"autograd\.custom_gradient"


@pytest.mark.parametrize(
    ("f", "message"),
    [
        (lambda v: np.linalg.eig(M * v)[0][0], "NumPy's eig does not work.*eigh is"),
        (lambda v: np.fft.fft(v)[0], f"NumPy's fft does not work.*write the sum.*{WRITE}"),
        (lambda v: np.fft.rfft(v)[0], f"NumPy's rfft does not work.*write the sum.*{WRITE}"),
        (lambda v: np.fft.ifft2(np.outer(v, v))[0, 0], f"NumPy's ifft2 does not.*write the sum.*{WRITE}"),
        (
            lambda v: np.polyfit(np.arange(float(len(v))), v, 1, full=True)[0][0],
            r"NumPy's polyfit does not work.*without full=True.*np\.linalg\.lstsq",
        ),
        (lambda v: np.i0(v)[0], r"NumPy's i0 does not work.*autograd\.scipy\.special\.i0"),
        (
            lambda v: np.sum(v, dtype=np.float32),
            r"NumPy's sum does not .* with dtype=.*leave that out",
        ),
        (lambda v: np.mean(v, dtype=np.float32), r"NumPy's mean does not .* with dtype=.*leave that out"),
        (lambda v: v.astype(int).sum(), r"its gradient would be lost.*\.data for the number"),
        (lambda v: np.array(v, dtype=float).sum(), r"its gradient would be lost.*\.data for the number"),
        (lambda v: np.asarray(v, np.float64).sum(), r"its gradient would be lost.*\.data for the number"),
        (lambda v: float(v.sum()), r"its gradient would be lost.*\.data for the number"),
        (lambda v: np.arange(0, v[0]).sum(), r"its gradient would be lost.*\.data for the number"),
        (lambda v: (1j * v).sum(), "cannot use 'complex' in Value arithmetic"),
    ],
)
def test_what_cannot_be_done_on_values_says_what_to_write(f: Function, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        grad(f)(V)


def test_an_array_of_floats_takes_no_values_and_the_error_says_how_to_make_one_that_does() -> None:
    def assigned(v: Any) -> Any:
        out = np.zeros(4)
        out[0] = v[0]
        return out.sum()

    def added(v: Any) -> Any:
        total = np.zeros(4)
        total += v
        return total.sum()

    def into(v: Any) -> Any:
        return np.maximum(v, 2.0, out=np.zeros(4)).sum()

    with pytest.raises(TypeError, match=r"cannot hold a Value; .*autograd\.numpy as np.* dtype=object"):
        grad(assigned)(V)
    for f in (added, into):
        with pytest.raises(TypeError, match=r"cannot hold the Values .* y = y \+ x .* dtype=object"):
            grad(f)(V)


def test_functions_of_others_that_want_plain_numbers_raise_and_say_that_there_are_values() -> None:
    rng = np.random.default_rng(0)
    for f in (rng.normal, rng.poisson):
        with pytest.raises(TypeError) as caught:
            jacobian(f)(V)
        assert any("arrays hold Values" in note for note in caught.value.__notes__)


@pytest.mark.parametrize("kind", [np.ma.array, lambda a: a.view(np.recarray)])
def test_an_array_of_a_class_with_other_rules_is_refused(kind: Function) -> None:
    with pytest.raises(TypeError, match="whose rules differ; use a plain array"):
        grad(np.sum)(kind(np.ones(2)))
