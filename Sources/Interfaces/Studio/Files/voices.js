// All voices: to listen to, to find, and to make of a recording where the server can.
import { h, button, actionButton, badge, openDialog, field, report, confirmed, toast, fill } from "./dom.js";
import { choices, post, remove, forget } from "./api.js";
import { MediumInput } from "./inputs.js";
import { voiceSearch, listenButton, aboutVoice, silence } from "./voicelist.js";
import { t } from "./texts.js";

export async function voicesPage() {
  const { canClone, defaultVoice } = await choices();
  const { node: list, load } = voiceSearch((voice) => h("div", { class: "voice-row" }, listenButton(voice),
    h("span", { class: "grow" }, h("strong", { class: "cut" }, voice.name, voice.id === defaultVoice ? [" ", badge("plain", t.voices.standard)] : null, voice.isCloned ? [" ", badge("plain", t.voices.cloned)] : null), h("span", { class: "note" }, aboutVoice(voice), " · ", h("code", null, voice.id))),
    voice.isCloned ? actionButton(t.voices.delete(voice.name), { class: "quiet", isBare: true }, async () => {
      if (!(await confirmed(t.voices.deleteQuestion(voice.name), t.common.delete))) return;
      await remove(`/voices/${encodeURIComponent(voice.id)}`);
      forget("/voices");
      await load();
    }, "trash") : null), { most: 60 });
  load();
  const node = h("div", null, h("header", { class: "page-head" }, h("div", null, h("h1", null, t.nav.voices), h("p", { class: "lead" }, t.voices.lead)),
    canClone ? button(t.voices.clone, { class: "primary", onclick: () => clone(async () => { forget("/voices"); await load(); }) }, "mic") : null),
  h("section", { class: "panel" }, list), canClone ? null : h("p", { class: "note" }, t.voices.noClone));
  return { title: t.nav.voices, node, dispose: silence };
}

function clone(done) {
  let medium = null;
  const name = h("input", { required: true, maxlength: "100", autocomplete: "off" });
  const slot = h("div");
  const input = new MediumInput().setUp({ kinds: ["audio"], title: t.voices.sampleDrop, hint: t.voices.sampleHint });
  const make = actionButton(t.voices.make, { class: "primary", disabled: true }, async () => {
    if (!name.reportValidity()) return;
    await post("/voices", { name: name.value.trim(), sample: medium.asset });
    dialog.close();
    toast(t.voices.made(name.value.trim()));
    await done();
  });
  input.addEventListener("medium", ({ detail }) => {
    medium = detail;
    make.disabled = !medium?.asset;
    if (medium?.asset) fill(slot, h("div", { class: "row between" }, h("strong", { class: "cut" }, medium.name), button(t.make.otherSound, { class: "quiet", onclick: () => { medium = null; make.disabled = true; fill(slot, input); } })), h("audio", { src: medium.preview, controls: true }));
    else if (medium?.url) { report({ message: t.voices.needsFile }); input.clear(); } else fill(slot, input);
  });
  fill(slot, input);
  const dialog = openDialog(t.voices.clone, h("div", { class: "stack" }, slot, field(t.voices.name, name), h("p", { class: "note" }, t.voices.consent), h("div", { class: "row end" }, make)), { onClose: () => input.cancel() });
}
