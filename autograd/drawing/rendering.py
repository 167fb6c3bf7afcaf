"""Pictures of DOT text, made by Graphviz.

Two are tried in turn: the program `dot`, by way of PyPI's `graphviz`, and the library inside the wheel of
PyPI's `pygraphviz`. Both are looked for when a picture is made, not before.
"""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from html import escape
from shutil import which
from tempfile import NamedTemporaryFile

from ..support.installation import how_to_install


class DrawingError(RuntimeError):
    """No picture could be made: Graphviz is missing, or it failed; the message says what to do."""


_INSTALL = (
    f"a picture needs Graphviz: run {how_to_install('draw')}, which brings it along on Linux "
    "(x86_64, aarch64), macOS and Windows (AMD64); elsewhere install Graphviz itself too "
    "(https://graphviz.org/download), so that its program 'dot' is on PATH"
)

_LIBRARY = (
    ". That library belongs to the system, and small ones lack it: install Graphviz itself, which brings it "
    "along (on Debian and Ubuntu: apt install graphviz)"
)

# The library in the wheel runs in a process of its own: what it writes to file descriptor 2, the lock it
# holds on the interpreter, Ctrl-C during a long layout and a crash are then no concern of the caller's.
_CHILD = """
import sys
sys.path.append(sys.argv[1])
try:
    import pygraphviz
    graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(graph.draw(format=sys.argv[2], prog="dot"))
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def make_picture(source: str, kind: str) -> bytes:
    """Return the picture of a DOT text, by the first Graphviz that makes it.

    Args:
        source: the text.
        kind: "svg", "png" or "pdf".

    Raises:
        DrawingError: there is no Graphviz, or none that can draw this.
    """
    failures = []
    for name, engine in (("graphviz", _by_dot), ("pygraphviz", _by_library)):
        if (folder := _folder(name)) is None or (name == "graphviz" and not which("dot")):
            continue
        try:
            return engine(source, kind, folder)
        except DrawingError as error:
            failures.append(f"{name}: {error}")
    if not failures:
        raise DrawingError(_INSTALL)
    message = "Graphviz failed; " + "; ".join(failures)
    raise DrawingError(message + (_LIBRARY if "cannot open shared object file" in message else ""))


def fitted(svg: str, title: str) -> str:
    """Return Graphviz's SVG for use in a page: no wider than its place, and with a title of its own.

    What names the version of Graphviz is left out, and so is the document type, which has no place in HTML.
    """
    svg = re.sub(r"<!DOCTYPE[^>]*>\s*|<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    title = escape(title)
    # Some versions give a graph without a name the title %3, others none.
    opening = r'(<g id="graph0"[^>]*>\n)(?:<title>%3</title>\n)?'
    svg = re.sub(opening, lambda match: f"{match[1]}<title>{title}</title>\n", svg, count=1)
    attributes = f'role="img" aria-label="{title}" style="max-width:100%;height:auto"'
    return svg.replace("<svg width=", f"<svg {attributes} width=", 1)


_CELL = 560.0  # points, about the width of a notebook's cell


def in_a_cell(svg: str) -> str:
    """Return an SVG that is shrunk to the cell it is shown in, if it is wider than one.

    Where a notebook shows it as it stands, a limit on its width would do; but nbconvert puts it into an
    image without one, which must not have a width of its own.
    """
    size = re.search(r'width="([\d.]+)pt" height="[\d.]+pt"', svg)
    if size is None or float(size[1]) <= _CELL:
        return svg
    svg = svg.replace(size[0], 'width="100%"', 1)
    return svg.replace("max-width:100%", f"max-width:{size[1]}pt", 1)


def _folder(package: str) -> str | None:
    """Return the folder that an installed package lies in, without importing it."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    return os.path.dirname(os.path.dirname(spec.origin)) if spec and spec.origin else None


def _by_dot(source: str, kind: str, folder: str) -> bytes:
    import graphviz

    try:
        picture: bytes = graphviz.Source(source).pipe(format=kind, quiet=True)
    except subprocess.CalledProcessError as error:
        raise DrawingError(_reason(error.returncode, error.stderr)) from None
    except (OSError, RuntimeError) as error:
        raise DrawingError(str(error)) from None
    if not picture:
        raise DrawingError("it made an empty picture")
    return picture


def _by_library(source: str, kind: str, folder: str) -> bytes:
    # -I and -S: nothing of the user's, neither settings nor start-up files, can disturb the drawing
    command = [sys.executable or "python", "-I", "-S", "-c", _CHILD, folder, kind]
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
        with NamedTemporaryFile("w", suffix=".conf", encoding="utf-8") as file:
            environment = dict(os.environ)
            if settings := _font_settings():
                file.write(settings)
                file.flush()
                environment["FONTCONFIG_FILE"] = file.name
            done = subprocess.run(
                command, input=source.encode(), capture_output=True, env=environment, creationflags=flags
            )
    except OSError as error:
        raise DrawingError(f"it could not be started: {error}") from None
    if done.returncode or not done.stdout:
        raise DrawingError(_reason(done.returncode, done.stderr))
    return done.stdout


def _reason(status: int, stderr: bytes) -> str:
    """Return what Graphviz said on its failure, without the chatter about fonts."""
    lines = stderr.decode(errors="replace").splitlines()
    said = [line.strip() for line in lines if line.strip() and not line.startswith("Fontconfig")]
    return " ".join(said) or f"it ended with status {status} and said nothing"


def _font_settings() -> str | None:
    """Return settings by which the library finds a font; on Linux it knows the system's only.

    Small systems, such as containers, have none at all, and all letters would be boxes; Matplotlib, where
    it is installed, has some.
    """
    matplotlib = _folder("matplotlib") if sys.platform == "linux" else None
    if matplotlib is None or "FONTCONFIG_FILE" in os.environ or "FONTCONFIG_PATH" in os.environ:
        return None
    fonts = escape(os.path.join(matplotlib, "matplotlib", "mpl-data", "fonts", "ttf"))
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        '<cachedir prefix="xdg">fontconfig</cachedir>\n'
        f"<dir>/usr/share/fonts</dir>\n<dir>{fonts}</dir>\n</fontconfig>\n"
    )
