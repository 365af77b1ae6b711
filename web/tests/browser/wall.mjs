// The border between frame and page, and code planted in either: node tests/browser/wall.mjs ENGINE PICTURE
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

import { withGuidance } from "./guidance.mjs";
import { Lines, PAGE, Visiting, holdingRooms, launched, pageFor, serving, sleep } from "./visiting.mjs";

const [engine, picture] = process.argv.slice(2);
const lines = new Lines();
const ACTIVE_MS = 500;
/** Windows that nobody asked for are kept from opening, as in a browser that nobody drives; and that a driver looked is soon no press any more. */
const UNDRIVEN = {
  chromium: { ignoreDefaultArgs: ["--disable-popup-blocking"] },
  firefox: { extraPrefsFirefox: { "dom.disable_open_during_load": true, "dom.user_activation.transient.timeout": ACTIVE_MS } },
};
const browser = await launched(engine, UNDRIVEN[engine]);
const PDQ = { type: "pdq", value: "0123456789abcdef".repeat(4), quality: 90, variant: "original" };
const found = (signal, more = {}) => ({ file: 1, isDoubtful: false, found: { kind: "image", items: [[signal]] }, ...more });
const SETTLED_MS = 150;

/** What the frame may not say while the page waits for a result, as code that makes it there. */
const BAD_RESULTS = {
  "one key too many": JSON.stringify({ ...found(PDQ), note: 1 }),
  "a name in a field": JSON.stringify({ ...found(PDQ), name: "beach-2.jpg" }),
  "a name in a signal": JSON.stringify(found({ ...PDQ, name: "beach-2.jpg" })),
  "a name as a reason": JSON.stringify({ file: 1, refused: "beach-jpg" }),
  "a word that every object has, as a reason": JSON.stringify({ file: 1, refused: "constructor" }),
  ["__proto__"]: `JSON.parse('{"file":1,"isDoubtful":false,"found":{"kind":"image","items":[[{"__proto__":{"x":1},"type":"pdq","value":"${PDQ.value}","quality":90,"variant":"original"}]]}}')`,
  "__proto__ beside it": `JSON.parse('{"file":1,"isDoubtful":false,"found":{"kind":"image","items":[[${JSON.stringify(PDQ)}]]},"__proto__":{"x":1}}')`,
  "wrong hex": JSON.stringify(found({ ...PDQ, value: PDQ.value.toUpperCase() })),
  "hex too short": JSON.stringify(found({ ...PDQ, value: PDQ.value.slice(1) })),
  "quality 101": JSON.stringify(found({ ...PDQ, quality: 101 })),
  "quality as text": JSON.stringify(found({ ...PDQ, quality: "90" })),
  "half a quality": JSON.stringify(found({ ...PDQ, quality: 90.5 })),
  "1,000,000 items": `({ file: 1, isDoubtful: false, found: { kind: "image", items: new Array(1e6).fill([${JSON.stringify(PDQ)}]) } })`,
  "1,000,000 hashes": `({ file: 1, isDoubtful: false, found: { kind: "image", items: [new Array(1e6).fill(${JSON.stringify(PDQ)})] } })`,
  "7,201 frames": `({ file: 1, isDoubtful: false, found: { kind: "video", items: [Array.from({ length: 7201 }, (_, at) => ({ type: "vpdq", value: at.toString(16).padStart(64, "0"), quality: 90 }))] } })`,
  "unknown variant": JSON.stringify(found({ ...PDQ, variant: "upside" })),
  "unknown type": JSON.stringify(found({ ...PDQ, type: "phash", value: "0".repeat(16) })),
  "another file's result": JSON.stringify({ ...found(PDQ), file: 2 }),
  "a file beyond all": JSON.stringify({ file: 1e9, content: "image" }),
  "no object": JSON.stringify("found"),
  "a list": JSON.stringify([found(PDQ)]),
  "a Map": `new Map(Object.entries(${JSON.stringify(found(PDQ))}))`,
  "a picture": `new ImageData(8, 8)`,
  "a file": `({ file: 1, isDoubtful: false, found: new Blob(["x"]) })`,
  "a second file that is the fourth": JSON.stringify({ added: 4 }),
  "ready a second time": JSON.stringify({ ready: false }),
};

