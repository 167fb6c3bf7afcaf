"""What of a notebook the playground can run: a cell with what it needs of those before it."""

from __future__ import annotations

import base64
import subprocess
import sys
import zlib
from pathlib import Path
from urllib.parse import parse_qs

import nbformat
import pytest
from programs import address_of, playable

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
BARE = "import sys\nfor name in 'numpy scipy matplotlib llvmlite IPython'.split(): sys.modules[name] = None\n"


def test_a_cell_comes_with_the_cells_that_define_what_it_reads_and_no_others() -> None:
    cells = ["from autograd import Value", "unused = 1", "x = Value(3.0)", "y = x * x", "y"]
    assert playable(cells) == [
        "from autograd import Value",
        "unused = 1",
        "from autograd import Value\n\nx = Value(3.0)",
        "from autograd import Value\n\nx = Value(3.0)\n\ny = x * x",
        "from autograd import Value\n\nx = Value(3.0)\n\ny = x * x\n\ny",
    ]


@pytest.mark.parametrize(
    "change",
    [
        "y.backward()", "x.data = 4.0", "x = 5", "def x(): pass", "class x: pass", "x[0] = 1", "train(x)",
        "import math as x", "for p in x: p.data = 1",
    ],
)  # fmt: skip
def test_a_cell_that_changes_what_is_read_comes_too(change: str) -> None:
    cells = ["x, y = 1, 2", change, "print(x, y)"]
    assert playable(cells)[2] == "\n\n".join(cells)


def test_a_name_that_hides_a_builtin_one_is_brought_along_and_what_only_prints_is_not() -> None:
    cells = ["from autograd import compile", "print(1)", "compile(print)"]
    assert playable(cells)[2] == "from autograd import compile\n\ncompile(print)"


@pytest.mark.parametrize(
    "cell",
    ["import numpy as np", "from scipy.optimize import minimize", "import subprocess", "%time"],
)
def test_what_the_playground_lacks_is_not_run_there_nor_what_needs_it(cell: str) -> None:
    assert playable([cell])[0] is None
    name = "np" if "np" in cell else "minimize"
    needing = playable([cell, f"print({name})"])[1]
    assert needing is None or "subprocess" in cell  # which defines another name
    assert playable([cell, "print(1)"])[1] == (None if cell.startswith("%") else "print(1)")


@pytest.mark.parametrize("program", ["print('∂y/∂x')\n", "", "x = 1\n" * 1000])
def test_an_address_holds_the_whole_program(program: str) -> None:
    found = parse_qs(address_of(program, "zh"))
    assert found["lang"] == ["zh"]
    (packed,) = found["program"]
    assert not set(packed) & set("+/=")
    inflated = zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), wbits=-15)
    assert inflated.decode() == program


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_what_is_offered_runs_without_what_the_playground_lacks(path: Path) -> None:
    """All programs of a notebook one after the other, each with names of its own."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    programs = [x for x in playable([c.source for c in notebook.cells if c.cell_type == "code"]) if x]
    runs = "".join(f"exec({program!r}, {{'__name__': '__main__'}})\n" for program in programs)
    done = subprocess.run([sys.executable, "-c", BARE + runs], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
