// Whoever changes the language in the middle of a form finds what they typed in the other language, at the same place of the page.
// It waits in this tab alone for as long as the page takes to come. Passwords, one-time codes and files are never kept.

const KEPT = "podium-typed";
const SOON = 60 * 1000;
const SECRET = /password|one-time-code|cc-/;
const DUMB = ["hidden", "password", "file", "submit", "button", "image", "reset"];

const ticks = (one) => one.type === "checkbox" || one.type === "radio";
const kept = (one) => one.name && !DUMB.includes(one.type) && one.tagName !== "BUTTON" && one.tagName !== "FIELDSET" && !SECRET.test(one.autocomplete ?? "");

// Every field of the page under a name that is the same in both languages: its form, its own name, and which of them it is.
function fields() {
  const found = new Map();
  const count = (name) => {
    let place = 0;
    while (found.has(`${name} ${place}`)) place += 1;
    return `${name} ${place}`;
  };
  for (const form of document.forms) {
    const way = (form.getAttribute("action") ?? "").split("?")[0];
    for (const one of form.elements) if (kept(one)) found.set(count(`${way} ${one.name} ${ticks(one) ? one.value : ""}`), one);
  }
  return found;
}

function state(one) {
  if (ticks(one)) return one.checked;
  if (one.tagName === "SELECT") return [...one.options].filter((option) => option.selected).map((option) => option.value);
  return one.value;
}

function touched(one) {
  if (ticks(one)) return one.checked !== one.defaultChecked;
  if (one.tagName !== "SELECT") return one.value !== one.defaultValue;
  const usual = [...one.options].filter((option) => option.defaultSelected);
  const begins = usual.length || one.multiple ? usual : [...one.options].slice(0, 1);
  return [...one.options].some((option) => option.selected !== begins.includes(option));
}

function put(one, value) {
  if (ticks(one)) one.checked = value === true;
  else if (one.tagName === "SELECT") for (const option of one.options) option.selected = value.includes(option.value);
  else one.value = value;
  for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind, { bubbles: true }));
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".language a[hreflang]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const refused = document.querySelector('[role="alert"]:not([popover])'); // such a page shows what was typed, and the next one what is stored
  const typed = [...fields()].filter(([, one]) => touched(one) || (refused && !ticks(one) && one.form.method === "post")).map(([name, one]) => [name, state(one)]);
  if (!typed.length) return sessionStorage.removeItem(KEPT);
  sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, at: Date.now(), top: scrollY, typed }));
});

function back() {
  const text = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  const held = text && JSON.parse(text);
  if (!held || held.path !== location.pathname || Date.now() - held.at > SOON) return;
  const all = fields();
  for (const [name, value] of held.typed) {
    const one = all.get(name);
    if (!one || one.disabled || JSON.stringify(state(one)) === JSON.stringify(value)) continue;
    put(one, value);
    one.closest("details")?.setAttribute("open", "");
  }
  scrollTo(0, held.top);
}
if (document.readyState === "complete") back();
else addEventListener("load", back); // after every other script of the page, which may listen for what is typed
