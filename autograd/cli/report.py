"""What is said about a training run in the terminal, and what it leaves in a folder."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .. import plots
from ..drawing import Drawing, DrawingError
from ..support.files import write_whole
from ..support.terminal import columns, pad, visible
from ..training import Result
from ..training.minibatches import Eager

MODEL = "model.json"
_MOST_NAMES = 20
PICTURES = ("loss.png", "gradients.png", "boundary.png", "network.svg", "network.png")

# Tables in the terminal


def opening(result: Result) -> str:
    """Return in two lines what is about to be learnt by what; the result need not be trained."""
    model, data = result.model, result.data
    network, settings = model.network, result.settings
    goal = f"{len(model.classes)} classes" if model.classes else "numbers"
    sizes = "-".join(map(str, [network.nin, *network.nouts]))
    activation = settings.activation if settings.hidden else "linear"
    tested = f"testing on {len(result.test_rows)}" if result.test_rows else "testing on none"
    lines = [
        f"{data.table.name}: {len(data.inputs)} rows",
        f"{model.target} ({goal}) from {_features(model.features)}",
        f"MLP {sizes}, {activation}, {len(network.parameters())} parameters, {settings.optimizer}; "
        f"learning from {len(result.train_rows)} rows, {tested}",
    ]
    return "\n".join(map(visible, lines))


def _features(names: Sequence[str]) -> str:
    """Return names as one line of text, of very many the first and the last."""
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    return f"{len(names)} columns, {', '.join(names[:2])}, ..., {names[-1]}"


def summary(result: Result) -> str:
    """Return the measures of a trained model, and for a classification its confusion matrix, as text."""
    parts: list[tuple[str, dict[str, float], int]] = [
        ("train", result.train_metrics, len(result.train_rows)),
        ("test", result.test_metrics, len(result.test_rows)),
    ]
    parts = [part for part in parts if part[1]]
    rows = [["", *[name for name, _, _ in parts]], ["rows", *[str(count) for _, _, count in parts]]]
    measures = list(result.train_metrics)
    rows += [[name, *[measure(metrics[name]) for _, metrics, _ in parts]] for name in measures]
    text = _aligned(rows)
    if result.confusion:
        kept = "test rows" if result.test_rows else "rows"
        labels = [visible(label) for label in result.model.classes]
        matrix = [["true \\ predicted", *labels]]
        matrix += [[label, *map(str, counts)] for label, counts in zip(labels, result.confusion, strict=True)]
        text += f"\n\nconfusion matrix of the {kept}:\n{_aligned(matrix)}"
    return text


def measure(x: float) -> str:
    """Return a measure as text, of four digits after the point unless it is very small or large.

    >>> measure(0.98765), measure(123456.7), measure(math.nan)
    ('0.9877', '1.23e+05', '-')
    """
    return f"{x:.4f}" if 1e-3 <= abs(x) < 1e5 or x == 0 else "-" if math.isnan(x) else f"{x:.3g}"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as lines: the first column to the left, the others to the right."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            pad(cell, width) if i == 0 else " " * (width - columns(cell)) + cell
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(f"  {line}".rstrip() for line in lines)


# Files in a folder


@dataclass(frozen=True)
class Saved:
    """What `save` has written, and what not.

    Attributes:
        files: the names of the files in the folder.
        left_out: for each picture that could not be made a line that says why.
    """

    files: list[str]
    left_out: list[str]


def save(result: Result, folder: str | os.PathLike[str], lang: str = "en") -> Saved:
    """Write the model and the pictures of a training run to a folder, which must exist.

    There are `model.json`, `loss.png`, `gradients.png`, `boundary.png`, `network.svg` and `network.png`. A
    picture for which a program is missing is left out. Files of these names from an earlier run are
    replaced, and pictures of the earlier run that this one has not are removed.

    Args:
        result: the run.
        folder: where to.
        lang: the language of the plots, "en" or "zh".

    Raises:
        OSError: a file cannot be written.
    """
    place = Path(folder)
    again = (place / MODEL).exists()
    result.model.save(place / MODEL)
    saved = Saved([MODEL], [])
    _add(saved, place, ["loss.png"], lambda: [plots.loss_curve(result, lang).png()])
    _add(saved, place, ["gradients.png"], lambda: [plots.gradient_flow(result, lang).png()])
    _add(saved, place, ["boundary.png"], lambda: [plots.decision_boundary(result, lang).png()])
    network = cache(lambda: _network(result))
    _add(saved, place, ["network.svg"], lambda: [network().svg().encode()])
    _add(saved, place, ["network.png"], lambda: [network().png()])
    if again:
        for name in PICTURES:
            if name not in saved.files:
                (place / name).unlink(missing_ok=True)
    return saved


def _add(saved: Saved, folder: Path, names: Sequence[str], make: Callable[[], Sequence[bytes]]) -> None:
    try:
        contents = make()
    except (plots.PlotError, DrawingError) as error:
        saved.left_out.append(f"{' and '.join(names)}: {error}")
        return
    for name, content in zip(names, contents, strict=True):
        write_whole(folder / name, content)
        saved.files.append(name)


def _network(result: Result) -> Drawing:
    """Return the network with the gradients of the row it predicts worst."""
    model, data = result.model, result.data
    rows = result.test_rows or result.train_rows
    eager = Eager(model.network, *model.standardised(data), len(model.classes))
    worst, _ = max(
        zip(rows, eager.outputs(rows), strict=True), key=lambda row: eager.loss([row[0]], [row[1]])
    )
    true = model.classes[int(data.targets[worst])] if model.classes else f"{data.targets[worst]:g}"
    return plots.draw_network(
        model.network,
        eager.inputs[worst],
        lambda outputs: eager.loss([worst], [outputs]),
        inputs=model.features,
        outputs=model.classes or [model.target],
        caption=f"row {data.table.row_numbers[worst]}: {model.target} is {true}",
    )
