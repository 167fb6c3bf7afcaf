"""A picture as plain text for a terminal: a tree of Values, or a table of neurons layer by layer."""

from __future__ import annotations

from collections import defaultdict

from ..support.terminal import columns, pad
from ..support.text import shortened
from .picture import Arrow, Card, Frame, Picture
from .tex import plain

_DEEPEST = 16  # levels of the tree; what lies deeper is a tree of its own below
_LONGEST_NAME = 40


def text_of(picture: Picture) -> str:
    """Return the picture as text: each card is a line, below it those of its operands.

    A card that is an operand of several others is shown in full once; elsewhere its name stands for it.

    >>> from autograd import Value, draw
    >>> x = Value(3.0, label="x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> print(draw(y).text())
                    data  grad  local
    + 1               10     1
    └─ ×               9     1      1
       ├─ x            3     6      3
       └─ x, above                  3
    """
    return _table(picture) if picture.folded else _tree(picture)


def _tree(picture: Picture) -> str:
    cards = {card.id: card for card in picture.cards}
    operands: dict[str, list[Arrow]] = defaultdict(list)
    for arrow in picture.arrows:
        operands[arrow.head].append(arrow)
    uses: dict[str, int] = defaultdict(int)
    for arrow in picture.arrows:
        uses[arrow.tail] += 1
    lines: list[list[str]] = [["", "data", "grad", "local"]]
    done: set[str] = set()
    later = list(reversed(picture.roots))
    while later:
        start = later.pop()
        if start in done:
            continue
        deep: list[str] = []
        stack: list[tuple[str, str, str, str, int]] = [(start, "", "", "", 0)]
        while stack:
            card, branch, indent, local, level = stack.pop()
            name = _name(cards[card], named=uses[card] > 1 or level == _DEEPEST)
            if card in done:
                lines.append([f"{branch}{_bare(cards[card])}, above", "", "", local])
                continue
            if level == _DEEPEST and operands[card]:
                lines.append([f"{branch}{name}, below", "", "", local])
                deep.append(card)
                continue
            done.add(card)
            numbers = [row.text if row.caption in ("data", "grad") else "" for row in cards[card].rows]
            lines.append([f"{branch}{name}", *numbers, local])
            children = operands[card]
            for i, arrow in reversed(list(enumerate(children))):
                last = i == len(children) - 1
                stack.append(
                    (
                        arrow.tail,
                        f"{indent}{'└─ ' if last else '├─ '}",
                        f"{indent}{'   ' if last else '│  '}",
                        arrow.text.strip(),
                        level + 1,
                    )
                )
        later += reversed(deep)
    return _aligned(lines)


def _name(card: Card, named: bool) -> str:
    label = shortened(plain(card.label), _LONGEST_NAME)
    if card.operation:
        return f"{card.operation} {label or (card.id if named else '')}".rstrip()
    return label or card.id


def _bare(card: Card) -> str:
    return shortened(plain(card.label), _LONGEST_NAME) or card.id


def _table(picture: Picture) -> str:
    cards = {card.id: card for card in picture.cards}
    lines: list[list[str]] = []
    shown: set[str] = set()

    def add(frame: Frame, indent: str) -> None:
        lines.append([f"{indent}{frame.title or 'inputs'}"])
        for card in frame.cards:
            lines.append(_line(cards[card], f"{indent}  "))
        if frame.more:
            lines.append([f"{indent}  and {frame.more} more"])
        for inner in frame.frames:
            add(inner, f"{indent}  ")
        shown.update(frame.all_cards)

    for frame in picture.frames:
        add(frame, "")
    lines += [_line(card, "") for card in picture.cards if card.id not in shown]
    return _aligned(lines)


def _line(card: Card, indent: str) -> list[str]:
    name = " ".join(word for word in (_name(card, named=True), card.note) if word)
    if card.footer:
        name += f" = {card.footer}"
    return [f"{indent}{name}", *[f"{row.caption} {row.text}" for row in card.rows]]


def _aligned(lines: list[list[str]]) -> str:
    """Return lines of cells in columns, the first to the left and the numbers to the right."""
    count = max(map(len, lines))
    rows = [line for line in lines if len(line) > 1]  # a title alone may be long
    widths = [max((columns(row[i]) for row in rows if len(row) > i), default=0) for i in range(count)]
    return "\n".join(
        "  ".join(
            pad(cell, width) if i == 0 else " " * (width - columns(cell)) + cell
            for i, (cell, width) in enumerate(zip(line, widths, strict=False))
        ).rstrip()
        for line in lines
    )
