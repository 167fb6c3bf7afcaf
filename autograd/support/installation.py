"""A check that no other package's files lie among ours, and how messages tell to install what is missing.

The package on PyPI that is called `autograd` has the import name of `scalar-autograd`. Installed into one
environment, each silently overwrites the other's `__init__.py` and leaves the rest of its files behind.
Importing this module raises ImportError when that has happened.
"""

from __future__ import annotations

import os

_HERE = os.path.dirname(os.path.dirname(__file__))  # that of the package
_FOREIGN = ("tracer.py", "differential_operators.py")  # modules of the other package, of every version


def how_to_install(extra: str) -> str:
    """Return the commands that install an extra: from PyPI, and from a clone, which needs nothing there.

    >>> print(how_to_install("plot"))
    pip install "scalar-autograd[plot]", or in a clone pip install ".[plot]"
    """
    return f'pip install "scalar-autograd[{extra}]", or in a clone pip install ".[{extra}]"'


def check(folder: str = _HERE) -> None:
    """Raise ImportError if a module of the other package lies in the folder.

    >>> check()
    """
    found = [name for name in _FOREIGN if os.path.exists(os.path.join(folder, name))]
    if found:
        raise ImportError(
            f"two packages are mixed up in {folder}: scalar-autograd, and PyPI's 'autograd' "
            f"(which has {found[0]}). Both are imported as 'autograd', so an environment can hold only one "
            "of them. Run "
            "'pip uninstall -y autograd scalar-autograd', then install the one you want."
        )


check()
