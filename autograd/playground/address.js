// What is in the address after the #: a formula, an example by its name, or a whole program.

async function through(stream, bytes) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

export async function packed(text) {
  const bytes = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export async function unpacked(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true }).decode(await through(new DecompressionStream("deflate-raw"), bytes));
}

// Returns { lang, formula, values, view, example, program, damaged }, each if it is there.
export async function read() {
  const found = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (found.program !== undefined) {
    try {
      found.program = await unpacked(found.program);
    } catch {
      delete found.program;
      found.damaged = true;
    }
  }
  return found;
}

export async function write(state) {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value) parts.set(name, name === "program" ? await packed(value) : value);
  }
  history.replaceState(null, "", `#${parts}`);
}
