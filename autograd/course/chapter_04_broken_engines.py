"""The exercises of notebook 04: broken engines, and topological order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ..engine import Value
from .comparing import compare
from .exercise import AnswerError, close, exercise, given, number


def _inputs(node: Value) -> list[Value]:
    return [operand for operand in node.operands if isinstance(operand, Value)]


def _edges(node: Value) -> Iterator[tuple[Value, float]]:
    for operand, local in zip(node.operands, node.partials, strict=True):
        if isinstance(operand, Value) and local is not None:
            yield operand, local


@exercise(
    "04.1",
    "Add share to node.grad. Then call mended on each operand, with the local derivative times share.",
    "先把 share 加到 node.grad 上，再对每个操作数调用 mended，传给它“局部导数 × share”。",
)
def _mended(mended: Callable[..., object]) -> None:
    a = Value(1.0)
    b = a * 2
    d = b * 3 + b
    answer = mended(d)
    if a.grad == b.grad == d.grad == 0.0:
        given(answer)  # what stands in the notebook returns `...`
    what, its = "for b = 2a, c = 3b, d = c + b, the gradient of a", "对 b = 2a，c = 3b，d = c + b，a 的梯度"
    mistakes = [
        (14.0, "what b had got from c was passed on a second time; pass on share, not node.grad",
         "b 从 c 得到的那一份又传了一遍；该往下传的是 share，不是 node.grad"),
        (6.0, "the second time that b is entered nothing is passed on: no marks are needed here",
         "第二次进入 b 时什么也没有往下传：这里不需要做标记"),
        (0.0, "nothing arrived at a; each call has to add its share to node.grad",
         "什么也没有传到 a；每次调用都要把 share 加到 node.grad 上"),
    ]  # fmt: skip
    if b.grad == 1.0:
        mistakes.append(
            (2.0, "the path that came last overwrote the other: +=", "后来的路径把先前的覆盖了：要用 +=")
        )
    else:
        mistakes.append((2.0, "that is the number of paths: each step multiplies by its local derivative",
                         "那是路径的条数：每一步都要乘以局部导数"))  # fmt: skip
    compare(what, a.grad, 8.0, mistakes, its)
    compare("there, the gradient of d", d.grad, 1.0, (), "此处 d 的梯度")
    compare("there, the gradient of b", b.grad, 4.0, (), "此处 b 的梯度")
    a = Value(1.5)
    mended((a * a) * (a * a) + a)
    compare(
        "for (a·a)·(a·a) + a at 1.5, the gradient of a",
        a.grad,
        14.5,
        (),
        "对 (a·a)·(a·a) + a，在 1.5 处 a 的梯度",
    )


@exercise(
    "04.2",
    "The top makes one call, and below it are two towers of n - 1, each with all of its calls.",
    "塔顶调用一次，它下面是两座 n - 1 层的塔，每座的调用都要算上。",
)
def _number_of_calls(number_of_calls: Callable[[int], float]) -> None:
    mistakes = (
        (4.0, "four floors, but each is called once for each path that leads there",
         "共四层，但每层按到那里的路径数调用"),
        (7.0, "for n = 3 there is one more floor: the leaf is called too",
         "n = 3 时还有一层：叶子节点也要调用"),
        (8.0, "that is the number of paths, the calls of the leaf; the nodes above it are called too",
         "那是路径的条数，即叶子节点的调用；上面的节点也要调用"),
        (16.0, "one too many: 1 + 2 + 4 + 8", "多了一次：1 + 2 + 4 + 8"),
        (6.0, "that is the number of arrows, which the right engine goes along",
         "那是箭头的条数，正确的引擎走的是这些"),
        (14.0, "the call of the top is missing", "漏了塔顶的那次调用"),
    )  # fmt: skip
    for n in (3, 0, 10):
        what = f"number_of_calls({n})"
        compare(what, number(number_of_calls(n), what, what), 2 ** (n + 1) - 1, mistakes if n == 3 else ())


def _nearest(y: Value) -> None:
    y.grad = 1.0
    queue, seen = [y], {y}
    for node in queue:
        for operand, local in _edges(node):
            operand.grad += local * node.grad
            if operand not in seen:
                seen.add(operand)
                queue.append(operand)


def _shared_inside(y: Value) -> bool:
    """Say whether a node that is no leaf is used twice."""
    queue, seen = [y], {y}
    uses: dict[Value, int] = {}
    for node in queue:
        for operand in _inputs(node):
            uses[operand] = uses.get(operand, 0) + 1
            if operand not in seen:
                seen.add(operand)
                queue.append(operand)
    return any(count > 1 and node.op for node, count in uses.items())


@exercise(
    "04.3",
    "Let b, an inner node, be used by the result and by another node that the result uses; b comes first.",
    "让中间节点 b 既被结果直接使用，又被结果所用的另一个节点使用；并且让 b 先轮到。",
)
def _expression(expression: Callable[[Value], Any]) -> None:
    a, again = Value(1.5, label="a"), Value(1.5, label="a")
    y = given(expression(a))
    if not isinstance(y, Value):
        kind = type(y).__name__
        raise AnswerError(
            f"expression(a) should be a Value, computed from a, and is a {kind}.",
            f"expression(a) 应是由 a 算出的 Value，却是 {kind}。",
        )
    _nearest(y)
    given(expression(again)).backward()
    if not close(a.grad, again.grad):
        return
    if _shared_inside(y):
        why = "an inner node is used twice, but had its turn after both of its users, by luck"
        its_why = "虽有中间节点用了两次，但它碰巧排在两个用户之后"
    else:
        why = "no inner node is used twice, so none can be too early"
        its_why = "没有中间节点用了两次，所以谈不上太早"
    raise AnswerError(
        f"nearest gets {a.grad:.6g} for yours at a = 1.5, which is right: {why}.",
        f"对你的表达式，在 a = 1.5 处 nearest 得 {a.grad:.6g}，是对的：{its_why}。",
    )


Graph = dict[str, list[str]]
SHORTCUT: Graph = {"y": ["e", "b"], "e": ["c"], "c": ["b"], "b": ["a"]}
TWO: Graph = {"y": ["p", "q"], "p": ["a"], "q": ["b"]}
ORDERS: tuple[tuple[str, Graph, bool, str, str], ...] = (
    ("yecba", SHORTCUT, True, "each node comes after all of its users", "每个节点都在用到它的节点之后"),
    ("abcey", SHORTCUT, False, "a reverse sweep begins at the result", "反向传播从结果开始"),
    ("yebca", SHORTCUT, False, "b has its turn before c, which uses it", "b 在用到它的 c 之前就轮到了"),
    ("ybeca", SHORTCUT, False, "b has its turn before c, which uses it, though they are no neighbours",
     "b 在用到它的 c 之前就轮到了，虽然两者并不相邻"),
    ("ypqab", TWO, True, "neighbours in the order need not be joined by an arrow",
     "顺序中相邻的节点之间不一定有箭头"),
    ("yqbpa", TWO, True, "b may have its turn before p, which does not use it",
     "b 可以在 p 之前轮到，p 并没有用到它"),
    ("yaqpb", TWO, False, "a has its turn before p, which uses it", "a 在用到它的 p 之前就轮到了"),
)  # fmt: skip


@exercise(
    "04.4",
    "Write down the place of each node in the order. Then look at every arrow, not only at neighbours.",
    "先记下每个节点在顺序中的位置，再检查图中的每一条箭头，而不是相邻的节点。",
)
def _in_order(in_order: Callable[..., bool]) -> None:
    for names, graph, wanted, english, chinese in ORDERS:
        what = f"in_order({list(names)}, {graph})"
        answer = given(in_order(list(names), {result: list(graph[result]) for result in graph}))
        if answer not in (True, False):
            raise AnswerError(
                f"{what} should be True or False and is {answer!r}.",
                f"{what} 应为 True 或 False，却是 {answer!r}。",
            )
        if bool(answer) != wanted:
            raise AnswerError(
                f"{what} is {answer} and should be {wanted}: {english}.",
                f"{what} 得 {answer}，应为 {wanted}：{chinese}。",
            )


def _labelled(**nodes: Value) -> Value:
    for name, node in nodes.items():
        node.label = name
    return nodes["y"]


def _graphs() -> Iterator[Value]:
    a = Value(1.0, label="a")
    b = a * 2
    c = b * 3
    yield _labelled(y=b + c, c=c, b=b)
    yield _labelled(y=c + b, c=c, b=b)
    b, d = a * 3, a * 1  # d has the number of a
    c = b * d
    yield _labelled(y=(c * d) * b, b=b, c=c, d=d)
    x = y = Value(1.0, label="x")
    for _ in range(100_000):
        y = y + 1
    yield _labelled(y=y, x=x)


def _name(node: Any) -> str:
    return getattr(node, "label", "") or "an inner node"


def _check_order(found: list[Any], y: Value) -> None:
    """Raise an AnswerError where the nodes are not each once, each after its users, or some are missing."""
    shown = ", ".join(map(_name, found[:6]))
    if len(set(found)) < len(found):
        raise AnswerError(f"A node comes twice: {shown}.", f"有节点出现了两次：{shown}。")
    place = {node: i for i, node in enumerate(found)}
    queue, seen = [y], {y}
    for node in queue:
        for operand in _inputs(node):
            if operand not in seen:
                seen.add(operand)
                queue.append(operand)
    missing = [node for node in queue if node not in place]
    if missing:
        raise AnswerError(
            f"{_name(missing[0])} is missing from {shown}. (A list's `in` compares the numbers of Values, "
            "and two nodes may have the same; ask a set or a dict.)",
            f"{shown} 中缺少 {_name(missing[0])}。（列表的 in 比较的是 Value 的数值，而两个节点的数值"
            "可以相等；请用 set 或 dict。）",
        )
    if (
        len(found) > 1
        and found[-1] is y
        and all(place[x] < place[node] for node in queue for x in _inputs(node))
    ):
        raise AnswerError(
            f"{shown}: that is each node after its operands; turn it round, the result first.",
            f"{shown}：这是每个节点在操作数之后；要反过来，结果在前。",
        )
    for node in queue:
        for operand in _inputs(node):
            if place[operand] < place[node]:
                raise AnswerError(
                    f"{shown}: {_name(operand)} has its turn before {_name(node)}, which uses it.",
                    f"{shown}：{_name(operand)} 在用到它的 {_name(node)} 之前就轮到了。",
                )


@exercise(
    "04.5",
    "First count, for each node, the arrows that come back to it. Then start with y, and put a node into "
    "the list when the last of its arrows has come.",
    "先走一遍，数出回到每个节点的箭头数。然后从 y 开始，最后一条箭头到来时才把节点放进列表。",
)
def _order(order: Callable[[Value], Any]) -> None:
    for y in _graphs():
        try:
            found = given(order(y))
        except RecursionError:
            raise AnswerError(
                "A chain of 100000 nodes is too deep for a recursion; keep the nodes that wait in a list.",
                "十万个节点的链对递归来说太深了；把等待的节点放在一个列表里。",
            ) from None
        if not isinstance(found, (list, tuple)):
            kind = type(found).__name__
            raise AnswerError(
                f"order(y) should be a list and is a {kind}.", f"order(y) 应是一个列表，却是 {kind}。"
            )
        if any(not isinstance(node, Value) for node in found):
            raise AnswerError(
                "order(y) should hold Values only; a constant is no node.",
                "order(y) 中只应有 Value；常数不是节点。",
            )
        _check_order(list(found), y)
