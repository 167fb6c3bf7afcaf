"""A program as Python source: a function of straight lines, forward and then backward, without branches.

The text needs nothing but Python's `math`. What a primitive computes is not written here a second time: the
text of the entry in `ops`, and of the functions of `floats` that it needs, is read and put in.
"""

from __future__ import annotations

import ast
import keyword
import math
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ... import math as autograd_math
from ...ops import Primitive, floats, named, table
from ...ops import primitive as primitives
from ..straight_line.program import RELATIONS, Node, Program
from ..straight_line.simplify import may_raise

_MATH = {name for name in vars(math) if not name.startswith("_")}
_ATOM, _POWER, _SIGN, _TERM, _SUM, _COMPARISON, _CHOICE = range(7, 0, -1)  # how strongly an operator binds
_BINDING = {"+": _SUM, "-": _SUM, "*": _TERM, "/": _TERM, "//": _TERM, "%": _TERM, "**": _POWER}
_INLINE = 50  # characters of an expression that may be written within another one


class Text:
    """An expression, and how strongly what is outermost in it binds."""

    __slots__ = ("binding", "text")

    def __init__(self, text: str, binding: int = _ATOM) -> None:
        self.text = text
        self.binding = binding

    def within(self, binding: int) -> str:
        """Return it as an operand of an operator: in parentheses where that binds more strongly."""
        return self.text if self.binding >= binding else f"({self.text})"


