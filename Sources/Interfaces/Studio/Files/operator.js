// The installation's pages, for operators.
import { h, fill, button, actionButton, badge, bytes, moment, empty, report, openDialog, confirmed, field, copyButton, select, icon, toast } from "./dom.js";
import { get, post, remove, query, once, hasEnded } from "./api.js";
import { sessionTable } from "./sessions.js";
import { t } from "./texts.js";

const pages = { overview, jobs, webhooks, keys, settings, sessions, links };

export async function operatorPage(name, { session }) {
  if (session.role !== "operator") return { title: t.nav.operator, node: empty(t.operator.only) };
  const key = pages[name] ? name : "overview";
  const body = h("div", { class: "stack wide-gap" });
  const tabs = h("nav", { class: "tabs sub", "aria-label": t.nav.operator }, Object.keys(pages).map((each) => h("a", { href: `#/operator/${each}`, "aria-current": each === key ? "page" : null }, t.operator.tabs[each])));
  const state = { isOver: false, timers: [] };
  pages[key](body, state).catch((error) => { fill(body, empty(error.message)); report(error); });
  return { title: t.operator.tabs[key], node: h("div", null, h("header", { class: "page-head" }, h("h1", null, t.nav.operator)), tabs, body), dispose: () => { state.isOver = true; state.timers.forEach(clearInterval); } };
}

