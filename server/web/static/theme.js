// High contrast is a choice of this tablet. Runs in the head, before anything is painted.
document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-theme-switch]")) return;
  const theme = document.documentElement.dataset.theme === "dark" ? "" : "dark";
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
});
