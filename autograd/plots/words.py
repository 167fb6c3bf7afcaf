"""The words of plots and films in a language that can be shown, and names as they can be."""

from __future__ import annotations

from ..support.languages import CHINESE, LANGUAGES, said
from ..support.text import shortened
from . import fonts
from .errors import require_matplotlib

__all__ = ["CHINESE", "LANGUAGES", "Words"]

LONGEST_NAME = 32


class Words:
    """The words of a plot in a language that can be shown; English where no font has Chinese characters.

    Args:
        lang: "en" or "zh".
        elsewhere: the text is shown by a browser, which has fonts of its own, so that names of any script
            are kept.

    Attributes:
        lang: the language that is used.
        fonts: the families to use, the first one first.
        elsewhere: whether a browser shows the text.

    Raises:
        ValueError: there is no such language.
        PlotError: Matplotlib is not installed.
    """

    def __init__(self, lang: str = "en", elsewhere: bool = False) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"plots are in 'en' (English) or 'zh' (Chinese), not in {lang!r}")
        require_matplotlib()
        chinese = fonts.chinese_font()
        self.fonts = ["DejaVu Sans"] + ([chinese] if chinese else [])
        self.lang = lang if chinese else "en"
        self.elsewhere = elsewhere

    def __call__(self, english: str, **names: object) -> str:
        """Return a phrase in the language; `names` are put in place of the {...} in it."""
        return said(english, self.lang, **names)

    def name(self, name: str, otherwise: str) -> str:
        """Return a name of the user's as it can be shown, or `otherwise` where no font has its characters."""
        short = shortened(name, LONGEST_NAME)
        return short if self.elsewhere or fonts.can_show(short, self.fonts) else otherwise
