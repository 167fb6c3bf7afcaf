// Leaves that can be changed: by dragging and typing on their cards, and by sliders and fields in a list.

const CLICK = 4; // pixels: what moves less is no drag

// By how much a number changes for a pixel, so that a hand's breadth is about its size
function finenessOf(x, start) {
  const size = Math.max(Math.abs(x), Math.abs(start) / 10);
  return Number.isFinite(size) && size > 0 ? Math.max(10 ** (Math.floor(Math.log10(size)) - 2), 1e-300) : 0.01;
}

const rounded = (x, fineness) => Number((Math.round(x / fineness) * fineness).toPrecision(12));

const UNSIGNED = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|pi|π`;
const NUMBER = new RegExp(`^([-+]?)(?:(∞|inf(?:inity)?)|(${UNSIGNED})(?:[/⁄](${UNSIGNED}))?)$`, "i");
const THOUSANDS = /^[-+]?[1-9]\d{0,2}(,\d{3})+$/; // or decimals, as others read it: so neither

// What somebody typed as a number, or a fraction of two; NaN for what is none
function parsed(text) {
  const typed = text.normalize("NFKC").trim().replace(/−/g, "-").replace(/(\d)_(?=\d)/g, "$1");
  const found = NUMBER.exec(THOUSANDS.test(typed) ? "" : typed.replace(",", "."));
  if (!found) return NaN;
  const [, sign, infinite, over, under] = found;
  const number = (digits) => (/^(pi|π)$/i.test(digits) ? Math.PI : Number(digits));
  const size = infinite ? Infinity : under === undefined ? number(over) : number(under) ? number(over) / number(under) : NaN;
  return sign === "-" ? -size : size;
}

// Where a slider goes, at first: numbers that are much smaller than 1 have a unit of their own
function reachOf(start) {
  const size = Number.isFinite(start) ? Math.abs(start) : 0;
  return size && size < 1e-3 ? Math.max(10 * size, 1e-300) : Math.min(Math.max(1, 2 * size), 4e307);
}

const WIDEST = 8e307; // the ends of a slider, whose distance must be a number

class Leaves {
  // `changed` is called with the leaf after each change, `chosen` when a card is clicked, and `say` with a sentence
  // about what somebody typed
  constructor(model, word, list, changed, chosen, say) {
    this.model = model;
    this.word = word;
    this.changed = changed;
    this.chosen = chosen;
    this.say = say;
    this.list = list;
    this.rows = new Map();
    for (const leaf of model.data.listed || model.data.leaves) this.addRow(list, leaf);
  }

  change(leaf, number) {
    this.model.set(leaf, number);
    this.model.update();
    this.changed(leaf);
  }

  // The list

  addRow(list, leaf) {
    const { model, word } = this;
    const name = model.name(leaf);
    const row = document.createElement("div");
    row.className = `leaf${(model.data.parameters || []).includes(leaf) ? " moved" : ""}`;
    row.innerHTML =
      `<span class="called"></span><input type="range" step="any"><input type="text" ` +
      `spellcheck="false" autocomplete="off"><span class="grad"></span>`;
    const [called, slider, field, grad] = row.children;
    called.textContent = name;
    called.title = name;
    slider.setAttribute("aria-label", word("slider", { name }));
    field.setAttribute("aria-label", word("number", { name }));
    const start = model.get(leaf);
    const middle = Math.max(-WIDEST, Math.min(WIDEST, Number.isFinite(start) ? start : 0));
    const half = reachOf(start);
    const ends = [Math.max(-WIDEST, middle - half), Math.min(WIDEST, middle + half)];
    [slider.min, slider.max] = ends;
    slider.addEventListener("input", () => this.change(leaf, rounded(Number(slider.value), half / 1000)));
    slider.addEventListener("keydown", (event) => {
      this.pressed(event, leaf);
      event.stopPropagation();
    });
    field.addEventListener("change", () => this.typed(leaf, field));
    field.addEventListener("keydown", (event) => {
      event.stopPropagation(); // keys are for the field alone
      if (event.key !== "Enter") return;
      if (field.value.trim() === "") field.value = this.written(model.get(leaf));
      this.typed(leaf, field);
    });
    list.append(row);
    this.rows.set(leaf, { slider, field, grad, ends });
  }

  typed(leaf, field) {
    const written = this.written(this.model.get(leaf));
    if (field.value.trim() === "") return;
    const number = parsed(field.value);
    const wrong = Number.isNaN(number) && !/^nan$/i.test(field.value.trim());
    field.setAttribute("aria-invalid", wrong);
    if (wrong) this.say(this.word("refused", { text: field.value.slice(0, 40), name: this.model.name(leaf), written }));
    else if (!Object.is(number, this.model.get(leaf)) && !Object.is(number, parsed(written))) this.change(leaf, number);
  }

  // Keys that change a leaf; says whether this is one of them
  pressed(event, leaf) {
    const times = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!times || event.ctrlKey || event.altKey || event.metaKey) return false;
    const x = this.model.get(leaf);
    const fineness = 10 * finenessOf(x, this.model.start[this.model.places.get(leaf)]);
    this.change(leaf, rounded(x + times * fineness * (event.shiftKey ? 10 : 1), fineness / 10));
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  // Show the numbers as they are
  show() {
    const { model } = this;
    const { activeElement } = this.list.getRootNode();
    for (const [leaf, { slider, field, grad, ends }] of this.rows) {
      const x = model.get(leaf);
      if (Number.isFinite(x)) {
        const held = activeElement === slider; // not under one's hand
        const [low, high] = held ? [Number(slider.min), Number(slider.max)] : ends;
        const [min, max] = [Math.max(-WIDEST, Math.min(low, x)), Math.min(WIDEST, Math.max(high, x))];
        if (Number(slider.min) !== min) slider.min = min;
        if (Number(slider.max) !== max) slider.max = max;
        if (Number(slider.value) !== x) slider.value = x;
      }
      const text = numberText(x);
      if (slider.getAttribute("aria-valuetext") !== text) slider.setAttribute("aria-valuetext", text);
      const written = this.written(x);
      if (activeElement !== field && field.value !== written) {
        field.value = written;
        field.removeAttribute("aria-invalid");
      }
      const gradient = model.gradientText(leaf);
      if (grad.textContent !== gradient) grad.textContent = gradient;
    }
  }

  // A number as a field has it: more digits than a card has, but not all
  written(x) {
    if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "−inf";
    return Object.is(x, -0) ? "−0" : String(Number(x.toPrecision(6))).replace("-", "−");
  }

  // The cards

  // Let the card of a leaf be dragged sideways, and typed on. `place` gives where a field goes.
  hold(card, leaf, stage, place) {
    card.classList.add("held");
    let drag = null;
    card.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const x = this.model.get(leaf);
      drag = { from: event.clientX, x, fineness: finenessOf(x, this.model.start[this.model.places.get(leaf)]), moved: false };
      card.setPointerCapture(event.pointerId);
    });
    card.addEventListener("pointermove", (event) => {
      if (!drag) return;
      const way = event.clientX - drag.from;
      if (!drag.moved && Math.abs(way) < CLICK) return;
      drag.moved = true;
      card.classList.add("dragged");
      const fineness = drag.fineness * (event.shiftKey ? 10 : event.altKey ? 0.1 : 1);
      this.change(leaf, rounded(drag.x + way * fineness, fineness));
    });
    const end = () => {
      const clicked = drag && !drag.moved;
      drag = null;
      card.classList.remove("dragged");
      return clicked;
    };
    card.addEventListener("pointerup", () => end() && this.chosen(leaf));
    card.addEventListener("pointercancel", end);
    card.addEventListener("dblclick", () => this.type(leaf, stage, place));
    card.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        this.type(leaf, stage, place);
        event.preventDefault();
        event.stopPropagation();
      } else this.pressed(event, leaf);
    });
  }

  // A field on the card itself
  type(leaf, stage, place) {
    const field = document.createElement("input");
    const { left, top, width } = place();
    field.className = "on-card";
    field.type = "text";
    field.value = this.written(this.model.get(leaf));
    field.setAttribute("aria-label", this.word("number", { name: this.model.data.names[leaf] }));
    Object.assign(field.style, { left: `${left}px`, top: `${top}px`, width: `${width}px` });
    const back = field.getRootNode().activeElement || stage.getRootNode().activeElement;
    let done = false;
    const close = (take) => {
      if (done) return;
      done = true;
      if (take) this.typed(leaf, field);
      field.remove();
      if (back && back.isConnected) back.focus({ preventScroll: true });
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter") close(true);
      else if (event.key === "Escape") close(false);
    });
    field.addEventListener("blur", () => close(true));
    stage.append(field);
    field.focus();
    field.select();
  }
}
