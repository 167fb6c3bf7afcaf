"""The card of a Value in HTML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from autograd import Value


def cells(value: Value) -> list[str]:
    return ["".join(cell.itertext()) for cell in ET.fromstring(value._repr_html_()).iter("td")]


def test_the_card_of_a_value_has_label_number_gradient_and_operation() -> None:
    a, b = Value(2.0, label="a"), Value(0.1)
    y = a * b
    y.label = "y"
    y.backward()
    assert cells(y) == ["y", "data", "0.2", "grad", "1.0", "× of a = 2, 0.1"]
    assert cells(a) == ["a", "data", "2.0", "grad", "0.1"]
    assert cells(a**3) == ["data", "8.0", "grad", "0.0", "^ of a = 2, 3"]


def test_the_card_of_a_value_is_small_however_large_the_graph() -> None:
    y = Value(1.0)
    for _ in range(100_000):
        y = y + 1.0
    assert len(y._repr_html_()) < 2000


@pytest.mark.parametrize("label", ["</script><b>x", "a\"b'c", "&amp;", "$x^2$", "😀 中文", "two\nlines"])
def test_any_label_stands_on_the_card_as_typed(label: str) -> None:
    value = Value(1.0, label=label)
    assert cells(value)[0] == label.replace("\n", r"\n")
    assert "<b>x" not in value._repr_html_()
    assert "$" not in value._repr_html_()
    assert cells(value + 1)[-1].startswith("+ of ")


def test_in_a_terminal_a_value_is_shown_as_before() -> None:
    assert repr(Value(1.0, label="x")) == "Value(data=1.0, grad=0.0, label='x')"
