// The form: a picture, what it shall say, and one button. The rest has good values and stands below.
import { h, fill, button, icon, actionButton, debounce, toast, field, clock, put } from "./dom.js";
import { post, choices, projects } from "./api.js";
import { fresh, restored, keep, orderOf, missing, applySample, modelOf, hasParts } from "./draft.js";
import { MediumInput, catchAll } from "./inputs.js";
import { waveform } from "./timeline.js";
import { voicePicker, silence } from "./voicelist.js";
import { checkSummary, refusals } from "./checkview.js";
import { choicesView } from "./choicesview.js";
import { askVariations } from "./variations.js";
import "./stage.js";
import "./code.js";
import { t } from "./texts.js";

/** The form's page. `given` is a form to begin with, of a generation that is made again. */
export async function newPage({ given = null, session }) {
  const lists = await choices();
  const page = new NewPage(given ?? restored(), lists, session);
  return { title: t.nav.new, node: page.node, dispose: () => page.dispose() };
}

/** Whether two media of the form are one: a file that was being sent is known by its preview, all others by what is sent. */
function isSame(one, other) {
  if (!one || !other) return one === other;
  return one.isPending || other.isPending ? one.preview === other.preview : one.asset === other.asset && one.url === other.url;
}

class NewPage {
  constructor(draft, lists, session) {
    this.draft = draft;
    this.lists = lists;
    this.session = session;
    this.standards();
    this.check = null;
    this.checkSoon = debounce(600, () => this.runCheck());
    this.trySoon = debounce(600, () => this.tryParts());
    this.build();
    this.stopCatching = catchAll({ picture: () => this.pictureInput, sound: () => { this.setSoundMode("file"); return this.soundInput; }, canTake: () => this.node.isConnected });
    this.showPicture();
    this.showSound();
    this.changed();
    if (draft.picture) this.checkSoon();
  }

  /** Fills in what the server uses unless told otherwise. */
  standards() {
    const { draft, lists } = this;
    const model = (kind) => { const fitting = lists.models.filter((each) => each.takes.includes(kind)); return (fitting.find((each) => each.isDefault) ?? fitting[0])?.name ?? ""; };
    draft.voice ||= lists.defaultVoice ?? "";
    draft.model ||= model("video");
    draft.photoModel ||= model("image");
    draft.syncMode ||= lists.syncModes[0] ?? "";
  }

  build() {
    this.pictureInput = new MediumInput().setUp({ kinds: ["video", "image"], title: t.make.pictureDrop, hint: t.make.pictureHint });
    this.pictureInput.addEventListener("medium", ({ detail }) => this.setPicture(detail));
    this.soundInput = new MediumInput().setUp({ kinds: ["audio"], title: t.make.soundDrop, hint: t.make.soundHint });
    this.soundInput.addEventListener("medium", ({ detail }) => this.setSound(detail));
    this.stage = h("face-stage");
    this.stage.addEventListener("clear", () => { this.pictureInput.cancel(); this.setPicture(null); this.pictureInput.showEmpty(); });
    this.stage.addEventListener("speaker", ({ detail }) => this.clickedFace(detail));
    this.stage.addEventListener("time", ({ detail }) => this.options?.timeline.setTime(detail));
    this.pictureSlot = h("div");
    this.soundSlot = h("div", { class: "stack" });
    this.summary = h("div", { "aria-live": "polite" });
    this.code = h("code-samples");
    this.samples = h("div", { class: "sample-line" });
    this.submit = actionButton(t.make.submit, { class: "primary large" }, () => this.send(), "play");
    this.vary = button(t.make.variations, { class: "quiet", onclick: () => askVariations(this.order()) }, "grid");
    this.anyway = actionButton(t.make.anyway, { class: "quiet" }, () => this.send());
    this.reason = h("p", { class: "note", role: "status" });
    this.options = choicesView({
      draft: this.draft, lists: this.lists, stage: this.stage, changed: () => this.changed(), speaker: (speaker) => this.setSpeaker(speaker),
      projects: () => projects(), honours: (option) => this.honours(option),
    });
    this.options.timeline.addEventListener("choose-speaker", ({ detail }) => this.chooseSpeakerOf(detail));
    this.options.timeline.addEventListener("leave-speaker", () => this.endChoosing());
    this.options.timeline.addEventListener("parts", () => { if (!this.draft.parts.includes(this.partForSpeaker)) this.endChoosing(); });
    this.options.timeline.addEventListener("seek", ({ detail }) => this.stage.seek(detail));
    const codeDetails = h("details", { class: "panel" }, h("summary", null, icon("code"), t.code.title), this.code);
    this.node = h("div", { class: "make" },
      h("header", { class: "page-head" }, h("div", null, h("h1", null, t.make.title), h("p", { class: "lead" }, t.make.lead)), this.samples),
      h("div", { class: "make-grid" },
        h("div", { class: "stack wide-gap make-form" },
          h("section", { class: "panel", "aria-labelledby": "make-1" }, h("h2", { id: "make-1" }, h("span", { class: "step" }, "1"), t.make.picture), h("div", { class: "stack wide-gap" }, this.pictureSlot, this.options.subject)),
          h("section", { class: "panel", "aria-labelledby": "make-2" }, h("div", { class: "row between" }, h("h2", { id: "make-2" }, h("span", { class: "step" }, "2"), t.make.sound), this.modeTabs()), this.soundSlot),
          h("section", { class: "panel", "aria-labelledby": "make-3" }, h("h2", { id: "make-3" }, h("span", { class: "step" }, "3"), t.make.choices), this.options.node),
          codeDetails),
        h("aside", { class: "make-side", "aria-label": t.make.summary }, h("div", { class: "panel" }, this.summary, h("div", { class: "submit" }, this.submit, this.reason, this.anyway, this.vary)))));
    if (this.lists.sample) put(this.samples, actionButton(t.make.sample, { class: "tinted" }, () => this.useSample(), "image"));
    put(this.samples, button(t.make.reset, { class: "quiet", onclick: () => this.reset() }, "again"));
  }

