// The plane of two inputs: the data points, which can be dragged, on the network's output as colour.

const SIDE = 256; // of the plane, in pixels
const QUICK = 4; // milliseconds that a picture may take while something moves
const FINE = 60; // and when it rests
const PAUSE = 180; // milliseconds without a change

// A round number that is not smaller
function roundUp(x) {
  const power = 10 ** Math.floor(Math.log10(x));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * power >= x * 0.999999) * power;
}

class Plane {
  constructor(play, parent) {
    this.play = play;
    this.points = play.network.points;
    this.output = 0;
    this.cost = 0.02; // milliseconds for a number, as far as is known
    this.free = new Set(this.points.flat());
    for (const target of Object.values(play.network.targets)) this.free.add(target);
    this.make(parent);
    this.findRange();
    this.dots = this.points.map((leaves, i) => this.makeDot(leaves, i));
    new MutationObserver(() => this.redraw()).observe(play.root, { attributes: true, attributeFilter: ["class"] });
  }

  make(parent) {
    const { play } = this;
    const { network } = play;
    const aside = document.createElement("section");
    aside.className = "aside";
    aside.innerHTML =
      `<h3></h3><div class="plane"><canvas width="${2 * SIDE}" height="${2 * SIDE}" aria-hidden="true"></canvas></div>` +
      `<div class="scale"><span></span><div class="bar"></div><span></span></div><p class="where"></p>`;
    parent.append(aside);
    this.aside = aside;
    this.plane = aside.querySelector(".plane");
    this.canvas = aside.querySelector("canvas");
    this.svg = drawn("svg", { viewBox: `0 0 ${SIDE} ${SIDE}` }, this.plane);
    this.axes = drawn("g", { "aria-hidden": "true" }, this.svg);
    this.level = drawn("path", { class: "level", "aria-hidden": "true" }, this.svg);
    if (network.outputs.length > 1) {
      const names = network.outputs.map(({ name }, i) => [String(i), name]);
      play.choice(aside, "output_choice", names, (value) => {
        this.output = Number(value);
        this.redraw();
      });
    }
    this.plane.addEventListener("pointerdown", (event) => this.grab(event));
    this.title();
  }

  get name() {
    return this.play.network.outputs[this.output].name;
  }

  get axisNames() {
    return this.points[0].map((leaf) => this.play.data.names[leaf].replace(/\(1\)$/, ""));
  }

  title() {
    const [x, y] = this.axisNames;
    const title = this.play.word("plane", { name: this.name, x, y });
    this.aside.querySelector("h3").textContent = title;
    this.aside.setAttribute("aria-label", title);
  }

  // Half the width and height: so that all points are in it, and some room is around them

  findRange() {
    const { model } = this.play;
    this.half = [0, 1].map((axis) => roundUp(Math.max(1, ...this.points.map((leaves) => 1.25 * Math.abs(finite(model.get(leaves[axis])))))));
    this.drawAxes();
  }

  fits() {
    const { model } = this.play;
    return this.points.every((leaves) => leaves.every((leaf, axis) => Math.abs(finite(model.get(leaf))) <= this.half[axis]));
  }

  drawAxes() {
    this.axes.textContent = "";
    const middle = SIDE / 2;
    drawn("path", { class: "axis", d: `M0,${middle}H${SIDE}M${middle},0V${SIDE}` }, this.axes);
    const tick = (x, y, text, anchor) => (drawn("text", { class: "tick", x, y, "text-anchor": anchor }, this.axes).textContent = text);
    const [a, b] = this.half.map(numberText);
    const [x, y] = this.axisNames;
    tick(4, middle - 4, `−${a}`, "start");
    tick(SIDE - 4, middle - 4, `${x} = ${a}`, "end");
    tick(middle + 4, 13, `${y} = ${b}`, "start");
    tick(middle + 4, SIDE - 5, `−${b}`, "start");
  }

  place(x, y) {
    return [(SIDE / 2) * (1 + x / this.half[0]), (SIDE / 2) * (1 - y / this.half[1])];
  }

  // The points

