"""Places of shapes as Graphviz reads them, which then draws what was laid out here."""

from __future__ import annotations

from collections.abc import Sequence

from .shapes import Area, Box, Curve, Group, Scene, Text


class Places:
    """The attributes of DOT that say where things are, taken from a scene; y runs upwards there."""

    def __init__(self, scene: Scene) -> None:
        self._height = scene.height
        self._nodes = {group.name: group for group in scene.groups if group.kind == "node"}
        self._frames = {group.name: group for group in scene.groups if group.kind == "cluster"}
        self._edges = iter([group for group in scene.groups if group.kind == "edge"])
        self.box = f"0,0,{scene.width:g},{scene.height:g}"

    def card(self, card: str) -> str:
        """Return where a card is."""
        box = _box(self._nodes[card])
        return f'pos="{self._point(box.x + box.width / 2, box.y + box.height / 2)}"'

    def widths(self, card: str, operation: bool) -> tuple[float, float]:
        """Return how wide the edge of a card with its operation is, and the rest of it."""
        boxes = [shape for shape in self._nodes[card].shapes if isinstance(shape, Box)]
        edge = boxes[1].width if operation else 0.0
        return edge, boxes[0].width - edge

    def frame(self, frame: str) -> str:
        """Return where the cluster of a frame with a title is."""
        group = self._frames[f"cluster_{frame}"]
        box = _box(group)
        begin, end = self._point(box.x, box.y + box.height), self._point(box.x + box.width, box.y)
        texts = [shape for shape in group.shapes if isinstance(shape, Text)]
        y = sum(text.y for text in texts) / len(texts) - 4.0
        x = texts[0].x + (max(text.width for text in texts) / 2 if texts[0].anchor == "start" else 0.0)
        return f'bb="{begin},{end}", lp="{self._point(x, y)}"'

    def arrow(self) -> list[str]:
        """Return where the next arrow runs, in the order of the scene, and where its text is."""
        shapes = next(self._edges).shapes
        (curve,) = [shape for shape in shapes if isinstance(shape, Curve)]
        tips = [self._point(*shape.points[0]) for shape in shapes if isinstance(shape, Area)]
        points = [*[f"e,{tip}" for tip in tips], *[self._point(x, y) for x, y in curve.points]]
        found = [f'pos="{" ".join(points)}"']
        texts = [shape for shape in shapes if isinstance(shape, Text)]
        return found + [f'lp="{self._point(text.x, text.y - 0.36 * text.size)}"' for text in texts]

    def _point(self, x: float, y: float) -> str:
        return f"{x:.1f},{self._height - y:.1f}"


def _box(group: Group) -> Box:
    shapes: Sequence[object] = group.shapes
    return next(shape for shape in shapes if isinstance(shape, Box))
