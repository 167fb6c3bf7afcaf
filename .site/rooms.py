"""The page of the reference: every public name, room by room, from the lists that rooms keep of them."""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType

from autograd.scipy.stats.distribution import Distribution
from autograd.scipy.stats.multivariate import Dirichlet, MultivariateNormal

ROOMS = {
    "autograd": "The front door",
    "autograd.nn": "Networks",
    "autograd.optim": "Optimisers",
    "autograd.math": "Mathematics",
    "autograd.linalg": "Linear algebra",
    "autograd.scipy.linalg": "Linear algebra under SciPy's names",
    "autograd.scipy.special": "Special functions",
    "autograd.scipy.stats": "Distributions",
    "autograd.implicit": "Through solvers",
    "autograd.sparse": "Sparse derivatives",
    "autograd.drawing": "Drawings",
    "autograd.steps": "Steps and explanations",
    "autograd.live": "Live pages",
    "autograd.program": "Programs",
    "autograd.ops": "The table of rules",
    "autograd.training": "Training",
    "autograd.plots": "Plots and films",
    "autograd.playground": "The playground",
    "autograd.extend": "Rules of one's own, as in HIPS autograd",
    "autograd.misc": "Optimisers and flat vectors, as in HIPS autograd",
    "autograd.test_util": "Checks, as in HIPS autograd",
}
"""What is for users, with a heading each. A name is told where it stands first."""

_OF_THE_HOUSE = {
    "RUNTIME_FILES", "RUNTIME_VERSION", "Session", "Evaluate", "Send", "Interrupted", "CONSTANT",
    "__version__", "Pattern", "check_result", "csr_array", "hessian_rows", "in_blocks", "interactions",
    "is_row", "jacobian_rows", "sparse_derivatives", "widths_of", "coloured", "found_in", "star_coloured",
    "function_of",
}  # fmt: skip


def reference_page() -> str:
    """Return the page, in Markdown; Sphinx makes a page of each name's documentation."""
    parts = ["# Reference\n\nEvery public name, with its documentation and its examples, which are tested.\n"]
    for name, heading in ROOMS.items():
        room = importlib.import_module(name)
        summary = (room.__doc__ or "").partition("\n")[0]
        listed = "\n".join(f"   {x}" for module, x in public_names() if module == name)
        parts.append(f"## {heading}\n\n`{name}`: {summary}\n")
        if listed:
            parts.append(
                f"```{{eval-rst}}\n.. currentmodule:: {name}\n.. autosummary::\n   :toctree: reference\n"
                f"   :nosignatures:\n   :caption: {heading}\n\n{listed}\n```\n"
            )
        others = {x: getattr(room, x) for x in names_of(room) if not _documented(room, x)}
        if scipys := [f"`{x}`" for x, thing in others.items() if callable(thing)]:
            parts.append(f"As SciPy has them: {', '.join(scipys)}.\n")
        parts += [f"- `{x}`: {_shown(thing)}" for x, thing in others.items() if not callable(thing)]
        parts.append("")
    return "\n".join(parts)


@cache
def public_names() -> list[tuple[str, str]]:
    """Return what has documentation of its own, as pairs of a room and a name, each thing once."""
    told: set[int] = set()
    pairs = []
    for name in ROOMS:
        room = importlib.import_module(name)
        names = [x for x in names_of(room) if _documented(room, x) and id(getattr(room, x)) not in told]
        told.update(id(getattr(room, x)) for x in names)
        pairs += [(name, x) for x in names]
    return pairs


def names_of(room: ModuleType) -> list[str]:
    """Return the public names of a room that are for users and no modules, in order of the alphabet."""
    names = [
        x for x in room.__all__ if not isinstance(getattr(room, x), ModuleType) and x not in _OF_THE_HOUSE
    ]
    return sorted(names, key=str.lower)


def _documented(room: ModuleType, name: str) -> bool:
    """Say whether a name has documentation of its own, as functions and classes have; SciPy's is not ours."""
    thing = getattr(room, name)
    return callable(thing) and getattr(thing, "__module__", "") != "autograd.numpy"  # which passes SciPy's on


def _shown(data: object) -> str:
    """Return what a table or a number of a room holds, and which methods a distribution has for Values."""
    if isinstance(data, (Distribution, Dirichlet, MultivariateNormal)):
        methods = getattr(data, "formulas", ("logpdf", "pdf"))
        return ", ".join(f"`{x}`" for x in sorted(methods))
    return ", ".join(f"`{x}`" for x in data) if isinstance(data, (dict, tuple, list)) else f"`{data}`"
