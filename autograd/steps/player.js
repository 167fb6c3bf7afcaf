// The player of a walk. A step changes one card, or one edge and the gradient at its tail, and is undone
// likewise; so any step is reached by going there, in either direction.

const MILLISECONDS = 1500; // a step, at speed 1

const inProduct = (text) => (text.startsWith("−") ? `(${text})` : text);

// A phrase in the language of the page, with names put in the place of the {...} in it
const sayer = (words) => (phrase, names = {}) =>
  (words[phrase] ?? phrase).replace(/\{(\w+)\}/g, (place, name) => names[name] ?? place);

class Player {
  constructor(host, data, style, image) {
    const root = host.attachShadow({ mode: "open" });
    this.say = sayer(data.words ?? {});
    root.innerHTML = pageOf(this.say);
    root.prepend(style);
    this.data = data;
    this.root = root.querySelector(".player");
    this.find = (selector) => this.root.querySelector(selector);
    this.host = host;
    this.presents = false;
    this.forward = data.names.length;
    this.takeProducts(productsOf(data));
    this.count = this.forward + 1 + this.products.length;
    this.gradients = new Map(); // of the nodes that have one by now
    this.times = new Map(); // how often was added to each
    this.index = -1;
    this.timer = null;
    this.inputs = data.names.map(() => []); // the edges that lead into each node
    this.products.forEach((product, i) => this.inputs[product.node].push(i));

    this.root.setAttribute("aria-label", this.say("Forward and backward pass of {output}, step by step", data));
    this.table = new ValueTable(this.find(".values"), data.names);
    if (image) this.makePicture(image);
    else showWithoutPicture(this.find, data.missing);
    this.makeControls();
    followTheme(this.root);
    if (host.live) this.live = host.live.of(this);
    this.go(0);
  }

  takeProducts(products) {
    this.products = products;
    this.mostGradient = Math.max(1, largest(products.map(({ after }) => after.number)));
    this.mostChange = largest(products.map(({ change }) => change.number));
  }

  writtenOf(node) {
    return this.live ? this.live.writtenOf(node) : this.data.written[node];
  }

  // What there is to see

  makePicture(image) {
    this.picture = new GraphPicture(this.find(".stage"), image, this.data);
    const { stage, svg, cards, edges } = this.picture;
    this.cards = cards;
    this.edges = edges;
    this.below = drawn("g", { "aria-hidden": "true" }, svg);
    svg.querySelector(".paper").after(this.below); // under edges and cards
    this.above = drawn("g", { class: "product", "aria-hidden": "true" }, svg);
    new ResizeObserver(() => this.fit()).observe(stage);
  }

  fit() {
    const room = this.picture.stage.clientWidth;
    if (!room) return;
    const tall = window.innerHeight || 800;
    const limit = this.presents ? 0.6 * tall : this.alone ? 0.55 * tall : Math.min(460, 0.52 * tall);
    const high = Math.max(260, Math.min(limit, 0.6 * room));
    this.find(".fit").hidden = this.picture.fit(high, this.presents || this.alone ? 2.5 : 1.5, this.showsWhole);
    this.picture.squeeze(this.picture.svg.querySelectorAll(".name, .d, .g, .op"));
    this.follow(true);
  }

  // From step to step

  go(wanted) {
    if (this.picture) this.picture.sight.finish();
    const target = Math.max(0, Math.min(this.count - 1, wanted));
    while (this.index < target) this.apply(++this.index);
    while (this.index > target) this.undo(this.index--);
    this.show();
  }

  apply(index) {
    if (index < this.forward) this.setData(index, true);
    else if (index === this.forward) this.setGradient(this.forward - 1, { number: 1, text: "1" }, 1);
    else {
      const edge = index - this.forward - 1;
      const { target, after } = this.products[edge];
      this.setGradient(target, after, 1);
      if (this.edges) this.edges[edge].group.classList.add("flowed");
    }
  }

