"""What a compiled function shows of itself: its source, which runs without the package, and a report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from autograd import compile, math


def test_source_runs_without_the_package(tmp_path: Path) -> None:
    def f(params: Any, x: Any) -> Any:
        if x > 0.0:
            return math.sigmoid(params["a"] * x) + math.digamma(x) ** params["b"]
        return math.softplus(x) / params["a"] - math.fma(x, x, 1.0) + math.erfc(x)

    fast = compile(f, (0, 1))
    points = [({"a": 0.3, "b": 2.0}, 1.5), ({"a": -1.0, "b": 0.5}, -2.0), ({"a": 2.0, "b": 1.0}, 4.0)]
    wanted = [fast.value_and_grad(*point) for point in points]
    (tmp_path / "generated.py").write_text(fast.source, encoding="utf-8")
    program = (
        "import sys; sys.modules['autograd'] = None; import generated\n"
        f"for point in {points!r}:\n"
        "    print(repr(generated.f_value_and_grad(*point)), repr(generated.f(*point)), sep=';')\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    for line, (value, gradient) in zip(run.stdout.splitlines(), wanted, strict=True):
        both, alone = line.split(";")
        assert eval(both) == (value, gradient)
        assert float(alone) == value


def test_source_reads_like_the_mathematics() -> None:
    fast = compile(lambda x, y: math.sin(x * y) + x, (0, 1)).record(1.0, 2.0)
    assert "def f(x, y):" in fast.source
    assert "def f_value_and_grad(x, y):" in fast.source
    assert "sin(x * y) + x" in fast.source
    assert "cos(" in fast.source


def test_report_counts_what_was_recorded_and_what_remains() -> None:
    def f(x: Any, y: Any) -> Any:
        a = (x * 1.0 + 0.0 * 2.0) * y
        b = x * y
        return a + b if x > y else a

    fast = compile(f, (0, 1))
    fast.value_and_grad(2.0, 1.0)
    fast(1.0, 2.0)
    report = fast.report()
    assert "2 inputs, 2 paths" in report
    assert "path 1: 6 operations recorded, 1 comparisons" in report
