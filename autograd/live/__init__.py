"""Pictures that are alive: `play` gives a graph whose numbers can be changed on a page, without Python.

`graph_program` writes a recorded graph as a function of JavaScript that gives every number and every local
derivative; `page` makes the page. On it `model.js` does the chain rule, `leaves.js` lets leaves be changed,
by dragging, sliding and typing, and `play.js` shows what follows. `called` follows a function that is played
with, `guarded_program` writes what it compared too, and `guards.js` says where it would go another way.
`words` has what is said, in English and Chinese.
"""

from .plays import Play, play

__all__ = ["Play", "play"]
