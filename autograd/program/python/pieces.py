"""A program as a function of Python; a long one of straight lines is written and read in pieces.

What Python needs to read a function grows with the function, to ten times what is left of it at last. So a
long program is a function for each few hundred nodes. It takes the list of what the others have computed, a
tuple each, and appends what others need. The text of each is let go once Python has read it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from ...derivatives.wrapped import Function
from ...support.phrases import Phrase
from ..locks import once
from ..loops.program import LoopProgram
from ..straight_line.program import Program
from .definitions import definitions_of
from .loops import INPUTS_NAME, reads_inputs
from .names import names_of_inputs
from .source import PythonSource, function_from, number_of, tuple_of

LONG = 10_000
"""From how many nodes on a program of straight lines is cut into pieces. To hand over what others need may
take a fourth of the time of a call, where that is most of what they compute."""

PIECE = 500
"""How many nodes make up a piece. Python reaches the first 256 names of a function sooner, and has the whole
numbers up to 256, of places in a tuple, at hand; and the larger a piece, the less is needed elsewhere."""

_NUMBERS = "numbers_"


def function_of(program: Program) -> Function:
    """Return a program as a Python function: numbers in, the tuple of outputs or None out.

    It raises what the program does.
    """
    names = names_of_inputs(program)
    parameters = f"*{INPUTS_NAME}" if reads_inputs(program) else ", ".join(names)
    return function_with(program, "program", parameters, names)


def function_with(
    program: Program,
    name: str,
    parameters: str,
    names: Sequence[str],
    opening: Sequence[str] = (),
    result: Callable[[Sequence[str]], str] | None = None,
    objects: Sequence[dict[str, Any]] = (),
) -> Function:
    """Return the function of a program that takes and returns what is asked for.

    Args:
        program, name, parameters, names, opening, result: as for `PythonSource`.
        objects: what the opening and the result need, by name; looked at when these have been written.
    """
    if not isinstance(program, LoopProgram) and len(program.nodes) >= LONG:
        return _in_pieces(program, name, parameters, names, opening, result, objects)
    source = PythonSource(program, name, parameters, names, opening, result)
    text = f"{definitions_of(source.needs)}\n\n{source.function}"
    return function_from(text, _all([source.objects, *objects]), name)  # type: ignore[no-any-return]


def _all(objects: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {name: x for some in objects for name, x in some.items()}


def _in_pieces(
    program: Program,
    name: str,
    parameters: str,
    names: Sequence[str],
    opening: Sequence[str],
    result: Callable[[Sequence[str]], str] | None,
    objects: Sequence[dict[str, Any]],
) -> Function:
    pieces = _Pieces(program, name)
    lines = [*opening, f"{_NUMBERS} = [{tuple_of(names)}]", *_run("forward_")]
    forward = pieces.forward()
    own: dict[str, Any] = {"forward_": forward, "backward_": pieces.backward()}
    if pieces.backward_raises:
        own["again_"] = _Again(program, name)
        lines += [
            "try:",
            *[f"    {line}" for line in _run("backward_")],
            "except (ArithmeticError, ValueError):  # once more, with inf and NaN as IEEE 754 has them",
            f"    del {_NUMBERS}[{1 + len(forward)}:]",
            *[f"    {line}" for line in _run("again_()")],
        ]
    else:
        lines += _run("backward_")
    made = range(1 + len(forward) + len(own["backward_"]))
    lines.append(f"[{', '.join([f'made_{k}_' for k in made])}] = {_NUMBERS}")
    texts = [pieces.kept(place).text for place in program.outputs]
    lines.append(f"return {result(texts) if result else tuple_of(texts)}")
    text = f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in lines)
    return function_from(f"{pieces.definitions()}\n\n{text}", _all([own, *objects]), name)  # type: ignore[no-any-return]


def _run(pieces: str) -> list[str]:
    return [f"for piece_ in {pieces}:", f"    if piece_({_NUMBERS}):", "        return None"]


class _Pieces(PythonSource):
    """The pieces of a program: functions of its numbers, which return True where a guard does not hold.

    Args:
        program: the program.
        name: the name of the function that they belong to.

    Attributes:
        backward_raises: whether a piece of the derivative may raise an error.
    """

    def __init__(self, program: Program, name: str) -> None:
        self._prepare(program)
        self._failed = "True"
        self._title = name
        self._namespace: dict[str, Any] = {"__name__": f"{__name__}.{name}"}
        self.backward_raises = any(self._raises[self._ieee_from :])
        inputs, middle, last = len(program.inputs), self._ieee_from, len(program.nodes)
        self._forward = [range(i, min(i + PIECE, middle)) for i in range(inputs, middle, PIECE)]
        self._backward = [range(i, min(i + PIECE, last)) for i in range(middle, last, PIECE)]
        self._homes = self._needed_elsewhere()
        for place in self._homes:
            self._uses[place] += 2  # so that it has a name

    def _needed_elsewhere(self) -> dict[int, tuple[int, int]]:
        """Return where each node is that is needed in another piece: in which tuple, and where in that."""
        nodes = self._program.nodes
        needed = bytearray(len(nodes))
        for place in self._program.outputs:
            needed[place] = 1
        for piece in (*self._forward, *self._backward):
            start = piece.start
            for node in nodes[start : piece.stop]:
                for i in node.operands:
                    if i < start:
                        needed[i] = 1
        homes = {i: (0, i) for i in range(len(self._program.inputs))}
        for k, piece in enumerate((*self._forward, *self._backward), 1):
            own = [i for i in piece if needed[i] and nodes[i].op != "number"]
            homes.update({place: (k, i) for i, place in enumerate(own)})
        return homes

    def forward(self) -> list[Function]:
        """Return the pieces of what comes before derivatives."""
        return self._read([self._function(piece, ieee=False) for piece in self._forward])

    def backward(self, ieee: bool = False) -> list[Function]:
        """Return the other pieces, which give inf and NaN instead of raising where that is asked for."""
        return self._read([self._function(piece, ieee) for piece in self._backward])

    def _read(self, functions: list[Function]) -> list[Function]:
        """Return functions to which all is there that they need."""
        exec(compile(self.definitions(), f"<program of {self._title}>", "exec"), self._namespace)
        self._namespace |= self.objects
        return functions

    def definitions(self) -> str:
        """Return the text of what was needed until now."""
        return definitions_of(self.needs)

    def _function(self, piece: range, ieee: bool) -> Function:
        nodes, homes, start = self._program.nodes, self._homes, piece.start
        self._texts = texts = _Texts(self)
        self._first = start
        lines: list[str] = []

        def named(text: str) -> str:
            lines.append(f"v{PIECE + len(lines)} = {text}")
            return f"v{PIECE + len(lines) - 1}"

        tuples: dict[int, str] = {}
        outside = Counter([i for node in nodes[start : piece.stop] for i in node.operands if i < start])
        for i, count in outside.items():
            if i in homes:
                k, place = homes[i]
                if k not in tuples:
                    tuples[k] = named(f"{_NUMBERS}[{k}]")
                text = f"{tuples[k]}[{place}]"
                texts[i] = Phrase(named(text) if count > 1 else text)
        lines += self._lines(piece, ieee)
        kept = [texts[i].text for i in piece if i in homes]
        lines.append(f"{_NUMBERS}.append({tuple_of(kept)})")
        text = "\n    ".join([f"def piece_({_NUMBERS}):", *lines])
        exec(compile(text, f"<program of {self._title}>", "exec"), self._namespace)
        function: Function = self._namespace.pop("piece_")
        return function

    def kept(self, place: int) -> Phrase:
        """Return the expression of a node where the tuples have names."""
        node = self._program.nodes[place]
        if node.op == "number":
            return number_of(node.number, self.needs)
        k, i = self._homes[place]
        return Phrase(f"made_{k}_[{i}]")


class _Texts(dict[int, Phrase]):
    """The expressions of nodes in a piece: of its own and of others, and of all numbers."""

    def __init__(self, pieces: _Pieces) -> None:
        self._pieces = pieces

    def __missing__(self, place: int) -> Phrase:
        found = self[place] = self._pieces.kept(place)
        return found


class _Again:
    """The pieces of a derivative that give inf and NaN; they are written when they are needed first."""

    def __init__(self, program: Program, name: str) -> None:
        self._program = program
        self._name = name

    @once
    def _functions(self) -> list[Function]:
        return _Pieces(self._program, self._name).backward(ieee=True)

    def __call__(self) -> list[Function]:
        return self._functions
