"""Special functions in JavaScript, which are translated from Python, as Node.js computes them."""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from straight_lines import of_one

from autograd import ops
from autograd.ops import TABLE
from autograd.program.js.source import to_js

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")

SPECIAL = [name for name, primitive in TABLE.items() if primitive.home == ops.special.__name__]
NUMBERS = [
    0.0,
    1e-300,
    1e-9,
    0.1,
    0.3,
    0.5,
    0.76,
    1.0,
    1.5,
    2.0,
    3.0,
    4.0,
    7.7,
    20.5,
    26.0,
    41.0,
    300.0,
    1e3,
    2345.6,
]
NUMBERS += [*[-x for x in NUMBERS], math.inf, -math.inf, math.nan]


def alike(got: Any, expected: float) -> bool:
    if expected != expected:
        return bool(got == "NaN")
    if math.isinf(expected):
        return bool(got == ("Infinity" if expected > 0.0 else "-Infinity"))
    if not isinstance(got, int | float):
        return False
    close = 1e-12 * abs(expected) + 1e-14 * (abs(expected) > 1e-3)
    return bool(abs(got - expected) <= close)


def test_special_functions_give_what_they_give_in_python(tmp_path: Path) -> None:
    draw = random.Random(4)
    calls = []
    for i, name in enumerate(SPECIAL):
        module = tmp_path / f"m{i}.mjs"
        module.write_text(to_js(of_one(name, len(TABLE[name].derivatives)), "f"), encoding="utf-8")
        numbers = [*NUMBERS, *(draw.uniform(-30.0, 30.0) for _ in range(8))]
        calls.append((f"./{module.name}", [*product(numbers, repeat=len(TABLE[name].derivatives))]))
    given = [[path, [[repr(x) for x in point] for point in points]] for path, points in calls]
    script = tmp_path / "all.mjs"
    script.write_text(
        f"const calls = {json.dumps(given)}.map(([path, points]) => [path, points.map((point) => point.map("
        "(x) => x === 'inf' ? Infinity : x === '-inf' ? -Infinity : x === 'nan' ? NaN : Number(x)))]);\n"
        "const plain = (y) => Number.isFinite(y) ? y : String(y);\n"
        "const found = [];\n"
        "for (const [path, points] of calls) {\n"
        "  const f = Object.values(await import(path))[0];\n"
        "  found.push(points.map((point) => plain(Array.from(f(point))[0])));\n"
        "}\n"
        "console.log(JSON.stringify(found));\n",
        encoding="utf-8",
    )
    done = subprocess.run([str(NODE), str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for name, (_, points), results in zip(SPECIAL, calls, json.loads(done.stdout), strict=True):
        for point, result in zip(points, results, strict=True):
            if name[-1] == "⁾" and point[0] > 8.0:  # of which few digits are left
                continue
            expected = TABLE[name].ieee(*point)
            assert alike(result, expected), (name, point, result, expected)
