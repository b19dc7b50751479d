// A sheet of paper is typed without a mouse: Enter goes on to the next cell and only at the last one sends the sheet, a score
// of one figure goes on by itself. Without this script the form works as any other.
const cells = [...document.querySelectorAll("[data-typing] input.figure")];

const on = (cell) => {
  const next = cells[cells.indexOf(cell) + 1] ?? document.querySelector("[data-typing] .button.primary");
  next.focus();
  next.select?.();
};

for (const cell of cells) {
  cell.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); on(cell); }
    if (event.key === "ArrowUp") { event.preventDefault(); cells[cells.indexOf(cell) - 1]?.select(); }
  });
  if ("one" in cell.dataset) cell.addEventListener("input", () => /^[0-3０-３]$/.test(cell.value) && on(cell));
}
