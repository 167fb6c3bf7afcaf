// The page of a folded network: a card a neuron, an arrow a weight. What is shown of a neuron is found in the
// numbers of its nodes, which the model has as for any other graph.

const CROWDED = 120; // arrows, of which the weaker ones fade, so that the others can be followed

class NetworkPlay extends Play {
  get network() {
    return this.data.network;
  }

  sayAll() {
    super.sayAll();
    const place = document.createElement("output");
    place.className = "place";
    this.find(".header").append(place);
    if (this.network.points.some((point) => point.length === 2)) this.say(this.word("hint_plane"));
  }

  // What there is to see

  makePicture(image) {
    this.placePicture(new StagePicture(this.find(".stage"), image));
    this.point = null; // whose numbers are shown; null for all together
    this.leafPlaces = new Map(); // where a leaf is shown: the name of its card or arrow
    this.cardPlaces = new Map(this.network.cards.map((card, i) => [card.id, i]));
    this.panel = new NetworkPanel(this);
    this.cards = this.network.cards.map((card, i) => this.networkCard(card, i));
    this.arrows = this.network.arrows.map((arrow, i) => this.networkArrow(arrow, i));
    this.picture.svg.querySelector(".arrows").classList.toggle("many", this.arrows.length > CROWDED);
    const at = (i) => this.cards[i].group.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
    this.order = this.cards.map((_, i) => i).sort((a, b) => at(a)[0] - at(b)[0] || at(a)[1] - at(b)[1]); // as it is read
    this.rove(`c${this.cards.findIndex((card) => card.about.nodes.includes(this.model.count - 1))}`);
    const frame = document.createElement("div");
    frame.className = "network";
    this.stage.replaceWith(frame);
    frame.append(this.stage);
    this.makeChoices();
    if (this.network.points.length && this.network.points.every((point) => point.length === 2)) {
      this.plane = new Plane(this, frame);
      this.curve = new LossCurve(this, this.plane.aside);
    }
    new ResizeObserver(() => this.fit()).observe(this.stage);
    this.fit();
    this.stage.scrollTop = (this.stage.scrollHeight - this.stage.clientHeight) / 2; // where its inputs are wide, on the neurons
    this.root.classList.add("networked");
  }

  // While something is dragged nothing else may move: the line above is as high as it ever was
  say(text) {
    const sentence = this.find(".sentence");
    const high = sentence.offsetHeight;
    super.say(text);
    if (sentence.offsetHeight < high) sentence.style.minHeight = `${high}px`;
  }

  networkCard(about, i) {
    const group = this.picture.svg.querySelector(`#c${i}`);
    const [node] = about.nodes;
    const isLeaf = about.nodes.length === 1 && this.model.places.has(node);
    group.classList.add("known", "summed");
    group.setAttribute("role", isLeaf ? "slider" : "button");
    const card = {
      about,
      group,
      data: group.querySelector(".d"),
      grad: group.querySelector(".g"),
      tint: group.querySelector(".tint"),
      mark: drawn("text", { class: "mark", x: 0, y: -5 }, group),
      room: group.matches(".line") ? 74 : Number(group.querySelector(".head").getAttribute("width")) - 52,
      isLeaf,
    };
    group.addEventListener("keydown", (event) => this.keyOnCard(event, i));
    group.addEventListener("focus", () => this.rove(`c${i}`));
    if (isLeaf) {
      this.leafPlaces.set(node, `c${i}`);
      this.leaves.hold(group, node, this.stage, () => this.picture.placeOnCard(group));
    } else group.addEventListener("click", () => this.select(`c${i}`));
    return card;
  }

  networkArrow(about, i) {
    const group = this.gripped(i);
    const name = `e${i}`;
    const arrow = { about, group, text: group.querySelector("text"), line: group.querySelector(".line") };
    const [leaf, more] = about.weights || [];
    arrow.single = leaf !== undefined && more === undefined ? leaf : null;
    group.setAttribute("role", arrow.single === null ? "button" : "slider");
    group.addEventListener("keydown", (event) => this.keyOnArrow(event, i));
    group.addEventListener("focus", () => this.rove(name));
    for (const weight of about.weights || []) this.leafPlaces.set(weight, name);
    if (arrow.single === null) group.addEventListener("click", () => this.select(name));
    else this.leaves.hold(group, leaf, this.stage, () => this.placeOnArrow(group));
    return arrow;
  }

