// The form's choices: who speaks, parts, what happens with lengths, how fine, and the rest behind "More".
import { h, fill, field, select, icon } from "./dom.js";
import { modeCards } from "./modes.js";
import { isStill, modelOf, hasParts, standardName } from "./draft.js";
import "./timeline.js";
import { t } from "./texts.js";

/** Builds the choices: `subject` belongs under the picture, `node` has the rest. `update(check)` follows the form, `refill()` makes them anew, `pointAt(field, message)` marks one. */
export function choicesView({ draft, lists, stage, changed, speaker, projects, honours }) {
  const node = h("div", { class: "stack wide-gap" });
  const timeline = h("parts-timeline");
  const places = new Map();
  let shape = "", drawnTimeline = "";

  const modelCards = () => {
    const still = isStill(draft);
    const models = lists.models.filter((model) => model.takes.includes(still ? "image" : "video"));
    return h("fieldset", { class: "cards" }, h("legend", null, t.choices.model), h("div", { class: "card-grid" }, models.map((model) => h("label", { class: "card" },
      h("input", { type: "radio", name: "model", value: model.name, checked: model.name === modelOf(draft), onchange: () => { draft[still ? "photoModel" : "model"] = model.name; changed(); } }),
      h("strong", null, model.label), h("code", null, model.name), h("span", { class: "note" }, model.summary)))));
  };

  const speakerView = () => {
    if (!honours("speaker")) return h("fieldset", { class: "plain" }, h("legend", null, t.choices.whose), h("p", { class: "note" }, t.choices.noSpeaker));
    const isFace = typeof draft.speaker === "object";
    const row = (value, name, note) => h("label", { class: "choice" },
      h("input", { type: "radio", name: "speaker", value, checked: isFace ? value === "face" : isStill(draft) ? value === "auto" : value === draft.speaker, disabled: value === "face" && !isFace, onchange: () => speaker(value) }),
      h("span", null, h("strong", null, name), h("span", { class: "note" }, note)));
    return h("fieldset", { class: "plain" }, h("legend", null, t.choices.whose), h("div", { class: "choice-row" },
      row("auto", t.choices.speakerAuto, isStill(draft) ? t.choices.speakerAutoStill : t.choices.speakerAutoNote),
      isStill(draft) ? null : row("most-present", t.choices.speakerPresent, t.choices.speakerPresentNote),
      row("face", t.choices.speakerFace, isFace ? t.choices.speakerAt(draft.speaker.x, draft.speaker.y, draft.speaker.frame) : t.choices.speakerFaceNote)));
  };

  const listOf = (name, values, label, words, note) => {
    if (!honours(name) || !values?.length) return null;
    const element = field(label, select([["", t.choices.standard], ...values.map((value) => [typeof value === "string" ? value : value.name, words?.[value] ?? value.label ?? value])], draft[name], (value) => { draft[name] = value; changed(); }), note);
    places.set(`options.${name}`, element.querySelector("select"));
    return element;
  };

  const numberOf = (name, label, properties, note) => {
    const input = h("input", { type: "number", value: draft[name] ?? "", ...properties, oninput: () => { draft[name] = input.value; changed(); } });
    places.set(`options.${name}`, input);
    return field(label, input, note);
  };

  const temperature = () => {
    const isSet = draft.temperature !== null;
    const slider = h("input", { type: "range", min: "0", max: "1", step: "0.05", value: isSet ? draft.temperature : 0.5, disabled: !isSet, oninput: () => { draft.temperature = Number(slider.value); words.textContent = t.choices.share(draft.temperature); changed(); } });
    const words = h("output", { class: "number" }, isSet ? t.choices.share(draft.temperature) : "");
    const box = h("input", { type: "checkbox", checked: isSet, onchange: () => { slider.disabled = !box.checked; draft.temperature = box.checked ? Number(slider.value) : null; words.textContent = box.checked ? t.choices.share(draft.temperature) : t.choices.standard; changed(); } });
    if (!isSet) words.textContent = t.choices.standard;
    places.set("options.temperature", slider);
    return h("div", { class: "field" }, h("label", { class: "check" }, box, t.choices.temperature), h("div", { class: "row" }, slider, words), h("p", { class: "note" }, t.choices.temperatureNote), (slider.setAttribute("aria-label", t.choices.temperature), null));
  };

  const texts = (name, label, properties, note) => {
    const input = h("input", { value: draft[name], ...properties, oninput: () => { draft[name] = input.value; changed(); } });
    places.set(name, input);
    return field(label, input, note);
  };

  const projectField = () => {
    const element = select([["", t.choices.noProject]], draft.project, (value) => { draft.project = value; changed(); });
    projects().then((items) => fill(element, [["", t.choices.noProject], ...items.map((item) => [item.id, item.name])].map(([value, label]) => h("option", { value, selected: value === draft.project }, label)))).catch(() => {});
    places.set("project", element);
    return field(t.choices.project, element);
  };

  let isOpen = false;
  const moreView = () => {
    const still = isStill(draft);
    const details = h("details", { class: "more", open: isOpen, ontoggle: () => { isOpen = details.open; } }, h("summary", null, icon("more"), t.choices.more),
      h("div", { class: "more-grid" },
        listOf("emotion", lists.emotions, t.choices.emotion, t.emotions), listOf("region", lists.regions, t.choices.region, t.regions, t.choices.regionNote), honours("temperature") ? temperature() : null,
        still ? [listOf("resolution", lists.resolutions, t.choices.resolution), listOf("aspectRatio", lists.aspectRatios, t.choices.aspectRatio), !honours("durationSeconds") ? null : numberOf("durationSeconds", t.choices.duration, { min: "0.5", step: "0.5", placeholder: t.choices.asSound })] : null,
        !honours("seed") ? null : numberOf("seed", t.choices.seed, { min: "0", step: "1", placeholder: t.choices.anySeed }, t.choices.seedNote),
        still || !honours("keepsOccluders") ? null : h("div", { class: "field" }, h("label", { class: "check" }, h("input", { type: "checkbox", checked: draft.keepsOccluders, onchange: (event) => { draft.keepsOccluders = event.target.checked; changed(); } }), t.choices.occluders), h("p", { class: "note" }, t.choices.occludersNote)),
        texts("name", t.choices.name, { maxlength: "120", autocomplete: "off" }), projectField(),
        texts("webhookUrl", t.choices.webhook, { type: "url", placeholder: "https://" }, t.choices.webhookNote)));
    return details;
  };

  const speakerSlot = h("div"), modeSlot = h("div"), modelSlot = h("div"), moreSlot = h("div");
  const partsPanel = h("div", null, h("h3", null, t.timeline.title), timeline);
  const subject = h("div", { class: "stack wide-gap" }, partsPanel, speakerSlot);
  fill(node, modeSlot, modelSlot, moreSlot);
  timeline.addEventListener("parts", ({ detail }) => { draft.parts = detail; changed(); });

  const withFocus = (slot, make) => {
    const active = slot.contains(document.activeElement) ? [document.activeElement.name, document.activeElement.value] : null;
    fill(slot, make());
    if (active) [...slot.querySelectorAll("input")].find((each) => each.name === active[0] && each.value === active[1])?.focus();
  };

  const update = (check) => {
    const still = isStill(draft);
    const isVideo = draft.picture?.kind === "video";
    subject.hidden = !draft.picture;
    withFocus(speakerSlot, speakerView);
    partsPanel.hidden = !isVideo || !check?.picture;
    modeSlot.hidden = still;
    if (!still) withFocus(modeSlot, () => modeCards(lists.syncModes, draft.syncMode, hasParts(draft) ? null : check?.outcomes, (mode) => { draft.syncMode = mode; changed(); }));
    withFocus(modelSlot, modelCards);
    const wanted = `${still} ${modelOf(draft)}`;
    if (shape !== wanted) { shape = wanted; places.clear(); withFocus(moreSlot, moreView); }
    const nameInput = places.get("name");
    if (nameInput) nameInput.placeholder = standardName(draft);
    if (!partsPanel.hidden) {
      const picture = check.picture;
      timeline.hasSpeakers = honours("speaker");
      const key = JSON.stringify([timeline.hasSpeakers, picture.durationSeconds, picture.shots, picture.gaps, check.sound?.durationSeconds, check.sound?.waveform?.length]);
      if (key !== drawnTimeline) {
        drawnTimeline = key;
        timeline.setUp({ duration: picture.durationSeconds, frameRate: picture.frameRate, shots: picture.shots, gaps: picture.gaps, sound: check.sound, syncModes: lists.syncModes });
        timeline.setTime(stage.seconds ?? 0);
      }
      if (timeline.parts !== draft.parts) timeline.setParts(draft.parts);
    }
  };

  return {
    node, subject, timeline, update,
    refill: () => { shape = ""; drawnTimeline = ""; update(null); },
    /** Marks the control of a field that the server named; false if there is none. */
    pointAt(place, message) {
      const control = places.get(place);
      if (!control) return false;
      if (moreSlot.contains(control)) { isOpen = true; moreSlot.querySelector("details").open = true; }
      // The message itself is shown with its suggestion by whoever asked.
      control.setCustomValidity?.(message);
      control.setAttribute("aria-invalid", "true");
      control.addEventListener("input", () => { control.setCustomValidity?.(""); control.removeAttribute("aria-invalid"); }, { once: true });
      control.focus();
      return true;
    },
  };
}
