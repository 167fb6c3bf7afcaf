"""The front door: every name is shown from the start, and loaded when it is first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import autograd

HEAVY = {"IPython", "PIL", "graphviz", "llvmlite", "matplotlib", "numpy", "pygraphviz", "scipy", "tqdm"}


def loaded_by(statement: str) -> set[str]:
    """Return what modules a new process has after a statement."""
    program = f"import sys; {statement}; print(*sys.modules)"
    return set(subprocess.check_output([sys.executable, "-c", program], text=True).split())


def test_what_is_not_used_is_not_loaded() -> None:
    modules = loaded_by("from autograd import Value, grad")
    rooms = {name.split(".")[1] for name in modules if name.startswith("autograd.")}
    assert {"engine", "ops", "derivatives"} <= rooms
    assert not rooms & {
        "cli",
        "drawing",
        "formulas",
        "live",
        "nn",
        "optim",
        "plots",
        "program",
        "steps",
        "training",
    }
    assert not modules & HEAVY


def test_not_even_all_names_need_another_package() -> None:
    assert not loaded_by("from autograd import *") & HEAVY


def test_all_names_are_shown_before_they_are_loaded() -> None:
    program = "import autograd, sys; print(*dir(autograd)); assert 'autograd.engine' not in sys.modules"
    shown = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    assert {*autograd.__all__, "engine", "ops", "training"} <= set(shown)
    assert all(hasattr(autograd, name) for name in shown if name != "__path__")
    assert not {"Any", "TYPE_CHECKING", "import_module", "wiring"} & set(shown)


COMPLETE = """
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.run_cell("import autograd")
with provisionalcompleter():
    print(*(completion.text for completion in shell.Completer.completions("autograd.", len("autograd."))))
"""


def test_ipython_completes_them() -> None:
    shown = subprocess.check_output([sys.executable, "-W", "ignore", "-c", COMPLETE], text=True).split()
    assert {name for name in autograd.__all__ if name != "__version__"} <= set(shown)


def test_a_name_that_is_not_there_is_an_attribute_error_of_the_module() -> None:
    with pytest.raises(AttributeError, match=r"^autograd has no 'Valeu'; did you mean 'Value'\?$"):
        _ = autograd.Valeu
    with pytest.raises(ImportError, match=r"^autograd has no 'Valeu'; did you mean 'Value'\?$"):
        from autograd import Valeu  # noqa: F401


@pytest.mark.parametrize("name", autograd.__all__)
def test_each_name_is_the_one_of_its_room(name: str) -> None:
    found = getattr(autograd, name)
    assert vars(autograd).get(name) is found
    assert getattr(autograd, name) is found


def test_containers_that_hips_autograd_has_of_its_own_are_pythons() -> None:
    import builtins

    for name in ("dict", "isinstance", "list", "tuple", "type"):
        assert getattr(autograd, name) is getattr(builtins, name)
        assert name not in dir(autograd)
    assert sys.modules["autograd.builtins"] is builtins


def test_scipy_is_a_room_however_it_is_imported() -> None:
    program = "from autograd import scipy; import autograd.scipy.integrate; import autograd.scipy.special"
    subprocess.run([sys.executable, "-c", program], check=True)
