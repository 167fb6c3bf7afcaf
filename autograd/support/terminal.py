"""Text in a terminal, where a Chinese character takes two columns and an accent may take none."""

from __future__ import annotations

import re
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


# What stands together on a line: a word with the sign before it, or a Chinese character with the marks before
# it that end no line and those after it that begin none.
_WIDE = r"\u2e80-\u9fff\uff00-\uffef"
_OPENING, _CLOSING = "（《“", "，。：；、？！）》”…"
_WORD = re.compile(
    rf"(?:(?:[-·=←+−]|→[₁₂]?) )?(?:[{_OPENING}]*[{_WIDE}]|[^\s{_WIDE}{_OPENING}{_CLOSING}]+|…)[{_CLOSING}]*"
)


def wrapped(text: str, width: int) -> str:
    """Return one line of text as lines of at most `width` columns; those after the first stand further right.

    An equation is broken before its signs where that suffices. A word, with a sign such as + or → before it,
    is not broken, even if it is wider than the line.

    >>> print(wrapped("  y = x · x + 2 · x = 3", 20))
      y = x · x + 2 · x
        = 3
    """
    if columns(text) <= width:
        return text
    indent = " " * (len(text) - len(text.lstrip(" ")))
    hanging = indent + "  " * bool(indent or " = " in text)
    lines = [indent]
    for member in re.split(r" (?=[=←] )", text.strip(" ")):
        if columns(f"{lines[-1]} {member}") <= width:
            lines[-1] += f" {member}" if lines[-1].strip() else member
            continue
        for i, match in enumerate(_WORD.finditer(member)):
            gap = " " * (match.start() > 0 and member[match.start() - 1] == " ") if i else " "
            line = lines[-1] + gap * bool(lines[-1].strip()) + match[0]
            fits = columns(line) <= width and not (i == 0 and len(lines[-1]) > len(hanging))
            if fits or not lines[-1].strip():
                lines[-1] = line
            else:
                lines.append(hanging + match[0])
    return "\n".join(lines)


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