  // Where a field goes that stands for a weight
  placeOnArrow(group) {
    const box = group.querySelector(".line").getBoundingClientRect();
    const around = this.stage.getBoundingClientRect();
    const [x, y] = [(box.left + box.right) / 2 - around.left, (box.top + box.bottom) / 2 - around.top];
    return { left: x - 55 + this.stage.scrollLeft, top: y - 13 + this.stage.scrollTop, width: 110 };
  }

  makeChoices() {
    const { points, arrows } = this.network;
    const controls = this.find(".controls");
    if (arrows.some((arrow) => arrow.weights)) {
      const names = [["gradient", this.word("by_gradient")], ["weight", this.word("by_weight")]];
      this.shows = this.choice(controls, "arrows", names, () => this.show());
    }
    if (points.length > 1) {
      const names = [["", this.word("all_points", { count: points.length })]];
      points.forEach((_, i) => names.push([String(i), this.word("one_point", { number: i + 1 })]));
      this.pointChoice = this.choice(controls, "points", names, (value) => this.choosePoint(value === "" ? null : Number(value)));
    }
  }

  choice(parent, name, options, chosen) {
    const label = document.createElement("label");
    label.className = `choice ${name}`;
    label.append(this.word(name));
    const select = document.createElement("select");
    for (const [value, text] of options) select.add(new Option(text, value));
    select.addEventListener("change", () => chosen(select.value));
    select.addEventListener("keydown", (event) => event.stopPropagation());
    label.append(select);
    parent.append(label);
    return select;
  }

  choosePoint(point) {
    this.point = point;
    if (this.pointChoice) this.pointChoice.value = point === null ? "" : String(point);
    this.panel.shown = null; // its rows are other ones
    this.show();
  }

  // All weights and biases, in the order of their names
  makeTable() {
    const { names, leaves } = this.data;
    this.tabled = [...leaves].sort((a, b) => names[a].localeCompare(names[b], "en", { numeric: true }));
    return new ValueTable(this.find(".values"), this.tabled.map((leaf) => names[leaf]));
  }

  // Show the numbers as they are

  show() {
    const { model } = this;
    const place = this.find(".place");
    const result = `${this.data.output} = ${model.valueText(model.count - 1)}`;
    if (place.textContent !== result) place.textContent = result;
    this.table.renew((row) => [model.valueText(this.tabled[row]), model.gradientText(this.tabled[row])]);
    if (this.cards) {
      const numbers = this.cards.map((card) => this.numbersOf(card.about));
      const most = largest(numbers.map(([, gradient]) => gradient));
      this.cards.forEach((card, i) => this.showNetworkCard(card, ...numbers[i], most));
      this.showArrows();
    }
    this.leaves.show();
    if (this.cards && this.selected !== null) this.panel.show(this.selected);
    if (this.plane) this.plane.show();
  }

  // The nodes of a card that count: those of the point that is chosen, or of all
  nodesOf(about) {
    const { nodes } = about;
    return this.point !== null && nodes.length === this.network.points.length && nodes.length > 1 ? [nodes[this.point]] : nodes;
  }

  // Of several points the mean of the values and the sum of the gradients, as `draw` shows them
  numbersOf(about) {
    const { model } = this;
    const nodes = this.nodesOf(about);
    let [value, gradient] = [0, 0];
    for (const node of nodes) {
      value += model.values[node];
      gradient += model.isWhole ? model.gradients[node] : NaN;
    }
    return [value / nodes.length, gradient, nodes];
  }

