"""How all plots look: one style, and the colours, marks and dashes that tell classes and layers apart.

Colours are those of Okabe and Ito (2008), which the colour-blind tell apart; what must be told apart also in
grey differs in lightness, in its mark or in its dashes as well. Matplotlib is imported only when a plot is
made; figures are built without pyplot, and the user's settings, backend and open figures are neither used
nor touched.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .fonts import quiet
from .words import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLORS = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9",
    "#d55e00", "#f0e442", "#7f7f7f", "#5e3c99", "#7f3b08",
)  # fmt: skip
MARKS = ("o", "s", "^", "D", "v", "P", "X", "*", "p", ">")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
INK, MUTED = "#111827", "#4b5563"

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

    with mpl.rc_context(), warnings.catch_warnings(), quiet():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        mpl.rcParams["font.family"] = words.fonts
        if words.elsewhere:  # what no font here has is measured too small, but a browser will show it
            warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield
