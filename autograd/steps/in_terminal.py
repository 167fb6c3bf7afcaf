"""A walk in the terminal: with the arrow keys where there is a terminal, else printed as a whole.

The screen shows the steps around the current one, and below them what that step does. All that is known of
the terminal is what nearly all of them know; its mode is put back however the stepping ends.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import sys
from collections.abc import Iterator
from typing import TextIO

from ..formulas import Text
from ..support.languages import said
from ..support.terminal import fitted, visible
from .sequence import Steps
from .step import Step

try:
    import termios
    import tty
except ImportError:  # Windows
    HAS_KEYS = False
else:
    HAS_KEYS = True

__all__ = ["show"]

HELP = "→ next  ← back  Home first  End last  q quit"  # a phrase of the table of words

# What is asked for by the codes that terminals send for keys, and by letters for those who prefer them
_KEYS = {
    "next": "\x1b[C \x1bOC \x1b[B \x1bOB n \r \n",
    "back": "\x1b[D \x1bOD \x1b[A \x1bOA b \x7f",
    "first": "\x1b[H \x1bOH \x1b[1~ g",
    "last": "\x1b[F \x1bOF \x1b[4~ G",
    "page": "\x1b[6~",
    "page back": "\x1b[5~",
    "quit": "q Q \x04",
}
_WISHES = {key: wish for wish, keys in _KEYS.items() for key in keys.split(" ")} | {" ": "next"}
_KEY = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z])|[^\x1b]|\x1b", re.DOTALL)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;]*|O)?\Z")

_ENTER, _LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"  # a screen of its own, without the cursor
_CLEAR, _REVERSE, _BOLD, _PLAIN = "\x1b[H\x1b[2J", "\x1b[7m", "\x1b[1m", "\x1b[0m"


def show(steps: Steps, out: TextIO | None = None) -> None:
    """Step through a walk with the keys of the terminal, or print all of it where there is none."""
    out = sys.stdout if out is None else out
    if not (HAS_KEYS and _is_terminal(sys.stdin) and _is_terminal(out)):
        print(steps.table(limit=None), file=out)
        return
    keyboard = sys.stdin.fileno()
    before = termios.tcgetattr(keyboard)
    try:
        tty.setcbreak(keyboard)
        out.write(_ENTER)
        _step_through(steps, keyboard, out)
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
        out.write(_LEAVE)
        out.flush()


def _is_terminal(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _step_through(steps: Steps, keyboard: int, out: TextIO) -> None:
    place = 0
    keys = _keys(keyboard)
    while True:
        size = shutil.get_terminal_size()
        out.write(_CLEAR + screen(steps, place, size.columns, size.lines))
        out.flush()
        wish = next((wish for key in keys if (wish := _WISHES.get(key))), "quit")
        if wish == "quit":
            return
        page = max(1, size.lines // 2)
        moved = {"next": place + 1, "back": place - 1, "page": place + page, "page back": place - page}
        place = {"first": 0, "last": len(steps) - 1, **moved}[wish]
        place = min(max(place, 0), len(steps) - 1)


def _keys(keyboard: int) -> Iterator[str]:
    """Return the keys one by one; several may arrive at once, and the code of one in pieces."""
    waiting = b""
    while True:
        more = os.read(keyboard, 1024)
        if not more:
            return
        waiting += more
        text = waiting.decode("utf-8", "replace")
        if _UNFINISHED.search(text) and select.select([keyboard], [], [], 0.1)[0]:
            continue
        waiting = b""
        yield from _KEY.findall(text)


def screen(steps: Steps, place: int, width: int, height: int) -> str:
    """Return what the terminal shows at a step: the steps around it, and that step in full.

    Args:
        steps: those of the walk.
        place: which step.
        width, height: the columns and lines of the terminal.
    """
    step = steps[place]
    detail = _detail(step, Text(steps.lang))
    rows = max(1, height - len(detail) - 4)
    first = max(0, min(place - rows // 2, len(steps) - rows))
    lines = [f"{_BOLD}{fitted(f'{said(step.phase, steps.lang)}  {place + 1}/{len(steps)}', width)}{_PLAIN}"]
    for shown in steps[first : first + rows]:
        mark = ">" if shown.index == place else " "
        arrow = "↓" if shown.phase == "forward" else "↑"
        line = fitted(visible(f"{mark} {arrow} {shown.row(steps.lang)[1]}"), width)
        lines.append(f"{_REVERSE}{line}{_PLAIN}" if shown.index == place else line)
    lines += [
        "",
        *[fitted(visible(line), width) for line in detail],
        "",
        fitted(said(HELP, steps.lang), width),
    ]
    return "\r\n".join(lines)


def _detail(step: Step, write: Text) -> list[str]:
    """Return what a step does, in symbols and in numbers; always as many lines, so that nothing jumps."""
    formulas = (step.rule, step.numbers, step.update, step.update_numbers)
    return ["" if formula is None else f"  {write.write(formula)}" for formula in formulas]
