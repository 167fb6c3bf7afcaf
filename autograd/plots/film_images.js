// At the left of a film: of each image the bars of its probabilities, and what it is named.
async function leftOf(film) {
  const cells = film.cells.map(({ true: known, size: [left, width, height, ...tops] }, k) => {
    const bars = tops.map((top, j) => ({ path: pathOf(by(`film-bar-${k}-${j}`)), top }));
    return { known, left, width, height, bars, name: by(`film-name-${k}`).querySelector("text") };
  });
  const [right, wrong, other] = film.colors;

  return frame => cells.forEach((cell, k) => {
    const shares = frame.p[k], said = shares.indexOf(Math.max(...shares));
    cell.bars.forEach(({ path, top }, j) => {
      const width = cell.width * shares[j] / 1000;
      path.setAttribute("d", `M${cell.left},${top}h${width}v${cell.height}h${-width}z`);
      path.style.fill = j === cell.known ? right : j === said ? wrong : other;
    });
    cell.name.textContent = frame.n[k];
    cell.name.style.fill = said === cell.known ? right : wrong;
  });
}