/** The page once nothing changes in it: what was said before has been heard. */
async function settled(visiting) {
  let before;
  for (let tries = 0; tries < 60; tries++) {
    const now = await visiting.whole();
    if (now === before) return now;
    before = now;
    await sleep(SETTLED_MS);
  }
  return assert.fail("the page does not come to rest");
}

/** Say things from a place, and hold that the page is as it was. */
async function unharmed(visiting, say) {
  const before = await settled(visiting);
  await say();
  await sleep(SETTLED_MS);
  assert.equal(await settled(visiting), before);
  assert.deepEqual(visiting.faults, []);
}

const fromFrame = (visiting, made) => visiting.frame().evaluate(`parent.postMessage(${made}, "*")`);
const ALL_GOOD = [{ added: 1 }, { file: 1, content: "image" }, { file: 1, done: 50 }, found(PDQ), { file: 1, pressed: "leave" }, { file: 1, refused: "broken-media" }];

async function opened(address, hold = true, first = () => undefined) {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(first);
  await page.evaluateOnNewDocument(() => addEventListener("message", ({ data }) => (window.isReady ||= "ready" in data)));
  if (hold) await page.evaluateOnNewDocument(holdingRooms);
  const visiting = new Visiting(page);
  await page.goto(address);
  await visiting.arrive("start");
  await page.waitForFunction(() => frames.length === 1, { polling: 20 });
  await visiting.frame().waitForFunction(() => document.querySelector("label").textContent !== "", { polling: 20 });
  await page.waitForFunction(() => window.isReady, { polling: 20 }); // so says the room
  return visiting;
}

