"""The source of compiled modules, where tracebacks look for it.

Compiled code says of itself that it is of `autograd/engine/value.py`, which is no path from where a program
runs. Python's own tracebacks look for that along `sys.path`; those of IPython, and so of Jupyter, do not, and
show a line that no source was found for each frame. They do look into `linecache`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

__all__ = ["show_sources"]

_HERE = os.path.dirname(os.path.dirname(__file__))
_FOLDERS = ("derivatives", "engine", "support")


def show_sources(package: str = _HERE) -> list[str]:
    """Tell `linecache` where the sources of compiled modules are, if IPython runs.

    They are read when they are shown.

    Returns:
        the names that compiled code calls its sources by.

    >>> isinstance(show_sources(), list)
    True
    """
    linecache: Any = sys.modules.get("linecache")
    if linecache is None or "IPython" not in sys.modules:
        return []
    names = []
    for folder in _FOLDERS:
        for file in sorted(os.listdir(os.path.join(package, folder))):
            if file.endswith((".so", ".pyd")):
                source = f"{file.partition('.')[0]}.py"
                name = f"{os.path.basename(package)}/{folder}/{source}"
                linecache.cache[name] = (_reader(os.path.join(package, folder, source)),)
                names.append(name)
    return names


def _reader(path: str) -> Callable[[], str]:
    """Return what reads a source when it is wanted: an entry of `linecache` that its check leaves alone."""

    def read() -> str:
        try:
            with open(path, encoding="utf-8") as file:
                return file.read()
        except OSError:
            return ""

    return read
