"""Functions that a language lacks, which a program gets along with those that they call.

They are written in a file of the language, so that its own tools read them. In the texts, and in those of
programs, `@name` is one of them: what its name begins with there is chosen when it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_CALLED = re.compile(r"@(\w+)")
_OWN = "own_"  # what their names begin with in the file


class Library:
    """The functions of a file.

    Attributes:
        texts: the text of each function, by its name.

    Args:
        text: that of the file, after its heading; an empty line, or a comment, is before each function.
        begins: a regular expression for what a function, or the comment before it, begins with.
        declared: one for what stands before the name of a function.
    """

    def __init__(self, text: str, begins: str, declared: str) -> None:
        self.texts: dict[str, str] = {}
        for part in re.split(rf"\n\n(?={begins})", text.strip()):
            name = re.search(rf"^{declared} {_OWN}(\w+)\(", part, re.MULTILINE)
            assert name is not None, part
            self.texts[name[1]] = re.sub(rf"\b{_OWN}(?=\w)", "@", f"{part}\n")

    def needed_by(self, names: Iterable[str], prefix: str) -> str:
        """Return the text of functions and of those that they call, in the order of the file.

        Args:
            names: those of the functions.
            prefix: what their names begin with in the text.
        """
        needed: set[str] = set()
        todo = [*names]
        while todo:
            name = todo.pop()
            if name not in needed:
                needed.add(name)
                todo += _CALLED.findall(self.texts[name])
        return "\n".join(with_names(text, prefix) for name, text in self.texts.items() if name in needed)


def with_names(text: str, prefix: str) -> str:
    """Return a text in which the names of functions are complete."""
    return _CALLED.sub(lambda found: prefix + found[1], text)