  modeTabs() {
    this.soundTabs = h("div", { class: "tabs", role: "group", "aria-label": t.make.sound }, [["text", t.make.text], ["file", t.make.file]].map(([mode, label]) =>
      button(label, { dataset: { mode }, onclick: () => this.setSoundMode(mode) }, mode === "text" ? "text" : "sound")));
    return this.soundTabs;
  }

  setSoundMode(mode) {
    if (this.draft.soundMode === mode) return;
    this.draft.soundMode = mode;
    this.forgetSound();
    this.showSound();
    this.changed();
    this.checkSoon();
  }

  setPicture(medium) {
    const isNew = !isSame(this.draft.picture, medium);
    this.draft.picture = medium;
    if (isNew) {
      Object.assign(this.draft, { speaker: "auto", parts: [] });
      this.endChoosing();
      this.forgetCheck();
    }
    this.showPicture(isNew);
    this.changed();
    if (medium && !medium.isPending) this.checkSoon();
  }

  /** Drops what the check found, and an answer that is still on its way. */
  forgetCheck() {
    this.stopCheck?.abort();
    this.stopCheck = null;
    this.checking = false;
    this.check = null;
  }

  /** Drops what the check found out about the sound; the picture is the same. */
  forgetSound() {
    const { check } = this;
    this.forgetCheck();
    if (check?.picture) this.check = { picture: check.picture, sound: null, outcomes: [], estimateSeconds: null, problems: null };
  }

  setSound(medium) {
    if (!isSame(this.draft.sound, medium)) this.forgetSound();
    this.draft.sound = medium;
    this.showSound();
    this.changed();
    if (!medium?.isPending) this.checkSoon();
  }

  setSpeaker(speaker) {
    this.draft.speaker = speaker;
    this.changed();
  }

  /** A click on a face chooses the speaker of the part that waits for one, or of the whole; a second click takes it back. */
  clickedFace({ point, isChosen }) {
    const part = this.partForSpeaker;
    if (!this.honours("speaker")) { toast(t.choices.noSpeaker); return; }
    if (!part) { this.setSpeaker(isChosen ? "auto" : point); return; }
    part.speaker = point;
    this.endChoosing();
    toast(t.stage.partSpeaker);
    this.changed();
  }

  endChoosing() {
    if (!this.partForSpeaker) return;
    this.partForSpeaker = null;
    this.stage.classList.remove("choosing");
    this.options.timeline.setParts(this.draft.parts);
  }

  chooseSpeakerOf(index) {
    this.partForSpeaker = this.draft.parts[index];
    this.stage.seek(this.draft.parts[index].startSeconds);
    this.stage.classList.add("choosing");
    this.stage.scrollIntoView({ block: "center" });
    this.stage.boxes.firstChild?.focus();
    toast(t.stage.choosePart(index + 1));
  }

