"""CSV files are read as people write them, and what is wrong with one is named with its place."""

from __future__ import annotations

import csv
import pickle
import time
from pathlib import Path

import pytest

from autograd.training import TableError, read_table
from autograd.training.csv_files import csv_text


def write(folder: Path, content: str | bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# Reading what people write


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiter_line_ends_and_byte_order_mark_are_found_out(
    tmp_path: Path, delimiter: str, line_end: str, mark: str
) -> None:
    lines = ["height,weight,kind", "1.5,20,a", "1.75,30,b"]
    text = mark + line_end.join(lines).replace(",", delimiter)
    table = read_table(write(tmp_path, text))
    assert table.columns == ("height", "weight", "kind")
    assert table.numbers("height") == [1.5, 1.75]
    assert table.rows == (("1.5", "20", "a"), ("1.75", "30", "b"))
    assert table.row_numbers == (2, 3)


def test_quoted_cells_hold_delimiters_quotes_and_line_ends(tmp_path: Path) -> None:
    text = 'x,kind\n1, "a, b"\n2,"say ""hi"""\n3,"two\nlines"\n4,last\n'
    table = read_table(write(tmp_path, text))
    assert table.cells("kind") == ["a, b", 'say "hi"', "two\nlines", "last"]
    assert table.row_numbers == (2, 3, 4, 6)  # the row after the cell of two lines begins on line 6


def test_spaces_around_cells_and_blank_lines_do_not_matter(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "\n x , kind \n\n 1 , a \n   \n 2,b\n\n"))
    assert table.columns == ("x", "kind")
    assert table.rows == (("1", "a"), ("2", "b"))
    assert table.row_numbers == (4, 6)


def test_semicolons_win_over_decimal_commas_and_the_cell_says_what_to_write(tmp_path: Path) -> None:
    path = write(tmp_path, "5,1;3,5;a\n4,9;3,0;b\n")
    table = read_table(path)
    assert table.rows[0] == ("5,1", "3,5", "a")
    with pytest.raises(TableError, match=r"row 1, column 'column1': '5,1' is not a number; .*after a point"):
        table.numbers("column1")


@pytest.mark.parametrize(
    ("text", "header", "has_header"),
    [
        ("a,b\n1,2\n", None, True),
        ("1,2\n3,4\n", None, False),
        ("5.1,setosa\n4.9,setosa\n", None, False),
        ("nan,setosa\n4.9,setosa\n", None, False),  # a missing number is no name
        (",b\n0,1\n", None, True),  # spreadsheets leave the name of the first column out
        ("2023,2024\n1,2\n", True, True),
        ("red,blue\nblue,red\n", False, False),
    ],
)
def test_header_is_found_out_or_forced(
    tmp_path: Path, text: str, header: bool | None, has_header: bool
) -> None:
    table = read_table(write(tmp_path, text), header=header)
    assert table.has_header is has_header
    assert len(table.rows) == (1 if has_header else 2)


def test_expected_names_tell_a_header_of_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "2023,2024\n1,2\n")
    assert not read_table(path).has_header
    assert read_table(path, names=["2024"]).has_header
    assert not read_table(path, names=["2024", "2025"]).has_header


def test_columns_without_a_name_are_called_by_their_place(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, "x,,y\n1,2,3\n")).columns == ("x", "column2", "y")
    assert read_table(write(tmp_path, "1,2,3\n")).columns == ("column1", "column2", "column3")


def test_many_columns_are_read_and_found_in_proportion_to_their_number(tmp_path: Path) -> None:
    names = [f"name{i}" for i in range(20_000)]
    path = write(tmp_path, f"{','.join(names)}\n{','.join('1' for _ in names)}\n")
    start = time.process_time()
    table = read_table(path)
    assert [table.index(name) for name in names] == list(range(20_000))
    assert table.index("20000") == 19_999
    assert time.process_time() - start < 2
    write(tmp_path, path.read_text().replace("name19999", "name7"))
    with pytest.raises(TableError, match="columns 8 and 20000 have the same name"):
        read_table(path)


# What is wrong with a file


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", ": the file is empty"),
        ("\n\n  \n", ": the file is empty"),
        ("\ufeff", ": the file is empty"),
        ("a,b\n1,2\n1,2,3\n", ", row 3: 3 cells, but row 1 has 2 cells"),
        ("a,b\n1,2\n\n5\n", ", row 4: 1 cell, but row 1 has 2 cells"),
        ("a,b,a\n1,2,3\n", ", row 1, column 'a': columns 1 and 3 have the same name"),
        (b"a,b\n1,caf\xe9\n", ", row 2: the byte 0xe9 is not UTF-8 text; save the file as UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), ": this is UTF-16 text; save it as UTF-8"),
        (b"a,b\n1,2\n\x00\x00", ", row 3: there is a NUL byte, so this is not a text file"),
        ('a,b\n1,"2\n3,4\n', ", row 2: a quoted cell has no closing quote"),
        ('a,b\n1,"2"x\n', ", row 2: not CSV: ',' expected after a closing quote"),
        ("a\tb\n" + "1\t2\n" * 50 + '3\t"4"x\n', ", row 52: not CSV: '\\t' expected after a closing quote"),
        ("a,b\n1," + "x" * 200_000 + "\n", ", row 2: not CSV: field larger than field limit (131072)"),
    ],
)
def test_a_broken_file_is_refused_with_the_place(tmp_path: Path, content: str | bytes, message: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(TableError) as error:
        read_table(path)
    assert str(error.value).startswith(f"{path}{message}")
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"nothing\.csv: there is no such file"):
        read_table(tmp_path / "nothing.csv")
    with pytest.raises(TableError, match=": a folder, not a file"):
        read_table(tmp_path)


@pytest.mark.parametrize("path", ["a\0b.csv", "\ud800.csv"])
def test_a_path_that_no_file_can_have_is_refused_as_a_table(path: str) -> None:
    with pytest.raises(TableError, match="cannot be read") as error:
        read_table(path)
    assert str(error.value).isprintable()


def test_bad_cells_are_named_with_row_and_column(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "x,y,kind\n1,2,a\n3,oops,b\n5,6,\n"))
    with pytest.raises(TableError, match=r"data\.csv, row 3, column 'y': 'oops' is not a number") as error:
        table.numbers("y")
    assert (error.value.row, error.value.column, error.value.file) == (3, "y", str(tmp_path / "data.csv"))
    with pytest.raises(TableError, match="row 4, column 'kind': the cell is empty"):
        table.cells("kind")
    assert table.numbers("x") == [1.0, 3.0, 5.0]


# Writing


def test_written_text_is_read_back_the_same(tmp_path: Path) -> None:
    rows = [["a, b", 0.1 + 0.2], ['"q"', 1e-300], ["two\nlines", -0.0], ["old\rMac", 2], ["花", 3]]
    text = csv_text(["name", "x"], rows)
    assert next(csv.reader(text.split("\n"))) == ["name", "x"]
    table = read_table(write(tmp_path, text))
    assert table.cells("name") == [row[0] for row in rows]
    assert table.numbers("x") == [row[1] for row in rows]
