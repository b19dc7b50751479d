// The chief's board: the server draws it anew as things change and this puts it in place. Dialogs stand outside of what is
// renewed, so that nothing that is being written is lost.
const main = document.querySelector("main.chief");
const alive = document.querySelector("[data-alive]");
const timer = document.querySelector(".timer");
const well = alive.querySelector("span").textContent;
const token = () => decodeURIComponent(document.cookie.match(/(?:^|; )podium_csrf=([^;]*)/)?.[1] ?? "");
const board = () => document.getElementById("board");

function say(lost) {
  alive.classList.toggle("lost", lost);
  alive.querySelector("span").textContent = lost ? alive.dataset.lost : well;
}

function show(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const open = board().querySelector("details[open]");
  const [across, down] = [board().querySelector(".scroll")?.scrollLeft ?? 0, main.scrollTop];
  const focused = document.activeElement?.dataset ?? {};
  board().replaceWith(fresh.content.querySelector("#board"));
  if (open) board().querySelector("details")?.setAttribute("open", "");
  if (board().querySelector(".scroll")) board().querySelector(".scroll").scrollLeft = across;
  main.scrollTop = down;
  const again = focused.nudge ? `[data-nudge="${focused.nudge}"]` : focused.answer ? `[data-answer="${focused.answer}"]` : "";
  if (again) board().querySelector(again)?.focus();
  tick();
}

let source;
function listen() {
  source?.close();
  source = new EventSource(main.dataset.stream);
  source.addEventListener("open", () => say(false));
  source.addEventListener("board", (event) => { say(false); show(JSON.parse(event.data)); });
  source.addEventListener("error", () => {
    say(true);
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000 + 3000 * Math.random());
  });
}

// The time that is left runs down from what the server said, whatever the clock of this machine says.
function tick() {
  const { at, ends } = board().dataset;
  const skew = (tick.told === at ? tick.skew : Date.parse(at) - Date.now());
  Object.assign(tick, { told: at, skew });
  const left = ends ? Math.max(0, Math.ceil((Date.parse(ends) - Date.now() - skew) / 1000)) : null;
  const two = (number) => String(Math.floor(number)).padStart(2, "0");
  timer.querySelector("[data-clock]").textContent = left === null ? timer.dataset.none : left ? `${Math.floor(left / 3600)}:${two((left / 60) % 60)}:${two(left % 60)}` : timer.dataset.over;
  timer.classList.toggle("low", left !== null && left < 600);
}

async function send(path, body) {
  const answer = await fetch(`${main.dataset.api}${path}`, { method: "POST", credentials: "same-origin", headers: { "content-type": "application/json", "x-csrf-token": token() }, body: JSON.stringify(body) });
  if (answer.ok) return "";
  const told = await answer.json();
  const lang = document.documentElement.lang === "en" ? "en" : "zh";
  return `${told.words?.[lang] ?? answer.status} ${told.mend?.[lang] ?? ""}`.trim();
}

/** The next time that a clock on the wall shows this. */
function following(time) {
  const [hours, minutes] = time.split(":").map(Number);
  const found = new Date();
  found.setHours(hours, minutes, 0, 0);
  if (found <= new Date()) found.setDate(found.getDate() + 1);
  return found.toISOString();
}

const ACTS = {
  answer: (data, how, about) => send(`/signals/${about}/answers`, { words: data.get("words"), closes: how === "close" }),
  nudge: (data, how, about) => send("/nudges", { seat: about, kind: data.get("kind"), words: data.get("words") }),
  ends: (data, how) => send("/shift-end", { ends: how === "none" || !data.get("ends") ? null : following(data.get("ends")) }),
};

function open(dialog, about, words) {
  dialog.querySelector("form").reset();
  dialog.querySelector("[data-wrong]").hidden = true;
  dialog.dataset.about = about;
  const named = dialog.querySelector("[data-about]");
  if (named) named.textContent = words;
  dialog.showModal();
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.nudge) open(document.getElementById("nudge"), button.dataset.nudge, button.dataset.nudge);
  else if (button.dataset.answer) open(document.getElementById("answer"), button.dataset.answer, button.dataset.about);
  else if (button.dataset.open) open(document.getElementById(button.dataset.open), "", "");
  else if ("cancel" in button.dataset) button.closest("dialog").close();
});

for (const form of document.querySelectorAll("form[data-act]")) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const dialog = form.closest("dialog");
  const wrong = dialog.querySelector("[data-wrong]");
  let said;
  try {
    said = await ACTS[form.dataset.act](new FormData(form), event.submitter?.value, dialog.dataset.about);
  } catch {
    said = document.getElementById("failed").textContent;
  }
  wrong.hidden = !said;
  wrong.textContent = said;
  if (!said) dialog.close();
});

// Where the board was renewed under a dialog, its button is another one now.
for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", () => {
  if (document.activeElement === document.body) board().querySelector(`[data-${dialog.id}="${CSS.escape(dialog.dataset.about)}"]`)?.focus();
});

tick();
setInterval(tick, 1000);
listen();
addEventListener("offline", () => say(true));
addEventListener("online", () => setTimeout(listen, 1500 * Math.random()));
