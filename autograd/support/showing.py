"""What shows itself: in the cell of a notebook, elsewhere as a page in a window of the browser."""

from __future__ import annotations

import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

_display: ContextVar[Callable[[object], None] | None] = ContextVar("display", default=None)


@contextmanager
def displayed_by(display: Callable[[object], None]) -> Iterator[None]:
    """Have things shown by a function, as on a page that runs Python itself."""
    token = _display.set(display)
    try:
        yield
    finally:
        _display.reset(token)


def in_jupyter() -> bool:
    """Say whether this runs in a notebook, which shows what is displayed."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return hasattr(shell, "kernel")


def show(thing: object, page: Callable[[], str], name: str) -> str:
    """Display a thing in Jupyter; elsewhere write its page into a new folder, and have the browser open it.

    Args:
        thing: what Jupyter displays.
        page: makes the page.
        name: the name of its file.

    Returns:
        the path of the page; an empty text in Jupyter and wherever else things are displayed.
    """
    display_here = _display.get()
    if display_here is not None:
        display_here(thing)
        return ""
    if in_jupyter():
        from IPython.display import display

        display(thing)  # type: ignore[no-untyped-call]
        return ""
    text = page()
    path = Path(tempfile.mkdtemp(prefix="autograd-"), name)  # stays, as the browser may read it at any time
    path.write_text(text, encoding="utf-8")
    webbrowser.open(path.as_uri())
    return str(path)