class PythonSource:
    """The function of a program, and the definitions that it needs.

    Args:
        program: the program.
        name: the name of the function.
        parameters: what stands between its parentheses.
        opening: lines before the first step, which must give the inputs their names.
        names: those of the inputs, identifiers.
        result: called with the expressions of the outputs, gives that of what is returned.
        doc: the text that says what the function does; none if it is empty.

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
        doc: str = "",
    ) -> None:
        self._program = program
        self._names = [*names]
        self._uses = _uses(program)
        self._raises = _which_can_raise(program)
        self.needs: set[str] = set()
        self.objects: dict[str, Any] = {}
        body = [*([f'"""{doc}"""'] if doc else []), *opening, *self._steps()]
        outputs = [self._text(place).text for place in program.outputs]
        body.append(f"return {result(outputs) if result else _tuple(outputs)}")
        self.function = f"def {name}({parameters}):\n" + "".join(f"    {line}\n" for line in body)

    # Steps

    def _steps(self) -> list[str]:
        program = self._program
        first = len(program.inputs)
        derivative = next(
            (i for i in range(first, len(program.nodes)) if program.nodes[i].ieee), len(program.nodes)
        )
        self._texts: list[Text] = [Text(name) for name in self._names]
        lines = self._lines(range(first, derivative), ieee=False)
        rest = range(derivative, len(program.nodes))
        if not any(self._raises[i] for i in rest):
            return lines + self._lines(rest, ieee=False)
        for place in program.outputs:
            self._uses[place] += 2  # so that it has a name, which either block gives it
        forward = [*self._texts]
        once = self._lines(rest, ieee=False)
        named_once, self._texts = self._texts, forward
        again = self._lines(rest, ieee=True, like=named_once)
        return [
            *lines,
            "try:",
            *[f"    {line}" for line in once],
            "except (ArithmeticError, ValueError):  # once more, with inf and NaN as IEEE 754 has them",
            *[f"    {line}" for line in again],
        ]

    def _lines(self, places: Iterable[int], ieee: bool, like: list[Text] | None = None) -> list[str]:
        """Return the lines of some nodes, and note the expression that each has then.

        Args:
            places: the nodes.
            ieee: whether they are written so that they give inf and NaN instead of raising.
            like: the expressions of another writing, of which the same shall have names.
        """
        lines = []
        for place in places:
            node = self._program.nodes[place]
            text = self._expression(node, ieee and self._raises[place])
            guard = self._program.guards.get(place)
            if guard is not None:
                lines.append(f"if {'not ' if guard else ''}{text.within(_COMPARISON if guard else _CHOICE)}:")
                lines.append("    return None")
            uses = self._uses[place]
            if uses == 0 and guard is None:
                lines.append(text.text)  # for the error that it may raise
            elif uses:
                name = f"{'d' if node.ieee else 'v'}{place}"
                short = uses == 1 and len(text.text) <= _INLINE
                if node.op == "number" or (short if like is None else like[place].text != name):
                    self._texts.append(text)
                    continue
                lines.append(f"{name} = {text.text}")
                text = Text(name)
            self._texts.append(text)
        return lines

    def _text(self, place: int) -> Text:
        return self._texts[place]

    def _expression(self, node: Node, ieee: bool) -> Text:
        op = node.op
        operands = [self._text(i) for i in node.operands]
        if op == "number":
            return _number(node.number, self.needs)
        if op == "detached":
            return operands[0]
        if op in RELATIONS:
            both = [x.within(_SUM) for x in operands]
            return Text(f"{both[0]} {op} {both[1]}", _COMPARISON)
        if op == "where":
            condition, yes, no = [operand.within(_COMPARISON) for operand in operands]
            return Text(f"{yes} if {condition} else {no}", _CHOICE)
        if op == "neg":
            return Text(f"-{operands[0].within(_SIGN)}", _SIGN)
        if ieee:
            return self._call(self._in_ieee(named(op)), operands)
        if op in _BINDING and not (op == "**" and not _is_whole(self._program.nodes[node.operands[1]])):
            binding = _BINDING[op]
            x, y = operands
            if op == "**":
                return Text(f"{x.within(_ATOM)} ** {y.within(_SIGN)}", binding)
            return Text(f"{x.within(binding)} {op} {y.within(binding + 1)}", binding)
        if op.endswith("…"):
            return self._whole(op[:-1], operands)
        return self._primitive(named(op), operands)

    def _whole(self, name: str, operands: list[Text]) -> Text:
        texts = [x.text for x in operands]
        if name == "fsum":
            return self._call(self._need("fsum"), [Text(f"[{', '.join(texts)}]")])
        if name == "sumprod":
            half = len(texts) // 2
            rows = [Text(f"[{', '.join(part)}]") for part in (texts[:half], texts[half:])]
            return self._call(self._need("floats.sumprod"), rows)
        if name == "nextafter":
            steps = int(float(texts[2]))
            return self._call(self._need("math._steps_after"), [*operands[:2], Text(str(steps))])
        return self._call(self._need("floats.fma" if name == "fma" else name), operands)

    def _primitive(self, primitive: Primitive, operands: list[Text]) -> Text:
        if primitive.home != table.__name__:
            return self._call(self._of_the_user(primitive), operands)
        value = _entries()[primitive.name].value
        if isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name):
            full = f"{value.value.id}.{value.attr}"
            if value.value.id == "floats":
                short = _short(value.attr)
                if short is not None:
                    return self._put_in(*short, operands)
            return self._call(self._need(full), operands)
        if isinstance(value, ast.Lambda):
            return self._put_in([x.arg for x in value.args.args], value.body, operands)
        return self._call(self._need(ast.unparse(value)), operands)  # such as abs

    def _put_in(self, parameters: list[str], body: ast.expr, operands: list[Text]) -> Text:
        given = dict(zip(parameters, operands, strict=True))
        expression = _Substitution(self, given).visit(_parsed(ast.unparse(body), mode="eval").body)
        return Text(ast.unparse(expression), _CHOICE - 1)

    def _call(self, function: str, operands: Iterable[Text]) -> Text:
        return Text(f"{function}({', '.join(x.text for x in operands)})")

    # Definitions

    def _need(self, full: str) -> str:
        """Note that a function is needed, and return the name under which it is called."""
        module, _, name = full.rpartition(".")
        if module in ("", "math") and name in _MATH:
            self.needs.add(f"math.{name}")
        elif module:
            self.needs.add(full)
        return name

    def _in_ieee(self, primitive: Primitive) -> str:
        if primitive.home != table.__name__:
            name = f"{_identifier(primitive.name)}_ieee"
            self.objects[name] = primitive.ieee
            return name
        self.needs.add(f"ieee.{primitive.name}")
        return _ieee_name(primitive)

    def _of_the_user(self, primitive: Primitive) -> str:
        name = _identifier(primitive.name)
        self.objects[name] = primitive.value
        return name


def definitions(needs: Iterable[str]) -> str:
    """Return the text of imports and functions that the text of some functions needs."""
    imports: set[str] = set()
    functions: dict[str, str] = {}
    todo = sorted(needs)
    done: set[str] = set()
    while todo:
        need = todo.pop()
        if need in done:
            continue
        done.add(need)
        module, _, name = need.partition(".")
        if module == "math" and name in _MATH:
            imports.add(name)
            continue
        text = _ieee_function(name) if module == "ieee" else _function(module, name)
        functions[need] = text
        todo += sorted(_names_in(text, module) - done)
    head = f"from math import {', '.join(sorted(imports))}\n" if imports else ""
    if any("math." in text for text in functions.values()):
        head = f"import math\n{head}"
    if any("sys." in text for text in functions.values()):
        head = f"{head}import sys\n"
    written = "\n".join(functions.values())
    constants = "".join(
        f"{name} = {text}\n" for name, text in _constants().items() if re.search(rf"\b{name}\b", written)
    )
    parts = [part for part in (head, constants, *functions.values()) if part]
    return "\n\n".join(part.rstrip("\n") + "\n" for part in parts)


def compiled(text: str, objects: dict[str, Any], name: str) -> Any:
    """Return the function of that name from Python source."""
    namespace: dict[str, Any] = {"__name__": f"{__name__}.{name}", **objects}
    exec(compile(text, f"<program of {name}>", "exec"), namespace)
    return namespace[name]


# The text of the entries, and of what they call


_parsing = threading.RLock()


def _parsed(text: str, mode: str = "exec") -> Any:
    """Return the syntax tree of a text.

    One thread at a time: in Python 3.11 before 3.11.8, threads that do it at once may get a SystemError about
    the depth of recursion (github.com/python/cpython/issues/106905).
    """
    with _parsing:
        return ast.parse(text, mode=mode)


_SOURCES = {
    "table": table.__file__,
    "floats": floats.__file__,
    "math": autograd_math.__file__,
    "primitive": primitives.__file__,
}
"""Where the texts are that are put in, by the names under which a need has them."""


@cache
def _module(name: str) -> tuple[str, ast.Module]:
    text = Path(_SOURCES[name]).read_text(encoding="utf-8")
    return text, _parsed(text)


class _Entry(NamedTuple):
    """The text of a primitive of `ops`: the variable that it is, its value, and that where it raises."""

    variable: str
    value: ast.expr
    where_raises: ast.expr | None


@cache
def _entries() -> dict[str, _Entry]:
    entries = {}
    for statement in _module("table")[1].body:
        targets = getattr(statement, "targets", [getattr(statement, "target", None)])
        target, call = targets[0], getattr(statement, "value", None)
        if isinstance(target, ast.Name) and isinstance(call, ast.Call) and ast.unparse(call.func) in _MAKERS:
            where_raises = next((x.value for x in call.keywords if x.arg == "where_raises"), None)
            entries[ast.literal_eval(call.args[0])] = _Entry(target.id, call.args[1], where_raises)
    return entries


_MAKERS = ("unary", "binary")


@cache
def _functions(module: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in _module(module)[1].body if isinstance(node, ast.FunctionDef)}


@cache
def _constants() -> dict[str, str]:
    """Return the tables of numbers in `floats`, by name, as text."""
    constants = {}
    for node in _module("floats")[1].body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            constants[ast.unparse(node.targets[0])] = ast.unparse(node.value)
    return constants


@cache
def _short(name: str) -> tuple[list[str], ast.expr] | None:
    """Return parameters and expression of a function of `floats` that is a short expression."""
    function = _functions("floats")[name]
    if len(function.body) == 1 and isinstance(function.body[0], ast.Return):
        expression = function.body[0].value
        if expression is not None and not any(isinstance(x, ast.Call) for x in ast.walk(expression)):
            return [x.arg for x in function.args.args], expression
    return None


def _function(module: str, name: str) -> str:
    """Return the text of a function, with annotations and documentation left out."""
    function = _parsed(ast.unparse(_functions(module)[name])).body[0]
    assert isinstance(function, ast.FunctionDef)
    function.returns = None
    for argument in function.args.args:
        argument.annotation = None
    if isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant):
        del function.body[0]
    for inner in ast.walk(function):
        if isinstance(inner, ast.Name) and inner.id == "_math":
            inner.id = "math"
    text = ast.unparse(ast.fix_missing_locations(_Plain().visit(function)))
    return text + "\n"


class _Plain(ast.NodeTransformer):
    """Leaves out the annotations of variables."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return None
        return ast.copy_location(ast.Assign(targets=[node.target], value=node.value), node)


