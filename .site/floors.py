"""The house as a picture of floors: a room stands one floor above the highest room that it imports."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from house import FLOORS, imports

ROOT = Path(__file__).parent.parent
_ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)


def floors() -> list[list[str]]:
    """Return the rooms of each floor, the ground floor first."""
    needs: dict[str, set[str]] = {room: set() for room in FLOORS}
    for module, others in imports(ROOT / "autograd").items():
        room = module.partition(".")[0]
        if room in needs:
            needs[room] |= {other.partition(".")[0] for other in others} & set(FLOORS) - {room}
    height: dict[str, int] = {}
    for room in reversed(FLOORS):  # imports run down this list
        height[room] = max((height[other] + 1 for other in needs[room]), default=0)
    return [[room for room in FLOORS if height[room] == floor] for floor in range(max(height.values()) + 1)]


def floors_page() -> str:
    """Return the picture as HTML: a list of floors, the uppermost first, with what each room has."""
    told = dict(_ROW.findall((ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    rows = []
    for rooms in reversed(floors()):
        cards = "".join(
            f"<li><b>{room}</b><span>{_words(told[room])}</span></li>" for room in rooms if room in told
        )
        rows.append(f"<li><ul>{cards}</ul></li>")
    return f'<ol class="floors" reversed>{"".join(rows)}</ol>\n'


def _words(markdown: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(markdown, quote=False))
