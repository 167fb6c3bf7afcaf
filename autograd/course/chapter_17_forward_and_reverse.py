"""The exercises of notebook 17: forward mode, reverse mode, and differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, cos, sin
from typing import Any

from ..engine import Value
from ..math import sin as sine_of
from .comparing import compare, row
from .exercise import AnswerError, close, exercise, given, number


@exercise(
    "17.1",
    "Differentiate E by h and set it to zero: h³ times something is something else.",
    "把 E 对 h 求导，令其为零：h³ 乘以一个量等于另一个量。",
)
def _best_step(best_step: Callable[..., float]) -> None:
    what = "best_step(size=2.0, third=6.0, epsilon=0.001)"
    known = [
        (0.002 ** (1 / 3), "there the two errors are equal; their sum is smallest where its slope is zero",
         "在那里两个误差相等，但它们之和在斜率为零处最小"),
        ((0.002 / 6.0) ** (1 / 3), "the factor 3 is missing: the derivative of h²M/6 is hM/3",
         "缺了因子 3：h²M/6 的导数是 hM/3"),
        (0.009 ** (1 / 3), "size and third have changed places: a rougher function wants a smaller step",
         "size 和 third 写反了：函数越弯，步长应越小"),
        (0.001**0.5, "a square root belongs to a difference on one side", "平方根属于单侧差分"),
        (0.1**3, "that is h³; take the cube root", "那是 h³；要开立方"),
    ]  # fmt: skip
    compare(what, best_step(2.0, 6.0, 1e-3), 0.1, known)
    compare("best_step(size=1.0, third=3.0, epsilon=0.008)", best_step(1.0, 3.0, 0.008), 0.2)


@exercise(
    "17.2",
    "How wide is it from x - h to x + h? And h should be about 6e-6 times the size of x, but never 0.",
    "从 x - h 到 x + h 有多宽？h 应约为 x 的大小的 6e-6 倍，但不能为 0。",
)
def _central(central: Callable[..., float]) -> None:
    what = "central(sin, 1.0)"
    got, wanted = number(central(sin, 1.0), what, what), cos(1.0)
    if close(got, 2.0 * wanted, 1e-3):
        raise AnswerError(
            f"{what} is {got:.6g}, twice what it should be: from x - h to x + h it is 2h.",
            f"{what} 得 {got:.6g}，是应有值的两倍：从 x - h 到 x + h 的距离是 2h。",
        )
    if not close(got, wanted, 1e-9):
        raise AnswerError(
            f"{what} is {got:.12g}, wrong by {abs(got - wanted):.0e}; with a good step it is right to 1e-9.",
            f"{what} 得 {got:.12g}，误差 {abs(got - wanted):.0e}；步长选得好，可以准到 1e-9。",
        )
    what = "central(lambda x: x**2, 1e9)"
    got = number(central(lambda x: x**2, 1e9), what, what)
    if got == 0.0:
        raise AnswerError(
            f"{what} is 0: for so large an x, x + h is x itself; let h grow with x.",
            f"{what} 得 0：x 这么大时，x + h 就是 x 本身；应让 h 随 x 增大。",
        )
    compare(what, got, 2e9)
    what = "central(lambda x: 3 * x, 0.0)"
    try:
        got = number(central(lambda x: 3.0 * x, 0.0), what, what)
    except ZeroDivisionError:
        raise AnswerError(
            f"{what} divides by zero: at x = 0 a step that is x times something is 0.",
            f"{what} 除以了零：x = 0 时，x 的若干倍的步长就是 0。",
        ) from None
    compare(what, got, 3.0)
    compare("central(lambda x: x**2, -1e9)", central(lambda x: x**2, -1e9), -2e9)


def _dual(answer: Any, what: str, value: float, slope: float, known: Sequence[tuple[Any, str, str]]) -> None:
    """Hold a dual number against the right one."""
    if not (hasattr(given(answer), "value") and hasattr(answer, "slope")):
        kind = type(answer).__name__
        raise AnswerError(f"{what} should be a Dual and is a {kind}.", f"{what} 应是 Dual，却是 {kind}。")
    compare(f"({what}).value", answer.value, value)
    compare(f"({what}).slope", answer.slope, slope, known)


@exercise(
    "17.3",
    "The sum rule, the product rule, the quotient rule, and for sine the chain rule: cos(value) * slope.",
    "和的法则、积的法则、商的法则；正弦用链式法则：cos(value) * slope。",
)
def _forward(dual: Callable[..., Any], sine: Callable[..., Any]) -> None:
    swapped = "each slope goes with the value of the other", "每个斜率要乘以另一个的值"
    known: list[tuple[Any, str, str]]
    known = [(1.0, "the slope of the other is missing", "缺了另一个的斜率"),
             (10.0, "slopes are added, not multiplied", "斜率应相加，而不是相乘")]  # fmt: skip
    _dual(dual(2.0, 1.0) + dual(3.0, 10.0), "Dual(2, 1) + Dual(3, 10)", 5.0, 11.0, known)
    known = [(10.0, "the derivative of a product is not the product of the derivatives",
              "积的导数不是导数的积"),
             (32.0, *swapped), (3.0, "half of the product rule", "只有积的法则的一半"),
             (20.0, "half of the product rule", "只有积的法则的一半")]  # fmt: skip
    _dual(dual(2.0, 1.0) * dual(3.0, 10.0), "Dual(2, 1) * Dual(3, 10)", 6.0, 23.0, known)
    known = [(0.1, "the derivative of a quotient is not the quotient of the derivatives",
              "商的导数不是导数的商"),
             (1.0, "the sign: a larger denominator makes the quotient smaller", "符号错了：分母变大，商变小"),
             (1.5, "a minus is wanted: a larger denominator makes the quotient smaller",
              "应是减号：分母变大，商变小"),
             (-4.0, "divided by the denominator once; it should be its square",
              "只除了一次分母，应除以它的平方"),
             (0.25, "the slope of the denominator is missing", "缺了分母的斜率")]  # fmt: skip
    _dual(dual(2.0, 1.0) / dual(4.0, 10.0), "Dual(2, 1) / Dual(4, 10)", 0.5, -1.0, known)
    known = [(cos(0.5), "the chain rule: times the slope of x", "链式法则：还要乘以 x 的斜率"),
             (cos(0.5) + 3.0, "the chain rule multiplies", "链式法则是相乘"),
             (sin(0.5) * 3.0, "the derivative of sine is cosine", "正弦的导数是余弦"),
             (cos(1.5), "cos is to be taken at the value", "应在值处取 cos"),
             (-cos(0.5) * 3.0, "the sign: sine rises at 0.5", "符号错了：正弦在 0.5 处是上升的")]  # fmt: skip
    _dual(sine(dual(0.5, 3.0)), "sine(Dual(0.5, 3))", sin(0.5), 3.0 * cos(0.5), known)
    x, a = dual(1.5, 1.0), Value(1.5)
    whole, wanted = x * sine(x * x + 2.0) / (3.0 * x + 1.0), a * sine_of(a * a + 2.0) / (3.0 * a + 1.0)
    wanted.backward()
    _dual(whole, "x * sine(x * x + 2) / (3 * x + 1) at Dual(1.5, 1)", wanted.data, a.grad, [])


@exercise(
    "17.4",
    "Count: forward takes a sweep for each input or direction, reverse one for each output.",
    "数一数：前向模式每个输入或方向走一遍，反向模式每个输出走一遍。",
)
def _ways(ways: Sequence[str]) -> None:
    if not isinstance(ways, (list, tuple)) or len(ways) != 6:
        raise AnswerError("ways should be a list of six words.", "ways 应是六个词组成的列表。")
    for i, (right, english, chinese) in enumerate(
        (
            ("reverse", "forward would take 3481 sweeps for one number", "前向要为一个数走 3481 遍"),
            ("forward", "there is one input, the time; reverse would take three sweeps",
             "只有一个输入，即时间；反向要走三遍"),
            ("forward", "reverse would take 10,000 sweeps, forward two", "反向要走 10,000 遍，前向只要两遍"),
            ("forward", "one direction is one sweep forward, with nothing to keep",
             "一个方向只需前向走一遍，而且什么也不用保留"),
            ("reverse", "the sum is one number: one sweep; the 500 residuals are inside",
             "平方和是一个数：走一遍；500 个残差在里面"),
            ("forward", "reverse would take a sweep for each of the 500 residuals, forward 40",
             "反向要为 500 个残差各走一遍，前向只要 40 遍"),
        )
    ):  # fmt: skip
        if given(ways[i]) not in ("forward", "reverse"):
            raise AnswerError(
                f'answer {i + 1} is {ways[i]!r} and should be "forward" or "reverse".',
                f'第 {i + 1} 个回答是 {ways[i]!r}，应是 "forward" 或 "reverse"。',
            )
        if ways[i] != right:
            raise AnswerError(f"number {i + 1}: {english}.", f"第 {i + 1} 个：{chinese}。")


@exercise(
    "17.5",
    "Where is n / k + k smallest, as a function of k? Its slope is 1 - n / k².",
    "把 n / k + k 看作 k 的函数，它在哪里最小？斜率是 1 - n / k²。",
)
def _best_piece(best_piece: Callable[..., float]) -> None:
    for turns in (10_000, 1000, 50):
        what = f"best_piece({turns})"
        [piece] = row([best_piece(turns)], 1, f"[{what}]")
        if piece != int(piece) or not 1 <= piece <= turns:
            raise AnswerError(
                f"{what} is {piece:.6g}: a piece has a whole number of turns, from 1 to {turns}.",
                f"{what} 得 {piece:.6g}：一段的圈数是 1 到 {turns} 的整数。",
            )
        kept, least = (
            ceil(turns / piece) + int(piece),
            min(ceil(turns / k) + k for k in range(1, turns + 1)),
        )
        if piece in (1, turns):
            raise AnswerError(
                f"{what} is {piece:g}: that keeps {kept}, as much as without pieces; it can be {least}.",
                f"{what} 得 {piece:g}：要保留 {kept} 个，与不分段一样多；可以只要 {least} 个。",
            )
        if kept != least:
            raise AnswerError(
                f"{what} is {piece:g}: that keeps {kept}, and it can be {least}.",
                f"{what} 得 {piece:g}：要保留 {kept} 个，可以只要 {least} 个。",
            )
