// A graph whose leaves can be changed: its numbers and the chain rule, as backward() does it. `compute`,
// before this, is the graph as a program, and `own_error_of` knows where Python has no number.

// Four significant digits, ties to even as Python rounds, and a minus sign rather than a hyphen
function numberText(x) {
  if (Number.isNaN(x)) return "NaN";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
  if (x === 0) return "0";
  const size = Math.abs(x);
  let [digits, exponent] = size.toExponential(3).split("e");
  if (size.toExponential(4)[5] === "5") {
    const [exact, its] = size.toExponential(60).split("e");
    // halfway: toExponential rounds up, where Python goes to the even digit
    if (/^.{5}50*$/.test(exact) && Number(exact[4]) % 2 === 0) [digits, exponent] = [exact.slice(0, 5), its];
  }
  const power = Number(exponent);
  const short = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  const plain = power >= -4 && power < 4;
  const text = plain ? short(Number(`${digits}e${power}`).toFixed(3 - power)) : `${short(digits)}e${power}`;
  return (x < 0 ? "−" : "") + text.replace("-", "−");
}

// The largest slope of each activation that flattens out, and what part of it counts as hardly any
const SLOPES = { tanh: 1, sigmoid: 0.25, logsigmoid: 1, softplus: 1, erf: 2 / Math.sqrt(Math.PI), atan: 1 };
const HARDLY = 0.05;
const DYING = new Set(["relu", "max", "clip_below"]);

class Model {
  constructor(data) {
    this.data = data;
    this.count = data.names.length;
    this.start = data.start.map(Number);
    this.inputs = [...this.start];
    this.places = new Map(data.leaves.map((leaf, place) => [leaf, place]));
    this.operands = data.operands.map((operands, node) =>
      operands.map((x, i) => (data.constant[node][i] ? () => Number(x) : () => this.values[x])),
    );
    this.uses = data.names.map(() => []); // the edges that lead back to each node
    data.edges.forEach(([target], edge) => this.uses[target].push(edge));
    this.slopes = data.names.map(() => null); // the edge of a node's own operand, for activations
    data.edges.forEach(([, node, operand], edge) => {
      if (operand === 0) this.slopes[node] = edge;
    });
    this.recorded = new Map();
    this.update();
    for (const node of data.fixed) this.recorded.set(node, this.operandsOf(node));
  }

  operandsOf(node) {
    return this.operands[node].map((operand) => operand());
  }

  get(leaf) {
    return this.inputs[this.places.get(leaf)];
  }

  set(leaf, number) {
    this.inputs[this.places.get(leaf)] = number;
  }

  reset() {
    this.inputs = [...this.start];
    this.update();
  }

  update() {
    const { data, count } = this;
    const numbers = compute(this.inputs);
    this.values = numbers.subarray(0, count);
    this.locals = numbers.subarray(count);
    this.faults = new Map(); // of nodes that have no number, the error that Python raises
    this.known = new Uint8Array(count);
    for (let node = 0; node < count; node++) {
      const from = data.operands[node].filter((_, i) => !data.constant[node][i]);
      if (!from.every((x) => this.known[x])) continue;
      const fault = this.faultOf(node);
      if (fault) this.faults.set(node, fault);
      else this.known[node] = 1;
    }
    this.gradients = new Float64Array(count);
    this.gradients[count - 1] = 1;
    this.changes = new Float64Array(data.edges.length);
    data.edges.forEach(([target, node], edge) => {
      this.changes[edge] = this.locals[edge] * this.gradients[node];
      this.gradients[target] += this.changes[edge];
    });
  }

  faultOf(node) {
    const op = this.data.ops[node];
    if (this.recorded.has(node)) {
      const then = this.recorded.get(node);
      return this.operandsOf(node).every((x, i) => Object.is(x, then[i])) ? "" : "python";
    }
    return op && !Number.isFinite(this.values[node]) ? own_error_of(op, ...this.operandsOf(node)) : "";
  }

