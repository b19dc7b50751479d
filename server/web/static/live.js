// A live board renews its pieces as they change. The server makes each piece once for everybody; nothing is computed here.
// Without server-sent events (an old proxy) it asks every few seconds instead, and is answered briefly when nothing is new.
const board = document.querySelector("[data-live]");
const status = document.querySelector("[data-status]");
const words = status?.querySelector("span");
const well = words?.textContent;
function say(text) {
  status?.classList.toggle("lost", text === status.dataset.lost);
  if (words && words.textContent !== text) words.textContent = text;
}

function show(pieces) {
  for (const piece of pieces) {
    const shown = document.getElementById(piece.id);
    if (!shown) return reload();
    const fresh = document.createElement("template");
    fresh.innerHTML = piece.html;
    const next = fresh.content.firstElementChild;
    next.hidden = shown.hidden;
    const before = new Set([...shown.querySelectorAll("li, tbody tr")].map((row) => row.textContent));
    for (const row of next.querySelectorAll("li, tbody tr")) if (!before.has(row.textContent)) row.classList.add("fresh");
    shown.replaceWith(next);
  }
}

// Boards were opened or closed: everybody loads the page anew, and not all in the same moment.
let reloading = false;
function reload() {
  if (reloading) return;
  reloading = true;
  setTimeout(() => location.reload(), 5000 * Math.random());
}

function listen() {
  const source = new EventSource(`${board.dataset.live}&since=${encodeURIComponent(board.dataset.since)}`);
  source.addEventListener("open", () => say(well));
  source.addEventListener("parts", (event) => show(JSON.parse(event.data)));
  source.addEventListener("shape", reload);
  source.addEventListener("error", () => {
    say(status?.dataset.lost);
    if (source.readyState === EventSource.CLOSED) setTimeout(ask, 3000);
  });
}

async function ask() {
  const answer = await fetch(board.dataset.live, { headers: { accept: "application/json" }, cache: "no-cache" }).catch(() => null);
  say(answer?.ok ? status?.dataset.slow : status?.dataset.lost);
  if (answer?.ok) {
    const { tag, pieces } = await answer.json();
    if (tag !== board.dataset.since) show(pieces);
    board.dataset.since = tag;
  }
  setTimeout(ask, 4000 + 3000 * Math.random());
}

if (board) window.EventSource ? listen() : ask();
