"""A table as numbers to learn from: which column is the target, what kind of task it is, which rows are kept.

Whatever makes a table unfit to learn from is found here, before any learning, and reported as a
`TableError` with its place.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from ..support.messages import quoted
from .tables import Table, TableError, is_missing, is_number

MOST_CLASSES_OF_NUMBERS = 10


@dataclass(frozen=True)
class Dataset:
    """The columns of a table as numbers; a class is its place in the list of classes."""

    table: Table
    target: str
    features: tuple[str, ...]
    classes: tuple[str, ...]
    inputs: list[tuple[float, ...]]
    targets: list[float]

    @classmethod
    def of(
        cls,
        table: Table,
        target: str | None = None,
        features: Sequence[str] | None = None,
        task: str | None = None,
    ) -> Dataset:
        """Read the columns of a table that are to be learnt; the arguments are those of `fit`."""
        if task not in (None, "classification", "regression"):
            raise ValueError(f"the task is 'classification' or 'regression', not {task!r}")
        _check_size(table)
        goal = table.columns[-1 if target is None else table.index(target)]
        names = _features(table, goal, features)
        cells = table.cells(goal)
        if (task or find_task(cells)) == "classification":
            labels = _labels(table, goal, cells)
            classes = _classes(table, goal, labels)
            places = {label: float(place) for place, label in enumerate(classes)}
            targets = [places[label] for label in labels]
        else:
            classes = ()
            targets = table.numbers(goal)
            if len(set(targets)) == 1:
                problem = f"the number is {targets[0]!r} in every row, so there is nothing to learn"
                raise TableError(problem, table.name, column=goal)
        inputs = list(zip(*[_feature(table, name) for name in names], strict=True))
        return cls(table, goal, names, classes, inputs, targets)


def _check_size(table: Table) -> None:
    if not table.rows:
        raise TableError("there is a header, but no row below it", table.name)
    if len(table.rows) < 3:
        raise TableError(f"too few rows to learn from: {len(table.rows)}", table.name)
    if len(table.columns) < 2:
        raise TableError(
            "there is only one column, where a target and a feature are needed; are the cells separated by "
            "commas, semicolons or tabs?",
            table.name,
        )


def _features(table: Table, target: str, features: Sequence[str] | None) -> tuple[str, ...]:
    if features is None:
        return tuple(name for name in table.columns if name != target)
    names = tuple(dict.fromkeys(table.columns[table.index(name)] for name in features))
    if not names:
        raise TableError("at least one feature is needed", table.name)
    if target in names:
        raise TableError("the target cannot be a feature too", table.name, column=target)
    return names


def _feature(table: Table, name: str) -> list[float]:
    try:
        return table.numbers(name)
    except TableError as error:
        cells = [row[table.index(name)] for row in table.rows]
        if sum(map(is_number, cells)) > len(cells) / 2:
            raise
        problem = f"{error.problem}; a column of text is no feature, choose others with --features"
        raise TableError(problem, table.name, error.row, name) from None


def find_task(cells: Sequence[str]) -> str:
    """Say what predicting a column is: "classification" or "regression".

    Text is classes. So are whole numbers, if there are at most 10 different ones, and on average two rows
    or more for each. All other numbers are a regression, also if a few cells among them are no numbers:
    those are mistakes then, to be reported.

    >>> find_task(["setosa", "virginica"]), find_task(["0", "1", "1", "0"]), find_task(["1.5", "2"])
    ('classification', 'classification', 'regression')
    """
    cells = [cell for cell in cells if not is_missing(cell)]
    numbers = [float(cell) for cell in cells if is_number(cell)]
    different = len(set(numbers))
    if all(x.is_integer() for x in numbers) and different <= MOST_CLASSES_OF_NUMBERS:
        classes = len(numbers) < len(cells) or 2 * different <= len(cells)
    else:
        classes = 2 * len(numbers) < len(cells)
    return "classification" if classes else "regression"


def _labels(table: Table, target: str, cells: Sequence[str]) -> list[str]:
    """Return the cells as labels; among whole numbers, 1 and 1.0 are the same one."""
    numeric = 2 * sum(map(is_number, cells)) > len(cells)
    for row, cell in zip(table.row_numbers, cells, strict=True):
        if is_missing(cell, numeric):
            raise TableError(f"{cell!r} is no class; is the value missing?", table.name, row, target)
    if all(is_number(cell) and float(cell).is_integer() for cell in cells):
        return [f"{float(cell) + 0.0:.0f}" for cell in cells]  # -0 is 0
    return list(cells)


def _classes(table: Table, target: str, labels: Sequence[str]) -> tuple[str, ...]:
    different = set(labels)
    if len(different) == 1:
        problem = f"there is only one class, {quoted(labels[0])}; two are needed to tell apart"
        raise TableError(problem, table.name, column=target)
    if 2 * len(different) > len(labels):
        raise TableError(
            f"{len(different)} different labels in {len(labels)} rows are too many to be classes; "
            "is another column the target?",
            table.name,
            column=target,
        )
    return tuple(sorted(different, key=lambda label: (float(label) if is_number(label) else math.inf, label)))


def split_rows(
    count: int, test_fraction: float, rng: random.Random, labels: Sequence[int] | None = None
) -> tuple[list[int], list[int]]:
    """Divide the rows 0 to count - 1 at random into those to learn from and those to test on.

    Args:
        count: the number of rows.
        test_fraction: the share for testing; unless it is 0, there is at least one row.
        rng: where randomness comes from.
        labels: the class of each row. Each class is then divided in the same proportion, as far as whole
            rows can be, and none loses its last row to the test.

    Returns:
        the places for learning and those for testing, each in random order.

    >>> train, test = split_rows(10, 0.2, random.Random(0), [0] * 5 + [1] * 5)
    >>> len(train), len(test), sorted(i // 5 for i in test)
    (8, 2, [0, 1])
    """
    order = list(range(count))
    rng.shuffle(order)
    if test_fraction == 0:
        return order, []
    groups: dict[int, list[int]] = {}
    for i in order:
        groups.setdefault(labels[i] if labels else 0, []).append(i)
    wanted = max(1, round(count * test_fraction))
    shares = {label: len(group) * test_fraction for label, group in groups.items()}
    sizes = {label: int(share) for label, share in shares.items()}
    by_remainder = sorted(groups, key=lambda label: (sizes[label] - shares[label], label))
    for label in by_remainder:
        if sum(sizes.values()) < wanted:
            sizes[label] += 1
        sizes[label] = min(sizes[label], len(groups[label]) - 1)
    chosen = {i for label, group in groups.items() for i in group[: sizes[label]]}
    return [i for i in order if i not in chosen], [i for i in order if i in chosen]
