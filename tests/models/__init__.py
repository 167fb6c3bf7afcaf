"""Twenty models, a file each, written as their people write them.

A file imports from the package what a user would, and says in its docstring where the model is from, and
from where its numbers. In each there are

- `derivative(made)`: a call without arguments of the derivative on which all time is spent. `made` gives a
  function its derivatives as attributes: `autograd.compile`, or `telling.Uncompiled`;
- `DERIVATIVE`: what that must give, as `telling.told` tells it, from another system;
- `answer(made)` and `ANSWER`: what comes out where the model is fitted or solved, and what is published, or
  is known in closed form, or another system finds.

All of that is found once more without the package: in `by_hand`, or by differences of the file with NumPy in
the place of `autograd.numpy` (`by_differences.py`).

What they are about is in `data.py`, which needs NumPy only: engines beside which the models are timed read
it.
"""

NAMES = (
    "kalman",
    "gaussian_process",
    "glm",
    "garch",
    "hidden_markov",
    "sir",
    "heat",
    "through_solvers",
    "inverse_kinematics",
    "optimal_control",
    "power_flow",
    "lennard_jones",
    "weibull",
    "asian_option",
    "double_pendulum",
    "neural_ode",
    "physics_informed",
    "extended_kalman",
    "heston",
    "logistic_regression",
)
