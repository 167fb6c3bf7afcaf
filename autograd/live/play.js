// The page of a graph to play with: what is shown of a model, and what one can do.

const PACE = 60; // milliseconds from step to step of a training
const ROWS = 60; // of products: no more are shown at a time

const PAGE = (word) => `
  <div class="player live" role="group">
    <div class="header">
      <span class="badge"></span>
      <span class="sentence" role="status" aria-live="polite" aria-atomic="true"></span>
    </div>
    <p class="missing" hidden></p>
    <div class="stage"></div>
    <section class="products" hidden></section>
    <div class="controls">
      <button type="button" class="step"></button>
      <button type="button" class="train" aria-pressed="false"></button>
      <label class="rate"><span></span>
        <input type="range" min="-4" max="1" step="0.05" value="-1"><output></output></label>
      <button type="button" class="reset"></button>
      <button type="button" class="fit" aria-pressed="false" hidden></button>
    </div>
    <details class="leaves" open><summary></summary><div class="list"></div></details>
    <details class="values"><summary></summary>
      <div class="scroller" tabindex="0" role="group"><table>
        <thead><tr><th scope="col"></th><th scope="col"></th><th scope="col"></th></tr></thead><tbody></tbody>
      </table></div>
    </details>
  </div>`;

class Play {
  constructor(host, data, style, image) {
    const root = host.attachShadow({ mode: "open" });
    this.word = wordsOf(data.words);
    root.innerHTML = PAGE(this.word);
    root.prepend(style);
    this.data = data;
    this.host = host;
    this.root = root.querySelector(".player");
    this.root.lang = data.lang;
    this.find = (selector) => this.root.querySelector(selector);
    this.model = data.checks ? new GuardedModel(data) : new Model(data);
    this.steps = 0;
    this.timer = null;
    this.selected = null; // the node whose products are shown, and the edge among them
    this.edge = null;
    this.sayAll();
    this.leaves = new Leaves(this.model, this.word, this.find(".list"), (leaf) => this.moved(leaf), (node) => this.select(node), (text) => this.say(text));
    this.table = this.makeTable();
    if (image) this.makePicture(image);
    else showWithoutPicture(this.find, data.missing);
    this.makeControls();
    this.banner = data.checks ? new Banner(this) : null;
    followTheme(this.root);
    this.readAddress();
    this.show();
    if (!this.model.isWhole) this.tell();
  }

  sayAll() {
    const { word, data } = this;
    const say = (selector, name, parts) => (this.find(selector).textContent = word(name, parts));
    this.root.setAttribute("aria-label", data.words.label);
    say(".badge", "live");
    say(".sentence", "hint");
    say("button.step", "step");
    say("button.train", "train");
    say("button.reset", "reset");
    say("button.fit", "whole");
    say(".rate span", "rate");
    say(".leaves summary", "leaves");
    say(".values summary", "table");
    this.find(".stage").setAttribute("aria-label", word("picture"));
    this.find(".scroller").setAttribute("aria-label", word("table"));
    const names = data.parameters.map((node) => data.names[node]);
    this.find("button.step").title = word("moves", { names: names.slice(0, 12).join(", ") + (names.length > 12 ? ", …" : "") });
    ["node", "data", "gradient"].forEach((name, i) => (this.root.querySelectorAll("thead th")[i].textContent = word(name)));
  }

  // What there is to see

  makePicture(image) {
    this.placePicture(new GraphPicture(this.find(".stage"), image, this.data));
    const { stage, cards, edges } = this.picture;
    this.cards = cards;
    this.edges = edges;
    cards.forEach((card, node) => this.makeCard(card, node));
    edges.forEach((_, edge) => this.gripped(edge).addEventListener("click", () => this.select(this.data.edges[edge][0], edge)));
    cards[cards.length - 1].group.setAttribute("tabindex", "0");
    new ResizeObserver(() => this.fit()).observe(stage);
    this.fit();
    stage.scrollTop = Math.max(0, (cards[0].box[1] + 33) * this.picture.scale - stage.clientHeight / 2);
  }

  makeTable() {
    return new ValueTable(this.find(".values"), this.data.names);
  }

  placePicture(picture) {
    this.picture = picture;
    this.stage = picture.stage;
    picture.svg.setAttribute("role", "group");
    const [data, grad] = picture.svg.querySelectorAll("#captions text");
    [data.textContent, grad.textContent] = [this.word("data_caption"), this.word("grad_caption")];
  }

