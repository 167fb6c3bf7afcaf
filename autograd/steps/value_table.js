// The table of all values of a graph below its picture.

class ValueTable {
  constructor(details, names) {
    this.details = details;
    this.scroller = details.querySelector(".scroller");
    const body = details.querySelector("tbody");
    this.rows = names.map((name, node) => {
      const row = body.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      row.append(head);
      return { node, row, data: row.insertCell(), grad: row.insertCell() };
    });
    this.sight = new Sight(this.scroller, ({ row }) => {
      const top = row.offsetTop - this.scroller.offsetTop;
      return [0, top, Infinity, top + row.offsetHeight];
    });
  }

  get isOpen() {
    return this.details.open;
  }

  // Write what `numbersOf` gives for each node, its data and its gradient; nothing while the table is shut
  renew(numbersOf) {
    if (!this.isOpen) return;
    this.sight.look();
    this.sight.renew(this.rows, ({ node, data, grad }) => {
      const [value, gradient] = numbersOf(node);
      write(data, value);
      write(grad, gradient);
    });
  }

  light(node) {
    const { row } = this.rows[node];
    if (this.lit) this.lit.classList.remove("lit");
    this.lit = row;
    row.classList.add("lit");
    if (!this.isOpen) return;
    const { scroller } = this;
    const shown = row.offsetTop - scroller.offsetTop;
    if (shown < scroller.scrollTop + 40 || shown > scroller.scrollTop + scroller.clientHeight - 40) {
      scroller.scrollTop = shown - scroller.clientHeight / 2;
    }
  }
}

// Where there is no picture, why, and the table instead
function showWithoutPicture(find, why) {
  find(".stage").hidden = true;
  find(".missing").hidden = !why;
  find(".missing").textContent = why ? `${why[0].toUpperCase()}${why.slice(1)}.` : "";
  find(".values").open = true;
}
