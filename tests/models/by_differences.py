"""Derivatives by differences, of a model's file as it was before its imports were changed.

The file is run with NumPy and SciPy in the places of what this package has of these, and differentiated by
differences of eighth order, or by two of them, one of the other. So nothing of the package is left in the
numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array

IMPORTS = {
    "import autograd.numpy as np": "import numpy as np",
    "from autograd.scipy.": "from scipy.",
    "from autograd import jacobian": "from .by_differences import jacobian",
}
WEIGHTS = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}  # Fornberg, Mathematics of Computation 51, 1988
STEP = 0.002
"""How far apart the points are, beside the number that is changed."""


def as_it_was(name: str) -> Mapping[str, Any]:
    """Return what is in the file of a model, without anything of the package."""
    text = (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    for ours, theirs in IMPORTS.items():
        text = text.replace(ours, theirs)
    assert "autograd" not in text
    names: dict[str, Any] = {"__name__": f"{__package__}.{name}", "__package__": __package__}
    exec(compile(text, f"{name}.py", "exec"), names)
    return names


class ByDifferences:
    """A function with its derivatives as attributes, as `autograd.compile` gives them."""

    def __init__(self, f: Callable[..., Any]) -> None:
        self._f = f

    def __call__(self, x: Any, *others: Any) -> Any:
        return self._f(x, *others)

    def jacobian(self, x: Any, *others: Any) -> Any:
        """Return the derivatives of all numbers returned; the last axes are those of x. It may be a dict."""
        if isinstance(x, dict):
            keys = sorted(x)
            parts = [np.asarray(x[key], dtype=float) for key in keys]
            ends = np.cumsum([part.size for part in parts])[:-1]

            def of_row(row: Any) -> Any:
                found = np.split(row, ends)
                return self._f(
                    {key: y.reshape(p.shape) for key, y, p in zip(keys, found, parts, strict=True)}, *others
                )

            found = ByDifferences(of_row).jacobian(np.concatenate([part.ravel() for part in parts]))
            split = np.split(found, ends, axis=-1)
            shaped = [p.reshape(found.shape[:-1] + part.shape) for p, part in zip(split, parts, strict=True)]
            return dict(zip(keys, shaped, strict=True))
        x, columns = np.asarray(x, dtype=float), []
        for i in np.ndindex(x.shape):
            step, column = STEP * max(abs(x[i]), 0.1), 0.0
            for k, weight in WEIGHTS.items():
                for side in (k, -k):
                    moved = x.copy()
                    moved[i] += side * step
                    column = column + np.sign(side) * weight * np.asarray(self._f(moved, *others)) / step
            columns.append(column)
        return np.moveaxis(np.array(columns), 0, -1).reshape(*np.shape(columns[0]), *x.shape)

    def value_and_grad(self, x: Any, *others: Any) -> Any:
        return self._f(x, *others), self.grad(x, *others)

    grad = jacobian

    def hessian(self, x: Any, *others: Any) -> Any:
        return ByDifferences(self.grad).jacobian(x, *others)


def jacobian(f: ByDifferences, *, sparse: bool) -> Any:
    return (lambda x: csr_array(f.jacobian(x))) if sparse else f.jacobian
