"""Programs of entries grown to all turns, where that is soon found to go.

What comes out of each turn of a loop may depend on all turns before. Then each row of a Jacobian is longer
than that before it, and to look for what is even in ever larger programs would take long and find nothing.
So it is where many rows go through a loop, each for itself: products go through it together.
"""

from __future__ import annotations

from collections.abc import Sequence

from .family import Family
from .growing import SIZES, grown
from .listing import Unsuitable
from .program import LoopProgram
from .samples import Derive, derived_at

FEW, TWICE = 12, 24
"""How many turns are compared."""

MOST = 2.6
"""How much longer a program of twice the turns may be: twice, where it is in proportion to them."""


def grown_entries(
    family: Family, derive: Derive, by: Sequence[int], inputs: Sequence[str], most: int
) -> LoopProgram:
    """Return what `grown` does, or soon give up.

    Args:
        family, derive, by, inputs: as there.
        most: how long the program of a few turns may be.

    Raises:
        Unsuitable: the derived programs do not grow evenly.
    """
    try:
        return grown(family, derive, by, inputs, SIZES[:1])
    except Unsuitable:
        few, more = (len(derived_at(family, derive, by, _turns(family, x)).nodes) for x in (FEW, TWICE))
        if more > MOST * few or few > most:
            raise
    return grown(family, derive, by, inputs, SIZES[1:])


def _turns(family: Family, turns: int) -> list[int]:
    return [min(turns, most) for most in family.turns]
