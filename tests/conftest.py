"""Options of the test run, and what tests share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from autograd import ops


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update",
        action="store_true",
        help="store what the notebooks show now, the page of the contract, the pictures of the README, "
        "and the DOT texts in tests/drawing/golden",
    )


@pytest.fixture
def table_as_it_was() -> Iterator[None]:
    """Leave the table of rules as it was, whatever a test enters into it."""
    before = dict(ops.TABLE)
    yield
    ops.TABLE.clear()
    ops.TABLE.update(before)


@pytest.fixture
def no_dot(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide the programs of the machine, Graphviz's among them."""
    empty = tmp_path / "no programs here"
    empty.mkdir()
    monkeypatch.setenv("PATH", str(empty))
