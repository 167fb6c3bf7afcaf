"""A Chinese font is found, also one that Matplotlib has not heard of yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from fonts import make_font
from matplotlib import font_manager
from trainings import PLOTS, iris_run

from autograd.plots import fonts, loss_curve
from autograd.plots.words import CHINESE, Words


def test_a_font_that_matplotlib_has_not_heard_of_yet_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [x for x in font_manager.fontManager.ttflist if x.name not in fonts.CHINESE_FONTS]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", others)
    broken = tmp_path / "simhei.ttf"
    broken.write_bytes(b"no font")
    recent = make_font(tmp_path / "wqy-microhei.ttf", "WenQuanYi Micro Hei", "损失")
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [str(recent), str(broken)])
    fonts._add_recent_fonts.cache_clear()
    try:
        assert fonts.chinese_font() == "WenQuanYi Micro Hei"
        assert Words("zh").lang == "zh"
        assert Words("zh").name("损失", "loss") == "损失"
        assert Words("zh").name("失败", "failure") == "failure"  # the font has not the second character
    finally:
        fonts._add_recent_fonts.cache_clear()


@pytest.mark.parametrize("style", ["Regular", "Bold"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_family_without_bold_letters_or_with_these_alone_is_used_without_a_word(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    style: str,
    lang: str,
) -> None:
    letters = "".join(x for phrase in CHINESE.values() for x in phrase if ord(x) > 0x2000)
    family = f"One Style {style}"
    path = make_font(tmp_path / "one.ttf", family, letters, style)
    monkeypatch.setattr(font_manager.fontManager, "ttflist", list(font_manager.fontManager.ttflist))
    font_manager.fontManager.addfont(path)
    monkeypatch.setattr(fonts, "chinese_font", lambda: family)
    for plot in PLOTS:
        plot(iris_run(), lang).png()
        plot(iris_run(), lang).svg()
    assert Words(lang).name("损失", "loss") == "损失"
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def test_one_search_within_another_leaves_that_quiet(caplog: pytest.LogCaptureFixture) -> None:
    with fonts.quiet():
        assert fonts.can_show("a", ["DejaVu Sans"])
        font_manager.findfont("a family that nobody has, either")
    assert caplog.text == ""


def test_what_others_are_told_of_fonts_is_told_still(caplog: pytest.LogCaptureFixture) -> None:
    loss_curve(iris_run()).png()
    font_manager.findfont("a family that nobody has")
    assert "not found" in caplog.text


def test_a_machine_without_chinese_fonts_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [x for x in font_manager.fontManager.ttflist if x.name not in fonts.CHINESE_FONTS]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", others)
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    fonts._add_recent_fonts.cache_clear()
    try:
        assert fonts.chinese_font() is None
        assert Words("zh").lang == "en"
    finally:
        fonts._add_recent_fonts.cache_clear()
