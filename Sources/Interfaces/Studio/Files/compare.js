// Two videos in step: beside each other, with a wipe, in turn, and near the mouth. Frame by frame, and a stretch in a loop.
import { h, fill, button, icon, clock, memory } from "./dom.js";
import { t } from "./texts.js";

/** Where in a clip of `length` seconds the picture of an output's time comes from, by the rule for lengths. */
export function sourceSeconds(seconds, length, outputLength, mode, frameRate = 25) {
  if (!(length > 0)) return seconds;
  const plain = (mode ?? "").replace(/[-_]/g, "").toLowerCase();
  if (plain === "remap") return outputLength > 0 ? Math.min(length, seconds * length / outputLength) : seconds;
  if (plain === "loop") return seconds % length;
  if (plain === "silence" || plain === "cutoff") return Math.min(seconds, length);
  // There and back, the first and the last frame are shown once.
  const frame = 1 / frameRate, period = 2 * length - 2 * frame;
  if (period <= 0) return 0;
  const turn = seconds % period;
  return turn <= length ? turn : 2 * length - frame - turn;
}

/** The parts of a report in the output's order, each with its rule for lengths, as the order has it; null where the whole clip was used. */
export function piecesOf(parts, order, frameRate) {
  if (!order?.parts?.length || !Array.isArray(parts)) return null;
  const isFrame = (value) => Number.isInteger(value) && value >= 0;
  const modeOf = (piece) => {
    const away = (part) => Math.abs(part.startSeconds * frameRate - piece.firstSourceFrame);
    const own = order.parts.reduce((best, part) => (away(part) < away(best) ? part : best));
    return own.syncMode ?? order.options?.syncMode;
  };
  return parts.filter((piece) => [piece?.firstFrame, piece?.frames, piece?.firstSourceFrame, piece?.sourceFrames].every(isFrame) && piece.frames > 0)
    .map((piece) => ({ ...piece, mode: modeOf(piece) })).sort((one, other) => one.firstFrame - other.firstFrame);
}

/** Times that are nearer than this are the same: sums of fractions are inexact. */
const closeSeconds = 1e-6;

/** The same as `sourceSeconds` for a clip of which only parts were given new words: between them it runs on as it is. */
export function sourceSecondsOfParts(seconds, pieces, frameRate) {
  const piece = pieces.findLast((each) => each.firstFrame / frameRate <= seconds + closeSeconds);
  if (!piece) return seconds;
  const since = seconds - piece.firstFrame / frameRate, length = piece.sourceFrames / frameRate, outputLength = piece.frames / frameRate;
  const inside = since < outputLength - closeSeconds ? sourceSeconds(since, length, outputLength, piece.mode, frameRate) : length + since - outputLength;
  return piece.firstSourceFrame / frameRate + inside;
}

const modes = ["side", "wipe", "flicker", "after"];

/**
 * `setUp({before: {url, kind} or null, after: url, poster, frameRate, ratio, mode, mouth})`: `mode` is the order's rule for
 * lengths; a photo before needs no address, since it is the output's first picture; `pieces` may be set once the report is
 * there; `mouth()` promises the mouth's place as shares of the picture, or null. Fires `time`.
 */
export class ComparePlayer extends HTMLElement {
  setUp(given) {
    this.given = given;
    const { before, frameRate = 25, mode, mouth } = given;
    Object.assign(this, { before, frameRate, mode, mouth, pieces: null });
    this.className = "compare";
    this.loop = { start: null, end: null, isOn: false };
    this.view = this.before ? memory.get("view") ?? "side" : "after";
    this.after = h("video", { src: given.after, playsinline: true, preload: "auto", poster: given.poster, "aria-label": t.compare.after });
    this.beforeMedium = !this.before ? null : this.before.kind === "image" ? h("canvas", { role: "img", "aria-label": t.compare.before })
      : h("video", { src: this.before.url, muted: true, playsinline: true, preload: "auto", "aria-label": t.compare.before });
    this.build();
    this.listen();
    this.choose(this.view);
    return this;
  }

