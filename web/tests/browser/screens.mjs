// Walk every screen of the built page, and every edge between them, by keys alone: node tests/browser/screens.mjs PAGE FOLDER [ONLY]
// PAGE is the built file; FOLDER holds plain.png, framed.png, big.png, white.png, broken.jpg. The service is a stand-in that does what a row says.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

import puppeteer from "puppeteer-core";

import { Edges } from "./edges.mjs";
import { guidance } from "./guidance.mjs";
import { Keys } from "./keys.mjs";
import { AFTER, BY_ITSELF, ENDINGS, FILES, FROM_A_DISK, LEAVING, NOTICES, SAFETY_AND_QUESTIONS, SENDING, WITHOUT_SERVICE } from "./screens_table.mjs";

const [built, folder, only = ""] = process.argv.slice(2);
const html = readFileSync(built, "utf8");
let [kind, asked, posted, host] = ["good", 0, 0, ""];
let says = {}; // of itself; a row changes it for good

// The service.
const key = generateKeyPairSync("x25519").publicKey.export({ format: "der", type: "spki" }).subarray(-32);
const KEY = { suite: 1, id: createHash("sha256").update(Buffer.concat([Buffer.of(1), key])).digest("hex").slice(0, 16), public: key.toString("hex"), expires: "2999-01-01" };
const PROBLEM = "application/problem+json";
const JSON_TYPE = "application/json";
function profile() {
  return { version: kind === "later" ? 2 : 1, name: "A test", operator: "nobody", origin: `http://${host}`, plain_bodies: true, partner_copies_days: 7, ...says };
}
function report() {
  if (kind === "withdrawn") return { version: 1, status: "Withdrawn", day: "2026-11-20", items: 0, signals: 0 };
  return { version: 1, status: "Active", day: "2026-11-20", items: 1, signals: 9, partners: 3, fetched: 2, feedback: { blocked: 1, not_blocked: 2 } };
}
function answerTo(path, body) {
  const problem = (name, status, headers = {}) => [status, PROBLEM, { type: `urn:hashclient:problem:${name}`, title: name, status }, headers];
  if (path === "/v1/submissions") {
    if (kind === "refuse") return problem("not-accepted", 422);
    if (["withdrawn", "taken", "stranger", "other"].includes(kind)) return problem("case-number-taken", 409);
    const { case_number, items } = JSON.parse(body);
    const signals = items.reduce((sum, item) => sum + item.signals.length, 0);
    return [201, JSON_TYPE, { version: 1, case_number, digest: createHash("sha256").update(body).digest("hex"), items: items.length, signals, day: "2026-11-20", status: "Received" }];
  }
  if (kind === "nobody" || kind === "stranger") return problem("not-found", 404);
  if (kind === "busy" || kind === "busyquiet") return problem("too-many-requests", 429, kind === "busy" ? { "retry-after": "90" } : {});
  return [200, JSON_TYPE, path.endsWith("withdrawal") ? { version: 1, status: "Withdrawn", day: "2026-11-20", items: 0, signals: 0 } : report()];
}
const server = createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const { url, method } = request;
    const give = (status, type, body, headers = {}) => {
      response.writeHead(status, { "content-type": type, ...headers });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    };
    if (url === "/general") give(200, "text/html; charset=utf-8", html);
    else if (url === "/service") give(200, "text/html; charset=utf-8", html.replace('id="service">null', `id="service">{"origin":"http://${host}"}`));
    else if (url === "/favicon.ico") give(204, "image/x-icon", "");
    else if (kind === "unreachable") request.socket.destroy();
    else if (kind === "hang" && method === "POST") posted++;
    else if (url === "/.well-known/hashclient.json") {
      asked++;
      if (kind === "page") give(200, "text/html", "sign in");
      else give(200, JSON_TYPE, profile());
    } else if (method === "POST") {
      if (url === "/v1/submissions") posted++;
      if (kind === "lose") request.socket.destroy();
      else give(...answerTo(url, Buffer.concat(parts)));
    } else give(404, "text/plain", "");
  });
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
host = `127.0.0.1:${server.address().port}`;

