"""The command line: what it prints, where errors go, and what the exit status is."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from autograd import __version__, compiled
from autograd.cli import command_line, formula_commands, main
from autograd.cli.arguments import Parser
from autograd.drawing import DrawingError

EXAMPLE = ["diff", "log(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5"]
# 11.652071455223084 is log(2) + 10 - sin(5), 5.5 is 1/2 + 5, 1.7163... is 2 - cos(5), by hand.
TABLE = "value  11.652071455223084\nd/dx1  5.5\nd/dx2  1.7163378145367738\n"

Capture = pytest.CaptureFixture[str]


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        text=True,
        encoding="utf-8",
        stderr=subprocess.PIPE,
        check=False,
        **options,
    )


def error_of(capsys: Capture, *argv: str) -> str:
    """Run a command that must fail as a user's mistake does, and return its message."""
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert err.startswith("autograd: error: ")
    return err.removeprefix("autograd: error: ").rstrip("\n")


# diff


def test_diff_prints_the_value_and_every_derivative(capsys: Capture) -> None:
    assert main(EXAMPLE) == 0
    assert capsys.readouterr() == (TABLE, "")


def test_diff_runs_as_a_module_of_python() -> None:
    done = run("-W", "error", "-m", "autograd", *EXAMPLE, stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (0, TABLE, "")


def test_the_arguments_of_the_process_are_the_default(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/autograd", *EXAMPLE])
    assert main() == 0
    assert capsys.readouterr().out == TABLE


def test_the_columns_of_the_table_are_aligned_for_wide_names(capsys: Capture) -> None:
    assert main(["diff", "速度*t", "速度=3", "t=2"]) == 0
    # A Chinese character is two columns wide.
    assert capsys.readouterr().out == "value    6.0\nd/d速度  2.0\nd/dt     3.0\n"


@pytest.mark.parametrize("formula", ["-x**2", "-(x*x)", "--x - x*x - x"])
@pytest.mark.parametrize("separator", [[], ["--"]])
def test_a_formula_may_begin_with_a_minus(capsys: Capture, formula: str, separator: list[str]) -> None:
    assert main(["diff", *separator, formula, "x=3"]) == 0
    assert capsys.readouterr().out == "value  -9.0\nd/dx   -6.0\n"


@pytest.mark.parametrize("text", ["x=-0.5", "x = -1/2", "x=-(2**-1)", "x=-5e-1", "x=cos(pi)/2"])
def test_the_value_of_a_variable_is_a_number_or_a_formula_without_variables(
    capsys: Capture, text: str
) -> None:
    assert main(["diff", "x*x", text]) == 0
    assert capsys.readouterr().out == "value  0.25\nd/dx   -1.0\n"


def test_a_formula_without_variables_has_a_value_only(capsys: Capture) -> None:
    assert main(["diff", "2**10"]) == 0
    assert capsys.readouterr().out == "value  1024.0\n"


def test_an_error_in_a_formula_points_at_the_place(capsys: Capture) -> None:
    assert error_of(capsys, "diff", "2*x + sni(x)", "x=1") == (
        "unknown function 'sni'; did you mean sin?\n"
        "    2*x + sni(x)\n"
        "          ^^^"
    )  # fmt: skip
    assert error_of(capsys, "diff", "9**9**9").startswith("9.0 ** 387420489.0 is too large for a float")


@pytest.mark.parametrize(
    ("variables", "fragment"),
    [
        (["x"], "'x' gives no variable a value; write it as x=2"),
        (["x", "=", "2"], "'x' gives no variable a value"),
        (["x="], "'x=' gives no variable a value"),
        (["=2"], "'=2' gives no variable a value"),
        (["--steps=3"], "'--steps' cannot be the name of a variable"),
        (["x=1", "x=2"], "the variable 'x' is given twice"),
        (["ﬁ=1", "fi=1"], "spellings of one variable"),
        (["x=abc"], "the value of 'x': unknown variable 'abc'"),
        (["y=1", "x=y"], "the value of 'x': unknown variable 'y'"),
        (["x=1/"], "the value of 'x': the formula ends"),
        (["x=1/0"], "the value of 'x': 1.0 / 0.0 divides by zero"),
        (["x==2"], "the value of 'x': unexpected '='"),
        (["x=1e999"], "the value of 'x': this number is too large"),
        (["x=nan"], "the value of 'x' must be a finite number, not nan"),
        (["x=-inf"], "the value of 'x' must be a finite number, not -inf"),
        (["x=inf\n+\t1"], "the value of 'x' must be a finite number, not inf + 1"),
        (["x=1", "e=3"], "'e' is the name of a constant"),
        (["x=1", "gamma=3"], "'gamma' is the name of a function"),
        (["x=1", "2x=3"], "'2x' cannot be the name of a variable"),
        (["y=1"], "unknown variable 'x'; the variables given are y"),
        (["x=1，y=2"], "'x=1，y=2' is no variable and its value; write x=1 y=2"),
        (["x=1,y=2"], "write x=1 y=2"),
        (["x=1， y=2；z=3"], "write x=1 y=2 z=3"),
        (["x=1，"], "write x=1"),
        (["x＝1"], "write x=1"),
        (["x=1 y=2"], "write x=1 y=2"),
        (["速度=1、时间=2"], "write 速度=1 时间=2"),
        (["x=(1，2)"], "the value of 'x': unexpected '，'; write ,"),
        ([], "unknown variable 'x'; no variables are given"),
    ],
)
def test_a_mistake_in_the_variables_is_explained(
    capsys: Capture, variables: list[str], fragment: str
) -> None:
    assert fragment in error_of(capsys, "diff", "x", *variables)


def test_a_function_of_two_arguments_may_be_a_value(capsys: Capture) -> None:
    assert main(["diff", "x", "x=maximum(1,2)"]) == 0
    assert capsys.readouterr().out == "value  2.0\nd/dx   1.0\n"


def test_diff_speaks_chinese(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "graph.dot"
    assert main(["diff", "x*y", "x=2", "y=5", "--lang", "zh", f"--draw={path}"]) == 0
    assert capsys.readouterr().out == f"值    10.0\nd/dx  5.0\nd/dy  2.0\n计算图已画入 {path}\n"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("suffix", [".html", ".txt"])
def test_a_walk_is_saved(tmp_path: Path, capsys: Capture, lang: str, suffix: str) -> None:
    path = tmp_path / f"steps{suffix}"
    assert main(["walk", "tanh(w*x + b)", "w=-3", "x=2", "--save", str(path), "b=6.9", "--lang", lang]) == 0
    assert capsys.readouterr().out.endswith(f"{path}\n")
    text = path.read_text(encoding="utf-8")
    if suffix == ".txt":
        assert text.startswith("forward\n" if lang == "en" else "前向\n")
        assert "∂v5/∂v4 = 1 − v5²" in text
    else:
        assert text.startswith("<!DOCTYPE html>")


def test_a_walk_is_saved_as_a_page_or_as_text_only(tmp_path: Path, capsys: Capture) -> None:
    message = error_of(capsys, "walk", "x", "x=1", "--save", str(tmp_path / "steps.pdf"))
    assert message.endswith("steps.pdf': the name must end in .html or .txt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_formula_is_played_with_on_a_page(tmp_path: Path, capsys: Capture, lang: str) -> None:
    path = tmp_path / "neuron.html"
    assert main(["play", "tanh(w*x + b)", "w=-3", "x=2", f"--save={path}", "b=6.9", "--lang", lang]) == 0
    assert capsys.readouterr().out.endswith(f"{path}\n")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert ("Learning rate" if lang == "en" else "学习率") in text.encode().decode("raw_unicode_escape")


def test_a_page_to_play_with_is_opened_where_it_is_not_saved(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["play", "-x**2", "x=3"]) == 0
    path = Path(capsys.readouterr().out.removeprefix("page written to ").strip())
    assert opened == [path.as_uri()]
    assert path.is_relative_to(tmp_path)


def test_a_page_to_play_with_is_html(tmp_path: Path, capsys: Capture) -> None:
    message = error_of(capsys, "play", "x", "x=1", "--save", str(tmp_path / "page.png"))
    assert message.endswith("page.png': the name must end in .html")
    assert list(tmp_path.iterdir()) == []


def test_a_formula_without_variables_has_nothing_to_explain(capsys: Capture) -> None:
    assert error_of(capsys, "explain", "3 + 4").startswith("the formula has no variables")


@pytest.mark.parametrize("name", ["", " ", "a-file"])
def test_the_playground_is_built_in_a_folder(
    tmp_path: Path, capsys: Capture, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a-file").write_text("kept")
    assert error_of(capsys, "playground", "--build", name).startswith("--build takes the name of a folder")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a-file", "kept")]


def test_a_port_that_is_taken_is_named(capsys: Capture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        message = error_of(capsys, "playground", "--no-browser", "--port", str(port))
    assert message.startswith(f"port {port} cannot be used")
    assert "leave --port away" in message


def test_control_c_is_how_one_ends_the_playground(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("http.server.ThreadingHTTPServer.serve_forever", interrupted)
    assert main(["playground", "--no-browser"]) == 0
    assert capsys.readouterr().err == ""


def test_an_explanation_is_as_wide_as_the_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["explain", "tanh(w*x + b)", "w=-3", "x=2", "b=6.9"]) == 0
    wide = capsys.readouterr().out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "40")
    assert main(["explain", "tanh(w*x + b)", "w=-3", "x=2", "b=6.9"]) == 0
    narrow = capsys.readouterr().out
    assert max(map(len, narrow.splitlines())) <= 40 < max(map(len, wide.splitlines()))
    assert narrow.split() == wide.split()


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf", ".PNG", ".dot", ".mmd", ".md"])
def test_diff_draws_the_graph(tmp_path: Path, capsys: Capture, suffix: str) -> None:
    file = tmp_path / f"graph{suffix}"
    assert main(["diff", "x*y", "--draw", str(file), "x=2", "y=3"]) == 0
    assert capsys.readouterr().out == f"value  6.0\nd/dx   3.0\nd/dy   2.0\ngraph drawn into {file}\n"
    magic = {
        ".svg": b"<?xml", ".png": b"\x89PNG", ".pdf": b"%PDF", ".dot": b"digraph", ".mmd": b"flowchart",
        ".md": b"```mermaid",
    }[suffix.lower()]  # fmt: skip
    assert file.read_bytes().startswith(magic)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize("position", [0, 1, 2, 3])
@pytest.mark.parametrize("together", [True, False])
def test_draw_may_stand_anywhere(tmp_path: Path, capsys: Capture, position: int, together: bool) -> None:
    file = tmp_path / "graph.svg"
    arguments = ["-x*y", "x=2", "y=3"]
    arguments[position:position] = [f"--draw={file}"] if together else ["--draw", str(file)]
    assert main(["diff", *arguments]) == 0
    assert capsys.readouterr().out.startswith("value  -6.0\n")
    assert ">x<" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["graph.bmp", "graph", "graph.svg.txt", "", "svg"])
def test_a_picture_of_another_kind_is_refused_before_anything_is_computed(capsys: Capture, name: str) -> None:
    message = error_of(capsys, "diff", "1/0", "--draw", name)
    assert (
        message == f"cannot draw into {name!r}: the name must end in .svg, .png, .pdf, .dot, .gv, .mmd or .md"
    )


def test_a_picture_that_cannot_be_written_is_named(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "missing" / "graph.svg"
    assert main(["diff", "x", "x=1", "--draw", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == "value  1.0\nd/dx   1.0\n"
    assert err.startswith("autograd: error: ")
    assert str(file) in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_no_picture_of_a_failed_formula_is_left(tmp_path: Path, capsys: Capture) -> None:
    error_of(capsys, "diff", "1/0", "--draw", str(tmp_path / "graph.svg"))
    assert list(tmp_path.iterdir()) == []


def test_missing_graphviz_is_one_line(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_graphviz(value: object) -> NoReturn:
        raise DrawingError("install this and that")

    monkeypatch.setattr(formula_commands, "draw", without_graphviz)
    assert main(["diff", "x", "x=1", "--draw", str(tmp_path / "graph.svg")]) == 2
    assert capsys.readouterr().err == "autograd: error: install this and that\n"
    assert list(tmp_path.iterdir()) == []


# The frame


def test_the_version_is_printed(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    form = "compiled" if compiled else "pure Python"
    assert capsys.readouterr() == (f"scalar-autograd {__version__}, {form}\n", "")


def commands() -> list[str]:
    """Return the names under which the commands register themselves."""
    names: list[str] = []

    class Registrar:
        def __call__(self, name: str, **texts: Any) -> Any:
            names.append(name)
            return Parser(prog=name, description=texts["description"])

    for add_command in command_line.COMMANDS:
        add_command(Registrar())
    return names


def test_the_help_has_a_line_for_every_command(capsys: Capture) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for name in commands():
        assert re.search(rf"^ +{name}\s{{2,}}\w", text, re.MULTILINE)


@pytest.mark.parametrize("name", commands())
def test_the_help_of_a_command_shows_examples_and_fits_a_terminal(
    name: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([name, "--help"]) == 0
    text = capsys.readouterr().out
    assert f"\n  autograd {name} " in text
    assert max(map(len, text.splitlines())) <= 80


def test_the_examples_of_diff_run(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    import shlex

    monkeypatch.chdir(tmp_path)
    main(["diff", "--help"])
    examples = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  autograd diff ")]
    assert examples
    for example in examples:
        assert main(shlex.split(example)[1:]) == 0


def test_help_names_the_program_as_it_was_called(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    for called, shown in (("/bin/autograd", "autograd"), ("/lib/autograd/__main__.py", "python -m autograd")):
        monkeypatch.setattr(sys, "argv", [called])
        assert main(["--help"]) == 0
        assert capsys.readouterr().out.startswith(f"usage: {shown} [-h]")


@pytest.mark.parametrize(
    ("argv", "fragment"),
    [
        ([], "COMMAND"),
        (["differ"], "invalid choice: 'differ'"),
        (["--colour"], "COMMAND"),
        (["diff"], "FORMULA"),
        (["diff", "x", "--draw"], "--draw: expected one argument"),
    ],
)
def test_wrong_usage_is_one_line_that_leads_to_the_help(
    capsys: Capture, argv: list[str], fragment: str
) -> None:
    message = error_of(capsys, *argv)
    assert fragment in message
    assert "--help'" in message
    assert "\n" not in message


def test_an_interrupt_has_the_status_of_the_signal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(formula_commands, "evaluate", interrupted)
    assert main(["diff", "1"]) == 130
    assert capsys.readouterr() == ("", "autograd: interrupted\n")


def test_too_little_memory_is_one_line(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*arguments: object) -> NoReturn:
        raise MemoryError

    monkeypatch.setattr(formula_commands, "evaluate", exhausted)
    assert error_of(capsys, *EXAMPLE) == "this takes more memory than there is"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device on this system")
@pytest.mark.parametrize("command", [["train", "/dev/zero"], ["predict", "/dev/zero", "/dev/zero"]])
def test_a_file_without_end_is_one_line(capsys: Capture, command: list[str]) -> None:
    assert re.fullmatch(r"/dev/zero: .*it has more than 256 MiB, or no end", error_of(capsys, *command))


def test_a_mistake_of_ours_is_not_blamed_on_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object) -> NoReturn:
        raise TypeError("a bug")

    monkeypatch.setattr(formula_commands, "evaluate", broken)
    with pytest.raises(TypeError, match="a bug"):
        main(["diff", "1"])


def test_an_error_of_the_system_names_the_file(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*arguments: object) -> NoReturn:
        os.stat("no such file")
        raise AssertionError

    monkeypatch.setattr(formula_commands, "evaluate", missing)
    assert error_of(capsys, "diff", "1") == "no such file: No such file or directory"


@pytest.mark.parametrize("arguments", [EXAMPLE, ["--help"], ["diff", "--help"]])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_has_gone_is_no_error(arguments: list[str], unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
        done = run("-m", "autograd", *arguments, stdout=writing, env=environment)
    finally:
        os.close(writing)
    assert done.stderr == ""
    # Where each line is written at once, newer versions of argparse drop the error of their help.
    assert done.returncode in ((0, 141) if unbuffered and "--help" in arguments else (141,))


def test_a_terminal_without_chinese_characters_shows_their_codes() -> None:
    done = run(
        *("-m", "autograd", "diff", "速", "速=2"),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "value  2.0\nd/d\\u901f  1.0\n", "")


def test_a_walk_that_is_not_saved_is_stepped_through_in_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograd.steps import in_terminal

    shown: list[str] = []
    monkeypatch.setattr(in_terminal, "show", lambda steps: shown.append(str(steps)))
    assert main(["walk", "x * y", "x=2", "y=3"]) == 0
    assert shown[0].startswith("forward\n0  x = 2\n1  y = 3\n")
