"""Settings that make no sense are refused before anything is learnt."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograd.training import Settings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"optimizer": "lbfgs"}, "there is no optimizer 'lbfgs'; choose from 'sgd', 'adam', 'adamw'"),
        ({"hidden": (8, 0)}, "a hidden layer needs at least 1 neuron, not 0"),
        ({"steps": 0}, "steps and batch are at least 1, not 0 and 16"),
        ({"batch": -1}, "steps and batch are at least 1, not 300 and -1"),
        ({"lr": 0.0}, "the learning rate is a number greater than 0, not 0.0"),
        ({"lr": math.inf}, "the learning rate is a number greater than 0, not inf"),
        ({"l2": -1.0}, "l2 is a number of at least 0, not -1.0"),
        ({"l2": math.nan}, "l2 is a number of at least 0, not nan"),
        ({"test_fraction": 1.0}, "the test fraction is at least 0 and less than 1, not 1.0"),
        ({"test_fraction": math.nan}, "the test fraction is at least 0 and less than 1, not nan"),
    ],
)
def test_settings_that_make_no_sense_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Settings(**options)
