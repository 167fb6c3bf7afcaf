"""Compile the engine with mypyc: `compile.py CHECKOUT FOLDER`; what is done to its C code is in `c_code`."""

from __future__ import annotations

import importlib
import inspect
import os
import shutil
import sys
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import c_code
from mypyc.build import mypycify
from setuptools import Distribution

if TYPE_CHECKING:
    from collections.abc import Iterator

MODULES = [
    *(f"autograd.engine.{name}" for name in "node order copying methods value sums together".split()),
    "autograd.support.real_numbers",
    *(f"autograd.derivatives.{name}" for name in "flat search sweeps variables".split()),
]
LIBRARY = "scalar_autograd"
"""What all of them become: one library, in which they call each other at once, beside the package.

From where it lies mypyc finds out the `__file__` of each.
"""
DOCUMENTED = (FunctionType, property, type)
CHANGES = (
    c_code.explaining_the_unset, c_code.unwritable, c_code.allocating, c_code.freeing, c_code.untracking,
)  # fmt: skip
OPTIONS = ["--config-file=", "--follow-imports=silent", "--ignore-missing-imports"]


def main(checkout: str, folder: str) -> None:
    """Compile a copy of the package, and leave what comes of it in the folder."""
    work = Path(folder, "work")
    shutil.copytree(Path(checkout, "autograd"), work / "autograd", ignore=_compiled)
    os.chdir(work)
    files = [f"{name.replace('.', '/')}.py" for name in MODULES]
    extensions = mypycify([*OPTIONS, *files], separate=[(files, LIBRARY)], debug_level="0")
    for extension in extensions:
        options = extension.extra_compile_args
        # A warning of an unknown compiler is no reason to do without.
        options[:] = [x for x in options if x not in ("-Werror", "/WX")]
        if "-O3" in options:  # as gcc and clang have it: functions that no other library calls
            options.append("-fvisibility=hidden")
    sys.path.insert(0, os.getcwd())
    source = Path("build", f"__native_{LIBRARY}.c")
    code = source.read_text()
    for name in MODULES:
        said = documentation(name)
        code = c_code.documented(code, name, said)
        code = c_code.explaining_misuse(code, name, signatures(name))
    for change in CHANGES:
        code = change(code)
    source.write_text(c_code.with_helpers(code))
    distribution = Distribution({"name": "autograd", "ext_modules": extensions})
    command = distribution.get_command_obj("build_ext")
    command.build_lib = folder
    command.ensure_finalized()
    command.run()
    shutil.rmtree(work)


def _compiled(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith((".so", ".pyd")) or name == "__pycache__"]


def _members(module: str) -> Iterator[tuple[str, Any]]:
    """Yield what a module defines, and its classes in turn, by the name each has in C."""
    for key, x in vars(importlib.import_module(module)).items():
        if getattr(x, "__module__", None) == module:
            yield key, x
            for attribute, member in vars(x).items() if inspect.isclass(x) else ():
                yield f"{key}___{attribute}", member


def documentation(name: str) -> dict[str, str]:
    """Return what a module, its classes and functions say of themselves, by the name each has in C."""
    said = {"": importlib.import_module(name).__doc__}
    for key, x in _members(name):
        said[key] = x.__doc__ if isinstance(x, DOCUMENTED) else None
    return {key: inspect.cleandoc(text) for key, text in said.items() if text}


def signatures(name: str) -> dict[str, str]:
    """Return what follows `def` in a module, without annotations, by the name that each function has in C."""
    found = {}
    for key, x in _members(name):
        if isinstance(x, FunctionType):
            signature = inspect.signature(x)
            bare = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
            found[key] = (
                f"{x.__qualname__}{signature.replace(parameters=bare, return_annotation=signature.empty)}"
            )
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
