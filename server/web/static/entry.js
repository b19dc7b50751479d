// The form of an entry: what was typed is checked while one types the next field. The server says what stands beside a
// field, also without this script, when the form is sent; nothing here decides anything.

const form = document.querySelector("[data-check]");
const checking = form.querySelector("[data-checking]");
const touched = new Set([...form.querySelectorAll(".notes:not(:empty)")].map((notes) => notes.id.slice(6)));
let asked = 0, timer = 0;

const beside = (name) => document.getElementById(`notes-${name}`);

function show(answer) {
  for (const place of form.querySelectorAll(".notes")) {
    const name = place.id.slice(6);
    const html = name === "event" || name === "team" || touched.has(name) ? answer.notes[name] ?? "" : "";
    if (place.innerHTML.trim() !== html.trim()) place.innerHTML = html;
    const field = document.getElementById(name);
    if (field) field.toggleAttribute("aria-invalid", Boolean(place.querySelector(".wrong")));
    if (field?.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
  }
  for (const [name, words] of Object.entries(answer.told ?? {})) {
    const line = form.querySelector(`[data-told="${name}"]`);
    if (line) line.textContent = words;
  }
  for (const [name, value] of Object.entries(answer.sexes ?? {})) {
    const list = document.getElementById(name);
    if (value && list && !list.value) list.value = value;
  }
  const room = document.querySelector("[data-room]");
  if (room && answer.room) room.textContent = answer.room;
  form.querySelector("[data-why]")?.classList.toggle("spare", !form.querySelector(".perhaps"));
}

async function check() {
  const mine = ++asked;
  if (checking) checking.hidden = false;
  try {
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { accept: "application/json", "x-csrf-token": form.elements._csrf_token.value },
    });
    if (answer.ok && mine === asked) show(await answer.json());
  } catch { /* the form itself is checked when it is sent */ } finally {
    if (checking && mine === asked) checking.hidden = true;
  }
}

form.addEventListener("change", (event) => {
  if (event.target.name?.startsWith("tick-") || event.target.type === "file") return;
  touched.add(event.target.name);
  clearTimeout(timer);
  timer = setTimeout(check, 150);
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
(form.querySelector("[aria-invalid]") ?? form.querySelector(".perhaps input") ?? form.querySelector("input.input, select.input"))?.focus({ preventScroll: !form.querySelector("[aria-invalid], .perhaps") });
