"""SciPy's functions on Values and arrays of them, in modules of SciPy's names: `linalg`, `special`,
`stats`."""

__all__ = ["linalg", "special", "stats"]
