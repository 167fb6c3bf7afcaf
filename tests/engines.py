"""Draw in an environment that has one of the engines of Graphviz, or none: `python tests/engines.py ENGINE`.

ENGINE is "dot" (the program on PATH), "pygraphviz" (the library in its wheel) or "none". Each wants a fresh
virtual environment, which is why these are no ordinary tests; `.ci/run` makes the three.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from importlib.util import find_spec

from autograd import Value, draw, walk
from autograd.drawing import DrawingError

ENGINES = {"dot": (True, False), "pygraphviz": (False, True), "none": (False, False)}
STARTS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}


def main() -> None:
    """Draw, and end with an error if something is not as it should be."""
    engine = sys.argv[1]
    found = (shutil.which("dot") is not None, find_spec("pygraphviz") is not None)
    if found != ENGINES[engine]:
        sys.exit(f"this environment is not that of {engine!r}: dot and pygraphviz are there: {found}")
    x = Value(2.0, label='<速度> & "x"')
    y = (x * 3.0).tanh() + x
    y.backward()
    picture = draw(y)
    with tempfile.TemporaryDirectory() as folder:
        for kind, start in STARTS.items():
            path = os.path.join(folder, f"y.{kind}")
            try:
                picture.save(path)
            except DrawingError as error:
                complete = engine == "none" and 'pip install "scalar-autograd[draw]"' in str(error)
                if not complete or os.path.exists(path):
                    raise
            else:
                with open(path, "rb") as file:
                    if (engine == "none" and kind == "pdf") or not file.read().startswith(start):
                        sys.exit(f"{path} is no picture")
        for kind in ("dot", "md", "mmd"):
            picture.save(os.path.join(folder, f"y.{kind}"))
        walk(y).save(os.path.join(folder, "steps.html"))
    shown, _ = picture._repr_mimebundle_()
    if not {"image/svg+xml", *(set() if engine == "none" else {"image/png"})} <= set(shown):
        sys.exit(f"Jupyter is shown {sorted(shown)}")
    if "速度" not in picture.text():
        sys.exit("the tree lacks the label")
    print(f"{engine}: drawn as it should be")


if __name__ == "__main__":
    main()
