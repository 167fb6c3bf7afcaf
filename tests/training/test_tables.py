"""CSV files are read as people write them, and what is wrong with one is named with its place."""

from __future__ import annotations

import csv
import pickle
import time
from pathlib import Path

import pytest

from autograd.training import TableError, digits, iris, make_table, read_table
from autograd.training.tables import csv_text, parse_number


def write(folder: Path, content: str | bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# The shipped data


def test_iris_is_the_table_of_fishers_paper() -> None:
    table = iris()
    assert table.columns == ("sepal_length", "sepal_width", "petal_length", "petal_width", "species")
    species = table.cells("species")
    assert [species.count(name) for name in ("setosa", "versicolor", "virginica")] == [50, 50, 50]
    # Published with the data (UCI, iris.names): minimum, maximum and mean of each measure.
    published = {
        "sepal_length": (4.3, 7.9, 5.84),
        "sepal_width": (2.0, 4.4, 3.05),
        "petal_length": (1.0, 6.9, 3.76),
        "petal_width": (0.1, 2.5, 1.20),
    }
    for column, (smallest, largest, mean) in published.items():
        numbers = table.numbers(column)
        assert (min(numbers), max(numbers)) == (smallest, largest)
        assert sum(numbers) / 150 == pytest.approx(mean, abs=0.01)
    # The two flowers in which UCI's file differs from the paper.
    assert table.rows[34] == ("4.9", "3.1", "1.5", "0.2", "setosa")
    assert table.rows[37] == ("4.9", "3.6", "1.4", "0.1", "setosa")


def test_digits_are_the_images_of_the_test_part_of_uci() -> None:
    table = digits()
    assert len(table.rows) == 1797
    assert table.columns == (*[f"pixel_{i}_{j}" for i in range(8) for j in range(8)], "digit")
    # Published with the data (UCI, optdigits.names): how many images there are of each digit.
    counts = [table.cells("digit").count(str(digit)) for digit in range(10)]
    assert counts == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert set().union(*(row[:64] for row in table.rows)) == {str(ink) for ink in range(17)}
    # The largest numbers of those columns of training and test part (KEEL, optdigits) that do not reach 15.
    narrow = {
        "0_0": 0, "0_1": 8, "1_0": 5, "2_0": 5, "2_7": 8, "3_0": 1, "3_7": 2, "4_0": 1, "4_6": 14, "4_7": 0,
        "5_0": 7, "5_7": 6, "6_0": 10, "6_7": 13, "7_0": 1, "7_1": 10,
    }  # fmt: skip
    assert [name for name, most in narrow.items() if max(table.numbers(f"pixel_{name}")) > most] == []


def test_the_pixels_of_a_digit_are_in_rows_from_the_top() -> None:
    # The first image as the handbook of scikit-learn prints it, a 0.
    image = "0 0 5 13 9 1 0 0 / 0 0 13 15 10 15 5 0 / 0 3 15 2 0 11 8 0"
    cells = dict(zip(digits().columns, digits().rows[0], strict=True))
    rows = [" ".join(cells[f"pixel_{i}_{j}"] for j in range(8)) for i in range(3)]
    assert " / ".join(rows) == image
    assert cells["digit"] == "0"


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


def test_a_long_number_with_a_letter_in_it_is_refused_at_once() -> None:
    start = time.process_time()
    with pytest.raises(ValueError, match="is not a number"):
        parse_number("1" * 20_000 + "x")
    assert time.process_time() - start < 1


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


def test_bad_cells_are_named_with_row_and_column(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "x,y,kind\n1,2,a\n3,oops,b\n5,6,\n"))
    with pytest.raises(TableError, match=r"data\.csv, row 3, column 'y': 'oops' is not a number") as error:
        table.numbers("y")
    assert (error.value.row, error.value.column, error.value.file) == (3, "y", str(tmp_path / "data.csv"))
    with pytest.raises(TableError, match="row 4, column 'kind': the cell is empty"):
        table.cells("kind")
    assert table.numbers("x") == [1.0, 3.0, 5.0]


def test_tables_from_memory_are_checked_like_files() -> None:
    with pytest.raises(TableError, match="points, row 3: 1 cell, but row 1 has 2 cells"):
        make_table(["x", "y"], [[1, 2], [3]], name="points")
    assert make_table(["x"], [[0.1 + 0.2]]).numbers("x") == [0.1 + 0.2]


def test_written_text_is_read_back_the_same(tmp_path: Path) -> None:
    rows = [["a, b", 0.1 + 0.2], ['"q"', 1e-300], ["two\nlines", -0.0], ["old\rMac", 2], ["花", 3]]
    text = csv_text(["name", "x"], rows)
    assert next(csv.reader(text.split("\n"))) == ["name", "x"]
    table = read_table(write(tmp_path, text))
    assert table.cells("name") == [row[0] for row in rows]
    assert table.numbers("x") == [row[1] for row in rows]
