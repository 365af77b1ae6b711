// What is left of a visit: history, memory of pages, the browser's profile; and browsers that refuse or falsify.
// Arguments: the engine, a picture, a folder for the browser's profile. Writes what was secret beside how each check ended.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { Lines, PAGE, Visiting, holdingRooms, launched, serving, sleep } from "./visiting.mjs";

const [engine, picture, folder] = process.argv.slice(2);
const lines = new Lines();
const [NUMBER, PIN, HOST] = ["ANAN-ANAN-ANAP", "48151623", "takedown-service.example"];
const isChromium = engine === "chromium";
const built = readFileSync(PAGE, "utf8");
const PLAIN = "words that a session keeps";
const home = await serving((path) => ({ "/": built, "/before": "<!doctype html><title>Before</title><input>", "/without": built.replaceAll(" 'wasm-unsafe-eval'", "") })[path]);
const profile = join(folder, "profile");
/** As a browser that nobody drives: it keeps pages to go back to, and restores its session; Firefox notes that at once. */
const UNDRIVEN = {
  chromium: { ignoreDefaultArgs: ["--disable-back-forward-cache", "about:blank"], args: ["--restore-last-session"] },
  firefox: {
    ignoreDefaultArgs: ["about:blank"],
    extraPrefsFirefox: { "remote.prefs.recommended": false, "browser.startup.page": 3, "browser.sessionstore.resume_from_crash": true, "browser.sessionstore.restore_on_demand": false, "browser.sessionstore.interval": 500, "toolkit.startup.max_resumed_crashes": -1, "signon.rememberSignons": true },
  },
};
const start = () => launched(engine, { userDataDir: profile, ...UNDRIVEN[engine] });
let browser = await start();

/** Text and values of whatever is shown. */
const shown = (page) => page.evaluate(() => `${document.body?.innerText ?? ""} ${[...document.querySelectorAll("input")].map((each) => each.value).join(" ")}`);

async function isEmpty(page, what) {
  await sleep(400);
  const text = await shown(page);
  for (const secret of [NUMBER, PIN, HOST]) assert.ok(!text.includes(secret), `${what}: ${secret}`);
  const at = await page.$eval("main", (main) => main.dataset.at).catch(() => "elsewhere");
  assert.ok(["start", "ended", "HAND_OFF", "elsewhere"].includes(at), `${what}: at ${at}`);
}

async function typed() {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(() => addEventListener("pageshow", ({ persisted }) => persisted && console.log(`kept: ${location.pathname}`)));
  page.on("console", (message) => kept.add(message.text()));
  await page.goto(`${home.origin}/before`);
  await page.goto(`${home.origin}/`);
  const visiting = new Visiting(page);
  await visiting.arrive("start");
  await visiting.choose("I already have");
  await visiting.choose("Enter an address");
  await visiting.type("service", `https://${HOST}`);
  await visiting.back();
  await visiting.arrive("status_in");
  await visiting.type("case_number", NUMBER);
  await visiting.type("pin", PIN);
  assert.ok((await shown(page)).includes(PIN));
  return visiting;
}

const ENDS = {
  forget: (visiting) => visiting.forget(),
  HAND_OFF: async (visiting) => {
    const { page } = visiting;
    for (let steps = 0; (await visiting.at()) !== "start" && steps < 9; steps++) await visiting.back();
    await page.evaluate(() => [...document.querySelectorAll(".doors button")][1].click());
    await page.waitForFunction(() => document.querySelector("main").dataset.at === "HAND_OFF", { polling: 20 });
  },
  exit: async ({ page }) => {
    await page.evaluate(() => document.querySelector(".exit").click());
    await page.waitForFunction(() => location.href === "about:blank", { polling: 20 });
  },
  "leaving the page": ({ page }) => page.goto(`${home.origin}/before`),
};

const placeOf = (page) => page.evaluate(() => `${location.href} ${history.state}`);
const kept = new Set();

