"""The exercises of notebook 01: slopes."""

from __future__ import annotations

from collections.abc import Callable
from math import sin, sqrt
from typing import Any

from .exercise import AnswerError, close, exercise, given, number


@exercise(
    "01.1",
    "Nudge x by h to both sides, and divide the change of f by the whole width, 2h.",
    "把 x 向两边各移动 h，再用 f 的变化量除以整个宽度 2h。",
)
def _slope(slope: Callable[..., float]) -> None:
    def cube(x: float) -> float:
        return x**3

    got = number(slope(cube, 2.0, 1e-3), "slope(cube, 2.0, 0.001)", "slope(cube, 2.0, 0.001)")
    if close(got, (cube(2.001) - cube(2.0)) / 1e-3):
        raise AnswerError(
            f"slope(cube, 2.0, 0.001) is {got:.6g}: you nudged x to one side only, so the error is as "
            "large as h; to both sides it would be 12.000001.",
            f"slope(cube, 2.0, 0.001) 得 {got:.6g}：你只向一边移动了 x，误差与 h 一样大；"
            "向两边移动应得 12.000001。",
        )
    if close(got, (cube(2.001) - cube(1.999)) / 1e-3):
        raise AnswerError(
            f"slope(cube, 2.0, 0.001) is {got:.6g}, twice what it should be: from x - h to x + h it is 2h.",
            f"slope(cube, 2.0, 0.001) 得 {got:.6g}，是应有值的两倍：从 x - h 到 x + h 的距离是 2h。",
        )
    if not close(got, 12.000001, 1e-9):
        raise AnswerError(
            f"slope(cube, 2.0, 0.001) is {got:.6g} and should be 12.000001.",
            f"slope(cube, 2.0, 0.001) 得 {got:.6g}，应为 12.000001。",
        )


def _slope_of(f: Callable[[float], float], x: float, h: float) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


@exercise(
    "01.2",
    "Floats lie apart in proportion to their size, so h should grow with |x|; and it must not be 0 at 0.",
    "浮点数的间隔与其大小成比例，所以 h 应随 |x| 增大；但在 0 处 h 不能是 0。",
)
def _nudge(nudge: Callable[[float], float]) -> None:
    for what, f, x, slope in (
        ("x³", lambda x: x * x * x, -2.0, 12.0),
        ("1/x", lambda x: 1 / x, 0.1, -100.0),
        ("x²", lambda x: x * x, 1e12, 2e12),
        ("sin x", sin, 0.0, 1.0),
    ):
        h = number(nudge(x), f"nudge({x:g})", f"nudge({x:g})")
        english, chinese = f"nudge({x:g}) is {h:.3g}", f"nudge({x:g}) 得 {h:.3g}"
        if h == 0:
            raise AnswerError(f"{english}: that is no nudge.", f"{chinese}：这等于没有推。")
        if x + h == x:
            raise AnswerError(
                f"{english}, which is too small: {x:g} + h is {x:g} again, and the slope comes out as 0.",
                f"{chinese}，太小：{x:g} + h 仍是 {x:g}，斜率会得 0。",
            )
        if x == h or x == -h:
            raise AnswerError(
                f"{english}: a nudge as large as x leads to 0, where 1/x has no value.",
                f"{chinese}：推的量与 x 一样大，会落到 0 上，1/x 在那里没有值。",
            )
        got = _slope_of(f, x, h)
        if not close(got, slope, 1e-5):
            large = abs(h) > 1e-5 * max(1.0, abs(x))
            raise AnswerError(
                f"{english}, which is too {'large' if large else 'small'}: with it the slope of {what} is "
                f"{got:.10g} and should be {slope:g}.",
                f"{chinese}，太{'大' if large else '小'}：用它求出的 {what} 的斜率是 {got:.10g}，"
                f"应为 {slope:g}。",
            )


@exercise(
    "01.3",
    "The promise: the change of f is about the slope times the change of x.",
    "承诺是：f 的变化大约等于斜率乘以 x 的变化。",
)
def _more_volume(answer: Any) -> None:
    got = number(answer, "more_volume", "more_volume")
    for wrong, english, chinese in (
        (2.01**3 - 8, "the true change; the promise is a little smaller, and needs no third power",
         "这是真正的变化；承诺的要小一点，也不需要算三次方"),
        (12.0, "the slope; multiply it by the change of the edge, 0.01", "这是斜率；还要乘以棱长的变化 0.01"),
        (8.12, "the whole volume; asked is by how much it is larger", "这是整个体积；问的是多出多少"),
        (1e-6, "a cube with an edge of 0.01, which is only the corner of what is added",
         "这是棱长 0.01 的小正方体，只是多出部分的一角"),
        (0.08, "8 times 0.01; but the volume changes 12 times as much as the edge, which is its slope",
         "这是 8 乘以 0.01；但体积的变化是棱长变化的 12 倍，12 才是斜率"),
    ):  # fmt: skip
        if close(got, wrong, 1e-7):
            raise AnswerError(
                f"more_volume is {got:.6g}: that is {english}.", f"more_volume 得 {got:.6g}：{chinese}。"
            )
    if not close(got, 0.12):
        raise AnswerError(f"more_volume is {got:.6g}, which is not it.", f"more_volume 得 {got:.6g}，不对。")


