"""Options of the test run, and what tests share."""

from collections.abc import Iterator

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
