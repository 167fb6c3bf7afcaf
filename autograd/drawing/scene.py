"""A picture laid out and coloured: the shapes that writers of SVG and PNG write."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from .arrangement import Arrangement, Place, arrangement_of
from .arrow_looks import Looks
from .arrow_ways import Labels, are_abreast, curve_beside, curve_through, meets, shortened_by
from .drawn_cards import SIZE, CardMaker, plain_text
from .drawn_legend import drawn_legend
from .letters import width_of
from .picture import Arrow, Frame, Picture
from .shapes import Area, Box, Curve, Group, Point, Scene, Shape, Text, moved
from .themes import Theme

_MARGIN = 11.0
_TEXT = 9.0  # the size of an arrow's text
_CAPTION = 9.0


def scene_of(picture: Picture, theme: Theme, rankdir: str) -> Scene:
    """Return the picture as shapes; the same picture gives the same ones."""
    return _Painter(picture, theme, rankdir).scene()


class _Painter:
    def __init__(self, picture: Picture, theme: Theme, rankdir: str) -> None:
        self.picture, self.theme, self.rankdir = picture, theme, rankdir
        self.sideways = rankdir in ("LR", "RL")
        maker = CardMaker(picture, theme)
        self.cards = {card.id: maker.drawn(card) for card in picture.cards}
        self.looks = Looks(picture, theme)
        sizes = {name: (card.width, card.height) for name, card in self.cards.items()}
        self.arrangement: Arrangement = arrangement_of(picture, sizes, rankdir, self._room)

    def _room(self, arrow: int) -> float:
        text = self.picture.arrows[arrow].text.strip()
        return (width_of(text, _TEXT) if self.sideways else 1.3 * _TEXT) if text else 0.0

    def scene(self) -> Scene:
        groups = [*self._frames(self.picture.frames), *self._arrows(), *self._cards()]
        if self.picture.legend:
            groups.append(drawn_legend(self.picture.legend, self.theme, 0.0, self.arrangement.height + 22.0))
        dx, dy, width, height = self._bounds(groups)
        shifted = tuple(
            group._replace(shapes=tuple(moved(shape, dx, dy) for shape in group.shapes)) for group in groups
        )
        return Scene(width, height, self.theme.background, shifted)

    def _bounds(self, groups: Iterable[Group]) -> tuple[float, float, float, float]:
        """Return how far all is moved to begin at the margin, and the size of the whole."""
        points: list[Point] = []
        for group in groups:
            for shape in group.shapes:
                if isinstance(shape, Box):
                    points += [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
                elif isinstance(shape, (Area, Curve)):
                    points += shape.points
                else:
                    left = shape.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor] * shape.width
                    points += [(left, shape.y - shape.size), (left + shape.width, shape.y)]
        xs, ys = zip(*points, strict=True)
        left, top = min(xs), min(ys)
        return (
            _MARGIN - left, _MARGIN - top,
            math.ceil(max(xs) - left + 2 * _MARGIN), math.ceil(max(ys) - top + 2 * _MARGIN),
        )  # fmt: skip

    def _cards(self) -> Iterable[Group]:
        for card in self.picture.cards:
            place = self.arrangement.cards[card.id]
            shapes = self.cards[card.id].at(place.x, place.y)
            yield Group("node", card.id, card.tooltip or card.label, shapes)

    def _frames(self, frames: Iterable[Frame]) -> Iterable[Group]:
        theme = self.theme
        for frame in frames:
            if frame.title:
                x, y, width, height = self.arrangement.frames[frame.id]
                shapes: list[Shape] = [Box(x, y, width, height, theme.frame, theme.frame_border, 1.0, 12.0)]
                # From above, arrows come in at the middle.
                at, anchor = (x + width / 2, "middle") if self.sideways else (x + 9.0, "start")
                shapes.append(plain_text(at, y + 17, frame.title, theme.caption, anchor, SIZE))
                captions = frame.captions
                if frame.more:
                    count = len(frame.cards)
                    captions = f"{count} of {count + frame.more}{', ' if captions else ''}{captions}"
                if captions:
                    shapes.append(plain_text(at, y + 29, captions, theme.caption, anchor, _CAPTION))
                yield Group("cluster", f"cluster_{frame.id}", frame.title, tuple(shapes))
            yield from self._frames(frame.frames)

    # Arrows

    def _arrows(self) -> Iterable[Group]:
        arrows = list(enumerate(self.picture.arrows))
        if self.picture.folded:  # what is written later lies on top
            arrows.sort(key=lambda item: abs(item[1].flow))
        curves = {i: self._curve(i, arrow) for i, arrow in arrows}
        heads = {i: self._head(arrow, curves[i]) for i, arrow in arrows}
        stems = {i: stem for i, (stem, _) in heads.items()}
        labels = Labels(
            ((stem, self.looks.of(self.picture.arrows[i]).width) for i, stem in stems.items()),
            [_rectangle(place) for place in self.arrangement.cards.values()]
            + [_around(corners) for _, corners in heads.values() if corners],
        )
        largest_first = reversed(arrows) if self.picture.folded else arrows
        texts = {i: self._text(arrow, stems[i], labels) for i, arrow in largest_first}
        for i, arrow in arrows:
            yield self._arrow(arrow, stems[i], heads[i][1], texts[i])

    def _curve(self, i: int, arrow: Arrow) -> list[Point]:
        points = self.arrangement.ways[i]
        ends = [points[0], points[-1]]
        tail, head = self.arrangement.cards[arrow.tail], self.arrangement.cards[arrow.head]
        if are_abreast(tail, head, self.sideways):
            return curve_beside(tail, head, self.rankdir)
        if self.picture.folded and not self.picture.expanded and self._free(arrow, *ends):
            return curve_through(ends, self.sideways, True)
        return curve_through(points, self.sideways, False)

    def _free(self, arrow: Arrow, begin: Point, end: Point) -> bool:
        """Say whether a straight line between two cards meets no other."""
        return not any(
            meets(begin, end, _rectangle(place))
            for card, place in self.arrangement.cards.items()
            if card not in (arrow.tail, arrow.head)
        )

    def _head(self, arrow: Arrow, curve: list[Point]) -> tuple[list[Point], tuple[Point, ...]]:
        """Return the curve as far as the head of the arrow, and the corners of that, its point first."""
        look = self.looks.of(arrow)
        if not look.head:
            return curve, ()
        length, half = look.head_length, 2.3 + 0.75 * look.width
        stem, (dx, dy) = shortened_by(curve, length)
        x, y = curve[-1]
        x, y = x - dx * look.width / 2, y - dy * look.width / 2
        a, b = x - length * dx, y - length * dy
        return stem, ((x, y), (a - half * dy, b + half * dx), (a + half * dy, b - half * dx))

    def _text(self, arrow: Arrow, stem: list[Point], labels: Labels) -> Sequence[Text]:
        """Return the text of an arrow, if it has one and there is room; of few arrows, each has some."""
        text, look = arrow.text.strip(), self.looks.of(arrow)
        if not text:
            return ()
        size = width_of(text, _TEXT) + 2.0, 0.78 * _TEXT + 2.0
        (x, y), free = labels.place(stem, look.width, size, look.text_at)
        if not free and self.picture.compact:
            return ()
        return (plain_text(x, y + 0.36 * _TEXT, text, look.text_color, "middle", _TEXT),)

    def _arrow(
        self, arrow: Arrow, stem: list[Point], corners: tuple[Point, ...], texts: Sequence[Text]
    ) -> Group:
        look = self.looks.of(arrow)
        shapes: list[Shape] = [Curve(tuple(stem), look.color, look.width)]
        if corners:
            fill = self.theme.background if look.hollow else look.color
            shapes.append(Area(corners, fill, look.color, max(0.7, min(1.2, look.width))))
        return Group("edge", f"{arrow.tail}->{arrow.head}", arrow.tooltip, (*shapes, *texts))


def _around(corners: Sequence[Point]) -> tuple[float, float, float, float]:
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _rectangle(place: Place) -> tuple[float, float, float, float]:
    return place.x, place.y, place.x + place.width, place.y + place.height
