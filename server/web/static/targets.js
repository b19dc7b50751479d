// The table of targets: a block copied in Excel is put into its cells; what all of them add up to stands beside the plan's total.
// Without script the cells are fields, and a workbook brings the same numbers.

const grid = document.querySelector("[data-targets]");
const inputs = (row) => [...row.querySelectorAll("input.cell")];
const rows = () => [...grid.querySelectorAll("tbody tr")];
const plain = (text) => text.normalize("NFKC").replace(/[,\s]/g, "");
const format = new Intl.NumberFormat(document.documentElement.lang);

const HEADING = /^(市|地市|城市|city|合计|总计|total|together)$/i;
const cityOf = (row) => row.querySelector("input.city") ?? row.querySelector("[data-city]");
const nameOf = (row) => (cityOf(row).value ?? cityOf(row).textContent).trim();
const isBlank = (row) => !nameOf(row) && inputs(row).every((cell) => !cell.value);

function blank() {
  const there = rows().find(isBlank);
  if (there) return there;
  const last = rows().at(-1), made = last.cloneNode(true), place = rows().length;
  made.querySelectorAll("input").forEach((input) => {
    input.name = input.name.replace(/^(\w+) \d+/, `$1 ${place}`);
    input.id = input.id.replace(/-\d+/, `-${place}`);
    input.value = "";
  });
  made.querySelectorAll("label").forEach((label) => { label.htmlFor = label.htmlFor.replace(/-\d+/, `-${place}`); });
  last.after(made);
  return made;
}

// Lines that begin with a name go to the row of that name; lines of numbers go down from the cell where they were pasted.
function put(target, text) {
  let row = target.closest("tr");
  const start = Math.max(0, inputs(row).indexOf(target));
  for (const line of text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map((one) => one.split("\t"))) {
    const city = line[0].trim(), named = /[^\d.–—-]/.test(plain(city));
    if (named && HEADING.test(city)) continue;
    const into = named ? rows().find((one) => nameOf(one) === city) ?? blank() : row;
    if (!into) break;
    if (named && cityOf(into).matches("input")) cityOf(into).value = city;
    const cells = inputs(into).slice(named ? 0 : start);
    line.slice(named ? 1 : 0).forEach((one, at) => { if (cells[at]) cells[at].value = plain(one).replace(/^[–—-]$/, ""); });
    row = into.nextElementSibling;
  }
  grid.dispatchEvent(new Event("input"));
}

function sum() {
  for (const shown of grid.querySelectorAll("[data-all]")) {
    const cells = [...grid.querySelectorAll(`input.cell[data-sum="${shown.dataset.all}"]`)];
    const all = cells.reduce((total, cell) => total + (/^\d+$/.test(plain(cell.value)) ? Number(plain(cell.value)) : 0), 0);
    shown.textContent = format.format(all);
    const apart = shown.parentElement.querySelector("[data-apart]");
    if (!apart) continue;
    const difference = all - Number(apart.dataset.apart);
    apart.textContent = (difference < 0 ? apart.dataset.below : difference ? apart.dataset.above : apart.dataset.equal).replace("#", format.format(Math.abs(difference)));
  }
}

grid.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain");
  if (!event.target.matches("input.cell, input.city") || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  put(event.target, text);
});
grid.addEventListener("input", sum);
sum();
