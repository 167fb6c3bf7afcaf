"""Optimisers, schedules and clipping: the numbers of PyTorch, and refusal of what makes no sense."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value
from autograd import math as amath
from autograd.nn import MLP
from autograd.optim import (
    SGD,
    Adam,
    AdamW,
    CosineAnnealingLR,
    LambdaLR,
    Optimizer,
    Schedule,
    StepLR,
    clip_grad_norm_,
    clip_grad_value_,
)

# The numbers below are PyTorch's. They were made with (torch 2.13.0)
#
# import torch; from torch import optim; torch.set_default_dtype(torch.float64)
# def run(make, steps=5, schedule=None, clip=None):
#     p = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
#     o = make([p]); s = schedule(o) if schedule else None; rates = []
#     for _ in range(steps):
#         rates.append(o.param_groups[0]["lr"]); o.zero_grad(); x, y, z = p
#         ((1 - x)**2 * 3 + 10 * (y - x*x)**2 / 4 + torch.sin(3*z) * y).backward()
#         if clip: clip([p])
#         o.step()
#         if s: s.step()
#     return p.tolist(), rates
#
# and the same arguments as here, such as run(lambda p: optim.SGD(p, lr=0.01, momentum=0.9)).


def run(
    make: Callable[[list[Value]], Optimizer],
    steps: int = 5,
    schedule: Callable[[Optimizer], Schedule] | None = None,
    clip: Callable[[list[Value]], object] | None = None,
) -> tuple[list[float], list[float]]:
    parameters = [Value(1.0), Value(-2.0), Value(0.5)]
    optimizer = make(parameters)
    rule = schedule(optimizer) if schedule else None
    rates = []
    for _ in range(steps):
        rates.append(optimizer.lr)
        optimizer.zero_grad()
        x, y, z = parameters
        ((1 - x) ** 2 * 3 + 10 * (y - x * x) ** 2 / 4 + amath.sin(3 * z) * y).backward()
        if clip:
            clip(parameters)
        optimizer.step()
        if rule:
            rule.step()
    return [p.data for p in parameters], rates


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda p: SGD(p, lr=0.01), [0.3745102994243768, -1.4984220918136646, 0.5136876092344134]),
        (
            lambda p: SGD(p, lr=0.01, weight_decay=0.1),
            [0.3736162279407008, -1.4906862516249586, 0.5117845240218587],
        ),
        (
            lambda p: SGD(p, lr=0.01, momentum=0.9),
            [-0.4738818767053556, -0.695564617403076, 0.5340025321550035],
        ),
        (
            lambda p: SGD(p, lr=0.01, momentum=0.9, dampening=0.3, weight_decay=0.1),
            [-0.4525681746974492, -0.8845669645733796, 0.5258398560363685],
        ),
        (
            lambda p: SGD(p, lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.1),
            [-0.10766727809520728, -0.5567487301660523, 0.5270569080546403],
        ),
        (
            lambda p: SGD(p, lr=0.001, momentum=0.9, maximize=True, weight_decay=0.1),
            [1.458330943038175, -2.194202726807976, 0.49339284873520844],
        ),
        (lambda p: Adam(p, lr=0.1), [0.5232092250737521, -1.5073667834302908, 0.4740733137469519]),
        (
            lambda p: Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
            [0.5299569170072631, -1.5102689170110548, 0.48466142041343524],
        ),
        (
            lambda p: Adam(p, lr=0.1, betas=(0.5, 0.6), amsgrad=True),
            [0.5695529556006287, -1.5187428131219691, 0.5246821413259629],
        ),
        (
            lambda p: Adam(p, lr=0.1, maximize=True, weight_decay=0.1),
            [1.5007834251462853, -2.5022468464584073, 0.03921054661638927],
        ),
        (lambda p: AdamW(p, lr=0.1), [0.5196104454407208, -1.4985147965488614, 0.4743823671106296]),
        (
            lambda p: AdamW(p, lr=0.1, weight_decay=0.3, betas=(0.5, 0.6), amsgrad=True),
            [0.48699811303202417, -1.2774402392852013, 0.526853501074545],
        ),
        (
            lambda p: AdamW(p, lr=0.1, weight_decay=0.3, maximize=True),
            [1.3317077351099396, -2.190319498796286, -0.0033377422674778223],
        ),
    ],
)
def test_five_steps_go_where_those_of_pytorch_go(
    make: Callable[[list[Value]], Optimizer], expected: list[float]
) -> None:
    assert run(make)[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("schedule", "expected", "rates"),
    [
        (
            lambda o: StepLR(o, 3, gamma=0.5),
            [-0.12725282918575445, -0.5447450010470608, 0.5332242447854251],
            [0.01, 0.01, 0.01, 0.005, 0.005, 0.005, 0.0025, 0.0025, 0.0025, 0.00125],
        ),
        (
            lambda o: CosineAnnealingLR(o, 4, eta_min=0.001),
            [0.10800024780576553, -0.03897193411017856, 0.5409280039482512],
            [
                0.01, 0.008681980515339464, 0.0055, 0.002318019484660537, 0.001,
                0.002318019484660536, 0.0055, 0.008681980515339466, 0.01, 0.008681980515339464,
            ],
        ),
        (
            lambda o: LambdaLR(o, lambda epoch: 1 / (1 + epoch)),
            [0.04222446120285091, -1.1972422791161652, 0.5215678282539159],
            [0.01 / (1 + epoch) for epoch in range(10)],
        ),
    ],
)  # fmt: skip
def test_schedules_set_the_rates_of_pytorch(
    schedule: Callable[[Optimizer], Schedule], expected: list[float], rates: list[float]
) -> None:
    found, found_rates = run(lambda p: SGD(p, lr=0.01, momentum=0.9), 10, schedule)
    assert found_rates == pytest.approx(rates, rel=1e-13)
    assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("clip", "expected"),
    [
        (lambda p: clip_grad_norm_(p, 1.5), [0.822679539993339, -1.9139153092943662, 0.5026114425487542]),
        (
            lambda p: clip_grad_norm_(p, 1.5, norm_type=1),
            [0.868105188229061, -1.936654828842207, 0.5019215124473221],
        ),
        (
            lambda p: clip_grad_norm_(p, 1.5, norm_type=math.inf),
            [0.8028385071075035, -1.9037935733167766, 0.5029184486553985],
        ),
        (lambda p: clip_grad_value_(p, 0.7), [0.9079913, -1.9079913, 0.535377438745971]),
    ],
)
def test_steps_with_clipped_gradients_go_where_those_of_pytorch_go(
    clip: Callable[[list[Value]], object], expected: list[float]
) -> None:
    assert run(lambda p: SGD(p, lr=0.01, momentum=0.9), clip=clip)[0] == pytest.approx(expected, rel=1e-12)


def with_gradients(*gradients: float) -> list[Value]:
    values = [Value(0.0) for _ in gradients]
    for value, gradient in zip(values, gradients, strict=True):
        value.grad = gradient
    return values


# p = torch.zeros(2, requires_grad=True); p.grad = torch.tensor(gradients)
# print(torch.nn.utils.clip_grad_norm_([p], *arguments), p.grad)
@pytest.mark.parametrize(
    ("gradients", "arguments", "norm", "clipped"),
    [
        ([3.0, 4.0], (1.0,), 5.0, [0.599999880000024, 0.799999840000032]),
        ([3.0, 4.0], (10.0,), 5.0, [3.0, 4.0]),
        ([3.0, 4.0], (5.0,), 5.0, [2.99999940000012, 3.99999920000016]),
        ([3.0, 4.0], (1.0, 1.0), 7.0, [0.42857136734694745, 0.57142848979593]),
        ([3.0, 4.0], (1.0, 3.0), 4.497941445275415, [0.6669716290281047, 0.8892955053708063]),
        ([3.0, -4.0], (1.0, math.inf), 4.0, [0.7499998125000469, -0.9999997500000625]),
        ([0.0, 0.0], (1.0,), 0.0, [0.0, 0.0]),
        ([math.inf, 1.0], (1.0,), math.inf, [math.nan, 0.0]),
        ([math.nan, 1.0], (1.0,), math.nan, [math.nan, math.nan]),
        ([1.0, math.nan], (1.0, math.inf), math.nan, [math.nan, math.nan]),
    ],
)
def test_clipping_by_norm_is_that_of_pytorch(
    gradients: list[float], arguments: Any, norm: float, clipped: list[float]
) -> None:
    values = with_gradients(*gradients)
    assert clip_grad_norm_(values, *arguments) == pytest.approx(norm, rel=1e-15, nan_ok=True)
    assert [v.grad for v in values] == pytest.approx(clipped, rel=1e-14, nan_ok=True)


@pytest.mark.parametrize("p", [0.5, 1.0, 2.0, 3.0])
def test_the_norm_of_huge_gradients_does_not_overflow(p: float) -> None:
    values = with_gradients(3e200, 4e200)
    small = clip_grad_norm_(with_gradients(3.0, 4.0), math.inf, p)
    assert clip_grad_norm_(values, 1.0, p) == pytest.approx(small * 1e200)
    assert all(0.0 < v.grad < 1.0 for v in values)


def test_a_norm_that_is_not_finite_may_be_an_error_which_changes_nothing() -> None:
    values = with_gradients(math.inf, 1.0)
    with pytest.raises(RuntimeError, match="norm of the gradients is inf"):
        clip_grad_norm_(values, 1.0, error_if_nonfinite=True)
    assert [v.grad for v in values] == [math.inf, 1.0]


def test_clipping_by_value_limits_both_sides_and_keeps_nan() -> None:
    values = with_gradients(-5.0, -1.0, 0.5, 7.0, math.inf, math.nan)
    clip_grad_value_(values, 2.0)
    assert [v.grad for v in values[:5]] == [-2.0, -1.0, 0.5, 2.0, 2.0]
    assert math.isnan(values[5].grad)


def test_clipping_takes_one_value_or_none() -> None:
    (value,) = with_gradients(3.0)
    clip_grad_value_(value, 1.0)
    assert value.grad == 1.0
    assert clip_grad_norm_([], 1.0) == 0.0


# What an optimiser does besides


def test_zero_grad_zeroes_what_it_optimises() -> None:
    values = with_gradients(1.0, 2.0)
    SGD(values, lr=0.1).zero_grad()
    assert [v.grad for v in values] == [0.0, 0.0]


def test_a_network_learns_exclusive_or() -> None:
    model = MLP(2, [4, 1], activation="tanh", seed=0)
    optimizer = Adam(model.parameters(), lr=0.05)
    rows, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0.0, 1.0, 1.0, 0.0]
    for _ in range(200):
        loss = sum((model(row) - t) ** 2 for row, t in zip(rows, targets, strict=True))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert [round(model(row).data) for row in rows] == targets
    assert loss.data < 1e-2


def test_the_learning_rate_may_be_set_between_steps() -> None:
    values = with_gradients(1.0)
    optimizer = SGD(values, lr=0.5)
    optimizer.step()
    optimizer.lr = 0.25
    optimizer.step()
    assert values[0].data == -0.75


def test_pytorch_defaults() -> None:
    values = with_gradients(1.0)
    assert SGD(values).lr == Adam(values).lr == AdamW(values).lr == 1e-3
    assert Adam(values).betas == (0.9, 0.999)
    assert (Adam(values).eps, Adam(values).weight_decay, AdamW(values).weight_decay) == (1e-8, 0.0, 0.01)


@pytest.mark.parametrize(
    "make",
    [
        lambda p: SGD(p, lr=0.01, momentum=0.9, dampening=0.5),
        lambda p: Adam(p, lr=0.1, amsgrad=True),
        lambda p: AdamW(p, lr=0.1),
    ],
)
def test_training_goes_on_from_a_stored_state_as_if_never_interrupted(
    make: Callable[[list[Value]], Optimizer],
) -> None:
    def steps(optimizer: Optimizer, n: int) -> None:
        for _ in range(n):
            optimizer.zero_grad()
            x, y = optimizer.parameters
            ((x - 1) ** 2 + (x * y) ** 2).backward()
            optimizer.step()

    through = make([Value(2.0), Value(3.0)])
    steps(through, 6)
    first = make([Value(2.0), Value(3.0)])
    steps(first, 3)
    first.lr = through.lr
    second = make([Value(p.data) for p in first.parameters])
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    steps(second, 3)
    assert [p.data for p in second.parameters] == [p.data for p in through.parameters]


def test_a_state_that_does_not_fit_is_refused_and_changes_nothing() -> None:
    optimizer = Adam(with_gradients(1.0, 2.0), lr=0.1)
    good = optimizer.state_dict()
    memory = good["memory"]
    for wrong, words in [
        (SGD(with_gradients(1.0, 2.0)).state_dict(), "of 'SGD', not of Adam"),
        (Adam(with_gradients(1.0)).state_dict(), "2 numbers, for 2 parameters"),
        ({}, "of None, not of Adam"),
        (good | {"steps": -1}, "steps.*-1"),
        (good | {"steps": 1.5}, "steps.*1.5"),
        (good | {"lr": -0.5}, "lr.*-0.5"),
        (good | {"memory": {**memory, "exp_avg": 3}}, "2 numbers"),
        (good | {"memory": None}, "2 numbers.*exp_avg_sq"),
    ]:
        with pytest.raises(ValueError, match=words):
            optimizer.load_state_dict(wrong)
        assert optimizer.state_dict() == good


# Wrong arguments


@pytest.mark.parametrize("kind", [SGD, Adam, AdamW])
def test_what_cannot_be_optimised_is_refused(kind: Any) -> None:
    x = Value(1.0, label="x")
    with pytest.raises(ValueError, match="no parameters"):
        kind([])
    with pytest.raises(ValueError, match=r"parameters\[1\] \(x\) is given twice, as parameters\[0\] too"):
        kind([x, x])
    with pytest.raises(ValueError, match=r"parameters\[1\] was computed, by '\*'; only a leaf"):
        kind([x, x * 2])
    with pytest.raises(TypeError, match=r"parameters\[1\] is no Value, but 'float'"):
        kind([x, 1.0])
    with pytest.raises(TypeError, match="list of Values, not 'Value'"):
        kind(x)
    with pytest.raises(TypeError, match="list of Values, not 'NoneType'"):
        kind(None)
    with pytest.raises(TypeError, match=r"model\.parameters\(\)"):
        kind(MLP(1, [1]))


def test_equal_parameters_are_not_the_same_parameter() -> None:
    assert len(SGD([Value(1.0), Value(1.0)]).parameters) == 2


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        (SGD, {"lr": -0.1}, "lr must be a finite number of 0 or more, not -0.1"),
        (SGD, {"lr": math.nan}, "lr.*nan"),
        (Adam, {"lr": math.inf}, "lr.*inf"),
        (SGD, {"momentum": -1}, "momentum.*-1"),
        (SGD, {"dampening": -1}, "dampening.*-1"),
        (SGD, {"weight_decay": -1}, "weight_decay.*-1"),
        (SGD, {"nesterov": True}, "nesterov needs momentum"),
        (
            SGD,
            {"nesterov": True, "momentum": 0.9, "dampening": 0.1},
            "nesterov.*dampening 0, not 0.9 and 0.1",
        ),
        (Adam, {"betas": (1.0, 0.9)}, r"betas\[0\] must be in \[0, 1\), not 1.0"),
        (Adam, {"betas": (0.9, -0.1)}, r"betas\[1\].*-0.1"),
        (Adam, {"betas": (0.9, math.nan)}, r"betas\[1\].*nan"),
        (AdamW, {"eps": -1e-8}, "eps.*-1e-08"),
        (AdamW, {"weight_decay": math.nan}, "weight_decay.*nan"),
    ],
)
def test_settings_out_of_range_are_refused(kind: Any, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        kind([Value(1.0)], **settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"lr": "0.1"}, "lr.*str"),
        ({"lr": None}, "lr is a number, not None"),
        ({"lr": True}, "lr.*True"),
        ({"lr": Value(0.1)}, "lr.*plain number"),
        ({"betas": 0.9}, "betas are two numbers.*0.9"),
        ({"betas": (0.9, 0.9, 0.9)}, "betas are two numbers"),
    ],
)
def test_settings_of_the_wrong_type_are_refused(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        Adam([Value(1.0)], **settings)


def test_a_learning_rate_set_later_is_checked_too() -> None:
    optimizer = SGD([Value(1.0)])
    with pytest.raises(ValueError, match="lr"):
        optimizer.lr = math.nan
    assert optimizer.lr == 1e-3


def test_wrong_arguments_of_schedules_and_clipping_are_refused() -> None:
    optimizer = SGD([Value(1.0)])
    values: Any = [Value(1.0)]
    wrong: list[tuple[type[Exception], Callable[[], object], str]] = [
        (ValueError, lambda: StepLR(optimizer, 0), "step_size.*0"),
        (TypeError, lambda: StepLR(optimizer, 1.5), "step_size.*1.5"),  # type: ignore[arg-type]
        (ValueError, lambda: StepLR(optimizer, 1, gamma=-1.0), "gamma.*-1"),
        (ValueError, lambda: CosineAnnealingLR(optimizer, -1), "T_max.*-1"),
        (ValueError, lambda: CosineAnnealingLR(optimizer, 1, eta_min=-1), "eta_min.*-1"),
        (TypeError, lambda: StepLR(values, 1), "optimiser.*list"),
        (ValueError, lambda: LambdaLR(optimizer, lambda epoch: -1.0), "lr"),
        (ValueError, lambda: clip_grad_norm_(values, -1.0), "max_norm.*-1"),
        (ValueError, lambda: clip_grad_norm_(values, math.nan), "max_norm.*nan"),
        (ValueError, lambda: clip_grad_norm_(values, 1.0, 0.0), "norm_type.*greater than 0"),
        (ValueError, lambda: clip_grad_norm_(values, 1.0, -2.0), "norm_type.*-2"),
        (ValueError, lambda: clip_grad_value_(values, -1.0), "clip_value.*-1"),
        (TypeError, lambda: clip_grad_value_([1.0], 1.0), "no Value"),  # type: ignore[list-item]
    ]
    for error, call, words in wrong:
        with pytest.raises(error, match=words):
            call()
    assert optimizer.lr == 1e-3


def test_schedules_tell_the_rate_they_set_and_where_they_are() -> None:
    optimizer = SGD([Value(1.0)], lr=0.8)
    schedule = StepLR(optimizer, 2, gamma=0.5)
    for _ in range(5):
        schedule.step()
    assert (schedule.get_last_lr(), schedule.base_lr, schedule.last_epoch) == ([0.2], 0.8, 5)


@pytest.mark.parametrize(
    "make",
    [
        lambda o: StepLR(o, 3, gamma=0.5),
        lambda o: CosineAnnealingLR(o, T_max=10, eta_min=0.01),
        lambda o: LambdaLR(o, lambda epoch: 0.9**epoch),
    ],
)
def test_a_schedule_that_was_saved_goes_on_where_it_was(make: Callable[[SGD], Schedule]) -> None:
    first = SGD([Value(1.0)], lr=0.8)
    schedule = make(first)
    for _ in range(5):
        schedule.step()
    second = SGD([Value(1.0)], lr=0.3)
    resumed = make(second)
    resumed.load_state_dict(json.loads(json.dumps(schedule.state_dict())))
    assert second.lr == first.lr
    for _ in range(7):
        schedule.step()
        resumed.step()
        assert second.lr == first.lr


def test_a_state_that_is_none_of_such_a_schedule_is_refused_and_changes_nothing() -> None:
    optimizer = SGD([Value(1.0)], lr=0.8)
    schedule = StepLR(optimizer, 2, gamma=0.5)
    schedule.step()
    good = schedule.state_dict()
    for wrong, words in [
        (
            CosineAnnealingLR(SGD([Value(1.0)], lr=0.1), T_max=3).state_dict(),
            "'CosineAnnealingLR', not of StepLR",
        ),
        (optimizer.state_dict(), "of None, not of StepLR"),
        (good | {"last_epoch": -1}, "last_epoch.*-1"),
        (good | {"last_epoch": 1.0}, "last_epoch.*1.0"),
        (good | {"last_epoch": True}, "last_epoch.*True"),
        (good | {"base_lr": -0.5}, "base_lr.*-0.5"),
    ]:
        with pytest.raises(ValueError, match=words):
            schedule.load_state_dict(wrong)
        assert (schedule.state_dict(), optimizer.lr) == (good, 0.8)
    with pytest.raises(TypeError, match=r"base_lr is a number, not '0\.1'"):
        schedule.load_state_dict(good | {"base_lr": "0.1"})
