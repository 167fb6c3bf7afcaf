"""What a page shows of a thing: its HTML or SVG, the mathematics of an explanation, or its text."""

from __future__ import annotations

import html
from typing import Any

from ..formulas import Formula, MathML
from ..steps import Explanation, Explanations
from ..support.languages import said


def shown(thing: Any) -> str:
    """Return what a page shows of something, as HTML."""
    if isinstance(thing, Explanation | Explanations):
        return _explained(thing)
    kinds: dict[str, Any] = {}
    if not isinstance(thing, type):
        if hasattr(thing, "_repr_mimebundle_"):
            bundle = thing._repr_mimebundle_()
            kinds = (bundle[0] if isinstance(bundle, tuple) else bundle) or {}
        for kind, method in (("text/html", "_repr_html_"), ("image/svg+xml", "_repr_svg_")):
            if kind not in kinds and hasattr(thing, method):
                kinds = {**kinds, kind: getattr(thing, method)()}
    for kind in ("text/html", "image/svg+xml"):
        if kinds.get(kind):
            return str(kinds[kind])
    return f'<pre class="result">{html.escape(repr(thing))}</pre>'


class _Elements(MathML):
    """Writes each formula as an element that stands in a sentence."""

    def write(self, formula: Formula) -> str:
        return MathML(self.lang).element(formula)


def _explained(thing: Explanation | Explanations) -> str:
    """Return an explanation in HTML; Jupyter, which has its Markdown, needs none."""
    lang = thing._steps.lang
    write = _Elements(lang)
    parts = []
    for section in thing.sections(write):
        parts.append(f"<p>{section.sentence}</p>")
        if section.definitions:
            lines = [said("where", lang), *map(write.write, section.definitions)]
            lines += [f"… {html.escape(section.left_out)}"] * bool(section.left_out)
            parts.append(f"<p>{'<br>'.join(lines)}</p>")
        items = [f"{html.escape(path.route)}<br>{write.write(path.formula)}" for path in section.paths]
        if section.rest is not None:
            items.append(f"{section.rest_sentence}{write.write(section.rest)}")
        if items:
            parts.append(f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>")
        if section.total is not None:
            parts.append(f"<p>{write.write(section.total)}</p>")
    return f'<div class="explanation" lang="{lang}">{"".join(parts)}</div>'
