"""A picture in DOT, the language of Graphviz. Any text is shown as it was typed, never read as markup."""

from __future__ import annotations

import html
from collections.abc import Iterable

from ..support.terminal import columns
from ..support.text import printable
from .arrow_looks import Looks
from .dot_places import Places
from .letters import width_of, wrapped
from .picture import Arrow, Card, Frame, Picture, Row
from .tex import runs_of
from .themes import Theme

FONT = "Helvetica,Arial,sans-serif"
_MANY = 500  # cards


def dot_of(picture: Picture, theme: Theme, rankdir: str, places: Places | None = None) -> str:
    """Return the picture as DOT text; the same picture gives the same text.

    Args:
        picture: the picture.
        theme: its colours.
        rankdir: the direction of its arrows.
        places: where everything lies; else Graphviz finds that.
    """
    return _Writer(picture, theme, rankdir, places).text()


class _Writer:
    def __init__(self, picture: Picture, theme: Theme, rankdir: str, places: Places | None) -> None:
        self.picture, self.theme, self.rankdir, self.places = picture, theme, rankdir, places
        self.largest_gradient = picture.largest_gradient()
        self.looks = Looks(picture, theme)

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
        if self.places:
            layout += f', bb="{self.places.box}"'
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
        if self.picture.legend:
            text.append(f"  graph [label=<{self.legend()}>, labelloc=b, labeljust=l]")
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
            if self.places:
                place = f", {self.places.frame(frame.id)}"
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

    def legend(self) -> str:
        """Return a table of samples and what they mean."""
        theme, rows = self.theme, []
        for sample, text in self.picture.legend:
            cell = "<TD></TD>"
            if sample in theme.heads:
                color = theme.borders.get(sample, theme.border)
                border = 2 if sample == "parameter" else 1
                cell = (
                    f'<TD BORDER="{border}" COLOR="{color}" BGCOLOR="{theme.heads[sample]}" WIDTH="18" '
                    'HEIGHT="10" FIXEDSIZE="TRUE"></TD>'
                )
            elif sample:
                bar = f'<TD BGCOLOR="{theme.sample_of(sample)}" WIDTH="18" HEIGHT="3" FIXEDSIZE="TRUE"></TD>'
                plain = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"'
                cell = f"<TD><TABLE {plain}><TR>{bar}</TR></TABLE></TD>"
            words = f'<FONT COLOR="{theme.caption}" POINT-SIZE="9">{as_markup(text)}</FONT>'
            rows.append(f'<TR>{cell}<TD ALIGN="LEFT">{words}</TD></TR>')
        return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="3" CELLPADDING="1">{"".join(rows)}</TABLE>'

    # Cards

    def card(self, card: Card) -> str:
        theme = self.theme
        tint = theme.heads[card.kind]
        head = self.head(card)
        operation = self.operation(card)
        one_line = self.picture.compact and card.operation is None
        edge, inner = 26.0, 0.0
        if self.places and not one_line:
            edge, inner = self.places.widths(card.id, bool(operation))
            inner -= max((width_of(row.caption, 11) for row in card.rows), default=0.0) + 8
        rows = [self.row(row, "" if head or operation else tint, one_line, inner) for row in card.rows]
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
                f'<TD ROWSPAN="{len(rows)}" WIDTH="{edge:.0f}" BGCOLOR="{theme.operation}">'
                f'<FONT COLOR="{theme.operation_text}" POINT-SIZE="14">{operation}</FONT></TD>{rows[0]}'
            )
        border = 2 if card.kind == "parameter" else 1  # seen without colours too
        color = theme.borders.get(card.kind, theme.border)
        place = self.places.card(card.id) if self.places else ""
        table = (
            f'<TABLE BORDER="{border}" COLOR="{color}" BGCOLOR="{theme.card}" CELLBORDER="0" '
            f'CELLSPACING="0" CELLPADDING="3">{"".join(f"<TR>{row}</TR>" for row in rows)}</TABLE>'
        )
        tooltip = f'tooltip="{as_tooltip(card.tooltip or card.label)}"'
        return f"[{', '.join(filter(None, (f'label=<{table}>', tooltip, place)))}]"

    def head(self, card: Card) -> str:
        lines = wrapped(card.label)
        if runs := runs_of(card.label):
            pieces = [_typeset(as_markup(run.text), run.italic, run.level) for run in runs]
            return f"<B>{''.join(pieces)}</B>{self.note(card)}"
        head = '<BR ALIGN="LEFT"/>'.join(f"<B>{as_markup(line)}</B>" if line else "" for line in lines)
        if len(lines) > 1:
            head += '<BR ALIGN="LEFT"/>'
        return head + self.note(card)

    def note(self, card: Card) -> str:
        return f' <FONT COLOR="{self.theme.accent}">{as_markup(card.note)}</FONT>' if card.note else ""

    def row(self, row: Row, tint: str, one_line: bool, inner: float) -> str:
        color = self.theme.caption
        if row.gradient is not None:
            tint = self.theme.tint_of(row.gradient, self.largest_gradient)
            color = self.theme.text  # the caption's own would be faint on a strong tint
        background = f' BGCOLOR="{tint}"' if tint else ""
        caption = f'<TD ALIGN="LEFT"{background}><FONT COLOR="{color}">{row.caption}</FONT></TD>'
        width = f' WIDTH="{inner:.0f}"' if inner > 0 else ""
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
        look = self.looks.of(arrow)
        attributes = [
            f'color="{look.color}"', f"penwidth={look.width:.2f}", f'tooltip="{as_tooltip(arrow.tooltip)}"'
        ]  # fmt: skip
        places = self.places.arrow() if self.places else []
        if arrow.text and not (places and places[-1].startswith("pos")):  # for which there was no room
            attributes[:0] = [self.label(arrow.text), f'fontcolor="{look.text_color}"']
        if self.places or (look.hollow and look.width > 1.0):
            attributes.append(f"arrowsize={look.head_length / 10:.2f}")
        if look.hollow:
            attributes.append("arrowhead=onormal")
        elif not look.head:
            attributes.append("arrowhead=none")
        attributes += places
        sides = {"LR": "ew", "RL": "we", "TB": "sn", "BT": "ns"}[self.rankdir]
        ends = [f":{side}" if self.picture.folded else "" for side in sides]
        return f"{arrow.tail}{ends[0]} -> {arrow.head}{ends[1]} [{', '.join(attributes)}]"

    def label(self, text: str) -> str:
        """Return the text of an arrow with room beside it: wide arrows would run through its feet."""
        if self.places:
            return f'label="{as_markup(text)}"'
        if self.rankdir in ("LR", "RL"):
            return f'label=< {as_markup(text)} <BR/><FONT POINT-SIZE="4"> </FONT>>'
        return f'label="   {as_markup(text)} "'