  build() {
    const pane = (name, medium) => h("div", { class: `pane ${name}` }, h("div", { class: "pan" }, medium), h("span", { class: "pane-name" }, t.compare[name]));
    this.wipeHandle = h("div", { class: "wipe-handle", role: "slider", tabindex: "0", "aria-label": t.compare.wipeHandle, "aria-valuemin": "0", "aria-valuemax": "100" }, h("span", { "aria-hidden": "true" }));
    this.stage = h("div", { class: "compare-stage" }, this.beforeMedium ? pane("before", this.beforeMedium) : null, pane("after", this.after), this.wipeHandle);
    if (this.given.ratio > 0) this.stage.style.setProperty("--ratio", String(this.given.ratio));
    this.tabs = h("div", { class: "tabs", role: "group", "aria-label": t.compare.view }, (this.before ? modes : []).map((mode) =>
      button(t.compare.views[mode], { dataset: { mode }, onclick: () => this.choose(mode) })));
    this.zoomButton = button(t.compare.zoom, { "aria-pressed": "false", class: "small", onclick: () => this.toggleZoom() }, "zoom");
    this.playButton = button(t.stage.play, { class: "round primary", isBare: true, onclick: () => this.toggle() }, "play");
    this.scrub = h("input", { type: "range", min: "0", max: "1000", step: "1", value: "0", class: "scrub", "aria-label": t.compare.position, oninput: () => this.seek(this.duration * this.scrub.value / 1000) });
    this.loopBand = h("div", { class: "loop-band", hidden: true });
    this.time = h("output", { class: "number note" });
    this.loopButton = button(t.compare.loop, { "aria-pressed": "false", class: "small", onclick: () => this.toggleLoop() }, "loop");
    this.speed = h("select", { "aria-label": t.compare.speed, onchange: () => { this.after.playbackRate = Number(this.speed.value); this.sync(true); } },
      [["0.1", "0.1×"], ["0.25", "0.25×"], ["0.5", "0.5×"], ["1", "1×"], ["1.5", "1.5×"]].map(([value, label]) => h("option", { value, selected: value === "1" }, label)));
    this.muteButton = button(t.compare.mute, { class: "small", "aria-pressed": "false", onclick: () => { this.after.muted = !this.after.muted; this.muteButton.setAttribute("aria-pressed", String(this.after.muted)); } }, "sound");
    fill(this, h("div", { class: "row between" }, this.tabs, h("div", { class: "row" }, this.zoomButton)), this.stage,
      h("div", { class: "scrub-row" }, h("div", { class: "scrub-track" }, this.loopBand, this.scrub)),
      h("div", { class: "row between transport" },
        h("div", { class: "row" }, button(t.compare.back, { class: "quiet round", isBare: true, onclick: () => this.step(-1) }, "back"), this.playButton,
          button(t.compare.forward, { class: "quiet round", isBare: true, onclick: () => this.step(1) }, "next"), this.time),
        h("div", { class: "row" }, button(t.compare.markStart, { class: "small", onclick: () => this.mark("start") }), button(t.compare.markEnd, { class: "small", onclick: () => this.mark("end") }), this.loopButton, this.muteButton, this.speed)));
  }

  listen() {
    const { after } = this;
    if (this.beforeMedium?.tagName === "CANVAS") this.drawFirst();
    after.addEventListener("loadedmetadata", () => { this.stage.style.setProperty("--ratio", String(after.videoWidth / after.videoHeight)); this.show(); });
    for (const event of ["play", "pause", "ended"]) after.addEventListener(event, () => this.showState());
    for (const event of ["timeupdate", "seeked", "durationchange"]) after.addEventListener(event, () => { this.show(); this.sync(event === "seeked"); });
    this.wipeHandle.addEventListener("keydown", (event) => {
      const moved = { ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100, End: 100 }[event.key];
      if (moved === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.wipe(this.wipeShare * 100 + moved);
    });
    this.stage.addEventListener("pointerdown", (event) => this.pressed(event));
    this.wipe(50);
    this.keys = (event) => this.key(event);
    addEventListener("keydown", this.keys);
  }

  /** Draws the output's first picture, by a player of its own that nobody moves. */
  drawFirst() {
    const first = h("video", { src: this.given.after, muted: true, playsinline: true, preload: "auto" });
    first.addEventListener("loadeddata", () => {
      const canvas = this.beforeMedium;
      [canvas.width, canvas.height] = [first.videoWidth, first.videoHeight];
      canvas.getContext("2d").drawImage(first, 0, 0);
      first.removeAttribute("src");
      first.load();
    }, { once: true });
  }

  disconnectedCallback() { removeEventListener("keydown", this.keys); clearInterval(this.flickering); this.after?.pause(); this.beforeMedium?.pause?.(); }

  get duration() { return Number.isFinite(this.after.duration) ? this.after.duration : 0; }
  get currentTime() { return this.after.currentTime; }

  choose(view) {
    this.view = view;
    if (this.before) memory.set("view", view);
    this.dataset.view = view;
    for (const tab of this.tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.mode === view));
    clearInterval(this.flickering);
    this.stage.classList.remove("shows-before");
    if (view === "flicker") {
      const pace = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1500 : 500;
      this.flickering = setInterval(() => this.stage.classList.toggle("shows-before"), pace);
    }
    this.sync(true);
  }