def _names_in(text: str, module: str) -> set[str]:
    """Return what a function calls, as needs."""
    found = set()
    for node in ast.walk(_parsed(text)):
        if isinstance(node, ast.Name):
            if node.id in ("inf", "nan"):
                found.add(f"math.{node.id}")
            elif module in ("floats", "math", "primitive") and node.id in _functions(module):
                found.add(f"{module}.{node.id}")
            elif module == "ieee":
                for other in ("floats", "primitive"):
                    if node.id in _functions(other):
                        found.add(f"{other}.{node.id}")
                if node.id in _MATH:
                    found.add(f"math.{node.id}")
    return found


def _ieee_name(primitive: Primitive) -> str:
    return f"{_entries()[primitive.name].variable}_ieee"


def _ieee_function(name: str) -> str:
    """Return the text of a primitive in IEEE arithmetic: what `Primitive.ieee` is."""
    _, value, where_raises = _entries()[name]
    parameters = ", ".join("xyz"[: len(named(name).derivatives)])

    def applied(function: ast.expr) -> str:
        if isinstance(function, ast.Lambda):
            return ast.unparse(_WithoutModule().visit(_parsed(ast.unparse(function.body), mode="eval")))
        return f"{ast.unparse(function).rpartition('.')[2]}({parameters})"

    overflow = invalid = applied(where_raises) if where_raises is not None else ""
    return (
        f"def {_ieee_name(named(name))}({parameters}):\n"
        f"    try:\n        return {applied(value)}\n"
        f"    except OverflowError:\n        return {overflow or 'inf'}\n"
        f"    except (ValueError, ZeroDivisionError):\n        return {invalid or 'nan'}\n"
    )


