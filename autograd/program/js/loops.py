"""Loops in JavaScript: as in C, with arrays that are typed."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from ...support.phrases import ATOM, SIGN, Phrase
from ..c.loops import LoopWriter


class JsLoopWriter(LoopWriter):
    """Writes the marks of a program with loops."""

    NUMBER, CONDITION, CONSTANT, COUNTER = "let", "let", "const", "let"

    def lists(self, title: str) -> list[str]:
        """Return the lines, outside of the function, of the lists that never change.

        Args:
            title: the name of the function.
        """
        lines: list[str] = []
        for name, table in self._tables().items():
            numbers = [number_of(x).text for x in table]
            lines += self._list_of("Float64Array", f"{title}_{name}", numbers)
        for name, places in self._lists_of_places().items():
            lines += self._list_of("Int32Array", f"{title}_{name}", [str(x) for x in places])
        return lines

    def arrays_of(self, title: str) -> list[str]:
        """Return the lines that make the arrays, which those of `lists` must come before."""
        names = [*self._tables(), *self._listed.values()]
        lines = [f"const {name} = {title}_{name};" for name in names]
        return [*lines, *[f"const {name} = new Float64Array({n});" for name, n in self._kept.items()]]

    def _list_of(self, kind: str, name: str, texts: Sequence[str]) -> list[str]:
        text = f"const {name} = new {kind}([{', '.join(texts)}]);"
        return wrap(text, self._width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def number_of(x: float) -> Phrase:
    """Return a number as JavaScript has it."""
    text = repr(x).replace("inf", "Infinity").replace("nan", "NaN")
    return Phrase(text, SIGN if text.startswith("-") else ATOM)
