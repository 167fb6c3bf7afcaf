// What is read from the data of a walk: the products of the chain rule, and formulas.

// The chain-rule products, computed as backward() does. How a number is written is not decided here.
function productsOf(data) {
  const last = data.names.length - 1;
  const gradients = data.names.map((_, i) => ({ number: i === last ? 1 : 0, text: i === last ? "1" : "0" }));
  return data.edges.map(([target, node, partial, localText, changeText, afterText]) => {
    const local = Number(partial);
    const change = local * gradients[node].number;
    const before = gradients[target];
    const after = { number: before.number + change, text: afterText };
    gradients[target] = after;
    return {
      target,
      node,
      local: { number: local, text: localText },
      upstream: gradients[node],
      change: { number: change, text: changeText },
      before,
      after,
    };
  });
}

// A name with an index, a name, or a number; text in it is escaped already
function leafOf(leaf) {
  const text = leaf.slice(1);
  if (leaf[0] !== "s") return leaf[0] === "i" ? `<mi>${text}</mi>` : `<mn>${text}</mn>`;
  const [name, index] = text.split(" ");
  return `<msub><mi>${name}</mi><mn>${index}</mn></msub>`;
}

// A formula that is stored as its shape and what is put into it
function formulaOf(data, formula) {
  const [shape, ...leaves] = formula.split(" ");
  const pieces = data.shapes[shape].split("@");
  return asMath(pieces.map((piece, i) => (i ? leafOf(data.leaves[leaves[i - 1]]) : "") + piece).join(""));
}

const asMath = (inner) => `<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">${inner}</math>`;
