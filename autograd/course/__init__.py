"""The course: the exercises of the notebooks, and what tells whether they are solved."""

from .exercise import check, exercise_names

__all__ = ["check", "exercise_names"]
