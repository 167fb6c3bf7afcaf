// Python beside the page: it is loaded once, and then runs one program or formula at a time.

const post = (kind, content) => self.postMessage({ kind, content });
let session = null;

// What is fetched goes through here unchanged, and is counted for the progress bar.
function countFetches(total) {
  const fetched = self.fetch.bind(self);
  let bytes = 0;
  self.fetch = async (...request) => {
    const response = await fetched(...request);
    const reader = response.ok ? response.clone().body?.getReader() : null;
    (async () => {
      for (let part = await reader?.read(); part && !part.done; part = await reader.read()) {
        bytes += part.value.length;
        post("progress", Math.min(1, bytes / total));
      }
    })().catch(() => {}); // whoever asked for it is told
    return response;
  };
  return () => (self.fetch = fetched);
}

async function archiveFrom(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
}

async function load({ runtime, bytes, archive }) {
  const base = new URL(runtime, self.location.href).href;
  const uncount = countFetches(bytes);
  const archived = archiveFrom(archive);
  archived.catch(() => {}); // awaited below
  const { loadPyodide } = await import(`${base}pyodide.mjs`);
  const python = await loadPyodide({ indexURL: base });
  uncount();
  post("starting");
  const place = python.runPython("import site; site.getsitepackages()[0]");
  python.unpackArchive(await archived, "zip", { extractDir: place });
  python.globals.set("_post", (kind, content) => post(kind, JSON.parse(content)));
  session = python.runPython(`
import importlib, json
importlib.invalidate_caches()
from autograd.cli.playground_command import session
import autograd.live.page
session(lambda kind, content: _post(kind, json.dumps(content)))
`);
  post("ready");
}

const TASKS = {
  load,
  program: ({ text, lang }) => session.run(text, lang),
  formula: ({ text, values, view, lang }) => session.formula(text, values, view, lang),
};

self.onmessage = async ({ data }) => {
  try {
    const well = await TASKS[data.kind](data);
    if (data.kind !== "load") post("done", well);
  } catch (error) {
    post(data.kind === "load" ? "broken" : "crashed", String(error?.message ?? error));
  }
};
