"""How good predictions are: root mean squared error, R2, and the confusion matrix."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence


def rmse(true: Sequence[float], predicted: Sequence[float]) -> float:
    """Return the root of the mean squared error, in the unit of the numbers.

    >>> rmse([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 8.0])
    2.0
    """
    return math.dist(true, predicted) / math.sqrt(len(true))


def r2(true: Sequence[float], predicted: Sequence[float]) -> float:
    """Return the coefficient of determination: 1 - (sum of squared errors) / (that of the mean's errors).

    It is 1 for perfect predictions, 0 for ones no better than the mean of the true numbers, and NaN if
    those are all the same.

    >>> r2([0.0, 4.0, 0.0, 4.0], [0.0, 2.0, 0.0, 4.0])
    0.75
    """
    mean = math.fsum(true) / len(true)
    spread = math.dist(true, [mean] * len(true))
    if spread == 0 or min(true) == max(true):
        return math.nan
    return 1 - (math.dist(true, predicted) / spread) ** 2


def confusion_matrix(true: Sequence[int], predicted: Sequence[int], classes: int) -> list[list[int]]:
    """Return for each true class how many of its rows were predicted to be of each class.

    >>> confusion_matrix([0, 0, 1], [0, 1, 1], 2)
    [[1, 1], [0, 1]]
    """
    pairs = Counter(zip(true, predicted, strict=True))
    return [[pairs[row, column] for column in range(classes)] for row in range(classes)]
