"""A primitive that one entry adds is known everywhere at once."""

from __future__ import annotations

import ctypes
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from autograd import (
    Value,
    check_grads,
    check_primitive,
    compile,
    draw,
    explain,
    grad,
    hessian,
    ops,
    vmap,
    walk,
)
from autograd.cli import main
from autograd.formulas import derivative_of, rule_of
from autograd.ops import Primitive

AT = 0.75
COMPILER = shutil.which("cc")


def softsign_of(x: float) -> float:
    return x / (1.0 + abs(x))


@pytest.fixture
def softsign(table_as_it_was: None) -> Primitive:
    """The entry. All below is what it brings."""
    return ops.unary(
        "softsign",
        softsign_of,
        lambda x, out: 1.0 / (1.0 + abs(x)) ** 2.0,
        "Return x / (1 + abs(x)).",
        never_raises=True,
        c="{0} / (1.0 + fabs({0}))",
    )


def exact(order: int) -> float:
    """The derivative of that order, by mpmath."""
    with mpmath.workdps(40):
        return float(mpmath.diff(lambda x: x / (1 + x), AT, order))


def function(softsign: Primitive) -> Any:
    def f(x: Any) -> Any:
        return softsign(x) * 2.0

    return f


def test_it_is_recorded_and_differentiated(softsign: Primitive) -> None:
    x = Value(AT, label="x")
    y = softsign(x)
    y.backward()
    assert (y.op, y.data) == ("softsign", AT / (1.0 + AT))
    assert x.grad == pytest.approx(exact(1), rel=1e-15)
    assert grad(grad(softsign))(AT) == pytest.approx(exact(2), rel=1e-14)
    check_primitive(softsign)
    check_grads(softsign, (AT,))


def test_it_works_on_arrays(softsign: Primitive) -> None:
    xs = np.array([AT, -AT, 0.0])
    assert softsign(xs).tolist() == [AT / (1.0 + AT), -AT / (1.0 + AT), 0.0]
    second = hessian(lambda x: np.sum(softsign(x)))(np.array([AT, AT]))
    np.testing.assert_allclose(second, np.diag([exact(2)] * 2), rtol=1e-14)


def test_it_is_drawn_and_explained(softsign: Primitive) -> None:
    x = Value(AT, label="x")
    y = softsign(x)
    y.label = "y"
    assert "softsign" in draw(y).source
    assert "softsign" in str(draw(y))
    assert "softsign(x)" in str(walk(y))
    assert "∂y/∂x = " in str(explain(y, x))


def test_it_is_a_formula(softsign: Primitive) -> None:
    assert str(derivative_of(softsign, 0, "x")) == "1/(1 + |x|)²"
    assert "softsign" in rule_of(softsign).text
    assert r"\operatorname{softsign}" in rule_of(softsign).latex
    assert rule_of(softsign).mathml.startswith("<math")


@pytest.mark.usefixtures("softsign")
def test_the_command_line_knows_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "softsign(x)", f"x={AT}"]) == 0
    assert f"{exact(1):.11g}" in capsys.readouterr().out


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_programs_have_it(softsign: Primitive, backend: str) -> None:
    f = function(softsign)
    fast = compile(f, backend=backend).record(AT)
    xs = np.array([AT, -0.5, 3.0])
    if backend == "python":
        assert [fast.value_and_grad(x) for x in xs.tolist()] == [(f(x), grad(f)(x)) for x in xs.tolist()]
        assert fast.hessian(AT) == pytest.approx(2.0 * exact(2), rel=1e-14)
        return
    values, slopes = vmap(fast).value_and_grad(xs)
    np.testing.assert_allclose(values, [f(x) for x in xs.tolist()], rtol=1e-15)
    np.testing.assert_allclose(slopes, [grad(f)(x) for x in xs.tolist()], rtol=1e-15)


def test_it_is_written_in_python(softsign: Primitive) -> None:
    source = compile(function(softsign)).record(AT).source
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    assert namespace["f_value_and_grad"](AT) == (function(softsign)(AT), grad(function(softsign))(AT))


@pytest.mark.skipif(COMPILER is None, reason="there is no compiler of C")
def test_it_is_written_in_c(softsign: Primitive, tmp_path: Path) -> None:
    code = compile(function(softsign)).record(AT).to_c(mode="value_and_grad")
    (tmp_path / "f.c").write_text(code)
    library = tmp_path / "f.so"
    command = [COMPILER or "", "-std=c99", "-Wall", "-Werror", "-shared", "-fPIC", "-o", str(library)]
    subprocess.run([*command, str(tmp_path / "f.c"), "-lm"], check=True)
    out = (ctypes.c_double * 2)()
    assert ctypes.CDLL(str(library)).f(ctypes.byref(ctypes.c_double(AT)), out) == 0
    assert out[0] == 2.0 * AT / (1.0 + AT)
    assert out[1] == pytest.approx(2.0 * exact(1), rel=1e-15)


@pytest.mark.usefixtures("table_as_it_was")
def test_without_a_text_for_c_an_error_names_it_and_says_what_to_do() -> None:
    silent = ops.unary("silent", lambda x: x, lambda x, out: 1.0, "Return x.")
    with pytest.raises(TypeError, match=r"'silent' cannot be written in C.* c="):
        compile(silent).record(AT).to_c()


@pytest.mark.usefixtures("table_as_it_was")
def test_what_an_entry_does_not_say_is_not_taken_for_granted() -> None:
    plain = ops.unary("plain", math.sqrt, lambda x, out: 0.5 / out, "Return the root.")
    facts = (plain.binds, plain.never_raises, plain.never_negative_zero, plain.last_step, plain.c)
    assert facts == (None, False, False, False, None)


def test_an_entry_may_be_made_in_a_program_and_is_then_there(tmp_path: Path) -> None:
    program = tmp_path / "mine.py"
    program.write_text(
        "from autograd import grad, ops\n"
        "double = ops.unary('double', lambda x: 2.0 * x, lambda x, out: 2.0, 'Return 2 x.')\n"
        "print(grad(double)(1.0))\n"
    )
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=True)
    assert done.stdout == "2.0\n"
