// A second request in one visit: nothing is sent twice, and what was sent stays said. Argument: two pictures.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import process from "node:process";

import { Visiting, launched, pageFor, serving } from "./visiting.mjs";

const pictures = process.argv.slice(2);
let isDown = false;
const got = [];
const json = (status, document) => [status, { "content-type": "application/json" }, JSON.stringify(document)];
const home = await serving((path, _, body) => {
  if (path === "/") return pageFor(home.origin);
  if (isDown) return [503, { "content-type": "text/plain" }, ""];
  if (path === "/.well-known/hashclient.json") return json(200, { version: 1, name: "N", operator: "O", origin: home.origin, plain_bodies: true });
  if (path !== "/v1/submissions") return undefined;
  const { case_number, items } = JSON.parse(body);
  got.push(case_number);
  const signals = items.reduce((sum, item) => sum + item.signals.length, 0);
  return json(201, { version: 1, case_number, digest: createHash("sha256").update(body).digest("hex"), items: items.length, signals, day: "2026-11-26", status: "Received" });
});
const browser = await launched("chromium");
try {
  const page = await browser.newPage();
  await page.goto(home.origin);
  const visit = new Visiting(page);
  await visit.arrive("start");
  const backTo = async (isThere) => {
    for (let steps = 0; steps < 30 && !(await page.evaluate(isThere)); steps++) await visit.back();
  };
  const isReview = () => document.querySelector("main").dataset.at === "review";
  const ticked = () => page.$$eval("#screen input[type=checkbox]", (boxes) => boxes.map((box) => box.checked));
  await visit.toFiles();
  await visit.toHashing(...pictures);
  await visit.arrive("review");
  await page.evaluate(() => { for (const box of document.querySelectorAll("#screen input[type=checkbox]")) box.click(); });
  await backTo(() => document.querySelector("#screen input[name=who]") !== null);
  await visit.answer("asked_me", "yes", "yes", "no", "threat", "here");
  await visit.choose("Make fingerprints");
  await visit.choose("I understand, go on");
  await visit.arrive("choose_files");
  await visit.choose("Go on");
  await visit.arrive("review");
  assert.deepEqual(await ticked(), [false, false, false, false], "ticks of other sentences");
  const [number] = await visit.toCodes();
  await visit.toSend();
  await visit.choose("Send now");
  await visit.arrive("sent");
  await backTo(isReview);
  await visit.choose("This is right, go on");
  await visit.arrive("sent");
  assert.deepEqual(got, [number], "what was sent is not sent anew");
  await visit.choose("What next");
  await visit.choose("Back to your list");
  await visit.choose("Make fingerprints");
  await visit.choose("I understand, go on");
  await visit.arrive("choose_files");
  const chooser = await visit.frame().waitForSelector("#chooser:enabled");
  await chooser.uploadFile(...pictures);
  await visit.goOnWith(pictures.length);
  while ((await visit.at()) === "per_file") {
    assert.equal(await page.$("#screen input:checked"), null, "an answer about another picture");
    await visit.answer("no");
  }
  await visit.arrive("review");
  const [second] = await visit.toCodes();
  assert.notEqual(second, number);
  await visit.toSend();
  isDown = true;
  await visit.choose("Send now");
  await visit.arrive("not_sent");
  assert.ok((await visit.truth()).startsWith("Sent to "), await visit.truth());
  assert.deepEqual(visit.faults, []);
  process.stdout.write("one request, and what was said of it holds\n");
} finally {
  await browser.close();
  home.end();
}
