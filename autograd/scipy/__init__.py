"""SciPy's functions on Values and arrays of them, in modules of SciPy's names: `linalg`."""

__all__ = ["linalg"]
