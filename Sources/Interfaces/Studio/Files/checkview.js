// What the check found, in words: faces, gaps, sound, what will come out, what is wrong and what helps.
import { h, icon, clock } from "./dom.js";
import { t } from "./texts.js";
import { isStill, hasParts } from "./draft.js";

const fact = (label, value) => (value ? [h("dt", null, label), h("dd", null, value)] : null);

/** The picture's faces in a sentence: how many, how large, how far turned. */
export function facesSentence(picture) {
  const all = picture.samples.flatMap((sample) => sample.faces);
  if (!all.length) return t.check.noFaces;
  const most = Math.max(...picture.samples.map((sample) => sample.faces.length));
  const widths = all.map((face) => face.right - face.left).sort((one, other) => one - other);
  const turned = Math.max(...all.map((face) => Math.abs(face.yawDegrees ?? 0)));
  return t.check.faces(most, Math.round(widths[widths.length >> 1]), Math.round(turned));
}

/** What the check found that still says something about the form. */
function problemsOf(check, draft, partsOutcome) {
  const isFace = (speaker) => speaker && typeof speaker === "object";
  const isChosen = isFace(draft.speaker) || (hasParts(draft) && draft.parts.every((part) => isFace(part.speaker)));
  const found = (check?.problems ?? []).filter(({ code }) => !(code === "several-people" && isChosen) && !(code === "sound-longer-than-clip" && hasParts(draft)));
  const error = hasParts(draft) ? partsOutcome?.error : null;
  return error ? [...found, { level: "error", message: error.message, suggestion: error.suggestion }] : found;
}

/** The problems for which the order would be refused, or change nothing. */
export const refusals = (check, draft, partsOutcome) => problemsOf(check, draft, partsOutcome).filter((problem) => problem.level === "error");

/** How many parts get new words, and how long they are in all. */
function partsSentence(draft) {
  const seconds = draft.parts.reduce((sum, part) => sum + part.endSeconds - part.startSeconds, 0);
  return t.check.parts(draft.parts.length, seconds);
}

/** The panel beside the form; `partsOutcome` is the answer of a dry run where parts are marked. */
export function checkSummary(check, draft, partsOutcome = null) {
  const title = h("h2", null, t.check.title);
  if (!check) return [title, h("p", { class: "note" }, draft.picture ? t.check.soon : t.check.empty)];
  const { picture, sound } = check;
  const outcome = hasParts(draft) ? { sentence: partsSentence(draft), outputSeconds: partsOutcome?.outputSeconds } : isStill(draft) ? check.outcomes?.[0] : check.outcomes?.find((each) => each.syncMode === draft.syncMode) ?? check.outcomes?.[0];
  const problems = problemsOf(check, draft, partsOutcome);
  const estimateSeconds = hasParts(draft) ? partsOutcome?.estimateSeconds : check.estimateSeconds;
  const gapSeconds = (picture?.gaps ?? []).reduce((sum, gap) => sum + gap.endSeconds - gap.startSeconds, 0);
  return [title,
    h("dl", { class: "facts" },
      picture ? [fact(t.check.picture, [picture.width ? `${picture.width}×${picture.height}` : null, picture.kind === "video" ? clock(picture.durationSeconds, 1) : null, picture.frameRate && picture.kind === "video" ? t.check.rate(picture.frameRate) : null].filter(Boolean).join(" · ")),
        problems.some((problem) => problem.code === "no-face") ? null : fact(t.check.facesLabel, facesSentence(picture)),
        picture.shots?.length > 1 ? fact(t.check.shots, String(picture.shots.length)) : null,
        picture.gaps?.length ? fact(t.check.gaps, t.check.gapsValue(picture.gaps.length, clock(gapSeconds, 1))) : null] : null,
      sound ? [fact(t.check.sound, clock(sound.durationSeconds, 1)),
        Number.isFinite(sound.loudness) && sound.loudness !== null ? fact(t.check.level, t.check.levelValue(sound.loudness, sound.peakDecibels)) : null,
        sound.silentShare > 0.05 ? fact(t.check.silence, t.check.share(sound.silentShare)) : null] : null,
      estimateSeconds ? fact(t.check.time, t.check.about(clock(estimateSeconds))) : null),
    outcome ? h("p", { class: "outcome" }, outcome.sentence, outcome.outputSeconds ? [" ", h("strong", { class: "number" }, t.modes.becomes(clock(outcome.outputSeconds, 1)))] : null) : null,
    problems.map((problem) => h("div", { class: `problem ${problem.level === "error" ? "error" : "warning"}` }, icon(problem.level === "error" ? "error" : "warning"),
      h("div", null, h("p", null, problem.message), problem.suggestion ? h("p", { class: "note" }, problem.suggestion) : null))),
    !check.problems || problems.length ? null : h("p", { class: "fine" }, icon("check"), t.check.fine)];
}
