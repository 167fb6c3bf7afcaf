"""The exercises of notebook 07: a network, number by number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp
from typing import Any

from ..engine import Value
from .exercise import AnswerError, close, exercise, given, number


def _sigmoid(z: float) -> float:
    return 1.0 / (1.0 + exp(-z))


def _rounded(numbers: Sequence[float]) -> str:
    return ", ".join(f"{x:.6g}" for x in numbers)


def _row(answer: Any, length: int, what: str) -> list[float]:
    """Return the numbers of an answer that should be so many."""
    if not hasattr(given(answer), "__len__") or len(answer) != length:
        raise AnswerError(
            f"{what} is {answer!r} and should be {length} numbers.",
            f"{what} 得 {answer!r}，应是 {length} 个数。",
        )
    return [number(x, f"{what}[{i}]", f"{what}[{i}]") for i, x in enumerate(answer)]


def _compare(
    what: str, got: Sequence[float], wanted: Sequence[float], *mistakes: tuple[Sequence[float], str, str]
) -> None:
    """Compare numbers with those wanted; a mistake is what a wrong answer gives, and why."""
    if all(map(close, got, wanted)):
        return
    shown, right = _rounded(got), _rounded(wanted)
    for row, english, chinese in mistakes:
        if all(map(close, got, row)):
            raise AnswerError(
                f"{what} is {shown} and should be {right}: {english}.",
                f"{what} 得 {shown}，应为 {right}：{chinese}。",
            )
    raise AnswerError(f"{what} is {shown} and should be {right}.", f"{what} 得 {shown}，应为 {right}。")


@exercise(
    "07.1",
    "The error stays a factor; the other one is the derivative of tanh, written with its own result.",
    "误差仍是一个因子；另一个是 tanh 的导数，用它自己的结果来写。",
)
def _output_gradient_of_tanh(output_gradient_of_tanh: Callable[..., Any]) -> None:
    what = "output_gradient_of_tanh(0.5, 0.6)"
    got = number(output_gradient_of_tanh(0.5, 0.6), what, what)
    _compare(
        what, [got], [0.32],
        ([0.5 * 0.6 * 0.4], "that is the slope of the sigmoid, y(1 - y)", "那是 sigmoid 的斜率 y(1 - y)"),
        ([0.64], "the error is missing", "少了误差"),
        ([0.5 * 0.4], "the slope of tanh is 1 - y**2, not 1 - y", "tanh 的斜率是 1 - y**2，不是 1 - y"),
        ([0.5 - 0.36], "the error is a factor of all of 1 - y**2", "误差要乘以整个 1 - y**2"),
        ([-0.32], "the error is output minus target already; no minus", "误差已是输出减目标，不要再加负号"),
    )  # fmt: skip
    what = "output_gradient_of_tanh(-2, -0.5)"
    got = number(output_gradient_of_tanh(-2.0, -0.5), what, what)
    _compare(what, [got], [-1.5])


@exercise(
    "07.2",
    "Which way does y go when w grows, and which way should it go? Output minus target, and subtract.",
    "w 增大时 y 怎样变，又应当怎样变？用输出减目标，更新时减。",
)
def _stepped(stepped: Callable[..., Any]) -> None:
    what = "stepped(0.5, 2, 0, 0.8)"
    w, x, target, rate = 0.5, 2.0, 0.0, 0.8
    got = number(stepped(w, x, target, rate), what, what)
    y = _sigmoid(w * x)
    slope = (y - target) * y * (1.0 - y)
    _compare(
        what, [got], [w - rate * slope * x],
        ([w + rate * slope * x], "that is a step uphill: y is above its target, so w should fall",
         "这一步是上坡：y 高于目标，w 应当减小"),
        ([w - rate * slope], "the factor x is missing: the gradient of a weight has what goes into it",
         "少了因子 x：权重的梯度要乘以流入的数"),
        ([w - slope * x], "the learning rate is missing", "少了学习率"),
        ([w - rate * (y - target) * x], "the slope of the sigmoid, y(1 - y), is missing",
         "少了 sigmoid 的斜率 y(1 - y)"),
        ([-rate * slope * x], "that is the step; add it to w", "那是这一步的增量；要加到 w 上"),
    )  # fmt: skip
    what = "stepped(-1, 0.5, 1, 2)"
    y = _sigmoid(-0.5)
    wanted = -1.0 - 2.0 * (y - 1.0) * y * (1.0 - y) * 0.5
    _compare(what, [number(stepped(-1.0, 0.5, 1.0, 2.0), what, what)], [wanted])


WEIGHTS = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
DELTA = [0.1, 0.2, -0.1]
HIDDEN = [0.5, 0.8]


@exercise(
    "07.3",
    "Hidden neuron j hears of the loss from every output, through column j of the weights. Weight kj leads "
    "from input j to neuron k: delta[k] times inputs[j].",
    "隐藏神经元 j 通过权重的第 j 列从每个输出得知损失。"
    "权重 kj 从输入 j 通向神经元 k：delta[k] 乘以 inputs[j]。",
)
def _back_through_a_layer(hidden_gradient: Callable[..., Any], weight_gradient: Callable[..., Any]) -> None:
    what = "hidden_gradient([[1, 2], [3, 4], [5, 6]], [0.1, 0.2, -0.1], [0.5, 0.8])"
    try:
        answer = hidden_gradient([list(row) for row in WEIGHTS], list(DELTA), list(HIDDEN))
    except IndexError as error:
        raise AnswerError(
            f"hidden_gradient runs out of a list ({error}) where there are 3 outputs and 2 hidden neurons: "
            "weights[k][j] leads from hidden neuron j to output k; take column j, not row j.",
            f"有 3 个输出、2 个隐藏神经元时 hidden_gradient 超出了列表（{error}）："
            "weights[k][j] 从隐藏神经元 j 通向输出 k；取第 j 列，不是第 j 行。",
        ) from error
    collected = [sum(row[j] * d for row, d in zip(WEIGHTS, DELTA, strict=True)) for j in range(2)]
    slopes = [h * (1.0 - h) for h in HIDDEN]
    rows = [sum(w * d for w, d in zip(row, DELTA, strict=False)) for row in WEIGHTS]
    _compare(
        what, _row(answer, 2, what), [c * s for c, s in zip(collected, slopes, strict=True)],
        (collected, "the slope of the activation function, h(1 - h), is missing",
         "少了激活函数的斜率 h(1 - h)"),
        ([r * s for r, s in zip(rows, slopes, strict=False)],
         "that takes row j of the weights, which leads to output j; take column j", "取的是权重的第 j 行，"
         "那一行通向输出 j；应取第 j 列"),
        ([WEIGHTS[0][j] * DELTA[0] * slopes[j] for j in range(2)],
         "only the first output is in it: collect all of them", "只有第一个输出：要把每个输出都加起来"),
        ([WEIGHTS[-1][j] * DELTA[-1] * slopes[j] for j in range(2)],
         "only the last output is in it: add, do not assign", "只有最后一个输出：要累加，不要赋值"),
    )  # fmt: skip
    what = "weight_gradient([0.1, 0.2, -0.1], [2, 3])"
    table = given(weight_gradient(list(DELTA), [2.0, 3.0]))
    if hasattr(table, "__len__") and len(table) == 2:
        raise AnswerError(
            f"{what} has 2 rows and should have 3, one for each output, as the weights: this is the "
            "transpose.",
            f"{what} 有 2 行，应有 3 行，与权重一样每个输出一行：这是转置。",
        )
    if not hasattr(table, "__len__") or len(table) != 3:
        raise AnswerError(f"{what} is {table!r} and should be 3 rows.", f"{what} 得 {table!r}，应有 3 行。")
    for k, delta in enumerate(DELTA):
        _compare(f"row {k} of {what}", _row(table[k], 2, f"{what}[{k}]"), [delta * 2.0, delta * 3.0])


@exercise(
    "07.4",
    "delta_hid is to be computed with w2 as it was on the way forward, so before w2 gets its new number.",
    "delta_hid 要用前向传播时的 w2 来算，所以要在 w2 更新之前算。",
)
def _chain_step(chain_step: Callable[..., Any]) -> None:
    what = "chain_step(0.5, 2, 1, 0, 4)"
    got = _row(chain_step(0.5, 2.0, 1.0, 0.0, 4.0), 2, what)
    first, second = Value(0.5), Value(2.0)
    (0.5 * (second * first.sigmoid()).sigmoid() ** 2).backward()  # the input is 1, the target 0
    new = [0.5 - 4.0 * first.grad, 2.0 - 4.0 * second.grad]
    early = [0.5 - 4.0 * first.grad * new[1] / 2.0, new[1]]
    _compare(
        what, got, new,
        (early, "w2 is right, but w1 was moved with the new w2; the gradient needs the old one",
         "w2 正确，但 w1 用的是新的 w2；梯度要用原来的那一个"),
        ([1.0 - new[0], 4.0 - new[1]], "that is a step uphill", "这一步是上坡"),
        ([new[1], new[0]], "the two are the wrong way round: w1, then w2", "两者次序反了：先 w1，后 w2"),
        ([0.5 - 4.0 * first.grad / 2.0, new[1]], "the factor w2 is missing in delta_hid",
         "delta_hid 少了因子 w2"),
        ([0.5, new[1]], "w1 has not been moved", "w1 没有更新"),
    )  # fmt: skip
