"""Where the cards, frames and arrows of a picture lie: frames in frames, each laid out by itself.

A frame is a box to what lies outside of it. An arrow that comes in goes from the frame's border to its card
by a way of its own, so the cards of a neuron that is shown in full stand in order whatever leads to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from .layered import Arranged, Link, arrange
from .picture import Frame, Picture

Point = tuple[float, float]
_PADDING, _TITLE, _CAPTION = 9.0, 17.0, 12.0
_BETWEEN, _COMPACT, _LOOSE = 18.0, 7.0, 13.0
_GAP, _FOLDED_GAP, _COMPACT_GAP, _WEIGHTS_GAP = 40.0, 60.0, 90.0, 150.0


class Place(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


class Arrangement(NamedTuple):
    """A laid-out picture: the places of cards and frames by their ids, and the points of each arrow."""

    width: float
    height: float
    cards: dict[str, Place]
    frames: dict[str, Place]
    ways: list[list[Point]]


class _Part(NamedTuple):
    """A card or a frame, laid out: how large, what is where in it, and the ways of arrows inside."""

    size: Point
    places: dict[str, tuple[Point, Point]]  # begin and size, by id
    ways: dict[int, list[Point]]  # by the number of the arrow


def arrangement_of(
    picture: Picture, sizes: Mapping[str, Point], rankdir: str, room: Callable[[int], float]
) -> Arrangement:
    """Return where everything lies.

    Args:
        picture: what is laid out.
        sizes: the width and height of each card.
        rankdir: the direction of the arrows, as for `draw`.
        room: how long the text of an arrow is along it, by the arrow's number.
    """
    return _Arranger(picture, sizes, rankdir, room).result()


class _Arranger:
    def __init__(
        self, picture: Picture, sizes: Mapping[str, Point], rankdir: str, room: Callable[[int], float]
    ) -> None:
        self.picture, self.room = picture, room
        self.sideways = rankdir in ("LR", "RL")
        self.mirrored = rankdir in ("RL", "BT")
        self.sizes = {card: self._turned(size) for card, size in sizes.items()}
        self.separation = _COMPACT if picture.compact else _BETWEEN if picture.folded else _LOOSE
        across = picture.folded and not picture.expanded  # every neuron of a layer with every one of the next
        self.gap = _GAP if not across else _COMPACT_GAP if picture.compact else _FOLDED_GAP
        if across and any(arrow.text for arrow in picture.arrows):
            self.gap = _WEIGHTS_GAP

    def _turned(self, pair: Point) -> Point:
        return pair if self.sideways else (pair[1], pair[0])

    def result(self) -> Arrangement:
        frames = list(self.picture.frames)
        framed = {card for frame in frames for card in frame.all_cards}
        cards = [card.id for card in self.picture.cards if card.id not in framed]
        whole = self._layered(self._children(cards, frames))
        u, _ = whole.size

        def turned(point: Point) -> Point:
            return self._turned((u - point[0] if self.mirrored else point[0], point[1]))

        places: dict[str, Place] = {}
        for name, (begin, size) in whole.places.items():
            at = (begin[0] + size[0], begin[1]) if self.mirrored else begin
            places[name] = Place(*turned(at), *self._turned(size))
        ids = {card.id for card in self.picture.cards}
        ways = [[turned(point) for point in whole.ways.get(i, [])] for i in range(len(self.picture.arrows))]
        return Arrangement(
            *self._turned(whole.size),
            {name: place for name, place in places.items() if name in ids},
            {name: place for name, place in places.items() if name not in ids},
            ways,
        )

    def _children(self, cards: list[str], frames: list[Frame]) -> dict[str, _Part]:
        """Return the parts of a frame, by id, in the order in which they are read."""
        parts = {card: self._card(card) for card in cards} | {f.id: self._frame(f) for f in frames}
        first = {card.id: i for i, card in enumerate(self.picture.cards)}
        by_frame = {f.id: min((first[c] for c in f.all_cards), default=0) for f in frames}
        return {name: parts[name] for name in sorted(parts, key=lambda n: first.get(n, by_frame.get(n, 0)))}

    def _card(self, card: str) -> _Part:
        size = self.sizes[card]
        return _Part(size, {card: ((0.0, 0.0), size)}, {})

    def _frame(self, frame: Frame) -> _Part:
        if frame.column:
            children = self._children(list(frame.cards), list(frame.frames))
            if frame.order:
                children = {name: children[name] for name in frame.order}
            else:
                children = {name: children[name] for name in [*frame.cards, *[f.id for f in frame.frames]]}
            inside = self._stacked(children)
        else:
            inside = self._layered(self._children(list(frame.cards), list(frame.frames)))
        return self._bordered(frame, inside) if frame.title else inside

    def _bordered(self, frame: Frame, inside: _Part) -> _Part:
        """Return a frame with its border and title around what is in it."""
        top = _PADDING + _TITLE + (_CAPTION if frame.captions or frame.more else 0.0)
        if self.sideways:
            u, v, more = _PADDING, top, (2 * _PADDING, top + _PADDING)
        else:  # the title is at the top, where arrows come in, or go out
            u, v, more = (_PADDING if self.mirrored else top), _PADDING, (top + _PADDING, 2 * _PADDING)
        size = (inside.size[0] + more[0], inside.size[1] + more[1])
        ways = {}
        for i, points in inside.ways.items():
            way = [(a + u, b + v) for a, b in points]
            arrow = self.picture.arrows[i]
            if arrow.tail not in inside.places:
                way.insert(0, (0.0, way[0][1]))
            if arrow.head not in inside.places:
                way.append((size[0], way[-1][1]))
            ways[i] = way
        places = {n: ((a + u, b + v), extent) for n, ((a, b), extent) in inside.places.items()}
        return _Part(size, {**places, frame.id: ((0.0, 0.0), size)}, ways)

    # Parts beside each other

    def _links(self, children: dict[str, _Part]) -> dict[int, tuple[str | None, str | None]]:
        """Return the arrows that begin or end in one of the parts, by number, with the parts."""
        owner = {card: name for name, part in children.items() for card in part.places}
        found = {}
        for i, arrow in enumerate(self.picture.arrows):
            tail, head = owner.get(arrow.tail), owner.get(arrow.head)
            if tail != head:
                found[i] = (tail, head)
        return found

    def _port(self, part: _Part, arrow: int, last: bool) -> float | None:
        """Return where an arrow meets the border of a part; None where it may meet it anywhere."""
        if way := part.ways.get(arrow):
            return way[-1 if last else 0][1]
        return part.size[1] / 2 if self.picture.folded else None

    def _layered(self, children: dict[str, _Part]) -> _Part:
        names = list(children)
        number = {name: i for i, name in enumerate(names)}
        links = self._links(children)
        arranged = arrange(
            [part.size for part in children.values()],
            [
                Link(
                    None if tail is None else number[tail],
                    None if head is None else number[head],
                    None if tail is None else self._port(children[tail], i, True),
                    None if head is None else self._port(children[head], i, False),
                    self.room(i),
                )
                for i, (tail, head) in links.items()
            ],
            self.separation,
            self.gap,
        )
        return self._joined(children, links, arranged)

    def _stacked(self, children: dict[str, _Part]) -> _Part:
        """Return parts one after the other across the arrows; what is longer has the others at its end."""
        length = max((part.size[0] for part in children.values()), default=0.0)
        mixed = len({name in self.sizes for name in children}) > 1
        origins: dict[str, Point] = {}
        at = 0.0
        for name, part in children.items():
            spare = length - part.size[0]
            origins[name] = (spare if mixed else spare / 2, at)
            at += part.size[1] + self.separation
        links = self._links(children)
        paths = []
        for i, (tail, head) in links.items():
            ends = []
            sides: tuple[tuple[str | None, bool], ...] = ((tail, True), (head, False))
            for end, last in sides:
                if end is not None:
                    part, origin = children[end], origins[end]
                    port = self._port(part, i, last)
                    port = part.size[1] / 2 if port is None else port
                    ends.append((origin[0] + (part.size[0] if last else 0.0), origin[1] + port))
            if len(ends) == 1:
                border = (0.0 if tail is None else length, ends[0][1])
                ends.insert(0 if tail is None else 1, border)
            paths.append(ends)
        arranged = Arranged(list(origins.values()), paths, (length, max(0.0, at - self.separation)))
        return self._joined(children, links, arranged)

    def _joined(
        self, children: dict[str, _Part], links: dict[int, tuple[str | None, str | None]], arranged: Arranged
    ) -> _Part:
        places: dict[str, tuple[Point, Point]] = {}
        inner: dict[str, dict[int, list[Point]]] = {}
        ways: dict[int, list[Point]] = {}
        for (name, part), (u, v) in zip(children.items(), arranged.origins, strict=True):
            places |= {n: ((a + u, b + v), size) for n, ((a, b), size) in part.places.items()}
            inner[name] = {i: [(a + u, b + v) for a, b in way] for i, way in part.ways.items()}
            ways |= {i: way for i, way in inner[name].items() if i not in links}
        for (i, (tail, head)), path in zip(links.items(), arranged.paths, strict=True):
            before = inner[tail].get(i, []) if tail is not None else []
            after = inner[head].get(i, []) if head is not None else []
            points = [*before, *path, *after]
            ways[i] = [p for k, p in enumerate(points) if not k or p != points[k - 1]]
        return _Part(arranged.size, places, ways)
