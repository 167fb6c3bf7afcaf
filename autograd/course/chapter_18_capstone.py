"""The projects of notebook 18: what of them can be graded by a program."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from math import cosh, log, sqrt, tanh
from typing import Any

from ..derivatives import check_primitive, grad
from ..ops import Primitive
from ..program import compile
from ..training import iris
from .comparing import row
from .exercise import AnswerError, close, exercise, given, number
from .pendulum import GRAVITY, NOISE, TIMES, measure, measurements, swing


@exercise(
    "18.1",
    "Fit the first second alone, then all six seconds from there. Step with sin, in steps of 0.01 s or less.",
    "先只拟合第一秒，再从那里出发拟合全部六秒。用 sin 来走，步长不超过 0.01 秒。",
)
def _fit(fit: Callable[..., Any]) -> None:
    lines = []
    for place, (english, chinese, length, friction, angles) in enumerate((
        ("the pendulum of the notebook", "笔记中的摆", 0.6, 0.2, measurements()[1]),
        ("another pendulum", "另一个摆", 0.75, 0.3, measure(0.75, 0.3, seed=19)),
    )):  # fmt: skip
        pair = row(fit(list(TIMES), list(angles)), 2, "fit(times, angles)")
        errors = [got / true - 1 for got, true in zip(pair, (length, friction), strict=True)]
        if max(map(abs, errors)) > 0.01:
            why, its_why = _what_went_wrong(pair, length, friction, angles)
            if place:
                why = "with that of the notebook it was right; are its numbers written into fit?"
                its_why = "笔记中的摆是对的；是不是把它的数写进 fit 里了？"
            raise AnswerError(
                f"{english}: fit gives a length of {pair[0]:.4g} m and friction {pair[1]:.4g} per second, "
                f"not both within 1 %; {why}",
                f"{chinese}：fit 给出摆长 {pair[0]:.4g} 米、摩擦系数 {pair[1]:.4g} 每秒，"
                f"没有都达到 1 % 以内；{its_why}",
            )
        lines.append(f"  {english} · {chinese}: {errors[0]:+.2%}, {errors[1]:+.2%}")
    print("\n".join(lines))


def _what_went_wrong(
    pair: Sequence[float], length: float, friction: float, angles: Sequence[float]
) -> tuple[str, str]:
    """Return what may have led to wrong constants of a pendulum, in English and in Chinese."""
    got_length, got_friction = pair
    if close(got_length, GRAVITY / length, 0.05):
        return ("the first number is g / length; return the length.", "第一个数是 g / 摆长；应返回摆长。")
    if close(got_length, friction, 0.02) and close(got_friction, length, 0.02):
        return ("the two are the other way round.", "两个数的次序反了。")
    if not 0.05 < got_length < 50.0 or not -1.0 < got_friction < 50.0:
        return ("the descent has run away: make the learning rate smaller.", "下降跑飞了：把学习率调小。")
    found = zip(swing(got_length, got_friction), angles, strict=True)
    miss = sqrt(sum((a - b) ** 2 for a, b in found) / len(angles))
    its = f"a pendulum with these constants misses the angles by {miss:.3f} rad (the noise is {NOISE})"
    chinese = f"这样的摆与测得的角度平均相差 {miss:.3f} 弧度（噪声只有 {NOISE}）"
    if abs(got_length / length - 1) < 0.02:
        return (
            f"the length is fine, and {its}: is the friction in every step, long enough trained, and are the "
            "steps short?",
            f"摆长没问题，但{chinese}：每一步都有摩擦吗？训练得够久吗？步长够小吗？",
        )
    if 1.05 < got_length / length < 1.2 and abs(got_friction / friction - 1) < 0.5:
        return (
            f"{its}; a length too large by a tenth comes of the angle in place of its sine: a wide swing "
            "takes longer than a small one.",
            f"{chinese}；摆长偏大约十分之一，是因为用角度代替了它的正弦：大幅摆动比小幅摆动慢。",
        )
    return (
        f"{its}: the descent is stuck in a wrong valley; where did it begin, and with how many seconds?",
        f"{chinese}：下降困在了错误的山谷里；它从哪里出发，用了几秒的数据？",
    )


ENOUGH = 45
"""Of 50 flowers, how many are to be named rightly."""


@exercise(
    "18.2",
    "Standardise each column by the rows that learn is given; train; predict names the kind of one row.",
    "用 learn 得到的那些行把每一列标准化；训练；predict 说出一行的品种。",
)
def _learn(learn: Callable[..., Any]) -> None:
    table = iris()
    columns = [table.numbers(name) for name in table.columns[:4]]
    flowers = list(zip(zip(*columns, strict=True), table.cells("species"), strict=True))
    random.Random(3).shuffle(flowers)
    lines = [_grade(learn, flowers, 1.0, {}, "in centimetres", "以厘米计")]
    names = {"setosa": "red", "versicolor": "green", "virginica": "blue"}
    english, chinese = "in tenths of a millimetre, the kinds renamed", "以十分之一毫米计，品种改名"
    lines.append(_grade(learn, flowers, 100.0, names, english, chinese))
    print("\n".join(lines))


def _grade(
    learn: Callable[..., Any], flowers: Any, unit: float, names: dict[str, str], english: str, chinese: str
) -> str:
    """Let an answer learn from 100 flowers, and return how it names the other 50."""
    rows = [[unit * x for x in measures] for measures, _ in flowers]
    kinds = [names.get(kind, kind) for _, kind in flowers]
    predict = given(learn([list(x) for x in rows[:100]], kinds[:100]))
    if not callable(predict):
        raise AnswerError(
            f"learn returns a {type(predict).__name__}; it should return a function, predict(row).",
            f"learn 返回的是 {type(predict).__name__}；应返回一个函数 predict(row)。",
        )
    said = [given(predict(list(x))) for x in rows[100:]]
    strange = next((x for x in said if x not in kinds), None)
    if strange is not None:
        raise AnswerError(
            f"{english}: predict says {strange!r}, which is none of the kinds {sorted(set(kinds))} that "
            "learn was given.",
            f"{chinese}：predict 说 {strange!r}，不在 learn 得到的品种 {sorted(set(kinds))} 之中。",
        )
    pairs = Counter(pair for pair in zip(kinds[100:], said, strict=True) if pair[0] != pair[1])
    right = 50 - pairs.total()
    errors = ", ".join(f"{n} {a} → {b}" for (a, b), n in sorted(pairs.items())) or "–"
    if right < ENOUGH:
        why, its_why = "train longer, or choose another learning rate", "训练久一些，或换一个学习率"
        if unit != 1.0:
            why = (
                "in centimetres it was good, so it depends on the unit: standardise, by the rows learnt from"
            )
            its_why = "以厘米计时是好的，说明它依赖单位：请标准化，用的是学习所用的那些行"
        elif len(set(said)) == 1:
            why, its_why = f"it always says {said[0]!r}", f"它总是说 {said[0]!r}"
        raise AnswerError(
            f"{english}: {right} of 50 flowers it has not seen are named rightly, and it should be {ENOUGH} "
            f"({errors}); {why}.",
            f"{chinese}：没见过的 50 朵花中认对 {right} 朵，应至少 {ENOUGH} 朵（{errors}）；{its_why}。",
        )
    return f"  {right} / 50 {english} · {chinese}: {errors}"


def _log_cosh(x: float) -> float:
    return log(cosh(x)) if abs(x) < 300.0 else abs(x) - log(2.0)


@exercise(
    "18.3",
    "cosh(x) = exp(|x|) (1 + exp(-2|x|)) / 2: take the logarithm. The derivative is written with ops.tanh.",
    "cosh(x) = exp(|x|) (1 + exp(-2|x|)) / 2：两边取对数。导数用 ops.tanh 来写。",
)
def _logcosh(logcosh: Any) -> None:
    if not isinstance(logcosh, Primitive):
        raise AnswerError(
            f"logcosh should be an entry of the table, made by ops.unary(...), and is a "
            f"{type(logcosh).__name__}.",
            f"logcosh 应是表中的一条，由 ops.unary(...) 做成，却是 {type(logcosh).__name__}。",
        )
    for x in (0.5, -0.5, 0.0, 3.0, 1000.0, -1000.0):
        _expect("logcosh", logcosh, x, _log_cosh(x), _VALUES)
    if None in logcosh.derivatives:
        raise AnswerError("no derivative is given: it is None.", "没有给出导数：它是 None。")
    for x in (0.5, -0.5, 0.0, 1000.0, -1000.0):
        _expect("grad(logcosh)", grad(logcosh), x, tanh(x), _SLOPES)
    for x in (0.5, 0.0, -1000.0):
        _expect("grad(grad(logcosh))", grad(grad(logcosh)), x, 1.0 - tanh(x) ** 2, _CURVATURES)
    try:
        check_primitive(logcosh, order=3)
    except AssertionError as error:
        raise AnswerError(f"check_primitive says: {error}", f"check_primitive 说：{error}") from None
    _expect("compile(logcosh)", compile(lambda x: logcosh(x) * 1.0), 0.5, _log_cosh(0.5), {})


Named = dict[str, tuple[Callable[[float], float], str, str]]

_VALUES: Named = {
    "exp": (lambda x: abs(x) - log(2.0), "the log1p(exp(-2|x|)) is missing", "缺少 log1p(exp(-2|x|))"),
    "log": (lambda x: _log_cosh(x) + log(2.0), "log 2 too much: cosh has a half in it",
            "多了 log 2：cosh 中有二分之一"),
    "sign": (lambda x: _log_cosh(x) + x - abs(x), "cosh(-x) = cosh(x): take |x|",
             "cosh(-x) = cosh(x)：要用 |x|"),
}  # fmt: skip
_SLOPES: Named = {
    "square": (lambda x: 1.0 - tanh(x) ** 2, "that is the derivative of tanh, one too far",
               "那是 tanh 的导数，多求了一次"),
    "even": (lambda x: tanh(abs(x)), "left of 0 the function falls: the sign is missing",
             "在 0 的左边函数下降：缺少符号"),
    "minus": (lambda x: -tanh(x), "the sign is wrong", "符号错了"),
}  # fmt: skip
_CURVATURES: Named = {
    "zero": (lambda x: 0.0, "the derivative is a number that has forgotten x; write it with ops.tanh(x)",
             "导数是一个忘掉了 x 的数；请用 ops.tanh(x) 来写"),
}  # fmt: skip


def _expect(name: str, f: Callable[..., Any], x: float, wanted: float, mistakes: Named) -> None:
    """Check a function at a point, and name the mistake by which a wrong number came out."""
    what = f"{name}({x:g})"
    try:
        got = number(f(x), what, what)
    except OverflowError as error:
        raise AnswerError(
            f"{what} overflows ({error}): exp of a large number is larger than any float; use exp(-2|x|).",
            f"{what} 溢出（{error}）：大数的 exp 超过了浮点数的范围；请用 exp(-2|x|)。",
        ) from None
    except (TypeError, ValueError) as error:
        raise AnswerError(
            f"{what} fails: {error}. The derivative is differentiated too, with Values: write it with "
            "operators and ops.tanh, not with Python's math.",
            f"{what} 失败：{error}。导数本身也要用 Value 求导："
            "请用运算符和 ops.tanh 来写，不要用 Python 的 math。",
        ) from None
    if close(got, wanted, 1e-12):
        return
    named = [why for wrong, *why in mistakes.values() if close(got, wrong(x), 1e-9)]
    english, chinese = named[0] if named else ("", "")
    raise AnswerError(
        f"{what} is {got:.6g} and should be {wanted:.6g}{english and ': ' + english}.",
        f"{what} 得 {got:.6g}，应为 {wanted:.6g}{chinese and '：' + chinese}。",
    )
