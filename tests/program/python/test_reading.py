"""The text of an entry is read from the module that has it; what cannot be read is said, with its name."""

from __future__ import annotations

import ast
import builtins
import dis
import importlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from autograd import ops
from autograd.ops import TABLE, Primitive
from autograd.program.python.definitions import definitions_of, ieee_name
from autograd.program.python.reading import (
    SOURCES,
    VALUES,
    constants,
    definition_of,
    entry_of,
    functions_of,
    text_of_constant,
)

EVERY = pytest.mark.parametrize("primitive", TABLE.values(), ids=list(TABLE))
ENTRIES = """'''Entries, of which some are told of here:
told = ops.unary("test_told", math.sin)
'''
import math
from math import sin as sine
from autograd import ops

def helper(x):
    return x

RULE = (lambda x, out: 1.0, "Return something.")
read = ops.unary("test_read", lambda x: math.sin(x) + abs(x), *RULE, where_raises=lambda x: x)
spread: ops.Primitive = ops.unary(  # 'this' is a comment
    'test_spread',
    math.sin, *RULE, where_raises=lambda x: (
        -x
    ),
)
shared = ops.unary("test_shared", ops.floats.sign, *RULE)
ops.unary("test_nameless", math.sin, *RULE)
lonely = ops.unary("test_lonely", value=math.sin, derivative=RULE[0], doc="")
by_keyword = ops.unary(name="test_keyword", value=math.sin, derivative=RULE[0], doc="")
renamed = ops.unary("test_renamed", sine, *RULE)
own = ops.unary("test_own", lambda x: helper(x) + math.sin(helper(x)), *RULE)
missing = ops.unary("test_missing", math.sin, *RULE, where_raises=lambda x: helper(x))
"""


FIRST = """
import ast

parse, lengths = ast.parse, []

def counting(text, *args, **kwargs):
    lengths.append(len(text))
    return parse(text, *args, **kwargs)

ast.parse = counting
from autograd import compile, math

compile(lambda x: x * x + math.sin(x)).record(1.5).source
print(sum(lengths))
"""


@cache
def whole(module: ModuleType) -> list[ast.stmt]:
    assert module.__file__ is not None
    return ast.parse(Path(module.__file__).read_text(encoding="utf-8")).body


@pytest.fixture
def module(table_as_it_was: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    (tmp_path / "module_of_entries.py").write_text(ENTRIES)
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("module_of_entries")
    del sys.modules["module_of_entries"]


def globals_of(code: CodeType) -> set[str]:
    inner = [x for x in code.co_consts if isinstance(x, CodeType)]
    own = {step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"}
    return own.union(*map(globals_of, inner))


@EVERY
def test_every_entry_of_the_table_can_be_read(primitive: Primitive) -> None:
    entry = entry_of(primitive)
    assert getattr(ops, entry.variable) is primitive


@EVERY
def test_the_text_of_an_entry_has_all_that_it_uses_and_computes_the_same(primitive: Primitive) -> None:
    text = definitions_of({f"ieee.{primitive.name}"})
    namespace: dict[str, object] = {}
    exec(text, namespace)
    for name, thing in namespace.items():
        code = getattr(thing, "__code__", None)
        for used in globals_of(code) if code else ():
            there = used in namespace or hasattr(builtins, used)
            assert there, f"the text of {primitive.name} lacks {used}, which {name} uses"
    function = namespace[ieee_name(primitive)]
    assert callable(function)
    for place in (0.25, 0.5, 0.75):
        x = tuple(low + place * (high - low) for low, high in primitive.domain)
        if None in primitive.derivatives:
            x = tuple(round(number) for number in x)
        assert function(*x) == primitive.ieee(*x)


def test_an_entry_is_read_where_it_is(module: ModuleType) -> None:
    entry = entry_of(module.read)
    assert entry.variable == "read"
    assert entry.where_raises is not None


def test_an_entry_may_have_any_layout(module: ModuleType) -> None:
    entry = entry_of(module.spread)
    assert entry.variable == "spread"
    assert entry.where_raises is not None
    assert ast.unparse(entry.where_raises) == "lambda x: -x"


@EVERY
def test_an_entry_is_a_statement_of_the_whole_text(primitive: Primitive) -> None:
    entry = entry_of(primitive)
    (text,) = [
        ast.unparse(node.value.args[1])
        for node in whole(sys.modules[primitive.home])
        if isinstance(node, ast.Assign | ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.args[0]) == repr(primitive.name)
    ]
    assert ast.unparse(entry.value) == text


@pytest.mark.parametrize("name", SOURCES)
def test_functions_are_those_of_the_whole_text(name: str) -> None:
    nodes = [node for source in SOURCES[name] for node in whole(source)]
    functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
    assert functions_of(name).keys() == functions.keys()
    for function, node in functions.items():
        assert ast.dump(definition_of(name, function)) == ast.dump(node)


def test_constants_are_those_of_the_whole_text() -> None:
    nodes = [node for source in VALUES.values() for node in whole(source) if isinstance(node, ast.Assign)]
    texts = [(node.targets[0], node.value) for node in nodes if not isinstance(node.value, ast.Attribute)]
    assert list(constants()) == [ast.unparse(target) for target, _ in texts]
    for target, value in texts:
        name, text = ast.unparse(target), ast.unparse(value)
        assert text_of_constant(name) == text
        assert constants()[name] == eval(text)


def test_a_program_parses_little_of_the_modules() -> None:
    run = subprocess.run([sys.executable, "-c", FIRST], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 2_000


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("test_nameless", "no statement"),
        ("test_lonely", "no statement"),
        ("test_keyword", "no statement"),
        ("test_renamed", "sine uses sine"),
        ("test_shared", "ops.floats.sign uses ops.floats.sign"),
        ("test_own", "lambda x: helper(x) + math.sin(helper(x)) uses helper"),
        ("test_missing", "lambda x: helper(x) uses helper"),
    ],
)
@pytest.mark.usefixtures("module")
def test_an_error_says_which_entry_cannot_be_read_and_why(name: str, why: str) -> None:
    with pytest.raises(TypeError) as caught:
        entry_of(TABLE[name])
    assert str(caught.value).startswith(f"the entry of {name!r} in module_of_entries cannot be read")
    assert why in str(caught.value)