class _WithoutModule(ast.NodeTransformer):
    """Turns math.f and floats.f into f."""

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        return ast.copy_location(ast.Name(node.attr, ast.Load()), node)


class _Substitution(ast.NodeTransformer):
    """Puts operands into the expression of an entry, and notes what that needs."""

    def __init__(self, source: PythonSource, given: dict[str, Text]) -> None:
        self._source = source
        self._given = given

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        return ast.Name(self._source._need(ast.unparse(node)), ast.Load())

    def visit_Name(self, node: ast.Name) -> Any:
        if node.id in self._given:
            return _parsed(self._given[node.id].text, mode="eval").body
        if node.id in _MATH:
            self._source._need(node.id)
        return node


# Texts


def _uses(program: Program) -> list[int]:
    """Return how often each node is used; what must have a name of its own counts as twice."""
    uses = [0] * len(program.nodes)
    for place, node in enumerate(program.nodes):
        several = _operands_used_twice(node.op)
        # What belongs to the forward sweep is not written within the backward sweep.
        for i in node.operands:
            crosses = node.ieee and not program.nodes[i].ieee
            uses[i] += 2 if several or crosses or place in program.guards else 1
    for place in program.outputs:
        uses[place] += 1
    return uses


@cache
def _operands_used_twice(op: str) -> bool:
    """Say whether the text of a primitive has its operands more than once."""
    if op not in _entries():
        return False
    value = _entries()[op].value
    if isinstance(value, ast.Lambda):
        parameters, body = [x.arg for x in value.args.args], value.body
    elif isinstance(value, ast.Attribute) and ast.unparse(value.value) == "floats":
        short = _short(value.attr)
        if short is None:
            return False
        parameters, body = short
    else:
        return False
    names = [x.id for x in ast.walk(body) if isinstance(x, ast.Name)]
    return any(names.count(parameter) > 1 for parameter in parameters)


def _number(x: float, needs: set[str]) -> Text:
    if math.isfinite(x):
        return Text(repr(x), _SIGN if math.copysign(1.0, x) < 0.0 else _ATOM)
    needs.add("math.inf" if x == x else "math.nan")
    return Text("nan") if x != x else Text("inf") if x > 0.0 else Text("-inf", _SIGN)


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
        return may_raise(node._replace(ieee=False))

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


def _tuple(texts: Sequence[str]) -> str:
    return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"


def _identifier(name: str) -> str:
    """Return a name as a Python identifier that is neither a keyword nor the name of a function we use."""
    cleaned = re.sub(r"\W+", "_", name).strip("_") or "x"
    if not cleaned.isidentifier():
        cleaned = f"x_{cleaned}"
    reserved = keyword.iskeyword(cleaned) or cleaned in _MATH or cleaned in _functions("floats")
    builtin = cleaned in ("abs", "float", "int", "round", "fma", "math", "sys", "len", "range", "list")
    if reserved or builtin or re.fullmatch(r"[vd]\d+", cleaned) or cleaned.endswith("_ieee"):
        return f"{cleaned}_"
    return cleaned


def identifiers(names: Iterable[str]) -> list[str]:
    """Return different identifiers for some names."""
    taken: set[str] = set()
    result = []
    for name in names:
        identifier = base = _identifier(name)
        number = 2
        while identifier in taken:
            identifier, number = f"{base}_{number}", number + 1
        taken.add(identifier)
        result.append(identifier)
    return result
