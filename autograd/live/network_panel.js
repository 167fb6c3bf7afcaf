// The numbers of a neuron or of a weight that was chosen: its sum, its activation, the chain rule there.

const SUMMANDS = 24; // rows of a sum, of which no more are shown

const escaped = (text) => String(text).replace(/[&<]/g, (letter) => (letter === "&" ? "&amp;" : "&lt;"));

class NetworkPanel {
  constructor(play) {
    this.play = play;
    this.shown = null; // the name of what is shown
    this.listed = []; // leaves that have rows with sliders here
  }

  get box() {
    return this.play.find(".products");
  }

  close() {
    const { rows } = this.play.leaves;
    for (const leaf of this.listed) rows.delete(leaf);
    this.listed = [];
    this.shown = null;
    this.box.textContent = "";
  }

  // Show what is called so; it is made once, and then filled with the numbers as they are
  show(name) {
    if (this.shown !== name) {
      this.close();
      this.shown = name;
      const { play } = this;
      if (name[0] === "c") this.makeCard(play.network.cards[Number(name.slice(1))]);
      else this.makeArrow(play.network.arrows[Number(name.slice(1))]);
      play.leaves.show();
    }
    this.fill();
  }

  make(title, note = "") {
    const { play, box } = this;
    const word = play.word;
    box.setAttribute("aria-label", title);
    box.innerHTML =
      `<div class="top"><strong>${escaped(title)}${note ? `<span class="aim">${escaped(note)}</span>` : ""}</strong>` +
      `<button type="button" class="close" aria-label="${word("close")}" title="${word("close")}">×</button></div>` +
      `<div class="sliders"></div><div class="parts"></div>`;
    box.querySelector(".close").addEventListener("click", () => play.select(play.selected));
    return box.querySelector(".parts");
  }

  addSlider(leaf) {
    const { leaves } = this.play;
    if (leaves.rows.has(leaf)) return; // it is among the data
    leaves.addRow(this.box.querySelector(".sliders"), leaf);
    this.listed.push(leaf);
  }

  part(parts, tag, html = "") {
    const made = document.createElement(tag);
    made.innerHTML = html;
    parts.append(made);
    return made;
  }

  lines(parts) {
    const table = this.part(parts, "table", "<tbody></tbody>");
    table.className = "maths";
    return table.firstChild;
  }

  // A neuron

  makeCard(about) {
    const { play } = this;
    const [node] = play.nodesOf(about);
    if (about.neuron === undefined) {
      this.makeNode(about.name || play.data.names[node], about.inner || play.nodesOf(about));
      return;
    }
    const neuron = play.network.neurons[about.neuron];
    const turn = play.point === null || neuron.runs.length === 1 ? 0 : play.point;
    const count = neuron.runs.length;
    const note = count > 1 ? play.word("of_point", { number: turn + 1, count }) : "";
    const parts = this.make(play.word("neuron", { name: neuron.name }), note);
    if (neuron.bias !== null) this.addSlider(neuron.bias);
    const run = neuron.runs[turn];
    const [left, right] = [this.part(parts, "div"), this.part(parts, "div")];
    const fillSum = this.makeSum(left, neuron, run);
    const fillBack = this.makeBack(right, run);
    const [forward, backward] = [this.lines(left), this.lines(right)];
    this.fill = () => {
      fillSum();
      fillBack();
      forward.innerHTML = this.forwardLines(neuron, run);
      backward.innerHTML = this.backwardLines(neuron, run);
    };
  }

