"""Tables in CSV files: read and checked cell by cell, and written.

A table is text until somebody asks for numbers, so that what is wrong with a cell is known together with
its row and column. Rows are counted as an editor or a spreadsheet does: from 1, the header included.

>>> table = iris()
>>> table.columns
('sepal_length', 'sepal_width', 'petal_length', 'petal_width', 'species')
>>> table.numbers("petal_length")[:3]
[1.4, 1.4, 1.3]
"""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from itertools import islice

from ..support.files import reason

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_NO_NAME = re.compile(r"[+-]?[.,]?\d[\d.,eE/+-]*|[+-]?(nan|inf|infinity)", re.IGNORECASE)  # meant as a number
_DELIMITERS = ("\t", ";", ",")  # where two fit equally well the first: commas are also in numbers and texts


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
            place += f", column {shown(self.column)}"
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

        >>> iris().index("species"), iris().index("5")
        (4, 4)
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
            f"there is no column {shown(column)}; the columns are {listing(self.columns)}", self.name
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
        raise ValueError(f"{shown(cell)} is beyond the range of a float (about 1.8e308)")
    if not cell:
        raise ValueError("the cell is empty")
    if _NOT_FINITE.fullmatch(cell):
        raise ValueError(f"{shown(cell)} is not a finite number")
    if "," in cell and _NUMBER.fullmatch(cell.replace(",", ".")):
        raise ValueError(f"{shown(cell)} is not a number; write the decimals after a point, not a comma")
    raise ValueError(f"{shown(cell)} is not a number")


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
    return _table(name, records, has_header=True)


def read_table(
    path: str | os.PathLike[str],
    *,
    header: bool | None = None,
    delimiter: str | None = None,
    names: Iterable[str] = (),
) -> Table:
    """Read a CSV file: UTF-8 with or without a byte order mark, quoted as spreadsheets do.

    Args:
        path: the file.
        header: whether the first row names the columns. None finds out: it does if no cell in it is a
            number, or if it has all of `names`. Without a header the columns are called column1, column2, ...
        delimiter: what stands between cells. None finds out: the one of comma, semicolon and tab that
            splits the rows into equally many cells.
        names: columns the file is expected to have, if it names them.

    Raises:
        TableError: the file cannot be read, is empty or not UTF-8 text, two columns have the same name,
            or rows have different numbers of cells.
    """
    name = os.fspath(path)
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        known = {FileNotFoundError: "there is no such file", IsADirectoryError: "a folder, not a file"}
        raise TableError(known.get(type(error), f"cannot be read: {reason(error)}"), name) from None
    except ValueError as error:  # a NUL or half a surrogate pair in the name
        raise TableError(f"cannot be read: {error}", ascii(name)) from None
    return _parse(name, data, header, delimiter, frozenset(names))


def iris() -> Table:
    """Return Fisher's iris data (1936): 150 flowers, four measures in centimetres, three species.

    The file and a note on where it comes from are in the package, in the folder `data`.

    >>> len(iris().rows), sorted(set(iris().cells("species")))
    (150, ['setosa', 'versicolor', 'virginica'])
    """
    return _shipped("iris.csv")


def digits() -> Table:
    """Return UCI's handwritten digits (1998): 1797 images of 8 by 8 pixels, and the digit of each.

    They were written by 13 people, for E. Alpaydin and C. Kaynak. The column `pixel_3_5` is the pixel in row
    3 and column 5, counted from 0: how much ink is there, from 0 to 16. A note beside the file names its
    source.

    >>> table = digits()
    >>> image = [[table.numbers(f"pixel_{i}_{j}")[1] for j in range(8)] for i in range(8)]
    >>> table.cells("digit")[1], image[0]
    ('1', [0.0, 0.0, 0.0, 12.0, 13.0, 5.0, 0.0, 0.0])
    """
    return _shipped("digits.csv")


SHIPPED = {"iris": iris, "digits": digits}
"""The tables that come with the package, by name."""


def _shipped(name: str) -> Table:
    data = files(__package__).joinpath("data", name).read_bytes()
    return _parse(name, data, True, ",", frozenset())


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Return a table as the text of a CSV file; floats keep all their digits.

    >>> csv_text(["x", "name"], [[0.1, "a, b"]])
    'x,name\n0.1,"a, b"\n'
    """
    lines = _Lines()
    # The writer quotes cells with the characters of its line end, and a cell may have either of them.
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return "".join(lines)


class _Lines(list[str]):
    def write(self, line: str) -> None:
        self.append(line.removesuffix("\r\n") + "\n")


# From bytes to cells


def _parse(
    name: str, data: bytes, header: bool | None, delimiter: str | None, names: frozenset[str]
) -> Table:
    text = _decode(name, data)
    records = list(_records(name, text, delimiter or _find_delimiter(text)))
    if not records:
        raise TableError("the file is empty", name)
    if header is None:
        first = records[0][1]
        header = bool(names and names.issubset(first)) or not any(map(_NO_NAME.fullmatch, first))
    return _table(name, records, header)


def _decode(name: str, data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError("this is UTF-16 text; save it as UTF-8", name)
    if b"\0" in data:
        row = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise TableError("there is a NUL byte, so this is not a text file", name, row)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object.count(b"\n", 0, error.start) + 1
        problem = f"the byte 0x{error.object[error.start]:02x} is not UTF-8 text; save the file as UTF-8"
        raise TableError(problem, name, row) from None


def _records(name: str, text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows that are not blank, each with the number of the line on which it begins."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        row = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(_csv_problem(str(error), delimiter), name, row) from None
        if len(cells) > 1 or any(cell.strip() for cell in cells):
            yield row, tuple([cell.strip() for cell in cells])


def _csv_problem(message: str, delimiter: str) -> str:
    if "end of data" in message:
        return "a quoted cell has no closing quote"
    if "expected after" in message:
        return f"not CSV: {delimiter!r} expected after a closing quote"
    return f"not CSV: {message}"


def _find_delimiter(text: str) -> str:
    def fit(delimiter: str) -> float:
        try:
            widths = [len(cells) for _, cells in islice(_records("", text, delimiter), 50)]
        except TableError:
            return 0.0
        return widths.count(widths[0]) / len(widths) if widths and widths[0] > 1 else 0.0

    best = max(_DELIMITERS, key=fit)
    return best if fit(best) else ","


def _table(name: str, records: Sequence[tuple[int, tuple[str, ...]]], has_header: bool) -> Table:
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


def shown(cell: str) -> str:
    """Return the repr of a cell or a name, cut if it is long."""
    return repr(cell if len(cell) <= 40 else cell[:37] + "...")


def listing(names: Sequence[str]) -> str:
    """Return names as one line of text, the first twelve of them if there are more.

    >>> listing(["a", "b"])
    "'a', 'b'"
    """
    first = ", ".join(map(shown, names[:12]))
    return first if len(names) <= 12 else f"{first} and {len(names) - 12} more"
