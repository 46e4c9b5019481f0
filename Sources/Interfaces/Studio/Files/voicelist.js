// Choosing a voice by listening. One sample sounds at a time.
import { h, button, icon, fill, debounce, empty, ownURL, select, badge, safeURL, report } from "./dom.js";
import { voices } from "./api.js";
import { t } from "./texts.js";

const player = new Audio();
let sounding = null;
player.addEventListener("ended", () => show(null));
player.addEventListener("error", () => { if (sounding) { show(null); report({ message: t.voices.noSample }); } });

function show(element) {
  const previous = sounding;
  sounding = element;
  for (const each of [previous, element]) if (each) {
    const isOn = each === sounding;
    fill(each, icon(isOn ? "stop" : "play"));
    each.setAttribute("aria-pressed", String(isOn));
  }
}

/** Ends what sounds. */
export function silence() { player.pause(); show(null); }

/** A button that lets a voice be heard. */
export function listenButton(voice) {
  const element = button(t.voices.listen(voice.name), { class: "quiet round", isBare: true, "aria-pressed": "false", disabled: !safeURL(voice.sampleUrl), onclick: (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (sounding === element) { silence(); return; }
    show(element);
    player.src = ownURL(voice.sampleUrl);
    player.play().catch((error) => { if (error.name !== "AbortError" && sounding === element) show(null); });
  } }, "play");
  return element;
}

/** The name of a language in the reader's own. */
export function languageName(code) {
  if (!code) return t.voices.anyLanguage;
  try { return new Intl.DisplayNames(undefined, { type: "language" }).of(code) ?? code; } catch { return code; }
}

/** What is said about a voice in a line. */
export const aboutVoice = (voice) => [languageName(voice.language), t.genders[voice.gender] ?? null, voice.provider].filter(Boolean).join(" · ");

/** A list that is searched by name and language. `row(voice)` makes an entry. Returns the element and a function that loads it anew. */
export function voiceSearch(row, { most = 40, isChoice = false } = {}) {
  let everything = [], shown = most;
  const list = h("div", { class: "voice-list" });
  const count = h("p", { class: "note", role: "status" });
  const search = h("input", { type: "search", placeholder: t.voices.search, "aria-label": t.voices.search });
  const language = h("span");
  const more = button(t.common.more, { class: "small", onclick: () => { shown += 100; draw(); } });
  let wanted = "";
  const draw = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = everything.filter((voice) => (!wanted || (voice.language ?? "").split(/[-_]/)[0] === wanted)
      && words.every((word) => `${voice.name} ${voice.id} ${voice.language ?? ""} ${aboutVoice(voice)}`.toLowerCase().includes(word)));
    fill(list, found.length ? found.slice(0, shown).map(row) : empty(t.voices.none));
    more.hidden = found.length <= shown;
    count.textContent = t.voices.count(found.length);
  };
  search.addEventListener("input", debounce(120, () => { shown = most; draw(); }));
  const load = async () => {
    try {
      everything = await voices();
      const codes = [...new Set(everything.map((voice) => (voice.language ?? "").split(/[-_]/)[0]).filter(Boolean))];
      const pairs = codes.map((code) => [code, languageName(code)]).sort((one, other) => one[1].localeCompare(other[1]));
      fill(language, select([["", t.voices.allLanguages], ...pairs], wanted, (value) => { wanted = value; shown = most; draw(); }, { "aria-label": t.voices.language }));
      draw();
    } catch (error) { report(error); }
  };
  return { node: h("div", { class: "voice-search" }, h("div", { class: "row" }, search, language, count), isChoice ? h("fieldset", null, h("legend", { class: "visually-hidden" }, t.make.voice), list) : list, more), load, draw };
}

/** A radio list of voices; `onChoose(voice)`. */
export function voicePicker(chosen, onChoose) {
  let current = chosen;
  const { node, load } = voiceSearch((voice) => h("label", { class: "voice-row" },
    h("input", { type: "radio", name: "voice", value: voice.id, checked: voice.id === current, onchange: () => { current = voice.id; onChoose(voice); } }),
    listenButton(voice), h("span", { class: "grow" }, h("strong", { class: "cut" }, voice.name, voice.isCloned ? [" ", badge("plain", t.voices.cloned)] : null), h("span", { class: "note" }, aboutVoice(voice)))), { most: 24, isChoice: true });
  load();
  return node;
}
