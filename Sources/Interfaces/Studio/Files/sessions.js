// Where one is signed in, and signing out.
import { h, fill, button, actionButton, badge, moment, empty, confirmed, toast } from "./dom.js";
import { all, get, remove } from "./api.js";
import { t } from "./texts.js";

/** The sessions in use as a table; with `isForAll` their organisations, too. */
export async function sessionTable(isForAll) {
  const slot = h("div");
  const draw = async () => {
    const items = await all("/sessions");
    const heads = [t.sessions.client, isForAll ? t.operator.organisation : null, t.operator.role, t.sessions.created, t.sessions.used, t.sessions.expires, ""].filter((each) => each !== null);
    const row = (session) => h("tr", null, h("td", { class: "wrap" }, session.client || t.sessions.unknown, session.isCurrent ? [" ", badge("completed", t.sessions.current)] : null), isForAll ? h("td", null, session.organisation?.name ?? "–") : null,
      h("td", null, t.roles[session.role] ?? session.role), h("td", null, moment(session.createdAt)), h("td", null, moment(session.lastUsedAt)), h("td", null, moment(session.expiresAt)),
      h("td", null, session.isCurrent ? null : actionButton(t.sessions.revoke, { class: "small" }, async () => {
        if (!(await confirmed(t.sessions.revokeQuestion, t.sessions.revoke))) return;
        await remove(`/sessions/${encodeURIComponent(session.id)}`);
        toast(t.sessions.revoked);
        await draw();
      })));
    fill(slot, items.length ? h("div", { class: "table-frame" }, h("table", null, h("thead", null, h("tr", null, heads.map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, items.map(row)))) : empty(t.sessions.none));
  };
  await draw();
  return slot;
}

export async function sessionsPage({ signOut }) {
  const who = await get("/session");
  const node = h("div", null, h("header", { class: "page-head" }, h("div", null, h("h1", null, t.nav.sessions), h("p", { class: "lead" }, t.sessions.who(who.organisation?.name ?? "", t.roles[who.role] ?? who.role))), button(t.sessions.signOut, { onclick: signOut })),
    h("section", { class: "panel" }, await sessionTable(who.role === "operator")));
  return { title: t.nav.sessions, node };
}
