"""Shapes as SVG, in the manner of Graphviz: a group for each card, arrow and frame, with its tooltip."""

from __future__ import annotations

import html
from collections.abc import Sequence

from ..support.text import printable
from .letters import width_in_helvetica
from .shapes import SMALLER, Area, Box, Curve, Group, Point, Scene, Shape, Text

FONTS = "Helvetica,Arial,sans-serif"


def svg_of(scene: Scene) -> str:
    """Return the text of an SVG file; a user unit of it is a point."""
    size = f'width="{scene.width:g}pt" height="{scene.height:g}pt"'
    width, height = f"{scene.width:g}", f"{scene.height:g}"
    paper = _polygon(((0, 0), (0, scene.height), (scene.width, scene.height), (scene.width, 0)))
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
        f'<svg {size} viewBox="0.00 0.00 {width} {height}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink">',
        '<g id="graph0" class="graph" transform="scale(1 1) rotate(0) translate(0 0)" '
        f'font-family="{FONTS}">',
        f'<polygon fill="{scene.background}" stroke="none" points="{paper}"/>',
        *[line for number, group in enumerate(scene.groups) for line in _group(group, number)],
        "</g>",
        "</svg>\n",
    ]
    return "\n".join(lines)


def _group(group: Group, number: int) -> list[str]:
    tip = html.escape(printable(group.tooltip))
    name = html.escape(group.name)
    shapes = [_shape(shape) for shape in group.shapes]
    if tip.strip():
        shapes = [f'<g><a xlink:title="{tip}">', *shapes, "</a></g>"]
    return [f'<g id="{group.kind}{number}" class="{group.kind}">', f"<title>{name}</title>", *shapes, "</g>"]


def _shape(shape: Shape) -> str:
    if isinstance(shape, Box):
        stroke = "" if shape.stroke == "none" else f' stroke-width="{_n(shape.line)}"'
        paint = f'fill="{shape.fill}" stroke="{shape.stroke}"{stroke}'
        if shape.radius:
            return f'<path {paint} d="{_rounded(shape)}"/>'
        x, y, a, b = shape.x, shape.y, shape.x + shape.width, shape.y + shape.height
        return f'<polygon {paint} points="{_polygon(((x, y), (x, b), (a, b), (a, y)))}"/>'
    if isinstance(shape, Area):
        paint = f'fill="{shape.fill}" stroke="{shape.stroke}" stroke-width="{_n(shape.line)}"'
        return f'<polygon {paint} points="{_polygon(shape.points)}"/>'
    if isinstance(shape, Curve):
        first, *rest = (f"{_n(x)},{_n(y)}" for x, y in shape.points)
        return (
            f'<path fill="none" stroke="{shape.stroke}" stroke-width="{_n(shape.line)}" '
            f'd="M{first}C{" ".join(rest)}"/>'
        )
    return _text(shape)


def _text(text: Text) -> str:
    weight = ' font-weight="bold"' if text.bold else ""
    parts = []
    back = 0.0
    for run in text.runs:
        attributes = ' font-style="italic"' if run.italic else ""
        rise = round(-0.4 * text.size if run.level > 0 else 0.22 * text.size if run.level < 0 else 0.0, 2)
        if run.level:
            attributes += f' font-size="{_n(SMALLER * text.size)}"'
        if rise != back:
            attributes += f' dy="{_n(rise - back)}"'
        back = rise
        content = html.escape(run.text, quote=False).replace("  ", "\xa0 ")
        parts.append(f"<tspan{attributes}>{content}</tspan>" if attributes else content)
    return (
        f'<text text-anchor="{text.anchor}" x="{_n(text.x)}" y="{_n(text.y)}"{weight} '
        f'font-size="{_n(text.size)}" fill="{text.color}"{_as_wide(text)}>{"".join(parts)}</text>'
    )


def _as_wide(text: Text) -> str:
    """Return what gives a text the width that it has in Helvetica, where a wider font stands in for that."""
    if len(text.runs) != 1 or text.runs[0].level or text.runs[0].italic:
        return ""
    width = width_in_helvetica(text.runs[0].text, text.size, text.bold)
    return f' textLength="{_n(width)}" lengthAdjust="spacingAndGlyphs"' if width else ""


def _rounded(box: Box) -> str:
    x, y, a, b, r = box.x, box.y, box.x + box.width, box.y + box.height, box.radius
    corners = [
        (x + r, y), (a - r, y), (a - r / 2, y), (a, y + r / 2), (a, y + r), (a, b - r), (a, b - r / 2),
        (a - r / 2, b), (a - r, b), (x + r, b), (x + r / 2, b), (x, b - r / 2), (x, b - r), (x, y + r),
        (x, y + r / 2), (x + r / 2, y), (x + r, y),
    ]  # fmt: skip
    p = [f"{_n(u)},{_n(v)}" for u, v in corners]
    return (
        f"M{p[0]}L{p[1]}C{p[2]} {p[3]} {p[4]}L{p[5]}C{p[6]} {p[7]} {p[8]}L{p[9]}C{p[10]} {p[11]} {p[12]}"
        f"L{p[13]}C{p[14]} {p[15]} {p[16]}z"
    )


def _polygon(points: Sequence[Point]) -> str:
    first = points[0]
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in [*points, first])


def _n(x: float) -> str:
    return f"{round(x, 2) + 0.0:g}" if abs(x) < 1e4 else f"{x:.1f}"
