"""What nodes are called in steps and explanations."""

from __future__ import annotations

from autograd import Value, explain, walk


def test_labels_in_tex_are_names_without_it() -> None:
    w, rate = Value(2.0, label="$w_1$"), Value(0.5, label=r"\beta")
    y = w * rate
    y.label = r"$\hat{y}$"
    assert [step.name for step in walk(y)[:3]] == ["w_1", "β", "ŷ"]
    assert "∂ŷ/∂w_1 = 0.5" in str(explain(y, w))
    assert str(explain(y, "$w_1$")) == str(explain(y, "w_1")) == str(explain(y, w))
