// The rule of the frame, on code that breaks it: node tests/browser/frame_rule.mjs
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { ESLint } from "eslint";

import { Lines } from "./visiting.mjs";

/** Each reads a file that the frame holds, or could carry its bytes away. */
const READS = [
  "file.arrayBuffer()", "file.bytes()", "file.stream()", "file.text()", "file.slice(0, 1)", 'file["text"]()', "const { text } = file", "new FileReader()", "new Response(file)",
  'new Request("x", { body: file })', 'fetch("x", { body: file })', "new XMLHttpRequest()", 'canvas.getContext("2d")', "film.captureStream()", "new MediaRecorder(stream)",
  "canvas.transferControlToOffscreen()", "createImageBitmap(file)", "new ImageDecoder({ data, type })", "new VideoFrame(film)", "new OffscreenCanvas(1, 1)", "new FormData()", "new Image()",
  'new FontFace("x", data)', "const address = URL.createObjectURL(file)", "image.src = URL.createObjectURL(file)", "navigator.sendBeacon(to, file)", 'new WebSocket("wss://x")', "new RTCPeerConnection()",
  'new EventSource("x")', 'new BroadcastChannel("x")', "item.getAsFileSystemHandle()", "item.webkitGetAsEntry()", "handle.getFile()", 'import("x")', "eval(text)", "parent.postMessage({ file }, to)",
];
const lines = new Lines();
const eslint = new ESLint();
const path = "src/frame/main.ts";
const source = readFileSync(path, "utf8");
const [own] = await eslint.lintText(source, { filePath: path });
await lines.line("the frame as it is", () => assert.deepEqual(own.messages, []));
const first = source.split("\n").length + 1;
const [planted] = await eslint.lintText(`${source}\n${READS.map((read) => `{ ${read}; }`).join("\n")}`, { filePath: path });
for (const [place, read] of READS.entries()) {
  await lines.line(read, () => {
    const said = planted.messages.filter(({ line, ruleId }) => line === first + place && ruleId === "no-restricted-syntax");
    assert.ok(said.length > 0, "the rule says nothing of it");
  });
}
lines.tell();
