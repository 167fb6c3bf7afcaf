"""The command line: `python -m autograd ...`, also installed as `autograd`.

The tuple COMMANDS lists the functions that add a command each. Whatever the user can get wrong is raised as
an exception by the module concerned and becomes one message and exit status 2 here, in `main`.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence

from ..drawing import DrawingError
from ..engine import compiled
from ..plots import PlotError
from ..support.version import __version__
from .arguments import AddParser, Parser, options_first
from .formula_commands import add_diff, add_explain, add_play, add_walk
from .playground_command import add_playground
from .training_commands import add_predict, add_train

COMMANDS: tuple[Callable[[AddParser], None], ...] = (
    add_diff, add_walk, add_play, add_explain, add_train, add_predict, add_playground,
)  # fmt: skip
"""The functions that add a command each, in the order of the help."""


def build_parser() -> Parser:
    """Return the parser of the command line."""
    as_module = os.path.basename(sys.argv[0]) == "__main__.py"
    parser = Parser(
        prog="python -m autograd" if as_module else "autograd",
        description="Differentiate formulas and train small neural networks, number by number.",
        epilog="'%(prog)s COMMAND --help' explains a command and shows examples of it.",
    )
    form = "compiled" if compiled else "pure Python"
    parser.add_argument("--version", action="version", version=f"scalar-autograd {__version__}, {form}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True, parser_class=Parser
    )
    for add_command in COMMANDS:
        add_command(commands.add_parser)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status.

    That is 0 when all went well, 2 after a mistake of the user's (one message on standard error says
    what to do about it), 130 when interrupted, 141 when whoever read the output has gone.

    Args:
        argv: the arguments, without the name of the program; those of the process by default.

    >>> main(["--version"])  # doctest: +ELLIPSIS
    scalar-autograd ...
    0
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may lack characters that names have
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _run(sys.argv[1:] if argv is None else list(argv))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Python would flush what is left on its way out, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        print("autograd: interrupted", file=sys.stderr)
        return 130
    except MemoryError:
        print("autograd: error: this takes more memory than there is", file=sys.stderr)
        return 2
    except (ValueError, OSError, ImportError, DrawingError, PlotError) as error:
        print(f"autograd: error: {_message(error)}", file=sys.stderr)
        return 2


def _run(argv: list[str]) -> int:
    if argv and argv[0] in ("diff", "walk", "play", "explain"):
        argv = [argv[0], *options_first(argv[1:])]
    try:
        options = build_parser().parse_args(argv)
    except SystemExit as done:  # after --help and --version
        return int(done.code or 0)
    return int(options.run(options))


def _message(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)
