// At the left of a film: the colours of the plane, its lines, and crosses on the rows that are predicted wrongly.
async function leftOf(film) {
  const images = await Promise.all(film.frames.map(async frame => {
    if (!frame.i) return null;
    const image = new Image();
    image.src = "data:image/png;base64," + frame.i;
    await image.decode();
    return image;
  }));
  const still = by("film-image"), wrong = by("film-wrong"), canvas = by("plane");
  if (still) still.style.display = "none";
  wrong.replaceChildren();
  const crosses = pathOf(wrong);
  crosses.setAttribute("style", "fill: none; stroke: #111827; stroke-width: 1.6");
  const lines = film.frames[0].l.map((_, k) => pathOf(by("film-line-" + k)));
  const size = 360;  // enlarged here, smoothly, so that it is smooth at any size
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";

  return (frame, place) => {
    if (images[place]) pen.drawImage(images[place], 0, 0, size, size);
    lines.forEach((line, k) => line.setAttribute("d", frame.l[k]));
    crosses.setAttribute("d", frame.w.map(i => {
      const [x, y] = film.rows[i];
      return `M${x - 4},${y - 4}l8,8m0,-8l-8,8`;
    }).join(""));
  };
}
