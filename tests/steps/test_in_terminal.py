"""The command `walk` in a terminal: keys, what the screen shows, and the terminal afterwards."""

from __future__ import annotations

import io
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from autograd import Value, walk
from autograd.cli import main
from autograd.steps import in_terminal
from autograd.support.terminal import columns

pty = pytest.importorskip("pty")
termios = pytest.importorskip("termios")

RIGHT, LEFT, HOME, END = b"\x1b[C", b"\x1b[D", b"\x1b[H", b"\x1b[F"
FORMULA = ["tanh(w*x + b)", "w=-3", "x=2", "b=6.9"]  # 6 steps forward, 6 back


class Terminal:
    """A program in a pseudo-terminal of 80 columns and 24 lines."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.master, self.slave = pty.openpty()
        termios.tcsetwinsize(self.slave, (24, 80))
        self.before = termios.tcgetattr(self.slave)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "autograd", *arguments],
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            start_new_session=True,
            # What was started in the background of a shell ignores interrupts, and so would its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            env={**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **environment},
        )
        self.seen = ""

    def until(self, text: str) -> str:
        """Return what is shown from now on, up to that text."""
        shown = b""
        deadline = time.monotonic() + 60.0
        while text not in shown.decode("utf-8", "replace"):
            assert time.monotonic() < deadline, f"{text!r} was not shown but {shown!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                shown += os.read(self.master, 65536)
        self.seen += shown.decode("utf-8", "replace")
        return shown.decode("utf-8", "replace")

    def press(self, keys: bytes, shows: str) -> str:
        os.write(self.master, keys)
        return self.until(shows)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal("walk", *FORMULA)
    yield opened
    opened.close()


def test_arrows_step_forward_and_back_and_q_quits(terminal: Terminal) -> None:
    assert "w = −3" in terminal.until("q quit")
    terminal.press(RIGHT, "2/12")
    assert "3/12" in terminal.press(RIGHT, "v2 = (−3) · 2 = −6")
    terminal.press(LEFT, "2/12")
    terminal.press(b"q", "\x1b[?1049l")
    assert terminal.process.wait(20) == 0


def test_home_and_end_go_to_the_first_and_the_last_step(terminal: Terminal) -> None:
    terminal.until("1/12")
    assert "backward" in terminal.press(END, "12/12")
    terminal.press(RIGHT + b"g", "1/12")
    terminal.press(b"G", "12/12")
    terminal.press(HOME, "1/12")
    terminal.press(LEFT + RIGHT, "2/12")
    terminal.press(b"\x04", "\x1b[?1049l")
    assert terminal.process.wait(20) == 0


def test_the_terminal_is_put_back_after_quitting(terminal: Terminal) -> None:
    terminal.until("q quit")
    assert termios.tcgetattr(terminal.slave) != terminal.before
    terminal.press(b"q", "\x1b[?1049l")
    assert terminal.process.wait(20) == 0
    assert termios.tcgetattr(terminal.slave) == terminal.before
    assert terminal.seen.count("\x1b[?1049h") == terminal.seen.count("\x1b[?1049l") == 1
    assert terminal.seen.index("\x1b[?25l") < terminal.seen.index("\x1b[?25h")


def test_the_terminal_is_put_back_after_an_interrupt(terminal: Terminal) -> None:
    terminal.until("q quit")
    os.killpg(terminal.process.pid, signal.SIGINT)
    terminal.until("autograd: interrupted")
    assert terminal.process.wait(20) == 130
    assert termios.tcgetattr(terminal.slave) == terminal.before


def test_a_key_in_pieces_and_unknown_keys(terminal: Terminal) -> None:
    terminal.until("1/12")
    os.write(terminal.master, b"zZ\x1b[15~")
    os.write(terminal.master, b"\x1b")
    os.write(terminal.master, b"[C")
    terminal.until("2/12")


def test_a_terminal_that_can_do_nothing_gets_all_steps() -> None:
    terminal = Terminal("walk", *FORMULA, TERM="dumb")
    try:
        shown = terminal.until("−1.46075")
        assert "\x1b" not in shown
        assert terminal.process.wait(20) == 0
    finally:
        terminal.close()


def test_without_a_terminal_all_steps_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walk", *FORMULA]) == 0
    w, x, b = (Value(data, label=name) for name, data in (("w", -3.0), ("x", 2.0), ("b", 6.9)))
    assert capsys.readouterr() == (f"{walk((w * x + b).tanh())}\n", "")


def test_where_there_is_no_termios_all_steps_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(in_terminal, "HAS_KEYS", False)
    monkeypatch.setattr(sys, "stdin", Screen())
    out = Screen()
    steps = walk(Value(2.0, label="x") * 3)
    in_terminal.show(steps, out)
    assert out.getvalue() == f"{steps}\n"


def plain(screen: str) -> list[str]:
    return re.sub(r"\x1b\[\d*m", "", screen).split("\r\n")


@pytest.mark.parametrize(("width", "height"), [(80, 24), (20, 10), (200, 60), (10, 3)])
def test_a_screen_fits_the_terminal(width: int, height: int) -> None:
    y = Value(0.1, label="速度的标签")
    for _ in range(50):
        y = (y * 1.00123).sin()
    steps = walk(y)
    for place in (0, 1, 60, len(steps) - 1):
        lines = plain(in_terminal.screen(steps, place, width, height))
        assert len(lines) <= max(height, 9)
        assert all(columns(line) <= width for line in lines)
        assert sum(line.startswith(">") for line in lines) == 1


def test_explain_prints_every_variable(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "-x*y", "x=2", "y=3"]) == 0
    out = capsys.readouterr().out
    assert "∂v3/∂x = −3" in out
    assert "∂v3/∂y = −2" in out
    assert main(["explain", "x*y", "x=2", "y=3", "--lang", "zh"]) == 0
    assert "链式法则" in capsys.readouterr().out


def test_the_terminal_speaks_chinese() -> None:
    x = Value(2.0, label="x")
    steps = walk((x * x).relu(), lang="zh")
    lines = plain(in_terminal.screen(steps, 0, 80, 24))
    assert lines[0] == "前向  1/7"
    assert lines[-1] == "→ 下一步  ← 上一步  Home 第一步  End 最后一步  q 退出"
    assert plain(in_terminal.screen(steps, 4, 80, 24))[0] == "反向  5/7"
    rules = "\n".join(plain(in_terminal.screen(steps, 4, 80, 24)))
    assert "否则" in rules
    assert "otherwise" not in rules


def test_a_walk_is_a_table_in_chinese_too() -> None:
    x = Value(2.0, label="x")
    text = str(walk(x * 3.0, lang="zh"))
    assert text.split("\n")[0] == "前向"
    assert "反向" in text.split("\n")
    y = x
    for _ in range(1000):
        y = y * 1.0
    assert "\n……省略 1002 步……\n" in str(walk(y, lang="zh"))
    with pytest.raises(ValueError, match=r"'en' \(English\) or 'zh' \(Chinese\), not 'fr'"):
        walk(x, lang="fr")
