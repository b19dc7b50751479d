// Photos beside a mark: taken with this tablet's camera, made smaller here, kept here until the server has them. When room grows
// short no more are taken, so that there is always room for marks.
import { Component } from "./preact-11.2.0.mjs";
import { guardDisk } from "./install.js";
import { dropPhoto, keepPhoto, photosOf, pictureOf } from "./posting.js";
import { state } from "./store.js";
import { Icon, Pill, clock, html, t } from "./ui.js";

const LONGEST = 1600;
const MOST = 6;

/** The picture upright, at most 1600 pixels long, as JPEG. What the camera noted in the file stays behind. */
async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("canvas"))), "image/jpeg", 0.8));
}

const asData = (blob) => new Promise((done) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsDataURL(blob); });

class Thumb extends Component {
  async componentDidMount() {
    const blob = await pictureOf(this.props.row.id);
    if (blob) this.setState({ data: await asData(blob) });
  }

  render({ row }, { data, failed }) {
    const there = row.status === "stored" && !failed; // the picture left this tablet when the server had it
    return html`<li data-photo=${row.status}>${data ? html`<img src=${data} alt=${`${row.entry} ${row.aspect}`} />` : there ? html`<img src=${`/api/evidence/${row.id}`} alt=${`${row.entry} ${row.aspect}`} onError=${() => this.setState({ failed: true })} />` : html`<span class="gone"><${Icon} name="photo" /></span>`}<${Pill} condition=${row.status} /><time>${clock(row.made_at)}</time>${row.status === "refused" ? html`<small>${row[state.lang] ?? row.code}</small>` : null}${row.status === "stored" ? null : html`<button class="button slim" type="button" onClick=${() => dropPhoto(row.id)}><${Icon} name="x" />${t("photo-drop")}</button>`}</li>`;
  }
}

export class Photos extends Component {
  open = () => { guardDisk(); this.setState({ open: true, problem: "" }); };
  close = () => this.setState({ open: false });

  take = async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    const { event, entry, aspect } = this.props.at;
    this.setState({ busy: true, problem: "" });
    let problem = "";
    try {
      await guardDisk();
      if (state.room?.low) problem = t("photo-no-room", { free: state.room.free });
      else {
        const blob = await shrunk(file).catch(() => null);
        if (blob) await keepPhoto(event.id, entry, aspect.id, blob);
        else problem = t("photo-unreadable");
      }
    } catch (failure) {
      problem = t("beside-failed", { why: failure?.name ?? "" });
    }
    target.value = "";
    this.setState({ busy: false, problem });
  };

  render({ at }, { open, problem, busy }) {
    const rows = photosOf(at.event.id, at.entry, at.aspect.id);
    const low = state.room?.low;
    const full = rows.length >= MOST;
    return html`<button class=${`button photo ${rows.length ? "has" : ""}`} type="button" data-photos onClick=${this.open} aria-label=${t("photos")}><${Icon} name="camera" /><span>${rows.length || t("photos-short")}</span></button>
      ${open ? html`<div class="over"><section class="card dialog" role="dialog" aria-modal="true" aria-label=${t("photos")}>
        <h2>${at.entry} · ${at.aspect.id} ${at.aspect.name}</h2><p class="quiet">${t("photos-why")}</p>
        ${rows.length ? html`<ul class="thumbs">${rows.map((row) => html`<${Thumb} key=${row.id} row=${row} />`)}</ul>` : null}
        ${state.room?.tight && !low ? html`<p class="message again" role="status">${t("photo-tight", { free: state.room.free })}</p>` : null}
        ${problem || low ? html`<p class="message" role="alert">${problem || t("photo-no-room", { free: state.room.free })}</p>` : null}
        <div class="choices"><button class="button" type="button" data-photos-close onClick=${this.close}>${t("done")}</button><label class=${`button primary ${low || full || busy || !at.event.open ? "off" : ""}`} for="photo-file"><${Icon} name="camera" /><span>${full ? t("photo-enough", { most: MOST }) : busy ? t("photo-busy") : t("photo-take")}</span><input class="unseen" id="photo-file" type="file" accept="image/*" capture="environment" disabled=${low || full || busy || !at.event.open} onChange=${this.take} /></label></div>
      </section></div>` : null}`;
  }
}