@exercise(
    "01.4",
    "The slopes are 1/2, 1/4, 1/6, 1/8, 1/10, and the roots of the places are 1, 2, 3, 4, 5.",
    "斜率是 1/2、1/4、1/6、1/8、1/10，而各处的平方根是 1、2、3、4、5。",
)
def _slope_of_root(slope_of_root: Callable[[float], float]) -> None:
    right = []
    for x in (1.0, 4.0, 9.0, 16.0, 25.0, 2.0):
        got = number(slope_of_root(x), f"slope_of_root({x:g})", f"slope_of_root({x:g})")
        wanted = 1 / (2 * sqrt(x))
        if close(got, wanted):
            right.append(f"{x:g}")
            continue
        also, too = "", ""
        if right:
            also = f" It is right at {', '.join(right)}, but so are other formulas."
            too = f"在 {'、'.join(right)} 处是对的，但别的公式在那里也对。"
        if close(got, 2 * sqrt(x)):
            also, too = " You have it upside down." + also, "分子和分母颠倒了。" + too
        raise AnswerError(
            f"slope_of_root({x:g}) is {got:.6g}, and a nudge gives {wanted:.6g}.{also}",
            f"slope_of_root({x:g}) 得 {got:.6g}，推一下得到的是 {wanted:.6g}。{too}",
        )


def _list(numbers: list[float]) -> str:
    return "[" + ", ".join(f"{x:.6g}" for x in numbers) + "]"


@exercise(
    "01.5",
    "For each i make copies of xs in which only entry i differs, and take the slope as in 01.1.",
    "对每个 i，复制 xs，只改第 i 项，再像 01.1 那样求斜率。",
)
def _gradient(gradient: Callable[..., Any]) -> None:
    point, wanted, seen = [2.0, 3.0, 4.0], [3.0, 2.0, 8.0], []

    def f(v: list[float]) -> float:
        seen.append([abs(a - b) > 1e-9 for a, b in zip(v, point, strict=True)])
        return v[0] * v[1] + v[2] * v[2]

    xs = list(point)
    answer = given(gradient(f, xs, 1e-3))
    story = "f(a, b, c) = a·b + c², xs = [2, 3, 4]"
    if not isinstance(answer, (list, tuple)) or len(answer) != 3:
        raise AnswerError(
            f"{story}: the gradient should be a list of 3 slopes and is {answer!r:.60}.",
            f"{story}：梯度应是 3 个斜率的列表，却是 {answer!r:.60}。",
        )
    got = [number(x, f"gradient[{i}]", f"gradient[{i}]") for i, x in enumerate(answer)]
    english, chinese = (
        f"{story}: the gradient is {_list(got)} and should be [3, 2, 8]",
        f"{story}：梯度得 {_list(got)}，应为 [3, 2, 8]",
    )
    if any(sum(changed) > 1 for changed in seen):
        raise AnswerError(
            f"{english}: f was called with several inputs nudged at once; the others should stay.",
            f"{chinese}：调用 f 时同时推了几个输入；其他输入应保持不动。",
        )
    if not all(close(a, b, 1e-9) for a, b in zip(xs, point, strict=True)):
        raise AnswerError(
            f"{story}: afterwards xs is {_list(xs)}; nudge copies, and leave xs as it was.",
            f"{story}：之后 xs 变成了 {_list(xs)}；请在副本上推，不要改动 xs。",
        )
    if all(close(a, 2 * b) for a, b in zip(got, wanted, strict=True)):
        raise AnswerError(f"{english}, half of it: divide by 2h.", f"{chinese}，只有一半：要除以 2h。")
    if close(got[2], 8.001) or close(got[2], 7.999):
        raise AnswerError(
            f"{english}: nudge to both sides; where f is straight one would do, but c² bends.",
            f"{chinese}：要向两边推；f 是直线时推一边也行，但 c² 是弯的。",
        )
    if not all(close(a, b) for a, b in zip(got, wanted, strict=True)):
        raise AnswerError(f"{english}.", f"{chinese}。")
