// Building the page: elements are made here and nowhere else, so that no text is ever read as markup.
import { t } from "./texts.js";

const svgNamespace = "http://www.w3.org/2000/svg";

/** An element. `on…` properties are listeners, `style` is an object, `href` and `src` are checked; null is left out. */
export function h(tag, properties, ...children) {
  return build(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function s(tag, properties, ...children) {
  return build(document.createElementNS(svgNamespace, tag), properties, children);
}

function build(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === "style") for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "href" || name === "src" || name === "poster") setLink(element, name, value);
    else if (["value", "checked", "muted", "disabled", "srcObject", "selected", "indeterminate"].includes(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  if (properties?.target === "_blank") element.setAttribute("rel", "noopener noreferrer");
  put(element, children);
  return element;
}

/** Adds children; texts become text nodes, lists are flattened, null is left out. */
export function put(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** Puts other children in place of those that are there. */
export function fill(element, ...children) {
  element.replaceChildren();
  return put(element, children);
}

/** An address that may stand in a link or load a medium, or null. Other schemes than HTTP run scripts or open programs. */
export function safeURL(text, allowsData = false) {
  if (typeof text !== "string" || text === "") return null;
  if (text.startsWith("#")) return text;
  let url;
  try { url = new URL(text, location.href); } catch { return null; }
  if (url.protocol === "http:" || url.protocol === "https:") return url.href;
  if (allowsData && url.protocol === "blob:") return url.href;
  if (allowsData && /^data:image\/(jpeg|png|webp);base64,/.test(text)) return text;
  return null;
}

/** A link of this server as this page reaches it: its public address may name another host than the one in use. */
export function ownURL(text) {
  const safe = safeURL(text);
  if (!safe) return null;
  const url = new URL(safe);
  return url.pathname + url.search;
}

function setLink(element, name, value) {
  const safe = safeURL(value, name !== "href");
  if (safe) element.setAttribute(name, safe);
}

const paths = {
  play: "M8 5v14l11-7z", pause: "M7 5h4v14H7zM13 5h4v14h-4z", stop: "M7 7h10v10H7z",
  plus: "M12 5v14M5 12h14", minus: "M5 12h14", close: "M6 6l12 12M18 6L6 18", check: "M5 13l4 4L19 7",
  video: "M4 6h11v12H4zM15 10l5-3v10l-5-3", image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9h.01",
  sound: "M5 10v4M9 7v10M13 4v16M17 8v8M21 11v2", text: "M5 6h14M12 6v13M9 19h6",
  mic: "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4zM6 11a6 6 0 0 0 12 0M12 17v3M9 20h6",
  camera: "M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  folder: "M4 6h6l2 2h8v11H4z", upload: "M12 16V5M7 10l5-5 5 5M5 19h14", download: "M12 5v11M7 11l5 5 5-5M5 20h14",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4",
  moon: "M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z", auto: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  help: "M9 9.5a3 3 0 1 1 4.5 2.6c-1 .6-1.5 1.2-1.5 2.4M12 18h.01",
  user: "M12 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5 20c.8-4 3.5-6 7-6s6.2 2 7 6",
  copy: "M9 9h10v11H9zM5 15V4h10", trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13", again: "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
  grid: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z", warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
  error: "M12 3l9 9-9 9-9-9zM12 8v5M12 16h.01", back: "M14 6l-6 6 6 6", next: "M10 6l6 6-6 6", loop: "M5 12V9a2 2 0 0 1 2-2h12M16 4l3 3-3 3M19 12v3a2 2 0 0 1-2 2H5M8 20l-3-3 3-3",
  zoom: "M10.5 5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM15 15l5 5", code: "M8 7l-5 5 5 5M16 7l5 5-5 5", more: "M6 12h.01M12 12h.01M18 12h.01",
};
const filled = new Set(["play", "pause", "stop"]);

/** A drawn sign of 24 units; it says nothing to screen readers, so its button needs a name. */
export function icon(name) {
  return s("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" },
    s("path", { d: paths[name], class: filled.has(name) ? "solid" : "" }));
}

/** A button with a sign, or with a sign and a text. */
export function button(label, properties = {}, sign = null) {
  const { isBare, ...others } = properties;
  return h("button", { type: "button", ...(isBare ? { "aria-label": label, title: label } : {}), ...others },
    sign ? icon(sign) : null, isBare ? null : h("span", null, label));
}

let fieldNumber = 0;
/** A labelled control; `note` stands under it and is read with it. */
export function field(label, control, note = null) {
  const id = `f${++fieldNumber}`;
  control.id = id;
  if (note) control.setAttribute("aria-describedby", `${id}-note`);
  return h("div", { class: "field" }, h("label", { for: id }, label), control,
    note ? h("p", { class: "note", id: `${id}-note` }, note) : null);
}

/** A choice among `[value, label]` pairs. */
export function select(pairs, value, onchange, properties = {}) {
  const element = h("select", { ...properties, onchange: () => onchange?.(element.value) },
    pairs.map(([key, label]) => h("option", { value: key, selected: key === value }, label)));
  return element;
}

/** A dialog with a title; closes by its cross, Escape and `close()`. Focus stays inside while it is open. */
export function openDialog(title, content, { isWide = false, onClose } = {}) {
  const heading = h("h2", { id: `d${++fieldNumber}` }, title);
  const dialog = h("dialog", { class: isWide ? "wide" : "", "aria-labelledby": heading.id },
    h("header", null, heading, button(t.common.close, { class: "quiet", isBare: true, onclick: () => dialog.close() }, "close")),
    h("div", { class: "dialog-body" }, content));
  dialog.addEventListener("close", () => { if (dialog.contains(toasts)) document.body.append(toasts); dialog.remove(); onClose?.(); });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks before something is lost, or is ordered. `keep` is the button that leaves all as it is. */
export function confirmed(question, action, kind = "danger", keep = t.common.cancel) {
  return new Promise((resolve) => {
    let answer = false;
    const dialog = openDialog(question, h("div", { class: "row end" },
      button(keep, { onclick: () => dialog.close() }),
      button(action, { class: kind, onclick: () => { answer = true; dialog.close(); } })), { onClose: () => resolve(answer) });
  });
}

/** Closes what lies over the page. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
}

/** Where something is above all else: in the newest dialog, or in the page. */
const topmost = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

const toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
document.body.append(toasts);

/** A short message; an error stays longer and has its suggestion. */
export function toast(message, { suggestion = null, isError = false, link = null } = {}) {
  const item = h("div", { class: isError ? "toast error" : "toast" }, icon(isError ? "warning" : "check"),
    h("div", null, h("p", null, message), suggestion ? h("p", { class: "note" }, suggestion) : null, link),
    button(t.common.close, { class: "quiet", isBare: true, onclick: () => item.remove() }, "close"));
  if (toasts.parentElement !== topmost()) topmost().append(toasts);
  toasts.append(item);
  while (toasts.children.length > 4) toasts.firstChild.remove();
  setTimeout(() => item.remove(), isError ? 15000 : 5000);
}

/** Shows what went wrong; what the user broke off is no error. */
export function report(error) {
  if (error?.name === "AbortError") return;
  toast(error?.message || t.errors.unknown, { suggestion: error?.suggestion, isError: true });
}

/** A button that is busy while its action runs, and shows what it throws. */
export function actionButton(label, properties, action, sign = null) {
  const element = button(label, {
    ...properties,
    onclick: async (event) => {
      element.disabled = true;
      element.setAttribute("aria-busy", "true");
      try { await action(event); } catch (error) { report(error); }
      element.disabled = false;
      element.removeAttribute("aria-busy");
    },
  }, sign);
  return element;
}

/** A button that copies what `text()` returns. */
export function copyButton(label, text, properties = {}) {
  return actionButton(label, properties, async () => {
    try { await navigator.clipboard.writeText(text()); } catch {
      // Without HTTPS there is no clipboard interface; the old way needs a selected field.
      const area = h("textarea", { class: "hidden-copy", "aria-hidden": "true" });
      area.value = text();
      topmost().append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    toast(t.common.copied);
  }, "copy");
}

/** Calls the function once nobody has asked again for the time. */
export function debounce(milliseconds, action) {
  let timer;
  return (...values) => { clearTimeout(timer); timer = setTimeout(() => action(...values), milliseconds); };
}

/** 0:04.2, 1:02:03 */
export function clock(seconds, digits = 0) {
  if (!Number.isFinite(seconds)) return "–";
  const unit = 10 ** digits;
  const whole = Math.round(Math.max(0, seconds) * unit);
  const rest = String(Math.floor(whole / unit) % 60).padStart(2, "0") + (digits ? "." + String(whole % unit).padStart(digits, "0") : "");
  const minutes = Math.floor(whole / unit / 60);
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** 3.4 MB */
export function bytes(count) {
  if (!Number.isFinite(count)) return "–";
  const units = ["B", "kB", "MB", "GB", "TB"];
  let index = 0;
  while (count >= 1000 && index < 4) { count /= 1000; index += 1; }
  return `${count.toFixed(index && count < 100 ? 1 : 0)} ${units[index]}`;
}

/** A moment in the reader's own way of writing. */
export function moment(text) {
  const date = new Date(text ?? NaN);
  return Number.isNaN(date.getTime()) ? "–" : date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** What is remembered on this device; storage may be closed. */
export const memory = {
  get(key) { try { return JSON.parse(localStorage.getItem(`lipsmith.${key}`)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`lipsmith.${key}`, JSON.stringify(value)); } catch { /* closed or full */ } },
  remove(key) { try { localStorage.removeItem(`lipsmith.${key}`); } catch { /* closed */ } },
};

/** A word in a coloured frame with a sign, so that colour is not alone. */
export function badge(kind, text) {
  return h("span", { class: `badge ${kind}` }, text);
}

/** The page's empty state. */
export function empty(text, ...more) {
  return h("div", { class: "empty" }, h("p", null, text), more);
}
