"""A picture in the language of Mermaid, which GitHub and other readers of Markdown files draw themselves.

They draw up to 500 arrows and 50,000 characters.
"""

from __future__ import annotations

import math
import re

from ..support.text import printable
from .picture import Arrow, Card, Frame, Picture
from .tex import plain
from .themes import Theme, strength_of


def mermaid_of(picture: Picture, theme: Theme, rankdir: str) -> str:
    """Return the picture as Mermaid text; the same picture gives the same text."""
    cards = {card.id: card for card in picture.cards}
    framed = {card for frame in picture.frames for card in frame.all_cards}
    lines = [f"flowchart {rankdir}"]
    for frame in picture.frames:
        lines += _frame(frame, cards, "  ")
    lines += [f"  {_card(card)}" for card in picture.cards if card.id not in framed]
    lines += [f"  {_arrow(arrow)}" for arrow in picture.arrows]
    for kind, fill in theme.heads.items():
        width = 2 if kind == "parameter" else 1
        color = theme.borders.get(kind, theme.border)
        lines.append(
            f"  classDef {kind} fill:{fill},stroke:{color},stroke-width:{width}px,color:{theme.text}"
        )
    for kind in theme.heads:
        if ids := [card.id for card in picture.cards if card.kind == kind]:
            lines.append(f"  class {','.join(ids)} {kind}")
    largest = picture.largest_flows()
    for i, arrow in enumerate(picture.arrows):
        thickness = 1 + 4 * math.sqrt(strength_of(arrow.flow, largest[arrow.scale]))
        color = theme.border if arrow.scale == "norm" else theme.color_of(arrow.flow)
        lines.append(f"  linkStyle {i} stroke:{color},stroke-width:{thickness:.1f}px")
    return "\n".join([*lines, ""])


def _frame(frame: Frame, cards: dict[str, Card], indent: str) -> list[str]:
    lines = [f'{indent}subgraph {frame.id}["{as_text(frame.title) or "inputs"}"]']
    for inner in frame.frames:
        lines += _frame(inner, cards, f"{indent}  ")
    lines += [f"{indent}  {_card(cards[card])}" for card in frame.cards]
    if frame.more:
        lines.append(f'{indent}  more_{frame.id}["and {frame.more} more"]')
    return [*lines, f"{indent}end"]


def _card(card: Card) -> str:
    head = " ".join(word for word in (str(card.operation or ""), plain(card.label), card.note) if word)
    parts = [f"<b>{as_text(head)}</b>"] if head else []
    parts += [as_text(f"{row.caption} {row.text}") for row in card.rows]
    parts += [as_text(card.footer)] if card.footer else []
    return f'{card.id}["{"<br/>".join(parts)}"]'


def _arrow(arrow: Arrow) -> str:
    # A circle at the end tells a negative contribution without colours.
    line = "--o" if arrow.flow < 0 else "-->"
    text = f'|"{as_text(arrow.text)}"|' if arrow.text else ""
    return f"{arrow.tail} {line}{text} {arrow.head}"


def as_text(text: str) -> str:
    """Return text as it stands between quotes in Mermaid: all that could be markup as its number.

    >>> as_text('a < "b"')
    'a #60; #34;b#34;'
    """
    return re.sub(r"[^\w\s.,+\-=/]|_", lambda match: f"#{ord(match[0])};", printable(text), flags=re.ASCII)
