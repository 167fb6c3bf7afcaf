"""The notebooks run from top to bottom, and what they store is what they show.

Each is executed in a fresh kernel of this interpreter, and its texts are compared with the stored ones;
of a picture only the formats are compared, for fonts differ between machines. `pytest
tests/test_notebooks.py --update` stores the new outputs instead.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

import autograd

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
TIMEOUT = 240  # seconds for one cell: a hang, not a slow machine
COLOR = re.compile(r"\x1b\[[0-9;]*m")

# What a stored notebook says of its kernel: nothing that differs between machines or versions.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"},
}

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.name))


@pytest.fixture(scope="module")
def kernel_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which a kernel imports the package under test and leaves the home folder alone."""
    folder = tmp_path_factory.mktemp("jupyter")
    environment = dict(os.environ)
    environment.pop("MPLBACKEND", None)  # the kernel shows figures in line
    environment.pop("PYTHONWARNINGS", None)
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        environment[name] = str(folder / name.lower())
    for name in ("MPLCONFIGDIR", "XDG_CACHE_HOME"):
        environment[name] = str(folder / "cache")
    package = Path(autograd.__file__).parent.parent
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")]))
    # Matplotlib looks through the fonts once, and on a slow machine says so where the output would be.
    fonts = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(fonts, env=environment, check=True, capture_output=True)
    return environment


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def execute(notebook: Any, environment: dict[str, str]) -> Any:
    """Return the notebook as it is after running all of its cells, normalised."""
    executed = deepcopy(notebook)
    for number, cell in enumerate(executed.cells, 1):
        cell.id = f"cell-{number:02}"
        cell.metadata = {"tags": cell.metadata.tags} if "tags" in cell.metadata else {}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    # No folder to look for kernels in leaves Jupyter's native one, that of this interpreter.
    kernels = KernelSpecManager(kernel_dirs=[])
    manager = AsyncKernelManager(
        kernel_name="python3",
        kernel_spec_manager=kernels,
        connection_file=os.path.join(environment["JUPYTER_RUNTIME_DIR"], "kernel.json"),
    )
    client = NotebookClient(executed, km=manager, timeout=TIMEOUT, record_timing=False, coalesce_streams=True)
    os.makedirs(environment["JUPYTER_RUNTIME_DIR"], exist_ok=True)
    failure = ""
    try:
        client.execute(env=environment, cwd=str(NOTEBOOKS[0].parent), cleanup_kc=True)
    except CellExecutionError as error:
        failure = COLOR.sub("", str(error))
    if failure:
        pytest.fail(failure, pytrace=False)
    executed.metadata = METADATA
    return executed


def shown(cell: Any) -> str:
    """Return what a cell shows, as text: streams and results in full, pictures by their formats."""
    lines = []
    for output in cell.outputs:
        if output.output_type == "stream":
            lines += [f"[{output.name}]", output.text]
        elif output.output_type == "error":
            lines += ["[error]", f"{output.ename}: {output.evalue}"]
        else:
            lines += [f"[{', '.join(sorted(output.data))}]", output.data.get("text/plain", "")]
    return "\n".join(lines)


def difference(stored: str, now: str) -> str:
    lines = difflib.unified_diff(stored.splitlines(), now.splitlines(), "stored", "shown now", lineterm="")
    return "\n".join(lines)


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS, "no notebook in notebooks/"


@every_notebook
def test_the_notebook_shows_what_it_stores(
    path: Path, kernel_environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    stored = read(path)
    executed = execute(stored, kernel_environment)
    if request.config.getoption("--update"):
        nbformat.validate(executed)
        nbformat.write(executed, path)  # type: ignore[no-untyped-call]
        return
    differences = [
        f"\n{before.id}:\n{difference(shown(before), shown(after))}"
        for before, after in zip(stored.cells, executed.cells, strict=True)
        if before.cell_type == "code" and shown(before) != shown(after)
    ]
    if differences:
        pytest.fail(
            f"{path.name} does not show what it stores; if what it shows is right, run "
            "'pytest tests/test_notebooks.py --update'\n" + "\n".join(differences),
            pytrace=False,
        )


@pytest.mark.parametrize("tag", ["en", "zh"])
def test_the_quickstart_links_to_every_other_notebook_of_the_course(tag: str) -> None:
    first, *others = NOTEBOOKS
    text = "\n".join(cell.source for cell in read(first).cells if tag in cell.metadata.get("tags", ()))
    assert first.name == "00_quickstart.ipynb"
    assert {path.name for path in others} == set(re.findall(r"\]\((\w+\.ipynb)\)", text))


def test_players_are_stored_alive_and_in_both_languages() -> None:
    stored = [
        html
        for path in NOTEBOOKS
        for cell in read(path).cells
        for output in cell.get("outputs", [])
        if re.search("autograd-(player|live)", html := output.get("data", {}).get("text/html", ""))
    ]
    assert [html for html in stored if "计算图" in html]
    assert [html for html in stored if "autograd-live" in html]
    for html in stored:  # those of walks can be changed at every step
        assert 'class="autograd-live"' in html or "host.live" in html


@every_notebook
def test_the_stored_notebook_is_valid_and_free_of_its_machine(path: Path) -> None:
    text = re.sub(r'"image/png": "[^"]*"', "", path.read_text(encoding="utf-8"))  # letters by chance
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.metadata == METADATA
    assert [cell.id for cell in notebook.cells] == [f"cell-{n:02}" for n in range(1, len(notebook.cells) + 1)]
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    assert not re.findall(r"(?:/(?:home|root|tmp|usr|var|Users)/|\b[A-Z]:\\\\)\w+", text), "a path"
    assert not [root for root in (str(path.parent.parent), sys.prefix) if root in text]
    assert not re.findall(r"\bat 0x[0-9a-f]{6,}", text), "an address in memory"
