"""What runs beside the page: programs and formulas, whose results go to the page as they come.

Each message has a kind and a content: "text" (what is printed), "html", "chart", "error" (as Python tells
it), "formula". `display`, as in Jupyter, shows something in between, and so does the last expression of a
program.
"""

from __future__ import annotations

import ast
import io
import linecache
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from ..drawing import draw
from ..engine import Value
from ..live import play
from ..steps import explain, walk
from ..support.showing import displayed_by
from .charts import Send, drawn_by
from .showing import shown

Evaluate = Callable[[str, str], tuple[Value, Mapping[str, Value]]]
"""Called with a formula and the values of its variables, such as "x=2 y=5"; returns the result and these."""

FILE = "<program>"
VIEWS = ("live", "steps", "picture", "chain")
# A page that is told more than this, by a loop without an end, has no time for its Stop button
_WHOLE = 200_000  # characters that a program may print
_MOST = 100  # things that it may show
_BURST, _RATE = 50.0, 50.0  # pieces of what is printed, at once and in a second


class Session:
    """Runs programs and formulas, one at a time.

    Args:
        send: takes the messages.
        evaluate: reads formulas.
    """

    def __init__(self, send: Send, evaluate: Evaluate) -> None:
        self.send = send
        self.evaluate = evaluate
        self.lang = "en"
        self.printed = _Printed(send)
        self.shown = 0

    def run(self, program: str, lang: str = "en") -> bool:
        """Run a program from an empty namespace, and say whether it came to its end."""
        self.lang = lang
        self.shown = 0
        linecache.cache[FILE] = (len(program), None, program.splitlines(keepends=True), FILE)
        space: dict[str, Any] = {"__name__": "__main__", "display": self.display}
        self.printed = out = _Printed(self.send)
        stdin = sys.stdin
        sys.stdin = io.StringIO()
        try:
            with redirect_stdout(out), redirect_stderr(out), drawn_by(self.send), displayed_by(self.display):
                self._execute(program, space)
        except SystemExit as done:
            if done.code in (None, 0):
                return True
            out.send_all()
            self.send("error", done.code if isinstance(done.code, str) else f"SystemExit: {done.code}")
            return False
        except BaseException as error:
            out.send_all()
            self.send("error", error_text(error))
            return False
        finally:
            sys.stdin = stdin
            out.send_all()
        return True

    def _execute(self, program: str, space: dict[str, Any]) -> None:
        tree = ast.parse(program, FILE)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, FILE, "exec"), space)
        if isinstance(last, ast.Expr):
            self.display(eval(compile(ast.Expression(last.value), FILE, "eval"), space))

    def display(self, *things: Any) -> None:
        """Show things as Jupyter does: a page, a picture, or text; None is not shown.

        Raises:
            RuntimeError: the program has shown as much as the page can take.
        """
        self.printed.send_all()
        for thing in things:
            if thing is not None:
                self.shown += 1
                if self.shown > _MOST:
                    raise RuntimeError(
                        f"a program on this page can show {_MOST} things, and this is one more"
                    )
                self.send("html", shown(thing))

    def formula(self, text: str, values: str, view: str, lang: str = "en") -> bool:
        """Compute a formula and its derivatives, and show them in one of VIEWS; say whether that could be."""
        self.lang = lang
        try:
            result, variables = self.evaluate(text, values)
            result.backward()
            rows = [[name, repr(leaf.data), repr(leaf.grad)] for name, leaf in variables.items()]
            self.send("formula", {"value": repr(result.data), "rows": rows})
            self.send("html", self._view(result, view))
        except Exception as error:
            kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
            self.send("error", f"{kind}{error}")
            return False
        return True

    def _view(self, result: Value, view: str) -> str:
        if view == "steps":
            return shown(walk(result, lang=self.lang))
        if view == "picture":
            return shown(draw(result))
        if view == "chain":
            return shown(explain(result, lang=self.lang))
        return shown(play(result, lang=self.lang))


def error_text(error: BaseException) -> str:
    """Return an error as Python tells it, from the program on: how it came to be run here is left out."""
    told = traceback.TracebackException.from_exception(error, compact=True)
    _from_the_program(told)
    return "".join(told.format()).rstrip("\n")


def _from_the_program(told: traceback.TracebackException) -> None:
    for other in (told.__cause__, told.__context__):
        if other is not None:
            _from_the_program(other)
    begin = next((i for i, frame in enumerate(told.stack) if frame.filename == FILE), len(told.stack))
    del told.stack[:begin]


class _Printed(io.TextIOBase):
    """What is printed, which goes to the page by lines, or by many lines where these come fast."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: list[str] = []
        self._length = 0
        self._pieces, self._then = _BURST, time.monotonic()  # that may be sent at once

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = _WHOLE - self._length
        if room >= 0:
            self._length += len(text)
            self._waiting.append(text if len(text) <= room else f"{text[:room]}\n…\n")
            if len(text) > room or ("\n" in text and self._may_send()):
                self.send_all()
        return len(text)

    def _may_send(self) -> bool:
        now = time.monotonic()
        self._pieces, self._then = min(_BURST, self._pieces + _RATE * (now - self._then)), now
        if self._pieces < 1.0:
            return False
        self._pieces -= 1.0
        return True

    def flush(self) -> None:
        if self._may_send():
            self.send_all()

    def send_all(self) -> None:
        """Send what waits, so that what is shown next comes after it."""
        if self._waiting:
            text, self._waiting = "".join(self._waiting), []
            self._send("text", text)
