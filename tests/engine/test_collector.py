"""The cyclic collector's thresholds: changed by a large graph only, once, never against anybody's wish."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from autograd import Value
from autograd.engine import collector

PROGRAM = """
import gc
{before}
from autograd import Value
imported = gc.get_threshold()
x = Value(1.0)
y = x
for _ in range({nodes}):
    y = y + x
y.backward()
after = gc.get_threshold()
gc.set_threshold(700, 10, 10)
y.backward()
print(imported, after, gc.get_threshold())
"""


@pytest.mark.parametrize(
    ("before", "nodes", "changes"),
    [("", 20_000, True), ("", 1_000, False), ("gc.set_threshold(5000, 10, 10)", 20_000, False)],
)
def test_a_large_graph_makes_the_collector_search_older_objects_less_often(
    before: str, nodes: int, changes: bool
) -> None:
    program = PROGRAM.format(before=before, nodes=nodes)
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    imported, after, last = eval(result.stdout.strip().replace(") (", "), ("))
    assert after == ((imported[0], 5000, imported[2]) if changes else imported)
    assert last == (700, 10, 10)  # what the program sets afterwards stands


@pytest.fixture
def untold(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a program that has not met a large graph yet, under the thresholds of Python 3.11."""
    thresholds = gc.get_threshold()
    monkeypatch.setattr(collector, "_told", False)
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("untold")
def test_the_newest_objects_are_searched_as_often_as_before() -> None:
    x = Value(1.0)
    y = x
    for _ in range(collector.LARGE_GRAPH):
        y = y + x
    assert gc.get_threshold() == (700, 10, 10)
    y.backward()
    assert gc.get_threshold() == (700, collector.PATIENCE, 10)


@pytest.mark.usefixtures("untold")
def test_thresholds_of_somebody_s_own_are_left_alone() -> None:
    gc.set_threshold(701, 10, 10)
    collector.expect_large_graphs()
    gc.set_threshold(700, 10, 10)
    collector.expect_large_graphs()
    assert gc.get_threshold() == (700, 10, 10)
