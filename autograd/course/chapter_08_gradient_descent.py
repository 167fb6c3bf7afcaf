"""The exercises of notebook 08: gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, log, sqrt

from ..engine import Value
from ..optim import SGD
from .exercise import AnswerError, close, exercise, given, number


@exercise(
    "08.1",
    "The distance to the bottom is multiplied by the same factor in every step, and so is the step: that "
    "gives the factor. Then w1 - end is the factor times w0 - end; solve for the end.",
    "到谷底的距离每一步乘以同一个因子，步子的长度也一样，由此得到因子。"
    "设终点为 end，w1 - end 等于因子乘以 w0 - end，解出 end。",
)
def _resting_place(resting_place: Callable[..., float]) -> None:
    what = "resting_place(0, 3, 5)"
    got = number(resting_place(0.0, 3.0, 5.0), what, what)
    for wrong, english, chinese in (
        (7.0, "as if the next step were as long as the last one", "你让下一步与上一步一样长"),
        (19 / 3, "where it is after one step more, and it goes on", "那只是再走一步之后的位置，它还要继续走"),
        (
            6.0,
            "the sum of all steps after the first place, but it starts at 0 with a step of 3, not of 2",
            "级数的第一项应是 3，而不是 2",
        ),
    ):
        if close(got, wrong):
            raise AnswerError(f"{what} is {got:.4g}, {english}.", f"{what} 得 {got:.4g}：{chinese}。")
    if not close(got, 9.0):
        raise AnswerError(f"{what} is {got:.6g} and should be 9.", f"{what} 得 {got:.6g}，应为 9。")
    what = "resting_place(-1, 4.4, 0.08)"
    got = number(resting_place(-1.0, 4.4, 0.08), what, what)
    if not close(got, 2.0):
        raise AnswerError(
            f"{what} is {got:.6g} and should be 2: this ball swings from side to side, so the factor is "
            "negative.",
            f"{what} 得 {got:.6g}，应为 2：这个小球左右摆动，因子是负的。",
        )


@exercise(
    "08.2",
    "Differentiate the loss by w twice: that is the curvature c, and the limit is 2 / c.",
    "把损失对 w 求导两次，就是曲率 c；界限是 2 / c。",
)
def _largest_rate(largest_rate: Callable[..., float]) -> None:
    xs, ys = [1.0, 2.0, 3.0], [2.0, 3.0, 7.0]
    what = "largest_rate([1, 2, 3], [2, 3, 7])"
    got = number(largest_rate(list(xs), list(ys)), what, what)
    for wrong, english, chinese in (
        (3 / 7, "twice too large: the slope of (w * x - y)**2 is 2 * (w * x - y) * x, with a 2",
         "大了一倍：(w * x - y)**2 的斜率是 2 * (w * x - y) * x，有一个 2"),
        (3 / 28, "1 / c, the rate that arrives in a single step; it converges up to 2 / c",
         "那是 1 / c，即一步到达的学习率；到 2 / c 为止都收敛"),
        (1 / 14, "for the sum of the squared errors; the loss is their mean",
         "那是对误差平方之和而言的；损失是平均数"),
        (1 / 7, "for half the sum of the squared errors; the loss is their mean",
         "那是对误差平方之和的一半而言的；损失是平均数"),
        (14 / 3, "the curvature over 2; a steeper parabola needs a smaller rate",
         "那是曲率的一半；抛物线越陡，学习率要越小"),
    ):  # fmt: skip
        if close(got, wrong):
            raise AnswerError(f"{what} is {got:.4g}, {english}.", f"{what} 得 {got:.4g}：{chinese}。")
    if not close(got, 3 / 14):
        raise AnswerError(
            f"{what} is {got:.6g}. {_tried(xs, ys, got)[0]}", f"{what} 得 {got:.6g}。{_tried(xs, ys, got)[1]}"
        )
    moved = number(largest_rate(list(xs), [-5.0, 0.0, 8.0]), "largest_rate", "largest_rate")
    if not close(moved, got):
        raise AnswerError(
            f"With other ys it is {moved:.6g} in the place of {got:.6g}, but ys only move the bottom.",
            f"换一组 ys，得 {moved:.6g}，而不是 {got:.6g}；可是 ys 只移动谷底的位置。",
        )
    wide = number(largest_rate([10.0, -20.0], [0.0, 1.0]), "largest_rate", "largest_rate")
    if not close(wide, 1 / 250):
        raise AnswerError(
            f"largest_rate([10, -20], [0, 1]) is {wide:.6g} and should be 0.004.",
            f"largest_rate([10, -20], [0, 1]) 得 {wide:.6g}，应为 0.004。",
        )


def _tried(xs: Sequence[float], ys: Sequence[float], rate: float) -> tuple[str, str]:
    """Say in two languages what a learning rate a little smaller than `rate` and a larger one do."""
    curvature = 2 * sum(x * x for x in xs) / len(xs)
    below, above = abs(1 - 0.98 * rate * curvature), abs(1 - 1.02 * rate * curvature)
    if rate > 0 and below < 1 and above < 1:
        return (
            f"A rate 2 % larger converges, too: each step multiplies the distance by {above:.4f}.",
            f"再大 2 % 也收敛：每一步把距离乘以 {above:.4f}。",
        )
    return (
        f"A rate 2 % smaller does not converge: each step multiplies the distance by {below:.4f}.",
        f"小 2 % 也不收敛：每一步把距离乘以 {below:.4f}。",
    )


def _steep(x: Sequence[float]) -> list[float]:
    """Return the gradient of (x**2 + 20 * y**2) / 2, or of x**2 / 2 alone."""
    return [curvature * value for curvature, value in zip((1.0, 20.0), x, strict=False)]


def _library(x: Sequence[float], lr: float, momentum: float, steps: int) -> list[float]:
    """Return where the library goes, by its own formula."""
    parameters = [Value(value) for value in x]
    optimizer = SGD(parameters, lr=lr, momentum=momentum)
    for _ in range(steps):
        for parameter, gradient in zip(parameters, _steep([p.data for p in parameters]), strict=True):
            parameter.grad = gradient
        optimizer.step()
    return [parameter.data for parameter in parameters]


def _mistaken(x: Sequence[float], lr: float, momentum: float, steps: int, kind: str) -> list[float]:
    """Return where a momentum with a mistake goes: its velocity is shared, reset, or an average."""
    x, velocity = list(x), [0.0] * len(x)
    for _ in range(steps):
        for i, g in enumerate(_steep(x)):
            place = 0 if kind == "shared" else i
            kept = 0.0 if kind == "reset" else momentum * velocity[place]
            velocity[place] = kept + {"average": 1 - momentum, "twice": lr}.get(kind, 1.0) * g
            x[i] -= lr * velocity[place]
    return x


@exercise(
    "08.3",
    "What does the first parameter leave behind for the second one? How many velocities must there be?",
    "第一个参数给第二个参数留下了什么？速度应该有几个？",
)
def _with_momentum(with_momentum: Callable[..., list[float]]) -> None:
    start = [-9.0, 1.5]
    what = "with_momentum(gradient, [-9, 1.5], 0.03, 0.8, 3)"
    got = given(with_momentum(_steep, list(start), 0.03, 0.8, 3))
    if not hasattr(got, "__len__") or len(got) != 2:
        raise AnswerError(f"{what} should return a list of two numbers.", f"{what} 应返回两个数的列表。")
    numbers = [number(x, f"{what}[{i}]", f"{what}[{i}]") for i, x in enumerate(got)]
    for kind, english, chinese in (
        ("shared", "there is still one velocity for both parameters", "两个参数仍然共用一个速度"),
        ("reset", "the velocity is forgotten between steps: that is plain descent",
         "速度在两步之间丢掉了：那是没有动量的梯度下降"),
        ("average", "the gradient counts only 1 - momentum; the formula here adds all of it",
         "梯度只算了 1 - momentum 倍；这里的公式要加上整个梯度"),
        ("twice", "the learning rate is multiplied in twice", "学习率乘了两次"),
    ):  # fmt: skip
        if all(map(close, numbers, _mistaken(start, 0.03, 0.8, 3, kind))):
            raise AnswerError(
                f"{what} is {_shown(numbers)}: {english}.", f"{what} 得 {_shown(numbers)}：{chinese}。"
            )
    wanted = _library(start, 0.03, 0.8, 3)
    if not all(map(close, numbers, wanted)):
        raise AnswerError(
            f"{what} is {_shown(numbers)} and should be {_shown(wanted)}.",
            f"{what} 得 {_shown(numbers)}，应为 {_shown(wanted)}。",
        )


def _shown(numbers: Sequence[float]) -> str:
    return "[" + ", ".join(f"{x:.5g}" for x in numbers) + "]"


@exercise(
    "08.4",
    "With equal gradients m is g times 1 - beta1**t: add up the geometric series, or run the loop. And v?",
    "梯度都相等时，m 是 g 的 1 - beta1**t 倍：把几何级数加起来，或者用循环算。v 呢？",
)
def _uncorrected_step(uncorrected_step: Callable[..., float]) -> None:
    what = "uncorrected_step(0.1, 0.9, 0.999, 1)"
    got = number(uncorrected_step(0.1, 0.9, 0.999, 1), what, what)
    for wrong, english, chinese in (
        (0.1, "the step with the correction; without it m and v are too small, each in its own way",
         "那是做了纠正的步长；不做纠正，m 和 v 都偏小，但程度不同"),
        (10.0, "m over v; the formula divides by the root of v",
         "那是 m 除以 v；公式中除以的是 v 的平方根"),
        (sqrt(0.001), "upside down: it is m over the root of v", "倒过来了：应是 m 除以 v 的平方根"),
        (0.01, "lr times m over |g|; the root of v has shrunk too, and even more",
         "那只是 lr 乘以 m 与 |g| 之比；v 的平方根也变小了，而且小得更多"),
    ):  # fmt: skip
        if close(got, wrong):
            raise AnswerError(f"{what} is {got:.4g}: {english}.", f"{what} 得 {got:.4g}：{chinese}。")
    if not close(got, 0.1 * 0.1 / sqrt(0.001)):
        raise AnswerError(
            f"{what} is {got:.6g} and should be 0.316228.", f"{what} 得 {got:.6g}，应为 0.316228。"
        )
    what = "uncorrected_step(0.1, 0.9, 0.999, 10)"
    later = number(uncorrected_step(0.1, 0.9, 0.999, 10), what, what)
    if close(later, got):
        raise AnswerError(
            f"{what} is {later:.6g}, as long as the first step, but by then ten gradients have gone into m "
            "and v.",
            f"{what} 得 {later:.6g}，与第一步一样长；可是那时 m 和 v 里已经有十个梯度了。",
        )
    wanted = 0.1 * (1 - 0.9**10) / sqrt(1 - 0.999**10)
    if not close(later, wanted):
        raise AnswerError(
            f"{what} is {later:.6g} and should be {wanted:.6g}.",
            f"{what} 得 {later:.6g}，应为 {wanted:.6g}。",
        )


@exercise(
    "08.5",
    "The slope along y is -y, so a step makes (1 + lr) * y of y. How often must one multiply to get to 1?",
    "沿 y 的斜率是 -y，所以走一步，y 变成 (1 + lr) * y。要乘多少次才到 1？",
)
def _steps_to_leave(steps_to_leave: Callable[..., float]) -> None:
    what = "steps_to_leave(1e-6, 0.1)"
    got = number(steps_to_leave(1e-6, 0.1), what, what)
    exact = log(1e6) / log(1.1)
    if close(got, 144.0) or close(got, exact):
        raise AnswerError(
            f"{what} is {got:.6g}: after 144 steps y is 0.914, not yet 1; count whole steps, upwards.",
            f"{what} 得 {got:.6g}：144 步之后 y 是 0.914，还不到 1；要数整步，向上取整。",
        )
    if got < 0 or close(got, ceil(-log(1e6) / log(0.9))):
        raise AnswerError(
            f"{what} is {got:.6g}: you let y shrink by 1 - lr, but along y it goes down, away from 0.",
            f"{what} 得 {got:.6g}：你让 y 每步乘以 1 - lr 而缩小；可是沿 y 方向是下坡，y 远离 0。",
        )
    if got > 1e6:
        raise AnswerError(
            f"{what} is {got:.6g}: you kept the slope as it is at the start, but it grows with y.",
            f"{what} 得 {got:.6g}：你让斜率一直等于开始时的值；其实它随 y 增大。",
        )
    for y0, lr in ((1e-6, 0.1), (0.5, 1.0), (0.001, 0.03)):
        what = f"steps_to_leave({y0}, {lr})"
        got, wanted = number(steps_to_leave(y0, lr), what, what), _counted(y0, lr)
        if not close(got, wanted):
            raise AnswerError(
                f"{what} is {got:.6g} and should be {wanted}.", f"{what} 得 {got:.6g}，应为 {wanted}。"
            )


def _counted(y: float, lr: float) -> int:
    """Count the steps until y is 1 or more."""
    steps = 0
    while y < 1.0:
        y, steps = y + lr * y, steps + 1
    return steps
