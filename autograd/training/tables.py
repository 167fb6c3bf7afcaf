"""Tables: rows of text under named columns, and their cells as numbers.

A table is text until somebody asks for numbers, so that what is wrong with a cell is known together with
its row and column. Rows are counted as an editor or a spreadsheet does: from 1, the header included.

>>> from autograd.training import iris
>>> table = iris()
>>> table.columns
('sepal_length', 'sepal_width', 'petal_length', 'petal_width', 'species')
>>> table.numbers("petal_length")[:3]
[1.4, 1.4, 1.3]
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..support.messages import listed, quoted

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)


class TableError(ValueError):
    """What is wrong with a table, and where.

    Attributes:
        problem: what is wrong, without the place.
        file: the name of the table.
        row: the number of the row, from 1 and with the header; None if it is not about one row.
        column: the name of the column; None if it is not about one column.
    """

    def __init__(self, problem: str, file: str, row: int | None = None, column: str | None = None) -> None:
        super().__init__(problem, file, row, column)
        self.problem, self.file, self.row, self.column = problem, file, row, column

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {quoted(self.column)}"
        return f"{place}: {self.problem}"


@dataclass(frozen=True)
class Table:
    """Rows of cells under named columns; every row has a cell for every column.

    Attributes:
        name: where the table comes from, for messages.
        columns: the names of the columns, all different.
        rows: the cells, text without spaces around it.
        row_numbers: for each row its place in the file, from 1.
        has_header: whether the file itself names the columns.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    has_header: bool = True

    def index(self, column: str) -> int:
        """Return the place, from 0, of a column given by its name or else by its number, from 1.

        Raises:
            TableError: there is no such column.

        >>> table = make_table(["x", "y"], [[1, 2.5], [2, 5.0]])
        >>> table.index("y"), table.index("2")
        (1, 1)
        """
        if column in self._places:
            return self._places[column]
        raise self.no_column(column)

    @cached_property
    def _places(self) -> dict[str, int]:
        numbers = {str(index + 1): index for index in range(len(self.columns))}
        return numbers | {name: index for index, name in enumerate(self.columns)}

    def no_column(self, column: str) -> TableError:
        """Return the error that says that there is no such column, and which there are."""
        return TableError(
            f"there is no column {quoted(column)}; the columns are {listed(map(quoted, self.columns))}",
            self.name,
        )

    def cells(self, column: str) -> list[str]:
        """Return the cells of a column as text.

        Raises:
            TableError: there is no such column, or one of its cells is empty.
        """
        index = self.index(column)
        for number, row in zip(self.row_numbers, self.rows, strict=True):
            if not row[index]:
                raise TableError("the cell is empty", self.name, number, self.columns[index])
        return [row[index] for row in self.rows]

    def numbers(self, column: str) -> list[float]:
        """Return the cells of a column as numbers, all of them finite.

        Raises:
            TableError: there is no such column, or one of its cells is not a finite number.
        """
        index = self.index(column)
        numbers = []
        for number, row in zip(self.row_numbers, self.rows, strict=True):
            try:
                numbers.append(parse_number(row[index]))
            except ValueError as error:
                raise TableError(str(error), self.name, number, self.columns[index]) from None
        return numbers


def parse_number(cell: str) -> float:
    """Return a cell as a finite number, written in decimals with a point, with or without an exponent.

    Raises:
        ValueError: it is empty, text, NaN, infinite or beyond the range of a float.

    >>> parse_number("-1.5e3")
    -1500.0
    """
    if _NUMBER.fullmatch(cell):
        x = float(cell)
        if math.isfinite(x):
            return x
        raise ValueError(f"{quoted(cell)} is beyond the range of a float (about 1.8e308)")
    if not cell:
        raise ValueError("the cell is empty")
    if _NOT_FINITE.fullmatch(cell):
        raise ValueError(f"{quoted(cell)} is not a finite number")
    if "," in cell and _NUMBER.fullmatch(cell.replace(",", ".")):
        raise ValueError(f"{quoted(cell)} is not a number; write the decimals after a point, not a comma")
    raise ValueError(f"{quoted(cell)} is not a number")


def is_number(cell: str) -> bool:
    """Say whether a cell holds a finite number.

    >>> is_number("1.5"), is_number("setosa"), is_number("nan")
    (True, False, False)
    """
    return bool(_NUMBER.fullmatch(cell)) and math.isfinite(float(cell))


def is_missing(cell: str, numeric: bool = True) -> bool:
    """Say whether a cell is empty or NaN, or, among numbers, infinite.

    >>> is_missing("NaN"), is_missing("inf"), is_missing("inf", numeric=False)
    (True, True, False)
    """
    return not cell or (bool(_NOT_FINITE.fullmatch(cell)) and (numeric or "nan" in cell.lower()))


def make_table(columns: Sequence[str], rows: Iterable[Sequence[object]], name: str = "table") -> Table:
    """Make a table of rows of numbers or text that are in memory already.

    Raises:
        TableError: two columns have the same name, or a row has more or fewer cells than there are columns.

    >>> make_table(["x", "y"], [[1, 2.5], [2, 5.0]]).numbers("y")
    [2.5, 5.0]
    """
    records = [(1, tuple(columns)), *enumerate((tuple(str(x) for x in row) for row in rows), start=2)]
    return table_of(name, records, has_header=True)


def table_of(name: str, records: Sequence[tuple[int, tuple[str, ...]]], has_header: bool) -> Table:
    """Return a table of rows, each with its number; with a header the first one names the columns.

    Raises:
        TableError: two columns have the same name, or rows have different numbers of cells.
    """
    first_row, first = records[0]
    columns = tuple(f"column{k}" for k in range(1, len(first) + 1))
    if has_header:
        columns = tuple(cell or column for cell, column in zip(first, columns, strict=True))
        places: dict[str, int] = {}
        for place, column in enumerate(columns, start=1):
            if places.setdefault(column, place) != place:
                problem = f"columns {places[column]} and {place} have the same name"
                raise TableError(problem, name, first_row, column)
    for row, cells in records:
        if len(cells) != len(columns):
            raise TableError(f"{_count(cells)}, but row {first_row} has {_count(columns)}", name, row)
    body = records[1:] if has_header else records
    return Table(name, columns, tuple(cells for _, cells in body), tuple(row for row, _ in body), has_header)


# Words


def _count(cells: Sequence[str]) -> str:
    return f"{len(cells)} cell{'' if len(cells) == 1 else 's'}"
