"""The build backend: hatchling, which asks for a compiler of Python only where there is one for C as well.

The environment variable AUTOGRAD_PURE decides, where it is set: with 1 the package is plain Python, and with
0 it is compiled or not built at all. An editable installation is plain Python.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling import build
from hatchling.build import (
    build_editable,
    build_sdist,
    build_wheel,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
)

__all__ = [
    "build_editable", "build_sdist", "build_wheel", "get_requires_for_build_editable",
    "get_requires_for_build_sdist", "get_requires_for_build_wheel",
]  # fmt: skip

COMPILER = ["mypy>=2.4,<2.5", "setuptools>=77"]
"""What compiles: mypy has mypyc in it, and setuptools knows how to call the compiler of C."""


def get_requires_for_build_wheel(config_settings: dict[str, Any] | None = None) -> list[str]:
    """Return what building a wheel needs."""
    needed = build.get_requires_for_build_wheel(config_settings)
    return needed + COMPILER if why_pure() is None else needed


def why_pure() -> str | None:
    """Return why the package is not to be compiled; None if it is."""
    wanted = os.environ.get("AUTOGRAD_PURE", "")
    if wanted not in ("", "0", "1"):
        raise ValueError(f"AUTOGRAD_PURE is {wanted!r}; it must be 1 (plain Python), 0 (compiled) or empty")
    if wanted == "1":
        return "AUTOGRAD_PURE is 1"
    if wanted == "0":
        return None
    if sys.implementation.name != "cpython":
        return f"this is {sys.implementation.name}, not CPython"
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        return "the headers of Python are not there"
    return None if _c_compiler() else "there is no compiler of C"


def _c_compiler() -> str | None:
    if sys.platform != "win32":
        command = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
        return shutil.which(shlex.split(command)[0])
    programs = os.environ.get("PROGRAMFILES(X86)", r"C:\Program Files (x86)")
    installer = Path(programs, "Microsoft Visual Studio", "Installer", "vswhere.exe")
    return shutil.which("cl") or (str(installer) if installer.exists() else None)
