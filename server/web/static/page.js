// What the office and public pages do beyond links and forms. Everything works without it; nothing here decides anything.

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

each("[data-print]", (button) => button.addEventListener("click", () => window.print()));
each('.rail [aria-current="page"], .tabs [aria-current="page"]', (link) => {
  const strip = link.parentElement, under = link.offsetTop + link.offsetHeight + 16 - strip.offsetTop - strip.clientHeight, over = link.offsetLeft + link.offsetWidth + 16 - strip.offsetLeft - strip.clientWidth;
  if (over > 0) strip.scrollLeft = over; // on a phone the strip is wider than the screen
  if (under > 0) strip.scrollTop = under; // on a low screen the rail is longer
});
each("[data-back]", (button) => (history.length > 1 ? button.addEventListener("click", () => history.back()) : (button.hidden = true)));

// Whoever comes back to a page after a while may have been signed out meanwhile, and a form that is sent then would be lost with
// all that was typed. So it asks first, and stays as it is until it can be sent.
const signedOut = document.getElementById("signed-out");
let leftAlone = false;
document.addEventListener("visibilitychange", () => (leftAlone = true));
const SURE = 5 * 60 * 1000;
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const way = (event.submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "").trim();
  if (!signedOut || form.getAttribute("method") !== "post" || way === "/sign-out" || !(leftAlone || performance.now() > SURE)) return;
  if (form.dataset.asked === "well") return void delete form.dataset.asked;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.asked) return;
  form.dataset.asked = "now";
  const answer = await fetch("/api/session", { headers: { accept: "application/json" }, cache: "no-store" }).catch(() => null);
  const held = answer?.ok ? await answer.json().catch(() => null) : null;
  if (held?.name) {
    form.dataset.asked = "well";
    return form.requestSubmit(event.submitter);
  }
  delete form.dataset.asked;
  signedOut.querySelectorAll("[data-if]").forEach((part) => (part.hidden = part.dataset.if !== (held ? "out" : "lost")));
  signedOut.showPopover();
}, true);

// A form is sent once: a second click while it is under way does nothing.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) return event.preventDefault();
  if (event.target.method === "post" && !("again" in event.target.dataset)) event.target.dataset.sent = "1"; // a file leaves the page as it is
});
window.addEventListener("pageshow", () => each("form[data-sent]", (form) => delete form.dataset.sent));

// What the door keeps on this device (check_in_store.js) goes with whoever signs out, wherever they do it. Check-ins that were not
// sent yet hold no name and stay.
each('form[action="/sign-out"]', (form) => form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const gone = new Promise((done) => {
    const asked = indexedDB.deleteDatabase("podium-door");
    asked.onsuccess = asked.onerror = done;
    setTimeout(done, 2000);
  });
  const workers = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  const doors = workers.filter((one) => one.scope.endsWith("/check-in"));
  await Promise.allSettled([gone, window.caches?.delete("podium-door"), ...doors.map((one) => one.unregister())]);
  form.submit();
}));

// One tick for all that are shown and can be done together; others keep the tick that a person gave them.
each("input[data-all]", (box) => {
  const boxes = [...box.form.querySelectorAll(`input[type=checkbox][name^="${box.dataset.all}"][data-together]`)];
  const show = () => {
    box.checked = boxes.length > 0 && boxes.every((one) => one.checked);
    box.indeterminate = !box.checked && boxes.some((one) => one.checked);
  };
  box.addEventListener("change", () => boxes.forEach((one) => (one.checked = box.checked)));
  boxes.forEach((one) => one.addEventListener("change", show));
  show();
});
// "How?" opens its row in place instead of jumping to it.
each("[data-reveal]", (link) => {
  const row = document.getElementById(link.dataset.reveal);
  link.setAttribute("aria-expanded", "false");
  link.setAttribute("aria-controls", row.id);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    link.setAttribute("aria-expanded", String(row.classList.toggle("open")));
  });
});
each("[data-hide]", (link) => link.addEventListener("click", (event) => {
  const opener = document.querySelector(`[data-reveal="${link.dataset.hide}"]`);
  if (!document.getElementById(link.dataset.hide).classList.contains("open")) return;
  event.preventDefault();
  opener.click();
  opener.focus();
}));

// Typing narrows a list; groups with nothing left close; "/" goes to the box. What was typed outlives a refresh of the list.
let wanted = "";
function narrow() {
  const box = document.querySelector("[data-filter]");
  if (!box) return;
  if (box.value !== wanted) box.value = wanted;
  const sought = wanted.trim().toLowerCase();
  let left = 0;
  each(box.dataset.filter, (item) => {
    item.hidden = !item.dataset.event.toLowerCase().includes(sought);
    left += !item.hidden;
  });
  each("[data-group]", (group) => (group.hidden = !group.querySelector(`${box.dataset.filter}:not([hidden])`)));
  each("[data-none]", (none) => (none.hidden = left > 0 || !sought));
}
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-filter]")) return;
  wanted = event.target.value;
  narrow();
});
document.addEventListener("htmx:afterSwap", narrow);

