// Many orders at once: read, tried without ordering, then ordered, and followed in a list.
import { h, fill, button, actionButton, badge, report, confirmed, debounce, empty } from "./dom.js";
import { choices, post, get, listen, hasEnded } from "./api.js";
import { readRows } from "./rows.js";
import { t } from "./texts.js";

const atOnce = 3;
const example = 'name,video,script,voice\nGreeting,https://example.com/clip.mp4,"Hello, and welcome.",kokoro-woman\n';

export async function batchPage() {
  const lists = await choices();
  const model = lists.models.find((each) => each.isDefault)?.name;
  let rows = [], key = "", isWorking = false, isOver = false;
  const area = h("textarea", { rows: "8", spellcheck: "false", class: "code", placeholder: example, "aria-label": t.batch.input, oninput: debounce(300, () => read()) });
  const picker = h("input", { type: "file", hidden: true, accept: ".jsonl,.ndjson,.json,.csv,.tsv,.txt,text/*", onchange: () => take(picker.files[0]) });
  const table = h("div", { class: "table-frame" });
  const summary = h("p", { class: "note", role: "status" });
  const check = actionButton(t.batch.check, {}, () => tryAll(), "check");
  const order = actionButton(t.batch.order, { class: "primary" }, () => orderAll(), "play");

  const take = async (file) => { if (!file) return; area.value = await file.text(); read(); };
  const read = () => {
    if (isWorking) return;
    key = Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    rows = readRows(area.value, { voice: lists.defaultVoice, model }).map((row, index) => ({ ...row, number: index + 1, state: row.error ? "invalid" : "read", message: row.error ? t.batch.errors[row.error] : "", generation: null }));
    draw();
  };
  const draw = () => {
    const count = (state) => rows.filter((row) => row.state === state).length;
    check.disabled = isWorking || !rows.length;
    order.disabled = isWorking || !rows.some((row) => ["read", "valid", "refused"].includes(row.state));
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
    if (generation) fill(row.cell, badge(generation.status, t.status[generation.status]), " ", hasEnded(generation) ? null : h("span", { class: "note number" }, t.progress.percent(generation.progress ?? 0)), " ", h("a", { href: `#/g/${encodeURIComponent(generation.id)}` }, t.batch.open), generation.error ? h("p", { class: "note" }, generation.error.message) : null);
    else fill(row.cell, badge({ valid: "completed", invalid: "failed", refused: "failed" }[row.state] ?? "plain", t.batch.states[row.state]), row.message ? h("p", { class: "note" }, row.message) : null);
  };
  const each = async (list, action) => {
    isWorking = true;
    draw();
    const queue = [...list];
    const work = async () => { while (queue.length && !isOver) { const row = queue.shift(); await patiently(row, action); showState(row); } };
    await Promise.all(Array.from({ length: atOnce }, work));
    isWorking = false;
    draw();
  };
  const patiently = async (row, action) => {
    for (let tries = 0; ; tries += 1) {
      try { await action(row); return; } catch (error) {
        if ((error.status === 0 || error.status === 429 || error.status === 503) && tries < 5 && !isOver) { await new Promise((resolve) => setTimeout(resolve, 2000 * (tries + 1))); continue; }
        row.state = error.status >= 400 && error.status < 500 ? "invalid" : "refused";
        row.message = [error.field ? `${error.field}: ` : "", error.message, " ", error.suggestion].join("");
        return;
      }
    }
  };
  const tryAll = () => each(rows.filter((row) => row.order && !row.generation), async (row) => {
    await post("/generations?dryRun=true", row.order);
    row.state = "valid";
    row.message = "";
  });
  const orderAll = async () => {
    const wanted = rows.filter((row) => row.order && !row.generation && row.state !== "invalid");
    if (!(await confirmed(t.batch.question(wanted.length), t.batch.order, "primary"))) return;
    await each(wanted, async (row) => {
      row.generation = await post("/generations", row.order, { headers: { "Idempotency-Key": `batch-${key}-${row.number}` } });
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
  draw();
  const drop = h("section", { class: "panel stack", ondragover: (event) => event.preventDefault(), ondrop: (event) => { event.preventDefault(); event.stopPropagation(); take(event.dataTransfer.files[0]).catch(report); } },
    h("div", { class: "row between" }, h("h2", null, t.batch.input), h("div", { class: "row" }, button(t.inputs.choose, { class: "small", onclick: () => picker.click() }, "upload"), button(t.batch.example, { class: "small", onclick: () => { area.value = example; read(); } }))),
    picker, area, h("p", { class: "note" }, t.batch.hint), h("div", { class: "row" }, check, order, summary));
  const node = h("div", null, h("header", { class: "page-head" }, h("div", null, h("h1", null, t.nav.batch), h("p", { class: "lead" }, t.batch.lead))), drop, h("section", { class: "panel", "aria-label": t.batch.list }, table));
  return { title: t.nav.batch, node, dispose: () => { isOver = true; stop(); clearInterval(timer); } };
}

/** What an order says, in a few words. */
function what(order) {
  if (!order) return "–";
  const name = (medium) => medium?.asset ?? medium?.url ?? "";
  return [name(order.video ?? order.image), order.text?.script ? `“${String(order.text.script).slice(0, 80)}”` : name(order.audio)].filter(Boolean).join(" → ");
}
