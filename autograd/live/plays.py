"""A graph to play with: its page in Jupyter and as a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..steps.sequence import Steps
from ..steps.walks import Walk
from ..support.files import write_whole
from ..support.languages import check_language
from ..support.showing import show
from .called import Called

if TYPE_CHECKING:
    from ..nn import Module

__all__ = ["Play", "play"]


def play(
    value: Value | Callable[..., Any],
    *args: Any,
    parameters: Iterable[Value | str] | None = None,
    lang: str = "en",
    module: Module | Mapping[str, Module] | None = None,
    expand: bool | str | Sequence[str] = (),
    **kwargs: Any,
) -> Play:
    """Show the picture of a graph in which each leaf can be changed, on a page that needs no Python.

    Drag the number of a leaf sideways, move its slider, or type: all numbers, gradients, colours and arrows
    follow at once, forward and backward. A click on a card shows the products of the chain rule that
    meet there. Buttons take steps of gradient descent. As the last thing of a cell in Jupyter it is shown;
    `save` writes a page that opens by itself and keeps the numbers in its address.

    `play(y)` plays the graph as it was recorded. A branch that the program took, an `if` or a loop, is not
    in a graph, so the page goes on with the operations of that branch where the program itself would take
    another one.

    `play(f, 1.0, 2.0)` calls the function f, plays the graph of its result, and knows its branches: every
    comparison that f made is looked at again whenever a number changes. Where one turns out otherwise the
    page says which, in which line, and shows no number that f would not compute; a button leads back to the
    last numbers for which it knows them, and training stops. Arguments that are compared can be changed
    although the result is not computed from them.

    `play(loss)` of a graph that went through a network folds it where `draw` does: when `module` is given,
    and else from 60 nodes on. A neuron is a card then, an arrow a weight, which can be dragged as a number
    can; a click on a neuron shows its sum, its activation and the chain rule there, on an arrow the products
    that make up its gradient. The data can be moved too, though `model([0.5, -1.0])` has it as plain numbers:
    what a weight is multiplied by is a leaf on the page, `x0` and `x1`, and so is a number that is subtracted
    from an output, its `target`. (Another target, such as that of a cross-entropy, can be moved if it is a
    Value.) With two inputs the point is dragged in a plane, coloured by the output. Where several data
    points went through, cards show the mean of the outputs and the sum of the gradients, as `draw` does, or
    the numbers of the point that is chosen.

    Operations that choose by themselves, such as relu, abs and max, follow their operands in all of them.
    Nothing in the graph changes, and no `grad` is read or set.

    Args:
        value: the result, or a function that returns one. A compiled function is played as the function.
        args: the arguments of the function: numbers, arrays, and lists, tuples and dicts of these, as
            `value_and_grad` takes them. Each number becomes a leaf, named by its place, such as w[0].
        parameters: the leaves that gradient descent moves, or names: of leaves, or of arguments with all
            that is in them. Unless given, those whose names are of parameters, such as w1 and b, or all
            leaves where there are none; of a folded network, its own.
        lang: the language of the page, "en" or "zh".
        module: the network, or a dict of networks by name, that the graph went through; it is folded then.
        expand: what of a network to show in full nevertheless: "layers[0].neurons[1]", "loss", several of
            them in a list, or True for everything, which folds nothing.
        kwargs: arguments of the function by keyword. Floats in them become leaves; whole numbers, which may
            count something, stay as they are.

    Returns:
        a `Play`.

    Raises:
        TypeError: `value` is neither, the function does not return one Value, or something else than a leaf
            is among the parameters.
        CompileError: the function takes a number out of a Value, with `.data` or as text, or calls
            `backward()`: the page could not tell what depends on that.
        RuntimeError: the result was computed inside `no_grad()`, where nothing is recorded.
        ValueError: the graph has more than 500 nodes, or 4000 where it is folded; there is no such language,
            or nothing at a path of `expand`.

    >>> x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    >>> play((x * w).tanh())
    <play of v3: 4 nodes, 2 leaves to change>
    >>> def f(x, w):
    ...     y = x * w
    ...     return 0.1 * y if y < 0.0 else y
    >>> play(f, 2.0, -3.0)
    <play of f: 4 nodes, 2 leaves to change, 1 comparison to keep>
    >>> from autograd import nn
    >>> model = nn.MLP(2, [8, 8, 1], activation="tanh", seed=1)
    >>> play((model([0.5, -1.0]) - 1.0) ** 2)  # its weights and biases, the point and its target
    <play of loss: a network of 17 neurons, 108 leaves to change>
    """
    if isinstance(value, Value) or not callable(value):
        if args or kwargs:
            raise TypeError(
                f"play() takes arguments for a function only, and {type(value).__name__!r} is none; "
                "write play(y, parameters=[w, b]) to choose what gradient descent moves"
            )
        return Play(value, parameters, lang, module=module, expand=expand)
    check_language(lang)
    if module is not None or expand:
        raise TypeError(
            "play() shows the graph of a function in full; play its result to fold a network: "
            "play(f(x), module=net)"
        )
    called = Called(value, args, kwargs)
    return Play(called.result, parameters, lang, called)


class Play:
    """A graph to play with; Jupyter shows it.

    Attributes:
        steps: the walk through the graph, whose numbers are those that the page begins with.
        parameters: the ids of the leaves that gradient descent moves.
        lang: the language of the page.
        network: the folded network, if that is what is shown; the walk is through its graph then.
    """

    def __init__(
        self,
        value: Value,
        parameters: Iterable[Value | str] | None = None,
        lang: str = "en",
        called: Called | None = None,
        module: Module | Mapping[str, Module] | None = None,
        expand: bool | str | Sequence[str] = (),
    ) -> None:
        if not isinstance(value, Value):
            raise TypeError(
                f"play() takes a Value, or a function and its arguments, not {type(value).__name__!r}; "
                "compute with Values to get one"
            )
        check_language(lang)
        self.lang = lang
        self._called = called
        from ..steps.player import LIMIT  # which brings all that draws pictures
        from .network import live_network  # likewise

        self.network = live_network(value, module, expand, lang) if called is None else None
        self.steps: Steps = Walk(value if self.network is None else self.network.value)
        if self.network is None and self.steps.forward > LIMIT:
            raise ValueError(
                f"the graph has {self.steps.forward} Values, more than the {LIMIT} that a page shows; "
                "play(an inner Value) shows a part"
            )
        leaves = [x for x in self.steps.nodes if not x.op] if called is None else called.leaves
        self.leaves = sorted(i for i in map(self.steps.id, leaves) if i is not None)
        self.parameters = (
            self._by_name() if parameters is None else [i for x in parameters for i in self._chosen(x)]
        )

    def _by_name(self) -> list[int]:
        from ..drawing.names import Names  # likewise

        if self.network is not None:
            return [place for x in self.network.parameters if (place := self.steps.id(x)) is not None]
        names = Names()
        return [i for i in self.leaves if names.is_parameter(self.steps.nodes[i])] or self.leaves

    def _chosen(self, parameter: Any) -> list[int]:
        """Return the ids of the leaves that are meant by a Value or a name."""
        if isinstance(parameter, str):
            found = [i for i in self.leaves if _is_part(self.steps.name(i), parameter)]
        else:
            place = self.steps.id(parameter) if isinstance(parameter, Value) else None
            found = [place] if place is not None and place in self.leaves else []
        if not found:
            raise TypeError(
                f"the parameters of play() are leaves of the graph, which {parameter!r} is not; "
                "choose among the Values that it was computed from"
            )
        return found

    def __repr__(self) -> str:
        called, count = self._called, len(self.leaves)
        if self.network is not None:
            neurons = len(self.network.folding.neurons)
            what = f"a network of {neurons} neuron{'s' * (neurons > 1)}"
            return f"<play of {self.steps.output}: {what}, {count} leaves to change>"
        if called is None:
            return f"<play of {self.steps.output}: {self.steps.forward} nodes, {count} leaves to change>"
        count, kept = count + len(called.hidden(self.steps)), len(called.places)
        return (
            f"<play of {called.name}: {self.steps.forward} nodes, {count} leaves to change, "
            f"{kept} comparison{'s' * (kept != 1)} to keep>"
        )

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the page to a file, .html, and return the path.

        The file appears whole or not at all, and replaces one of that name. It loads nothing from anywhere.

        Raises:
            ValueError: the suffix is another one.
            OSError: the file cannot be written.
        """
        name = os.fspath(path)
        if os.path.splitext(name)[1].lower() not in (".html", ".htm"):
            raise ValueError(f"play() makes a page, so end its name in .html, not {name!r}")
        write_whole(name, self._page())
        return name

    def show(self) -> str:
        """Show the page: in Jupyter where this cell is, elsewhere in a window of the browser.

        Returns:
            the path of the page that the browser was given; an empty text in Jupyter.
        """
        return show(self, self._page, "play.html")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Return what Jupyter shows: the page as a part of the notebook, else its picture."""
        from ..drawing import DrawingError
        from ..steps.player import finished_png
        from ..steps.player_picture import is_labelled, products_of

        kinds = [kind for kind in ("text/plain", "text/html", "image/png") if kind not in (exclude or ())]
        kinds = [kind for kind in kinds if not include or kind in include]
        bundle: dict[str, Any] = {"text/plain": repr(self)} if "text/plain" in kinds else {}
        if "text/html" in kinds:
            bundle["text/html"] = self._fragment()
        if (
            self.network is None
            and "image/png" in kinds
            and is_labelled(self.steps.forward, products_of(self.steps))
        ):
            try:
                bundle["image/png"] = finished_png(self.steps)
            except DrawingError as error:
                bundle["text/plain"] = f"{self!r}\n{error}"
        return bundle

    def _page(self) -> str:
        if self.network is not None:
            from .network_page import page_of as page_of_network

            return page_of_network(self.steps, self.network, self.parameters, self.lang)
        from .page import page_of

        return page_of(self.steps, self.parameters, self.lang, self._called)

    def _fragment(self) -> str:
        if self.network is not None:
            from .network_page import fragment_of as fragment_of_network

            return fragment_of_network(self.steps, self.network, self.parameters, self.lang)
        from .page import fragment_of

        return fragment_of(self.steps, self.parameters, self.lang, called=self._called)


def _is_part(name: str, of: str) -> bool:
    """Say whether a leaf has a name, or is in the argument of that name."""
    return name == of or (name.startswith(of) and name[len(of)] in "[.")
