"""The exercises of notebook 03: the chain rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import cos, exp, sin, tanh
from typing import Any

from ..engine import Value
from .comparing import Known, compare
from .exercise import AnswerError, close, exercise, given, number

Graph = list[tuple[str, list[str]]]


@exercise(
    "03.1",
    "Start with slope = 1. For each link, multiply by its derivative at the number that comes in; only then "
    "compute the number that goes on.",
    "从 slope = 1 开始。对每一环，先乘以它在输入处的导数，然后才计算传给下一环的数。",
)
def _chain_slope(chain_slope: Callable[..., float]) -> None:
    links = [(lambda x: x**2 + 1, lambda x: 2 * x), (lambda u: u**3, lambda u: 3 * u**2)]
    what = "chain_slope([(x² + 1, 2x), (u³, 3u²)], 1.0)"
    got = number(chain_slope(list(links), 1.0), what, what)
    mistakes: Sequence[Known] = (
        (6.0, "every derivative was taken at x = 1, but the second function gets u = 2",
         "每个导数都取在 x = 1 处，但第二个函数得到的是 u = 2"),
        (768.0, "each derivative was taken at what its function returns, not at what it gets",
         "每个导数都取在函数的输出处，应取在它的输入处"),
        (14.0, "rates along a chain are multiplied, not added", "沿着链，比率应相乘，不应相加"),
        (8.0, "that is the value of the chain and not its derivative", "那是整条链的值，不是导数"),
        (12.0, "that is the derivative of the last link alone", "那只是最后一环的导数"),
    )  # fmt: skip
    compare(what, got, 24.0, mistakes)
    links = [(sin, cos), (exp, exp), (lambda x: 3 * x, lambda x: 3.0)]
    what = "chain_slope([(sin, cos), (exp, exp), (3x, 3)], 0.5)"
    got = number(chain_slope(list(links), 0.5), what, what)
    wanted = 3 * exp(sin(0.5)) * cos(0.5)
    compare(what, got, wanted, [(exp(sin(0.5)) * cos(0.5), "the third link is missing", "缺少第三环")])


@exercise(
    "03.2",
    "Two arrows lead back to b. With u = a·b and v = u + c, L is v·b; find the gradients of v and u first.",
    "有两条箭头回到 b。记 u = a·b，v = u + c，则 L 是 v·b；先求 v 和 u 的梯度。",
)
def _by_hand(gradient_a: float, gradient_b: float, gradient_c: float) -> None:
    got = [
        number(x, f"gradient_{name}", f"gradient_{name}")
        for x, name in zip((gradient_a, gradient_b, gradient_c), "abc", strict=True)
    ]
    mistakes: Sequence[Known] = (
        (3.0, "that is the local derivative b; times the gradient of a·b, which is 3 as well",
         "那只是局部导数 b；还要乘以 a·b 的梯度，它也是 3"),
        (2.0, "a product gives each factor the other one: b, not a",
         "乘法给每个因数的是另一个因数：是 b，不是 a"),
        (6.0, "a product gives each factor the other one: b, not a",
         "乘法给每个因数的是另一个因数：是 b，不是 a"),
    )  # fmt: skip
    compare("gradient_a", got[0], 9.0, mistakes)
    mistakes = (
        (5.0, "that is the product from the last multiplication; the one through a·b is missing",
         "那是最后一次乘法传回的乘积；还缺经过 a·b 的那一个"),
        (6.0, "that is the product through a·b; the one from the last multiplication is missing",
         "那是经过 a·b 传回的乘积；还缺最后一次乘法的那一个"),
        (7.0, "5 + 2: the local derivative a of a·b is to be multiplied by the gradient of a·b",
         "5 + 2：a·b 的局部导数 a 还要乘以 a·b 的梯度"),
        (30.0, "5 and 6 come by different arrows, so they are added", "5 和 6 来自不同的箭头，应相加"),
        (12.0, "5 and 6, not 6 and 6: what the last product gives to b is the other factor, 5",
         "应是 5 和 6，不是 6 和 6：最后的乘法给 b 的是另一个因数 5"),
    )  # fmt: skip
    compare("gradient_b", got[1], 11.0, mistakes)
    mistakes = ((1.0, "1 is the local derivative; times the gradient of a·b + c, which is b = 3",
                 "1 是局部导数；还要乘以 a·b + c 的梯度，即 b = 3"),)  # fmt: skip
    compare("gradient_c", got[2], 3.0, mistakes)


@exercise(
    "03.3",
    "Keep a number for each node, 1 for the end. For each arrow, from the end to the beginning, add the "
    "number of the result to that of the operand.",
    "给每个节点记一个数，末尾为 1。从末尾到开头，对每条箭头，把结果的数加到操作数的数上。",
)
def _count_paths(count_paths: Callable[..., float]) -> None:
    graph: Graph = [("c", ["s", "b"]), ("s", ["b", "b"]), ("b", ["a"])]
    what = 'count_paths(graph, "a", "c")'
    got = number(count_paths(list(graph), "a", "c"), what, what)
    mistakes: Sequence[Known] = (
        (1.0, "what comes to b by other arrows was overwritten: add it up",
         "其他箭头传到 b 的数被覆盖了：应当累加"),
        (2.0, "b·b leads to b twice, by two arrows, and that makes two paths",
         "b·b 有两条箭头通向 b，算两条路径"),
        (5.0, "that is the number of arrows", "那是箭头的条数"),
        (0.0, "a path from the end to itself is one: start with 1 there",
         "末尾到自身算一条路径：那里应从 1 开始"),
    )  # fmt: skip
    compare(what, got, 3.0, mistakes)
    what = 'count_paths(graph, "b", "s")'
    got = number(count_paths(list(graph), "b", "s"), what, what)
    mistakes = ((3.0, "that is the number from b to c; the end is s", "那是从 b 到 c 的条数；终点是 s"),)
    compare(what, got, 2.0, mistakes)
    tower: Graph = [(f"y{n}", [f"y{n - 1}"] * 2) for n in range(12, 0, -1)]
    what = "for y ← y + y, 12 times, the number of paths"
    got = number(count_paths(tower, "y0", "y12"), what, what)
    mistakes = ((24.0, "that is the number of arrows", "那是箭头的条数"),)
    compare(what, got, 4096.0, mistakes, "把 y ← y + y 做 12 次，路径数")
    what = 'count_paths(graph, "c", "a")'
    got = number(count_paths(list(graph), "c", "a"), what, what)
    compare(what, got, 0.0, [(3.0, "arrows go one way, from a to c", "箭头只朝一个方向，从 a 到 c")])


@exercise(
    "03.4",
    "With e = exp(-z) the derivative is e / (1 + e)². One factor 1 / (1 + e) of it is a; what is the rest?",
    "记 e = exp(-z)，导数是 e / (1 + e)²。其中一个因数 1 / (1 + e) 就是 a，剩下的是什么？",
)
def _slope(slope: Callable[[float], float]) -> None:
    a = 0.8
    sigmoid = 1 / (1 + exp(-a))
    mistakes: Sequence[Known] = (
        (1 - a**2, "that is the rule of tanh", "那是 tanh 的规则"),
        (sigmoid * (1 - sigmoid), "a is the output already; do not take the sigmoid of it",
         "a 已经是输出，不要再取一次 sigmoid"),
        (1 - a, "that is e / (1 + e); one factor 1 / (1 + e) is missing",
         "那是 e / (1 + e)；还缺一个因数 1 / (1 + e)"),
        (-a * (1 - a), "the sign is wrong: -1 / (1 + e)² is multiplied by -e, and the sigmoid rises",
         "符号错了：-1 / (1 + e)² 还要乘以 -e，而 sigmoid 是上升的"),
        (exp(-a) / (1 + exp(-a)) ** 2, "a was put in the place of z", "把 a 当成 z 代入了"),
        (a**2, "that is 1 / (1 + e)²; the inner derivative is missing", "那是 1 / (1 + e)²；还缺内层的导数"),
    )  # fmt: skip
    compare("slope(0.8)", number(slope(a), "slope(0.8)", "slope(0.8)"), a * (1 - a), mistakes)
    compare("slope(0.5)", number(slope(0.5), "slope(0.5)", "slope(0.5)"), 0.25, [])


def _of_backward(w: Sequence[float], x: Sequence[float], b: float, t: float) -> list[float]:
    weights, bias = [Value(number) for number in w], Value(b)
    z = bias
    for weight, entry in zip(weights, x, strict=True):
        z = z + weight * entry
    ((z.tanh() - t) ** 2).backward()
    return [leaf.grad for leaf in (*weights, bias)]


@exercise(
    "03.5",
    "Forward: z, then a = tanh z. Back: 2(a - t) for a, times 1 - a² for z; that times x for each weight.",
    "前向：z，再 a = tanh z。反向：a 的是 2(a - t)，乘以 1 - a² 是 z 的，再乘以各个 x 是权重的。",
)
def _neuron_gradients(neuron_gradients: Callable[..., Any]) -> None:
    w, x, b, t = [-0.5, 1.5], [2.0, -1.0], 2.0, 1.0
    what = "neuron_gradients([-0.5, 1.5], [2, -1], 2, 1)"
    answer = given(neuron_gradients(list(w), list(x), b, t))
    if not hasattr(answer, "__len__") or len(answer) != 3:
        shown = f"{answer!r}" if hasattr(answer, "__len__") else type(answer).__name__
        raise AnswerError(
            f"{what} should be a list of 3, two weights and the bias, and is {shown}.",
            f"{what} 应是 3 个数的列表，即两个权重和偏置的梯度，却是 {shown}。",
        )
    got = [number(entry, f"entry {i}", f"第 {i} 项") for i, entry in enumerate(answer)]
    wanted = _of_backward(w, x, b, t)
    z = b + sum(one * other for one, other in zip(w, x, strict=True))
    a, of_z = tanh(z), wanted[-1]
    shown = "[" + ", ".join(f"{entry:.4g}" for entry in got) + "]"
    for wrong, english, chinese in (
        ([entry / (1 - a**2) for entry in wanted], "the derivative of tanh, 1 - a², is missing",
         "缺少 tanh 的导数 1 - a²"),
        ([entry / (1 - a**2) * (1 - z**2) for entry in wanted], "1 - a² has a = tanh z in it, not z",
         "1 - a² 中的 a 是 tanh z，不是 z"),
        ([entry / 2 for entry in wanted], "the derivative of the square is 2(a - t): a factor 2 is missing",
         "平方的导数是 2(a - t)：少了因数 2"),
        ([-entry for entry in wanted], "all signs are the other way round: a - t, not t - a",
         "符号全都反了：是 a - t，不是 t - a"),
        ([one * of_z for one in w] + [of_z], "a product gives each factor the other: a weight gets its input",
         "乘法给每个因数的是另一个因数：权重得到的是输入"),
        ([of_z, of_z, of_z], "that is the gradient of z; a weight's is that times its input",
         "那是 z 的梯度；权重的梯度还要乘以对应的输入"),
        ([*wanted[:2], b * of_z], "b is added, so its local derivative is 1", "b 是加上去的，局部导数为 1"),
    ):  # fmt: skip
        if all(close(one, other) for one, other in zip(got, wrong, strict=True)):
            raise AnswerError(f"{what} is {shown}: {english}.", f"{what} 得 {shown}：{chinese}。")
    for arguments in ((w, x, b, t), ([0.3, -0.2, 0.7], [1.0, 2.0, -1.5], 0.1, -0.5)):
        got, wanted = list(neuron_gradients(*arguments)), _of_backward(*arguments)
        shown, right = (f"[{', '.join(f'{y:.4g}' for y in ys)}]" for ys in (got, wanted))
        if len(got) != len(wanted) or not all(map(close, got, wanted)):
            raise AnswerError(
                f"neuron_gradients{arguments} is {shown}; backward() says {right}.",
                f"neuron_gradients{arguments} 得 {shown}；backward() 得 {right}。",
            )
