// The form's order as a program would send it. Texts are escaped for each language.
import { h, fill, button, copyButton } from "./dom.js";
import { t } from "./texts.js";

/** JSON in which nothing but plain characters stands where a terminal or an editor could be fooled by others. */
function json(value, indent) {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, escaped);
}
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** For a shell: within single quotes only the quote itself ends the text, and JSON can write it otherwise. */
export function curl(order, origin) {
  const body = json(order, 2).replaceAll("'", "\\u0027");
  return `curl ${shellWord(`${origin}/v1/generations`)} \\\n  -H "x-api-key: $LIPSMITH_KEY" \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'\n`;
}
const shellWord = (text) => (/^[\w:/.@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** A value as Python writes it. JSON's texts are Python's, too; only three words differ. */
export function pythonValue(value, depth = 1) {
  const space = "    ".repeat(depth), end = "    ".repeat(depth - 1);
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return value.length ? `[\n${value.map((each) => `${space}${pythonValue(each, depth + 1)},\n`).join("")}${end}]` : "[]";
  if (typeof value === "object") {
    const pairs = Object.entries(value).map(([key, each]) => `${space}${json(key)}: ${pythonValue(each, depth + 1)},\n`);
    return pairs.length ? `{\n${pairs.join("")}${end}}` : "{}";
  }
  return json(value);
}

export function python(order, origin) {
  return `import os
import time

import requests

server = ${json(origin)}
headers = {"x-api-key": os.environ["LIPSMITH_KEY"]}
order = ${pythonValue(order)}

answer = requests.post(f"{server}/v1/generations", json=order, headers=headers)
answer.raise_for_status()
generation = answer.json()
while generation["status"] not in ("completed", "failed", "rejected"):
    time.sleep(2)
    generation = requests.get(f"{server}/v1/generations/{generation['id']}", headers=headers).json()
print(generation["output"]["downloadUrl"] if generation["output"] else generation["error"])
`;
}

export function typescript(order, origin) {
  return `const server = ${json(origin)};
const headers = { "x-api-key": process.env.LIPSMITH_KEY!, "Content-Type": "application/json" };
const order = ${json(order, 2)};

const answer = await fetch(\`\${server}/v1/generations\`, { method: "POST", headers, body: JSON.stringify(order) });
if (!answer.ok) throw new Error(await answer.text());
let generation = await answer.json();
while (!["completed", "failed", "rejected"].includes(generation.status)) {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  generation = await (await fetch(\`\${server}/v1/generations/\${generation.id}\`, { headers })).json();
}
console.log(generation.output?.downloadUrl ?? generation.error);
`;
}

const languages = [["curl", "curl", curl], ["python", "Python", python], ["typescript", "TypeScript", typescript]];

/** Tabs with the order in three languages; `show(order)` keeps them up to date. */
export class CodeSamples extends HTMLElement {
  connectedCallback() {
    if (this.code) return;
    this.className = "code-samples";
    this.language = "curl";
    this.code = h("code");
    this.tabs = h("div", { class: "tabs", role: "group", "aria-label": t.code.language }, languages.map(([key, label]) =>
      button(label, { "aria-pressed": String(key === this.language), dataset: { key }, onclick: () => this.choose(key) })));
    this.append(h("div", { class: "row between" }, this.tabs, copyButton(t.common.copy, () => this.code.textContent, { class: "small" })),
      h("pre", { tabindex: "0", "aria-label": t.code.title }, this.code), h("p", { class: "note" }, t.code.key));
    if (this.order) this.show(this.order);
  }

  choose(key) {
    this.language = key;
    for (const tab of this.tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.key === key));
    this.show(this.order);
  }

  show(order) {
    this.order = order;
    if (!this.code) return;
    const [, , write] = languages.find(([key]) => key === this.language);
    fill(this.code, write(order ?? {}, location.origin));
  }
}
customElements.define("code-samples", CodeSamples);
