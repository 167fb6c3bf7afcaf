"""Compiled functions are the functions: random ones, of which `random_functions` draws others every day."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date

import pytest
import random_functions
from random_functions import DifferenceError, Drawn, check

FIRST = int(os.environ.get("AUTOGRAD_RANDOM_FUNCTIONS", date.today().toordinal() * 100))


@pytest.mark.parametrize("seed", [*range(20), *range(FIRST, FIRST + 40)])
def test_a_compiled_function_is_the_function(seed: int) -> None:
    check(seed, Counter())


def test_what_is_drawn_depends_on_the_seed_alone() -> None:
    assert Drawn(7).text == Drawn(7).text != Drawn(8).text


def test_a_difference_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = random_functions.plain
    monkeypatch.setattr(random_functions, "plain", lambda f, mode: lambda *args: plain(f, mode)(*args) * 1.5)
    with pytest.raises(DifferenceError, match=r"^seed \d+, .* at \("):
        check(1, Counter())


def test_many_kinds_of_statements_are_drawn() -> None:
    text = "".join(Drawn(seed).text for seed in range(200))
    for part in (
        "try:",
        "while",
        "for i in",
        "return",
        "grad(",
        "jvp(",
        "sorted(",
        "int(term)",
        "rec(",
        "f'{",
    ):
        assert part in text
