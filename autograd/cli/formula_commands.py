"""The commands about a formula: `diff`, `walk`, `play` and `explain`.

A command is one function that adds its parser, with help that a stranger understands, and one that runs
it and returns the exit status.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterable

from ..drawing import draw
from ..live import play
from ..steps import explain, walk
from ..support.languages import LANGUAGES, said
from ..support.terminal import columns, pad
from .arguments import AddParser, UsageError, numbers_of
from .expression import evaluate
from .vocabulary import CONSTANTS, FUNCTIONS

# diff: a formula and its derivatives

DIFF_EXAMPLES = """\
A formula is made of numbers, names, + - * / // % **, parentheses and functions;
put it in quotes. The value of a variable may be a formula without variables,
such as x=pi/4. Angles are in radians.

functions:
{functions}

constants:
{constants}

examples:
  autograd diff "log(x1) + x1*x2 - sin(x2)" x1=2 x2=5
  autograd diff "tanh(w*x + b)" w=-3 x=2 b=6.9 --draw neuron.svg
"""

PAGES = (".html", ".htm", ".txt")
PICTURES = (".svg", ".png", ".pdf", ".dot", ".gv", ".mmd", ".md")


def add_diff(add_parser: AddParser) -> None:
    def listed(names: Iterable[str]) -> str:
        return textwrap.fill(" ".join(sorted(names)), 79, initial_indent="  ", subsequent_indent="  ")

    parser = add_parser(
        "diff",
        help="compute a formula and its derivative by every variable",
        description="Compute a formula and its derivative by every variable.",
        epilog=DIFF_EXAMPLES.format(functions=listed(FUNCTIONS), constants=listed(CONSTANTS)),
    )
    _add_formula(parser)
    parser.add_argument(
        "--draw", metavar="FILE", help="draw the graph of the computation into FILE (.svg, .png or .pdf)"
    )
    _add_language(parser)
    parser.set_defaults(run=run_diff)


def _add_formula(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("formula", metavar="FORMULA", help='the formula, such as "x*y + sin(x)"')
    parser.add_argument(
        "variables",
        metavar="NAME=NUMBER",
        nargs="*",
        default=[],
        help="a variable of the formula and its value",
    )


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lang", choices=LANGUAGES, default="en", help="English or Chinese; default: en")


def run_diff(options: argparse.Namespace) -> int:
    if options.draw is not None and not options.draw.lower().endswith(PICTURES):
        endings = f"{', '.join(PICTURES[:-1])} or {PICTURES[-1]}"
        raise UsageError(f"cannot draw into {options.draw!r}: the name must end in {endings}")
    result, variables = evaluate(options.formula, numbers_of(options.variables))
    result.backward()
    rows = [
        (said("value", options.lang), result.data),
        *((f"d/d{name}", leaf.grad) for name, leaf in variables.items()),
    ]
    width = max(columns(name) for name, _ in rows)
    for name, number in rows:
        print(f"{pad(name, width)}  {number!r}")
    if options.draw is not None:
        draw(result).save(options.draw)
        print(said("graph drawn into {file}", options.lang, file=options.draw))
    return 0


# walk, explain: the same formula, step by step and path by path

WALK_NOTES = """\
In a terminal the arrow keys step forward and back, Home and End go to the first
and the last step, and q quits. Where the output goes elsewhere, all is printed.

examples:
  autograd walk "tanh(w*x + b)" w=-3 x=2 b=6.9
  autograd walk "tanh(w*x + b)" w=-3 x=2 b=6.9 --save steps.html --lang zh
"""

PLAY_NOTES = """\
On the page each number can be changed, by dragging, with a slider or by typing;
values, derivatives and arrows follow at once. It needs no Python, so it can be
given to others. Without --save it is opened in the browser.

examples:
  autograd play "tanh(w*x + b)" w=-3 x=2 b=6.9
  autograd play "tanh(w*x + b)" w=-3 x=2 b=6.9 --save neuron.html --lang zh
"""

EXPLAIN_NOTES = """\
The derivative by each variable, as the sum over all paths that lead from it to
the result, each a product of local derivatives: the chain rule.

examples:
  autograd explain "x*y + sin(x)" x=2 y=5
  autograd explain "x*y + sin(x)" x=2 y=5 --lang zh
"""


def add_walk(add_parser: AddParser) -> None:
    text = "step through a formula and its derivatives, forward and backward"
    parser = add_parser("walk", help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=WALK_NOTES)
    _add_formula(parser)
    parser.add_argument(
        "--save",
        metavar="FILE",
        help="write the walk into FILE: a page to step through (.html), a moving picture (.svg), text (.txt)",
    )
    _add_language(parser)
    parser.set_defaults(run=run_walk)


def run_walk(options: argparse.Namespace) -> int:
    if options.save is not None and not options.save.lower().endswith(PAGES):
        raise UsageError(f"cannot write a walk into {options.save!r}: the name must end in .html or .txt")
    result, _ = evaluate(options.formula, numbers_of(options.variables))
    steps = walk(result, lang=options.lang)
    if options.save is not None:
        steps.save(options.save)
        print(said("steps written to {file}", options.lang, file=options.save))
        return 0
    from ..steps.in_terminal import show

    show(steps)
    return 0


def add_play(add_parser: AddParser) -> None:
    text = "change the numbers of a formula on a page, and see its derivatives follow"
    parser = add_parser("play", help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=PLAY_NOTES)
    _add_formula(parser)
    parser.add_argument("--save", metavar="FILE", help="write the page into FILE (.html) instead")
    _add_language(parser)
    parser.set_defaults(run=run_play)


def run_play(options: argparse.Namespace) -> int:
    if options.save is not None and not options.save.lower().endswith(PAGES[:2]):
        raise UsageError(f"cannot write a page into {options.save!r}: the name must end in .html")
    result, _ = evaluate(options.formula, numbers_of(options.variables))
    page = play(result, lang=options.lang)
    path = page.show() if options.save is None else page.save(options.save)
    print(said("page written to {file}", options.lang, file=path))
    return 0


def add_explain(add_parser: AddParser) -> None:
    text = "explain the derivatives of a formula by the chain rule"
    parser = add_parser(
        "explain", help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=EXPLAIN_NOTES
    )
    _add_formula(parser)
    _add_language(parser)
    parser.set_defaults(run=run_explain)


def run_explain(options: argparse.Namespace) -> int:
    result, variables = evaluate(options.formula, numbers_of(options.variables))
    if not variables:
        raise UsageError("the formula has no variables, so there is no derivative to explain")
    for i, leaf in enumerate(variables.values()):
        told = explain(result, leaf, lang=options.lang)
        print("\n" * bool(i) + (told.wrapped(max(20, _width())) if sys.stdout.isatty() else told.text))
    return 0


def _width() -> int:
    """Return the columns of the terminal that the output goes to."""
    return shutil.get_terminal_size().columns
