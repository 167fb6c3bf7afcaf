// The picture of a graph on its stage: cards and edges that show numbers, fitted to their place.

const SVG = "http://www.w3.org/2000/svg";
const READABLE = 0.68; // of its natural size: the picture is not made smaller than this unless asked to
const COMFORTABLE = 0.85; // the size of a picture that does not fit
const REST = 120; // milliseconds without a change, after which what is out of sight follows

const largest = (numbers) => {
  let most = 0;
  for (const x of numbers) if (Number.isFinite(x) && Math.abs(x) > most) most = Math.abs(x);
  return most;
};

// How strongly a number is shown, from 0 to 1; the root keeps small ones visible
const strengthOf = (x, most) => (x === 0 || x !== x ? 0 : Math.abs(x) < most ? Math.sqrt(Math.abs(x) / most) : 1);
const signOf = (x) => (Number.isNaN(x) ? "nan" : x > 0 ? "pos" : x < 0 ? "neg" : "zero");

function drawn(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent.append(made);
  return made;
}

// Write a text if it is another one; to change a text node costs less than to put in a new one
function write(element, text) {
  const node = element.firstChild;
  if (!node) element.textContent = text;
  else if (node.data !== text) node.data = text;
}

// What a scrolling box shows: items in sight are written at once, others when changes have come to rest
class Sight {
  // `boxOf` gives the rectangle of an item as the box now has it: left, top, right, bottom
  constructor(box, boxOf) {
    this.box = box;
    this.boxOf = boxOf;
    this.late = [];
    this.look();
    box.addEventListener("scroll", () => {
      this.look();
      this.finish();
    });
  }

  // Take note of what part is shown; to ask for it in each update could take a layout each
  look() {
    const { scrollLeft: left, scrollTop: top, clientWidth, clientHeight } = this.box;
    this.shown = [left, top, left + clientWidth, top + clientHeight];
  }

  // Call `each` with every item
  renew(items, each) {
    const [left, top, right, bottom] = this.shown;
    const seen = [];
    this.each = each;
    this.late = [];
    for (const item of items) {
      const box = this.boxOf(item);
      const isSeen = box[0] < right && box[2] > left && box[1] < bottom && box[3] > top;
      (isSeen ? seen : this.late).push(item);
    }
    seen.forEach(each); // not before all are looked at: to look after a change takes a layout
    clearTimeout(this.timer);
    if (this.late.length) this.timer = setTimeout(() => this.finish(), REST);
  }

  finish() {
    clearTimeout(this.timer);
    for (const item of this.late) this.each(item);
    this.late = [];
  }
}

// A picture on its stage
class StagePicture {
  constructor(stage, image) {
    const source = image.getAttribute("src");
    const text = decodeURIComponent(source.slice(source.indexOf(",") + 1));
    const picture = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    this.stage = stage;
    this.svg = document.importNode(picture, true);
    this.width = Number(this.svg.getAttribute("width"));
    this.height = Number(this.svg.getAttribute("height"));
    this.scale = 1;
    stage.append(this.svg);
  }

  // Choose a size for a stage that is so high at most; says whether all of it fits and is readable
  fit(high, most, showsWhole) {
    const whole = Math.min(this.stage.clientWidth / this.width, high / this.height, most);
    const fits = whole >= READABLE;
    this.stage.style.maxHeight = `${Math.ceil(high) + 16}px`;
    const width = Math.floor(this.width * (fits || showsWhole ? whole : COMFORTABLE));
    this.scale = width / this.width;
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", Math.floor(this.height * this.scale));
    return fits;
  }

  // Keep text inside its card whatever font there is
  squeeze(texts) {
    const roomOf = (text) => {
      const part = (name) => Number(text.parentNode.querySelector(name).getAttribute("width"));
      return text.matches(".op") ? part(".edge") - 6 : part(".head") - (text.matches(".name") ? 14 : 52);
    };
    for (const text of texts) text.removeAttribute("textLength");
    const long = [...texts].map((text) => [text, roomOf(text)]).filter(([text, room]) => text.getComputedTextLength() > room);
    for (const [text, room] of long) {
      text.setAttribute("textLength", room);
      text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    }
  }

