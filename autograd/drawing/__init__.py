"""Graphs as pictures: cards and arrows, as SVG, PNG, PDF, DOT, Mermaid and text.

`drawings` has `draw` and what it gives; `graphs` chooses which picture is made, and `picture` is what is in
one. In full it has a card for each Value (`values`); folded, the neurons that `neurons` finds again stand in
the `columns` of their layers (`network`). `names`, `numbers`, `short_formula` and `themes` say how that is
written and coloured, `arrow_looks` how arrows are, `letters` and `tex` how labels are written, and `legend`
explains it. `dot`, `mermaid` and `text_tree` write a picture down, `rendering` has Graphviz draw it, and
`html_card` is the card that Jupyter shows of one Value.

Where there is no Graphviz, or it would tangle the picture, that is laid out here: `layered` finds places
for boxes (`layer_order`), `arrangement` does so for frames in frames, and `arrow_ways` for arrows and their
texts. `scene` makes `shapes` of that (`drawn_cards`, `drawn_legend`), which `svg` and `raster` write;
`dot_places` tells Graphviz where they are. `output` chooses, and keeps the layout; `embedding` fits the SVG
into pages.
"""

from .drawings import Drawing, DrawingError, draw
from .themes import set_theme

__all__ = ["Drawing", "DrawingError", "draw", "set_theme"]
