"""A program as Python source: a function of straight lines and loops, forward and then backward.

The text needs nothing but Python's `math`. What a primitive computes is not written here a second time: the
text of the entry in `ops`, and of the functions of `floats` that it needs, is read and put in.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ...ops.primitive import Primitive, is_ours, named
from ...support.phrases import ATOM, CHOICE, POWER, PRODUCT, RELATION, SIGN, SUM, UNKNOWN, Phrase, infix
from ..loops.program import STORED, LoopProgram, section_of_each
from ..straight_line.program import MARKS, RELATIONS, CallOp, Node, Program
from ..straight_line.simplify import op_may_raise
from .definitions import ieee_name
from .loops import (
    OUTPUTS_NAME,
    LoopWriter,
    StoredTexts,
    has_stored,
    reads_inputs,
    whole_before,
)
from .names import identifiers
from .reading import MATH, VALUES, entry_of, operands_used_twice, parsed, short_expression

_BINDING = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "//": PRODUCT, "%": PRODUCT, "**": POWER}
_INLINE = 50  # characters of an expression that may be written within another one


class PythonSource:
    """The function of a program, and the definitions that it needs.

    Args:
        program: the program.
        name: the name of the function.
        parameters: what stands between its parentheses.
        opening: lines before the first step, which must give the inputs their names.
        names: those of the inputs, identifiers.
        result: called with the expressions of the outputs, gives that of what is returned.
        tables: those of other functions beside it, to which its own are added.

    Attributes:
        function: the text of the function.
        objects: objects that cannot be written down, by the names under which the function needs them.
    """

    def __init__(
        self,
        program: Program,
        name: str,
        parameters: str,
        names: Sequence[str],
        opening: Sequence[str] = (),
        result: Callable[[Sequence[str]], str] | None = None,
        tables: list[list[float]] | None = None,
    ) -> None:
        self._names = [*names]
        self._prepare(program, LoopWriter(program, tables) if isinstance(program, LoopProgram) else None)
        opening = [*opening, *self._own_names()]
        body = [*opening, *self._steps()]
        if has_stored(program):
            written = [i for i, place in enumerate(program.outputs) if place != STORED]
            body += [f"{OUTPUTS_NAME}[{i}] = {self._texts[program.outputs[i]].text}" for i in written]
            outputs = StoredTexts(len(program.outputs))
            body.append(f"return {result(outputs) if result else f'tuple({OUTPUTS_NAME})'}")
        else:
            texts = [self._texts[place].text for place in program.outputs]
            body.append(f"return {result(texts) if result else tuple_of(texts)}")
        self.function = f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in body)

    def _prepare(self, program: Program, loops: LoopWriter | None = None) -> None:
        """Look at a program, of which nothing has been written."""
        self._program = program
        self._loops = loops
        first = next((i for i, node in enumerate(program.nodes) if node.ieee), len(program.nodes))
        self._ieee_from = whole_before(program, first)
        self._uses = _uses(program, self._ieee_from)
        self._raises = _which_can_raise(program)
        self._first = 0  # the node from which on names are numbered
        self._failed = "None"  # what is returned where a guard does not hold
        self.needs: set[str] = set()
        self.objects: dict[str, Any] = {} if loops is None else {**loops.objects()}

    def _own_names(self) -> list[str]:
        """Give the inputs that a program with loops uses names, and return the lines that do that."""
        if self._loops is None or not reads_inputs(self._program):
            return []
        own = self._loops.inputs_used()
        lines = [f"v{i} = {self._names[i]}" for i in own]
        for i in own:
            self._names[i] = f"v{i}"
        return lines

    # Steps

    def _steps(self) -> list[str]:
        program = self._program
        self._texts: dict[int, Phrase] = {i: Phrase(name) for i, name in enumerate(self._names)}
        lines = [f"{OUTPUTS_NAME} = [0.0] * {len(program.outputs)}"] if has_stored(program) else []
        if self._loops is not None:
            lines += self._loops.arrays()
        lines += self._lines(range(len(program.inputs), self._ieee_from), ieee=False)
        rest = range(self._ieee_from, len(program.nodes))
        if not any(self._raises[i] for i in rest):
            return lines + self._lines(rest, ieee=False)
        for place in program.outputs:
            if place != STORED:
                self._uses[place] += 2  # so that it has a name, which either block gives it
        forward = {**self._texts}
        made = self._loops.made.copy() if self._loops is not None else set()
        once = self._lines(rest, ieee=False)
        named_once, self._texts = self._texts, forward
        if self._loops is not None:
            self._loops.made = made
        again = self._lines(rest, ieee=True, like=named_once)
        return [
            *lines,
            "try:",
            *[f"    {line}" for line in once],
            "except (ArithmeticError, ValueError):  # once more, with inf and NaN as IEEE 754 has them",
            *[f"    {line}" for line in again],
        ]

    def _lines(
        self, places: Iterable[int], ieee: bool, like: Mapping[int, Phrase] | None = None
    ) -> list[str]:
        """Return the lines of some nodes, and note the expression that each has then.

        Args:
            places: the nodes.
            ieee: whether they are written so that they give inf and NaN instead of raising.
            like: the expressions of another writing, of which the same shall have names.
        """
        lines: list[str] = []
        outside: list[list[str]] = []
        nodes, guards, uses = self._program.nodes, self._program.guards, self._uses
        raises, texts, loops = self._raises, self._texts, self._loops
        for place in places:
            node = nodes[place]
            if loops is not None and node.op in MARKS:
                if node.op == "loop":
                    outside.append(lines)
                    lines = []
                elif node.op == "end":
                    lines = [*outside.pop(), *loops.closed(texts, lines, self._used_after(place))]
                texts[place] = loops.mark(place, texts, lines)
                continue
            text = self._expression(node, ieee and raises[place])
            guard = guards.get(place) if guards else None
            if guard is not None:
                lines.append(f"if {'not ' if guard else ''}{text.within(RELATION if guard else CHOICE)}:")
                lines += loops.ending(place) if loops is not None else [f"    return {self._failed}"]
            used = uses[place]
            if used == 0 and guard is None:
                lines.append(text.text)  # for the error that it may raise
            elif used and node.op != "number":
                name = f"{'d' if node.ieee else 'v'}{place - self._first}"
                if like is not None:
                    has_name = like[place].text == name
                else:
                    has_name = used > 1 or len(text.text) > _INLINE
                if has_name:
                    lines.append(f"{name} = {text.text}")
                    text = Phrase(name)
            texts[place] = text
        return lines

    def _used_after(self, end: int) -> list[int]:
        """Return the nodes of the loop that ends at a place that are used after it."""
        start = next(loop.start for loop in self._program.loops if loop.end == end)  # type: ignore[attr-defined]
        nodes = self._program.nodes
        used = {i for node in nodes[end:] for i in node.operands} | {*self._program.outputs}
        return [i for i in range(start + 1, end) if i in used and nodes[i].op not in MARKS]

    def _expression(self, node: Node, ieee: bool) -> Phrase:
        op, places, number, _, _ = node
        if op == "number":
            return number_of(number, self.needs)
        texts = self._texts
        operands = [texts[i] for i in places]
        if type(op) is CallOp:
            self.objects[name := f"call_{len(self.objects)}_"] = op.map
            return Phrase(f"{name}({tuple_of([x.text for x in operands])})")
        binding = _BINDING.get(op)
        if binding is not None and not ieee:
            x, y = operands
            if op != "**":
                return infix(x, f" {op} ", y, binding)
            if _is_whole(self._program.nodes[places[1]]):
                return Phrase(f"{x.within(ATOM)} ** {y.within(SIGN)}", POWER)
        if op == "detached":
            return operands[0]
        if op in RELATIONS:
            return infix(operands[0], f" {op} ", operands[1], RELATION, "")
        if op == "where":
            condition, yes, no = [operand.within(RELATION) for operand in operands]
            return Phrase(f"{yes} if {condition} else {no}", CHOICE)
        if op == "neg":
            return Phrase(f"-{operands[0].within(SIGN)}", SIGN)
        if ieee:
            return self._call(self._in_ieee(named(op)), operands)
        if op[-1] == "…":
            return self._whole(op[:-1], operands)
        return self._primitive(named(op), operands)

    def _whole(self, name: str, operands: list[Phrase]) -> Phrase:
        texts = [x.text for x in operands]
        if name == "fsum":
            return self._call(self._need("fsum"), [Phrase(f"[{', '.join(texts)}]")])
        if name == "sumprod":
            half = len(texts) // 2
            rows = [Phrase(f"[{', '.join(part)}]") for part in (texts[:half], texts[half:])]
            return self._call(self._need("floats.sumprod"), rows)
        if name == "item":
            return Phrase(f"{operands[0].within(ATOM)}[{int(float(texts[1]))}]")
        if name == "gather":
            return Phrase(f"{tuple_of(texts[1:])}[int({texts[0]})]")
        if name == "nextafter":
            steps = int(float(texts[2]))
            return self._call(self._need("math._steps_after"), [*operands[:2], Phrase(str(steps))])
        return self._call(self._need("floats.fma" if name == "fma" else name), operands)

    def _primitive(self, primitive: Primitive, operands: list[Phrase]) -> Phrase:
        if not is_ours(primitive):
            return self._call(self._of_the_user(primitive), operands)
        value = entry_of(primitive).value
        if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
            ours = value.value.id in VALUES
            short = short_expression(value.attr) if ours else None
            if short is not None:
                return self._put_in(*short, operands)
            module = "floats" if ours else value.value.id
            return self._call(self._need(f"{module}.{value.attr}"), operands)
        if isinstance(value, ast.Lambda):
            return self._put_in([x.arg for x in value.args.args], value.body, operands)
        return self._call(self._need(ast.unparse(value)), operands)  # such as abs

    def _put_in(self, parameters: list[str], body: ast.expr, operands: list[Phrase]) -> Phrase:
        given = dict(zip(parameters, operands, strict=True))
        expression = _Substitution(self, given).visit(parsed(ast.unparse(body), mode="eval").body)
        return Phrase(ast.unparse(expression), UNKNOWN)

    def _call(self, function: str, operands: Iterable[Phrase]) -> Phrase:
        return Phrase(f"{function}({', '.join(x.text for x in operands)})")

    # Definitions

    def _need(self, full: str) -> str:
        """Note that a function is needed, and return the name under which it is called."""
        module, _, name = full.rpartition(".")
        if module in ("", "math") and name in MATH:
            self.needs.add(f"math.{name}")
        elif module:
            self.needs.add(full)
        return name

    def _in_ieee(self, primitive: Primitive) -> str:
        if not is_ours(primitive):
            name = f"{identifiers([primitive.name])[0]}_ieee"
            self.objects[name] = primitive.ieee
            return name
        self.needs.add(f"ieee.{primitive.name}")
        return ieee_name(primitive)

    def _of_the_user(self, primitive: Primitive) -> str:
        name = identifiers([primitive.name])[0]
        self.objects[name] = primitive.value
        return name


def function_from(text: str, objects: dict[str, Any], name: str) -> Any:
    """Return the function of that name from Python source.

    Args:
        text: the source.
        objects: what it needs and cannot be written down, by name.
        name: the name.
    """
    namespace: dict[str, Any] = {"__name__": f"{__name__}.{name}", **objects}
    exec(compile(text, f"<program of {name}>", "exec"), namespace)
    return namespace[name]


class _Substitution(ast.NodeTransformer):
    """Puts operands into the expression of an entry, and notes what that needs."""

    def __init__(self, source: PythonSource, given: dict[str, Phrase]) -> None:
        self._source = source
        self._given = given

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        return ast.Name(self._source._need(ast.unparse(node)), ast.Load())

    def visit_Name(self, node: ast.Name) -> Any:
        if node.id in self._given:
            return parsed(self._given[node.id].text, mode="eval").body
        if node.id in MATH:
            self._source._need(node.id)
        return node


# Texts


def _uses(program: Program, ieee_from: int) -> list[int]:
    """Return how often each node is used; what must have a name of its own counts as twice.

    Args:
        program: the program.
        ieee_from: where what is written twice begins, for floats and in IEEE arithmetic.
    """
    nodes, guards = program.nodes, program.guards
    uses = [0] * len(nodes)
    section = section_of_each(program) if isinstance(program, LoopProgram) else None
    for place, node in enumerate(nodes):
        operands = node.operands
        if not operands:
            continue
        if section is not None:
            for i in operands:
                if section[i] != section[place]:  # of another loop, or of none: it must keep what it is
                    uses[i] += 2
        once = 2 if place in guards or operands_used_twice(node.op) else 1
        if place < ieee_from:
            for i in operands:
                uses[i] += once
        else:  # What raises as Python does is not written within what is tried, such as the backward sweep.
            for i in operands:
                uses[i] += once if i >= ieee_from else 2
    for place in program.outputs:
        if place != STORED:
            uses[place] += 1 if section is None or section[place] < 0 else 2
    return uses


def number_of(x: float, needs: set[str]) -> Phrase:
    """Return a number as Python has it, and add to the needs the name that stands for it."""
    if math.isfinite(x):
        return Phrase(repr(x), SIGN if math.copysign(1.0, x) < 0.0 else ATOM)
    needs.add("math.inf" if x == x else "math.nan")
    return Phrase("nan") if x != x else Phrase("inf") if x > 0.0 else Phrase("-inf", SIGN)


def _is_whole(node: Node) -> bool:
    return node.op == "number" and node.number % 1.0 == 0.0


def _which_can_raise(program: Program) -> list[bool]:
    """Say for each node that belongs to a derivative whether its text, written for floats, can raise.

    Where the forward sweep has come through, it has divided by what it divided by, and so on.
    """
    nodes = program.nodes
    not_zero: set[int] = set()
    done: set[tuple[str, int]] = set()
    for node in nodes:
        if not node.ieee and node.op == "/":
            not_zero.add(node.operands[1])
        elif not node.ieee and node.op in ("log", "log2", "log10"):
            not_zero.add(node.operands[0])
        elif not node.ieee and node.op in ("sin", "cos", "tan"):
            done.add(("circular", node.operands[0]))

    def can_raise(node: Node) -> bool:
        if node.op == "/":
            divisor = nodes[node.operands[1]]
            certain = divisor.op == "number" and divisor.number != 0.0
            return not certain and node.operands[1] not in not_zero
        if node.op in ("sin", "cos", "tan"):
            return ("circular", node.operands[0]) not in done
        if node.op == "exp":  # of -x * x, or of -abs(x)
            return not _is_negative(program, node.operands[0])
        if node.op == "**":  # of a number from 0 to 1
            base, exponent = [nodes[i] for i in node.operands]
            return not (base.op in ("sech", "sigmoid") and _is_whole(exponent) and exponent.number >= 0.0)
        return type(node.op) is not CallOp and op_may_raise(node.op)  # its errors are errors

    return [node.ieee and can_raise(node) for node in nodes]


def _is_negative(program: Program, place: int) -> bool:
    """Say whether a node is of the form -x * x, -(x * x) or -abs(x)."""
    node = program.nodes[place]
    if node.op == "*":
        x, y = node.operands
        return program.nodes[x].op == "neg" and program.nodes[x].operands[0] == y
    if node.op == "neg":
        inner = program.nodes[node.operands[0]]
        return inner.op == "abs" or (inner.op == "*" and inner.operands[0] == inner.operands[1])
    return False


def tuple_of(texts: Sequence[str]) -> str:
    """Return the text of a tuple of expressions."""
    return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
