"""Published worked examples of backpropagation, to the digits they print."""

from __future__ import annotations

import pytest

from autograd import Value, math

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


def test_the_neuron_of_karpathys_lecture() -> None:
    """ "The spelled-out intro to neural networks and backpropagation" (2022): a tanh neuron drawn by hand."""
    x1, x2, w1, w2 = Value(2.0), Value(0.0), Value(-3.0), Value(1.0)
    b = Value(6.8813735870195432)
    o = (x1 * w1 + x2 * w2 + b).tanh()
    o.backward()
    assert f"{o.data:.4f}" == "0.7071"
    assert [round(v.grad, 12) for v in (x1, w1, x2, w2, b)] == [-1.5, 1.0, 0.5, 0.0, 0.5]
