// Reads batches: lines of JSON, or a table whose first row names the fields.

const numbers = new Set(["seed", "temperature", "durationSeconds", "speed", "startSeconds", "endSeconds"]);
const switches = new Set(["keepsOccluders"]);
const short = {
  script: "text.script", voice: "text.voice", speed: "text.speed", syncmode: "options.syncMode", temperature: "options.temperature", speaker: "options.speaker",
  emotion: "options.emotion", region: "options.region", seed: "options.seed", resolution: "options.resolution", aspectratio: "options.aspectRatio",
  durationseconds: "options.durationSeconds", keepsoccluders: "options.keepsOccluders", webhookurl: "webhookUrl", text: "text.script", sound: "audio",
};

/** The cells of a table in the form of RFC 4180, with any of the separators. */
export function cells(text, separator) {
  const rows = [];
  let row = [], cell = "", isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[index + 1] === '"') { cell += '"'; index += 1; } else isQuoted = false;
    } else if (character === '"' && cell === "") isQuoted = true;
    else if (character === separator) { row.push(cell); cell = ""; } else if (character === "\n") {
      row.push(cell.replace(/\r$/, ""));
      rows.push(row);
      row = []; cell = "";
    } else cell += character;
  }
  if (cell !== "" || row.length) { row.push(cell); rows.push(row); }
  return rows.filter((each) => each.some((value) => value.trim() !== ""));
}

const identifier = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A medium of a body: an address, an asset's id, or the name of an asset, which is looked up before the order is sent. */
const medium = (value) => (typeof value !== "string" ? value : /^https?:\/\//i.test(value) ? { url: value } : identifier.test(value) ? { asset: value } : { name: value });

function place(order, path, text) {
  const names = path.split(".");
  if (names.some((name) => name === "__proto__" || name === "")) return;
  const last = names.pop();
  let target = order;
  for (const name of names) target = target[name] = typeof target[name] === "object" ? target[name] : {};
  const value = text.trim();
  if (numbers.has(last) && value !== "" && Number.isFinite(Number(value))) target[last] = Number(value);
  else if (switches.has(last)) target[last] = /^(true|yes|1)$/i.test(value);
  else if (/^[[{]/.test(value)) { try { target[last] = JSON.parse(value); } catch { target[last] = value; } } else target[last] = value;
}

/** `[{order, error}]` of a text; `error` is "json" or "object" where a line is no order, and null otherwise. `defaults` fill what is missing. */
export function readRows(text, { voice, model }) {
  const clean = text.replace(/^\ufeff/, "").trim();
  if (!clean) return [];
  const rows = /^[[{]/.test(clean) ? jsonRows(clean) : tableRows(clean);
  for (const { order } of rows) {
    if (!order) continue;
    for (const name of ["video", "image", "audio"]) if (order[name] !== undefined) order[name] = medium(order[name]);
    if (order.text && typeof order.text === "object" && order.text.script && !order.text.voice && voice) order.text.voice = voice;
    if (!order.model) order.model = order.image ? "photo" : model;
  }
  return rows;
}

function jsonRows(text) {
  if (text.startsWith("[")) {
    try { return JSON.parse(text).map(checked); } catch { return [{ order: null, error: "json" }]; }
  }
  return text.split("\n").filter((line) => line.trim()).map((line) => {
    try { return checked(JSON.parse(line)); } catch { return { order: null, error: "json" }; }
  });
}

const checked = (value) => (value && typeof value === "object" && !Array.isArray(value) ? { order: value, error: null } : { order: null, error: "object" });

function tableRows(text) {
  const first = text.split("\n", 1)[0];
  const separator = ["\t", ";", ","].find((each) => first.includes(each)) ?? ",";
  const [head, ...rest] = cells(text, separator);
  const paths = head.map((name) => { const plain = name.trim(); return short[plain.toLowerCase()] ?? plain; });
  return rest.map((row) => {
    const order = {};
    row.forEach((cell, index) => { if (cell.trim() !== "" && paths[index]) place(order, paths[index], cell); });
    return { order, error: null };
  });
}
