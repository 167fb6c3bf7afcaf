"""Text that anybody may have chosen, made fit to be shown: on one line, short, with nothing invisible."""

from __future__ import annotations

import re

from .messages import cut

# What XML or UTF-8 cannot hold, and what would be invisible or turn the rest of the line around
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def printable(text: str) -> str:
    """Return the text with unprintable characters as Python writes them, such as \\x07."""
    return _UNPRINTABLE.sub(lambda match: repr(match[0])[1:-1], text)


def shortened(text: str, length: int) -> str:
    """Return the text on one line, cut to a length, with unprintable characters as Python writes them."""
    return printable(cut(text, length, "…"))