// The browser; time, saved files and faults are in the hands of the test.
const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], pipe: true });
const faults = [];
const page = await browser.newPage();
page.setDefaultTimeout(90_000);
page.on("pageerror", (error) => (String(error).includes("planted") ? undefined : faults.push(String(error))));
page.on("console", (message) => {
  const isOfService = /^(Failed to load resource|Access to fetch)/.test(message.text()); // which does what a row says
  if (message.type() === "error" && !isOfService) faults.push(message.text());
});
page.on("request", (request) => {
  const isKnown = /^(file|about|blob|data):/.test(request.url()) || new URL(request.url()).host === host;
  if (!isKnown) faults.push(`asked for ${request.url()}`);
});
await page.evaluateOnNewDocument(() => {
  const [now, every, wait, made] = [Date.now, setInterval, setTimeout, URL.createObjectURL];
  window.setTimeout = (does, time, ...more) => wait(does, time > 100 && time < 10_000 ? time / 10 : time, ...more); // nobody waits long between tries; the service has as long as ever to answer
  let later = 0;
  window.ticks = [];
  window.saved = [];
  Date.now = () => now() + later;
  window.setInterval = (does, wait) => (window.ticks.push(does), every(does, wait));
  window.pass = (seconds, step) => {
    for (let left = seconds; left > 0; left -= step) {
      later += 1000 * Math.min(left, step);
      for (const tick of window.ticks) tick();
    }
  };
  URL.createObjectURL = (blob) => (window.saved.push(blob), made(blob));
  HTMLAnchorElement.prototype.click = function click() {
    if (this.download === "") HTMLElement.prototype.click.call(this);
  };
  window.printed = 0;
  window.print = () => void window.printed++;
});
const at = () => page.$eval("main", (main) => main.dataset.at);
const inFrame = () => page.frames().find((one) => one !== page.mainFrame());
const filled = (words) => words.replaceAll("{host}", host).replaceAll("{origin}", `http://${host}`);
let [codes, lastNumber] = [[], ""];
const noteCodes = async () => {
  const found = await page.$$eval(".codes dd", (each) => each.map((code) => code.textContent));
  if (found.length === 2) codes = found;
};
const keys = new Keys(page);
await keys.prepare();
const edges = new Edges(guidance, { at, depth: () => page.evaluate(() => history.state), asked: () => asked, printed: () => page.evaluate(() => window.printed) });
/** The button that says exactly this on the screen, else the first that begins so. */
const named = (wanted) => {
  const every = [...document.querySelectorAll("#top button, #screen button, .over button, header button, footer button")].filter((each) => each.checkVisibility());
  return every.find((each) => each.textContent.trim() === wanted && each.closest("#screen, .over")) ?? every.find((each) => each.textContent.trim().startsWith(wanted));
};
const press = async (words, find = named) => {
  assert.ok(await keys.goTo(find, words), `no "${words}" at ${await at()}: ${await page.$eval("#screen", (screen) => screen.innerText.slice(0, 600))}`);
  await edges.begin(...(await page.evaluate(() => {
    const { goal } = eyes;
    return [(goal.querySelector("b") ?? goal).textContent.trim(), goal.closest(".over")?.dataset.is ?? goal.closest("header, footer")?.localName];
  })));
  await keys.push();
};
const toured = new Set();
const choose = async (selector) => {
  const question = `${await at()} ${selector.split("value")[0]}`;
  await keys.choose(selector, !toured.has(question));
  toured.add(question);
};
let isEnter = false;
/** The screen before the last thing that was done. */
let stood = "";
const answer = async (value) => {
  const selector = `#screen input[type=radio][value="${value}"]`;
  await choose(selector);
  await edges.answer(value);
  isEnter = !isEnter;
  if (isEnter) await keys.press("Enter"); // in the group: it answers too
  else await press("Go on", () => document.querySelector("#screen [type=submit]"));
};
const type = (selector, text) => keys.type(selector, text);
const STEPS = {
  open: async (what) => {
    [kind, says] = ["good", {}];
    [asked, posted] = [0, 0];
    await page.goto(what === "disk" ? pathToFileURL(built).href : `http://${host}/${what}`);
    await page.waitForSelector("#page:not([hidden])");
  },
  service: (what) => {
    if (what === "few") says = { limits: { signals_per_image: 8 } };
    else if (what === "one") says = { limits: { items: 1 } };
    else if (what === "self") says = { representatives: false };
    else if (what === "keys") says = { keys: [KEY] };
    else if (what === "changed") says = { ...says, partners: "other people" };
    else kind = what;
  },
  at: async (...ids) => {
    const before = await at();
    await page.waitForFunction((wanted) => wanted.includes(document.querySelector("main").dataset.at), {}, ids);
    for (const from of [before, stood]) edges.itself(from, await at());
  },
  error: () => page.waitForFunction(() => document.querySelector("#told") === null && document.querySelector("main .error") !== null),
  field: async (id, ...text) => {
    edges.typed(await at(), id);
    await type(`#field-${id}`, filled(text.join(" ")));
  },
  text: (id, ...text) => type(`#${id}`, text.join(" ")),
  select: (id, value) => keys.select(`#${id}`, value),
  language: (code) => keys.select(".language", code),
  tick: () => keys.tick(),
  pick: (name, value) => choose(`#screen input[name="notice-${name}"][value="${value}"]`),
  pickall: () => keys.pickAll(choose),
  fill: () => keys.fill(),
  unfit: async () => {
    const { identifier } = await page.evaluateOnNewDocument(() => {
      const { addEventListener: hear } = Worker.prototype;
      Worker.prototype.addEventListener = function heard(type, listener) {
        hear.call(this, type, (event) => listener.call(this, "ready" in event.data ? { data: { ready: false } } : event));
      };
    });
    await STEPS.open("service");
    await page.removeScriptToEvaluateOnNewDocument(identifier);
  },
  write: async () => {
    while (!(await at()).endsWith("check")) {
      await keys.fillIn(choose);
      await press("Go on");
      await edges.end();
    }
  },
  law: (...words) => press(words.join(" "), (name) => [...document.querySelectorAll("#screen article")].find((card) => card.querySelector("h2").textContent.includes(name) && card.querySelector("button"))?.querySelector("button")),
  codes: async (which) => {
    await STEPS.field("case_number", which === "right" ? codes[0].toLowerCase() : "0000-0000-0000");
    await STEPS.field("pin", codes[1]);
  },
  new: async () => {
    await noteCodes();
    assert.notEqual(codes[0], lastNumber);
    [lastNumber] = codes;
  },
  files: async (...names) => {
    const before = await inFrame().$$eval("li", (rows) => rows.length);
    await keys.files(names.map((name) => join(folder, name)));
    await inFrame().waitForFunction((count) => document.querySelectorAll("li").length === count && [...document.querySelectorAll("li > span")].every((state) => state.textContent !== "" && !(state.textContent === "Not looked at yet." && state.closest("li").querySelector("b").textContent.startsWith("File"))), {}, before + names.length);
  },
  framedrop: (name) => inFrame().evaluate((encoded, called) => {
    const given = new DataTransfer();
    given.items.add(new File([Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0))], called, { type: "image/png" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: given, bubbles: true, cancelable: true }));
  }, readFileSync(join(folder, name)).toString("base64"), name),
  drop: async () => assert.ok(await page.evaluate(() => ["dragover", "drop"].every((name) => !document.body.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true }))))),
  frame: async (...words) => {
    await keys.goInto((wanted) => [...document.querySelectorAll("button")].find((each) => each.checkVisibility() && each.textContent === wanted), words.join(" "));
    await keys.push();
    await page.evaluate(() => eyes.heard()); // the page knows of it
  },
  hold: () => inFrame().evaluate(() => {
    window.held = [];
    window.post ??= Worker.prototype.postMessage;
    Worker.prototype.postMessage = function post(message, ...more) {
      if (message.make) window.held.push([this, message]);
      else window.post.call(this, message, ...more);
    };
  }),
  release: () => inFrame().evaluate(() => {
    Worker.prototype.postMessage = window.post;
    for (const [room, message] of window.held) room.postMessage(message);
  }),
  minutes: (count) => page.evaluate((some) => window.pass(60 * some, 30), Number(count)),
  sleep: (seconds) => page.evaluate((some) => window.pass(some, some), Number(seconds)),
  throw: async () => {
    const before = await at();
    if (before === "sending") await page.waitForFunction(() => document.querySelector(".truth").textContent.startsWith("Sending")); // its key is made
    await page.evaluate(() => void setTimeout(() => { throw new Error("planted"); }));
    await STEPS.at("own_fault");
    edges.itself(before, "own_fault");
  },
  back: async () => {
    const before = await page.evaluate(() => history.state);
    assert.ok(await keys.goTo(() => document.querySelector(".back")), `no Back at ${await at()}`);
    await keys.push();
    await page.waitForFunction((depth) => history.state === depth - 1 && document.activeElement.matches("h1, .error"), { polling: 5 }, before);
  },
  browser: (way) => moved(way),
};
const moved = (way) => page.evaluate((to) => new Promise((done) => {
  addEventListener("popstate", () => setTimeout(done, 20), { once: true });
  history[to]();
}), way);
async function step(words) {
  await noteCodes();
  const [name, ...rest] = words.split(" ");
  if (!["at", "error", "new"].includes(name)) {
    await edges.end();
    stood = await at().catch(() => ""); // no page is open yet
  }
  if (words.startsWith("=")) await answer(words.slice(1));
  else if (Object.hasOwn(STEPS, name)) await STEPS[name](...rest);
  else await press(words);
}

