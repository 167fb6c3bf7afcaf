"""A Value as a small table in HTML, which Jupyter shows at the end of a cell."""

from __future__ import annotations

import html

from ..engine import Value
from ..engine.visible import inputs_of
from ..support.text import printable, shortened
from .numbers import symbol_of
from .themes import theme_of

_LONGEST_NAME = 60
_MOST_OPERANDS = 12


def html_card(value: Value) -> str:
    """Return the card of a Value: its label, number, gradient, and the operation with its operands.

    It says nothing of what lies behind the operands, so it is small however large the graph is.
    """
    theme = theme_of()
    tint = theme.tint_of(value.grad, value.grad)
    cell = f"padding:2px 8px;border:0;text-align:left;color:{theme.text}"
    rows = []
    if value.label:
        label = _text(shortened(value.label, 400))
        head = theme.heads["inner" if value.op else "input"]
        rows.append(f'<td colspan="2" style="{cell};background:{head}"><b>{label}</b></td>')
    rows += [
        f'<td style="{cell};background:{color}">{caption}</td>'
        f'<td style="{cell};background:{color};text-align:right;font-family:monospace">{_text(number)}</td>'
        for caption, number, color in (
            ("data", repr(value.data), theme.card),
            ("grad", repr(value.grad + 0.0), tint),
        )
    ]
    if value.op:
        inputs = inputs_of(value)
        operands = ", ".join(
            [*map(_operand, inputs[:_MOST_OPERANDS]), *["…"] * (len(inputs) > _MOST_OPERANDS)]
        )
        rows.append(
            f'<td colspan="2" style="{cell};background:{theme.card}">'
            f"<b>{_text(symbol_of(value))}</b> of {operands}</td>"
        )
    lines = "".join(f'<tr style="background:{theme.card}">{row}</tr>' for row in rows)
    return (
        f'<table style="border:1px solid {theme.border};border-collapse:collapse;margin:4px 0">'
        f"<tbody>{lines}</tbody></table>"
    )


def _operand(x: Value | float) -> str:
    if not isinstance(x, Value):
        return _text(f"{x:.6g}")
    number = _text(f"{x.data:.6g}")
    return f"{_text(shortened(x.label, _LONGEST_NAME))} = {number}" if x.label else number


def _text(text: str) -> str:
    # $ would begin a formula in Jupyter
    return html.escape(printable(text)).replace("$", "&#36;")
