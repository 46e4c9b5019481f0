// The clip's time axis: waveform, shots, gaps, and parts that are made by dragging or by keys.
import { h, s, button, fill, field, select, clock } from "./dom.js";
import { t } from "./texts.js";

const leastPartSeconds = 0.2;

/** A waveform as the path of a shape that is `width` units wide and two high, from peaks between 0 and 1. */
export function waveformPath(peaks, width = 1000) {
  if (!peaks?.length) return "";
  const step = width / peaks.length;
  const top = peaks.map((peak, index) => `${(index * step).toFixed(1)},${(1 - Math.max(0.02, peak)).toFixed(3)} ${((index + 1) * step).toFixed(1)},${(1 - Math.max(0.02, peak)).toFixed(3)}`);
  const bottom = peaks.map((peak, index) => `${((index + 1) * step).toFixed(1)},${(1 + Math.max(0.02, peak)).toFixed(3)} ${(index * step).toFixed(1)},${(1 + Math.max(0.02, peak)).toFixed(3)}`).reverse();
  return `M${top.join(" ")} ${bottom.join(" ")}Z`;
}

/** A waveform that stands by itself. */
export function waveform(peaks, label) {
  return s("svg", { class: "waveform", viewBox: "0 0 1000 2", preserveAspectRatio: "none", role: "img", "aria-label": label }, s("path", { d: waveformPath(peaks) }));
}

/** `setUp({duration, frameRate, shots, gaps, sound, syncModes})`, `setParts(parts)`, `setTime(seconds)`; fires `seek` and `parts`. */
export class PartsTimeline extends HTMLElement {
  connectedCallback() { this.build(); }

  build() {
    if (this.track) return;
    this.className = "timeline";
    this.parts = [];
    this.duration = 0;
    this.marks = h("div", { class: "timeline-marks", "aria-hidden": "true" });
    this.bands = h("div", { class: "timeline-bands" });
    this.head = h("div", { class: "timeline-head", role: "slider", tabindex: "0", "aria-label": t.timeline.position, "aria-valuemin": "0" });
    this.track = h("div", { class: "timeline-track" }, this.marks, this.bands, this.head);
    this.list = h("div", { class: "parts" });
    this.append(this.track, h("div", { class: "row between" }, h("p", { class: "note" }, t.timeline.hint),
      button(t.timeline.add, { class: "small", onclick: () => this.add(this.time ?? 0, (this.time ?? 0) + Math.max(1, this.duration / 5)) }, "plus")), this.list);
    this.head.addEventListener("keydown", (event) => this.keyed(event, this.time ?? 0, (seconds) => this.seek(seconds)));
    this.track.addEventListener("pointerdown", (event) => this.pressed(event));
  }

  setUp({ duration, frameRate, shots, gaps, sound, syncModes }) {
    this.build();
    Object.assign(this, { duration: duration || 0, frameRate: frameRate || 25, syncModes: syncModes ?? [] });
    this.head.setAttribute("aria-valuemax", this.duration.toFixed(1));
    const soundShare = sound?.durationSeconds && this.duration ? Math.min(1, sound.durationSeconds / this.duration) : 0;
    const peaks = sound?.waveform ?? [];
    const kept = sound?.durationSeconds > this.duration ? peaks.slice(0, Math.ceil(peaks.length * this.duration / sound.durationSeconds)) : peaks;
    fill(this.marks,
      kept.length ? h("div", { class: "timeline-wave", style: { width: `${100 * soundShare}%` } }, waveform(kept, "")) : null,
      (gaps ?? []).map((gap) => h("div", { class: "timeline-gap", style: this.place(gap.startSeconds, gap.endSeconds) })),
      (shots ?? []).filter((start) => start > 0).map((start) => h("div", { class: "timeline-shot", style: { left: this.percent(start) } })),
      this.ticks().map((seconds) => h("span", { class: "timeline-tick", style: { left: this.percent(seconds) } }, clock(seconds))));
    this.draw();
  }

  percent(seconds) { return `${(100 * Math.min(1, Math.max(0, seconds / (this.duration || 1)))).toFixed(3)}%`; }
  place(start, end) { return { left: this.percent(start), width: `${(100 * Math.max(0, end - start) / (this.duration || 1)).toFixed(3)}%` }; }

