"""The exercises of notebook 06: an engine of one's own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from .engine_grading import grade
from .exercise import AnswerError, UnsolvedError, close, exercise, given, number


def _rule(answer: Any, what: str, operands: int) -> list[float]:
    """Return the result and the local derivatives that a rule gives, in a row."""
    if not isinstance(given(answer), tuple) or len(answer) != 2 or not hasattr(answer[1], "__len__"):
        raise AnswerError(
            f"{what} is {answer!r} and should be the result and a list of local derivatives.",
            f"{what} 得 {answer!r}，应为结果加上局部导数的列表。",
        )
    out, locals_ = answer
    if len(locals_) != operands:
        raise AnswerError(
            f"{what} has {len(locals_)} local derivatives and should have {operands}.",
            f"{what} 有 {len(locals_)} 个局部导数，应有 {operands} 个。",
        )
    return [number(x, f"{what}", f"{what}") for x in (out, *locals_)]


def _compare(
    what: str, got: Sequence[float], wanted: Sequence[float], *mistakes: tuple[Any, str, str]
) -> None:
    """Compare the result and the derivatives of a rule; a mistake is a row that a wrong one gives."""
    shown = ", ".join(f"{x:.6g}" for x in got)
    right = ", ".join(f"{x:.6g}" for x in wanted)
    if all(map(close, got, wanted)):
        return
    for row, english, chinese in mistakes:
        if all(map(close, got, row)):
            raise AnswerError(
                f"{what} gives {shown} and should give {right}: {english}.",
                f"{what} 得 {shown}，应为 {right}：{chinese}。",
            )
    raise AnswerError(f"{what} gives {shown} and should give {right}.", f"{what} 得 {shown}，应为 {right}。")


@exercise(
    "06.1",
    "Hold the other operand fixed and differentiate: a/b is a times 1/b, and the derivative of 1/b is "
    "-1/b**2.",
    "把另一个操作数看作常数再求导：a/b 就是 a 乘以 1/b，而 1/b 的导数是 -1/b**2。",
)
def _rules(divide: Callable[..., Any], power: Callable[..., Any], relu: Callable[..., Any]) -> None:
    _compare(
        "divide(3, 2)", _rule(divide(3.0, 2.0), "divide(3, 2)", 2), [1.5, 0.5, -0.75],
        ([1.5, 0.5, 0.75], "the derivative by b has a minus, for a larger divisor makes the quotient smaller",
         "对 b 的导数有负号，因为除数变大，商就变小"),
        ([1.5, 0.5, -0.25], "the derivative by b has the factor a: it is -a/b**2",
         "对 b 的导数有因子 a：应为 -a/b**2"),
        ([1.5, 0.5, -1.5], "the derivative by b is divided by b twice: -a/b**2, not -a/b",
         "对 b 的导数要除以两次 b：是 -a/b**2，不是 -a/b"),
        ([1.5, 2.0, 3.0], "these are the derivatives of a * b, with a and b in place", "这是 a * b 的导数"),
    )  # fmt: skip
    _compare(
        "power(2, 3)", _rule(power(2.0, 3), "power(2, 3)", 1), [8.0, 12.0],
        ([8.0, 24.0], "the exponent falls by 1: c * a**(c - 1)", "指数要减 1：c * a**(c - 1)"),
        ([8.0, 4.0], "the factor c is missing: c * a**(c - 1)", "少了因子 c：c * a**(c - 1)"),
        ([8.0, 6.0], "that is c * a: the power of a stays, a**(c - 1)",
         "那是 c * a：还要有 a 的幂 a**(c - 1)"),
    )  # fmt: skip
    try:
        at_0 = _rule(power(0.0, 2), "power(0, 2)", 1)
    except ZeroDivisionError:
        raise AnswerError(
            "power(0.0, 2) divides by 0, but x**2 has the slope 0 there: write c * a**(c - 1), not "
            "c * a**c / a.",
            "power(0.0, 2) 除以了 0，而 x**2 在那里的斜率是 0：写 c * a**(c - 1)，不要写 c * a**c / a。",
        ) from None
    _compare("power(0, 2)", at_0, [0.0, 0.0])
    for x, wanted in ((1.5, [1.5, 1.0]), (-2.0, [0.0, 0.0]), (0.0, [0.0, 0.0])):
        _compare(
            f"relu({x:g})", _rule(relu(x), f"relu({x:g})", 1), wanted,
            ([max(x, 0.0), x], "the derivative is 1 where a is positive, not a itself",
             "a 为正时导数是 1，不是 a 本身"),
            ([max(x, 0.0), 1.0], "where relu is flat its derivative is 0, and at 0 it counts as 0",
             "relu 平的地方导数是 0，在 0 处也算作 0"),
            ([x, wanted[1]], "the result is never negative", "结果不会是负数"),
        )  # fmt: skip


@exercise(
    "06.2",
    "Is a on the left or on the right? On the right Python asks for a reflected method; a relation it turns "
    "round.",
    "a 在左边还是右边？在右边时 Python 找反射方法；遇到比较则把它反过来。",
)
def _methods(methods: Any) -> None:
    wanted = ["__sub__", "__rsub__", "__rtruediv__", "__gt__"]
    if isinstance(methods, str) or not hasattr(methods, "__len__") or len(methods) != 4:
        raise AnswerError(
            f"the answer should be a list of four names and is {methods!r}.",
            f"答案应是四个名字的列表，却是 {methods!r}。",
        )
    why = {
        "__rlt__": (
            "there is no __rlt__: Python turns the relation round and asks whether a > 2",
            "没有 __rlt__：Python 把关系反过来，问 a 是否大于 2",
        ),
        "__lt__": (
            "that asks whether a < 2; with a on the right the relation is turned round, a > 2",
            "那问的是 a 是否小于 2；a 在右边时关系要反过来，即 a > 2",
        ),
        "__sub__": ("that would be a - 2, and the 2 is on the left", "那是 a - 2，而这里 2 在左边"),
        "__truediv__": ("that would be a / 2, and the 2 is on the left", "那是 a / 2，而这里 2 在左边"),
        "__rdiv__": (
            "the operator / is called truediv, for // is floordiv: __rtruediv__",
            "运算符 / 叫 truediv，因为 // 叫 floordiv：应为 __rtruediv__",
        ),
    }
    for text, got, right in zip(["a - 2", "2 - a", "2 / a", "2 < a"], methods, wanted, strict=True):
        if got != right:
            english, chinese = why.get(got, ("another method is called", "调用的是别的方法"))
            raise AnswerError(
                f"{got!r} is not what {text} calls: {english}.", f"{text} 调用的不是 {got!r}：{chinese}。"
            )


class _Node:
    """A node that compares by its number, as a Value does, and is hashed as an object."""

    def __init__(self, name: str, edges: Sequence[tuple[_Node, float]] = (), grad: float = 0.0) -> None:
        self.name, self.data, self.edges, self.grad = name, 1.0, list(edges), grad

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Node) and self.data == other.data

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return self.name


def _diamond() -> list[_Node]:
    """Return the nodes of b = a * 2, c = b * 3, d = c + b + z, with a leaf z, in a right order."""
    a, z = _Node("a"), _Node("z")
    b = _Node("b", [(a, 2.0)])
    c = _Node("c", [(b, 3.0)])
    e = _Node("e", [(c, 1.0), (b, 1.0)])
    return [a, b, c, e, z, _Node("d", [(e, 1.0), (z, 1.0)])]


@exercise(
    "06.3",
    "while stack: take the last entry off. Marked: it goes on the list. Not marked and not seen: put it back "
    "marked, then its operands.",
    "while stack：取出最后一项。有标记：放进列表。没有标记又没见过：带标记放回，再放它的操作数。",
)
def _order(order: Callable[..., Any]) -> None:
    nodes = _diamond()
    found = list(given(order(nodes[-1])))
    names = " ".join(map(str, found))
    at = {id(node): place for place, node in enumerate(found)}
    if len(at) < len(found):
        raise AnswerError(
            f"a node is there twice, in {names}: what has been seen is not to be put there again.",
            f"{names} 中有节点出现了两次：见过的不要再放。",
        )
    missing = [str(node) for node in nodes if id(node) not in at]
    if missing:
        raise AnswerError(
            f"of the nodes a, b, c, e, z, d there is no {', '.join(missing)} in the list [{names}]: all of "
            "them have the same number, so look for nodes in a set, not with `in` in a list.",
            f"a、b、c、e、z、d 中，列表 [{names}] 里缺少 {'、'.join(missing)}：它们的数都相同，"
            "所以要在集合里查找节点，不要在列表里用 in。",
        )
    for node in found:
        for operand, _ in node.edges:
            if at[id(operand)] > at[id(node)]:
                raise AnswerError(
                    f"in {names} the node {node} comes before its operand {operand}: a node may go on the "
                    "list only when all its operands are on it.",
                    f"在 {names} 中，节点 {node} 排在它的操作数 {operand} 之前："
                    "操作数都进了列表，节点才能进。",
                )
    top = _Node("y")
    for _ in range(10 * sys.getrecursionlimit()):
        top = _Node("y", [(top, 1.0)])
    try:
        order(top)
    except RecursionError:
        raise AnswerError(
            f"a chain of {10 * sys.getrecursionlimit()} nodes raises RecursionError: no function may call "
            "itself here.",
            f"{10 * sys.getrecursionlimit()} 个节点的链引发 RecursionError：这里不能有调用自己的函数。",
        ) from None


@exercise(
    "06.4",
    "Three steps: inner nodes (with edges) to 0; 1 added at the last node; then backwards, "
    "+= local * node.grad.",
    "三步：中间节点（有边的）归零；最后一个节点加 1；然后倒着走，+= local * node.grad。",
)
def _sweep(sweep: Callable[..., Any]) -> None:
    nodes = _diamond()
    if sweep(nodes) is ...:
        raise UnsolvedError
    a = nodes[0]
    for wrong, english, chinese in (
        (0.0, "nothing arrived: the last node begins with 1, and one goes backwards from there",
         "什么也没有传到：最后一个节点从 1 开始，由此往回走"),
        (2.0, "the second arrow took the place of the first: += and not =",
         "第二条边覆盖了第一条：用 +=，不是 ="),
        (6.0, "the second arrow took the place of the first: += and not =",
         "第二条边覆盖了第一条：用 +=，不是 ="),
    ):  # fmt: skip
        if a.grad == wrong:
            raise AnswerError(
                f"for b = a * 2, c = b * 3, d = c + b + z the gradient of a is {wrong:g} and should be 8: "
                f"{english}.",
                f"b = a * 2，c = b * 3，d = c + b + z，a 的梯度得 {wrong:g}，应为 8：{chinese}。",
            )
    if not isfinite(a.grad) or a.grad != 8.0:
        raise AnswerError(
            f"for b = a * 2, c = b * 3, d = c + b + z the gradient of a is {a.grad:g} and should be 8.",
            f"b = a * 2，c = b * 3，d = c + b + z，a 的梯度得 {a.grad:g}，应为 8。",
        )
    sweep(nodes)
    if a.grad == 8.0:
        raise AnswerError(
            "after a second sweep the gradient of the leaf a is 8 again: leaves keep what they have, and it "
            "should be 16; set only nodes with edges to 0.",
            "第二遍之后叶子节点 a 的梯度仍是 8：叶子节点要保留已有的，应为 16；只把有边的节点归零。",
        )
    if a.grad != 16.0:
        raise AnswerError(
            f"after a second sweep the gradient of a is {a.grad:g} and should be 16: what the first one left "
            "in the inner nodes, the last one among them, was passed on again; they begin at 0.",
            f"第二遍之后 a 的梯度得 {a.grad:g}，应为 16：第一遍留在中间节点（包括最后一个）里的又传了一次；"
            "它们要从 0 开始。",
        )
    leaf = _Node("a", grad=5.0)
    sweep([leaf])
    if leaf.grad != 6.0:
        raise AnswerError(
            f"where the result is itself a leaf, with the gradient 5, it is {leaf.grad:g} after the sweep "
            "and should be 6: 1 is added.",
            f"结果本身是叶子节点、已有梯度 5 时，跑完一遍得 {leaf.grad:g}，应为 6：是加 1。",
        )


@exercise(
    "06.5",
    "For an operation: the number first, then a pair (operand, local derivative) for each operand. order and "
    "the sweep are those of 06.3 and 06.4.",
    "写一个运算：先写数，再为每个操作数写一对（操作数，局部导数）。排序和往回走就是 06.3 和 06.4。",
)
def _engine(engine: Any) -> None:
    if not isinstance(engine, type):
        raise AnswerError(
            f"Value should be a class and is a {type(engine).__name__}.",
            f"Value 应是一个类，却是 {type(engine).__name__}。",
        )
    grade(engine)
