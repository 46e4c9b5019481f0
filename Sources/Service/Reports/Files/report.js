// Draws a report: verdicts, plots on one time axis, facts. Everything in a report is untrusted and becomes text only.

const texts = {
  levels: { good: "Good", fair: "Fair", poor: "Poor" }, level: "Verdict", finding: "Finding", verdicts: "Verdicts", noVerdicts: "Nothing was measured.",
  plots: "Over time", plotsNote: "Plots of sound, lips, closures and gaps over time. The verdicts and measures say the same in words.", whole: "Whole length", closer: "Closer", wider: "Wider", scroll: "Stretch that is shown", axis: "Time in the plots", pictures: "Pictures", waveform: "Sound", opening: "Lip opening", width: "Mouth width",
  wanted: "wanted", drawn: "drawn", speech: "Speech", phones: "Speech and phones", closures: "Closures", gaps: "No mouth drawn", shown: "shown", missed: "missed", notMeasured: "not measured", range: "share of the speaker's range",
  reasons: { no_face: "no face", speaker_not_seen: "speaker not seen", not_drawable: "turned away or too brief", turned_away: "turned away" },
  output: "Output", measures: "Measures", sound: "Sound", warnings: "Warnings", guesses: "What was guessed", scripts: "Texts", faces: "Faces", gapList: "Stretches without a mouth", missedList: "Missed closures", timings: "Time taken", part: "The part alone",
  size: "Size", length: "Length", frames: "Frames", rate: "Frame rate", framesWithFace: "Source frames with a face", framesDrawn: "Frames drawn", perSecond: "frames/s",
  number: "Face", from: "From", to: "To", seen: "Seen in", meanWidth: "Width", confidence: "Certainty", speaks: "Speaks", yes: "yes", no: "no", reason: "Reason", inOutput: "In the video", picture: "Picture", jump: "Go to", at: "At", frame: "Frame",
  voice: "Voice", language: "Language", letters: "Letters", pixels: "pixels", of: "of", none: "not measured", seconds: "s", correlation: "correlation", mean: "mean",
  names: {
    framesMeasured: "Frames measured", closures: "Closures shown", rest: "Rest in silence", offsetMilliseconds: "Lips late by", sharpness: "Sharpness, drawn to filmed", seam: "Seam, drawn to filmed", flicker: "Flicker, drawn to filmed", outside: "Changed outside the mouth", psnr: "Outside, after encoding",
    loudness: "Loudness", truePeakDecibels: "True peak", clippedSamples: "Clipped samples", silentShare: "Silence", speechShare: "Speech", signalToNoiseDecibels: "Signal to noise",
    analysisSeconds: "Looking", renderSeconds: "Drawing and writing", totalSeconds: "In all", timesRealTime: "Times real time",
  },
};

const svgNamespace = "http://www.w3.org/2000/svg";

function add(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value); else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== false) element.append(child instanceof Node ? child : String(child));
  return element;
}
const h = (tag, properties, ...children) => add(document.createElement(tag), properties, children);
const s = (tag, properties, ...children) => add(document.createElementNS(svgNamespace, tag), properties, children);

const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const list = (value) => (Array.isArray(value) ? value : []);
const object = (value) => (value && typeof value === "object" && !Array.isArray(value) ? value : {});
const numbersOf = (value) => list(value).map((each) => (isNumber(each) ? each : 0));
const format = (value, digits = 2) => (isNumber(value) ? value.toLocaleString("en", { maximumFractionDigits: digits }) : texts.none);
const percent = (value) => (isNumber(value) ? `${Math.round(value * 100)} %` : texts.none);
const picture = (text) => (typeof text === "string" && /^data:image\/(jpeg|png|webp);base64,[A-Za-z0-9+/=]+$/.test(text) ? text : null);

