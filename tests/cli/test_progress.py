"""How a training goes is shown in a terminal by a bar, and elsewhere by a line now and then."""

from __future__ import annotations

import fcntl
import io
import os
import struct
import sys
import termios

import pytest

from autograd.cli.progress import Progress
from autograd.training import Step


def progress(steps: int, upto: int) -> list[str]:
    stream = io.StringIO()
    show = Progress(steps, "accuracy", stream)
    for number in range(1, upto + 1):
        show(Step(number, loss=1 / number, score=0.5))
    show.close()
    return stream.getvalue().splitlines()


def test_lines_come_with_every_tenth_part_of_the_steps() -> None:
    lines = progress(200, 200)
    assert [line.split("  loss")[0] for line in lines] == [f"step {k:3} of 200" for k in range(20, 201, 20)]
    # The mean of the last 11 minibatches, 10 to 20: (1/10 + ... + 1/20) / 11
    assert lines[0] == f"step  20 of 200  loss {sum(1 / k for k in range(10, 21)) / 11:.4f}  accuracy 0.5000"


@pytest.mark.parametrize(
    ("steps", "shown"), [(1, [1]), (3, [1, 2, 3]), (19, [2, 4, 6, 8, 10, 12, 14, 16, 18, 19])]
)
def test_few_steps_give_few_lines_and_always_the_last(steps: int, shown: list[int]) -> None:
    assert [int(line.split()[1]) for line in progress(steps, steps)] == shown


def test_slow_steps_give_a_line_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 4))  # four seconds a step
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    assert len(progress(1000, 30)) >= 6


def shown_in_a_terminal(lines: int, columns: int) -> str:
    """Return what twenty steps write to a terminal of that size."""
    here, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    with os.fdopen(terminal, "w") as stream:
        show = Progress(20, "accuracy", stream)
        for number in range(1, 21):
            show(Step(number, loss=0.25, score=0.5))
        show.close()
    written = b""
    while True:
        try:
            written += os.read(here, 100_000)
        except OSError:  # all is read, and the other end is closed
            break
    os.close(here)
    return written.decode()


def test_a_terminal_shows_a_bar_with_loss_and_accuracy() -> None:
    written = shown_in_a_terminal(24, 100)
    assert "100%|" in written
    assert "20/20" in written
    assert "loss 0.2500  accuracy 0.5000" in written
    assert "step  2 of 20" not in written


def test_a_terminal_without_a_size_and_one_without_tqdm_get_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown_in_a_terminal(0, 0).count(" of 20  loss 0.2500  accuracy 0.5000") == 10
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert shown_in_a_terminal(24, 100).count(" of 20  loss 0.2500  accuracy 0.5000") == 10