// "j" and "k" go from row to row of a list: to the box that ticks it, or the way to its own page.
function along(by) {
  const first = (row) => row.querySelector("input[type=checkbox]") ?? row.querySelector("a, button");
  const rows = [...document.querySelectorAll("table.list tbody tr")].filter((row) => first(row)?.offsetParent);
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + by))];
  first(next).focus();
  next.scrollIntoView({ block: "nearest" });
}

// Single keys: "/" finds, "j" and "k" go along a list, "a" goes to what is done with its ticked rows, "n" and "p" turn its pages, "g" and a letter goes, "?" tells which. Never while somebody types, and whoever wants none turns them off.
const keysOn = document.querySelector("[data-keys]");
if (keysOn) {
  keysOn.checked = localStorage.getItem("podium-keys") !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem("podium-keys", keysOn.checked ? "on" : "off"));
}
let going = -Infinity;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") || (keysOn && !keysOn.checked)) return;
  const box = document.querySelector("[data-slash], [data-filter]") ?? document.querySelector("[data-search]");
  const went = event.timeStamp - going < 1500;
  going = -Infinity;
  if (went) {
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) event.preventDefault();
    link?.click();
  } else if (event.key === "/" && box) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "j" || event.key === "k") {
    along(event.key === "j" ? 1 : -1);
  } else if (event.key === "a") {
    document.querySelector(".acting .button")?.focus();
  } else if (event.key === "n" || event.key === "p") {
    document.querySelector(`a[rel="${event.key === "n" ? "next" : "prev"}"]`)?.click();
  } else if (event.key === "?") {
    document.getElementById("keyboard")?.togglePopover();
  } else if (event.key === "g") {
    going = event.timeStamp;
  }
});

// A list narrows as soon as a filter is chosen with the mouse; keys pass through every choice on their way, so they wait for Enter, as typing
// does. The narrowed list is a new page: whoever asked for it stays at the control they asked with.
each("[data-list]", (form) => {
  let keyed = false;
  form.addEventListener("pointerdown", () => (keyed = false));
  form.addEventListener("keydown", (event) => {
    keyed = true;
    if (event.key === "Enter" && event.target.matches("select")) form.requestSubmit();
  });
  form.addEventListener("change", (event) => event.target.matches("select") && !keyed && form.requestSubmit());
  form.addEventListener("submit", () => sessionStorage.setItem("podium-at", document.activeElement.id));
});
const asker = sessionStorage.getItem("podium-at");
sessionStorage.removeItem("podium-at");

// A new page begins where the keyboard is needed: at the control that asked for it, at the first field that is wrong, or at what is said of
// what was just done, behind which its undoing stands.
if (document.activeElement === document.body && !location.hash) {
  const [wrong, said] = [document.querySelector('main [aria-invalid="true"]'), document.querySelector("main .said:is([role=status], [role=alert]):not([data-watch])")];
  if (said) said.tabIndex = -1;
  ((asker && document.getElementById(asker)) || wrong || said)?.focus();
}

// A question has the keyboard while it is open: focus begins at its first field, goes round in it, and goes back to whoever asked.
const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
const stops = (part) => [...part.querySelectorAll(STOPS)].filter((one) => !one.disabled && one.offsetParent);
document.addEventListener("toggle", (event) => {
  if (event.newState !== "open" || !event.target.matches("[popover]") || event.target.contains(document.activeElement)) return;
  const all = stops(event.target);
  (all.find((one) => one.matches("input, select, textarea")) ?? all.find((one) => one.matches(".primary")) ?? all[0])?.focus();
}, true);
document.addEventListener("keydown", (event) => {
  const open = event.key === "Tab" && document.querySelector(":popover-open");
  const all = open ? stops(open) : [];
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (!all.length || (open.contains(document.activeElement) && document.activeElement !== edge)) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0]).focus();
});

// Whoever was at a control of a part that is renewed is there again, also where it has no id (htmx finds those that have one); where it
// is gone, they are at the content, not at the top of the page.
const says = (one) => one.id || one.getAttribute("href") || one.textContent.trim();
let held = "";
const hold = (part) => (held = part.contains(document.activeElement) ? says(document.activeElement) : "");
function release() {
  if (held && document.activeElement === document.body) (stops(document).find((one) => says(one) === held) ?? document.getElementById("content"))?.focus({ preventScroll: true });
  held = "";
}
document.addEventListener("htmx:beforeSwap", (event) => hold(event.detail.target));
document.addEventListener("htmx:afterSettle", release);

// A year has four digits: after the fourth the keys go on to what follows, as in every other part of a date.
each("input[type=date]", (field) => (field.max ||= "9999-12-31"));
each("input[type=datetime-local]", (field) => (field.max ||= "9999-12-31T23:59"));

