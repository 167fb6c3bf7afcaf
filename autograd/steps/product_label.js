// The label of the product that is made in a step, beside its edge.

// Show a text in a group above a picture, near the text of an edge and off the cards that it is about
function labelOn(picture, group, near, written, about) {
  if (!group.firstChild) {
    drawn("rect", { height: 24, rx: 12 }, group);
    drawn("text", {}, group);
  }
  const [rect, text] = group.children;
  write(text, written);
  const width = text.getComputedTextLength() + 16;
  const x = Math.max(2, Math.min(picture.width - width - 2, Number(near.getAttribute("x")) - width / 2));
  const y = freePlace(picture, x, Number(near.getAttribute("y")) - 17, width, about);
  const places = [
    [rect, { x, y, width }],
    [text, { x: x + width / 2, y: y + 17 }],
  ];
  for (const [each, attributes] of places) {
    for (const [name, value] of Object.entries(attributes)) {
      if (each.getAttribute(name) !== `${value}`) each.setAttribute(name, value);
    }
  }
}

// The height nearest to `start` at which a label covers least of the cards, and least of all of those
// that the step is about
function freePlace(picture, x, start, width, about) {
  const near = picture.cards.filter(({ box }) => box[0] < x + width && box[2] > x && box[1] < start + 144 && box[3] > start - 120);
  let best = { y: start, cost: Infinity };
  for (let away = -120; away <= 120; away += 4) {
    const y = start + away;
    if (y < 2 || y + 26 > picture.height) continue;
    let cost = 6 * Math.abs(away);
    for (const { node, box } of near) {
      const wide = Math.min(x + width, box[2]) - Math.max(x, box[0]);
      const high = Math.max(0, Math.min(y + 24, box[3]) - Math.max(y, box[1]));
      cost += (about.includes(node) ? 20 : 1) * wide * high;
    }
    if (cost < best.cost) best = { y, cost };
  }
  return best.y;
}
