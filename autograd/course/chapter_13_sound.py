"""The exercises of notebook 13: sound."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..nn import MLP
from .exercise import AnswerError, close, exercise, given, number


@exercise(
    "13.1",
    "The frequencies are rate/samples apart. How many such steps is it from 0 to the frequency?",
    "相邻两格相差 rate/samples。从 0 到这个频率有多少个这样的间隔？",
)
def _nearest_bin(nearest_bin: Callable[..., float]) -> None:
    for frequency, samples, rate in ((730, 256, 8000), (1990, 256, 8000), (440, 1000, 44100)):
        call = f"nearest_bin({frequency}, {samples}, {rate})"
        got = number(nearest_bin(frequency, samples, rate), call, call)
        place = frequency * samples / rate
        wanted = round(place)
        if got == wanted:
            continue
        english, chinese = (
            f"{call} is {got:.6g} and should be {wanted}",
            f"{call} 得 {got:.6g}，应为 {wanted}",
        )
        if close(got, place):
            why = (": that is no whole number, so no place", "：这不是整数，不是序号")
        elif got == math.floor(place):
            why = (f": it was rounded down, and {place:.6g} is nearer to {wanted}",
                   f"：这是向下取整，而 {place:.6g} 离 {wanted} 更近")  # fmt: skip
        elif got == round(2 * place):
            why = (": the last place is at half the rate, but the steps are rate/samples",
                   "：最后一格在采样率的一半处，但间隔是 rate/samples")  # fmt: skip
        elif close(got, frequency * rate / samples, 1e-2):
            why = (": the step is the wrong way up", "：间隔写颠倒了")
        else:
            why = ("", "")
        raise AnswerError(english + why[0] + ".", chinese + why[1] + "。")


@exercise(
    "13.2",
    "The logarithm of -c gives B. Divide b by twice the square root of -c: that is the cosine of 2πF/R.",
    "对 -c 取对数可得 B。用 b 除以 -c 的平方根的两倍，就是 2πF/R 的余弦。",
)
def _formant_of(formant_of: Callable[..., Any]) -> None:
    rate = 8000
    for frequency, bandwidth in ((730.0, 60.0), (2440.0, 150.0)):
        fading = math.exp(-math.pi * bandwidth / rate)
        b, c = 2 * fading * math.cos(2 * math.pi * frequency / rate), -(fading**2)
        got = given(formant_of(b, c, rate))
        if not isinstance(got, (tuple, list)) or len(got) != 2:
            raise AnswerError(
                "formant_of should return two numbers, F and B.", "formant_of 应返回两个数 F 和 B。"
            )
        f, width = (number(x, name, name) for x, name in zip(got, ("F", "B"), strict=True))
        _check_bandwidth(width, bandwidth)
        _check_frequency(f, frequency, b, rate)


def _check_bandwidth(got: float, wanted: float) -> None:
    if close(got, wanted):
        return
    english, chinese = f"B is {got:.6g} and should be {wanted:.6g}", f"B 得 {got:.6g}，应为 {wanted:.6g}"
    if close(got, 2 * wanted):
        raise AnswerError(
            f"{english}, half of it: in c the exponent is 2πB/R, not πB/R.",
            f"{chinese}，是它的两倍：c 的指数是 2πB/R，不是 πB/R。",
        )
    if close(got, -wanted):
        raise AnswerError(
            f"{english}: the exponent in c has a minus sign, too.", f"{chinese}：c 的指数里也有一个负号。"
        )
    raise AnswerError(f"{english}.", f"{chinese}。")


def _check_frequency(got: float, wanted: float, b: float, rate: float) -> None:
    if close(got, wanted):
        return
    english, chinese = f"F is {got:.6g} and should be {wanted:.6g}", f"F 得 {got:.6g}，应为 {wanted:.6g}"
    if close(got, rate / (2 * math.pi) * math.acos(b / 2)):
        raise AnswerError(
            f"{english}: b/2 is not yet the cosine, it still has the factor exp(-πB/R), the root of -c.",
            f"{chinese}：b/2 还不是余弦，其中还有因子 exp(-πB/R)，即 -c 的平方根。",
        )
    if close(got, 2 * wanted):
        raise AnswerError(
            f"{english}, half of it: the cosine is that of 2πF/R, not of πF/R.",
            f"{chinese}，是它的两倍：余弦里是 2πF/R，不是 πF/R。",
        )
    if close(got, 2 * math.pi * wanted / rate):
        raise AnswerError(
            f"{english}: that is the angle 2πF/R, not yet the frequency.",
            f"{chinese}：这是角度 2πF/R，还不是频率。",
        )
    raise AnswerError(f"{english}.", f"{chinese}。")


@exercise(
    "13.3",
    "Divide by the largest energy, take ten times the logarithm to the base 10, and then the floor.",
    "除以最大的能量，取以 10 为底的对数的十倍，再与下限比较。",
)
def _decibels(decibels: Callable[..., Any]) -> None:
    energies, floor, wanted = [0.02, 2.0, 2e-9, 0.2], -40.0, [-20.0, 0.0, -40.0, -10.0]
    call = f"decibels({energies}, -40)"
    got = _numbers(decibels(list(energies), floor), 4, call)
    english = f"{call} is {[float(f'{x:.6g}') for x in got]} and should be {wanted}"
    chinese = f"{call} 得 {[float(f'{x:.6g}') for x in got]}，应为 {wanted}"
    levels = [math.log(e / 2.0) for e in energies]
    mistakes = [
        ([max(-40.0, 20 / math.log(10) * x) for x in levels],
         ": 20 is the factor for amplitudes; these are energies, the squares of them",
         "：20 是振幅用的系数；这里是能量，即振幅的平方"),
        ([max(-40.0, 10 * x) for x in levels], ": the logarithm is to the base 10", "：对数应以 10 为底"),
        ([10 / math.log(10) * x for x in levels],
         ": what is below the floor is to be set to it", "：低于下限的应取下限"),
        ([max(-40.0, 10 * math.log10(e)) for e in energies],
         ": they are to be below the loudest, which is 0", "：应相对于最响者，最响者为 0"),
    ]  # fmt: skip
    if not _same(got, wanted):
        for answer, why, chinese_why in mistakes:
            if _same(got, answer):
                raise AnswerError(f"{english}{why}.", f"{chinese}{chinese_why}。")
        raise AnswerError(f"{english}.", f"{chinese}。")
    got = _numbers(decibels([0.0, 1.0], -30.0), 2, "decibels([0.0, 1.0], -30)")
    if not _same(got, [-30.0, 0.0]):
        raise AnswerError(
            f"decibels([0.0, 1.0], -30) is {got} and should be [-30.0, 0.0].",
            f"decibels([0.0, 1.0], -30) 得 {got}，应为 [-30.0, 0.0]。",
        )


@exercise(
    "13.4",
    "Make a Value of each number of the row, go backward from the difference of two scores, and read x.grad.",
    "把行里的每个数变成 Value，从两个得分之差出发反向传播，再读取 x.grad。",
)
def _speaks_for(speaks_for: Callable[..., Any]) -> None:
    network, row = MLP(3, [4, 3], activation="tanh", seed=13), [0.5, -1.0, 2.0]
    call = "speaks_for(network, [0.5, -1.0, 2.0], 2, 0)"
    got = _numbers(speaks_for(network, list(row), 2, 0), 3, call)
    slopes = [_slopes(network, row, k) for k in range(3)]
    wanted = [a - b for a, b in zip(slopes[2], slopes[0], strict=True)]
    if _same(got, wanted):
        return
    shown, right = ([float(f"{x:.4g}") for x in xs] for xs in (got, wanted))
    english, chinese = f"{call} is {shown} and should be {right}", f"{call} 得 {shown}，应为 {right}"
    if _same(got, [-x for x in wanted]):
        raise AnswerError(
            f"{english}: it is `word` minus `other`, not the other way round.",
            f"{chinese}：是 `word` 减 `other`，不是反过来。",
        )
    if _same(got, slopes[2]):
        raise AnswerError(
            f"{english}: that is the score of `word` alone; what raises both scores speaks for none.",
            f"{chinese}：这只是 `word` 的得分；让两个得分一起升高的，谁也不支持。",
        )
    raise AnswerError(f"{english}.", f"{chinese}。")


def _slopes(network: MLP, row: list[float], place: int) -> list[float]:
    """Return by differences how a score changes with each number of a row."""

    def score(k: int, step: float) -> float:
        moved = [x + step * (i == k) for i, x in enumerate(row)]
        return float(getattr(network(moved)[place], "data", 0.0))

    return [(score(k, 1e-5) - score(k, -1e-5)) / 2e-5 for k in range(len(row))]


def _numbers(answer: Any, count: int, call: str) -> list[float]:
    """Return the numbers of a list of a given length."""
    answer = given(answer)
    if not hasattr(answer, "__len__") or len(answer) != count:
        length = len(answer) if hasattr(answer, "__len__") else 1
        raise AnswerError(
            f"{call} should be {count} numbers and is {length}.",
            f"{call} 应是 {count} 个数，却是 {length} 个。",
        )
    return [number(x, call, call) for x in answer]


def _same(got: list[float], wanted: list[float]) -> bool:
    return all(close(x, y) for x, y in zip(got, wanted, strict=True))
