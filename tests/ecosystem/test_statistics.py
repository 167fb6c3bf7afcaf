"""Python's module `statistics`, which computes with exact fractions, as Values are not."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable
from typing import Any

import pytest

from autograd import (
    grad,
    math,
    value_and_grad,
)

Function = Callable[..., Any]


DATA = [1.25, 2.5, 4.0, 7.0, 8.5]
OTHERS = [2.0, 1.0, 5.0, 4.0, 3.0]


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (statistics.median, [0.0, 0.0, 1.0, 0.0, 0.0]),
        (lambda v: statistics.median(v[:4]), [0.0, 0.5, 0.5, 0.0, 0.0]),
        (statistics.median_low, [0.0, 0.0, 1.0, 0.0, 0.0]),
        (statistics.median_high, [0.0, 0.0, 1.0, 0.0, 0.0]),
        (statistics.mode, [1.0, 0.0, 0.0, 0.0, 0.0]),
        # The first of three cut points of five data lies half way from the first to the second.
        (lambda v: statistics.quantiles(v, n=4)[0], [0.5, 0.5, 0.0, 0.0, 0.0]),
        (lambda v: statistics.NormalDist(3.0, 2.0).zscore(v[0]), [0.5, 0.0, 0.0, 0.0, 0.0]),
    ],
)
def test_statistics_that_choose_and_weigh_have_their_gradient(f: Function, slope: list[float]) -> None:
    value, gradient = value_and_grad(f)(DATA)
    assert value == f(DATA)
    assert gradient == slope


@pytest.mark.parametrize(
    "f",
    [
        statistics.mean,
        statistics.fmean,
        statistics.geometric_mean,
        statistics.harmonic_mean,
        statistics.variance,
        statistics.pvariance,
        statistics.stdev,
        statistics.pstdev,
        statistics.median_grouped,
        lambda v: statistics.covariance(v, OTHERS),
        lambda v: statistics.correlation(v, OTHERS),
        lambda v: statistics.linear_regression(OTHERS, v).slope,
        lambda v: statistics.linear_regression(v, OTHERS).intercept,
        lambda v: statistics.NormalDist(v[0], 1.0).mean,
        lambda v: statistics.NormalDist(0.0, v[0]).stdev,
        lambda v: statistics.NormalDist(0.0, 1.0).pdf(v[0]),
        lambda v: statistics.NormalDist(0.0, 1.0).cdf(v[0]),
        lambda v: statistics.NormalDist(0.0, 1.0).inv_cdf(v[0] / 10.0),
        lambda v: statistics.NormalDist.from_samples(v).mean,
    ],
)
def test_statistics_that_need_plain_numbers_refuse_values(f: Function) -> None:
    assert f(DATA) is not None
    words = r"gradient would be lost.*autograd\.math|statistics and fractions need plain numbers"
    with pytest.raises(TypeError, match=words):
        grad(f)(DATA)


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda v: statistics.fmean(v, weights=OTHERS), [y / sum(OTHERS) for y in OTHERS]),
        (
            lambda v: statistics.linear_regression(OTHERS, v, proportional=True).slope,
            [x / sum(x * x for x in OTHERS) for x in OTHERS],
        ),
    ],
)
def test_statistics_that_python_3_12_sums_with_sumprod_have_their_gradient(
    f: Function, slope: list[float]
) -> None:
    if sys.version_info >= (3, 12):
        assert grad(f)(DATA) == pytest.approx(slope, rel=1e-15)
    else:
        with pytest.raises(TypeError, match=r"gradient would be lost.*autograd\.math"):
            grad(f)(DATA)


def test_the_same_statistics_written_with_math_have_their_gradient() -> None:
    n = len(DATA)
    mean = statistics.mean(DATA)

    def variance(v: Any) -> Any:
        center = sum(v) / n
        return sum((x - center) ** 2 for x in v) / (n - 1)

    assert grad(variance)(DATA) == pytest.approx([2 * (x - mean) / (n - 1) for x in DATA], rel=1e-14)
    assert grad(lambda v: math.exp(math.fsum(map(math.log, v)) / n))(DATA) == pytest.approx(
        [statistics.geometric_mean(DATA) / (n * x) for x in DATA], rel=1e-14
    )
    assert grad(lambda v: n / sum(1 / x for x in v))(DATA) == pytest.approx(
        [statistics.harmonic_mean(DATA) ** 2 / (n * x * x) for x in DATA], rel=1e-14
    )