/** Go once, and tell whether that led anywhere. */
async function moved(page, go, patience) {
  const before = await placeOf(page);
  go.call(page, { timeout: 100 * patience }).catch(() => undefined); // of a page that was kept Firefox says no more
  for (let tries = 0; tries < patience; tries++) {
    await sleep(50);
    if ((await placeOf(page).catch(() => before)) !== before) return true;
  }
  return false;
}

const REACHED = { forget: ["/ 0", "/ 1", "/ 2", "/before null"], HAND_OFF: ["/ 0", "/ 1", "/ 2", "/before null"], exit: ["/ 2", "/before null"], "leaving the page": ["/ 0", "/ 1", "/before null"] };

/** Look at a page, and wherever Back and then Forward lead from it: only at the first place is it waited for nothing. */
async function throughHistory(page, look) {
  for (const [go, patience] of [[page.goBack, 40], [page.goForward, 100]]) {
    let left = (await page.evaluate(() => history.length)) - 1;
    do await look();
    while (left-- > 0 && (await moved(page, go, patience)));
  }
}

async function history() {
  for (const [name, end] of Object.entries(ENDS)) {
    const visiting = await typed();
    const { page } = visiting;
    await end(visiting);
    const places = new Set();
    await lines.line(`state: Back and Forward, as far as they go, after ${name}`, () =>
      throughHistory(page, async () => {
        await isEmpty(page, "gone to");
        places.add((await placeOf(page)).replace(home.origin, ""));
      }));
    await lines.line(`state: all was gone to after ${name}`, () => {
      places.delete("about:blank null"); // with which a tab begins in Chromium; exit ends there
      for (const place of REACHED[name]) assert.ok(places.has(place), `${[...places]}`);
    });
    await lines.line(`state: reload after ${name}`, async () => {
      await page.evaluate(() => {
        window.isOld = true;
        location.reload();
      });
      await page.waitForFunction(() => window.isOld === undefined, { polling: 20, timeout: 5000 });
      await isEmpty(page, "reload");
    });
    await lines.line(`state: no storage after ${name}`, async () => {
      await page.goto(`${home.origin}/before`);
      const stored = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await (indexedDB.databases?.() ?? [])).length, (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]);
      assert.deepEqual(stored, [0, 0, "", 0, 0, 0]);
    });
    await page.close();
  }
  await lines.line("state: Back found pages that the browser had kept", () => {
    for (const path of ["/", "/before"]) assert.ok(kept.has(`kept: ${path}`), [...kept]);
  });
}

async function refusing() {
  const page = await browser.newPage();
  await page.goto(`${home.origin}/without`);
  const visiting = new Visiting(page);
  await visiting.arrive("start");
  await lines.line("state: WebAssembly is refused", () => page.evaluate(() => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => Promise.reject(new Error("it is not")), () => undefined)));
  await lines.line("state: without WebAssembly files are hashed, and the key is made", async () => {
    await visiting.toFiles();
    await visiting.toHashing(picture);
    await visiting.arrive("review", "inner");
    while ((await visiting.at()) === "inner") await visiting.answer("as_it_is");
    await visiting.choose("Show every letter");
    secret.hash = /"value":"([0-9a-f]{64})"/.exec(await page.$eval("pre", (text) => text.textContent))[1];
    const [number, pin] = await visiting.toCodes();
    Object.assign(secret, { drawn: number, pin: pin.replace(" ", ""), shownPin: pin });
    await visiting.toSend();
    await visiting.choose("Save as a file");
    await visiting.arrive("saved_file");
  });
  await lines.line("state: a visit to the end has no fault", () => {
    assert.deepEqual(visiting.faults.filter((fault) => !fault.includes("WebAssembly")), []); // which was refused
  });
  await page.close();
}

/** The room's script, told to change a bit of each canvas: as browsers do that falsify them. */
function falsify() {
  if (self === top) return;
  const Plain = self.Blob;
  const FALSE = `{ const read = OffscreenCanvasRenderingContext2D.prototype.getImageData;
    OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...all) { const data = read.apply(this, all); data.data[4] ^= 1; return data; }; }`;
  self.Blob = class extends Plain {
    constructor(parts, options) {
      super(options?.type === "text/javascript" ? [FALSE, ...parts] : parts, options);
    }
  };
}

