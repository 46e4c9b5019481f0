// What was made: a list that is searched and filtered, and the projects that hold it together.
import { h, fill, button, icon, actionButton, badge, moment, clock, ownURL, select, debounce, empty, report, openDialog, confirmed, field } from "./dom.js";
import { get, post, remove, query, projects, listen, hasEnded, shownStatus } from "./api.js";
import { t } from "./texts.js";

const statusGroups = { "": "", running: "pending,processing,finalizing", completed: "completed", failed: "failed,rejected" };

export async function libraryPage() {
  const state = { status: "", project: "", search: "", cursor: null };
  const cards = new Map();
  const list = h("div", { class: "library-grid" });
  const more = actionButton(t.common.more, { hidden: true }, () => load(false));
  const search = h("input", { type: "search", placeholder: t.library.search, "aria-label": t.library.search, oninput: debounce(250, () => { state.search = search.value.trim(); load(true); }) });
  const statuses = h("div", { class: "tabs", role: "group", "aria-label": t.library.status }, Object.keys(statusGroups).map((key) =>
    button(t.library.groups[key || "all"], { "aria-pressed": String(key === ""), onclick: (event) => {
      state.status = key;
      for (const each of event.currentTarget.parentElement.children) each.setAttribute("aria-pressed", String(each === event.currentTarget));
      load(true);
    } })));
  const projectSlot = h("span");
  const showProjects = async () => {
    const items = await projects();
    if (!items.some((item) => item.id === state.project)) state.project = "";
    fill(projectSlot, select([["", t.library.allProjects], ...items.map((item) => [item.id, item.name])], state.project, (value) => { state.project = value; load(true); }, { "aria-label": t.library.project }));
  };
  let turn = 0;
  const load = async (isNew) => {
    const mine = ++turn;
    if (isNew) state.cursor = null;
    try {
      const page = await get(query("/generations", { status: statusGroups[state.status], project: state.project, search: state.search, limit: 24, cursor: state.cursor }));
      if (mine !== turn) return;
      if (isNew) { cards.clear(); fill(list); }
      for (const generation of page.items) {
        const card = h("a", { class: "work", href: `#/g/${encodeURIComponent(generation.id)}` });
        cards.set(generation.id, card);
        drawCard(card, generation);
        list.append(card);
      }
      if (!cards.size) fill(list, empty(state.status || state.project || state.search ? t.library.noMatch : t.library.nothing, h("a", { class: "button primary", href: "#/new" }, t.nav.new)));
      state.cursor = page.next;
      more.hidden = !page.next;
    } catch (error) { report(error); }
  };
  const renew = async (id) => {
    try { const generation = await get(`/generations/${encodeURIComponent(id)}`); if (cards.has(id)) drawCard(cards.get(id), generation); } catch { /* It may have been deleted. */ }
  };
  const timer = setInterval(() => { if (!document.hidden) [...cards].filter(([, card]) => card.querySelector("progress")).slice(0, 6).forEach(([id]) => renew(id)); }, 8000);
  const stop = listen((news) => {
    const card = cards.get(news.id);
    if (!card) return;
    if (hasEnded(news)) renew(news.id); else { const bar = card.querySelector("progress"); if (bar) bar.value = news.progress ?? 0; }
  });
  showProjects().catch(report);
  load(true);
  const node = h("div", null, h("header", { class: "page-head" }, h("h1", null, t.nav.library), h("a", { class: "button primary", href: "#/new" }, icon("plus"), h("span", null, t.nav.new))),
    h("div", { class: "row filters" }, search, statuses, projectSlot, button(t.library.projects, { class: "small", onclick: () => editProjects(showProjects) }, "folder")), list, h("div", { class: "row center" }, more));
  return { title: t.nav.library, node, dispose: () => { stop(); clearInterval(timer); } };
}

function drawCard(card, generation) {
  const picture = ownURL(generation.output?.thumbnailUrl);
  fill(card, h("span", { class: "work-picture" }, picture ? h("img", { src: picture, alt: "", loading: "lazy" }) : icon({ failed: "warning", rejected: "warning", cancelled: "stop" }[shownStatus(generation)] ?? "video"),
    generation.output?.durationSeconds ? h("span", { class: "work-length number" }, clock(generation.output.durationSeconds)) : null),
    h("span", { class: "work-words" }, h("strong", { class: "cut" }, generation.name || t.result.untitled), h("span", { class: "note" }, [generation.model, moment(generation.createdAt)].filter(Boolean).join(" · ")), badge(shownStatus(generation), t.status[shownStatus(generation)] ?? generation.status)));
  if (!hasEnded(generation)) {
    const bar = h("progress", { max: "1", "aria-label": t.progress.title });
    bar.value = generation.progress ?? 0;
    card.append(bar);
  } else if (generation.error && shownStatus(generation) !== "cancelled") card.append(h("span", { class: "note work-error" }, generation.error.message));
}

/** The dialog with the projects: make, delete. */
function editProjects(changed) {
  const list = h("div", { class: "rows" });
  const name = h("input", { required: true, maxlength: "120", autocomplete: "off" });
  const draw = async () => {
    const items = await projects();
    fill(list, items.length ? items.map((item) => h("div", { class: "row between" }, h("span", { class: "cut" }, item.name, " ", h("span", { class: "note" }, moment(item.createdAt))),
      actionButton(t.library.deleteProject(item.name), { class: "quiet", isBare: true }, async () => {
        if (!(await confirmed(t.library.deleteProjectQuestion(item.name), t.common.delete))) return;
        await remove(`/projects/${encodeURIComponent(item.id)}`);
        await renew();
      }, "trash"))) : empty(t.library.noProjects));
  };
  const renew = async () => { await draw(); await changed(); };
  const form = h("form", { class: "row align-end", onsubmit: async (event) => {
    event.preventDefault();
    try { await post("/projects", { name: name.value.trim() }); name.value = ""; await renew(); } catch (error) { report(error); }
  } }, field(t.library.newProject, name), h("button", { class: "primary" }, t.common.create));
  openDialog(t.library.projects, h("div", { class: "stack" }, list, form));
  draw().catch(report);
}
