"""SVG for where it is shown: in a page, in a cell of Jupyter, in a browser of its own, light or dark."""

from __future__ import annotations

import base64
import re
import zlib
from html import escape

_CELL = 560.0  # points, about the width of a notebook's cell
_LEAST = 0.7  # of its size, by which a picture is shrunk at most: letters of nearly 8 points can be read
_SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')
_TAG = re.compile(r"<(?:polygon|path|text|ellipse|polyline)\b[^>]*>")
_PAINT = re.compile(r'\b(fill|stroke|stop-color)="(#[0-9a-f]{6})"')

# JupyterLab and VS Code mark the body of the page; VS Code has themes of high contrast too, dark and light.
_DARK_PAGE = (
    ':is([data-jp-theme-light="false"],[data-vscode-theme-kind="vscode-dark"],'
    '[data-vscode-theme-kind="vscode-high-contrast"])'
)
_PAGE_WITHOUT_THEME = "body:not([data-jp-theme-light]):not([data-vscode-theme-kind])"


def fitted(svg: str, title: str) -> str:
    """Return an SVG for use in a page, with a title of its own.

    It is no wider than its place, but for a place in which its letters could not be read: there it is wider,
    and the place, or the page, scrolls. What names the version of Graphviz is left out, and so is the
    document type, which has no place in HTML.
    """
    svg = re.sub(r"<!DOCTYPE[^>]*>\s*|<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    title = escape(title)
    # Some versions of Graphviz give a graph without a name the title %3, others none.
    opening = r'(<g id="graph0"[^>]*>\n)(?:<title>%3</title>\n)?'
    svg = re.sub(opening, lambda match: f"{match[1]}<title>{title}</title>\n", svg, count=1)
    size = _SIZE.search(svg)
    least = f"min-width:{_LEAST * float(size[1]):.0f}pt;" if size else ""
    attributes = f'role="img" aria-label="{title}" style="max-width:100%;{least}height:auto"'
    return svg.replace("<svg width=", f"<svg {attributes} width=", 1)


def in_a_cell(svg: str) -> str:
    """Return an SVG that is shrunk to the cell it is shown in, if it is wider, as far as it can be read.

    Jupyter puts it into an image, on which no limit of width may have an effect, so it has a width that fits.
    """
    size = _SIZE.search(svg)
    if size is None or float(size[1]) <= _CELL:
        return svg
    width = max(_CELL, _LEAST * float(size[1]))
    height = float(size[2]) * width / float(size[1])
    svg = svg.replace(size[0], f'width="{width:.0f}pt" height="{height:.0f}pt"', 1)
    return re.sub(r"max-width:100%;min-width:[\d.]+pt;", "", svg, count=1)


def light_or_dark(light: str, dark: str) -> str:
    """Return one SVG that is light or dark as what it stands in: JupyterLab, VS Code, else the system.

    Args:
        light: the picture in light colours, which are those where styles are not followed.
        dark: the same picture in dark ones.
    """
    rules: dict[str, str] = {}
    others = iter(_TAG.findall(dark))

    def classed(match: re.Match[str]) -> str:
        tag, other = match[0], next(others, "")
        names = []
        for (kind, color), (_, counterpart) in zip(_PAINT.findall(tag), _PAINT.findall(other), strict=False):
            if color != counterpart:
                name = f"{kind[0]}{color[1:]}-{counterpart[1:]}"
                rules[name] = f"{kind}:{counterpart}"
                names.append(name)
        if not names:
            return tag
        head, space, rest = tag.partition(" ")
        return f'{head}{space}class="{" ".join(names)}"{space}{rest}'

    svg = _TAG.sub(classed, light)
    if len(_TAG.findall(dark)) != len(_TAG.findall(light)):
        return light  # no longer the same picture
    style = f"<style>{_rules(_DARK_PAGE, rules)}@media (prefers-color-scheme:dark){{"
    style += "".join(_rules(page, rules) for page in ("svg:root", _PAGE_WITHOUT_THEME))
    return re.sub(r"(<svg[^>]*>)", lambda m: f"{m[1]}\n{style}}}</style>", svg, count=1)


def _rules(page: str, rules: dict[str, str]) -> str:
    return "".join(f"{page} .{name}{{{rule}}}" for name, rule in rules.items())


def html_of(light: str, dark: str) -> str:
    """Return a piece of HTML that shows one of two SVGs, as the page is light or dark.

    Both are images: a notebook that is not trusted drops styles and drawings, but would keep the text in
    these. There the light image is left.
    """
    name = f"autograd-{zlib.crc32(light.encode()):08x}"  # of these two, among all on the page
    shown = f".{name}>img{{content:var(--dark)}}"
    return (
        f'<div class="autograd-drawing {name}" style="overflow-x:auto">'
        f'<style>.{name}{{--dark:url("{_address(dark)}")}}{_DARK_PAGE} {shown}'
        f"@media (prefers-color-scheme:dark){{{_PAGE_WITHOUT_THEME} {shown}}}</style>"
        f'<img src="{_address(light)}" alt="a computation graph" style="max-width:100%"></div>'
    )


def _address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def page_of(svg: str, title: str, background: str) -> str:
    """Return an HTML document that shows an SVG in a window, which scrolls where that is too narrow."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>body{{margin:1rem;background:{background}}}@media (prefers-color-scheme:dark)"
        f"{{body.auto{{background:#0f172a}}}}</style></head>"
        f"<body{' class=auto' if 'prefers-color-scheme' in svg else ''}>{_inline(svg)}</body></html>"
    )


def _inline(svg: str) -> str:
    return svg.partition("?>")[2] if svg.startswith("<?xml") else svg
