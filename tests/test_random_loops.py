"""Compiled functions are the functions: random ones with loops, of which `random_loops` draws others."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date

import pytest
import random_loops
from random_functions import DifferenceError
from random_loops import Drawn, check

FIRST = int(os.environ.get("AUTOGRAD_RANDOM_LOOPS", date.today().toordinal() * 10))


@pytest.mark.parametrize("seed", [*range(12), *range(FIRST, FIRST + 6)])
def test_a_compiled_function_is_the_function(seed: int) -> None:
    check(seed, Counter())


def test_what_is_drawn_depends_on_the_seed_alone() -> None:
    assert Drawn(7).text == Drawn(7).text != Drawn(8).text


def test_a_difference_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = random_loops.plain
    monkeypatch.setattr(
        random_loops, "plain", lambda drawn, mode: lambda *args: [plain(drawn, mode)(*args), 1.0]
    )
    with pytest.raises(DifferenceError, match=r"^seed \d+, .* at \("):
        check(1, Counter())


def test_many_kinds_of_statements_are_drawn() -> None:
    text = "".join(Drawn(seed).text for seed in range(200))
    for part in (
        "try:",
        "while",
        "for i",
        "break",
        "continue",
        "count % 3",
        "scan(",
        "fori_loop(",
        "until(",
        "grad(",
        "no_grad",
        "p[-1 - ",
        "again(",
        "checkpoint(",
        "W[count % 2]",
    ):
        assert part in text
