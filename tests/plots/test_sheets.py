"""Worksheets have the graph with empty cells for the gradients on one page, and the solution on another."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from autograd import Value, no_grad, worksheet
from autograd.drawing import Drawing, DrawingError
from autograd.plots import Worksheet, fonts, sheets


def neuron() -> tuple[Value, dict[str, Value]]:
    w, x, b = Value(-3.0, label="w"), Value(2.0, label="x"), Value(6.9, label="b")
    y = (w * x + b).tanh() + x * x
    y.label = "y"
    return y, {"w": w, "x": x, "b": b}


def pages(sheet: Worksheet) -> tuple[str, str]:
    """The two pages of the HTML, as they read."""
    text = unescape(sheet.html()).replace("\N{NO-BREAK SPACE}", " ")
    task, solution = text.split('<section class="solution">')
    return task, solution


@pytest.mark.parametrize("local", [False, True])
def test_the_task_has_all_numbers_but_the_gradients(local: bool) -> None:
    y, leaves = neuron()
    task, solution = pages(worksheet(y, local=local))
    y.backward()
    for number in ("-3", "6.9", "-6", "0.9", "0.7163", "4.716"):
        assert f">{number}<" in task
        assert f">{number}<" in solution
    # Seven of the eight cells are empty; that of the result, 1, is given.
    assert task.count(">______<") == 7
    assert ">______<" not in solution
    for leaf in leaves.values():
        assert f">{leaf.grad:.4g}<" not in task
        assert f"{leaf.grad!r}" not in task  # nor in what a pointer finds
        assert f">{leaf.grad:.4g}<" in solution
    assert (re.search("> *0.4869 *<", task) is not None) == local  # 1 - tanh(0.9)**2 on its arrow
    assert "> 0.4869 <" in solution


def test_the_solution_has_each_product_of_the_chain_rule() -> None:
    y, _ = neuron()
    sheet = worksheet(y)
    assert sheet.solution == [
        "∂y/∂y = 1",
        "∂y/∂v5 = 0 + 1 · 1 = 1",
        "∂y/∂v6 = 0 + 1 · 1 = 1",
        "∂y/∂v4 = 0 + 0.486917 · 1 = 0.486917",
        "∂y/∂v2 = 0 + 1 · 0.486917 = 0.486917",
        "∂y/∂b = 0 + 1 · 0.486917 = 0.486917",
        "∂y/∂w = 0 + 2 · 0.486917 = 0.973835",
        "∂y/∂x = 0 + (−3) · 0.486917 = −1.46075",
        "∂y/∂x = −1.46075 + 2 · 1 = 0.539248",
        "∂y/∂x = 0.539248 + 2 · 1 = 2.53925",
    ]
    task, solution = pages(sheet)
    for line in sheet.solution:
        assert f"<li>{line}</li>" in solution
        assert line not in task


def test_every_card_has_a_name() -> None:
    y, _ = neuron()
    task, _ = pages(worksheet(y))
    for name in ("w", "x", "b", "v2", "v4", "v5", "v6", "y"):
        assert f">{name}<" in task


def test_names_are_those_of_variables() -> None:
    weight, x = Value(3.0), Value(2.0)
    out = weight * x
    assert worksheet(out, names=True).solution[-1] == "∂out/∂x = 0 + 3 · 1 = 3"
    assert worksheet(out).solution[-1] == "∂v2/∂v1 = 0 + 3 · 1 = 3"


def test_the_graph_is_left_as_it_was() -> None:
    y, leaves = neuron()
    leaves["x"].grad = 7.0
    worksheet(y).html()
    assert [leaf.grad for leaf in leaves.values()] == [0.0, 7.0, 0.0]


def test_chinese(tmp_path: Path) -> None:
    y, _ = neuron()
    sheet = worksheet(y, lang="zh")
    task, solution = pages(sheet)
    assert '<html lang="zh-CN">' in task
    assert "练习：y 的导数" in task
    assert "填写空格" in task
    assert "答案" in solution
    for text in (task, solution):
        assert not re.search(r"Worksheet|Solution|chain rule|derivative", re.sub("<svg.*?</svg>", "", text))
    assert Path(sheet.save(tmp_path / "sheet.pdf")).read_bytes().startswith(b"%PDF")


def number_of_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_a_pdf_has_two_pages_by_matplotlib_and_one_by_graphviz_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    y, _ = neuron()
    sheet = worksheet(y)
    path = sheet.save(tmp_path / "sheet.PDF")
    assert number_of_pages(Path(path).read_bytes()) == 2
    assert sheet.pdf() == sheet.pdf()
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.backends.backend_agg", None)
    assert sheet.pdf().startswith(b"%PDF")
    assert number_of_pages(sheet.pdf()) == 1


def test_without_a_chinese_font_the_pdf_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    y, _ = neuron()
    titles: list[str] = []
    whole = sheets._sheet
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)

    def seen(title: str, *rest: Any) -> Any:
        titles.append(title)
        return whole(title, *rest)

    monkeypatch.setattr(sheets, "_sheet", seen)
    worksheet(y, lang="zh").pdf()  # a missing glyph is a warning, which is an error here
    assert titles == ["Worksheet: the derivatives of y", "Solution"]


def test_it_shows_its_task_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    y, _ = neuron()
    bundle = worksheet(y)._repr_mimebundle_()
    assert bundle["text/plain"] == "<Worksheet: 8 cards>"
    assert bundle["image/svg+xml"].startswith("<svg") or "<svg" in bundle["image/svg+xml"]

    def fail(*_: object) -> str:
        raise DrawingError("nothing draws here")

    monkeypatch.setattr(Drawing, "svg", fail)
    assert worksheet(y)._repr_mimebundle_() == {"text/plain": "<Worksheet: 8 cards>\nnothing draws here"}


def test_mistakes_are_told(tmp_path: Path) -> None:
    y, _ = neuron()
    with pytest.raises(TypeError, match="takes a Value, not 'float'"):
        worksheet(1.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"'sheet.docx': the name must end in .html or .pdf"):
        worksheet(y).save("sheet.docx")
    with pytest.raises(ValueError, match="not 'fr'"):
        worksheet(y, lang="fr")
    x = Value(1.0)
    for _ in range(60):
        x = x * 2.0
    with pytest.raises(ValueError, match="the graph has 61 Values, more than the 60 that fit a worksheet"):
        worksheet(x)
    with no_grad():
        hidden = y * 2.0
    with pytest.raises(RuntimeError, match="no_grad"):
        worksheet(hidden)
