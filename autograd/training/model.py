"""A network together with all it takes to predict the rows of another table.

A `Model` remembers which columns it reads, how they were standardised, and what its outputs mean. As JSON
it is one file that is refused if anything in it is missing, of the wrong size or not a finite number.
"""

from __future__ import annotations

import json
import math as floats
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeGuard

from .. import math
from ..nn import MLP, model_file
from ..nn.model_file import is_finite, unique
from ..support.files import read_whole, reason
from ..support.messages import listed, quoted, short
from .csv_files import csv_text
from .dataset import Dataset
from .on_floats import outputs_of
from .tables import Table, TableError

FORMAT = "scalar-autograd table model"
VERSION = 1
_PARTS = ("means", "deviations")


class ModelError(ValueError):
    """A file is no model, or not one that can be used."""


@dataclass(frozen=True)
class Scaling:
    """What is subtracted from each column and by what it is then divided, so that its numbers are near 1.

    Attributes:
        means: the mean of each column.
        deviations: the standard deviation of each column (divided by n); 1 for a constant column.
    """

    means: tuple[float, ...]
    deviations: tuple[float, ...]

    @classmethod
    def of(cls, rows: Sequence[Sequence[float]]) -> Scaling:
        """Return the scaling after which the columns of these rows have mean 0 and standard deviation 1.

        >>> Scaling.of([[1.0, 7.0], [3.0, 7.0]])
        Scaling(means=(2.0, 7.0), deviations=(1.0, 1.0))
        """
        moments = [_moments(column) for column in zip(*rows, strict=True)]
        return cls(tuple(mean for mean, _ in moments), tuple(deviation for _, deviation in moments))

    def apply(self, row: Sequence[float]) -> list[float]:
        """Return the row standardised."""
        return [(x - m) / s for x, m, s in zip(row, self.means, self.deviations, strict=True)]

    def undo(self, row: Sequence[float]) -> list[float]:
        """Return the row of which this is the standardised one."""
        return [z * s + m for z, m, s in zip(row, self.means, self.deviations, strict=True)]


def _moments(column: Sequence[float]) -> tuple[float, float]:
    if min(column) == max(column):  # exactly constant, however the mean is rounded
        return column[0], 1.0
    # Numbers near the ends of the range would overflow or vanish when squared; a power of two is exact.
    exponent = floats.frexp(max(map(abs, column)))[1]
    numbers = [floats.ldexp(x, -exponent) for x in column]
    mean = floats.fsum(numbers) / len(numbers)
    variance = floats.fsum((x - mean) ** 2 for x in numbers) / len(numbers)
    return floats.ldexp(mean, exponent), floats.ldexp(floats.sqrt(variance), exponent) or 1.0


@dataclass(frozen=True)
class Prediction:
    """What a model says about one row.

    Attributes:
        value: the class, or the number in the unit of the target.
        probabilities: of each class, in the order of the model's classes; empty for a regression.
    """

    value: str | float
    probabilities: tuple[float, ...] = ()