  // An arrow that is easier to hit than its line
  gripped(edge) {
    const group = this.picture.svg.querySelector(`#e${edge}`);
    group.setAttribute("tabindex", "-1");
    const wide = drawn("path", { class: "grip", d: group.querySelector("path").getAttribute("d") }, group);
    group.prepend(wide);
    return group;
  }

  makeCard(card, node) {
    const { group } = card;
    const isLeaf = this.model.places.has(node);
    group.classList.add("known", "summed");
    group.setAttribute("tabindex", "-1");
    group.setAttribute("role", isLeaf ? "slider" : "button");
    card.mark = drawn("text", { class: "mark", x: 0, y: -5 }, group);
    group.addEventListener("keydown", (event) => this.walkCards(event, node));
    group.addEventListener("focus", () => this.rove(node));
    if (!isLeaf) group.addEventListener("click", () => this.select(node));
    else this.leaves.hold(group, node, this.stage, () => this.picture.placeOnCard(card.group));
  }

  fit() {
    if (!this.stage.clientWidth) return;
    const high = Math.max(260, Math.min(560, 0.6 * (window.innerHeight || 800)));
    this.find(".fit").hidden = this.picture.fit(high, 1.5, this.showsWhole);
    this.picture.squeeze(this.picture.svg.querySelectorAll(".name, .op")); // the text that does not change
  }

  // Show the numbers as they are; what has not changed is not touched

  show() {
    const { model, table, picture } = this;
    const mostGradient = model.isWhole ? largest(model.gradients) : 0;
    const mostChange = model.isWhole ? largest(model.changes) : 0;
    table.renew((node) => [model.valueText(node), model.gradientText(node)]);
    if (picture) {
      picture.renew(
        (card, node) => this.showCard(card, node, mostGradient),
        (edge, i) => this.showEdge(edge, i, mostChange),
      );
    }
    this.leaves.show();
    if (this.banner) this.banner.show();
    if (this.selected !== null) this.showProducts();
  }

  showCard(card, node, most) {
    const { model, picture } = this;
    const [value, gradient] = [model.valueText(node), model.gradientText(node)];
    const state = model.faults.has(node) ? "fault" : model.known[node] ? model.stateOf(node) : "lost";
    const said = `${value} ${gradient} ${state}`;
    picture.tint(card, model.isWhole ? model.gradients[node] : 0, most);
    if (card.said === said) return;
    card.said = said;
    picture.writeNumber(card.data, value, card.room);
    picture.writeNumber(card.grad, gradient, card.room);
    const label = this.word("card", { name: this.data.names[node], value, gradient });
    const told = state === "saturated" || state === "dead" ? `${label}, ${this.word(state)}` : label;
    card.group.setAttribute("aria-label", model.places.has(node) ? `${label}; ${this.word("keys")}` : told);
    if (model.places.has(node)) {
      card.group.setAttribute("aria-valuenow", Number.isFinite(model.values[node]) ? model.values[node] : 0);
      card.group.setAttribute("aria-valuetext", value);
    }
    if (card.state === state) return;
    card.state = state;
    for (const each of ["fault", "lost", "saturated", "dead"]) card.group.classList.toggle(each, state === each);
    card.mark.textContent = state === "saturated" || state === "dead" ? this.word(state) : "";
  }

  showEdge(edge, i, most) {
    const { model, picture } = this;
    const whole = model.isWhole;
    write(edge.text, model.known[this.data.edges[i][1]] ? numberText(model.locals[i]) : "");
    const change = whole ? model.changes[i] : 0;
    picture.broaden(edge, change, most);
    const classes = `e recorded ${whole ? "flowed " : ""}${signOf(change)}${this.edge === i ? " lit" : ""}`;
    if (edge.classes !== classes) {
      edge.classes = classes;
      edge.group.setAttribute("class", classes);
    }
  }

  // What is told

  moved(leaf) {
    this.steps = 0;
    this.show();
    this.tell(leaf);
    this.keepAddress();
  }

