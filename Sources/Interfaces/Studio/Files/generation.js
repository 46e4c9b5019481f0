// One generation: how far it is, what came out beside what was there, or what went wrong.
import { h, fill, button, icon, actionButton, copyButton, badge, clock, bytes, moment, ownURL, safeURL, confirmed } from "./dom.js";
import { get, post, remove, choices, follow, hasEnded, shownStatus } from "./api.js";
import { draftOf } from "./draft.js";
import { askVariations } from "./variations.js";
import { renderReport } from "./report.js";
import { piecesOf } from "./compare.js";
import "./code.js";
import { t } from "./texts.js";

export async function generationPage({ id, edit }) {
  const page = new GenerationPage(id, edit);
  const generation = await get(page.path);
  page.models = (await choices().catch(() => null))?.models ?? [];
  page.begin(generation);
  return { title: page.name, node: page.node, dispose: () => page.dispose() };
}

class GenerationPage {
  constructor(id, edit) {
    this.id = id;
    this.edit = edit;
    this.path = `/generations/${encodeURIComponent(id)}`;
    this.head = h("header", { class: "page-head" });
    this.body = h("div", { class: "stack wide-gap" });
    this.live = h("p", { class: "visually-hidden", role: "status" });
    this.node = h("div", null, this.head, this.live, this.body);
  }

  begin(generation) {
    this.show(generation);
    if (!hasEnded(generation)) {
      this.stop = follow(this.id, {
        onChange: (next) => this.show(next),
        onPreview: (number) => this.showPreview(number),
        onConnection: (isThere) => { if (this.connection) this.connection.hidden = isThere; },
      });
    }
  }

  /** Whether another seed makes another video. */
  get hasSeed() {
    const { order, model } = this.generation;
    return Boolean(order) && (this.models.find((each) => each.name === (order.model ?? model))?.options?.includes("seed") ?? true);
  }

  get name() { return this.generation.name || t.result.untitled; }

  show(generation) {
    const wasEnded = this.generation && hasEnded(this.generation);
    if (wasEnded) return;
    const isFirst = !this.generation;
    this.generation = generation;
    this.showHead();
    if (generation.status === "completed" && generation.output) this.showResult();
    else if (hasEnded(generation)) this.showFailure();
    else this.showProgress();
    if (!isFirst && hasEnded(generation)) {
      const status = t.status[shownStatus(generation)];
      document.title = `${status} · ${this.name}`;
      this.live.textContent = t.result.ended(this.name, status);
    }
  }

  showHead() {
    const { generation } = this;
    fill(this.head, h("div", null, h("p", { class: "crumb" }, h("a", { href: "#/library" }, t.nav.library)), h("h1", null, this.name),
      h("p", { class: "row" }, badge(shownStatus(generation), t.status[shownStatus(generation)] ?? generation.status), h("span", { class: "note" }, [generation.model, moment(generation.createdAt)].filter(Boolean).join(" · ")))),
      h("div", { class: "row" }, hasEnded(generation) ? actionButton(t.result.delete, { class: "quiet" }, () => this.delete(), "trash") : null));
  }