const table = (heads, rows) => h("div", { class: "table-frame" }, h("table", null, h("thead", null, h("tr", null, heads.map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, rows)));
const row = (...values) => h("tr", null, values.map((value) => h("td", null, value)));
const orgName = (organisation) => (typeof organisation === "string" ? organisation : organisation?.name ?? organisation?.id ?? "–");

/** Draws now and again every few seconds, while the page is shown. */
async function renewing(state, seconds, draw) {
  await draw();
  state.timers.push(setInterval(() => { if (!document.hidden && !state.isOver) draw().catch(() => {}); }, seconds * 1000));
}

/** A list that is read on with a button. */
function paged(path, heads, line, nothing) {
  let cursor = null;
  const rows = [];
  const slot = h("div");
  const load = async (isNew = true) => {
    if (isNew) { rows.length = 0; cursor = null; }
    const page = await get(query(path, { limit: 50, cursor }));
    rows.push(...page.items);
    cursor = page.next ?? null;
    fill(slot, rows.length ? table(heads, rows.map(line)) : empty(nothing), cursor ? h("div", { class: "row center" }, actionButton(t.common.more, {}, () => load(false))) : null);
  };
  return { slot, load, rows };
}

async function overview(body, state) {
  await renewing(state, 5, async () => {
    const value = await get("/operator/overview");
    const card = (name, number, note) => h("div", { class: "panel stat" }, h("p", { class: "note" }, name), h("p", { class: "big number" }, number), note ? h("p", { class: "note" }, note) : null);
    fill(body, (value.warnings ?? []).map((warning) => h("p", { class: "problem warning" }, icon("warning"), typeof warning === "string" ? warning : warning.message)),
      h("div", { class: "stat-grid" }, card(t.operator.waiting, String(value.jobs.waiting)), card(t.operator.running, String(value.jobs.running), t.operator.slots(value.nodes.reduce((sum, node) => sum + node.slots, 0))),
        card(t.operator.free, bytes(value.freeBytes)), card(t.operator.version, value.version, t.operator.since(moment(value.startedAt)))),
      h("section", { class: "panel" }, h("h2", null, t.operator.nodes), table([t.operator.node, t.operator.slotCount, t.operator.where], value.nodes.map((node) => row(node.name, String(node.slots), node.isLocal ? t.operator.here : t.operator.remote)))),
      h("section", { class: "panel" }, h("h2", null, t.operator.storage), storage(value.storage)));
  });
}

function storage(list) {
  const most = Math.max(1, ...list.map((each) => each.inputBytes + each.outputBytes));
  const bar = (each) => h("div", { class: "storage-bar", "aria-hidden": "true" }, h("span", { class: "inputs", style: { width: `${100 * each.inputBytes / most}%` } }), h("span", { class: "outputs", style: { width: `${100 * each.outputBytes / most}%` } }));
  return list.length ? table([t.operator.organisation, t.operator.inputs, t.operator.outputs, ""], list.map((each) => row(orgName(each.organisation), bytes(each.inputBytes), bytes(each.outputBytes), bar(each)))) : empty(t.operator.noStorage);
}

async function jobs(body, state) {
  const draw = async () => {
    const page = await get(query("/operator/jobs", { limit: 100 }));
    fill(body, h("section", { class: "panel" }, page.items.length ? table([t.operator.organisation, t.batch.name, t.operator.model, t.library.status, t.operator.created, ""], page.items.map((job) => row(orgName(job.organisation), job.name || job.id, job.model,
      [badge(job.status, t.status[job.status] ?? job.status), " ", h("span", { class: "note number" }, t.progress.percent(job.progress ?? 0))], moment(job.createdAt),
      hasEnded(job) ? null : actionButton(t.progress.cancel, { class: "small" }, async () => { if (await confirmed(t.progress.cancelQuestion, t.progress.cancel)) { await post(`/operator/jobs/${encodeURIComponent(job.id)}/cancel`); toast(t.operator.cancelled); await draw(); } })))) : empty(t.operator.noJobs)));
  };
  await renewing(state, 4, draw);
}

/** How each status of a webhook is shown. */
const hookKinds = { waiting: "pending", delivered: "completed", exhausted: "failed", refused: "failed" };

async function webhooks(body, state) {
  const own = (await once("/session")).organisation?.id;
  // The page of a generation opens for its own organisation alone; a batch has no page.
  const subject = (hook) => (!hook.generation ? hook.batch && t.operator.batchOf(hook.batch) : hook.organisation?.id === own ? h("a", { href: `#/g/${encodeURIComponent(hook.generation)}` }, hook.generation) : hook.generation);
  const { slot, load, rows } = paged("/operator/webhooks", [t.operator.created, t.operator.address, t.library.status, t.operator.tries, ""], (hook) => row(moment(hook.createdAt), [h("span", { class: "wrap" }, hook.url), h("p", { class: "note" }, orgName(hook.organisation), " ", subject(hook))],
    [badge(hookKinds[hook.status] ?? "plain", t.operator.hooks[hook.status] ?? hook.status), hook.nextTryAt ? h("p", { class: "note" }, t.operator.next(moment(hook.nextTryAt))) : null],
    h("details", null, h("summary", null, t.operator.tryCount(hook.attemptCount)), h("ol", { class: "tries" }, (hook.tries ?? []).map((each) => h("li", null, moment(each.at), ": ", each.response === "unreachable" ? t.operator.unreachable : String(each.response))))),
    hook.status === "waiting" ? null : actionButton(t.operator.redeliver, { class: "small" }, async () => { await post(`/operator/webhooks/${encodeURIComponent(hook.id)}/redeliver`); toast(t.operator.redelivered); await load(); })), t.operator.noWebhooks);
  fill(body, h("section", { class: "panel" }, slot));
  await load();
  // A list that was read on, or that somebody reads in, is left as it is.
  state.timers.push(setInterval(() => { if (!document.hidden && rows.length <= 50 && rows.some((hook) => hook.status === "waiting") && !slot.querySelector("details[open]")) load().catch(() => {}); }, 3000));
}

async function keys(body) {
  const { slot, load } = paged("/operator/keys", [t.operator.keyName, t.operator.organisation, t.operator.role, t.operator.created, ""], (key) => row(key.name, orgName(key.organisation), t.roles[key.role] ?? key.role, moment(key.createdAt),
    key.revokedAt ? h("span", { class: "note" }, t.operator.revoked(moment(key.revokedAt))) : actionButton(t.operator.revoke, { class: "small" }, async () => {
      if (!(await confirmed(t.operator.revokeQuestion(key.name), t.operator.revoke))) return;
      await remove(`/operator/keys/${encodeURIComponent(key.id)}`);
      await load();
    })), t.operator.noKeys);
  fill(body, h("section", { class: "panel" }, h("div", { class: "row end" }, button(t.operator.newKey, { class: "primary", onclick: () => newKey(load) }, "plus")), slot));
  await load();
}

function newKey(done) {
  const name = h("input", { required: true, maxlength: "120", autocomplete: "off" });
  const organisation = h("input", { autocomplete: "off", placeholder: t.operator.ownOrganisation });
  const role = select([["member", t.roles.member], ["operator", t.roles.operator]], "member");
  const body = h("form", { class: "stack", onsubmit: async (event) => {
    event.preventDefault();
    try {
      const key = await post("/operator/keys", { name: name.value.trim(), role: role.value, ...(organisation.value.trim() ? { organisation: organisation.value.trim() } : {}) });
      secret(body, t.operator.keyOnce, key.secret);
      await done();
    } catch (error) { report(error); }
  } }, field(t.operator.keyName, name), field(t.operator.organisation, organisation), field(t.operator.role, role), h("div", { class: "row end" }, h("button", { class: "primary" }, t.common.create)));
  openDialog(t.operator.newKey, body);
  name.focus();
}

/** Shows a text that is not shown again. */
function secret(slot, note, text) {
  fill(slot, h("p", null, note), h("code", { class: "secret", tabindex: "0" }, text), h("div", { class: "row end" }, copyButton(t.common.copy, () => text, { class: "primary" })));
}

async function settings(body) {
  const value = await get(query("/operator/settings", { limit: 100 }));
  const items = Array.isArray(value) ? value : value.items;
  const slot = h("div");
  const search = h("input", { type: "search", placeholder: t.operator.searchSettings, "aria-label": t.operator.searchSettings, oninput: () => draw() });
  const only = h("input", { type: "checkbox", onchange: () => draw() });
  const text = (each) => (each === null || each === undefined || each === "" ? "–" : String(each));
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    const found = items.filter((item) => (!only.checked || item.isSet) && `${item.name} ${item.summary}`.toLowerCase().includes(wanted));
    fill(slot, found.length ? table([t.operator.setting, t.operator.value, t.operator.standard, t.operator.meaning], found.map((item) => row([h("code", null, item.name), item.isSet ? [" ", badge("plain", t.operator.isSet)] : null], h("code", { class: "wrap" }, text(item.value)), h("code", { class: "wrap" }, text(item.default)), item.summary))) : empty(t.operator.noSettings));
  };
  fill(body, h("section", { class: "panel stack" }, h("div", { class: "row" }, search, h("label", { class: "check" }, only, t.operator.onlySet)), slot));
  draw();
}

async function sessions(body) { fill(body, h("section", { class: "panel" }, await sessionTable(true))); }

async function links(body) {
  const role = select([["member", t.roles.member], ["operator", t.roles.operator]], "member");
  const organisation = h("input", { autocomplete: "off", placeholder: t.operator.ownOrganisation });
  const slot = h("div", { class: "stack" });
  fill(body, h("section", { class: "panel stack narrow" }, h("h2", null, t.operator.tabs.links), h("p", { class: "note" }, t.operator.linkNote), field(t.operator.role, role), field(t.operator.organisation, organisation),
    h("div", null, actionButton(t.operator.makeLink, { class: "primary" }, async () => {
      const link = await post("/sign-in-links", { role: role.value, ...(organisation.value.trim() ? { organisation: organisation.value.trim() } : {}) });
      secret(slot, t.operator.linkOnce(moment(link.expiresAt)), link.url);
    }, "link")), slot));
}
