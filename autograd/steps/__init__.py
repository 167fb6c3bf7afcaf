"""Backpropagation step by step: `walk` and `explain`, the player, the terminal.

`sequence` computes the steps of a graph, forward and backward, and `step` is what one of them tells;
`node_names` calls the nodes by names. `walks` has what a user is given, and `explanation` says by the paths
that `chains` finds why a derivative is what it is. `player` is the page on which a walk plays, with
`player_picture` and the scripts and styles beside it; `in_terminal` steps through one with the keys.
"""

from .explanation import Explanation, Explanations, explain
from .walks import Walk, walk

__all__ = ["Explanation", "Explanations", "Walk", "explain", "walk"]
