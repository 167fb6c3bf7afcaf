"""A program as C99: a function that needs nothing but <math.h>, for use where there is no Python.

    int f(const double *x, double *y)

reads the inputs from x and writes the outputs to y. Comparisons that must turn out as they were recorded
return 1 where they do not; where several paths were recorded, the function tries one after the other.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from textwrap import wrap

from ...ops import named
from ...support.phrases import ATOM, CHOICE, PRODUCT, RELATION, SIGN, SUM, Phrase, infix
from ..straight_line.program import RELATIONS, Node, Program
from ..straight_line.simplify import may_raise
from .functions import CALLS, FUNCTIONS, OF_AN_ARRAY, PRODUCTS, ROUNDED, SUMS, functions, with_prefix

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
    name = _identifier(name, {"x", "y"})
    inputs = _merged([program.inputs for program in programs])
    prefix = f"{name}_"
    titles = [f"{prefix}path_{i}" for i in range(1, len(programs) + 1)] if len(programs) > 1 else [name]
    taken = {"x", "y", name, *titles, *(f"{prefix}{function}" for function in FUNCTIONS)}
    names = dict(zip(inputs, _identifiers(inputs, taken), strict=True))
    places = {each: i for i, each in enumerate(inputs)}
    needs: set[str] = set()
    texts = []
    for title, program in zip(titles, programs, strict=True):
        body = _Body(program, [names[each] for each in program.inputs], needs, caught)
        own = [places[each] for each in program.inputs]
        texts.append(f"{'static ' * (title != name)}int {title}{_PARAMETERS}\n{{\n{body.text(own)}}}\n")
    if len(programs) > 1:
        tries = "".join(f"    if ({title}(x, y) == 0)\n        return 0;\n" for title in titles)
        texts.append(f"int {name}{_PARAMETERS}\n{{\n{tries}    return 1;\n}}\n")
    head = f"{_about(programs, name, inputs, outputs, caught)}\n{_BEGINNING}"
    own_text = with_prefix("\n".join(texts), prefix)
    return "\n".join(part for part in (head, functions(needs, prefix), own_text) if part)


_PARAMETERS = "(const double *x, double *y)"
_BEGINNING = """\
#include <math.h>

#if !defined(__GNUC__) || defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#endif
"""


def _merged(inputs: Sequence[Sequence[str]]) -> list[str]:
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
        needs: to which the functions that it calls are added.
        caught: whether an operation that may raise must give a number, neither inf nor NaN.
    """

    def __init__(self, program: Program, names: Sequence[str], needs: set[str], caught: bool) -> None:
        self._program = program
        self._names = names
        self._needs = needs
        self._finite = {i for i, node in enumerate(program.nodes) if caught and may_raise(node)}
        self._uses = _uses(program, self._finite)
        self._texts: list[Phrase] = [Phrase(name) for name in names]

    def text(self, places: Sequence[int]) -> str:
        """Return its lines.

        Args:
            places: those of the inputs in x.
        """
        used = [i for i in range(len(self._names)) if self._uses[i]]
        lines = [f"const double {self._names[i]} = x[{places[i]}];" for i in used]
        for place in range(len(self._names), len(self._program.nodes)):
            if self._uses[place] or place in self._program.guards:
                lines += self._step(place)
            else:
                self._texts.append(Phrase(""))
        lines += [f"y[{i}] = {self._texts[place].text};" for i, place in enumerate(self._program.outputs)]
        # So that no compiler complains of a parameter that is not used.
        lines += ["(void)x;"] * (not used) + ["(void)y;"] * (not self._program.outputs)
        return "".join(f"    {line}\n" for line in [*lines, "return 0;"])

    def _step(self, place: int) -> list[str]:
        """Return the lines of a node, and note the expression that it has then."""
        node, uses = self._program.nodes[place], self._uses[place]
        lines: list[str] = []
        text = self._array(node, f"t{place}", lines) if node.op in OF_AN_ARRAY else self._expression(node)
        if uses > 1 or (uses and len(text.text) > _INLINE):
            name = f"{'c' if node.op in RELATIONS else 'd' if node.ieee else 'v'}{place}"
            if node.op != "number":
                lines.append(f"const {'int' if node.op in RELATIONS else 'double'} {name} = {text.text};")
                text = Phrase(name)
        if place in self._finite:
            lines += [f"if (!isfinite({text.text}))", "    return 1;"]
        outcome = self._program.guards.get(place)
        if outcome is not None:
            lines.append(f"if ({text.text})" if not outcome else f"if (!{text.within(ATOM)})")
            lines.append("    return 1;")
        self._texts.append(text)
        return lines

    def _expression(self, node: Node) -> Phrase:
        # The same cases as in `python.source`, which each language spells in its own way.
        op = node.op
        operands = [self._texts[i] for i in node.operands]
        # As `python.source` goes through the operations, in a notation that binds and chooses otherwise.
        if op == "number":
            return _number(node.number)
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


def _uses(program: Program, finite: Iterable[int]) -> list[int]:
    """Return how often each node is used, directly or not: by outputs, guards, and what must be finite."""
    uses = [0] * len(program.nodes)
    for place in (*program.outputs, *finite, *finite):
        uses[place] += 1
    for place in range(len(program.nodes) - 1, -1, -1):
        if uses[place] or place in program.guards:
            for i in program.nodes[place].operands:
                uses[i] += 1
    return uses


def _number(x: float) -> Phrase:
    text = repr(x) if math.isfinite(x) else "NAN" if x != x else "INFINITY" if x > 0.0 else "-INFINITY"
    return Phrase(text, SIGN if text.startswith("-") else ATOM)


# The comment


