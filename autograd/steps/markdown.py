"""Formulas in Markdown: LaTeX between dollar signs, in pieces between which a line may break."""

from __future__ import annotations

from ..formulas import Applied, Formula, Latex, Related, Symbol
from ..support.phrases import PRODUCT, SUM
from .path import Path

__all__ = ["Markdown"]

TOGETHER = 3
"""How many factors or terms stand in one piece, which is as wide as a narrow window."""

_SIGNS = {"+": ("+", "{} + ", SUM), "*": (r"\cdot", r"{} \cdot ", PRODUCT)}
_ARROWS = {"": r"\to", "₁": r"\to_1", "₂": r"\to_2"}


class Markdown(Latex):
    """What stands between dollar signs, each formula as large as on a line of its own.

    Jupyter, VS Code and GitHub typeset it; in a notebook that is not trusted, too.
    """

    def write(self, formula: Formula) -> str:
        """Return a formula within a sentence, in one piece."""
        return f"${self._large(formula)}$"

    def _large(self, formula: Formula) -> str:
        size = "" if isinstance(formula, Symbol) else r"\displaystyle "
        return size + Latex(self.lang).write(formula)

    def pieces(self, formula: Related) -> str:
        """Return an equation in pieces, each of them with the sign before it."""
        parts = []
        for i, member in enumerate(formula.members):
            first, *others = self._pieces_of(member)
            parts.append(rf"$\displaystyle {'{} = ' * bool(i)}{first}$")
            parts += [rf"$\displaystyle {other}$" for other in others]
        return " ".join(parts)

    def _pieces_of(self, formula: Formula) -> list[str]:
        write = Latex(self.lang)
        op = formula.op if isinstance(formula, Applied) else ""
        operands = formula.parts()
        if op not in _SIGNS or len(operands) <= TOGETHER:
            return [write.write(formula)]
        sign, leading, level = _SIGNS[op]
        written = [write.inside(x, PRODUCT if i else level) for i, x in enumerate(operands)]
        groups = [written[i : i + TOGETHER] for i in range(0, len(written), TOGETHER)]
        joined = [f" {sign} ".join(group) for group in groups]
        return [joined[0], *[leading + group for group in joined[1:]]]

    def route(self, path: Path) -> str:
        """Return the names of the nodes of a path, with arrows."""
        write = Latex(self.lang)
        return " ".join(
            f"${'' if mark is None else f'{_ARROWS[mark]} '}{write.write(Symbol(name))}$"
            for mark, name in path.stations
        )