  ticks() {
    if (!this.duration) return [];
    const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800].find((each) => this.duration / each <= 8) ?? 3600;
    const result = [];
    for (let seconds = 0; seconds < this.duration * 0.97; seconds += step) result.push(seconds);
    return result;
  }

  setTime(seconds) {
    this.build();
    this.time = seconds;
    this.head.style.setProperty("left", this.percent(seconds));
    this.head.setAttribute("aria-valuenow", seconds.toFixed(1));
    this.head.setAttribute("aria-valuetext", clock(seconds, 1));
  }

  setParts(parts) { this.build(); this.parts = parts; this.draw(); }

  seek(seconds) {
    this.setTime(Math.min(Math.max(0, seconds), this.duration));
    this.dispatchEvent(new CustomEvent("seek", { detail: this.time }));
  }

  keyed(event, value, change) {
    const small = event.altKey ? 1 / this.frameRate : event.shiftKey ? 1 : 0.1;
    const moved = { ArrowLeft: -small, ArrowDown: -small, ArrowRight: small, ArrowUp: small, PageDown: -5, PageUp: 5 }[event.key];
    const next = event.key === "Home" ? 0 : event.key === "End" ? this.duration : moved === undefined ? null : value + moved;
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    change(Math.round(next * 1000) / 1000);
  }

  secondsAt(event) {
    const box = this.track.getBoundingClientRect();
    return this.duration * Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  }

  /** A press moves the head; a drag makes a part; a drag of a handle moves that end. */
  pressed(event) {
    if (event.button !== 0 || !this.duration) return;
    const handle = event.target.closest(".part-handle");
    const start = this.secondsAt(event);
    let made = null;
    const move = (next) => {
      const seconds = this.secondsAt(next);
      if (handle) this.moveEnd(Number(handle.dataset.part), handle.dataset.end, seconds);
      else if (made !== null || Math.abs(next.clientX - event.clientX) > 6) {
        made ??= this.add(start, start + leastPartSeconds, true);
        if (made < 0) { this.seek(seconds); return; }
        this.setRange(made, Math.min(start, seconds), Math.max(start, seconds));
      }
    };
    const end = (last) => {
      this.track.removeEventListener("pointermove", move);
      if (!handle && (made === null || made < 0)) this.seek(this.secondsAt(last));
      this.tell();
    };
    this.track.setPointerCapture(event.pointerId);
    this.track.addEventListener("pointermove", move);
    this.track.addEventListener("pointerup", end, { once: true });
    this.track.addEventListener("pointercancel", end, { once: true });
  }

  /** The free room around a time, between its neighbours. */
  room(index, seconds) {
    let low = 0, high = this.duration;
    this.parts.forEach((part, each) => {
      if (each === index) return;
      if (part.endSeconds <= seconds) low = Math.max(low, part.endSeconds);
      else if (part.startSeconds >= seconds) high = Math.min(high, part.startSeconds);
      else { low = part.startSeconds; high = part.startSeconds; }
    });
    return [low, high];
  }

  add(start, end, isQuiet = false) {
    const [low, high] = this.room(-1, start);
    if (high - low < leastPartSeconds) return -1;
    const first = Math.min(Math.max(start, low), high - leastPartSeconds);
    const part = { startSeconds: round(first), endSeconds: round(Math.min(high, Math.max(end, first + leastPartSeconds))) };
    this.parts = [...this.parts, part];
    this.draw();
    if (!isQuiet) this.tell();
    return this.parts.length - 1;
  }

  setRange(index, start, end) {
    const part = this.parts[index];
    const [low, high] = this.room(index, (part.startSeconds + part.endSeconds) / 2);
    part.startSeconds = round(Math.max(low, Math.min(start, high - leastPartSeconds)));
    part.endSeconds = round(Math.min(high, Math.max(end, part.startSeconds + leastPartSeconds)));
    this.placeBand(index);
  }

  moveEnd(index, which, seconds) {
    const part = this.parts[index];
    if (which === "start") this.setRange(index, Math.min(seconds, part.endSeconds - leastPartSeconds), part.endSeconds);
    else this.setRange(index, part.startSeconds, Math.max(seconds, part.startSeconds + leastPartSeconds));
  }

  tell() {
    const active = document.activeElement?.dataset?.key;
    this.parts.sort((one, other) => one.startSeconds - other.startSeconds);
    this.draw();
    if (active) this.querySelector(`[data-key="${active}"]`)?.focus();
    this.dispatchEvent(new CustomEvent("parts", { detail: this.parts }));
  }

  placeBand(index) {
    const part = this.parts[index], band = this.bands.children[index];
    for (const [name, value] of Object.entries(this.place(part.startSeconds, part.endSeconds))) band.style.setProperty(name, value);
    for (const handle of band.querySelectorAll(".part-handle")) {
      const value = handle.dataset.end === "start" ? part.startSeconds : part.endSeconds;
      handle.setAttribute("aria-valuenow", value.toFixed(2));
      handle.setAttribute("aria-valuetext", clock(value, 2));
    }
  }

  draw() {
    const handle = (index, end) => h("div", { class: `part-handle ${end}`, role: "slider", tabindex: "0", "aria-label": end === "start" ? t.timeline.start(index + 1) : t.timeline.end(index + 1),
      "aria-valuemin": "0", "aria-valuemax": this.duration.toFixed(2), dataset: { part: String(index), end, key: `${index}-${end}` },
      onkeydown: (event) => this.keyed(event, this.parts[index][end === "start" ? "startSeconds" : "endSeconds"], (value) => { this.moveEnd(index, end, value); this.tell(); }) });
    fill(this.bands, this.parts.map((part, index) => h("div", { class: "part-band" }, handle(index, "start"), h("span", null, String(index + 1)), handle(index, "end"))));
    this.parts.forEach((part, index) => this.placeBand(index));
    fill(this.list, this.parts.map((part, index) => this.row(part, index)));
  }

  row(part, index) {
    const input = (name, label) => {
      const element = h("input", { type: "number", step: "0.01", min: "0", value: part[name] ?? "", dataset: { key: `${index}-${name}` }, onchange: () => {
        const value = element.value === "" ? null : Number(element.value);
        if (name === "startSeconds" || name === "endSeconds") this.moveEnd(index, name === "startSeconds" ? "start" : "end", value ?? 0);
        else if (value === null) delete part[name]; else part[name] = value;
        this.tell();
      } });
      return field(label, element);
    };
    return h("div", { class: "part-row" }, h("strong", null, t.timeline.part(index + 1)),
      input("startSeconds", t.timeline.from), input("endSeconds", t.timeline.to),
      input("audioStartSeconds", t.timeline.soundFrom), input("audioEndSeconds", t.timeline.soundTo),
      field(t.timeline.lengths, select([["", t.timeline.asAll], ...this.syncModes.map((mode) => [mode, t.syncModes[mode.replace(/[-_]/g, "").toLowerCase()]?.name ?? mode])],
        part.syncMode ?? "", (value) => { if (value) part.syncMode = value; else delete part.syncMode; this.tell(); })),
      this.hasSpeakers === false ? null : field(t.timeline.speaker, this.speakerChoice(part, index)),
      button(t.timeline.remove(index + 1), { class: "quiet", isBare: true, onclick: () => { this.parts.splice(index, 1); this.tell(); } }, "trash"));
  }

  speakerChoice(part, index) {
    const isFace = typeof part.speaker === "object" && part.speaker !== null;
    const choose = () => this.dispatchEvent(new CustomEvent("choose-speaker", { detail: index }));
    return select([["", t.timeline.asAll], ["auto", t.choices.speakerAuto], ["most-present", t.choices.speakerPresent], ["face", t.choices.speakerFace]],
      isFace ? "face" : part.speaker ?? "", (value) => {
        if (value === "face") { choose(); return; }
        if (value) part.speaker = value; else delete part.speaker;
        this.dispatchEvent(new CustomEvent("leave-speaker"));
        this.tell();
      }, { dataset: { key: `${index}-speaker` } });
  }
}
const round = (seconds) => Math.round(seconds * 1000) / 1000;
customElements.define("parts-timeline", PartsTimeline);