  makeDot(leaves, i) {
    const { play } = this;
    const group = drawn("g", { class: "dot", role: "slider", tabindex: "0" }, this.svg);
    drawn("circle", { class: "catch", r: 16 }, group);
    drawn("circle", { class: "spot", r: 7 }, group);
    if (this.points.length > 1) drawn("text", { x: 10, y: -8 }, group).textContent = i + 1;
    group.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (event.key === "Escape" || event.key === "Tab") return;
      event.stopPropagation();
      if (!way || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const step = event.shiftKey ? 0.2 : 0.02;
      this.move(i, leaves.map((leaf, axis) => play.model.get(leaf) + way[axis] * step * this.half[axis]));
    });
    group.addEventListener("focus", () => play.pointChoice && play.point !== null && play.point !== i && play.choosePoint(i));
    return { group, leaves };
  }

  // A single point comes to where one presses; of several the nearest is taken, if it is near
  grab(event) {
    if (event.button !== 0) return;
    const where = (it) => {
      const box = this.plane.getBoundingClientRect();
      const [u, v] = [(it.clientX - box.left) / box.width, (it.clientY - box.top) / box.height].map((z) => Math.max(0, Math.min(1, z)));
      return [(2 * u - 1) * this.half[0], (1 - 2 * v) * this.half[1]];
    };
    const [x, y] = this.place(...where(event));
    const distances = this.dots.map(({ leaves }) => {
      const [a, b] = this.place(...leaves.map((leaf) => this.play.model.get(leaf)));
      return Math.hypot(a - x, b - y);
    });
    const i = distances.indexOf(Math.min(...distances));
    if (this.dots.length > 1 && distances[i] > 24) return;
    const { group } = this.dots[i];
    event.preventDefault();
    group.focus({ preventScroll: true });
    group.classList.add("dragged");
    this.plane.setPointerCapture(event.pointerId);
    const follow = (it) => this.move(i, where(it));
    const end = () => {
      group.classList.remove("dragged");
      this.plane.removeEventListener("pointermove", follow);
    };
    if (this.dots.length === 1) follow(event);
    this.plane.addEventListener("pointermove", follow);
    this.plane.addEventListener("pointerup", end, { once: true });
    this.plane.addEventListener("pointercancel", end, { once: true });
  }

  move(i, point) {
    const { model } = this.play;
    const { leaves } = this.dots[i];
    leaves.forEach((leaf, axis) => model.set(leaf, rounded(point[axis], 10 ** Math.floor(Math.log10(this.half[axis] / 200)))));
    model.update();
    this.play.movedPoint(leaves);
  }

  // Show the points where they are, and the colours when they are others

  show() {
    if (!this.fits()) {
      this.findRange();
      this.drawnFor = null;
    }
    this.dots.forEach((dot, i) => this.showDot(dot, i));
    const where = this.play.point === null && this.dots.length > 1 ? "" : this.play.at(this.dots[this.play.point || 0].leaves);
    const line = this.aside.querySelector(".where");
    if (line.textContent !== where) line.textContent = where;
    if (this.isDrawn()) return;
    this.drawnFor = [...this.play.model.inputs];
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw(QUICK));
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.draw(FINE), PAUSE);
  }

  redraw() {
    this.drawnFor = null;
    this.title();
    this.show();
  }

  // Whether no number has changed that the colours depend on: those of the points do not count
  isDrawn() {
    const { model } = this.play;
    if (!this.drawnFor) return false;
    for (const [leaf, place] of model.places) {
      if (!Object.is(this.drawnFor[place], model.inputs[place]) && !this.free.has(leaf)) return false;
    }
    return true;
  }

  showDot({ group, leaves }, i) {
    const { play } = this;
    const { model, network, word } = play;
    const [x, y] = leaves.map((leaf) => model.get(leaf));
    const [a, b] = this.place(finite(x), finite(y)).map((z) => z.toFixed(1));
    group.setAttribute("transform", `translate(${a},${b})`);
    const { nodes, centre } = network.outputs[this.output];
    const target = network.targets[nodes[i]];
    const aim = target === undefined ? 0 : model.get(target) - centre;
    for (const [name, on] of [["pos", aim > 0], ["neg", aim < 0], ["chosen", play.point === i]]) group.classList.toggle(name, on);
    const name = this.points.length > 1 ? word("numbered", { number: i + 1 }) : word("point");
    const at = play.at(leaves);
    const aims = target === undefined ? "" : `, ${word("aims", { value: numberText(model.get(target)) })}`;
    group.setAttribute("aria-label", `${name}${aims}; ${word("point_keys")}`);
    group.setAttribute("aria-valuenow", finite(x));
    group.setAttribute("aria-valuetext", at);
  }

  // The colours

  numbers(count) {
    const { model, network } = this.play;
    const inputs = [...model.inputs];
    const [x, y] = this.points[0].map((leaf) => model.places.get(leaf));
    const out = network.outputs[this.output].nodes[0];
    const numbers = new Float64Array(count * count);
    for (let row = 0; row < count; row++) {
      inputs[y] = this.half[1] * (1 - (2 * row + 1) / count);
      for (let column = 0; column < count; column++) {
        inputs[x] = this.half[0] * ((2 * column + 1) / count - 1);
        numbers[row * count + column] = compute(inputs)[out];
      }
    }
    return numbers;
  }

  draw(budget) {
    const count = Math.max(10, Math.min(budget === QUICK ? 32 : 96, Math.floor(Math.sqrt(budget / this.cost))));
    const began = performance.now();
    const numbers = this.numbers(count);
    this.cost = Math.max(0.0005, (performance.now() - began) / count ** 2);
    const { centre } = this.play.network.outputs[this.output];
    const most = largest(numbers.map((z) => z - centre)) || 1;
    this.paint(numbers, count, centre, most);
    this.level.setAttribute("d", levelOf(numbers, count, centre, SIDE));
    const [low, high] = this.aside.querySelectorAll(".scale span");
    [low.textContent, high.textContent] = [numberText(centre - most), numberText(centre + most)];
    const colours = [-1, -0.5, 0, 0.5, 1].map((z) => `rgb(${this.colour(z)})`);
    this.aside.querySelector(".bar").style.background = `linear-gradient(to right, ${colours.join(", ")})`;
    this.resolution = count;
  }

  // Blue where it is above the centre, red where it is below, as gradients are
  colour(z) {
    const dark = this.play.root.classList.contains("dark");
    const [middle, above, below] = dark ? [[15, 23, 42], [59, 130, 246], [239, 68, 68]] : [[255, 255, 255], [59, 130, 246], [239, 68, 68]];
    const end = z > 0 ? above : below;
    const much = 0.85 * Math.min(1, Math.abs(z)) ** 0.8;
    return middle.map((x, i) => Math.round(x + much * (end[i] - x)));
  }

  paint(numbers, count, centre, most) {
    const small = document.createElement("canvas");
    small.width = small.height = count;
    const image = new ImageData(count, count);
    numbers.forEach((z, i) => {
      const colour = Number.isFinite(z) ? [...this.colour((z - centre) / most), 255] : [128, 128, 128, 160];
      image.data.set(colour, 4 * i);
    });
    small.getContext("2d").putImageData(image, 0, 0);
    const context = this.canvas.getContext("2d");
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.clearRect(0, 0, 2 * SIDE, 2 * SIDE);
    context.drawImage(small, 0, 0, 2 * SIDE, 2 * SIDE);
  }
}

const finite = (x) => (Number.isFinite(x) ? x : 0);

// Where numbers on a grid go through a level, as a path: between neighbours it is a straight line
function levelOf(numbers, count, level, side) {
  const size = side / count;
  const at = (row, column) => numbers[row * count + column] - level;
  const path = [];
  for (let row = 0; row + 1 < count; row++) {
    for (let column = 0; column + 1 < count; column++) {
      const corners = [[row, column], [row, column + 1], [row + 1, column + 1], [row + 1, column]];
      const ends = [];
      corners.forEach((corner, i) => {
        const next = corners[(i + 1) % 4];
        const [a, b] = [at(...corner), at(...next)];
        if (a > 0 === b > 0) return;
        const t = a / (a - b);
        const [v, u] = [0, 1].map((k) => (corner[k] + t * (next[k] - corner[k]) + 0.5) * size);
        ends.push(`${u.toFixed(1)},${v.toFixed(1)}`);
      });
      for (let i = 0; i + 1 < ends.length; i += 2) path.push(`M${ends[i]}L${ends[i + 1]}`);
    }
  }
  return path.join("");
}
