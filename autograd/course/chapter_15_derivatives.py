"""The exercises of notebook 15: derivatives of functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .comparing import compare, compare_rows
from .exercise import AnswerError, exercise, given


@exercise(
    "15.1",
    "value_and_grad(f)(x) gives f(x) and f'(x); x becomes x - f(x) / f'(x), steps times.",
    "value_and_grad(f)(x) 给出 f(x) 和 f'(x)；把 x 换成 x - f(x) / f'(x)，重复 steps 次。",
)
def _newton(newton: Callable[..., float]) -> None:
    def f(x: Any) -> Any:
        return x**3 - 8.0

    what = "newton(lambda x: x**3 - 8, 3.0, steps=1)"
    one = 3.0 - 19.0 / 27.0
    known = [
        (3.0 + 19.0 / 27.0, "away from the zero: the step is minus f(x) / f'(x)",
         "离零点更远了：步子应是负的 f(x) / f'(x)"),
        (3.0 - 27.0 / 19.0, "you divided the slope by the value; it is f(x) / f'(x)",
         "你用斜率除以函数值了；应是 f(x) / f'(x)"),
        (3.0 - 19.0, "the value is not divided by the slope", "函数值没有除以斜率"),
        (3.0 - 27.0, "that step is the slope alone; the value says how far it is to zero",
         "这一步只用了斜率；离零还有多远，要看函数值"),
        (3.0, "x has not moved", "x 没有移动"),
    ]  # fmt: skip
    compare(what, newton(f, 3.0, 1), one, known)
    what = "newton(lambda x: x**3 - 8, 3.0, steps=6)"
    chord = 3.0
    for _ in range(6):
        chord -= f(chord) / 27.0
    known = [
        (one, "that is the result of one step; there should be six", "这是一步的结果，应走六步"),
        (chord, "the slope at 3 was used in all steps: take a new tangent at each",
         "每一步用的都是 3 处的斜率：每步都要重新作切线"),
    ]  # fmt: skip
    compare(what, newton(f, 3.0, 6), 2.0, known)


@exercise(
    "15.2",
    "By x it is 2xy³, by y it is 3x²y²; differentiate each of the two by x and by y.",
    "对 x 是 2xy³，对 y 是 3x²y²；再把这两个各对 x、对 y 求导。",
)
def _hessian(hessian_by_hand: Callable[..., Any]) -> None:
    x, y = 3.0, 1.0
    what = "hessian_by_hand(3.0, 1.0)"
    answer = given(hessian_by_hand(x, y))
    if hasattr(answer, "__len__") and len(answer) == 2 and not hasattr(given(answer[0]), "__len__"):
        raise AnswerError(
            f"{what} is two numbers: that is a gradient; the Hessian has a row for each of them.",
            f"{what} 是两个数：那是梯度；黑塞矩阵对其中每一个都有一行。",
        )
    if not hasattr(answer, "__len__") or len(answer) != 2:
        raise AnswerError(f"{what} should be a list of two rows.", f"{what} 应是两行组成的列表。")
    for i, wanted in enumerate([(2.0 * y**3, 6.0 * x * y**2), (6.0 * x * y**2, 6.0 * x**2 * y)]):
        known: list[tuple[Any, str, str]] = [
            ([2.0, 0.0] if i == 0 else [0.0, 54.0],
             "the mixed derivatives are missing: what x does to the slope by y",
             "缺少混合导数：x 对 y 方向斜率的影响"),
            ([6.0, 27.0], "this row is the gradient, which is to be differentiated once more",
             "这一行是梯度，还要再求一次导"),
            ([wanted[0] if i == 0 else 162.0, 162.0 if i == 0 else wanted[1]],
             "a mixed derivative is not the product of the two slopes; differentiate 2xy³ by y",
             "混合导数不是两个斜率的乘积；请把 2xy³ 对 y 求导"),
        ]  # fmt: skip
        compare_rows(f"{what}[{i}]", answer[i], wanted, known)
    if hessian_by_hand(-1.0, 2.0)[1][1] != 12.0:
        raise AnswerError(
            "right at (3, 1), but hessian_by_hand(-1.0, 2.0)[1][1] should be 12: use x and y.",
            "在 (3, 1) 处正确，但 hessian_by_hand(-1.0, 2.0)[1][1] 应为 12：请使用 x 和 y。",
        )


@exercise(
    "15.3",
    "A step against the slope goes downhill if it is divided by something positive. What about abs?",
    "逆着斜率走一步，只要除以正数就是下坡。想想 abs？",
)
def _minimum(minimum: Callable[..., float]) -> None:
    def hills(x: Any) -> Any:
        return x**4 - 2.0 * x**2

    for start, low in ((0.3, 1.0), (-0.3, -1.0)):
        what = f"minimum(lambda x: x**4 - 2 * x**2, {start})"
        known = [
            (0.0, "the top of the hill: where the curvature is negative, the step goes up",
             "那是山顶：二阶导数为负时，步子走向了高处"),
            (-low, "a minimum, but the one on the other side: downhill is the other way",
             "是极小值，但在另一侧：下坡在另一个方向"),
            (start, "x has not moved", "x 没有移动"),
        ]  # fmt: skip
        compare(what, minimum(hills, start), low, known)
    what = "minimum(lambda x: (x - 5)**2 + 1, 0.0)"
    known = [
        (-5.0, "uphill: the curvature is positive here, and the step has the wrong sign",
         "走向了高处：这里二阶导数为正，步子的符号错了"),
    ]  # fmt: skip
    compare(what, minimum(lambda x: (x - 5.0) ** 2 + 1.0, 0.0), 5.0, known)


@exercise(
    "15.4",
    "K exp(-rT) depends neither on S nor on the volatility; so what is the derivative of the right side?",
    "K exp(-rT) 既不依赖 S，也不依赖波动率；那么右边的导数是多少？",
)
def _put(put_greeks: Callable[..., Any]) -> None:
    what = "put_greeks(0.75, 0.0625, 32.0)"
    answer = put_greeks(0.75, 0.0625, 32.0)
    known = [
        ([0.25, 0.0625, 32.0], "a put loses when the share rises, so its delta is negative: solve for put's",
         "股价上涨，看跌期权贬值，所以它的 delta 为负：请解出 put 的那一项"),
        ([-0.75, 0.0625, 32.0], "S on the right side has a derivative too", "右边的 S 也有导数"),
        ([0.75, 0.0625, 32.0], "these are the call's: S on the right side has the derivative 1",
         "这是看涨期权的：右边的 S 的导数是 1"),
        ([-0.25, -0.0625, 32.0], "the second derivative of the right side is 0, so the gammas are equal",
         "右边的二阶导数为 0，所以两个 gamma 相等"),
        ([-0.25, 0.0625, -32.0], "the right side does not know of the volatility, so the vegas are equal: "
         "both rights gain when the share jumps about", "右边与波动率无关，所以两个 vega 相等：股价跳动得多，"
         "两种权利都升值"),
        ([-0.25, -0.0625, -32.0], "delta is right; the second derivative of S is 0, and so is its "
         "derivative by the volatility", "delta 对了；S 的二阶导数为 0，它对波动率的导数也为 0"),
    ]  # fmt: skip
    compare_rows(what, answer, [-0.25, 0.0625, 32.0], known)
    compare_rows("put_greeks(0.5, 0.25, 1.0)", put_greeks(0.5, 0.25, 1.0), [-0.5, 0.25, 1.0])


@exercise(
    "15.5",
    "By the chain rule the derivative of y³ by x is 3y² · dy/dx, that of y is dy/dx, that of x is 1.",
    "按链式法则，y³ 对 x 的导数是 3y² · dy/dx，y 的是 dy/dx，x 的是 1。",
)
def _slope(slope: Callable[..., float]) -> None:
    what = "slope(10.0)"  # where y is 2
    known = [
        (13.0, "the derivative of x by y; you want that of y by x", "这是 x 对 y 的导数；要的是 y 对 x 的"),
        (1.0 / 301.0, "3y² + 1 is to be taken at y, which is 2 here, and not at x",
         "3y² + 1 要在 y 处取值（这里 y 是 2），而不是在 x 处"),
        (301.0, "3y² + 1 at x, and not divided into 1", "这是在 x 处的 3y² + 1，而且没有取倒数"),
        (1.0 / 12.0, "the y in y³ + y has a derivative too", "y³ + y 中的 y 也有导数"),
        (1.0 / 5.0, "y³ has the derivative 3y²", "y³ 的导数是 3y²"),
        (-1.0 / 13.0, "y grows with x, so the slope is positive", "y 随 x 增大，所以斜率为正"),
        (2.0, "that is y itself", "那是 y 本身"),
    ]  # fmt: skip
    compare(what, slope(10.0), 1.0 / 13.0, known)
    compare("slope(-2.0)", slope(-2.0), 0.25)
