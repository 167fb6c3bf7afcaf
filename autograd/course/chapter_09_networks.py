"""The exercises of notebook 09: neuron, layer, network."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

from .exercise import AnswerError, UnsolvedError, close, exercise, given, number

CORNERS = ((0, 0), (0, 1), (1, 0), (1, 1))


def _neuron(answer: Any, what: str) -> tuple[float, float, float]:
    """Return the two weights and the bias that an answer consists of."""
    if not hasattr(given(answer), "__len__") or len(answer) != 3:
        raise AnswerError(
            f"{what} should be three numbers, (w0, w1, b), and is {answer!r}.",
            f"{what} 应是三个数 (w0, w1, b)，却是 {answer!r}。",
        )
    w0, w1, b = (number(x, f"{what}[{i}]", f"{what}[{i}]") for i, x in enumerate(answer))
    return w0, w1, b


def _sum(neuron: Sequence[float], x: Sequence[float]) -> float:
    return neuron[0] * x[0] + neuron[1] * x[1] + neuron[2]


@exercise(
    "09.1",
    "Draw the four corners and a line that parts them. (1, 1, b) lies across; b moves it. NAND is AND with "
    "the sides swapped.",
    "画出四个角，再画一条把它们分开的直线。(1, 1, b) 是斜着的，b 使它平移。NAND 就是把 AND 的两侧对调。",
)
def _gates(*answers: Any) -> None:
    names = ("AND", "OR", "NAND")
    wanted = ((0, 0, 0, 1), (0, 1, 1, 1), (1, 1, 1, 0))
    neurons = [_neuron(answer, name) for answer, name in zip(answers, names, strict=True)]
    for name, neuron, table in zip(names, neurons, wanted, strict=True):
        said = tuple(int(_sum(neuron, corner) > 0) for corner in CORNERS)
        if said == tuple(1 - yes for yes in table):
            raise AnswerError(
                f"{name} is wrong at all four corners: turn all three signs.",
                f"{name} 在四个角上全错：把三个数都变号。",
            )
        for corner, yes, is_yes in zip(CORNERS, table, said, strict=True):
            if yes == is_yes:
                continue
            z = _sum(neuron, corner)
            if z == 0:
                raise AnswerError(
                    f"{name}: the line goes through {corner}, z is 0 there, and should be above 0.",
                    f"{name}：直线正好穿过 {corner}，那里 z 是 0，应大于 0。",
                )
            raise AnswerError(
                f"{name}: at {corner} z is {z:g}, which says {'yes' if is_yes else 'no'}, and should say "
                f"{'yes' if yes else 'no'}.",
                f"{name}：在 {corner} 处 z 是 {z:g}，意思是{'“是”' if is_yes else '“否”'}，"
                f"应是{'“是”' if yes else '“否”'}。",
            )


@exercise(
    "09.2",
    "Put h = w1 @ x + b1 into y = w2 @ h + b2, and multiply out.",
    "把 h = w1 @ x + b1 代入 y = w2 @ h + b2，然后展开。",
)
def _merged(merged: Callable[..., Any]) -> None:
    import numpy as np

    first, second = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[3.0, 1.0], [2.0, 0.5]])
    b1, b2 = np.array([1.0, -2.0]), np.array([0.5, 4.0])
    answer = given(merged(first, b1, second, b2))
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise AnswerError(
            "merged(w1, b1, w2, b2) should return two things, W and b.",
            "merged(w1, b1, w2, b2) 应返回两个量：W 和 b。",
        )
    if any(part is ... or part is None for part in answer):
        raise UnsolvedError
    weights, bias = (np.asarray(part, dtype=float) for part in answer)
    if weights.shape == (2, 2) and np.allclose(weights, first @ second):
        raise AnswerError(
            "W is w1 @ w2, the layers in the wrong order: x meets w1 first, so w1 stands next to it, on "
            "the right.",
            "W 是 w1 @ w2，两层的顺序反了：x 先遇到 w1，所以 w1 在右边，紧挨着 x。",
        )
    if weights.shape == (2, 2) and np.allclose(weights, second * first):
        raise AnswerError(
            "W is w1 * w2, element by element; layers one after another are multiplied with @.",
            "W 是 w1 * w2，即逐个元素相乘；一层接一层要用 @ 相乘。",
        )
    if weights.shape != (2, 2) or not np.allclose(weights, second @ first):
        raise AnswerError(
            f"W is {weights.tolist()} and should be {(second @ first).tolist()}.",
            f"W 得 {weights.tolist()}，应为 {(second @ first).tolist()}。",
        )
    for wrong, english, chinese in (
        (b1 + b2, "the bias of the first layer goes through the weights of the second one",
         "第一层的偏置要经过第二层的权重"),
        (b2, "the bias of the first layer is lost", "第一层的偏置丢掉了"),
        (second @ b1, "the bias of the second layer is lost", "第二层的偏置丢掉了"),
    ):  # fmt: skip
        if bias.shape == (2,) and np.allclose(bias, wrong):
            raise AnswerError(f"W is right, b is not: {english}.", f"W 对，b 不对：{chinese}。")
    if bias.shape != (2,) or not np.allclose(bias, second @ b1 + b2):
        raise AnswerError(
            f"W is right; b is {bias.tolist()} and should be {(second @ b1 + b2).tolist()}.",
            f"W 对；b 得 {bias.tolist()}，应为 {(second @ b1 + b2).tolist()}。",
        )


@exercise(
    "09.3",
    "XOR: one or the other, and not both. Which neurons of exercise 09.1 are that?",
    "异或：有一个是，但不能两个都是。这是练习 09.1 中的哪些神经元？",
)
def _xor(*answers: Any) -> None:
    first, second, output = (
        _neuron(answer, name) for answer, name in zip(answers, ("first", "second", "output"), strict=True)
    )
    hidden = [(int(_sum(first, x) > 0), int(_sum(second, x) > 0)) for x in CORNERS]
    for x, h in zip(CORNERS, hidden, strict=True):
        for other, place in zip(CORNERS, hidden, strict=True):
            if h == place and sum(x) % 2 < sum(other) % 2:
                raise AnswerError(
                    f"The hidden neurons give {h} both for {x} and for {other}: no output neuron can "
                    "tell them apart.",
                    f"隐藏神经元对 {x} 和 {other} 都给出 {h}：后面的神经元无法区分它们。",
                )
    for x, h in zip(CORNERS, hidden, strict=True):
        z = _sum(output, h)
        yes = sum(x) == 1
        if (z > 0) != yes:
            raise AnswerError(
                f"At {x} the hidden neurons give {h}, and of that the output neuron makes z = {z:g}, which "
                f"says {'no' if yes else 'yes'}, and should say {'yes' if yes else 'no'}.",
                f"在 {x} 处隐藏神经元给出 {h}，输出神经元由此得 z = {z:g}，"
                f"意思是{'“否”' if yes else '“是”'}，应是{'“是”' if yes else '“否”'}。",
            )


@exercise(
    "09.4",
    "A neuron has a weight for each output of the layer before, and a bias. Add up layer by layer.",
    "每个神经元对前一层的每个输出有一个权重，另有一个偏置。一层一层加起来。",
)
def _count(count: Callable[..., float]) -> None:
    what = "count([2, 8, 8, 1])"
    got = number(count([2, 8, 8, 1]), what, what)
    for wrong, english, chinese in (
        (88, "the biases are missing", "缺少偏置"),
        (107, "the inputs have got biases, but they are not neurons", "给输入也算了偏置，但输入不是神经元"),
        (104, "the neuron of the last layer has a bias, too", "最后一层的神经元也有偏置"),
        (91, "there is one bias for each layer; each neuron has its own",
         "每层只算了一个偏置；每个神经元各有一个"),
        (17, "that is the number of neurons", "那是神经元的个数"),
        (19, "that is the number of inputs and neurons", "那是输入和神经元的个数"),
        (128, "the sizes are multiplied all together; layers are added",
         "把各层大小全乘起来了；层与层之间应相加"),
    ):  # fmt: skip
        if close(got, wrong):
            raise AnswerError(f"{what} is {got:g}: {english}.", f"{what} 得 {got:g}：{chinese}。")
    for sizes, wanted in (([2, 8, 8, 1], 105), ([64, 32, 10], 2410), ([3, 1], 4)):
        what = f"count({sizes})"
        got = number(count(list(sizes)), what, what)
        if not close(got, wanted):
            raise AnswerError(
                f"{what} is {got:g} and should be {wanted}.", f"{what} 得 {got:g}，应为 {wanted}。"
            )


WEIGHTS = [[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-2.0, 0.5], [3.0, 0.0], [-1.0, -1.0]]
BIASES = [0.5, -0.1, -3.0, 0.0, -1.0, 0.0]
POINTS = [[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]


@exercise(
    "09.5",
    "Compute z of each neuron at each point. It is dead if z is not above 0 at any of them.",
    "算出每个神经元在每个点上的 z。没有一个点使 z 大于 0，它就失活了。",
)
def _dead_neurons(dead_neurons: Callable[..., Any]) -> None:
    found = _places(dead_neurons([list(row) for row in WEIGHTS], list(BIASES), [list(x) for x in POINTS]))
    for wrong, english, chinese in (
        ([1, 2, 3, 4, 5], "neurons 3 and 4 are off at some points, on at others: only all of them tell",
         "神经元 3 和 4 在有的点上关、在有的点上开：要看所有的点"),
        ([1, 2, 4], "a negative bias alone says nothing: neuron 4 is on at (1, 0), with z = 2",
         "偏置为负说明不了什么：神经元 4 在 (1, 0) 处是开的，z = 2"),
        ([1, 5], "neuron 2 has a positive weight, and still z is not above 0 at any point",
         "神经元 2 有一个正的权重，但没有一个点使 z 大于 0"),
        ([1], "neuron 2 has a positive weight, and still z is not above 0 at any point",
         "神经元 2 有一个正的权重，但没有一个点使 z 大于 0"),
        ([1, 2], "neuron 5 has z = 0 at (0, 0), at best: there a ReLU is flat as well, and its gradient 0",
         "神经元 5 最好也只在 (0, 0) 处有 z = 0：在那里 ReLU 也是平的，梯度为 0"),
        ([0, 3, 4], "those are the living ones", "那些是活着的"),
    ):  # fmt: skip
        if found == wrong:
            raise AnswerError(f"You found {found}: {english}.", f"你找到 {found}：{chinese}。")
    if found != [1, 2, 5]:
        raise AnswerError(f"You found {found}; it should be [1, 2, 5].", f"你找到 {found}，应为 [1, 2, 5]。")
    rng = random.Random(9)
    weights = [[rng.uniform(-1, 1), rng.uniform(-1, 1)] for _ in range(12)]
    biases = [rng.uniform(-2.5, 0.0) for _ in range(12)]
    points = [[rng.uniform(-1, 2), rng.uniform(-1, 2)] for _ in range(20)]
    dead = [
        j for j in range(12) if max(_sum((*weights[j], biases[j]), point) for point in points) <= 0.0
    ]  # some of the twelve
    again = _places(dead_neurons(weights, biases, points))
    if again != dead:
        raise AnswerError(
            f"With twelve other neurons and twenty other points you found {again}; it should be {dead}.",
            f"换了十二个神经元和二十个点，你找到 {again}，应为 {dead}。",
        )


def _places(answer: Any) -> list[int]:
    """Return the numbers of neurons that an answer is."""
    if not isinstance(given(answer), (list, tuple)):
        kind = type(answer).__name__
        raise AnswerError(
            f"dead_neurons(...) should be a list and is a {kind}.",
            f"dead_neurons(...) 应是一个列表，却是 {kind}。",
        )
    return [int(number(x, "a number of a neuron", "神经元的编号")) for x in answer]