  undo(index) {
    if (index < this.forward) this.setData(index, false);
    else if (index === this.forward) this.setGradient(this.forward - 1, { number: 0, text: "0" }, -1);
    else {
      const edge = index - this.forward - 1;
      const { target, before } = this.products[edge];
      this.setGradient(target, before, -1);
      if (this.edges) this.edges[edge].group.classList.remove("flowed");
    }
  }

  setData(node, known) {
    write(this.table.rows[node].data, known ? this.writtenOf(node) : "");
    if (!this.cards) return;
    this.cards[node].group.classList.toggle("known", known);
    for (const edge of this.inputs[node]) this.edges[edge].group.classList.toggle("recorded", known);
  }

  setGradient(node, sum, change) {
    const times = (this.times.get(node) || 0) + change;
    const text = times ? sum.text : "";
    this.times.set(node, times);
    write(this.table.rows[node].grad, text);
    if (!this.cards) return;
    const card = this.cards[node];
    card.group.classList.toggle("summed", times > 0);
    this.picture.writeNumber(card.grad, text, card.room);
    this.picture.tint(card, sum.number, this.mostGradient);
  }

  // This step with other numbers, and what is to be told, if it is not the step

  showAgain(told, faults) {
    const sums = new Map(this.index < this.forward ? [] : [[this.forward - 1, { number: 1, text: "1" }]]);
    for (let i = 0; i < this.index - this.forward; i++) sums.set(this.products[i].target, this.products[i].after);
    const nothing = { number: 0, text: "" };
    this.table.renew((node) => [node <= this.index ? this.writtenOf(node) : "", (sums.get(node) || nothing).text]);
    const product = this.products[this.index - this.forward - 1];
    write(this.find(".sentence"), told || this.sentence(product));
    this.showFormulas(this.index >= this.forward, product);
    if (!this.picture) return;
    this.picture.renew(
      (card, node) => {
        const sum = sums.get(node) || nothing;
        this.picture.writeNumber(card.data, this.writtenOf(node), card.room);
        this.picture.writeNumber(card.grad, sum.text, card.room);
        this.picture.tint(card, sum.number, this.mostGradient);
        card.group.classList.toggle("fault", faults.has(node));
      },
      (edge, i) => {
        const { local, change } = this.products[i];
        write(edge.text, local.text);
        this.picture.broaden(edge, change.number, this.mostChange);
        this.picture.colour(edge, change.number);
      },
    );
    if (product) this.showProduct(product);
  }

  // What is shown of the step at hand

  show() {
    const backward = this.index >= this.forward;
    const product = this.products[this.index - this.forward - 1];
    this.root.classList.toggle("backward", backward);
    this.find(".badge").textContent = this.say(backward ? "Backward pass" : "Forward pass");
    const place = { step: this.index + 1, steps: this.count, phase: this.say(backward ? "backward" : "forward") };
    this.find(".place").textContent = this.say("step {step} of {steps}", place);
    const sentence = this.sentence(product);
    this.find(".sentence").textContent = sentence;
    this.showFormulas(backward, product);
    const slider = this.find(".track input");
    slider.value = this.index;
    slider.setAttribute("aria-valuetext", this.say("{phase}, step {step} of {steps}", place));
    for (const name of ["first", "back"]) this.find(`.${name}`).disabled = this.index === 0;
    for (const name of ["next", "last"]) this.find(`.${name}`).disabled = this.index === this.count - 1;
    this.lit = product ? product.target : Math.min(this.index, this.forward - 1);
    this.light(product);
    this.follow(false);
  }

