// A training as it goes: the curve of its loss, and what is predicted all over the plane, on canvases.

const GRAIN = 150; // pixels of the plane, in each direction

// A number of three digits, in few letters.
function short(x) {
  if (x === 0) return "0";
  const text = Math.abs(x) < 1e-3 || Math.abs(x) >= 1e5 ? x.toExponential(2).replace(/\.?0*e\+?/, "e") : String(Number(x.toPrecision(3)));
  return text.replaceAll("-", "−");
}

// Numbers that stand well on an axis from low to high.
function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const by = [1, 2, 5, 10].find((x) => x * power >= rough) * power;
  const found = [];
  for (let x = Math.ceil(low / by) * by; x <= high + by * 1e-9; x += by) found.push(Math.abs(x) < by / 1e6 ? 0 : x);
  return found;
}

function figure(parent, name) {
  const place = document.createElement("figure");
  place.className = name;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  const caption = document.createElement("figcaption");
  place.append(canvas, caption);
  parent.append(place);
  return { place, canvas, caption };
}

export class Charts {
  constructor(parent, word) {
    this.word = word;
    this.parent = parent;
    this.losses = [];
    this.latest = {};
    this.loss = figure(parent, "loss");
    this.resize = new ResizeObserver(() => this.draw());
    this.resize.observe(parent);
    this.theme = matchMedia("(prefers-color-scheme: dark)");
    this.themed = () => this.draw();
    this.theme.addEventListener("change", this.themed);
  }

  end() {
    this.resize.disconnect();
    this.theme.removeEventListener("change", this.themed);
  }

  add({ losses, ...latest }) {
    for (const loss of losses) this.losses.push(loss);
    this.latest = latest;
    this.waiting ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.waiting = undefined;
    const style = getComputedStyle(this.parent);
    this.colour = (name) => style.getPropertyValue(`--${name}`).trim();
    this.drawLoss();
    if (this.latest.plane || this.latest.points) {
      this.plane ??= figure(this.parent, "plane");
      this.drawPlane();
    }
  }

  // A clear canvas, by the pixels of its place.
  start({ place, canvas }, height) {
    const width = Math.floor(place.clientWidth);
    const scale = devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.style.height = `${height}px`;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.font = "12px system-ui, sans-serif";
    pen.lineWidth = 1;
    return [pen, width];
  }

  say({ canvas, caption }, text) {
    canvas.setAttribute("aria-label", text);
    caption.textContent = text;
  }

  drawLoss() {
    const height = 220;
    const [pen, width] = this.start(this.loss, height);
    const [left, right, top, bottom] = [56, width - 12, 12, height - 26];
    const finite = this.losses.filter((x) => x !== null);
    const last = this.losses.at(-1);
    const shown = last == null ? this.word("not_finite") : short(last);
    this.say(this.loss, this.word("loss_curve", { step: this.latest.steps, loss: shown }));
    if (!finite.length) return;
    let low = Math.min.apply(null, finite.length > 50000 ? finite.slice(-50000) : finite);
    let high = Math.max.apply(null, finite.length > 50000 ? finite.slice(-50000) : finite);
    const log = low > 0 && high / low > 30;
    const of = log ? Math.log10 : (x) => x;
    if (!log && low >= 0 && low < high / 2) low = 0;
    if (low === high) [low, high] = [low - 1, high + 1];
    const y = (value) => bottom - ((of(value) - of(low)) / (of(high) - of(low))) * (bottom - top);
    const count = Math.max(1, this.losses.length - 1);
    const x = (step) => left + (step / count) * (right - left);
    this.axes(pen, [left, right, top, bottom], {
      xs: ticks(1, count + 1, width / 90).filter(Number.isInteger).map((step) => [x(step - 1), String(step)]),
      ys: log ? this.powers(low, high).map((v) => [y(v), short(v)]) : ticks(low, high, 4).map((v) => [y(v), short(v)]),
    });
    pen.strokeStyle = this.colour("curve");
    pen.lineWidth = 2;
    pen.beginPath();
    let drawing = false;
    this.losses.forEach((loss, step) => {
      if (loss === null) drawing = false;
      else if (drawing) pen.lineTo(x(step), y(loss));
      else {
        pen.moveTo(x(step), y(loss));
        drawing = true;
      }
    });
    pen.stroke();
  }

  powers(low, high) {
    const [from, to] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
    const by = Math.max(1, Math.ceil((to - from) / 5));
    const found = [];
    for (let power = from; power <= to; power += by) found.push(10 ** power);
    return found.length > 1 ? found : [low, high];
  }

