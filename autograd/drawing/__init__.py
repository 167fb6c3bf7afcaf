"""Graphs as pictures: cards and arrows, as SVG, PNG, PDF, DOT, Mermaid and text.

`drawings` has `draw` and what it gives; `graphs` chooses which picture is made, and `picture` is what is in
one. In full it has a card for each Value (`values`); folded, the neurons that `neurons` finds again stand in
the `columns` of their layers (`network`). `names`, `numbers`, `short_formula` and `themes` say how that is
written and coloured. `dot`, `mermaid` and `text_tree` write a picture down, `rendering` has Graphviz draw it,
and `html_card` is the card that Jupyter shows of one Value.
"""

from .drawings import Drawing, DrawingError, draw

__all__ = ["Drawing", "DrawingError", "draw"]
