"""A program as an ES module of JavaScript: functions that need nothing else, for pages and elsewhere.

    value([2.0, 3.0])

Each takes the numbers of the inputs in order, as an array or a typed one, and returns a number, or several as
a `Float64Array`. Where a comparison turns out otherwise than it did when it was recorded, it returns null;
where several paths were recorded, it tries one after the other. Where an operation raises an error in Python
it throws one whose `name` is that of Python's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import wrap

from ...support.phrases import Phrase
from ..c.body import WIDTH, BodyWriter
from ..c.library import with_names
from ..c.source import listed, merged
from ..loops.program import STORED, LoopProgram
from ..straight_line.program import Program, check_calls_nothing
from ..straight_line.simplify import may_raise
from .functions import CALLS, FACTORS, FUNCTIONS, OF_AN_ARRAY, OPERATORS, PREFIX, RAISING, ROUNDED, from_c
from .loops import JsLoopWriter, number_of
from .names import identifiers

TITLES = {
    "value": "value",
    "value_and_grad": "valueAndGrad",
    "grad": "grad",
    "jacobian": "jacobian",
    "hessian": "hessian",
    "hvp": "hvp",
}
"""What the function of a mode is called."""


def to_js(program: Program, title: str = "value", also: Sequence[str] = ()) -> str:
    """Return a program as an ES module with one function.

    Args:
        program: the program.
        title: the name of the function.
        also: functions of `functions.FUNCTIONS` that are to be there, called or not.

    Raises:
        TypeError: a primitive is used that cannot be written in JavaScript.
    """
    return to_js_module("f", {title: [program]}, {title: []}, also=also)


def to_js_module(
    name: str,
    programs: Mapping[str, Sequence[Program]],
    outputs: Mapping[str, Sequence[str]],
    caught: bool = False,
    scalar: bool = False,
    also: Sequence[str] = (),
) -> str:
    """Return programs as an ES module.

    Args:
        name: what the comment calls the original function.
        programs: for each function, by its name, the programs of its paths, in the order in which it tries
            them. It takes the inputs of all of them, each once: inputs of the same name are the same.
        outputs: what the comment calls the outputs of each.
        caught: whether the original function catches errors of operations, so that a path is not the one
            where an operation of it raises.
        scalar: whether a value is one number, which `value` and `valueAndGrad` return as such.
        also: functions of `functions.FUNCTIONS` that are to be there, called or not.

    Raises:
        TypeError: a primitive is used that cannot be written in JavaScript.
        ValueError: two inputs of one program have the same name.
    """
    for paths in programs.values():
        check_calls_nothing(paths, "JavaScript")
    needs = {*also}
    texts = [
        _function(title, paths, outputs[title], needs, caught, scalar) for title, paths in programs.items()
    ]
    head = f"// {_plain(name)} as functions of JavaScript. Arithmetic is that of IEEE 754.\n"
    own_text = with_names("\n".join(texts), PREFIX)
    return "\n".join(part for part in (head, own_text, FUNCTIONS.needed_by(needs, PREFIX)) if part)


def _function(
    title: str,
    programs: Sequence[Program],
    outputs: Sequence[str],
    needs: set[str],
    caught: bool,
    scalar: bool,
) -> str:
    """Return an exported function, and those of its paths."""
    inputs = merged([program.inputs for program in programs])
    titles = [f"{title}_{i}" for i in range(1, len(programs) + 1)] if len(programs) > 1 else [title]
    names = dict(zip(inputs, identifiers(inputs, {"x", "y", title, *titles}), strict=True))
    places = {each: i for i, each in enumerate(inputs)}
    about = _about(
        inputs, outputs or [f"output {i}" for i in range(len(programs[0].outputs))], programs, caught
    )
    texts = []
    for path, program in zip(titles, programs, strict=True):
        own = [places[each] for each in program.inputs]
        body = _Body(program, [names[each] for each in program.inputs], own, needs, caught)
        check = []
        if path == title:
            check = [_length_check(title, len(inputs))]
        lines = [*check, *body.lines(path, title if scalar else "")]
        text = "".join(f"  {line}\n" for line in lines)
        lists = "".join(f"{line}\n" for line in body.lists)
        texts.append(f"{lists}{f'{about}export ' if path == title else ''}function {path}(x) {{\n{text}}}\n")
    if len(programs) > 1:
        tries = " ?? ".join(f"{path}(x)" for path in titles)
        length = _length_check(title, len(inputs))
        texts.append(f"{about}export function {title}(x) {{\n  {length}\n  return {tries};\n}}\n")
    return "\n".join(texts)


def _length_check(title: str, count: int) -> str:
    return f'if (x.length !== {count}) throw new TypeError("{title} takes an array of {count} numbers");'


class _Body(BodyWriter):
    """The inside of a function of JavaScript.

    Args:
        program, names, places, needs: as of `BodyWriter`.
        caught: whether an operation that may raise must give a number, neither inf nor NaN.

    Attributes:
        lists: the lines, outside of the function, of what never changes.
    """

    INDENT = "  "
    OPERATORS, FACTORS, ROUNDED, CALLS = OPERATORS, FACTORS, ROUNDED, CALLS

    def __init__(
        self, program: Program, names: Sequence[str], places: Sequence[int], needs: set[str], caught: bool
    ) -> None:
        self._caught = caught
        checked = {
            i for i, node in enumerate(program.nodes) if may_raise(node) and (caught or node.op in RAISING)
        }
        super().__init__(program, names, places, needs, checked)
        self.lists: list[str] = []
        if isinstance(program, LoopProgram):
            self.loops = JsLoopWriter(program, self._flags, places, WIDTH)

    def lines(self, path: str, scalar: str) -> list[str]:
        """Return its lines.

        Args:
            path: the name of the function.
            scalar: the name of the exported one, where a value is one number.
        """
        outputs = self._program.outputs
        lines = self.inputs("const ")
        if isinstance(self.loops, JsLoopWriter):
            self.lists = self.loops.lists(path)
            lines += self.loops.arrays_of(path)
        lines += self.steps()
        if scalar == "value" and STORED not in outputs:
            return [*lines, f"return {self._texts[outputs[0]].text};"]
        lines += [f"const y = new Float64Array({len(outputs)});", *self.outputs()]
        if self.loops is not None:
            lines += [_narrow(line) for line in self.loops.results()]
        result = {"value": "y[0]", "valueAndGrad": "[y[0], y.subarray(1)]"}.get(scalar, "y")
        return [*lines, f"return {result};"]

    def _number(self, x: float) -> Phrase:
        return number_of(x)

    def _relation(self, op: str) -> str:
        return f"{op}=" if op in ("==", "!=") else op

    def _definition(self, place: int, name: str, text: str) -> list[str]:
        declared = self.loops is not None and place in self.loops.outside
        line = f"{'' if declared else 'const '}{name} = {text};"
        return wrap(line, WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)

    def _check(self, place: int, text: str) -> list[str]:
        if self._caught:
            return self._guard(f"!Number.isFinite({text})")
        node = self._program.nodes[place]
        operands = "".join(f", {self._texts[i].text}" for i in node.operands)
        self._needs.add("check")
        return [f'if (!Number.isFinite({text})) @check("{text}", "{node.op}"{operands});']

    def _guard(self, condition: str) -> list[str]:
        return [f"if ({condition}) return null;"]

    def _array(self, place: int, texts: Sequence[str], lines: list[str]) -> Phrase | None:
        op = self._program.nodes[place].op
        if op not in OF_AN_ARRAY:
            return None
        count = int(op == "gather…")
        return self._call(OF_AN_ARRAY[op], [f"[{', '.join(texts[count:])}]", *texts[:count]])

    def _other(self, op: str) -> str:
        text = from_c(op)
        self._needs.update(re.findall(r"@(\w+)", text))
        return text


def _narrow(line: str) -> str:
    """Return a line with an indent of two in the place of one of four."""
    text = line.lstrip(" ")
    return " " * ((len(line) - len(text)) // 2) + text


def _about(inputs: Sequence[str], outputs: Sequence[str], programs: Sequence[Program], caught: bool) -> str:
    """Return the comment before an exported function."""
    lines = ["Reads", *listed("x", inputs), "and returns", *listed("y", outputs)]
    if any(program.guards for program in programs) or caught:
        lines.append(
            "or null, if the inputs belong to a path of the original function that was not recorded: a "
            f"comparison turns out otherwise than it did then"
            f"{', or an operation that may raise an error gives inf or NaN' if caught else ''}."
        )
    wrapped = []
    for line in lines:
        wrapped += wrap(line, WIDTH, subsequent_indent="        " if line.startswith(" ") else "") or [""]
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in wrapped) + " */\n"


def _plain(name: str) -> str:
    return " ".join(name.split())
