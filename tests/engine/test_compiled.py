"""The engine as machine code and as plain Python: one source, the same answers, pickles for each other.

These tests hold in either form; `.ci/run` runs all tests in both.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
import sysconfig
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import autograd
from autograd import Value
from autograd.derivatives import flat, search, sweeps, variables
from autograd.engine import copying, methods, order, sums, together
from autograd.engine import node as nodes
from autograd.engine import value as engine
from autograd.support import real_numbers

ROOT = Path(__file__).parents[2]
COMPILER = shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0])
COMPILED = (
    nodes, order, copying, methods, engine, sums, together, real_numbers, flat, search, sweeps, variables,
)  # fmt: skip


# Either form


def source_of(module: ModuleType) -> Path:
    return Path(module.__file__ or "").with_name(f"{module.__name__.rpartition('.')[2]}.py")


def test_compiled_says_whether_the_module_that_runs_is_its_source() -> None:
    assert autograd.compiled is engine.compiled
    assert autograd.compiled is (Path(engine.__file__).suffix != ".py")


def test_the_source_of_a_module_lies_beside_it() -> None:
    for module in COMPILED:
        assert source_of(module).read_text().startswith('"""')


@pytest.mark.parametrize("module", COMPILED)
def test_each_module_may_be_the_first_to_be_imported(module: ModuleType) -> None:
    subprocess.run([sys.executable, "-c", f"import {module.__name__}"], check=True)


def documented(module: ModuleType) -> Iterator[tuple[Any, str]]:
    """Yield what is documented in the source of a module, each with what is written there."""
    tree = ast.parse(source_of(module).read_text())
    places: list[tuple[Any, ast.AST]] = [(module, tree)]
    for place, node in places:
        if text := ast.get_docstring(node):  # type: ignore[arg-type]
            yield place, text
        for inner in node.body:  # type: ignore[attr-defined]
            if isinstance(inner, (ast.FunctionDef, ast.ClassDef)):
                setter = any(isinstance(x, ast.Attribute) for x in inner.decorator_list)
                if not setter and hasattr(place, inner.name):
                    places.append((vars(place)[inner.name], inner))


@pytest.mark.parametrize("module", COMPILED)
def test_what_the_source_says_is_the_documentation(module: ModuleType) -> None:
    found = list(documented(module))
    assert len(found) > 1
    for place, text in found:
        assert inspect.getdoc(place) == text


def test_the_names_of_arguments_are_known_in_both_forms() -> None:
    assert [*inspect.signature(Value).parameters] == ["data", "label", "requires_grad"]
    assert [*inspect.signature(Value.backward).parameters] == ["self", "gradient", "excess", "unknown"]
    order = inspect.signature(autograd.topological_order).parameters
    assert [*order] == ["roots", "reverse", "without"]
    assert order["reverse"].default is False


@pytest.mark.parametrize("number", [3, True, 2.5])
def test_a_gradient_may_be_set_to_any_real_number(number: float) -> None:
    x = Value(2.0)
    x.grad = number
    assert type(x.grad) is float
    (x * x).backward()
    assert x.grad == number + 4.0


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        ("a", "a gradient is a number, not 'str'"),
        ([0.0], "a gradient is a number, not 'list'"),
        (None, "a gradient is a number, never None; set it to 0.0, as zero_grad() does"),
        (
            Value(2.0, "z"),
            "a gradient is a plain number, not Value(data=2.0, grad=0.0, label='z'); use its .data",
        ),
    ],
)
def test_a_gradient_is_set_to_nothing_else(thing: Any, message: str) -> None:
    x = Value(2.0)
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        x.grad = thing
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        (x * x).backward(thing)
    assert x.grad == 0.0


def test_a_node_takes_110_bytes_compiled_and_120_in_plain_python() -> None:
    x, y = Value(1.5), Value(2.5)
    nodes: list[Value] = [x] * 10_000
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for i in range(len(nodes)):
        nodes[i] = nodes[i - 1] * y
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert used / len(nodes) <= (110 if autograd.compiled else 120.5)


def test_a_number_that_marks_an_unset_field_in_compiled_code_is_a_number_like_others() -> None:
    # mypyc keeps -113.0 where a field of type float was never set.
    x = Value(-113.0)
    y = x * 1.0 + Value(0.0) * -113.0
    y.backward(-113.0)
    assert (x.data, y.data, x.grad) == (-113.0, -113.0, -113.0)
    assert pickle.loads(pickle.dumps(x)).data == -113.0


# One form and the other

