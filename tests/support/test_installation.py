"""Two packages with our import name in one environment must be told, not left to fail somewhere else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd.support import installation

PACKAGE = Path(autograd.__file__).parent


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