async function border() {
  const address = pathToFileURL(PAGE).href;
  const visiting = await opened(address);
  const { page } = visiting;
  const everything = async () => {
    for (const message of ALL_GOOD) await fromFrame(visiting, JSON.stringify(message));
  };
  await lines.line("border: before choosing", () => unharmed(visiting, everything));
  await visiting.toFiles();
  const elsewhere = {
    "a second frame": async (messages) => {
      await page.evaluate(() => {
        const frame = document.createElement("iframe");
        frame.id = "second";
        document.body.append(frame);
      });
      const second = await (await page.waitForSelector("#second")).contentFrame();
      for (const message of messages) await second.evaluate((each) => parent.postMessage(each, "*"), message);
      await sleep(SETTLED_MS);
      await page.evaluate(() => document.getElementById("second").remove());
    },
    itself: (messages) => page.evaluate((all) => all.forEach((each) => postMessage(each, "*")), messages),
  };
  for (const [name, say] of Object.entries(elsewhere)) await lines.line(`border: from ${name}`, () => unharmed(visiting, () => say(ALL_GOOD.slice(0, 2))));
  await lines.line("border: nothing of it was taken", async () => {
    await visiting.choose("Go on");
    assert.equal(await visiting.at(), "choose_files");
  });
  await visiting.toHashing(picture);
  assert.equal(await visiting.at(), "hashing");
  for (const [name, say] of Object.entries(elsewhere)) await lines.line(`border: a result from ${name}`, () => unharmed(visiting, () => say([found(PDQ)])));
  const before = await settled(visiting);
  const saying = Object.values(BAD_RESULTS).map((made) => `parent.postMessage(${made}, "*")`);
  await visiting.frame().evaluate(`{ ${saying.join("; ")} }`);
  await sleep(5 * SETTLED_MS);
  const isHarmed = (await settled(visiting)) !== before || visiting.faults.length > 0;
  for (const [name, made] of Object.entries(BAD_RESULTS)) {
    await lines.line(`border: ${name}`, async () => {
      if (isHarmed) await unharmed(visiting, () => fromFrame(visiting, made)); // one of them did it; this says which, unless it was before
      assert.deepEqual(visiting.faults, []);
    });
  }
  await lines.line("border: the page is as it was after all of these", () => {
    assert.ok(!isHarmed);
  });
  await lines.line("border: what may be said is taken", async () => {
    await fromFrame(visiting, JSON.stringify(found(PDQ)));
    await visiting.arrive("review");
  });
  await lines.line("border: a second result", () => unharmed(visiting, () => fromFrame(visiting, JSON.stringify(found({ ...PDQ, value: "f".repeat(64) })))));
  await lines.line("border: after the files are done", async () => {
    await visiting.toCodes();
    await unharmed(visiting, everything);
  });
  await lines.line("border: after forget", async () => {
    await visiting.forget();
    await unharmed(visiting, everything);
  });
  await lines.line("border: after HAND_OFF", async () => {
    await page.reload();
    await visiting.arrive("start");
    await visiting.toFiles();
    await visiting.toHashing(picture);
    await visiting.page.goBack();
    await visiting.arrive("per_file");
    await visiting.answer("under_18");
    await visiting.arrive("HAND_OFF");
    await visiting.frame().waitForSelector("label");
    await unharmed(visiting, everything);
  });
  await page.close();
  await lines.line("border: after exit", async () => {
    const leaving = await opened(address, true, () => {
      if (self !== top) return;
      window.heard = 0;
      addEventListener("message", ({ data }) => { // before the page hears it
        if ("tall" in data || "key" in data) return;
        if (window.heard++ === 0 && window.mayLeave) document.querySelector(".exit").click();
      }, true);
      addEventListener("load", () => addEventListener("message", ({ data }) => { // when it has heard it
        if (window.mayLeave && window.heard > 0 && "added" in data) console.log(`left: ${document.getElementById("page").textContent}`);
      }));
    });
    const said = [];
    leaving.page.on("console", (message) => said.push(message.text()));
    await leaving.toFiles();
    await leaving.page.evaluate(() => [window.heard, window.mayLeave] = [0, true]);
    await leaving.frame().evaluate(`for (const message of ${JSON.stringify(ALL_GOOD)}) parent.postMessage(message, "*")`).catch(() => undefined); // it is gone
    await leaving.page.waitForFunction(() => location.href === "about:blank", { polling: 20, timeout: 5000 });
    assert.deepEqual(said, ["left: "]);
    assert.deepEqual(leaving.faults, []);
    await leaving.page.close();
  });
}

/** Whoever opened the page, and a window beside it, which was handed the page's. */
async function opener() {
  const home = await serving((path) => (path === "/" ? readFileSync(PAGE, "utf8") : undefined));
  const site = await serving(() => '<!doctype html><title>x</title><body style="block-size: 90vh"></body>');
  const page = await browser.newPage();
  await page.goto(site.origin);
  const opens = async (name, address) => {
    const popup = new Promise((done) => page.once("popup", done));
    await page.evaluate((...all) => document.body.addEventListener("click", () => ([window[all[0]]] = [window.open(all[1])]), { once: true }), name, address);
    await page.mouse.click(20, 20);
    return popup;
  };
  const visiting = new Visiting(await opens("opened", `${home.origin}/`));
  await visiting.arrive("start");
  await visiting.toFiles();
  const other = await opens("beside", "/other");
  await other.waitForFunction(() => opener?.opened.frames.length === 1, { polling: 20 });
  const say = (from) => () => from.evaluate((messages) => messages.forEach((each) => (window.opened ?? opener.opened).postMessage(each, "*")), ALL_GOOD);
  const sayToFrame = (from) => () => from.evaluate((messages) => messages.forEach((each) => (window.opened ?? opener.opened).frames[0].postMessage(each, "*")), [{ end: true }, { leave: 1 }, { file: 1, make: {} }]);
  for (const [name, from] of [["the opener", page], ["another window", other]]) {
    await lines.line(`border: from ${name}`, () => unharmed(visiting, say(from)));
    await lines.line(`border: from ${name} to the frame`, () => unharmed(visiting, sayToFrame(from)));
  }
  await lines.line("border: after all of these the room works", async () => {
    await visiting.toHashing(picture);
    await visiting.arrive("review", "inner");
  });
  for (const [name, from] of [["the opener", page], ["another window", other]]) await lines.line(`border: a result from ${name}`, () => unharmed(visiting, say(from)));
  for (const each of [visiting.page, other, page]) await each.close();
  site.end();
  home.end();
}

