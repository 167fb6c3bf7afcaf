"""The commands about a network that learns a table: `train` and `predict`.

A command is one function that adds its parser, with help that a stranger understands, and one that runs
it and returns the exit status.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

from ..nn import ACTIVATIONS
from ..plots import LANGUAGES, Recorder, check_film, fonts
from ..support.files import check_writable, make_writable_folder, remove_empty, write_whole
from ..support.languages import said
from ..training import (
    ENGINES,
    OPTIMIZERS,
    SHIPPED,
    Dataset,
    Interrupted,
    Model,
    Settings,
    Step,
    Table,
    Trainer,
    read_table,
)
from . import report
from .arguments import AddParser
from .progress import Progress

# train: a network that learns a table

TRAIN_NOTES = """\
The file is UTF-8 text. Whether its cells are separated by commas, semicolons or
tabs is found out, and whether it has a header: the first row is one if no cell
of it is a number. Columns are named as in the header, or column1, column2, ...
All but the target must be numbers; they are standardised with the mean and the
standard deviation of the rows learnt from. A target of text, or of whole
numbers of at most 10 values, is a classification; other numbers a regression.

In the output folder: model.json for 'predict', the loss curve (loss.png), how
large the gradients of each layer were (gradients.png), what is predicted all
over the plane of the two features that tell most (boundary.png), and the
network with the gradients of the row it predicts worst (network.svg and .png).
Of images, such as digits, those that are named wrongly are shown in place of
a plane of two pixels, with the probabilities of the classes (mistakes.png).
Ctrl-C ends the training early and saves what was learnt so far.

The engines 'llvm' and 'numpy' compile the loss of one row and run it on a whole
minibatch at once; they need pip install "scalar-autograd[fast]", or in a clone
pip install ".[fast]". 'eager' records every row anew and needs nothing. What
they learn differs by rounding.

A film shows all that step by step: a page with a player (.html), which needs
nothing but a browser, or an animated picture (.gif).

examples:
  autograd train
  autograd train iris --features petal_length,petal_width --out petals
  autograd train iris --film learning.html
  autograd train digits
  autograd train vowels
  autograd train houses.csv --target price --hidden 16,16 --steps 1000
