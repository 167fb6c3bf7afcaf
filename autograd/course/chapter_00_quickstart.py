"""The exercises of notebook 00: quickstart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..engine import Value
from ..optim import SGD
from .exercise import AnswerError, UnsolvedError, close, exercise, given, number

CALLS = ("zero_grad", "backward", "step")


@exercise(
    "00.1",
    "y grows by a quarter, and f changes by df/dy times that.",
    "y 增大了 0.25，f 的变化是 df/dy 乘以它。",
)
def _new_f(answer: Any) -> None:
    got = number(answer, "new_f", "new_f")
    for wrong, english, chinese in (
        (-11.0, "f would rise; but the gradient of y is -4, so f falls where y grows",
         "这样 f 增大了；但 y 的梯度是 -4，y 增大时 f 减小"),
        (-1.0, "that is only the change; f was -12 before it", "这只是变化量；变化之前 f 是 -12"),
        (1.0, "that is only the change, with the wrong sign; f was -12, and the gradient of y is -4",
         "这只是变化量，符号也反了；f 原来是 -12，y 的梯度是 -4"),
        (-16.0, "that is for y + 1, but y grows by 0.25 only", "这是 y 增大 1 的结果，而 y 只增大了 0.25"),
        (-11.75, "you added the change of y; f changes four times as much, and the other way",
         "你加上的是 y 的变化量；f 的变化是它的四倍，而且方向相反"),
    ):  # fmt: skip
        if close(got, wrong):
            raise AnswerError(f"new_f is {got:g}: {english}.", f"new_f 得 {got:g}：{chinese}。")
    if not close(got, -13.0):
        raise AnswerError(f"new_f is {got:g}, which is not it.", f"new_f 得 {got:g}，不对。")


def _neuron(numbers: Sequence[float]) -> tuple[list[Value], Value]:
    """Return the leaves x1, x2, w1, w2, b of the neuron of the notebook, and its output."""
    x1, x2, w1, w2, b = leaves = [Value(x) for x in numbers]
    return leaves, (x1 * w1 + x2 * w2 + b).tanh()


@exercise(
    "00.2",
    "A number should grow where its gradient is positive, and fall where it is negative.",
    "梯度为正的数应当增大，为负的应当减小。",
)
def _uphill(uphill: Callable[..., Any]) -> None:
    start = [2.0, -1.0, 0.5, 1.5, 0.2]
    leaves, out = _neuron(start)
    out.backward()
    answer = given(uphill(leaves))
    if not isinstance(answer, (list, tuple)) or len(answer) != len(start):
        raise AnswerError(
            f"uphill(leaves) should be a list of 5 numbers and is {answer!r:.60}.",
            f"uphill(leaves) 应是 5 个数的列表，却是 {answer!r:.60}。",
        )
    moved = [number(x, f"uphill(leaves)[{i}]", f"uphill(leaves)[{i}]") for i, x in enumerate(answer)]
    after = _neuron(moved)[1].data
    story = (f"the output goes from {out.data:.4f} to {after:.4f}", f"输出从 {out.data:.4f} 变到 {after:.4f}")

    def is_all(rule: Callable[[Value], float]) -> bool:
        return all(close(x, rule(leaf)) for x, leaf in zip(moved, leaves, strict=True))

    if is_all(lambda leaf: leaf.data + 0.1 * leaf.grad):
        return
    for rule, english, chinese in (
        (lambda leaf: leaf.data - 0.1 * leaf.grad, "downhill: minus is for a loss, which should fall",
         "这是往下走：减号用于损失，损失才要变小"),
        (lambda leaf: leaf.data + 0.1, "all numbers grow by 0.1, whatever their gradients say",
         "所有的数都增大 0.1，没有用到梯度"),
        (lambda leaf: leaf.data + leaf.grad, "the whole gradient, not 0.1 times it",
         "移动了整个梯度，而不是它的 0.1 倍"),
        (lambda leaf: 0.1 * leaf.grad, "these are only the moves; add them to the numbers",
         "这只是移动的量，要加到原来的数上"),
    ):  # fmt: skip
        if is_all(rule):
            raise AnswerError(f"{story[0]}: {english}.", f"{story[1]}：{chinese}。")
    raise AnswerError(
        f"{story[0]}; 0.1 times the gradient of x1 is {0.1 * leaves[0].grad:.4f}, so x1 should become "
        f"{2 + 0.1 * leaves[0].grad:.4f}, and you have {moved[0]:.4f}.",
        f"{story[1]}；x1 的梯度的 0.1 倍是 {0.1 * leaves[0].grad:.4f}，x1 应变为 "
        f"{2 + 0.1 * leaves[0].grad:.4f}，你得到的是 {moved[0]:.4f}。",
    )


def _learnt(order: Sequence[str]) -> float:
    """Return where w is after two rounds of three calls; it starts at 0 and should come to 1."""
    w = Value(0.0)
    optimizer = SGD([w], lr=0.25)
    for _ in range(2):
        loss = (w - 1) ** 2
        calls = {"zero_grad": optimizer.zero_grad, "backward": loss.backward, "step": optimizer.step}
        for name in order:
            calls[name]()
    return w.data


@exercise(
    "00.3",
    "A step uses the gradients that backward made; zero_grad throws them away.",
    "step 用的是 backward 算出的梯度；zero_grad 会把梯度清掉。",
)
def _order(order: Any) -> None:
    names: list[Any] = list(order) if isinstance(order, (list, tuple)) else [order]
    if ... in names:
        raise UnsolvedError
    if sorted(map(str, names)) != sorted(CALLS):
        raise AnswerError(
            f"order should have each of {', '.join(CALLS)} once and is {order!r:.80}.",
            f"order 应当把 {', '.join(CALLS)} 各列一次，却是 {order!r:.80}。",
        )
    w = _learnt(names)
    zero, backward, step = (names.index(name) for name in CALLS)
    told = (f"w, which is to go from 0 to 1, is {w:g} after two rounds", f"w 应从 0 走向 1，两轮之后是 {w:g}")
    if (step - backward) % 3 == 1 and step > backward:
        return  # zero_grad, backward, step; or backward, step, zero_grad
    if step < backward < zero or backward < zero < step or zero < step < backward:
        raise AnswerError(
            f"{told[0]}: it never moves, because zero_grad stands between backward and step, "
            "and the step finds only zeros.",
            f"{told[1]}：它一直不动，因为 zero_grad 夹在 backward 和 step 之间，step 看到的梯度全是零。",
        )
    raise AnswerError(
        f"{told[0]}: each step uses the gradients of the round before, and the first finds none; "
        "in the right order it is 0.75.",
        f"{told[1]}：每一步用的都是上一轮的梯度，第一步根本没有梯度可用；次序正确时应是 0.75。",
    )
