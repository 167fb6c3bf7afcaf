r"""Labels in TeX: what of it is understood, and that all else stands as it was typed."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from drawn import SVG, hide

from autograd import Value, draw
from autograd.drawing.tex import Run, plain, runs_of


@pytest.mark.parametrize(
    ("label", "runs"),
    [
        ("$w_1$", [("w", True, 0), ("1", False, -1)]),
        (r"\beta", [("β", True, 0)]),
        (r"\lambda_2", [("λ", True, 0), ("2", False, -1)]),
        (r"$\Delta$", [("Δ", False, 0)]),
        (r"$x^{(12)}$", [("x", True, 0), ("(12)", False, 1)]),
        (r"$W_{ij}^2$", [("W", True, 0), ("ij", True, -1), ("2", False, 1)]),
        (r"$a + b$", [("a", True, 0), (" + ", False, 0), ("b", True, 0)]),
        (r"$-x$", [("−", False, 0), ("x", True, 0)]),
        (r"$\frac{1}{2}$", [("1/2", False, 0)]),
        (r"$\sqrt{2}$", [("√2", False, 0)]),
        (r"$\sin x'$", [("sin", False, 0), ("x", True, 0), ("′", False, 0)]),
        (r"$\mathbf{x}$", [("x", False, 0)]),
        ("$权重_1$", [("权重", False, 0), ("1", False, -1)]),
        (r"$\{a\}$", [("{", False, 0), ("a", True, 0), ("}", False, 0)]),
    ],
)
def test_tex_is_read_as_pieces_of_one_type(label: str, runs: list[tuple[str, bool, int]]) -> None:
    assert runs_of(label) == [Run(*run) for run in runs]


@pytest.mark.parametrize(
    "label",
    ["w_1", "", "$", "$$", "$$$", "$5", "$5 and $6", "costs $5$ today", "C:\\new\\", "\\", r"\N", r"\N \l",
     r"\nope", r"$\nope$", "$x_{$", "$x}$", "$x_{i_j}$", r"$\hat{}$", "$x^$", "$a&b$", "$#$", r"\beta \gamma",
     "$ $"],
)  # fmt: skip
def test_what_is_no_tex_stands_as_it_was_typed(label: str) -> None:
    assert runs_of(label) is None
    assert plain(label) == label


def test_where_there_is_one_type_only_scripts_are_marked() -> None:
    assert plain(r"$\hat{y}_i^{2}$") == "ŷ_i^2"
    x = Value(2.0, label=r"\theta")
    y = x * Value(3.0, label="$w_1$")
    assert "θ" in draw(y).text()
    assert "w_1" in draw(y).text()
    assert "$" not in draw(y).mermaid()


@pytest.fixture(params=["dot", "pygraphviz", "none"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "dot":
        request.getfixturevalue("no_dot")
    if request.param != "pygraphviz":
        hide(monkeypatch, "pygraphviz")
    name: str = request.param
    return name


@pytest.mark.usefixtures("engine")
def test_a_picture_shows_letters_and_lowered_numbers_and_no_tex() -> None:
    svg = draw(Value(1.0, label=r"$\beta_1$")).svg()
    texts = ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]
    assert "β1" in texts or {"β", "1"} <= set(texts)
    assert "$" not in "".join(texts)
    small = [x for x in ET.fromstring(svg).iter() if (x.text or "") == "1" and x.get("font-size") is not None]
    assert any(float(x.attrib["font-size"]) < 9 for x in small)


def test_a_parameter_is_known_by_its_name_in_tex_too() -> None:
    picture = draw(Value(1.0, label="$w_1$") * Value(2.0, label="$x_1$"))._picture
    assert picture is not None
    assert [card.kind for card in picture.cards[:2]] == ["parameter", "input"]
