"""A film as one page: the plot as SVG, what changes from frame to frame as data, and a small player.

The page holds everything itself and asks no network for anything. Without scripts it shows the last frame.
With more data than a film can have it stays below 3 MB: a frame's colours are a PNG of 48 by 48 points, its
rows at most 500 numbers.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .film import Frame, Stage
    from .style import Words

FAMILIES = (
    "'DejaVu Sans', Verdana, 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Zen Hei', "
    "sans-serif"
)
"""What the browser takes where Matplotlib has measured the text in DejaVu Sans: fonts as wide or wider."""


def page(stage: Stage, frames: Iterable[Frame], words: Words) -> str:
    """Return the page of a film.

    Args:
        stage: the plot, with 72 dots per inch, so that its pixels are the units of the SVG.
        frames: all frames, in order.
        words: the words of the page.
    """
    canvas = _Canvas(stage)
    shots, last = [], None
    for last in frames:
        shots.append(canvas.shot(last))
    assert last is not None
    stage.show(last)
    left, bottom, width, height = stage.plane.get_position().bounds
    target = words.name(stage.film.result.model.target, words("target"))
    data = {"frames": shots, **canvas.places()}
    texts = {
        "title": words("How {target} is learnt", target=target),
        "caption": last.caption,
        "style": f"left:{left:.3%};top:{1 - bottom - height:.3%};width:{width:.3%};height:{height:.3%}",
        "lang": "zh-CN" if words.lang == "zh" else "en",
        "last": str(len(shots) - 1),
        "frame": words("Frame"),
        "keys": words(
            "Keys: space plays and pauses, ← and → go a frame back and on, Home and End to the ends."
        ),
        "noscript": words("Without scripts, this is the last frame: the network as it was at the end."),
    }
    for button in ("Play", "Pause", "First frame", "Previous frame", "Next frame", "Last frame", "Speed"):
        texts[f"{button.split()[0].lower()}_"] = words(button)
    raw = {
        "svg": canvas.svg(texts["title"]),
        "data": _as_script(data),
        "script": SCRIPT,
        "families": FAMILIES,
    }
    filled = {key: html.escape(text) for key, text in texts.items()} | raw
    return re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match[1]], PAGE)


def embedded(page: str) -> str:
    """Return a page as an element of another one, as a notebook shows it."""
    return (
        f'<iframe srcdoc="{html.escape(page)}" title="film" sandbox="allow-scripts" '
        'style="width:100%;max-width:1100px;aspect-ratio:7/5;border:0"></iframe>'
    )


def _as_script(data: object) -> str:
    """Return data as JSON that may stand in a script: no text in it can end the element."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


class _Canvas:
    """The plot in the units of its SVG, from the upper left corner."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.height = stage.figure.bbox.height

    def shot(self, frame: Frame) -> dict[str, Any]:
        """Return what the player needs of a frame."""
        last = self.stage.loss.get_xlim()[1]
        rows = {row: place for place, row in enumerate(self.stage.film.rows)}
        shot: dict[str, Any] = {
            "c": frame.caption,
            "t": round(frame.step / last, 5),
            "l": ["".join(map(self.path, lines)) for lines in frame.lines],
            "w": [rows[i] for i in frame.wrong],
        }
        if frame.image is not None:
            shot["i"] = _png(frame.image)
        return shot

    def path(self, points: Any) -> str:
        """Return a line as the data of an SVG path."""
        return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in self.placed(self.stage.plane, points))

    def placed(self, axes: Any, points: Any) -> list[tuple[float, float]]:
        return [(float(x), float(self.height - y)) for x, y in axes.transData.transform(points)]

    def places(self) -> dict[str, Any]:
        """Return where the rows lie and the frames of the curves."""
        from .boundaries import positions

        film = self.stage.film
        points = list(zip(*positions(film.result, film.plane, film.rows), strict=True))
        boxes = []
        for axes in (self.stage.loss, self.stage.flow):
            box = axes.bbox
            boxes.append([round(x, 1) for x in (box.x0, self.height - box.y1, box.width, box.height)])
        rows = [[round(x, 1), round(y, 1)] for x, y in self.placed(self.stage.plane, points)]
        return {"rows": rows, "boxes": boxes}

    def svg(self, title: str) -> str:
        """Return the plot as an SVG element, in which what moves has a name."""
        stage = self.stage
        names = {"film-wrong": stage.wrong, "film-image": stage.image}
        names |= {f"film-line-{k}": line for k, line in enumerate(stage.lines)}
        names |= {f"film-veil-{k}": veil for k, (veil, _) in enumerate(stage.veils)}
        names |= {f"film-now-{k}": now for k, (_, now) in enumerate(stage.veils)}
        for name, artist in names.items():
            if artist is not None:
                artist.set_gid(name)
        stage.plane.patch.set_visible(False)  # the canvas with the colours lies behind
        stage.figure.patch.set_visible(False)
        buffer = io.StringIO()
        stage.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        svg = buffer.getvalue()
        svg = svg[svg.index("<svg") :]
        svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
        svg = svg.replace("'DejaVu Sans'", FAMILIES)
        label = html.escape(title)
        return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def _png(image: Any) -> str:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(image[::-1]).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


PAGE = """\
<!DOCTYPE html>
<html lang="{{lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; \
style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{{title}}</title>
<style>
:root { color-scheme: light; }
body { margin: 0 auto; padding: 16px; max-width: 1100px; background: #fff; color: #111827;
  font: 16px/1.4 {{families}}; }
