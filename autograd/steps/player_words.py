"""What the player says, by phrases of the table of words, which its script asks for by their English."""

from __future__ import annotations

from ..support.languages import CHINESE

__all__ = ["PHRASES", "words_of"]

PHRASES = (
    "Picture of the graph", "Formulas of this step", "First step (Home)", "Back one step (left arrow)",
    "Play (space)", "Pause (space)", "Next step (right arrow)", "Last step (End)", "Step", "forward",
    "backward", "Speed", "Whole graph", "Fill the window, in large type (f)", "Table of running values",
    "node", "data", "gradient",
    "Forward and backward pass of {output}, step by step", "Forward pass", "Backward pass",
    "step {step} of {steps}", "{phase}, step {step} of {steps}",
    "From {node} back to {target}: local derivative {local} times gradient {upstream} adds {change}. "
    "The gradient of {target} is now {after}.",
    "From {node} back to {target}: local derivative {local} times gradient {upstream} adds {change} to "
    "{before}. The gradient of {target} is now {after}.",
    "Back from the result: the derivative of {output} with respect to itself is 1.",
    "{node} is given: {number}.", "{node} is computed from {operands}: {number}.", "This is the result.",
    " and ", "Local derivative", "with numbers", "Chain rule", "Start", "Given", "Operation",
)  # fmt: skip


def words_of(lang: str) -> dict[str, str]:
    """Return the phrases of the script in another language than English, with the {...} left in them.

    >>> words_of("en"), words_of("zh")["Start"]
    ({}, '起点')
    """
    if lang == "en":
        return {}
    return {phrase: CHINESE[phrase] for phrase in PHRASES}
