"""The grading of an engine that a student wrote: its numbers and gradients beside those of the library.

What is asked grows from one operation to shared nodes, second calls and deep graphs, so that the first thing
that is wrong is the one to mend.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from ..engine import Value
from .exercise import AnswerError, UnsolvedError, close


class Rule(NamedTuple):
    """An operation: how it is written, itself, its derivatives as in a textbook, and where to try it."""

    text: str
    apply: Callable[..., Any]
    slopes: tuple[str, ...]
    points: tuple[tuple[float, ...], ...]
    method: str


TWO = ((3.0, 2.0), (-1.5, 0.5))
ONE = ((0.8,), (-1.5,))

RULES = [
    Rule("a + b", lambda a, b: a + b, ("1", "1"), TWO, "__add__"),
    Rule("a * b", lambda a, b: a * b, ("b", "a"), TWO, "__mul__"),
    Rule("-a", lambda a: -a, ("-1",), ONE, "__neg__"),
    Rule("a - b", lambda a, b: a - b, ("1", "-1"), TWO, "__sub__"),
    Rule("a / b", lambda a, b: a / b, ("1/b", "-a/b**2"), TWO, "__truediv__"),
    Rule("a ** 3", lambda a: a**3, ("3 * a**2",), (*ONE, (0.0,)), "__pow__"),
    Rule("a ** -1.5", lambda a: a**-1.5, ("-1.5 * a**-2.5",), ((0.8,), (2.0,)), "__pow__"),
    Rule("a.tanh()", lambda a: a.tanh(), ("1 - tanh(a)**2",), ONE, "tanh"),
    Rule("a.exp()", lambda a: a.exp(), ("exp(a)",), ONE, "exp"),
    Rule("a.relu()", lambda a: a.relu(), ("1 where a > 0, else 0",), (*ONE, (0.0,)), "relu"),
    Rule("a + 2", lambda a: a + 2, ("1",), ONE, "__add__"),
    Rule("2 + a", lambda a: 2 + a, ("1",), ONE, "__radd__"),
    Rule("a - 2", lambda a: a - 2, ("1",), ONE, "__sub__"),
    Rule("2 - a", lambda a: 2 - a, ("-1",), ONE, "__rsub__"),
    Rule("a * 2", lambda a: a * 2, ("2",), ONE, "__mul__"),
    Rule("2 * a", lambda a: 2 * a, ("2",), ONE, "__rmul__"),
    Rule("a / 2", lambda a: a / 2, ("1/2",), ONE, "__truediv__"),
    Rule("2 / a", lambda a: 2 / a, ("-2/a**2",), ONE, "__rtruediv__"),
]
RELATIONS: list[tuple[str, Callable[..., Any], bool]] = [
    ("a < 2.5", lambda a, b: a < 2.5, False),
    ("2.5 < a", lambda a, b: 2.5 < a, True),  # noqa: SIM300
    ("a > b", lambda a, b: a > b, True),
    ("a <= 3.0", lambda a, b: a <= 3.0, True),
    ("a >= b", lambda a, b: a >= b, True),
    ("a == 3.0", lambda a, b: a == 3.0, True),
    ("3.0 == a", lambda a, b: 3.0 == a, True),  # noqa: SIM300
    ("a != b", lambda a, b: a != b, True),
]


def grade(engine: Any) -> None:
    """Raise what is wrong with an engine, the simplest thing first.

    Args:
        engine: a class like Value: `engine(3.0)` has `data` and `grad`, operators, `tanh`, `exp`, `relu`,
            `backward` and `zero_grad`.

    Raises:
        UnsolvedError: what was to be written is still open everywhere.
        AnswerError: something of it gives another number than the library.
    """
    _tell_of_open_parts(engine)
    _grade_comparisons(engine)
    a, b = engine(3.0), engine(2.0)
    (a + b).backward()
    if (a.grad, b.grad) != (1.0, 1.0):
        raise AnswerError(
            f"after (a + b).backward() the gradients of a and b are {a.grad} and {b.grad} and should be "
            "1 and 1: the sweep starts with 1 at the result, and passes grad times the local derivative on.",
            f"(a + b).backward() 之后 a 和 b 的梯度是 {a.grad} 和 {b.grad}，应为 1 和 1："
            "从结果处的 1 出发，把 grad 乘以局部导数往下传。",
        )
    for rule in RULES:
        for point in rule.points:
            _grade_rule(engine, rule, point)
    _grade_graphs(engine)
    for number in range(30):
        _grade_program(engine, number)


def _tell_of_open_parts(engine: Any) -> None:
    """Tell of methods that still return `...`, and of a `__hash__` that is `...`."""
    calls = [(rule.method, rule.apply, rule.points[0]) for rule in RULES]
    calls += [(name, lambda a, name=name: getattr(a, name)(), (1.0,)) for name in ("order", "backward")]
    open_ = ["__hash__"] if engine.__hash__ is ... else []
    for name, call, point in calls:
        with suppress(Exception):  # of which will be told when it is graded
            out = call(*(engine(x) for x in point))
            if name not in open_ and (out is ... or (out is None and name != "backward")):
                open_.append(name)
    if len(open_) >= 8:
        raise UnsolvedError
    if open_:
        names = ", ".join(open_)
        raise AnswerError(f"still open: {names}.", f"还没有写完：{names}。")


def _grade_rule(engine: Any, rule: Rule, point: tuple[float, ...]) -> None:
    where = " and ".join(f"{name} = {x:g}" for name, x in zip("ab", point, strict=False))
    place = where.replace(" and ", "、")
    theirs, ours = [engine(x) for x in point], [Value(x) for x in point]
    try:
        out = rule.apply(*theirs)
    except TypeError as error:
        raise AnswerError(
            f"{rule.text} raises a TypeError ({error}): is {rule.method} there, and does it take plain "
            "numbers beside Values?",
            f"{rule.text} 引发 TypeError（{error}）：写了 {rule.method} 吗？它接受普通的数吗？",
        ) from error
    wanted = rule.apply(*ours)
    got = getattr(out, "data", out)
    if not isinstance(out, engine) or not isinstance(got, (int, float)):
        raise AnswerError(
            f"{rule.text} is {out!r}, no Value: {rule.method} should return a new one.",
            f"{rule.text} 得 {out!r}，不是 Value：{rule.method} 应返回一个新的 Value。",
        )
    if not close(got, wanted.data):
        raise AnswerError(
            f"your {rule.text} gives {got:.6g} at {where} and should give {wanted.data:.6g}.",
            f"你的 {rule.text} 在 {place} 处得 {got:.6g}，应为 {wanted.data:.6g}。",
        )
    out.backward()
    wanted.backward()
    for name, slope, one, other in zip("ab", rule.slopes, theirs, ours, strict=False):
        if not close(one.grad, other.grad):
            raise AnswerError(
                f"your {rule.text} gives {got:.6g} at {where}, which is right, but its derivative by {name} "
                f"is {one.grad:.6g} there; it should be {slope}, which is {other.grad:.6g}.",
                f"你的 {rule.text} 在 {place} 处得 {got:.6g}，正确；但它对 {name} 的导数在那里得 "
                f"{one.grad:.6g}，应为 {slope}，即 {other.grad:.6g}。",
            )


def _grade_comparisons(engine: Any) -> None:
    a, b = engine(3.0), engine(2.0)
    for text, relation, wanted in RELATIONS:
        got = relation(a, b)
        if got is not wanted:
            raise AnswerError(
                f"with a = 3 and b = 2, {text} is {got} and should be {wanted}: compare the numbers.",
                f"a = 3、b = 2 时，{text} 得 {got}，应为 {wanted}：要比较的是数。",
            )
    try:
        same = hash(a) == hash(engine(3.0))
    except TypeError:
        raise AnswerError(
            "a Value cannot be put into a set: a class that defines __eq__ loses its __hash__, unless you "
            "give it one.",
            "Value 不能放进集合：定义了 __eq__ 的类会失去 __hash__，除非自己给它一个。",
        ) from None
    if same:
        raise AnswerError(
            "two Values with the same number have the same hash and are equal, so a set takes them for one, "
            "and one of them gets no gradient: the hash must be that of the object.",
            "两个数相同的 Value 哈希也相同，又彼此相等，集合就把它们当成一个，其中一个得不到梯度："
            "哈希应取对象自身的。",
        )


class Expected(NamedTuple):
    """A gradient of a small graph, what it should be, and what it is the gradient of, in two languages."""

    got: float
    wanted: float
    english: str
    chinese: str


def _grade_graphs(engine: Any) -> None:
    for graph in (_added_up, _in_order, _kept_apart, _twice, _deep, _zeroed):
        for x in graph(engine):
            if x.got != x.wanted:
                raise AnswerError(
                    f"{x.english}: it is {x.got:g} and should be {x.wanted:g}.",
                    f"{x.chinese}：得 {x.got:g}，应为 {x.wanted:g}。",
                )


def _added_up(engine: Any) -> Iterator[Expected]:
    a = engine(3.0)
    (a + a).backward()
    english = "a + a uses a twice, and its gradient is a sum (+=, not =)"
    chinese = "a + a 用了两次 a，梯度要累加（用 +=，不是 =）"
    yield Expected(a.grad, 2.0, english, chinese)
    (a * a).backward()
    english = "the leaf a had the gradient 2 of a + a; after (a * a).backward() 6 is added to it"
    chinese = "叶子节点 a 已有 a + a 的梯度 2；(a * a).backward() 应再加上 6"
    yield Expected(a.grad, 8.0, english, chinese)


def _in_order(engine: Any) -> Iterator[Expected]:
    for text in ("c + b", "b + c"):
        a = engine(1.0)
        b = a * 2
        c = b * 3
        d = c + b if text == "c + b" else b + c
        d.backward()
        english = (
            f"the gradient of a in b = a * 2, c = b * 3, d = {text}: b must pass its own on once, after all "
            "of its users"
        )
        chinese = (
            f"b = a * 2，c = b * 3，d = {text}，看 a 的梯度：b 要等所有用到它的节点都算完再往下传，只传一次"
        )
        yield Expected(a.grad, 8.0, english, chinese)


def _kept_apart(engine: Any) -> Iterator[Expected]:
    a, b = engine(3.0), engine(3.0)
    (a * 2 + b * 5).backward()
    for name, leaf, wanted in (("a", a, 2.0), ("b", b, 5.0)):
        english = f"two leaves with the same number are two nodes; the gradient of {name} in a * 2 + b * 5"
        chinese = f"两个叶子节点的数相同，但仍是两个节点；a * 2 + b * 5 中 {name} 的梯度"
        yield Expected(leaf.grad, wanted, english, chinese)


def _twice(engine: Any) -> Iterator[Expected]:
    a = engine(2.0)
    b = a * a
    c = b * 5
    c.backward()
    c.backward()
    english = (
        "the gradient of a after two calls of backward() on (a * a) * 5, at a = 2: what leaves have is added "
        "to, 20 + 20, but inner nodes must begin at 0 in each call"
    )
    chinese = (
        "对 (a * a) * 5（a = 2）调用两次 backward() 之后 a 的梯度：叶子节点累加，20 + 20，"
        "但中间节点每次都要从 0 开始"
    )
    yield Expected(a.grad, 40.0, english, chinese)


def _deep(engine: Any) -> Iterator[Expected]:
    a = y = engine(1.0)
    for _ in range(10_000):
        y = y + a
    try:
        y.backward()
    except RecursionError:
        raise AnswerError(
            "a chain of 10,000 additions raises RecursionError: Python calls about a thousand functions "
            "inside one another; keep a list of what is still to do instead.",
            "一万次加法连成的链引发 RecursionError：Python 的函数大约只能嵌套一千层；"
            "改用一个列表记下还要做的事。",
        ) from None
    english, chinese = (
        "the gradient of a in a + a + ..., 10,000 additions",
        "一万次加法 a + a + … 中 a 的梯度",
    )
    yield Expected(a.grad, 10_001.0, english, chinese)


def _zeroed(engine: Any) -> Iterator[Expected]:
    a = engine(2.0)
    b = a * 3
    b.backward()
    b.zero_grad()
    english = "the gradient of a after b = a * 3, b.backward(), b.zero_grad()"
    chinese = "b = a * 3，b.backward()，b.zero_grad() 之后 a 的梯度"
    yield Expected(a.grad, 0.0, english, chinese)


STEPS: list[tuple[str, Callable[[Any, Any], Any]]] = [
    ("{x} + {y}", lambda x, y: x + y),
    ("{x} - {y}", lambda x, y: x - y),
    ("{x} * {y}", lambda x, y: x * y),
    ("{x} / ({y} * {y} + 1)", lambda x, y: x / (y * y + 1)),
    ("{x}.tanh()", lambda x, y: x.tanh()),
    ("{x}.tanh().exp()", lambda x, y: x.tanh().exp()),
    ("{x}.relu()", lambda x, y: x.relu()),
    ("{x}.tanh() ** 3", lambda x, y: x.tanh() ** 3),
    ("2 - {x}", lambda x, y: 2 - x),
    ("0.5 * {x}", lambda x, y: 0.5 * x),
    ("1 / ({x} * {x} + 2)", lambda x, y: 1 / (x * x + 2)),
]


def _program(engine: Any, number: int) -> tuple[list[Any], Any, list[str]]:
    """Return the inputs, the result and the lines of a random program, the same for every engine."""
    rng = random.Random(number)
    inputs = [engine(round(rng.uniform(-2.0, 2.0), 2)) for _ in range(3)]
    values, names = list(inputs), ["a", "b", "c"]
    lines = [f"{name} = {x.data:g}" for name, x in zip(names, inputs, strict=True)]
    for n in range(8):
        text, step = rng.choice(STEPS)
        i, j = rng.randrange(len(values)), rng.randrange(len(values))
        lines.append(f"v{n} = {text.format(x=names[i], y=names[j])}")
        values.append(step(values[i], values[j]))
        names.append(f"v{n}")
    lines.append("v7 + v6 + v5")
    return inputs, values[-1] + values[-2] + values[-3], lines


def _grade_program(engine: Any, number: int) -> None:
    theirs, out, lines = _program(engine, number)
    ours, wanted, _ = _program(Value, number)
    out.backward()
    wanted.backward()
    text = "; ".join(lines)
    pairs = [("its number", "结果", out.data, wanted.data)]
    for name, one, other in zip("abc", theirs, ours, strict=True):
        pairs.append((f"the gradient of {name}", f"{name} 的梯度", one.grad, other.grad))
    for english, chinese, got, right in pairs:
        if not close(got, right):
            raise AnswerError(
                f"random expression {number + 1} of 30: {english} is {got:.6g} and should be {right:.6g}, "
                f"in: {text}.",
                f"第 {number + 1} 个随机表达式（共 30 个）：{chinese}得 {got:.6g}，应为 {right:.6g}，"
                f"表达式为 {text}。",
            )
