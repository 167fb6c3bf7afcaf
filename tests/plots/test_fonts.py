"""A Chinese font is found, also one that Matplotlib has not heard of yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from fonts import make_font
from matplotlib import font_manager

from autograd.plots import fonts
from autograd.plots.words import Words


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
