"""Names of HIPS autograd's `misc` that are not offered, and what to write instead."""

from __future__ import annotations

from ..support.slips import asking

_GRAPHS = "compile(f) records a function once; draw(y) and topological_order(y) show the graph of a result"
__getattr__ = asking(str(__package__), {"const_graph": _GRAPHS, "full_graph": _GRAPHS})
