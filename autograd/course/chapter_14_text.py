"""The exercises of notebook 14: text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log
from typing import Any

from ..engine import Value
from ..math import logsumexp
from .comparing import row
from .exercise import AnswerError, close, exercise, given, number


def _rounded(numbers: Sequence[float]) -> str:
    return "[" + ", ".join(f"{x:.4g}" for x in numbers) + "]"


def _all_close(got: Sequence[float], wanted: Sequence[float]) -> bool:
    return all(close(a, b) for a, b in zip(got, wanted, strict=True))


@exercise(
    "14.1",
    "Take the mean of the logarithms, then exp of minus that mean.",
    "先求对数的平均数，取负，再取 exp。",
)
def _perplexity_of(perplexity_of: Callable[..., float]) -> None:
    probabilities = [0.5, 0.25, 0.125]
    what = "perplexity_of([1/2, 1/4, 1/8])"
    got = number(perplexity_of(list(probabilities)), what, what)
    mean = sum(map(log, probabilities)) / 3
    for wrong, english, chinese in (
        (14 / 3, "the mean of 2, 4 and 8: dice multiply, so take the mean of the logarithms",
         "那是 2、4、8 的平均数：概率是相乘的，要对对数求平均"),
        (64.0, "the sum and not the mean of the logarithms, so a longer text would be more perplexing",
         "那是对数之和而不是平均数，文本越长就越困惑"),
        (-mean, "the log-loss itself; exp makes the number of sides of it",
         "那是对数损失本身；取 exp 才得到骰子的面数"),
        (2.0**-mean, "a power of 2 with natural logarithms; use exp with log, or 2 with log2",
         "那是把自然对数放在 2 的指数上；exp 配 log，2 配 log2"),
        (exp(mean), "the geometric mean of the probabilities: there is a minus missing",
         "那是概率的几何平均数：少了一个负号"),
    ):  # fmt: skip
        if close(got, wrong):
            raise AnswerError(f"{what} is {got:.4g}, {english}.", f"{what} 得 {got:.4g}：{chinese}。")
    if not close(got, 4.0):
        raise AnswerError(f"{what} is {got:.6g} and should be 4.", f"{what} 得 {got:.6g}，应为 4。")
    got = number(perplexity_of([1 / 27] * 10), "perplexity_of([1/27] * 10)", "perplexity_of([1/27] * 10)")
    if not close(got, 27.0):
        raise AnswerError(
            f"perplexity_of([1/27] * 10) is {got:.6g} and should be 27, however many letters there are.",
            f"perplexity_of([1/27] * 10) 得 {got:.6g}，应为 27，与字母个数无关。",
        )


@exercise(
    "14.2",
    "Three groups: the points, the hidden layer, the last layer; a neuron has a weight an input, and a bias.",
    "分三部分：各字母的点、隐藏层、最后一层；每个神经元对每个输入有一个权重，另有一个偏置。",
)
def _parameters(parameters: Callable[..., float]) -> None:
    what = "parameters(27, 2, 3, 100)"
    got = number(parameters(27, 2, 3, 100), what, what)
    for wrong, english, chinese in (
        (3354, "the biases are missing", "缺少偏置"),
        (3427, "the points of the letters are missing: they are learnt too", "缺少各字母的点：它们也要学习"),
        (3589, "the points are counted once for each place, but a letter has one point wherever it stands",
         "每个位置各算了一次点，但一个字母不论在哪里都只有一个点"),
        (3081, "the hidden layer has the points of all letters before as inputs, before * width numbers",
         "隐藏层的输入是前面所有字母的点，共 before * width 个数"),
    ):  # fmt: skip
        if close(got, wrong):
            raise AnswerError(
                f"{what} is {got:g} and should be 3481: {english}.",
                f"{what} 得 {got:g}，应为 3481：{chinese}。",
            )
    for arguments in ((27, 2, 3, 100), (3, 2, 3, 2), (27, 8, 4, 64)):
        letters, width, before, hidden = arguments
        wanted = letters * width + hidden * (before * width + 1) + letters * (hidden + 1)
        what = f"parameters{arguments}"
        got = number(parameters(*arguments), what, what)
        if not close(got, wanted):
            raise AnswerError(
                f"{what} is {got:g} and should be {wanted}.", f"{what} 得 {got:g}，应为 {wanted}。"
            )


@exercise(
    "14.3",
    "The derivative of log(S) is 1/S times that of S, and of S = Σ exp(z_j) by z_j it is exp(z_j). "
    "Then think of - z_came.",
    "log(S) 的导数是 1/S 乘以 S 的导数，S = Σ exp(z_j) 对 z_j 的导数是 exp(z_j)。再想一想 - z_came。",
)
def _logit_gradient(logit_gradient: Callable[..., Any]) -> None:
    what = "logit_gradient([0.5, 2.0, 1.0], 1)"
    numbers, came = [0.5, 2.0, 1.0], 1
    got = row(logit_gradient(list(numbers), came), 3, what)
    logits = [Value(x) for x in numbers]
    loss = logsumexp(logits) - logits[came]
    loss.backward()
    wanted = [z.grad for z in logits]
    probabilities = [g + (j == came) for j, g in enumerate(wanted)]
    shown = _rounded(got)
    for wrong, english, chinese in (
        ([-g for g in wanted], "all signs are the other way round: the loss falls where the logit that came "
         "grows", "符号全都反了：实际出现的字母的 logit 增大时，损失应减小"),
        (probabilities, "these are the probabilities; the - z_came of the loss has a derivative too",
         "这是概率；损失中的 - z_came 也有导数"),
        ([exp(x) - (j == came) for j, x in enumerate(numbers)],
         "exp(z_j) is not divided by the sum: the derivative of log(S) is 1/S",
         "exp(z_j) 没有除以总和：log(S) 的导数是 1/S"),
        ([g if j == came else 0.0 for j, g in enumerate(wanted)],
         "the other logits have a gradient too, for they are in the sum",
         "其他 logits 也有梯度，因为它们在求和之中"),
    ):  # fmt: skip
        if _all_close(got, wrong):
            raise AnswerError(f"{what} is {shown}: {english}.", f"{what} 得 {shown}：{chinese}。")
    if not _all_close(got, wanted):
        raise AnswerError(
            f"{what} is {shown}, and backward() says {_rounded(wanted)}.",
            f"{what} 得 {shown}，backward() 给出 {_rounded(wanted)}。",
        )


@exercise(
    "14.4",
    "Begin with a table of zeros, and add the gradient of each place to the row of the letter there.",
    "从一张全是零的表开始，把每个位置的梯度加到该位置上那个字母的行里。",
)
def _embedding_gradient(embedding_gradient: Callable[..., Any]) -> None:
    before, gradients = [1, 2, 2], [[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]]
    what = "embedding_gradient([1, 2, 2], [[1, 2], [10, 20], [100, 200]], 4)"
    answer = given(embedding_gradient(list(before), [list(g) for g in gradients], 4))
    if hasattr(answer, "__len__") and len(answer) == len(before):
        raise AnswerError(
            f"{what} has 3 rows, one a place: the table has one for each of the 4 letters, read or not.",
            f"{what} 有 3 行，每个位置一行：表应有 4 行，每个字母一行，读到没读到都要。",
        )
    if not hasattr(answer, "__len__") or len(answer) != 4:
        raise AnswerError(f"{what} should be a list of 4 rows.", f"{what} 应是 4 行组成的列表。")
    table = [row(its, 2, f"{what}[{i}]") for i, its in enumerate(answer)]
    wanted = [[0.0, 0.0], [1.0, 2.0], [110.0, 220.0], [0.0, 0.0]]
    shown = "[" + ", ".join(_rounded(row) for row in table) + "]"
    if _all_close(table[2], [100.0, 200.0]):
        raise AnswerError(
            f"the row of letter 2, which stands in two places, is {_rounded(table[2])}: the second gradient "
            "has taken the place of the first; gradients add up, to [110, 220].",
            f"字母 2 出现在两个位置，它的行却是 {_rounded(table[2])}：第二个梯度覆盖了第一个；"
            "梯度要累加，应为 [110, 220]。",
        )
    if _all_close(table[2], [55.0, 110.0]):
        raise AnswerError(
            "the row of letter 2 is [55, 110], the mean of two gradients: the loss hears of the point twice, "
            "so it is the sum, [110, 220].",
            "字母 2 的行是 [55, 110]，即两个梯度的平均数：这个点两次影响损失，所以是它们的和 [110, 220]。",
        )
    if all(_all_close(row, table[0]) for row in table) and any(table[0]):
        raise AnswerError(
            f"all rows are the same list, {_rounded(table[0])}: [[0.0] * width] * letters has one list in "
            "it, many times; make each row anew.",
            f"所有的行是同一个列表 {_rounded(table[0])}：[[0.0] * width] * letters 里只有一个列表，"
            "重复了多次；每一行都要新建。",
        )
    if not all(map(_all_close, table, wanted)):
        raise AnswerError(
            f"{what} is {shown} and should be [[0, 0], [1, 2], [110, 220], [0, 0]].",
            f"{what} 得 {shown}，应为 [[0, 0], [1, 2], [110, 220], [0, 0]]。",
        )


@exercise(
    "14.5",
    "Divide the logits by the temperature, not the probabilities; then the softmax.",
    "用温度去除 logits，而不是去除概率；然后再做 softmax。",
)
def _tempered(tempered: Callable[..., Any]) -> None:
    logits, temperature = [2.0, 1.0, 0.0], 0.5
    what = "tempered([2.0, 1.0, 0.0], 0.5)"
    got = row(tempered(list(logits), temperature), 3, what)
    shown = _rounded(got)
    wanted = _softmax([x / temperature for x in logits])
    for wrong, english, chinese in (
        (_softmax(logits), "the same as at temperature 1: a factor that all probabilities share cancels when "
         "they are divided by their sum", "与温度 1 时相同：所有概率共有的因子，在除以总和时就约掉了"),
        (_softmax([x * temperature for x in logits]), "flatter than at temperature 1: you multiplied by the "
         "temperature, and a low one should make the likely letters likelier",
         "比温度 1 时更平：你乘了温度，而低温应使可能的字母更可能"),
        ([p / temperature for p in _softmax(logits)], "no distribution, for it adds up to 2",
         "不是概率分布，加起来是 2"),
        ([exp(x / temperature) for x in logits], "not divided by its sum, so it does not add up to 1",
         "没有除以总和，加起来不是 1"),
    ):  # fmt: skip
        if _all_close(got, wrong):
            raise AnswerError(f"{what} is {shown}, {english}.", f"{what} 得 {shown}，{chinese}。")
    if not _all_close(got, wanted):
        raise AnswerError(
            f"{what} is {shown} and should be {_rounded(wanted)}.",
            f"{what} 得 {shown}，应为 {_rounded(wanted)}。",
        )


def _softmax(logits: Sequence[float]) -> list[float]:
    weights = [exp(x) for x in logits]
    return [w / sum(weights) for w in weights]
