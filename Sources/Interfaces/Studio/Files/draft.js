// What the form holds, and the order that it makes. Kept in the tab, so that a reload loses nothing.
import { get, choices } from "./api.js";
import { ownURL } from "./dom.js";

const key = "lipsmith.draft";

/** An empty form. */
export function fresh() {
  return {
    picture: null, sound: null, soundMode: "text", script: "", voice: "", speed: 1,
    model: "", photoModel: "", syncMode: "", speaker: "auto", parts: [], emotion: "", region: "", temperature: null, seed: "",
    keepsOccluders: false, resolution: "", aspectRatio: "", durationSeconds: "", name: "", project: "", webhookUrl: "",
  };
}

/** The form as it was left in this tab. */
export function restored() {
  try { return { ...fresh(), ...JSON.parse(sessionStorage.getItem(key)) }; } catch { return fresh(); }
}

/** Keeps the form; a file that is still on its way is left out. */
export function keep(draft) {
  const safe = (medium) => (medium && !medium.isPending ? { ...medium, preview: medium.remote ?? (medium.preview?.startsWith("blob:") ? null : medium.preview) } : null);
  try { sessionStorage.setItem(key, JSON.stringify({ ...draft, picture: safe(draft.picture), sound: safe(draft.sound) })); } catch { /* closed */ }
}

const batchKey = "lipsmith.draft.batch";

/** The text of the batch page as it was left in this tab. */
export function restoredBatch() {
  try { return sessionStorage.getItem(batchKey) ?? ""; } catch { return ""; }
}

/** Keeps the text of the batch page. */
export function keepBatch(text) {
  try { sessionStorage.setItem(batchKey, text); } catch { /* closed, or the text is too long */ }
}

/** Forgets the form and the batch that were left in this tab. */
export function forgetDraft() {
  try { for (const each of [key, batchKey]) sessionStorage.removeItem(each); } catch { /* closed */ }
}

/** A medium of the form, made of an asset. `preview` may be a local address that is quicker than the server's. */
export function mediumOf(asset, preview = null) {
  return {
    asset: asset.id, kind: asset.kind, name: asset.name, preview: preview ?? ownURL(asset.url), remote: ownURL(asset.url),
    durationSeconds: asset.durationSeconds, width: asset.width, height: asset.height,
  };
}

/** A medium of the form, made of an address. */
export function mediumAt(url, kind) {
  return { url, kind, name: decodeURIComponentSafe(new URL(url).pathname.split("/").pop() || url), preview: null };
}

function decodeURIComponentSafe(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

const wire = (medium) => (medium.asset ? { asset: medium.asset } : { url: medium.url });
const number = (text) => (text === "" || text === null || !Number.isFinite(Number(text)) ? null : Number(text));

/** Whether the picture is a still. */
export const isStill = (draft) => draft.picture?.kind === "image";

/** The body of `POST /v1/generations` that the form means; parts that are missing are left out, and all options but `honoured` ones where that list is given. */
export function orderOf(draft, honoured = null) {
  const order = {};
  const still = isStill(draft);
  const model = modelOf(draft);
  if (model) order.model = model;
  if (draft.picture && !draft.picture.isPending) order[still ? "image" : "video"] = wire(draft.picture);
  if (draft.soundMode === "file") {
    if (draft.sound && !draft.sound.isPending) order.audio = wire(draft.sound);
  } else if (draft.script.trim()) {
    order.text = { script: draft.script.trim(), voice: draft.voice };
    if (Number(draft.speed) !== 1) order.text.speed = Number(draft.speed);
  }
  const options = {};
  if (!still && draft.syncMode) options.syncMode = draft.syncMode;
  // Left out, the speaker of a video is the one who is seen the most. A picture has no lips to compare with the sound.
  if (!still || typeof draft.speaker === "object") options.speaker = plainSpeaker(draft.speaker);
  if (!still && draft.keepsOccluders) options.keepsOccluders = true;
  for (const name of ["emotion", "region"]) if (draft[name]) options[name] = draft[name];
  if (draft.temperature !== null) options.temperature = Number(draft.temperature);
  if (number(draft.seed) !== null) options.seed = number(draft.seed);
  if (still) {
    for (const name of ["resolution", "aspectRatio"]) if (draft[name]) options[name] = draft[name];
    if (number(draft.durationSeconds) !== null) options.durationSeconds = number(draft.durationSeconds);
  }
  if (honoured) for (const name of Object.keys(options)) if (!honoured.includes(name)) delete options[name];
  if (Object.keys(options).length) order.options = options;
  if (hasParts(draft)) order.parts = draft.parts.map((part) => wirePart(part, honoured));
  const name = draft.name || standardName(draft);
  if (name) order.name = name;
  for (const each of ["project", "webhookUrl"]) if (draft[each]) order[each] = draft[each];
  return order;
}

/** The model that the form's picture or clip gets. */
export const modelOf = (draft) => (isStill(draft) ? draft.photoModel : draft.model);

/** Whether only parts of a clip get new words. */
export const hasParts = (draft) => draft.picture?.kind === "video" && draft.parts.length > 0;

/** What a video is called unless told otherwise: as the clip or the photo is, or else by its first words. */
export function standardName(draft) {
  const { picture } = draft;
  const file = picture && picture.name !== picture.url ? picture.name?.replace(/\.\w{1,5}$/, "") : "";
  const words = draft.soundMode === "text" ? draft.script.trim().split(/\s+/).slice(0, 6).join(" ") : draft.sound?.name?.replace(/\.\w{1,5}$/, "");
  // The server takes no characters that cannot be seen.
  return [file, words].map((text) => (text ?? "").replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "").slice(0, 100).trim()).find(Boolean) ?? "";
}

