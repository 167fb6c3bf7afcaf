"""A program as C99: a function that needs nothing but C's own library, for use without Python.

    int f(const double *x, double *y)

reads the inputs from x and writes the outputs to y, at the end, so that these may lie in one place.
Comparisons that must turn out as they were recorded return 1 where they do not; where several paths were
recorded, the function tries one after the other. What loops keep is in variables of the function or, if it
is much, in memory from malloc, and 2 is returned where there is none: it may run on several threads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from textwrap import wrap

from ...ops import named
from ...support.phrases import ATOM, Phrase
from ..loops.program import LoopProgram
from ..straight_line.program import RELATIONS, Program, check_calls_nothing
from ..straight_line.simplify import may_raise
from .body import WIDTH, BodyWriter
from .functions import CALLS, FACTORS, FUNCTIONS, OF_AN_ARRAY, OPERATORS, ROUNDED
from .library import with_names
from .loops import ON_THE_STACK, LoopWriter, number_of
from .names import identifier_for, identifiers


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
    check_calls_nothing(programs, "C")
    name = identifier_for(name, {"x", "y"})
    inputs = merged([program.inputs for program in programs])
    prefix = f"{name}_"
    titles = [f"{prefix}path_{i}" for i in range(1, len(programs) + 1)] if len(programs) > 1 else [name]
    taken = {"x", "y", name, *titles, *(f"{prefix}{function}" for function in FUNCTIONS.texts)}
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
    own_text = with_names("\n".join(texts), prefix)
    return "\n".join(part for part in (head, FUNCTIONS.needed_by(needs, prefix), own_text) if part)


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


class _Body(BodyWriter):
    """The inside of a function of C.

    Args:
        program, names, places, needs: as of `BodyWriter`.
        caught: whether an operation that may raise must give a number, neither inf nor NaN.

    Attributes:
        memory: how many numbers its loops keep.
    """

    INDENT = "    "
    OPERATORS, FACTORS, ROUNDED, CALLS = OPERATORS, FACTORS, ROUNDED, CALLS

    def __init__(
        self, program: Program, names: Sequence[str], places: Sequence[int], needs: set[str], caught: bool
    ) -> None:
        checked = {i for i, node in enumerate(program.nodes) if caught and may_raise(node)}
        super().__init__(program, names, places, needs, checked)
        self.memory = 0
        if isinstance(program, LoopProgram):
            self.loops = LoopWriter(program, self._flags, places, WIDTH)
            self.memory = self.loops.memory

    def text(self) -> str:
        """Return its lines."""
        inputs = self.inputs("const double ")
        arrays = [] if self.loops is None else self.loops.arrays()
        steps, outputs = self.steps(), self.outputs()
        if self.loops is not None:
            outputs += self.loops.results()
        # So that no compiler complains of a parameter that is not used.
        unused = ["(void)x;"] * (not inputs) + ["(void)y;"] * (not self._program.outputs)
        lines = [*inputs, *arrays, *steps, *outputs, *unused, "return 0;"]
        return "".join(f"    {line}\n" for line in lines)

    def _number(self, x: float) -> Phrase:
        return number_of(x)

    def _relation(self, op: str) -> str:
        return op

    def _definition(self, place: int, name: str, text: str) -> list[str]:
        kind = "int" if self._program.nodes[place].op in RELATIONS else "double"
        declared = self.loops is not None and place in self.loops.outside
        return [f"{'' if declared else f'const {kind} '}{name} = {text};"]

    def _check(self, place: int, text: str) -> list[str]:
        return self._guard(f"!isfinite({text})")

    def _guard(self, condition: str) -> list[str]:
        return [f"if ({condition})", "    return 1;"]

    def _array(self, place: int, texts: Sequence[str], lines: list[str]) -> Phrase | None:
        op = self._program.nodes[place].op
        if op not in OF_AN_ARRAY:
            return None
        numbers = texts[op == "gather…" :]
        count = len(numbers)
        if count == 0:
            return Phrase("0.0")
        text = f"double t{place}[{count}] = {{{', '.join(numbers)}}};"
        lines += wrap(text, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        if op == "gather…":
            return Phrase(f"t{place}[(long)({texts[0]})]", ATOM)
        return self._call(OF_AN_ARRAY[op], [f"t{place}", str(count // 2 if op == "sumprod…" else count)])

    def _other(self, op: str) -> str:
        text = named(op).c
        if text is None:
            raise TypeError(
                f"the primitive {op!r} cannot be written in C, for its value is a function of Python; if its "
                'entry is yours, say there how C computes it, such as c="log1p({0})"'
            )
        return text


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
        wrapped += wrap(line, WIDTH, subsequent_indent="        " if line.startswith(" ") else "") or [""]
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