  sentence(product) {
    const { names, operands, output } = this.data;
    if (product) {
      const { node, target, local, upstream, change, before, after } = product;
      const phrase = this.times.get(target) === 1
        ? "From {node} back to {target}: local derivative {local} times gradient {upstream} adds {change}. " +
          "The gradient of {target} is now {after}."
        : "From {node} back to {target}: local derivative {local} times gradient {upstream} adds {change} to " +
          "{before}. The gradient of {target} is now {after}.";
      return this.say(phrase, {
        node: names[node], target: names[target], local: local.text, upstream: upstream.text,
        change: change.text, before: before.text, after: after.text,
      });
    }
    if (this.index === this.forward) {
      return this.say("Back from the result: the derivative of {output} with respect to itself is 1.", { output });
    }
    const told = { node: names[this.index], number: this.writtenOf(this.index) };
    const from = [...new Set(operands[this.index])].map((operand) => names[operand]);
    if (!from.length) return this.say("{node} is given: {number}.", told);
    const computed = { ...told, operands: from.join(this.say(" and ")) };
    const end = this.index === this.forward - 1 ? ` ${this.say("This is the result.")}` : "";
    return this.say("{node} is computed from {operands}: {number}.", computed) + end;
  }

  showFormulas(backward, product) {
    const stored = this.data.formulas[this.index];
    const formulas = (this.live && this.live.formulas(product)) || stored;
    const given = !backward && !this.data.operands[this.index].length;
    const captions = product
      ? ["Local derivative", "with numbers", "Chain rule", "with numbers"]
      : [backward ? "Start" : given ? "Given" : "Operation", "with numbers"];
    const lines = formulas.map((formula, i) => {
      if (i % 2 && formula === formulas[i - 1]) return ""; // no number to put in
      const kind = `${!backward ? "wide" : i < 2 ? "own" : "chain"}${i === formulas.length - 1 ? " result" : ""}`;
      return `<div class="${kind}"><dt>${this.say(captions[i])}</dt><dd>${formulas === stored ? formulaOf(this.data, formula) : asMath(formula)}</dd></div>`;
    });
    if (lines.join() === this.told) return;
    this.told = lines.join();
    this.find(".formulas").innerHTML = lines.join("");
  }

  light(product) {
    this.table.light(this.lit);
    if (!this.cards) return;
    for (const card of this.picture.svg.querySelectorAll(".lit, .source")) {
      card.classList.remove("lit", "source");
    }
    this.below.replaceChildren();
    this.above.replaceChildren();
    this.cards[this.lit].group.classList.add("lit");
    if (product) {
      this.cards[product.node].group.classList.add("source");
      this.lightEdge(this.edges[this.index - this.forward - 1]);
      this.showProduct(product);
    } else if (this.index < this.forward) {
      for (const edge of this.inputs[this.lit]) this.lightEdge(this.edges[edge]);
    }
  }

  lightEdge({ line }) {
    const d = line.getAttribute("d");
    drawn("path", { class: "halo", d }, this.below);
    drawn("path", { class: "pulse", d }, this.below);
  }

  showProduct({ target, node, local, upstream, change }) {
    const { text } = this.edges[this.index - this.forward - 1];
    const written = `${local.text} · ${inProduct(upstream.text)} = ${change.text}`;
    labelOn(this.picture, this.above, text, written, [target, node]);
  }

  // Bring the lit card into view where the picture is larger than its place
  follow(atOnce) {
    if (!this.cards || this.lit === undefined) return;
    const { stage, scale } = this.picture;
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = stage;
    if (scrollWidth <= clientWidth + 1 && scrollHeight <= clientHeight + 1) return;
    let [left, top, right, bottom] = this.cards[this.lit].box;
    const product = this.products[this.index - this.forward - 1];
    const other = this.cards[product ? product.node : this.lit].box;
    const [farLeft, farRight] = [Math.min(left, other[0]), Math.max(right, other[2])];
    const [farTop, farBottom] = [Math.min(top, other[1]), Math.max(bottom, other[3])];
    if (scale * (farRight - farLeft) < clientWidth) [left, right] = [farLeft, farRight];
    if (scale * (farBottom - farTop) < clientHeight) [top, bottom] = [farTop, farBottom];
    const x = Math.max(0, Math.min((scale * (left + right) - clientWidth) / 2, scrollWidth - clientWidth));
    const y = Math.max(0, Math.min((scale * (top + bottom) - clientHeight) / 2, scrollHeight - clientHeight));
    const far = Math.abs(x - stage.scrollLeft) > clientWidth || Math.abs(y - stage.scrollTop) > clientHeight;
    const still = atOnce || far || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    stage.scrollTo({ left: x, top: y, behavior: still ? "instant" : "smooth" });
  }

