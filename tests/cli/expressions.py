"""What tests of formulas as text have in common."""

from __future__ import annotations

import pytest

from autograd.cli.expression import ExpressionError, evaluate

VARIABLES = {"x": 2.0, "y": 5.0, "速度": 3.0}


def number(text: str, **variables: float) -> float:
    """What a formula gives."""
    return evaluate(text, variables)[0].data


def gradients(text: str, **variables: float) -> list[float]:
    """Its derivatives by the variables, in order."""
    result, leaves = evaluate(text, variables)
    result.backward()
    return [leaf.grad for leaf in leaves.values()]


def error_of(text: str, variables: dict[str, float] = VARIABLES) -> ExpressionError:
    """The error with which a formula is refused."""
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, variables)
    return caught.value