def _width(label: str) -> str:
    """Return the least width of a cell with wide letters, Chinese ones or pictures.

    Graphviz measures them by the fonts of this machine, which may have none for them.
    """
    widths = [13.5 * (wide := columns(line) - len(line)) + 7 * (len(line) - wide) for line in wrapped(label)]
    return f' WIDTH="{round(max(widths)) + 8}"' if columns(label) > len(label) else ""


def _typeset(markup: str, italic: bool, level: int) -> str:
    """Return a piece of a formula; what is raised or lowered is smaller."""
    markup = f"<I>{markup}</I>" if italic else markup
    if not level:
        return markup
    kind = "SUP" if level > 0 else "SUB"
    return f'<{kind}><FONT POINT-SIZE="8">{markup}</FONT></{kind}>'


def _small(text: str) -> str:
    return f'<FONT POINT-SIZE="10">{as_markup(text)}</FONT>' if text else ""


# Text


def as_markup(text: str) -> str:
    """Return the text for a label, in which Graphviz expands backslashes and entities, HTML-like or not."""
    return html.escape(printable(text)).replace("\\", "&#92;&#92;")


def as_tooltip(text: str) -> str:
    """Return the text for a tooltip; versions differ in how often they expand a backslash, and ⧵ is none."""
    return html.escape(printable(text).replace("\\", "⧵"))