"""

IRIS = "iris"
TABLES = f"the table, or {', '.join(SHIPPED)}"
SUITED: dict[str, dict[str, Any]] = {
    "digits": {"hidden": (32,), "lr": 0.02, "batch": 32},
    "vowels": {"hidden": (24,), "lr": 0.02, "batch": 32, "steps": 600},
}
"""Settings that suit a shipped table better than the defaults do."""


def add_train(add_parser: AddParser) -> None:
    parser = add_parser(
        "train",
        usage="%(prog)s [DATA.csv] [options]",
        help="train a network on a CSV file",
        description="Train a small network to predict one column of a CSV file from the others.\n"
        "Without a file it learns Fisher's iris data: three species, four measures.\n"
        "'digits' is UCI's handwritten digits, 1797 images of 8 by 8 pixels, which have\n"
        "defaults of their own: --hidden 32 --lr 0.02 --batch 32. 'vowels' is ten vowels,\n"
        "of 1500 synthetic speakers in 20 bands of frequency, and has its own, too:\n"
        "--hidden 24 --lr 0.02 --batch 32 --steps 600.",
        epilog=TRAIN_NOTES,
    )
    default = Settings()
    add = partial(_add_option, parser)
    parser.add_argument("data", metavar="DATA.csv", nargs="?", default=IRIS, help=TABLES)
    add("--target", "COLUMN", "the column to predict, by name or number; default: the last one")
    add("--features", "A,B,...", "the columns to predict it from; default: all others")
    add("--task", None, "default: as the target suggests", choices=("classification", "regression"))
    _add_header(parser)
    add("--hidden", "N,N,...", "neurons in each hidden layer, or 'none'; default: 8", type=_sizes)
    add("--activation", "NAME", f"{', '.join(ACTIVATIONS)}; default: tanh", choices=ACTIVATIONS)
    add("--optimizer", None, "default: adam", choices=OPTIMIZERS)
    add("--lr", "X", "learning rate at the start; it falls to 0 along a cosine", default.lr, type=float)
    add("--steps", "N", "minibatches to learn from", default.steps, type=int)
    add("--batch", "N", "rows in a minibatch", default.batch, type=int)
    add("--l2", "X", "factor of the sum of squared parameters in the loss", default.l2, type=float)
    add("--seed", "N", "the same seed gives the same model", default.seed, type=int)
    add("--test-fraction", "X", "share of the rows kept for testing", default.test_fraction, type=float)
    add("--engine", None, "how gradients are computed; default: the fastest installed", choices=ENGINES)
    add("--out", "FOLDER", "default: a folder named after the data, such as iris-run")
    add("--film", "FILE", "make a film of the training in FILE (.html or .gif)")
    text = "English or Chinese, in plots where a font has it; default: en"
    add("--lang", None, text, choices=LANGUAGES, default="en")
    parser.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    parser.set_defaults(run=run_train)


def _add_option(
    parser: argparse.ArgumentParser,
    name: str,
    metavar: str | None,
    text: str,
    usual: float | None = None,
    **kinds: Any,
) -> None:
    """Add an option; `usual` is what the help says it is unless given."""
    shown = "" if usual is None else f"; default: {usual}"
    parser.add_argument(name, metavar=metavar, help=text + shown, **kinds)


def _add_header(parser: argparse.ArgumentParser) -> None:
    text = "the first row names the columns, or does not; default: found out"
    parser.add_argument("--header", action=argparse.BooleanOptionalAction, help=text)


def _sizes(text: str) -> tuple[int, ...]:
    try:
        return () if text == "none" else tuple(int(size) for size in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list of sizes such as 8,8, nor 'none'") from None


def run_train(options: argparse.Namespace) -> int:
    table = _read(options.data, options.header)
    settings = _settings(options)
    features = next(csv.reader([options.features])) if options.features else None
    if options.film is not None:
        check_film(options.film)
    trainer = Trainer(Dataset.of(table, options.target, features, options.task), settings)
    folder = options.out or f"{Path(table.name).stem}-run"
    made = make_writable_folder(folder)  # now, not after a minute of training
    try:
        if options.film is not None:
            check_writable(options.film)
        return _train(trainer, folder, options, say=(lambda *_: None) if options.quiet else print)
    finally:
        remove_empty(made)


def _settings(options: argparse.Namespace) -> Settings:
    given = {field.name: getattr(options, field.name) for field in fields(Settings)}
    given = {name: setting for name, setting in given.items() if setting is not None}
    return Settings(**((SUITED.get(options.data, {}) if _is_shipped(options.data) else {}) | given))


def _train(trainer: Trainer, folder: str, options: argparse.Namespace, say: Callable[..., None]) -> int:
    result, status = trainer.result, 0
    say(report.opening(result, options.lang))
    score = "accuracy" if result.model.classes else "RMSE"
    progress = Progress(result.settings.steps, score, sys.stderr, options.lang) if say is print else None
    recorder = Recorder(trainer) if options.film is not None else None

    def after_step(step: Step) -> None:
        if recorder is not None:
            recorder(step)
        if progress is not None:
            progress(step)

    try:
        trainer.run(after_step)
    except Interrupted as stop:
        result, status = stop.result, 130
    finally:
        if progress is not None:
            progress.close()
    if status:
        done = f"after {len(result.history)} of {result.settings.steps} steps"
        print(f"autograd: interrupted {done}; saving what was learnt so far", file=sys.stderr)
    saved = report.save(result, folder, options.lang)
    files = said("in {folder}: {files}", options.lang, folder=folder, files=", ".join(saved.files))
    say(f"\n{report.summary(result, options.lang)}\n\n{files}")
    if recorder is not None:
        recorder.film(options.lang).save(options.film)
        say(said("film in {file}", options.lang, file=options.film))
    for problem in saved.left_out:
        print(f"autograd: left out {problem}", file=sys.stderr)
    if options.lang == "zh" and "loss.png" in saved.files and fonts.chinese_font() is None:
        print("autograd: no font has Chinese characters, so the plots are in English", file=sys.stderr)
    return status


def _read(data: str, header: bool | None, names: Iterable[str] = ()) -> Table:
    if _is_shipped(data):
        return SHIPPED[data]()
    return read_table(data, header=header, names=names)


def _is_shipped(data: str) -> bool:
    return data in SHIPPED and not os.path.isfile(data)


# predict: what a trained network says about another table

PREDICT_NOTES = """\
If both this table and the one that was learnt have a header, columns are found
by name, in any order; other columns are ignored, the target too. Otherwise the
table must have the features alone, or all columns of the table that was learnt,
in the same order.

For each row of the table a row is written, in the same order, under a header:
the predicted class and the probability of each class, or the predicted number.

example:
  autograd predict iris-run/model.json flowers.csv --out species.csv
"""


def add_predict(add_parser: AddParser) -> None:
    parser = add_parser(
        "predict",
        help="predict the rows of a CSV file with a network that was trained",
        description="Predict the rows of a CSV file with a network that 'train' has saved.",
        epilog=PREDICT_NOTES,
    )
    parser.add_argument("model", metavar="MODEL.json", help="the model, from the folder that 'train' made")
    parser.add_argument("data", metavar="DATA.csv", help=TABLES)
    _add_header(parser)
    parser.add_argument("--out", metavar="FILE", help="write to this CSV file; default: print")
    parser.set_defaults(run=run_predict)


def run_predict(options: argparse.Namespace) -> int:
    model = Model.load(options.model)
    table = _read(options.data, options.header, model.features if model.has_header else ())
    predictions = model.predict_table(table)
    text = model.predictions_csv(predictions)
    if options.out is None:
        print(text, end="")
    else:
        write_whole(options.out, text)
        print(f"{len(predictions)} predictions written to {options.out}")
    return 0