const words = (selector) => page.$eval(selector, (element) => {
  const copy = element.cloneNode(true);
  for (const options of copy.querySelectorAll("select")) options.remove();
  return copy.textContent.replace(/\s+/g, " ");
});
/** What holds soon: the frame, or a worker, answers a moment after a key. */
async function soon(holds) {
  for (const end = Date.now() + 20_000; ; await new Promise((done) => setTimeout(done, 20))) {
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
/** Everything that a row says of its screen, and what holds of every screen; it does nothing. */
async function read([id, steps, { h1, ways = [], says = [], not = [], truth, frame = [], notFrame = [], marked, chosen = {}, look = {}, covered, coverSays = [], ticked }], before) {
  await soon(async () => assert.equal(await at(), id));
  if (h1 !== undefined) assert.equal(await words("h1"), h1);
  assert.equal(await page.$$eval("h1", (all) => all.length), 1);
  const controls = await page.$$eval("#screen button, #screen label, #screen a", (all) => all.map((each) => each.textContent.trim()));
  for (const way of ways) assert.ok(controls.some((each) => each.startsWith(way)), `no "${way}" among ${controls.join(" | ")}`);
  const text = await words("main");
  for (const said of says) assert.ok(text.includes(filled(said)), `not said: ${filled(said)}\n${text.slice(0, 3000)}`);
  for (const said of not) assert.ok(!text.includes(said) && !controls.includes(said), `said: ${said}`);
  if (frame.length + notFrame.length > 0 || marked !== undefined) {
    assert.equal(await page.$eval("#files", (each) => each.hidden), false);
    await soon(async () => {
      const listed = await inFrame().evaluate(() => document.body.innerText.replace(/\s+/g, " "));
      for (const said of frame) assert.ok(listed.includes(said), `not in the frame: ${said}`);
      for (const said of notFrame) assert.ok(!listed.includes(said), `in the frame: ${said}`);
      if (marked !== undefined) assert.equal(await inFrame().$eval("li[aria-current=true] b", (row) => row.textContent), `Picture ${marked}`);
    });
  }
  for (const [field, value] of Object.entries(chosen)) assert.equal(await page.$eval(`#${field}`, (select) => select.value), value);
  for (const [name, value] of Object.entries(look)) assert.equal(await page.$eval("html", (root, one) => root.getAttribute(one), `data-${name}`), value);
  if (covered !== undefined) assert.equal(await page.evaluate(() => document.querySelector(".over")?.dataset.is ?? ""), covered);
  for (const said of coverSays) assert.ok((await words(".over")).includes(said));
  if (covered !== undefined && covered !== "") assert.ok(await page.$eval("#page", (root) => root.hidden));
  if (ticked !== undefined) assert.equal(await page.$$eval("#screen input:checked", (boxes) => boxes.length), ticked);
  // What left this device, as the service knows it, and what the line says.
  const line = await words(".truth span");
  if (truth !== undefined) assert.equal(line, filled(truth));
  if (posted > 0) assert.match(line, /^(Sent to |We do not know if it arrived|Sending now)/);
  else assert.doesNotMatch(line, id.startsWith("status") || id.startsWith("with") || id.startsWith("not_confirmed_w") ? /^Sending/ : before.sent ? /^$/ : /^(Sent|Sending|We do not know)/);
  if (asked === 0 && posted === 0 && kind === "good") assert.match(line, /^(Only on this device\. Nothing has been sent\.|Everything you entered was forgotten\. Nothing was sent\.)$/);
  assert.equal(await page.title(), "Notes");
  assert.match(await page.evaluate(() => String(history.state)), /^\d+$/);
  const isStill = steps.at(-1) !== undefined && /^(select|tick|field|text|pick|fill|files|frame|framedrop|drop|minutes|sleep|codes|language|hold|release|service|open|Show|Fewer|Copy|Print|Calendar|Save as)/.test(steps.at(-1));
  if (id !== before.id && !isStill) {
    const focused = await page.evaluate(() => `${document.activeElement.tagName} ${document.activeElement.className}`);
    assert.match(focused, (await page.$("main .error")) === null ? /^H1/ : /error/);
  }
  return line;
}
/** Read a screen, then use what it saves, Back and forward. */
async function check(row, before) {
  const line = await read(row, before);
  const [id, , { noBack = false, covered, saves = [] }] = row;
  [before.id, before.sent] = [id, line.startsWith("Sent")];
  await edges.end();
  for (const save of saves) {
    const count = await page.evaluate(() => window.saved.length);
    await edges.end();
    await press(save);
    const saved = await soon(() => page.evaluate((place) => window.saved[place].text(), count));
    assert.match(saved, /BEGIN:VCALENDAR[^]*SUMMARY:Check\r\nEND|https:\/\/site\.example\/a/);
    assert.ok(!saved.includes(host));
  }
  if ((await page.$("main .error")) !== null) edges.failed(id, await page.$eval("main .error", (one) => one.textContent));
  if (noBack || covered !== undefined || (await page.evaluate(() => history.state)) === 0) return;
  assert.ok(await page.$(".back"), "no Back");
  const heading = await words("h1");
  await STEPS.back();
  const lower = await at();
  assert.ok(await page.evaluate(() => document.activeElement.matches("h1, .error")), `after Back at ${lower}`);
  await moved("forward");
  await soon(async () => assert.deepEqual([await at(), await words("h1")], [id, heading]));
}

const began = Date.now();
try {
  const seen = new Set();
  const parts = { SAFETY_AND_QUESTIONS, NOTICES, FILES, SENDING, ENDINGS, AFTER, WITHOUT_SERVICE, FROM_A_DISK, BY_ITSELF };
  for (const [name, rows] of Object.entries(parts)) {
    const before = { id: "", sent: false };
    for (const [place, row] of rows.entries()) {
      if (only !== "" && !only.split(",").includes(name)) break;
      try {
        for (const each of row[1]) await step(each);
        await check(row, before);
        if (!seen.has(row[0]) || row[2].covered === "cover") {
          await keys.round();
          await keys.useAll();
        }
        assert.deepEqual(await page.evaluate(() => window.wrong), [], "clicked, and not by a key");
      } catch (error) {
        throw new Error(`${name}, row ${place + 1}, ${row[0]}: ${error.message}`, { cause: error });
      }
      seen.add(row[0]);
    }
    if (only === "" || only === name) process.stdout.write(`${name}: ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
  }
  if (only === "" || only.includes("LEAVING")) for (const steps of LEAVING) {
    for (const each of steps.slice(0, -1)) await step(each);
    await edges.end();
    const [where, ...pressed] = steps.at(-1).split(" ");
    if (where === "exit") {
      assert.ok(await keys.goTo(() => document.querySelector(".exit")));
      await keys.push();
    }
    if (where === "framekeys") await keys.goInto(() => document.querySelector("#chooser"));
    for (const key of pressed) await keys.press(key);
    await page.waitForFunction(() => location.href === "about:blank");
  }
  if (only === "") {
    const table = guidance;
    const notice = table.notice.screens.map(({ id }) => id).filter((id) => !id.startsWith("notice_list"));
    const every = [...Object.keys(table.screens), ...Object.keys(table.search), ...notice, ...Object.keys(table.questions)].filter((id) => !["cover", "closing", "no_script", "sending", "per_video", "country", "under_18_now", "actions"].includes(id));
    assert.deepEqual(every.filter((id) => !seen.has(id)), []);
    assert.deepEqual(edges.missing(), []);
  }
  assert.deepEqual(faults, []);
  if (only !== "") process.stdout.write(`${edges.missing().join("\n")}\n`);
  process.stdout.write(`${seen.size} screens and ${edges.count} edges walked in ${((Date.now() - began) / 1000).toFixed(0)} s\n`);
} catch (error) {
  process.stdout.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  if (faults.length > 0) process.stdout.write(`${faults.slice(0, 5).join("\n")}\n`);
  await browser.close();
  server.closeAllConnections();
  server.close();
}
