"""Python's cyclic collector and large graphs.

The collector looks for objects that refer to each other in a circle: among the newest whenever 700 (since
Python 3.13: 2000) more have been made than freed, and among older ones, whole graphs with them, every ten
times it does so. A graph of Values has no circles, so the search is in vain, and where graphs are large it
takes a third of a training step. The newest objects are still searched as often as before.
"""

from __future__ import annotations

import gc

LARGE_GRAPH = 10_000
"""The number of nodes from which a graph is large."""

DEFAULTS = ((700, 10, 10), (2000, 10, 10), (2000, 10, 0))  # of Python 3.11 and 3.12, 3.13, 3.14
PATIENCE = 5000  # searches of the newest objects for one of the older

_told = False


def expect_large_graphs() -> None:
    """Have older objects searched five hundred times less often, from the first call on.

    Thresholds that are not those Python starts with are left alone, and a later `gc.set_threshold` stands.
    """
    global _told
    if not _told:
        _told = True
        thresholds = gc.get_threshold()
        if thresholds in DEFAULTS:
            gc.set_threshold(thresholds[0], PATIENCE, thresholds[2])
