// How the result went down, step by step: a small curve, which tells of one training.

const MOST_STEPS = 400; // of a longer training every second one is kept, again and again

class LossCurve {
  constructor(play, parent) {
    this.play = play;
    this.box = document.createElement("figure");
    this.box.className = "curve";
    this.box.hidden = true;
    this.svg = drawn("svg", { viewBox: "0 0 256 88", role: "img" }, this.box);
    this.path = drawn("path", { class: "line", d: "" }, this.svg);
    this.dot = drawn("circle", { r: 3.5 }, this.svg);
    this.texts = [13, 84].map((y) => drawn("text", { class: "tick", x: 3, y }, this.svg));
    this.count = drawn("text", { class: "tick", x: 253, y: 13, "text-anchor": "end" }, this.svg);
    parent.append(this.box);
    this.clear();
  }

  clear() {
    this.numbers = [];
    this.stride = 1;
    this.steps = 0;
    this.box.hidden = true;
  }

  // The result before the first step, and after each
  push(number) {
    if (this.steps % this.stride === 0) this.numbers.push(number);
    this.last = number;
    this.steps += 1;
    if (this.numbers.length > MOST_STEPS) {
      this.numbers = this.numbers.filter((_, i) => i % 2 === 0);
      this.stride *= 2;
    }
    this.show();
  }

  // On a scale of powers of ten where it goes through several, as losses do
  show() {
    const shown = [...this.numbers, this.last].filter(Number.isFinite);
    if (shown.length < 3) return;
    this.box.hidden = false;
    const [low, high] = [Math.min(...shown), Math.max(...shown)];
    const scale = low > 0 && high > 30 * low ? Math.log : (x) => x;
    const [bottom, top] = [scale(low), scale(high)];
    const place = (x, step) => [
      4 + (248 * step) / Math.max(1, this.steps - 1),
      20 + (48 * (top - scale(x))) / (top - bottom || 1),
    ];
    const points = this.numbers.map((x, i) => place(x, i * this.stride));
    points.push(place(this.last, this.steps - 1));
    const finite = points.filter(([, y]) => Number.isFinite(y));
    this.path.setAttribute("d", `M${finite.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}`);
    const [x, y] = finite[finite.length - 1];
    this.dot.setAttribute("cx", x);
    this.dot.setAttribute("cy", y);
    [high, low].forEach((number, i) => (this.texts[i].textContent = numberText(number)));
    const { play } = this;
    const title = play.word("curve", { output: play.data.output, count: this.steps - 1 });
    this.count.textContent = title;
    this.svg.setAttribute("aria-label", `${title}: ${numberText(this.numbers[0])} → ${numberText(this.last)}`);
  }
}
