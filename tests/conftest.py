"""Options of the test run, and what tests share."""

import gc
import importlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cases import a_few_of_each

from autograd import ops

# Tests run on all processors: threads that NumPy has for its products would only wait for one another.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="store what the notebooks show now, the page of the contract, the pictures of the README, "
        "and the DOT texts in tests/drawing/golden",
    )
    parser.addoption(
        "--few",
        type=int,
        metavar="N",
        help="run a test with N of its sets of parameters at most, which lie evenly among them",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    few = config.getoption("--few")
    if few is None:
        return
    if few < 1:
        raise pytest.UsageError(f"--few is {few}; it must be 1 or more")
    kept = set(a_few_of_each([item.nodeid for item in items], few))
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
    items[:] = [item for item in items if item.nodeid in kept]


def pytest_collection() -> None:
    """Let a million objects, which the tests are, be made without looking through them for garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave the tests out of all later collections: each would take half a second.

    Hypothesis is imported before: it asks what refers to the random numbers of packages that tell it theirs,
    and what is left out is not found.
    """
    importlib.import_module("hypothesis")
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
def table_as_it_was() -> Iterator[None]:
    """Leave the table of rules as it was, whatever a test enters into it."""
    before = dict(ops.TABLE)
    yield
    ops.TABLE.clear()
    ops.TABLE.update(before)


@pytest.fixture(params=["numpy", "llvm"])
def backend(request: pytest.FixtureRequest) -> str:
    """Each backend that runs batches."""
    if request.param == "llvm":
        pytest.importorskip("llvmlite")
    return str(request.param)


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the programs of the machine, Graphviz's among them."""
    empty = tmp_path / "no programs here"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