/** Ways of code in the page or in the frame, by the path that each would reach; all are tried, none may run or reach. */
const IN_PAGE = {
  eval: "eval('ran(`eval`)')",
  function: "new Function('ran(`function`)')()",
  timer: "setTimeout('ran(`timer`)', 0)",
  inline: "const s = document.createElement('script'); s.textContent = 'ran(`inline`)'; document.body.append(s)",
  script: "const s = document.createElement('script'); s.src = to + 'script'; document.body.append(s)",
  handler: "const b = document.createElement('b'); b.setAttribute('onclick', 'ran(`handler`)'); document.body.append(b); b.click()",
  html: "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=ran(`html`)>')",
  written: "document.write('<script>ran(`written`)</script>')",
  address: "const a = document.createElement('a'); a.href = 'javascript:ran(`address`)'; document.body.append(a); a.click()",
  form: "const f = document.createElement('form'); f.action = to + 'form'; f.method = 'post'; document.body.append(f); f.submit()",
  popup: "window.open(to + 'popup')",
  base: "const b = document.createElement('base'); b.href = to + 'base/'; document.head.append(b); ran(document.baseURI.startsWith(to) ? 'base' : ''); fetch('x').catch(() => {})",
  object: "const o = document.createElement('object'); o.data = to + 'object'; document.body.append(o)",
  embed: "const o = document.createElement('embed'); o.src = to + 'embed'; document.body.append(o)",
  worker: "new Worker(to + 'worker')",
  own_worker: "new Worker(trustedTypes.createPolicy('page', { createScriptURL: (x) => x }).createScriptURL(to + 'own_worker'))",
  service_worker: "navigator.serviceWorker.register(to + 'service_worker').catch(() => {})",
  shared: "new SharedWorker(to + 'shared')",
  frame: "const f = document.createElement('iframe'); f.src = to + 'frame'; document.body.append(f)",
  scripted_frame: "const f = document.createElement('iframe'); f.srcdoc = '<script>parent.ran(`scripted_frame`)</script>'; document.body.append(f)",
  fetch: "fetch(to + 'fetch', { mode: 'no-cors' }).catch(() => {})",
  xhr: "const r = new XMLHttpRequest(); r.open('GET', to + 'xhr'); r.send()",
  socket: "new WebSocket(to.replace('http', 'ws') + 'socket')",
  events: "new EventSource(to + 'events')",
  beacon: "navigator.sendBeacon(to + 'beacon', 'x')",
  image: "new Image().src = to + 'image'",
  style: "const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = to + 'style'; document.head.append(l)",
  styled: "document.body.setAttribute('style', 'background: url(' + to + 'styled)')",
  font: "new FontFace('x', 'url(' + to + 'font)').load().catch(() => {})",
  video: "const v = document.createElement('video'); v.src = to + 'video'; document.body.append(v)",
  module: "import(to + 'module').catch(() => {})",
  manifest: "const l = document.createElement('link'); l.rel = 'manifest'; l.href = to + 'manifest'; document.head.append(l)",
  prefetch: "const l = document.createElement('link'); l.rel = 'prefetch'; l.href = to + 'prefetch'; document.head.append(l)",
};
const IN_FRAME = {
  ...Object.fromEntries(Object.entries(IN_PAGE).filter(([name]) => !["scripted_frame", "own_worker"].includes(name))),
  top: "top.location = to + 'top'",
  parent: "ran(parent.document.title ? 'parent' : '')",
  storage: "localStorage.x = 1; ran('storage')",
  session: "sessionStorage.x = 1; ran('session')",
  cookie: "document.cookie = 'x=1'; ran(document.cookie === '' ? '' : 'cookie')",
  database: "indexedDB.open('x').onsuccess = () => ran('database')",
  caches: "caches.open('x').then(() => ran('caches'), () => {})",
};

