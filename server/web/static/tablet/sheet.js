// Marking by sheet: one entry, all its aspects. The list scrolls, the pad stays.
import { Component } from "./preact-11.2.0.mjs";
import { aspectsOf, cell, changed, isMarked, keyOf, owedOf, state } from "./store.js";
import { draftOf, place } from "./drafts.js";
import { Icon, Pill, Still, display, html, isJudged, shown, t } from "./ui.js";
import { Last } from "./last.js";
import { Pad } from "./pad.js";
import { Floor, floorOf } from "./floor.js";
import { measuredOf, noteOf } from "./notes.js";
import { SignBar } from "./sign.js";

class Line extends Still {
  render({ aspect, value, condition, draft, current, note, by }) {
    const figure = condition === "conflict" ? t("two-marks") : draft !== "" ? draft : value === null ? "—" : display(aspect, value);
    return html`<button class=${`aspect ${draft !== "" ? "draft" : condition}`} type="button" data-aspect=${aspect.id} aria-current=${current ? "true" : null}>
      <span class="id">${aspect.id}</span>
      <span class="name">${aspect.name}${by ? html` <small>${t("by", { code: by })}</small>` : null}${note ? html` <${Icon} name="notes" label=${t("note-kept")} />` : null}</span>
      <span class="requirement">${isJudged(aspect) ? t("judged-0-3") : aspect.requirement}</span>
      <span class="mark"><b data-value>${figure}</b> <span>/${isJudged(aspect) ? "3" : shown(aspect.maximum)}</span></span>
      <${Pill} condition=${draft !== "" ? "draft" : condition} />
    </button>`;
  }
}

/** A sub-criterion with its marks; drawn again when marks have moved, when one of its own drafts has, or when its current aspect has. */
class Group extends Still {
  render({ event, entry, group, current }) {
    return html`<h2 id=${group.id}><span>${group.id} ${group.name}</span><span>${group.aspects.length - owedOf(event, entry, group.aspects)}/${group.aspects.length}</span></h2>
      ${group.aspects.map((aspect) => {
        const now = cell(event.id, entry, aspect.id);
        return html`<${Line} key=${aspect.id} aspect=${aspect} value=${now.value} condition=${now.state} draft=${draftOf(now.key)} current=${aspect.id === current} note=${noteOf(now.key) || measuredOf(now.key)} by=${aspect.once && now.by && now.by !== event.seat ? now.by : ""} lang=${state.lang} />`;
      })}`;
  }
}

/** The drafts of a sub-criterion in one word. There is rarely more than one on the whole tablet. */
const draftsIn = (event, entry, group) => (state.drafts.size ? group.aspects.map((aspect) => draftOf(keyOf(event.id, entry, aspect.id))).join("|") : "");

/** The aspects of a sheet with their marks, by sub-criterion. */
const List = ({ event, entry, current, choose }) => html`<section class="list" aria-label=${t("aspects")} onClick=${({ target }) => { const line = target.closest("[data-aspect]"); if (line) choose(line.dataset.aspect); }}>
  <${Floor} event=${event} entry=${entry} /><${SignBar} event=${event} entry=${entry} />
  ${event.groups.map((group) => html`<${Group} key=${group.id} event=${event} entry=${entry} group=${group} current=${group.aspects.includes(current) ? current.id : ""} drafts=${draftsIn(event, entry, group)} revision=${state.revision} lang=${state.lang} />`)}
</section>`;

export class Sheet extends Component {
  componentDidMount() {
    this.show();
    this.room = new ResizeObserver(() => this.show()); // a tablet that is turned shows another part of the list, and so does a message that takes room
    this.room.observe(document.querySelector(".sheet .list"));
  }

  componentWillUnmount = () => this.room.disconnect();
  componentDidUpdate = (before) => (before.aspect !== this.props.aspect || before.entry !== this.props.entry) && this.show();

  /** The address names the aspect from now on: a mark that is kept moves nobody on. */
  show() {
    const { event, entry, aspect } = this.props;
    if (aspect !== this.current.id) {
      history.replaceState(null, "", `#/sheet/${event.id}/${entry}/${this.current.id}`);
      changed();
    }
    document.querySelector(".aspect[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  render({ event, entry, aspect: wanted, go }) {
    const aspects = aspectsOf(event);
    const owed = (list) => list.find((aspect) => !isMarked(event.id, entry, aspect.id));
    const named = aspects.filter((aspect) => wanted && (aspect.id === wanted || event.groups.some((group) => group.id === wanted && group.aspects.includes(aspect))));
    const current = named.length === 1 ? named[0] : (owed(named) ?? named[0] ?? owed(aspects) ?? aspects[0]);
    this.current = current;
    const where = event.entries.indexOf(entry);
    const [previous, following] = [event.entries[where - 1], event.entries[where + 1]];
    const at = aspects.indexOf(current);
    const next = owed([...aspects.slice(at + 1), ...aspects.slice(0, at)]);
    const sheet = (code, id = "") => `sheet/${event.id}/${code}${id ? `/${id}` : ""}`;
    const onward = next ? () => go(sheet(entry, next.id)) : following ? () => go(sheet(following)) : null;
    const says = next ? t("next-aspect", { aspect: next.id }) : following ? t("next-entry", { entry: following }) : "";
    return html`<main class="sheet" id="content" data-kind=${current.kind}>
      <h1 class="unseen">${t("sheet-of", { entry })}</h1>
      <section class="entry">
        ${previous ? html`<button class="button square" type="button" aria-label=${t("previous-entry", { entry: previous })} onClick=${() => go(sheet(previous))}><${Icon} name="chevron-left" /></button>` : null}
        <span class="code">${entry}</span>
        <div class="where"><b>${floorOf(event, entry) ? t(`floor-${floorOf(event, entry)[0]}`) : t("marked", { marked: aspects.length - owedOf(event, entry), all: aspects.length })}</b><span>${t("place", { place: where + 1, all: event.entries.length })}<span class="word"> · ${t("blind-code")}</span></span></div>
        <button class="button" type="button" data-by-aspect aria-label=${t("by-aspect")} onClick=${() => go(`row/${event.id}/${entry}/${current.id}`)}><${Icon} name="layout-columns" /><span class="word">${t("by-aspect")}</span></button>
        ${following ? html`<button class="button" type="button" onClick=${() => go(sheet(following))}><span class="word">${t("next")}</span><span>${following}</span><${Icon} name="chevron-right" /></button>` : null}
      </section>
      <${List} event=${event} entry=${entry} current=${current} choose=${(id) => go(sheet(entry, id), true)} />
      <${Last} />
      <${Pad} at=${place(event, entry, current)} onward=${onward} says=${says} />
    </main>`;
  }
}
