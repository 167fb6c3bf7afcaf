"""How a label is broken into lines, and how wide text is in a sans-serif type, where no font can be asked."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from ..support.terminal import columns
from ..support.text import printable

_LINE, _MOST_LINES = 40, 12  # columns of a label, and its lines; more is cut, and whole in the tooltip

# Of Helvetica, in thousandths of the size (Adobe's font metrics), of the characters from the space to ~.
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 "
    "556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 "
    "667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 556 500 556 556 278 556 "
    "556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 "
).split()
_BOLD_WIDTHS = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 "
    "556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 "
    "667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 611 556 611 556 333 611 "
    "611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584 "
).split()
_ASCII, _BOLD_ASCII = (
    {chr(32 + i): int(width) / 1000 for i, width in enumerate(widths)} for widths in (_WIDTHS, _BOLD_WIDTHS)
)
_SIGNS = dict.fromkeys("−×÷±≈≤≥", 0.58) | {"·": 0.3}  # about
_ROOM = 1.04  # fonts that stand in for Helvetica are a little wider


def width_of(text: str, size: float, bold: bool = False) -> float:
    """Return how wide a text is, in the units of its size, rather more than less.

    >>> round(width_of("data", 11.0), 1), round(width_of("数据", 11.0), 1)
    (22.3, 24.9)
    """
    return sum(_letter(x, bold) for x in text) * size * _ROOM


def width_in_helvetica(text: str, size: float, bold: bool = False) -> float | None:
    """Return how wide a text is in Helvetica, or None where it has letters of other scripts.

    >>> width_in_helvetica("data", 10.0), width_in_helvetica("数据", 10.0)
    (19.46, None)
    """
    widths = (_BOLD_ASCII if bold else _ASCII) | _SIGNS
    return sum(widths[x] for x in text) * size if all(x in widths for x in text) else None


def _letter(x: str, bold: bool) -> float:
    widths = _BOLD_ASCII if bold else _ASCII
    if x in widths:
        return widths[x]
    if unicodedata.combining(x):
        return 0.0
    return 1.09 if unicodedata.east_asian_width(x) in "WF" or ord(x) > 0xFFFF else 0.62


def wrapped(text: str) -> Sequence[str]:
    """Return a label as the lines of a card: its own, those that are long broken, the last ones left out.

    >>> wrapped("one\\ntwo")
    ['one', 'two']
    """
    lines: list[str] = []
    for own in text.replace("\r\n", "\n").expandtabs(4).split("\n") if text else []:
        line = printable(own)
        while columns(line) > _LINE and len(lines) <= _MOST_LINES:
            end = _LINE
            while columns(line[:end]) > _LINE:
                end -= 1
            space = line.rfind(" ", end // 2, end)
            end = space + 1 if space > 0 else end
            lines.append(line[:end])
            line = line[end:]
        lines.append(line)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1][: _LINE - 1] + "…"]
    return lines
