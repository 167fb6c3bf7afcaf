"""The colours of numbers in a picture, and that all text in it can be read."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

import pytest

from autograd.drawing.themes import DARK, LIGHT, THEMES, Theme, largest_of, strength_of

both_themes = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)


@pytest.mark.parametrize(
    ("x", "largest", "expected"),
    [(0.0, 2.0, 0.0), (0.0, 0.0, 0.0), (-1.0, 2.0, 0.5), (2.0, 2.0, 1.0), (3.0, 2.0, 1.0), (1.0, 0.0, 1.0),
     (math.inf, 2.0, 1.0), (math.nan, 2.0, 1.0), (1e308, 1e-308, 1.0)],
)  # fmt: skip
def test_strength_is_a_part_of_the_largest(x: float, largest: float, expected: float) -> None:
    assert strength_of(x, largest) == expected


def test_the_largest_is_that_of_the_finite_numbers() -> None:
    assert largest_of([1.0, -3.0, math.inf, math.nan]) == 3.0
    assert largest_of([]) == 0.0


@both_themes
def test_colours_tell_the_sign(theme: Theme) -> None:
    assert len({theme.color_of(x) for x in (1.0, -1.0, 0.0, math.nan)}) == 4
    assert theme.color_of(0.5) == theme.color_of(math.inf) == theme.positive


def test_a_tint_is_white_at_0_and_no_stronger_than_that_of_the_largest() -> None:
    assert LIGHT.tint_of(0.0, 1.0) == "#ffffff"
    assert LIGHT.tint_of(5.0, 1.0) == LIGHT.tint_of(1.0, 1.0) != LIGHT.tint_of(0.5, 1.0)
    assert DARK.tint_of(0.0, 1.0) == DARK.card


def luminance(color: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.1)."""
    channels = [c / 255 for c in bytes.fromhex(color[1:])]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.1), from 1 to 21."""
    dark, light = sorted((luminance(a), luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def texts(theme: Theme) -> Iterable[tuple[str, str]]:
    """Yield each colour of text with each colour behind it."""
    tints = [theme.tint_of(x, 1.0) for x in (0.0, 1.0, -1.0, 0.3, -0.3, 0.01, -0.01, math.nan)]
    yield from itertools.product([theme.text], [*tints, *theme.heads.values(), theme.card])
    yield from itertools.product([theme.caption], [theme.card, theme.frame, theme.background])
    # a leaf without a label has its kind's colour behind "data"
    yield from itertools.product([theme.caption], [theme.heads["input"], theme.heads["parameter"]])
    yield from itertools.product([theme.accent], [theme.heads["neuron"], theme.heads["input"]])
    yield theme.operation_text, theme.operation
    for x in (1.0, -1.0, 0.0, math.nan):
        yield theme.text_of(x), theme.background
        yield theme.text_of(x), theme.frame  # arrows run across frames


@both_themes
def test_text_has_the_contrast_that_wcag_asks_for(theme: Theme) -> None:
    assert [(a, b, contrast(a, b)) for a, b in texts(theme) if contrast(a, b) < 4.5] == []


@both_themes
def test_lines_that_mean_something_stand_out_from_the_background(theme: Theme) -> None:
    for color in (theme.positive, theme.negative, theme.nan, theme.border, theme.accent):
        assert contrast(color, theme.background) >= 3.0  # WCAG 2.1, 1.4.11


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # published in WCAG's examples


# Machado, Oliveira and Fernandes (2009), severity 1: what colours look like with each colour blindness.
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def seen(color: str, matrix: list[list[float]]) -> list[float]:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (x / 255 for x in bytes.fromhex(color[1:]))
    ]
    mixed = [min(1.0, max(0.0, sum(m * c for m, c in zip(row, linear, strict=True)))) for row in matrix]
    return [12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in mixed]


@both_themes
@pytest.mark.parametrize("matrix", BLINDNESS.values(), ids=BLINDNESS)
def test_positive_and_negative_differ_for_colour_blind_eyes(theme: Theme, matrix: list[list[float]]) -> None:
    for a, b in (
        (theme.positive, theme.negative),
        (theme.tint_of(1.0, 1.0), theme.tint_of(-1.0, 1.0)),
    ):
        assert math.dist(seen(a, matrix), seen(b, matrix)) > 0.2
