"""Pictures by Graphviz: SVG, PNG and PDF, by its program or its library, and what is said without it."""

from __future__ import annotations

import struct
import subprocess
import sys
import threading
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from drawn import SVG, hide, install_dot, texts_of
from graphs import neuron

from autograd.drawing import Drawing, DrawingError, draw
from autograd.engine import Value

# Pictures


def test_the_picture_has_every_card_and_every_arrow() -> None:
    picture = draw(neuron())
    root = ET.fromstring(picture.svg())
    groups = [g.get("class") for g in root.iter(f"{SVG}g")]
    titles = [t.text for t in root.iter(f"{SVG}title")]
    shown = texts_of(picture.svg())
    assert (groups.count("node"), groups.count("edge")) == (10, 9)
    assert {f"v{i}" for i in range(10)} <= set(titles)
    for text in ("x1", "w1", "x1*w1", "x1*w1 + x2*w2", "o", "tanh", "6.881", "0.7071", "-1.5"):
        assert text in shown
    assert [shown.count(text) for text in ("×", "+", "tanh")] == [2, 2, 1]


def test_the_same_drawing_gives_the_same_svg() -> None:
    assert draw(neuron()).svg() == draw(neuron()).svg()


def test_a_png_is_one_and_more_dots_an_inch_make_it_larger() -> None:
    picture = draw(neuron())
    sizes = []
    for content in (picture.png(72), picture.png(), picture.png(144)):
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert content.endswith(b"IEND\xaeB`\x82")
        sizes.append(struct.unpack(">II", content[16:24]))
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes[2][0] == pytest.approx(2 * sizes[0][0], rel=0.02)


def test_a_pdf_is_one() -> None:
    content = draw(neuron()).pdf()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("dpi", [0, -1, 1.5, 10**6])
def test_a_senseless_resolution_is_refused(dpi: Any) -> None:
    with pytest.raises(ValueError, match="dpi is a whole number"):
        draw(Value(1.0)).png(dpi)


