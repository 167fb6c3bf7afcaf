"""The exercises of notebook 05: gradients add up, and zero_grad."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..engine import Value
from .comparing import compare
from .exercise import exercise, number

Rows = Sequence[tuple[float, float]]


@exercise(
    "05.1",
    "Write down every product that arrives at a, in order. With = the last one is left; right is their sum.",
    "把传到 a 的每个乘积依次写下来。用 = 时只剩最后一个；正确的是它们的和。",
)
def _what_is_left(with_assignment: float, right: float) -> None:
    got = number(with_assignment, "with_assignment", "with_assignment")
    mistakes = (
        (1.0, "the product a·a has its turn after the sum, and overwrites that 1",
         "乘法 a·a 在加法之后轮到，把那个 1 覆盖了"),
        (10.0, "two products come from a·a, 5 and 5, but the second overwrites the first",
         "a·a 传来两个乘积 5 和 5，但后一个覆盖前一个"),
        (11.0, "that is the sum, and = does not add", "那是总和，而 = 并不相加"),
        (6.0, "= does not add: the 1 of the sum is gone", "= 并不相加：加法传来的 1 已经没有了"),
    )  # fmt: skip
    compare("with_assignment", got, 5.0, mistakes)
    mistakes_of_right = (
        (10.0, "that is the derivative of a·a; + a brings another 1", "那是 a·a 的导数；+ a 还带来 1"),
        (6.0, "a·a brings two products: a is both of its factors", "a·a 传来两个乘积：它的两个因数都是 a"),
        (5.0, "all the products that arrive add up", "传来的乘积要全部相加"),
        (30.0, "that is the value of y", "那是 y 的值"),
    )
    compare("right", number(right, "right", "right"), 11.0, mistakes_of_right)


def _mean_gradient(rows: Rows, w: float) -> float:
    return sum(2 * (w * x - t) * x for x, t in rows) / len(rows)


@exercise(
    "05.2",
    "A row in a part of one counts as much as any other: divide each row's loss by the number of all rows.",
    "不管一份里有几行，每一行的分量都一样：每行的损失都除以所有行的总数。",
)
def _accumulate(accumulate: Callable[..., float]) -> None:
    parts: list[list[tuple[float, float]]] = [[(1.0, 2.0), (2.0, 2.0)], [(3.0, 7.0)]]
    w = Value(2.0)
    what = "accumulate([[(1, 2), (2, 2)], [(3, 7)]], w) at w = 2"
    got = number(accumulate([list(part) for part in parts], w), what, what)
    mistakes = (
        (-1.0, "the mean of the means, in which the single row weighs as much as two",
         "那是平均值的平均值，单独一行与两行的分量一样"),
        (-2.0, "the sum of the means of the parts", "那是各份平均值之和"),
        (2.0, "the sum over all rows; it is still to be divided by their number",
         "那是所有行之和；还要除以行数"),
        (1.0, "the sum over all rows, divided by the number of parts and not of rows",
         "那是所有行之和除以份数，而不是除以行数"),
        (-6.0, "the last part alone", "那只是最后一份"),
        (1 / 3, "divided twice, by the rows and by the parts", "除了两次：除以行数，又除以份数"),
    )  # fmt: skip
    compare(what, got, 2 / 3, mistakes)
    compare("after it, w.grad", w.grad, 2 / 3, (), "之后 w.grad")
    rows = [row for part in parts for row in part]
    w = Value(2.0)
    w.grad = 5.0
    what, its = "accumulate(...) with 5 in w.grad from before", "w.grad 中原有 5 时，accumulate(...)"
    got = number(accumulate([rows, rows[:1]], w), what, its)
    wanted = _mean_gradient([*rows, rows[0]], 2.0)
    left = (
        (
            wanted + 5,
            "what was there before is still in it: clear w.grad first",
            "原有的还在里面：先把 w.grad 清零",
        ),
    )
    compare(what, got, wanted, left, its)


@exercise(
    "05.3",
    "After call k, b holds k times its gradient and passes all of it on. Add up what arrives at a.",
    "第 k 次调用后，b 中有 k 倍的梯度，并全部往下传。把传到 a 的加起来。",
)
def _shares(shares: Callable[[int], float]) -> None:
    mistakes = (
        (4.0, "that is what b has; a keeps 1 + 2 + 3 + 4", "那是 b 的倍数；a 保留 1 + 2 + 3 + 4"),
        (8.0, "it does not double: b gets one share more with each call", "并不是翻倍：每次调用 b 只多一份"),
        (15.0, "it does not double: b gets one share more with each call", "并不是翻倍：每次调用 b 只多一份"),
        (16.0, "n² is too much: 1 + 2 + 3 + 4", "n² 太多了：是 1 + 2 + 3 + 4"),
        (24.0, "the shares are added, not multiplied: 1 + 2 + 3 + 4", "各份是相加，不是相乘：1 + 2 + 3 + 4"),
        (6.0, "the last call is missing: 1 + 2 + 3 + 4", "漏了最后一次：1 + 2 + 3 + 4"),
        (7.0, "1, 3, and then 3 more: the third call adds three", "先是 1，再是 3，第三次再加三份"),
    )
    for n in (4, 1, 10):
        what = f"shares({n})"
        compare(what, number(shares(n), what, what), n * (n + 1) / 2, mistakes if n == 4 else ())


def _descent(steps: int, rate: float, clear: bool) -> float:
    w, gradient = 0.0, 0.0
    for _ in range(steps):
        slope = 2 * (w - 3)
        gradient = slope if clear else gradient + slope
        w -= rate * gradient
    return w


@exercise(
    "05.4",
    "Clear before backward(), step after it. And the loss is a graph of numbers as they were: when w has "
    "moved, it has to be computed anew.",
    "清零在 backward() 之前，走一步在它之后。而损失是一张图，记着当时的数：w 移动之后，必须重新计算。",
)
def _train(train: Callable[[int, float], float]) -> None:
    what = "train(10, 0.1)"
    got = number(train(10, 0.1), what, what)
    mistakes = (
        (0.0, "w does not move: the gradient is cleared before the step is taken",
         "w 没有移动：还没走这一步，梯度就清零了"),
        (_descent(10, 0.1, clear=False), "every gradient is still in the next: w.grad is not cleared",
         "每个梯度都还留在下一个里面：w.grad 没有清零"),
        (6.0, "each step is 0.6: the loss is computed once, so its gradient is -6 for ever",
         "每一步都是 0.6：损失只算了一次，梯度永远是 -6"),
        (33.0, "the loss is computed once, and w.grad is not cleared either",
         "损失只算了一次，而且 w.grad 也没有清零"),
        (3 - 3 * 1.2**10, "w climbs: subtract the gradient, do not add it",
         "w 在上坡：应减去梯度，而不是加上"),
        (0.6, "that is one step", "那只走了一步"),
    )  # fmt: skip
    compare(what, got, _descent(10, 0.1, clear=True), mistakes)
    what = "train(3, 0.25)"
    compare(what, number(train(3, 0.25), what, what), _descent(3, 0.25, clear=True))
