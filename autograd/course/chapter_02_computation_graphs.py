"""The exercises of notebook 02: computation graphs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..engine import Value, topological_order
from .exercise import AnswerError, close, exercise, given, number


@exercise(
    "02.1",
    "A product gives to each operand the value of the other one; a sum gives 1. Then multiply along the way.",
    "积给每个操作数的是另一个操作数的值；和给的是 1。然后沿路相乘。",
)
def _melons(on_the_way: Any, one_more_melon: Any) -> None:
    if not isinstance(given(on_the_way), (list, tuple)) or len(on_the_way) != 3:
        raise AnswerError(
            f"on_the_way should be a list of three numbers and is {on_the_way!r:.60}.",
            f"on_the_way 应是三个数的列表，却是 {on_the_way!r:.60}。",
        )
    places = ("for melons", "goods", "bill")
    wrong: dict[int, dict[float, tuple[str, str]]] = {
        0: {
            1.0: ("its own value; a product gives the value of the other operand",
                  "那是它自己的值；积给的是另一个操作数的值"),
            360.0: ("the whole way; asked is the first arrow alone", "那是整条路；问的只是第一条箭头"),
        },
        1: {
            360.0: ("the value of the other operand; a sum hands on each change as it is",
                    "那是另一个操作数的值；和把变化原样传下去"),
            300.0: ("its own value; a sum hands on each change as it is",
                    "那是它自己的值；和把变化原样传下去"),
        },
        2: {
            660.0: ("the value of goods; on its arrow stands the other operand, the tax",
                    "那是 goods 的值；它的箭头上写的是另一个操作数，即税"),
            0.2: ("the tax alone; each yen becomes 1.2", "那只是税的部分；每 1 日元变成 1.2"),
        },
    }  # fmt: skip
    for i, wanted in enumerate((300.0, 1.0, 1.2)):
        got = number(on_the_way[i], f"on_the_way[{i}]", f"on_the_way[{i}]")
        if not close(got, wanted):
            told = wrong[i].get(got, ("it should be another number", "应是另一个数"))
            raise AnswerError(
                f"on the arrow to {places[i]!r} you have {got:g}: {told[0]}.",
                f"到 {places[i]!r} 的箭头上你写的是 {got:g}：{told[1]}。",
            )
    more = number(one_more_melon, "one_more_melon", "one_more_melon")
    if close(more, 302.2):
        raise AnswerError(
            "one_more_melon is 302.2, the sum of the three; along a way they are multiplied.",
            "one_more_melon 得 302.2，那是三者之和；沿一条路要相乘。",
        )
    if not close(more, 360.0):
        raise AnswerError(
            f"one_more_melon is {more:g}, and the product of your three numbers is 360.",
            f"one_more_melon 得 {more:g}，而你的三个数之积是 360。",
        )


@exercise(
    "02.2",
    "By a: what is 7/3 - 6/3? By b: nudge it, 6 / 3.001. It falls, and twice as fast if a is doubled.",
    "对 a：7/3 - 6/3 是多少？对 b：看 6 / 3.001。商在减小，a 大一倍，减小得也快一倍。",
)
def _quotient(quotient: Callable[[float, float], Any]) -> None:
    for a, b in ((6.0, 3.0), (-1.0, 2.0)):
        what = f"quotient({a:g}, {b:g})"
        answer = given(quotient(a, b))
        if not isinstance(answer, (list, tuple)) or len(answer) != 2:
            raise AnswerError(
                f"{what} should be two numbers and is {answer!r:.60}.",
                f"{what} 应是两个数，却是 {answer!r:.60}。",
            )
        by_a, by_b = (number(x, f"{what}[{i}]", f"{what}[{i}]") for i, x in enumerate(answer))
        right_a, right_b = 1 / b, -a / (b * b)
        told = ("", "")
        if close(by_a, right_b) and close(by_b, right_a):
            told = (" You have them in the other order.", "两者的次序反了。")
        elif close(by_a, b):
            told = (
                " Multiplying by 1/b, not by b, is what happens to a.",
                "对 a 所做的是乘以 1/b，而不是乘以 b。",
            )
        elif close(by_b, -right_b):
            told = (" The sign by b: dividing by more gives less.", "对 b 的符号：除以更大的数，商更小。")
        elif close(by_b, -1 / (b * b)):
            told = (" By b, a is missing: that is the slope of 1/b.", "对 b 的缺了 a：那是 1/b 的斜率。")
        if not (close(by_a, right_a) and close(by_b, right_b)):
            got, wanted = f"({by_a:.4g}, {by_b:.4g})", f"({right_a:.4g}, {right_b:.4g})"
            raise AnswerError(
                f"{what} is {got}, and a nudge gives {wanted}.{told[0]}",
                f"{what} 得 {got}，推一下得到的是 {wanted}。{told[1]}",
            )


def _written(value: Any) -> str:
    """Return the graph of a Value as text, that of a sum or a product the same in either order."""
    if not isinstance(value, Value) or not value.operands:
        return getattr(value, "label", "") or repr(value)
    parts = [_written(operand) for operand in value.operands]
    return f"({value.op} {' '.join(sorted(parts) if value.op in '+*' else parts)})"


@exercise(
    "02.3",
    "Begin at the top: y is a product. Its first operand is a sum, its second one a difference.",
    "从最上面开始：y 是一个积，第一个操作数是和，第二个操作数是差。",
)
def _formula(formula: Callable[..., Any]) -> None:
    a, b, c = Value(5.0, label="a"), Value(2.0, label="b"), Value(3.0, label="c")
    got = formula(a, b, c)
    value = number(got, "formula(5, 2, 3)", "formula(5, 2, 3)")
    wanted = (a * b + c) * (a - c)
    if close(value, -26.0):
        raise AnswerError(
            "formula(5, 2, 3) is -26 and should be 26: a difference has an order, and a comes first.",
            "formula(5, 2, 3) 得 -26，应为 26：差有先后，a 是它的第一个操作数。",
        )
    if close(value, 16.0):
        raise AnswerError(
            "formula(5, 2, 3) is 16 and should be 26: the sum comes before the product with the difference, "
            "so it needs parentheses.",
            "formula(5, 2, 3) 得 16，应为 26：先有和，再与差相乘，所以和要加括号。",
        )
    if not close(value, 26.0):
        raise AnswerError(
            f"formula(5, 2, 3) is {value:g} and should be 26.", f"formula(5, 2, 3) 得 {value:g}，应为 26。"
        )
    if not isinstance(got, Value):
        raise AnswerError(
            "formula(5, 2, 3) is 26, but a plain number: it has no graph. Compute with a, b and c.",
            "formula(5, 2, 3) 得 26，但只是普通的数，没有图。请用 a、b、c 来算。",
        )
    if _written(got) != _written(wanted):
        cards = len(topological_order(got))
        raise AnswerError(
            f"formula(5, 2, 3) is 26, but by another graph: yours has {cards} cards, that of the picture 7, "
            "with two products, a sum and a difference.",
            f"formula(5, 2, 3) 得 26，但图不同：你的有 {cards} 张卡片，题中的有 7 张，"
            "含两个积、一个和、一个差。",
        )


def _graphs() -> list[tuple[str, Value, int]]:
    """Return graphs to count the arrows of: what they are, the result, and the number."""
    x, y, z = Value(-2.0), Value(5.0), Value(-4.0)
    square = x * x
    return [
        ("(x + y) * z", (x + y) * z, 4),
        ("x * x + x", x * x + x, 4),
        ("1 / (1 + 3 * x)", 1 / (1 + 3 * x), 3),
        ("q * q + q with q = x * x", square * square + square, 6),
    ]


@exercise(
    "02.4",
    "Every arrow ends at an operation: for each card, count those of its operands that are Values.",
    "每条箭头都指向一次运算：对每张卡片，数它的操作数中有几个是 Value。",
)
def _arrows(arrows: Callable[[Value], Any]) -> None:
    for what, y, wanted in _graphs():
        got = number(arrows(y), f"arrows({what})", f"arrows({what})")
        if got == wanted:
            continue
        nodes = topological_order(y)
        told = ("", "")
        if got == sum(len(node.operands) for node in nodes):
            told = (" You counted constants, which have no arrow.", "你把常数也算进去了，常数没有箭头。")
        elif got == sum(len({id(x) for x in node.operands if isinstance(x, Value)}) for node in nodes):
            told = (" A card used twice has two arrows.", "用了两次的卡片有两条箭头。")
        elif got == len(nodes) - 1:
            told = (
                " That is the number of cards less one, which it is only in a tree.",
                "那是卡片数减一，只有在树中才是这样。",
            )
        elif got == len(nodes):
            told = (" That is the number of cards.", "那是卡片的数目。")
        elif got > wanted:
            told = (" Each card should be asked once, however often it is used.",
                    "每张卡片只应数一次，不论它被用了几次。")  # fmt: skip
        raise AnswerError(
            f"arrows({what}) is {got:g} and should be {wanted}.{told[0]}",
            f"arrows({what}) 得 {got:g}，应为 {wanted}。{told[1]}",
        )
