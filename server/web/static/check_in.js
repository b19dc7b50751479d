// The door: whoever is scanned or picked is written to this device first, shown at once, and sent as soon as the server answers.
// Somebody counts as arrived here when the check-in is on disk; the page says apart how many of them the server does not have yet.

const page = JSON.parse(document.getElementById("door").textContent);
const words = page.words;
const [{ Store }, disk, { watch }] = await Promise.all([import(page.store), import(page.disk), import(page.camera)]);
const store = await Store.open(page, disk);

const REFRESH = 20_000;
const BADGE = /^(?:https?:\/\/\S+\/b\/)?(P[BJ][A-Z2-7]{26})(?:[A-Z2-7]{16})?$/; // a competitor's is an address that opens more than the door (server/registration/badge_codes.py)
const SHOWN = 8;
const LOCALE = page.lang === "en" ? "en-GB" : "zh-CN";
const WHICH = page.lang === "en" ? 1 : 0;
const $ = (selector) => document.querySelector(selector);
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

let people = new Map(); // token → who is to come
let here = new Map(); // token → { at, by, waiting }
let version = "";
let loaded = 0;
let net = "online";
let shown; // the token on the card
let close; // the camera, while it is open

function element(name, look, ...children) {
  const made = document.createElement(name);
  if (look) made.className = look;
  made.append(...children.filter((child) => child !== undefined && child !== ""));
  return made;
}
const icon = (name) => element("i", `i i-${name}`);
function button(look, text, act) {
  const made = element("button", `button ${look}`, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}
function clock(moment) {
  const then = new Date(moment);
  const time = then.toLocaleTimeString(LOCALE, { hour: "2-digit", minute: "2-digit", hour12: false });
  return then.toDateString() === new Date().toDateString() ? time : `${then.toLocaleDateString(LOCALE, { month: "short", day: "numeric" })} ${time}`;
}
const eventOf = (person) => [person.event[WHICH], WHICH ? "" : person.division].filter(Boolean).join(" · ");
const whence = (person) => [...new Set([person.delegation[WHICH], person.team, person.unit])].filter(Boolean).join(" · ");

// ---------- the card: who it is, and what became of it ----------

async function show(look, headline, token, detail = "", acts = []) {
  shown = token;
  const person = people.get(token);
  const picture = await store.face(person?.photo).catch(() => undefined);
  if (shown !== token) return; // the next one was faster
  const card = $("[data-card]");
  card.className = `card person ${look}`;
  const face = picture ? element("img", "portrait") : element("div", "portrait nobody", person ? person.name.slice(0, 1) : icon(look === "bad" ? "x" : "qrcode"));
  if (picture) Object.assign(face, { src: `data:image/jpeg;base64,${picture}`, alt: fill(words.photo, person) });
  const state = element("p", "state", icon({ good: "circle-check-filled", again: "alert-triangle-filled", bad: "circle-x-filled", ask: "user-search" }[look]), element("span", "", headline));
  const about = person ? [element("h2", "", person.name), element("p", "number", `${person.number}${person.shift ? ` · ${fill(words.shift, person)}` : ""}`), element("p", "", person.role ? person.role[WHICH] : eventOf(person)), whence(person) && element("p", "mute", whence(person))].filter(Boolean) : [];
  card.replaceChildren(face, element("div", "whois", state, ...about, detail && element("p", person ? "mute" : "", detail), element("div", "buttons", ...acts)));
  if (look === "ask") card.querySelector(".buttons .primary")?.focus();
  navigator.vibrate?.(look === "good" ? 60 : [60, 60, 60]);
}

const back = (token) => button("small", words.mistaken, () => takeBack(token));

function showArrived(token, look) {
  const { at, by, waiting } = here.get(token);
  const headline = look === "again" ? fill(words.already, { time: clock(at), by }) : fill(words.arrived, { time: clock(at) });
  return show(look, headline, token, waiting ? words.unsent : "", [back(token)]);
}

const showAsk = (token) => (here.has(token) ? showArrived(token, "again") : show("ask", words.ask, token, "", [button("primary big", words.arrive, () => arrive(token, "typed"))]));

// ---------- arriving ----------

async function scanned(text) {
  const token = text.match(BADGE)?.[1];
  if (!token) return show("bad", words.code, undefined, words["code-mend"]);
  if (token.slice(2, 8) !== page.mark) return show("bad", words.stranger, undefined, words["stranger-mend"]);
  return arrive(token, "scanned");
}

async function arrive(token, way) {
  if (!people.has(token)) return show("bad", words.unknown, undefined, loaded ? fill(words["unknown-mend"], { time: clock(loaded) }) : words.empty);
  if (here.has(token)) return showArrived(token, "again");
  let row;
  try {
    row = await store.keep(token, way, people.get(token).number);
  } catch {
    return show("bad", words.disk, token, words["disk-mend"]);
  }
  here.set(token, { at: row.made_at, by: page.by, waiting: row.id });
  await showArrived(token, "good");
  paint();
  await send();
}

async function takeBack(token) {
  const { waiting } = here.get(token) ?? {};
  try {
    if (waiting && !sending) await store.forget(waiting);
    else await store.ask(`${page.api}/back`, { token });
  } catch (failed) {
    return show("bad", words["back-failed"], token, failed.said?.[page.lang] ?? words["back-mend"]);
  }
  here.delete(token);
  paint();
  return show("ask", words["taken-back"], token, "", [button("", words.arrive, () => arrive(token, "typed"))]);
}

// ---------- the server ----------

let sending = false;
async function send() {
  if (sending) return;
  sending = true;
  try {
    await store.send((row, answer) => {
      const { status, at, by } = answer;
      if (status === "refused") here.delete(row.token);
      else here.set(row.token, { at: at || row.made_at, by: by || page.by });
      if (status === "refused" && shown === row.token) show("bad", answer[page.lang], row.token);
      else if (status === "already" && shown === row.token) showArrived(row.token, "again");
      else if (status === "stored" && shown === row.token && $("[data-card].good")) showArrived(row.token, "good");
    });
    net = "online";
  } catch (failed) {
    await lost(failed);
  } finally {
    sending = false;
    paint();
  }
}

async function refresh() {
  try {
    const said = await store.ask(`${page.api}?version=${version}`);
    if (said.people) people = new Map(said.people.map((person) => [person.token, person]));
    version = said.version;
    loaded = Date.now();
    here = new Map(said.here.map(({ token, at, by }) => [token, { at, by }]));
    for (const row of await store.waiting()) if (!here.has(row.token)) here.set(row.token, { at: row.made_at, by: page.by, waiting: row.id });
    await store.keepList({ version, people: [...people.values()], here: said.here, loaded });
    net = "online";
    paint();
    await loadFaces();
  } catch (failed) {
    await lost(failed);
    paint();
  }
}

async function loadFaces() {
  const there = await store.faces();
  const missing = [...new Set([...people.values()].map((person) => person.photo))].filter((id) => id && !there.has(id));
  for (let start = 0; start < missing.length; start += 40) {
    const faces = await store.ask(`${page.api}/faces?ids=${missing.slice(start, start + 40)}`);
    await store.keepFaces(faces);
    paintNet();
  }
}

async function lost(failed) {
  net = failed.out ? "out" : "offline";
  if (!failed.out) return;
  await store.wipe();
  await store.openList();
  [people, here, version, loaded] = [new Map(), new Map(), "", 0];
}

async function turn() {
  await send();
  if (!sending) await refresh();
}

// ---------- the list ----------

function paint() {
  const events = new Map();
  const judges = [...people.values()].filter((person) => person.role);
  const competitors = [...people.values()].filter((person) => !person.role);
  for (const person of competitors) events.set(person.code, [...(events.get(person.code) ?? []), person]);
  const arrived = competitors.filter((person) => here.has(person.token)).length;
  $("[data-arrived]").textContent = arrived;
  $("[data-all]").textContent = competitors.length;
  $("[data-bar]").max = Math.max(competitors.length, 1);
  $("[data-bar]").value = arrived;
  paintJudges(judges);
  const open = new Set([...document.querySelectorAll("[data-list] details[open]")].map((one) => one.dataset.code));
  const lists = [...events.entries()].sort().map(([code, members]) => {
    const away = members.filter((person) => !here.has(person.token));
    const made = element("details", "", summary(code, members, away), ...(away.length ? [element("ul", "", ...away.map(line))] : [element("p", "mute all", words.complete)]));
    made.dataset.code = code;
    made.open = open.has(code);
    return made;
  });
  $("[data-list]").replaceChildren(...(lists.length ? lists : [element("p", "empty mute", loaded ? words.nobody : words.empty)]));
  paintNet();
}

function paintJudges(judges) {
  const away = judges.filter((person) => !here.has(person.token));
  $("[data-judges]").hidden = !judges.length;
  $("[data-judges-arrived]").textContent = judges.length - away.length;
  $("[data-judges-all]").textContent = judges.length;
  $("[data-judges-bar]").max = Math.max(judges.length, 1);
  $("[data-judges-bar]").value = judges.length - away.length;
  $("[data-judges-away]").replaceChildren(...(away.length ? [element("ul", "", ...away.map(line))] : [element("p", "mute all", words.complete)]));
}

function summary(code, members, away) {
  const count = element("em", away.length ? "" : "done", fill(away.length ? words.missing : words.done, { count: away.length, all: members.length }));
  return element("summary", "", icon("chevron-right"), element("b", "", eventOf(members[0])), element("span", "mute mono", code), count);
}

function line(person) {
  const made = button("quiet", "", () => showAsk(person.token));
  made.append(element("span", "mono", person.number), element("b", "", person.name), element("span", "mute", person.role ? person.role[WHICH] : person.delegation[WHICH]));
  return element("li", "", made);
}

async function paintNet() {
  const waiting = (await store.waiting()).length;
  const faces = (await store.faces().catch(() => new Set())).size;
  const place = $("[data-net]");
  place.className = `net ${net === "online" && !waiting ? "" : net}`;
  place.querySelector(".i").className = `i i-${net === "online" ? "wifi" : "wifi-off"}`;
  const told = waiting ? fill(words.waiting, { count: waiting }) : net === "online" ? words.sent : "";
  place.querySelector("span").textContent = [words[net], told].filter(Boolean).join(" · ");
  $("[data-loaded]").textContent = loaded ? fill(words.loaded, { time: clock(loaded), people: people.size, faces }) : words.empty;
  $("[data-sign-in]").hidden = net !== "out";
  const others = await store.others();
  $("[data-others]").hidden = !others;
  $("[data-others] b").textContent = fill(words.others, { count: others });
  paintRefused(await store.refused());
}

function paintRefused(rows) {
  const place = $("[data-refused]");
  place.hidden = !rows.length;
  const lines = rows.map((row) => {
    const who = [row.number, people.get(row.token)?.name].filter(Boolean).join(" ");
    const told = fill(words.refused, { who, time: clock(row.made_at), why: row.refused[page.lang] });
    return element("li", "", told, " ", button("small", words.read, () => store.forget(row.id).then(paintNet)));
  });
  place.querySelector("ul").replaceChildren(...lines);
}

// ---------- typing ----------

const found = (typed) => {
  const sought = typed.normalize("NFKC").trim().toUpperCase();
  const bare = sought.replace(/[^\p{L}\p{N}]/gu, "");
  if (!bare) return [];
  const exact = [...people.values()].filter((person) => person.number.toUpperCase() === sought);
  if (exact.length) return exact;
  return [...people.values()].filter(
    (person) => person.number.replace(/\W/g, "").toUpperCase().endsWith(bare) || (bare.length === 4 && person.tail.toUpperCase() === bare) || person.name.toUpperCase().includes(sought),
  );
};

function suggest() {
  const typed = $("#who").value;
  const matches = found(typed);
  const rows = matches.slice(0, SHOWN).map((person) => {
    const made = button("quiet", "", () => pick(person.token));
    made.append(element("b", "", person.name), element("span", "mono", person.number), element("span", "mute", person.role ? person.role[WHICH] : `${eventOf(person)} · ${person.delegation[WHICH]}`), here.has(person.token) ? element("span", "tag ok", words.here) : "");
    return element("li", "", made);
  });
  const more = matches.length > SHOWN ? [element("li", "mute more", fill(words.more, { count: matches.length - SHOWN }))] : [];
  const none = typed.trim() && !matches.length ? [element("li", "mute more", words.none)] : [];
  $("[data-found]").replaceChildren(...rows, ...more, ...none);
}

function pick(token) {
  $("#who").value = "";
  suggest();
  showAsk(token);
}

$("[data-find]").addEventListener("submit", (event) => {
  event.preventDefault();
  const matches = found($("#who").value);
  if (matches.length === 1) pick(matches[0].token);
  else $("[data-found] button")?.focus();
});
$("#who").addEventListener("input", suggest);

// ---------- the camera ----------

async function camera() {
  if (close) {
    close();
    close = undefined;
  } else {
    try {
      if (!navigator.mediaDevices) throw new Error("insecure");
      close = await watch($("video"), page.jsqr, scanned);
      $("[data-camera-words]").textContent = words.aim;
    } catch (failed) {
      $("[data-camera-words]").textContent = words[{ NotAllowedError: "denied", insecure: "insecure" }[failed.name === "Error" ? failed.message : failed.name] ?? "camera-failed"];
    }
  }
  $("[data-viewer]").classList.toggle("open", Boolean(close));
  if (close) $(".scan").scrollIntoView({ block: "start" }); // so that a phone shows the card below as well
  $("[data-camera] span").textContent = close ? words.close : words.open;
  if (!close && $("[data-camera-words]").textContent === words.aim) $("[data-camera-words]").textContent = words.idle;
}
$("[data-camera]").addEventListener("click", camera);

// ---------- without a connection ----------

async function keepPage() {
  if (!navigator.serviceWorker || !window.caches) return;
  await navigator.serviceWorker.register(page.worker, { scope: page.page });
  const cache = await caches.open("podium-door");
  const assets = [...document.querySelectorAll("link[href], script[src], img[src]")].map((one) => one.href || one.src).filter((url) => url.includes("/static/"));
  const wanted = [...new Set([...assets, ...[page.store, page.disk, page.camera, page.jsqr].map((path) => new URL(path, location.href).href)])];
  const door = new Request(page.page, { credentials: "same-origin", cache: "no-store" });
  await cache.addAll([...wanted, door]); // all or nothing: without a connection what was kept stays
  for (const kept of await cache.keys()) if (![...wanted, door.url].includes(kept.url)) await cache.delete(kept);
  document.documentElement.dataset.kept = "yes";
}

window.addEventListener("online", turn);
window.addEventListener("offline", () => { net = "offline"; paint(); });
document.addEventListener("visibilitychange", () => document.hidden || turn());
setInterval(() => document.hidden || turn(), REFRESH);

const before = await store.kept();
if (before) {
  people = new Map(before.people.map((person) => [person.token, person]));
  here = new Map(before.here.map(({ token, at, by }) => [token, { at, by }]));
  [version, loaded] = [before.version, before.loaded];
}
for (const row of await store.waiting()) if (!here.has(row.token)) here.set(row.token, { at: row.made_at, by: page.by, waiting: row.id });
paint();
await Promise.all([turn(), keepPage().catch(() => {})]);
