// Getting a medium into the form: dropping, pasting, choosing, recording, an address, or something sent earlier.
import { h, button, icon, fill, openDialog, bytes, clock, debounce, report, empty, ownURL, confirmed, copyButton } from "./dom.js";
import { get, query } from "./api.js";
import { upload, unfinished, discard } from "./upload.js";
import { capture, canCapture } from "./capture.js";
import { mediumOf, mediumAt } from "./draft.js";
import { t } from "./texts.js";

const soundNames = /\.(wav|mp3|m4a|aac|flac|ogg|oga|opus|wma|aiff?)$/i;
const imageNames = /\.(jpe?g|png|webp|avif|gif|bmp)$/i;

/** "video", "audio" or "image", by a file's type or name. */
export function kindOf(name, type = "") {
  const main = type.split("/")[0];
  if (["video", "audio", "image"].includes(main)) return main;
  return soundNames.test(name) ? "audio" : imageNames.test(name) ? "image" : "video";
}

/** The first address in a text that is nothing else, or null. */
export function addressIn(text) {
  const trimmed = text.trim();
  return /^https?:\/\/\S+$/i.test(trimmed) && URL.canParse(trimmed) ? trimmed : null;
}

/** The place for a picture (`kinds` video and image), a sound (audio) or anything (all three). Fires `medium` with the medium or null. */
export class MediumInput extends HTMLElement {
  setUp({ kinds, title, hint, canRecord = true }) {
    Object.assign(this, { kinds, heading: title, hint, canRecord });
    this.className = "medium-input";
    this.addEventListener("dragover", (event) => { event.preventDefault(); this.classList.add("over"); });
    this.addEventListener("dragleave", (event) => { if (!this.contains(event.relatedTarget)) this.classList.remove("over"); });
    this.addEventListener("drop", (event) => this.dropped(event));
    this.showEmpty();
    return this;
  }

  /** Whether what is taken is used as a sound, also where it has pictures. */
  get isSound() { return this.kinds.every((kind) => kind === "audio"); }

  dropped(event) {
    event.preventDefault();
    event.stopPropagation();
    this.classList.remove("over");
    const file = event.dataTransfer.files[0];
    const address = addressIn(event.dataTransfer.getData("text/uri-list") || event.dataTransfer.getData("text/plain"));
    if (file) this.take(file); else if (address) this.takeAddress(address);
  }

  showEmpty() {
    const picker = h("input", { type: "file", hidden: true, accept: this.kinds.map((kind) => `${kind}/*`).join(","),
      onchange: () => { if (picker.files[0]) this.take(picker.files[0]); picker.value = ""; } });
    const waiting = unfinished().filter((entry) => this.kinds.includes(kindOf(entry.name)));
    fill(this, picker, h("div", { class: "drop" },
      h("div", { class: "drop-signs", "aria-hidden": "true" }, this.isSound ? icon("sound") : [icon("video"), icon("image")]),
      h("p", { class: "big" }, this.heading), h("p", { class: "note" }, this.hint),
      h("div", { class: "row center" },
        button(t.inputs.choose, { class: "primary", onclick: () => picker.click() }, "upload"),
        this.canRecord && button(this.isSound ? t.inputs.record : t.inputs.film, { onclick: () => this.recordOne() }, this.isSound ? "mic" : "camera"),
        button(t.inputs.earlier, { onclick: () => this.chooseEarlier() }, "folder"),
        button(t.inputs.address, { onclick: () => this.askAddress() }, "link")),
      waiting.map((entry) => h("p", { class: "resume note" }, t.inputs.unfinished(entry.name, Math.floor(100 * entry.offset / entry.byteCount)), " ",
        button(t.inputs.goOn, { class: "link", onclick: () => picker.click() }), " ",
        button(t.inputs.discard, { class: "link", onclick: async () => {
          if (!(await confirmed(t.inputs.discardQuestion(entry.name), t.inputs.discard))) return;
          await discard(entry.id);
          this.showEmpty();
        } })))));
  }

  /** Sends a file; what it shows can be seen at once. */
  async take(file) {
    const kind = kindOf(file.name, file.type);
    if (kind === "audio" && !this.kinds.includes(kind)) { report({ message: t.inputs.noPicture(file.name), suggestion: t.inputs.noPictureHint }); return; }
    if (this.isSound && kind === "image") { report({ message: t.inputs.noSound(file.name), suggestion: t.inputs.noSoundHint }); return; }
    this.cancel();
    const stopper = new AbortController();
    this.stopper = stopper;
    const preview = URL.createObjectURL(file);
    this.tell({ kind: this.isSound ? "audio" : kind, name: file.name, preview, isPending: true });
    const bar = h("progress", { max: "1", "aria-label": t.inputs.sending(file.name) });
    bar.value = 0;
    const words = h("span", { class: "note", role: "status" }, t.inputs.sending(file.name));
    fill(this, h("div", { class: "sending" }, h("div", { class: "row between" }, h("strong", { class: "cut" }, file.name), h("span", { class: "note" }, bytes(file.size))),
      bar, h("div", { class: "row between" }, words, button(t.common.cancel, { class: "quiet", onclick: () => { this.cancel(); this.clear(); } }))));
    try {
      const asset = await upload(file, {
        signal: stopper.signal,
        onProgress: ({ share, isWaiting, isResumed, isChecked }) => {
          bar.value = share;
          words.textContent = isWaiting ? t.inputs.waiting : isChecked ? t.inputs.looking : t.inputs.sent(Math.floor(share * 100), isResumed);
        },
      });
      if (this.stopper !== stopper) return;
      this.stopper = null;
      this.tell({ ...mediumOf(asset, preview), kind: this.isSound ? "audio" : asset.kind, isNew: true });
      this.showEmpty();
    } catch (error) {
      if (this.stopper !== stopper) return;
      this.stopper = null;
      report(error);
      this.clear();
    }
  }

