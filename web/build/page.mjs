// Put the three places of the page into one document, each script pinned by its hash.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { bundled } from "./bundle.mjs";
import { withoutScripts } from "./without_scripts.mjs";

const pin = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const inAttribute = (html) => html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
const inScript = (code) => code.replaceAll("</", "<\\/");

/** Fill each `{{name}}` of a template; a name without a value is an error. */
function filled(template, values) {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`the template names ${name}, which is nothing`);
    return values[name];
  });
}

/** What Python writes for the page, as text. */
export function exported() {
  return execFileSync(".venv/bin/python", ["-m", "hashclient.guidance.export"], { cwd: "..", encoding: "utf8", maxBuffer: 2 ** 24 }).trim();
}

/**
 * Assemble the page.
 *
 * `src/page/page.html` and `src/frame/frame.html` are templates; `src/{page,frame,room}/main.ts` are the scripts.
 *
 * @returns {string} The document.
 */
export function assembled() {
  const room = inScript(bundled("src/room/main.ts"));
  const frame = inScript(bundled("src/frame/main.ts"));
  const page = inScript(bundled("src/page/main.ts"));
  const guidance = exported();
  const style = readFileSync("src/page/page.css", "utf8").trim();
  const frameStyle = readFileSync("src/frame/frame.css", "utf8").trim();
  const frameDocument = filled(readFileSync("src/frame/frame.html", "utf8").trim(), {
    policy: `default-src 'none'; script-src ${pin(frame)} 'wasm-unsafe-eval'; style-src ${pin(frameStyle)}; worker-src blob:; media-src blob:`,
    style: frameStyle,
    room,
    script: frame,
  });
  const policy = [
    "default-src 'none'",
    `script-src ${pin(page)} ${pin(frame)} 'wasm-unsafe-eval'`,
    `style-src ${pin(style)} ${pin(frameStyle)}`,
    "connect-src https: http://127.0.0.1:*",
    "frame-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "worker-src blob:",
    "media-src blob:",
    "require-trusted-types-for 'script'",
    "trusted-types page",
  ].join("; ");
  return `${filled(readFileSync("src/page/page.html", "utf8").trim(), {
    policy,
    style,
    frame: inAttribute(frameDocument),
    script: page,
    guidance: guidance.replaceAll("<", "\\u003c"),
    words: withoutScripts(JSON.parse(guidance)),
  })}\n`;
}