def test_nothing_is_written_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    picture = draw(neuron())
    picture.svg(), picture.png(), picture.pdf()
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_dot")
def test_the_library_of_the_wheel_draws_without_a_program_and_without_a_word(
    capfd: pytest.CaptureFixture[str],
) -> None:
    picture = draw(neuron())
    assert ET.fromstring(picture.svg()).tag == f"{SVG}svg"
    assert picture.png().startswith(b"\x89PNG")
    assert picture.pdf().startswith(b"%PDF-")
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_dot")
def test_a_machine_without_any_font_still_draws(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(f'<?xml version="1.0"?><fontconfig><cachedir>{tmp_path}</cachedir></fontconfig>')
    for setting in (fonts, tmp_path / "missing"):
        monkeypatch.setenv("FONTCONFIG_FILE", str(setting))
        picture = draw(neuron())
        assert picture.png().startswith(b"\x89PNG")
        assert "x1*w1 + x2*w2" in texts_of(picture.svg())
    assert capfd.readouterr() == ("", "")


def test_threads_draw_at_the_same_time() -> None:
    pictures: list[str] = []
    expected = draw(neuron()).svg()
    threads = [threading.Thread(target=lambda: pictures.append(draw(neuron()).svg())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pictures == [expected] * 4


# Which Graphviz

ECHO = """
import sys
source = sys.stdin.read()
engine, kind = sys.argv[1:]
if (engine, kind) == ("-Kdot", "-Tdot"):
    print(source, "// laid out", sep="")
else:
    assert engine == "-Knop2", sys.argv
    assert source.count("// laid out") == 1
    print("<svg>a picture of", len(source) - len("// laid out\\n"), "characters</svg>")
print("chatter about fonts", file=sys.stderr)
"""


def test_a_dot_program_on_the_path_is_preferred(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    install_dot(monkeypatch, tmp_path / "bin", ECHO)
    picture = draw(neuron())
    assert picture.svg().strip() == f"<svg>a picture of {len(picture.source)} characters</svg>"
    assert capfd.readouterr() == ("", "")


def test_the_dot_program_needs_no_package_that_runs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install_dot(monkeypatch, tmp_path / "bin", ECHO)
    hide(monkeypatch, "graphviz", "pygraphviz")
    assert "a picture of" in draw(neuron()).svg()


COUNT = """
import os, sys
with open(os.path.join(os.path.dirname(__file__), "runs"), "a") as file:
    file.write(" ".join(sys.argv[1:]) + "; ")
print("digraph {}")
"""


def test_a_layout_is_found_once_for_all_formats(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install_dot(monkeypatch, tmp_path / "bin", COUNT)
    picture = draw(neuron())
    picture.svg(), picture.png(), picture.png(300), picture.pdf(), picture.svg(), picture.pipe("pdf")
    runs = (tmp_path / "bin" / "runs").read_text().split("; ")[:-1]
    assert runs == ["-Kdot -Tdot", "-Knop2 -Tsvg", "-Knop2 -Tpng", "-Knop2 -Tpng", "-Knop2 -Tpdf"]


@pytest.mark.parametrize("program", ["import sys; sys.exit('no such plugin')", "pass"])
def test_a_dot_program_that_fails_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    install_dot(monkeypatch, tmp_path / "bin", program)
    assert "0.7071" in texts_of(draw(neuron()).svg())


def test_what_graphviz_says_on_its_failure_is_the_error_without_the_chatter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = "import sys; sys.exit('Fontconfig error: no file\\nFormat: svg not recognized')"
    install_dot(monkeypatch, tmp_path / "bin", program)
    hide(monkeypatch, "pygraphviz")
    with pytest.raises(DrawingError, match=r"^Graphviz failed; dot: Format: svg not recognized$"):
        draw(neuron()).pdf()


@pytest.mark.usefixtures("no_dot")
def test_what_the_library_says_on_its_failure_is_the_error() -> None:
    with pytest.raises(DrawingError, match=r"(?s)^Graphviz failed; pygraphviz: .*syntax error in line 1"):
        Drawing("digraph { a -> }", "nothing").svg()


@pytest.mark.usefixtures("no_dot")
def test_where_the_system_lacks_a_library_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "pygraphviz"
    package.mkdir()
    missing = "libgobject-2.0.so.0: cannot open shared object file: No such file or directory"
    (package / "__init__.py").write_text(f"raise ImportError({missing!r})")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pygraphviz")
    with pytest.raises(DrawingError, match=rf"ImportError: {missing}\. .*: apt install graphviz\)$"):
        draw(neuron()).pdf()


@pytest.mark.usefixtures("no_dot")
def test_an_interpreter_that_cannot_be_started_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(DrawingError, match=r"could not be started: .*/nowhere/python"):
        draw(neuron()).pdf()


def test_a_dot_program_that_cannot_be_started_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install_dot(monkeypatch, tmp_path / "bin", "")
    (tmp_path / "bin" / "dot").write_text("#!/nowhere/python\n")
    assert "0.7071" in texts_of(draw(neuron()).svg())


@pytest.mark.usefixtures("no_dot")
def test_a_stand_in_for_a_package_is_no_graphviz(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", ModuleType("pygraphviz"))
    with pytest.raises(DrawingError, match=r"^a PDF needs Graphviz; install Graphviz: run pip install"):
        draw(neuron()).pdf()


WITHOUT_GRAPHVIZ = r"""
import importlib.abc, os, sys
class Blocker(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("graphviz", "pygraphviz", "matplotlib"):
            raise ModuleNotFoundError(f"No module named {name!r}")
sys.meta_path.insert(0, Blocker())
os.environ["PATH"] = os.getcwd()
from autograd import Value
from autograd.drawing import DrawingError, draw
x = Value(3.0, label="x")
picture = draw(x * x)
assert picture.source.startswith("digraph")
picture.save("x.dot")
picture.save("x.md")
assert str(picture).splitlines()[1].split() == ["×", "9", "0"]
bundle, _ = picture._repr_mimebundle_()
print(sorted(bundle), bundle["text/plain"])
picture.save("x.svg")
for make in (
    picture.png, picture.pdf, lambda: picture.save("x.png"), lambda: picture.render("y", format="pdf"),
):
    try:
        make()
    except DrawingError as error:
        print(error)
print(sorted(os.listdir()))
"""


def test_with_nothing_but_python_there_are_texts_and_svg_and_else_an_error_that_says_what_to_install(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_GRAPHVIZ], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert lines[0] == "['image/svg+xml', 'text/plain'] <Drawing: 2 cards, 2 edges>"
    assert lines[-1] == "['x.dot', 'x.md', 'x.svg']"
    assert len(lines) == 6
    for line in lines[1:-1]:
        assert 'pip install "scalar-autograd[draw]"' in line
        assert "'dot' is on PATH" in line
    for line in lines[1:4:2]:
        assert line.startswith("a PNG needs Matplotlib, a browser or Graphviz")
    assert done.stderr == ""


def test_drawing_text_imports_no_other_package() -> None:
    program = (
        "import sys; from autograd import Value, draw; draw(Value(1.0)).source; "
        "print([m for m in ('graphviz', 'pygraphviz', 'matplotlib', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_in_a_page_the_svg_is_as_wide_as_its_place_at_most() -> None:
    root = ET.fromstring(draw(neuron()).svg())
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    assert float(root.attrib["width"].removesuffix("pt")) == pytest.approx(width, abs=1)
    assert float(root.attrib["height"].removesuffix("pt")) == pytest.approx(height, abs=1)
    assert "max-width:100%" in root.attrib["style"]
    assert "height:auto" in root.attrib["style"]


def test_the_svg_has_a_title_for_those_who_hear_it_and_no_word_on_who_made_it() -> None:
    svg = draw(neuron()).svg()
    root = ET.fromstring(svg)
    assert root.attrib["aria-label"] == "computation graph: 10 cards, 9 edges"
    assert (root.attrib["role"], next(root.iter(f"{SVG}title")).text) == ("img", root.attrib["aria-label"])
    assert "raphviz" not in svg
    assert "<!" not in svg


def test_the_text_that_says_what_to_install_names_the_extra_of_the_project() -> None:
    pyproject = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert 'name = "scalar-autograd"' in pyproject
    assert "\ndraw = [" in pyproject
