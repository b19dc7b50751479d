// The judge's sheet: a draft is kept by 记下 and by nothing else, is written to this tablet first (outbox.js), and wears its state all
// the while. 已入库 is said only after the server's own answer for that very mark. A change is a new mark that names the one it replaces.

const page = JSON.parse(document.getElementById("sheet").textContent);
const words = page.words;
const $ = (selector, inside = document) => inside.querySelector(selector);
const $$ = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const clock = (moment) => new Date(moment).toLocaleTimeString("zh-CN", { hour12: false });
const shown = (hundredths) => (hundredths / 100).toFixed(2);

// ---------- the rail: where the marks are ----------

async function rail() {
  const { mine, local, sent, others } = await outbox.counts();
  for (const [name, count] of Object.entries({ local, sent, stored: page.stored + outbox.receipts })) {
    const place = $(`[data-count="${name}"]`);
    place.textContent = count;
    place.parentElement.classList.toggle("zero", !count);
  }
  const away = outbox.net !== "online";
  $("#sync").classList.toggle("offline", away);
  $("#sync .net .i").className = `i i-${away ? "wifi-off" : "wifi"}`;
  $("[data-net]").textContent = away ? fill(words[outbox.net], { count: mine }) : words.online;
  const detail = away ? fill(words[`${outbox.net}-detail`], { time: clock(outbox.since) }) : mine ? fill(words.waiting, { count: mine }) : words.idle;
  $("[data-net-detail]").textContent = others ? `${detail} · ${fill(words.others, { count: others })}` : detail;
}

// ---------- the sheet ----------

const looks = { none: "mark-none", draft: "mark-draft", local: "mark-local", sent: "mark-sent", stored: "mark-stored", conflict: "mark-conflict", refused: "ban" };
const aspects = new Map((page.aspects ?? []).map((aspect) => [aspect.id, { round: 1, message: "", ...aspect, draft: "" }]));
const undone = new Map(); // marks that the ledger refused → what they would have replaced
let current;
let settledAt = -1000;

const stateOf = (aspect) => (aspect.draft !== "" ? "draft" : aspect.state);
const display = (aspect, value) => (aspect.kind === "judged" ? String(value / 100) : shown(value));
const hundredths = (aspect) => (aspect.kind === "judged" ? Number(aspect.draft) * 100 : Math.round(Number(aspect.draft) * 100));
const wrong = (aspect) => aspect.draft !== "" && (!/^\d*\.?\d*$/.test(aspect.draft) || aspect.draft === "." || hundredths(aspect) > (aspect.kind === "judged" ? 300 : aspect.maximum));

/** What a mark has come to; the row shows it when it is still the newest of its cell. */
function told(mark, state, message = "") {
  const aspect = mark.event === page.event && mark.entry === page.entry && aspects.get(mark.aspect);
  if (state === "refused") undone.set(mark.id, mark.replaces);
  if (!aspect || aspect.mark !== mark.id) return;
  Object.assign(aspect, { state, message });
  paintRow(aspect);
  if (aspect === current) paintPad();
  if (last?.id === mark.id) sayLast(state, message);
}

function paintRow(aspect) {
  const row = $(`[data-aspect="${aspect.id}"]`);
  const state = stateOf(aspect);
  const value = aspect.draft !== "" ? aspect.draft : aspect.value === null ? "—" : display(aspect, aspect.value);
  row.className = `aspect ${state}`;
  row.toggleAttribute("aria-current", aspect === current);
  $("[data-value]", row).textContent = value;
  const pill = $(".pill", row);
  pill.className = `pill ${state}`;
  $(".i", pill).className = `i i-${looks[state]}`;
  $("span", pill).textContent = words.states[state];
}

function count() {
  const marked = (ids) => ids.filter((id) => aspects.get(id).value !== null).length;
  $("[data-marked]").textContent = fill(words.marked, { marked: marked([...aspects.keys()]), all: aspects.size });
  $$("[data-group]").forEach((group) => (group.textContent = `${marked(group.dataset.group.split(" "))}/${group.dataset.group.split(" ").length}`));
}

let last;
function sayLast(state, message) {
  const place = $("[data-last]");
  place.hidden = false;
  place.className = `last ${state}`;
  $(".i", place).className = `i i-${looks[state]}`;
  $("b", place).textContent = `${last.aspect} = ${display(aspects.get(last.aspect), last.value)}`;
  $("[data-last-words]", place).textContent = message || fill(words.last[state], { time: clock(last.made_at) });
}

