"""Compile the engine with mypyc: `compile.py CHECKOUT FOLDER`.

mypyc leaves documentation out of what it makes. It is written into the C code here, from what the modules
have in plain Python, so that `help(Value)` says the same either way.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import re
import shutil
import sys
from pathlib import Path

from mypyc.build import mypycify
from setuptools import Distribution

MODULES = ["engine", "methods", "real_numbers"]
OPTIONS = ["--config-file=", "--follow-imports=silent", "--ignore-missing-imports"]


def main(checkout: str, folder: str) -> None:
    """Compile a copy of the package, and leave what comes of it in the folder."""
    work = Path(folder, "work")
    shutil.copytree(Path(checkout, "autograd"), work / "autograd", ignore=_compiled)
    os.chdir(work)
    extensions = mypycify(
        [*OPTIONS, *(f"autograd/{name}.py" for name in MODULES)],
        group_name="autograd.compiled",
        debug_level="0",
    )
    for source in Path("build").rglob("*.c"):
        source.write_text(documented(source.read_text(), documentation()))
    distribution = Distribution({"name": "autograd", "ext_modules": extensions})
    command = distribution.get_command_obj("build_ext")
    command.build_lib = folder
    command.ensure_finalized()
    command.run()
    shutil.rmtree(work)


def _compiled(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith((".so", ".pyd")) or name == "__pycache__"]


def documentation() -> dict[str, str]:
    """Return what modules, classes and functions say of themselves, by the name each has in the C code."""
    sys.path.insert(0, os.getcwd())
    found: dict[str, str] = {}
    for name in MODULES:
        module = importlib.import_module(f"autograd.{name}")
        found[name] = module.__doc__ or ""
        for key, x in vars(module).items():
            if getattr(x, "__module__", None) == module.__name__ and (
                inspect.isclass(x) or inspect.isfunction(x)
            ):
                found[f"{name}___{key}"] = x.__doc__ or ""
                for attribute, member in vars(x).items() if inspect.isclass(x) else ():
                    if inspect.isfunction(member) or isinstance(member, property):
                        found[f"{name}___{key}___{attribute}"] = member.__doc__ or ""
    return {name: inspect.cleandoc(text) for name, text in found.items() if text}


def documented(code: str, said: dict[str, str]) -> str:
    """Return C code of mypyc's with documentation in the tables of modules, classes and functions."""

    def text(name: str) -> str:
        return json.dumps(said.get(name, ""))[1:-1].replace("??", r"?\?")

    def function(match: re.Match[str]) -> str:
        return match[1] + text(match[2]) + '"'

    def attribute(match: re.Match[str]) -> str:
        name = f"{match[3]}___{match[2]}"
        return f'{match[1]}"{text(name)}", NULL}}' if name in said else match[0]

    def kind(match: re.Match[str]) -> str:
        return match[1] + match[2] + match[3] + text(f"{module_of[match[2]]}___{match[2]}") + '"'

    def module(match: re.Match[str]) -> str:
        return f'{match[1]}"{text(match[2])}", /* docstring */'

    module_of = {name.split("___")[1]: name.split("___")[0] for name in said if "___" in name}
    code = re.sub(r'(\(PyCFunction\)CPyPy_(\w+),[^"{}]*PyDoc_STR\("[^"]*?--\\n\\n)"', function, code)
    code = re.sub(
        r'(\{"(\w+)",\s*\(getter\)(\w+?)_get_\2,\s*(?:\(setter\)\w+|NULL),\s*)NULL, NULL\}', attribute, code
    )
    code = re.sub(r'(\.tp_doc = PyDoc_STR\(")(\w+)(\([^"]*?--\\n\\n)"', kind, code)
    return re.sub(r'(PyModuleDef_HEAD_INIT,\s*"autograd\.(\w+)",\s*)NULL, /\* docstring \*/', module, code)


if __name__ == "__main__":
    main(*sys.argv[1:])