/** Try ways in a place after one another; what ran, and what the place refused. */
const PLANTED = `async (ways, to) => {
  window.didRun = [];
  window.ran = (name) => name === "" || window.didRun.push(name);
  await new Promise((done) => setTimeout(done, ${2 * ACTIVE_MS})); // out of the reach of whoever planted it
  for (const [name, code] of Object.entries(ways)) {
    await new Promise((done) => setTimeout(done, 0));
    try { code(to); } catch {}
  }
  await new Promise((done) => setTimeout(done, 700));
  return window.didRun;
}`;

function planted(ways) {
  const made = Object.entries(ways).map(([name, code]) => `${JSON.stringify(name)}: (to) => { ${code} }`);
  return `{ ${made.join(", ")} }`;
}

async function plantedCode() {
  const hits = [];
  const world = await serving((path) => {
    hits.push(path.split(/[/?]/).at(-1));
    return [200, { "access-control-allow-origin": "*", "content-type": "text/plain" }, ""];
  });
  const udp = createSocket("udp4");
  let packets = 0;
  udp.on("message", () => packets++);
  await new Promise((done) => udp.bind(0, "127.0.0.1", done));
  let document = "";
  const home = await serving((path) => (path === "/" ? document : path === "/headed" ? [200, { "content-type": "text/html", "content-security-policy": "frame-ancestors 'none'" }, document] : path.startsWith("/framing") ? `<!doctype html><title>x</title><iframe src="${path.slice(8) || "/"}"></iframe>` : path === "/open" ? "<!doctype html><title>x</title><body></body>" : undefined));
  document = pageFor(home.origin);
  const to = `${world.origin}/`;
  const visiting = await opened(home.origin, false);
  const { page } = visiting;
  const frame = visiting.frame();
  let ran = await page.evaluate(`(${PLANTED})(${planted(IN_PAGE)}, ${JSON.stringify(to)})`);
  for (const name of Object.keys(IN_PAGE)) {
    await lines.line(`planted in the page: ${name}`, () => {
      assert.ok(!ran.includes(name), "it ran");
      assert.ok(!hits.includes(name), "it reached the wire");
    });
  }
  await lines.line("planted in the page: a second policy", async () => {
    await page.evaluate(() => trustedTypes?.createPolicy("other", {})).then(
      () => assert.fail("it was made"),
      () => undefined,
    );
  });
  hits.length = 0;
  ran = await frame.evaluate(`(${PLANTED})(${planted(IN_FRAME)}, ${JSON.stringify(to)})`);
  for (const name of Object.keys(IN_FRAME)) {
    await lines.line(`planted in the frame: ${name}`, () => {
      assert.ok(!ran.includes(name), "it ran");
      assert.ok(!hits.includes(name), "it reached the wire");
    });
  }
  await lines.line("planted in the frame: the frame navigates itself", async () => {
    await frame.evaluate(`setTimeout(() => { location.href = ${JSON.stringify(`${to}itself`)}; }, 0)`);
    await sleep(500);
    assert.ok(!hits.includes("itself"));
  });
  await page.close();
  const open = await browser.newPage();
  await open.goto(`${home.origin}/framing`);
  await lines.line("state: framed by a site, from a host without headers, it stays blank", async () => {
    const framed = await (await open.waitForSelector("iframe")).contentFrame();
    await framed.waitForSelector("#guidance");
    await sleep(500);
    assert.deepEqual(await framed.evaluate(() => [document.getElementById("page").hidden, document.body.innerText.trim(), document.querySelectorAll("button").length]), [true, "", 0]);
  });
  await lines.line("state: framed by a site, from a host with headers, it is not there", async () => {
    await open.goto(`${home.origin}/framing/headed`);
    await sleep(500);
    const framed = await (await open.waitForSelector("iframe")).contentFrame();
    assert.equal(await framed.evaluate(() => document.getElementById("page")).catch(() => null), null);
  });
  await open.goto(`${home.origin}/open`);
  hits.length = 0;
  const { popup: _, top: __, form: ___, written: ____, ...staying } = IN_PAGE;
  ran = await open.evaluate(`(${PLANTED})(${planted(staying)}, ${JSON.stringify(to)})`);
  await lines.line("planted: without policies most of it runs", () => {
    const reached = new Set([...ran, ...hits]);
    assert.ok(Object.keys(staying).filter((name) => reached.has(name)).length >= 15, `${[...reached]}`);
  });
  await open.close();
  world.end();
  home.end();
  udp.close();
}

