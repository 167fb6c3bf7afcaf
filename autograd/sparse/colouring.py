"""Compressed directions: columns that are found together, for no row tells them apart that has more of them.

A product of a matrix and a direction that is 1 in some columns gives, in each row, the sum of the entries
there. Where no row has two of them, these are the entries: Curtis, Powell and Reid, On the estimation of
sparse Jacobian matrices, IMA Journal of Applied Mathematics 13 (1974). Of a symmetric matrix, an entry may be
found in either of its two places: the columns are then those of a star colouring, in which no path over four
nodes has two colours only, after Gebremedhin, Manne and Pothen, What color is your Jacobian? SIAM Review 47
(2005), section 4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

Rows = Sequence[Sequence[int]]


def coloured(rows: Rows, width: int) -> list[int]:
    """Return for each column a colour, such that no row has entries in two columns of one colour.

    Args:
        rows: for each row the columns of its entries.
        width: how many columns there are.

    >>> coloured([[0, 1], [1, 2], [2, 3]], 4)
    [1, 0, 1, 0]
    """
    beside: list[list[int]] = [[] for _ in range(width)]
    for i, row in enumerate(rows):
        for j in row:
            beside[j].append(i)
    colours, used = [-1] * width, 0
    for j in sorted(range(width), key=lambda j: -len(beside[j])):
        taken: set[int] = set()
        for i in beside[j]:
            taken.update([colours[k] for k in rows[i]])
            taken.discard(-1)
            if len(taken) == used:
                break
        colours[j] = _least(taken)
        used = max(used, colours[j] + 1)
    return colours


def star_coloured(rows: Rows) -> list[int]:
    """Return for each column of a symmetric matrix a colour, by which each entry can be found.

    Args:
        rows: for each row the columns of its entries.

    >>> star_coloured([[0, 1, 2, 3], [0, 1], [0, 2], [0, 3]])
    [0, 1, 1, 1]
    """
    colours, used = [-1] * len(rows), 0
    beside: list[Counter[int]] = [Counter() for _ in rows]  # how many of each colour are beside a column
    for v in sorted(range(len(rows)), key=lambda v: -len(rows[v])):
        taken = {colours[w] for w in rows[v]} - {-1}
        for w in rows[v] if len(taken) < used else ():
            its = colours[w]
            if its < 0:
                taken.update([colours[x] for x in rows[w]])
            else:
                taken.update([colours[x] for x in rows[w] if colours[x] >= 0 and beside[x][its] > 1])
            taken.discard(-1)
            if len(taken) == used:
                break
        colours[v] = colour = _least(taken)
        used = max(used, colour + 1)
        for w in rows[v]:
            if w != v:
                beside[w][colour] += 1
    return colours


def found_in(rows: Rows, colours: Sequence[int]) -> list[tuple[int, int]]:
    """Return, for each entry of a symmetric matrix up to the diagonal, the row and the colour of its product.

    Args:
        rows: for each row the columns of its entries.
        colours: those of a star colouring, or of any by which columns of a row are told apart.
    """
    places = []
    for i, row in enumerate(rows):
        own = Counter([colours[k] for k in row])
        for j in row:
            if j <= i:
                alone = own[colours[j]] == 1
                places.append((i, colours[j]) if alone else (j, colours[i]))
    return places


def _least(taken: set[int]) -> int:
    colour = 0
    while colour in taken:
        colour += 1
    return colour
