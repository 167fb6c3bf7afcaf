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

from ...support.phrases import ATOM, CHOICE, PRODUCT, RELATION, SIGN, SUM, Phrase, infix
from ..c.loops import name_of, needed
from ..c.source import listed, merged, uses_of
from ..loops.program import STORED, LoopProgram
from ..straight_line.program import MARKS, RELATIONS, Node, Program
from ..straight_line.simplify import may_raise
from .functions import (
    CALLS,
    FACTORS,
    OF_AN_ARRAY,
    OPERATORS,
    RAISING,
    ROUNDED,
    from_c,
    functions,
    with_names,
)
from .loops import JsLoopWriter, number_of
from .names import identifiers

_INLINE = 50  # characters of an expression that may be written within another one
_WIDTH = 100

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
    needs = {*also}
    texts = [
        _function(title, paths, outputs[title], needs, caught, scalar) for title, paths in programs.items()
    ]
    head = f"// {_plain(name)} as functions of JavaScript. Arithmetic is that of IEEE 754.\n"
    own_text = with_names("\n".join(texts))
    return "\n".join(part for part in (head, own_text, functions(needs)) if part)


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


class _Body:
    """The inside of the function of a program.

    Args:
        program: the program.
        names: the names of its inputs, identifiers.
        places: those of its inputs in x.
        needs: to which the functions that it calls are added.
        caught: whether an operation that may raise must give a number, neither inf nor NaN.

    Attributes:
        lists: the lines, outside of the function, of what never changes.
    """

    def __init__(
        self, program: Program, names: Sequence[str], places: Sequence[int], needs: set[str], caught: bool
    ) -> None:
        self._program = program
        self._names = names
        self._places = places
        self._needs = needs
        self._caught = caught
        self._raising = {
            i for i, node in enumerate(program.nodes) if may_raise(node) and (caught or node.op in RAISING)
        }
        results = [i for i in program.outputs if i != STORED]
        self._flags = needed(program, [*results, *self._raising, *program.guards])
        self._uses = uses_of(program, self._flags, [*results, *self._raising, *self._raising])
        self._texts: list[Phrase] = [Phrase(name) for name in names]
        self._loops: JsLoopWriter | None = None
        self.lists: list[str] = []
        if isinstance(program, LoopProgram):
            self._loops = JsLoopWriter(program, self._flags, places, _WIDTH)

    def lines(self, path: str, scalar: str) -> list[str]:
        """Return its lines.

        Args:
            path: the name of the function.
            scalar: the name of the exported one, where a value is one number.
        """
        program, outputs = self._program, self._program.outputs
        used = [i for i in range(len(self._names)) if self._uses[i]]
        lines = [f"const {self._names[i]} = x[{self._places[i]}];" for i in used]
        if self._loops is not None:
            self.lists = self._loops.lists(path)
            lines += self._loops.arrays_of(path)
        depth = 0
        for place in range(len(self._names), len(program.nodes)):
            op = program.nodes[place].op
            if not self._flags[place]:
                self._texts.append(Phrase(""))
                continue
            lines += [f"{'  ' * depth}{line}" for line in self._step(place)]
            if op == "loop":
                depth += 1
            elif op == "end":
                depth -= 1
                lines.append(f"{'  ' * depth}}}")
        if scalar == "value" and STORED not in outputs:
            return [*lines, f"return {self._texts[outputs[0]].text};"]
        lines.append(f"const y = new Float64Array({len(outputs)});")
        lines += [f"y[{i}] = {self._texts[x].text};" for i, x in enumerate(outputs) if x != STORED]
        if self._loops is not None:
            lines += [_narrow(line) for line in self._loops.results()]
        result = {"value": "y[0]", "valueAndGrad": "[y[0], y.subarray(1)]"}.get(scalar, "y")
        return [*lines, f"return {result};"]

    def _step(self, place: int) -> list[str]:
        """Return the lines of a node, and note the expression that it has then."""
        node, uses = self._program.nodes[place], self._uses[place]
        if node.op in MARKS and node.op != "element":
            self._texts.append(Phrase(f"v{place}"))
            return self._mark(place, node)
        lines: list[str] = []
        text = self._expression(place)
        if node.op != "number" and (uses > 1 or (uses and len(text.text) > _INLINE)):
            name = name_of(self._program, place)
            outside = self._loops is not None and place in self._loops.outside
            statement = f"{'' if outside else 'const '}{name} = {text.text};"
            lines += wrap(
                statement, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
            )
            text = Phrase(name)
        if place in self._raising:
            lines.append(f"if (!Number.isFinite({text.text})) {self._refused(place, text.text)}")
        outcome = self._program.guards.get(place)
        if outcome is not None:
            lines.append(
                f"if ({text.text}) return null;" if not outcome else f"if (!{text.within(ATOM)}) return null;"
            )
        self._texts.append(text)
        return lines

    def _refused(self, place: int, name: str) -> str:
        """Return the statement for where a node that may raise is inf or NaN."""
        if self._caught:
            return "return null;"
        node = self._program.nodes[place]
        operands = "".join(f", {self._texts[i].text}" for i in node.operands)
        self._needs.add("check")
        return f'@check("{name}", "{node.op}"{operands});'

    def _mark(self, place: int, node: Node) -> list[str]:
        assert self._loops is not None
        if node.op == "loop":
            return self._loops.opened(place, self._texts)
        if node.op == "store":
            return [self._loops.stored(place, self._texts[node.operands[0]].text)]
        return self._loops.closed(self._texts) if node.op == "end" else []

    def _expression(self, place: int) -> Phrase:
        # The same cases as in `c.source`, in a notation that lacks and has other things.
        node = self._program.nodes[place]
        op = node.op
        if op == "element":
            assert self._loops is not None
            return self._loops.element(place)
        if op == "number":
            return number_of(node.number)
        operands = [self._texts[i] for i in node.operands]
        if op in ("identity", "detached"):
            return operands[0]
        if op in RELATIONS:
            x, y = operands
            return infix(x, f" {op}{'=' * (op in ('==', '!='))} ", y, RELATION, "")
        if op == "where":
            condition, yes, no = [x.within(RELATION) for x in operands]
            return Phrase(f"{condition} ? {yes} : {no}", CHOICE)
        if op == "neg":
            return Phrase(f"-{operands[0].within(ATOM)}", SIGN)
        if op in OPERATORS:
            binding = SUM if OPERATORS[op] in "+-" else PRODUCT
            return infix(operands[0], f" {OPERATORS[op]} ", operands[1], binding)
        if op in FACTORS:
            return infix(operands[0], " * ", number_of(FACTORS[op]), PRODUCT)
        if op in ROUNDED:
            return Phrase(f"{self._call(ROUNDED[op], [operands[0].text]).text} + 0", SUM)
        if op in OF_AN_ARRAY:
            index, numbers = ([operands[0].text], operands[1:]) if op == "gather…" else ([], operands)
            array = f"[{', '.join(x.text for x in numbers)}]"
            return self._call(OF_AN_ARRAY[op], [array, *index])
        if op in CALLS:
            return self._call(CALLS[op], [x.text for x in operands])
        text = from_c(op)
        self._needs.update(re.findall(r"@(\w+)", text))
        return Phrase(f"({text.format(*[f'({x.text})' for x in operands])})")

    def _call(self, function: str, operands: Sequence[str]) -> Phrase:
        if function.startswith("@"):
            self._needs.add(function[1:])
        return Phrase(f"{function}({', '.join(operands)})", ATOM)


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
        wrapped += wrap(line, _WIDTH, subsequent_indent="        " if line.startswith(" ") else "") or [""]
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in wrapped) + " */\n"


def _plain(name: str) -> str:
    return " ".join(name.split())
