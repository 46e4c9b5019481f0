// The clip or photo of the form, with the faces that the check found; a click on one makes it the speaker.
import { h, button, icon, fill, clock } from "./dom.js";
import { t } from "./texts.js";

/** The face of each sample that is the chosen speaker, followed from the chosen frame to its neighbours in the shot. */
export function followed(picture, speaker) {
  const samples = picture?.samples ?? [];
  const result = new Array(samples.length).fill(-1);
  if (!speaker || typeof speaker === "string" || samples.length === 0) return result;
  let start = 0;
  samples.forEach((sample, index) => { if (Math.abs(sample.frame - speaker.frame) < Math.abs(samples[start].frame - speaker.frame)) start = index; });
  const first = nearest(samples[start].faces, speaker.x, speaker.y);
  if (first < 0) return result;
  result[start] = first;
  const shotOf = (seconds) => (picture.shots ?? []).filter((begin) => begin <= seconds + 0.001).length;
  for (const step of [1, -1]) {
    let face = samples[start].faces[first];
    for (let index = start + step; index >= 0 && index < samples.length; index += step) {
      if (shotOf(samples[index].seconds) !== shotOf(samples[start].seconds)) break;
      const found = nearest(samples[index].faces, (face.left + face.right) / 2, (face.top + face.bottom) / 2, face.right - face.left);
      if (found < 0) continue;
      result[index] = found;
      face = samples[index].faces[found];
    }
  }
  return result;
}

function nearest(faces, x, y, most = Infinity) {
  let best = -1, distance = most;
  (faces ?? []).forEach((face, index) => {
    const isInside = x >= face.left && x <= face.right && y >= face.top && y <= face.bottom;
    const away = isInside ? 0 : Math.hypot((face.left + face.right) / 2 - x, (face.top + face.bottom) / 2 - y);
    if (away <= distance) { best = index; distance = away; }
  });
  return best;
}

/** `show(medium)`, `setCheck(picture)`, `setSpeaker(speaker)`; fires `speaker` with `{point, isChosen}` of the clicked face, `time` and `clear`. */
export class FaceStage extends HTMLElement {
  connectedCallback() { this.build(); }

  build() {
    if (this.frame) return;
    this.className = "face-stage";
    this.boxes = h("div", { class: "boxes", role: "group", "aria-label": t.stage.faces });
    this.frame = h("div", { class: "stage-frame" });
    this.playButton = button(t.stage.play, { class: "quiet", isBare: true, onclick: () => this.toggle() }, "play");
    this.timeText = h("span", { class: "note number" });
    this.caption = h("p", { class: "note grow cut" });
    this.bar = h("div", { class: "row between stage-bar" }, h("div", { class: "row" }, this.playButton, this.timeText), this.caption,
      button(t.stage.other, { class: "quiet", onclick: () => this.dispatchEvent(new CustomEvent("clear")) }, "again"));
    this.append(this.frame, this.bar);
  }

  show(medium) {
    this.build();
    this.medium = medium;
    this.media?.pause?.();
    const isVideo = medium.kind === "video";
    this.media = !medium.preview ? h("div", { class: "stage-blank" }, icon(isVideo ? "video" : "image"), h("p", { class: "note" }, medium.url ? t.stage.remote : t.stage.noPreview))
      : isVideo ? h("video", { src: medium.preview, playsinline: true, preload: "auto", loop: false })
        : h("img", { src: medium.preview, alt: medium.name });
    this.ratio(medium.width, medium.height);
    if (isVideo && medium.preview) {
      this.media.addEventListener("loadedmetadata", () => { this.ratio(this.media.videoWidth, this.media.videoHeight); this.tick(); });
      for (const event of ["timeupdate", "seeked"]) this.media.addEventListener(event, () => this.tick());
      for (const event of ["play", "pause"]) this.media.addEventListener(event, () => this.showState());
      this.media.addEventListener("error", () => { this.caption.textContent = t.stage.notPlayable; });
    } else if (medium.preview) this.media.addEventListener("load", () => this.ratio(this.media.naturalWidth, this.media.naturalHeight));
    this.media.addEventListener("click", () => this.toggle());
    this.playButton.hidden = this.timeText.hidden = !isVideo || !medium.preview;
    this.caption.textContent = medium.name;
    this.picture = null;
    this.seconds = 0;
    fill(this.boxes);
    fill(this.frame, this.media, this.boxes);
    this.tick();
  }

