"""Two packages with our import name in one environment must be told, not left to fail somewhere else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import autograd
from autograd.support import installation
from autograd.support.installation import how_to_install

PACKAGE = Path(autograd.__file__).parent
ROOT = Path(__file__).parents[2]


@pytest.fixture
def mixed_up(tmp_path: Path) -> Path:
    copy = tmp_path / "autograd"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "data"))
    (copy / "tracer.py").write_text("# a module of the other package\n")
    return copy


def imported(statement: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", statement], cwd=folder, capture_output=True, text=True, check=False
    )


def test_importing_a_mixed_up_installation_says_what_happened_and_what_to_do(mixed_up: Path) -> None:
    result = imported("import autograd", mixed_up.parent)
    assert result.returncode == 1
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: two packages are mixed up in ")
    assert "tracer.py" in last
    assert "pip uninstall -y autograd scalar-autograd" in last


def test_it_is_told_when_the_other_packages_front_door_has_replaced_ours(mixed_up: Path) -> None:
    (mixed_up / "__init__.py").write_text("")
    result = imported("from autograd.engine import Value", mixed_up.parent)
    assert "two packages are mixed up" in result.stderr


def test_a_clean_folder_passes(tmp_path: Path) -> None:
    installation.check(str(tmp_path))
    (tmp_path / "differential_operators.py").touch()
    with pytest.raises(ImportError, match=r"differential_operators\.py"):
        installation.check(str(tmp_path))


def test_importing_the_package_loads_no_third_party_module() -> None:
    program = (
        "import sys; before = set(sys.modules); import autograd; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(result.stdout.split())
    assert "autograd" in loaded
    assert loaded - {"autograd"} <= set(sys.stdlib_module_names)


def test_the_package_says_its_version_and_is_typed() -> None:
    assert autograd.__version__.count(".") == 2
    assert (PACKAGE / "py.typed").exists()
    assert all(hasattr(autograd, name) for name in autograd.__all__)


def test_whoever_is_told_to_install_an_extra_is_told_what_works_in_a_clone() -> None:
    extra = re.compile(r"scalar-autograd\[([\w,]+)\]")
    told = 0
    for path in [*PACKAGE.rglob("*.py"), *(ROOT / "notebooks").glob("*.ipynb")]:
        text = path.read_text(encoding="utf-8").replace('\\"', '"')
        for match in extra.finditer(text):
            told += 1
            around = text[max(0, match.start() - 120) : match.end() + 120]
            assert f'pip install ".[{match[1]}]"' in around, path.name
    assert told >= 2
    for name in ("draw", "plot", "fast"):
        assert how_to_install(name) == (
            f'pip install "scalar-autograd[{name}]", or in a clone pip install ".[{name}]"'
        )


def test_every_extra_that_is_named_exists() -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = known["project"]["optional-dependencies"]
    for path in (ROOT / "autograd").rglob("*.py"):
        for name in re.findall(r"how_to_install\(['\"](\w+)", path.read_text(encoding="utf-8")):
            assert name in extras
