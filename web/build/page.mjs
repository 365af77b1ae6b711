// Put the three places of the page into one document, each script pinned by its hash.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { bundled, styled } from "./bundle.mjs";
import { compact } from "./compact.mjs";
import { decoders, licences } from "./decoders.mjs";
import { withoutScripts } from "./without_scripts.mjs";

const pin = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const inAttribute = (html) => html.replace(/&(?=[\w#])/g, "&amp;").replaceAll("'", "&#39;"); // between single quotes, of which code has few
const inScript = (code) => code.replaceAll("</", "<\\/");

/** Fill each `{{name}}` of a template; a name without a value is an error. */
function filled(template, values) {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!(name in values)) throw new Error(`the template names ${name}, which is nothing`);
    return values[name];
  });
}

/** The code of the room; that of the second page has decoders of its own. */
function builtRoom(isSecond) {
  return isSecond ? bundled("src/heic/main.ts", { define: decoders() }) : bundled("src/room/main.ts");
}

/** Assemble the frame: its document, and what a policy has to name of it. */
function builtFrame({ planted = "", first = "", relay = "", isSecond = false } = {}) {
  const room = inScript(`${first}${builtRoom(isSecond)}${planted}`);
  const script = inScript(`${relay}${bundled("src/frame/main.ts")}`);
  const style = styled("src/frame/frame.css");
  const policy = `default-src 'none'; script-src ${pin(script)} 'wasm-unsafe-eval'; style-src ${pin(style)}; worker-src blob:; media-src blob:`;
  const document = filled(readFileSync("src/frame/frame.html", "utf8").trim(), { policy, style, room, script });
  return { document: inAttribute(document), script: pin(script), style: pin(style) };
}

/** The policy of a page with the frame. */
function policyFor(frame, script, style) {
  return [
    "default-src 'none'",
    `script-src ${pin(script)} ${frame.script} 'wasm-unsafe-eval'`,
    `style-src ${pin(style)} ${frame.style}`,
    "connect-src https: http://127.0.0.1:*",
    "frame-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "worker-src blob:",
    "media-src blob:",
    "require-trusted-types-for 'script'",
    "trusted-types page room", // `room`: the frame's, for the address of its worker
  ].join("; ");
}

/** What Python writes for the page, as text. */
function exported() {
  return execFileSync(".venv/bin/python", ["-m", "hashclient.guidance.export"], { cwd: "..", encoding: "utf8", maxBuffer: 2 ** 24 }).trim();
}

/**
 * Assemble the page.
 *
 * `src/page/page.html` and `src/frame/frame.html` are templates; `src/{page,frame,room}/main.ts` are the scripts.
 *
 * @param {{ entry?: string, isSecond?: boolean }} [options] `entry`: the script that begins; tests have one of their own, which lets
 *   them in. `isSecond`: whether it is the second page, whose room has decoders of its own.
 * @returns {string} The document.
 */
export function assembled({ entry = "src/page/main.ts", isSecond = false } = {}) {
  const script = inScript(bundled(entry));
  const style = styled("src/page/page.css");
  const frame = builtFrame({ isSecond });
  const table = JSON.parse(exported());
  const words = withoutScripts(table);
  const guidance = compact(table, words);
  const policy = policyFor(frame, script, style);
  return `${filled(readFileSync("src/page/page.html", "utf8").trim(), {
    policy,
    style,
    frame: frame.document,
    script,
    guidance: guidance.replaceAll("<", "\\u003c"),
    words,
    licences: isSecond ? `\n<script type="text/plain" id="licences">${inScript(licences())}</script>` : "",
  })}\n`;
}

/**
 * Assemble a page of tests: the frame, under the policy of the page, and a script that notes what it says and has each file looked at.
 *
 * @param {{ planted?: string, first?: string, relay?: string, isOpen?: boolean, isSecond?: boolean }} [options] Code that is planted in
 *   the room, at its end or its beginning; code of the frame that talks to it; whether there is no policy; whether it is the room of
 *   the second page.
 * @returns {string} The document.
 */
export function harness({ planted = "", first = "", relay = "", isOpen = false, isSecond = false } = {}) {
  const script = 'window.said = []; addEventListener("message", ({ data, source }) => { if (source !== frames[0]) return; said.push(data); if ("added" in data) source.postMessage({ file: data.added, look: window.wanted ?? ["pdq", "md5", "vpdq"] }, "*"); });';
  const frame = builtFrame({ planted, first, relay, isSecond });
  const meta = isOpen ? "" : `<meta http-equiv="Content-Security-Policy" content="${policyFor(frame, script, "")}">`;
  const document = isOpen ? frame.document.replace(/<meta http-equiv.*?(?<!=)>/, "") : frame.document;
  const sandbox = isOpen ? "" : ' sandbox="allow-scripts"';
  return `<!doctype html><html lang="en"><meta charset="utf-8">${meta}<title>Notes</title><script>${script}</script><iframe title="Your files"${sandbox} srcdoc='${document}'></iframe>`;
}
