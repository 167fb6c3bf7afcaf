"""A table becomes numbers to learn from, or is refused with the reason and the place."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd.training import Dataset, TableError, iris, make_table
from autograd.training.dataset import find_task, split_rows


@pytest.mark.parametrize(
    ("cells", "task"),
    [
        (["a", "b", "a"], "classification"),
        (["0", "1", "1", "0"], "classification"),
        (["0.0", "1", "1.0", "0"], "classification"),
        (["1", "2", "x", "1"], "classification"),  # text among a few whole numbers is one more class
        ([str(i % 10) for i in range(20)], "classification"),
        ([str(i % 11) for i in range(50)], "regression"),  # 11 values
        (["1", "2", "3", "4"], "regression"),  # one row a value
        (["1.5", "2", "1.5", "2"], "regression"),
        (["1.5", "2.5", "oops", "3.5"], "regression"),  # a mistake among numbers
        (["0", "1", "nan", "0", "1"], "classification"),
    ],
)
def test_the_task_follows_from_the_target(cells: list[str], task: str) -> None:
    assert find_task(cells) == task


def test_many_classes_are_learnt_in_proportion_to_their_number() -> None:
    table = make_table(["x", "kind"], [[i, f"kind{i // 2:05}"] for i in range(60_000)])
    start = time.process_time()
    assert Dataset.of(table).targets == [float(i // 2) for i in range(60_000)]
    assert time.process_time() - start < 4


@pytest.mark.parametrize("cell", ["a" * 3000, "1." + "5" * 3000])
def test_a_message_shows_the_beginning_of_a_long_cell(cell: str) -> None:
    with pytest.raises(TableError, match=r"only one class, 'a|in every row") as error:
        Dataset.of(make_table(["x", "y"], [[i, cell] for i in range(9)]))
    assert len(str(error.value)) < 200


def test_the_last_column_is_the_target_and_all_others_are_features() -> None:
    data = Dataset.of(iris())
    assert data.target == "species"
    assert data.features == iris().columns[:4]
    assert data.classes == ("setosa", "versicolor", "virginica")
    assert data.inputs[50] == (7.0, 3.2, 4.7, 1.4)
    assert data.targets[49:51] == [0.0, 1.0]


def test_target_and_features_are_chosen_by_name_or_number() -> None:
    data = Dataset.of(iris(), "1", ["petal_width", "3", "4"])
    assert (data.target, data.features) == ("sepal_length", ("petal_width", "petal_length"))
    assert data.classes == ()
    assert data.targets[0] == 5.1


def test_whole_numbers_are_the_same_class_however_written_and_are_sorted_as_numbers() -> None:
    cells = ["10", "9.0", "1e1", "9", "-0", "0"]
    data = Dataset.of(make_table(["x", "y"], [[i, cell] for i, cell in enumerate(cells)]))
    assert data.classes == ("0", "9", "10")
    assert data.targets == [2.0, 1.0, 2.0, 1.0, 0.0, 0.0]


def test_the_task_can_be_forced() -> None:
    table = make_table(["x", "y"], [[i, i % 2] for i in range(8)])
    assert Dataset.of(table).classes == ("0", "1")
    assert Dataset.of(table, task="regression").classes == ()
    fractions = make_table(["x", "y"], [[i, 0.5 * (i % 2)] for i in range(8)])
    assert Dataset.of(fractions, task="classification").classes == ("0.0", "0.5")
    with pytest.raises(ValueError, match="'classification' or 'regression', not 'clustering'"):
        Dataset.of(table, task="clustering")


ROWS = [[1, 2, "a"], [2, 3, "b"], [3, 5, "a"], [4, 7, "b"]]


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        ([], {}, "table: there is a header, but no row below it"),
        (ROWS[:2], {}, "table: too few rows to learn from: 2"),
        (ROWS, {"target": "z"}, "table: there is no column 'z'; the columns are 'x', 'y', 'kind'"),
        (ROWS, {"features": ["x", "z"]}, "table: there is no column 'z'; "),
        (ROWS, {"features": []}, "table: at least one feature is needed"),
        (ROWS, {"features": ["x", "kind"]}, "table, column 'kind': the target cannot be a feature too"),
        (ROWS, {"target": "x"}, "table, row 2, column 'kind': 'a' is not a number; a column of text is no"),
        (ROWS, {"task": "regression"}, "table, row 2, column 'kind': 'a' is not a number"),
        ([*ROWS, [5, "oops", "a"]], {}, "table, row 6, column 'y': 'oops' is not a number"),
        ([*ROWS, [5, "", "a"]], {}, "table, row 6, column 'y': the cell is empty"),
        ([*ROWS, [5, "inf", "a"]], {}, "table, row 6, column 'y': 'inf' is not a finite number"),
        ([*ROWS, [5, 6, ""]], {}, "table, row 6, column 'kind': the cell is empty"),
        ([*ROWS, [5, 6, "NaN"]], {}, "table, row 6, column 'kind': 'NaN' is no class; is the value missing?"),
        ([[1, 2, "a"]] * 4, {}, "table, column 'kind': there is only one class, 'a'; two are needed"),
        ([[1, 2, 7.5]] * 4, {}, "table, column 'kind': the number is 7.5 in every row"),
        ([[1, 2, c] for c in "pqrs"], {}, "table, column 'kind': 4 different labels in 4 rows are too many"),
        ([[1, 2, i % 2] for i in range(8)] + [[1, 2, "inf"]], {}, "row 10, column 'kind': 'inf' is no class"),
        ([[1, 2, i / 3] for i in range(8)] + [[1, 2, "?"]], {}, "row 10, column 'kind': '?' is not a number"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_learnt_are_refused(
    rows: list[list[object]], options: dict[str, object], message: str
) -> None:
    with pytest.raises(TableError) as error:
        Dataset.of(make_table(["x", "y", "kind"], rows), **options)  # type: ignore[arg-type]
    assert message in str(error.value)


def test_a_single_column_is_refused() -> None:
    with pytest.raises(TableError, match="there is only one column, where a target and a feature are needed"):
        Dataset.of(make_table(["x"], [[1], [2], [3]]))


# Dividing rows


@given(
    labels=st.lists(st.integers(0, 4), min_size=2, max_size=60),
    fraction=st.floats(0.01, 0.99),
    seed=st.integers(0, 100),
)
def test_a_stratified_split_keeps_every_row_once_and_every_class_to_learn_from(
    labels: list[int], fraction: float, seed: int
) -> None:
    train, test = split_rows(len(labels), fraction, Random(seed), labels)
    assert sorted(train + test) == list(range(len(labels)))
    assert {labels[i] for i in train} == set(labels)
    for label in set(labels):
        share = fraction * labels.count(label)
        assert sum(labels[i] == label for i in test) <= share + 1  # no class gives more than its share


def test_a_stratified_split_of_iris_takes_the_same_number_of_each_species() -> None:
    labels = [i // 50 for i in range(150)]
    _, test = split_rows(150, 0.2, Random(7), labels)
    assert [sum(labels[i] == k for i in test) for k in range(3)] == [10, 10, 10]


def test_left_over_test_rows_go_to_the_classes_with_the_largest_remainders() -> None:
    labels = [0] * 7 + [1] * 3  # 2.1 and 0.9 of 3 rows
    _, test = split_rows(10, 0.3, Random(0), labels)
    assert [sum(labels[i] == k for i in test) for k in range(2)] == [2, 1]


def test_small_tables_still_have_a_test_row() -> None:
    assert [len(rows) for rows in split_rows(3, 0.01, Random(0))] == [2, 1]


def test_no_fraction_keeps_all_rows_to_learn_from() -> None:
    train, test = split_rows(5, 0.0, Random(1))
    assert (sorted(train), test) == ([0, 1, 2, 3, 4], [])


def test_the_seed_decides_the_split() -> None:
    assert split_rows(50, 0.3, Random(4)) == split_rows(50, 0.3, Random(4))
    assert split_rows(50, 0.3, Random(4)) != split_rows(50, 0.3, Random(5))
