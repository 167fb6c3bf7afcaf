"""Programs and formulas as the page runs them: what is printed, shown and told of errors."""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

import pytest

from autograd import Value, explain
from autograd.cli.playground_command import session
from autograd.playground.showing import shown

Messages = list[tuple[str, Any]]


def run(program: str) -> tuple[bool, Messages]:
    messages: Messages = []
    well = session(lambda kind, content: messages.append((kind, json.loads(json.dumps(content))))).run(
        program
    )
    return well, messages


def formula(text: str, values: str, view: str = "live", lang: str = "en") -> tuple[bool, Messages]:
    messages: Messages = []
    running = session(lambda kind, content: messages.append((kind, json.loads(json.dumps(content)))))
    return running.formula(text, values, view, lang), messages


def test_what_is_printed_comes_by_lines() -> None:
    assert run("print('a', end='')\nprint('b')\nprint('c', end='')") == (
        True,
        [("text", "ab\n"), ("text", "c")],
    )


def test_what_goes_to_standard_error_is_shown_too() -> None:
    assert run("import sys\nprint('x', file=sys.stderr)") == (True, [("text", "x\n")])


def test_the_last_expression_is_shown_and_none_is_not() -> None:
    assert run("1 < 2") == (True, [("html", '<pre class="result">True</pre>')])
    assert run("None") == (True, [])
    assert run("x = 3") == (True, [])
    assert run("") == (True, [])


def test_display_shows_in_order_with_what_is_printed() -> None:
    well, messages = run("print('before', end='')\ndisplay('a<b')\nprint('after')")
    assert well
    assert messages == [
        ("text", "before"),
        ("html", '<pre class="result">&#x27;a&lt;b&#x27;</pre>'),
        ("text", "after\n"),
    ]


def test_a_program_begins_from_nothing_and_is_the_main_module() -> None:
    messages: Messages = []
    running = session(lambda kind, content: messages.append((kind, content)))
    assert running.run("x = 1\nprint(__name__)")
    assert not running.run("x")
    assert messages[0] == ("text", "__main__\n")
    assert messages[1][1].endswith("NameError: name 'x' is not defined")


@pytest.mark.parametrize(
    "program",
    [
        "def f(x):\n    return 1 / x\n\nf(0)\n",
        "try:\n    {}['a']\nexcept KeyError as error:\n    raise ValueError('wrong') from error\n",
        "try:\n    {}['a']\nexcept KeyError:\n    int('x')\n",
        "x = (1\n",
        "from autograd import math\nmath.log(-1.0)\n",
        "raise KeyboardInterrupt\n",
        "f = lambda n: f(n + 1)\nimport sys\nf(0)\n",
        "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])\n",
    ],
)
def test_an_error_is_told_as_python_tells_it(program: str) -> None:
    well, messages = run(program)
    assert not well
    ((kind, told),) = messages
    assert kind == "error"
    try:
        exec(compile(program, "<program>", "exec"), {"__name__": "__main__"})
    except BaseException as error:
        lines = traceback.format_exception(error)
    # What Python says of a file, but for the frame of this test.
    if program.startswith("x = ("):
        del lines[0]  # of a file that it cannot read it tells no way to the error
    here = next((i for i, line in enumerate(lines) if "test_programs.py" in line), None)
    if here is not None:
        del lines[here]
    if "RecursionError" in told:
        assert told.splitlines()[-1] == lines[-1].strip()
    elif "ExceptionGroup" in told:
        assert told.splitlines()[-1] == "".join(lines).splitlines()[-1]
    else:
        assert "test_programs" not in told
        assert "programs.py" not in told
        if not program.startswith("try"):
            assert told == "".join(lines).rstrip("\n")


def test_an_error_shows_the_line_of_the_program() -> None:
    _, messages = run("x = 0\ny = 1 / x\n")
    lines = messages[0][1].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[1] == '  File "<program>", line 2, in <module>'
    assert lines[2].strip() == "y = 1 / x"
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_what_was_printed_before_an_error_is_not_lost() -> None:
    assert [kind for kind, _ in run("print('a', end='')\n1/0")[1]] == ["text", "error"]


def test_an_error_of_what_is_shown_is_one_of_the_program() -> None:
    well, messages = run("class Bad:\n    def __repr__(self):\n        return 1 / 0\n\nBad()\n")
    assert not well
    assert messages[-1][1].endswith("ZeroDivisionError: division by zero")


def test_exit_ends_a_program() -> None:
    assert run("print(1)\nraise SystemExit\n") == (True, [("text", "1\n")])
    assert run("import sys\nsys.exit(3)\n") == (False, [("error", "SystemExit: 3")])
    assert run("print(1)\nraise SystemExit('no data')\n") == (
        False,
        [("text", "1\n"), ("error", "no data")],
    )


def test_there_is_no_input_and_streams_are_as_they_were() -> None:
    streams = sys.stdin, sys.stdout, sys.stderr
    well, messages = run("input()")
    assert not well
    assert "EOFError" in messages[-1][1]
    assert (sys.stdin, sys.stdout, sys.stderr) == streams


def test_of_very_much_that_is_printed_the_rest_is_left_out() -> None:
    well, messages = run("for i in range(10_000):\n    print('x' * 99)\n")
    assert well
    text = "".join(content for _, content in messages)
    assert 190_000 < len(text) < 210_000
    assert text.endswith("…\n")


