"""The exercises of notebook 12: images."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt
from typing import Any

from .comparing import Known, compare, compare_rows, row, shown
from .exercise import AnswerError, close, exercise, given, number


@exercise(
    "12.1",
    "Mean and deviation come from train alone; return zeros where the deviation is 0.",
    "平均数和标准差只从 train 中求；标准差为 0 时返回零。",
)
def _standardised(standardised: Callable[..., Any]) -> None:
    train, test = [0.0, 8.0, 16.0, 8.0], [8.0, 16.0, 0.0, 2.0]
    mistakes: tuple[Known, ...] = (
        (_scaled(test, 6.5, sqrt(38.75)), "mean and deviation are of the test set: it has been looked at",
         "平均数和标准差取自测试集：等于已经看过它了"),
        (_scaled(test, 8.0, sqrt(128 / 3)), "the sum of squares is divided by n - 1, and should be by n",
         "平方和除以了 n - 1，应除以 n"),
        (_scaled(test, 8.0, 32.0), "divided by the variance; take the root of it", "除的是方差；要开平方"),
        (_scaled(test, 8.0, 1.0), "the mean is subtracted, and the deviation not divided by",
         "减去了平均数，但没有除以标准差"),
        (_scaled(train, 8.0, sqrt(32.0)), "these are the values of train; return those of test",
         "这是 train 的值；应返回 test 的值"),
    )  # fmt: skip
    what = "standardised([0, 8, 16, 8], [8, 16, 0, 2])"
    compare_rows(what, standardised(list(train), list(test)), _scaled(test, 8.0, sqrt(32.0)), mistakes)
    what = "standardised([0, 0, 0], [0, 3])"
    try:
        answer = standardised([0.0, 0.0, 0.0], [0.0, 3.0])
    except ZeroDivisionError:
        raise AnswerError(
            f"{what} divides by 0: the pixel never changes in the training set, so its deviation is 0.",
            f"{what} 除以了 0：这个像素在训练集中从不变化，标准差是 0。",
        ) from None
    compare_rows(what, answer, [0.0, 0.0], [([0.0, 3.0], "divided by 1", "除的是 1")])


def _scaled(values: list[float], mean: float, deviation: float) -> list[float]:
    return [(x - mean) / deviation for x in values]


@exercise(
    "12.2",
    "What does one more hidden neuron cost? And what has to be paid even without any?",
    "多一个隐藏的神经元要花多少个参数？一个也没有时，又有哪些参数非付不可？",
)
def _widest(widest: Callable[..., float]) -> None:
    mistakes_of_7510: tuple[Known, ...] = (
        (394, "there are side * side pixels, not side", "像素有 side * side 个，不是 side 个"),
        (101, "the biases are missing", "缺少偏置"),
        (115, "the weights of the outputs are missing", "缺少输出层的权重"),
    )
    rounded_up: tuple[Known, ...] = (
        (100, "a hundred cost 7510: too many by one. The biases of the outputs count too, and round down",
         "一百个要 7510 个参数，多出一个。输出层的偏置也要算，并且要向下取整"),
    )  # fmt: skip
    for arguments, wanted, mistakes in (
        ((8, 10, 7510), 100, mistakes_of_7510),
        ((8, 10, 7509), 99, rounded_up),
        ((8, 10, 2410), 32, ()),
        ((28, 10, 100_000), 125, ()),
        ((5, 3, 1000), 34, ()),
    ):
        what = f"widest{arguments}"
        got = number(widest(*arguments), what, what)
        if got != int(got):
            raise AnswerError(
                f"{what} is {got:.6g}, no whole number: there are no parts of neurons.",
                f"{what} 得 {got:.6g}，不是整数：神经元没有半个的。",
            )
        compare(what, got, wanted, mistakes)


@exercise(
    "12.3",
    "For each row find the place of the largest logit, and compare it with the digit.",
    "在每一行中找出最大的 logit 的位置，与数字比较。",
)
def _share_right(share_right: Callable[..., float]) -> None:
    rows = [[2.0, 1.0, -3.0], [0.0, -1.0, -3.0], [-5.0, -1.0, -4.0], [1.0, 0.0, 0.5], [0.3, 0.2, 0.1]]
    digits = [0, 1, 1, 2, 0]
    what = f"share_right([{', '.join(map(shown, rows))}], {digits})"
    likelihood = sum(exp(z[d]) / sum(map(exp, z)) for z, d in zip(rows, digits, strict=True)) / 5
    mistakes: tuple[Known, ...] = (
        (3.0, "the number of right ones; divide it by how many there are", "那是认对的个数；还要除以总数"),
        (60.0, "in percent; a share is between 0 and 1", "那是百分数；比例在 0 与 1 之间"),
        (0.4, "0.3 is the largest of its row and names the digit, though its probability is only 37 %",
         "0.3 是那一行中最大的，概率虽只有 37 %，认成的仍是它"),
        (0.2, "the size of a logit without its sign was compared: the largest of [-5, -1, -4] is -1",
         "比较的是绝对值：[-5, -1, -4] 中最大的是 -1"),
        (0.0, "the smallest logit, or its value in place of its place, was compared with the digit",
         "与数字比较的是最小的 logit，或者是 logit 的值而不是它的位置"),
        (likelihood, "the mean probability of the true digits; accuracy only counts which is the largest",
         "那是真正数字的平均概率；正确率只数最大的是哪一个"),
    )  # fmt: skip
    got = number(share_right([list(z) for z in rows], list(digits)), what, what)
    compare(what, got, 0.6, mistakes)
    what = "share_right([[1, 3], [2, 0], [0, 1], [5, 4]], [1, 0, 0, 0])"
    got = number(share_right([[1.0, 3.0], [2.0, 0.0], [0.0, 1.0], [5.0, 4.0]], [1, 0, 0, 0]), what, what)
    compare(what, got, 0.75)


_WEIGHTS = [[2.0, -1.0, 0.5, 0.0], [-1.0, 1.0, 1.5, 3.0], [0.5, 2.0, -2.0, -1.0]]
"""Of a network without a hidden layer: a row a logit, a column a pixel."""


def _net(pixels: Any) -> list[Any]:
    return [sum(w * x for w, x in zip(weights, pixels, strict=True)) for weights in _WEIGHTS]


def _pixel_gradient(image: list[float], wanted: int) -> list[float]:
    """Return the gradient of the cross-entropy: the weights, each row times (probability - 1 or 0)."""
    powers = [exp(z) for z in _net(image)]
    errors = [power / sum(powers) - (j == wanted) for j, power in enumerate(powers)]
    return [sum(e * weights[i] for e, weights in zip(errors, _WEIGHTS, strict=True)) for i in range(4)]


@exercise(
    "12.4",
    "Make a Value of each pixel, nn.cross_entropy([logits], [wanted]) of what net gives, backward(), step.",
    "把每个像素变成 Value，对 net 的结果求 nn.cross_entropy([logits], [wanted])，backward()，然后走一步。",
)
def _one_step(one_step: Callable[..., Any]) -> None:
    image, wanted, rate = [0.5, 0.4, 0.6, 0.5], 0, 0.05
    what = f"one_step(net, {shown(image)}, {wanted}, {rate})"
    gradient = _pixel_gradient(image, wanted)
    down = [x - rate * g for x, g in zip(image, gradient, strict=True)]
    mistakes: tuple[Known, ...] = (
        ([x + rate * g for x, g in zip(image, gradient, strict=True)],
         "uphill: now the network is less sure of the wanted digit; subtract the gradient of the loss",
         "这是上坡：网络对想要的数字更没有把握了；应减去损失的梯度"),
        ([x + rate * w for x, w in zip(image, _WEIGHTS[wanted], strict=True)],
         "a step uphill in the logit; the loss has the other logits in it too",
         "这是沿 logit 往上坡走了一步；损失中还有别的 logits"),
        (image, "the image has not changed", "图像没有变"),
        (gradient, "the gradient; return the pixels after the step", "这是梯度；应返回走完一步之后的像素"),
        ([-rate * g for g in gradient], "the step alone; add it to the image", "这只是那一步；要加到图像上"),
    )  # fmt: skip
    compare_rows(what, one_step(_net, list(image), wanted, rate), down, mistakes)
    image, wanted, rate = [0.9, 0.1, 0.8, 0.05], 2, 2.0
    what = f"one_step(net, {shown(image)}, {wanted}, {rate})"
    down = [x - rate * g for x, g in zip(image, _pixel_gradient(image, wanted), strict=True)]
    got = row(one_step(_net, list(image), wanted, rate), 4, what)
    if min(got) < 0.0 or max(got) > 1.0:
        raise AnswerError(
            f"{what} is {shown(got)}: a pixel is between 0 and 1, there is no less than no ink.",
            f"{what} 得 {shown(got)}：像素在 0 与 1 之间，没有比“没有墨”更少的墨。",
        )
    compare_rows(what, got, [min(1.0, max(0.0, x)) for x in down])


@exercise(
    "12.5",
    "The new pixel i must meet the weight that met the old pixel order[i].",
    "新的像素 i 应当遇到原来像素 order[i] 所遇到的权重。",
)
def _rearranged(rearranged: Callable[..., Any]) -> None:
    w1, order, old = [[1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0]], [2, 0, 3, 1], [0.1, 0.5, 0.2, 0.7]
    what = f"rearranged([[1, 2, 3, 4], [10, 20, 30, 40]], {order})"
    answer = given(rearranged([list(weights) for weights in w1], list(order)))
    if hasattr(answer, "__len__") and len(answer) != 2:
        raise AnswerError(
            f"{what} has {len(answer)} rows and should have 2, one a neuron: pixels are the columns.",
            f"{what} 有 {len(answer)} 行，应有 2 行，每个神经元一行：像素对应的是列。",
        )
    rows = [row(weights, 4, f"{what}[{k}]") for k, weights in enumerate(answer)]
    new = [old[i] for i in order]
    got = [sum(w * x for w, x in zip(weights, new, strict=True)) for weights in rows]
    wanted = [sum(w * x for w, x in zip(weights, old, strict=True)) for weights in w1]
    for wrong, english, chinese in (
        ([2.0, 4.0, 1.0, 3.0], "the other way round: you sent weight i to place order[i], and pixel order[i] "
         "went to place i", "方向反了：你把权重 i 送到了位置 order[i]，而像素 order[i] 去的是位置 i"),
        ([1.0, 2.0, 3.0, 4.0], "the weights have not changed", "权重没有变"),
    ):  # fmt: skip
        if all(map(close, rows[0], wrong)):
            raise AnswerError(
                f"the first row of {what} is {shown(rows[0])}: {english}. The neurons get {shown(got)} "
                f"from the new image, and had {shown(wanted)} from the old one.",
                f"{what} 的第一行是 {shown(rows[0])}：{chinese}。神经元从新图像得到 {shown(got)}，"
                f"从旧图像得到的是 {shown(wanted)}。",
            )
    if not all(map(close, got, wanted)):
        raise AnswerError(
            f"with {what} the neurons get {shown(got)} from a new image, and had {shown(wanted)} "
            "from the old one.",
            f"用 {what}，神经元从一张新图像得到 {shown(got)}，从旧图像得到的是 {shown(wanted)}。",
        )
    for k, weights in enumerate(w1):
        compare_rows(f"{what}[{k}]", rows[k], [weights[i] for i in order])