  // Products that are added up, as a table: each of a name that may lead to its weight, two factors, and what they
  // give. `rows` are [leaf or null, name, name of the second factor]; the others are what stands below them.
  makeTable(parts, heads, rows, below) {
    const { play } = this;
    const { word } = play;
    const shown = rows.slice(0, SUMMANDS).map(([leaf, name, other]) => {
      const first = leaf === null ? escaped(name) : `<button type="button" data-leaf="${leaf}">${escaped(name)}</button>`;
      return `<tr><th scope="row">${first}</th><td class="fact"></td><td>·</td><td>${other}</td><td class="fact"></td><td>=</td><td class="fact"></td></tr>`;
    });
    if (rows.length > SUMMANDS) shown.push(`<tr><td colspan="7">${word("more", { count: rows.length - SUMMANDS })}</td></tr>`);
    const last = below.map((text) => `<tr><th scope="row">${text}</th><td colspan="5"></td><td class="fact"></td></tr>`);
    const table = this.part(
      parts,
      "table",
      `<caption>${heads[0]}</caption><thead><tr><th scope="col" colspan="3">${heads[1]}</th><th scope="col" colspan="2">${heads[2]}</th>` +
        `<th></th><th scope="col">${word("product_head")}</th></tr></thead><tbody>${shown.join("")}${last.slice(0, -1).join("")}</tbody>` +
        `<tfoot>${last.slice(-1).join("")}</tfoot>`,
    );
    table.className = "sum";
    for (const button of table.querySelectorAll("button")) {
      button.addEventListener("click", () => play.select(Number(button.dataset.leaf)));
    }
    const cells = [...table.querySelectorAll(".fact")];
    return (texts) => cells.forEach((cell, i) => cell.textContent !== texts[i] && (cell.textContent = texts[i]));
  }

  shortName(leaf) {
    const name = this.play.data.names[leaf];
    return name.slice(name.lastIndexOf(".") + 1);
  }

  // The sum: each weight times its input
  makeSum(parts, neuron, run) {
    const { model, data, word } = this.play;
    const rows = run.sources.map(([weight, source]) => [weight, this.shortName(weight), escaped(data.names[source])]);
    const below = [...(neuron.bias === null ? [] : [word("bias")]), word("sum_head")];
    const fill = this.makeTable(parts, [word("forward"), word("weight_head"), word("input")], rows, below);
    return () => {
      const texts = run.sources.slice(0, SUMMANDS).flatMap(([weight, source]) => {
        const product = model.known[source] ? numberText(model.values[weight] * model.values[source]) : "—";
        return [model.valueText(weight), model.valueText(source), product];
      });
      if (neuron.bias !== null) texts.push(model.valueText(neuron.bias));
      fill([...texts, model.valueText(run.sum)]);
    };
  }

  // What comes back: each weight that the output goes through, times the gradient of the sum that it goes into
  makeBack(parts, run) {
    const { model, data, word } = this.play;
    const last = model.count - 1;
    const uses = model.uses[run.out];
    if (!uses.length) return () => {};
    const rows = uses.map((edge) => {
      const [, from, operand] = data.edges[edge];
      const into = this.sumOf(from);
      const other = data.operands[from][1 - operand];
      const weight = into !== from && model.places.has(other) ? other : null;
      return [weight, data.names[weight ?? into], mathOf(model.derivative(last, into))];
    });
    const fill = this.makeTable(parts, [word("backward"), word("slope_head"), word("gradient")], rows, [word("gradient_sum")]);
    return () => {
      const texts = uses.slice(0, SUMMANDS).flatMap((edge) => {
        const [, from] = data.edges[edge];
        return model.isWhole ? [model.locals[edge], model.gradients[from], model.changes[edge]].map(numberText) : ["—", "—", "—"];
      });
      fill([...texts, model.gradientText(run.out)]);
    };
  }

  // The sum that a product is a part of, whose gradient is its own; else the node itself
  sumOf(node) {
    this.sums ??= new Map(
      this.play.network.neurons.flatMap((neuron) => neuron.runs.flatMap((run) => this.inner(run).map((inner) => [inner, run.sum]))),
    );
    return this.sums.get(node) ?? node;
  }

  row(caption, text) {
    return `<tr><th scope="row">${escaped(caption)}</th><td>${text}</td></tr>`;
  }

