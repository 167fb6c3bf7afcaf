"""Losses: how wrong predictions are, as one number to differentiate; each the mean over the samples.

The cross-entropies take logits, the scores before any sigmoid or softmax, and are written so that neither
their values nor their derivatives overflow, and so that small losses are not rounded to 0. Predictions
that are plain numbers give a plain number.
"""

from __future__ import annotations

from numbers import Real
from operator import index
from typing import TYPE_CHECKING, Any

from .. import math
from ..engine import Value
from ..support.messages import short
from ..support.real_numbers import real

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def mse(predictions: Iterable[Any], targets: Iterable[Any]) -> Any:
    """Return the mean squared error, mean((prediction - target)**2).

    Args:
        predictions: a number or Value for each sample, or a row of them; the mean goes over them all.
        targets: as many numbers, in the same form.

    Raises:
        ValueError: there are none, or the sizes differ.

    >>> mse([1.0, 2.0], [0.0, 4.0])
    2.5
    """
    errors = [prediction - target for prediction, target in _pairs(predictions, targets)]
    return _mean([error * error for error in errors])


def hinge(scores: Iterable[Any], targets: Iterable[Any]) -> Any:
    """Return the max-margin loss of a support vector machine, mean(relu(1 - target * score)).

    Args:
        scores: a number or Value for each sample, positive for one class and negative for the other.
        targets: for each sample 1 or -1.

    Raises:
        ValueError: there are none, the sizes differ, or a target is neither 1 nor -1.

    >>> hinge([2.0, 0.5], [1, -1])
    0.75
    """
    pairs = [(score, _target(target)) for score, target in _pairs(scores, targets)]
    for _, target in pairs:
        if target not in (-1.0, 1.0):
            raise ValueError(f"target {target!r} is neither -1 nor 1; 2*t - 1 makes these of 0 and 1")
    return _mean([math.relu(1.0 - target * score) for score, target in pairs])


def binary_cross_entropy(logits: Iterable[Any], targets: Iterable[Any]) -> Any:
    """Return the mean of -t*log(p) - (1 - t)*log(1 - p), with p = sigmoid(logit).

    It is computed as t*softplus(-logit) + (1 - t)*softplus(logit).

    Args:
        logits: a number or Value for each sample, positive where class 1 is likelier than class 0.
        targets: for each sample its class, 0 or 1, or the probability of class 1.

    Raises:
        ValueError: there are none, the sizes differ, or a target is not in [0, 1].

    >>> binary_cross_entropy([0.0, 1000.0], [0, 1])
    0.34657359027997264
    """
    pairs = [(logit, _target(target)) for logit, target in _pairs(logits, targets)]
    for _, target in pairs:
        if not 0.0 <= target <= 1.0:
            raise ValueError(f"target {target!r} is neither a class, 0 or 1, nor a probability between them")
    return _mean([_binary_cross_entropy(logit, target) for logit, target in pairs])


def _binary_cross_entropy(logit: Any, target: float) -> Any:
    if target == 0.0:
        return math.softplus(logit)
    if target == 1.0:
        return math.softplus(-logit)
    return target * math.softplus(-logit) + (1.0 - target) * math.softplus(logit)


def cross_entropy(logits: Iterable[Any], targets: Iterable[Any]) -> Any:
    """Return the mean of -log(p), with p the probability that softmax gives the right class.

    For class t it is computed as log(1 + sum of exp(logit[j] - logit[t]) over all j but t).

    Args:
        logits: for each sample a row of numbers or Values, one for each of 2 or more classes.
        targets: for each sample its class, counted from 0, or a row with the probability of every class.

    Raises:
        ValueError: there are none, the sizes differ, or a target is no class and no distribution.

    >>> cross_entropy([[0.0, 0.0], [0.0, 1000.0]], [0, 1])
    0.34657359027997264
    """
    samples, labels = _same_number(row_of(logits), row_of(targets))
    rows = [row_of(sample) for sample in samples]
    width = len(rows[0])
    if width < 2:
        raise ValueError(
            f"cross_entropy needs a logit for each of 2 or more classes, not {width}; "
            "binary_cross_entropy tells two classes apart by one logit"
        )
    for row in rows:
        if len(row) != width:
            raise ValueError(f"the first sample has {width} logits, another one {len(row)}")
    return _mean([_cross_entropy(row, label) for row, label in zip(rows, labels, strict=True)])


