"""SciPy's functions on Values and arrays of them, in modules of SciPy's names: `linalg`, `signal`,
`special`, `stats`."""

__all__ = ["linalg", "signal", "special", "stats"]