  axes(pen, [left, right, top, bottom], { xs, ys }) {
    pen.strokeStyle = this.colour("line");
    pen.fillStyle = this.colour("soft");
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const [y, text] of ys) {
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(right, y);
      pen.stroke();
      pen.fillText(text, left - 6, y);
    }
    pen.textAlign = "center";
    pen.textBaseline = "top";
    for (const [x, text] of xs) pen.fillText(text, x, bottom + 8);
  }

  drawPlane() {
    const { plane, points = [], targets = [] } = this.latest;
    const size = Math.min(360, Math.floor(this.plane.place.clientWidth));
    const [pen, width] = this.start(this.plane, size);
    const [left, right, top, bottom] = [40, Math.min(width, size + 28) - 12, 12, size - 26];
    const values = plane ? plane.values.filter((x) => x !== null) : [];
    const [x0, x1, y0, y1] = plane ? plane.bounds : this.boundsOf(points);
    const x = (value) => left + ((value - x0) / (x1 - x0)) * (right - left);
    const y = (value) => bottom - ((value - y0) / (y1 - y0)) * (bottom - top);
    if (plane) {
      const most = Math.max(...values.map(Math.abs), 1e-300);
      pen.imageSmoothingEnabled = true;
      pen.drawImage(this.image(plane, most), left, top, right - left, bottom - top);
      this.boundary(pen, plane, x, y);
    }
    this.axes(pen, [left, right, top, bottom], {
      xs: ticks(x0, x1, 4).map((v) => [x(v), short(v)]),
      ys: [],
    });
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const v of ticks(y0, y1, 4)) pen.fillText(short(v), left - 6, y(v));
    points.forEach(([px, py], i) => this.point(pen, x(px), y(py), targets[i]));
    const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [NaN, NaN];
    this.say(this.plane, plane ? this.word("boundary", { low: short(low), high: short(high) }) : "");
  }

  boundsOf(points) {
    const of = (axis) => points.map((point) => point[axis]);
    return [Math.min(...of(0)) - 1, Math.max(...of(0)) + 1, Math.min(...of(1)) - 1, Math.max(...of(1)) + 1];
  }

  // Colours of the predictions, in between by linear interpolation.
  image({ side, values }, most) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = GRAIN;
    const pen = canvas.getContext("2d");
    const pixels = pen.createImageData(GRAIN, GRAIN);
    const parts = (name) => this.colour(name).match(/[\da-f]{2}/gi).map((text) => parseInt(text, 16));
    const [paper, above, below, unknown] = ["paper", "above", "below", "soft"].map(parts);
    for (let row = 0; row < GRAIN; row++) {
      const v = (1 - row / (GRAIN - 1)) * (side - 1);
      const j = Math.min(side - 2, Math.floor(v));
      for (let column = 0; column < GRAIN; column++) {
        const u = (column / (GRAIN - 1)) * (side - 1);
        const i = Math.min(side - 2, Math.floor(u));
        const at = (di, dj) => values[(j + dj) * side + i + di];
        const corners = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
        let [colour, share] = [unknown, 1];
        if (!corners.includes(null)) {
          const [s, t] = [u - i, v - j];
          const value = (corners[0] * (1 - s) + corners[1] * s) * (1 - t) + (corners[2] * (1 - s) + corners[3] * s) * t;
          colour = value > 0 ? above : below;
          share = 0.15 + 0.6 * Math.sqrt(Math.abs(value) / most);
        }
        for (let part = 0; part < 3; part++) {
          pixels.data[4 * (row * GRAIN + column) + part] = paper[part] + share * (colour[part] - paper[part]);
        }
        pixels.data[4 * (row * GRAIN + column) + 3] = 255;
      }
    }
    pen.putImageData(pixels, 0, 0);
    return canvas;
  }

  // Where the prediction is 0: a line through each cell of the grid in which the sign changes.
  boundary(pen, { side, values, bounds: [x0, x1, y0, y1] }, x, y) {
    const place = (i, j) => [x(x0 + ((x1 - x0) * i) / (side - 1)), y(y0 + ((y1 - y0) * j) / (side - 1))];
    pen.strokeStyle = this.colour("text");
    pen.lineWidth = 2;
    pen.beginPath();
    for (let j = 0; j + 1 < side; j++) {
      for (let i = 0; i + 1 < side; i++) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
        const crossings = [];
        corners.forEach(([a, b], k) => {
          const [c, d] = corners[(k + 1) % 4];
          const [from, to] = [values[b * side + a], values[d * side + c]];
          if (from === null || to === null || from > 0 === to > 0) return;
          const share = from / (from - to);
          crossings.push(place(a + share * (c - a), b + share * (d - b)));
        });
        for (let k = 0; k + 1 < crossings.length; k += 2) {
          pen.moveTo(...crossings[k]);
          pen.lineTo(...crossings[k + 1]);
        }
      }
    }
    pen.stroke();
  }

  // A disc for the positive class, a square for the other.
  point(pen, x, y, positive) {
    pen.beginPath();
    if (positive) pen.arc(x, y, 5, 0, 7);
    else pen.rect(x - 4.5, y - 4.5, 9, 9);
    pen.fillStyle = this.colour(positive ? "above" : "below");
    pen.fill();
    pen.strokeStyle = this.colour("paper");
    pen.lineWidth = 1.5;
    pen.stroke();
  }
}