def test_a_flood_of_lines_comes_in_few_pieces_so_that_the_page_can_stop_it() -> None:
    _, messages = run("for i in range(20_000):\n    print(i, flush=True)\n")
    assert len(messages) < 500
    assert "".join(content for _, content in messages).startswith("0\n1\n2\n")
    _, messages = run("for i in range(300_000):\n    print('x', end='')\ndisplay(1)\nprint('y')\n")
    assert [kind for kind, _ in messages] == ["text", "html"]


def test_a_loop_that_shows_without_an_end_is_an_error() -> None:
    well, messages = run("while True:\n    display(1)\n")
    assert not well
    assert [kind for kind, _ in messages] == ["html"] * 100 + ["error"]
    assert "RuntimeError: a program on this page can show 100 things" in messages[-1][1]


@pytest.mark.parametrize("made", ["draw", "walk", "play"])
def test_what_shows_itself_elsewhere_in_the_browser_is_shown_on_the_page(
    made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", pytest.fail)
    program = f"from autograd import Value, {made}\nthing = {made}(Value(2.0) * 3.0)\nshown = thing.show()\n"
    assert run(f"{program}thing") == (True, run(f"{program}None")[1] * 2)


# What is shown


def test_things_are_shown_by_their_html_or_picture() -> None:
    x = Value(2.0, label="x")
    program = "from autograd import *\nx = Value(2.0, label='x')\ny = x * x\ny.backward()\n"
    for call, kind in [
        ("play(y)", 'class="autograd-live"'),
        ("walk(y)", 'class="autograd-player"'),
        ("draw(y)", "<svg"),
    ]:
        well, messages = run(program + call)
        assert well
        assert [name for name, _ in messages] == ["html"]
        assert kind in messages[0][1]
    assert shown(x) == x._repr_html_()


def test_a_class_is_shown_as_text() -> None:
    class Card:
        def _repr_html_(self) -> str:
            return "<b>card</b>"

    assert shown(Card()) == "<b>card</b>"
    assert "Card" in shown(Card)


def test_a_bundle_may_come_with_metadata_or_lack_what_a_page_shows() -> None:
    class Bundle:
        def __init__(self, bundle: Any) -> None:
            self.bundle = bundle

        def _repr_mimebundle_(self) -> Any:
            return self.bundle

        def __repr__(self) -> str:
            return "plain"

    assert shown(Bundle({"text/html": "<i>1</i>"})) == "<i>1</i>"
    assert shown(Bundle(({"image/svg+xml": "<svg/>"}, {}))) == "<svg/>"
    assert shown(Bundle({"text/plain": "other"})) == '<pre class="result">plain</pre>'
    assert shown(Bundle(None)) == '<pre class="result">plain</pre>'


def test_an_explanation_is_shown_as_mathematics_and_names_are_no_markup() -> None:
    x, w = Value(2.0, label="<b>"), Value(3.0, label="w")
    y = x * w + x
    text = shown(explain(y, x, lang="zh"))
    assert text.startswith('<div class="explanation" lang="zh">')
    assert "<math" in text
    assert "<b>" not in text
    assert text.count("<li>") == 2  # two paths
    assert shown(explain(y)).count("<li>") == 3
    assert "the other" in shown(explain(y, x, limit=1))


# Formulas


def test_a_formula_has_its_value_and_derivatives() -> None:
    well, messages = formula("log(x1) + x1*x2 - sin(x2)", "x1=2 x2=5")
    assert well
    # By hand: log(2) + 10 - sin(5), 1/2 + 5, 2 - cos(5).
    assert messages[0] == (
        "formula",
        {
            "value": "11.652071455223084",
            "rows": [["x1", "2.0", "5.5"], ["x2", "5.0", "1.7163378145367738"]],
        },
    )
    assert 'class="autograd-live"' in messages[1][1]


@pytest.mark.parametrize(
    ("view", "part"),
    [("live", "autograd-live"), ("steps", "autograd-player"), ("picture", "<svg"), ("chain", "∂")],
)
def test_each_view_shows_the_formula(view: str, part: str) -> None:
    well, messages = formula("x*y", "x=2, y=5", view, "zh")
    assert well
    assert part in messages[1][1]


@pytest.mark.parametrize("values", ["x=2 y=5", "x = 2, y=5", "x=2，y=5", "x=2；y = 5", " x=2 ; y=10/2 "])
def test_values_are_written_as_one_likes(values: str) -> None:
    well, messages = formula("x*y", values)
    assert well
    assert messages[0][1]["value"] == "10.0"


@pytest.mark.parametrize(
    ("text", "values", "part"),
    [
        ("2*x + sni(x)", "x=1", "did you mean sin?"),
        ("x*y", "x=1", "y"),
        ("log(x)", "x=-1", "log(-1.0) is not defined\n    log(x)\n    ^^^"),
        ("x", "x", "write it as x=2"),
        ("", "", "formula"),
    ],
)
def test_what_is_wrong_with_a_formula_is_said(text: str, values: str, part: str) -> None:
    well, messages = formula(text, values)
    assert not well
    ((kind, told),) = messages
    assert kind == "error"
    assert part in told
    assert "Traceback" not in told
