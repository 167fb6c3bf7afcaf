"""HIPS autograd's own tests, run against this package: which pass, and why others do not."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
PASSED, NOT_OFFERED, FAILED = "passed", "not offered", "failed"
COMPLEX = "complex numbers"
NOT_IMPORTED = "import"
"""What stands in the place of a test's name where its file cannot be imported."""

OTHERWISE = {
    "test_graphs::test_assignment_raises_error": "assignment to arrays works here, and raises there",
    "test_numpy::test_scalar_array_box_attributes": "a number is a Value, which has no shape and no dtype",
    "test_numpy::test_cast_to_int": "whole numbers out of an array of Values: take np.floor, or .data",
    "test_numpy::test_astype": "the dtype of an array of Values is object",
    "test_linalg::test_pinv": "np.linalg._dot, a name that is not public",
    "test_numpy::test_make_diagonal": "np.make_diagonal",
    "test_numpy::test_diagonal": "np.make_diagonal",
    "test_scipy::test_betainc": "scipy.special.betainc: take stats.beta.cdf",
    "test_wrappers::test_dtypes": "a gradient is of float64, whatever the precision of the argument",
    "test_wrappers::test_wrapped_name_and_docs": "the words of HIPS autograd's documentation",
    "test_wrappers::test_custom_where": "np.where with keywords, which NumPy has not",
    **{
        f"test_wrappers::test_custom_where_dtypes[{case}]": "np.where that returns a number as it is"
        for case in ("int-True-1-2", "float-True-3.0-4.0", "float-False-1-2.0", "list-True-x3-y3")
    },
}
"""Tests of what is not offered, or is otherwise on purpose, that no message shows."""

REASONS = (
    (r"complex", COMPLEX),
    (r"NumPy's i?[rh]?fft[2n]? does not work|'r?fft", "Fourier transforms, which are complex"),
    (r"(autograd\.[\w.]+), a part of HIPS autograd, is not offered", r"\1"),
    (r"(autograd[\w.]*) has no '(\w+)'; (?!did you mean)", r"\1.\2"),
    (r"module '(autograd[\w.]*)' has no attribute '(\w+)'", r"\1.\2"),
    (r"SciPy's (\w+) does not work on Values", r"scipy.special.\1"),
    (r"(\w+) of Values is there for whole orders only", r"scipy.special.\1 of an order that is not whole"),
)


class Row(NamedTuple):
    """A test: its name, how it went, and why it did not pass."""

    name: str
    outcome: str
    reason: str = ""
    message: str = ""


def run(source: Path, work: Path) -> list[Row]:
    """Run the tests of an unpacked source distribution in a folder; return how each went."""
    folder = work / "tests"
    shutil.copytree(source / "tests", folder, dirs_exist_ok=True)
    missing: dict[str, str] = {}
    for file in sorted(folder.glob("test_*.py")):
        missing |= {f"{file.stem}.{name}": what for name, what in _without_what_is_not_there(file)}
    rows = [_classified(row, missing) for row in _run(work, folder)]
    return _real_parts(rows, work, folder)


def _without_what_is_not_there(file: Path) -> Iterator[tuple[str, str]]:
    """Take out of a file's imports the names that are not offered, so that its other tests run."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in sorted(_imports(ast.parse(text).body), key=lambda node: -node.lineno):
        kept = []
        for alias in node.names:
            what = _missing(node, alias.name)
            if what is None:
                kept.append(alias)
            else:
                yield alias.asname or alias.name, what
        if len(kept) < len(node.names):
            node.names = kept
            line = " " * node.col_offset + (ast.unparse(node) if kept else "pass")
            lines[node.lineno - 1 : node.end_lineno] = [line]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _imports(body: Sequence[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports of a module that are not in functions."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.If | ast.Try):
            yield from _imports([*node.body, *node.orelse])


def _missing(node: ast.Import | ast.ImportFrom, name: str) -> str | None:
    """Return what is not offered if something of autograd's cannot be imported, else None."""
    module = node.module if isinstance(node, ast.ImportFrom) else name
    if not module or module.split(".")[0] != "autograd":
        return None
    alone = f"from {module} import {name}" if isinstance(node, ast.ImportFrom) else f"import {name} as _"
    try:
        exec(alone, {})
    except (ImportError, AttributeError):
        return f"{module}.{name}" if isinstance(node, ast.ImportFrom) else name
    return None


