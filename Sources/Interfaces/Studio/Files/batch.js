// Many orders at once: read, tried without ordering, then ordered, and followed in a list.
import { h, fill, button, actionButton, badge, clock, report, confirmed, debounce, empty } from "./dom.js";
import { choices, post, get, query, listen, hasEnded, shownStatus, APIError } from "./api.js";
import { readRows } from "./rows.js";
import { chooseAsset } from "./inputs.js";
import { restoredBatch, keepBatch } from "./draft.js";
import { t } from "./texts.js";

const atOnce = 3;
/** How often an error that may pass by itself is tried again, and how long at most between two tries. */
const mostTries = 5, longestPauseSeconds = 30;
/** These say that the server has no room now; a row waits for it as long as the page is open. */
const fullStatuses = [429, 503];
/** These may pass, and say nothing about the row either. */
const passingStatuses = [0, 408, 425, 500, 502, 504];
/** The row itself is wrong. All other errors leave it as it is, to be ordered again. */
const wrongStatuses = [400, 404, 405, 411, 413, 414, 415, 422];
const example = 'name,video,script,voice\nGreeting,https://example.com/clip.mp4,"Hello, and welcome.",kokoro-woman\n';

export async function batchPage() {
  const lists = await choices();
  const model = lists.models.find((each) => each.isDefault)?.name;
  /** What was ordered on this page, by key. */
  const ordered = new Map();
  /** Assets by kind and name, asked for once in each run over the rows. */
  let names = new Map();
  let rows = [], readText = "", stopper = null;
  const area = h("textarea", { rows: "8", spellcheck: "false", class: "code", placeholder: example, value: restoredBatch(), "aria-label": t.batch.input, oninput: debounce(300, () => read()) });
  const picker = h("input", { type: "file", hidden: true, accept: ".jsonl,.ndjson,.json,.csv,.tsv,.txt,text/*", onchange: () => take(picker.files[0]) });
  const table = h("div", { class: "table-frame" });
  const summary = h("p", { class: "note", role: "status" });
  const check = actionButton(t.batch.check, {}, () => tryAll(), "check");
  const order = actionButton(t.batch.order, { class: "primary" }, () => orderAll(), "play");
  const end = button(t.batch.stop, { hidden: true, onclick: () => stopper?.abort() }, "stop");

  const insert = () => chooseAsset(["video", "image", "audio"], (asset) => {
    if (stopper) return;
    area.setRangeText(asset.id, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    read();
  });
  const take = async (file) => { if (!file) return; area.value = await file.text(); read(); };
  const read = () => {
    if (stopper) return;
    readText = area.value;
    keepBatch(readText);
    const counts = new Map();
    rows = readRows(readText, { voice: lists.defaultVoice, model }).map((row, index) => {
      const key = row.order ? keyOf(row.order, counts) : null;
      const generation = ordered.get(key) ?? null;
      return { ...row, key, number: index + 1, state: row.error ? "invalid" : generation ? "ordered" : "read", message: row.error ? t.batch.errors[row.error] : "", generation };
    });
    draw();
  };
  const draw = () => {
    const count = (state) => rows.filter((row) => row.state === state).length;
    area.readOnly = stopper !== null;
    end.hidden = stopper === null;
    check.disabled = stopper !== null || !rows.length;
    order.disabled = stopper !== null || !rows.some((row) => ["read", "valid", "refused"].includes(row.state));
    summary.textContent = rows.length ? t.batch.summary(rows.length, count("valid"), count("invalid") + count("refused"), count("ordered")) : "";
    if (!rows.length) { fill(table, empty(t.batch.nothing)); return; }
    fill(table, h("table", null, h("thead", null, h("tr", null, [t.batch.row, t.batch.name, t.batch.what, t.batch.state].map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, rows.slice(0, 1000).map((row) => {
      row.cell = h("td");
      showState(row);
      return h("tr", null, h("td", { class: "number" }, String(row.number)), h("td", null, row.order?.name ?? "–"), h("td", { class: "wrap" }, what(row.order)), row.cell);
    }))));
  };
  const showState = (row) => {
    if (!row.cell) return;
    const { generation } = row;
    if (generation) fill(row.cell, badge(shownStatus(generation), t.status[shownStatus(generation)]), " ", hasEnded(generation) ? null : h("span", { class: "note number" }, t.progress.percent(generation.progress ?? 0)), " ", h("a", { href: `#/g/${encodeURIComponent(generation.id)}` }, t.batch.open), generation.error && shownStatus(generation) !== "cancelled" ? h("p", { class: "note" }, generation.error.message) : null);
    else fill(row.cell, badge({ valid: "completed", waiting: "pending", invalid: "failed", refused: "failed" }[row.state] ?? "plain", t.batch.states[row.state]), row.message ? h("p", { class: "note" }, row.message) : null);
  };
  const each = async (list, action) => {
    const mine = stopper = new AbortController();
    names = new Map();
    draw();
    const queue = [...list];
    const work = async () => { while (queue.length && !mine.signal.aborted) { const row = queue.shift(); await patiently(row, action, mine); showState(row); } };
    await Promise.all(Array.from({ length: atOnce }, work));
    stopper = null;
    if (area.value === readText) draw(); else read();
  };
  const patiently = async (row, action, { signal }) => {
    for (let tries = 0; ; tries += 1) {
      try { await action(row); return; } catch (error) {
        row.state = wrongStatuses.includes(error.status) ? "invalid" : "refused";
        row.message = [error.field ? `${error.field}: ` : "", error.message, " ", error.suggestion].join("");
        if (error.status === 401) { stopper?.abort(); return; }
        const isFull = fullStatuses.includes(error.status);
        if (!isFull && !(passingStatuses.includes(error.status) && tries < mostTries)) return;
        const seconds = Math.max(1, error.retryAfterSeconds ?? Math.min(longestPauseSeconds, 2 * (tries + 1)));
        const { message } = row;
        Object.assign(row, { state: "waiting", message: `${message} ${t.batch.waitsFor(clock(seconds))}` });
        showState(row);
        if (!(await pause(seconds, signal))) { Object.assign(row, { state: "refused", message }); return; }
      }
    }
  };
  const tryAll = () => each(rows.filter((row) => row.order && !row.generation), async (row) => {
    await post("/generations?dryRun=true", await withIds(row.order, names));
    row.state = "valid";
    row.message = "";
  });
  const orderAll = async () => {
    const wanted = rows.filter((row) => row.order && !row.generation && row.state !== "invalid");
    if (!(await confirmed(t.batch.question(wanted.length), t.batch.order, "primary"))) return;
    await each(wanted, async (row) => {
      row.generation = await post("/generations", await withIds(row.order, names), { headers: { "Idempotency-Key": row.key } });
      ordered.set(row.key, row.generation);
      row.state = "ordered";
      row.message = "";
    });
  };
  const follow = (news) => { const row = rows.find((each) => each.generation?.id === news.id); if (row) { Object.assign(row.generation, news); showState(row); } };
  const stop = listen(follow);
  const timer = setInterval(async () => {
    const open = rows.filter((row) => row.generation && (!hasEnded(row.generation) || (row.generation.status !== "completed" && !row.generation.error))).slice(0, 10);
    for (const row of open) { try { follow(await get(`/generations/${encodeURIComponent(row.generation.id)}`)); } catch { /* Asked again. */ } }
  }, 5000);
  read();
  const drop = h("section", { class: "panel stack", ondragover: (event) => event.preventDefault(), ondrop: (event) => { event.preventDefault(); event.stopPropagation(); take(event.dataTransfer.files[0]).catch(report); } },
    h("div", { class: "row between" }, h("h2", null, t.batch.input), h("div", { class: "row" }, button(t.inputs.choose, { class: "small", onclick: () => picker.click() }, "upload"), button(t.inputs.earlier, { class: "small", title: t.batch.insert, onclick: () => insert() }, "folder"), button(t.batch.example, { class: "small", onclick: () => { area.value = example; read(); } }))),
    picker, area, h("p", { class: "note" }, t.batch.hint), h("div", { class: "row" }, check, order, end, summary));
  const node = h("div", null, h("header", { class: "page-head" }, h("div", null, h("h1", null, t.nav.batch), h("p", { class: "lead" }, t.batch.lead))), drop, h("section", { class: "panel", "aria-label": t.batch.list }, table));
  return { title: t.nav.batch, node, dispose: () => { keepBatch(area.value); stopper?.abort(); stop(); clearInterval(timer); } };
}

/** The order with the ids of assets in place of their names. `found` holds what was asked before. */
async function withIds(order, found) {
  const result = { ...order };
  for (const field of ["video", "image", "audio"]) {
    const name = result[field]?.name;
    if (name === undefined) continue;
    const key = `${field} ${name}`;
    if (!found.has(key)) found.set(key, assetsCalled(name, field).catch((error) => { found.delete(key); throw error; }));
    const assets = await found.get(key);
    if (assets.length !== 1) throw new APIError(422, { code: "asset-name", message: t.batch.errors[assets.length ? "severalFiles" : "unknownFile"](field, name), suggestion: assets.length ? t.batch.filesHint : "" });
    result[field] = { asset: assets[0].id };
  }
  return result;
}

/** The assets that have exactly that name; two are enough to know that there are several. */
async function assetsCalled(name, kind) {
  const result = [];
  let cursor = null;
  do {
    const page = await get(query("/assets", { kind, search: name, limit: 100, cursor }));
    result.push(...page.items.filter((asset) => asset.name === name));
    cursor = page.next;
  } while (cursor && result.length < 2);
  return result;
}

/** Whether the time went by; false where it was broken off. */
const pause = (seconds, signal) => new Promise((resolve) => {
  if (signal.aborted) { resolve(false); return; }
  const timer = setTimeout(() => { signal.removeEventListener("abort", stop); resolve(true); }, 1000 * seconds);
  const stop = () => { clearTimeout(timer); resolve(false); };
  signal.addEventListener("abort", stop, { once: true });
});

/**
 * The key under which the server takes a row once: made of its order, and of how many like it stand before it. So the same
 * rows have the same keys after a reload, and when others are added or put right.
 */
function keyOf(order, counts) {
  const text = JSON.stringify(order);
  const count = (counts.get(text) ?? 0) + 1;
  counts.set(text, count);
  return `batch-${hash(text, 1)}${hash(text, 2)}-${count}`;
}

/** 53 bits of a text as hexadecimal digits. Pages without HTTPS have no digests; the server tells orders with one key apart. */
function hash(text, seed) {
  let high = 0xdeadbeef ^ seed, low = 0x41c6ce57 ^ seed;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16).padStart(14, "0");
}

/** What an order says, in a few words. */
function what(order) {
  if (!order) return "–";
  const name = (medium) => medium?.name ?? medium?.asset ?? medium?.url ?? "";
  return [name(order.video ?? order.image), order.text?.script ? `“${String(order.text.script).slice(0, 80)}”` : name(order.audio)].filter(Boolean).join(" → ");
}
