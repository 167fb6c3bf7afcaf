"""The playground: a page on which programs are written and run without an installation.

`building` puts the page, this package and, if asked for, the runtime of Python into a folder that any static
host serves, and `serving` shows it on this computer. On the page, `worker.js` loads Python as WebAssembly
(Pyodide) beside the page; there `programs` runs what is written in the editor, and `charts` draws trainings
as they go. `examples` has the programs to begin with, and `words` what the page says, in English and Chinese.
"""

from .building import RUNTIME_FILES, RUNTIME_VERSION, build
from .charts import Send, watch
from .programs import Evaluate, Session
from .serving import serve

__all__ = ["RUNTIME_FILES", "RUNTIME_VERSION", "Evaluate", "Send", "Session", "build", "serve", "watch"]
