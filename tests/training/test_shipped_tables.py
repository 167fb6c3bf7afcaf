"""The tables that come with the package are those that were published, or that their makers make."""

from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path

import pytest

from autograd.training import digits, first_names, iris, vowels


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


def test_names_are_those_of_the_census_the_most_frequent_first() -> None:
    names = first_names()
    # The first of the two published lists, James (3.318 % of men) to Michael and Mary (2.629 % each).
    assert names[:8] == ["james", "john", "robert", "michael", "mary", "william", "david", "richard"]
    assert len(names) == len(set(names)) == 4018
    assert {letter for name in names for letter in name} == set("abcdefghijklmnopqrstuvwxyz")
    assert not [name for name in names if not 2 <= len(name) <= 11]
    assert "nan" in names  # a name, and no missing number


SCRIPT = Path(__file__).parents[2] / ".build" / "data" / "names.py"


@pytest.mark.skipif(not SCRIPT.exists(), reason="the script is in the repository, not beside a wheel")
def test_the_script_adds_up_the_lists_and_leaves_out_all_rare_names_alike() -> None:
    script = runpy.run_path(str(SCRIPT))
    women = script["thousandths"]("MARY  2.629  2.629  1\nLEE  0.001  2.630  2\nZOE  0.001  2.631  3\n")
    men = script["thousandths"]("LEE  0.130  0.130  1\nBEN  0.078  0.208  2\nABE  0.078  0.286  3\n")
    assert women + men == Counter(mary=2629, lee=131, ben=78, abe=78, zoe=1)
    assert script["frequent"](women + men) == ["mary", "lee", "abe", "ben"]


def test_vowels_have_their_formants_where_they_were_measured() -> None:
    table = vowels()
    assert len(table.rows) == 1500
    words = "heed hid head had hod hawed hood who'd hud heard".split()
    assert [table.cells("word").count(word) for word in words] == [150] * 10
    bands = [column for column in table.columns if column != "word"]
    assert all(max(map(int, row[:20])) == 0 and min(map(int, row[:20])) >= -40 for row in table.rows)
    centers = [int(name.removeprefix("band_")) for name in bands]
    mean = {
        word: [sum(int(row[k]) for row in table.rows if row[-1] == word) / 150 for k in range(20)]
        for word in words
    }

    def loudest(word: str, low: int, high: int) -> int:
        return max((k for k in range(20) if low < centers[k] < high), key=lambda k: mean[word][k])

    # Peterson and Barney (1952), Table II: of men the lowest, of children the highest.
    for word, low, high in (("hid", 390, 530), ("had", 660, 1010), ("hod", 730, 1030), ("hawed", 570, 680)):
        assert low < centers[loudest(word, 0, 1200)] < high, f"first formant of {word}"
    for word, low, high in (("hid", 1990, 2730), ("head", 1840, 2610), ("had", 1720, 2320)):
        assert low < centers[loudest(word, 1200, 4000)] < high, f"second formant of {word}"
