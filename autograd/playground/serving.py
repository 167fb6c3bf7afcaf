"""The playground on this computer: a small server, and the browser of the system."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOST = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Serves files with the types that browsers insist on, whatever the system has been told of them."""

    extensions_map = {  # noqa: RUF012 (as in the class it is of)
        **SimpleHTTPRequestHandler.extensions_map,
        ".css": "text/css",
        ".html": "text/html",
        ".js": "text/javascript",
        ".json": "application/json",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".zip": "application/zip",
    }

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (as in the class it is of)
        """Say nothing of what is served."""


def server_of(folder: str | os.PathLike[str], port: int = 0) -> ThreadingHTTPServer:
    """Return a server of a folder for this computer alone; `serve_forever()` runs it.

    Args:
        folder: what to serve.
        port: the port to listen at, or 0 for any that is free.

    Raises:
        OSError: the port is taken.
    """
    return ThreadingHTTPServer((HOST, port), partial(_Handler, directory=os.fspath(folder)))


def serve(
    folder: str | os.PathLike[str],
    port: int = 0,
    browser: bool = True,
    say: Callable[[str], None] = print,
    query: str = "",
) -> None:
    """Serve a folder to this computer alone, and open it in the browser, until Ctrl-C.

    Args:
        folder: what `build` has written.
        port: the port to listen at, or 0 for any that is free.
        browser: whether to open the browser of the system.
        say: called with the address, once it is served.
        query: what follows the address, such as "#lang=zh".

    Raises:
        OSError: the port is taken.
    """
    with server_of(folder, port) as server:
        address = f"http://{HOST}:{server.server_port}/{query}"
        say(address)
        if browser:
            webbrowser.open(address)
        server.serve_forever()
