"""The playground as a folder: the page, its scripts, this package in an archive, and perhaps the runtime."""

from __future__ import annotations

import hashlib
import html
import io
import os
import shutil
import zipfile
from importlib.resources import files
from pathlib import Path

from ..support import pages
from ..support.files import write_whole
from .examples import EXAMPLES
from .words import all_words

RUNTIME_VERSION = "314.0.7"
"""The version of Pyodide that the page asks for."""

RUNTIME_FILES = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
"""What the page needs of the runtime, all of which npm's package `pyodide` has."""

_CDN = f"https://cdn.jsdelivr.net/npm/pyodide@{RUNTIME_VERSION}/"
_BYTES = 13_500_000  # of the runtime's files, for the progress bar where they are not at hand
_STATIC = ("playground.css", "editor.js", "charts.js", "address.js", "playground.js", "worker.js")
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same for all files, so that the same package gives the same archive


def build(folder: str | os.PathLike[str], runtime: str | os.PathLike[str] | None = None) -> Path:
    """Write the playground into a folder, and return its path.

    Whatever serves files serves it: no server runs a program. A page that is opened as a file cannot load
    Python, by the rules of browsers.

    Args:
        folder: where to; it is made if it is not there. Files of the playground in it are replaced, and
            others are left alone.
        runtime: a folder that has Pyodide, such as `node_modules/pyodide`, whose five files (14 MB) are
            copied. Without it the page loads them from a content delivery network, jsDelivr.

    Raises:
        FileNotFoundError: the runtime lacks a file.
        OSError: something cannot be read or written.
    """
    place = Path(folder)
    source = None if runtime is None else Path(runtime)
    if source is not None:
        missing = [name for name in RUNTIME_FILES if not (source / name).is_file()]
        if missing:
            raise FileNotFoundError(
                f"{source} has no {missing[0]}, so it is no folder with Pyodide; 'npm install pyodide"
                f"@{RUNTIME_VERSION}' makes one, node_modules/pyodide"
            )
    place.mkdir(parents=True, exist_ok=True)
    size = _BYTES
    if source is not None:
        (place / "pyodide").mkdir(exist_ok=True)
        for name in RUNTIME_FILES:
            shutil.copyfile(source / name, place / "pyodide" / name)
        size = sum((source / name).stat().st_size for name in RUNTIME_FILES)
    for name in _STATIC:
        write_whole(place / name, pages.resource(__package__, name))
    packed = archive()
    write_whole(place / "autograd.zip", packed)
    write_whole(place / "index.html", _page("pyodide/" if source is not None else _CDN, size, packed))
    return place


def archive() -> bytes:
    """Return this package as a zip, in plain Python; the same package gives the same bytes."""
    root = Path(str(files(__package__.partition(".")[0])))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(root.rglob("*")):
            if not file.is_file() or "__pycache__" in file.parts or file.suffix in (".so", ".pyd", ".pyc"):
                continue
            entry = zipfile.ZipInfo(f"{root.name}/{file.relative_to(root).as_posix()}", _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, file.read_bytes())
    return buffer.getvalue()


def _page(runtime: str, size: int, packed: bytes) -> str:
    data = {
        "archive": f"autograd.zip?{hashlib.sha256(packed).hexdigest()[:12]}",  # no browser keeps another one
        "runtime": runtime,
        "bytes": size,
        "words": all_words(),
        "examples": [
            {"name": example.name, "titles": example.titles, "programs": example.programs}
            for example in EXAMPLES
        ],
    }
    words = all_words()["en"]
    return pages.filled(
        __package__,
        "index.html",
        title=html.escape(words["title"]),
        scripts_off=html.escape(words["scripts_off"]),
        data=pages.as_script(data),
    )
