"""Pictures of a training: the loss, the decision boundary, the flow of gradients, and films of them."""

from .boundaries import decision_boundary, gradient_flow, loss_curve
from .film import Film, Recorder
from .network_picture import draw_network
from .style import PlotError

__all__ = [
    "Film",
    "PlotError",
    "Recorder",
    "decision_boundary",
    "draw_network",
    "gradient_flow",
    "loss_curve",
]