  showProgress() {
    const { generation } = this;
    if (!this.progress) {
      this.bar = h("progress", { max: "1", "aria-label": t.progress.title });
      this.stage = h("strong");
      this.percent = h("span", { class: "number big" });
      this.details = h("p", { class: "note number" });
      this.spoken = h("p", { class: "visually-hidden", "aria-live": "polite" });
      this.connection = h("p", { class: "problem warning", hidden: true }, icon("warning"), t.progress.lost);
      this.preview = h("div", { class: "preview" }, h("p", { class: "note" }, t.progress.noPreview));
      this.progress = h("section", { class: "panel progress-panel" }, this.preview, h("div", { class: "stack" },
        h("div", { class: "row between" }, this.stage, this.percent), this.bar, this.details, this.spoken, this.connection,
        h("p", { class: "note" }, t.progress.leave), h("div", null, actionButton(t.progress.cancel, {}, () => this.cancel(), "close"))));
      fill(this.body, this.progress);
      if (generation.hasPreview) this.showPreview(Date.now());
    }
    const share = generation.progress ?? 0;
    const stage = t.stages[generation.stage] ?? t.status[generation.status];
    this.bar.value = share;
    this.stage.textContent = stage;
    this.percent.textContent = t.progress.percent(share);
    this.details.textContent = [generation.secondsLeft !== null && generation.secondsLeft !== undefined ? t.progress.left(clock(generation.secondsLeft)) : null,
      generation.framesPerSecond ? t.progress.rate(generation.framesPerSecond) : null, generation.startedAt ? t.progress.since(clock((Date.now() - new Date(generation.startedAt)) / 1000)) : null].filter(Boolean).join(" · ");
    const tenth = `${stage} ${Math.floor(share * 10)}`;
    if (tenth !== this.told) { this.told = tenth; this.spoken.textContent = `${stage}, ${t.progress.percent(share)}`; }
    document.title = `${t.progress.percent(share)} · ${this.name}`;
  }

  showPreview(number) {
    if (!this.preview || hasEnded(this.generation)) return;
    const picture = new Image();
    picture.alt = t.progress.preview;
    picture.onload = () => fill(this.preview, picture);
    picture.src = `/v1${this.path}/preview?number=${encodeURIComponent(number)}`;
  }

  showFailure() {
    const { generation } = this;
    const error = generation.error ?? { code: generation.status, message: t.status[generation.status], suggestion: "" };
    const isCancelled = shownStatus(generation) === "cancelled";
    fill(this.body, h("section", { class: "panel failure" }, h("div", { class: `problem ${isCancelled ? "plain" : "error"} large` }, icon(isCancelled ? "stop" : "error"), h("div", { class: "stack" },
      h("h2", null, error.message), error.suggestion ? h("p", null, h("strong", null, t.result.helps), " ", error.suggestion) : null, isCancelled ? null : h("p", { class: "note" }, t.result.code, " ", h("code", null, error.code)))),
      h("div", { class: "row" }, this.againButton(true), h("a", { class: "button", href: "#/new" }, t.nav.new))), this.orderView());
  }

  againButton(isMain = false) {
    return actionButton(t.result.again, { class: isMain ? "primary" : "", disabled: !this.generation.order, title: this.generation.order ? null : t.result.noOrder }, async () => this.edit(await draftOf(this.generation)), "again");
  }