  wipe(percent) {
    this.wipeShare = Math.min(1, Math.max(0, percent / 100));
    this.stage.style.setProperty("--wipe", `${this.wipeShare * 100}%`);
    this.wipeHandle.setAttribute("aria-valuenow", String(Math.round(this.wipeShare * 100)));
    this.wipeHandle.setAttribute("aria-valuetext", t.compare.wipeShare(Math.round(this.wipeShare * 100)));
  }

  /** A drag moves the wipe, or what is seen of an enlarged picture; a click plays. */
  pressed(event) {
    if (event.button !== 0) return;
    const isHandle = this.view === "wipe" && (!this.zoom || event.target.closest(".wipe-handle"));
    let last = event, hasMoved = false;
    const move = (next) => {
      if (Math.hypot(next.clientX - event.clientX, next.clientY - event.clientY) > 4) hasMoved = true;
      const box = this.stage.getBoundingClientRect();
      if (isHandle) this.wipe(100 * (next.clientX - box.left) / box.width);
      else if (this.zoom) this.pan(next.clientX - last.clientX, next.clientY - last.clientY);
      last = next;
    };
    const end = () => {
      this.stage.removeEventListener("pointermove", move);
      if (!hasMoved && !event.target.closest(".wipe-handle")) this.toggle();
    };
    this.stage.setPointerCapture(event.pointerId);
    this.stage.addEventListener("pointermove", move);
    this.stage.addEventListener("pointerup", end, { once: true });
    this.stage.addEventListener("pointercancel", () => this.stage.removeEventListener("pointermove", move), { once: true });
  }

  async toggleZoom() {
    if (this.zoom) this.zoom = null; else {
      this.zoomButton.setAttribute("aria-busy", "true");
      const place = (await this.mouth?.().catch(() => null)) ?? { x: 0.5, y: 0.5, width: 0.33 };
      this.zoomButton.removeAttribute("aria-busy");
      this.zoom = { x: place.x, y: place.y, scale: Math.min(8, Math.max(1.5, 1 / place.width)) };
    }
    this.zoomButton.setAttribute("aria-pressed", String(Boolean(this.zoom)));
    this.stage.classList.toggle("zoomed", Boolean(this.zoom));
    this.showZoom();
  }

  pan(x, y) {
    const pane = this.stage.querySelector(".pane.after").getBoundingClientRect();
    this.zoom.x = Math.min(1, Math.max(0, this.zoom.x - x / pane.width / this.zoom.scale));
    this.zoom.y = Math.min(1, Math.max(0, this.zoom.y - y / pane.height / this.zoom.scale));
    this.showZoom();
  }

  showZoom() {
    const { zoom } = this;
    const shift = (share) => Math.min(0, Math.max(100 - 100 * zoom.scale, 50 - 100 * zoom.scale * share));
    for (const pan of this.stage.querySelectorAll(".pan")) pan.style.transform = zoom ? `translate(${shift(zoom.x)}%, ${shift(zoom.y)}%) scale(${zoom.scale})` : "";
  }

  toggle() { if (this.after.paused) this.after.play().catch(() => {}); else this.after.pause(); }

  seek(seconds) { this.after.currentTime = Math.min(Math.max(0, seconds), this.duration); this.show(); }

  /** The middle of a neighbouring frame: its edges would round to either side. */
  step(frames) {
    this.after.pause();
    const frame = Math.floor(this.after.currentTime * this.frameRate + 0.001) + frames;
    this.seek((Math.max(0, frame) + 0.5) / this.frameRate);
  }

  mark(which) {
    this.loop[which] = this.after.currentTime;
    const { start, end } = this.loop;
    if (start !== null && end !== null && end <= start) this.loop[which === "start" ? "end" : "start"] = null;
    if (this.loop.start !== null && this.loop.end !== null) this.loop.isOn = true;
    this.showLoop();
  }

  toggleLoop() {
    this.loop.isOn = !this.loop.isOn;
    this.showLoop();
    if (this.loop.isOn && this.after.paused) this.toggle();
  }