  showPicture(isNew = true) {
    const { picture } = this.draft;
    if (!picture) { fill(this.pictureSlot, this.pictureInput); this.options.update(this.check); return; }
    if (picture.isPending) fill(this.pictureSlot, this.stage, this.pictureInput); else fill(this.pictureSlot, this.stage);
    if (isNew || !this.stage.medium) this.stage.show(picture); else this.stage.medium = picture;
    this.stage.setSpeaker(this.shownSpeaker);
    this.stage.setCheck(this.check?.picture ?? null);
    this.options.update(this.check);
  }

  showSound() {
    const { draft } = this;
    for (const tab of this.soundTabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.mode === draft.soundMode));
    silence();
    if (draft.soundMode === "text") { fill(this.soundSlot, this.textView()); return; }
    if (!draft.sound) { fill(this.soundSlot, this.soundInput); return; }
    fill(this.soundSlot, h("div", { class: "sound-view" },
      h("div", { class: "row between" }, h("strong", { class: "cut" }, draft.sound.name),
        button(t.make.otherSound, { class: "quiet", onclick: () => { this.soundInput.cancel(); this.setSound(null); this.soundInput.showEmpty(); } }, "again")),
      this.waveSlot = h("div"), draft.sound.preview ? h("audio", { src: draft.sound.preview, controls: true, preload: "metadata" }) : h("p", { class: "note" }, t.stage.remote)),
      draft.sound.isPending ? this.soundInput : null);
    this.showWave();
  }

  showWave() {
    if (this.waveSlot && this.check?.sound?.waveform?.length && this.draft.soundMode === "file") fill(this.waveSlot, waveform(this.check.sound.waveform, t.check.waveform));
  }

  textView() {
    if (this.textNode) {
      this.textNode.querySelector("textarea").value = this.draft.script;
      return this.textNode;
    }
    const { draft } = this;
    const most = this.session?.limits?.textCharacters ?? 5000;
    const counter = h("span", { class: "note number" });
    const count = () => { counter.textContent = t.make.characters(area.value.length, most); counter.classList.toggle("bad", area.value.length > most); };
    const area = h("textarea", { rows: "4", placeholder: t.make.scriptPlaceholder, value: draft.script, oninput: () => { draft.script = area.value; count(); this.changed(); this.checkSoon(); } });
    const speed = h("input", { type: "range", min: "0.5", max: "2", step: "0.05", value: draft.speed, oninput: () => { draft.speed = Number(speed.value); speedText.textContent = t.make.speedValue(draft.speed); this.changed(); } });
    const speedText = h("output", { class: "number" }, t.make.speedValue(draft.speed));
    count();
    this.countAgain = count;
    this.textNode = h("div", { class: "stack" }, field(t.make.script, area), counter,
      h("div", { class: "field" }, h("h3", null, t.make.voice), voicePicker(draft.voice, (voice) => { draft.voice = voice.id; this.changed(); })),
      h("div", { class: "row" }, field(t.make.speed, speed), speedText));
    return this.textNode;
  }

  /** The options that the chosen model honours; null where the server does not say. */
  get honoured() { return this.lists.models.find((each) => each.name === modelOf(this.draft))?.options ?? null; }
  honours(option) { return this.honoured?.includes(option) ?? true; }
  order() { return orderOf(this.draft, this.honoured); }
  get shownSpeaker() { return this.honours("speaker") ? this.draft.speaker : "auto"; }
  /** A text says how long it takes only once it is spoken; the server guesses. */
  get estimateSeconds() { return hasParts(this.draft) ? this.partsOutcome?.estimateSeconds : this.check?.estimateSeconds; }

  /** Asks what becomes of a clip whose parts are marked, once an order that differs is complete. */
  showParts(lack) {
    const wanted = hasParts(this.draft) ? JSON.stringify(lack ? null : this.order()) : "";
    if (wanted === this.triedOrder) return;
    this.triedOrder = wanted;
    this.stopTry?.abort();
    this.partsOutcome = null;
    if (wanted && !lack) this.trySoon();
  }

  async tryParts() {
    if (this.isOver || !this.triedOrder || this.triedOrder === "null") return;
    const stopper = this.stopTry = new AbortController();
    let outcome;
    try { outcome = await post("/generations?dryRun=true", JSON.parse(this.triedOrder), { signal: stopper.signal }); } catch (error) {
      // Only what is wrong with the order says something about it.
      if (error.name === "AbortError" || ![400, 422].includes(error.status)) return;
      outcome = { error };
    }
    if (this.stopTry !== stopper || stopper.signal.aborted) return;
    this.partsOutcome = outcome;
    this.changed();
  }

  changed() {
    // A file that was still being sent when the page was left says so to nobody.
    if (this.isOver) return;
    const { draft } = this;
    const lack = missing(draft);
    keep(draft);
    if (this.stage.speaker !== this.shownSpeaker) this.stage.setSpeaker(this.shownSpeaker);
    this.showParts(lack);
    const refused = lack ? [] : refusals(this.check, draft, this.partsOutcome);
    this.submit.hidden = refused.length > 0;
    this.anyway.hidden = !refused.length;
    this.submit.classList.toggle("waiting", Boolean(lack));
    this.submit.setAttribute("aria-disabled", String(Boolean(lack)));
    this.reason.textContent = lack ? t.make.missing[lack] : refused.length ? t.check.refused : this.estimateSeconds ? t.check.estimate(clock(this.estimateSeconds)) : "";
    this.vary.hidden = Boolean(lack) || refused.length > 0 || !this.honours("seed");
    this.code.show(this.order());
    if (!this.checking) fill(this.summary, checkSummary(this.check, draft, this.partsOutcome));
    this.options.update(this.check);
  }

  async runCheck() {
    const { draft } = this;
    this.stopCheck?.abort();
    if (this.isOver || !draft.picture || draft.picture.isPending) return;
    const order = this.order();
    const body = order.image ? { image: order.image } : { video: order.video };
    if (order.audio) body.audio = order.audio; else if (order.text) body.text = order.text.script;
    const stopper = new AbortController();
    this.stopCheck = stopper;
    this.checking = true;
    fill(this.summary, h("h2", null, t.check.title), h("p", { class: "busy note" }, t.check.looking));
    try {
      this.check = await post("/checks", body, { signal: stopper.signal });
      if (this.stopCheck !== stopper) return;
      this.checking = false;
      if (this.check.picture?.kind && draft.picture.url && this.check.picture.kind !== draft.picture.kind) draft.picture.kind = this.check.picture.kind;
      this.stage.setCheck(this.check.picture);
      this.showWave();
      this.changed();
    } catch (error) {
      if (error.name === "AbortError" || this.stopCheck !== stopper) return;
      this.checking = false;
      this.check = null;
      fill(this.summary, h("h2", null, t.check.title), h("div", { class: "problem error" }, icon("error"), h("div", null, h("p", null, error.message), h("p", { class: "note" }, error.suggestion))));
    }
  }

  async useSample() {
    const asset = await post("/sample");
    await applySample(this.draft, asset);
    this.standards();
    this.afterReset();
    this.submit.focus();
    this.submit.scrollIntoView({ block: "nearest" });
  }

  reset() {
    const { model, photoModel, syncMode } = this.draft;
    Object.assign(this.draft, fresh(), { model, photoModel, syncMode });
    this.standards();
    this.afterReset();
  }

  afterReset() {
    for (const input of [this.pictureInput, this.soundInput]) { input.cancel(); input.showEmpty(); }
    this.endChoosing();
    this.forgetCheck();
    this.textNode = null;
    this.options.refill();
    this.showPicture();
    this.showSound();
    this.changed();
    if (this.draft.picture) this.checkSoon();
  }

  async send() {
    const lack = missing(this.draft);
    if (lack) { this.point(lack); return; }
    silence();
    try {
      const generation = await post("/generations", this.order(), { headers: { "Idempotency-Key": crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}` } });
      location.hash = `#/g/${encodeURIComponent(generation.id)}`;
    } catch (error) {
      if (error.field) this.options.pointAt(error.field, error.message);
      throw error;
    }
  }

  point(lack) {
    const places = { picture: this.pictureInput, sound: this.soundInput, script: this.soundSlot };
    places[lack]?.scrollIntoView({ block: "center" });
    places[lack]?.querySelector("textarea, button")?.focus();
  }

  dispose() {
    this.isOver = true;
    this.stopCatching();
    this.stopCheck?.abort();
    this.stopTry?.abort();
    silence();
    this.stage.media?.pause?.();
    keep(this.draft);
  }
}

