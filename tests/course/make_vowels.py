"""Write the table of vowels that comes with the package: `python -m tests.course.make_vowels`.

It is what the cells of notebook 13 make, up to the one that says `table = make_table(...)`.
"""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt

import autograd.training
from autograd.training import Table, make_table

from .notebook_cells import FOLDER, cells_of

TABLE = FOLDER.parent / "autograd/training/data/vowels.csv"


def table_of_the_notebook() -> Table:
    """Run the cells of notebook 13 until there is a table, and return it."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells_of(FOLDER / "13_sound.ipynb"):
        if cell.kind == "code":
            exec(compile(cell.text.partition("\nprint(len(table.rows)")[0], "<cell>", "exec"), names)
        if "table" in names:
            found: Table = names["table"]
            return found
    raise AssertionError("no cell of notebook 13 makes a table")


if __name__ == "__main__":
    if not TABLE.exists():  # for the notebook imports what reads it
        autograd.training.vowels = lambda: make_table(["x"], [["1"]])
    plt.switch_backend("agg")
    made = table_of_the_notebook()
    TABLE.write_text("".join(",".join(row) + "\n" for row in (made.columns, *made.rows)), encoding="utf-8")