PICKLING = """
import pickle, sys
import autograd
from autograd import Value
from autograd.engine import compiled
assert compiled is (sys.argv[1] == "compiled"), autograd.__file__
if sys.argv[2] == "write":
    x, y = Value(3.0, label="x"), Value(-2.0)
    chain = x
    for _ in range(100_000):
        chain = chain * 1.00001
    out = chain * y + (x / y).tanh() + 2 ** x + abs(-y)
    out.backward()
    sys.stdout.buffer.write(pickle.dumps((x, y, out, x * float("nan"))))
else:
    x, y, out, product = pickle.loads(sys.stdin.buffer.read())
    print(product.operands, product.partials)
    order = autograd.topological_order(out)
    print(x.label, len(order), [x.grad.hex(), y.grad.hex(), out.data.hex()])
    print([(n.op, len(n.operands), n.partials[:1]) for n in order[-12:]])
    out.zero_grad()
    out.backward()
    print(x.grad.hex(), y.grad.hex())
"""


def built(folder: Path, **environment: str) -> tuple[Path, str]:
    """Build the wheel, and return the folder it is unpacked in, and what was said."""
    folder.mkdir()
    pip = [sys.executable, "-m", "pip", "wheel", "--verbose", "--no-deps", "--no-cache-dir"]
    result = subprocess.run(
        [*pip, f"--wheel-dir={folder}", str(ROOT)],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | environment,
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked", result.stdout


def machine_code(package: Path) -> list[Path]:
    return [*package.rglob(f"*{sysconfig.get_config_var('EXT_SUFFIX')}")]


def in_form(form: str, package: Path, work: str, given: bytes = b"") -> bytes:
    """Have a process with a package of that form write a pickle, or read one and say what is in it."""
    command = [sys.executable, "-c", PICKLING, form, work]
    environment = os.environ | {"PYTHONPATH": str(package)}
    return subprocess.run(
        command, input=given, stdout=subprocess.PIPE, check=True, env=environment, cwd=package
    ).stdout


in_checkout = pytest.mark.skipif(
    not (ROOT / "autograd" / "__init__.py").exists(), reason="these tests are not in a checkout"
)


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the folder that has the package, by form: as it comes from source, and compiled."""
    folder = tmp_path_factory.mktemp("forms")
    pure, said = built(folder / "pure", AUTOGRAD_PURE="")
    assert "compiled engine" not in said
    compiled, said = built(folder / "compiled", AUTOGRAD_PURE="0")
    assert "built with a compiled engine" in said
    return {"pure": pure, "compiled": compiled}


in_two_forms = pytest.mark.skipif(COMPILER is None, reason="there is no compiler of C")


@pytest.mark.slow
@in_checkout
@in_two_forms
def test_each_form_reads_the_pickles_of_the_other(forms: dict[str, Path]) -> None:
    assert len(machine_code(forms["pure"])) == 0
    assert len(machine_code(forms["compiled"])) == len(COMPILED) + 1
    sources = [{path.relative_to(x) for path in x.rglob("*.py")} for x in forms.values()]
    assert sources[0] == sources[1] != set()
    answers = set()
    for writer, reader in (("pure", "compiled"), ("compiled", "pure"), ("pure", "pure")):
        pickled = in_form(writer, forms[writer], "write")
        answers.add(in_form(reader, forms[reader], "read", pickled))
    assert len(answers) == 1
    assert answers.pop().startswith(b"(Value(data=3.0, grad=")


@pytest.mark.slow
@in_checkout
@in_two_forms
def test_small_programs_come_to_the_same_in_both_forms(forms: dict[str, Path]) -> None:
    said = []
    for folder in forms.values():
        environment = os.environ | {"PYTHONPATH": str(folder)}
        command = [sys.executable, str(Path(__file__).with_name("small_programs.py"))]
        printed = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=environment).stdout
        said.append(json.loads(printed))
    pure, compiled = said
    assert len(pure) >= 250
    assert pure == compiled


@pytest.mark.slow
@in_checkout
@pytest.mark.skipif(sys.platform == "win32", reason="CC names the compiler on other systems only")
def test_where_compiling_was_asked_for_and_fails_nothing_is_built(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        built(tmp_path / "failed", AUTOGRAD_PURE="0", CC="false")
    assert "AUTOGRAD_PURE is 0, but the engine cannot be compiled" in failed.value.stdout
    assert not [*tmp_path.rglob("*.whl")]


@pytest.mark.slow
@in_checkout
def test_another_wish_than_0_or_1_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        built(tmp_path / "failed", AUTOGRAD_PURE="yes")
    assert "AUTOGRAD_PURE is 'yes'; it must be 0 (compiled), 1 (plain Python) or empty" in failed.value.stdout
