"""A program as C99: a function that needs nothing but C's own library, for use without Python.

    int f(const double *x, double *y)

reads the inputs from x and writes the outputs to y, at the end, so that these may lie in one place.
Comparisons that must turn out as they were recorded return 1 where they do not; where several paths were
recorded, the function tries one after the other. What loops keep is in variables of the function or, if it
is much, in memory from malloc, and 2 is returned where there is none: it may run on several threads.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from textwrap import wrap

from ...ops import named
from ...support.phrases import ATOM, CHOICE, PRODUCT, RELATION, SIGN, SUM, Phrase, infix
from ..loops.program import STORED, LoopProgram, section_of_each
from ..straight_line.program import MARKS, RELATIONS, Node, Program
from ..straight_line.simplify import may_raise
from .functions import CALLS, FUNCTIONS, OF_AN_ARRAY, PRODUCTS, ROUNDED, SUMS, functions, with_prefix
from .loops import ON_THE_STACK, LoopWriter, name_of, needed, number_of
from .names import identifier_for, identifiers

_INLINE = 50  # characters of an expression that may be written within another one
_WIDTH = 100


def to_c(program: Program, name: str = "f", outputs: Sequence[str] = ()) -> str:
    """Return a program as a C99 function.

    Args:
        program: the program.
        name: the name of the function, changed where C cannot have it.
        outputs: what the comment calls the outputs.

    Raises:
        TypeError: a primitive is used whose entry does not say how C computes it.
    """
    return to_c_paths([program], name, outputs)


def to_c_paths(
    programs: Sequence[Program], name: str, outputs: Sequence[str] = (), caught: bool = False
) -> str:
    """Return programs, each for one path of a function, as one C99 function.

    It takes the inputs of all programs, each once: inputs of the same name are the same.

    Args:
        programs: the programs, in the order in which the function tries them.
        name: the name of the function, changed where C cannot have it.
        outputs: what the comment calls the outputs; those of the program that has the most.
        caught: whether the original function catches errors of operations, so that a path is not the one
            where an operation of it raises.

    Raises:
        TypeError: a primitive is used whose entry does not say how C computes it.
        ValueError: there are no programs, or two inputs of one program have the same name.
    """
    if not programs:
        raise ValueError("there is no program to write in C")
    name = identifier_for(name, {"x", "y"})
    inputs = merged([program.inputs for program in programs])
    prefix = f"{name}_"
    titles = [f"{prefix}path_{i}" for i in range(1, len(programs) + 1)] if len(programs) > 1 else [name]
    taken = {"x", "y", name, *titles, *(f"{prefix}{function}" for function in FUNCTIONS)}
    taken |= {f"{title}_with" for title in titles}
    names = dict(zip(inputs, identifiers(inputs, taken), strict=True))
    places = {each: i for i, each in enumerate(inputs)}
    needs: set[str] = set()
    texts = []
    memory = []
    for title, program in zip(titles, programs, strict=True):
        own = [places[each] for each in program.inputs]
        body = _Body(program, [names[each] for each in program.inputs], own, needs, caught)
        texts.append(_function(title, body, title == name))
        memory.append(body.memory if body.memory > ON_THE_STACK else 0)
    if len(programs) > 1:
        texts.append(_first_that_fits(name, titles, any(memory)))
    head = f"{_about(programs, name, inputs, outputs, caught, memory)}\n{_beginning(any(memory))}"
    own_text = with_prefix("\n".join(texts), prefix)
    return "\n".join(part for part in (head, functions(needs, prefix), own_text) if part)


def _function(title: str, body: _Body, public: bool) -> str:
    """Return the function of a program; two where it needs memory."""
    text = body.text()
    static = "" if public else "static "
    if body.memory <= ON_THE_STACK:
        return f"{static}int {title}{_PARAMETERS}\n{{\n{text}}}\n"
    return (
        f"static int {title}_with(double *kept, const double *x, double *y)\n{{\n{text}}}\n\n"
        f"{static}int {title}{_PARAMETERS}\n{{\n"
        f"    double *kept = (double *)malloc({body.memory} * sizeof(double));\n"
        f"    const int answer = kept ? {title}_with(kept, x, y) : 2;\n"
        f"    free(kept);\n    return answer;\n}}\n"
    )


def _first_that_fits(name: str, titles: Sequence[str], memory: bool) -> str:
    """Return the function that tries one path after the other."""
    head = f"int {name}{_PARAMETERS}\n{{\n"
    if not memory:
        tries = "".join(f"    if ({title}(x, y) == 0)\n        return 0;\n" for title in titles)
        return f"{head}{tries}    return 1;\n}}\n"
    first, *others = [f"answer = {title}(x, y);\n" for title in titles]
    tries = f"    int {first}" + "".join(f"    if (answer == 1)\n        {x}" for x in others)
    return f"{head}{tries}    return answer;\n}}\n"


_PARAMETERS = "(const double *x, double *y)"


def _beginning(memory: bool) -> str:
    library = "#include <stdlib.h>\n" if memory else ""
    return (
        f"#include <math.h>\n{library}\n"
        "#if !defined(__GNUC__) || defined(__clang__)\n#pragma STDC FP_CONTRACT OFF\n#endif\n"
    )


def merged(inputs: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of the inputs of all programs, each once."""
    for names in inputs:
        if len({*names}) != len(names):
            twice = next(each for each in names if names.count(each) > 1)
            raise ValueError(f"two inputs of a program are named {twice!r}")
    return [*dict.fromkeys(each for names in inputs for each in names)]


