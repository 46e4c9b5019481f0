// Recording with camera and microphone: a look, a countdown, the take, a look at it, and again if it was not good.
import { h, button, openDialog, clock, report, fill } from "./dom.js";
import { t } from "./texts.js";

const types = {
  video: ["video/mp4;codecs=avc1.42E01E,mp4a.40.2", "video/webm;codecs=vp8,opus", "video/webm"],
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
};

/** Whether this page may use camera and microphone at all: browsers allow it by HTTPS and on the same machine. */
export const canCapture = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

/** Records and returns a file, or null when it was given up. `kind` is "video" or "audio". */
export function capture(kind) {
  return new Promise((resolve) => {
    let result = null;
    const recorder = new Recorder(kind, (file) => { result = file; dialog.close(); });
    const dialog = openDialog(kind === "video" ? t.capture.camera : t.capture.microphone, recorder.node,
      { onClose: () => { recorder.end(); resolve(result); } });
    recorder.begin();
  });
}

class Recorder {
  constructor(kind, done) {
    this.kind = kind;
    this.done = done;
    this.stage = h("div", { class: kind === "video" ? "capture-stage" : "capture-stage sound" });
    this.level = h("meter", { min: "0", max: "1", low: "0.05", high: "0.9", optimum: "0.5", "aria-label": t.capture.level });
    this.status = h("p", { class: "note", role: "status", "aria-live": "polite" });
    this.buttons = h("div", { class: "row" });
    this.node = h("div", { class: "stack" }, this.stage, this.level, this.status, this.buttons);
  }

  async begin() {
    if (!canCapture()) { this.status.textContent = t.capture.insecure; return; }
    try {
      const wanted = { audio: { echoCancellation: false, noiseSuppression: true } };
      if (this.kind === "video") wanted.video = { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: "user" };
      this.stream = await navigator.mediaDevices.getUserMedia(wanted);
    } catch (error) {
      this.status.textContent = error.name === "NotAllowedError" ? t.capture.refused : t.capture.missing;
      return;
    }
    if (this.isOver) { this.end(); return; }
    this.measure();
    this.ready();
  }

  ready() {
    if (this.kind === "video") {
      fill(this.stage, h("video", { srcObject: this.stream, autoplay: true, muted: true, playsinline: true, class: "mirrored" }));
      this.stage.firstChild.play().catch(() => {});
    } else fill(this.stage, h("p", { class: "big" }, t.capture.microphoneReady));
    this.status.textContent = t.capture.ready;
    fill(this.buttons, button(t.capture.record, { class: "primary", onclick: () => this.count(3) }),
      this.kind === "video" ? button(t.capture.photo, { onclick: () => this.photo() }, "image") : null);
    this.buttons.firstChild.focus();
  }

  count(left) {
    if (this.isOver) return;
    if (left === 0) { this.record(); return; }
    this.status.textContent = t.capture.countdown(left);
    fill(this.buttons, button(t.common.cancel, { onclick: () => { clearTimeout(this.timer); this.ready(); } }));
    this.timer = setTimeout(() => this.count(left - 1), 1000);
  }

  record() {
    const type = types[this.kind].find((each) => MediaRecorder.isTypeSupported(each));
    const chunks = [];
    this.recorder = new MediaRecorder(this.stream, type ? { mimeType: type } : {});
    this.recorder.ondataavailable = (event) => { if (event.data.size) chunks.push(event.data); };
    this.recorder.onstop = () => { clearInterval(this.clock); this.review(new Blob(chunks, { type: this.recorder.mimeType })); };
    this.recorder.onerror = (event) => report(event.error);
    this.recorder.start(1000);
    const start = performance.now();
    const tell = () => { this.status.textContent = t.capture.recording(clock((performance.now() - start) / 1000)); };
    tell();
    this.clock = setInterval(tell, 500);
    fill(this.buttons, button(t.capture.stop, { class: "primary", onclick: () => this.recorder.stop() }, "stop"));
    this.buttons.firstChild.focus();
  }

  photo() {
    const video = this.stage.firstChild;
    const canvas = h("canvas", { width: video.videoWidth, height: video.videoHeight });
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((blob) => blob && this.review(blob), "image/jpeg", 0.95);
  }

  review(blob) {
    if (this.isOver) return;
    if (this.address) URL.revokeObjectURL(this.address);
    this.address = URL.createObjectURL(blob);
    const isPicture = blob.type.startsWith("image/");
    fill(this.stage, isPicture ? h("img", { src: this.address, alt: t.capture.taken })
      : h(this.kind, { src: this.address, controls: true, playsinline: true }));
    this.status.textContent = t.capture.review;
    const extension = isPicture ? "jpg" : blob.type.includes("mp4") ? (this.kind === "audio" ? "m4a" : "mp4") : blob.type.includes("ogg") ? "ogg" : "webm";
    const name = `${t.capture.fileName(this.kind)} ${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.${extension}`;
    fill(this.buttons, button(t.capture.use, { class: "primary", onclick: () => this.done(new File([blob], name, { type: blob.type.split(";")[0] })) }, "check"),
      button(t.capture.again, { onclick: () => this.ready() }, "again"));
    this.buttons.firstChild.focus();
  }

  /** Shows how loud it is, from the peak of each moment. */
  measure() {
    this.context = new AudioContext();
    const analyser = this.context.createAnalyser();
    this.context.createMediaStreamSource(this.stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const step = () => {
      if (this.isOver) return;
      analyser.getFloatTimeDomainData(samples);
      let peak = 0;
      for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
      this.level.value = Math.max(peak, this.level.value * 0.9);
      requestAnimationFrame(step);
    };
    step();
  }

  end() {
    this.isOver = true;
    clearTimeout(this.timer);
    clearInterval(this.clock);
    if (this.recorder?.state === "recording") this.recorder.stop();
    this.stream?.getTracks().forEach((track) => track.stop());
    this.context?.close();
    if (this.address) URL.revokeObjectURL(this.address);
  }
}