  // What one can do

  makeControls() {
    const on = (selector, event, does) => this.find(selector).addEventListener(event, does);
    const slider = this.find(".track input");
    slider.max = this.count - 1;
    this.find(".phases .forward").style.flexGrow = this.forward;
    this.find(".phases .backward").style.flexGrow = this.count - this.forward;
    slider.addEventListener("input", () => this.jump(Number(slider.value)));
    on(".first", "click", () => this.jump(0));
    on(".back", "click", () => this.jump(this.index - 1));
    on(".next", "click", () => this.jump(this.index + 1));
    on(".last", "click", () => this.jump(this.count - 1));
    on(".play", "click", () => this.toggle());
    on("select", "change", () => this.timer && this.schedule());
    on(".fit", "click", () => {
      this.showsWhole = !this.showsWhole;
      this.find(".fit").setAttribute("aria-pressed", this.showsWhole);
      this.fit();
    });
    on(".present", "click", () => this.present(!this.presents));
    this.root.addEventListener("keydown", (event) => this.press(event));
    // On a page of its own, and where it fills the window, keys work before anything was clicked.
    document.addEventListener("keydown", (event) => {
      if (event.target === document.body && (this.alone || this.presents)) this.press(event);
    });
  }

  // Whether there is nothing else on the page
  get alone() {
    return [...document.body.children].every((x) => x === this.host || x.matches("script, style"));
  }

  // Fill the window, in large type, or the place in the page again
  present(wanted) {
    this.presents = wanted;
    this.root.classList.toggle("presenting", wanted);
    this.find(".present").setAttribute("aria-pressed", wanted);
    if (wanted) this.find(".stage").focus({ preventScroll: true });
    if (this.picture) this.fit();
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.matches("select")) return;
    const steps = {
      ArrowLeft: this.index - 1,
      ArrowRight: this.index + 1,
      Home: 0,
      End: this.count - 1,
    };
    if (event.key in steps) this.jump(steps[event.key]);
    else if (event.key === " " && !event.target.matches("button, summary")) this.toggle();
    else if (event.key === "f" && !event.target.matches("input[type=text]")) this.present(!this.presents);
    else if (event.key === "Escape" && this.presents) this.present(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  jump(index) {
    this.stop();
    const had = this.root.getRootNode().activeElement;
    this.go(index);
    // A button that has just been disabled loses the focus, and the keys would go nowhere.
    if (had && had.disabled) this.find(".track input").focus();
  }

  toggle() {
    if (this.timer) {
      this.stop();
      return;
    }
    if (this.index === this.count - 1) this.go(0);
    this.showPlaying(true);
    this.schedule();
  }

  schedule() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.go(this.index + 1);
      if (this.index < this.count - 1 && this.root.isConnected) this.schedule();
      else this.stop();
    }, MILLISECONDS / Number(this.find("select").value));
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = null;
    this.showPlaying(false);
  }

  showPlaying(playing) {
    const play = this.find(".play");
    const label = this.say(playing ? "Pause (space)" : "Play (space)");
    play.setAttribute("aria-label", label);
    play.title = label;
    play.querySelector("path").setAttribute("d", playing ? ICONS.pause : ICONS.play);
    // Nobody can listen as fast as that.
    this.find(".sentence").setAttribute("aria-live", playing ? "off" : "polite");
  }
}

const script = document.currentScript;
const here = script && script.closest(".autograd-player");
for (const host of here ? [here] : document.querySelectorAll(".autograd-player")) {
  if (host.shadowRoot) continue;
  const data = JSON.parse(host.querySelector('script[type="application/json"]').textContent);
  new Player(host, data, host.querySelector("style"), host.querySelector("img"));
}