async function falsified() {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(falsify);
  await page.goto(`${home.origin}/`);
  const visiting = new Visiting(page);
  await visiting.arrive("start");
  await lines.line("state: a falsified canvas makes no fingerprint", async () => {
    await visiting.toFiles();
    await visiting.toHashing(picture);
    await page.waitForFunction(() => document.querySelector(".error") !== null, { polling: 20 });
    assert.equal(await visiting.at(), "hashing");
    assert.ok((await visiting.words()).includes("This browser changes pictures a little"));
    await sleep(700);
    assert.equal(await visiting.at(), "hashing");
  });
  await lines.line("state: it is said again after Back", async () => {
    await visiting.choose("Help now", "button");
    await visiting.arrive("help_now");
    await visiting.back();
    await visiting.arrive("hashing");
    await page.waitForFunction(() => document.querySelector(".error")?.textContent.includes("This browser changes pictures a little"), { polling: 20, timeout: 5000 });
  });
  await page.close();
}

/** A screen that waits for files is come to again, when nothing of them is on its way any more. */
async function notLeftWaiting() {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(holdingRooms);
  await page.goto(`${home.origin}/`);
  const visiting = new Visiting(page);
  page.setDefaultTimeout(10_000);
  await visiting.arrive("start");
  await lines.line("state: Forward to where files are hashed asks about one that was chosen since", async () => {
    await visiting.toFiles();
    await visiting.toHashing(picture);
    assert.equal(await visiting.at(), "hashing");
    await page.evaluate(() => history.go(-2));
    await visiting.arrive("choose_files");
    const frame = visiting.frame();
    await frame.evaluate(() => self.release());
    await frame.waitForSelector("li:nth-child(1)[data-is=done]");
    const other = join(folder, "other.jpg"); // the same picture with a comment: another file
    writeFileSync(other, Buffer.concat([Buffer.from("ffd8fffe000300", "hex"), readFileSync(picture).subarray(2)]));
    await (await frame.waitForSelector("#chooser:enabled")).uploadFile(other);
    await frame.waitForFunction(() => document.querySelector("li:nth-child(2) b")?.textContent === "Picture 2", { polling: 20 });
    await page.evaluate(() => history.go(2));
    await visiting.arrive("per_file");
    await visiting.answer("no");
    await visiting.arrive("review", "inner");
  });
  await page.close();
}

const pinField = (page) => page.$eval("#field-pin", (field) => {
  const name = field.getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent).join(" ").trim();
  const isPasted = field.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true }));
  return [field.type, getComputedStyle(field).webkitTextSecurity, field.autocomplete, field.spellcheck, isPasted, name];
});

/** The PIN is hidden, but by no field that a browser takes for a password: Chromium would hand it to a check. */
async function hiddenPin() {
  const unseen = "PIN Hidden on the screen. A screen reader may say each digit.";
  for (const [what, can] of [["style", true], ["a field for passwords, where no style can", false]]) {
    const page = await browser.newPage();
    if (!can) await page.evaluateOnNewDocument(() => (CSS.supports = () => false));
    await page.goto(`${home.origin}/`);
    const visiting = new Visiting(page);
    await visiting.arrive("start");
    await lines.line(`state: the PIN is hidden by ${what}, and can be shown and pasted`, async () => {
      await visiting.choose("I already have");
      await visiting.type("pin", PIN);
      const hidden = [can ? "text" : "password", "disc", "off", false, true, unseen];
      assert.deepEqual(await pinField(page), hidden);
      await visiting.choose("Show");
      assert.deepEqual(await pinField(page), ["text", "none", "off", false, true, "PIN"]);
      await visiting.choose("Hide");
      assert.deepEqual(await pinField(page), hidden);
      assert.equal(await page.$eval("#field-pin", (field) => field.value), PIN);
    });
    await page.close();
  }
}

