"""What the colours and lines of a picture mean, in a few words beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable

from ..support.languages import said
from .picture import Entry, Picture

_CARDS = {
    "input": "input",
    "parameter": "parameter",
    "inner": "computed from others",
    "neuron": "neuron",
}
_FLOWS = {
    "positive": "adds to the gradient of where it comes from",
    "negative": "takes from it (hollow head)",
    "zero": "leaves it as it is",
    "nan": "not a number",
}
_WEIGHTS = {
    "positive": "weight with a positive gradient",
    "negative": "weight with a negative gradient (hollow head)",
    "zero": "weight without a gradient",
    "nan": "not a number",
}
_VALUES = {
    "positive": "positive weight",
    "negative": "negative weight (hollow head)",
    "zero": "weight of 0, or no gradient yet",
    "nan": "not a number",
}


def legend_of(picture: Picture, lang: str = "en") -> tuple[Entry, ...]:
    """Return the legend of a picture, in a language: what is in it, and nothing else.

    >>> from autograd import Value, draw
    >>> x = Value(3.0, label="x")
    >>> y = x * x
    >>> y.backward()
    >>> [entry.text for entry in draw(y, legend=True)._picture.legend][:2]
    ['input', 'computed from others']
    """
    return tuple(Entry(entry.sample, said(entry.text, lang)) for entry in _entries(picture))


def _entries(picture: Picture) -> Iterable[Entry]:
    kinds = {card.kind for card in picture.cards}
    yield from (Entry(kind, text) for kind, text in _CARDS.items() if kind in kinds)
    if picture.largest_gradient():
        yield Entry("", "cells: blue a positive gradient, red a negative one; strong a large one")
    scales = {arrow.scale for arrow in picture.arrows}
    weights = scales == {"weight"} or (picture.folded and "weight" in scales)
    words = _FLOWS if not weights else _VALUES if picture.by_value else _WEIGHTS
    signs = {sign_of(arrow.flow) for arrow in picture.arrows if arrow.scale != "norm"}
    yield from (Entry(sign, text) for sign, text in words.items() if sign in signs)
    if "norm" in scales:
        what = "they are" if picture.by_value else "their gradient is"
        yield Entry("norm", f"all weights between two layers, wide where {what} large")
    if signs - {"zero"}:
        yield Entry("", "wide arrows: large ones")
    if any(arrow.text and arrow.scale == "weight" for arrow in picture.arrows):
        yield Entry("", "numbers at arrows: weights")
    elif any(arrow.text for arrow in picture.arrows):
        yield Entry("", "numbers at arrows: local derivatives")


def sign_of(flow: float) -> str:
    """Return the name of a number's sign.

    >>> sign_of(-2.0)
    'negative'
    """
    return "nan" if math.isnan(flow) else "positive" if flow > 0 else "negative" if flow < 0 else "zero"
