"""The exercises of notebook 10: losses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import exp, log, log1p
from typing import Any

from ..engine import Value
from ..nn import cross_entropy
from .comparing import compare, compare_rows, row
from .exercise import AnswerError, close, exercise, given, number


@exercise(
    "10.1",
    "Odds of independent evidence multiply, and a probability of odds o to 1 is o / (o + 1).",
    "独立证据的胜算相乘；胜算为 o 比 1 时，概率是 o / (o + 1)。",
)
def _two_witnesses(probability: float) -> None:
    compare(
        "probability",
        probability,
        12 / 13,
        [
            (0.6, "3/4 times 4/5 is less than each alone, but two witnesses for rain say more than one",
             "3/4 乘 4/5 比任何一个都小，可是两个证人都说下雨，应当比一个更可信"),
            (0.775, "the mean of 3/4 and 4/5; two witnesses for rain say more than each alone",
             "那是 3/4 与 4/5 的平均数；两个证人都说下雨，比任何一个都更可信"),
            (7 / 8, "you added the odds, 7 to 1; it is the logits that add, and the odds multiply",
             "你把胜算相加，得 7 比 1；相加的是 logit，胜算要相乘"),
            (0.95, "1 - 1/4 · 1/5 is how often at least one of two things happens; here the odds multiply",
             "1 - 1/4 · 1/5 是两件事至少发生一件的概率；这里是胜算相乘"),
            (12.0, "these are the odds, 12 to 1; a probability is at most 1",
             "那是胜算 12 比 1；概率最大是 1"),
            (11 / 12, "odds of 12 to 1 are 12 cases of 13, not 11 of 12",
             "胜算 12 比 1 是 13 次中有 12 次，不是 12 次中有 11 次"),
        ],
    )  # fmt: skip


@exercise(
    "10.2",
    "Take the largest score m out: log(Σ exp(z_j)) = m + log(Σ exp(z_j - m)).",
    "提出最大的分数 m：log(Σ exp(z_j)) = m + log(Σ exp(z_j - m))。",
)
def _logsumexp(logsumexp: Callable[..., float]) -> None:
    half = log(2.0)
    cases: list[tuple[list[float], float]] = [
        ([2.0, 1.0, 0.0], log(exp(2.0) + exp(1.0) + 1.0)),
        ([1000.0, 1000.0], 1000.0 + half),
        ([-1000.0, -1000.0], -1000.0 + half),
        ([0.0, 1000.0], 1000.0),
        ([3000.0, 0.0, 0.0], 3000.0),
    ]
    for z, wanted in cases:
        what, largest = f"logsumexp({z})", max(z)
        mistakes = [
            (wanted - largest, "you took the largest score away from all, and did not put it back",
             "你从每个分数减去了最大值，却没有加回来"),
            (wanted - 2.0 * largest, "put the largest score back with a plus",
             "最大值要加回来，而不是再减一次"),
            (sum(exp(x - largest) for x in z), "the sum of the exponentials; its logarithm is missing",
             "那是指数之和；还没有取对数"),
            (largest, "only the largest score; the others add to it", "那只是最大的分数；其他分数也有贡献"),
        ]  # fmt: skip
        compare(what, _of_scores(logsumexp, z, what), wanted, mistakes)


def _of_scores(answer: Callable[..., Any], z: Sequence[float], what: str, *more: Any) -> Any:
    """Return the answer for scores, and say where it overflows, or takes the logarithm of 0."""
    try:
        return answer(list(z), *more)
    except OverflowError as error:
        raise AnswerError(
            f"{what} overflows: exp is only safe for exponents that are not above 0; take the largest score "
            "away from all.",
            f"{what} 溢出：只有指数不大于 0 时 exp 才安全；请从每个分数减去最大的那个。",
        ) from error
    except (ValueError, ZeroDivisionError) as error:
        raise AnswerError(
            f"{what} stops with {error}: all exponentials are 0 there; take the largest score away from "
            "all, so that one of them is 1.",
            f"{what} 因 {error} 而中断：那里的指数全是 0；请从每个分数减去最大的那个，使其中一个为 1。",
        ) from error


@exercise(
    "10.3",
    "The loss is logsumexp(z) - Σ y_j z_j, as the y_j add up to 1. Differentiate the two parts.",
    "由于 y_j 之和为 1，损失就是 logsumexp(z) - Σ y_j z_j。分别求两部分的导数。",
)
def _cross_entropy_gradient(cross_entropy_gradient: Callable[..., Any]) -> None:
    for z, y in (
        ([2.0, 1.0, 0.0], [0.7, 0.2, 0.1]),
        ([1000.0, 999.0, 0.0], [0.5, 0.25, 0.25]),
        ([-1000.0, -1000.0], [1.0, 0.0]),
    ):
        what = f"cross_entropy_gradient({z}, {y})"
        scores = [Value(x) for x in z]
        cross_entropy([scores], [y]).backward()
        wanted = [score.grad for score in scores]
        p = [a + b for a, b in zip(wanted, y, strict=True)]
        answer = given(_of_scores(cross_entropy_gradient, z, what, list(y)))
        compare_rows(
            what,
            answer,
            wanted,
            [
                ([-x for x in wanted], "all signs are the other way round: where the score of what is true "
                 "grows, the loss falls", "符号全都反了：真实类别的分数增大时，损失应减小"),
                (p, "these are the probabilities, the slope of log-sum-exp; the - Σ y_j z_j has one too",
                 "这是概率，即 log-sum-exp 的斜率；- Σ y_j z_j 也有导数"),
                ([-b / a if a else 0.0 for a, b in zip(p, y, strict=True)],
                 "that is the derivative by p; go on through softmax to z",
                 "那是对 p 的导数；还要穿过 softmax 到 z"),
                ([b * (a - 1.0) for a, b in zip(p, y, strict=True)],
                 "the score z_j is in the surprise of the other classes too, by way of the sum",
                 "分数 z_j 通过求和也进入其他类别的意外程度"),
            ],
        )  # fmt: skip


@exercise(
    "10.4",
    "It is softplus(-z) if y is 1, and softplus(z) if y is 0; softplus(x) = max(x, 0) + log1p(exp(-|x|)).",
    "y 为 1 时是 softplus(-z)，y 为 0 时是 softplus(z)；softplus(x) = max(x, 0) + log1p(exp(-|x|))。",
)
def _bce(bce: Callable[..., float]) -> None:
    cases = [(0.5, 1), (0.5, 0), (-1000.0, 1), (1000.0, 0), (1000.0, 1), (-1000.0, 0), (40.0, 1), (-40.0, 0)]
    for z, y in cases:
        what = f"bce({z}, {y})"
        try:
            got = number(bce(z, y), what, what)
        except OverflowError as error:
            raise AnswerError(
                f"{what} overflows: exp only of -|x|, and the larger part outside of the logarithm.",
                f"{what} 溢出：只对 -|x| 取 exp，大的那部分放到对数外面。",
            ) from error
        except ValueError as error:
            raise AnswerError(
                f"{what} takes the logarithm of 0: the probability was rounded to 0; do not go by way of it.",
                f"{what} 对 0 取了对数：概率已被舍入成 0；不要绕道概率。",
            ) from error
        x = -z if y == 1 else z
        wanted = max(x, 0.0) + log1p(exp(-abs(x)))
        if wanted > 0.0 and abs(got - wanted) <= 1e-12 * wanted:
            continue
        _explain_bce(what, z, y, got, wanted)
        compare(what, got, wanted, _mistakes_of_bce(x, wanted))


def _explain_bce(what: str, z: float, y: int, got: float, wanted: float) -> None:
    """Say what is wrong with the surprise where the score is far on the right side."""
    if abs(z) == 40.0 and abs(got - wanted) < 1e-12:
        raise AnswerError(
            f"{what} is {got:.4g} and should be {wanted:.4g}: a small number was added to 1, or taken away "
            "from it, and rounded off; log1p(x) is log(1 + x) without that sum.",
            f"{what} 得 {got:.4g}，应为 {wanted:.4g}：很小的数与 1 相加减时被舍入掉了；"
            "log1p(x) 就是 log(1 + x)，但不做这个加法。",
        )


def _mistakes_of_bce(x: float, wanted: float) -> list[tuple[float, str, str]]:
    return [
        (wanted - x, "the part max(x, 0) is missing", "缺少 max(x, 0) 这一部分")
        if x > 0.0
        else (wanted - x, "that is the surprise of the other class", "那是另一个类别的意外程度"),
        (-wanted, "a surprise is not negative: there is a minus missing", "意外程度不会是负的：少了一个负号"),
    ]


@exercise(
    "10.5",
    "The gradient is p - y, so softmax must give y itself: exp(z_j) = y_j will do. "
    "Then put p = y into the loss.",
    "梯度是 p - y，所以 softmax 必须正好给出 y：取 exp(z_j) = y_j 即可。再把 p = y 代入损失。",
)
def _best(best: Callable[..., Any]) -> None:
    for y in ([0.9, 0.05, 0.05], [0.7, 0.2, 0.1], [0.5, 0.5]):
        answer = given(best(list(y)))
        if not isinstance(answer, tuple) or len(answer) != 2:
            raise AnswerError(
                f"best({y}) should return two things, the logits and the loss.",
                f"best({y}) 应返回两样东西：logits 和损失。",
            )
        what = f"best({y})[0]"
        z = row(answer[0], len(y), what)
        if all(map(close, z, y)):
            raise AnswerError(
                f"{what} is {y}, the probabilities: softmax is still to come, and makes others of them.",
                f"{what} 得 {y}，是概率本身：后面还要做 softmax，它会变成别的数。",
            )
        weights = [exp(x - max(z)) for x in z]
        compare_rows(f"softmax({what})", [w / sum(weights) for w in weights], y)
        entropy = -sum(target * log(target) for target in y)
        what = f"best({y})[1]"
        mistakes = [
            (0.0, "with p = y the surprise of each class is still -log y_j",
             "p = y 时，每个类别的意外程度仍是 -log y_j"),
            (-log(max(y)), "the other classes come too, with their probabilities",
             "其他类别也会出现，要按概率计入"),
            (-entropy, "there is a minus missing", "少了一个负号"),
        ]  # fmt: skip
        compare(what, answer[1], entropy, mistakes)