  // From the sum to the output, and what is the matter with it
  forwardLines(neuron, run) {
    const { play } = this;
    const { model, word } = play;
    const lines = run.after.map((node) => this.row(word("activation"), this.valueLine(node)));
    if (model.faults.has(run.out)) lines.push(this.row("", escaped(play.faultText(run.out, model.faults.get(run.out)))));
    const at = run.after.find((node) => model.stateOf(node));
    if (at !== undefined) {
      const why = { name: neuron.name, local: numberText(model.locals[model.slopes[at]]) };
      lines.push(this.row("", escaped(word(`${model.stateOf(at)}_why`, why))));
    }
    return lines.join("");
  }

  // From the gradient of the output to those of the sum and the bias
  backwardLines(neuron, run) {
    const { model, data, word } = this.play;
    if (!model.isWhole) return this.row(word("back"), escaped(word("unknown")));
    const lines = run.out === model.count - 1 ? [this.row(word("back"), escaped(word("seed", { output: data.output })))] : [];
    const chain = [...run.after.slice(0, -1).reverse(), ...(run.after.length ? [run.sum] : [])];
    for (const node of chain) lines.push(this.row(word("back"), this.chainLine(node)));
    if (neuron.bias !== null) lines.push(this.row(word("bias"), this.chainLine(neuron.bias)));
    return lines.join("");
  }

  // A node by its formula, with names and with numbers
  valueLine(node) {
    const { model, data } = this.play;
    const template = data.values[node];
    const rule = template < 0 ? [] : [model.filled(template, node, false), model.filled(template, node, true)];
    const number = model.known[node] ? model.numberMath(model.values[node]) : `<mtext>${model.valueText(node)}</mtext>`;
    return mathOf(equation(data.symbols[node], ...rule, number));
  }

  // The gradient of a node as the products that come back to it
  chainLine(node) {
    const { model, data } = this.play;
    const last = model.count - 1;
    const uses = model.uses[node];
    if (uses.length > 1) return this.equal(model.derivative(last, node), this.added(node), model.gradients[node]);
    return mathOf(equation(model.derivative(last, node), ...this.product(uses[0]), model.numberMath(model.gradients[node])));
  }

  // An edge's product, in names and in numbers; a slope of 1 is left out
  product(edge) {
    const { model, data } = this.play;
    const last = model.count - 1;
    const [, from] = data.edges[edge];
    const [slope, into] = this.factors(edge);
    const above = from === last ? "" : model.derivative(last, into);
    if (slope.includes("<mn>1</mn>") && slope.length < 30) return [above];
    return [
      above ? `<mrow>${slope}<mo>·</mo>${above}</mrow>` : slope,
      `<mrow>${model.inProduct(model.locals[edge])}<mo>·</mo>${model.inProduct(model.gradients[from])}</mrow>`,
    ];
  }

  // What an edge multiplies a gradient with, as a formula, and the node whose gradient that is. The gradient of a
  // product in a sum is that of the sum.
  factors(edge) {
    const { model, data } = this.play;
    const [, from] = data.edges[edge];
    const template = data.locals[edge];
    const slope = template < 0 ? model.numberMath(model.locals[edge]) : model.filled(template, from, false);
    const isSum = /<mo>[−+]<\/mo>/.test(slope);
    return [`<mrow>${isSum ? `<mo fence="true">(</mo>${slope}<mo fence="true">)</mo>` : slope}</mrow>`, this.sumOf(from)];
  }

  // The nodes that a sum was added up from
  inner(run) {
    const { data } = this.play;
    const found = [];
    const stack = [run.sum];
    const ends = new Set(run.sources.flat());
    while (stack.length) {
      const node = stack.pop();
      if (ends.has(node) || !data.ops[node]) continue;
      found.push(node);
      data.operands[node].forEach((x, i) => data.constant[node][i] || stack.push(x));
    }
    return found;
  }

  // The contributions to a gradient, added
  added(node) {
    const { model } = this.play;
    const terms = model.uses[node].map((edge) => model.inProduct(model.changes[edge]));
    return terms.length > 1 && terms.length <= 10 ? `<mrow>${terms.join("<mo>+</mo>")}</mrow>` : terms.length === 1 ? "" : "<mo>…</mo>";
  }

  equal(left, middle, number) {
    return mathOf(equation(left, middle, this.play.model.numberMath(number)));
  }