def _cross_entropy(logits: list[Any], target: Any) -> Any:
    if hasattr(target, "__iter__"):
        return _cross_entropy_of_distribution(logits, row_of(target))
    try:
        label = index(target)
    except TypeError:
        label = -1
    if not 0 <= label < len(logits):
        raise ValueError(
            f"target {target!r} is no class; with {len(logits)} logits it is a whole number "
            f"from 0 to {len(logits) - 1}, or a row of {len(logits)} probabilities"
        )
    right = logits[label]
    return math.softplus(math.logsumexp([x - right for j, x in enumerate(logits) if j != label]))


def _cross_entropy_of_distribution(logits: list[Any], probabilities: list[Any]) -> Any:
    numbers = [_target(p) for p in probabilities]
    fits = len(numbers) == len(logits) and all(0.0 <= p <= 1.0 for p in numbers)
    if not fits or abs(sum(numbers) - 1.0) > 1e-6:
        raise ValueError(
            f"target {short(probabilities)} is no distribution; with {len(logits)} logits it is a row of "
            f"{len(logits)} probabilities that add up to 1"
        )
    # A class of probability 0 is left out, so that a logit of -inf costs nothing there.
    return _total([-p * x for p, x in zip(numbers, math.log_softmax(logits), strict=True) if p])


def l2(parameters: Iterable[Any]) -> Any:
    """Return the sum of the squares of the parameters; loss + 1e-4 * l2(...) keeps them small.

    Raises:
        ValueError: there are none.

    >>> l2([3.0, 4.0])
    25.0
    """
    if hasattr(parameters, "parameters"):
        raise TypeError("l2 takes parameters, not a model; write l2(model.parameters())")
    squares = [p * p for p in parameters]
    if not squares:
        raise ValueError("l2 of no parameters")
    return _total(squares)


def row_of(x: Any) -> list[Any]:
    """Return numbers as a list: of a sequence or NumPy array its elements, of one number just that.

    Raises:
        TypeError: `x` is text, a set, a dict or no collection at all.
    """
    if isinstance(x, list):
        return x
    if isinstance(x, (Value, Real)):
        return [x]
    if hasattr(x, "tolist"):  # Python's floats, which are faster than NumPy's
        x = x.tolist()
        return x if isinstance(x, list) else [x]
    if not hasattr(x, "__iter__") or isinstance(x, (str, bytes, dict, set, frozenset)):
        raise TypeError(f"expected a list of numbers, not {type(x).__name__!r}")
    return list(x)


def _same_number(predictions: Sequence[Any], targets: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    if len(predictions) != len(targets):
        raise ValueError(
            f"as many targets as predictions are needed, not {len(targets)} for {len(predictions)}"
        )
    if not predictions:
        raise ValueError("there are no samples to take the mean over")
    return predictions, targets


def _pairs(predictions: Iterable[Any], targets: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Pair every prediction with its target; those of a sample may be a row, of one number too."""
    pairs: list[tuple[Any, Any]] = []
    for prediction, target in zip(*_same_number(row_of(predictions), row_of(targets)), strict=True):
        outputs, wanted = row_of(prediction), row_of(target)
        if len(outputs) != len(wanted):
            raise ValueError(f"a sample has {len(outputs)} predictions, but {len(wanted)} targets")
        pairs += zip(outputs, wanted, strict=True)
    _same_number(pairs, pairs)
    return pairs


def _target(x: Any) -> float:
    if isinstance(x, Value):
        raise TypeError(f"a target is a plain number, not {x!r}; use its .data")
    return real(x)


def _mean(terms: list[Any]) -> Any:
    if len(terms) == 1 and isinstance(terms[0], Value):
        return terms[0]  # a picture would show it divided by 1
    return _total(terms) / len(terms)


def _total(terms: list[Any]) -> Any:
    total = terms[0]  # and not 0, which would be a node of the graph
    for term in terms[1:]:
        total = total + term
    return total