  get loopRange() { return [this.loop.start ?? 0, this.loop.end ?? this.duration]; }

  showLoop() {
    const [start, end] = this.loopRange;
    const isMarked = this.loop.start !== null || this.loop.end !== null;
    this.loopButton.setAttribute("aria-pressed", String(this.loop.isOn));
    this.loopBand.hidden = !isMarked || !this.duration;
    if (!this.duration) return;
    this.loopBand.style.setProperty("left", `${100 * start / this.duration}%`);
    this.loopBand.style.setProperty("width", `${100 * (end - start) / this.duration}%`);
    this.loopBand.title = `${clock(start, 2)} – ${clock(end, 2)}`;
  }

  showState() {
    const isPaused = this.after.paused;
    if (isPaused && this.after.ended && this.loop.isOn) { this.seek(this.loopRange[0]); this.after.play().catch(() => {}); return; }
    const label = isPaused ? t.stage.play : t.stage.pause;
    fill(this.playButton, icon(isPaused ? "play" : "pause"));
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = label;
    this.sync(true);
    if (!isPaused && !this.isRunning) { this.isRunning = true; this.run(); }
  }

  run() {
    if (this.after.paused || !this.isConnected) { this.isRunning = false; return; }
    if (this.loop.isOn) {
      const [start, end] = this.loopRange;
      if (this.after.currentTime >= end - 0.5 / this.frameRate || this.after.currentTime < start - 0.1) this.after.currentTime = start;
    }
    this.show();
    this.sync(false);
    requestAnimationFrame(() => this.run());
  }

  show() {
    const seconds = this.after.currentTime;
    if (this.duration) this.scrub.value = String(1000 * seconds / this.duration);
    this.scrub.setAttribute("aria-valuetext", clock(seconds, 1));
    this.time.textContent = `${clock(seconds, 2)} / ${clock(this.duration, 2)} · ${t.compare.frame(Math.floor(seconds * this.frameRate + 0.001))}`;
    this.dispatchEvent(new CustomEvent("time", { detail: seconds }));
  }

  /** Keeps the original at the place that the output shows; backwards it can only be set picture by picture. */
  sync(isExact) {
    const before = this.beforeMedium;
    if (!before || before.tagName !== "VIDEO" || !before.duration || this.view === "after") { before?.pause?.(); return; }
    const seconds = this.after.currentTime;
    const place = (at) => Math.min(before.duration, this.pieces ? sourceSecondsOfParts(at, this.pieces, this.frameRate) : sourceSeconds(at, before.duration, this.duration, this.mode, this.frameRate));
    const wanted = place(seconds);
    const pace = (place(seconds + 0.02) - wanted) / 0.02;
    const canPlay = !this.after.paused && pace > 0.1 && pace < 4;
    const away = Math.abs(before.currentTime - wanted);
    if (canPlay) {
      // Small distances are closed by pace, since each jump costs some pictures.
      const hurry = away < 0.01 ? 1 : Math.min(1.5, Math.max(0.5, 1 + 4 * (wanted - before.currentTime)));
      before.playbackRate = Math.min(16, Math.max(0.07, pace * this.after.playbackRate * hurry));
      if (before.paused) before.play().catch(() => {});
      if ((away > 0.4 || (isExact && away > 0.15)) && !before.seeking) before.currentTime = wanted;
    } else {
      if (!before.paused) before.pause();
      if (away > 0.5 / this.frameRate && !before.seeking) before.currentTime = wanted;
    }
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target;
    if (target.closest?.("textarea, select, [role=slider], input:not([type=range])")) return;
    const isButton = target.closest?.("button, summary, a");
    const actions = {
      " ": isButton ? null : () => this.toggle(), k: () => this.toggle(),
      ArrowLeft: () => (event.shiftKey ? this.seek(this.after.currentTime - 1) : this.step(-1)), ArrowRight: () => (event.shiftKey ? this.seek(this.after.currentTime + 1) : this.step(1)),
      ",": () => this.step(-1), ".": () => this.step(1), i: () => this.mark("start"), o: () => this.mark("end"), l: () => this.toggleLoop(), z: () => this.toggleZoom(),
      1: () => this.before && this.choose("side"), 2: () => this.before && this.choose("wipe"), 3: () => this.before && this.choose("flicker"), 4: () => this.choose("after"),
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}
customElements.define("compare-player", ComparePlayer);
