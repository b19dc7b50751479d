// One cell, several marks: all of them are kept, none counts more than another, and the judge decides.
import { Component } from "./preact-11.2.0.mjs";
import { againOf, aspectsOf, cell, doubtsOf, keepMark, refresh, state } from "./store.js";
import { Icon, dated, display, html, isJudged, settle, settled, shown, t } from "./ui.js";
import { database } from "./database.js";
import { measuredOf, noteOf, reading } from "./notes.js";

const OFFLINE = 60_000; // milliseconds on the way after which a mark was made without a network, or nearly

export class Conflict extends Component {
  componentDidMount() {
    settle();
    refresh();
    database.device.get("this").then((device) => this.setState({ device: device?.name }));
  }

  keep = async (chosen) => {
    if (!settled() || chosen === undefined) return;
    settle();
    const { event, entry, aspect, go } = this.props;
    try {
      await keepMark(event, entry, aspect, chosen.value, againOf(event, entry, aspect.id)?.number ?? chosen.round);
      go(`sheet/${event.id}/${entry}/${aspect.id}`);
    } catch (failure) {
      state.problem = t("disk-failed", { why: failure?.name ?? "" });
      this.forceUpdate();
    }
  };

  render({ event, entry, aspect, go }, { chosen, device }) {
    const now = cell(event.id, entry, aspect.id);
    const found = doubtsOf(now.key);
    const all = found.length ? found : now.value === null ? [] : [{ ...now, made_at: now.at, by: now.by }];
    const pick = all.find((one) => one.id === chosen);
    const max = isJudged(aspect) ? "3" : shown(aspect.maximum);
    const group = event.groups.find((one) => one.aspects.includes(aspect));
    const said = (one, name) => one[name] || (one.device === device ? { measured: measuredOf, note: noteOf }[name](now.key) : ""); // what is noted here may not have been sent
    const none = html`<span class="mute">${t("none-noted")}</span>`;
    const numbered = (name) => (/^T-\d+$/.test(name) ? t("tablet-number", { number: name.slice(2) }) : name);
    const late = (one) => one.stored_at && new Date(one.stored_at) - new Date(one.made_at) > OFFLINE;
    const card = (one) => html`<section class="card candidate" key=${one.id} data-candidate=${one.id} data-chosen=${one.id === chosen ? "" : null}>
      <h2><${Icon} name="mark-local" />${one.device === device ? t("this-tablet", { device: numbered(one.device) }) : numbered(one.device)}<span class="pill stored"><${Icon} name="mark-stored" />${t("kept-there")}</span></h2>
      <p class="figure"><b>${display(aspect, one.value)}</b><span>/${max}</span></p>
      <dl><dt>${t("who")}</dt><dd>${one.by === event.seat ? t("you", { seat: one.by }) : one.by}</dd><dt>${t("when")}</dt><dd>${one.made_at ? dated(one.made_at) : ""}${late(one) ? html` <small>${t("state-stored")} ${dated(one.stored_at)}</small>` : null}</dd>${isJudged(aspect) ? null : html`<dt>${t("measured")}</dt><dd data-measured>${reading(aspect, said(one, "measured")) || none}</dd>`}<dt>${t("note")}</dt><dd data-said>${said(one, "note") || none}</dd></dl>
      <button class=${`button ${one.id === chosen ? "primary" : ""}`} type="button" aria-pressed=${String(one.id === chosen)} onClick=${() => this.setState({ chosen: one.id })}>${one.id === chosen ? html`<${Icon} name="check" />` : null}${t(one.id === chosen ? "chosen" : "choose", { value: display(aspect, one.value) })}</button>
    </section>`;
    return html`<main class="doubt-view" id="content"><h1 class="unseen">${t("state-conflict")}</h1>
      <div class="notice bad" role="alert"><${Icon} name="mark-conflict" /><p><b>${t("two-marks-decide")}</b> ${t("two-marks-why")}</p></div>
      <section class="card about"><span class="code">${entry}</span><div><b>${aspect.id} ${aspect.name}</b><span>${group?.id} ${group?.name}</span></div><div class="asks"><b>${aspect.requirement}</b><span>${t("maximum")} ${max}</span></div></section>
      <div class="candidates-row">${all.map(card)}</div>
      ${state.problem ? html`<p class="message" role="alert">${state.problem}</p>` : null}
      <div class="choices"><button class="button" type="button" data-anew onClick=${() => go(`sheet/${event.id}/${entry}/${aspect.id}`)}><${Icon} name="pencil" />${t("mark-anew")}</button><button class="button" type="button" onClick=${() => go("outbox")}><${Icon} name="clock" />${t("decide-later")}</button></div>
      <button class="button primary decide" type="button" data-decide disabled=${!pick} onClick=${() => this.keep(pick)}><${Icon} name="check" />${pick ? t("decide-for", { value: display(aspect, pick.value) }) : t("choose-one")}</button>
    </main>`;
  }
}
