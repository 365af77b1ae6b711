// What happens while something else goes on, or after it went wrong: files, the line on top, Back, tries, the key. Arguments: two pictures.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

import { Visiting, holdingRooms, launched, pageFor, serving, sleep } from "./visiting.mjs";

const [picture, other] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "hashclient-meanwhile-"));
const twin = join(folder, "copy.jpg");
copyFileSync(picture, twin);
const LINES = { sending: /^Sending now/, sent: /^Sent to /, unknown: /^We do not know/ };

// The service: how the next requests are answered, one after the other, then well; and what was asked.
let [next, asked] = [[], []];
const json = (status, document) => [status, { "content-type": status < 300 ? "application/json" : "application/problem+json" }, JSON.stringify(document)];
const problem = (name, status) => json(status, { type: `urn:hashclient:problem:${name}`, title: name, status });
const LOST = Array(12).fill("lose"); // Chromium asks once more by itself
const WITHDRAWN = json(200, { version: 1, status: "Withdrawn", day: "2026-11-26", items: 0, signals: 0 });
const BUSY = [503, { "content-type": "text/plain" }, ""];
const home = await serving((path, request, body) => {
  if (path === "/") return pageFor(home.origin);
  if (!path.startsWith("/v1/") && !path.startsWith("/.well")) return undefined;
  asked.push([path, body.toString()]);
  const answer = next.shift();
  if (answer === "lose") request.socket.destroy();
  if (answer !== undefined && answer !== "well") return answer === "lose" ? BUSY : answer;
  if (path.startsWith("/.well")) return json(200, { version: 1, name: "N", operator: "O", origin: home.origin, plain_bodies: true });
  if (path !== "/v1/submissions") return json(200, { version: 1, status: "Active", day: "2026-11-26", items: 1, signals: 9 });
  const { case_number, items } = JSON.parse(body);
  const signals = items.reduce((sum, item) => sum + item.signals.length, 0);
  return json(201, { version: 1, case_number, digest: createHash("sha256").update(body).digest("hex"), items: items.length, signals, day: "2026-11-26", status: "Received" });
});
const posted = () => asked.filter(([path]) => path === "/v1/submissions").map(([, body]) => body);

const browser = await launched("chromium");
const said = [];

/** A new tab with the page. */
async function visited(...scripts) {
  const page = await browser.newPage();
  page.on("console", (message) => said.push(message.text()));
  for (const script of scripts) await page.evaluateOnNewDocument(script);
  [next, asked] = [[], []];
  await page.goto(home.origin);
  const visit = new Visiting(page);
  page.setDefaultTimeout(30_000);
  await visit.arrive("start");
  return visit;
}

async function chosen(visit, ...files) {
  const frame = visit.frame();
  const chooser = await frame.waitForSelector("#chooser:enabled");
  const count = await frame.$$eval("li", (rows) => rows.length);
  await chooser.uploadFile(...files);
  await visit.listed(count + files.length);
}
const asks = (visit, words) => visit.page.waitForFunction((wanted) => document.querySelector("h1").textContent === wanted, { polling: 20 }, words);
/** It leads on to a screen by itself. */
const arrives = (visit, at, why) => visit.arrive(at).catch(async () => assert.fail(`${why}: at ${await visit.at()}`));
const until = async (isSo) => {
  for (let tries = 0; !isSo(); tries++) {
    assert.ok(tries < 500, "it does not come");
    await sleep(20);
  }
};

async function toSend(visit) {
  await visit.toCodes();
  await visit.toSend();
}

