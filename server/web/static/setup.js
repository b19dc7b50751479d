// Setting up: an occupation is found while one types, the grid of places is walked with the arrows, a link is copied.
// Without script the search is a form, the grid is fields, the link is text.

const $ = (selector) => document.querySelector(selector);
document.documentElement.dataset.ready = "";

// ---------- the search ----------

const box = $("[data-occupations]");
if (box) {
  const list = $("#hits");
  let asked = 0, timer = 0, hits = [], at = -1;

  const element = (name, text, kind) => Object.assign(document.createElement(name), { textContent: text, className: kind ?? "" });
  const line = (text) => list.replaceChildren(element("li", text, "mute"));
  const field = (name) => $(`#facts [name="${name}"]`);

  function choose(hit) {
    const filled = { occupation: hit.name, occupation_code: hit.code, occupation_edition: hit.edition };
    for (const [name, value] of Object.entries(filled)) field(name).value = value;
    for (const [name, value] of Object.entries({ name: hit.name, name_en: hit.name_en })) if (!field(name).value) field(name).value = value;
    suggest(hit.work_types);
    list.hidden = true;
    box.value = "";
    field("occupation").focus();
  }

  function suggest(texts) {
    const options = Object.assign(document.createElement("datalist"), { id: "work_type-found" });
    options.append(...texts.map((text) => Object.assign(document.createElement("option"), { value: text })));
    $("#work_type-found")?.remove();
    field("work_type").after(options);
    field("work_type").setAttribute("list", options.id);
  }

  function mark(place) {
    at = place;
    [...list.querySelectorAll("button")].forEach((one, number) => one.setAttribute("aria-selected", String(number === at)));
    list.querySelectorAll("button")[at]?.scrollIntoView({ block: "nearest" });
  }

  function show(found) {
    hits = found;
    at = -1;
    if (!found.length) return line(list.dataset.none);
    list.replaceChildren(...found.map((hit) => {
      const row = document.createElement("li"), button = Object.assign(document.createElement("button"), { type: "button" });
      button.append(element("b", hit.name), element("span", hit.code || "—"), element("span", hit.edition, "tag"));
      if (hit.own) button.append(element("span", list.dataset.own, "tag gold"));
      button.append(element("em", hit.work_types.join("、") || hit.name_en));
      button.addEventListener("click", () => choose(hit));
      row.append(button);
      return row;
    }));
  }

  async function find() {
    const words = box.value.trim(), mine = ++asked;
    list.hidden = !words;
    if (!words) return;
    try {
      const answer = await fetch(`${box.dataset.occupations}?q=${encodeURIComponent(words)}`, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const found = await answer.json();
      if (mine === asked) show(found);
    } catch {
      if (mine === asked) line(list.dataset.lost);
    }
  }

  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(find, 120);
  });
  box.addEventListener("compositionend", find);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      mark(Math.max(0, Math.min(hits.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Escape") list.hidden = true;
  });
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!list.hidden && hits.length) choose(hits[Math.max(0, at)]);
    else find();
  });
}

// ---------- the grid ----------

const grid = $("[data-grid]");
if (grid) {
  const all = () => [...grid.querySelectorAll("input.cell")];
  const number = (cell) => (/^\d{1,9}$/.test(cell.value.trim()) ? Number(cell.value) : 0);

  function add() {
    const totals = {};
    for (const cell of all()) totals[cell.dataset.column] = (totals[cell.dataset.column] ?? 0) + number(cell);
    for (const [column, total] of Object.entries(totals)) grid.querySelector(`[data-total="${column}"]`).textContent = total;
    for (const total of grid.querySelectorAll("[data-row-total]")) {
      const mine = [...total.closest("tr").querySelectorAll("input.cell")].filter((cell) => (cell.dataset.sum ?? "") === total.dataset.rowTotal);
      const limited = mine.some((cell) => cell.value.trim());
      total.textContent = limited ? mine.reduce((sum, cell) => sum + number(cell), 0) : "";
    }
  }

  function move(cell, by) {
    const column = all().filter((one) => one.dataset.column === cell.dataset.column);
    const next = column[column.indexOf(cell) + by];
    next?.focus();
    next?.select();
  }

  grid.addEventListener("input", add);
  grid.addEventListener("keydown", (event) => {
    if (!event.target.matches("input.cell")) return;
    const by = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    move(event.target, by);
  });
  grid.addEventListener("focusin", (event) => event.target.matches("input.cell") && event.target.select());
  add();
}

// ---------- a link that is shown once ----------

document.querySelectorAll("[data-select]").forEach((input) => input.addEventListener("focus", () => input.select()));
document.querySelectorAll("[data-copy]").forEach((button) => button.addEventListener("click", async () => {
  const input = document.getElementById(button.dataset.copy);
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
  } catch {
    document.execCommand("copy"); // a venue's plain http has no clipboard
  }
  button.textContent = button.dataset.copied;
}));