  // Another Value: what computed it, and its gradient; of several points each

  makeNode(title, nodes) {
    const { play } = this;
    const parts = this.make(play.word("chain", { name: title }));
    const leaves = nodes.filter((node) => play.model.places.has(node));
    leaves.forEach((leaf) => this.addSlider(leaf));
    const body = this.lines(parts);
    this.fill = () => {
      body.innerHTML = this.nodeLines(nodes);
    };
  }

  // All that is known of nodes: forward in their order, then backward
  nodeLines(nodes) {
    const { play } = this;
    const { model, data, word } = play;
    const shown = nodes.slice(0, SUMMANDS);
    const lines = shown.filter((node) => data.ops[node]).map((node) => this.row(word("forward"), this.valueLine(node)));
    for (const node of shown.filter((each) => model.faults.has(each))) {
      lines.push(this.row("", escaped(play.faultText(node, model.faults.get(node)))));
    }
    if (!model.isWhole) return [...lines, this.row(word("sum"), escaped(word("unknown")))].join("");
    for (const node of [...shown].reverse()) {
      if (node !== model.count - 1) lines.push(...this.productRows(node));
      else lines.push(this.row(word("sum"), escaped(word("seed", { output: data.output }))));
    }
    if (nodes.length > SUMMANDS) lines.push(this.row("", word("more", { count: nodes.length - SUMMANDS })));
    return lines.join("");
  }

  productRows(node) {
    const { model, data, word } = this.play;
    const last = model.count - 1;
    const uses = model.uses[node];
    const lines = uses.slice(0, SUMMANDS).map((edge) => {
      const from = data.names[this.sumOf(data.edges[edge][1])];
      return this.row(word("product", { node: from }), mathOf(equation(...this.product(edge), model.numberMath(model.changes[edge]))));
    });
    if (uses.length > SUMMANDS) lines.push(this.row("", word("more", { count: uses.length - SUMMANDS })));
    const sum = uses.length > 1 ? this.added(node) : "";
    return [...lines, this.row(word("gradient_sum"), this.equal(model.derivative(last, node), sum, model.gradients[node]))];
  }

  // An arrow: its weights with the products that meet there, or what comes back along it

  makeArrow(about) {
    const { play } = this;
    const { data, word } = play;
    const ends = { tail: play.cardName(about.tail), head: play.cardName(about.head) };
    const weights = about.weights || [];
    const title = weights.length === 1 ? word("weight", { name: data.names[weights[0]], ...ends }) : word("arrow", ends);
    const parts = this.make(title);
    weights.forEach((leaf) => this.addSlider(leaf));
    const body = this.lines(parts);
    const nodes = [...new Set((about.edges || []).map((edge) => data.edges[edge][0]))];
    this.fill = () => {
      body.innerHTML = weights.length ? weights.map((leaf) => this.weightLines(leaf)).join("") : this.nodeLines(nodes);
    };
  }

  weightLines(leaf) {
    const { play } = this;
    const { model, data, word } = play;
    const runs = play.network.neurons.flatMap((neuron) => neuron.runs).filter((run) => run.sources.some(([weight]) => weight === leaf));
    const forward = runs.slice(0, SUMMANDS).map((run, turn) => {
      const [, source] = run.sources.find(([weight]) => weight === leaf);
      const names = `<mrow>${data.symbols[leaf]}<mo>·</mo>${data.symbols[source]}</mrow>`;
      const [w, x] = [model.values[leaf], model.values[source]];
      const known = model.known[source];
      const numbers = known ? `<mrow>${model.inProduct(w)}<mo>·</mo>${model.inProduct(x)}</mrow>` : "";
      const caption = turn === 0 ? word("forward_product") : "";
      return this.row(caption, mathOf(equation(names, numbers, known ? model.numberMath(w * x) : "<mtext>—</mtext>")));
    });
    return [...forward, model.isWhole ? this.productRows(leaf).join("") : this.row(word("sum"), escaped(word("unknown")))].join("");
  }
}
