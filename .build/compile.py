"""Compile the engine with mypyc: `compile.py CHECKOUT FOLDER`.

mypyc leaves documentation out of what it makes. It is written into the C code here, from what the modules
have in plain Python, so that `help(Value)` says the same either way. And where `_new` makes a Value without
calling its class, mypyc calls a function of Python's, of which only what it does in the end is left here.
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
from types import FunctionType

from mypyc.build import mypycify
from setuptools import Distribution

MODULES = [
    *(f"autograd.engine.{name}" for name in "node order copying methods value sums".split()),
    "autograd.support.real_numbers",
    "autograd.derivatives.sweeps",
]
LIBRARY = "scalar_autograd"
"""What all of them become: one library, in which they call each other at once, beside the package.

From where it lies mypyc finds out the `__file__` of each.
"""
DOCUMENTED = (FunctionType, property)
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
        code = documented(code, name, documentation(name))
    source.write_text(allocating(code))
    distribution = Distribution({"name": "autograd", "ext_modules": extensions})
    command = distribution.get_command_obj("build_ext")
    command.build_lib = folder
    command.ensure_finalized()
    command.run()
    shutil.rmtree(work)


def _compiled(_: str, names: list[str]) -> list[str]:
    return [name for name in names if name.endswith((".so", ".pyd")) or name == "__pycache__"]


def documentation(name: str) -> dict[str, str]:
    """Return what a module, its classes and functions say of themselves, by the name each has in C."""
    module = importlib.import_module(name)
    said = {"": module.__doc__}
    for key, x in vars(module).items():
        if getattr(x, "__module__", None) == name:
            said[key] = x.__doc__
            for attribute, member in vars(x).items() if inspect.isclass(x) else ():
                said[f"{key}___{attribute}"] = member.__doc__ if isinstance(member, DOCUMENTED) else None
    return {key: inspect.cleandoc(text) for key, text in said.items() if text}


def documented(code: str, module: str, said: dict[str, str]) -> str:
    """Return C code of mypyc's with the documentation of a module in its tables of classes and functions."""
    prefix = f"{module.replace('.', '___')}___"

    def text(name: str) -> str:
        return json.dumps(said.get(name, ""))[1:-1].replace("??", r"?\?")

    def attribute(match: re.Match[str]) -> str:
        name = f"{match[3]}___{match[2]}"
        return f'{match[1]}"{text(name)}", NULL}}' if name in said else match[0]

    signature = r'[^"]*?--\\n\\n'
    code = re.sub(
        rf'(\(PyCFunction\)CPyPy_{prefix}(\w+),[^"{{}}]*PyDoc_STR\("{signature})',
        lambda m: m[1] + text(m[2]),
        code,
    )
    code = re.sub(rf'(\.tp_doc = PyDoc_STR\("(\w+)\({signature})', lambda m: m[1] + text(m[2]), code)
    getter = rf'(\{{"(\w+)",\s*\(getter\){prefix}(\w+?)_get_\2,\s*(?:\(setter\)\w+|NULL),\s*)NULL, NULL\}}'
    code = re.sub(getter, attribute, code)
    of_module = rf'(PyModuleDef_HEAD_INIT,\s*"{re.escape(module)}",\s*)NULL(?=, /\* docstring)'
    return re.sub(of_module, lambda m: f'{m[1]}"{text("")}"', code)


def allocating(code: str) -> str:
    """Return C code of mypyc's in which `_new(Value)` allocates a Value, and calls nothing of Python's."""
    value = "autograd___engine___value___"
    setup = f"CPyDef_{value}__mypyc__Value_setup"
    # From where `_new` is read to where it is called there are some fifteen statements.
    to_the_call = r"(\w+) = CPyStatic_autograd___engine___\w+____new;(?:[^;]*;){1,25}?[^;]*?"
    code = re.sub(
        rf"({to_the_call})PyObject_Vectorcall\(\2, \w+, 1, 0\)",
        lambda m: f"{m[1]}{setup}((PyObject *)CPyType_{value}Value)",
        code,
    )
    includes, last, rest = code.rpartition("#include")
    line, _, rest = rest.partition("\n")
    return f"{includes}{last}{line}\nPyObject *{setup}(PyObject *);\n{rest}"


if __name__ == "__main__":
    main(*sys.argv[1:])
