"""Functions on floats, written in Python, as functions of C and of JavaScript.

The values of special functions (`ops.normal`, `ops.bessel` and their like) are loops and choices; they are
written once, in the part of Python that is read here: numbers, arithmetic, comparisons, `math`, `if`,
`while`, `for` over a range, lists `[0.0] * N`, and calls of each other, but not of themselves. What is
written otherwise is an error. They never raise, so what they give is the same in all languages.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container
from typing import NamedTuple

from ...ops import TABLE
from ..python.reading import VALUES, constants, definition_of, entry_of, functions_of

NAMES = frozenset(VALUES) - {"floats"}
"""The modules that are written so."""


class Language(NamedTuple):
    """How a language writes what the two do not share.

    Attributes:
        head: what a function begins with, of its name and its parameters, each with whether it is a list.
        numbers: a declaration of variables.
        array: a declaration of a list of that length.
        table: a declaration of a table with that text.
        place: an index of a list.
        call: the call of a function of `math`, or of one builtin, by its name in C.
    """

    head: Callable[[str, dict[str, bool]], str]
    numbers: Callable[[list[str]], str]
    array: Callable[[str, str], str]
    table: Callable[[str, str], str]
    place: Callable[[str], str]
    call: Callable[[str, list[str]], str]


def _c_head(name: str, parameters: dict[str, bool]) -> str:
    declared = [f"double {'*' if is_list else ''}{x}" for x, is_list in parameters.items()]
    return f"static double @{name}({', '.join(declared)})\n{{"


_OF_C = {"inf": "INFINITY", "nan": "NAN"}

C = Language(
    _c_head,
    lambda names: f"double {', '.join(f'{name} = 0.0' for name in names)};",
    lambda name, length: f"double {name}[{length}] = {{0.0}};",
    lambda name, text: f"static const double {name}[] = {{{text}}};",
    lambda text: f"(int)({text})",
    lambda name, operands: _OF_C.get(name) or f"{name}({', '.join(operands)})",
)
"""C99."""

_OF_MATH = {"abs": "fabs", "round": "nearbyint", "int": "trunc", "gamma": "tgamma"}
"""Functions of `math`, and builtin ones, that C has under other names."""

_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_RELATIONS = {ast.Lt: "<", ast.LtE: "<=", ast.Eq: "==", ast.NotEq: "!=", ast.Gt: ">", ast.GtE: ">="}


def calls() -> dict[str, str]:
    """Return the primitives whose values are such functions, with what they call."""
    found = {}
    for name, primitive in TABLE.items():
        if primitive.home.endswith(".ops.special"):
            found[name] = f"@{ast.unparse(entry_of(primitive).value).rpartition('.')[2]}"
    return found


def translated(language: Language) -> dict[str, str]:
    """Return the texts of all these functions in a language, each after those that it calls."""
    functions = functions_of("floats")
    texts: dict[str, str] = {}

    def add(name: str) -> None:
        plain = name.lstrip("_")
        if plain not in texts:
            function = definition_of("floats", name)
            for node in ast.walk(function):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in functions
                ):
                    add(node.func.id)
            texts[plain] = _Translation(language, functions).function(function)

    for text in calls().values():
        add(text[1:])
    return texts


class _Translation:
    """Writes one function.

    Args:
        language: in which.
        functions: the names of those that it may call.
    """

    def __init__(self, language: Language, functions: Container[str]) -> None:
        self.language = language
        self.functions = functions
        self.tables: dict[str, str] = {}
        self.arrays: dict[str, str] = {}
        self.numbers: dict[str, None] = {}

    def function(self, function: ast.FunctionDef) -> str:
        parameters = {
            x.arg: x.annotation is not None and "list" in ast.unparse(x.annotation)
            for x in function.args.args
        }
        body = [self.statement(x, 1) for x in function.body if not _is_documentation(x)]
        numbers = [name for name in self.numbers if name not in parameters]
        declared = [self.language.table(*item) for item in self.tables.items()]
        declared += [self.language.array(*item) for item in self.arrays.items()]
        declared += [self.language.numbers(numbers)] if numbers else []
        if not isinstance(function.body[-1], ast.Return):
            body.append("    return 0.0;\n")
        head = self.language.head(function.name.lstrip("_"), parameters)
        lines = [f"{head}\n", *(f"    {line}\n" for line in declared), *body, "}\n"]
        return "".join(lines)

    # Statements

    def statement(self, node: ast.stmt, depth: int) -> str:
        """Return the lines of a statement."""
        indent = "    " * depth
        if isinstance(node, ast.Return) and node.value is not None:
            return f"{indent}return {self.expression(node.value)};\n"
        if isinstance(node, ast.If):
            text = f"{indent}if ({self.expression(node.test)}) {{\n{self.block(node.body, depth)}{indent}}}"
            return (
                f"{text} else {{\n{self.block(node.orelse, depth)}{indent}}}\n"
                if node.orelse
                else f"{text}\n"
            )
        if isinstance(node, ast.While):
            return (
                f"{indent}while ({self.expression(node.test)}) {{\n{self.block(node.body, depth)}{indent}}}\n"
            )
        if isinstance(node, ast.For):
            return f"{indent}for ({self.turns(node)}) {{\n{self.block(node.body, depth)}{indent}}}\n"
        if isinstance(node, ast.Assign):
            return self.assignment(node.targets[0], node.value, indent)
        if isinstance(node, ast.AugAssign):
            operator = _OPERATORS[type(node.op)]
            return f"{indent}{self.target(node.target)} {operator}= {self.expression(node.value)};\n"
        if isinstance(node, ast.Expr):
            return f"{indent}{self.expression(node.value)};\n"
        raise _unknown(node)

    def block(self, nodes: list[ast.stmt], depth: int) -> str:
        """Return the lines of some statements, one step further to the right."""
        return "".join([self.statement(node, depth + 1) for node in nodes])

    def assignment(self, target: ast.expr, value: ast.expr, indent: str) -> str:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = zip(target.elts, value.elts, strict=True)
            return "".join([self.assignment(x, y, indent) for x, y in pairs])
        if isinstance(target, ast.Name) and isinstance(value, ast.BinOp) and isinstance(value.left, ast.List):
            self.arrays[target.id] = ast.unparse(value.right)
            return ""
        return f"{indent}{self.target(target)} = {self.expression(value)};\n"

    def target(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            self.numbers[node.id] = None
            return node.id
        return self.expression(node)

    def turns(self, node: ast.For) -> str:
        assert isinstance(node.iter, ast.Call)
        first, end, step = [ast.Constant(0.0), *node.iter.args, ast.Constant(1.0)][-3:]
        if len(node.iter.args) == 3:
            first, end, step = node.iter.args
        elif len(node.iter.args) == 2:
            first, end = node.iter.args
        size, name = float(ast.unparse(step)), self.target(node.target)
        relation = "<" if size > 0.0 else ">"
        return (
            f"{name} = {self.expression(first)}; {name} {relation} {self.expression(end)}; {name} += {size!r}"
        )

    # Expressions

    def expression(self, node: ast.expr) -> str:
        """Return an expression, in parentheses where it needs them."""
        if isinstance(node, ast.Constant):
            return repr(float(ast.unparse(node)))
        if isinstance(node, ast.Name):
            return self.name(node.id)
        if isinstance(node, ast.UnaryOp):
            return f"{'!' if isinstance(node.op, ast.Not) else '-'}({self.expression(node.operand)})"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            return self.language.call("pow", [self.expression(node.left), self.expression(node.right)])
        if isinstance(node, ast.BinOp):
            operator = _OPERATORS[type(node.op)]
            return f"({self.expression(node.left)} {operator} {self.expression(node.right)})"
        if isinstance(node, ast.BoolOp):
            word = " && " if isinstance(node.op, ast.And) else " || "
            return f"({word.join([self.expression(x) for x in node.values])})"
        if isinstance(node, ast.Compare):
            sides = [self.expression(x) for x in (node.left, *node.comparators)]
            signs = [_RELATIONS[type(x)] for x in node.ops]
            links = [f"{x} {sign} {y}" for x, sign, y in zip(sides, signs, sides[1:], strict=False)]
            return f"({' && '.join(links)})"
        if isinstance(node, ast.IfExp):
            ways = [self.expression(x) for x in (node.test, node.body, node.orelse)]
            return f"({ways[0]} ? {ways[1]} : {ways[2]})"
        if isinstance(node, ast.Subscript):
            return f"{self.expression(node.value)}[{self.language.place(self.expression(node.slice))}]"
        if isinstance(node, ast.Call):
            return self.call(node)
        raise _unknown(node)

    def name(self, name: str) -> str:
        """Return a variable, a list, or what a name of the module stands for."""
        if name in ("inf", "nan"):
            return self.language.call(name, [])
        value = constants().get(name)
        if value is None:
            return name
        if isinstance(value, tuple):
            self.tables[name] = ", ".join([repr(float(x)) for x in value])
            return name
        return repr(value)

    def call(self, node: ast.Call) -> str:
        operands = [self.expression(x) for x in node.args]
        name = ast.unparse(node.func)
        if name in self.functions:
            return f"@{name.lstrip('_')}({', '.join(operands)})"
        plain = name.removeprefix("math.")
        return self.language.call(_OF_MATH.get(plain, plain), operands)


def _is_documentation(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _unknown(node: ast.AST) -> TypeError:
    return TypeError(f"{ast.unparse(node)!r} is no part of the Python that is translated to C and JavaScript")