/** Words from outside that would be code or turn others round: a file's name, EXIF, a service, its answers, its row. */
async function strings() {
  const evil = "<img src=x onerror=ran(1)><script>ran(2)</script>\u202egpj.exe\u2066";
  let document = "";
  let answers = {};
  const home = await serving((path) => {
    if (path === "/") return document;
    const [status, type, body] = answers[path] ?? [404, "text/plain", ""];
    return [status, { "content-type": type }, JSON.stringify(body)];
  });
  const profile = { version: 1, name: evil, operator: evil, partners: evil, retention: evil, contact: evil, origin: home.origin, plain_bodies: true };
  answers = {
    "/.well-known/hashclient.json": [200, "application/json", profile],
    "/v1/submissions": [422, "application/problem+json", { type: "urn:hashclient:problem:constructor", title: evil, status: 422 }],
  };
  const built = withGuidance(readFileSync(PAGE, "utf8"), (table) => {
    for (const row of table.services.rows) row.name = evil;
  });
  document = pageFor(home.origin, built);
  const visiting = await opened(home.origin, false);
  const { page } = visiting;
  await page.evaluate(() => (window.ran = (what) => (window.didRun = what)));
  const isText = async (where) => {
    assert.equal(await page.evaluate(() => window.didRun), undefined);
    assert.equal(await page.evaluate(() => document.querySelectorAll("#page img, #page script").length), 0);
    if (where !== undefined) assert.ok((await visiting.words()).includes("<img src=x onerror=ran(1)><script>ran(2)</script>"), where);
  };
  await lines.line("strings: service rows", async () => {
    await visiting.choose("Just show me");
    await visiting.arrive("talk");
    await isText("talk");
    await page.reload();
    await visiting.arrive("start");
    await page.evaluate(() => (window.ran = (what) => (window.didRun = what)));
  });
  await visiting.toFiles();
  await visiting.toHashing(picture);
  await lines.line("strings: a file's name is text in the frame, without its controls and directions", async () => {
    const frame = visiting.frame();
    const [shown, count] = await frame.evaluate(() => [document.querySelector("li bdi").textContent, document.querySelectorAll("img, li script").length]);
    assert.ok(shown.startsWith("<img src=x"), shown);
    assert.ok(shown.includes("\u2022") && !/[\p{Cc}\p{Cf}]/u.test(shown), JSON.stringify(shown));
    assert.ok(Array.from(shown).length <= 40);
    assert.equal(count, 0);
  });
  await visiting.arrive("review", "inner");
  while ((await visiting.at()) === "inner") await visiting.answer("as_it_is");
  await lines.line("strings: profile", async () => {
    await isText("review");
    assert.ok(!/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(await page.$eval("#screen .card", (card) => card.textContent.replace(/\u2068([^\u2066-\u2069]*)\u2069/g, "$1"))), "but the page's own, around it");
  });
  await lines.line("strings: neither a name nor EXIF leaves the frame", async () => {
    await visiting.choose("Show every letter");
    const all = await page.evaluate(() => document.documentElement.outerHTML.replace(/<script.*?<\/script>/gs, "").replace(/srcdoc=".*?"/s, ""));
    assert.ok(!/onerror=exif|gpj\.jpg/.test(all));
  });
  await visiting.toCodes();
  await visiting.toSend();
  await lines.line("strings: problem", async () => {
    await visiting.choose("Send now");
    await visiting.arrive("refused");
    await isText();
    assert.ok(!(await visiting.words()).includes("onerror"));
    assert.ok((await visiting.words()).includes("The service received the request and refused it"));
  });
  await lines.line("strings: receipt", async () => {
    await visiting.choose("Check it again");
    await visiting.arrive("review");
    answers["/v1/submissions"] = [201, "application/json", { version: 1, case_number: evil, digest: evil, items: 1, signals: 1, day: evil, status: evil }];
    await visiting.toCodes();
    await visiting.toSend();
    await visiting.choose("Send now");
    await visiting.arrive("not_confirmed");
    await isText();
    assert.ok(!(await visiting.words()).includes("onerror"));
  });
  assert.deepEqual(visiting.faults, []);
  await page.close();
  home.end();
}

