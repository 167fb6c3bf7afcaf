"""Published worked examples of differentiation, to the digits they print, and closed forms of textbooks."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import optimize

from autograd import Value, grad, hessian, hvp, jacobian, jvp, math, value_and_grad, vjp

# Matt Mazur, "A Step by Step Backpropagation Example" (2015): a 2-2-2 network of sigmoids, one step.
# He computes the new w5..w8 with the old error and the new w1..w4 with the old w5..w8; biases stay.


def test_matt_mazurs_step_by_step_example() -> None:
    inputs, targets = (0.05, 0.10), (0.01, 0.99)
    w = [Value(x) for x in (0.15, 0.20, 0.25, 0.30, 0.40, 0.45, 0.50, 0.55)]
    b1, b2 = Value(0.35), Value(0.60)
    h1 = math.sigmoid(w[0] * inputs[0] + w[1] * inputs[1] + b1)
    h2 = math.sigmoid(w[2] * inputs[0] + w[3] * inputs[1] + b1)
    o1 = math.sigmoid(w[4] * h1 + w[5] * h2 + b2)
    o2 = math.sigmoid(w[6] * h1 + w[7] * h2 + b2)
    error = sum(0.5 * (t - o) ** 2 for t, o in zip(targets, (o1, o2), strict=True))
    assert isinstance(error, Value)

    assert f"{h1:.9f}" == "0.593269992"
    assert f"{h2:.9f}" == "0.596884378"
    assert f"{o1:.8f}" == "0.75136507"
    assert f"{o2:.9f}" == "0.772928465"
    assert f"{error:.9f}" == "0.298371109"

    error.backward()
    assert f"{w[4].grad:.9f}" == "0.082167041"
    assert f"{w[0].grad:.9f}" == "0.000438568"
    new = [p.data - 0.5 * p.grad for p in w]
    assert [f"{x:.8f}" for x in new[4:5]] == ["0.35891648"]
    assert [f"{x:.9f}" for x in new[5:]] == ["0.408666186", "0.511301270", "0.561370121"]
    assert [f"{new[0]:.9f}", f"{new[1]:.8f}", f"{new[2]:.8f}", f"{new[3]:.8f}"] == [
        "0.149780716",
        "0.19956143",
        "0.24975114",
        "0.29950229",
    ]


# Stanford CS231n, "Backpropagation, Intuitions": the two circuits of its text.


def test_cs231n_first_circuit() -> None:
    x, y, z = Value(-2), Value(5), Value(-4)
    f = (x + y) * z
    f.backward()
    assert (f.data, x.grad, y.grad, z.grad) == (-12.0, -4.0, -4.0, 3.0)


def test_cs231n_sigmoid_neuron() -> None:
    w = [Value(2), Value(-3), Value(-3)]
    x = [Value(-1), Value(-2)]
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    f = math.sigmoid(dot)
    f.backward()
    slope = 0.19661193324148185  # (1 - f) * f
    assert f.data == 0.7310585786300049
    assert dot.grad == pytest.approx(slope, rel=1e-15)
    assert [v.grad for v in x] == pytest.approx([slope * 2, slope * -3], rel=1e-15)
    assert [v.grad for v in w] == pytest.approx([slope * -1, slope * -2, slope], rel=1e-15)


def test_the_expression_in_micrograds_readme() -> None:
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    g.backward()
    assert f"{g.data:.4f}" == "24.7041"
    assert f"{a.grad:.4f}" == "138.8338"
    assert f"{b.grad:.4f}" == "645.5773"


def test_the_running_example_of_baydins_survey() -> None:
    """Baydin et al., "Automatic Differentiation in Machine Learning: a Survey", JMLR 18 (2018), table 3."""
    x1, x2 = Value(2), Value(5)
    y = math.log(x1) + x1 * x2 - math.sin(x2)
    y.backward()
    assert (y.data, x1.grad, x2.grad) == (11.652071455223084, 5.5, 1.7163378145367738)


def test_baydins_example_through_every_transformation() -> None:
    def f(x1: Any, x2: Any) -> Any:
        return math.log(x1) + x1 * x2 - math.sin(x2)

    value, by_x1, by_x2 = 11.652071455223084, 5.5, 1.7163378145367738
    assert grad(f, (0, 1))(2.0, 5.0) == (by_x1, by_x2)
    assert value_and_grad(f, (0, 1))(2.0, 5.0) == (value, (by_x1, by_x2))
    assert jacobian(f, (0, 1))(2.0, 5.0) == (by_x1, by_x2)
    assert jvp(f, (2.0, 5.0), (1.0, 0.0)) == (value, by_x1)  # table 2: forward mode
    assert jvp(f, (2.0, 5.0), (0.0, 1.0)) == (value, by_x2)
    out, pull_back = vjp(f, 2.0, 5.0)  # table 3: reverse mode
    assert (out, pull_back(1.0)) == (value, (by_x1, by_x2))
    (by_11, by_12), (by_21, by_22) = hessian(f, (0, 1))(2.0, 5.0)
    assert (by_11, by_12, by_21) == (-1 / 2.0**2, 1.0, 1.0)
    assert by_22 == pytest.approx(-0.9589242746631385, rel=1e-15)  # sin 5


def test_baydins_example_on_an_array() -> None:
    def f(x: Any) -> Any:
        return np.log(x[0]) + np.prod(x) - np.sin(x[1])

    value, gradient = value_and_grad(f)(np.array([2.0, 5.0]))
    assert value == 11.652071455223084
    assert gradient.tolist() == [5.5, 1.7163378145367738]


def test_the_neuron_of_karpathys_lecture() -> None:
    """ "The spelled-out intro to neural networks and backpropagation" (2022): a tanh neuron drawn by hand."""
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.backward()
    assert f"{o.data:.4f}" == "0.7071"
    assert [round(v.grad, 12) for v in (x1, w1, x2, w2, b)] == [-1.5, 1.0, 0.5, 0.0, 0.5]


# Rosenbrock's function in 20 dimensions; its derivatives in closed form are exact as fractions.

DIMENSIONS = 20


def rosenbrock(x: Any) -> Any:
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in pairwise(x))


def rosenbrock_of_an_array(x: Any) -> Any:
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_gradient(x: list[Fraction]) -> list[Fraction]:
    g = [Fraction(0)] * len(x)
    for i in range(len(x) - 1):
        g[i] += -400 * x[i] * (x[i + 1] - x[i] ** 2) - 2 * (1 - x[i])
        g[i + 1] += 200 * (x[i + 1] - x[i] ** 2)
    return g


def rosenbrock_hessian(x: list[Fraction]) -> list[list[Fraction]]:
    h = [[Fraction(0)] * len(x) for _ in x]
    for i in range(len(x) - 1):
        h[i][i] += 1200 * x[i] ** 2 - 400 * x[i + 1] + 2
        h[i + 1][i + 1] += 200
        h[i][i + 1] = h[i + 1][i] = -400 * x[i]
    return h


@pytest.fixture(params=[1, 2, 3])
def points(request: pytest.FixtureRequest) -> tuple[list[float], list[float]]:
    """A point and a direction."""
    rng = random.Random(request.param)
    x, v = ([rng.uniform(-2, 2) for _ in range(DIMENSIONS)] for _ in range(2))
    return x, v


def test_rosenbrock_on_a_list_has_its_closed_derivatives(points: tuple[list[float], list[float]]) -> None:
    x, v = points
    exact = [Fraction(a) for a in x]
    second = rosenbrock_hessian(exact)
    product = [sum(h * Fraction(b) for h, b in zip(row, v, strict=True)) for row in second]
    assert grad(rosenbrock)(x) == pytest.approx([float(g) for g in rosenbrock_gradient(exact)], rel=1e-13)
    for found, row in zip(hessian(rosenbrock)(x), second, strict=True):
        assert found == pytest.approx([float(h) for h in row], rel=1e-13)
    assert hvp(rosenbrock)(x, v) == pytest.approx([float(p) for p in product], rel=1e-13, abs=1e-11)


def test_rosenbrock_on_an_array_has_the_derivatives_that_scipy_ships(
    points: tuple[list[float], list[float]],
) -> None:
    x, v = map(np.array, points)
    f = rosenbrock_of_an_array
    value, gradient = value_and_grad(f)(x)
    assert value == pytest.approx(optimize.rosen(x), rel=1e-14)
    np.testing.assert_allclose(gradient, optimize.rosen_der(x), rtol=1e-12)
    np.testing.assert_allclose(hessian(f)(x), optimize.rosen_hess(x), rtol=1e-13)
    np.testing.assert_allclose(hvp(f)(x, v), optimize.rosen_hess_prod(x, v), rtol=1e-12, atol=1e-11)


def test_newtons_method_on_our_derivatives_finds_the_minimum_of_rosenbrock() -> None:
    found = optimize.minimize(
        value_and_grad(rosenbrock_of_an_array),
        np.full(DIMENSIONS, 0.5),
        jac=True,
        hessp=hvp(rosenbrock_of_an_array),
        method="trust-ncg",
        options={"gtol": 1e-10},
    )
    assert found.x == pytest.approx(np.ones(DIMENSIONS), rel=1e-12)


# Matrix calculus, as in Petersen and Pedersen, "The Matrix Cookbook" (2012).


@pytest.fixture
def matrix() -> Any:
    return np.random.default_rng(5).normal(size=(4, 4))


@pytest.fixture
def vector() -> Any:
    return np.random.default_rng(6).normal(size=4)


def test_a_quadratic_form(matrix: Any, vector: Any) -> None:
    def form(x: Any, a: Any) -> Any:
        return x @ a @ x

    by_x, by_a = grad(form, (0, 1))(vector, matrix)
    np.testing.assert_allclose(by_x, (matrix + matrix.T) @ vector, rtol=1e-13)  # equation 81
    np.testing.assert_allclose(by_a, np.outer(vector, vector), rtol=1e-15)  # equation 70
    np.testing.assert_allclose(hessian(form)(vector, matrix), matrix + matrix.T, rtol=1e-14)
    np.testing.assert_allclose(hvp(form)(vector, vector, matrix), (matrix + matrix.T) @ vector, rtol=1e-13)


def test_least_squares(matrix: Any, vector: Any) -> None:
    tall = np.vstack([matrix, 2 * matrix + 1])
    b = np.arange(8.0)

    def loss(x: Any) -> Any:
        return np.sum((tall @ x - b) ** 2)

    np.testing.assert_allclose(jacobian(lambda x: tall @ x - b)(vector), tall, rtol=1e-15)
    np.testing.assert_allclose(grad(loss)(vector), 2 * tall.T @ (tall @ vector - b), rtol=1e-13)
    np.testing.assert_allclose(hessian(loss)(vector), 2 * tall.T @ tall, rtol=1e-13)


def test_log_of_a_sum_of_exponentials(vector: Any) -> None:
    def logsumexp(x: Any) -> Any:
        return np.log(np.sum(np.exp(x)))

    p = np.exp(vector) / np.exp(vector).sum()
    np.testing.assert_allclose(grad(logsumexp)(vector), p, rtol=1e-14)
    np.testing.assert_allclose(hessian(logsumexp)(vector), np.diag(p) - np.outer(p, p), rtol=1e-13)


def test_the_trace_of_a_product_and_of_a_square(matrix: Any) -> None:
    other = np.arange(16.0).reshape(4, 4)
    by_a = grad(lambda a: np.trace(a @ other))(matrix)
    np.testing.assert_allclose(by_a, other.T, rtol=1e-15)  # equation 100
    by_a = grad(lambda a: np.trace(a @ a))(matrix)
    np.testing.assert_allclose(by_a, 2 * matrix.T, rtol=1e-15)  # equation 106


def test_the_determinant_by_elimination_has_jacobis_formula_as_gradient(matrix: Any) -> None:
    def determinant(a: Any) -> Any:
        rows, product = [list(row) for row in a], 1.0
        while rows:
            pivot = max(rows, key=lambda row: abs(row[0]))
            sign = (-1) ** next(i for i, row in enumerate(rows) if row is pivot)
            rows = [
                [x - row[0] / pivot[0] * y for x, y in zip(row[1:], pivot[1:], strict=True)]
                for row in rows
                if row is not pivot
            ]
            product = product * sign * pivot[0]
        return product

    value, by_a = value_and_grad(determinant)(matrix)
    assert value == pytest.approx(np.linalg.det(matrix), rel=1e-12)
    np.testing.assert_allclose(by_a, np.linalg.det(matrix) * np.linalg.inv(matrix).T, rtol=1e-12)  # eq. 49
