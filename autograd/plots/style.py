"""How all plots look: one style, the colours and marks of classes, the fonts, and the words in two languages.

Colours are those of Okabe and Ito (2008), which the colour-blind tell apart; what must be told apart also in
grey differs in lightness, in its mark or in its dashes as well. Matplotlib is imported only when a plot is
made; figures are built without pyplot, and the user's settings, backend and open figures are neither used
nor touched.
"""

from __future__ import annotations

import functools
import io
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..support.files import write_whole
from ..support.text import shortened

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLORS = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9",
    "#d55e00", "#f0e442", "#7f7f7f", "#5e3c99", "#7f3b08",
)  # fmt: skip
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*", "p", ">")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
INK, MUTED = "#111827", "#4b5563"
LANGUAGES = ("en", "zh")
LONGEST_NAME = 32

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

_STYLE: Any = {
    "axes.edgecolor": MUTED,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "figure.dpi": 150,
    "font.size": 10,
    "grid.alpha": 0.25,
    "grid.linewidth": 0.6,
    "hatch.color": "#6b7280",
    "hatch.linewidth": 0.5,
    "legend.borderaxespad": 0.6,
    "legend.fontsize": 9,
    "legend.framealpha": 0.85,
    "legend.frameon": True,
    "legend.fancybox": False,
    "legend.edgecolor": "#d1d5db",
    "svg.fonttype": "none",
    "svg.hashsalt": "autograd",
    "text.parse_math": False,  # names of columns and classes as they are, not as formulas
    "xtick.color": MUTED,
    "xtick.labelsize": 9,
    "ytick.color": MUTED,
    "ytick.labelsize": 9,
}


class PlotError(RuntimeError):
    """No picture could be made; the message says what to install."""


class Words:
    """The words of a plot in a language that can be shown; English where no font has Chinese characters.

    Args:
        lang: "en" or "zh".
        elsewhere: the text is shown by a browser, which has fonts of its own, so that names of any script
            are kept.

    Attributes:
        lang: the language that is used.
        fonts: the families to use, the first one first.

    Raises:
        ValueError: there is no such language.
        PlotError: Matplotlib is not installed.
    """

    def __init__(self, lang: str = "en", elsewhere: bool = False) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"plots are in 'en' (English) or 'zh' (Chinese), not in {lang!r}")
        require_matplotlib()
        chinese = chinese_font()
        self.fonts = ["DejaVu Sans"] + ([chinese] if chinese else [])
        self.lang = lang if chinese else "en"
        self._elsewhere = elsewhere

    def __call__(self, english: str, **names: object) -> str:
        """Return a phrase in the language; `names` are put in place of the {...} in it."""
        phrase = CHINESE[english] if self.lang == "zh" else english
        return phrase.format(**names)

    def name(self, name: str, otherwise: str) -> str:
        """Return a name of the user's as it can be shown, or `otherwise` where no font has its characters."""
        short = shortened(name, LONGEST_NAME)
        return short if self._elsewhere or can_show(short, self.fonts) else otherwise