/** A service of another origin that gives the page no leave, and had set a cookie. */
async function unlisted() {
  const heads = [];
  const answers = {};
  const service = await serving((path, { method, headers }) => {
    heads.push([method, path, headers.cookie]);
    if (path === "/set") return [200, { "set-cookie": "known=1; path=/" }, ""];
    return [200, { "content-type": "application/json", ...answers }, JSON.stringify({ version: 1, name: "A", operator: "B", origin: service.origin, plain_bodies: true })];
  });
  const home = await serving(() => pageFor(service.origin));
  const page = await browser.newPage();
  const visiting = new Visiting(page);
  await page.goto(`${service.origin}/set`);
  const asked = async () => {
    await page.goto(home.origin);
    await visiting.arrive("start");
    await visiting.choose("Start");
    await visiting.answer("yes", "private", "all_adult", "me", "yes", "no", "threat", "here");
    await visiting.choose("Make fingerprints");
    await visiting.arrive("limits");
    await visiting.choose("I understand, go on");
  };
  for (const [name, leave] of Object.entries({ "no leave": {}, "leave for another origin": { "access-control-allow-origin": service.origin }, "leave for null": { "access-control-allow-origin": "null" } })) {
    await lines.line(`cors: a service that gives ${name}`, async () => {
      Object.assign(answers, leave);
      await asked();
      await page.waitForSelector(".error");
      assert.equal(await visiting.at(), "limits");
      assert.equal(await visiting.truth(), "Nothing has been sent yet.");
      const error = await page.$eval(".error", (words) => words.textContent);
      assert.ok(error.startsWith("We could not reach") && error.includes("Nothing was sent."), error);
    });
  }
  await lines.line("cors: a service that gives leave is heard, and got no cookie", async () => {
    answers["access-control-allow-origin"] = home.origin;
    await asked();
    await visiting.arrive("choose_files");
    const got = heads.filter(([, path]) => path === "/.well-known/hashclient.json");
    assert.ok(got.length >= 4 && got.every(([, , cookie]) => cookie === undefined), JSON.stringify(heads));
    await page.goto(`${service.origin}/set`);
    assert.equal(heads.findLast(([, path]) => path === "/set")[2], "known=1"); // which the browser has for it
  });
  await page.close();
  home.end();
  service.end();
}

try {
  await unlisted();
  await border();
  await strings();
  await opener();
  await plantedCode();
} finally {
  lines.tell();
  await browser.close();
}
