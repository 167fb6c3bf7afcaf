"""How a graph looks: a Value as a card, an edge as an arrow, and the colours of numbers, in DOT.

A card bears label, number and gradient, with the operation on its dark edge; an arrow bears the local
derivative, and its colour and width show what flows along it. Any text is shown as it was typed.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Iterable
from typing import NamedTuple

from .engine import Value
from .ops import TABLE

FONT = "Helvetica,Arial,sans-serif"
_GRAY, _BLUE, _RED, _PURPLE = "#9ca3af", "#2563eb", "#dc2626", "#a21caf"
_BORDER, _CAPTION, _OPERATION = "#6b7280", "#4b5563", "#1f2937"
_INPUT, _PARAMETER, _INNER = "#ecfdf5", "#fef3c7", "#f3f4f6"
_LABEL_LENGTH, _TOOLTIP_LENGTH = 40, 400

_INFIX = {"+", "-", "*", "/", "//", "%", "**", "pow"}
_NAME_OF_A_PARAMETER = re.compile(r"(w|b|weights?|bias)(_?\d+)*(\[\d+\])*", re.IGNORECASE)


class Arrow(NamedTuple):
    """An edge of the graph, from the card of an operand to that of the result."""

    tail: str
    head: str
    partial: float
    upstream: float

    @property
    def flow(self) -> float:
        """What backward() adds to the operand's gradient along this edge."""
        return self.partial * self.upstream


class Style:
    """Cards and arrows as attributes of DOT, with numbers in one format."""

    def __init__(self, format: str) -> None:  # noqa: A002
        try:
            self._spec = format
            self.number(1.5)
        except (TypeError, ValueError):
            raise ValueError(
                f"format says how numbers are written, such as '.4g' or '.2f', which {format!r} does not; "
                "the kind of picture is chosen by the suffix: draw(x).save('x.png')"
            ) from None

    def number(self, x: float) -> str:
        """Return a number as the picture writes it."""
        return format(x + 0.0, self._spec)  # -0.0 + 0.0 is 0.0: no gradient of "-0"

    def card(self, node: Value, largest: float) -> str:
        """Return the attributes of a card; `largest` is the size of the largest gradient in the picture."""
        tint = _INNER if node.op else _PARAMETER if _is_parameter(node.label) else _INPUT
        rows = [
            self._row("data", node.data, "" if node.op or node.label else tint),
            self._row("grad", node.grad, tint_of(node.grad, largest)),
        ]
        if node.label:
            label = as_markup(shortened(node.label, _LABEL_LENGTH))
            rows.insert(0, f'<TD COLSPAN="2" ALIGN="LEFT" BGCOLOR="{tint}"><B>{label}</B></TD>')
        if node.op:
            rows[0] = (
                f'<TD ROWSPAN="{len(rows)}" WIDTH="26" BGCOLOR="{_OPERATION}">'
                f'<FONT COLOR="white" POINT-SIZE="14">{self._operation(node)}</FONT></TD>{rows[0]}'
            )
        table = (
            f'<TABLE BORDER="1" COLOR="{_BORDER}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3">'
            f"{''.join(f'<TR>{row}</TR>' for row in rows)}</TABLE>"
        )
        name = f"{shortened(node.label, _TOOLTIP_LENGTH)}: " if node.label else ""
        tooltip = as_tooltip(f"{name}data {node.data!r}, grad {node.grad!r}")
        return f'[label=<{table}>, tooltip="{tooltip}"]'

    def _row(self, caption: str, x: float, tint: str) -> str:
        color = f' BGCOLOR="{tint}"' if tint else ""
        return (
            f'<TD ALIGN="LEFT"{color}><FONT COLOR="{_CAPTION}">{caption}</FONT></TD>'
            f'<TD ALIGN="RIGHT"{color}>{as_markup(self.number(x))}</TD>'
        )

    def _operation(self, node: Value) -> str:
        """Return the symbol, with constants in small print where they stand in a formula."""
        primitive = TABLE.get(node.op)
        symbol = f"<B>{as_markup(primitive.symbol if primitive else node.op)}</B>"
        constants = ["" if isinstance(x, Value) else as_markup(self.number(x)) for x in node.operands]
        if not any(constants):
            return symbol
        if node.op in _INFIX:
            left, right = [f'<FONT POINT-SIZE="10">{c}</FONT>' if c else "" for c in constants]
            return f"{left} {symbol}" if left else f"{symbol} {right}"
        arguments = ", ".join(c or "·" for c in constants)
        return f'{symbol}<BR/><FONT POINT-SIZE="10">({arguments})</FONT>'

    def arrow(self, arrow: Arrow, largest: float) -> str:
        """Return the attributes of an arrow; `largest` is the size of the largest flow in the picture."""
        local, upstream, flow = map(self.number, (arrow.partial, arrow.upstream, arrow.flow))
        color = color_of(arrow.flow)
        width = 0.6 + 3.4 * math.sqrt(strength_of(arrow.flow, largest))
        tooltip = as_tooltip(f"local derivative {local} × gradient {upstream} = {flow}")
        return (
            f'[label=" {as_markup(local)} ", color="{color}", fontcolor="{color}", '
            f'penwidth={width:.2f}, tooltip="{tooltip}"]'
        )


def _is_parameter(label: str) -> bool:
    return _NAME_OF_A_PARAMETER.fullmatch(label.rpartition(".")[2]) is not None


def largest_of(numbers: Iterable[float]) -> float:
    """Return the largest size among the finite numbers; 0 where there are none."""
    return max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)


def strength_of(x: float, largest: float) -> float:
    """Return the size of x as part of `largest`, from 0 to 1; what is larger, infinite or NaN is 1."""
    if x == 0.0:
        return 0.0
    return abs(x) / largest if abs(x) < largest else 1.0


def color_of(x: float) -> str:
    """Return the colour of a number's sign: blue, red, gray for 0, purple for NaN."""
    return _PURPLE if math.isnan(x) else _BLUE if x > 0 else _RED if x < 0 else _GRAY


def tint_of(x: float, largest: float) -> str:
    """Return the colour of x on white; the square root keeps small gradients visible."""
    strength = 0.55 * math.sqrt(strength_of(x, largest))
    full = bytes.fromhex(color_of(x)[1:])
    return "#" + bytes(round(255 - (255 - channel) * strength) for channel in full).hex()


# Text: whatever it holds is shown as typed, never read as markup

# What XML or UTF-8 cannot hold, and what would be invisible or turn the rest of the line around
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def shortened(text: str, length: int) -> str:
    """Return the text cut to a length, with unprintable characters as Python writes them, such as \\n."""
    short = text if len(text) <= length else text[: length - 1] + "…"
    return _UNPRINTABLE.sub(lambda match: repr(match[0])[1:-1], short)


def as_markup(text: str) -> str:
    """Return the text for a label, in which Graphviz expands backslashes and entities, HTML-like or not."""
    return html.escape(text).replace("\\", "&#92;&#92;")


def as_tooltip(text: str) -> str:
    """Return the text for a tooltip; versions differ in how often they expand a backslash, and ⧵ is none."""
    return html.escape(text.replace("\\", "⧵"))
