// What piccolo_admin's page needs of this site: the token that every post carries, the way out when the tables have closed,
// and whether the table that is shown may be changed. It has loaded before piccolo_admin's own script, which is a module.
const { changed, back } = document.body.dataset;
const allowed = JSON.parse(changed);
const token = () => /(?:^|;\s*)podium_csrf=([^;]*)/.exec(document.cookie)?.[1] ?? document.querySelector("meta[name=csrf]").content;

const { open, send } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.open = function (method, ...more) {
  this.podiumMethod = String(method).toUpperCase();
  this.addEventListener("loadend", () => {
    if (this.status === 401) location.assign(back);
  });
  return open.call(this, method, ...more);
};
XMLHttpRequest.prototype.send = function (...body) {
  if (this.podiumMethod !== "GET") this.setRequestHeader("x-csrf-token", token());
  return send.apply(this, body);
};

function state() {
  const table = location.hash.split(/[/?]/)[1] ?? "";
  const may = allowed[table] ?? [];
  document.body.dataset.table = table;
  document.body.dataset.may = may.join(" ");
}
state();
addEventListener("hashchange", state);
addEventListener("popstate", state);
const push = history.pushState;
history.pushState = function (...to) {
  push.apply(this, to);
  state();
};
const replace = history.replaceState;
history.replaceState = function (...to) {
  replace.apply(this, to);
  state();
};