  ratio(width, height) {
    if (width > 0 && height > 0) this.frame.style.setProperty("--ratio", String(width / height));
  }

  get duration() { return this.media?.duration || this.picture?.durationSeconds || this.medium?.durationSeconds || 0; }

  setCheck(picture) {
    this.build();
    this.picture = picture;
    if (picture) this.ratio(picture.width, picture.height);
    this.drawn = null;
    this.setSpeaker(this.speaker ?? "auto");
  }

  setSpeaker(speaker) {
    this.build();
    this.speaker = speaker;
    this.track = followed(this.picture, speaker);
    this.drawn = null;
    this.tick();
  }

  seek(seconds) {
    this.seconds = Math.min(Math.max(0, seconds), this.duration || 0);
    if (this.media?.tagName === "VIDEO") this.media.currentTime = this.seconds;
    this.tick();
  }

  toggle() {
    if (this.media?.tagName !== "VIDEO") return;
    if (this.media.paused) this.media.play().catch(() => {}); else this.media.pause();
  }

  showState() {
    const isPaused = this.media.paused;
    const label = isPaused ? t.stage.play : t.stage.pause;
    fill(this.playButton, icon(isPaused ? "play" : "pause"));
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = label;
    if (!isPaused) this.run();
  }

  run() {
    if (!this.media || this.media.paused || !this.isConnected) return;
    this.tick();
    requestAnimationFrame(() => this.run());
  }

  tick() {
    if (this.media?.tagName === "VIDEO") this.seconds = this.media.currentTime;
    const seconds = this.seconds ?? 0;
    this.timeText.textContent = `${clock(seconds, 1)} / ${clock(this.duration, 1)}`;
    this.dispatchEvent(new CustomEvent("time", { detail: seconds }));
    const samples = this.picture?.samples ?? [];
    if (!samples.length) { if (this.drawn !== -1) { fill(this.boxes); this.drawn = -1; } return; }
    let index = 0;
    for (let each = 1; each < samples.length; each += 1) if (Math.abs(samples[each].seconds - seconds) < Math.abs(samples[index].seconds - seconds)) index = each;
    if (this.drawn === index) return;
    this.drawn = index;
    this.drawBoxes(samples[index], index);
  }

  drawBoxes(sample, index) {
    const { width, height } = this.picture;
    const focused = [...this.boxes.children].indexOf(document.activeElement);
    const percent = (value, whole) => `${(100 * value / whole).toFixed(3)}%`;
    fill(this.boxes, sample.faces.map((face, number) => {
      const isChosen = this.track[index] === number;
      const label = t.stage.face(number + 1, sample.faces.length, clock(sample.seconds), Math.round(Math.abs(face.yawDegrees ?? 0)));
      return h("button", { type: "button", class: "face-box", "aria-pressed": String(isChosen), "aria-label": label, title: label,
        style: { left: percent(face.left, width), top: percent(face.top, height), width: percent(face.right - face.left, width), height: percent(face.bottom - face.top, height) },
        onclick: () => {
          const point = { frame: sample.frame, x: Math.round((face.left + face.right) / 2), y: Math.round((face.top + face.bottom) / 2) };
          this.dispatchEvent(new CustomEvent("speaker", { detail: { point, isChosen } }));
        } }, h("span", { class: "face-name" }, isChosen ? t.stage.speaks : String(number + 1)));
    }));
    if (focused >= 0) this.boxes.children[focused]?.focus();
  }
}
customElements.define("face-stage", FaceStage);