const plainSpeaker = (speaker) => (typeof speaker === "string" ? speaker : { frame: speaker.frame, x: speaker.x, y: speaker.y });

function wirePart(part, honoured) {
  const result = { startSeconds: part.startSeconds, endSeconds: part.endSeconds };
  for (const name of ["audioStartSeconds", "audioEndSeconds", "temperature"]) if (number(part[name] ?? null) !== null) result[name] = number(part[name]);
  if (part.syncMode) result.syncMode = part.syncMode;
  if (part.speaker && (honoured?.includes("speaker") ?? true)) result.speaker = plainSpeaker(part.speaker);
  return result;
}

/** What keeps the form from being sent, as a key of `texts.js`, or null. */
export function missing(draft) {
  if (!draft.picture) return "picture";
  if (draft.picture.isPending || (draft.soundMode === "file" && draft.sound?.isPending)) return "upload";
  if (draft.soundMode === "file" && !draft.sound) return "sound";
  if (draft.soundMode === "text" && !draft.script.trim()) return "script";
  return null;
}

/** The form that makes an order like the one of a generation, so that it can be changed and sent again. */
export async function draftOf(generation) {
  const draft = fresh();
  const order = generation.order;
  if (!order) return draft;
  const options = order.options ?? {};
  draft[order.image ? "photoModel" : "model"] = order.model ?? "";
  draft.picture = await mediumOfWire(order.video ?? order.image, order.image ? "image" : "video");
  draft.soundMode = order.text ? "text" : "file";
  draft.sound = await mediumOfWire(order.audio, "audio");
  if (order.text) Object.assign(draft, { script: order.text.script ?? "", voice: order.text.voice ?? "", speed: order.text.speed ?? 1 });
  for (const name of ["syncMode", "emotion", "region", "resolution", "aspectRatio", "seed", "durationSeconds"]) draft[name] = options[name] ?? "";
  draft.temperature = options.temperature ?? null;
  draft.speaker = options.speaker ?? (order.image ? "auto" : "most-present");
  draft.keepsOccluders = options.keepsOccluders ?? false;
  draft.parts = (order.parts ?? []).map((part) => ({ ...part }));
  for (const name of ["name", "project", "webhookUrl"]) draft[name] = order[name] ?? "";
  if (draft.name === standardName(draft)) draft.name = "";
  return draft;
}

async function mediumOfWire(medium, kind) {
  if (!medium) return null;
  if (medium.url) return mediumAt(medium.url, kind);
  try { return mediumOf(await get(`/assets/${encodeURIComponent(medium.asset)}`)); } catch { return null; }
}

/** The sample: the server's portrait and a sentence for it. */
export async function applySample(draft, asset) {
  const { sample, defaultVoice } = await choices();
  Object.assign(draft, fresh(), {
    picture: mediumOf(asset), soundMode: "text", script: sample?.script ?? "", voice: sample?.voice || draft.voice || defaultVoice || "", name: sample?.name ?? "",
  });
}