  takeAddress(address) {
    const kind = kindOf(new URL(address).pathname);
    this.cancel();
    this.tell(mediumAt(address, this.isSound ? "audio" : this.kinds.includes(kind) ? kind : "video"));
    this.showEmpty();
  }

  async recordOne() {
    const file = await capture(this.isSound ? "audio" : "video");
    if (file) this.take(file);
  }

  askAddress() {
    const input = h("input", { type: "url", required: true, placeholder: "https://", autocomplete: "off", "aria-label": t.inputs.addressLabel });
    const form = h("form", { class: "stack", onsubmit: (event) => {
      event.preventDefault();
      const address = addressIn(input.value);
      if (!address) { input.setCustomValidity(t.inputs.addressWrong); input.reportValidity(); return; }
      dialog.close();
      this.takeAddress(address);
    } }, input, h("p", { class: "note" }, t.inputs.addressHint), h("div", { class: "row end" }, h("button", { class: "primary" }, t.inputs.addressUse)));
    input.addEventListener("input", () => input.setCustomValidity(""));
    const dialog = openDialog(t.inputs.addressTitle, form);
    input.focus();
  }

  chooseEarlier() {
    chooseAsset(this.kinds, (asset) => {
      this.cancel();
      this.tell({ ...mediumOf(asset), kind: this.isSound ? "audio" : asset.kind });
      this.showEmpty();
    });
  }

  cancel() { this.stopper?.abort(); this.stopper = null; }
  clear() { this.tell(null); this.showEmpty(); }
  tell(medium) { this.dispatchEvent(new CustomEvent("medium", { detail: medium })); }
}
customElements.define("medium-input", MediumInput);

/** A dialog with what was sent or made earlier. */
export function chooseAsset(kinds, take) {
  let kind = kinds.length === 1 ? kinds[0] : "";
  let cursor = null;
  const list = h("div", { class: "asset-grid" });
  const more = button(t.common.more, { hidden: true, onclick: () => load(false) });
  const search = h("input", { type: "search", placeholder: t.inputs.search, "aria-label": t.inputs.search });
  const tabs = kinds.length > 1 ? h("div", { class: "tabs", role: "group", "aria-label": t.inputs.kind },
    [["", t.inputs.allKinds], ...kinds.map((each) => [each, t.kinds[each]])].map(([value, label]) =>
      button(label, { "aria-pressed": String(value === kind), onclick: (event) => {
        kind = value;
        for (const each of event.currentTarget.parentElement.children) each.setAttribute("aria-pressed", String(each === event.currentTarget));
        load(true);
      } }))) : null;
  const dialog = openDialog(t.inputs.earlierTitle, h("div", { class: "stack" }, h("div", { class: "row" }, search, tabs), list, more), { isWide: true });
  let turn = 0;
  const load = async (isNew) => {
    const mine = ++turn;
    if (isNew) cursor = null;
    try {
      const page = await get(query("/assets", { kind, search: search.value.trim(), limit: 24, cursor }));
      if (mine !== turn) return;
      if (isNew) list.replaceChildren();
      const items = page.items.filter((asset) => kinds.includes(asset.kind));
      for (const asset of items) list.append(assetCard(asset, () => { dialog.close(); take(asset); }));
      if (!list.children.length) fill(list, empty(t.inputs.nothing));
      cursor = page.next;
      more.hidden = !cursor;
    } catch (error) { report(error); }
  };
  search.addEventListener("input", debounce(250, () => load(true)));
  load(true);
  search.focus();
}

function assetCard(asset, take) {
  const picture = ownURL(asset.thumbnailUrl);
  return h("div", { class: "asset" }, h("button", { type: "button", class: "asset-card", onclick: take },
    h("span", { class: "asset-picture" }, picture ? h("img", { src: picture, alt: "", loading: "lazy" }) : icon(asset.kind === "audio" ? "sound" : asset.kind === "image" ? "image" : "video")),
    h("span", { class: "cut" }, asset.name || asset.id),
    h("span", { class: "note" }, [t.kinds[asset.kind], asset.durationSeconds ? clock(asset.durationSeconds) : null, asset.width ? `${asset.width}×${asset.height}` : null].filter(Boolean).join(" · "))),
    copyButton(t.common.copyId, () => asset.id, { class: "quiet small", title: asset.id }));
}

/** Sends files and addresses that are dropped on, or pasted into, a page to its places. Returns a function that ends it. */
export function catchAll({ picture, sound, canTake }) {
  const give = (file) => (kindOf(file.name, file.type) === "audio" ? sound() : picture()).take(file);
  const over = (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); };
  const drop = (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    for (const file of [...event.dataTransfer.files].slice(0, 2)) give(file);
  };
  const paste = (event) => {
    if (document.querySelector("dialog[open]") || !canTake()) return;
    const isField = event.target.closest?.("input, textarea, [contenteditable]");
    const file = event.clipboardData.files[0];
    if (file) { event.preventDefault(); give(file); return; }
    const address = isField ? null : addressIn(event.clipboardData.getData("text/plain"));
    if (!address) return;
    event.preventDefault();
    (kindOf(new URL(address).pathname) === "audio" ? sound() : picture()).takeAddress(address);
  };
  addEventListener("dragover", over);
  addEventListener("drop", drop);
  addEventListener("paste", paste);
  return () => { removeEventListener("dragover", over); removeEventListener("drop", drop); removeEventListener("paste", paste); };
}

export { canCapture };
