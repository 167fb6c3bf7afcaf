"""How a training goes, while it goes: a bar in a terminal, else a line now and then."""

from __future__ import annotations

import os
import time
from collections import deque
from typing import Any, TextIO

from ..support.languages import said
from ..training import Step
from .report import measure

SECONDS = 10.0  # between lines, at most


class Progress:
    """Shows how training goes: a bar (tqdm) in a terminal, else a line now and then.

    It is called with every step. Lines come with every tenth part of the steps, and every ten seconds.

    Args:
        steps: how many there will be.
        score: what the score of a step is called.
        stream: where to.
        lang: "en" or "zh".
    """

    def __init__(self, steps: int, score: str, stream: TextIO, lang: str = "en") -> None:
        self._steps, self._score, self._stream, self._lang = steps, said(score, lang), stream, lang
        self._recent: deque[Step] = deque(maxlen=min(50, 1 + steps // 20))  # one minibatch says little
        self._every = -(-steps // 10)
        self._bar = _bar(steps, stream)
        self._last = time.monotonic()

    def __call__(self, step: Step) -> None:
        self._recent.append(step)
        if self._bar is not None:
            self._bar.set_postfix_str(self._measures(), refresh=False)
            self._bar.update()
        elif (
            step.step % self._every == 0
            or step.step == self._steps
            or time.monotonic() > self._last + SECONDS
        ):
            self._last = time.monotonic()
            number = f"{step.step:>{len(str(self._steps))}}"
            done = said("step {step} of {steps}", self._lang, step=number, steps=self._steps)
            print(f"{done}  {self._measures()}", file=self._stream, flush=True)

    def close(self) -> None:
        """End the bar, so that what is printed next begins on a line of its own."""
        if self._bar is not None:
            self._bar.close()

    def _measures(self) -> str:
        loss = sum(step.loss for step in self._recent) / len(self._recent)
        score = sum(step.score for step in self._recent) / len(self._recent)
        return f"{said('loss', self._lang)} {loss:.4f}  {self._score} {measure(score)}"


def _bar(steps: int, stream: TextIO) -> Any:
    try:
        size = os.get_terminal_size(stream.fileno())
        from tqdm import tqdm
    except (OSError, ImportError):  # no terminal, or no tqdm
        return None
    if min(size) < 2:  # a terminal that does not know its size, in which tqdm would show nothing
        return None
    return tqdm(total=steps, file=stream, unit="step", dynamic_ncols=True)