class _Body:
    """The inside of the function of a program.

    Args:
        program: the program.
        names: the names of its inputs, identifiers.
        places: those of its inputs in x.
        needs: to which the functions that it calls are added.
        caught: whether an operation that may raise must give a number, neither inf nor NaN.

    Attributes:
        memory: how many numbers its loops keep.
    """

    def __init__(
        self, program: Program, names: Sequence[str], places: Sequence[int], needs: set[str], caught: bool
    ) -> None:
        self._program = program
        self._names = names
        self._places = places
        self._needs = needs
        self._finite = {i for i, node in enumerate(program.nodes) if caught and may_raise(node)}
        results = [i for i in program.outputs if i != STORED]
        self._flags = needed(program, [*results, *self._finite, *program.guards])
        self._uses = uses_of(program, self._flags, [*results, *self._finite, *self._finite])
        self._texts: list[Phrase] = [Phrase(name) for name in names]
        self._loops: LoopWriter | None = None
        if isinstance(program, LoopProgram):
            self._loops = LoopWriter(program, self._flags, places, _WIDTH)
        self.memory = self._loops.memory if self._loops is not None else 0

    def text(self) -> str:
        """Return its lines."""
        program, outputs = self._program, self._program.outputs
        used = [i for i in range(len(self._names)) if self._uses[i]]
        lines = [f"const double {self._names[i]} = x[{self._places[i]}];" for i in used]
        if self._loops is not None:
            lines += self._loops.arrays()
        depth = 0
        for place in range(len(self._names), len(program.nodes)):
            op = program.nodes[place].op
            if not self._flags[place]:
                self._texts.append(Phrase(""))
                continue
            lines += [f"{'    ' * depth}{line}" for line in self._step(place)]
            if op == "loop":
                depth += 1
            elif op == "end":
                depth -= 1
                lines.append(f"{'    ' * depth}}}")
        lines += [f"y[{i}] = {self._texts[x].text};" for i, x in enumerate(outputs) if x != STORED]
        if self._loops is not None:
            lines += self._loops.results()
        # So that no compiler complains of a parameter that is not used.
        lines += ["(void)x;"] * (not used) + ["(void)y;"] * (not outputs)
        return "".join(f"    {line}\n" for line in [*lines, "return 0;"])

    def _step(self, place: int) -> list[str]:
        """Return the lines of a node, and note the expression that it has then."""
        node, uses = self._program.nodes[place], self._uses[place]
        lines: list[str] = []
        if node.op in MARKS and node.op != "element":
            self._texts.append(Phrase(f"v{place}"))
            return self._mark(place, node)
        text = self._array(node, f"t{place}", lines) if node.op in OF_AN_ARRAY else self._expression(place)
        if node.op != "number" and (uses > 1 or (uses and len(text.text) > _INLINE)):
            name = name_of(self._program, place)
            kind = "int " if node.op in RELATIONS else "double "
            outside = self._loops is not None and place in self._loops.outside
            lines.append(f"{'' if outside else f'const {kind}'}{name} = {text.text};")
            text = Phrase(name)
        if place in self._finite:
            lines += [f"if (!isfinite({text.text}))", "    return 1;"]
        outcome = self._program.guards.get(place)
        if outcome is not None:
            lines.append(f"if ({text.text})" if not outcome else f"if (!{text.within(ATOM)})")
            lines.append("    return 1;")
        self._texts.append(text)
        return lines

    def _mark(self, place: int, node: Node) -> list[str]:
        assert self._loops is not None
        if node.op == "loop":
            return self._loops.opened(place, self._texts)
        if node.op == "store":
            return [self._loops.stored(place, self._texts[node.operands[0]].text)]
        return self._loops.closed(self._texts) if node.op == "end" else []

    def _expression(self, place: int) -> Phrase:
        # The same cases as in `python.source`, which each language spells in its own way.
        node = self._program.nodes[place]
        op = node.op
        if op == "element":
            assert self._loops is not None
            return self._loops.element(place)
        operands = [self._texts[i] for i in node.operands]
        # As `python.source` goes through the operations, in a notation that binds and chooses otherwise.
        if op == "number":
            return number_of(node.number)
        if op in ("identity", "detached"):
            return operands[0]
        if op in RELATIONS:
            x, y = operands
            return infix(x, f" {op} ", y, RELATION, "")
        if op == "where":
            condition, yes, no = [x.within(RELATION) for x in operands]
            return Phrase(f"{condition} ? {yes} : {no}", CHOICE)
        if op == "neg":
            return Phrase(f"-{operands[0].within(ATOM)}", SIGN)
        if op in SUMS or op in PRODUCTS:
            binding = SUM if op in SUMS else PRODUCT
            sign, *number = (SUMS.get(op) or PRODUCTS[op]).split()
            x, y = [*operands, *map(Phrase, number)]
            return infix(x, f" {sign} ", y, binding)
        if op in ROUNDED:
            return Phrase(f"{ROUNDED[op]}({operands[0].text}) + 0.0", SUM)
        if op in CALLS:
            return self._call(CALLS[op], [x.text for x in operands])
        text = named(op).c
        if text is None:
            raise TypeError(
                f"the primitive {op!r} cannot be written in C, for its value is a function of Python; if its "
                'entry is yours, say there how C computes it, such as c="log1p({0})"'
            )
        return Phrase(f"({text.format(*[f'({x.text})' for x in operands])})")

    def _array(self, node: Node, name: str, lines: list[str]) -> Phrase:
        """Return the expression of an operation on an array, which is added to the lines."""
        texts = [self._texts[i].text for i in node.operands]
        index = texts.pop(0) if node.op == "gather…" else ""
        count = len(texts)
        if count == 0:
            return Phrase("0.0")
        start = f"double {name}[{count}] = {{"
        numbers = f"{', '.join(texts)}}};"
        lines += wrap(
            start + numbers,
            _WIDTH,
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        if index:
            return Phrase(f"{name}[(long)({index})]", ATOM)
        function = OF_AN_ARRAY[node.op]
        return self._call(function, [name, str(count // 2 if node.op == "sumprod…" else count)])

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


# The comment


def _about(
    programs: Sequence[Program],
    name: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    caught: bool,
    memory: Sequence[int],
) -> str:
    """Return the comment at the beginning."""
    counts = [len(program.outputs) for program in programs]
    outputs = [*outputs, *[f"output {i}" for i in range(len(outputs), max(counts))]]
    lines = [f"int {name}{_PARAMETERS}", "", "reads"]
    lines += listed("x", inputs)
    lines += ["and writes", *listed("y", outputs)]
    if len({*counts}) > 1:
        lines.append(f"or the first of these: {', '.join(map(str, counts))} on its {len(counts)} paths.")
    if any(not program.guards for program in programs) and not caught:
        lines.append("It returns 0.")
    else:
        lines.append(
            "It returns 0; or 1, and leaves y as it is, if the inputs belong to a path of the original "
            "function that was not recorded: a comparison turns out otherwise than it did then"
            f"{', or an operation that may raise an error gives inf or NaN' if caught else ''}."
        )
    if any(memory):
        lines.append(
            f"It takes memory for {max(memory)} numbers from malloc and gives it back; it returns 2, and "
            "leaves y as it is, where there is none."
        )
    lines.append("")
    lines.append(
        "Arithmetic is that of IEEE 754: results are inf or NaN where Python raises an exception. Compile "
        "with -ffp-contract=off and without -ffast-math, so that no step is rounded otherwise."
    )
    wrapped = []
    for line in lines:
        wrapped += wrap(line, _WIDTH, subsequent_indent="        " if line.startswith(" ") else "") or [""]
    return "/*\n" + "".join(f" * {line}".rstrip() + "\n" for line in wrapped) + " */"


def listed(array: str, names: Sequence[str]) -> list[str]:
    """Return lines that say what the elements of an array are, one for many of a kind."""
    lines = []
    start = 0
    while start < len(names):
        end = start + 1
        while end < len(names) and _kind(names[end]) == _kind(names[start]) != names[start]:
            end += 1
        if end - start > 4:
            first, last = _plain(names[start]), _plain(names[end - 1])
            lines.append(f"    {array}[{start}] ... {array}[{end - 1}]: {first} ... {last}")
        else:
            lines += [f"    {array}[{i}]: {_plain(names[i])}" for i in range(start, end)]
        start = end
    return lines or ["    nothing"]


def _kind(name: str) -> str:
    return re.sub(r"\d+", "#", name)


def _plain(name: str) -> str:
    """Return text that may stand in a comment."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return text.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?")
