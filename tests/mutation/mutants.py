"""All the small changes of a module's source that a test should notice.

Most are those of cosmic-ray's operators. Those that only ever give a TypeError on floats (bits, matrix
products), or that nobody writes by mistake (// and % for /, `is` for ==), are left out: they make the score
look better than it is. To these come changes that matter in rules of differentiation: another operand, a
function left out of a chain, a statement or a branch left out.
Annotations and what stands under `if TYPE_CHECKING` never run and are left as they are, and so are pairs of
numbers, the intervals from which tests draw.
"""

from __future__ import annotations

import ast
import copy
import difflib
import importlib
import warnings
from collections.abc import Container, Iterator
from dataclasses import dataclass
from types import CodeType
from typing import Any

Position = tuple[int, int]  # line, from 1, and column, from 0
Span = tuple[Position, Position]

LEFT_OUT = (
    "MatMul RShift LShift BitOr BitAnd BitXor Invert UAdd USub_Not _FloorDiv _Mod Eq_Is Eq_IsNot Lt_Is "
    "LtE_Is Gt_Is GtE_Is Is_Eq Is_NotEq Is_Lt Is_Gt IsNot_Eq IsNot_NotEq IsNot_Lt IsNot_Gt"
).split()
WITHOUT_ARGUMENTS_OF_THEIR_OWN = ("VariableReplacer", "VariableInserter")


@dataclass(frozen=True)
class Mutant:
    """A changed module.

    Attributes:
        operator: the kind of the change.
        line: where it is.
        before: the lines that it concerns, without indentation.
        after: what they became.
        code: the module, compiled.
    """

    operator: str
    line: int
    before: str
    after: str
    code: CodeType


def mutants_of(source: str, filename: str, wanted: Container[int]) -> list[Mutant]:
    """Return the mutants of some lines of a module, each once, in the order of the source."""
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    silent = _never_run(tree)
    seen = {ast.dump(tree)}
    found = []
    changes = [*_by_cosmic_ray(source), *_by_operators_of_ours(source, tree)]
    for operator, (begin, end), text in sorted(changes, key=lambda change: change[1]):
        if begin[0] not in wanted or any(b <= begin < e for b, e in silent):
            continue
        mutated = source[: starts[begin[0] - 1] + begin[1]] + text + source[starts[end[0] - 1] + end[1] :]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about comparing literals with `is`
            try:
                meaning = ast.dump(ast.parse(mutated))
                if meaning in seen:
                    continue
                code = compile(mutated, filename, "exec", dont_inherit=True)
            except SyntaxError:
                continue
        seen.add(meaning)
        found.append(Mutant(operator, begin[0], *_difference(lines, mutated.splitlines(keepends=True)), code))
    return found


def _difference(old: list[str], new: list[str]) -> tuple[str, str]:
    pieces = [
        (old[a:b], new[c:d])
        for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    before, after = (" ".join(line.strip() for piece in pieces for line in piece[side]) for side in (0, 1))
    return before, after


def _never_run(tree: ast.Module) -> list[Span]:
    nodes: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            nodes.append(node.annotation)
        elif isinstance(node, ast.FunctionDef) and node.returns:
            nodes.append(node.returns)
        elif (
            (isinstance(node, ast.If) and _is_type_checking(node.test))
            or (isinstance(node, ast.Assign) and _is_type_checking(node.targets[0]))
            or (isinstance(node, ast.Tuple) and node.elts and all(map(_is_limit, node.elts)))
        ):
            nodes.append(node)
    return [_span(node) for node in nodes]


def _is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"


def _is_limit(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) is float


def _span(node: Any) -> Span:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _by_cosmic_ray(source: str) -> Iterator[tuple[str, Span, str]]:
    importlib.import_module("parso")  # first, for its modules import each other
    provider = importlib.import_module("cosmic_ray.operators.provider").OperatorProvider()
    syntax = importlib.import_module("cosmic_ray.ast")
    tree = syntax.get_ast(source)
    for name in provider:
        if name in WITHOUT_ARGUMENTS_OF_THEIR_OWN or any(part in name for part in LEFT_OUT):
            continue
        operator = provider[name]()
        for node in syntax.ast_nodes(tree):
            for index, _ in enumerate(operator.mutation_positions(node)):
                twin = copy.deepcopy(node, {id(node.parent): node.parent})
                mutated = operator.mutate(twin, index)
                text = "" if mutated is None else mutated.get_code(include_prefix=False)
                if text.strip(" ,") == "/":  # the star of a signature, taken for a product
                    continue
                yield name, (node.start_pos, node.end_pos), text


def _by_operators_of_ours(source: str, tree: ast.Module) -> Iterator[tuple[str, Span, str]]:
    def text(node: ast.AST) -> str:
        return ast.get_source_segment(source, node) or ""

    # Columns of `ast` count bytes.
    lines = source.splitlines(keepends=True)

    def span(node: ast.AST) -> Span:
        ends = _span(node)
        (a, b), (c, d) = ends
        return (a, len(lines[a - 1].encode()[:b].decode())), (c, len(lines[c - 1].encode()[:d].decode()))

    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            yield from (("AnotherOperand", span(name), other) for name, other in _other_operands(node))
        if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
            yield "LeaveOutFunction", span(node), f"({text(node.args[0])})"
        if isinstance(node, ast.If | ast.IfExp):
            yield "AlwaysTrue", span(node.test), "True"
            yield "AlwaysFalse", span(node.test), "False"
        if isinstance(node, ast.BoolOp):
            for i, value in enumerate(node.values):
                rest = [text(v) for k, v in enumerate(node.values) if k != i]
                word = " and " if isinstance(node.op, ast.And) else " or "
                yield "LeaveOutCondition", span(node), f"({word.join(rest)})" if value else ""
        if isinstance(node, ast.AugAssign | ast.Raise) or (
            isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
        ):
            yield "LeaveOutStatement", span(node), "pass"
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute | ast.Subscript):
            yield "LeaveOutStatement", span(node), "pass"


def _other_operands(function: ast.FunctionDef | ast.Lambda) -> Iterator[tuple[ast.Name, str]]:
    """Give each parameter where it is used, with another that may stand there: in a lambda, any other."""
    arguments = (*function.args.posonlyargs, *function.args.args)
    parameters = [a.arg for a in arguments if a.arg not in ("self", "cls")]
    body = function.body if isinstance(function.body, list) else [function.body]
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in parameters:
                i = parameters.index(node.id)
                others = parameters[i + 1 :] + parameters[:i]
                for other in others if isinstance(function, ast.Lambda) else others[:1]:
                    yield node, other
