"""`autograd.scipy.stats`: SciPy's numbers, and derivatives by the number and by parameters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, derivative, grad, value_and_grad, vmap

scipys = pytest.importorskip("scipy.stats")

from mpmath import mp, mpf  # noqa: E402 (after what may skip)

from autograd.scipy import stats  # noqa: E402

inf, nan = math.inf, math.nan

SHAPES: dict[str, tuple[float, ...]] = {
    "norm": (), "t": (4.5,), "gamma": (2.3,), "chi2": (3.1,), "beta": (2.3, 1.7), "expon": (),
    "lognorm": (0.7,), "weibull_min": (1.7,), "uniform": (),
}  # fmt: skip
METHODS = ("logpdf", "pdf", "cdf", "sf", "logcdf", "logsf")
COUNTS: dict[str, tuple[float, ...]] = {"poisson": (3.3,), "binom": (7.0, 0.3), "nbinom": (3.5, 0.4)}


def number(x: Any) -> float:
    return x.data if isinstance(x, Value) else float(x)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("method", METHODS)
def test_a_continuous_distribution_has_scipys_numbers(name: str, method: str) -> None:
    ours, theirs = getattr(getattr(stats, name), method), getattr(getattr(scipys, name), method)
    shapes = SHAPES[name]
    for x in (-3.0, 0.31, 0.5, 0.9, 1.3, 4.7):
        expected = float(theirs(x, *shapes, loc=0.2, scale=1.3))
        found = number(ours(Value(x), *shapes, loc=0.2, scale=1.3))
        assert found == expected or found == pytest.approx(expected, rel=1e-12, abs=1e-300)
        assert number(ours(x, *shapes, Value(0.2), 1.3)) == found
    at = np.array([0.31, 0.9, 4.7])
    np.testing.assert_array_equal(ours(at, *shapes), theirs(at, *shapes))  # SciPy itself
    found = ours([Value(x) for x in at.tolist()], *shapes)
    np.testing.assert_allclose([number(x) for x in found], theirs(at, *shapes), rtol=1e-12)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("method", METHODS)
def test_derivatives_by_all_that_it_may_be_differentiated_by(name: str, method: str) -> None:
    ours, theirs = getattr(getattr(stats, name), method), getattr(getattr(scipys, name), method)
    by_shapes = method in ("logpdf", "pdf") or name not in ("t", "beta")
    step = 1e-6
    for x in (0.5, 0.9, 1.3):
        operands = [x, *SHAPES[name], 0.2, 1.3]
        for place in range(len(operands)):
            if 0 < place <= len(SHAPES[name]) and not by_shapes:
                continue
            up, down = operands.copy(), operands.copy()
            up[place] += step
            down[place] -= step
            rate = float(theirs(*up) - theirs(*down)) / (2.0 * step)
            found = derivative(lambda v, i=place, o=operands: ours(*o[:i], v, *o[i + 1 :]))(operands[place])
            assert found == pytest.approx(rate, rel=1e-6, abs=1e-8), place


def test_logarithms_at_an_end_of_the_support_have_the_slope_of_the_limit() -> None:
    assert grad(stats.expon.logcdf)(0.0) == grad(stats.uniform.logcdf)(0.0) == inf
    assert grad(stats.uniform.logsf)(1.0) == -inf
    assert grad(stats.lognorm.logcdf)(0.0, 0.5) == grad(stats.lognorm.logpdf)(0.0, 0.5) == inf
    assert grad(stats.lognorm.cdf)(0.0, 0.5) == grad(stats.lognorm.pdf)(0.0, 0.5) == 0.0
    assert math.isnan(grad(stats.t.logcdf)(-1e300, 3.0))  # of a probability that is too small for a float


@pytest.mark.parametrize(
    ("f", "at"),
    [(lambda s: stats.norm.logpdf(1.0, 0.0, s), -1.0), (lambda p: stats.binom.pmf(1, 2, p), 1.5)],
)
def test_a_parameter_that_is_not_allowed_has_no_derivative(f: Any, at: float) -> None:
    assert math.isnan(f(Value(at)).data)
    assert math.isnan(compile(f)(at))
    assert math.isnan(grad(f)(at))


def test_far_out_nothing_overflows_on_the_way() -> None:
    assert number(stats.weibull_min.sf(Value(1e300), 2.0)) == 0.0
    assert number(stats.weibull_min.logpdf(Value(1e300), 2.0)) == -inf
    assert number(stats.gamma.logsf(Value(inf), 2.0)) == -inf


@pytest.mark.parametrize("name", ["t", "beta"])
@pytest.mark.parametrize("method", ["cdf", "sf", "logcdf"])
def test_a_distribution_function_has_no_derivative_by_some_shapes(name: str, method: str) -> None:
    shapes = SHAPES[name]
    with pytest.raises(TypeError, match="has no derivative"):
        getattr(getattr(stats, name), method)(0.5, *map(Value, shapes))


LOGPDF: dict[str, Any] = {
    "norm": lambda z: -z * z / 2 - mp.log(2 * mp.pi) / 2,
    "t": lambda z, v: (
        mp.loggamma((v + 1) / 2)
        - mp.loggamma(v / 2)
        - mp.log(mp.pi * v) / 2
        - (v + 1) / 2 * mp.log1p(z * z / v)
    ),
    "gamma": lambda z, a: (a - 1) * mp.log(z) - z - mp.loggamma(a),
    "chi2": lambda z, v: (v / 2 - 1) * mp.log(z) - z / 2 - mp.loggamma(v / 2) - v / 2 * mp.log(2),
    "beta": lambda z, a, b: (
        (a - 1) * mp.log(z) + (b - 1) * mp.log1p(-z) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
    ),
    "expon": lambda z: -z,
    "lognorm": lambda z, s: -(mp.log(z) ** 2) / (2 * s * s) - mp.log(s * z) - mp.log(2 * mp.pi) / 2,
    "weibull_min": lambda z, c: mp.log(c) + (c - 1) * mp.log(z) - z**c,
    "uniform": lambda z: mpf(0),
}


@pytest.mark.parametrize("name", LOGPDF)
def test_logpdf_has_12_digits_to_order_3(name: str) -> None:
    for scale in (1.0, 1e3):
        shapes = tuple(scale * shape for shape in SHAPES[name]) if name != "weibull_min" else SHAPES[name]
        check_logpdf(name, [0.37, *shapes, -0.1, 1.9])


def check_logpdf(name: str, operands: list[float]) -> None:
    for place, at in enumerate(operands):

        def ours(v: Any, i: int = place) -> Any:
            return getattr(stats, name).logpdf(*operands[:i], v, *operands[i + 1 :])

        def exact(v: Any, i: int = place) -> Any:
            x, *given, loc, width = [v if k == i else mpf(o) for k, o in enumerate(operands)]
            return LOGPDF[name]((x - loc) / width, *given) - mp.log(width)

        with mp.workdps(60):
            expected = [mp.diff(exact, mpf(at), order) for order in range(5)]
        for order in range(4):
            size = max(abs(expected[order]), abs(at * expected[order + 1]) / 100)
            got = number(derivative(ours, order)(at) if order else ours(Value(at)))
            assert abs(got - expected[order]) <= 1e-12 * size + 1e-15, (place, order)


def test_tails_keep_their_digits() -> None:
    x = Value(1e3)
    with mp.workdps(40):
        exact = mp.log(mp.erfc(1000 / mp.sqrt(2)) / 2)
    assert stats.norm.logsf(x).data == pytest.approx(float(exact), rel=1e-15)
    assert stats.gamma.logsf(x, 2.0).data == pytest.approx(-1000.0 + math.log(1001.0), rel=1e-14)
    by_a = grad(lambda a: stats.gamma.logsf(1e3, a))(2.0)
    with mp.workdps(40):
        exact = mp.diff(lambda a: mp.log(mp.gammainc(a, 1000, regularized=True)), 2)
    assert by_a == pytest.approx(float(exact), rel=1e-12)
    assert stats.expon.logcdf(Value(1e-20)).data == pytest.approx(math.log(1e-20), rel=1e-14)
    assert stats.expon.logcdf(Value(50.0)).data == pytest.approx(-math.exp(-50.0), rel=1e-14)
    assert stats.expon.logcdf(Value(0.0)) == -inf
    assert stats.chi2.logcdf(Value(200.0), 3.0).data == pytest.approx(
        -float(scipys.chi2.sf(200.0, 3.0)), rel=1e-12
    )
    tail = float(scipys.t.cdf(-1e5, 3.0))
    assert stats.t.cdf(Value(-1e5), 3.0).data == pytest.approx(tail, rel=1e-13)
    assert number(stats.beta.logcdf(Value(0.0), 2.0, 3.0)) == -inf


@pytest.mark.parametrize("name", COUNTS)
@pytest.mark.parametrize("method", ["logpmf", "pmf", "cdf", "sf", "logcdf", "logsf"])
def test_a_discrete_distribution_has_scipys_numbers_and_derivatives(name: str, method: str) -> None:
    ours, theirs = getattr(getattr(stats, name), method), getattr(getattr(scipys, name), method)
    *first, last = COUNTS[name]
    step = 1e-6
    for k in (-1, 0, 2, 7, 2.5, 8):
        expected = float(theirs(k, *first, last))
        found = number(ours(k, *first, Value(last)))
        assert found == expected or found == pytest.approx(expected, rel=1e-12, abs=1e-15)
        assert number(ours(k + 3, *first, Value(last), loc=3)) == found
        if math.isfinite(expected):
            rate = float(theirs(k, *first, last + step) - theirs(k, *first, last - step)) / (2.0 * step)
            got = derivative(lambda p, k=k: ours(k, *first, p))(last)
            assert got == pytest.approx(rate, rel=1e-6, abs=1e-9)
    found = ours(np.array([0, 2, 3]), *first, Value(last))
    np.testing.assert_allclose(
        [number(x) for x in found], theirs(np.array([0, 2, 3]), *first, last), rtol=1e-12
    )


def test_the_size_of_a_negative_binomial_distribution_has_a_derivative() -> None:
    by_n = grad(lambda n: stats.nbinom.logpmf(5, n, 0.4))(3.5)
    assert by_n == pytest.approx(float(mp.psi(0, 8.5) - mp.psi(0, 3.5) + mp.log(0.4)), rel=1e-13)
    with pytest.raises(TypeError, match="has no derivative by its shape"):
        stats.nbinom.cdf(5, Value(3.5), 0.4)


def test_parameters_that_are_none_give_nan() -> None:
    assert math.isnan(number(stats.norm.logpdf(Value(1.0), 0.0, -1.0)))
    assert math.isnan(number(stats.gamma.pdf(Value(1.0), -2.0)))
    assert math.isnan(number(stats.norm.cdf(Value(nan))))
    assert math.isnan(number(stats.binom.pmf(2, 7, Value(1.5))))
    assert math.isnan(number(stats.binom.pmf(2, 7.5, Value(0.5))))
    assert math.isnan(number(stats.poisson.pmf(nan, Value(0.5))))


def test_ends_of_supports() -> None:
    for name, method, x in [
        ("lognorm", "logpdf", 0.0), ("lognorm", "pdf", 0.0), ("lognorm", "cdf", 0.0),
        ("lognorm", "logsf", 0.0), ("uniform", "logcdf", 0.0), ("uniform", "logsf", 1.0),
        ("weibull_min", "sf", 0.0), ("expon", "pdf", 0.0),
    ]:  # fmt: skip
        expected = float(getattr(getattr(scipys, name), method)(x, *SHAPES[name]))
        assert number(getattr(getattr(stats, name), method)(Value(x), *SHAPES[name])) == expected


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda v: stats.norm.ppf(v), "norm.ppf is not there for Values; there are cdf, logcdf"),
        (lambda v: stats.multivariate_normal.cdf([v], [0.0]), "multivariate_normal.cdf is not there for V"),
        (lambda v: stats.norm(v), r"norm is not fixed with Values; .* norm.cdf\(x, loc, scale\)"),
        (
            lambda v: stats.poisson.ppf(0.5, v),
            "poisson.ppf is not there for Values; there are cdf, logcdf, logpm",
        ),
        (lambda v: stats.norm.pdf(v, mu=2.0), "'mu' is no parameter; it takes x, loc, scale"),
        (lambda v: stats.norm.pdf(v, 0.0, loc=2.0), "'loc' is given twice"),
        (lambda v: stats.gamma.pdf(v), "gamma.pdf misses a; it takes x, a, loc, scale"),
        (lambda v: stats.norm.pdf(v, 0.0, 1.0, 2.0), "4 arguments are given"),
        (lambda v: stats.poisson.pmf(v, 2.0), "k and loc are counts; pass plain numbers there"),
        (lambda v: stats.t.cdf(1.0, v), "t.cdf has no derivative by its shape parameters"),
    ],
)
def test_what_is_not_there_says_so(call: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        call(Value(0.5))


def test_a_name_that_scipy_does_not_have() -> None:
    for distribution in (stats.norm, stats.multivariate_normal):
        with pytest.raises(
            AttributeError, match=r"has no 'logdpf'; did you mean 'logpdf'\? \(there are .*pdf"
        ):
            _ = distribution.logdpf
    assert stats.norm(0.0, 2.0).cdf(0.0) == 0.5
    assert stats.norm.name == "norm"
    assert repr(stats.norm) == "<distribution norm>"
    assert repr(stats.multivariate_normal) == "<distribution multivariate_normal>"
    assert repr(stats.dirichlet) == "<distribution dirichlet>"
    assert stats.norm.ppf(0.5) == 0.0
    assert stats.norm.cdf.__name__ == "cdf"


def test_derivatives_of_a_distribution_function_of_all_orders() -> None:
    third = derivative(lambda x: stats.t.cdf(x, 4.0), 3)(0.7)
    with mp.workdps(40):
        exact = mp.diff(lambda z: mp.exp(LOGPDF["t"](z, mpf(4))), mpf("0.7"), 2)
    assert third == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize("method", ["cdf", "sf", "logcdf", "logsf"])
def test_derivatives_of_distribution_functions_by_the_shape(method: str) -> None:
    shapes, xs = np.array([0.4, 2.3, 40.0, 7.0]), np.array([0.3, 2.0, 31.0, 60.0])

    def exact(a: Any, x: Any) -> Any:
        ends = (x, mp.inf) if method.endswith("sf") else (0, x)
        part = mp.gammainc(a, *ends, regularized=True)
        return mp.log(part) if method.startswith("log") else part

    with mp.workdps(40):
        wanted = [
            float(mp.diff(lambda a, x=x: exact(a, mpf(x)), mpf(a))) for a, x in zip(shapes, xs, strict=True)
        ]
    for f, factor in ((getattr(stats.gamma, method), 1.0), (getattr(stats.chi2, method), 0.5)):
        by_shape = compile(lambda a, x, f=f, s=factor: f(x / s, a / s))
        found = [grad(by_shape)(a, x) for a, x in zip(shapes.tolist(), xs.tolist(), strict=True)]
        np.testing.assert_allclose(found, wanted, rtol=1e-12)
        np.testing.assert_allclose(vmap(by_shape, in_axes=(0, 0)).grad(shapes, xs), wanted, rtol=1e-12)
        np.testing.assert_allclose(
            [by_shape.grad(*p) for p in zip(shapes.tolist(), xs.tolist(), strict=True)], wanted, rtol=1e-12
        )


def test_a_likelihood_by_maximum_has_its_closed_form() -> None:
    x = np.array([1.0, 2.5, -0.3, 0.8])
    mean, deviation = x.mean(), x.std()
    gradient = grad(lambda p: stats.norm.logpdf(x, p[0], p[1]).sum())(np.array([mean, deviation]))
    np.testing.assert_allclose(gradient, 0.0, atol=1e-13)
    fast = compile(lambda p: stats.norm.logpdf(x, p[0], p[1]).sum())
    assert fast(np.array([0.1, 1.2])) == pytest.approx(scipys.norm.logpdf(x, 0.1, 1.2).sum(), rel=1e-14)


@pytest.fixture
def matrix() -> Any:
    rng = np.random.default_rng(3)
    a = rng.normal(size=(3, 3))
    return a @ a.T + np.eye(3)


def test_the_normal_distribution_of_vectors(matrix: Any) -> None:
    rng = np.random.default_rng(4)
    x, mean = rng.normal(size=(4, 3)), rng.normal(size=3)
    inverse = np.linalg.inv(matrix)

    def total(x: Any, mean: Any, cov: Any) -> Any:
        return stats.multivariate_normal.logpdf(x, mean, cov).sum()

    expected = scipys.multivariate_normal.logpdf(x, mean, matrix)
    assert total(x, mean, matrix) == pytest.approx(expected.sum(), rel=1e-13)
    distance = x - mean
    np.testing.assert_allclose(grad(total, 1)(x, mean, matrix), (distance @ inverse).sum(axis=0), rtol=1e-11)
    np.testing.assert_allclose(grad(total)(x, mean, matrix), -distance @ inverse, rtol=1e-11)
    by_cov = grad(total, 2)(x, mean, matrix)
    exact = 0.5 * (inverse @ distance.T @ distance @ inverse - 4 * inverse)  # Petersen and Pedersen, 8.1
    np.testing.assert_allclose(by_cov + by_cov.T, 2.0 * exact, rtol=1e-9, atol=1e-10)
    values = [Value(m) for m in mean.tolist()]
    found = stats.multivariate_normal.pdf(x, values, matrix)
    np.testing.assert_allclose([v.data for v in found], np.exp(expected), rtol=1e-13)


def test_the_entropy_of_the_normal_distribution_of_vectors(matrix: Any) -> None:
    entropy = stats.multivariate_normal.entropy
    gradient = grad(entropy, 1)(None, matrix)
    np.testing.assert_allclose(gradient + gradient.T, np.linalg.inv(matrix), rtol=1e-12)
    value = entropy([Value(1.0), 2.0, 3.0], matrix)
    assert value == pytest.approx(scipys.multivariate_normal.entropy([1.0, 2.0, 3.0], matrix), rel=1e-14)
    assert grad(entropy)(np.ones(3), matrix).tolist() == [0.0, 0.0, 0.0]
    assert grad(lambda v: entropy(0.0, v))(2.0) == pytest.approx(0.25, rel=1e-15)
    assert compile(lambda c: entropy(None, c))(matrix) == pytest.approx(
        0.5 * np.linalg.slogdet(2.0 * np.pi * np.e * matrix)[1], rel=1e-14
    )
    assert entropy(None, matrix) == scipys.multivariate_normal.entropy(None, matrix)


@pytest.mark.parametrize("rank", [2, 3])
def test_a_covariance_of_plain_numbers_may_be_singular(rank: int) -> None:
    rng = np.random.default_rng(5)
    roots = rng.normal(size=(3, rank))
    cov, mean = roots @ roots.T, rng.normal(size=3)
    inside = mean + rng.normal(size=(4, rank)) @ roots.T

    def logpdf(x: Any, mean: Any) -> Any:
        return stats.multivariate_normal.logpdf(x, mean, cov, allow_singular=True)

    value, gradient = value_and_grad(lambda x: logpdf(x, mean).sum())(inside)
    by_mean = grad(logpdf, 1)
    expected = scipys.multivariate_normal.logpdf(inside, mean, cov, allow_singular=True)
    assert value == pytest.approx(expected.sum(), rel=1e-11)
    inverse = np.linalg.pinv(cov, rcond=1e-9)
    np.testing.assert_allclose(gradient, (mean - inside) @ inverse, rtol=1e-8)
    np.testing.assert_allclose(by_mean(inside[0], mean), (inside[0] - mean) @ inverse, rtol=1e-8)
    outside = [Value(x) for x in mean + np.linalg.svd(roots)[0][:, -1]]
    found = logpdf(outside, mean)
    assert getattr(found, "data", found) == pytest.approx(
        scipys.multivariate_normal.logpdf([x.data for x in outside], mean, cov, allow_singular=True)
    )
    assert np.isinf(getattr(found, "data", found)) == (rank == 2)


def test_forms_of_its_parameters(matrix: Any) -> None:
    x = [0.3, 1.2, -0.5]
    values = [Value(v) for v in x]
    for mean, cov in (([0.1, 0.2, 0.3], 2.0), (None, [1.0, 2.0, 3.0]), (None, matrix)):
        expected = scipys.multivariate_normal.logpdf(x, mean or [0.0] * 3, cov)
        assert stats.multivariate_normal.logpdf(values, mean, cov).data == pytest.approx(expected, rel=1e-13)
    assert stats.multivariate_normal.logpdf(Value(1.0), 0.0, 2.0).data == pytest.approx(
        scipys.multivariate_normal.logpdf(1.0, 0.0, 2.0)
    )
    found = stats.multivariate_normal.logpdf([Value(1.0), 2.0], 0.0, 2.0)
    np.testing.assert_allclose(
        [v.data for v in found], scipys.multivariate_normal.logpdf([1.0, 2.0], 0.0, 2.0)
    )
    assert stats.multivariate_normal.pdf(x, None, matrix) == scipys.multivariate_normal.pdf(x, None, matrix)
    by_cov = grad(lambda c: stats.multivariate_normal.logpdf(x, None, [c, 2.0, 3.0]))(1.0)
    assert by_cov == pytest.approx(0.5 * (0.09 - 1.0))
    assert stats.multivariate_normal.rvs(random_state=1) == scipys.multivariate_normal.rvs(random_state=1)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda v: stats.multivariate_normal.logpdf([1.0], [0.0], v, True), "no allow_singular"),
        (
            lambda v: stats.multivariate_normal.logpdf([v, 1.0], None, np.diag([1.0, -1.0]), True),
            "negative eigenvalue",
        ),
        (lambda v: stats.multivariate_normal.logpdf([v, 1.0], [0.0, 0.0, 0.0], 1.0), "vectors of 3 numbers"),
        (
            lambda v: stats.multivariate_normal.logpdf([v, 1.0], [0.0], np.eye(2)),
            r"the mean has shape \(1,\)",
        ),
        (lambda v: stats.dirichlet.logpdf([0.5, v], [1.0, 1.0, 1.0, 1.0]), "x has shape"),
        (lambda v: stats.dirichlet.logpdf([0.7, v], [1.0, 1.0]), "their sum 1"),
    ],
)
def test_vectors_that_do_not_fit_are_refused(call: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        call(Value(0.5))


def test_dirichlets_distribution() -> None:
    x, alpha = np.array([[0.2, 0.3], [0.5, 0.1], [0.3, 0.6]]), np.array([1.0, 2.0, 3.0])
    for numbers in (x, x[:2]):
        found = stats.dirichlet.logpdf(numbers, [Value(1.0), 2.0, 3.0])
        np.testing.assert_allclose(
            [v.data for v in found], scipys.dirichlet.logpdf(numbers, alpha), rtol=1e-13
        )
    found = stats.dirichlet.pdf(x, [Value(1.0), 2.0, 3.0])
    np.testing.assert_allclose([v.data for v in found], scipys.dirichlet.pdf(x, alpha), rtol=1e-13)
    by_alpha = grad(lambda a: stats.dirichlet.logpdf(x[:, 0], a))(alpha)
    exact = np.log(x[:, 0]) + [float(mp.psi(0, 6) - mp.psi(0, a)) for a in alpha.tolist()]
    np.testing.assert_allclose(by_alpha, exact, rtol=1e-12)
    assert stats.dirichlet.mean(alpha).tolist() == pytest.approx([1 / 6, 1 / 3, 1 / 2])
    assert stats.dirichlet.logpdf(x[:, 0], alpha) == scipys.dirichlet.logpdf(x[:, 0], alpha)
    assert stats.dirichlet.pdf(x[:, 0], alpha) == scipys.dirichlet.pdf(x[:, 0], alpha)


@pytest.mark.parametrize("first", [1000.0, 1.0, 0.01])
def test_a_compiled_tail_of_the_gamma_distribution_is_right_wherever_it_was_compiled(first: float) -> None:
    tail = compile(lambda x: stats.gamma.logsf(x, 2.3))
    tail(first)
    for x in (0.01, 1.0, 1000.0):
        exact = mp.log(mp.gammainc(mpf(2.3), mpf(x), regularized=True))
        assert tail(x) == pytest.approx(float(exact), rel=1e-11)