  tell(leaf) {
    const { model, data } = this;
    const trouble = model.trouble(this.word);
    if (trouble) this.say(trouble);
    else {
      const value = leaf === undefined ? model.result : model.get(leaf);
      const node = leaf === undefined ? data.names.length - 1 : leaf;
      const parts = { name: model.name(node), value: numberText(value), output: data.output, result: numberText(model.result) };
      this.say(this.word(node === data.names.length - 1 ? "result" : "changed", parts));
    }
  }

  faultText(node, error) {
    return faultText(this.model, this.word, node, error);
  }

  say(text) {
    const sentence = this.find(".sentence");
    if (sentence.textContent !== text) sentence.textContent = text;
  }

  // The chain rule at a node

  select(node, edge = null) {
    const same = this.selected === node && this.edge === edge;
    if (this.cards && this.selected !== null) this.cards[this.selected].group.classList.remove("lit");
    this.selected = same ? null : node;
    this.edge = same ? null : edge;
    this.find(".products").hidden = same;
    if (this.cards && !same) this.cards[node].group.classList.add("lit");
    this.show();
  }

  showProducts() {
    const { model, data, word } = this;
    const node = this.selected;
    const name = data.names[node];
    const box = this.find(".products");
    const [template, symbol] = [data.values[node], data.symbols[node]];
    const last = data.names.length - 1;
    const lines = [];
    const line = (caption, text, lit) => lines.push(`<tr${lit ? ' class="lit"' : ""}><th scope="row">${caption}</th><td>${text}</td></tr>`);
    const escaped = (text) => text.replace(/[&<]/g, (letter) => (letter === "&" ? "&amp;" : "&lt;"));
    const number = model.known[node] ? model.numberMath(model.values[node]) : `<mtext>${model.valueText(node)}</mtext>`;
    const rule = template < 0 ? [] : [model.filled(template, node, false), model.filled(template, node, true)];
    line(word("forward"), mathOf(equation(symbol, ...rule, number)));
    if (model.faults.has(node)) line("", escaped(this.faultText(node, model.faults.get(node))));
    if (!model.isWhole) line(word("sum"), word("unknown"));
    else if (node === last) line(word("sum"), escaped(word("seed", { output: data.output })));
    else this.productLines(node, last, line);
    const state = model.stateOf(node);
    if (state) line("", escaped(word(`${state}_why`, { name, local: numberText(model.locals[model.slopes[node]]) })));
    const html =
      `<div class="top"><strong>${escaped(word("chain", { name }))}</strong>` +
      `<button type="button" class="close" aria-label="${word("close")}" title="${word("close")}">×</button></div>` +
      `<div class="sums" tabindex="0"><table><tbody>${lines.join("")}</tbody></table></div>`;
    if (box.firstChild && this.shownFor === node) box.querySelector("tbody").innerHTML = lines.join("");
    else {
      box.innerHTML = html;
      box.setAttribute("aria-label", word("chain", { name }));
      box.querySelector(".close").addEventListener("click", () => this.select(this.selected, this.edge));
    }
    this.shownFor = node;
  }

  productLines(node, last, line) {
    const { model, data, word } = this;
    const uses = model.uses[node];
    let sum = 0;
    const terms = [];
    uses.forEach((edge, i) => {
      const [, from] = data.edges[edge];
      const [local, upstream] = [model.locals[edge], model.gradients[from]];
      sum += model.changes[edge];
      terms.push(model.inProduct(model.changes[edge]));
      if (i >= ROWS) return;
      const template = data.locals[edge];
      const rule = template < 0 ? [] : [model.filled(template, from, false)];
      const slope = equation(model.derivative(from, node), ...rule, model.numberMath(local));
      const product = equation(
        `<mrow>${model.derivative(from, node)}<mo>·</mo>${model.derivative(last, from)}</mrow>`,
        `<mrow>${model.inProduct(local)}<mo>·</mo>${model.inProduct(upstream)}</mrow>`,
        model.numberMath(model.changes[edge]),
      );
      const caption = word("product", { node: data.names[from] }).replace(/[&<]/g, (x) => (x === "&" ? "&amp;" : "&lt;"));
      line(caption, `${mathOf(slope)}<span class="times">${mathOf(product)}</span>`, edge === this.edge);
    });
    if (uses.length > ROWS) line("", "…");
    const added = terms.length > 1 && terms.length <= 12 ? `<mrow>${terms.join("<mo>+</mo>")}</mrow>` : "";
    line(word("total"), mathOf(equation(model.derivative(last, node), added, model.numberMath(sum))));
  }

