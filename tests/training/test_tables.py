"""Cells are read as numbers, columns are found by name or number, and messages stay short."""

from __future__ import annotations

import time

import pytest

from autograd.training import TableError, make_table
from autograd.training.tables import parse_number


def test_columns_are_found_by_name_before_number() -> None:
    table = make_table(["2", "x"], [[10, 20]])
    assert table.index("2") == 0
    assert table.index("x") == table.index("1") + 1 == 1
    with pytest.raises(TableError, match=r"table: there is no column 'y'; the columns are '2', 'x'"):
        table.index("y")


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1", 1.0), ("-.5", -0.5), ("+2.", 2.0), ("1e3", 1000.0), ("1.5E-3", 0.0015), ("007", 7.0)],
)
def test_numbers_in_decimal_notation_are_read(cell: str, number: float) -> None:
    assert parse_number(cell) == number


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("", "the cell is empty"),
        ("abc", "'abc' is not a number"),
        ("1_000", "'1_000' is not a number"),
        ("0x10", "'0x10' is not a number"),
        ("٣", "'٣' is not a number"),
        ("1 000", "'1 000' is not a number"),
        ("NaN", "'NaN' is not a finite number"),
        ("-inf", "'-inf' is not a finite number"),
        ("1e999", "'1e999' is beyond the range of a float"),
        ("1,5", "'1,5' is not a number; write the decimals after a point, not a comma"),
    ],
)
def test_other_cells_are_refused_with_the_reason(cell: str, message: str) -> None:
    with pytest.raises(ValueError, match=r"number|empty|range") as error:
        parse_number(cell)
    assert message in str(error.value)


def test_a_long_number_with_a_letter_in_it_is_refused_at_once() -> None:
    start = time.process_time()
    with pytest.raises(ValueError, match="is not a number"):
        parse_number("1" * 20_000 + "x")
    assert time.process_time() - start < 1


def test_a_message_shows_the_beginning_of_long_names() -> None:
    name = "long " * 1000
    with pytest.raises(
        TableError, match=r"there is no column 'long .*; the columns are 'x', 'long "
    ) as error:
        make_table(["x", name], [[1, "two"]]).index(name + "er")
    assert len(str(error.value)) < 200
    with pytest.raises(TableError, match=r"column 'long .*: 'two' is not a number") as error:
        make_table(["x", name], [[1, "two"]]).numbers(name)
    assert len(str(error.value)) < 200


def test_tables_from_memory_are_checked_like_files() -> None:
    with pytest.raises(TableError, match="points, row 3: 1 cell, but row 1 has 2 cells"):
        make_table(["x", "y"], [[1, 2], [3]], name="points")
    assert make_table(["x"], [[0.1 + 0.2]]).numbers("x") == [0.1 + 0.2]