function paintPad() {
  const pad = $("[data-pad]");
  const judged = current.kind === "judged";
  pad.dataset.pad = current.kind;
  $("main").dataset.kind = current.kind;
  $("[data-about]").textContent = judged ? `${current.id} ${current.name}` : `${current.id}${current.requirement ? ` ${current.name}` : ""} · ${words.maximum} ${shown(current.maximum)}`;
  $("[data-requirement]").textContent = judged ? words.which : current.requirement || current.name;
  $("[data-description]").textContent = current.description;
  $("[data-message]").textContent = current.message || (current.state === "conflict" ? words.conflict : "");
  $("[data-message]").hidden = !$("[data-message]").textContent;
  $("[data-reload]").hidden = current.state !== "conflict";
  const draft = current.draft !== "";
  const value = draft ? current.draft : current.value === null ? "" : display(current, current.value);
  $("[data-clear]").disabled = !draft;
  if (judged) {
    $$("[data-score]").forEach((card) => {
      card.setAttribute("aria-checked", String(value === card.dataset.score));
      card.tabIndex = value === card.dataset.score || (value === "" && card.dataset.score === "0") ? 0 : -1;
      $("p", card).textContent = current.anchors[card.dataset.score] ?? "";
    });
  } else {
    $("[data-draft]").textContent = value || "—";
    $("[data-of]").textContent = `/${shown(current.maximum)}`;
    $("[data-full]").textContent = shown(current.maximum);
    $$("[data-step] span").forEach((span) => (span.textContent = shown(step())));
    $("[data-note]").textContent = wrong(current) ? fill(words.tooMuch, { maximum: shown(current.maximum) }) : draft ? words.notKept : current.value === null ? words.notMarked : words.states[current.state];
    $("[data-display]").className = `display ${wrong(current) ? "wrong" : draft ? "draft" : current.state}`;
  }
  const seats = $("[data-seats]");
  seats.hidden = !judged || page.panel.length < 2;
  seats.replaceChildren(...page.panel.map((code) => {
    const has = code === page.code ? current.value !== null : current.marked_by.includes(code);
    const seat = Object.assign(document.createElement("span"), { className: `seat ${code === page.code ? "me" : ""} ${has ? "" : "yet"}` });
    seat.append(Object.assign(document.createElement("b"), { textContent: code === page.code ? words.me : code }), has ? words.has : words.hasNot);
    return seat;
  }));
  paintSave(draft, judged);
}

/** The primary button: keep what is drafted; or, when this aspect is marked, go on. Without a mark it says what it waits for. */
function paintSave(draft, judged) {
  const button = $("[data-save]");
  const following = nextOwed();
  const onward = following ? fill(words.nextAspect, { aspect: following.id }) : page.next ? fill(words.nextEntry, { entry: page.next.entry }) : words.complete;
  const kept = draft && !wrong(current) && fill(judged ? words.keepScore : words.keep, { value: judged ? current.draft : shown(hundredths(current)) });
  const first = judged ? words.chooseFirst : words.enterFirst;
  $("span", button).textContent = !page.open ? words.closed : draft ? kept || fill(words.tooMuch, { maximum: shown(current.maximum) }) : current.value === null ? first : onward;
  $(".i", button).className = `i i-${page.open && !draft && current.value !== null && (following || page.next) ? "chevron-right" : "check"}`;
  button.disabled = !page.open || (draft ? !kept : current.value === null || (!following && !page.next));
}

/** The mark that a new one replaces: the newest of the cell that the ledger has or will have. */
function standing(id) {
  while (undone.has(id)) id = undone.get(id);
  return id;
}

const step = () => (current.maximum <= 1000 ? 25 : current.maximum <= 3000 ? 50 : 100);
function nextOwed() {
  const all = [...aspects.values()];
  const place = all.indexOf(current);
  return [...all.slice(place + 1), ...all.slice(0, place)].find((aspect) => aspect.value === null);
}

function choose(id, scroll = true) {
  const before = current;
  current = aspects.get(id);
  if (before) paintRow(before);
  paintRow(current);
  paintPad();
  if (scroll) $(`[data-aspect="${id}"]`).scrollIntoView({ block: "nearest" });
}

