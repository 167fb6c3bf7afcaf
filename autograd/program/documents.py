"""Programs for people and other systems to read: Python, C, JavaScript, a report of what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from textwrap import fill, indent, wrap
from typing import Any

from ..derivatives.wrapped import Function
from ..support.messages import name_of
from .entries import SPARSE
from .entry_points import ResultWriter, Unwritable, opening
from .loops.checkpoints import kept_by
from .loops.program import LoopProgram
from .paths import RecordedPath
from .python.definitions import definitions_of
from .python.loops import INPUTS_NAME
from .python.names import identifiers, names_of_inputs
from .python.source import PythonSource, number_of
from .straight_line.program import Program, check_calls_nothing

_WIDTH = 106  # of the lines of tables, which are set in by 4


def python_module(f: Function, paths: Sequence[RecordedPath]) -> str:
    """Return a Python module with the value of a function and, if it is one number, its gradient.

    Raises:
        TypeError: a function with a derivative of its own is called.
        ValueError: a primitive of the user's own cannot be imported.
    """
    check_calls_nothing([path.program for path in paths], "Python that runs without this package")
    name = identifiers([name_of(f).rpartition(".")[2]])[0] if name_of(f).isidentifier() else "f"
    needs: set[str] = set()
    imports: set[str] = set()
    functions: list[str] = []
    tables: list[list[float]] = []
    scalar = is_scalar(paths)
    titles = {"value": name, "value_and_grad": f"{name}_value_and_grad"}
    for mode in ("value", "value_and_grad") if scalar else ("value",):
        parts = []
        for number, path in enumerate(reversed(paths), 1):
            title = titles[mode] if len(paths) == 1 else f"_{titles[mode]}_{number}"
            source, parameters = _function(path, mode, title, tables)
            needs |= source.needs
            imports |= {_import_of(key, x) for key, x in source.objects.items() if not isinstance(x, list)}
            parts.append(source.function)
        if len(paths) > 1:
            titles_of_parts = ", ".join(f"_{titles[mode]}_{i}" for i in range(1, len(paths) + 1))
            arguments = ", ".join(parameters)
            caught = any(path.caught for path in paths)
            parts.append(_first_that_fits(titles[mode], titles_of_parts, arguments, caught))
        functions += parts
    written = "".join([_table(f"table_{i}", table, needs) for i, table in enumerate(tables)])
    head = f"{_about(name, scalar, paths)}{''.join(sorted(imports))}{definitions_of(needs)}"
    functions = [written, *functions]
    return "\n\n".join(part for part in (head, *functions) if part)


def _table(name: str, table: Sequence[float], needs: set[str]) -> str:
    """Return the lines of a list of numbers."""
    numbers = ", ".join([number_of(x, needs).text for x in table])
    return f"{name} = [\n{indent(fill(numbers, _WIDTH, break_on_hyphens=False), '    ')}\n]\n"


def _first_that_fits(title: str, paths: str, arguments: str, caught: bool) -> str:
    """Return the function that tries paths; an error counts where none fits, if the function catches some."""
    head = f"def {title}({arguments}):\n"
    doc = '"""The first of the recorded paths whose comparisons hold; None if there is none."""'
    if not caught:
        return (
            f"{head}    {doc}\n"
            f"    for path in ({paths}):\n"
            f"        result = path({arguments})\n"
            f"        if result is not None:\n"
            f"            return result\n"
            f"    return None\n"
        )
    return (
        f"{head}    {doc}\n"
        f"    raised = None\n"
        f"    for path in ({paths}):\n"
        f"        try:\n"
        f"            result = path({arguments})\n"
        f"        except (ArithmeticError, ValueError) as error:\n"
        f"            raised = error\n"
        f"        else:\n"
        f"            if result is not None:\n"
        f"                return result\n"
        f"    if raised is not None:\n"
        f"        raise raised\n"
        f"    return None\n"
    )


def _about(name: str, scalar: bool, paths: Sequence[RecordedPath]) -> str:
    """Return the comment at the beginning of a module."""
    modes = ("value", "value_and_grad") if scalar else ("value",)
    programs = [path.derived(mode).program for path in paths for mode in modes]
    loops = " and loops" if any(isinstance(program, LoopProgram) for program in programs) else ""
    what = f"{name}, and its value with its gradient," if scalar else name
    first = (
        f"{what} as straight lines{loops}. What begins with v goes forward; what begins with d, for it is a "
        "derivative, goes backward."
    )
    lines = [f"# {line}" for line in wrap(first, 110)]
    if loops:
        lines.append(
            "# A table has a number for each turn of a loop; in what is kept are those of all turns."
        )
    if any(path.program.guards for path in paths):
        lines.append("# None is returned where a comparison turns out otherwise than when it was recorded.")
    if scalar:
        lines.append("# Adding 0.0 turns -0.0 into 0.0, as a gradient that starts from 0.0 does.")
    return "".join(f"{line}\n" for line in lines)


def _function(
    path: RecordedPath, mode: str, title: str, tables: list[list[float]]
) -> tuple[PythonSource, list[str]]:
    program = path.derived(mode).program
    names = names_of_inputs(program)
    try:
        lines, _, parameters = opening(path, mode, names, checked=False)
        result: Any = ResultWriter(path, mode, objects=False)
        result(["0.0"] * len(program.outputs))
    except Unwritable:
        parameters, result = identifiers(program.inputs), None
        lines = [f"{INPUTS_NAME} = [{', '.join(parameters)}]"] if isinstance(program, LoopProgram) else []
    return PythonSource(program, title, ", ".join(parameters), names, lines, result, tables), parameters


def _import_of(name: str, thing: Any) -> str:
    module, qualified = getattr(thing, "__module__", None), getattr(thing, "__qualname__", "<lambda>")
    if module in (None, "__main__") or not qualified.isidentifier():
        raise ValueError(
            f"the primitive {name!r} of your own cannot be written into the source: its value is {thing!r}, "
            "which has no name to import it by; define it with def in a module"
        )
    return f"from {module} import {qualified} as {name}\n"


def c_function(f: Function, paths: Sequence[RecordedPath], mode: str) -> str:
    """Return a C99 function of a mode."""
    from .c.source import to_c_paths  # takes 5 ms to load, for what few want

    name = name_of(f).rpartition(".")[2]
    programs, outputs = _in_order(paths, mode)
    caught = any(path.caught for path in paths)
    return to_c_paths(programs, name if name.isidentifier() else "f", outputs, caught)


def js_module(f: Function, paths: Sequence[RecordedPath], modes: Sequence[str]) -> str:
    """Return an ES module with a function for each mode."""
    from .js.source import TITLES, to_js_module  # for what few want, likewise

    programs, outputs = {}, {}
    for mode in modes:
        programs[TITLES[mode]], outputs[TITLES[mode]] = _in_order(paths, mode)
    return to_js_module(name_of(f), programs, outputs, any(path.caught for path in paths), is_scalar(paths))


def is_scalar(paths: Sequence[RecordedPath]) -> bool:
    """Say whether a function gives one number, and nothing around it, on all paths."""
    return all(len(p.structure.leaves) == 1 and p.structure.leaves[0].shape is None for p in paths)


def _in_order(paths: Sequence[RecordedPath], mode: str) -> tuple[list[Program], list[str]]:
    """Return the programs of a mode in the order in which they are tried, and the names of the outputs."""
    in_order = [*reversed(paths)]
    programs: list[Program] = []
    for path, inputs in zip(in_order, _input_names(in_order, mode), strict=True):
        for program in path.closed(mode):
            programs.append(copy(program))
            programs[-1].inputs = tuple(inputs)
    return programs, max((_output_names(path, mode) for path in in_order), key=len)


def _input_names(paths: Sequence[RecordedPath], mode: str) -> list[list[str]]:
    """Return the names of the inputs of some paths, each name that of one number: different ones differ."""
    taken: set[str] = set()

    def different(names: Sequence[str]) -> list[str]:
        result = []
        for name in names:
            other, number = name, 2
            while other in taken:
                other, number = f"{name} ({number})", number + 1
            taken.add(other)
            result.append(other)
        return result

    arguments = different(paths[0].arguments.names)
    ends = [len(arguments) + len(path.captured) for path in paths]
    vectors = different(paths[0].derived(mode).program.inputs[ends[0] :])
    names_of_captured: dict[int, str] = {}
    for path, end in zip(paths, ends, strict=True):
        for value, name in zip(path.captured, path.program.inputs[len(arguments) : end], strict=True):
            if id(value) not in names_of_captured:
                (names_of_captured[id(value)],) = different([name])
    return [[*arguments, *[names_of_captured[id(x)] for x in path.captured], *vectors] for path in paths]


def _output_names(path: RecordedPath, mode: str) -> list[str]:
    """Return what the outputs of a mode are."""
    names = path.arguments.names
    leaves = [[names[i] for i in path.arguments.places(leaf)] for leaf in path.arguments.differentiated]
    by = [name for leaf in leaves for name in leaf]
    if mode == "value":
        return [f"value{place}" for place in path.structure.paths]
    if mode == "jacobian":
        rows = [[f"value{place}" for place in leaf.paths] for leaf in path.structure.leaves]
        return [f"d {y}/d {x}" for row in rows for leaf in leaves for y in row for x in leaf]
    if mode == "hessian":
        return [f"d2 value/d {y} d {x}" for row in leaves for leaf in leaves for y in row for x in leaf]
    if mode == "hvp":
        return [f"(Hessian * vector) at {x}" for x in by]
    return ["value"] * (mode == "value_and_grad") + [f"d value/d {x}" for x in by]


def report(f: Function, signatures: Sequence[Sequence[RecordedPath]]) -> str:
    """Return what was recorded and what remains, a line for each path and mode."""
    if not any(signatures):
        return f"{name_of(f)}: nothing has been recorded yet"
    lines = []
    for paths in signatures:
        arguments = paths[0].arguments
        inputs = len(paths[0].program.inputs)
        lines.append(
            f"{name_of(f)}({', '.join(arguments.parameters)}): {inputs} inputs, {len(paths)} path"
            f"{'s' if len(paths) > 1 else ''}"
        )
        for number, path in enumerate(reversed(paths), 1):
            comparisons = len(path.program.guards)
            lines.append(
                f"  path {number}: {path.program.operations} operations recorded, {comparisons} comparisons"
            )
            for mode, derived in path.programs.items():
                how = f", as {' and '.join(path.backends(mode))}" if path.backends(mode) else ""
                program = derived.program
                if path.checkpoint and isinstance(program, LoopProgram):
                    how = f", {kept_by(program)} numbers kept by loops{how}"
                what = f"{SPARSE[mode]}, sparse" if mode in SPARSE else mode
                lines.append(f"    {what}: {program.operations} operations{how}")
    return "\n".join(lines)
