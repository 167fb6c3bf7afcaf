"""Boxes in ranks: none overlap, arrows run forwards and across no box, and trees have no crossings."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.drawing.arrow_ways import curve_through, points_on
from autograd.drawing.layered import Arranged, Link, arrange, nondecreasing

SIZE = (40.0, 20.0)


def random_graph(seed: int) -> tuple[list[tuple[float, float]], list[Link]]:
    rng = random.Random(seed)
    count = rng.randint(2, 25)
    sizes = [(rng.uniform(10, 90), rng.uniform(10, 60)) for _ in range(count)]
    pairs = [
        (tail, head)
        for head in range(1, count)
        for tail in rng.sample(range(head), min(head, rng.randint(1, 2)))
    ]
    return sizes, [Link(tail, head, room=rng.choice((0.0, 30.0))) for tail, head in pairs]


def inside(point: tuple[float, float], origin: tuple[float, float], size: tuple[float, float]) -> bool:
    slack = 1e-6
    return all(o + slack < p < o + s - slack for p, o, s in zip(point, origin, size, strict=True))


@pytest.mark.parametrize("seed", range(60))
def test_boxes_do_not_overlap_and_arrows_run_forwards_around_them(seed: int) -> None:
    sizes, links = random_graph(seed)
    arranged = arrange(sizes, links, 8.0)
    boxes = list(zip(arranged.origins, sizes, strict=True))
    for ((x, y), (w, h)), ((a, b), (c, d)) in itertools.combinations(boxes, 2):
        assert x + w <= a or a + c <= x or y + h <= b + 1e-6 or b + d <= y + 1e-6
    for (x, y), (w, h) in boxes:
        assert x >= 0 <= y + 1e-6
        assert x + w <= arranged.size[0] + 1e-6
        assert y + h <= arranged.size[1] + 1e-6
    for link, path in zip(links, arranged.paths, strict=True):
        assert link.tail is not None
        assert link.head is not None
        (x, y), (w, h) = boxes[link.tail]
        assert path[0][0] == pytest.approx(x + w)
        assert y < path[0][1] < y + h
        (x, y), (_, h) = boxes[link.head]
        assert path[-1][0] == pytest.approx(x)
        assert y < path[-1][1] < y + h
        assert [u for u, _ in path] == sorted(u for u, _ in path)
        for point in points_on(curve_through(path, True, False), 12):
            assert not any(inside(point, *box) for box in boxes)


def crossings(arranged: Arranged) -> int:
    """Count the pairs of paths between the same ranks whose ends are in different orders."""
    count = 0
    for first, second in itertools.combinations(arranged.paths, 2):
        if first[0][0] == second[0][0] and first[-1][0] == second[-1][0]:
            count += (first[0][1] - second[0][1]) * (first[-1][1] - second[-1][1]) < -1e-9
    return count


@pytest.mark.parametrize(
    ("pairs", "fewest"),
    [
        ([(0, 2), (1, 2)], 0),
        ([(0, 3), (1, 2), (0, 2)], 0),
        ([(0, 2), (0, 3), (1, 2), (1, 3)], 1),  # each of two with each of two
        ([(i, j) for i in range(3) for j in range(3, 6)], 9),  # of three: (3 choose 2) squared
        ([(0, 5), (1, 4), (2, 3)], 0),
    ],
)
def test_no_more_arrows_cross_than_must(pairs: Sequence[tuple[int, int]], fewest: int) -> None:
    count = 1 + max(max(pair) for pair in pairs)
    assert crossings(arrange([SIZE] * count, [Link(*pair) for pair in pairs], 8.0)) == fewest


def test_the_operands_of_a_formula_stand_in_their_order() -> None:
    # (a b + c d) + e, whose leaves are numbered in another order
    links = [Link(3, 5), Link(1, 5), Link(4, 6), Link(0, 6), Link(5, 7), Link(6, 7), Link(7, 8), Link(2, 8)]
    origins = arrange([SIZE] * 9, links, 8.0).origins
    assert [origins[i][1] for i in (3, 1, 4, 0)] == sorted(origins[i][1] for i in (3, 1, 4, 0))
    assert origins[2][0] == origins[7][0]  # a leaf stands beside what it is added to, not at the far left


def test_an_arrow_that_skips_ranks_is_straight_where_it_can_be() -> None:
    links = [Link(0, 1), Link(1, 2), Link(2, 3), Link(3, 4), Link(5, 4)]
    arranged = arrange([SIZE] * 6, [*links, Link(0, 4)], 8.0)
    *_, long = arranged.paths
    middle = long[2:-2]
    assert max(v for _, v in middle) - min(v for _, v in middle) < 1.0


def test_cycles_and_links_to_itself_come_to_an_end() -> None:
    arranged = arrange([SIZE] * 3, [Link(0, 1), Link(1, 2), Link(2, 0), Link(1, 0)], 8.0)
    assert len(arranged.paths) == 4
    assert len(set(arranged.origins)) == 3


def test_what_comes_from_outside_begins_and_ends_at_the_border() -> None:
    arranged = arrange([SIZE] * 2, [Link(0, 1), Link(None, 0), Link(None, 1), Link(1, None)], 8.0)
    _, *incoming, outgoing = arranged.paths
    assert [path[0][0] for path in incoming] == [0.0, 0.0]
    assert outgoing[-1][0] == arranged.size[0]


def test_text_has_room_between_ranks() -> None:
    near, far = (arrange([SIZE] * 2, [Link(0, 1, room=room)], 8.0).origins[1][0] for room in (0.0, 100.0))
    assert far >= SIZE[0] + 100.0 > near


def test_nothing_is_arranged_as_nothing() -> None:
    assert arrange([], [], 8.0) == Arranged([], [], (0.0, 0.0))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 10)), min_size=1, max_size=12))
def test_pooling_gives_the_nearest_numbers_in_order(wanted: list[tuple[float, float]]) -> None:
    found = nondecreasing(wanted)
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(found))
    # the conditions of Karush, Kuhn and Tucker: pulled upwards from any place on, nothing is gained; nor from
    # the whole, either way
    pulls = [w * (x - y) for (x, w), y in zip(wanted, found, strict=True)]
    sums = list(itertools.accumulate(pulls))
    assert sums[-1] == pytest.approx(0.0, abs=1e-6)
    assert all(s >= -1e-6 for s in sums)
    for s, (a, b) in zip(sums, itertools.pairwise(found), strict=False):
        if b - a > 1e-9:
            assert s == pytest.approx(0.0, abs=1e-6)


def test_the_same_graph_is_arranged_in_the_same_way() -> None:
    sizes, links = random_graph(7)
    assert arrange(sizes, links, 8.0) == arrange(list(sizes), list(links), 8.0)