function write(draft) {
  if (!page.open) return;
  settledAt = -1000;
  current.draft = draft;
  paintRow(current);
  paintPad();
}

function press(key) {
  if (current.kind === "judged") return /^[0-3]$/.test(key) && write(key);
  const draft = current.draft;
  if (key === "back") write(draft.slice(0, -1));
  else if (key === ".") write(draft.includes(".") ? draft : `${draft || "0"}.`);
  else if (!/\.\d\d$/.test(draft) && draft.length < 6) write(draft === "0" ? key : draft + key);
}

/** 记下: the only way a mark is made. For 800 ms a second tap does not act on what has just changed, unless something was typed since. */
async function save() {
  if (performance.now() - settledAt < 800) return;
  settledAt = performance.now();
  const aspect = current;
  if (aspect.draft === "") {
    const following = nextOwed();
    return following ? choose(following.id) : page.next && location.assign(page.next.url);
  }
  if (wrong(aspect)) return;
  const value = hundredths(aspect);
  try {
    last = await outbox.keep({ event: page.event, entry: page.entry, aspect: aspect.id, value, round: aspect.round, replaces: standing(aspect.mark) });
  } catch (failure) {
    $("[data-message]").hidden = false;
    return ($("[data-message]").textContent = fill(words.diskFailed, { why: failure?.name ?? "" }));
  }
  for (const row of await outbox.waiting()) if (row.status === "refused" && row.entry === page.entry && row.aspect === aspect.id) await outbox.forget(row.id);
  Object.assign(aspect, { value, mark: last.id, state: "local", draft: "", message: "" });
  paintRow(aspect);
  paintPad();
  count();
  sayLast("local");
  await rail();
  if (outbox.net === "online") outbox.send();
}

function listen() {
  $("[data-list]").addEventListener("click", (event) => { const row = event.target.closest("[data-aspect]"); if (row) choose(row.dataset.aspect, false); });
  $("[data-pad]").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || button.disabled) return;
    const { key, step: direction, score, fill: whole } = button.dataset;
    if (key) press(key);
    else if (score) write(score);
    else if (direction) write(shown(Math.max(0, Math.min(current.maximum, (current.draft === "" ? current.value ?? 0 : hundredths(current)) + Number(direction) * step()))));
    else if (whole) write(shown(whole === "full" ? current.maximum : 0));
    else if ("clear" in button.dataset) write("");
    else if ("save" in button.dataset) save();
    else if ("reload" in button.dataset) location.reload();
  });
  $("[data-change]").addEventListener("click", () => choose(last.aspect));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea")) return;
    const onCard = event.target.matches("[data-score]") && { ArrowRight: 1, ArrowDown: 1, ArrowLeft: 3, ArrowUp: 3 }[event.key];
    if (onCard) { event.preventDefault(); write(String((Number(event.target.dataset.score) + onCard) % 4)); $(`[data-score="${current.draft}"]`).focus(); }
    else if (/^[0-9.]$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") press("back");
    else if (event.key === "Enter" && !event.target.matches("button, a")) save();
  });
  addEventListener("beforeunload", (event) => { if ([...aspects.values()].some((aspect) => aspect.draft !== "")) event.preventDefault(); });
}

const { Outbox } = await import(page.outbox);
const outbox = await Outbox.open({ judge: page.judge, lang: page.lang, address: page.post, token: $("meta[name=csrf]").content, told, changed: rail });
addEventListener("online", () => outbox.send());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && outbox.send());
if (aspects.size) {
  for (const row of await outbox.waiting()) {
    if (row.status === "refused") undone.set(row.id, row.replaces);
    const aspect = row.judge === page.judge && row.event === page.event && row.entry === page.entry && aspects.get(row.aspect);
    if (aspect) Object.assign(aspect, { value: row.value, mark: row.id, state: row.status, message: row.message ?? "" });
  }
  aspects.forEach(paintRow);
  count();
  const all = [...aspects.values()];
  const wanted = all.filter((aspect) => location.hash && aspect.id.startsWith(location.hash.slice(1)));
  choose([...wanted, ...all].find((aspect) => aspect.value === null)?.id ?? (wanted[0] ?? all[0]).id);
  listen();
}
document.documentElement.dataset.ready = "";
await rail();
outbox.send();
