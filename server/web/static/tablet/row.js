// Marking by aspect: one aspect, all entries in a row, as panels prefer for judged work.
import { Component } from "./preact-11.2.0.mjs";
import { aspectsOf, cell, isMarked } from "./store.js";
import { draftOf, place } from "./drafts.js";
import { Icon, Still, display, html, isJudged, look, t } from "./ui.js";
import { Last } from "./last.js";
import { Pad } from "./pad.js";

class Stop extends Still {
  render({ entry, aspect, value, condition, draft, current }) {
    const worn = draft !== "" ? "draft" : condition;
    const figure = condition === "conflict" ? "?" : draft !== "" ? draft : value === null ? "—" : display(aspect, value);
    return html`<button class=${`stop ${worn}`} type="button" data-entry=${entry} aria-current=${current ? "true" : null}>
      <span class="code">${entry}</span><b data-value>${figure}</b><span class=${`wears ${worn}`}><${Icon} name=${look(worn)} />${t(`state-${worn}`)}</span></button>`;
  }
}

export class Row extends Component {
  componentDidMount() {
    this.show();
    addEventListener("resize", this.turned);
  }

  componentWillUnmount = () => removeEventListener("resize", this.turned);
  turned = () => this.show();
  componentDidUpdate = (before) => (before.entry !== this.props.entry || before.aspect !== this.props.aspect) && this.show();
  show = () => document.querySelector(".stop[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  render({ event, entry, aspect: id, go, lang }) {
    const aspects = aspectsOf(event);
    const at = Math.max(0, aspects.findIndex((aspect) => aspect.id === id));
    const aspect = aspects[at];
    const row = (code, which = aspect) => `row/${event.id}/${code}/${which.id}`;
    const owed = (codes, which = aspect) => codes.find((code) => !isMarked(event.id, code, which.id));
    const where = event.entries.indexOf(entry);
    const nextEntry = owed([...event.entries.slice(where + 1), ...event.entries.slice(0, where)]);
    const [before, after] = [aspects[at - 1], aspects[at + 1]];
    const into = (which) => row(owed(event.entries, which) ?? event.entries[0], which);
    const onward = nextEntry ? () => go(row(nextEntry)) : after ? () => go(into(after)) : null;
    const says = nextEntry ? t("next-entry", { entry: nextEntry }) : after ? t("next-aspect", { aspect: after.id }) : "";
    const done = event.entries.filter((code) => isMarked(event.id, code, aspect.id)).length;
    return html`<main class="row-view" id="content" data-kind=${aspect.kind}>
      <section class="heading"><div><h1><span>${aspect.id}</span> ${aspect.name}</h1><p>${t("aspect-place", { place: at + 1, all: aspects.length })} · ${t("marked", { marked: done, all: event.entries.length })}</p></div>
        <button class="button" type="button" data-by-sheet onClick=${() => go(`sheet/${event.id}/${entry}/${aspect.id}`)}><${Icon} name="layout-list" /><span class="word">${t("by-sheet")}</span></button>
        ${before ? html`<button class="button square" type="button" aria-label=${t("previous-aspect", { aspect: before.id })} onClick=${() => go(into(before))}><${Icon} name="chevron-left" /></button>` : null}
        ${after ? html`<button class="button" type="button" onClick=${() => go(into(after))}><span>${after.id}</span><${Icon} name="chevron-right" /></button>` : null}
      </section>
      <section class="strip" aria-label=${t("pieces")} onClick=${({ target }) => { const stop = target.closest("[data-entry]"); if (stop) go(row(stop.dataset.entry), true); }}>${event.entries.map((code) => { const now = cell(event.id, code, aspect.id); return html`<${Stop} key=${code} entry=${code} aspect=${aspect} value=${now.value} condition=${now.state} draft=${draftOf(now.key)} current=${code === entry} lang=${lang} />`; })}</section>
      <p class="whose"><span class="code">${entry}</span> <span>${isJudged(aspect) ? t("which") : aspect.name}</span></p>
      <${Last} />
      <${Pad} at=${place(event, entry, aspect)} onward=${onward} says=${says} />
    </main>`;
  }
}
