// The same order with several seeds, shown playing in step, so that one can be picked.
import { h, fill, button, actionButton, openDialog, field, ownURL, report, badge, icon } from "./dom.js";
import { get, post, listen, hasEnded, shownStatus } from "./api.js";
import { t } from "./texts.js";

/** Asks how many, orders them and opens their page. */
export function askVariations(order) {
  const count = h("input", { type: "number", min: "2", max: "9", step: "1", value: "4" });
  const first = h("input", { type: "number", min: "0", step: "1", value: String(Math.floor(Math.random() * 100000)) });
  const dialog = openDialog(t.variations.title, h("div", { class: "stack" }, h("p", { class: "note" }, t.variations.note), h("div", { class: "row" }, field(t.variations.count, count), field(t.variations.first, first)),
    h("div", { class: "row end" }, actionButton(t.variations.order, { class: "primary" }, async () => {
      const ids = [];
      const name = order.name || t.variations.name;
      for (let index = 0; index < Math.min(9, Math.max(2, Number(count.value) || 4)); index += 1) {
        const seed = (Number(first.value) || 0) + index;
        try {
          const generation = await post("/generations", { ...order, name: `${name} · ${seed}`, options: { ...order.options, seed } });
          ids.push(generation.id);
        } catch (error) {
          if (!ids.length) throw error;
          report(error);
          break;
        }
      }
      dialog.close();
      location.hash = `#/grid/${ids.map(encodeURIComponent).join(",")}`;
    }))));
  count.focus();
}

/** The page with several generations in a grid. */
export async function gridPage(ids) {
  const videos = new Map();
  const shows = new Map(), open = new Map();
  const ask = async (id) => {
    const generation = await get(`/generations/${encodeURIComponent(id)}`);
    if (hasEnded(generation)) open.delete(id); else open.set(id, generation);
    shows.get(id)(generation);
  };
  const grid = h("div", { class: "variation-grid" });
  const all = (action) => { for (const video of videos.values()) action(video); };
  let sounding = null;
  const hear = (id) => { sounding = id; videos.forEach((video, key) => { video.muted = key !== id; }); grid.querySelectorAll("[data-hear]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.hear === id))); };
  const playAll = () => { const lead = videos.values().next().value; const isPaused = lead?.paused ?? true; all((video) => { video.currentTime = lead.currentTime; if (isPaused) video.play().catch(() => {}); else video.pause(); }); };
  const timer = setInterval(() => {
    const [lead, ...rest] = videos.values();
    if (lead && !lead.paused) for (const video of rest) if (Math.abs(video.currentTime - lead.currentTime) > 0.08) video.currentTime = lead.currentTime;
  }, 500);
  const list = ids.split(",").slice(0, 9);
  for (const id of list) {
    const body = h("div", { class: "variation-body" });
    const state = h("span");
    grid.append(h("article", { class: "panel tight" }, body, h("div", { class: "row between" }, h("a", { href: `#/g/${encodeURIComponent(id)}`, class: "cut" }, h("strong", { dataset: { name: id } }, id)), state)));
    const show = (generation) => {
      grid.querySelector(`[data-name="${CSS.escape(id)}"]`).textContent = generation.name || t.variations.seed(generation.order?.options?.seed ?? id);
      fill(state, hasEnded(generation) ? badge(shownStatus(generation), t.status[shownStatus(generation)]) : h("span", { class: "note number" }, t.progress.percent(generation.progress)));
      if (generation.status === "completed" && generation.output && !videos.has(id)) {
        const video = h("video", { src: ownURL(generation.output.url), loop: true, muted: sounding !== id, playsinline: true, preload: "auto" });
        videos.set(id, video);
        fill(body, video);
        state.append(" ", button(t.variations.hear, { class: "small", "aria-pressed": "false", dataset: { hear: id }, onclick: () => hear(id) }, "sound"));
        if (videos.size === 1) hear(id);
      } else if (generation.error) fill(body, h("div", { class: "variation-error" }, icon("warning"), h("p", { class: "note" }, generation.error.message)));
      else if (!videos.has(id)) {
        const bar = body.querySelector("progress") ?? h("progress", { max: "1", "aria-label": t.progress.title });
        bar.value = generation.progress ?? 0;
        fill(body, bar);
      }
    };
    shows.set(id, show);
    ask(id).catch(report);
  }
  // One connection for all of them: a browser opens six to a server, and videos need some.
  const stop = listen((news) => { if (open.has(news.id)) { if (hasEnded(news)) ask(news.id).catch(() => {}); else shows.get(news.id)({ ...open.get(news.id), ...news }); } });
  const asking = setInterval(() => { for (const id of open.keys()) ask(id).catch(() => {}); }, 6000);
  const node = h("div", null, h("header", { class: "page-head" }, h("div", null, h("h1", null, t.variations.title), h("p", { class: "lead" }, t.variations.lead)), button(t.variations.play, { class: "primary", onclick: playAll }, "play")), grid);
  return { title: t.variations.title, node, dispose: () => { clearInterval(timer); clearInterval(asking); stop(); all((video) => video.pause()); } };
}
