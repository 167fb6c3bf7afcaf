"""How an explanation is told, as text, as LaTeX and as Markdown for notebooks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..formulas import Formula, Latex, Related, Text, Writer
from ..support.languages import said
from ..support.terminal import wrapped
from .markdown import Markdown
from .path import Path, definition_of, numbered_nodes
from .sequence import Steps

__all__ = ["Section", "Told"]

WIDTH = 79
"""How wide a printed explanation is at most; of wider lines, notebooks break the words."""


class Section:
    """A part of what is told: a sentence, definitions, paths, what others add up to, and the sum."""

    def __init__(
        self,
        sentence: str,
        definitions: tuple[list[Related], str] = ([], ""),
        paths: Sequence[Path] = (),
        rest: Formula | None = None,
        rest_sentence: str = "",
        total: Related | None = None,
    ) -> None:
        self.sentence = sentence
        self.definitions, self.left_out = definitions
        self.paths = paths
        self.rest, self.rest_sentence = rest, rest_sentence
        self.total = total


class Told:
    """What is told of the derivatives of one result, in all forms."""

    _steps: Steps

    def sections(self, write: Writer) -> Iterator[Section]:
        """Return the parts of what is told, whose sentences are written already."""
        raise NotImplementedError

    def definitions(self, shown: Sequence[int]) -> tuple[list[Related], str]:
        """Return what the names without a label stand for, and a sentence about what is left out."""
        places, more = numbered_nodes(self._steps, shown)
        steps = self._steps
        rest = said("walk({y}) shows the others", steps.lang, y=steps.output) if more else ""
        return [definition_of(steps, place) for place in places], rest

    @property
    def text(self) -> str:
        """The explanation as text, each sentence and each equation in one line."""
        write = Text(self._steps.lang)
        blocks = []
        for section in self.sections(write):
            blocks.append(section.sentence)
            if section.definitions:
                lines = [write.write(formula) for formula in section.definitions]
                lines += [f"… {section.left_out}"] * bool(section.left_out)
                where = said("where", self._steps.lang)
                blocks.append("\n".join([where, *[f"  {line}" for line in lines]]))
            blocks += [f"  {path.route}\n    {write.write(path.formula)}" for path in section.paths]
            if section.rest is not None:
                blocks.append(f"  {section.rest_sentence}{write.write(section.rest)}")
            if section.total is not None:
                blocks.append(write.write(section.total))
        return "\n\n".join(filter(None, blocks))

    def wrapped(self, width: int = WIDTH) -> str:
        """Return the text in lines of at most so many columns; words are not broken.

        Raises:
            ValueError: width is less than 20.
        """
        if width < 20:
            raise ValueError(f"width is the columns of a line, 20 or more, not {width!r}")
        return "\n".join(wrapped(line, width) for line in self.text.split("\n"))

    @property
    def latex(self) -> str:
        """The formulas in LaTeX, without dollar signs: what names stand for, each path, and the sum."""
        write = Latex(self._steps.lang)
        formulas: list[Related] = []
        for section in self.sections(write):
            formulas += [*section.definitions, *[path.formula for path in section.paths]]
            formulas += [section.total] if section.total is not None else []
        lines = map(write.aligned, formulas)
        return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"

    @property
    def markdown(self) -> str:
        """The explanation as Markdown with formulas between dollar signs, which notebooks typeset.

        A formula is in pieces, between which lines may break. There is no HTML in it, nothing that a notebook
        that is not trusted would leave out.
        """
        write = Markdown(self._steps.lang)
        blocks = []
        for section in self.sections(write):
            blocks.append(section.sentence)
            if section.definitions:
                lines = [said("where", self._steps.lang), *map(write.pieces, section.definitions)]
                lines += [f"… {section.left_out}"] * bool(section.left_out)
                blocks.append("  \n".join(lines))  # two spaces break the line
            items = [f"- {write.route(path)}  \n  {write.pieces(path.formula)}" for path in section.paths]
            if section.rest is not None:
                items.append(f"- {section.rest_sentence}{write.write(section.rest)}")
            blocks.append("\n".join(items))
            blocks.append("" if section.total is None else write.pieces(section.total))
        return "\n\n".join(filter(None, blocks))

    def __str__(self) -> str:
        return self.wrapped()

    def _repr_markdown_(self) -> str:  # and no LaTeX, which VS Code would prefer, without the sentences
        return self.markdown
