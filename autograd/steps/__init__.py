"""Backpropagation step by step: `walk` and `explain`, the player, the terminal."""

from .explaining import explain
from .explanation import Explanation
from .sequence import Walk, walk

__all__ = ["Explanation", "Walk", "explain", "walk"]
