"""A walk as a picture that moves: an SVG in which values go forward and gradients come back, again and again.

It is the player's picture, in which each number appears at its time. It needs no script, so that it moves
where it is shown as an image, in a README or on a slide. Who asks for less motion sees the finished graph.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from ..formulas import Formula, Text
from ..support import pages
from ..support.languages import said
from .player_picture import Product, finished_picture, number_text, products_of
from .sequence import Steps
from .step import Step

__all__ = ["moving_picture"]

SECONDS = 1.4
"""How long a step is to be seen."""

_HOLD = 3  # steps for which the finished graph stands still
_SVG = "http://www.w3.org/2000/svg"
_CAPTION_HEIGHT = 56


class _Frame(NamedTuple):
    """What happens at a time: a text, the node or the product that it is about, and the numbers of arrows."""

    text: str
    phase: str
    node: int | None = None
    product: int | None = None


def moving_picture(steps: Steps) -> str:
    """Return the SVG of a walk that plays by itself.

    Args:
        steps: those of the walk.

    Raises:
        DrawingError: as `finished_picture` does.
    """
    products = products_of(steps)
    style = pages.resource(__package__, "player_picture.css")
    moving = pages.resource(__package__, "moving_picture.css")
    finished = finished_picture(steps, products, f"{style} {moving}")
    root = fromstring(finished.replace(f" xmlns='{_SVG}'", ""))
    root.set("xmlns", _SVG)
    frames = _frames(steps)
    times = _Times(len(frames))
    groups = {x.get("id", ""): x for x in root.iter("g")}
    for number, product in enumerate(products):
        at = next(i for i, frame in enumerate(frames) if frame.product == number)
        _play_arrow(groups[f"e{number}"], product, at, frames, times)
    for node in range(steps.forward):
        _play_card(groups[f"v{node}"], node, frames, products, times)
    _play_captions(root, frames, times, steps)
    sheet = root.find("style")
    assert sheet is not None
    sheet.text = f"{sheet.text} {times.sheet()}"
    return tostring(root, encoding="unicode")


def _frames(steps: Steps) -> list[_Frame]:
    """Return what is seen one after the other: all leaves at once, then a step at a time."""
    write = Text(steps.lang).write
    forward = steps[: steps.forward]
    leaves = [write(step.rule) for step in forward if not step.operation]
    frames = [_Frame(",  ".join(leaves[:6]) + ", …" * (len(leaves) > 6), "forward")]
    frames += [_Frame(_told(step, write), "forward", step.node) for step in forward if step.operation]
    frames.append(_Frame(write(steps[steps.forward].rule), "backward", steps.forward - 1))
    back = steps[steps.forward + 1 :]
    frames += [_Frame(_told(step, write), "backward", step.target, i) for i, step in enumerate(back)]
    return frames


def _told(step: Step, write: Callable[[Formula], str]) -> str:
    """Return a step of an operation in one line: its rule, and the numbers."""
    if step.update_numbers is not None:
        return f"{write(step.rule)},   {write(step.update_numbers)}"
    numbers = write(step.numbers).partition(" = ")[2]
    return f"{write(step.rule)} = {numbers}" if numbers else write(step.rule)


class _Times:
    """The times at which things are seen, as classes of a style sheet.

    Args:
        count: how many frames there are before the picture stands still.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.all = count + _HOLD
        self._used: dict[tuple[int, int], None] = {}

    def shown(self, first: int, end: int | None = None) -> str:
        """Return the class of what is seen from a frame on, to the end or to before another frame."""
        stop = self.all if end is None else end
        self._used[first, stop] = None
        return f"t{first}-{stop}" + (" passing" if end is not None else "")

    def fraction(self, frame: int) -> float:
        return frame / self.all

    def sheet(self) -> str:
        """Return the rules of all classes that were asked for, in the style of CSS."""
        rules = []
        for first, stop in self._used:
            if (first, stop) == (0, self.all):
                continue
            marks = ["0%{opacity:0}"] * (first > 0) + [f"{100 * self.fraction(first):.3f}%{{opacity:1}}"]
            marks.append(f"{100 * self.fraction(stop):.3f}%{{opacity:{int(stop == self.all)}}}")
            name = f"t{first}-{stop}"
            rules.append(f"@keyframes {name}{{{''.join(marks)}}}")
            rules.append(f".{name}{{animation:{name} {SECONDS * self.all:g}s step-end infinite}}")
        return f"@media (prefers-reduced-motion: no-preference){{{''.join(rules)}}}"


