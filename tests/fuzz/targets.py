"""What must hold for any input: it is taken or refused, in bounded time and memory, and as documented.

A target takes one input and raises `BrokenContractError` where something else happens than its contract
says; any other exception is one that the contract does not allow.
"""

from __future__ import annotations

import atexit
import io
import os
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from shutil import rmtree

from autograd.cli import main
from autograd.cli.expression import ExpressionError, evaluate
from autograd.nn import MLP, load_model
from autograd.training import Dataset, Model, ModelError, Table, TableError, make_table, read_table
from autograd.training.csv_files import csv_text

from . import inputs

SECONDS = 2.0
SECONDS_PER_BYTE = 50e-6
"""CPU time that an input may take: tens of times what it needs, far less than the square of its size."""

BYTES = 4_000_000
BYTES_PER_BYTE = 500
"""Memory that an input may take. A column name of one character is a str, a place in a dict and in tuples."""

MESSAGE = 1_000
"""How many characters a message may have, without the path of its file."""

trace_memory = True
"""Whether memory is measured, which takes several times as long as the rest."""

VARIABLES = {"x": 2.0, "y": 5.0, "速度": 3.0, "x1": 0.5, "x2": -1.5, "w": -3.0, "b": 0.0}


class BrokenContractError(AssertionError):
    """Something does not behave as its contract says."""


@contextmanager
def bounded(size: int) -> Iterator[None]:
    """Raise `BrokenContractError` if the block takes more time or memory than an input of this size may."""
    with _traced() if trace_memory else nullcontext():
        before, start = tracemalloc.get_traced_memory()[0], time.process_time()
        yield
        seconds = time.process_time() - start
        memory = tracemalloc.get_traced_memory()[1] - before
    if seconds > SECONDS + SECONDS_PER_BYTE * size:
        raise BrokenContractError(f"{seconds:.1f} seconds for an input of {size} bytes")
    if memory > BYTES + BYTES_PER_BYTE * size:
        raise BrokenContractError(f"{memory} bytes of memory for an input of {size} bytes")


@contextmanager
def _traced() -> Iterator[None]:
    tracing = tracemalloc.is_tracing()
    if not tracing:
        tracemalloc.start()
    tracemalloc.reset_peak()
    try:
        yield
    finally:
        if not tracing:
            tracemalloc.stop()


def check_message(text: str, place: str = "", quoted: int = 0) -> None:
    """Require a message of one line that begins with the place, and has so many characters of quotation."""
    if not text.startswith(place) or not text.removeprefix(place).strip():
        raise BrokenContractError(
            f"the message does not begin with {place!r}, or is empty after it: {text[:200]!r}"
        )
    if len(text) > len(place) + quoted + MESSAGE:
        raise BrokenContractError(f"a message of {len(text)} characters: {text[:200]!r}")
    if not text.isprintable():
        raise BrokenContractError(f"a message of several lines or with control characters: {text!r}")


# Formulas


def expression(data: bytes) -> None:
    """Take bytes as a formula, those that are no UTF-8 as surrogates."""
    check_formula(data.decode("utf-8", "surrogateescape"))


def check_formula(text: str) -> bool:
    """Compute a formula and its derivatives, and say whether it was taken."""
    with bounded(len(text)):
        try:
            result, leaves = evaluate(text, VARIABLES)
        except ExpressionError as error:
            check_message(error.message)
            if error.start is not None and not 0 <= error.start <= error.stop <= len(text):
                raise BrokenContractError(
                    f"the error points at {error.start} to {error.stop} of {len(text)}"
                ) from error
            if str(error).count("\n") != 2 * (error.start is not None):
                raise BrokenContractError(f"the place is not shown on two lines: {str(error)!r}") from error
            return False
        result.backward()
    numbers = [result.data, *(leaf.grad for leaf in leaves.values())]
    if not all(type(x) is float for x in numbers):
        raise BrokenContractError(f"the value and the derivatives are not all floats: {numbers}")
    return True


# Model files


def model(data: bytes) -> None:
    """Take bytes as the file of a model."""
    check_model(data)


def check_model(data: bytes) -> bool:
    """Read a model of a table, and of a network alone; say whether either was taken."""
    path = written("model.json", data)
    return _check_table_model(path, len(data)) | _check_network(path, len(data))


def _check_table_model(path: str, size: int) -> bool:
    with bounded(size):
        try:
            found = Model.load(path)
        except ModelError as error:
            check_message(str(error), f"{path}: ")
            return False
    with bounded(size):
        for number in (0.0, 1e3, -1e308):
            table = make_table(found.features, [[number] * len(found.features)])
            try:
                predictions = found.predict_table(table)
            except TableError as error:
                check_message(str(error), "table, row 2")
            else:
                found.predictions_csv(predictions).encode()
        saved = Path(path + ".saved")
        found.save(saved)
        first = saved.read_bytes()
        Model.load(saved).save(saved)
        if saved.read_bytes() != first:
            raise BrokenContractError("a model that was read and saved is another")
    return True