  // Whether the result has a number, and with it all gradients
  get isWhole() {
    return this.known[this.count - 1] === 1;
  }

  get result() {
    return this.values[this.count - 1];
  }

  name(node) {
    return this.data.names[node];
  }

  // Why the result has no number, as a sentence; an empty one where it has one
  trouble(word) {
    const [fault] = this.faults;
    return fault ? faultText(this, word, ...fault) : "";
  }

  valueText(node) {
    if (this.known[node]) return numberText(this.values[node]);
    const fault = this.faults.get(node);
    return fault ? (fault === "python" ? "?" : fault) : "—";
  }

  gradientText(node) {
    return this.isWhole ? numberText(this.gradients[node]) : "—";
  }

  // What is the matter with an activation: "saturated", "dead", or nothing
  stateOf(node) {
    const edge = this.slopes[node];
    if (edge === null || !this.known[node]) return "";
    const op = this.data.ops[node];
    if (op in SLOPES) return Math.abs(this.locals[edge]) < HARDLY * SLOPES[op] ? "saturated" : "";
    const isRelu = op === "relu" || (DYING.has(op) && this.data.constant[node].some((x) => x));
    return isRelu && this.locals[edge] === 0 ? "dead" : "";
  }

  // A step of gradient descent
  descend(parameters, rate) {
    const gradients = this.gradients;
    for (const leaf of parameters) this.set(leaf, this.get(leaf) - rate * gradients[leaf]);
    this.update();
  }

  // Formulas, with names or with numbers in the places of the operands

  numberMath(x) {
    const text = numberText(x);
    return text[0] === "−" ? `<mrow><mo form="prefix">−</mo><mn>${text.slice(1)}</mn></mrow>` : `<mn>${text}</mn>`;
  }

  inProduct(x) {
    return numberText(x)[0] === "−" ? `<mrow><mo fence="true">(</mo>${this.numberMath(x)}<mo fence="true">)</mo></mrow>` : this.numberMath(x);
  }

  filled(template, node, withNumbers) {
    const text = this.data.templates[template];
    return text.replace(/<mi>([\ua840-\ua877])<\/mi>/g, (hole, letter, place) => {
      const operand = letter.charCodeAt(0) - 0xa840;
      const from = this.data.operands[node][operand];
      if (!withNumbers) return this.data.symbols[from];
      if (!this.known[from]) return "<mtext>—</mtext>";
      const x = this.operands[node][operand]();
      const alone =
        text.length === hole.length || (text.slice(0, place).endsWith("(</mo>") && /^<mo[^>]*>\)/.test(text.slice(place + hole.length)));
      return alone ? this.numberMath(x) : this.inProduct(x);
    });
  }

  derivative(above, below) {
    const d = (node) => `<mrow><mi>∂</mi>${this.data.symbols[node]}</mrow>`;
    return `<mfrac>${d(above)}${d(below)}</mfrac>`;
  }
}

// Why a node has no number, as a sentence
function faultText(model, word, node, error) {
  const name = model.data.names[node];
  if (error === "python") return word("python", { name });
  const op = model.data.ops[node];
  const [first, ...others] = model.operandsOf(node);
  const signed = (x) => (x < 0 ? `(${numberText(x)})` : numberText(x));
  const isFunction = /^[\p{L}_]/u.test(op);
  const operation = isFunction
    ? `${op}(${[first, ...others].map(numberText).join(", ")})`
    : others.map((other) => `${signed(first)} ${op} ${signed(other)}`).join("");
  return word("stops", { name, error, operation });
}

const equation = (...members) => `<mrow>${members.filter((x, i) => x && x !== members[i - 1]).join("<mo>=</mo>")}</mrow>`;
// A Chinese page would take digits and the dot of a product from its own, wider font
const mathOf = (inner) =>
  `<math xmlns="http://www.w3.org/1998/Math/MathML" lang="en" display="inline">${inner}</math>`;
const wordsOf = (words) => (name, parts = {}) => words[name].replace(/\{(\w+)\}/g, (_, part) => parts[part]);