@dataclass(frozen=True)
class Model:
    """A network that has learnt to predict one column of a table from others.

    Attributes:
        target: the column that is predicted.
        features: the columns that are read, in the order of the network's inputs.
        layout: all columns of the table it was trained on, in order.
        has_header: whether that table named its columns itself.
        classes: for a classification the label that each output stands for; empty for a regression.
        inputs: how the features are standardised.
        outputs: for a regression how the target was; None for a classification.
        network: from standardised features to a logit for each class, or to the standardised target.
    """

    target: str
    features: tuple[str, ...]
    layout: tuple[str, ...]
    has_header: bool
    classes: tuple[str, ...]
    inputs: Scaling
    outputs: Scaling | None
    network: MLP

    @property
    def task(self) -> str:
        """`"classification"` or `"regression"`."""
        return "classification" if self.classes else "regression"

    def standardised(self, data: Dataset) -> tuple[list[list[float]], list[float]]:
        """Return the rows of a table, and their targets, as the network knows them."""
        inputs, outputs = [self.inputs.apply(row) for row in data.inputs], self.outputs
        return inputs, data.targets if outputs is None else [outputs.apply([y])[0] for y in data.targets]

    def predict(self, row: Sequence[float]) -> Prediction:
        """Return what the network says about one row of features, as they are in the table.

        Args:
            row: a number for each feature, in their order.
        """
        (outputs,) = outputs_of(self.network, [self.inputs.apply(row)])
        if self.outputs is not None:
            return Prediction(self.outputs.undo(outputs)[0])
        probabilities = math.softmax(outputs)
        best = max(range(len(outputs)), key=outputs.__getitem__)
        return Prediction(self.classes[best], tuple(probabilities))

    def predict_table(self, table: Table) -> list[Prediction]:
        """Return a prediction for each row of a table.

        Columns are found by name if both this table and the one learnt from name theirs; others are
        ignored, the target too. Without names the table must have just the features, or all columns of the
        table learnt from, in the same order.

        Raises:
            TableError: the table has no row or lacks a feature, or a cell is not a finite number.
        """
        if not table.rows:
            raise TableError("there is a header, but no row below it", table.name)
        columns = [table.numbers(name) for name in self._columns(table)]
        predictions = []
        for number, row in zip(table.row_numbers, zip(*columns, strict=True), strict=True):
            prediction = self.predict(row)
            if not all(map(floats.isfinite, prediction.probabilities or (float(prediction.value),))):
                raise TableError("the network overflows on the numbers of this row", table.name, number)
            predictions.append(prediction)
        return predictions

    def _columns(self, table: Table) -> list[str]:
        if self.has_header and table.has_header:
            known = set(table.columns)
            for name in self.features:
                if name not in known:
                    raise table.no_column(name)
            return list(self.features)
        if len(table.columns) == len(self.layout):
            theirs = dict(zip(self.layout, table.columns, strict=True))
            return [theirs[name] for name in self.features]
        if len(table.columns) == len(self.features):
            return list(table.columns)
        raise TableError(
            f"{len(table.columns)} columns without names; the model needs its {len(self.features)} features "
            f"({listed(map(quoted, self.features))}), or all {len(self.layout)} columns of the table "
            "that it learnt",
            table.name,
        )

    def predictions_csv(self, predictions: Sequence[Prediction]) -> str:
        """Return predictions as the text of a CSV file, a row each, in order.

        The first column has the name of the target. For a classification a column `probability_CLASS`
        follows for each class.
        """
        columns = [self.target, *[f"probability_{name}" for name in self.classes]]
        return csv_text(columns, [[p.value, *p.probabilities] for p in predictions])

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model to a JSON file, whole or not at all; the same model gives the same bytes.

        Raises:
            OSError: the file cannot be written.
        """
        content: dict[str, Any] = {"format": FORMAT, "version": VERSION, "task": self.task}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, MLP):
                value = value.to_dict()
            elif isinstance(value, Scaling):
                value = {"means": value.means, "deviations": value.deviations}
            content[field.name] = value
        model_file.save(path, content, ensure_ascii=False)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Model:
        """Read a model from a JSON file.

        Raises:
            ModelError: there is no such file, or it is not a whole and consistent model of this version.
        """
        name = os.fspath(path)
        # Not by `model_file.load`: it says otherwise what is wrong, lets a missing file be an OSError, and
        # refuses a byte order mark.
        try:
            content = json.loads(read_whole(path).decode("utf-8-sig"), object_pairs_hook=unique)
        except OSError as error:
            known = {FileNotFoundError: "there is no such file", IsADirectoryError: "a folder, not a file"}
            raise ModelError(f"{name}: {known.get(type(error), reason(error))}") from None
        except (ValueError, RecursionError) as error:
            raise ModelError(f"{name}: not a model, or a damaged one: it is no JSON ({error})") from None
        try:
            return _model(content)
        except ValueError as error:
            raise ModelError(f"{name}: {error}") from None


# Reading what may be anything


def _model(content: Any) -> Model:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("not a model that 'train' has saved")
    version = content.get("version")
    if type(version) is not int or version != VERSION:
        raise ValueError(f"a model of version {short(version)}; this program reads version {VERSION}")
    features = _names(content, "features")
    layout = _names(content, "layout")
    classes = _names(content, "classes", at_least=0)
    target, has_header = content.get("target"), content.get("has_header")
    if not _is_text(target) or not isinstance(has_header, bool):
        raise ValueError("damaged: 'target' must be text and 'has_header' true or false")
    if not set(features) <= set(layout) - {target} or target not in layout:
        raise ValueError("damaged: 'layout' must have the target and all features")
    if len(classes) == 1 or content.get("task") != ("classification" if classes else "regression"):
        raise ValueError("damaged: 'task' and the number of 'classes' contradict each other")
    inputs = _scaling(content, "inputs", len(features))
    outputs = None if classes else _scaling(content, "outputs", 1)
    network = MLP.from_dict(content.get("network", {}))
    ends = f"{network.nin} inputs and {network.nouts[-1]} outputs"
    expected = f"{len(features)} inputs and {len(classes) or 1} outputs"
    if ends != expected:
        raise ValueError(f"damaged: the network has {ends}, not {expected}")
    return Model(target, features, layout, has_header, classes, inputs, outputs, network)


def _names(content: dict[str, Any], key: str, at_least: int = 1) -> tuple[str, ...]:
    names = content.get(key)
    if not isinstance(names, list) or not all(map(_is_text, names)):
        raise ValueError(f"damaged: {key!r} must be a list of names")
    if len(names) < at_least or len(set(names)) < len(names):
        raise ValueError(f"damaged: the names in {key!r} must be different, and at least {at_least}")
    return tuple(names)


def _scaling(content: dict[str, Any], key: str, size: int) -> Scaling:
    scaling = content.get(key)
    if not isinstance(scaling, dict):
        raise ValueError(f"damaged: {key!r} must have means and deviations")
    means, deviations = (_numbers(scaling.get(part), f"{part} of the {key}", size) for part in _PARTS)
    if min(deviations) <= 0:
        raise ValueError(f"damaged: the deviations of the {key} must be greater than 0")
    return Scaling(means, deviations)


def _numbers(numbers: object, what: str, size: int) -> tuple[float, ...]:
    if not isinstance(numbers, list) or len(numbers) != size or not all(map(is_finite, numbers)):
        raise ValueError(f"damaged: the {what} must be {size} finite numbers")
    return tuple(map(float, numbers))


def _is_text(x: object) -> TypeGuard[str]:
    # JSON can spell half of a surrogate pair, which no file of text can hold.
    return isinstance(x, str) and not any("\ud800" <= character <= "\udfff" for character in x)