function* filesIn(place) {
  for (const entry of readdirSync(place, { withFileTypes: true })) {
    const path = join(place, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else if (entry.isFile()) yield path;
  }
}

const PACKED = "mozLz40\0";

/** The bytes of a file; unpacked where Firefox packed it (LZ4, one block). */
function bytesOf(path) {
  const packed = readFileSync(path);
  if (packed.toString("latin1", 0, PACKED.length) !== PACKED) return packed;
  const whole = Buffer.alloc(packed.readUInt32LE(PACKED.length));
  let [from, to] = [PACKED.length + 4, 0];
  const longer = (count) => {
    if (count < 15) return count;
    let more = 255;
    for (let sum = count; ; sum += more) {
      if (more !== 255) return sum;
      more = packed[from++];
    }
  };
  while (from < packed.length) {
    const token = packed[from++];
    const plain = longer(token >> 4);
    packed.copy(whole, to, from, from + plain);
    [from, to] = [from + plain, to + plain];
    if (from >= packed.length) break;
    const back = packed.readUInt16LE(from);
    from += 2;
    for (let left = longer(token & 15) + 4; left > 0; left--, to++) whole[to] = whole[to - back];
  }
  assert.equal(to, whole.length, path);
  return whole;
}

/** Names of files of the profile that hold some words, in letters of one or two bytes. */
function inProfile(words) {
  const forms = [Buffer.from(words), Buffer.from(words, "utf16le")];
  return [...filesIn(profile)].filter((path) => {
    const bytes = bytesOf(path);
    return forms.some((form) => bytes.includes(form));
  });
}

/** End the browser as a crash does. */
async function crashed() {
  const ended = new Promise((done) => browser.process().once("exit", done));
  browser.process().kill("SIGKILL");
  await ended;
  await browser.disconnect();
  await sleep(1000); // its other processes notice
  if (!isChromium) return;
  const asked = join(profile, "Default", "Preferences"); // whether to restore, which nobody can answer here
  writeFileSync(asked, readFileSync(asked, "utf8").replace('"exit_type":"Crashed"', '"exit_type":"Normal"'));
}

const secret = { NUMBER, PIN, HOST };
try {
  await history();
  await refusing();
  await falsified();
  await notLeftWaiting();
  await hiddenPin();
  for (const name of ["forget", "HAND_OFF", "exit"]) await ENDS[name](await typed());
  const { page } = await typed();
  const plain = await browser.newPage();
  await plain.goto(`${home.origin}/before`);
  await plain.type("input", PLAIN);
  await page.bringToFront();
  const isNoted = () => {
    try {
      return inProfile(PLAIN).length > 0;
    } catch {
      return false; // a file went while it was looked at
    }
  };
  for (let tries = 0; !isNoted() && tries < 100; tries++) await sleep(200);
  await sleep(1000); // and what was typed before it
  for (const [place, what] of [["after a crash", () => crashed()], ["at the end", () => browser.close()]]) {
    await what();
    await lines.line(`profile: ${place} the search sees what is there`, () => {
      for (const words of [new URL(home.origin).host, PLAIN]) assert.ok(inProfile(words).length > 0, words);
    });
    for (const [name, words] of Object.entries(secret)) {
      await lines.line(`profile: ${place} no ${name}`, () => {
        assert.deepEqual(inProfile(words), []);
      });
    }
    if (place === "at the end") break;
    browser = await start();
    await lines.line("state: restored with its session, an ordinary page has its words", async () => {
      const restored = async (path) => (await browser.pages()).filter((each) => each.url() === home.origin + path);
      for (let tries = 0; ((await restored("/")).length < 3 || (await restored("/before")).length < 1) && tries < 200; tries++) await sleep(100);
      assert.equal((await restored("/")).length, 3); // exit left an empty one
      assert.ok((await shown((await restored("/before"))[0])).includes(PLAIN));
    });
    await lines.line("state: restored with its session, the page is empty, after exit, HAND_OFF and forget too, as far as Back and Forward go", async () => {
      for (const each of await browser.pages()) {
        if (!/^(http|about:blank)/.test(each.url())) continue; // one of the browser's own
        if (each.url() === home.origin + "/") await new Visiting(each).arrive("start");
        await throughHistory(each, () => isEmpty(each, `restored ${each.url()}`));
      }
    });
  }
} finally {
  lines.tell();
  home.end();
  await browser.close().catch(() => undefined);
}
