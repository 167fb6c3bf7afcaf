"""A picture in DOT, the language of Graphviz. Any text is shown as it was typed, never read as markup."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence

from ..support.terminal import columns
from ..support.text import printable
from .picture import Arrow, Card, Frame, Picture, Row
from .themes import Theme, mixed, strength_of

FONT = "Helvetica,Arial,sans-serif"
_MANY = 500  # cards
_LINE, _MOST_LINES = 40, 12  # columns of a label, and its lines; more is cut, and whole in the tooltip


def dot_of(picture: Picture, theme: Theme, rankdir: str) -> str:
    """Return the picture as DOT text; the same picture gives the same text."""
    return _Writer(picture, theme, rankdir).text()


class _Writer:
    def __init__(self, picture: Picture, theme: Theme, rankdir: str) -> None:
        self.picture, self.theme, self.rankdir = picture, theme, rankdir
        self.largest_gradient = picture.largest_gradient()
        self.largest_flows = picture.largest_flows()

    def text(self) -> str:
        theme = self.theme
        layout = "nodesep=0.18, ranksep=0.55, outputorder=edgesfirst"
        if len(self.picture.cards) > _MANY:  # a layout that is good enough, in a quarter of the time
            layout += ", nslimit=2, nslimit1=2, mclimit=0.2"
        if self.picture.folded:
            sep = 0.1 if self.picture.compact else 0.25
            # A low limit keeps the columns in the order in which they are written.
            lines = f"ranksep={1.5 if self.picture.compact else 1.1}, splines=line, mclimit=0.1"
            if self.picture.expanded:
                lines = "ranksep=0.85, newrank=true"
            layout = f"nodesep={sep}, outputorder=edgesfirst, {lines}"
        framed = {card for frame in self.picture.frames for card in frame.all_cards}
        text = [
            "digraph {",
            f'  graph [rankdir={self.rankdir}, bgcolor="{theme.background}", {layout}, pad=0.15, '
            f'fontname="{FONT}", fontsize=11]',
            f'  node [shape=plain, fontname="{FONT}", fontsize=11, fontcolor="{theme.text}"]',
            f'  edge [fontname="{FONT}", fontsize=9, arrowsize=0.7]',
        ]
        cards = {card.id: card for card in self.picture.cards}
        for frame in self.picture.frames:
            text += self.frame(frame, cards, "  ")
        text += [f"  {card.id} {self.card(card)}" for card in cards.values() if card.id not in framed]
        arrows = self.picture.arrows
        if self.picture.folded:  # what is written later lies on top
            arrows = sorted(arrows, key=lambda arrow: abs(arrow.flow))
        text += [f"  {self.arrow(arrow)}" for arrow in arrows]
        return "\n".join([*text, "}\n"])

    def frame(self, frame: Frame, cards: dict[str, Card], indent: str) -> Iterable[str]:
        yield f"{indent}subgraph cluster_{frame.id} {{"
        inner = f"{indent}  "
        if frame.title:
            title = as_markup(frame.title)
            captions = frame.captions
            if frame.more:
                count = len(frame.cards)
                captions = f"{count} of {count + frame.more}{', ' if captions else ''}{captions}"
            if captions:
                title += f'<BR/><FONT POINT-SIZE="9">{as_markup(captions)}</FONT>'
            # From above, arrows come in at the middle.
            place = ", labeljust=l" if self.rankdir in ("TB", "BT") else ""
            yield (
                f'{inner}graph [label=<{title}>, tooltip="{as_tooltip(frame.title)}", '
                f'style="rounded,filled", color="{self.theme.frame_border}", '
                f'fillcolor="{self.theme.frame}", fontcolor="{self.theme.caption}", margin=8{place}]'
            )
        else:
            yield f'{inner}graph [label="", tooltip=" ", style=invis]'
        for child in frame.frames:
            yield from self.frame(child, cards, inner)
        for card in frame.cards:
            yield f"{inner}{card} {self.card(cards[card])}"
        column = list(frame.cards)
        if frame.frames:  # neurons stand where the ones shown in full end
            column += [part.cards[-1] for part in frame.frames if part.cards]
            yield f"{inner}{{ rank=same; {'; '.join(column)} }}"
        if frame.column and len(column) > 1 and self.picture.expanded and not frame.frames:
            yield f"{inner}{{ rank=same; {'; '.join(column)} }}"
        elif frame.column and len(column) > 1 and not frame.frames:
            if self.rankdir in ("LR", "RL"):  # there the first of a chain is the lowest
                column.reverse()
            yield f"{inner}{{ rank=same; {' -> '.join(column)} [style=invis] }}"
        yield f"{indent}}}"

    # Cards

    def card(self, card: Card) -> str:
        theme = self.theme
        tint = theme.heads[card.kind]
        head = self.head(card)
        operation = self.operation(card)
        one_line = self.picture.compact and card.operation is None
        rows = [self.row(row, "" if head or operation else tint, one_line) for row in card.rows]
        if one_line:
            width = _width(card.label) or ' WIDTH="28"'
            rows = [f'<TD ALIGN="LEFT"{width} BGCOLOR="{tint}">{head}</TD>{"".join(rows)}']
        elif head:
            width = _width(card.label)
            rows.insert(0, f'<TD COLSPAN="2" ALIGN="LEFT"{width} BGCOLOR="{tint}">{head}</TD>')
        if card.footer:
            footer = f'<FONT COLOR="{theme.caption}" POINT-SIZE="10">{as_markup(card.footer)}</FONT>'
            rows.append(f'<TD COLSPAN="2" ALIGN="LEFT">{footer}</TD>')
        if operation:
            rows[0] = (
                f'<TD ROWSPAN="{len(rows)}" WIDTH="26" BGCOLOR="{theme.operation}">'
                f'<FONT COLOR="{theme.operation_text}" POINT-SIZE="14">{operation}</FONT></TD>{rows[0]}'
            )
        border = 2 if card.kind == "parameter" else 1  # seen without colours too
        color = theme.borders.get(card.kind, theme.border)
        table = (
            f'<TABLE BORDER="{border}" COLOR="{color}" BGCOLOR="{theme.card}" CELLBORDER="0" '
            f'CELLSPACING="0" CELLPADDING="3">{"".join(f"<TR>{row}</TR>" for row in rows)}</TABLE>'
        )
        return f'[label=<{table}>, tooltip="{as_tooltip(card.tooltip or card.label)}"]'

    def head(self, card: Card) -> str:
        lines = wrapped(card.label)
        head = '<BR ALIGN="LEFT"/>'.join(f"<B>{as_markup(line)}</B>" if line else "" for line in lines)
        if len(lines) > 1:
            head += '<BR ALIGN="LEFT"/>'
        if card.note:
            head += f' <FONT COLOR="{self.theme.accent}">{as_markup(card.note)}</FONT>'
        return head

    def row(self, row: Row, tint: str, one_line: bool) -> str:
        color = self.theme.caption
        if row.gradient is not None:
            tint = self.theme.tint_of(row.gradient, self.largest_gradient)
            color = self.theme.text  # the caption's own would be faint on a strong tint
        background = f' BGCOLOR="{tint}"' if tint else ""
        caption = f'<TD ALIGN="LEFT"{background}><FONT COLOR="{color}">{row.caption}</FONT></TD>'
        width = ""
        if one_line:
            caption, width = "", ' WIDTH="52"'
        return f'{caption}<TD ALIGN="RIGHT"{width}{background}>{as_markup(row.text)}</TD>'

    def operation(self, card: Card) -> str:
        """Return the symbol, with constants in small print where they stand in a formula."""
        if card.operation is None:
            return ""
        symbol, left, right, arguments = card.operation
        words = [_small(left), f"<B>{as_markup(symbol)}</B>", _small(right)]
        text = " ".join(word for word in words if word)
        return f"{text}<BR/>{_small(f'({arguments})')}" if arguments else text

    # Arrows

    def arrow(self, arrow: Arrow) -> str:
        theme, flow = self.theme, arrow.flow
        strength = strength_of(flow, self.largest_flows[arrow.scale])
        crowded = self.picture.compact and arrow.scale == "weight"
        if not crowded:  # few arrows: the square root keeps small contributions visible
            strength = math.sqrt(strength)
        width = 0.4 + 2.6 * strength if self.picture.folded else 0.6 + 2.8 * strength
        color = theme.border if arrow.scale == "norm" else theme.color_of(flow)
        faint = flow == 0 and self.picture.folded and self.largest_flows[arrow.scale] > 0
        if crowded:  # of hundreds of weights those with the largest gradients stand out
            color = mixed(theme.background, color, 0.35 + 0.65 * strength)
        if faint:
            color = theme.frame_border  # hundreds of weights without a gradient would hide the others
        attributes = [f'color="{color}"', f"penwidth={width:.2f}", f'tooltip="{as_tooltip(arrow.tooltip)}"']
        if arrow.text:
            text = as_markup(arrow.text)
            attributes[:0] = [f'label=" {text} "', f'fontcolor="{theme.text_of(flow)}"']
        if flow < 0:
            attributes.append("arrowhead=onormal")
        elif faint:
            attributes.append("arrowhead=none")
        sides = {"LR": "ew", "RL": "we", "TB": "sn", "BT": "ns"}[self.rankdir]
        ends = [f":{side}" if self.picture.folded else "" for side in sides]
        return f"{arrow.tail}{ends[0]} -> {arrow.head}{ends[1]} [{', '.join(attributes)}]"


def _width(label: str) -> str:
    """Return the least width of a cell with wide letters, Chinese ones or pictures.

    Graphviz measures them by the fonts of this machine, which may have none for them.
    """
    widths = [13.5 * (wide := columns(line) - len(line)) + 7 * (len(line) - wide) for line in wrapped(label)]
    return f' WIDTH="{round(max(widths)) + 8}"' if columns(label) > len(label) else ""


def _small(text: str) -> str:
    return f'<FONT POINT-SIZE="10">{as_markup(text)}</FONT>' if text else ""


# Text


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


def as_markup(text: str) -> str:
    """Return the text for a label, in which Graphviz expands backslashes and entities, HTML-like or not."""
    return html.escape(printable(text)).replace("\\", "&#92;&#92;")


def as_tooltip(text: str) -> str:
    """Return the text for a tooltip; versions differ in how often they expand a backslash, and ⧵ is none."""
    return html.escape(printable(text).replace("\\", "⧵"))
