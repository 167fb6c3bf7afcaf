"""Model files: the parameters of a model as a JSON document that is read back bit for bit.

A document names its format and version, then the sizes of the network where it is one, then every
parameter by its name. What is read is checked in full before anything is built from it.
"""

from __future__ import annotations

import os
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar

from ..support.messages import listed, short

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import TypeGuard

    T = TypeVar("T")

FORMAT = "scalar-autograd model"
VERSION = 1


def document(parameters: dict[str, float], model: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the document of a model, of which `save` makes a file.

    Raises:
        ValueError: a parameter is infinite or NaN, for which JSON has no number.

    >>> document({"w": 0.5})
    {'format': 'scalar-autograd model', 'version': 1, 'parameters': {'w': 0.5}}
    """
    for name, number in parameters.items():
        if not isfinite(number):
            raise ValueError(
                f"cannot save {name} = {number}, for JSON has no such number; did training diverge?"
            )
    sizes = {} if model is None else {"model": model}
    return {"format": FORMAT, "version": VERSION, **sizes, "parameters": parameters}


def parameters(document: object) -> dict[str, float]:
    """Return the parameters in a document.

    Raises:
        ValueError: it is no document of a model, or of a version unknown here.
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f'not a model: a "format" of "{FORMAT}" is missing')
    version = document.get("version")
    if type(version) is not int or version != VERSION:
        raise ValueError(
            f"version {short(version)} of the model format is unknown; this is version {VERSION}"
        )
    if unknown := [key for key in document if key not in ("format", "version", "model", "parameters")]:
        raise ValueError(f"unknown entry {listed(map(short, unknown), 3)}")
    numbers = document.get("parameters")
    if not isinstance(numbers, dict):
        raise ValueError('"parameters" must be an object with a number for each name')
    for name, number in numbers.items():
        if not is_finite(number):
            raise ValueError(f"parameter {short(name)} must be a finite number, not {short(number)}")
    return {str(name): float(number) for name, number in numbers.items()}


def is_finite(x: object) -> TypeGuard[float]:
    """Return whether what JSON held is a number, and one that a float can be."""
    try:
        return isinstance(x, (int, float)) and not isinstance(x, bool) and isfinite(x)
    except OverflowError:  # an int beyond the floats
        return False


def architecture(document: Any, activations: Collection[str]) -> tuple[int, list[int], str]:
    """Return nin, nouts and the activation of the network in a document that `parameters` accepts.

    Raises:
        ValueError: they are missing or wrong, or there are not as many parameters as they need.
    """
    model = document.get("model")
    if not isinstance(model, dict) or model.keys() != {"nin", "nouts", "activation"}:
        raise ValueError('"model" must be an object with "nin", "nouts" and "activation", and nothing else')
    nin, nouts, activation = model["nin"], model["nouts"], model["activation"]
    if not isinstance(nouts, list) or not nouts:
        raise ValueError(f'"nouts" must be a list with the size of each layer, not {short(nouts)}')
    for size in (nin, *nouts):
        if type(size) is not int or size < 1:
            raise ValueError(f"a size must be a whole number of 1 or more, not {short(size)}")
    if not isinstance(activation, str) or activation not in activations:
        raise ValueError(f"activation {short(activation)} is unknown; the names are {', '.join(activations)}")
    # Asked before a network of that size is built.
    needed = sum((n + 1) * nout for n, nout in zip((nin, *nouts), nouts, strict=False))
    if len(document["parameters"]) != needed:
        many = short(needed) if needed < 10**100 else "far more"  # Python writes 4300 digits at most
        raise ValueError(
            f"a network with nin {short(nin)} and nouts {short(nouts)} has {many} parameters, "
            f"not {len(document['parameters'])}"
        )
    return nin, nouts, activation


def save(path: str | os.PathLike[str], document: dict[str, Any], ensure_ascii: bool = True) -> None:
    """Write a document to a JSON file, which is complete or not there at all.

    Raises:
        OSError: the file cannot be written.
    """
    import json

    from ..support.files import write_whole

    write_whole(path, json.dumps(document, indent=1, ensure_ascii=ensure_ascii, allow_nan=False) + "\n")


def load(path: str | os.PathLike[str], build: Callable[[Any], T]) -> T:
    """Return what `build` makes of the document in a JSON file.

    Raises:
        ValueError: the file is not JSON, or `build` refuses the document; the message names the file.
        OSError: the file cannot be read.
    """
    import json

    from ..support.files import read_whole

    raw = read_whole(path)
    try:
        try:
            found = json.loads(raw.decode(), object_pairs_hook=unique, parse_constant=_no_constant)
        except UnicodeDecodeError:
            raise ValueError("not JSON: it is no UTF-8 text") from None
        except json.JSONDecodeError as error:
            raise ValueError(f"not JSON: {error}") from None
        except RecursionError:
            raise ValueError("not a model: it is nested too deeply") from None
        return build(found)
    except ValueError as error:
        raise ValueError(f"{os.fspath(path)}: {error}") from None


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of a JSON object, of which no two may have the same name.

    Raises:
        ValueError: two have.
    """
    found: dict[str, Any] = {}
    for name, x in pairs:
        if name in found:
            raise ValueError(f"duplicate name {short(name)}")
        found[name] = x
    return found


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number in JSON; a parameter must be finite")
