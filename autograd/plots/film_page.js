// The player of a film; what is at the left of its plot is set by `leftOf`, which stands before it.
const by = id => document.getElementById(id);
const film = JSON.parse(by("film-data").textContent);

function pathOf(group) {
  if (!group) return null;
  if (group.tagName === "path") return group;
  let path = group.querySelector("path");
  if (!path) {
    path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    group.append(path);
  }
  return path;
}

(async () => {
  const slider = by("slider"), play = by("play"), caption = by("caption");
  const showLeft = await leftOf(film);

  let place = film.frames.length - 1, timer = 0;

  function show(k) {
    place = Math.max(0, Math.min(film.frames.length - 1, k));
    const frame = film.frames[place];
    showLeft(frame, place);
    film.boxes.forEach(([x, y, width, height], k) => {
      const now = x + frame.t * width;
      pathOf(by("film-veil-" + k)).setAttribute("d", `M${now},${y}H${x + width}V${y + height}H${now}Z`);
      pathOf(by("film-now-" + k)).setAttribute("d", `M${now},${y}V${y + height}`);
    });
    slider.value = place;
    slider.setAttribute("aria-valuetext", frame.c);
    caption.value = frame.c;
  }

  function turned(on) {
    play.classList.toggle("on", on);
    play.title = on ? play.dataset.pause : play.dataset.play;
    play.setAttribute("aria-label", play.title);
  }

  function pause() {
    clearTimeout(timer);
    timer = 0;
    turned(false);
    caption.setAttribute("aria-live", "polite");
  }

  function tick() {
    show(place + 1);
    if (place === film.frames.length - 1) pause();
    else timer = setTimeout(tick, 100 / by("speed").value);
  }

  function start() {
    if (place === film.frames.length - 1) show(0);
    turned(true);
    caption.setAttribute("aria-live", "off");  // no reader keeps up with ten captions a second
    timer = setTimeout(tick, 100 / by("speed").value);
  }

  const toggle = () => timer ? pause() : start();
  const go = k => { pause(); show(k); };
  play.addEventListener("click", toggle);
  by("first").addEventListener("click", () => go(0));
  by("back").addEventListener("click", () => go(place - 1));
  by("next").addEventListener("click", () => go(place + 1));
  by("last").addEventListener("click", () => go(film.frames.length - 1));
  slider.addEventListener("input", () => go(Number(slider.value)));
  document.addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT") return;
    if (event.key === " " && event.target.tagName === "BUTTON") return;  // the button does it
    const moves = {
      ArrowLeft: () => go(place - 1), ArrowRight: () => go(place + 1), Home: () => go(0),
      End: () => go(film.frames.length - 1), " ": toggle,
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  });

  by("controls").hidden = false;
  document.querySelector(".keys").hidden = false;
  show(0);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) show(film.frames.length - 1);
  else start();
})();
