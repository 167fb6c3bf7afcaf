"""The exercises of notebook 01: slopes."""

from __future__ import annotations

from collections.abc import Callable

from .exercise import AnswerError, close, exercise, number


@exercise(
    "01.1",
    "Nudge x by h to both sides, and divide the change of f by the whole width, 2h.",
    "把 x 向两边各移动 h，再用 f 的变化量除以整个宽度 2h。",
)
def _slope(slope: Callable[..., float]) -> None:
    def cube(x: float) -> float:
        return x**3

    got = number(slope(cube, 2.0, 1e-3), "slope(cube, 2.0, 0.001)", "slope(cube, 2.0, 0.001)")
    if close(got, (cube(2.001) - cube(2.0)) / 1e-3):
        raise AnswerError(
            f"slope(cube, 2.0, 0.001) is {got:.6g}: you nudged x to one side only, so the error is as "
            "large as h; to both sides it would be 12.000001.",
            f"slope(cube, 2.0, 0.001) 得 {got:.6g}：你只向一边移动了 x，误差与 h 一样大；"
            "向两边移动应得 12.000001。",
        )
    if close(got, (cube(2.001) - cube(1.999)) / 1e-3):
        raise AnswerError(
            f"slope(cube, 2.0, 0.001) is {got:.6g}, twice what it should be: from x - h to x + h it is 2h.",
            f"slope(cube, 2.0, 0.001) 得 {got:.6g}，是应有值的两倍：从 x - h 到 x + h 的距离是 2h。",
        )
    if not close(got, 12.000001, 1e-9):
        raise AnswerError(
            f"slope(cube, 2.0, 0.001) is {got:.6g} and should be 12.000001.",
            f"slope(cube, 2.0, 0.001) 得 {got:.6g}，应为 12.000001。",
        )
