"""Which graphs are drawn: what is too large, or no Value at all, is refused with what to do."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
from drawn import chain, parsed

from autograd.drawing import draw
from autograd.engine import Value
from autograd.nn import MLP


def test_a_graph_beyond_the_limit_is_refused_with_both_numbers() -> None:
    with pytest.raises(ValueError, match=r"1000 Values, more than the limit of 500 .*module=.* limit="):
        draw(chain(1_000))


def test_a_graph_of_a_million_values_is_refused_within_a_second_with_what_to_do_instead() -> None:
    y = chain(1_000_000)
    start = time.process_time()  # which others at work on this machine do not lengthen
    with pytest.raises(ValueError, match=r"more than 200000 Values, too many to draw; draw .* draw\(net\)"):
        draw(y, limit=10**7)
    assert time.process_time() - start < 1


def test_the_cards_of_two_hundred_values_are_laid_out_in_seconds() -> None:
    xs = [Value(i / 10, label=f"x{i}") for i in range(1, 35)]
    total = Value(0.0)
    for a, b in itertools.pairwise(xs):
        total = total + (a * b).tanh() * (a - b)
    total.backward()
    picture = draw(total)
    assert len(parsed(picture)[0]) == 200
    start = time.process_time()
    picture.svg()
    assert time.process_time() - start < 2.0


def test_the_limit_is_the_largest_number_of_cards_and_can_be_changed() -> None:
    assert len(parsed(draw(chain(500)))[0]) == 500
    with pytest.raises(ValueError, match="has 501 Values"):
        draw(chain(501))
    with pytest.raises(ValueError, match="has 3 Values, more than the limit of 2"):
        draw(chain(3), limit=2)


def test_a_deep_graph_needs_no_recursion() -> None:
    assert draw(chain(20_000), limit=20_000).source.count(" -> ") == 19_999


@pytest.mark.parametrize(
    ("thing", "message"),
    [
        (3.0, r"not 'float'; a plain number has no graph: compute with Value\(3.0\)"),
        ("x", "takes Values or a Module, not 'str'"),
        ([], "takes Values, one at least, or a Module; there is none"),
        ([[]], "not 'list'; draw its Values"),
        ([MLP(1, [1])], "among Values; write draw\\(loss, module=net\\)"),
        (None, "not 'NoneType'"),
    ],
)
def test_only_a_value_can_be_drawn(thing: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        draw(thing)


@pytest.mark.parametrize("number_format", ["svg", "z9q", 4])
def test_a_wrong_format_of_numbers_is_refused_when_drawing(number_format: Any) -> None:
    with pytest.raises(ValueError, match="format says how numbers are written"):
        draw(Value(1.0), format=number_format)


def test_a_wrong_direction_is_refused() -> None:
    with pytest.raises(ValueError, match=r"rankdir is 'LR', .* not 'up'"):
        draw(Value(1.0), rankdir="up")
