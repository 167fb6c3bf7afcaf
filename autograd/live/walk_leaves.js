// The leaves of a walk that can be changed: each step is shown with the numbers as they are then.

// A number of a product; it is written when it is shown, for few are
class Written {
  constructor(number, isKnown) {
    this.number = isKnown ? number : 0;
    this.isKnown = isKnown;
  }

  get text() {
    return this.isKnown ? numberText(this.number) : "—";
  }
}

class WalkLeaves {
  constructor(player, model, word, style) {
    this.player = player;
    this.model = model;
    this.word = word;
    this.original = player.products;
    this.changed = false;
    const find = player.find;
    player.root.parentNode.append(style);
    find(".leaves").hidden = false;
    find(".leaves summary").textContent = word("leaves");
    find(".reset").textContent = word("reset");
    this.leaves = new Leaves(model, word, find(".list"), () => this.renew(), () => {}, (text) => {
      find(".sentence").textContent = text;
    });
    find(".reset").addEventListener("click", () => {
      model.reset();
      this.renew();
    });
    this.leaves.show();
    find(".values").addEventListener("toggle", () => this.changed && this.renew());
    const { picture } = player;
    if (!picture) return;
    for (const leaf of model.data.leaves) {
      const card = picture.cards[leaf];
      this.leaves.hold(card.group, leaf, picture.stage, () => picture.placeOnCard(card.group));
    }
  }

  // The number on the card of a node, as it is now
  writtenOf(node) {
    return this.changed ? this.model.valueText(node) : this.player.data.written[node];
  }

  // Show this step with the numbers as they are now
  renew() {
    const { model, player } = this;
    this.changed = !model.inputs.every((x, place) => Object.is(x, model.start[place]));
    player.takeProducts(this.changed ? this.products() : this.original);
    player.showAgain(model.trouble(this.word), model.faults);
    this.leaves.show();
  }

  products() {
    const { model } = this;
    const sums = new Float64Array(model.count);
    sums[model.count - 1] = 1;
    return model.data.edges.map(([target, node], edge) => {
      const [before, change] = [sums[target], model.changes[edge]];
      sums[target] += change;
      return {
        target,
        node,
        local: new Written(model.locals[edge], model.known[node] === 1),
        upstream: new Written(model.gradients[node], model.isWhole),
        change: new Written(change, model.isWhole),
        before: new Written(before, model.isWhole),
        after: new Written(sums[target], model.isWhole),
      };
    });
  }

  // The formulas of the step, where they are not those of the walk
  formulas(product) {
    const { model, player } = this;
    const last = model.count - 1;
    const { symbols, values, locals } = model.data;
    if (!this.changed || player.index === last + 1) return null;
    const at = (x) => (model.isWhole ? model.numberMath(x) : "<mtext>—</mtext>");
    if (!product) {
      const node = player.index;
      const number = model.known[node] ? model.numberMath(model.values[node]) : `<mtext>${model.valueText(node)}</mtext>`;
      if (values[node] < 0) return [equation(symbols[node], number)];
      const [names, numbers] = [false, true].map((put) => model.filled(values[node], node, put));
      return [equation(symbols[node], names), equation(symbols[node], numbers, number)];
    }
    const edge = player.index - last - 2;
    const { node, target, upstream, before, after } = product;
    const local = model.locals[edge];
    const [own, sum] = [model.derivative(node, target), model.derivative(last, target)];
    const chain = `<mrow>${own}<mo>·</mo>${model.derivative(last, node)}</mrow>`;
    const rule = (put) => (locals[edge] < 0 ? "" : model.filled(locals[edge], node, put));
    const factors = `<mrow>${model.inProduct(local)}<mo>·</mo>${model.isWhole ? model.inProduct(upstream.number) : "<mtext>—</mtext>"}</mrow>`;
    return [
      equation(own, rule(false) || model.numberMath(local)),
      equation(own, rule(true), model.numberMath(local)),
      `<mrow>${sum}<mo>←</mo><mrow>${sum}<mo>+</mo>${chain}</mrow></mrow>`,
      equation(sum, `<mrow>${at(before.number)}<mo>+</mo>${factors}</mrow>`, at(after.number)),
    ];
  }
}