/** The same file twice is asked about and sent once; where the first is left out, the second stands for it. */
async function theSameTwice() {
  const visit = await visited();
  await visit.toFiles();
  await chosen(visit, picture, twin, other, twin);
  const are = (...states) => visit.frame().waitForFunction((...wanted) => [...document.querySelectorAll("li > span")].map(({ textContent }) => textContent).join() === wanted.join(), { polling: 20 }, ...states);
  const same = (number) => `It is the same as number ${number}, so it is asked about and sent once.`;
  await are("Not looked at yet.", same(1), "Not looked at yet.", same(1));
  await visit.frame().evaluate(() => document.querySelector("li button").click());
  await visit.frame().waitForFunction(() => document.querySelectorAll("li").length === 3, { polling: 20 });
  await are("Not looked at yet.", "Not looked at yet.", same(2));
  await visit.choose("Go on");
  await asks(visit, "What is picture 2?");
  await visit.answer("no");
  await asks(visit, "What is picture 3?");
  await visit.answer("from_here");
  await visit.arrive("made_from");
  assert.deepEqual(await visit.page.$$eval("#screen input", (answers) => answers.map(({ value }) => value)), ["2", "none"], "one of two that are the same");
  await visit.answer("2");
  await visit.arrive("review");
  assert.match(await visit.words(), /2 pictures/);
  await toSend(visit);
  await visit.choose("Send now");
  await visit.arrive("sent");
  const { items } = JSON.parse(posted()[0]); // in an order that tells nothing
  const [made, ...others] = items.toSorted((one, other) => (other.altered_from ?? -1) - (one.altered_from ?? -1));
  assert.deepEqual([others.length, items[made.altered_from], others[0].altered_from], [1, others[0], undefined]);
  await visit.page.close();
}

/** "Go on" waits for files that are still looked at; one that is added while another is hashed is asked about, and goes too. */
async function filesMeanwhile() {
  const visit = await visited(holdingRooms, () => {
    if (self === top) return;
    const Plain = self.Worker;
    let held = [];
    self.Worker = class extends Plain {
      postMessage(message, ...rest) {
        if (held !== undefined && "look" in message) held.push([this, message]);
        else super.postMessage(message, ...rest);
      }
    };
    self.look = () => {
      for (const [room, message] of held) Plain.prototype.postMessage.call(room, message);
      held = undefined;
    };
  });
  await visit.toFiles();
  await chosen(visit, picture);
  await visit.choose("Go on");
  assert.match(await visit.words(), /Looking at your files/);
  assert.equal(await visit.at(), "choose_files");
  await visit.frame().evaluate(() => self.look());
  await visit.arrive("per_file");
  await visit.answer("no");
  await visit.arrive("hashing");
  await visit.page.evaluate(() => history.go(-2));
  await visit.arrive("choose_files");
  await chosen(visit, other); // while the first is hashed, so it waits to be looked at
  await visit.choose("Go on");
  await visit.frame().evaluate(() => self.release());
  await visit.arrive("per_file");
  await asks(visit, "What is picture 2?");
  await visit.answer("no");
  await visit.arrive("review");
  assert.match(await visit.words(), /2 pictures/);
  await visit.page.close();
}

/** The line on top says what is known while a case is asked for, and after it. */
async function theLine() {
  for (const [answers, isLine] of [[[problem("not-found", 404)], LINES.sent], [LOST, LINES.unknown], [["well"], LINES.sent]]) {
    const visit = await visited(() => {
      const ask = self.fetch;
      self.fetch = async (address, ...more) => {
        if (String(address).includes("/v1/") && self.go === undefined) await new Promise((go) => (self.go = go));
        return ask(address, ...more);
      };
    });
    next = ["well", ...answers];
    await visit.choose("I already have");
    assert.match(await visit.truth(), /^Only on this device/);
    await visit.type("case_number", "0000-0000-0000");
    await visit.type("pin", "12345678");
    await visit.choose("Look");
    await visit.page.waitForFunction(() => self.go !== undefined, { polling: 20 });
    assert.match(await visit.truth(), LINES.sending);
    await visit.page.evaluate(() => self.go());
    await visit.page.waitForFunction(() => !document.querySelector(".truth").textContent.startsWith("Sending"), { polling: 20 });
    assert.match(await visit.truth(), isLine);
    await visit.page.close();
  }
}