h1 { font-size: 1.25rem; margin: 0 0 4px; }
#caption { display: block; min-height: 1.4em; color: #374151; font-variant-numeric: tabular-nums; }
#stage { position: relative; margin: 4px 0 8px; }
#stage svg { position: relative; display: block; width: 100%; height: auto; }
#plane { position: absolute; {{style}}; }
#controls { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
#controls[hidden] { display: none; }
button, select { font: inherit; min-width: 2.6em; min-height: 2.4em; border: 1px solid #6b7280;
  border-radius: 4px; background: #f9fafb; color: inherit; cursor: pointer; }
#play { min-width: 6em; }
button:hover { background: #e5e7eb; }
:focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
#slider { flex: 1 1 200px; accent-color: #0072b2; height: 2.4em; }
.note { color: #4b5563; font-size: 0.8rem; margin: 6px 0; }
@media print { #controls, .note { display: none; } }
</style>
</head>
<body>
<h1>{{title}}</h1>
<output id="caption" aria-live="polite">{{caption}}</output>
<div id="stage"><canvas id="plane" width="1" height="1" aria-hidden="true"></canvas>
{{svg}}</div>
<div id="controls" hidden>
<button id="first" type="button" aria-label="{{first_}}" title="{{first_}}">|◀</button>
<button id="back" type="button" aria-label="{{previous_}}" title="{{previous_}}">◀</button>
<button id="play" type="button" data-play="{{play_}}" data-pause="{{pause_}}">{{play_}}</button>
<button id="next" type="button" aria-label="{{next_}}" title="{{next_}}">▶</button>
<button id="last" type="button" aria-label="{{last_}}" title="{{last_}}">▶|</button>
<input id="slider" type="range" min="0" max="{{last}}" value="{{last}}" step="1" aria-label="{{frame}}">
<label>{{speed_}} <select id="speed">
<option value="0.5">½×</option><option value="1" selected>1×</option><option value="2">2×</option>
</select></label>
</div>
<p class="note keys" hidden>{{keys}}</p>
<noscript><p class="note">{{noscript}}</p></noscript>
<script type="application/json" id="film-data">{{data}}</script>
<script>
{{script}}
</script>
</body>
</html>
"""

SCRIPT = """\
"use strict";
(async () => {
  const film = JSON.parse(document.getElementById("film-data").textContent);
  const by = id => document.getElementById(id);
  const canvas = by("plane"), slider = by("slider"), play = by("play"), caption = by("caption");
  const pathOf = group => {
    if (!group) return null;
    if (group.tagName === "path") return group;
    let path = group.querySelector("path");
    if (!path) {
      path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      group.append(path);
    }
    return path;
  };
  const images = await Promise.all(film.frames.map(async frame => {
    if (!frame.i) return null;
    const image = new Image();
    image.src = "data:image/png;base64," + frame.i;
    await image.decode();
    return image;
  }));
  const still = by("film-image");
  if (still) still.style.display = "none";
  const wrong = by("film-wrong");
  wrong.replaceChildren();
  const crosses = pathOf(wrong);
  crosses.setAttribute("style", "fill: none; stroke: #111827; stroke-width: 1.6");
  const lines = film.frames[0].l.map((_, k) => pathOf(by("film-line-" + k)));
  const size = 360;  // enlarged here, smoothly, so that it is smooth at any size
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";

  let place = film.frames.length - 1, timer = 0;

  function show(k) {
    place = Math.max(0, Math.min(film.frames.length - 1, k));
    const frame = film.frames[place];
    if (images[place]) {
      pen.drawImage(images[place], 0, 0, size, size);
    }
    lines.forEach((line, k) => line.setAttribute("d", frame.l[k]));
    crosses.setAttribute("d", frame.w.map(i => {
      const [x, y] = film.rows[i];
      return `M${x - 4},${y - 4}l8,8m0,-8l-8,8`;
    }).join(""));
    film.boxes.forEach(([x, y, width, height], k) => {
      const now = x + frame.t * width;
      pathOf(by("film-veil-" + k)).setAttribute("d", `M${now},${y}H${x + width}V${y + height}H${now}Z`);
      pathOf(by("film-now-" + k)).setAttribute("d", `M${now},${y}V${y + height}`);
    });
    slider.value = place;
    slider.setAttribute("aria-valuetext", frame.c);
    caption.value = frame.c;
  }

  function pause() {
    clearTimeout(timer);
    timer = 0;
    play.textContent = play.dataset.play;
    caption.setAttribute("aria-live", "polite");
  }

  function tick() {
    show(place + 1);
    if (place === film.frames.length - 1) pause();
    else timer = setTimeout(tick, 100 / by("speed").value);
  }

  function start() {
    if (place === film.frames.length - 1) show(0);
    play.textContent = play.dataset.pause;
    caption.setAttribute("aria-live", "off");  // no reader keeps up with ten captions a second
    timer = setTimeout(tick, 100 / by("speed").value);
  }

  const toggle = () => timer ? pause() : start();
  const go = k => { pause(); show(k); };
  play.addEventListener("click", toggle);
  by("first").addEventListener("click", () => go(0));
  by("back").addEventListener("click", () => go(place - 1));
  by("next").addEventListener("click", () => go(place + 1));
  by("last").addEventListener("click", () => go(film.frames.length - 1));
  slider.addEventListener("input", () => go(Number(slider.value)));
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
    if (event.key === " " && event.target.tagName === "BUTTON") return;  // the button does it
    const moves = {
      ArrowLeft: () => go(place - 1), ArrowRight: () => go(place + 1), Home: () => go(0),
      End: () => go(film.frames.length - 1), " ": toggle,
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  });

  by("controls").hidden = false;
  document.querySelector(".keys").hidden = false;
  show(0);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) show(film.frames.length - 1);
  else start();
})();
"""