def _about(
    programs: Sequence[Program], name: str, inputs: Sequence[str], outputs: Sequence[str], caught: bool
) -> str:
    """Return the comment at the beginning."""
    counts = [len(program.outputs) for program in programs]
    outputs = [*outputs, *[f"output {i}" for i in range(len(outputs), max(counts))]]
    lines = [f"int {name}{_PARAMETERS}", "", "reads"]
    lines += _listed("x", inputs)
    lines += ["and writes", *_listed("y", outputs)]
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
    lines.append("")
    lines.append(
        "Arithmetic is that of IEEE 754: results are inf or NaN where Python raises an exception. Compile "
        "with -ffp-contract=off and without -ffast-math, so that no step is rounded otherwise."
    )
    wrapped = []
    for line in lines:
        wrapped += wrap(line, _WIDTH, subsequent_indent="        " if line.startswith(" ") else "") or [""]
    return "/*\n" + "".join(f" * {line}".rstrip() + "\n" for line in wrapped) + " */"


def _listed(array: str, names: Sequence[str]) -> list[str]:
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


# Names

_RESERVED = frozenset(
    # keywords of C and C++
    "alignas alignof and and_eq asm atomic auto bitand bitor bool break case catch char char8_t char16_t "
    "char32_t class co_await co_return co_yield compl complex concept const const_cast consteval constexpr "
    "constinit continue decltype default delete do double dynamic_cast else enum explicit export extern "
    "false float for friend fortran generic goto if imaginary inline int long mutable namespace new "
    "noexcept noreturn not not_eq nullptr operator or or_eq private protected public register "
    "reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast struct "
    "switch template this thread_local throw true try typedef typeid typename typeof typeof_unqual union "
    "unsigned using virtual void volatile wchar_t while xor xor_eq "
    # macros and types that math.h may define
    "DOMAIN FP_CONTRACT FP_FAST_FMA FP_ILOGB0 FP_ILOGBNAN FP_INFINITE FP_NAN FP_NORMAL FP_SUBNORMAL "
    "FP_ZERO HUGE HUGE_VAL HUGE_VALF HUGE_VALL INFINITY MATH_ERREXCEPT MATH_ERRNO MAXFLOAT NAN OVERFLOW "
    "PLOSS SING SNAN TLOSS UNDERFLOW X_TLOSS double_t float_t math_errhandling exception errno main linux "
    "unix i386 "
    # macros that look like functions
    "fpclassify iseqsig isfinite isinf isnan isnormal issignaling issubnormal iszero signbit isgreater "
    "isgreaterequal isless islessequal islessgreater isunordered finite signgam gamma lgamma_r "
    # functions that compilers know without a declaration
    "abort abs alloca bcmp bcopy bzero calloc exit ffs fprintf fputc fputs free fscanf fwrite index "
    "imaxabs isalnum isalpha isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace "
    "isupper isxdigit labs llabs malloc memchr memcmp memcpy memset printf putchar puts realloc rindex "
    "scanf snprintf sprintf sscanf stpcpy strcat strchr strcmp strcpy strcspn strdup strlen strncat "
    "strncmp strncpy strpbrk strrchr strspn strstr tolower toupper vfprintf vprintf vscanf vsnprintf "
    "vsprintf signbit mempcpy strcasecmp strndup fork execl execlp execle execv execvp execve gettext".split()
)
_MATH = (
    "acos acosh asin asinh atan atan2 atanh cabs cbrt ceil copysign cos cosh drem erf erfc exp exp10 exp2 "
    "expm1 fabs fdim floor fma fmax fmaximum fmin fminimum fmod frexp gamma hypot ilogb j0 j1 jn ldexp "
    "lgamma llogb llrint llround log log10 log1p log2 logb lrint lround modf nan nearbyint nextafter "
    "nextdown nexttoward nextup pow pow10 remainder remquo rint round roundeven rsqrt scalb scalbln scalbn "
    "significand sin sincos sinh sinpi cospi tanpi sqrt tan tanh tgamma trunc y0 y1 yn compoundn pown powr "
    "rootn totalorder daddl ddivl dmull dsubl dfmal dsqrtl fadd fdiv fmul fsub ffma fsqrt setpayload "
    "getpayload canonicalize fromfp ufromfp creal cimag conj carg cproj csqrt cexp clog cpow csin ccos ctan"
)
_OF_MATH = frozenset(f"{name}{suffix}" for name in _MATH.split() for suffix in ("", "f", "l"))


def _identifier(name: str, taken: Iterable[str]) -> str:
    """Return a name as an identifier of C that stands for nothing else."""
    letters = "".join(map(_in_ascii, unicodedata.normalize("NFKD", name)))
    cleaned = re.sub(r"[^A-Za-z0-9]+", "_", letters).strip("_")
    if not cleaned or cleaned[0].isdigit():
        cleaned = f"x_{cleaned}".rstrip("_")
    reserved = cleaned in _RESERVED or cleaned in _OF_MATH or re.fullmatch(r"[vdct]\d+|M_\w+", cleaned)
    base = identifier = f"{cleaned}_" if reserved or cleaned in taken else cleaned
    number = 2
    while identifier in taken:
        identifier, number = f"{base.rstrip('_')}_{number}", number + 1
    return identifier


def _in_ascii(letter: str) -> str:
    """Return a letter in those of C: that of a Greek letter is its name."""
    if letter.isascii():
        return letter
    if unicodedata.combining(letter):
        return ""
    greek = re.fullmatch(r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", unicodedata.name(letter, ""))
    if greek is None:
        return "_"
    return greek[1].lower() if letter.islower() else greek[1].capitalize()


def _identifiers(names: Iterable[str], taken: Iterable[str]) -> list[str]:
    """Return different identifiers for some names."""
    used = {*taken}
    result = []
    for name in names:
        result.append(_identifier(name, used))
        used.add(result[-1])
    return result
