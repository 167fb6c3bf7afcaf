"""Fonts with Chinese characters: whether there is one that Matplotlib can use, and what it can show."""

from __future__ import annotations

import functools
import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

# Families with Chinese characters, the preferred first; the Japanese face of Noto has the Chinese ones too.
CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC",
    "Hiragino Sans GB", "Heiti SC", "Microsoft YaHei", "SimHei", "Noto Sans CJK JP", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Arial Unicode MS", "Droid Sans Fallback", "Noto Serif CJK SC", "SimSun",
)  # fmt: skip
_CHINESE_FILES = re.compile(
    "noto.*(cjk|sanssc)|sourcehan|pingfang|hiragino sans gb|heiti|msyh|simhei|simsun|wqy|arial unicode|"
    "droidsansf"
)


def chinese_font() -> str | None:
    """Return the family of a font with Chinese characters that Matplotlib can use; None if there is none."""
    from matplotlib import font_manager

    _add_recent_fonts()
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((family for family in CHINESE_FONTS if family in known), None)


@functools.cache
def _add_recent_fonts() -> None:
    """Make Matplotlib know a Chinese font that was installed after it made its list of fonts."""
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    if known.isdisjoint(CHINESE_FONTS):
        for path in sorted(font_manager.findSystemFonts()):
            if _CHINESE_FILES.match(os.path.basename(path).lower()):
                try:
                    font_manager.fontManager.addfont(path)
                except (OSError, RuntimeError):  # FreeType cannot read it
                    continue


@contextmanager
def quiet() -> Iterator[None]:
    """Let Matplotlib look for fonts without a word: of a family without bold letters the others do."""
    log = logging.getLogger("matplotlib.font_manager")

    def is_error(record: logging.LogRecord) -> bool:  # one of its own for each, for one may be within another
        return record.levelno >= logging.ERROR

    log.addFilter(is_error)
    try:
        yield
    finally:
        log.removeFilter(is_error)


def can_show(text: str, fonts: list[str]) -> bool:
    """Return whether each character of a text is in one of the fonts."""
    from matplotlib import font_manager

    with quiet():
        faces = [font_manager.get_font(font_manager.findfont(font)) for font in fonts]
    return all(any(face.get_char_index(ord(x)) for face in faces) for x in text)