// A file may be dropped on its form; its name is shown.
each("[data-drop]", (form) => {
  const input = form.querySelector("input[type=file]");
  const name = form.querySelector("[data-drop-name]");
  input.addEventListener("change", () => input.files.length && (name.textContent = [...input.files].map((file) => file.name).join(" · ")));
  form.addEventListener("dragover", () => form.classList.add("over"));
  form.addEventListener("dragleave", () => form.classList.remove("over"));
  form.addEventListener("drop", () => form.classList.remove("over"));
});

// A form that asks for nothing but a file goes as soon as the file is chosen.
each("[data-send]", (input) => input.addEventListener("change", () => input.files.length && input.form.requestSubmit()));

// What is to be sent elsewhere can be copied; the button says so.
each("[data-copy]", (button) => {
  const source = document.getElementById(button.dataset.copy);
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    button.textContent = button.dataset.copied;
  });
});

// The time that is left runs down from what the server said, whatever the clock of this machine says.
each("[data-left]", (line) => {
  const told = line.querySelector("b");
  const end = performance.now() + 1000 * line.dataset.left;
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    const clock = [left / 3600 % 24, left / 60 % 60, left % 60].map((part) => two(Math.floor(part))).join(":");
    told.textContent = left > 0 ? line.dataset.words.replace("{days}", Math.floor(left / 86400)).replace("{clock}", clock) : line.dataset.over;
    if (left <= 0) clearInterval(ticking);
  };
  const ticking = setInterval(tick, 1000);
  tick();
});

// Printing goes on whatever page one looks at; where it is shown, it is asked for until it is done, and only the end is read aloud.
each("[data-printing]", (note) => {
  const [told, bar] = [note.querySelector("b"), note.querySelector("progress")];
  const many = new Intl.NumberFormat(document.documentElement.lang);
  const timer = setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(note.dataset.printing, { headers: { accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return;
    const { issued, printed } = await answer.json();
    [bar.max, bar.value] = [issued, printed];
    const over = printed >= issued;
    if (over) told.ariaLive = "polite";
    told.textContent = note.dataset[over ? "over" : "words"].replace("{done}", many.format(printed)).replace("{all}", many.format(issued));
    if (!over) return;
    clearInterval(timer);
    note.classList.add("ok");
    note.querySelector("a")?.remove();
  }, 2000);
});

// A workbook of many rows takes a while: its button says so until the file is there. What is not a file is shown as what it is.
each("a[data-making]", (link) => link.addEventListener("click", async (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (link.ariaBusy === "true") return;
  const words = link.lastChild, said = words.textContent;
  [link.ariaLive, link.ariaBusy, words.textContent] = ["polite", "true", link.dataset.making];
  const answer = await fetch(link.href).catch(() => null);
  const name = answer?.headers.get("content-disposition")?.split("UTF-8''")[1];
  const file = answer?.ok && name ? await answer.blob().catch(() => null) : null;
  [link.ariaBusy, words.textContent] = ["false", said];
  if (!file) return location.assign(link.href);
  const saved = document.createElement("a");
  [saved.href, saved.download] = [URL.createObjectURL(file), decodeURIComponent(name)];
  saved.click();
  setTimeout(() => URL.revokeObjectURL(saved.href), 60000);
}));

// The office says so when the server no longer answers its refreshes.
const alive = document.querySelector("[data-alive]");
if (alive) {
  const words = alive.querySelector("span");
  const well = words.textContent;
  const tell = (lost) => {
    alive.classList.toggle("lost", lost);
    const said = lost ? alive.dataset.lost : well;
    if (words.textContent !== said) words.textContent = said;
  };
  document.addEventListener("htmx:sendError", () => tell(true));
  document.addEventListener("htmx:timeout", () => tell(true));
  document.addEventListener("htmx:afterOnLoad", () => tell(false));
  window.addEventListener("offline", () => tell(true));
  window.addEventListener("online", () => tell(false));
}

// The corridor looks again every few seconds, unless somebody is answering a question or the page is not looked at.
setInterval(() => {
  const corridor = document.querySelector("[data-refresh]");
  if (!corridor || document.hidden || document.querySelector(":popover-open") || corridor.querySelector("input:focus")) return;
  window.htmx?.trigger(corridor, "refresh");
}, 1000 * (document.querySelector("[data-refresh]")?.dataset.refresh ?? 10));

// A page that something is about to happen on looks for it by itself, and changes only where there is something new.
setInterval(async () => {
  if (document.hidden || !document.querySelector("[data-watch]")) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const shown = document.querySelector("main");
  if (!fresh || fresh.innerHTML === shown.innerHTML) return;
  hold(shown);
  shown.replaceWith(document.adoptNode(fresh));
  release();
}, 1000 * (document.querySelector("[data-watch]")?.dataset.watch ?? 60));
