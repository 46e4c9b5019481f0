// Sends a file in pieces. A lost connection costs one piece; after a reload the same file goes on where it was.
import { call, get, post, remove, readAnswer, once } from "./api.js";
import { memory } from "./dom.js";

const standardPieceBytes = 8 * 1024 * 1024;
const dayMilliseconds = 86_400_000;

const nameOf = (file) => `${file.name}|${file.size}|${file.lastModified}`;

function known() {
  const list = memory.get("uploads") ?? {};
  for (const [key, entry] of Object.entries(list)) if (!(Date.now() - entry.at < dayMilliseconds)) delete list[key];
  return list;
}

function remember(file, upload) {
  const list = known();
  if (upload) list[nameOf(file)] = { id: upload.id, name: file.name, byteCount: file.size, offset: upload.offset, at: Date.now() };
  else delete list[nameOf(file)];
  memory.set("uploads", list);
}

/** Uploads that were begun on this device and not finished: `[{id, name, byteCount, offset}]`. */
export function unfinished() { return Object.values(known()); }

/** Forgets what was begun on this device; the server deletes it after a day. */
export function forgetUploads() { memory.remove("uploads"); }

/** Gives an unfinished upload up. */
export async function discard(id) {
  const list = known();
  for (const [key, entry] of Object.entries(list)) if (entry.id === id) delete list[key];
  memory.set("uploads", list);
  try { await remove(`/uploads/${encodeURIComponent(id)}`); } catch { /* It expires by itself. */ }
}

/**
 * Sends a file and returns its asset.
 *
 * `onProgress` gets `{share, isWaiting, isResumed, isChecked}`; `isWaiting` while there is no connection.
 */
export async function upload(file, { onProgress = () => {}, signal } = {}) {
  let state = await begun(file, signal);
  const isResumed = state.offset > 0;
  const pieceBytes = await pieceSize();
  let failures = 0;
  while (state.offset < file.size) {
    const start = state.offset;
    try {
      state = await sendPiece(state.id, start, file.slice(start, start + pieceBytes), signal,
        (sent) => onProgress({ share: (start + sent) / file.size, isResumed }));
      failures = 0;
      remember(file, state);
      onProgress({ share: state.offset / file.size, isResumed });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      if (error.status === 404) { remember(file, null); state = await begun(file, signal); continue; }
      const canRepeat = error.status === 0 || error.status === 409 || isPassing(error);
      failures += 1;
      if (isFinal(error)) await discard(state.id);
      if (!canRepeat || failures > 60) throw error;
      if (error.status !== 409) {
        onProgress({ share: start / file.size, isWaiting: true, isResumed });
        await pause(Math.max(1000 * (error.retryAfterSeconds ?? 0), Math.min(15000, 1000 * 2 ** Math.min(failures - 1, 4))), signal);
      }
      state = await whereItIs(state, signal);
    }
  }
  onProgress({ share: 1, isChecked: true, isResumed });
  try {
    const asset = await post(`/uploads/${encodeURIComponent(state.id)}/asset`, {}, { signal });
    remember(file, null);
    return asset;
  } catch (error) {
    if (error.status === 404) remember(file, null);
    if (isFinal(error)) await discard(state.id);
    throw error;
  }
}

const isPassing = (error) => error.status === 408 || error.status === 429 || error.status >= 500;

/** Whether the file itself is refused: the server would keep it for a day otherwise. After all other errors it can go on. */
const isFinal = (error) => [400, 413, 415, 422].includes(error.status);

async function pieceSize() {
  try { return Math.min(standardPieceBytes, (await once("/session")).limits.chunkBytes || standardPieceBytes); } catch { return standardPieceBytes; }
}

async function begun(file, signal) {
  const entry = known()[nameOf(file)];
  if (entry) {
    try {
      const state = await get(`/uploads/${encodeURIComponent(entry.id)}`, { signal });
      if (state.byteCount === file.size) return state;
    } catch (error) { if (error.status !== 404) throw error; }
  }
  const state = await call("POST", "/uploads", { body: { name: file.name || "recording", byteCount: file.size }, signal });
  remember(file, state);
  return state;
}

async function whereItIs(state, signal) {
  try { return await get(`/uploads/${encodeURIComponent(state.id)}`, { signal }); } catch (error) {
    if (error.name === "AbortError" || error.status === 404) throw error;
    return state;
  }
}

/** One piece by XMLHttpRequest, which tells how much of it has been sent. */
function sendPiece(id, offset, piece, signal, onSent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("PATCH", `/v1/uploads/${encodeURIComponent(id)}`);
    request.setRequestHeader("Upload-Offset", String(offset));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.timeout = 300_000;
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => { try { resolve(readAnswer(request.status, request.responseText, request.getResponseHeader("Retry-After"))); } catch (error) { reject(error); } };
    request.onerror = request.ontimeout = () => { try { readAnswer(0, ""); } catch (error) { reject(error); } };
    request.onabort = () => reject(new DOMException("", "AbortError"));
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    if (signal?.aborted) return request.onabort();
    signal?.addEventListener("abort", abort);
    request.send(piece);
  });
}

/** Waits, or until the connection is back. */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const end = () => { clearTimeout(timer); removeEventListener("online", end); resolve(); };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
    signal?.addEventListener("abort", () => { clearTimeout(timer); reject(new DOMException("", "AbortError")); }, { once: true });
  });
}
