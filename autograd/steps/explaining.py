"""Why a derivative is what it is: the chain rule as a sum over paths, in symbols and in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..engine import Value
from .sequence import Walk

if TYPE_CHECKING:
    from .explanation import Explanation

__all__ = ["explain"]


def explain(y: Value, x: Value, *, limit: int = 10, lang: str = "en") -> Explanation:
    """Explain why the derivative of `y` with respect to `x` is what it is.

    By the chain rule it is a sum over all paths from `x` to `y`, each a product of local derivatives. Of a
    graph with more than `limit` paths those with the largest products are shown, and how many others there
    are with what they add up to. The graph does not change, and no `grad` is read or set.

    Args:
        y: the result.
        x: what it is differentiated by: a leaf or an inner Value; `y` may be independent of it.
        limit: how many paths are shown.
        lang: "en" for English, "zh" for Chinese.

    Returns:
        an `Explanation`: text where it is printed, mathematics in Jupyter, and LaTeX (`.latex`).

    Raises:
        TypeError: `y` or `x` is not a Value.
        ValueError: `limit` is less than 1, or the language is not one of those.

    >>> x, w = Value(2.0, label="x"), Value(5.0, label="w")
    >>> p = x * w
    >>> p.label = "p"
    >>> print(explain(p * x, w))
    The chain rule: one path leads from w to v3, and ∂v3/∂w is the product of the local derivatives along it.
    <BLANKLINE>
      w → p → v3
        ∂v3/∂p · ∂p/∂w = x · x = 2 · 2 = 4
    <BLANKLINE>
    ∂v3/∂w = 4
    >>> print(explain(p * x, x).total)
    ∂v3/∂x = 10 + 10 = 20
    """
    for value in (y, x):
        if not isinstance(value, Value):
            raise TypeError(f"explain() takes two Values, not {type(value).__name__!r}")
    if lang not in ("en", "zh"):
        raise ValueError(f"lang is 'en' or 'zh', not {lang!r}")
    if limit < 1:
        raise ValueError(f"limit is the number of paths that are shown, 1 or more, not {limit!r}")
    from .explanation import Explanation

    return Explanation(Walk(y), x, limit, lang)
