"""How a Value behaves where people stumble: every row of `contract.py` is run, and its page is up to date.

Numbers and gradients must agree to the last bit. `pytest tests/test_contract.py --update` stores the page
`notebooks/how_a_value_behaves.md` as the table has it now.
"""

from __future__ import annotations

import ast
import builtins
import gc
import itertools
import math as std
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contract import (
    AWKWARD,
    IMPORTS,
    OPERATORS,
    SECTIONS,
    Answer,
    Number,
    Program,
    Refusal,
    Row,
    Section,
    Sweep,
)

import autograd
from autograd import Value

PAGE = Path(__file__).parent.parent / "notebooks" / "how_a_value_behaves.md"
OPEN = object()  # the contract says "any"

# Running a row


def rows(kind: type[Row]) -> pytest.MarkDecorator:
    found = [(section, row) for section in SECTIONS for row in section.rows if isinstance(row, kind)]
    assert found
    return pytest.mark.parametrize(("section", "row"), found, ids=[name_of(row) for _, row in found])


def name_of(row: Row) -> str:
    if isinstance(row, Program):
        return f"program of {len(row.code.splitlines())} lines"
    at = getattr(row, "at", "")
    return row.code.replace("\n", "; ").replace("⊕", "op") + (f" at {at}" if at else "")


def expected(text: str) -> Any:
    """Evaluate what a row expects; names are those of Python's own `math`."""
    return eval(text, {**vars(std), "any": OPEN})


def named(at: str) -> dict[str, float]:
    """Return the inputs, given as in a call: `x = 0.0, y = 2.0`."""
    numbers: dict[str, float] = eval(f"dict({at})", {"inf": std.inf, "nan": std.nan})
    return numbers


def namespace(section: Section, at: str) -> dict[str, Any]:
    """Return what the code of a row sees: the imports, what the section sets up, and the inputs as Values."""
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    exec(section.setup, names)
    names.update({name: Value(x) for name, x in named(at).items()})
    return names


def variants(code: str) -> list[str]:
    """Return the code once for each operator, if it has the sign that stands for all of them."""
    return [code.replace("⊕", op) for op in OPERATORS] if "⊕" in code else [code]


def run(code: str, names: dict[str, Any]) -> Any:
    """Execute all lines but the last, and evaluate that."""
    *before, last = code.split("\n")
    exec("\n".join(before), names)
    return eval(last, names)


def same_float(got: object, want: float) -> bool:
    """Say whether the bits agree; where 0 is wanted -0.0 will do, and a NaN is a NaN."""
    if type(got) is not float:
        return False
    return repr(got) == repr(want) or (got == 0.0 and repr(want) == "0.0")


def agrees(got: object, want: object) -> bool:
    return want is OPEN or same_float(got, float(want))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def collector_as_it_was() -> Iterator[None]:
    enabled = gc.isenabled()
    yield
    (gc.enable if enabled else gc.disable)()


@rows(Number)
def test_value_and_gradient(section: Section, row: Number) -> None:
    names = namespace(section, row.at)
    inputs = [names[name] for name in named(row.at)]
    out = run(row.code, names)
    assert type(out) is Value
    assert agrees(out.data, expected(row.value)), out
    out.backward()
    for x, want in zip(inputs, expected(f"({row.gradient},)"), strict=True):
        assert agrees(x.grad, want), x


@rows(Answer)
def test_answer(section: Section, row: Answer) -> None:
    for code in variants(row.code):
        got, want = run(code, namespace(section, row.at)), expected(row.result)
        assert (type(got), repr(got)) == (type(want), repr(want)), code


@rows(Refusal)
def test_refusal(section: Section, row: Refusal) -> None:
    message = ".*".join(map(re.escape, row.says.split(" … "))) if row.says else None
    for code in variants(row.code):
        names = namespace(section, row.at)
        *before, last = code.split("\n")
        exec("\n".join(before), names)
        with pytest.raises(getattr(builtins, row.error, Exception), match=message) as caught:
            exec(last, names)
        assert caught.type.__name__ == row.error, code


@rows(Program)
def test_program_prints_the_same_whatever_the_seed_of_hashes(section: Section, row: Program) -> None:
    package = Path(autograd.__file__).parent.parent
    printed = set()
    for seed in map(str, range(8)):
        environment = dict(os.environ, PYTHONHASHSEED=seed, PYTHONPATH=str(package))
        ran = subprocess.run(
            [sys.executable, "-c", row.code], env=environment, capture_output=True, text=True, check=True
        )
        printed.add(ran.stdout)
    assert len(printed) == 1
    assert printed.pop().count("0x1.") > 10


# Comparing with floats


def outcome(code: Any, names: dict[str, Any]) -> Any:
    """Return what the code gives, or the exception it raises."""
    try:
        return eval(code, names)
    except (ArithmeticError, ValueError) as error:
        return error


def plain(x: Any) -> Any:
    return tuple(map(plain, x)) if isinstance(x, tuple) else x.data if isinstance(x, Value) else x


def same_outcome(got: Any, want: Any) -> bool:
    if isinstance(want, complex):
        return type(got) is ValueError
    if isinstance(want, Exception):
        return type(got) is type(want)
    if isinstance(want, tuple):
        return isinstance(got, tuple) and all(itertools.starmap(same_outcome, zip(got, want, strict=True)))
    if isinstance(want, bool):
        return got is want
    if isinstance(want, float) and type(got) is not Value:
        return False
    return not isinstance(got, Exception) and repr(float(plain(got))) == repr(float(want))