def _run(work: Path, folder: Path, *chosen: str) -> list[Row]:
    report = work / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", f"--rootdir={work}", f"--junitxml={report}"]
    command += ["-p", "no:randomly", "-p", "no:cacheprovider", "-W", "default", "--tb=short"]
    command += ["--continue-on-collection-errors"]
    places = [str(folder / f"{name.replace('::', '.py::')}") for name in chosen] or [str(folder)]
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])}
    subprocess.run(
        [*command, *places],
        cwd=work,
        env=variables,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    rows = []
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = f"{case.get('classname', '').rpartition('.')[2]}::{case.get('name')}"
        if not case.get("classname"):
            name = f"{case.get('name', '').rpartition('.')[2]}::{NOT_IMPORTED}"
        bad = [*case.iter("failure"), *case.iter("error")]
        if case.find("skipped") is not None:
            rows.append(Row(name, "skipped there too"))
        elif bad:
            message = f"{bad[0].get('message', '')}\n{bad[0].text or ''}"
            rows.append(Row(name, FAILED, message=message))
        else:
            rows.append(Row(name, PASSED))
    return rows


def _classified(row: Row, missing: dict[str, str]) -> Row:
    if row.outcome != FAILED:
        return row
    if row.name in OTHERWISE:
        return row._replace(outcome=NOT_OFFERED, reason=OTHERWISE[row.name])
    unknown = re.search(r"NameError: name '(\w+)' is not defined", row.message)
    file = row.name.partition("::")[0]
    if unknown and (what := missing.get(f"{file}.{unknown[1]}")):
        return row._replace(outcome=NOT_OFFERED, reason=what)
    for pattern, reason in REASONS:
        if found := re.search(pattern, row.message):
            return row._replace(outcome=NOT_OFFERED, reason=found.expand(reason))
    return row


def _real_parts(rows: list[Row], work: Path, folder: Path) -> list[Row]:
    """Run those tests once more that want complex numbers besides real ones, without these."""
    again = [row.name for row in rows if row.reason == COMPLEX]
    helper = folder / "numpy_utils.py"
    text = helper.read_text(encoding="utf-8")
    helper.write_text(text.replace("test_complex=True", "test_complex=False"), encoding="utf-8")
    passed = {row.name for row in (_run(work, folder, *again) if again else []) if row.outcome == PASSED}
    helper.write_text(text, encoding="utf-8")
    return [
        row._replace(reason=f"{COMPLEX}; with real numbers it passes") if row.name in passed else row
        for row in rows
    ]


def table(rows: list[Row]) -> str:
    """Return what was run as a table of Markdown: a row for each file of tests, and what is not offered."""
    files = sorted({row.name.partition("::")[0] for row in rows})
    lines = ["| tests | run | passed | not offered | failed |", "|---|---|---|---|---|"]
    for name in [*files, ""]:
        of = [row for row in rows if row.name.startswith(f"{name}::" if name else "")]
        counts = [sum(row.outcome == outcome for row in of) for outcome in (PASSED, NOT_OFFERED, FAILED)]
        whole = f"`{name}`{', which cannot be imported' if of[0].name.endswith(NOT_IMPORTED) else ''}"
        lines.append(f"| {whole if name else 'all'} | {sum(counts)} | {' | '.join(map(str, counts))} |")
    lines += ["", "| not offered | tests |", "|---|---|"]
    reasons = [row.reason for row in rows if row.outcome == NOT_OFFERED]
    for reason in sorted({*reasons}, key=lambda x: (-reasons.count(x), x)):
        lines.append(f"| {reason} | {reasons.count(reason)} |")
    return "\n".join(lines)