  showNetworkCard(card, value, gradient, nodes, most) {
    const { model, word } = this;
    const bad = nodes.find((node) => !model.known[node]);
    const texts = bad === undefined ? numberText(value) : model.valueText(bad);
    const written = model.isWhole ? numberText(gradient) : "—";
    const state = bad === undefined ? this.stateOf(card, nodes) : model.faults.has(bad) ? "fault" : "lost";
    this.picture.tint(card, model.isWhole ? gradient : 0, most);
    const said = `${texts} ${written} ${state}`;
    if (card.said === said) return;
    card.said = said;
    this.picture.writeNumber(card.data, texts, card.room);
    if (card.grad) this.picture.writeNumber(card.grad, written, card.room);
    const marked = state === "saturated" || state === "dead";
    const name = card.about.name || this.data.names[nodes[0]];
    const parts = [word("card", { name, value: texts, gradient: written }), ...(marked ? [word(state)] : [])];
    const keys = card.isLeaf ? word("keys") : card.about.neuron === undefined ? "" : word("neuron_keys");
    card.group.setAttribute("aria-label", `${parts.join(", ")}${keys ? `; ${keys}` : ""}`);
    if (card.isLeaf) this.sayNumber(card.group, value, texts);
    if (card.state === state) return;
    card.state = state;
    for (const each of ["fault", "lost", "saturated", "dead"]) card.group.classList.toggle(each, state === each);
    card.mark.textContent = marked && card.grad ? word(state) : "";
  }

  sayNumber(group, value, text) {
    group.setAttribute("aria-valuenow", Number.isFinite(value) ? value : 0);
    group.setAttribute("aria-valuetext", text);
  }

  // A neuron is saturated or dead where it is so for all of its points
  stateOf(card, nodes) {
    const { about } = card;
    if (about.neuron === undefined) return nodes.length === 1 ? this.model.stateOf(nodes[0]) : "";
    const states = new Set(nodes.map((out) => this.stateOfRun(this.network.neurons[about.neuron].runs.find((run) => run.out === out))));
    return states.size === 1 ? [...states][0] : "";
  }

  stateOfRun(run) {
    return run.after.map((node) => this.model.stateOf(node)).find((state) => state) || "";
  }

  // Arrows

  showArrows() {
    const { model } = this;
    const byWeight = this.shows && this.shows.value === "weight";
    const flows = this.arrows.map(({ about }) => {
      if (about.weights && byWeight) return about.weights.reduce((sum, leaf) => sum + model.values[leaf], 0);
      if (!model.isWhole) return 0;
      if (about.weights) return about.weights.reduce((sum, leaf) => sum + model.gradients[leaf], 0);
      return about.edges.reduce((sum, edge) => sum + model.changes[edge], 0);
    });
    const most = [true, false].map((weights) => largest(flows.filter((_, i) => weights === Boolean(this.arrows[i].about.weights))));
    this.arrows.forEach((arrow, i) => this.showArrow(arrow, i, flows[i], most[arrow.about.weights ? 0 : 1]));
  }

  showArrow(arrow, i, flow, most) {
    const crowded = arrow.about.weights && this.arrows.length > CROWDED;
    const root = strengthOf(flow, most);
    const strength = crowded ? root * root : root;
    const width = (0.7 + 2.8 * strength).toFixed(1);
    const opacity = crowded ? (0.22 + 0.78 * strength).toFixed(2) : "1";
    if (arrow.width !== width || arrow.opacity !== opacity) {
      Object.assign(arrow, { width, opacity });
      arrow.group.style.setProperty("--w", width);
      arrow.group.style.setProperty("--o", opacity);
    }
    const classes = `e recorded flowed ${signOf(flow)}${arrow.single === null ? "" : " held"}`;
    const lit = this.selected === `e${i}` ? " lit" : this.selected === `c${this.cardPlaces.get(arrow.about.head)}` ? " from" : "";
    const dragged = arrow.group.classList.contains("dragged") ? " dragged" : "";
    if (arrow.classes !== classes + lit + dragged) {
      arrow.classes = classes + lit + dragged;
      arrow.group.setAttribute("class", arrow.classes);
    }
    this.nameArrow(arrow);
  }

