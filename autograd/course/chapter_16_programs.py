"""The exercises of notebook 16: from a graph to a program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, inf
from typing import Any

from ..program import CompileError, compile
from .comparing import compare, compare_rows
from .exercise import AnswerError, close, exercise, given, number


@exercise(
    "16.1",
    "Name exp(x * y) once. x is used twice: as a factor, and inside the exponential; add the two products.",
    "给 exp(x * y) 取一个名字，只算一次。x 用了两次：作为因子，以及在指数里；把两个乘积相加。",
)
def _program(program: Callable[..., Any]) -> None:
    called: list[float] = []

    def counted(x: float) -> float:
        called.append(x)
        return exp(x)

    what = "program(3.0, 0.5, exp)"
    answer = given(program(3.0, 0.5, counted))
    if not hasattr(answer, "__len__") or len(answer) != 2:
        raise AnswerError(
            f"{what} should return the pair (value, (by_x, by_y)).", f"{what} 应返回 (value, (by_x, by_y))。"
        )
    e = exp(1.5)
    compare(f"{what}[0]", answer[0], 3.0 * e)
    known = [
        ([e, 9.0 * e], "by x it is more: x is inside the exponential too, and both ways add up",
         "对 x 的导数不止这些：x 也在指数里，两条路要相加"),
        ([1.5 * e, 9.0 * e], "by x one way is missing: x is a factor of its own too",
         "对 x 少了一条路：x 自己也是一个因子"),
        ([2.5 * e, 3.0 * e], "by y there are two factors x: one stands before exp, one comes out of x * y",
         "对 y 有两个因子 x：一个在 exp 前面，一个来自 x * y"),
        ([9.0 * e, 2.5 * e], "the two derivatives have changed places", "两个导数写反了"),
    ]  # fmt: skip
    compare_rows(f"{what}[1]", answer[1], [2.5 * e, 9.0 * e], known)
    if len(called) != 1:
        raise AnswerError(
            f"the numbers are right, but exp was called {len(called)} times; once is enough: give its "
            "result a name, for exp is its own derivative.",
            f"数都对，但 exp 被调用了 {len(called)} 次；一次就够：给结果取个名字，"
            "因为 exp 的导数就是它自己。",
        )


@exercise(
    "16.2",
    "relu(x) is right up to 1. What must be taken off above 1, and only there?",
    "relu(x) 在 1 以下都对。1 以上、而且只在那里，应该减去什么？",
)
def _clip(clip: Callable[..., Any]) -> None:
    for x, wanted, english, chinese in (
        (2.0, 1.0, "above 1 it should stay at 1", "1 以上应保持为 1"),
        (-1.0, 0.0, "below 0 it should stay at 0", "0 以下应保持为 0"),
        (0.25, 0.25, "between 0 and 1 it should be x itself", "0 与 1 之间应是 x 本身"),
    ):
        got = number(clip(x), f"clip({x})", f"clip({x})")
        if not close(got, wanted):
            raise AnswerError(f"clip({x}) is {got:.6g}: {english}.", f"clip({x}) 得 {got:.6g}：{chinese}。")
    compiled = compile(clip)
    slopes = [compiled.grad(x) for x in (-1.0, 0.25, 2.0)]
    paths = sum(line.startswith("  path ") for line in compiled.report().splitlines())
    if paths != 1:
        raise AnswerError(
            f"right at all points, but with {paths} paths: there is a comparison in it still (max and min of "
            "Python compare too).",
            f"在各点都对，但有 {paths} 条路径：里面还有比较（Python 的 max 和 min 也是比较）。",
        )
    compare_rows("[slope at -1, at 0.25, at 2]", slopes, [0.0, 1.0, 0.0])


@exercise(
    "16.3",
    "Write down what n calls cost either way, set the two equal, and solve for n; calls come whole.",
    "写出两种方式调用 n 次各需多少时间，令两者相等，解出 n；次数是整数。",
)
def _break_even(break_even: Callable[..., float]) -> None:
    what = "break_even(0.05, 3e-6, 2e-4)"
    known = [
        (250.0, "programs are not free: each call saves graph - program",
         "程序不是免费的：每次省下的是 graph - program"),
        (0.05 / 1.97e-4, "calls are whole, so it is the next whole number", "次数是整数，应取下一个整数"),
        (253.0, "with 253 calls graphs are cheaper still; round up", "253 次时还是建图便宜；应向上取整"),
        (0.05 / 3e-6, "program is what a call costs, not what it saves",
         "program 是每次的代价，不是省下的时间"),
    ]  # fmt: skip
    compare(what, break_even(0.05, 3e-6, 2e-4), 254.0, known)
    what = "break_even(0.05, 2e-4, 1e-4)"
    got = number(break_even(0.05, 2e-4, 1e-4), what, what)
    if got != inf:
        raise AnswerError(
            f"{what} is {got:.6g}: a program that is slower than the graph never pays; return inf.",
            f"{what} 得 {got:.6g}：比建图还慢的程序永远不划算；应返回 inf。",
        )


@exercise(
    "16.4",
    "By w the derivative is 2wx². One number a point; then their sum.",
    "对 w 的导数是 2wx²。每个点一个数；然后求和。",
)
def _batch(summed: float, each: Sequence[float]) -> None:
    known: list[tuple[Any, str, str]] = [
        ([8.0, 16.0, 24.0], "those are derivatives by x; grad takes the first argument, w",
         "那是对 x 的导数；grad 求的是对第一个自变量 w 的"),
        ([4.0, 8.0, 12.0], "x is squared too: by w it is 2wx²", "x 也要平方：对 w 是 2wx²"),
        ([56.0, 56.0, 56.0], "that is the sum at each point; with reduce=None nothing is added up",
         "那是在每个点上都写了总和；reduce=None 时不求和"),
    ]  # fmt: skip
    compare_rows("each", each, [4.0, 16.0, 36.0], known)
    known = [
        (56.0 / 3.0, "that is the mean; what is shared gets the sum", "那是平均数；共有的自变量得到的是和"),
        (144.0, "2w times the square of the sum; square first, then add",
         "那是 2w 乘以和的平方；应先平方，再求和"),
        (48.0, "those are derivatives by x, added up", "那是对 x 的导数之和"),
    ]  # fmt: skip
    compare("summed", summed, 56.0, known)


@exercise(
    "16.5",
    "abs(x) of the Value itself is an operation of the graph, with a derivative of its own.",
    "对 Value 本身取 abs(x)，它就是图中的一个运算，有自己的导数。",
)
def _squash(squash: Callable[..., Any]) -> None:
    compare("squash(-2.0)", squash(-2.0), -2.0 / 3.0)
    compiled = compile(squash)
    for x, wanted in ((-2.0, 1.0 / 9.0), (3.0, 1.0 / 16.0)):
        try:
            slope = compiled.grad(x)
        except CompileError as error:
            raise AnswerError(
                f"it still cannot be compiled: {str(error).partition('; ')[0].splitlines()[0]}.",
                "仍然不能编译：它还是把数从 Value 里取了出来，绕过了图。",
            ) from None
        known = [
            (1.0 / (1.0 + abs(x)), "|x| was taken for a constant; it changes with x",
             "|x| 被当成了常数；它随 x 变化"),
            (1.0 / (1.0 + x) ** 2, "that is the slope of x / (1 + x); the size is |x|",
             "那是 x / (1 + x) 的斜率；应取 |x|"),
        ]  # fmt: skip
        compare(f"grad(squash)({x})", slope, wanted, known if x < 0.0 else [])
