"""Run one of HIPS autograd's examples, with few steps and no windows: `python run_example.py FILE STEPS`.

It knows neither of the two libraries: whichever is imported as `autograd` runs it.
"""

from __future__ import annotations

import os
import runpy
import sys
from functools import wraps
from typing import Any


def limit(module: Any, name: str, keyword: str, steps: int, position: int | None = None) -> None:
    """Let an optimiser take few steps."""
    function = getattr(module, name)

    @wraps(function)
    def limited(*args: Any, **kwargs: Any) -> Any:
        if position is not None and len(args) > position:
            args = (*args[:position], steps, *args[position + 1 :])
        else:
            kwargs[keyword] = steps
        return function(*args, **kwargs)

    setattr(module, name, limited)


def main(file: str, steps: int) -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy
    import scipy.optimize

    import autograd.misc.optimizers as optimizers

    for name in ("show", "pause", "savefig"):
        setattr(plt, name, lambda *args, **kwargs: None)
    for name in ("sgd", "rmsprop", "adam"):
        limit(optimizers, name, "num_iters", steps, 3)
    minimize = scipy.optimize.minimize

    def limited(*args: Any, **kwargs: Any) -> Any:
        kwargs["options"] = {**kwargs.get("options", {}), "maxiter": steps}
        return minimize(*args, **kwargs)

    scipy.optimize.minimize = limited
    numpy.random.seed(0)
    sys.path.insert(0, os.path.dirname(file))
    sys.argv = [file]
    runpy.run_path(file, run_name="__main__")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), int(sys.argv[2]))
