"""Files of the package as pages, with a place for each line, and where in them a public name is defined."""

from __future__ import annotations

import importlib
import inspect
from functools import cache, reduce
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

ROOT = Path(__file__).parent.parent


def listing(path: Path) -> str:
    """Return a file as HTML, in the classes that Sphinx has colours for; line 12 is at #L-12."""
    formatter = HtmlFormatter(lineanchors="L", linenos="inline", anchorlinenos=True, wrapcode=True)
    code: str = highlight(path.read_text(encoding="utf-8"), PythonLexer(), formatter)
    return code


def definition(module: str, name: str) -> tuple[Path, int] | None:
    """Return the file, from the root of the repository, and the line that define what is ours.

    Args:
        module: where it is documented.
        name: in there, perhaps with dots: `Value.backward`.
    """
    try:
        thing: Any = reduce(getattr, name.split("."), importlib.import_module(module))
        function: Any = thing.fget if isinstance(thing, property) else thing
        thing = inspect.unwrap(function)
        path = Path(inspect.getsourcefile(thing) or "")
        line = inspect.getsourcelines(thing)[1]
    except (AttributeError, TypeError, OSError):  # builtins, data, and names that answer with advice
        return None
    return (path.relative_to(ROOT), line) if path.is_relative_to(ROOT / "autograd") else None


@cache
def definitions(module: str, name: str) -> list[tuple[Path, int]]:
    """Return where a public name and, of a class, its public members are defined."""
    members = [x for x in dir(getattr(importlib.import_module(module), name)) if not x.startswith("_")]
    found = [definition(module, name), *(definition(module, f"{name}.{member}") for member in members)]
    return [place for place in found if place is not None]