/** A few tries, the same bytes each; nobody is asked to send again what has arrived, nor to send under a number that was not seen. */
async function triesAndBack() {
  const visit = await visited();
  next = [BUSY];
  await visit.toFiles();
  assert.equal(asked.length, 2);
  await visit.toHashing(picture);
  await visit.arrive("review", "inner");
  const [number] = await visit.toCodes();
  await visit.toSend();
  next = ["well", problem("not-accepted", 422)];
  await visit.choose("Send now");
  await visit.arrive("refused");
  await visit.back();
  await visit.arrive("codes");
  assert.notEqual(await visit.page.$eval(".codes dd", (code) => code.textContent), number);
  await visit.toSend();
  [next, asked] = [["well", "lose", BUSY, "well", BUSY], []];
  await visit.choose("Send now");
  await visit.arrive("sent");
  assert.match(await visit.truth(), LINES.sent);
  assert.equal(new Set(posted()).size, 1);
  assert.ok(posted().length >= 3, "it was tried again");
  await visit.back();
  await visit.arrive("sent");
  await visit.choose("What next");
  const order = await visit.page.$$eval("#screen button, #screen h2", (all) => all.map((each) => each.textContent));
  assert.ok(order.indexOf("StopNCII.org") < order.indexOf("How are you?"), "it stands where it is spoken of");
  await visit.forget();
  await visit.page.close();

  const gone = await visited();
  await gone.toFiles();
  await gone.toHashing(picture);
  await gone.arrive("review");
  await toSend(gone);
  [next, asked] = [["well", "lose", ...Array(9).fill([503, { "content-type": "text/plain", "retry-after": "1" }, ""])], []];
  await gone.choose("Send now");
  await until(() => asked.length >= 3);
  await gone.forget();
  const count = asked.length;
  await sleep(1500);
  assert.equal(asked.length, count, "nothing is sent for somebody who had it forgotten");
  assert.match(await gone.truth(), LINES.unknown);
  await gone.page.close();
}

/** Back shows no doubt, and no question, about what is known by now. */
async function whatIsKnown() {
  const visit = await visited();
  await visit.toFiles();
  await visit.toHashing(picture);
  await visit.arrive("review");
  await visit.toCodes();
  await visit.toSend();
  next = ["well", ...LOST];
  await visit.choose("Send now");
  await visit.arrive("not_confirmed");
  next = [...LOST];
  await visit.choose("Try again");
  await visit.arrive("not_confirmed");
  assert.equal(await visit.page.evaluate(() => document.activeElement.localName), "h1");
  next = [];
  await visit.choose("Try again");
  await visit.arrive("sent");
  for (const step of ["not_confirmed", "send"]) {
    await visit.back();
    await arrives(visit, "sent", `back to ${step}, and not to each try`);
  }
  await visit.back();
  await visit.arrive("check_note");
  await visit.page.close();

  const later = await visited();
  const look = async (number) => {
    await later.choose("I already have a case number");
    await later.type("case_number", number);
    await later.type("pin", "1234 5678");
    await later.choose("Look");
    await later.arrive("status");
  };
  const isLost = async () => {
    await later.choose("Take it back");
    await later.arrive("withdraw");
    next = [...LOST];
    await later.choose("Take it back");
    await later.arrive("not_confirmed_w");
    next = [];
  };
  await look("0000-0000-0000");
  await isLost();
  [next, asked] = [[...LOST], []];
  await later.choose("Try again");
  await later.page.waitForFunction(() => document.querySelector("#told") === null, { polling: 20 });
  assert.deepEqual([await later.at(), asked.length > 0], ["not_confirmed_w", true]);
  next = [WITHDRAWN];
  await later.choose("Try again");
  await later.arrive("withdrawn");
  for (const step of ["not_confirmed_w", "withdraw"]) {
    await later.back();
    await arrives(later, "withdrawn", `back to ${step}, and not to each try`);
  }
  await later.back();
  await later.arrive("status");
  await later.choose("Back to the start");
  await look("0000-0000-0012");
  await isLost();
  await later.choose("Back to the start");
  await look("0000-0000-0024");
  for (const to of ["status_in", "start", "status"]) {
    await later.back();
    await arrives(later, to, "nobody is asked whether to take back another case than the one that was looked at");
  }
  await later.page.close();
}