def _classed(element: Element, *names: str) -> None:
    element.set("class", " ".join(filter(None, [element.get("class"), *names])))


def _play_arrow(group: Element, product: Product, at: int, frames: Sequence[_Frame], times: _Times) -> None:
    """Let an arrow have its colour and its number from the step on that goes along it."""
    curve = group[0].get("d", "")
    parts = list(group)
    coloured = Element("g")
    for part in parts:
        group.remove(part)
        coloured.append(part)
    _classed(coloured, times.shown(at))
    for part in parts[:2]:  # the way and its head, grey until then
        SubElement(group, part.tag, {**part.attrib, "class": f"{part.get('class', '')} idle".strip()})
    group.append(coloured)
    forward = next(i for i, frame in enumerate(frames) if frame.node == product.node)
    _dot(group, curve, "0;0;1;1", forward, times)
    _dot(group, curve, "1;1;0;0", at, times)


def _dot(group: Element, curve: str, points: str, at: int, times: _Times) -> None:
    """Append a dot that goes along an arrow during a step."""
    dot = SubElement(group, "circle", {"r": "5", "class": f"dot {times.shown(at, at + 1)}"})
    begin, end = times.fraction(at), times.fraction(at) + 0.75 * (times.fraction(at + 1) - times.fraction(at))
    SubElement(dot, "animateMotion", {
        "path": curve, "dur": f"{SECONDS * times.all:g}s", "repeatCount": "indefinite", "calcMode": "linear",
        "keyPoints": points, "keyTimes": f"0;{begin:.5f};{end:.5f};1",
    })  # fmt: skip


def _play_card(
    group: Element, node: int, frames: Sequence[_Frame], products: Sequence[Product], times: _Times
) -> None:
    """Let the numbers of a card come at their times, and its rim show when it has its turn."""
    computed = next((i for i, x in enumerate(frames) if x.phase == "forward" and x.node == node), 0)
    turns = [i for i, x in enumerate(frames) if x.phase == "backward" and x.node == node]
    children = {str(x.get("class")).split()[0]: x for x in group if x.get("class")}
    _classed(children["d"], times.shown(computed))
    number = children["g"]
    group.remove(number)
    for turn, until in zip(turns, [*turns[1:], None], strict=True):
        product = frames[turn].product
        text = "1" if product is None else number_text(products[product].after)
        SubElement(group, number.tag, {**number.attrib, "class": f"g {times.shown(turn, until)}"}).text = text
    _classed(children["tint"], *([times.shown(turns[-1])] if turns else []))
    card = children["card"]
    for turn in [computed, *turns] if computed else turns:
        SubElement(group, card.tag, {**card.attrib, "class": f"card turn {times.shown(turn, turn + 1)}"})


def _play_captions(root: Element, frames: Sequence[_Frame], times: _Times, steps: Steps) -> None:
    """Append the line below the picture that says what happens."""
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    longest = max(len(frame.text) for frame in frames)
    needed = max(width, 9.0 * longest + 110)
    root.set("viewBox", f"{-(needed - width) / 2:g} 0 {needed:g} {height + _CAPTION_HEIGHT:g}")
    root.set("width", f"{needed:g}")
    root.set("height", f"{height + _CAPTION_HEIGHT:g}")
    paper = root.find("rect")
    assert paper is not None
    paper.set("x", f"{-(needed - width) / 2:g}")
    for i, frame in enumerate(frames):
        last = i == len(frames) - 1
        line = SubElement(root, "text", {
            "x": f"{width / 2:g}", "y": f"{height + 22:g}",
            "class": f"caption {times.shown(i, None if last else i + 1)}",
        })  # fmt: skip
        phase = SubElement(line, "tspan", {"class": f"phase {frame.phase}"})
        phase.text = said(frame.phase, steps.lang)
        phase.tail = f"    {frame.text}"
