"""The exercises of notebook 11: what goes wrong in training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, expm1, isfinite, log1p, sqrt, tanh
from typing import Any

from ..engine import Value
from .comparing import compare, compare_rows
from .exercise import AnswerError, close, exercise, given, number

Rules = dict[str, tuple[Callable[[float], float], Callable[[float], float]]]


@exercise(
    "11.1",
    "A layer multiplies the gradient by the weight and by the slope of the sigmoid: at most 2 times 1/4.",
    "每一层把梯度乘以权重和 sigmoid 的斜率：最多是 2 乘 1/4。",
)
def _layers(layers: float) -> None:
    compare(
        "layers",
        layers,
        10.0,
        [
            (5.0, "(1/4)^5 is 1/1024, but the weights of up to 2 are factors too",
             "(1/4)^5 是 1/1024，但权重也是因子，最大为 2"),
            (9.0, "(1/2)^9 is 1/512, which is not yet less than a thousandth",
             "(1/2)^9 是 1/512，还没有小于千分之一"),
            (500.0, "the factors of the layers multiply, they do not add", "各层的因子是相乘，不是相加"),
        ],
    )  # fmt: skip


@exercise(
    "11.2",
    "The mean of w² between -a and a is a²/3, and ReLUs need 2/nin.",
    "w 在 -a 与 a 之间时 w² 的均值是 a²/3，ReLU 需要 2/nin。",
)
def _bound(bound: Callable[..., float]) -> None:
    for nin in (100, 24):
        what = f"bound({nin})"
        got = number(bound(nin), what, what)
        factor = nin / 2 * got * got / 3
        mistakes = [
            (sqrt(2 / nin), "that is the standard deviation; of numbers uniform between -a and a it is a/√3",
             "那是标准差；在 -a 与 a 之间均匀分布时，标准差是 a/√3"),
            (sqrt(3 / nin), "that is right without the ReLU, which halves the mean square",
             "没有 ReLU 时这是对的，但 ReLU 使均方减半"),
            (6 / nin, "that is a², take the root", "那是 a²，还要开平方"),
            (sqrt(1 / nin), "the mean of w² is then 1/(3 nin), and it should be 2/nin",
             "这样 w² 的均值是 1/(3 nin)，而它应为 2/nin"),
        ]  # fmt: skip
        grows = (
            f"a layer then multiplies the mean square by {factor:.3g}",
            f"这样每层把均方乘以 {factor:.3g}",
        )
        compare(what, got, sqrt(6 / nin), [*mistakes, (got, *grows)])


@exercise(
    "11.3",
    "The slope of the root at 0 is infinite, and that of c * c at c = 0 is 0. What is the root of a square?",
    "根号在 0 处的斜率是无穷大，c * c 在 c = 0 处的斜率是 0。平方的平方根是什么？",
)
def _birth(infinite: Any, nan: Any, mended: Callable[..., Any]) -> None:
    said = {
        "a": ("a comes before everything; the NaN reaches it last", "a 在最前面，NaN 最后才传到它"),
        "b": ("b gets its gradient from c, and hands on what it got", "b 的梯度来自 c，它只是往下传"),
        "c": ("c gets the gradient of d times 2c, and 2c is 0", "c 的梯度是 d 的梯度乘以 2c，而 2c 是 0"),
        "d": ("d gets the gradient of e times the slope of the root", "d 的梯度是 e 的梯度乘以根号的斜率"),
        "e": ("the gradient of e is 3, an ordinary number", "e 的梯度是 3，一个普通的数"),
    }
    for answer, right, english, chinese in (
        (infinite, "d", "infinite", "无穷大"),
        (nan, "c", "NaN", " NaN"),
    ):
        if answer != right:
            why, its_why = said.get(
                answer if isinstance(answer, str) else "",
                ('it is a name, one of "a" to "e"', '答案应是一个名字，"a" 到 "e" 之一'),
            )
            raise AnswerError(
                f"the first gradient that is {english} is not that of {answer!r}: {why}.",
                f"最先为{chinese}的不是 {answer!r} 的梯度：{its_why}。",
            )
    for w in (0.5, -0.3, 0.0):
        _check_mended(given(mended(Value(w))), given(mended), w)


def _check_mended(loss: Any, mended: Callable[..., Any], w: float) -> None:
    """Check the value of the loss at a point, and its gradient."""
    what, wanted = f"mended({w})", 3.0 * abs(expm1(2.0 * w))
    got = number(loss, what, what)
    if abs(got - wanted) > 1e-3:
        raise AnswerError(
            f"{what} is {got:.6g} and should be {wanted:.6g}, the same loss as before.",
            f"{what} 得 {got:.6g}，应为 {wanted:.6g}，损失应与原来相同。",
        )
    at = Value(w)
    loss = mended(at)
    if isinstance(loss, Value):
        loss.backward()
    if not isfinite(at.grad):
        raise AnswerError(
            f"the gradient of {what} is still {at.grad}: a root of exactly 0 is still in it, with its "
            "infinite slope; a small number added after the root, or times 0, does not change that.",
            f"{what} 的梯度仍是 {at.grad}：里面还有对 0 开平方，斜率是无穷大；在根号之后加一个小数，"
            "或者乘以 0，都没有用。",
        )
    slope = 6.0 * exp(2.0 * w) * (1.0 if w > 0.0 else -1.0)
    if w != 0.0 and not close(at.grad, slope, 1e-3):
        raise AnswerError(
            f"the gradient of {what} is {at.grad:.6g} and should be {slope:.6g}.",
            f"{what} 的梯度是 {at.grad:.6g}，应为 {slope:.6g}。",
        )


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + exp(-x))


_OF_THE_TABLE: Rules = {
    "tanh": (tanh, lambda x: 1.0 - tanh(x) ** 2),
    "sigmoid": (_sigmoid, lambda x: _sigmoid(x) * (1.0 - _sigmoid(x))),
    "softplus": (lambda x: log1p(exp(x)), _sigmoid),
    "elu": (lambda x: x if x > 0.0 else expm1(x), lambda x: 1.0 if x > 0.0 else expm1(x)),
    "silu": (
        lambda x: x * _sigmoid(x),
        lambda x: _sigmoid(x) + x * _sigmoid(x) * (1.0 - _sigmoid(x)),
    ),
}
_LARGE: Rules = {"exp": (exp, exp), "cube": (lambda x: x**3, lambda x: 3.0 * x * x)}
_CLOSE: Rules = {"square": (lambda x: x * x, lambda x: 2.02 * x), "exp": (exp, exp)}
_SMALL: Rules = {
    "small": (lambda x: 1e-6 * x * x, lambda x: 1e-6 * x),
    "tanh": (tanh, lambda x: 1.0 - tanh(x) ** 2),
}


@exercise(
    "11.4",
    "Compare (f(x + h) - f(x - h)) / (2h), h = 1e-5, with the derivative at every point, "
    "relative to its size.",
    "在每个点上，用 h = 1e-5，把 (f(x + h) - f(x - h)) / (2h) 与导数相比，看相对误差。",
)
def _suspects(suspects: Callable[..., Any]) -> None:
    points = [1.5, 0.7, -0.5, -2.0]
    for rules, at, right, english, chinese in (
        (_OF_THE_TABLE, points, ["elu"], "the wrong one is right for x > 0, so look at every point",
         "错的那个在 x > 0 时是对的，所以每个点都要看"),
        (_LARGE, [20.0, 15.0], [], "all are right, but derivatives of 5e8 differ by more than a small "
         "number: compare relative to their size", "全都正确，但大到 5e8 的导数，差别也会大：要看相对误差"),
        (_CLOSE, points, ["square"], "one is wrong by a percent: with h = 1e-5 you may be much stricter",
         "有一个只错了百分之一：用 h = 1e-5 时可以严格得多"),
        (_SMALL, points, ["small"], "a derivative of 1e-6 that is wrong by half differs by less than a fixed "
         "tolerance: compare relative to its size",
         "大小为 1e-6、错了一半的导数，差别也小于固定的容许误差：要看相对误差"),
    ):  # fmt: skip
        answer = given(suspects(dict(rules), list(at)))
        if isinstance(answer, str) or not hasattr(answer, "__iter__"):
            raise AnswerError("suspects should return a list of names.", "suspects 应返回由名字组成的列表。")
        got = sorted(set(answer))
        if got != right:
            raise AnswerError(
                f"of {', '.join(rules)} your suspects are {got} and should be {right}: {english}.",
                f"在 {'、'.join(rules)} 之中，你找出的是 {got}，应为 {right}：{chinese}。",
            )


@exercise(
    "11.5",
    "The norm is the root of the sum of squares; if it is larger than limit, multiply all by limit / norm.",
    "范数是平方和的平方根；如果它大于 limit，就把所有梯度乘以 limit / norm。",
)
def _clipped(clipped: Callable[..., Any]) -> None:
    for gradients, limit in (([30.0, -40.0], 5.0), ([0.3, -0.4], 5.0), ([0.0, 0.0], 1.0)):
        norm = sqrt(sum(g * g for g in gradients))
        factor = min(1.0, limit / norm) if norm else 1.0
        what = f"clipped({gradients}, {limit:g})"
        try:
            answer = clipped(list(gradients), limit)
        except ZeroDivisionError as error:
            raise AnswerError(
                f"{what} divides by 0: gradients that are all 0 have the norm 0, and stay as they are.",
                f"{what} 除以了 0：梯度全为 0 时范数是 0，保持不变即可。",
            ) from error
        compare_rows(what, answer, [g * factor for g in gradients], _mistakes_of_clipping(gradients, limit))


def _mistakes_of_clipping(gradients: Sequence[float], limit: float) -> list[tuple[list[float], str, str]]:
    squares, sizes = sum(g * g for g in gradients), sum(map(abs, gradients))
    if not squares:
        return []
    always = [g * limit / sqrt(squares) for g in gradients]
    return [
        ([max(-limit, min(limit, g)) for g in gradients],
         "each is clipped by itself, which changes the direction; shorten them all by one factor",
         "你把每个梯度各自裁剪，方向就变了；应当用同一个因子一起缩短"),
        (always, "they are within the limit already, and should not be made longer",
         "它们本来就在限度之内，不应变长"),
        ([g * limit / sizes for g in gradients], "you divided by the sum of the sizes, not by the root of "
         "the sum of squares", "你除以了绝对值之和，而不是平方和的平方根"),
        ([g * limit / squares for g in gradients], "you divided by the sum of squares; its root is missing",
         "你除以了平方和；还没有开平方"),
        ([g / sqrt(squares) for g in gradients], "that has the length 1, not the limit",
         "那样长度是 1，而不是 limit"),
    ]  # fmt: skip
