// The graph of a function that was called, which knows where the function would have gone another way: there
// it has no numbers, but those that the function would compute before.

const RELATED = {
  "<": (x, y) => x < y,
  "<=": (x, y) => x <= y,
  "==": (x, y) => x === y,
  "!=": (x, y) => x !== y,
  ">": (x, y) => x > y,
  ">=": (x, y) => x >= y,
};

class GuardedModel extends Model {
  update() {
    super.update();
    const { data, count } = this;
    this.checked = this.locals.subarray(data.edges.length); // the numbers of all checks
    this.then = this.then || this.checked.slice(); // what these were in the call
    const first = Math.min(Infinity, ...[...this.faults.keys()].map((node) => data.order[node]));
    this.stop = this.stopped(first);
    if (this.stop) {
      this.forget((node) => data.order[node] > this.stop.check.at);
      this.known[count - 1] = 0;
    } else if (this.faults.size) {
      // what has no operands in the picture, and yet was computed, in no_grad() or by detach()
      this.forget((node) => !data.ops[node] && data.order[node] > first);
    } else this.good = [...this.inputs];
  }

  // Take the numbers of some nodes, and of all that depends on them
  forget(which) {
    const { data, known } = this;
    for (let node = 0; node < this.count; node++) {
      const from = data.operands[node].filter((_, i) => !data.constant[node][i]);
      if (!which(node) && from.every((x) => known[x] || this.faults.has(x))) continue;
      known[node] = 0;
      if (which(node)) this.faults.delete(node);
    }
  }

  // The first check that does not hold, of those before an operation that has no value
  stopped(first) {
    let from = 0;
    for (const check of this.data.checks) {
      if (check.at > first) return null;
      const to = from + check.count;
      const numbers = [...this.checked.subarray(from, to)];
      const error = this.failed(check, numbers, this.then.subarray(from, to));
      if (error) return { check, numbers, error };
      from = to;
    }
    return null;
  }

  failed(check, numbers, then) {
    if (check.kind === "branch") return RELATED[check.relation](...numbers) === check.answer ? "" : "branch";
    if (check.kind === "python") return numbers.every((x, i) => Object.is(x, then[i])) ? "" : "python";
    return Number.isFinite(numbers[0]) ? "" : own_error_of(check.op, ...numbers.slice(1));
  }

  faultOf(node) {
    this.free = this.free || new Set(this.data.free);
    return this.free.has(node) ? "" : super.faultOf(node);
  }

  // An argument that is not in the graph has a name and a number, and the result does not change with it

  name(node) {
    return node < this.count ? super.name(node) : this.data.hidden[node - this.count];
  }

  gradientText(node) {
    return node < this.count || !this.isWhole ? super.gradientText(node) : "0";
  }

  trouble(word) {
    return this.stop ? stopText(this.data.function, this.stop, word) : super.trouble(word);
  }

  // Go back to the last numbers for which all are known
  goBack() {
    this.inputs = [...this.good];
    this.update();
  }
}

// Where a function goes another way, as a sentence
function stopText(name, { check, numbers, error }, word) {
  const same = numberText(numbers[0]) === numberText(numbers[1]) && numbers[0] !== numbers[1];
  const texts = numbers.map((x) => (same ? String(x).replace("-", "−") : numberText(x)));
  if (error === "python") return word("unseen_python", { name: check.name, function: name });
  if (error !== "branch") return word("unseen", { operation: `${check.op}(${texts.slice(1).join(", ")})`, error, function: name });
  const sides = check.names.map((side, i) => side || texts[i]);
  const named = check.names.flatMap((side, i) => (side ? [`${side} = ${texts[i]}`] : []));
  const truth = (answer) => (answer ? "True" : "False");
  const parts = {
    function: name,
    test: `${sides[0]} ${check.relation} ${sides[1]}`,
    now: truth(!check.answer),
    then: truth(check.answer),
    numbers: named.length ? word("numbers", { numbers: named.join(", ") }) : "",
    where: word(check.source ? "line_text" : "line", { line: check.line, place: check.function, source: check.source }),
  };
  return word("branch", parts);
}

// What the page shows of that, and the way back
class Banner {
  constructor(play) {
    this.play = play;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "back";
    this.button.textContent = play.word("back");
    this.button.hidden = true;
    this.button.addEventListener("click", () => this.goBack());
    play.find(".header").append(this.button);
    play.root.classList.add("guarded");
  }

  show() {
    const stopped = Boolean(this.play.model.stop);
    this.play.root.classList.toggle("otherwise", stopped);
    this.button.hidden = !stopped;
  }

  goBack() {
    const { play } = this;
    play.model.goBack();
    play.moved();
    play.find("button.reset").focus(); // for this button is gone
  }
}
