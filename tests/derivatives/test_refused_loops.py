"""Loops as functions: what is refused, and what the errors say."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from loops_as_functions import Row, added

import autograd
from autograd import Value, fori_loop, scan, while_loop


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (0.0, np.ones(2), r"the carry is an array of shape \(2,\) where there was a number"),
        (np.ones(2), 0.0, r"the carry is a number where there was an array of shape \(2,\)"),
        (np.ones(2), np.ones((2, 1)), r"an array of shape \(2, 1\) where there was an array of shape \(2,\)"),
        (0.0, True, "the carry is a flag where there was a number"),
        (False, 0.0, "the carry is a number where there was a flag"),
        (0.0, None, "the carry is None where there was a number"),
        (None, 0.0, "the carry is a number where there was None"),
        ([0.0, 1.0], [0.0], "the carry is a list of 1 where there was a list of 2"),
        ([0.0, 1.0], (0.0, 1.0), "the carry is a tuple of 2 where there was a list of 2"),
        ((0.0, [1.0]), (0.0, [[1.0]]), r"the carry\[1\]\[0\] is a list of 1 where there was a number"),
        ({"a": 0.0}, {"b": 0.0}, "the carry is a dict of 'b' where there was a dict of 'a'"),
        ({"a": 0.0}, {}, "the carry is an empty dict where there was a dict of 'a'"),
        ({"a": {"b": 0.0}}, {"a": {"b": "x"}},
         r"the carry\['a'\]\['b'\] is 'x' \(str\) where there was a number"),
        (Row(0.0, 1.0), Row(0.0, "x"), r"the carry\.force is 'x' \(str\) where there was a number"),
        (Row(0.0, 1.0), {"time": 0.0}, "the carry is a dict of 'time' where there was a Row"),
        ("x", 0.0, r"the carry is a number where there was 'x' \(str\)"),
        ({}, OrderedDict(), "the carry is an empty OrderedDict where there was an empty dict"),
    ],
)  # fmt: skip
def test_a_carry_that_changes_its_form_is_refused_where_it_differs(
    before: Any, after: Any, message: str
) -> None:
    def body(carry: Any, x: Any) -> Any:
        return after, None

    for checkpoint in (False, True):
        with pytest.raises(
            TypeError, match=f"^.*body must return a carry of the form that it was given, but .*{message}$"
        ):
            scan(body, before, [1.0, 2.0], checkpoint=checkpoint)
    with pytest.raises(TypeError, match=message.replace("carry", "value")):
        fori_loop(0, 2, lambda i, x: after, before)
    with pytest.raises(TypeError, match=message.replace("carry", "value")):
        while_loop(lambda x: True, lambda x: after, before)


def test_what_is_kept_has_one_form() -> None:
    with pytest.raises(
        TypeError, match=r"must return a y of the same form in all turns, but in turn 1 y is None where"
    ):
        scan(lambda c, x: (c, x if x < 2 else None), 0, [1, 2])
    with pytest.raises(TypeError, match=r"in turn 2 y\['a'\] is a list of 1 where there was a number"):
        scan(lambda c, x: (c, {"a": x if x < 3 else [x]}), 0, [1, 2, 3])


@pytest.mark.parametrize(
    "wrong", [lambda c, x: c, lambda c, x: [c, x], lambda c, x: (c, x, x), lambda c, x: None]
)
def test_what_is_no_pair_is_refused(wrong: Callable[..., Any]) -> None:
    with pytest.raises(
        TypeError, match=r"must return a tuple of two, the next carry and what is kept .*, not "
    ):
        scan(wrong, 0.0, [1.0])


ANY: Any = autograd  # for what type checkers would not take


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: ANY.scan(3, 0.0, [1.0]), TypeError,
         r"^scan takes a function, not 3 \(int\); write scan\(f, init, xs\)$"),
        (lambda: ANY.scan(added, 0.0), ValueError,
         r"nothing to scan: write scan\(f, init, xs\), or scan\(f, init, length=10"),
        (lambda: ANY.scan(added, 0.0, ()), ValueError, "nothing to scan"),
        (lambda: ANY.scan(added), TypeError,
         r"missing 1 required positional argument: 'init'; it is scan\(f, init, xs=None"),
        (lambda: ANY.scan(added, 0.0, [1.0], unroll=2), TypeError,
         "no keyword 'unroll'; a loop is followed as it runs"),
        (lambda: ANY.scan(added, 0.0, [1.0], lenght=1), TypeError,
         "no keyword 'lenght'; did you mean 'length'"),
        (lambda: ANY.scan(added, 0.0, ([1], [1, 2])), ValueError,
         r"of one length, not 1 of xs\[0\], 2 of xs\[1\]$"),
        (lambda: ANY.scan(added, 0.0, {"a": np.ones((2, 3)), "b": [1]}), ValueError,
         r"2 of xs\['a'\], 1 of xs\['b'\]$"),
        (lambda: ANY.scan(added, 0.0, [1.0, 2.0], length=3), ValueError, "2 of xs, 3 of length$"),
        (lambda: ANY.scan(added, 0.0, length=-1), ValueError, "^length is 0 or more, not -1$"),
        (lambda: ANY.scan(added, 0.0, length=2.0), TypeError,
         r"^length is a whole number, not 2\.0 \(float\)$"),
        (lambda: ANY.scan(added, 0.0, 3), TypeError, r"^xs is 3 \(int\), which is not scanned; write a list"),
        (lambda: ANY.scan(added, 0.0, Value(2.0)), TypeError,
         r"^xs is Value\(data=2\.0, grad=0\.0\) \(Value\), which"),
        (lambda: ANY.scan(added, 0.0, {"a": "text"}), TypeError,
         r"^xs\['a'\] is 'text' \(str\), which is not scanned"),
        (lambda: ANY.scan(added, 0.0, np.array(3.0)), TypeError,
         r"^xs is an array of no dimension, array\(3\.\), which"),
        (lambda: ANY.scan(added, 0.0, iter([1.0])), TypeError, r"^xs is <list_iterator .*write a list"),
        (lambda: ANY.scan(added, 0.0, [[1.0], [1.0, 2.0]]), TypeError,
         r"by element, but xs\[1\] is a list of 2 where there was a list of 1 in xs\[0\]; for several lists"),
        (lambda: ANY.scan(added, 0.0, {"a": [1.0, "x"]}), TypeError,
         r"but xs\['a'\]\[1\] is 'x' \(str\) where"),
        (lambda: ANY.fori_loop(0, 3, 1.0, None), TypeError,
         r"^fori_loop takes a function, not 1\.0 \(float\); write fori_l"),
        (lambda: ANY.fori_loop(0.0, 3, max, 0), TypeError,
         r"^fori_loop goes over whole numbers, but lower is 0\.0 \(float"),
        (lambda: ANY.fori_loop(0, Value(3.0), max, 0), TypeError,
         r"but upper is Value\(data=3\.0, grad=0\.0\) \(Value\)$"),
        (lambda: ANY.fori_loop(0, 3, max), TypeError,
         r"missing 1 required positional argument: 'init_val'; it is fori"),
        (lambda: ANY.while_loop(True, abs, 0.0), TypeError,
         r"^while_loop takes a function, not True \(bool\); write while"),
        (lambda: ANY.while_loop(abs, 1.0, 0.0), TypeError,
         r"^while_loop takes a function, not 1\.0 \(float\); write while"),
        (lambda: ANY.while_loop(lambda x: None, abs, 0.0), TypeError,
         r"must return True or False, as val < 10 is, not None$"),
        (lambda: ANY.while_loop(lambda x: x, abs, 0.0), TypeError,
         r"must return True or False, .*, not 0\.0 \(float\)$"),
        (lambda: ANY.while_loop(lambda x: np.array([True]), abs, 0.0), TypeError,
         r"must return True or False, .*ndarray\)$"),
    ],
)  # fmt: skip
def test_the_usual_slips_are_answered(call: Callable[[], Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
