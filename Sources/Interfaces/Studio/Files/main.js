// The frame of the studio: signing in, which page is shown, colours, and the keys that work everywhere.
import { h, fill, button, actionButton, icon, openDialog, closeDialogs, report, empty, memory } from "./dom.js";
import { get, post, remove, once, forgetAll } from "./api.js";
import { forgetDraft } from "./draft.js";
import { forgetUploads } from "./upload.js";
import { t } from "./texts.js";

const app = document.getElementById("app");
const main = h("main", { id: "main", tabindex: "-1" });
let session = null, current = null, turn = 0, givenDraft = null;

/** The page of a hash. Modules are loaded when they are first needed. */
const routes = [
  [/^#\/new$/, async () => (await import("./new.js")).newPage({ given: taken(), session })],
  [/^#\/g\/([^/]+)$/, async (id) => (await import("./generation.js")).generationPage({ id, edit })],
  [/^#\/grid\/(.+)$/, async (ids) => (await import("./variations.js")).gridPage(ids)],
  [/^#\/library$/, async () => (await import("./library.js")).libraryPage()],
  [/^#\/voices$/, async () => (await import("./voices.js")).voicesPage()],
  [/^#\/verify$/, async () => (await import("./verify.js")).verifyPage()],
  [/^#\/batch$/, async () => (await import("./batch.js")).batchPage()],
  [/^#\/operator(?:\/(\w+))?$/, async (name) => (await import("./operator.js")).operatorPage(name, { session })],
  [/^#\/sessions$/, async () => (await import("./sessions.js")).sessionsPage({ signOut })],
];

const taken = () => { const draft = givenDraft; givenDraft = null; return draft; };

/** Opens the form with what a generation was ordered with. */
function edit(draft) {
  givenDraft = draft;
  location.hash = "#/new";
}

/** The token of a sign-in link, in a hash, an address or by itself. */
function tokenIn(text) {
  const found = /#enter=([^&\s]+)/.exec(text);
  if (found) { try { return decodeURIComponent(found[1]); } catch { return found[1]; } }
  return /^[\w.~-]{16,}$/.test(text.trim()) ? text.trim() : null;
}

/**
 * Shows the studio to whoever is signed in, and the way in to all others.
 *
 * A token, of the address or the form, opens a session at once where none is in use. Where one is, it waits for a click,
 * since any site can lead a browser to an address with a token of its own.
 */
async function start(token = takenToken()) {
  try { session = await get("/session"); } catch (error) {
    session = null;
    if (error.status !== 401) return showSignIn(error, token);
  }
  if (token && session) return showChoice(token);
  if (token) {
    try { await post("/sessions", { token }); session = await get("/session"); } catch (error) { return showSignIn(error, error.status === 401 ? "" : token); }
  }
  if (!session) return showSignIn(null);
  own();
  showFrame();
  if (!location.hash.startsWith("#/")) history.replaceState(null, "", "#/new");
  await go();
}

/** The token of the address, which opens once and is kept neither there nor in the history. */
function takenToken(back = "#/new") {
  const token = tokenIn(location.hash);
  if (token) history.replaceState(null, "", `${location.pathname}${back}`);
  return token;
}

const ownerOf = ({ organisation, session: own, role }) => [organisation?.id, own?.id, role].join(" ");

/** Forgets what another session left in this browser, and lets its other tabs do so. */
function own() {
  const owner = ownerOf(session);
  forgetAll();
  once("/session", () => Promise.resolve(session));
  try {
    if (sessionStorage.getItem(ownerKey) !== owner) { forgetDraft(); sessionStorage.setItem(ownerKey, owner); }
    if (localStorage.getItem(ownerKey) !== owner) { forgetUploads(); localStorage.setItem(ownerKey, owner); }
  } catch { /* Storage is closed: nothing was kept. */ }
}
const ownerKey = "lipsmith.owner";

/** Forgets everything of a session that is over. */
function disown() {
  session = null;
  givenDraft = null;
  leave();
  forgetAll();
  forgetDraft();
  forgetUploads();
  for (const storage of ["sessionStorage", "localStorage"]) { try { window[storage].removeItem(ownerKey); } catch { /* closed */ } }
}

/** Asks whether a link's session takes the place of the one in use. */
function showChoice(token) {
  const who = session;
  const name = who.organisation?.name ?? "";
  // Nothing else of the page works meanwhile.
  session = null;
  leave();
  document.title = `${t.signIn.choice} · ${t.product}`;
  const stay = button(t.signIn.stay(name), { class: "primary", onclick: () => start(null).catch(showSignIn) });
  const enter = actionButton(t.signIn.byLink, {}, async () => {
    try { await post("/sessions", { token }); } catch (error) {
      report(error.code === "sign-in-link-invalid" ? { message: t.signIn.used, suggestion: t.signIn.usedHint } : error);
      if (error.status === 401) await start(null);
      return;
    }
    disown();
    history.replaceState(null, "", `${location.pathname}#/new`);
    location.reload();
  });
  fill(app, h("main", { class: "sign-in" }, h("div", { class: "panel stack" }, brand(), h("h1", null, t.signIn.choice), h("p", null, t.sessions.who(name, t.roles[who.role] ?? who.role)),
    h("p", null, t.signIn.choiceNote), h("p", { class: "note" }, t.signIn.choiceWarning), h("div", { class: "row" }, stay, enter))), themeButton());
  stay.focus();
}

function showSignIn(error, token = "") {
  session = null;
  leave();
  document.title = `${t.signIn.title} · ${t.product}`;
  const input = h("input", { autocomplete: "off", required: true, spellcheck: "false", id: "token", value: token ?? "" });
  const form = h("form", { class: "stack", onsubmit: async (event) => {
    event.preventDefault();
    const given = tokenIn(input.value);
    if (!given) { input.setCustomValidity(t.signIn.wrong); input.reportValidity(); return; }
    try { await start(given); } catch (failure) { report(failure); }
  } }, h("div", { class: "field" }, h("label", { for: "token" }, t.signIn.label), input), h("button", { class: "primary" }, t.signIn.open));
  input.addEventListener("input", () => input.setCustomValidity(""));
  const isLinkError = error?.code === "sign-in-link-invalid";
  fill(app, h("main", { class: "sign-in" }, h("div", { class: "panel stack" }, brand(), h("h1", null, t.signIn.title),
    error ? h("div", { class: "problem error", role: "alert" }, icon("error"), h("div", null, h("p", null, isLinkError ? t.signIn.used : error.message), h("p", { class: "note" }, isLinkError ? t.signIn.usedHint : error.suggestion))) : null,
    h("p", null, t.signIn.how), h("pre", { tabindex: "0" }, h("code", null, "lipsmith studio-link")), h("p", { class: "note" }, t.signIn.howNote), form)), themeButton());
}

const brand = () => h("span", { class: "brand" }, h("span", { class: "brand-sign", "aria-hidden": "true" }), t.product);

function showFrame() {
  const link = (hash, name) => h("a", { href: hash, dataset: { route: hash } }, name);
  const header = h("header", { class: "top" }, h("a", { class: "skip", href: "#main", onclick: (event) => { event.preventDefault(); main.focus(); } }, t.nav.skip),
    h("a", { class: "home", href: "#/new" }, brand()),
    h("nav", { "aria-label": t.nav.main }, link("#/new", t.nav.new), link("#/library", t.nav.library), link("#/voices", t.nav.voices), link("#/batch", t.nav.batch), link("#/verify", t.nav.verify), session.role === "operator" ? link("#/operator", t.nav.operator) : null),
    h("div", { class: "row top-tools" }, themeButton(), button(t.help.title, { class: "quiet round", isBare: true, onclick: showHelp }, "help"),
      h("a", { class: "button quiet round", href: "#/sessions", "aria-label": t.nav.sessions, title: t.nav.sessions }, icon("user"))));
  fill(app, header, main);
}

const themes = ["auto", "light", "dark"];
function themeButton() {
  const signs = { auto: "auto", light: "sun", dark: "moon" };
  const now = () => document.documentElement.dataset.theme ?? "auto";
  const element = button("", { class: "quiet round theme", isBare: true, onclick: () => {
    const next = themes[(themes.indexOf(now()) + 1) % themes.length];
    if (next === "auto") delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = next;
    try { localStorage.setItem("lipsmith.theme", next); } catch { /* not remembered then */ }
    show();
  } });
  const show = () => { fill(element, icon(signs[now()])); element.title = t.themes[now()]; element.setAttribute("aria-label", t.themes[now()]); };
  show();
  return element;
}

function showHelp() {
  if (document.querySelector("dialog[open]")) return;
  openDialog(t.help.title, h("div", { class: "help-grid" }, t.help.groups.map(([title, keys]) => h("section", null, h("h3", null, title), h("dl", { class: "keys" }, keys.map(([names, what]) => [h("dt", null, names.map((name) => h("kbd", null, name))), h("dd", null, what)]))))), { isWide: true });
}

/** Ends the page, and what it has open: the browser's own way back leaves dialogs standing. */
function leave() {
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  try { current?.dispose?.(); } catch (error) { console.error(error); }
  current = null;
  closeDialogs();
}

async function go() {
  if (!session) return;
  const mine = ++turn;
  const hash = location.hash || "#/new";
  const isFirst = current === null;
  const [pattern, open] = routes.find(([each]) => each.test(hash)) ?? [];
  for (const link of app.querySelectorAll("[data-route]")) {
    const isHere = hash === link.dataset.route || hash.startsWith(`${link.dataset.route}/`);
    if (isHere) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
  }
  leave();
  if (!open) { fill(main, empty(t.errors.noPage, h("a", { class: "button primary", href: "#/new" }, t.nav.new))); return; }
  main.setAttribute("aria-busy", "true");
  try {
    const values = pattern.exec(hash).slice(1).map((value) => { try { return value === undefined ? value : decodeURIComponent(value); } catch { return value; } });
    const page = await open(...values);
    if (mine !== turn) { page.dispose?.(); return; }
    current = page;
    document.title = `${page.title} · ${t.product}`;
    fill(main, page.node);
    if (!isFirst) main.focus({ preventScroll: true });
    scrollTo(0, 0);
  } catch (error) {
    if (mine !== turn || !session) return;
    if (error instanceof TypeError && renewed()) return;
    fill(main, empty(error.message || t.errors.unknown, error.suggestion ? h("p", { class: "note" }, error.suggestion) : null, button(t.common.again, { onclick: go }, "again")));
    if (!error.code) console.error(error);
  } finally { if (mine === turn) main.removeAttribute("aria-busy"); }
}

/** Loads the page anew, at most once a minute: a file of an older version is gone when the server has a newer one. */
function renewed() {
  const last = memory.get("renewed") ?? 0;
  if (!navigator.onLine || Date.now() - last < 60_000) return false;
  memory.set("renewed", Date.now());
  location.reload();
  return true;
}

async function signOut() {
  try { await remove("/session"); } catch (error) { if (error.status !== 401) { report(error); return; } }
  disown();
  location.reload();
}

addEventListener("hashchange", (event) => {
  const old = new URL(event.oldURL).hash;
  const token = takenToken(old.startsWith("#/") ? old : "#/new");
  if (token) start(token).catch(report); else go();
});
addEventListener("lipsmith-signed-out", () => {
  if (!session) return;
  disown();
  showSignIn({ message: t.signIn.ended, suggestion: t.signIn.howNote });
});
// Another tab signed in or out: this one's page shows what the browser's cookie does not open any more.
addEventListener("storage", (event) => { if (session && event.key === ownerKey && event.newValue !== ownerOf(session)) location.reload(); });
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
  if (event.key === "?") { event.preventDefault(); showHelp(); }
  const way = { n: "#/new", b: "#/batch", v: "#/voices", h: "#/library" }[event.key];
  if (way && session && !document.querySelector("dialog[open], compare-player:focus-within")) location.hash = way;
});
addEventListener("unhandledrejection", (event) => { if (event.reason?.name !== "AbortError") report(event.reason); });

start().catch((error) => showSignIn(error));
