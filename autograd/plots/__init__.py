"""Pictures of a training: the loss, the decision boundary, the flow of gradients, and films of them.

Each takes the `Result` of a training and gives a `Plot`, which shows itself in a notebook and saves itself.
A `Recorder` that is called after every step of a training gives a `Film` of it. `draw_network` draws a
network with the gradients of one row. Words are English or Chinese, and Matplotlib is loaded when the first
plot is made.
"""

from .boundaries import decision_boundary
from .curves import loss_curve
from .errors import PlotError
from .film import Film, Recorder, check_film
from .flow import gradient_flow
from .images import image_size, wrong_images
from .network_picture import draw_network
from .plot import Plot
from .sheets import Worksheet, worksheet
from .words import LANGUAGES

__all__ = [
    "LANGUAGES",
    "Film",
    "Plot",
    "PlotError",
    "Recorder",
    "Worksheet",
    "check_film",
    "decision_boundary",
    "draw_network",
    "gradient_flow",
    "image_size",
    "loss_curve",
    "worksheet",
    "wrong_images",
]