  // What one can do

  makeControls() {
    const on = (selector, event, does) => this.find(selector).addEventListener(event, does);
    on("button.step", "click", () => {
      this.stop();
      this.descend();
    });
    on("button.train", "click", () => (this.timer ? this.stop() : this.train()));
    on("button.reset", "click", () => this.reset());
    on(".values", "toggle", () => this.show());
    on(".rate input", "input", () => {
      this.showRate();
      this.keepAddress();
    });
    on(".fit", "click", () => {
      this.showsWhole = !this.showsWhole;
      this.find(".fit").setAttribute("aria-pressed", this.showsWhole);
      this.fit();
    });
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.selected === null) return;
      this.select(this.selected, this.edge);
      event.stopPropagation();
    });
    this.showRate();
  }

  get rate() {
    return Number((10 ** Number(this.find(".rate input").value)).toPrecision(2));
  }

  showRate() {
    this.find(".rate output").textContent = numberText(this.rate);
    this.find(".rate input").setAttribute("aria-valuetext", numberText(this.rate));
  }

  // A step; says whether there may be another one
  descend() {
    const { model, data } = this;
    if (!model.isWhole) {
      this.tell();
      return false;
    }
    const before = model.result;
    model.descend(data.parameters, this.rate);
    this.steps += 1;
    this.show();
    this.keepAddress();
    const finite = model.isWhole && Number.isFinite(model.result) && model.inputs.every(Number.isFinite);
    const parts = { count: this.steps, output: data.output, result: numberText(model.result) };
    if (!finite) this.say(model.trouble(this.word) || this.word("diverged", parts));
    else this.say(this.word(model.result > before ? "grows" : "steps", parts));
    return finite;
  }

  train() {
    const next = () => {
      if (!this.descend() || !this.root.isConnected) this.stop();
      else this.timer = setTimeout(next, PACE);
    };
    this.showTraining(true);
    this.timer = setTimeout(next, 0);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.showTraining(false);
  }

  showTraining(training) {
    const button = this.find("button.train");
    button.textContent = this.word(training ? "pause" : "train");
    button.setAttribute("aria-pressed", training);
    this.find(".sentence").setAttribute("aria-live", training ? "off" : "polite"); // nobody listens as fast
  }

  reset() {
    this.stop();
    this.steps = 0;
    this.model.reset();
    this.show();
    this.tell();
    this.keepAddress();
  }

  // The picture is one stop of the tab key; arrows lead from card to card

  rove(node) {
    this.cards.forEach((card, i) => card.group.setAttribute("tabindex", i === node ? "0" : "-1"));
  }

  walkCards(event, node) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const isLeaf = this.model.places.has(node);
    const next = { ArrowLeft: node - 1, ArrowRight: node + 1, Home: 0, End: this.cards.length - 1 }[event.key];
    if (next !== undefined) this.cards[Math.max(0, Math.min(this.cards.length - 1, next))].group.focus();
    else if (event.key === " " || (event.key === "Enter" && !isLeaf)) this.select(node);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The address of the page keeps what was changed, where it is the whole page

  keepAddress() {
    if (!this.data.alone) return;
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => {
      const { model } = this;
      const parts = [...model.places]
        .filter(([, place]) => !Object.is(model.inputs[place], model.start[place]))
        .map(([leaf, place]) => `v${leaf}=${model.inputs[place]}`);
      if (this.rate !== 0.1) parts.push(`rate=${this.rate}`);
      history.replaceState(null, "", `#${parts.join("&")}`);
    }, 150);
  }

  readAddress() {
    if (!this.data.alone) return;
    const read = () => {
      const { model } = this;
      model.inputs = [...model.start];
      for (const part of location.hash.slice(1).split("&")) {
        const [name, text] = part.split("=");
        const number = parsed(text || "");
        if (Number.isNaN(number) && text !== "NaN") continue;
        if (name === "rate" && number > 0) this.find(".rate input").value = Math.log10(number);
        else if (/^v\d+$/.test(name) && model.places.has(Number(name.slice(1)))) model.set(Number(name.slice(1)), number);
      }
      model.update();
      this.showRate();
    };
    window.addEventListener("hashchange", () => {
      read();
      this.show();
      this.tell();
    });
    if (location.hash.length > 1) read();
  }
}
