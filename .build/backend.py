"""The build backend: hatchling, which asks for a compiler of Python where the engine is to be compiled.

Built from source the package is plain Python: it installs at once, and its tracebacks show what ran. With
AUTOGRAD_PURE=0 in the environment the engine is compiled with mypyc, or nothing is built. So are the wheels
of cibuildwheel. An editable installation is plain Python.
"""

from __future__ import annotations

import os
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
    return needed + COMPILER if to_be_compiled() else needed


def to_be_compiled() -> bool:
    """Say whether the engine is to be compiled.

    Raises:
        ValueError: AUTOGRAD_PURE is neither 0 nor 1 nor empty.
    """
    wanted = os.environ.get("AUTOGRAD_PURE", "")
    if wanted not in ("", "0", "1"):
        raise ValueError(f"AUTOGRAD_PURE is {wanted!r}; it must be 0 (compiled), 1 (plain Python) or empty")
    return wanted == "0"