@rows(Sweep)
def test_the_same_as_for_floats(section: Section, row: Sweep) -> None:
    names = namespace(section, "")
    code = compile(row.code, row.code, "eval")
    numbers = eval(AWKWARD, {"inf": std.inf, "nan": std.nan})
    operands = sorted(operands_of(row))
    mixtures = [mix for mix in itertools.product((Value, float), repeat=len(operands)) if Value in mix]
    for point in itertools.product(numbers, repeat=len(operands)):
        want = outcome(code, {**names, "math": std, **dict(zip(operands, point, strict=True))})
        for mixture in mixtures:
            inputs = [kind(x) for kind, x in zip(mixture, point, strict=True)]
            got = outcome(code, {**names, **dict(zip(operands, inputs, strict=True))})
            assert same_outcome(got, want), (inputs, got, want)
            for part in got if isinstance(got, tuple) else (got,):
                if isinstance(part, Value):
                    part.backward()
            assert all(type(x.grad) is float for x in inputs if isinstance(x, Value))


def operands_of(row: Sweep) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(row.code)) if isinstance(node, ast.Name)} & {"x", "y"}


# The page


def filled(text: str) -> str:
    return textwrap.fill(text, 110, break_on_hyphens=False, break_long_words=False)


INTRODUCTION = f"""\
# How a Value behaves

A `Value` is a number that remembers how it was computed. This page says what to expect of it, above all where
floating-point numbers, derivatives or Python itself are awkward. It comes down to three sentences:

- the number is the one Python gives for plain floats, and so is the exception; on arrays it is NumPy's;
- the gradient is PyTorch's where there is more than one to choose from;
- whatever would lose a gradient without a word is an error that says what to do instead.

Each row below is also a test. The code shown is the code that runs, after these lines:

```python
{IMPORTS.strip()}
```

Where a table has a column **At**, those inputs are Values: `x = 3` means `x = Value(3)`. **Value** is the
`.data` of the result, and **Gradient** the `.grad` of each input, in that order, after `backward()` on the
result. Both are compared to the last bit, except that `-0.0` passes where 0 is promised; `any` means that
nothing is promised. Of several lines of code, **Gives** is what the last one evaluates to, and **Raises** is
what it raises; **Message** is a part of the error's text, in which `…` stands for words in between. Some
expressions are compared with floats at every one of these *awkward floats*:

```text
{filled(AWKWARD)}
```

To add a row, add it to [tests/contract.py](../tests/contract.py) and let
`pytest tests/test_contract.py --update` write this page.
"""

COLUMNS: dict[type[Row], dict[str, str]] = {
    Number: {"Code": "code", "At": "at", "Value": "value", "Gradient": "gradient", "Why": "why"},
    Answer: {"Code": "code", "At": "at", "Gives": "result", "Why": "why"},
    Refusal: {"Code": "code", "At": "at", "Raises": "error", "Message": "says", "Why": "why"},
}


def page() -> str:
    """Return the contract as Markdown."""
    contents = "\n".join(f"- [{section.title}](#{anchor(section.title)})" for section in SECTIONS)
    return "\n".join([INTRODUCTION, contents + "\n", *map(chapter, SECTIONS)])


def anchor(title: str) -> str:
    """Return the name that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def chapter(section: Section) -> str:
    parts = [f"## {section.title}\n", filled(section.text) + "\n"]
    if section.setup:
        parts.append(f"Before each row:\n\n{fenced(section.setup)}")
    # Rows of one kind make one table, in the order in which the kinds appear.
    for kind in dict.fromkeys(map(type, section.rows)):
        of_this_kind = [row for row in section.rows if type(row) is kind]
        if kind is Program:
            parts += [fenced(row.code) for row in of_this_kind]
        elif kind is Sweep:
            parts.append(comparison(of_this_kind))
        else:
            parts.append(table(COLUMNS[kind], of_this_kind))
    return "\n".join(parts)


def table(columns: dict[str, str], of_this_kind: list[Row]) -> str:
    used = {
        head: field for head, field in columns.items() if any(getattr(row, field) for row in of_this_kind)
    }
    lines = [list(used), ["---"] * len(used)]
    lines += [[cell(head, getattr(row, field)) for head, field in used.items()] for row in of_this_kind]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(head: str, text: str) -> str:
    """Return the text as a cell: code, a line each, except where it is words. A bar would end the cell."""
    escaped = text.replace("|", "\\|")
    if head == "Why" or not text:
        return escaped
    return "<br>".join(f"`{line}`" for line in escaped.split("\n"))


def fenced(code: str) -> str:
    return f"```python\n{code.strip()}\n```\n"


def comparison(sweeps: list[Any]) -> str:
    one, two = ([f"`{row.code}`" for row in sweeps if len(operands_of(row)) == n] for n in (1, 2))
    promise = (
        "The following give bit for bit what they give for floats, or raise the same exception, and "
        "`backward()` on the result raises nothing:"
    )
    of_one = f"- with every awkward float as `x`: {', '.join(one)};"
    of_two = f"- with every pair of them as `x` and `y`, both Values or one a float: {', '.join(two)}."
    return f"{filled(promise)}\n\n{of_one}\n{of_two}\n"


def test_the_page_shows_the_table(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update"):
        PAGE.write_text(page(), encoding="utf-8")
    stored = PAGE.read_text(encoding="utf-8")
    assert stored == page(), "run 'pytest tests/test_contract.py --update' to store the page"


def test_every_row_stands_once() -> None:
    for section in SECTIONS:
        names = [(type(row), name_of(row)) for row in section.rows]
        assert len(names) == len(set(names))