function clock(seconds, digits = 0) {
  if (!isNumber(seconds)) return "–";
  const unit = 10 ** digits, whole = Math.round(Math.max(0, seconds) * unit);
  const minutes = Math.floor(whole / unit / 60);
  const rest = String(Math.floor(whole / unit) % 60).padStart(2, "0") + (digits ? `.${String(whole % unit).padStart(digits, "0")}` : "");
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** A line through values at even steps, as the lowest and the highest of each pixel's column where there are more than pixels. */
function linePath(values, step, from, to, width, height) {
  const first = Math.max(0, Math.floor(from / step) - 1), last = Math.min(values.length - 1, Math.ceil(to / step) + 1);
  const count = last - first + 1;
  if (count < 1) return "";
  const x = (index) => (width * (index * step - from)) / (to - from);
  const points = [];
  if (count <= 2 * width) for (let index = first; index <= last; index += 1) points.push(`${x(index).toFixed(1)} ${height(values[index]).toFixed(1)}`);
  else {
    const each = count / width;
    for (let column = 0; column < width; column += 1) {
      const start = first + Math.floor(column * each), end = Math.min(last + 1, first + Math.max(1, Math.floor((column + 1) * each)));
      let low = Infinity, high = -Infinity;
      for (let index = start; index < end; index += 1) { low = Math.min(low, values[index]); high = Math.max(high, values[index]); }
      if (high >= low) points.push(`${x(start).toFixed(1)} ${height(low).toFixed(1)}`, `${x(start).toFixed(1)} ${height(high).toFixed(1)}`);
    }
  }
  return points.length ? `M${points.join("L")}` : "";
}

/** Items of which any part lies in a range; at most a number of them, evenly chosen. */
function within(items, from, to, start, end, most) {
  const seen = items.filter((item) => end(item) >= from && start(item) <= to);
  if (seen.length <= most) return seen;
  return Array.from({ length: most }, (_, index) => seen[Math.floor((index * seen.length) / most)]);
}

/** The plots, and what moves over them. */
class Plots {
  constructor(report, { onSeek, getTime, media }) {
    this.report = report;
    this.getTime = getTime ?? (media ? () => media.currentTime : null);
    this.onSeek = onSeek ?? (media ? (seconds) => { media.currentTime = seconds; } : null);
    const output = object(report.output), curves = object(report.curves);
    const rate = object(output.frameRate);
    this.frameRate = rate.numerator > 0 && rate.denominator > 0 ? rate.numerator / rate.denominator : 25;
    this.duration = isNumber(output.durationSeconds) && output.durationSeconds > 0 ? output.durationSeconds : Math.max(0.001, (output.frames || 0) / this.frameRate);
    this.step = Math.max(1, isNumber(curves.framesPerPoint) ? curves.framesPerPoint : 1) / this.frameRate;
    this.opening = numbersOf(curves.opening);
    this.mouthWidth = numbersOf(curves.width);
    this.speech = numbersOf(curves.speech);
    this.drawn = list(curves.drawn).filter((each) => isNumber(each?.frame));
    this.closures = list(curves.closures).filter((each) => isNumber(each?.startSeconds));
    this.phones = list(curves.phones).filter((each) => isNumber(each?.startSeconds) && typeof each.name === "string");
    this.waveform = numbersOf(object(report.sound).waveform);
    this.gaps = list(report.gaps).flatMap((gap) => list(gap?.outputSeconds).filter((range) => isNumber(range?.[0]) && isNumber(range?.[1])).map(([start, end]) => ({ start, end, reason: texts.reasons[gap.reason] ?? String(gap.reason ?? "") })));
    this.thumbnails = list(report.thumbnails).filter((each) => isNumber(each?.seconds) && picture(each.picture));
    this.aspect = output.width > 0 && output.height > 0 ? output.width / output.height : 16 / 9;
    this.view = [0, this.duration];
    this.build();
  }

  build() {
    this.canvas = h("div", { class: "report-canvas", ...(this.onSeek ? { tabindex: "0", role: "slider", "aria-label": texts.axis, "aria-valuemin": "0", "aria-valuemax": this.duration.toFixed(1) } : { role: "img", "aria-label": texts.plotsNote }) });
    this.head = h("div", { class: "report-head", hidden: !this.getTime });
    this.drawing = h("div");
    this.canvas.append(this.drawing, this.head);
    this.readout = h("span", { class: "report-readout" });
    this.scroll = h("input", { type: "range", min: "0", max: "1000", step: "1", "aria-label": texts.scroll, hidden: true, oninput: () => {
      const span = this.view[1] - this.view[0];
      this.show((Number(this.scroll.value) / 1000) * (this.duration - span), span);
    } });
    const zoom = (factor) => { const span = Math.min(this.duration, Math.max(0.5, (this.view[1] - this.view[0]) * factor)); const middle = this.isSeen(this.now) ? this.now : (this.view[0] + this.view[1]) / 2; this.show(middle - span / 2, span); };
    this.node = h("div", { class: "report-plots" }, h("div", { class: "report-tools" },
      h("button", { type: "button", onclick: () => zoom(0.5) }, texts.closer), h("button", { type: "button", onclick: () => zoom(2) }, texts.wider), h("button", { type: "button", onclick: () => this.show(0, this.duration) }, texts.whole), this.readout), this.canvas, this.scroll);
    this.canvas.addEventListener("pointermove", (event) => { this.read(this.secondsAt(event)); if (this.isDragging) this.seek(this.secondsAt(event)); });
    this.canvas.addEventListener("pointerdown", (event) => { if (event.button === 0 && this.onSeek) { this.isDragging = true; this.canvas.setPointerCapture(event.pointerId); this.seek(this.secondsAt(event)); } });
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, () => { this.isDragging = false; });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.resize = new ResizeObserver(() => { if (Math.abs((this.canvas.clientWidth || this.drawnWidth) - this.drawnWidth) > 1) this.draw(); });
    this.resize.observe(this.canvas);
    this.now = 0;
    this.draw();
    if (this.getTime) this.run();
  }

  destroy() { this.isOver = true; this.resize.disconnect(); }
  isSeen(seconds) { return seconds >= this.view[0] && seconds <= this.view[1]; }
  secondsAt(event) { const box = this.canvas.getBoundingClientRect(); return this.view[0] + (this.view[1] - this.view[0]) * Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)); }
  seek(seconds) { this.onSeek?.(Math.min(this.duration, Math.max(0, seconds))); this.place(seconds); }

  show(start, span) {
    const first = Math.min(Math.max(0, start), this.duration - span);
    this.view = [first, first + span];
    this.scroll.hidden = span >= this.duration * 0.999;
    if (!this.scroll.hidden) this.scroll.value = String((1000 * first) / (this.duration - span));
    this.draw();
  }

  key(event) {
    const moved = { ArrowLeft: -1 / this.frameRate, ArrowRight: 1 / this.frameRate, PageUp: -5, PageDown: 5, Home: -Infinity, End: Infinity }[event.key];
    if (moved === undefined || !this.onSeek) return;
    event.preventDefault();
    event.stopPropagation();
    this.seek(moved === -Infinity ? 0 : moved === Infinity ? this.duration : this.now + moved * (event.shiftKey ? 10 : 1));
  }

  run() {
    if (this.isOver) return;
    const seconds = this.getTime();
    if (isNumber(seconds) && seconds !== this.now && this.node.isConnected) {
      if (!this.isSeen(seconds) && !this.isDragging) { const span = this.view[1] - this.view[0]; this.show(seconds - span * 0.1, span); }
      this.place(seconds);
    }
    requestAnimationFrame(() => this.run());
  }

  place(seconds) {
    this.now = seconds;
    const share = (seconds - this.view[0]) / (this.view[1] - this.view[0]);
    this.head.style.setProperty("left", `${(100 * share).toFixed(3)}%`);
    this.head.hidden = !this.getTime || share < 0 || share > 1;
    if (this.onSeek) {
      this.canvas.setAttribute("aria-valuenow", seconds.toFixed(2));
      this.canvas.setAttribute("aria-valuetext", clock(seconds, 2));
    }
    this.read(seconds);
  }

  read(seconds) {
    const index = Math.round(seconds / this.step), frame = Math.round(seconds * this.frameRate);
    const near = this.drawn.find((each) => Math.abs(each.frame - frame) <= 1);
    const phone = this.phones.find((each) => seconds >= each.startSeconds && seconds < each.endSeconds);
    this.readout.textContent = [clock(seconds, 2), this.opening.length ? `${texts.opening}: ${format(this.opening[index])}${near && isNumber(near.opening) ? ` (${texts.drawn} ${format(near.opening)})` : ""}` : null, phone ? `/${phone.name}/` : null].filter(Boolean).join("   ");
  }

  draw() {
    const width = Math.max(280, Math.round(this.canvas.clientWidth || 960));
    this.drawnWidth = this.canvas.clientWidth || width;
    const [from, to] = this.view;
    const x = (seconds) => (width * (seconds - from)) / (to - from);
    const rows = [];
    let top = 0;
    const row = (title, height, keys, ...content) => {
      // Where both do not fit beside each other, the legend has a line of its own.
      const isTight = list(keys).length > 0 && title.length * 6.8 + list(keys).reduce((sum, [, name]) => sum + name.length * 6.3 + 30, 0) > width;
      if (title) rows.push(s("text", { class: "row-title", x: 0, y: top + 13 }, title), this.legend(keys, width, top + (isTight ? 30 : 13)));
      const at = top + (title ? 20 : 0) + (isTight ? 17 : 0);
      rows.push(s("g", { transform: `translate(0 ${at})` }, content.map((each) => (typeof each === "function" ? each(height) : each))));
      top = at + height + 10;
    };
    const frame = (height) => s("rect", { class: "row-ground", x: 0, y: 0, width, height, rx: 4 });
    const gapShades = (height) => within(this.gaps, from, to, (gap) => gap.start, (gap) => gap.end, 300).map((gap) => s("rect", { class: "gap-shade", x: x(gap.start).toFixed(1), y: 0, width: Math.max(1, x(gap.end) - x(gap.start)).toFixed(1), height }));

    if (this.thumbnails.length) row(null, 56, null, (height) => this.strip(x, width, height));
    if (this.waveform.length) row(texts.waveform, 44, null, frame, (height) => this.wave(from, to, width, height));
    const curve = (name, values, title, height) => {
      if (!values.length) return;
      const highest = Math.max(1.2, values.reduce((most, each) => Math.max(most, each), 0), this.drawn.reduce((most, each) => Math.max(most, isNumber(each[name]) ? each[name] : 0), 0));
      const y = (value) => height - 3 - ((height - 6) * Math.min(highest, Math.max(-0.1, value))) / highest;
      row(`${title}, ${texts.range}`, height, [["line", texts.wanted], ["dot", texts.drawn]], frame, gapShades, s("path", { class: "grid", d: `M0 ${y(0)}H${width}M0 ${y(1)}H${width}` }), s("text", { class: "tick", x: width - 3, y: y(1) - 3, "text-anchor": "end" }, "1"),
        s("path", { class: "wanted", d: linePath(values, this.step, from, to, width, y) }), this.dots(name, x, y, from, to));
    };
    curve("opening", this.opening, texts.opening, 104);
    curve("width", this.mouthWidth, texts.width, 72);
    if (this.speech.length || this.phones.length) row(this.phones.length ? texts.phones : texts.speech, 26, null, frame, this.speech.length ? (height) => s("path", { class: "speech", d: `${linePath(this.speech, this.step, from, to, width, (value) => height - (height - 2) * Math.min(1, Math.max(0, value)))}V${height}H0Z` }) : null, (height) => this.phoneNames(x, from, to, height));
    if (this.closures.length) row(texts.closures, 22, [["shown", texts.shown], ["missed", texts.missed], ["unknown", texts.notMeasured]], frame, () => this.closureMarks(x, from, to, width));
    if (this.gaps.length) row(texts.gaps, 20, null, frame, (height) => within(this.gaps, from, to, (gap) => gap.start, (gap) => gap.end, 300).map((gap) => {
      const left = Math.max(0, x(gap.start)), wide = Math.max(2, Math.min(width, x(gap.end)) - left);
      return s("g", null, s("rect", { class: "gap", x: left.toFixed(1), y: 0, width: wide.toFixed(1), height, fill: "url(#report-hatch)" }, s("title", null, `${gap.reason}, ${clock(gap.start, 1)} – ${clock(gap.end, 1)}`)), wide > gap.reason.length * 6.5 + 12 ? s("text", { class: "gap-text", x: (left + wide / 2).toFixed(1), y: 14, "text-anchor": "middle" }, gap.reason) : null);
    }));
    rows.push(this.axis(x, from, to, width, top));
    top += 22;
    this.drawing.replaceChildren(s("svg", { viewBox: `0 0 ${width} ${top}`, width: "100%", "aria-hidden": "true" },
      s("defs", null, s("pattern", { id: "report-hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, s("rect", { class: "hatch-ground", width: 7, height: 7 }), s("path", { class: "hatch", d: "M0 0V7" }))), rows));
    this.place(this.now);
  }

  legend(keys, width, y) {
    let x = width;
    return list(keys).slice().reverse().map(([kind, name]) => {
      x -= name.length * 6.3 + 4;
      const text = s("text", { class: "row-key", x, y }, name);
      x -= 12;
      const mark = kind === "line" ? s("path", { class: "wanted", d: `M${x - 6} ${y - 4}h14` }) : kind === "dot" ? s("circle", { class: "drawn", cx: x + 3, cy: y - 4, r: 3 }) : this.mark(kind, x + 3, y - 4);
      x -= 14;
      return [text, mark];
    });
  }

  /** Shapes differ, so that colour is not needed: a full bar, a cross, an empty ring. */
  mark(kind, x, y) {
    if (kind === "shown") return s("rect", { class: "closure-shown", x: x - 2, y: y - 5, width: 4, height: 10, rx: 1 });
    if (kind === "missed") return s("path", { class: "closure-missed", d: `M${x - 4} ${y - 4}l8 8m0-8l-8 8` });
    return s("circle", { class: "closure-unknown", cx: x, cy: y, r: 3.2 });
  }

  strip(x, width, height) {
    const wide = Math.min(120, Math.max(24, height * this.aspect));
    let end = -Infinity;
    return this.thumbnails.map((each) => {
      const left = Math.min(Math.max(0, x(each.seconds) - wide / 2), width - wide);
      if (x(each.seconds) < 0 || x(each.seconds) > width || left < end + 3) return null;
      end = left + wide;
      return s("image", { href: picture(each.picture), x: left.toFixed(1), y: 0, width: wide.toFixed(1), height, preserveAspectRatio: "xMidYMid slice" });
    });
  }

  wave(from, to, width, height) {
    const step = this.duration / this.waveform.length, middle = height / 2;
    const columns = Math.min(width, Math.max(1, Math.ceil((to - from) / step)));
    const top = [], bottom = [];
    for (let column = 0; column <= columns; column += 1) {
      const start = Math.floor((from + ((to - from) * column) / columns) / step), end = Math.max(start + 1, Math.floor((from + ((to - from) * (column + 1)) / columns) / step));
      let peak = 0;
      for (let index = start; index < end && index < this.waveform.length; index += 1) peak = Math.max(peak, this.waveform[index]);
      const reach = Math.max(0.6, (middle - 2) * Math.min(1, peak)), at = ((width * column) / columns).toFixed(1);
      top.push(`${at} ${(middle - reach).toFixed(1)}`);
      bottom.push(`${at} ${(middle + reach).toFixed(1)}`);
    }
    return s("path", { class: "wave", d: `M${top.join("L")}L${bottom.reverse().join("L")}Z` });
  }

  dots(name, x, y, from, to) {
    const seen = this.drawn.filter((each) => isNumber(each[name]) && each.frame / this.frameRate >= from && each.frame / this.frameRate <= to);
    const each = Math.max(1, Math.ceil(seen.length / 1500));
    const radius = seen.length > 300 ? 1.5 : 2.4;
    // One path of short strokes with round ends is many times quicker than as many circles.
    const d = seen.filter((_, index) => index % each === 0).map((point) => `M${x(point.frame / this.frameRate).toFixed(1)} ${y(point[name]).toFixed(1)}h.01`).join("");
    return d ? s("path", { class: "drawn-dots", "stroke-width": 2 * radius, d }) : null;
  }

  phoneNames(x, from, to, height) {
    return within(this.phones, from, to, (phone) => phone.startSeconds, (phone) => phone.endSeconds, 800).map((phone) => {
      const left = x(phone.startSeconds), wide = x(phone.endSeconds) - left;
      if (wide < 7) return null;
      return s("g", null, s("path", { class: "phone-edge", d: `M${left.toFixed(1)} 2V${height - 2}` }), wide > phone.name.length * 6 + 4 ? s("text", { class: "phone", x: (left + wide / 2).toFixed(1), y: height / 2 + 4, "text-anchor": "middle" }, phone.name) : null);
    });
  }

  closureMarks(x, from, to, width) {
    const middle = (closure) => (closure.startSeconds + (isNumber(closure.endSeconds) ? closure.endSeconds : closure.startSeconds)) / 2;
    const kinds = { shown: [], missed: [], unknown: [] };
    for (const closure of this.closures) if (middle(closure) >= from && middle(closure) <= to) kinds[closure.isShown === true ? "shown" : closure.isShown === false ? "missed" : "unknown"].push(closure);
    return Object.entries(kinds).map(([kind, all]) => within(all, from, to, middle, middle, kind === "missed" ? 700 : Math.ceil(width / 6)).map((closure) => this.mark(kind, Number(x(middle(closure)).toFixed(1)), 11)));
  }

  axis(x, from, to, width, top) {
    const span = to - from;
    const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].find((each) => span / each <= Math.max(3, width / 80)) ?? 7200;
    const result = [];
    for (let index = Math.ceil(from / step); index * step <= to; index += 1) {
      const at = x(index * step);
      result.push(s("path", { class: "axis-line", d: `M${at.toFixed(1)} ${top - 6}v5` }), s("text", { class: "tick", x: Math.min(width - 1, Math.max(1, at)).toFixed(1), y: top + 12, "text-anchor": at < 14 ? "start" : at > width - 16 ? "end" : "middle" }, clock(index * step, step < 1 ? 1 : 0)));
    }
    return result;
  }
}

const facts = (pairs) => h("dl", { class: "report-facts" }, pairs.filter((pair) => pair && pair[1] !== null && pair[1] !== undefined).map(([name, value]) => [h("dt", null, name), h("dd", null, value)]));
const table = (heads, rows) => h("div", { class: "report-table" }, h("table", null, h("thead", null, h("tr", null, heads.map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, rows.map((row) => h("tr", null, row.map((cell) => h("td", null, cell)))))));

function levelMark(level) {
  const shapes = { good: "M10 2a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM6.5 10l2.5 2.5 4.5-5", fair: "M10 2.5L18.5 17H1.5zM10 8v4M10 14.5v.01", poor: "M10 1.5l8.5 8.5-8.5 8.5L1.5 10zM7.5 7.5l5 5m0-5l-5 5" };
  return s("svg", { class: "report-mark", viewBox: "0 0 20 20", "aria-hidden": "true" }, s("path", { d: shapes[level] ?? shapes.fair }));
}

function verdicts(report) {
  const rows = list(report.verdicts).filter((verdict) => typeof verdict?.sentence === "string");
  if (!rows.length) return h("p", { class: "report-note" }, texts.noVerdicts);
  return h("table", { class: "report-verdicts" }, h("caption", null, texts.verdicts), h("thead", null, h("tr", null, h("th", { scope: "col" }, texts.level), h("th", { scope: "col" }, texts.finding))),
    h("tbody", null, rows.map((verdict) => {
      const level = texts.levels[verdict.level] ? verdict.level : "fair";
      return h("tr", { class: level }, h("td", null, levelMark(level), " ", texts.levels[verdict.level] ?? String(verdict.level)), h("td", null, verdict.sentence));
    })));
}

function measureFacts(measures) {
  const { opening, width, closures, rest, outside } = measures;
  const track = (value) => (value ? `${texts.correlation} ${format(value.correlation)}, ${texts.mean} ${format(value.drawnMean)} (${texts.wanted} ${format(value.wantedMean)})` : texts.none);
  return facts([[texts.names.framesMeasured, format(measures.framesMeasured, 0)], [texts.opening, track(opening)], [texts.width, track(width)],
    [texts.names.closures, closures ? `${format(closures.shown, 0)} ${texts.of} ${format(closures.measured, 0)}` : texts.none], [texts.names.rest, rest ? `${format(rest.restingFrames, 0)} ${texts.of} ${format(rest.silentFrames, 0)}` : texts.none],
    [texts.names.offsetMilliseconds, isNumber(measures.offsetMilliseconds) ? `${format(measures.offsetMilliseconds, 0)} ms` : texts.none],
    ...["sharpness", "seam", "flicker"].map((name) => [texts.names[name], format(measures[name])]),
    [texts.names.outside, outside && isNumber(outside.changedSamples) ? format(outside.changedSamples, 0) : texts.none], [texts.names.psnr, outside && isNumber(outside.psnrDecibels) ? `${format(outside.psnrDecibels, 1)} dB` : texts.none]]);
}

function outputFacts(output, report, isMain) {
  const rate = object(output.frameRate);
  return facts([[texts.size, output.width ? `${format(output.width, 0)} × ${format(output.height, 0)}` : null], [texts.length, clock(output.durationSeconds, 2)], [texts.frames, format(output.frames, 0)],
    [texts.rate, rate.denominator > 0 ? `${format(rate.numerator / rate.denominator, 3)} ${texts.perSecond}` : null],
    ...(isMain ? [[texts.framesWithFace, isNumber(report.framesWithFace) ? `${format(report.framesWithFace, 0)} ${texts.of} ${format(report.sourceFrames, 0)}` : null], [texts.framesDrawn, isNumber(report.framesDrawn) ? format(report.framesDrawn, 0) : null]] : [])]);
}

/**
 * Draws a report into an element. `onSeek(seconds)` and `getTime()` connect it with a player, or `media` does; `compact`
 * leaves out all but verdicts and plots; `level` is that of its headings. Returns `{destroy()}`.
 */
export function renderReport(container, value, { onSeek, getTime, media, compact = false, level = 3 } = {}) {
  const section = (title, ...content) => h("section", { class: "report-section" }, h(`h${level}`, null, title), content);
  const report = object(value);
  const plots = new Plots(report, { onSeek, getTime, media });
  const jump = (seconds, text) => (plots.onSeek && isNumber(seconds) ? h("button", { type: "button", class: "report-jump", title: texts.jump, onclick: () => { if (!plots.isSeen(seconds)) { const span = plots.view[1] - plots.view[0]; plots.show(seconds - span / 2, span); } plots.seek(seconds); } }, text) : text);
  const sentences = (items, read) => h("ul", null, items.map((each) => h("li", null, read(each))));
  const { output, segmentOutput, measures, sound, timings } = report;
  const [warnings, guesses, scripts, faces, gaps, missed] = [report.warnings, report.guesses, report.texts, report.faces, report.gaps, object(object(measures).closures).missed].map(list);
  const details = compact ? [] : [
    warnings.length ? section(texts.warnings, sentences(warnings, (each) => String(each?.message ?? each?.code ?? ""))) : null,
    guesses.length ? section(texts.guesses, sentences(guesses, (each) => String(each?.sentence ?? each?.subject ?? ""))) : null,
    section(texts.output, outputFacts(object(output), report, true)),
    segmentOutput ? section(texts.part, outputFacts(object(segmentOutput), report, false)) : null,
    measures ? section(texts.measures, measureFacts(object(measures))) : null,
    sound ? section(texts.sound, facts([[texts.length, clock(sound.durationSeconds, 2)], [texts.names.loudness, isNumber(sound.loudness) ? `${format(sound.loudness, 1)} LUFS` : texts.none], [texts.names.truePeakDecibels, isNumber(sound.truePeakDecibels) ? `${format(sound.truePeakDecibels, 1)} dB` : texts.none],
      [texts.names.clippedSamples, format(sound.clippedSamples, 0)], [texts.names.silentShare, percent(sound.silentShare)], [texts.names.speechShare, percent(sound.speechShare)], [texts.names.signalToNoiseDecibels, isNumber(sound.signalToNoiseDecibels) ? `${format(sound.signalToNoiseDecibels, 0)} dB` : texts.none]])) : null,
    timings ? section(texts.timings, facts(["analysisSeconds", "renderSeconds", "totalSeconds", "timesRealTime"].filter((name) => isNumber(timings[name])).map((name) => [texts.names[name], name === "timesRealTime" ? `${format(timings[name])}×` : `${format(timings[name], 1)} ${texts.seconds}`]))) : null,
    scripts.length ? section(texts.scripts, table([texts.voice, texts.language, texts.letters], scripts.map((each) => [String(each?.voice ?? "–"), String(each?.language ?? "–"), Object.entries(object(each?.scripts)).map(([name, share]) => `${name} ${percent(share)}`).join(", ") || "–"]))) : null,
    missed.length ? section(texts.missedList, h("ul", { class: "report-times" }, missed.slice(0, 500).map((each) => h("li", null, jump(each?.seconds, clock(each?.seconds, 2)), h("span", { class: "report-note" }, ` ${texts.frame.toLowerCase()} ${format(each?.frame, 0)}`))))) : null,
    faces.length ? section(texts.faces, table([texts.number, texts.seen, texts.meanWidth, texts.confidence, texts.speaks], faces.slice(0, 200).map((face) => [format(face?.identity, 0), `${format(face?.firstFrame, 0)} – ${format(face?.lastFrame, 0)} (${format(face?.frames, 0)})`, `${format(face?.meanWidthPixels, 0)} ${texts.pixels}`, percent(face?.meanConfidence), face?.isSpeaker ? texts.yes : texts.no]))) : null,
    gaps.length ? section(texts.gapList, table([texts.picture, texts.from, texts.to, texts.reason, texts.inOutput], gaps.slice(0, 300).map((gap) => [picture(gap?.thumbnail) ? h("img", { src: picture(gap.thumbnail), alt: "", loading: "lazy" }) : "–", String(gap?.firstTimecode ?? gap?.firstFrame ?? "–"), String(gap?.lastTimecode ?? gap?.lastFrame ?? "–"), texts.reasons[gap?.reason] ?? String(gap?.reason ?? "–"),
      list(gap?.outputSeconds).slice(0, 4).map((range) => [jump(range?.[0], `${clock(range?.[0], 1)} – ${clock(range?.[1], 1)}`), " "])]))) : null,
  ];
  container.append(h("div", { class: "report" }, verdicts(report), h(`h${level}`, null, texts.plots), plots.node, h("div", { class: "report-details" }, details)));
  plots.draw();
  return { destroy: () => plots.destroy() };
}
