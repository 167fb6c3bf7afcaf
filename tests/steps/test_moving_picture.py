"""Pictures that move: each number of a walk has its time, in the order of the steps."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from autograd import Value
from autograd.steps import walk
from autograd.steps.moving_picture import moving_picture
from autograd.steps.player_picture import number_text

SVG = "{http://www.w3.org/2000/svg}"
TIMES = re.compile(r"\bt(\d+)-(\d+)\b")


def used_twice() -> Value:
    x, w = Value(3.0, label="x"), Value(-0.5, label="w & co")
    y = (x * w + x).tanh() * x
    y.label = "y"
    return y


def times_of(element: Element) -> tuple[int, int]:
    found = TIMES.search(element.get("class") or "")
    assert found is not None
    return int(found[1]), int(found[2])


def group(root: Element, name: str) -> Element:
    return next(x for x in root.iter(f"{SVG}g") if x.get("id") == name)


def test_gradients_appear_as_the_walk_adds_them_up_each_until_the_next() -> None:
    steps = walk(used_twice())
    root = fromstring(moving_picture(steps))
    ends = []
    for node in range(steps.forward):
        texts = [x for x in group(root, f"v{node}") if (x.get("class") or "").startswith("g ")]
        sums = [step.after for step in steps if step.phase == "backward" and step.target == node]
        assert [x.text for x in texts] == [number_text(x) for x in sums if x is not None]
        times = [times_of(x) for x in texts]
        assert [end for _, end in times[:-1]] == [begin for begin, _ in times[1:]]
        ends.append(times[-1][1])
    assert len(set(ends)) == 1, "the last ones stay to the end"
    x = next(step.node for step in steps if step.name == "x")
    assert len([t for t in group(root, f"v{x}") if (t.get("class") or "").startswith("g ")]) == 3


def test_there_is_a_line_for_all_leaves_and_then_for_each_step() -> None:
    steps = walk(used_twice())
    captions = [x for x in fromstring(moving_picture(steps)) if (x.get("class") or "").startswith("caption")]
    leaves = [step for step in steps[: steps.forward] if not step.operation]
    assert len(captions) == len(steps) - len(leaves) + 1
    assert [times_of(x)[0] for x in captions] == list(range(len(captions)))
    texts = ["".join(x.itertext()) for x in captions]
    assert "x = 3,  w & co = −0.5" in texts[0]
    assert steps[-1].update_numbers is not None
    assert texts[-1].endswith(steps[-1].update_numbers.text)


def test_each_class_of_a_time_has_its_rule_unless_it_is_all_the_time() -> None:
    text = moving_picture(walk(used_twice()))
    root = fromstring(text)
    used = {x.group() for element in root.iter() for x in TIMES.finditer(element.get("class") or "")}
    always = f"t0-{max(int(x.split('-')[1]) for x in used)}"
    assert set(re.findall(r"@keyframes (t\d+-\d+)", text)) == used - {always}


def test_it_loads_nothing_and_runs_no_script() -> None:
    text = moving_picture(walk(used_twice()))
    assert not re.findall(r"<script|href=|url\(|@import|\bon\w+=", text.replace('href="#captions"', ""))


def test_a_walk_is_saved_as_such_a_picture_in_both_languages(tmp_path: Path) -> None:
    for lang, word in (("en", "backward"), ("zh", "反向")):
        path = tmp_path / f"{lang}.svg"
        assert walk(used_twice(), lang=lang).save(path) == str(path)
        assert f">{word}</tspan>" in path.read_text(encoding="utf-8")


def test_one_number_alone_is_a_picture_too() -> None:
    root = fromstring(moving_picture(walk(Value(2.0, label="a"))))
    assert [x.text for x in group(root, "v0") if (x.get("class") or "").startswith("g ")] == ["1"]


def test_a_graph_too_large_for_the_player_is_refused(tmp_path: Path) -> None:
    y = Value(1.0)
    for _ in range(600):
        y = y * 1.01
    with pytest.raises(ValueError, match="more than the 500"):
        walk(y).save(tmp_path / "y.svg")
    assert not list(tmp_path.iterdir())


def test_the_words_in_its_formulas_are_in_its_language() -> None:
    x = Value(2.0, label="x")
    for lang in ("en", "zh"):
        steps = walk(x.leaky_relu(0.25), lang=lang)
        rules = [step.row(lang)[1] for step in steps if step.operation]
        text = "".join(fromstring(moving_picture(steps)).itertext())
        assert all(rule in text for rule in rules)
    assert walk(x.leaky_relu(0.25))[-1].row("en")[1] != walk(x.leaky_relu(0.25))[-1].row("zh")[1]