  showResult() {
    const { generation } = this;
    const { output, input } = generation;
    // The server's links name its public address; the original's may name anybody's, which this page does not load.
    const outputOrigin = new URL(safeURL(output.url) ?? location.href).origin;
    const inputURL = safeURL(input?.url);
    const inputOrigin = inputURL ? new URL(inputURL).origin : null;
    const isOwn = inputOrigin && (inputOrigin === outputOrigin || inputOrigin === location.origin);
    // A photo is the output's first picture as it is, cut to the same shape.
    const isPhoto = (input?.kind ?? (generation.order?.image ? "image" : "video")) === "image";
    const before = isPhoto ? { kind: "image" } : isOwn ? { url: ownURL(inputURL), kind: "video" } : null;
    const player = document.createElement("compare-player");
    player.setUp({ before, after: ownURL(output.url), poster: ownURL(output.thumbnailUrl), mode: generation.order?.options?.syncMode, ratio: output.width / output.height, mouth: () => this.mouth(before) });
    this.player = player;
    const download = ownURL(output.downloadUrl ?? output.url);
    this.reportSlot = h("div", null, generation.reportUrl ? h("p", { class: "busy note" }, t.result.reportLoading) : h("p", { class: "note" }, t.result.noReport));
    fill(this.body,
      h("div", { class: "result-grid" }, h("section", { class: "panel tight", "aria-label": t.result.video }, player,
        inputURL && !isOwn && !isPhoto ? h("p", { class: "note" }, t.result.elsewhere, " ", h("a", { href: inputURL, target: "_blank" }, t.result.openOriginal)) : null),
      h("aside", { class: "panel stack", "aria-label": t.result.actions },
        h("a", { class: "button primary", href: download, download: "" }, icon("download"), h("span", null, t.result.download)),
        copyButton(t.result.copyLink, () => new URL(output.url, location.href).href),
        this.againButton(),
        this.hasSeed ? button(t.make.variations, { onclick: () => askVariations(generation.order) }, "grid") : null,
        generation.reportPageUrl ? h("a", { class: "button", href: ownURL(generation.reportPageUrl), target: "_blank" }, t.result.reportPage) : null,
        h("dl", { class: "facts" },
          h("dt", null, t.result.size), h("dd", null, `${output.width}×${output.height}`), h("dt", null, t.result.length), h("dd", null, clock(output.durationSeconds, 2)),
          h("dt", null, t.result.file), h("dd", null, bytes(output.byteCount)), generation.startedAt && generation.finishedAt ? [h("dt", null, t.result.took), h("dd", null, clock((new Date(generation.finishedAt) - new Date(generation.startedAt)) / 1000))] : null),
        output.segmentUrl ? h("a", { href: ownURL(output.segmentUrl), download: "" }, t.result.segment) : null, output.speechUrl ? h("a", { href: ownURL(output.speechUrl), download: "" }, t.result.speech) : null)),
      h("section", { class: "panel report-panel", "aria-label": t.result.report }, h("h2", null, t.result.report), this.reportSlot), this.orderView());
    if (generation.reportUrl) this.loadReport();
  }

  async loadReport() {
    try {
      const value = await get(`${this.path}/report`);
      const rate = value?.output?.frameRate;
      if (rate?.numerator > 0 && rate.denominator > 0) this.player.frameRate = rate.numerator / rate.denominator;
      this.player.pieces = piecesOf(value?.parts, this.generation.order, this.player.frameRate);
      fill(this.reportSlot);
      this.plots = renderReport(this.reportSlot, value, { onSeek: (seconds) => { this.player.seek(seconds); }, getTime: () => this.player.currentTime, media: this.player.after });
    } catch (error) {
      fill(this.reportSlot, h("p", { class: "note" }, error.code === "report-missing" ? t.result.noReport : error.message));
    }
  }

  /** Where the mouth is: the lower part of the face that the server finds in the output. Asked for once. */
  mouth(before) {
    this.mouthPlace ??= this.findMouth(before);
    return this.mouthPlace;
  }

  async findMouth() {
    const { picture } = await post("/checks", { video: { url: this.generation.output.url } });
    const faces = picture?.samples.flatMap((sample) => sample.faces) ?? [];
    if (!faces.length) return null;
    const middle = (read) => { const sorted = faces.map(read).sort((one, other) => one - other); return sorted[sorted.length >> 1]; };
    return {
      x: middle((face) => (face.left + face.right) / 2) / picture.width, y: middle((face) => face.top + 0.76 * (face.bottom - face.top)) / picture.height,
      width: Math.max(0.12, middle((face) => face.right - face.left) / picture.width),
    };
  }

  orderView() {
    const { order } = this.generation;
    if (!order) return null;
    const code = document.createElement("code-samples");
    code.order = order;
    return h("details", { class: "panel" }, h("summary", null, icon("code"), t.result.order), code);
  }

  async cancel() {
    if (!(await confirmed(t.progress.cancelQuestion, t.progress.cancelYes, "danger", t.progress.cancelNot))) return;
    await post(`${this.path}/cancel`);
    this.show(await get(this.path));
  }

  async delete() {
    if (!(await confirmed(t.result.deleteQuestion(this.name), t.result.delete))) return;
    await remove(this.path);
    location.hash = "#/library";
  }

  dispose() { this.stop?.(); this.plots?.destroy(); this.player?.after.pause(); }
}
