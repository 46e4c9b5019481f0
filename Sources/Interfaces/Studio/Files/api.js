// Calls of Lipsmith's own API. The session's cookie goes along by itself.
import { t } from "./texts.js";

/** What the server, or the way to it, answered instead of the thing asked for. */
export class APIError extends Error {
  constructor(status, { code, message, suggestion, field, requestId } = {}, retryAfterSeconds = null) {
    super(message || t.errors.unknown);
    this.status = status;
    this.code = code || "unknown";
    this.suggestion = suggestion || "";
    this.field = field ?? null;
    this.requestId = requestId ?? null;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Sends a request below /v1 and reads the JSON of its answer; null for an empty one. Throws `APIError`. */
export async function call(method, path, { body, headers = {}, signal } = {}) {
  const options = { method, headers: { Accept: "application/json", ...headers }, signal, credentials: "same-origin" };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try { response = await fetch(`/v1${path}`, options); } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new APIError(0, { code: "offline", message: t.errors.offline, suggestion: t.errors.offlineHint });
  }
  return readAnswer(response.status, await response.text(), response.headers.get("Retry-After"));
}

/** The JSON of an answer, or the error that it is. `retryAfter` is the header of that name: seconds or a date. */
export function readAnswer(status, text, retryAfter = null) {
  let value = null;
  try { value = text ? JSON.parse(text) : null; } catch { /* A proxy's page, for example. */ }
  if (status >= 200 && status < 300) return value;
  const error = errorOf(value) ?? { message: t.errors.status(status), suggestion: t.errors.statusHint };
  // A sign-in link that opens nothing says nothing about the session in use.
  if (status === 401 && error.code !== "sign-in-link-invalid") dispatchEvent(new CustomEvent("lipsmith-signed-out"));
  throw new APIError(status, error, secondsOf(retryAfter));
}

/** The error of an answer in this interface's form, or in Sync's, where `error` is only the name of the status. */
function errorOf(value) {
  if (!value || typeof value !== "object") return null;
  if (value.error && typeof value.error === "object") return value.error;
  const message = [value.message ?? value.error].flat().filter((each) => typeof each === "string").join(" ");
  return message ? { code: value.errorCode, message, suggestion: value.suggestion, field: value.field, requestId: value.requestId } : null;
}

function secondsOf(retryAfter) {
  if (!retryAfter) return null;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

export const get = (path, options) => call("GET", path, options);
export const post = (path, body, options) => call("POST", path, { body, ...options });
export const remove = (path, options) => call("DELETE", path, options);

/** A path with a query; empty values are left out. */
export function query(path, values) {
  const pairs = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path;
}

/** Every item of a list, page by page, up to a number. */
export async function all(path, values = {}, most = 1000) {
  const items = [];
  let cursor = null;
  do {
    const page = await get(query(path, { ...values, limit: 100, cursor }));
    items.push(...page.items);
    cursor = page.next;
  } while (cursor && items.length < most);
  return items;
}

const kept = new Map();
/** An answer that is asked for once and kept until `forget`. */
export function once(path, load = () => get(path)) {
  if (!kept.has(path)) {
    const answer = load();
    kept.set(path, answer);
    answer.catch(() => kept.delete(path));
  }
  return kept.get(path);
}
export const forget = (path) => kept.delete(path);
export const forgetAll = () => kept.clear();
export const choices = () => once("/choices");
export const voices = () => once("/voices", () => all("/voices"));
/** Asked for anew each time: programs make projects, too. */
export const projects = () => all("/projects");

/** Whether a generation has come to its end. */
export const hasEnded = (generation) => ["completed", "failed", "rejected"].includes(generation?.status);

/** The status as it is shown: what somebody ended is "cancelled", which the server counts among the failed. */
export const shownStatus = (generation) => (generation?.error?.code === "cancelled" ? "cancelled" : generation?.status);

/**
 * Follows a generation until it has ended, by events and, where these do not arrive, by asking every few seconds.
 * Returns a function that stops it.
 */
export function follow(id, { onChange, onPreview, onConnection }) {
  const path = `/generations/${encodeURIComponent(id)}`;
  let source = null, isOver = false, lastNews = 0, timer = null, failures = 0;
  const stop = () => { isOver = true; clearTimeout(timer); source?.close(); document.removeEventListener("visibilitychange", seen); };
  // Hidden pages give their connection back, since a browser opens six to a server; they ask instead.
  const seen = () => { if (document.hidden) source?.close(); else listen(); };
  const take = (generation) => {
    if (isOver) return;
    lastNews = Date.now();
    onChange(generation);
    if (hasEnded(generation)) stop();
  };
  const listen = () => {
    if (isOver || !window.EventSource) return;
    source?.close();
    source = new EventSource(`/v1${path}/events`);
    source.addEventListener("open", () => { failures = 0; onConnection?.(true); });
    source.addEventListener("generation", (event) => take(parsed(event.data)));
    source.addEventListener("preview", (event) => { lastNews = Date.now(); onPreview?.(parsed(event.data)?.number ?? lastNews); });
    source.addEventListener("error", () => { failures += 1; if (source.readyState === EventSource.CLOSED && failures < 5) setTimeout(listen, 5000 * failures); });
  };
  const ask = async () => {
    if (isOver) return;
    const isQuiet = Date.now() - lastNews > 4000;
    const isConnected = source?.readyState === EventSource.OPEN;
    if (isQuiet && (!isConnected || Date.now() - lastNews > 20000)) {
      try {
        const generation = await get(path);
        onConnection?.(true);
        take(generation);
        if (generation.hasPreview && !isConnected) onPreview?.(Date.now());
      } catch (error) {
        if (error.status === 404 || error.status === 401 || error.status === 403) { stop(); onConnection?.(false, error); return; }
        onConnection?.(false, error);
      }
    }
    if (!isOver) timer = setTimeout(ask, 3000);
  };
  if (!document.hidden) listen();
  document.addEventListener("visibilitychange", seen);
  timer = setTimeout(ask, 3000);
  return stop;
}

const listeners = new Set();
let shared = null;
/** Changes of all generations of the organisation, `{id, status, progress}`. Returns a function that stops listening. */
export function listen(action) {
  listeners.add(action);
  share();
  return () => { listeners.delete(action); share(); };
}

/** One connection while anybody listens and the page is seen. */
function share() {
  const isWanted = listeners.size > 0 && !document.hidden && window.EventSource;
  if (!isWanted) { shared?.close(); shared = null; return; }
  if (shared && shared.readyState !== EventSource.CLOSED) return;
  shared = new EventSource("/v1/events");
  shared.addEventListener("generation", (event) => {
    const news = parsed(event.data);
    if (news) for (const each of [...listeners]) each(news);
  });
}
document.addEventListener("visibilitychange", share);

function parsed(text) {
  try { return JSON.parse(text); } catch { return null; }
}
