"""The page of a folded network: its picture, its graph as a program, and the scripts that play with it."""

from __future__ import annotations

from ..steps.player import SHARED
from ..steps.player_picture import as_image
from ..steps.sequence import Steps
from ..support import pages
from ..support.text import shortened
from .graph_program import GraphProgram
from .network import LiveNetwork
from .network_picture import network_svg
from .network_words import network_words_of
from .page import data_of, edges_of

_NAME_LENGTH = 40
_SCRIPTS = (
    *("model.js", "leaves.js", "play.js"),
    *("network.js", "network_panel.js", "plane.js", "loss_curve.js", "begin.js"),
)
_STYLES = ("leaves.css", "live.css", "network.css")


def page_of(steps: Steps, network: LiveNetwork, parameters: list[int], lang: str) -> str:
    """Return the page as a whole HTML document. It may load nothing from anywhere, by its own rule."""
    output = shortened(steps.output, _NAME_LENGTH)
    title = network_words_of(lang)["title"].replace("{output}", output)
    style = pages.resource("autograd.steps", "player_page.css") + pages.resource(__package__, "page.css")
    return pages.page_of(title, style, fragment_of(steps, network, parameters, lang, alone=True), lang)


def fragment_of(
    steps: Steps, network: LiveNetwork, parameters: list[int], lang: str, alone: bool = False
) -> str:
    """Return the page as a piece of HTML that can stand beside others.

    Args:
        steps: those of a walk through the network's graph.
        network: the folded network.
        parameters: the ids of the leaves that gradient descent moves.
        lang: "en" or "zh".
        alone: whether it is the whole page, whose address then keeps the numbers.
    """
    edges, _ = edges_of(steps)
    program = GraphProgram(steps, edges)
    data = data_of(steps, edges, program, lang)
    words = data["words"] | network_words_of(lang)
    words["label"] = words["label"].replace("{output}", data["output"])
    network.rename(data["names"], data["symbols"])
    mine = {steps.id(parameter) for parameter in network.parameters}
    data |= {
        "words": words,
        "parameters": parameters,
        "alone": alone,
        "listed": [leaf for leaf in program.leaves if leaf not in mine],
        "network": network.data(edges),
    }
    style = pages.resource("autograd.steps", "player_picture.css")
    style += pages.resource(__package__, "network_picture.css")
    svg = network_svg(network.picture, network.shown(steps, edges), style, words["label"])
    return pages.filled(
        __package__,
        "live.html",
        picture=as_image(svg, words["label"]),
        style=pages.resource("autograd.steps", "player.css")
        + "".join([pages.resource(__package__, name) for name in _STYLES]),
        data=pages.as_script(data),
        script="\n".join(
            [
                program.script,
                *[pages.resource("autograd.steps", name) for name in SHARED],
                *[pages.resource(__package__, name) for name in _SCRIPTS],
            ]
        ),
    )