  // Where on the stage a field goes that stands for the numbers of a card, of which this is the group
  placeOnCard(group) {
    const box = group.querySelector(".head").getBoundingClientRect();
    const around = this.stage.getBoundingClientRect();
    const [left, top] = [box.left - around.left, box.bottom - around.top];
    return { left: left + this.stage.scrollLeft, top: top + this.stage.scrollTop, width: box.width };
  }

  // A number on a card, narrower where it is long; to measure each of hundreds would take a layout each
  writeNumber(text, written, room) {
    if (text.textContent === written) return;
    write(text, written);
    if (written.length * 7.7 > room) {
      text.setAttribute("textLength", room);
      text.setAttribute("lengthAdjust", "spacingAndGlyphs");
    } else if (text.hasAttribute("textLength")) text.removeAttribute("textLength");
  }

  tint(card, number, most) {
    const [kind, strength] = [signOf(number), (0.5 * strengthOf(number, most)).toFixed(2)];
    if (card.kind !== kind) card.tint.setAttribute("class", `tint ${kind}`);
    if (card.strength !== strength) card.tint.setAttribute("fill-opacity", strength);
    [card.kind, card.strength] = [kind, strength];
  }

  // The breadth of an arrow, in eight degrees: to restyle hundreds takes longer than to write on them
  broaden(edge, change, most) {
    const degree = Math.round(7 * strengthOf(change, most));
    if (edge.degree !== degree) edge.line.style.setProperty("--w", (1.2 + 0.4 * degree).toFixed(1));
    edge.degree = degree;
  }

  // The colour of an arrow, by the sign of what flows along it
  colour(edge, change) {
    const kind = signOf(change);
    if (edge.group.classList.contains(kind)) return;
    edge.group.classList.remove("pos", "neg", "zero", "nan");
    edge.group.classList.add(kind);
  }
}

// The picture of a graph, with a card for each node and an arrow for each edge
class GraphPicture extends StagePicture {
  constructor(stage, image, data) {
    super(stage, image);
    this.cards = data.names.map((_, node) => this.cardOf(node));
    this.edges = data.edges.map((_, edge) => this.edgeOf(edge));
    this.items = [...this.cards, ...this.edges];
    this.sight = new Sight(stage, ({ box }) => box.map((x) => x * this.scale));
  }

  fit(high, most, showsWhole) {
    this.sight.finish();
    const fits = super.fit(high, most, showsWhole);
    this.sight.look();
    return fits;
  }

  cardOf(node) {
    const group = this.svg.querySelector(`#v${node}`);
    const part = (name) => group.querySelector(name);
    const widthOf = (name) => Number(part(name).getAttribute("width"));
    const [x, y] = group.getAttribute("transform").match(/-?[\d.]+/g).map(Number);
    const left = x + Number(part(".card").getAttribute("x"));
    return {
      node,
      group,
      data: part(".d"),
      grad: part(".g"),
      tint: part(".tint"),
      room: widthOf(".head") - 52,
      box: [left, y, left + widthOf(".card"), y + 66],
    };
  }

  edgeOf(edge) {
    const group = this.svg.querySelector(`#e${edge}`);
    const [line, text] = [group.querySelector("path"), group.querySelector("text")];
    const [x, y] = ["x", "y"].map((name) => Number(text.getAttribute(name)));
    const [left, top, right, bottom] = boxOfCurve(line.getAttribute("d"));
    // its text stands around a point, and is some 40 long
    const box = [Math.min(left, x - 40), Math.min(top, y - 14), Math.max(right, x + 40), Math.max(bottom, y + 6)];
    return { edge, group, line, text, box };
  }

  // Call one of the functions with each card, the other with each edge; see Sight
  renew(showCard, showEdge) {
    this.sight.renew(this.items, (item) => (item.edge === undefined ? showCard(item, item.node) : showEdge(item, item.edge)));
  }
}

// The rectangle around a curve whose pieces are relative to where they begin
function boxOfCurve(path) {
  let [x, y, ...moves] = path.match(/-?[\d.]+/g).map(Number);
  const box = [x, y, x, y];
  for (let i = 0; i < moves.length; i += 2) {
    const [a, b] = [x + moves[i], y + moves[i + 1]];
    [box[0], box[1], box[2], box[3]] = [Math.min(box[0], a), Math.min(box[1], b), Math.max(box[2], a), Math.max(box[3], b)];
    if (i % 6 === 4) [x, y] = [a, b];
  }
  return box;
}
