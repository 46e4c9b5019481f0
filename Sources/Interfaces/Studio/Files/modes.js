// The five rules for a sound and a clip of different lengths, each drawn: the sound above, the clip below.
import { h, s } from "./dom.js";
import { clock } from "./dom.js";
import { t } from "./texts.js";

/** The name of a mode as the drawings know it. */
export const plainMode = (mode) => mode.replace(/[-_]/g, "").toLowerCase();

const bar = (x, width, name) => s("rect", { x, y: name.startsWith("sound") ? 8 : 30, width, height: 12, rx: 2, class: `mode-${name}` });
const arrow = (from, to) => {
  const tip = to > from ? -4 : 4;
  return s("path", { d: `M${from} 36H${to}M${to + tip} 33l${-tip} 3l${tip} 3`, class: "mode-arrow" });
};
const cut = (x) => s("path", { d: `M${x} 3V47`, class: "mode-cut" });

const drawings = {
  bounce: () => [bar(4, 112, "sound"), bar(4, 44, "clip"), bar(49, 44, "clip back"), bar(94, 22, "clip"), arrow(10, 42), arrow(88, 55), arrow(98, 112)],
  loop: () => [bar(4, 112, "sound"), bar(4, 44, "clip"), bar(49, 44, "clip"), bar(94, 22, "clip"), arrow(10, 42), arrow(55, 87), arrow(98, 112)],
  cutoff: () => [bar(4, 66, "sound"), bar(70, 46, "sound gone"), bar(4, 66, "clip"), arrow(12, 62), cut(70)],
  silence: () => [bar(4, 112, "sound"), bar(4, 66, "clip"), bar(71, 45, "clip held"), arrow(12, 62), s("path", { d: "M88 33v6M93 33v6", class: "mode-arrow" })],
  remap: () => [bar(4, 112, "sound"), bar(4, 112, "clip"), ...[26, 48, 71, 93].map((x) => s("path", { d: `M${x} 30v12`, class: "mode-tick" })), arrow(10, 110)],
};

/** The drawing of a mode; an unknown one has two bars. */
export function modeDrawing(mode) {
  const draw = drawings[plainMode(mode)] ?? (() => [bar(4, 112, "sound"), bar(4, 66, "clip")]);
  return s("svg", { class: "mode-drawing", viewBox: "0 0 120 50", "aria-hidden": "true" }, draw());
}

/** A choice among modes as cards; the check's outcomes say how long the video gets by each. */
export function modeCards(modes, chosen, outcomes, onChoose) {
  return h("fieldset", { class: "cards modes" }, h("legend", null, t.choices.syncMode), h("div", { class: "card-grid" }, modes.map((mode) => {
    const words = t.syncModes[plainMode(mode)] ?? { name: mode, summary: "" };
    const outcome = outcomes?.find((each) => each.syncMode === mode);
    return h("label", { class: "card" },
      h("input", { type: "radio", name: "syncMode", value: mode, checked: mode === chosen, onchange: () => onChoose(mode) }),
      modeDrawing(mode), h("strong", null, words.name),
      h("span", { class: "note" }, outcome ? outcome.sentence : words.summary),
      outcome?.outputSeconds > 0 ? h("span", { class: "note number" }, t.modes.becomes(clock(outcome.outputSeconds, 1))) : null);
  })));
}
