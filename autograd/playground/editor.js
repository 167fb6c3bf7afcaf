// A text area that indents as Python is written, over a copy of the text in colours.

const TOKEN = new RegExp(
  [
    /(?<comment>#.*)/,
    /(?<string>[rbfRBF]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<keyword>\b(?:False|None|True|and|as|assert|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield)\b)/,
    /(?<number>\b\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?)/,
  ].map((part) => part.source).join("|"),
  "g",
);

function coloured(text) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [kind] = Object.entries(match.groups).find(([, found]) => found !== undefined);
    const span = document.createElement("span");
    span.className = kind;
    span.textContent = match[0];
    pieces.push(text.slice(end, match.index), span);
    end = match.index + match[0].length;
  }
  return [...pieces, text.slice(end), "\n"];
}

export class Editor {
  constructor(place, { run, changed }) {
    this.area = place.querySelector("textarea");
    this.copy = place.querySelector("pre");
    this.leaving = false; // after Escape, Tab leaves
    this.area.addEventListener("input", () => {
      this.colour();
      changed();
    });
    this.area.addEventListener("scroll", () => this.follow());
    this.area.addEventListener("keydown", (event) => this.pressed(event, run));
    this.area.addEventListener("blur", () => (this.leaving = false));
  }

  get text() {
    return this.area.value;
  }

  set text(text) {
    this.area.value = text;
    this.area.scrollTo(0, 0);
    this.colour();
  }

  colour() {
    this.copy.replaceChildren(...coloured(this.area.value));
    this.follow();
  }

  follow() {
    this.copy.scrollTo(this.area.scrollLeft, this.area.scrollTop);
  }

  pressed(event, run) {
    if (event.isComposing) return;
    const { key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    } else if (key === "Escape") {
      this.leaving = true;
      return;
    } else if (key === "Tab" && !this.leaving && !event.ctrlKey && !event.altKey) {
      event.preventDefault();
      if (event.shiftKey) this.dedent();
      else this.indent();
    } else if (key === "Enter" && !event.shiftKey) {
      const [line] = this.line();
      const space = line.match(/^ */)[0] + (/:\s*(#.*)?$/.test(line) ? "    " : "");
      if (space) {
        event.preventDefault();
        this.put(`\n${space}`);
      }
    }
    if (key !== "Shift") this.leaving = false;
  }

  // The part of the line before the cursor, and where it begins.
  line() {
    const { value, selectionStart } = this.area;
    const begin = value.lastIndexOf("\n", selectionStart - 1) + 1;
    return [value.slice(begin, selectionStart), begin];
  }

  put(text) {
    document.execCommand("insertText", false, text); // which can be undone, unlike setRangeText
  }

  lines(change) {
    const { area } = this;
    const begin = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const end = area.selectionEnd;
    const text = area.value.slice(begin, end).split("\n").map(change).join("\n");
    area.setSelectionRange(begin, end);
    this.put(text);
    area.setSelectionRange(begin, begin + text.length);
  }

  indent() {
    const { selectionStart, selectionEnd } = this.area;
    if (selectionStart !== selectionEnd) this.lines((line) => (line ? `    ${line}` : line));
    else this.put(" ".repeat(4 - (this.line()[0].length % 4)));
  }

  dedent() {
    this.lines((line) => line.replace(/^ {1,4}/, ""));
  }
}
