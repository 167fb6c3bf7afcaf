"""The inside of a function in a language with the syntax of C: the lines of a program, in its order.

What C and JavaScript write alike is here; each says in a class of its own what it writes otherwise.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence

from ...support.phrases import ATOM, CHOICE, PRODUCT, RELATION, SIGN, SUM, Phrase, infix
from ..loops.program import STORED, section_of_each
from ..straight_line.program import MARKS, RELATIONS, Program
from .loops import LoopWriter, name_of, needed

INLINE = 50
"""The most characters of an expression that may be written within another one."""

WIDTH = 100
"""How long lines are."""

_OPERATORS = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT}


class BodyWriter(ABC):
    """Writes the lines of a program.

    Attributes:
        INDENT: what a line inside a loop begins with.
        OPERATORS: the operations that are written with an operator between the operands.
        FACTORS: those that are products with a number.
        ROUNDED: those to whole numbers, to which 0 is added, for Python's whole numbers have no -0.
        CALLS: those that are calls of a function; `@` stands before one of ours.
        loops: writes what stands around the lines of a loop, where the program has any.

    Args:
        program: the program.
        names: the names of its inputs, identifiers.
        places: those of its inputs in x.
        needs: to which the functions that it calls are added.
        checked: the nodes that may not be inf or NaN.
    """

    INDENT: str
    OPERATORS: Mapping[str, str]
    FACTORS: Mapping[str, float]
    ROUNDED: Mapping[str, str]
    CALLS: Mapping[str, str]

    def __init__(
        self,
        program: Program,
        names: Sequence[str],
        places: Sequence[int],
        needs: set[str],
        checked: set[int],
    ) -> None:
        self._program = program
        self._names = names
        self._places = places
        self._needs = needs
        self._checked = checked
        results = [i for i in program.outputs if i != STORED]
        self._flags = needed(program, [*results, *checked, *program.guards])
        self._uses = uses_of(program, self._flags, [*results, *checked, *checked])
        self._texts: list[Phrase] = [Phrase(name) for name in names]
        self.loops: LoopWriter | None = None

    # What each language writes in its own way

    @abstractmethod
    def _number(self, x: float) -> Phrase:
        """Return a number."""

    @abstractmethod
    def _relation(self, op: str) -> str:
        """Return the operator of a comparison."""

    @abstractmethod
    def _definition(self, place: int, name: str, text: str) -> list[str]:
        """Return the lines that give a node its name."""

    @abstractmethod
    def _check(self, place: int, text: str) -> list[str]:
        """Return the lines that refuse inf and NaN."""

    @abstractmethod
    def _guard(self, condition: str) -> list[str]:
        """Return the lines that leave the path if a condition holds."""

    @abstractmethod
    def _array(self, place: int, texts: Sequence[str], lines: list[str]) -> Phrase | None:
        """Return an operation on an array, for which lines may be added, or None for another operation."""

    @abstractmethod
    def _other(self, op: str) -> str:
        """Return the format of a primitive that is none of these, or raise TypeError."""

    # What all write alike

    def inputs(self, kind: str) -> list[str]:
        """Return the lines that read the inputs that are used."""
        used = [i for i in range(len(self._names)) if self._uses[i]]
        return [f"{kind}{self._names[i]} = x[{self._places[i]}];" for i in used]

    def steps(self) -> list[str]:
        """Return the lines of all nodes after the inputs."""
        lines, depth = [], 0
        for place in range(len(self._names), len(self._program.nodes)):
            op = self._program.nodes[place].op
            if not self._flags[place]:
                self._texts.append(Phrase(""))
                continue
            lines += [f"{self.INDENT * depth}{line}" for line in self._step(place)]
            if op == "loop":
                depth += 1
            elif op == "end":
                depth -= 1
                lines.append(f"{self.INDENT * depth}}}")
        return lines

    def outputs(self) -> list[str]:
        """Return the lines that write the outputs that are not elements of arrays."""
        places = enumerate(self._program.outputs)
        return [f"y[{i}] = {self._texts[x].text};" for i, x in places if x != STORED]

    def _step(self, place: int) -> list[str]:
        """Return the lines of a node, and note the expression that it has then."""
        node, uses = self._program.nodes[place], self._uses[place]
        if node.op in MARKS and node.op != "element":
            self._texts.append(Phrase(f"v{place}"))
            return self._mark(place)
        lines: list[str] = []
        text = self._expression(place, lines)
        if node.op != "number" and (uses > 1 or (uses and len(text.text) > INLINE)):
            name = name_of(self._program, place)
            lines += self._definition(place, name, text.text)
            text = Phrase(name)
        if place in self._checked:
            lines += self._check(place, text.text)
        outcome = self._program.guards.get(place)
        if outcome is not None:
            lines += self._guard(f"!{text.within(ATOM)}" if outcome else text.text)
        self._texts.append(text)
        return lines

    def _mark(self, place: int) -> list[str]:
        assert self.loops is not None
        node = self._program.nodes[place]
        if node.op == "loop":
            return self.loops.opened(place, self._texts)
        if node.op == "store":
            return [self.loops.stored(place, self._texts[node.operands[0]].text)]
        return self.loops.closed(self._texts) if node.op == "end" else []

    def _expression(self, place: int, lines: list[str]) -> Phrase:
        """Return the expression of a node; lines that must come before it are added."""
        # The same cases as in `python.source`, in a notation that binds and chooses otherwise.
        node = self._program.nodes[place]
        op = node.op
        if op == "element":
            assert self.loops is not None
            return self.loops.element(place)
        if op == "number":
            return self._number(node.number)
        operands = [self._texts[i] for i in node.operands]
        if op in ("identity", "detached"):
            return operands[0]
        if op in RELATIONS:
            return infix(operands[0], f" {self._relation(op)} ", operands[1], RELATION, "")
        if op == "where":
            condition, yes, no = [x.within(RELATION) for x in operands]
            return Phrase(f"{condition} ? {yes} : {no}", CHOICE)
        if op == "neg":
            return Phrase(f"-{operands[0].within(ATOM)}", SIGN)
        if sign := self.OPERATORS.get(op):
            return infix(operands[0], f" {sign} ", operands[1], _OPERATORS[sign])
        if op in self.FACTORS:
            return infix(operands[0], " * ", self._number(self.FACTORS[op]), PRODUCT)
        texts = [x.text for x in operands]
        if op in self.ROUNDED:
            return Phrase(f"{self._call(self.ROUNDED[op], texts).text} + {self._number(0.0).text}", SUM)
        array = self._array(place, texts, lines)
        if array is not None:
            return array
        if op in self.CALLS:
            return self._call(self.CALLS[op], texts)
        return Phrase(f"({self._other(op).format(*[f'({x})' for x in texts])})")

    def _call(self, function: str, operands: Sequence[str]) -> Phrase:
        if function.startswith("@"):
            self._needs.add(function[1:])
        return Phrase(f"{function}({', '.join(operands)})", ATOM)


def uses_of(program: Program, flags: bytearray, results: Iterable[int]) -> list[int]:
    """Return how often each node is used by needed ones; what must have a name counts as twice.

    Args:
        program: the program.
        flags: which nodes are needed.
        results: what is used besides.
    """
    uses = [0] * len(program.nodes)
    section = section_of_each(program)
    for place in results:
        uses[place] += 1 if section[place] < 0 else 2
    for place, node in enumerate(program.nodes):
        if flags[place]:
            for i in node.operands:  # what another loop uses, or the next turn, must keep what it is
                uses[i] += 1 if section[i] == section[place] and node.op != "phi" else 2
        if node.op == "element":  # before the outputs are written, which may lie where the inputs do
            uses[place] += 2
    return uses