/** Whoever went back while it was sent is told too that the service says something else now. */
async function changedMeanwhile() {
  const visit = await visited(() => {
    const ask = self.fetch;
    self.fetch = async (...all) => {
      if (self.isHeld) await new Promise((go) => (self.go = go));
      return ask(...all);
    };
  });
  await visit.toFiles();
  await visit.toHashing(picture);
  await visit.arrive("review");
  await toSend(visit);
  await visit.page.evaluate(() => (self.isHeld = true));
  await visit.choose("Send now");
  await visit.page.waitForFunction(() => self.go !== undefined, { polling: 20 });
  await visit.page.evaluate(() => history.go(-3));
  await visit.arrive("codes");
  next = [json(200, { version: 1, name: "N", operator: "Another", origin: home.origin, plain_bodies: true })];
  await visit.page.evaluate(() => self.go());
  await visit.arrive("review");
  await visit.page.waitForSelector(".error", { timeout: 5000 });
  assert.match(await visit.words(), /now says something else about itself\. Nothing was sent\./);
  await visit.page.close();
}

/** Where the key could not be made it is tried anew; what was saved as a file goes under its number with the same bytes. */
async function keyAndFile() {
  const visit = await visited(() => {
    if (self !== top) return;
    const Plain = self.Worker;
    self.Worker = class extends Plain {
      postMessage(...all) {
        if (self.isMade === true) super.postMessage(...all);
        else this.dispatchEvent(new Event("error"));
      }
    };
    self.saved = [];
    const made = URL.createObjectURL;
    URL.createObjectURL = (blob) => (self.saved.push(blob), made(blob));
  });
  await visit.toFiles();
  await visit.toHashing(picture);
  await visit.arrive("review");
  const [number, pin] = await visit.toCodes();
  await visit.choose("Go on");
  await visit.type("case_number", number);
  await visit.choose("Check and go on");
  await visit.arrive("codes");
  await visit.choose("Go on");
  await visit.type("pin", pin);
  await visit.page.keyboard.press("Enter");
  await visit.arrive("send");
  await visit.choose("Send now");
  await visit.arrive("own_fault");
  await visit.back();
  await visit.arrive("send");
  await visit.page.evaluate(() => (self.isMade = true));
  next = [...LOST];
  await visit.choose("Send now");
  await visit.arrive("not_sent");
  next = [];
  await visit.choose("Save as a file");
  await visit.arrive("saved_file");
  const file = await visit.page.evaluate(() => self.saved.at(-1).text());
  await visit.choose("What next");
  assert.match(await visit.words(), /It counts only when the service gets it from you\./);
  assert.equal(JSON.parse(file).case_number, number);
  for (let steps = 0; (await visit.at()) !== "review" && steps < 9; steps++) await visit.back();
  assert.deepEqual(await visit.toCodes().then(([shown]) => shown), number);
  await visit.toSend();
  await visit.choose("Send now");
  await visit.arrive("sent");
  assert.deepEqual(posted(), [file]);
  await visit.page.close();
}

try {
  for (const check of [theSameTwice, filesMeanwhile, theLine, triesAndBack, whatIsKnown, changedMeanwhile, keyAndFile]) {
    try {
      await check();
    } catch (error) {
      throw new Error(`${check.name}: ${error.stack}`, { cause: error });
    }
  }
  assert.deepEqual(said.filter((words) => words.includes("not connected")), []);
  process.stdout.write("nothing was lost meanwhile\n");
} finally {
  await browser.close();
  home.end();
  rmSync(folder, { recursive: true });
}
