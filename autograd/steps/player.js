// The player of a walk. A step changes one card, or one edge and the gradient at its tail, and is undone
// likewise; so any step is reached by going there, in either direction.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const MATH = "http://www.w3.org/1998/Math/MathML";
  const READABLE = 0.68; // of its natural size: the picture is not made smaller than this unless asked to
  const COMFORTABLE = 0.85; // the size of a picture that does not fit
  const MILLISECONDS = 1500; // a step, at speed 1

  const ICONS = {
    first: "M4 4h3v16H4zM20 4v16L8 12z",
    back: "M17 4v16L5 12z",
    play: "M6 3v18l15-9z",
    pause: "M5 4h5v16H5zM14 4h5v16h-5z",
    next: "M7 4v16l12-8z",
    last: "M17 4h3v16h-3zM4 4v16l12-8z",
    present: "M4 4h6v2.5H6.5V10H4zM14 4h6v6h-2.5V6.5H14zM4 14h2.5v3.5H10V20H4zM17.5 14H20v6h-6v-2.5h3.5z",
  };
  const button = (name, label) =>
    `<button type="button" class="${name}" aria-label="${label}" title="${label}">` +
    `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg></button>`;

  const pageOf = (say) => `
    <div class="player" role="group">
      <div class="header">
        <span class="badge"></span>
        <span class="sentence" role="status" aria-live="polite" aria-atomic="true"></span>
        <span class="place"></span>
      </div>
      <p class="missing" hidden></p>
      <div class="stage" tabindex="0" role="group" aria-label="${say("Picture of the graph")}"></div>
      <dl class="formulas" aria-label="${say("Formulas of this step")}"></dl>
      <div class="controls">
        ${button("first", say("First step (Home)"))}
        ${button("back", say("Back one step (left arrow)"))}
        ${button("play", say("Play (space)"))}
        ${button("next", say("Next step (right arrow)"))}
        ${button("last", say("Last step (End)"))}
        <div class="track">
          <input type="range" min="0" step="1" value="0" aria-label="${say("Step")}">
          <div class="phases" aria-hidden="true">
            <span class="forward">${say("forward")}</span><span class="backward">${say("backward")}</span>
          </div>
        </div>
        <label>${say("Speed")} <select>
          <option value="0.5">½×</option><option value="1" selected>1×</option>
          <option value="2">2×</option><option value="4">4×</option><option value="8">8×</option>
        </select></label>
        <button type="button" class="fit" aria-pressed="false" hidden>${say("Whole graph")}</button>
        ${button("present", say("Fill the window, in large type (f)"))}
      </div>
      <details class="leaves" hidden>
        <summary></summary>
        <div class="list"></div>
        <div class="controls"><button type="button" class="reset"></button></div>
      </details>
      <details class="values">
        <summary>${say("Table of running values")}</summary>
        <div class="scroller" tabindex="0" role="group" aria-label="${say("Table of running values")}">
          <table>
            <thead><tr><th scope="col">${say("node")}</th><th scope="col">${say("data")}</th><th scope="col">${say("gradient")}</th></tr></thead>
            <tbody></tbody>
          </table>
        </div>
      </details>
    </div>`;

  const sign = (x) => (Number.isNaN(x) ? "nan" : x > 0 ? "pos" : x < 0 ? "neg" : "zero");
  const inProduct = (text) => (text.startsWith("−") ? `(${text})` : text);

  function largest(numbers) {
    return numbers.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
  }

  function strength(x, most) {
    if (x === 0) return 0;
    return Math.abs(x) < most ? Math.sqrt(Math.abs(x) / most) : 1;
  }

  function element(name, attributes, parent) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    parent.append(made);
    return made;
  }

  // The chain-rule products, computed as backward() does. How a number is written is not decided here.
  function productsOf(data) {
    const last = data.names.length - 1;
    const gradients = data.names.map((_, i) => ({ number: i === last ? 1 : 0, text: i === last ? "1" : "0" }));
    return data.edges.map(([target, node, partial, localText, changeText, afterText]) => {
      const local = Number(partial);
      const change = local * gradients[node].number;
      const before = gradients[target];
      const after = { number: before.number + change, text: afterText };
      gradients[target] = after;
      return {
        target,
        node,
        local: { number: local, text: localText },
        upstream: gradients[node],
        change: { number: change, text: changeText },
        before,
        after,
      };
    });
  }

  // A name with an index, a name, or a number; text in it is escaped already
  function leafOf(leaf) {
    const text = leaf.slice(1);
    if (leaf[0] !== "s") return leaf[0] === "i" ? `<mi>${text}</mi>` : `<mn>${text}</mn>`;
    const [name, index] = text.split(" ");
    return `<msub><mi>${name}</mi><mn>${index}</mn></msub>`;
  }

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
      this.products = productsOf(data);
      this.count = this.forward + 1 + this.products.length;
      this.gradients = new Map(); // of the nodes that have one by now
      this.times = new Map(); // how often was added to each
      this.mostGradient = largest([1, ...this.products.map((product) => product.after.number)]);
      this.index = -1;
      this.timer = null;
      this.inputs = data.names.map(() => []); // the edges that lead into each node
      this.products.forEach((product, i) => this.inputs[product.node].push(i));

      this.root.setAttribute("aria-label", this.say("Forward and backward pass of {output}, step by step", data));
      this.makeTable();
      if (image) this.makePicture(image);
      else this.doWithoutPicture(data.missing);
      this.makeControls();
      this.followTheme();
      if (host.live) this.makeLive(host.live);
      this.go(0);
    }

    // Leaves that can be changed, where the page has the graph as a program

    makeLive(live) {
      const { model, word } = live;
      this.live = live;
      this.original = { written: this.data.written, products: this.products };
      this.root.parentNode.append(live.style);
      this.find(".leaves").hidden = false;
      this.find(".leaves summary").textContent = word("leaves");
      this.find(".reset").textContent = word("reset");
      const leaves = new live.Leaves(model, word, this.find(".list"), () => this.renew(), () => {});
      this.leaves = leaves;
      this.find(".reset").addEventListener("click", () => {
        model.reset();
        this.renew();
      });
      leaves.show();
      this.find(".values").addEventListener("toggle", () => this.changed && this.renew());
      if (!this.cards) return;
      for (const leaf of model.data.leaves) {
        const card = this.cards[leaf];
        const place = () => {
          const box = card.querySelector(".head").getBoundingClientRect();
          const around = this.stage.getBoundingClientRect();
          const [left, top] = [box.left - around.left, box.bottom - around.top];
          return { left: left + this.stage.scrollLeft, top: top + this.stage.scrollTop, width: box.width };
        };
        leaves.hold(card, leaf, this.stage, place);
      }
    }

    // Show this step with the numbers as they are now
    renew() {
      const { model, numberText } = this.live;
      this.changed = !model.inputs.every((x, place) => Object.is(x, model.start[place]));
      if (this.changed) {
        const number = (x) => ({ number: model.isWhole ? x : 0, text: model.isWhole ? numberText(x) : "—" });
        this.data.written = this.data.names.map((_, node) => model.valueText(node));
        const sums = new Float64Array(this.forward);
        sums[this.forward - 1] = 1;
        this.products = this.data.edges.map(([target, node], edge) => {
          const [before, change] = [sums[target], model.changes[edge]];
          sums[target] += change;
          const local = model.locals[edge];
          return {
            target,
            node,
            local: { number: local, text: model.known[node] ? numberText(local) : "—" },
            upstream: number(model.gradients[node]),
            change: number(change),
            before: number(before),
            after: number(sums[target]),
          };
        });
      } else {
        this.data.written = this.original.written;
        this.products = this.original.products;
      }
      this.mostGradient = largest([1, ...this.products.map((product) => product.after.number)]);
      this.renewNodes();
      this.renewEdges();
      this.leaves.show();
      const product = this.products[this.index - this.forward - 1];
      const [fault] = model.faults;
      const told = fault ? this.live.faultText(model, this.live.word, ...fault) : this.sentence(product);
      this.find(".sentence").textContent = told;
      this.showFormulas(this.index >= this.forward, product);
      if (!this.cards || !product) return;
      this.above.replaceChildren();
      this.showProduct(product, this.edges[this.index - this.forward - 1]);
    }

    renewNodes() {
      const sums = new Map();
      if (this.index >= this.forward) sums.set(this.forward - 1, { number: 1, text: "1" });
      for (const product of this.products.slice(0, Math.max(0, this.index - this.forward))) {
        sums.set(product.target, product.after);
      }
      const tabled = this.find(".values").open;
      this.data.names.forEach((_, node) => {
        const sum = sums.get(node) || { number: 0, text: "" };
        if (tabled) this.renewRow(node, sum.text);
        if (!this.cards) return;
        const card = this.partsOf(node);
        this.write(card, "d", this.data.written[node]);
        this.write(card, "g", sum.text);
        const tint = `tint ${sign(sum.number)}`;
        const opacity = (0.5 * strength(sum.number, this.mostGradient) || 0).toFixed(2);
        if (card.tint.getAttribute("class") !== tint) card.tint.setAttribute("class", tint);
        if (card.tint.getAttribute("fill-opacity") !== opacity) card.tint.setAttribute("fill-opacity", opacity);
        this.cards[node].classList.toggle("fault", this.live.model.faults.has(node));
      });
    }

    renewRow(node, gradient) {
      const [, data, grad] = this.rows[node].cells;
      data.textContent = node <= this.index ? this.data.written[node] : "";
      grad.textContent = gradient;
    }

    renewEdges() {
      if (!this.edges) return;
      const most = largest(this.products.map((product) => product.change.number));
      this.products.forEach(({ local, change }, i) => {
        const edge = this.edges[i];
        const label = edge.lastChild;
        if (label.textContent !== local.text) label.textContent = local.text;
        const kind = sign(change.number);
        if (!edge.classList.contains(kind)) {
          edge.classList.remove("pos", "neg", "zero", "nan");
          edge.classList.add(kind);
        }
        const width = (1.2 + 2.8 * (strength(change.number, most) || 0)).toFixed(1);
        if (edge.width !== width) edge.style.setProperty("--w", width);
        edge.width = width;
      });
    }

    partsOf(node) {
      this.parts = this.parts || [];
      if (!this.parts[node]) {
        const find = (selector) => this.cards[node].querySelector(selector);
        const room = Number(find(".head").getAttribute("width")) - 52;
        this.parts[node] = { d: find(".d"), g: find(".g"), tint: find(".tint"), room };
      }
      return this.parts[node];
    }

    // A number on a card, narrower where it is long; to measure each of hundreds would take a layout each
    write(card, which, text) {
      const cell = card[which];
      if (cell.textContent === text) return;
      cell.textContent = text;
      if (text.length * 7.7 > card.room) {
        cell.setAttribute("textLength", card.room);
        cell.setAttribute("lengthAdjust", "spacingAndGlyphs");
      } else if (cell.hasAttribute("textLength")) cell.removeAttribute("textLength");
    }

    // The formulas of the step, for numbers that are not those of the walk
    formulasNow(product) {
      const { model, equation } = this.live;
      const last = this.forward - 1;
      const { symbols, values, locals } = model.data;
      if (this.index === this.forward) return null;
      const at = (x) => (model.isWhole ? model.numberMath(x) : "<mtext>—</mtext>");
      if (!product) {
        const node = this.index;
        const number = model.known[node] ? model.numberMath(model.values[node]) : `<mtext>${model.valueText(node)}</mtext>`;
        if (values[node] < 0) return [equation(symbols[node], number)];
        const [names, numbers] = [false, true].map((put) => model.filled(values[node], node, put));
        return [equation(symbols[node], names), equation(symbols[node], numbers, number)];
      }
      const edge = this.index - this.forward - 1;
      const { node, target, local, upstream, before, after } = product;
      const [own, sum] = [model.derivative(node, target), model.derivative(last, target)];
      const chain = `<mrow>${own}<mo>·</mo>${model.derivative(last, node)}</mrow>`;
      const rule = (put) => (locals[edge] < 0 ? "" : model.filled(locals[edge], node, put));
      const product_ = `<mrow>${model.inProduct(local.number)}<mo>·</mo>${model.isWhole ? model.inProduct(upstream.number) : "<mtext>—</mtext>"}</mrow>`;
      return [
        equation(own, rule(false) || model.numberMath(local.number)),
        equation(own, rule(true), model.numberMath(local.number)),
        `<mrow>${sum}<mo>←</mo><mrow>${sum}<mo>+</mo>${chain}</mrow></mrow>`,
        equation(sum, `<mrow>${at(before.number)}<mo>+</mo>${product_}</mrow>`, at(after.number)),
      ];
    }

    // What there is to see

    makePicture(image) {
      const source = image.getAttribute("src");
      const text = decodeURIComponent(source.slice(source.indexOf(",") + 1));
      const picture = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
      this.stage = this.find(".stage");
      this.picture = document.importNode(picture, true);
      this.width = Number(this.picture.getAttribute("width"));
      this.height = Number(this.picture.getAttribute("height"));
      this.stage.append(this.picture);
      this.cards = this.data.names.map((_, i) => this.picture.querySelector(`#v${i}`));
      this.edges = this.products.map((_, i) => this.picture.querySelector(`#e${i}`));
      this.below = element("g", { "aria-hidden": "true" }, this.picture);
      this.picture.querySelector(".paper").after(this.below); // under edges and cards
      this.above = element("g", { class: "product", "aria-hidden": "true" }, this.picture);
      new ResizeObserver(() => this.fit()).observe(this.stage);
    }

    doWithoutPicture(why) {
      this.find(".stage").hidden = true;
      this.find(".missing").hidden = false;
      this.find(".missing").textContent = `${why[0].toUpperCase()}${why.slice(1)}.`;
      this.find(".values").open = true;
    }

    makeTable() {
      const body = this.find("tbody");
      this.rows = this.data.names.map((name) => {
        const row = body.insertRow();
        const head = document.createElement("th");
        head.scope = "row";
        head.textContent = name;
        row.append(head);
        row.insertCell();
        row.insertCell();
        return row;
      });
    }

    fit() {
      const room = this.stage.clientWidth;
      if (!room) return;
      const tall = window.innerHeight || 800;
      const limit = this.presents ? 0.6 * tall : this.alone ? 0.55 * tall : Math.min(460, 0.52 * tall);
      const high = Math.max(260, Math.min(limit, 0.6 * room));
      const whole = Math.min(room / this.width, high / this.height, this.presents || this.alone ? 2.5 : 1.5);
      const fits = whole >= READABLE;
      this.find(".fit").hidden = fits;
      const scale = fits || this.showsWhole ? whole : COMFORTABLE;
      this.stage.style.maxHeight = `${Math.ceil(high) + 16}px`;
      this.picture.setAttribute("width", Math.floor(this.width * scale));
      this.picture.setAttribute("height", Math.floor(this.height * scale));
      for (const text of this.picture.querySelectorAll(".name, .d, .g, .op")) this.squeeze(text);
      this.follow(true);
    }

    // Keep text inside its card whatever font there is
    squeeze(text) {
      const card = text.parentNode;
      const part = (name) => Number(card.querySelector(name).getAttribute("width"));
      const room = text.matches(".op") ? part(".edge") - 6 : part(".head") - (text.matches(".name") ? 14 : 52);
      text.removeAttribute("textLength");
      if (text.getComputedTextLength() > room) {
        text.setAttribute("textLength", room);
        text.setAttribute("lengthAdjust", "spacingAndGlyphs");
      }
    }

    followTheme() {
      const dark = window.matchMedia("(prefers-color-scheme: dark)");
      const choose = () => {
        const lab = document.body.dataset.jpThemeLight; // JupyterLab's own, and its exports'
        const code = document.body.dataset.vscodeThemeKind;
        const isDark = lab ? lab === "false" : code ? !code.includes("light") : dark.matches;
        this.root.classList.toggle("dark", isDark);
      };
      dark.addEventListener("change", choose);
      new MutationObserver(choose).observe(document.body, { attributes: true });
      choose();
    }

    // From step to step

    go(wanted) {
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
        if (this.edges) this.edges[edge].classList.add("flowed");
      }
    }

    undo(index) {
      if (index < this.forward) this.setData(index, false);
      else if (index === this.forward) this.setGradient(this.forward - 1, { number: 0, text: "0" }, -1);
      else {
        const edge = index - this.forward - 1;
        const { target, before } = this.products[edge];
        this.setGradient(target, before, -1);
        if (this.edges) this.edges[edge].classList.remove("flowed");
      }
    }

    setData(node, known) {
      this.rows[node].cells[1].textContent = known ? this.data.written[node] : "";
      if (!this.cards) return;
      this.cards[node].classList.toggle("known", known);
      for (const edge of this.inputs[node]) this.edges[edge].classList.toggle("recorded", known);
    }

    setGradient(node, sum, change) {
      const times = (this.times.get(node) || 0) + change;
      const text = times ? sum.text : "";
      this.times.set(node, times);
      this.rows[node].cells[2].textContent = text;
      if (!this.cards) return;
      const card = this.cards[node];
      card.classList.toggle("summed", times > 0);
      card.querySelector(".g").textContent = text;
      this.squeeze(card.querySelector(".g"));
      const tint = card.querySelector(".tint");
      tint.setAttribute("class", `tint ${sign(sum.number)}`);
      tint.setAttribute("fill-opacity", 0.5 * strength(sum.number, this.mostGradient));
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
      const { names, operands, written, output } = this.data;
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
      const told = { node: names[this.index], number: written[this.index] };
      const from = [...new Set(operands[this.index])].map((operand) => names[operand]);
      if (!from.length) return this.say("{node} is given: {number}.", told);
      const computed = { ...told, operands: from.join(this.say(" and ")) };
      const end = this.index === this.forward - 1 ? ` ${this.say("This is the result.")}` : "";
      return this.say("{node} is computed from {operands}: {number}.", computed) + end;
    }

    showFormulas(backward, product) {
      const list = this.find(".formulas");
      list.replaceChildren();
      const stored = this.data.formulas[this.index];
      const formulas = (this.changed && this.formulasNow(product)) || stored;
      const given = !backward && !this.data.operands[this.index].length;
      const captions = product
        ? ["Local derivative", "with numbers", "Chain rule", "with numbers"]
        : [backward ? "Start" : given ? "Given" : "Operation", "with numbers"];
      formulas.forEach((formula, i) => {
        if (i % 2 && formula === formulas[i - 1]) return; // no number to put in
        const line = document.createElement("div");
        const caption = document.createElement("dt");
        const cell = document.createElement("dd");
        line.className = `${!backward ? "wide" : i < 2 ? "own" : "chain"}${i === formulas.length - 1 ? " result" : ""}`;
        caption.textContent = this.say(captions[i]);
        cell.innerHTML = this.mathOf(formula, formulas !== stored);
        line.append(caption, cell);
        list.append(line);
      });
    }

    mathOf(formula, asItIs) {
      if (asItIs) return `<math xmlns="${MATH}" display="inline">${formula}</math>`;
      const [shape, ...leaves] = formula.split(" ");
      const pieces = this.data.shapes[shape].split("@");
      const inner = pieces.map((piece, i) => (i ? leafOf(this.data.leaves[leaves[i - 1]]) : "") + piece).join("");
      return `<math xmlns="${MATH}" display="inline">${inner}</math>`;
    }

    light(product) {
      for (const row of this.root.querySelectorAll("tr.lit")) row.classList.remove("lit");
      this.rows[this.lit].classList.add("lit");
      const scroller = this.find(".scroller");
      if (this.find(".values").open) {
        const row = this.rows[this.lit];
        const shown = row.offsetTop - scroller.offsetTop;
        if (shown < scroller.scrollTop + 40 || shown > scroller.scrollTop + scroller.clientHeight - 40) {
          scroller.scrollTop = shown - scroller.clientHeight / 2;
        }
      }
      if (!this.cards) return;
      for (const card of this.picture.querySelectorAll(".lit, .source")) {
        card.classList.remove("lit", "source");
      }
      this.below.replaceChildren();
      this.above.replaceChildren();
      this.cards[this.lit].classList.add("lit");
      if (product) {
        this.cards[product.node].classList.add("source");
        this.lightEdge(this.edges[this.index - this.forward - 1]);
        this.showProduct(product, this.edges[this.index - this.forward - 1]);
      } else if (this.index < this.forward) {
        for (const edge of this.inputs[this.lit]) this.lightEdge(this.edges[edge]);
      }
    }

    lightEdge(edge) {
      const d = edge.querySelector("path").getAttribute("d");
      element("path", { class: "halo", d }, this.below);
      element("path", { class: "pulse", d }, this.below);
    }

    showProduct({ target, node, local, upstream, change }, edge) {
      const label = edge.querySelector("text");
      const text = element("text", {}, this.above);
      text.textContent = `${local.text} · ${inProduct(upstream.text)} = ${change.text}`;
      const width = text.getComputedTextLength() + 16;
      const middle = Number(label.getAttribute("x"));
      const x = Math.max(2, Math.min(this.width - width - 2, middle - width / 2));
      const start = Number(label.getAttribute("y")) - 17;
      const y = this.freePlace(x, start, width, [target, node]);
      text.setAttribute("x", x + width / 2);
      text.setAttribute("y", y + 17);
      this.above.prepend(element("rect", { x, y, width, height: 24, rx: 12 }, this.above));
    }

    // The height nearest to `start` at which a label covers least of the cards, and least of all of those
    // that the step is about
    freePlace(x, start, width, about) {
      const boxes = this.cards.map((_, i) => ({ ...this.boxOf(i), weight: about.includes(i) ? 20 : 1 }));
      const covered = (y) =>
        boxes.reduce((sum, box) => {
          const wide = Math.min(x + width, box.x + box.width) - Math.max(x, box.x);
          const high = Math.min(y + 24, box.y + box.height) - Math.max(y, box.y);
          return sum + box.weight * Math.max(0, wide) * Math.max(0, high);
        }, 0);
      let best = { y: start, cost: Infinity };
      for (let away = -120; away <= 120; away += 4) {
        const y = start + away;
        if (y < 2 || y + 26 > this.height) continue;
        const cost = covered(y) + 6 * Math.abs(away);
        if (cost < best.cost) best = { y, cost };
      }
      return best.y;
    }

    // Bring the lit card into view where the picture is larger than its place
    follow(atOnce) {
      if (!this.cards || this.lit === undefined) return;
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.stage;
      if (scrollWidth <= clientWidth + 1 && scrollHeight <= clientHeight + 1) return;
      const scale = Number(this.picture.getAttribute("width")) / this.width;
      const box = this.boxOf(this.lit);
      let [left, right, top, bottom] = [box.x, box.x + box.width, box.y, box.y + box.height];
      const product = this.products[this.index - this.forward - 1];
      const other = this.boxOf(product ? product.node : this.lit);
      const [farLeft, farRight] = [Math.min(left, other.x), Math.max(right, other.x + other.width)];
      const [farTop, farBottom] = [Math.min(top, other.y), Math.max(bottom, other.y + other.height)];
      if (scale * (farRight - farLeft) < clientWidth) [left, right] = [farLeft, farRight];
      if (scale * (farBottom - farTop) < clientHeight) [top, bottom] = [farTop, farBottom];
      const x = Math.max(0, Math.min((scale * (left + right) - clientWidth) / 2, scrollWidth - clientWidth));
      const y = Math.max(0, Math.min((scale * (top + bottom) - clientHeight) / 2, scrollHeight - clientHeight));
      const far =
        Math.abs(x - this.stage.scrollLeft) > clientWidth || Math.abs(y - this.stage.scrollTop) > clientHeight;
      const still = atOnce || far || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.stage.scrollTo({ left: x, top: y, behavior: still ? "instant" : "smooth" });
    }

    boxOf(node) {
      const card = this.cards[node];
      const rect = card.querySelector(".card");
      const [x, y] = card.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
      return { x: x + Number(rect.getAttribute("x")), y, width: Number(rect.getAttribute("width")), height: 66 };
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
})();