  nameArrow(arrow) {
    const { model, data } = this;
    if (arrow.text) {
      const [edge] = arrow.about.edges;
      const text = model.known[data.edges[edge][1]] ? numberText(model.locals[edge]) : "";
      if (arrow.text.textContent !== text) arrow.text.textContent = text;
    }
    const leaf = arrow.single;
    const said = leaf === null ? "" : `${model.valueText(leaf)} ${model.gradientText(leaf)}`;
    if (arrow.said === said) return;
    arrow.said = said;
    const ends = { tail: this.cardName(arrow.about.tail), head: this.cardName(arrow.about.head) };
    if (leaf === null) {
      arrow.group.setAttribute("aria-label", this.word("arrow", ends));
      return;
    }
    const parts = { name: data.names[leaf], value: model.valueText(leaf), gradient: model.gradientText(leaf), ...ends };
    arrow.group.setAttribute("aria-label", `${this.word("weight_card", parts)}; ${this.word("weight_keys")}`);
    this.sayNumber(arrow.group, model.values[leaf], model.valueText(leaf));
  }

  cardName(id) {
    const card = this.network.cards[this.cardPlaces.get(id)];
    return card.name || this.data.names[card.nodes[0]];
  }

  // What is chosen: "c3" for a card, "e5" for an arrow; a leaf is shown where it is

  select(what) {
    const name = typeof what === "number" ? this.leafPlaces.get(what) : what;
    if (name === undefined || !this.cards) return;
    const same = this.selected === name;
    const light = (chosen, lit) => {
      if (chosen && chosen[0] === "c") this.cards[Number(chosen.slice(1))].group.classList.toggle("lit", lit);
    };
    light(this.selected, false);
    this.selected = same ? null : name;
    light(this.selected, true);
    this.find(".products").hidden = same;
    if (same) this.panel.close();
    this.show();
  }

  // Keys: left and right lead from card to card, up and down from a neuron to its weights

  get focusable() {
    return [...this.cards.map((card) => card.group), ...this.arrows.map((arrow) => arrow.group)];
  }

  rove(name) {
    for (const group of this.focusable || []) group.setAttribute("tabindex", group.id === name ? "0" : "-1");
  }

  keyOnCard(event, i) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const { isLeaf, about } = this.cards[i];
    const last = this.cards.length - 1;
    const at = this.order.indexOf(i);
    const next = { ArrowLeft: Math.max(0, at - 1), ArrowRight: Math.min(last, at + 1), Home: 0, End: last }[event.key];
    const into = this.arrows.filter((arrow) => arrow.about.head === about.id);
    if (next !== undefined) this.cards[this.order[next]].group.focus();
    else if (event.key === " " || (event.key === "Enter" && !isLeaf)) this.select(`c${i}`);
    else if (!isLeaf && into.length && event.key === "ArrowUp") into[into.length - 1].group.focus();
    else if (!isLeaf && into.length && event.key === "ArrowDown") into[0].group.focus();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  keyOnArrow(event, i) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const { about, single } = this.arrows[i];
    const into = this.arrows.filter((arrow) => arrow.about.head === about.head);
    const at = into.indexOf(this.arrows[i]);
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      const next = into[at + step];
      (next || this.cards[this.cardPlaces.get(about.head)]).group.focus();
    } else if (event.key === " " || (event.key === "Enter" && single === null)) this.select(`e${i}`);
    else if (event.key === "Escape" && this.selected === null) this.cards[this.cardPlaces.get(about.head)].group.focus();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // The curve tells of steps that follow one another, so it begins anew when a number is changed by hand

  descend() {
    const before = this.steps === 0 ? this.model.result : null;
    const goesOn = super.descend();
    if (this.curve && this.steps > 0) {
      if (before !== null) {
        this.curve.clear();
        this.curve.push(before);
      }
      this.curve.push(this.model.result);
    }
    return goesOn;
  }

  reset() {
    super.reset();
    if (this.curve) this.curve.clear();
  }

  // A data point was moved
  movedPoint(leaves) {
    const { model, data } = this;
    this.steps = 0;
    this.show();
    const [fault] = model.faults;
    const parts = { at: this.at(leaves), output: data.output, result: numberText(model.result) };
    this.say(fault ? this.faultText(...fault) : this.word("moved_point", parts));
    this.keepAddress();
  }

  at([x, y]) {
    const { model, data } = this;
    return this.word("at", { x: data.names[x], a: numberText(model.get(x)), y: data.names[y], b: numberText(model.get(y)) });
  }
}
