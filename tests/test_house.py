"""The house: imports run down, rooms have faces, nothing is too long; and what breaks a rule is found."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import house
import pytest

PACKAGE = Path(__file__).parents[1] / "autograd"


@pytest.mark.parametrize("rule", [house.loose, house.faces, house.lengths])
def test_the_package_keeps_a_rule(rule: Callable[[Path], list[str]]) -> None:
    assert rule(PACKAGE) == []


def test_every_import_runs_down() -> None:
    assert house.upward(house.imports(PACKAGE)) == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert house.circles(house.imports(PACKAGE)) == []


def test_every_room_stands_on_a_floor_and_on_each_floor_is_a_room() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    files = {path.stem for path in PACKAGE.glob("*.py")} - set(house.FRONT)
    assert rooms | files == set(house.FLOORS)
    assert len(set(house.FLOORS)) == len(house.FLOORS)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, to be spoiled."""
    return Path(shutil.copytree(PACKAGE, tmp_path / "autograd", ignore=shutil.ignore_patterns("__pycache__")))


def new_faults(copy: Path, file: str, text: str) -> list[str]:
    """Return what is found in a copy when text is added to one of its files, and was not found before."""
    before = house.broken(copy)
    path = copy / file
    path.write_text((path.read_text("utf-8") if path.exists() else "") + text, "utf-8")
    return [fault for fault in house.broken(copy) if fault not in before]


UPWARD = {
    "at the top": "from ..plots import style\n",
    "with the name of the package": "import autograd.plots.style\n",
    "inside a function": "def late():\n    from ..plots import style\n",
    "inside a method": "class Late:\n    def late(self):\n        from ..plots.style import PlotError\n",
    "for type checkers": "if TYPE_CHECKING:\n    from ..plots.style import PlotError\n",
    "tried": "try:\n    from ..plots import style\nexcept ImportError:\n    pass\n",
}
IMPORTS_OF_THE_FRONT = ["import autograd\n", "from .. import grad\n", "from ..wiring import x\n"]
CIRCULAR = [
    "from . import one\n",
    "def late():\n    from .one import x\n",
    "if TYPE_CHECKING:\n    from .one import x\n",
]
DEFINITIONS = ["def f(): ...\n", "class A: ...\n", "A = 1\n", "if True:\n    A = 1\n"]


@pytest.mark.parametrize("text", UPWARD.values(), ids=UPWARD)
def test_an_upward_import_is_found(copy: Path, text: str) -> None:
    assert "upward: support.files -> plots.style" in new_faults(copy, "support/files.py", text)


@pytest.mark.parametrize("text", IMPORTS_OF_THE_FRONT)
def test_nothing_imports_the_front_door(copy: Path, text: str) -> None:
    (copy / "wiring.py").touch()
    front = "wiring" if "wiring" in text else "__init__"
    assert f"upward: support.files -> {front}" in new_faults(copy, "support/files.py", text)


@pytest.mark.parametrize("text", CIRCULAR)
def test_a_circle_within_a_room_is_found(copy: Path, text: str) -> None:
    (copy / "support" / "one.py").write_text("from .other import y\n")
    (copy / "support" / "other.py").write_text("")
    assert new_faults(copy, "support/other.py", text) == ["circle: support.one, support.other"]


def test_a_file_that_imports_itself_is_found(copy: Path) -> None:
    assert new_faults(copy, "support/one.py", "from .one import x\n") == ["circle: support.one"]


def test_an_import_downwards_and_one_of_a_neighbour_are_no_faults(copy: Path) -> None:
    assert new_faults(copy, "cli/one.py", "from . import usage\nfrom ..support.files import x\n") == []


def test_a_file_in_no_room_and_a_room_on_no_floor_are_found(copy: Path) -> None:
    (copy / "hall").mkdir()
    assert house.loose(copy)[-1:] == ["hall is on no floor"]
    assert new_faults(copy, "loose.py", "") == ["loose.py is in no room"]


def test_a_face_without_a_docstring_or_a_list_is_found(copy: Path) -> None:
    face = copy / "cli" / "__init__.py"
    face.write_text("")
    assert {"cli.__init__ has no docstring", "cli.__init__ has no __all__"} <= set(house.faces(copy))
    face.unlink()
    assert {"cli.__init__ has no docstring", "cli.__init__ has no __all__"} <= set(house.faces(copy))


@pytest.mark.parametrize("text", DEFINITIONS)
@pytest.mark.parametrize("room", ["cli", "program/llvm"])
def test_a_face_that_defines_something_is_found(copy: Path, room: str, text: str) -> None:
    (fault,) = new_faults(copy, f"{room}/__init__.py", text)
    assert fault.startswith(room.replace("/", ".") + ".__init__:")
    assert fault.endswith(" defines something")


def test_a_list_of_names_may_be_made_in_parts(copy: Path) -> None:
    assert new_faults(copy, "cli/__init__.py", '\n__all__ += ["main"]\n') == []


def test_a_long_file_is_found(copy: Path) -> None:
    assert new_faults(copy, "support/one.py", "x = 1\n" * 400) == []
    assert new_faults(copy, "support/one.py", "x = 1\n") == ["support.one has 401 lines"]


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_long_function_is_found_its_docstring_not_counted(copy: Path, kind: str) -> None:
    text = f'{kind} f():\n    """One,\n\n    two.\n    """\n' + "    x = 1\n" * 49
    assert new_faults(copy, "support/one.py", text) == []
    assert new_faults(copy, "support/one.py", "    x = 1\n") == ["support.one:1 f has 51 lines"]


def test_the_command_prints_what_is_broken_and_fails(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "support" / "one.py").write_text("from ..cli import main\n")
    assert house.main(str(copy)) == 1
    printed = capsys.readouterr().out
    assert "upward: support.one -> cli.__init__\n" in printed
    assert printed.endswith(" faults\n")
