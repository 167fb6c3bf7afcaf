"""Tables in CSV files: read as people and spreadsheets write them, and written.

Whatever is wrong with a file is a `TableError` with the name of the file and the row.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from ..support.files import read_whole, reason
from .tables import Table, TableError, table_of

_NO_NAME = re.compile(r"[+-]?[.,]?\d[\d.,eE/+-]*|[+-]?(nan|inf|infinity)", re.IGNORECASE)  # meant as a number
_DELIMITERS = ("\t", ";", ",")  # where two fit equally well the first: commas are also in numbers and texts


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
        data = read_whole(path)
    except OSError as error:
        known = {FileNotFoundError: "there is no such file", IsADirectoryError: "a folder, not a file"}
        raise TableError(known.get(type(error), f"cannot be read: {reason(error)}"), name) from None
    except ValueError as error:  # a NUL or half a surrogate pair in the name
        raise TableError(f"cannot be read: {error}", ascii(name)) from None
    return parse_table(name, data, header, delimiter, frozenset(names))


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


def parse_table(
    name: str, data: bytes, header: bool | None, delimiter: str | None, names: frozenset[str]
) -> Table:
    """Return the table in the bytes of a CSV file; the arguments and the errors are those of `read_table`."""
    text = _decode(name, data)
    records = list(_records(name, text, delimiter or _find_delimiter(text)))
    if not records:
        raise TableError("the file is empty", name)
    if header is None:
        first = records[0][1]
        header = bool(names and names.issubset(first)) or not any(map(_NO_NAME.fullmatch, first))
    return table_of(name, records, header)


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
