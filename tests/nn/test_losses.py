"""Losses: against PyTorch, closed forms and 50-digit arithmetic, and where they refuse their arguments."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

from autograd import Value, topological_order
from autograd.nn import MLP, binary_cross_entropy, cross_entropy, hinge, l2, mse

Loss = Callable[..., Any]

# import torch, torch.nn.functional as F  (torch 2.13.0, torch.set_default_dtype(torch.float64))
# z = torch.tensor([[1., -2., .5], [3., .25, -1.]], requires_grad=True)
# t = torch.tensor([[1., 0., .3], [0., 1., 1.]])
# for loss in (F.cross_entropy(z, torch.tensor([2, 0])),
#              F.cross_entropy(z, torch.tensor([[.2, .3, .5], [1., 0., 0.]])),
#              F.binary_cross_entropy_with_logits(z, t), F.mse_loss(z, t)):
#     z.grad = None; loss.backward(); print(loss.item(), z.grad.tolist())
LOGITS = [[1.0, -2.0, 0.5], [3.0, 0.25, -1.0]]
TARGETS = [[1.0, 0.0, 0.3], [0.0, 1.0, 1.0]]
TORCH_LOSSES = [
    (
        cross_entropy,
        [2, 0],
        0.5418165518731914,
        [
            [0.3018744480743129, 0.015029443784787011, -0.3169038918590999],
            [-0.037996763246066545, 0.029534878796255118, 0.008461884449811405],
        ],
    ),
    (
        cross_entropy,
        [[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]],
        0.8668165518731914,
        [
            [0.2018744480743129, -0.13497055621521298, -0.0669038918590999],
            [-0.037996763246066545, 0.029534878796255118, 0.008461884449811405],
        ],
    ),
    (
        binary_cross_entropy,
        TARGETS,
        1.0336758569520184,
        [
            [-0.04482357022833252, 0.019867153670352924, 0.05374322186697577],
            [0.15876235447040557, -0.07297058318570032, -0.12184309643833414],
        ],
    ),
    (
        mse,
        TARGETS,
        2.93375,
        [[0.0, -0.6666666666666666, 0.06666666666666667], [1.0, -0.25, -0.6666666666666666]],
    ),
]


@pytest.mark.parametrize(("loss", "targets", "value", "gradients"), TORCH_LOSSES)
def test_losses_and_their_gradients_are_those_of_pytorch(
    loss: Loss, targets: Any, value: float, gradients: list[list[float]]
) -> None:
    logits = [list(map(Value, row)) for row in LOGITS]
    result = loss(logits, targets)
    result.backward()
    assert result.data == pytest.approx(value, rel=1e-14)
    assert [[z.grad for z in row] for row in logits] == [pytest.approx(row, rel=1e-13) for row in gradients]


@pytest.mark.parametrize(("loss", "targets", "value", "_"), TORCH_LOSSES)
def test_numbers_in_give_a_number_out(loss: Loss, targets: Any, value: float, _: object) -> None:
    result = loss(np.array(LOGITS), np.array(targets))
    assert type(result) is float
    assert result == pytest.approx(value, rel=1e-14)


def test_hinge_is_the_mean_of_the_margins_that_are_missed() -> None:
    scores = [Value(2.0), Value(0.25), Value(-3.0), Value(0.5)]
    loss = hinge(scores, [1, 1, 1, -1])  # margins missed by 0, 0.75, 4 and 1.5
    loss.backward()
    assert loss.data == (0.0 + 0.75 + 4.0 + 1.5) / 4
    assert [s.grad for s in scores] == [0.0, -0.25, -0.25, 0.25]


def test_l2_is_the_sum_of_squares_with_twice_the_parameter_as_gradient() -> None:
    parameters = [Value(3.0), Value(-4.0)]
    total = l2(p for p in parameters)
    total.backward()
    assert total.data == 25.0
    assert [p.grad for p in parameters] == [6.0, -8.0]


@pytest.mark.parametrize("z", [-1000.0, -40.0, -1.0, 0.0, 1e-9, 3.0, 40.0, 700.0, 1000.0])
@pytest.mark.parametrize("t", [0.0, 1.0, 0.25])
def test_binary_cross_entropy_keeps_its_digits_at_any_logit(z: float, t: float) -> None:
    with mp.workdps(500):
        p = 1 / (1 + mp.exp(-mpf(z)))
        expected = float(-t * mp.log(p) - (1 - t) * mp.log(1 - p))
        slope = float(p - t)
    logit = Value(z)
    loss = binary_cross_entropy([logit], [t])
    loss.backward()
    assert loss.data == pytest.approx(expected, rel=1e-14, abs=0)
    assert logit.grad == pytest.approx(slope, rel=1e-14, abs=1e-17 if t == 0.25 else 0)


@pytest.mark.parametrize(
    "row", [[40.0, 0.0, 1.0], [0.0, 0.0, 0.0], [-700.0, 3.0, 2.0], [1000.0, 999.0, 0.0], [0.0, 1000.0, -5.0]]
)
@pytest.mark.parametrize("label", [0, 1, 2])
def test_cross_entropy_keeps_its_digits_at_any_logit(row: list[float], label: int) -> None:
    with mp.workdps(900):
        powers = [mp.exp(mpf(z)) for z in row]
        p = [power / sum(powers) for power in powers]
        expected = float(-mp.log(p[label]))
        slopes = [float(q - (j == label)) for j, q in enumerate(p)]
    logits = list(map(Value, row))
    loss = cross_entropy([logits], [label])
    loss.backward()
    assert loss.data == pytest.approx(expected, rel=1e-13, abs=0)
    assert [z.grad for z in logits] == pytest.approx(slopes, rel=1e-13, abs=0)


def test_a_logit_of_minus_infinity_costs_nothing_where_its_class_has_no_share() -> None:
    assert cross_entropy([[0.0, -math.inf]], [0]) == 0.0
    assert cross_entropy([[0.0, -math.inf]], [[1.0, 0.0]]) == 0.0
    assert cross_entropy([[0.0, -math.inf]], [1]) == math.inf


def test_a_mean_of_equal_losses_is_that_loss() -> None:
    assert mse([1.0] * 49, [0.0] * 49) == 1.0


def test_a_batch_of_one_output_networks_may_have_its_targets_in_rows_or_not() -> None:
    model = MLP(2, [1], seed=0)
    outputs = [model([1.0, 2.0]), model([0.0, 1.0])]
    assert (
        mse(outputs, [1, 0]).data == mse(outputs, [[1], [0]]).data == mse(outputs, np.array([[1], [0]])).data
    )


@pytest.mark.parametrize("loss", [mse, hinge, binary_cross_entropy, cross_entropy])
def test_an_empty_batch_is_refused(loss: Loss) -> None:
    with pytest.raises(ValueError, match="no samples"):
        loss([], [])


@pytest.mark.parametrize("loss", [mse, hinge, binary_cross_entropy, cross_entropy])
def test_sizes_that_differ_are_refused(loss: Loss) -> None:
    with pytest.raises(ValueError, match=r"not 1 for 2"):
        loss([[0.0, 1.0], [1.0, 0.0]], [1])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: mse([[1.0, 2.0]], [[1.0]]), "2 predictions, but 1 target"),
        (lambda: mse([[]], [[]]), "no samples"),
        (lambda: hinge([1.0], [0]), "target 0.0 is neither -1 nor 1"),
        (lambda: hinge([1.0], [math.nan]), "target nan"),
        (lambda: binary_cross_entropy([1.0], [-1]), "target -1.0"),
        (lambda: binary_cross_entropy([1.0], [1.5]), "target 1.5"),
        (lambda: binary_cross_entropy([1.0], [math.nan]), "target nan"),
        (lambda: cross_entropy([[1.0, 2.0]], [2]), "target 2 is no class.*from 0 to 1"),
        (lambda: cross_entropy([[1.0, 2.0]], [-1]), "target -1 is no class"),
        (lambda: cross_entropy([[1.0, 2.0]], [1.0]), "target 1.0 is no class"),
        (lambda: cross_entropy([[1.0, 2.0]], [None]), "target None is no class"),
        (lambda: cross_entropy([[1.0, 2.0]], [[0.5, 0.4]]), r"\[0.5, 0.4\] is no distribution"),
        (lambda: cross_entropy([[1.0, 2.0]], [[1.5, -0.5]]), "no distribution"),
        (lambda: cross_entropy([[1.0, 2.0]], [[1.0]]), "no distribution.*2 probabilities"),
        (lambda: cross_entropy([[1.0], [2.0]], [0, 0]), "2 or more classes.*binary_cross_entropy"),
        (lambda: cross_entropy([Value(1.0)], [0]), "2 or more classes.*binary_cross_entropy"),
        (lambda: cross_entropy([[1.0, 2.0], [1.0, 2.0, 3.0]], [0, 0]), "2 logits, another one 3"),
        (lambda: l2([]), "no parameters"),
    ],
)
def test_wrong_sizes_and_targets_are_value_errors(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: hinge([1.0], ["x"]), "str"),
        (lambda: binary_cross_entropy([1.0], [None]), "NoneType"),
        (lambda: cross_entropy([[1.0, 2.0]], ["a"]), "str"),
        (lambda: mse("12", [1.0, 2.0]), "list of numbers.*str"),
        (lambda: mse([1.0], {1.0: 2.0}), "list of numbers.*dict"),
        (lambda: hinge([1.0], [Value(1.0)]), r"target.*\.data"),
        (lambda: l2(MLP(1, [1])), r"l2\(model.parameters\(\)\)"),  # type: ignore[arg-type]
    ],
)
def test_wrong_types_are_type_errors(call: Callable[[], object], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        call()


def test_a_sum_of_terms_has_no_node_for_a_zero_to_start_from() -> None:
    x, y = Value(3.0), Value(4.0)
    assert [node.op for node in topological_order(l2([x, y]))] == ["", "*", "", "*", "+"]
