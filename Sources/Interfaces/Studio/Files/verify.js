// Where a file comes from: its credentials, its watermark, and whether this installation made it.
import { h, fill, icon, moment, copyButton } from "./dom.js";
import { post, remove } from "./api.js";
import { MediumInput } from "./inputs.js";
import { t } from "./texts.js";

const fact = (label, value) => (value === null || value === undefined || value === "" ? null : [h("dt", null, label), h("dd", null, value)]);

/** Which sign and colour an outcome has. */
const looks = { credentialsValid: ["check", "good"], recognised: ["check", "good"], credentialsAltered: ["error", "error"], nothingFound: ["help", "plain"] };

export async function verifyPage() {
  const input = new MediumInput().setUp({ kinds: ["video", "image", "audio"], title: t.verify.drop, hint: t.verify.hint, canRecord: false });
  const slot = h("div", { "aria-live": "polite" });
  const place = h("section", { class: "panel" }, input);
  let turn = 0;
  input.addEventListener("medium", async ({ detail: medium }) => {
    if (!medium || medium.isPending) return;
    const mine = ++turn;
    fill(slot, h("section", { class: "panel", "aria-busy": "true" }, h("p", { role: "status" }, t.verify.looking(medium.name)), h("progress")));
    try {
      const found = await post("/verify", { [medium.kind]: medium.asset ? { asset: medium.asset } : { url: medium.url } });
      if (mine === turn) fill(slot, result(found, medium.name));
    } catch (error) {
      if (mine === turn) fill(slot, h("section", { class: "panel" }, h("div", { class: "problem error", role: "alert" }, icon("error"), h("div", null, h("p", null, error.message || t.errors.unknown), error.suggestion ? h("p", { class: "note" }, error.suggestion) : null))));
    } finally {
      // What was sent only to be looked at is not kept.
      if (medium.isNew) { try { await remove(`/assets/${encodeURIComponent(medium.asset)}`); } catch { /* It can be deleted like any other. */ } }
    }
  });
  const node = h("div", null, h("header", { class: "page-head" }, h("div", null, h("h1", null, t.verify.title), h("p", { class: "lead" }, t.verify.lead))), h("div", { class: "stack" }, place, slot));
  return { title: t.verify.title, node, dispose: () => { turn += 1; input.cancel(); } };
}

function result(found, name) {
  const { credentials, watermark, registry } = found;
  const [sign, kind] = looks[found.outcome] ?? looks.nothingFound;
  return h("section", { class: "panel stack verification" },
    h("div", { class: "row between" }, h("h2", { class: "cut" }, name), copyButton(t.verify.copy, () => JSON.stringify(found, null, 2), { class: "quiet small" })),
    h("div", { class: `problem large ${kind}` }, icon(sign), h("p", null, h("strong", null, t.verify.outcomes[found.outcome] ?? found.outcome))),
    found.summary.map((sentence) => h("p", null, sentence)),
    credentials.state === "valid" || credentials.state === "altered" ? [h("h3", null, t.verify.credentials), h("dl", { class: "facts" },
      fact(t.verify.signer, [credentials.signer, credentials.organisation].filter(Boolean).join(", ")), fact(t.verify.signerKnown, credentials.isByKnownSigner ? t.verify.yes : t.verify.no),
      fact(t.verify.generator, credentials.generator), fact(t.verify.signedAt, credentials.signedAt ? moment(credentials.signedAt) : null),
      fact(t.verify.sources, credentials.sources.map((source) => source.title).join(", ")), fact(t.verify.consent, credentials.statement.consent), fact(t.verify.problems, credentials.problems.join(", ")))] : null,
    watermark.state === "found" ? [h("h3", null, t.verify.watermark), h("dl", { class: "facts" }, fact(t.verify.number, watermark.number ? h("code", null, watermark.number) : t.verify.unreadable),
      fact(t.verify.chance, t.verify.chanceValue(watermark.chanceBound)), fact(t.verify.mirrored, watermark.isMirrored ? t.verify.yes : null), fact(t.verify.speed, watermark.speed !== 1 ? `${watermark.speed}×` : null))] : null,
    registry.createdAt ? [h("h3", null, t.verify.registry), h("dl", { class: "facts" }, fact(t.verify.foundBy, t.verify.kinds[registry.state] ?? registry.state), fact(t.verify.made, moment(registry.createdAt)),
      registry.generation ? fact(t.verify.generation, h("a", { href: `#/g/${encodeURIComponent(registry.generation)}` }, t.verify.show)) : null)] : null);
}
