"""Text in a terminal, where a Chinese character takes two columns and an accent may take none."""

from __future__ import annotations

import unicodedata


def columns(text: str) -> int:
    """Return how many columns of a terminal the text takes.

    >>> columns("speed"), columns("速度")
    (5, 4)
    """
    wide = sum(unicodedata.east_asian_width(x) in "WF" for x in text)
    return len(text) + wide - sum(unicodedata.category(x) in ("Mn", "Me") for x in text)


def pad(text: str, width: int) -> str:
    """Return the text with as many spaces after it as make it `width` columns wide.

    >>> pad("速度", 6)
    '速度  '
    """
    return text + " " * (width - columns(text))


def fitted(text: str, width: int) -> str:
    """Return the text, of which the end is left out where it is more than `width` columns wide.

    >>> fitted("速度和加速度", 8)
    '速度和…'
    """
    if columns(text) <= width:
        return text
    while columns(text) > width - 1:
        text = text[:-1]
    return text + "…"


def point_at(text: str, start: int, stop: int) -> str:
    """Return what stands around the characters from `start` to `stop` of a text, with carets below these.

    >>> print(point_at("1 + x^2", 5, 6))
        1 + x^2
             ^
    """
    first, last = max(0, start - 40), min(len(text), start + 30)
    before, after = "..." if first else "", "..." if last < len(text) else ""
    left, meant, right = text[first:start], text[start : min(stop, last)], text[min(stop, last) : last]
    line = visible(left + meant + right)
    indent = " " * columns(before + visible(left))
    return f"    {before}{line}{after}\n    {indent}{'^' * max(1, columns(visible(meant)))}"


def visible(text: str) -> str:
    return "".join(
        " " if x.isspace() else x if x.isprintable() else "\N{REPLACEMENT CHARACTER}" for x in text
    )
