// The screen of a hall: its screens take turns, its clock goes, and it fetches itself anew when something has changed. Everything
// that it shows is on the page, so that it goes on turning when the network is away; then it says so.
const body = document.body;
const main = document.querySelector("main");
const lost = document.querySelector("[data-lost]");
const turns = document.querySelector("[data-turn]");
const seconds = 1000 * body.dataset.seconds;
let at = 0;

function turn(to) {
  const screens = [...main.querySelectorAll(".screen")];
  at = (to + screens.length) % screens.length;
  screens.forEach((screen, place) => (screen.hidden = place !== at));
  const dots = document.querySelector(".dots");
  dots.replaceChildren(...screens.slice(0, 24).map((_, place) => Object.assign(document.createElement("i"), { className: place === at ? "on" : "" })));
  turns.textContent = screens.length > 1 ? turns.dataset.turn.replace("{number}", at + 1).replace("{all}", screens.length) : "";
}

let turning = setInterval(() => turn(at + 1), seconds);
const by = (step) => {
  clearInterval(turning);
  turn(at + step);
  turning = setInterval(() => turn(at + 1), seconds);
};
document.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, " ": 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
  if (step) by(step);
  if (event.key === "f") document.documentElement.requestFullscreen?.();
});
main.addEventListener("click", () => by(1));

let waiting = null;
function renew() {
  waiting ??= setTimeout(async () => {
    waiting = null;
    const answer = await fetch(body.dataset.hall, { headers: { accept: "text/html" }, cache: "no-store" }).catch(() => null);
    lost.hidden = Boolean(answer?.ok);
    if (!answer?.ok) return setTimeout(renew, 3000);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    main.replaceChildren(...document.adoptNode(fresh).children);
    turn(Math.min(at, main.children.length - 1));
  }, 1000);
}

const source = new EventSource(`${body.dataset.live}&since=${encodeURIComponent(body.dataset.since)}`);
source.addEventListener("parts", renew);
source.addEventListener("shape", renew);
source.addEventListener("open", () => (lost.hidden = true));
source.addEventListener("error", () => (lost.hidden = false));
setInterval(renew, 60000);

// The hall's clock is the server's, whatever this machine thinks.
const clock = document.querySelector("[data-clock]");
const begun = performance.now();
const told = Date.parse(clock.dataset.clock);
const zone = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" };
setInterval(() => (clock.textContent = new Date(told + performance.now() - begun).toLocaleTimeString("en-GB", zone)), 1000);
turn(0);
