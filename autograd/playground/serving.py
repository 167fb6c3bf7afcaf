"""The playground on this computer: a small server, and the browser of the system.

What serves is imported where it is needed, for it takes long in a browser, where nothing is served.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from http.server import ThreadingHTTPServer

HOST = "127.0.0.1"

TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
    ".zip": "application/zip",
}
"""What browsers insist on, whatever the system has been told of files."""


def server_of(folder: str | os.PathLike[str], port: int = 0) -> ThreadingHTTPServer:
    """Return a server of a folder for this computer alone; `serve_forever()` runs it.

    Args:
        folder: what to serve.
        port: the port to listen at, or 0 for any that is free.

    Raises:
        OSError: the port is taken.
    """
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    class Handler(SimpleHTTPRequestHandler):
        extensions_map = SimpleHTTPRequestHandler.extensions_map | TYPES

        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=os.fspath(folder))

        def log_message(self, *args: Any) -> None:
            """Say nothing of what is served."""

    return ThreadingHTTPServer((HOST, port), Handler)


def serve(
    folder: str | os.PathLike[str],
    port: int = 0,
    browser: bool = True,
    say: Callable[[str], None] = print,
    place: str = "",
) -> None:
    """Serve a folder to this computer alone, and open it in the browser, until Ctrl-C.

    Args:
        folder: what `build` has written.
        port: the port to listen at, or 0 for any that is free.
        browser: whether to open the browser of the system.
        say: called with the address, once it is served.
        place: what ends the address, such as "#lang=zh".

    Raises:
        OSError: the port is taken.
    """
    with server_of(folder, port) as server:
        address = f"http://{HOST}:{server.server_port}/{place}"
        say(address)
        if browser:
            import webbrowser

            webbrowser.open(address)
        server.serve_forever()
