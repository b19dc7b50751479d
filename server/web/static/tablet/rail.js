// The rail: where the marks are. Always in the same place, on every screen; a tap opens the outbox.
import { signatureCounts } from "./signing.js";
import { paired } from "./device.js";
import { reserve } from "./reserve.js";
import { counts, inDoubt, sender, state, toTalk } from "./store.js";
import { Icon, clock, html, t } from "./ui.js";

export function Rail() {
  const [marks, signed] = [counts(), signatureCounts()];
  const [sent, local, stored] = [marks.sent + signed.sent, marks.local + signed.local, marks.stored];
  const told = state.session === "unreachable" ? "offline" : (sender?.net ?? "offline");
  const net = paired.revoked && told === "signed-out" ? "out-of-service" : told;
  const away = net !== "online";
  const owing = local + sent;
  const others = state.others.reduce((sum, one) => sum + one.count, 0);
  const doubts = inDoubt().length;
  const refused = marks.refused + signed.refused;
  const worry = doubts ? ["mark-conflict", `${t("state-conflict")} ${doubts}`] : refused ? ["ban", `${t("state-refused")} ${refused}`] : toTalk().length ? ["refresh", `${t("state-again")} ${toTalk().length}`] : null;
  const detail = away ? t(`${net}-detail`, { time: clock(sender?.since ?? Date.now()) }) : owing ? t("waiting", { count: owing }) : sender?.replied ? t("replied", { time: clock(sender.replied) }) : t("idle");
  const step = (name, count) => html`<li class=${`${name} ${count ? "" : "zero"}`}><${Icon} name=${`mark-${name}`} /><span>${t(`state-${name}`)}</span><b data-count=${name}>${count}</b></li>`;
  return html`<div class=${`sync ${away ? "offline" : ""}`} id="sync" role="status">
    <div class="net"><${Icon} name=${away ? "wifi-off" : "wifi"} /><div><b data-net>${away ? t(net, { count: owing }) : t("online")}</b><span data-net-detail>${others ? `${detail} · ${t("others", { count: others })}` : detail}</span></div></div>
    <ol class="flow">${step("local", local)}${step("sent", sent)}${step("stored", stored)}</ol>
    <a class=${`out ${worry ? "doubt" : ""}`} href="#/outbox" aria-label=${worry ? `${worry[1]} · ${t("open-outbox")}` : t("open-outbox")}>${worry ? html`<${Icon} name=${worry[0]} /><span>${worry[1]}</span>` : owing ? html`<span>${t("look")}</span>` : html`<${Icon} name="check" /><span>${t("all-stored")}</span>`}<${Icon} name="chevron-right" /></a>
  </div>`;
}

/** One banner at a time: what the judge should know now, and the way out. */
export function Banner({ worker, screen, least = null }) {
  const { session, update, room, full } = state;
  if (paired.revoked && sender?.net !== "online") return bar("bad", "ban", t("revoked"), counts().local + signatureCounts().local ? html`<a class="button" href="#/codes" data-revoked><${Icon} name="qrcode" />${t("show-codes")}</a>` : null);
  if (sender?.net === "signed-out" || session === "out") return bar("warn", "lock", t("session-over"), paired.row ? html`<a class="button" href="#/enter">${t("sign-in")}</a>` : html`<a class="button" href="/sign-in?next=/tablet">${t("sign-in")}</a>`);
  if (full) return bar("bad", "alert-triangle", t("disk-full"), null, "data-disk-full");
  if (reserve.spent) return bar("bad", "alert-triangle", t("room-spent"), null, "data-room-spent");
  if (room?.low) return bar("warn", "alert-triangle", t("room-low", { free: room.free }));
  if (worker === "missing") return bar("warn", "info-circle", t("no-https"));
  const apart = toTalk().find((key) => key !== `${screen.event?.id}/${screen.entry}/${screen.aspect?.id ?? screen.aspect}`);
  if (apart) return bar("bad", "refresh", t("apart-now", { place: apart.split("/").slice(1).join(" ") }), html`<a class="button" href=${`#/spread/${apart}`}>${t("spread-look")}</a>`, "data-apart");
  if (update && !state.drafts.size) return bar("info", "refresh", t("update-waits"), html`<button class="button" type="button" data-update onClick=${update}>${t("update-now")}</button>`);
  return least;
}

const bar = (kind, icon, words, action = null, mark = "data-bar") => html`<div class=${`notice ${kind}`} role="status" ...${{ [mark]: true }}><${Icon} name=${icon} /><p>${words}</p>${action}</div>`;
