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
from ..support.languages import said
from ..support.terminal import columns, pad, visible
from ..training import Result
from ..training.minibatches import Eager

MODEL = "model.json"
_MOST_NAMES = 20
PICTURES = ("loss.png", "gradients.png", "boundary.png", "mistakes.png", "network.svg", "network.png")

# Tables in the terminal


def opening(result: Result, lang: str = "en") -> str:
    """Return in a few lines what is about to be learnt by what; the result need not be trained."""
    model, data = result.model, result.data
    network, settings = model.network, result.settings
    classes = len(model.classes)
    goal = said("{count} classes", lang, count=classes) if classes else said("numbers", lang)
    sizes = "-".join(map(str, [network.nin, *network.nouts]))
    features = _features(model.features, lang)
    lines = [
        said("{name}: {count} rows", lang, name=data.table.name, count=len(data.inputs)),
        said("{target} ({goal}) from {features}", lang, target=model.target, goal=goal, features=features),
        said(
            "MLP {sizes}, {activation}, {count} parameters, {optimizer}; "
            "learning from {train} rows, testing on {test}",
            lang,
            sizes=sizes,
            activation=settings.activation if settings.hidden else said("linear", lang),
            count=len(network.parameters()),
            optimizer=settings.optimizer,
            train=len(result.train_rows),
            test=len(result.test_rows) or said("none", lang),
        ),
    ]
    return "\n".join(map(visible, lines))


def _features(names: Sequence[str], lang: str) -> str:
    """Return names as one line of text, of very many the first and the last."""
    if len(names) <= _MOST_NAMES:
        return ", ".join(names)
    phrase = "{count} columns, {first}, ..., {last}"
    return said(phrase, lang, count=len(names), first=", ".join(names[:2]), last=names[-1])


def summary(result: Result, lang: str = "en") -> str:
    """Return the measures of a trained model, and for a classification its confusion matrix, as text."""
    parts: list[tuple[str, dict[str, float], int]] = [
        ("train", result.train_metrics, len(result.train_rows)),
        ("test", result.test_metrics, len(result.test_rows)),
    ]
    parts = [part for part in parts if part[1]]
    rows = [["", *[said(name, lang) for name, _, _ in parts]]]
    rows.append([said("rows", lang), *[str(count) for _, _, count in parts]])
    measures = list(result.train_metrics)
    rows += [[said(name, lang), *[measure(metrics[name]) for _, metrics, _ in parts]] for name in measures]
    text = _aligned(rows)
    if result.confusion:
        kept = "test rows" if result.test_rows else "rows"
        title = said(f"confusion matrix of the {kept}:", lang)
        labels = [visible(label) for label in result.model.classes]
        matrix = [[said("true \\ predicted", lang), *labels]]
        matrix += [[label, *map(str, counts)] for label, counts in zip(labels, result.confusion, strict=True)]
        text += f"\n\n{title}\n{_aligned(matrix)}"
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

    There are `model.json`, `loss.png`, `gradients.png`, `boundary.png`, `network.svg` and `network.png`; of
    images, `mistakes.png` in the place of `boundary.png`, for a plane of two pixels says nothing. A picture
    for which a program is missing is left out. Files of these names from an earlier run are replaced, and
    pictures of the earlier run that this one has not are removed.

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
    if result.model.classes and plots.image_size(result.model.features):
        _add(saved, place, ["mistakes.png"], lambda: [plots.wrong_images(result, lang).png()])
    else:
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
