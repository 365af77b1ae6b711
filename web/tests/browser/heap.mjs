// What Chromium's memory holds before and after the end of a visit: node tests/browser/heap.mjs PICTURE
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import process from "node:process";

import { Lines, Visiting, launched, pageFor, serving, sleep } from "./visiting.mjs";

const [picture] = process.argv.slice(2);
const lines = new Lines();
const browser = await launched("chromium", { args: ["--js-flags=--heap-snapshot-string-limit=100000"] });

/** All strings of one heap. */
async function heapOf(client) {
  const pieces = [];
  const take = ({ chunk }) => pieces.push(chunk);
  client.on("HeapProfiler.addHeapSnapshotChunk", take);
  await client.send("HeapProfiler.enable");
  await client.send("HeapProfiler.collectGarbage");
  await client.send("HeapProfiler.takeHeapSnapshot", { reportProgress: false, captureNumericValue: true });
  client.off("HeapProfiler.addHeapSnapshotChunk", take);
  return pieces.join("");
}

/** What a document shows or has in its fields: a heap has neither. */
const documentOf = (frame) => frame.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input, textarea, select")].map((each) => each.value).join(" "));

/** Heaps of page, frame and workers, and their documents; a frame of the page's process is in the page's heap. */
async function memory(page) {
  const found = {};
  for (const [place, frame] of page.frames().entries()) found[place === 0 ? "document" : "document of the frame"] = await documentOf(frame);
  const clients = new Map([["page", page.mainFrame().client]]);
  for (const frame of page.frames()) if (frame.client !== page.mainFrame().client) clients.set("frame", frame.client);
  for (const [place, worker] of page.workers().entries()) clients.set(`worker ${place}`, worker.client);
  for (const [name, client] of clients) found[name] = await heapOf(client);
  return found;
}

function holding(found, secrets) {
  return Object.entries(found).flatMap(([place, text]) => Object.entries(secrets).filter(([, secret]) => text.includes(secret)).map(([name]) => `${name} in ${place}`));
}

const ENDS = {
  forget: (visiting) => visiting.forget(),
  HAND_OFF: async (visiting) => {
    for (let steps = 0; (await visiting.at()) !== "per_file" && steps < 20; steps++) await visiting.back();
    await visiting.answer("under_18");
    await visiting.arrive("HAND_OFF");
  },
  exit: async (visiting) => {
    await visiting.page.evaluate(() => document.querySelector(".exit").click());
    await visiting.page.waitForFunction(() => location.href === "about:blank", { polling: 20 });
  },
};

/** A service for this device, which takes what is not sealed, and answers in full. */
let document = "";
const service = await serving((path, request, body) => {
  if (path === "/") return document;
  const json = (status, value) => [status, { "content-type": "application/json" }, JSON.stringify(value)];
  if (path === "/.well-known/hashclient.json") return json(200, { version: 1, name: "A", operator: "B", origin: service.origin, plain_bodies: true });
  if (path !== "/v1/submissions") return undefined;
  const { case_number, items } = JSON.parse(body);
  const signals = items.reduce((sum, each) => sum + each.signals.length, 0);
  return json(201, { version: 1, case_number, digest: createHash("sha256").update(body).digest("hex"), items: items.length, signals, day: "2026-11-23", status: "Received" });
});
document = pageFor(service.origin);

try {
  for (const [name, end] of Object.entries(ENDS)) {
    const page = await browser.newPage();
    const visiting = new Visiting(page);
    await page.goto(service.origin);
    await visiting.arrive("start");
    await visiting.toFiles();
    await visiting.toHashing(picture);
    await visiting.arrive("review", "inner");
    while ((await visiting.at()) === "inner") await visiting.answer("as_it_is");
    await visiting.choose("Show every letter");
    const hash = /"value":"([0-9a-f]{64})"/.exec(await page.$eval("pre", (text) => text.textContent))[1];
    const [number, shownPin] = await visiting.toCodes();
    await visiting.choose("Go on");
    await visiting.type("case_number", number.toLowerCase());
    await visiting.type("pin", shownPin);
    await visiting.choose("Check and go on");
    await visiting.arrive("send");
    await visiting.choose("Send now");
    await visiting.arrive("sent");
    const secrets = { number, "shown PIN": shownPin, PIN: shownPin.replace(" ", ""), "typed number": number.toLowerCase(), hash };
    const [inFrame, inRoom] = ["words that only the frame has", "words that only the room has"].map((words) => `${words} ${Math.random()}`);
    await visiting.frame().evaluate((words) => (window.mark = words), inFrame);
    await page.workers()[0].evaluate((words) => (self.mark = words), inRoom);
    const held = await memory(page);
    const before = holding(held, secrets);
    await lines.line(`${name}: page, frame and room are looked at`, () => {
      assert.deepEqual(holding(held, { inFrame, inRoom }), [`inFrame in ${"frame" in held ? "frame" : "page"}`, "inRoom in worker 0"]);
      assert.ok(held.document.includes(number) && held["document of the frame"].includes("<li"), "the documents are looked at");
    });
    await lines.line(`${name}: all of it is found before`, () => {
      for (const secret of Object.keys(secrets)) assert.ok(before.includes(`${secret} in page`), `${secret} is not found: ${before}`);
    });
    await end(visiting);
    for (let tries = 0; tries < 50 && page.workers().length > 1; tries++) await sleep(100); // one that was ended may take a moment
    await sleep(300);
    const after = await memory(page);
    await lines.line(`${name}: nothing of it is left`, () => {
      assert.deepEqual(holding(after, secrets), []);
    });
    await lines.line(`${name}: no worker of the page goes on`, () => {
      assert.ok(page.workers().length <= 1, String(page.workers().length)); // the new room
    });
    await lines.line(`${name}: no fault`, () => {
      assert.deepEqual(visiting.faults, []);
    });
    await page.close();
  }
} finally {
  lines.tell();
  service.end();
  await browser.close();
}
