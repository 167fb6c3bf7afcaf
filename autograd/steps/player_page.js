// What a player is made of: its buttons and its places.

const ICONS = {
  first: "M4 4h3v16H4zM20 4v16L8 12z",
  back: "M17 4v16L5 12z",
  play: "M6 3v18l15-9z",
  pause: "M5 4h5v16H5zM14 4h5v16h-5z",
  next: "M7 4v16l12-8z",
  last: "M17 4h3v16h-3zM4 4v16l12-8z",
  present: "M4 4h6v2.5H6.5V10H4zM14 4h6v6h-2.5V6.5H14zM4 14h2.5v3.5H10V20H4zM17.5 14H20v6h-6v-2.5h3.5z",
};
const button = (name, label) =>
  `<button type="button" class="${name}" aria-label="${label}" title="${label}">` +
  `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg></button>`;

const pageOf = (say) => `
  <div class="player" role="group">
    <div class="header">
      <span class="badge"></span>
      <span class="sentence" role="status" aria-live="polite" aria-atomic="true"></span>
      <span class="place"></span>
    </div>
    <p class="missing" hidden></p>
    <div class="stage" tabindex="0" role="group" aria-label="${say("Picture of the graph")}"></div>
    <dl class="formulas" aria-label="${say("Formulas of this step")}"></dl>
    <div class="controls">
      ${button("first", say("First step (Home)"))}
      ${button("back", say("Back one step (left arrow)"))}
      ${button("play", say("Play (space)"))}
      ${button("next", say("Next step (right arrow)"))}
      ${button("last", say("Last step (End)"))}
      <div class="track">
        <input type="range" min="0" step="1" value="0" aria-label="${say("Step")}">
        <div class="phases" aria-hidden="true">
          <span class="forward">${say("forward")}</span><span class="backward">${say("backward")}</span>
        </div>
      </div>
      <label>${say("Speed")} <select>
        <option value="0.5">½×</option><option value="1" selected>1×</option>
        <option value="2">2×</option><option value="4">4×</option><option value="8">8×</option>
      </select></label>
      <button type="button" class="fit" aria-pressed="false" hidden>${say("Whole graph")}</button>
      ${button("present", say("Fill the window, in large type (f)"))}
    </div>
    <details class="leaves" hidden>
      <summary></summary>
      <div class="list"></div>
      <div class="controls"><button type="button" class="reset"></button></div>
    </details>
    <details class="values">
      <summary>${say("Table of running values")}</summary>
      <div class="scroller" tabindex="0" role="group" aria-label="${say("Table of running values")}">
        <table>
          <thead><tr><th scope="col">${say("node")}</th><th scope="col">${say("data")}</th><th scope="col">${say("gradient")}</th></tr></thead>
          <tbody></tbody>
        </table>
      </div>
    </details>
  </div>`;
