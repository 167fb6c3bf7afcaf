"""The folder of the playground: what is in it, and that it asks for nothing that is not there."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import autograd
from autograd.playground import RUNTIME_FILES, RUNTIME_VERSION, build, building
from autograd.playground.building import archive

PACKAGE = Path(autograd.__file__).parent


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    """A folder with files by the names of those of the runtime."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in RUNTIME_FILES:
        (folder / name).write_bytes(name.encode() * 3)
    return folder


def data_of(folder: Path) -> dict[str, object]:
    """What the page is given."""
    page = (folder / "index.html").read_text("utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def test_the_folder_has_all_that_the_page_asks_for(tmp_path: Path) -> None:
    folder = build(tmp_path / "a" / "site")
    names = {path.name for path in folder.iterdir()}
    texts = [path.read_text("utf-8") for path in folder.iterdir() if path.suffix in (".html", ".js")]
    asked = {
        name
        for text in texts
        for name in re.findall(r'(?:src|href)="([\w.]+)"|from "\./([\w.]+)"|Worker\("([\w.]+)"', text)
        for name in name
        if name
    }
    assert {"playground.js", "worker.js", "charts.js", "editor.js", "address.js", "playground.css"} == asked
    assert names == asked | {"index.html", "autograd.zip"}


def test_the_runtime_comes_from_a_network_of_a_fixed_version_unless_it_is_given(tmp_path: Path) -> None:
    data = data_of(build(tmp_path / "site"))
    assert data["runtime"] == f"https://cdn.jsdelivr.net/npm/pyodide@{RUNTIME_VERSION}/"


def test_a_browser_keeps_no_archive_of_another_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = data_of(build(tmp_path / "site"))["archive"]
    assert first == data_of(build(tmp_path / "other"))["archive"]
    monkeypatch.setattr(building, "archive", lambda: b"another")
    assert first != data_of(build(tmp_path / "site"))["archive"]


def test_a_runtime_that_is_given_is_copied(tmp_path: Path, runtime: Path) -> None:
    (runtime / "other.txt").write_text("not needed")
    folder = build(tmp_path / "site", runtime)
    assert {path.name for path in (folder / "pyodide").iterdir()} == set(RUNTIME_FILES)
    for name in RUNTIME_FILES:
        assert (folder / "pyodide" / name).read_bytes() == (runtime / name).read_bytes()
    data = data_of(folder)
    assert data["runtime"] == "pyodide/"
    assert data["bytes"] == sum(3 * len(name) for name in RUNTIME_FILES)


def test_nothing_is_written_where_the_runtime_lacks_a_file(tmp_path: Path, runtime: Path) -> None:
    (runtime / "pyodide.asm.wasm").unlink()
    with pytest.raises(FileNotFoundError, match=r"has no pyodide\.asm\.wasm.*npm install pyodide@"):
        build(tmp_path / "site", runtime)
    assert not (tmp_path / "site").exists()


def test_a_folder_is_built_again_and_others_files_in_it_are_kept(tmp_path: Path) -> None:
    folder = build(tmp_path / "site")
    (folder / "index.html").write_text("old")
    (folder / "CNAME").write_text("example.org")
    build(folder)
    assert data_of(folder)
    assert (folder / "CNAME").read_text() == "example.org"


def test_the_archive_is_the_package_in_plain_python_and_the_same_each_time() -> None:
    packed = archive()
    assert packed == archive()
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        names = opened.namelist()
        assert opened.read("autograd/engine/value.py") == (PACKAGE / "engine" / "value.py").read_bytes()
    assert {"autograd/__init__.py", "autograd/live/play.js", "autograd/training/data/iris.csv"} < set(names)
    assert not [name for name in names if re.search(r"__pycache__|\.so$|\.pyd$|\.pyc$", name)]


def test_the_package_works_as_it_comes_out_of_the_archive_with_the_standard_library_alone(
    tmp_path: Path,
) -> None:
    with zipfile.ZipFile(io.BytesIO(archive())) as opened:
        opened.extractall(tmp_path)
    program = (
        "from autograd.cli.playground_command import session\n"
        "kinds = []\n"
        "session(lambda kind, content: kinds.append(kind)).formula('x*y + sin(x)', 'x=2 y=5', 'live')\n"
        "print(kinds)\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n{program}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("['formula', 'html']\n", "")


def test_every_file_of_the_page_is_data_of_the_package() -> None:
    folder = PACKAGE / "playground"
    here = {path.name for path in folder.iterdir() if path.suffix in (".js", ".css", ".html")}
    assert here == {
        "address.js", "charts.js", "editor.js", "index.html", "playground.css", "playground.js", "worker.js",
    }  # fmt: skip


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js to read the scripts")
@pytest.mark.parametrize("name", ["address", "charts", "editor", "playground", "worker"])
def test_scripts_can_be_read(name: str, tmp_path: Path) -> None:
    script = tmp_path / f"{name}.mjs"
    shutil.copy(PACKAGE / "playground" / f"{name}.js", script)
    done = subprocess.run(["node", "--check", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
