// The ceremony: one step per key press or touch. Everything is on the page already, so that nothing is fetched between two names; where it
// stood is in the address, so that a page that was closed by mistake goes on there.
const steps = [...document.querySelectorAll(".step")];
const count = document.querySelector("[data-count]");
const cue = document.querySelector(".cue");
let at = Math.min(Math.max(Number.parseInt(location.hash.slice(1), 10) || 1, 1), steps.length) - 1;
let resting = null;

function show() {
  steps.forEach((step, place) => (step.hidden = place !== at));
  count.textContent = `${at + 1} / ${steps.length}`;
  history.replaceState(null, "", `#${at + 1}`);
}

function go(by) {
  const to = Math.min(Math.max(at + by, 0), steps.length - 1);
  if (to === at) return;
  at = to;
  show();
}

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

// What to press stands there until somebody has pressed it, and comes back when the mouse is moved.
function stir() {
  cue.classList.remove("away");
  clearTimeout(resting);
  resting = setTimeout(() => cue.classList.add("away"), 4000);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { ArrowRight: 1, ArrowDown: 1, " ": 1, PageDown: 1, Enter: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 }[event.key];
  if (by && event.target.closest("a") && event.key === "Enter") return;
  if (by) {
    event.preventDefault();
    if (!event.repeat) go(by);
  }
  if (event.key === "f" || event.key === "F") full();
});
document.querySelector("[data-steps]").addEventListener("click", (event) => go(event.clientX < window.innerWidth / 3 ? -1 : 1));
document.addEventListener("dblclick", (event) => event.preventDefault());
document.addEventListener("pointermove", stir);
show();
stir();