def _check_network(path: str, size: int) -> bool:
    other = MLP(2, [3, 1], activation="tanh", seed=1)
    before = other.state_dict()
    with bounded(size):
        try:
            other.load(path)
        except ValueError as error:
            _check_refusal(error, path)
            if other.state_dict() != before:
                raise BrokenContractError("a file that is refused has changed the network") from error
        try:
            found = load_model(path)
        except ValueError as error:
            _check_refusal(error, path)
            return False
        if MLP.from_dict(found.to_dict()).state_dict() != found.state_dict():
            raise BrokenContractError("a network that was read and saved is another")
    return True


def _check_refusal(error: ValueError, path: str) -> None:
    if type(error) is not ValueError:
        raise BrokenContractError(f"{type(error).__name__}, not the ValueError that is documented") from error
    check_message(str(error), f"{path}: ")


# Tables


def table(data: bytes) -> None:
    """Take bytes as a CSV file."""
    check_table(data)


def check_table(data: bytes) -> bool:
    """Read a table, learn of what kind it is, and predict its rows; say whether it was read."""
    path = written("data.csv", data)
    taken = False
    for header in (None, True, False):
        with bounded(len(data)):
            try:
                found = read_table(path, header=header, names=("x", "y"))
            except TableError as error:
                check_message(str(error), path)
                continue
        taken = True
        _check_cells(found, len(data))
        _check_use(found, len(data))
    return taken


def _check_cells(found: Table, size: int) -> None:
    if len(set(found.columns)) != len(found.columns) or {*map(len, found.rows)} - {len(found.columns)}:
        raise BrokenContractError("the columns are not all different, or not those of every row")
    if list(found.row_numbers) != sorted({*found.row_numbers}) or len(found.row_numbers) != len(found.rows):
        raise BrokenContractError("the rows are not numbered in order")
    with bounded(size):
        text = csv_text(found.columns, found.rows)
        if text.startswith("\ufeff"):  # a second byte order mark is part of a name, the first is not
            return
        path = written("again.csv", text.encode())
        again = read_table(path, header=True, delimiter=",")
    if (again.columns, again.rows) != (found.columns, found.rows):
        raise BrokenContractError(f"a table that was read and written is another: {again} {found}")


def _check_use(found: Table, size: int) -> None:
    uses: tuple[Callable[[], object], ...] = (
        lambda: Dataset.of(found),
        lambda: Dataset.of(found, "1", task="classification"),
        lambda: _MODELS[0].predictions_csv(_MODELS[0].predict_table(found)).encode(),
        lambda: _MODELS[1].predict_table(found),
    )
    for use in uses:
        # A prediction takes some twenty operations of the network for each row.
        with bounded(size + 100 * len(found.rows)):
            try:
                use()
            except TableError as error:
                check_message(str(error), found.name)


_MODELS = (inputs.classifier(), inputs.regressor())


# The command line


def command(data: bytes) -> None:
    """Take bytes as the arguments of `diff`, with a NUL between them; none may be --draw."""
    arguments = data.decode("utf-8", "surrogateescape").split("\0")
    if not any(argument.startswith("--draw") for argument in arguments):
        check_command(["diff", *arguments])


def predict(data: bytes) -> None:
    """Take bytes as a model file and a table, with a NUL between them."""
    first, _, second = data.partition(b"\0")
    check_predict(first, second)


def check_predict(model_file: bytes, csv_file: bytes) -> bool:
    """Have `predict` read two files, and say whether it took both."""
    arguments = [written("model.json", model_file), written("data.csv", csv_file)]
    size = len(model_file) + len(csv_file) + 100 * len(csv_file.splitlines())
    printed = check_command(["predict", *arguments], size)
    stored = check_command(["predict", *arguments, "--out", os.path.join(_folder(), "out.csv")], size)
    if printed != stored:
        raise BrokenContractError("the same is printed and not written to a file, or the other way round")
    return printed


def check_command(argv: list[str], size: int = 0) -> bool:
    """Run a command, and say whether it went well; else one message must say why not."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with bounded(size + len("".join(argv))), redirect_stdout(out), redirect_stderr(err):
        status = main(argv)
    printed, problem = (_content(stream) for stream in (out, err))
    if status == 0:
        if not printed or problem:
            raise BrokenContractError(f"nothing printed, or a problem after all: {problem[:200]!r}")
        return True
    first, *place = problem.removesuffix("\n").split("\n")
    if status != 2 or printed:
        raise BrokenContractError(
            f"exit status {status}, printed {printed[:200]!r}, problem {problem[:200]!r}"
        )
    check_message(first, "autograd: error: ", 10 * len("".join(argv)))  # an escape is ten characters
    # A formula is shown below its message, with carets where it is wrong.
    if place and not (len(place) == 2 and place[1].strip(" ^") == "" and place[1].endswith("^")):
        raise BrokenContractError(f"more than one message: {problem!r}")
    return False


def _content(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return raw.decode()


# Files


@cache
def _folder() -> str:
    folder = tempfile.mkdtemp(prefix="fuzz")
    atexit.register(rmtree, folder, ignore_errors=True)
    return folder


def written(name: str, data: bytes) -> str:
    """Return the path of a file with this content, in a folder of its own."""
    path = os.path.join(_folder(), name)
    Path(path).write_bytes(data)
    return path


TARGETS: dict[str, Callable[[bytes], None]] = {
    each.__name__: each for each in (expression, model, table, command, predict)
}
