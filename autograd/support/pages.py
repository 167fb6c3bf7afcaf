"""Pages of HTML that hold everything themselves, made of files that lie beside the code."""

from __future__ import annotations

import html
import json
from importlib.resources import files
from string import Template


def page_of(title: str, style: str, body: str, lang: str = "en") -> str:
    """Return a whole document; its title is plain text. By its own rule it may load nothing from anywhere."""
    return filled(__package__, "page.html", title=html.escape(title), style=style, body=body, lang=lang)


def filled(package: str, template: str, **parts: str) -> str:
    """Return a file of a package with its places filled; what is put in is not looked through for places."""
    return Template(resource(package, template)).substitute(parts)


def resource(package: str, name: str) -> str:
    """Return the text of a file that lies in a package."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def as_script(data: object) -> str:
    """Return data as JSON that may stand in a script: no text in it can end the element."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
