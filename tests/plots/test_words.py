"""Plots are English or Chinese, as the fonts allow, and never an empty box."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fonts import make_font
from matplotlib import font_manager
from trainings import PLOTS, flowers, iris_run, pixels, texts

from autograd.plots import decision_boundary, fonts, gradient_flow, loss_curve
from autograd.plots.words import CHINESE, Words


@pytest.fixture
def a_chinese_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A family that has the characters of our Chinese words and of the table of flowers, and no others."""
    known = set("".join(CHINESE.values()) + "花瓣长宽种类红蓝")
    path = make_font(tmp_path / "square.ttf", "Squares", "".join(x for x in known if ord(x) > 0x2000))
    before = list(font_manager.fontManager.ttflist)
    font_manager.fontManager.addfont(path)
    monkeypatch.setattr(fonts, "chinese_font", lambda: "Squares")
    yield "Squares"
    font_manager.fontManager.ttflist[:] = before


@pytest.mark.usefixtures("a_chinese_font")
def test_with_a_chinese_font_words_and_names_are_chinese() -> None:
    shown = texts(loss_curve(flowers(), "zh"))
    assert "学习 种类 时的损失" in shown
    assert "小批量" in shown
    shown = texts(decision_boundary(flowers(), "zh"))
    assert {"花瓣长", "花瓣宽", "红", "蓝"} <= set(shown.splitlines())
    assert "各层的梯度流" in texts(gradient_flow(flowers(), "zh"))
    for plot in PLOTS:  # whatever has no glyph is a warning, which is an error here
        plot(flowers(), "zh").png()


@pytest.mark.usefixtures("a_chinese_font")
def test_a_chinese_name_is_drawn_with_the_chinese_font() -> None:
    picture = decision_boundary(flowers())
    dark = pixels(picture.png())[:, :, :3].max(axis=2) < 0.3
    # Each of the three squares of 花瓣长 below the axis is a solid block, which no letter of DejaVu is.
    below = dark[-40:]
    block = 12
    solid = np.lib.stride_tricks.sliding_window_view(below, (block, block)).all(axis=(2, 3))
    assert solid.any()


def test_without_a_chinese_font_everything_is_english_and_nothing_is_an_empty_box(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)
    for lang in ("en", "zh"):
        for plot in PLOTS:
            picture = plot(flowers(), lang)
            picture.png()  # a missing glyph is a warning, which is an error here
            assert all(ord(x) < 0x2E80 for x in texts(picture))
    assert "Loss while learning target" in texts(loss_curve(flowers(), "zh"))
    shown = set(texts(decision_boundary(flowers(), "zh")).splitlines())
    assert {"feature 1", "feature 2", "class 1", "class 2", "target, as predicted"} <= shown


def test_every_font_of_simplified_chinese_has_our_words() -> None:
    for phrase in CHINESE.values():
        "".join(x for x in phrase if ord(x) > 0x2E80).encode("gb2312")  # the characters all such fonts have


def test_both_languages_have_the_same_places_for_names() -> None:
    def places(phrase: str) -> set[str]:
        return {part.split("}")[0] for part in phrase.split("{")[1:]}

    for english, chinese in CHINESE.items():
        assert places(english) == places(chinese)


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'en' \(English\) or 'zh' \(Chinese\), not in 'fr'"):
        loss_curve(iris_run(), "fr")


def test_names_are_cut_and_what_cannot_be_printed_is_written_out() -> None:
    words = Words()
    assert words.name("a\nb", "name") == "a\\nb"
    assert words.name("x" * 100, "name") == "x" * 31 + "…"
