"""The command `playground`, and what runs on its page: formulas are read as the other commands read them."""

from __future__ import annotations

import argparse
import errno
import os
import re
import tempfile
from collections.abc import Mapping

from ..engine import Value
from ..playground import RUNTIME_VERSION, Send, Session, build, serve
from ..support.languages import LANGUAGES
from .arguments import AddParser, UsageError, numbers_of
from .expression import evaluate

NOTES = """\
The page runs Python in the browser (Pyodide), so that nobody must install
anything. Without --build it is served to this computer alone, until Ctrl-C,
and opened in the browser. With --build it is written into a folder, which any
static host serves.

Python itself, 14 MB, comes from a content delivery network (jsDelivr), or from
a folder that has it: 'npm install pyodide@{version}' makes node_modules/pyodide.

examples:
  autograd playground
  autograd playground --build site
  autograd playground --build site --runtime node_modules/pyodide
"""


def add_playground(add_parser: AddParser) -> None:
    text = "open a page on which formulas and programs run in the browser"
    parser = add_parser(
        "playground",
        help=text,
        description=f"{text[0].upper()}{text[1:]}.",
        epilog=NOTES.format(version=RUNTIME_VERSION),
    )
    parser.add_argument("--build", metavar="DIR", help="write the page into the folder DIR instead")
    parser.add_argument("--runtime", metavar="DIR", help="copy Python from the folder DIR")
    parser.add_argument("--port", type=int, default=0, help="the port to serve at; default: one that is free")
    parser.add_argument("--no-browser", action="store_true", help="open no browser, but tell the address")
    parser.add_argument("--lang", choices=LANGUAGES, help="English or Chinese; default: the browser's")
    parser.set_defaults(run=run_playground)


def run_playground(options: argparse.Namespace) -> int:
    if not 0 <= options.port <= 65535:
        raise UsageError(f"--port is a number from 0 to 65535, not {options.port}")
    if options.build is not None:
        if not options.build.strip() or os.path.isfile(options.build):
            raise UsageError(f"--build takes the name of a folder, which {options.build!r} is not")
        print(f"playground written into {build(options.build, options.runtime)}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        build(folder, options.runtime)
        place = "" if options.lang is None else f"#lang={options.lang}"
        try:
            serve(folder, options.port, not options.no_browser, _say, place)
        except KeyboardInterrupt:  # which is how one ends it
            print(flush=True)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise UsageError(
                f"port {options.port} cannot be used ({error.strerror}); "
                "choose another one, or leave --port away for one that is free"
            ) from None
    return 0


def _say(address: str) -> None:
    print(f"the playground is at {address} until Ctrl-C", flush=True)


def session(send: Send) -> Session:
    """Return what runs the programs and formulas of a page; `send` takes what the page is to show."""
    return Session(send, _evaluated)


def _evaluated(text: str, values: str) -> tuple[Value, Mapping[str, Value]]:
    assignments = re.sub(r"\s*[=＝]\s*", "=", re.sub(r"[,;，；、]", " ", values)).split()
    return evaluate(text, numbers_of(assignments))
