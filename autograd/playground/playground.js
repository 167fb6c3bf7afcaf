// The page: what is written, and what comes of it. Python runs in worker.js.

import { read, write } from "./address.js";
import { Charts } from "./charts.js";
import { Editor } from "./editor.js";

const DATA = JSON.parse(document.getElementById("data").textContent);
const VIEWS = ["live", "steps", "picture", "chain"];
const find = (selector) => document.querySelector(selector);

function made(name, className, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  return element;
}

class Playground {
  constructor() {
    this.form = find("form.formula");
    this.output = find(".output");
    this.select = find("select");
    this.editor = new Editor(find(".editor"), { run: () => this.runProgram(), changed: () => this.edited() });
    this.example = "neuron"; // whose text is in the editor; "" for one of the user's own
    this.own = null; // that one, once there is one: the list of examples has it too
    this.view = "live";
    this.task = null; // what runs, or waits for Python
    this.ready = false;
    this.speak(navigator.language.startsWith("zh") ? "zh" : "en");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.runFormula();
    });
    find("button.run").addEventListener("click", () => this.runProgram());
    find("button.stop").addEventListener("click", () => this.stop());
    find("button.link").addEventListener("click", () => this.copyLink());
    find("button.language").addEventListener("click", () => this.speak(this.lang === "en" ? "zh" : "en", true));
    this.select.addEventListener("change", () => (this.select.value ? this.open(this.select.value) : this.openOwn()));
    addEventListener("hashchange", () => this.begin());
    this.start();
    this.begin();
  }

  word(name, parts = {}) {
    return DATA.words[this.lang][name].replace(/\{(\w+)\}/g, (_, part) => parts[part]);
  }

  // Languages

  speak(lang, keep = false) {
    this.lang = lang;
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = this.word("title");
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = this.word(element.dataset.word);
    const button = find("button.language");
    button.textContent = this.word("language");
    button.setAttribute("aria-label", this.word("language_label"));
    button.lang = lang === "zh" ? "en" : "zh-CN";
    find("button.run").title = this.word("run_keys");
    find("textarea").setAttribute("aria-label", this.word("editor"));
    find("textarea").title = "";
    this.output.setAttribute("aria-label", this.word("output"));
    find(".bar").setAttribute("aria-label", this.word("starting"));
    const options = DATA.examples.map(({ name, titles }) => new Option(titles[lang], name));
    this.select.replaceChildren(...options);
    if (this.own !== null) this.ownOption();
    this.select.value = this.example;
    this.makeViews();
    if (this.example) this.open(this.example, false);
    this.charts?.draw();
    this.note("");
    if (this.said) this.state(...this.said);
    if (!keep) return;
    this.keep();
    if (this.kept !== "program" && !this.began) this.runFormula(false); // whose page has words, too
  }

  makeViews() {
    const views = VIEWS.map((view) => {
      const label = made("label", "");
      const choice = Object.assign(document.createElement("input"), { type: "radio", name: "view", value: view });
      choice.checked = view === this.view;
      choice.addEventListener("change", () => {
        this.view = view;
        this.runFormula();
      });
      label.append(choice, made("span", "", this.word(view)));
      return label;
    });
    const legend = made("legend", "unseen", this.word("view"));
    find(".views").replaceChildren(legend, ...views);
  }

  // What is in the editor

  open(name, keep = true) {
    const example = DATA.examples.find((one) => one.name === name);
    if (!example) return;
    this.example = name;
    this.select.value = name;
    this.editor.text = example.programs[this.lang];
    this.note("");
    if (keep) this.runProgram();
  }

  openOwn() {
    this.editor.text = this.own;
    this.edited();
  }

  edited() {
    this.example = "";
    this.own = this.editor.text;
    this.ownOption();
    this.select.value = "";
    this.note("");
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.example || this.keep("program"), 500); // for when the page is loaded anew
  }

  ownOption() {
    if (!this.select.querySelector("option[value='']")) this.select.prepend(new Option(this.word("own"), ""));
  }

  // The address

  async begin() {
    clearTimeout(this.keeping);
    const found = await read();
    if (Object.hasOwn(DATA.words, found.lang ?? "") && found.lang !== this.lang) this.speak(found.lang);
    if (found.program !== undefined) {
      this.editor.text = found.program;
      this.edited();
      this.note(this.word("from_link"));
      return;
    }
    if (found.example && !DATA.examples.some(({ name }) => name === found.example)) found.damaged = true;
    if (found.damaged) {
      this.note(this.word("bad_link"));
      if (!this.kept) this.clear();
    } else if (found.example) {
      this.open(found.example);
    } else {
      if (found.formula) this.form.elements.formula.value = found.formula;
      if (found.formula) this.form.elements.values.value = found.values ?? "";
      if (VIEWS.includes(found.view)) this.view = found.view;
      this.makeViews();
      this.runFormula(Boolean(found.formula));
    }
  }

  keep(what = this.kept) {
    clearTimeout(this.keeping);
    this.kept = what;
    const { formula, values } = this.form.elements;
    const program = this.example ? { example: this.example } : { program: this.editor.text };
    const state = what === "program" ? program : { formula: formula.value, values: values.value, view: this.view };
    return write({ ...state, lang: this.lang });
  }

  async copyLink() {
    await this.keep("program");
    try {
      await navigator.clipboard.writeText(location.href);
      this.note(this.word("copied"));
    } catch {
      this.note(this.word("link_here"));
    }
  }

  note(text) {
    find(".note").textContent = text;
  }

  // Running

  start() {
    this.ready = false;
    this.loading = performance.now();
    this.worker = new Worker("worker.js", { type: "module" });
    this.worker.onmessage = ({ data }) => this.told(data);
    this.worker.onerror = (event) => this.told({ kind: "broken", content: event.message ?? "" });
    this.worker.postMessage({ kind: "load", runtime: DATA.runtime, bytes: DATA.bytes, archive: DATA.archive });
    this.bar(0);
    this.state("loading", { percent: 0 });
  }

  stop() {
    this.worker.terminate();
    this.task = null;
    this.began = null;
    this.output.append(made("p", "soft", this.word("stopped")));
    this.start();
    this.buttons();
  }

  runProgram() {
    this.asked = true;
    this.keep("program");
    this.do({ kind: "program", text: this.editor.text, lang: this.lang });
  }

  runFormula(keep = true) {
    this.asked = keep;
    if (keep) this.keep("formula");
    const { formula, values } = this.form.elements;
    this.do({ kind: "formula", text: formula.value, values: values.value, view: this.view, lang: this.lang });
  }

  do(task) {
    if (this.ready && this.began) {
      // Something runs: it ends here, for nothing can interrupt Python in a browser but this.
      this.worker.terminate();
      this.start();
    }
    this.task = task;
    this.began = null;
    if (this.ready) this.send();
    else if (this.said?.[0] !== "no_python") this.clear(this.word("waiting"));
    this.buttons();
  }

  send() {
    this.clear();
    this.note("");
    this.began = performance.now();
    this.worker.postMessage(this.task);
    const below = this.output.offsetTop > this.form.offsetTop + 100; // in a narrow window
    if (below && this.asked) this.output.scrollIntoView({ block: "start" });
    this.state("running");
    this.buttons();
  }

  buttons() {
    find("button.stop").disabled = !this.task;
  }

  clear(text = "") {
    this.charts?.end();
    this.charts = null;
    this.output.replaceChildren(...(text ? [made("p", "nothing", text)] : []));
  }

  seconds(since) {
    return ((performance.now() - since) / 1000).toFixed(1);
  }

  state(name, parts) {
    this.said = [name, parts];
    find(".state").textContent = this.word(name, parts);
    document.body.dataset.state = name;
  }

  bar(share) {
    const bar = find(".bar");
    bar.hidden = share === null;
    if (share === null) return;
    bar.setAttribute("aria-valuenow", Math.round(100 * share));
    bar.firstElementChild.style.width = `${100 * share}%`;
  }

  told({ kind, content }) {
    if (kind === "progress") {
      if (this.said[0] !== "loading") return; // what was fetched last is told late
      this.bar(0.8 * content);
      this.state("loading", { percent: Math.round(80 * content) });
    } else if (kind === "starting") {
      this.bar(0.85);
      this.state("starting");
    } else if (kind === "ready") {
      this.ready = true;
      this.bar(null);
      this.state("ready_after", { seconds: this.seconds(this.loading) });
      if (this.task) this.send();
    } else if (kind === "broken") {
      this.bar(null);
      this.state("no_python", { error: content });
      this.clear(this.word("no_python", { error: content }));
    } else if (kind === "done" || kind === "crashed") {
      if (kind === "crashed") this.show("error", content);
      this.state(content === true ? "done" : "failed", { seconds: this.seconds(this.began) });
      this.task = this.began = null;
      this.buttons();
      if (kind === "crashed") {
        this.worker.terminate();
        this.start();
      }
    } else this.show(kind, content);
  }

  show(kind, content) {
    const { output } = this;
    if (kind === "text") {
      if (!output.lastElementChild?.matches("pre.printed")) output.append(made("pre", "printed"));
      output.lastElementChild.append(content);
    } else if (kind === "error") {
      output.append(made("pre", "error", content));
      output.lastElementChild.setAttribute("role", "alert");
    } else if (kind === "html") {
      const place = made("div", "shown");
      output.append(place);
      place.append(document.createRange().createContextualFragment(content)); // which runs its scripts
    } else if (kind === "chart") {
      if (!this.charts) {
        const place = made("div", "charts");
        output.prepend(place); // what is printed meanwhile runs on below
        this.charts = new Charts(place, (name, parts) => this.word(name, parts));
      }
      this.charts.add(content);
    } else if (kind === "formula") this.showDerivatives(content);
  }

  showDerivatives({ value, rows }) {
    const table = made("table", "derivatives");
    const head = table.createTHead().insertRow();
    for (const name of ["variable", "value", "derivative"]) {
      head.append(Object.assign(made("th", "", this.word(name)), { scope: "col" }));
    }
    const body = table.createTBody();
    const line = (...texts) => {
      const row = body.insertRow();
      for (const text of texts) row.insertCell().textContent = text;
      return row;
    };
    const number = (text) => text.replace(/^-/, "−");
    for (const [name, data, derivative] of rows) line(name, number(data), number(derivative));
    const result = line(this.form.elements.formula.value, number(value));
    result.className = "result";
    result.cells[1].colSpan = 2;
    const place = made("div", "shown"); // which scrolls where it is too wide
    place.append(table);
    this.output.append(place);
  }
}

window.playground = new Playground();
