"""PNG without Graphviz: by Matplotlib, or by a browser, or else a message."""

from __future__ import annotations

import stat
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from drawn import hide, sample
from graphs import GRAPHS

from autograd import Value, draw
from autograd.drawing import DrawingError, raster

pytestmark = pytest.mark.usefixtures("alone")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, no_dot: None) -> None:
    hide(monkeypatch, "pygraphviz")
    monkeypatch.setattr(raster, "_APPLICATIONS", ())


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def pixels(png: bytes) -> Any:
    import io

    import matplotlib.image

    return matplotlib.image.imread(io.BytesIO(png))[:, :, :3]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_matplotlib_paints_cards_in_their_colours(theme: str) -> None:
    drawing = draw(sample(), theme=theme)
    image = pixels(drawing.png(72))
    colors = {tuple(round(255 * c) for c in pixel) for row in image for pixel in row.tolist()}
    from autograd.drawing.themes import THEMES

    known = THEMES[theme]
    for color in (
        known.background,
        known.operation,
        *(known.heads[k] for k in ("input", "parameter", "inner")),
    ):
        assert tuple(bytes.fromhex(color[1:])) in colors


def test_more_dots_an_inch_make_it_larger_up_to_a_limit() -> None:
    drawing = draw(sample())
    (w, h), (w2, h2) = size(drawing.png(72)), size(drawing.png(144))
    assert [w2, h2] == pytest.approx([2 * w, 2 * h], abs=2)
    y = Value(1.0)
    for _ in range(60):
        y = y + 1.0
    assert 9990 <= max(size(draw(y).png())) <= 10_000


@pytest.mark.parametrize("name", GRAPHS)
def test_every_graph_is_painted_without_a_word(name: str, recwarn: pytest.WarningsRecorder) -> None:
    assert min(size(GRAPHS[name]().png(50))) > 20
    assert [str(warning.message) for warning in recwarn] == []


def test_nothing_of_pyplot_is_touched() -> None:
    program = (
        "import sys; sys.modules['pygraphviz'] = None; from autograd import Value, draw; "
        "draw(Value(1.0)).png(); print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PATH": "/nowhere"}
    )
    assert done.stdout.strip() == "False"


BROWSER = """
import sys
from pathlib import Path
options = dict(word[2:].split("=", 1) for word in sys.argv[1:] if "=" in word)
page = Path(sys.argv[-1].removeprefix("file://")).read_text(encoding="utf-8")
assert "<svg" in page and "<?xml" not in page
Path(options["screenshot"]).write_text("a picture of " + options["window-size"])
"""


def install_browser(monkeypatch: pytest.MonkeyPatch, folder: Path, program: str) -> None:
    folder.mkdir()
    path = folder / "chromium"
    path.write_text(f"#!{sys.executable}\n{program}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


def test_without_matplotlib_a_browser_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hide(monkeypatch, "matplotlib")
    install_browser(monkeypatch, tmp_path / "bin", BROWSER)
    assert draw(sample()).png().startswith(b"a picture of ")


def test_letters_that_matplotlib_lacks_are_left_to_a_browser(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    install_browser(monkeypatch, tmp_path / "bin", BROWSER)
    assert draw(sample()).png().startswith(b"\x89PNG")
    assert draw(Value(1.0, label="\u1780\u1781")).png().startswith(b"a picture of ")  # Khmer


def test_a_browser_that_makes_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hide(monkeypatch, "matplotlib")
    install_browser(monkeypatch, tmp_path / "bin", "pass")
    with pytest.raises(DrawingError, match=r"^a PNG needs .*chromium made no picture: "):
        draw(sample()).png()


def test_without_both_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "matplotlib")
    with pytest.raises(
        DrawingError,
        match=r'^a PNG needs Matplotlib, .*pip install "scalar-autograd\[plot\]", or .*\.svg needs nothing$',
    ):
        draw(sample()).png()
