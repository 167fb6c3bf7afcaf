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
import traceback
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from ..drawing import draw
from ..engine import Value
from ..live import play
from ..steps import explain, walk
from .charts import Send, drawn_by
from .showing import shown

Evaluate = Callable[[str, str], tuple[Value, Mapping[str, Value]]]
"""Called with a formula and the values of its variables, such as "x=2 y=5"; returns the result and these."""

FILE = "<program>"
VIEWS = ("live", "steps", "picture", "chain")
_WHOLE = 200_000  # characters that a program may print; of more the page would become slow


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

    def run(self, program: str, lang: str = "en") -> bool:
        """Run a program from an empty namespace, and say whether it came to its end."""
        self.lang = lang
        linecache.cache[FILE] = (len(program), None, program.splitlines(keepends=True), FILE)
        space: dict[str, Any] = {"__name__": "__main__", "display": self.display}
        out = _Printed(self.send)
        stdin = sys.stdin
        sys.stdin = io.StringIO()
        try:
            with redirect_stdout(out), redirect_stderr(out), drawn_by(self.send):
                self._execute(program, space)
        except SystemExit as done:
            return done.code in (None, 0)
        except BaseException as error:
            out.flush()
            self.send("error", error_text(error))
            return False
        finally:
            sys.stdin = stdin
            out.flush()
        return True

    def _execute(self, program: str, space: dict[str, Any]) -> None:
        tree = ast.parse(program, FILE)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, FILE, "exec"), space)
        if isinstance(last, ast.Expr):
            self.display(eval(compile(ast.Expression(last.value), FILE, "eval"), space))

    def display(self, *things: Any) -> None:
        """Show things as Jupyter does: a page, a picture, or text; None is not shown."""
        sys.stdout.flush()
        for thing in things:
            if thing is not None:
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
    """What is printed, which goes to the page by lines."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: list[str] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if self._length <= _WHOLE:
            self._length += len(text)
            self._waiting.append(text if self._length <= _WHOLE else "\n…\n")
            if "\n" in text:
                self.flush()
        return len(text)

    def flush(self) -> None:
        if self._waiting:
            text, self._waiting = "".join(self._waiting), []
            self._send("text", text)
