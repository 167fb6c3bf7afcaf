"""What is in a picture, before it is written down in any format: cards, arrows, and frames around cards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .themes import largest_of


class Row(NamedTuple):
    """A line of a card: a caption and a number as text; a gradient tints it."""

    caption: str
    text: str
    gradient: float | None = None


class Operation(NamedTuple):
    """The operation of a card, with its constant operands where they stand in a formula."""

    symbol: str
    left: str = ""
    right: str = ""
    arguments: str = ""

    def __str__(self) -> str:
        words = " ".join(word for word in (self.left, self.symbol, self.right) if word)
        return f"{words}({self.arguments})" if self.arguments else words


class Card(NamedTuple):
    """One box of the picture.

    Attributes:
        id: a name without special characters, unique in the picture.
        kind: "input", "parameter", "inner" or "neuron".
        label: its name, as typed; may be empty.
        rows: its numbers.
        operation: what computed it, where that is shown.
        note: more about the name, such as the activation of a neuron.
        footer: small print below the numbers.
        tooltip: everything, in full.
    """

    id: str
    kind: str
    label: str
    rows: tuple[Row, ...]
    operation: Operation | None = None
    note: str = ""
    footer: str = ""
    tooltip: str = ""


class Arrow(NamedTuple):
    """An arrow between cards; what flows along it gives colour and width.

    Attributes:
        scale: arrows are compared with those of the same: "flow", "weight", or "norm", which has no sign.
    """

    tail: str
    head: str
    flow: float
    text: str = ""
    tooltip: str = ""
    scale: str = "flow"


class Frame(NamedTuple):
    """A frame around cards, and around other frames."""

    id: str
    title: str
    cards: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()
    column: bool = False  # the cards stand in one column, in their order
    more: int = 0  # how many cards are left out
    captions: str = ""  # what the numbers are of cards that are one line
    order: tuple[str, ...] = ()  # cards and frames of a column as they stand, where there are both

    @property
    def all_cards(self) -> Iterable[str]:
        """The cards in this frame and in those within."""
        yield from self.cards
        for frame in self.frames:
            yield from frame.all_cards


class Entry(NamedTuple):
    """A line of a legend.

    Attributes:
        sample: what stands before the text: a kind of card ("input", "parameter", "inner", "neuron"), the
            sign of an arrow ("positive", "negative", "zero", "nan", "norm"), or "" for nothing.
        text: what it means.
    """

    sample: str
    text: str


class Picture(NamedTuple):
    """A whole picture. A folded one shows neurons instead of Values.

    Attributes:
        roots: the cards of the results.
        compact: a card is one line, so that many fit one above the other.
        by_value: the arrows of weights are coloured by the weights, as there are no gradients yet.
        legend: what the colours mean, where that is to be shown.
    """

    cards: list[Card]
    arrows: list[Arrow]
    frames: list[Frame]
    roots: list[str]
    folded: bool = False
    compact: bool = False
    by_value: bool = False
    legend: tuple[Entry, ...] = ()

    @property
    def expanded(self) -> bool:
        """Whether parts of a folded picture are shown in full."""
        return any(frame.frames for frame in self.frames)

    @property
    def placed(self) -> bool:
        """Whether it is laid out here, as Graphviz would tangle it or write the weights on their arrows."""
        return self.expanded or any(a.text and a.scale == "weight" for a in self.arrows)

    def largest_gradient(self) -> float:
        """Return the size of the largest finite gradient shown."""
        return largest_of(
            row.gradient for card in self.cards for row in card.rows if row.gradient is not None
        )

    def largest_flows(self) -> dict[str, float]:
        """Return the size of the largest finite flow, by scale."""
        scales = sorted({arrow.scale for arrow in self.arrows})
        return {scale: largest_of(a.flow for a in self.arrows if a.scale == scale) for scale in scales}

    def __str__(self) -> str:
        return f"{len(self.cards)} cards, {len(self.arrows)} edges"
