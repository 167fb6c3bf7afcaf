"""How a drawing becomes SVG, PNG and PDF: laid out once, by Graphviz or, where there is none, here."""

from __future__ import annotations

from functools import cached_property

from ..support.installation import how_to_install
from .dot import dot_of
from .dot_places import Places
from .picture import Picture
from .raster import PainterError, png_of
from .rendering import INSTALL, DrawingError, is_installed, make_picture
from .scene import scene_of
from .shapes import Scene
from .svg import svg_of
from .themes import Theme

MOST_CARDS, MOST_ARROWS = 250, 1500
"""The largest picture that is laid out without Graphviz: it takes a second."""


class Output:
    """One drawing in one theme, whose layout is found when it is first needed, and kept."""

    def __init__(self, source: str, picture: Picture | None, theme: Theme, rankdir: str) -> None:
        self.source = source
        self._picture, self._theme, self._rankdir = picture, theme, rankdir

    @cached_property
    def _laid_out(self) -> str:
        """The text in DOT with the places that Graphviz found."""
        if self._picture is not None and self._picture.placed:
            return self.source
        return make_picture(self.source, "dot").decode()

    @cached_property
    def _scene(self) -> Scene:
        assert self._picture is not None
        return scene_of(self._picture, self._theme, self._rankdir)

    def _is_small(self) -> bool:
        picture = self._picture
        return picture is not None and len(picture.cards) <= MOST_CARDS and len(picture.arrows) <= MOST_ARROWS

    def _by_graphviz(self, kind: str, settings: str = "") -> bytes:
        if not is_installed():
            what = "a PDF" if kind == "pdf" else "a picture"
            if kind != "pdf" and self._picture is not None:
                what += f" of {self._picture}"
            raise DrawingError(f"{what} needs Graphviz; {INSTALL}")
        source = self._laid_out.replace("{", f"{{\n\tgraph [{settings}];", 1) if settings else self._laid_out
        return make_picture(source, kind, "nop2")

    @cached_property
    def svg(self) -> str:
        """The picture as the text of an SVG file."""
        try:
            return self._by_graphviz("svg").decode()
        except DrawingError:
            if not self._is_small():
                raise
        return svg_of(self._scene)

    @cached_property
    def pdf(self) -> bytes:
        """The picture as the content of a PDF file."""
        return self._by_graphviz("pdf")

    def png(self, dpi: int, most: int) -> bytes:
        """Return the picture as the content of a PNG file, of at most so many dots each way."""
        inches = f"{most / dpi:.2f}"
        try:
            return self._by_graphviz("png", f'dpi={dpi}, size="{inches},{inches}"')
        except DrawingError as error:
            if not self._is_small():
                raise
            why = str(error) if is_installed() else INSTALL
        scene = self._scene
        try:
            return png_of(scene, min(dpi, 72 * most / max(scene.width, scene.height)))
        except PainterError as error:
            raise DrawingError(
                f"a PNG needs Matplotlib, a browser or Graphviz, and {error}: run "
                f"{how_to_install('plot')}, or {why}; the suffix .svg needs nothing"
            ) from None


def source_of(picture: Picture, theme: Theme, rankdir: str) -> str:
    """Return the picture in DOT, with the places of everything where it is laid out here."""
    places = Places(scene_of(picture._replace(legend=()), theme, rankdir)) if picture.placed else None
    return dot_of(picture, theme, rankdir, places)