CHINESE = {
    "minibatch": "小批量",
    "minibatches, averaged": "小批量，滑动平均",
    "test rows": "测试集",
    "step": "步数",
    "cross-entropy": "交叉熵",
    "squared error (standardised)": "平方误差（标准化）",
    "Loss while learning {target}": "学习 {target} 时的损失",
    "Loss": "损失",
    "{target}, as predicted": "对 {target} 的预测",
    "black rims: test rows": "黑边：测试集",
    "×: predicted wrongly": "×：预测错误",
    "whole numbers are spread out": "整数值略微散开",
    "the two features that tell most; the other {count} at their mean": (
        "最有影响的两个特征；其余 {count} 个取均值"
    ),
    "the two features that tell most; the other one at its mean": "最有影响的两个特征；另一个取均值",
    "probability": "概率",
    "predicted": "预测值",
    "mean |gradient| of the weights": "权重的平均 |梯度|",
    "mean |gradient|": "平均 |梯度|",
    "Gradient flow by layer": "各层的梯度流",
    "layer {number}": "第 {number} 层",
    "output layer": "输出层",
    "vanishing": "消失",
    "exploding": "爆炸",
    "vanishing: < 1/{limit} of output": "消失：< 输出层的 1/{limit}",
    "exploding: > {limit} × output": "爆炸：> 输出层的 {limit} 倍",
    "no layer vanishes (< 1/{limit} of the output layer's) or explodes (> {limit} times it)": (
        "没有一层消失（< 输出层的 1/{limit}）或爆炸（> 输出层的 {limit} 倍）"
    ),
    "By depth": "按深度",
    "layer": "层",
    "first tenth of the steps": "前十分之一的步数",
    "middle": "中间",
    "last tenth": "后十分之一",
    "step {step} of {steps}": "第 {step} 步，共 {steps} 步",
    "untrained": "未训练",
    "loss {loss}": "损失 {loss}",
    "{wrong} of {rows} rows wrong": "{rows} 行中错 {wrong} 行",
    "RMSE {rmse}": "均方根误差 {rmse}",
    "gradient of {layer}: {ratio} of the output layer's, {verdict}": (
        "{layer}的梯度：输出层的 {ratio}，{verdict}"
    ),
    "gradient of {layer}: zero, vanishing": "{layer}的梯度：零，消失",
    "How {target} is learnt": "怎样学会 {target}",
    "Play": "播放",
    "Pause": "暂停",
    "First frame": "第一帧",
    "Previous frame": "上一帧",
    "Next frame": "下一帧",
    "Last frame": "最后一帧",
    "Speed": "速度",
    "Frame": "帧",
    "Keys: space plays and pauses, ← and → go a frame back and on, Home and End to the ends.": (
        "按键：空格播放或暂停，← → 前后一帧，Home 和 End 到两端。"
    ),
    "Without scripts, this is the last frame: the network as it was at the end.": (
        "脚本未运行，此为最后一帧：训练结束时的网络。"
    ),
    "target": "目标",
    "feature {number}": "特征 {number}",
    "class {number}": "类别 {number}",
}


# Fonts


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


def can_show(text: str, fonts: list[str]) -> bool:
    """Return whether each character of a text is in one of the fonts."""
    from matplotlib import font_manager

    faces = [font_manager.get_font(font_manager.findfont(font)) for font in fonts]
    return all(any(face.get_char_index(ord(x)) for face in faces) for x in text)


# Figures


class Picture:
    """A finished plot: shows itself in a notebook, and saves itself as PNG or SVG.

    Attributes:
        figure: the Matplotlib figure, whose axes hold what is drawn.
    """

    def __init__(self, figure: Figure, words: Words) -> None:
        self.figure = figure
        self._words = words
        with plotting_style(words):
            figure.canvas.draw()  # now, while the style holds, so that the marks on the axes have it

    def __repr__(self) -> str:
        labels = [axes.get_ylabel() for axes in self.figure.axes if axes.get_ylabel()]
        return f"<Picture: {', '.join(labels)}>"

    def png(self) -> bytes:
        """Return the picture as PNG; the same plot gives the same bytes."""
        return self._saved("png", {"Software": None})

    def svg(self) -> str:
        """Return the picture as SVG, with text as text."""
        return self._saved("svg", {"Date": None, "Creator": None}).decode()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file whose name ends in .png or .svg.

        Raises:
            ValueError: the name ends otherwise.
            OSError: the file cannot be written.
        """
        suffix = os.path.splitext(os.fspath(path))[1].lower()
        if suffix not in (".png", ".svg"):
            raise ValueError(f"cannot save a plot as {os.fspath(path)!r}: the name must end in .png or .svg")
        write_whole(path, self.png() if suffix == ".png" else self.svg())

    def _repr_png_(self) -> bytes:
        return self.png()

    def _saved(self, kind: str, metadata: dict[str, None]) -> bytes:
        buffer = io.BytesIO()
        with plotting_style(self._words):
            self.figure.savefig(buffer, format=kind, metadata=metadata)
        return buffer.getvalue()


def require_matplotlib() -> None:
    """Raise a PlotError that says what to install, unless Matplotlib can draw here."""
    try:
        import matplotlib.backends.backend_agg
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise PlotError(f'it needs Matplotlib: pip install "scalar-autograd[plot]" ({error})') from None


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of that size in inches that no window shows."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


@contextmanager
def plotting_style(words: Words) -> Iterator[None]:
    """Draw in our style, whatever the user's settings are, which hold again afterwards."""
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        mpl.rcParams["font.family"] = words.fonts
        if words._elsewhere:  # what no font here has is measured too small, but a browser will show it
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield
