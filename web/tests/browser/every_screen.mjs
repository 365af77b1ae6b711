// Every screen of the page in one browser, each in a state that it can have, with a service on this device behind it.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

import puppeteer from "puppeteer-core";

import { assembled } from "../../build/page.mjs";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PYTHON = join(ROOT, ".venv/bin/python");
const SERVICE = ["--name", "Example Helpline", "--operator", "Example Helpline", "--retention", "12 months.", "--representatives", "--web-origin", "*"];

const LAUNCH = {
  chromium: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--font-render-hinting=none"] },
  firefox: { browser: "firefox", executablePath: "/usr/bin/firefox-esr" },
};

/** Start a service on this device; give its address and how to end it. */
async function served(folder) {
  const keys = join(folder, "endpoint.keys");
  const program = ["-m", "hashclient", "endpoint"];
  execFileSync(PYTHON, [...program, "key", "--keys", keys], { cwd: ROOT });
  const serving = spawn(PYTHON, [...program, "serve", "--database", join(folder, "cases.db"), "--keys", keys, ...SERVICE], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: serving.stdout })) {
    const [address] = /http:\/\/\S+/.exec(line) ?? [];
    if (address !== undefined) return { address, end: () => { serving.kill(); return once(serving, "exit"); } };
  }
  throw new Error("the service did not start");
}

/**
 * Draw pictures in the browser: hills and a sun, so large, as JPEG.
 *
 * @param {import("puppeteer-core").Browser} browser
 * @param {{ width: number, height: number, seed: number, framed?: boolean }[]} wanted
 * @returns {Promise<Buffer[]>}
 */
export async function drawnPictures(browser, wanted) {
  const page = await browser.newPage();
  const drawn = [];
  for (const one of wanted) {
    const address = await page.evaluate(({ width, height, seed, framed = false }) => {
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const pen = canvas.getContext("2d");
      const inset = framed ? 0.18 : 0;
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, width, height);
      pen.translate(inset * width, inset * height);
      pen.scale(1 - 2 * inset, 1 - 2 * inset);
      pen.beginPath();
      pen.rect(0, 0, width, height);
      pen.clip();
      const sky = pen.createLinearGradient(0, 0, 0, height);
      sky.addColorStop(0, "#24384a");
      sky.addColorStop(1, "#e8b98a");
      pen.fillStyle = sky;
      pen.fillRect(0, 0, width, height);
      pen.fillStyle = "#f6e3b0";
      pen.beginPath();
      pen.arc(width * (0.3 + 0.1 * seed), height * 0.4, height * 0.12, 0, 7);
      pen.fill();
      for (let hill = 0; hill < 5; hill++) {
        pen.fillStyle = `rgb(${30 + hill * 9} ${70 - hill * 8} ${80 - hill * 12})`;
        pen.beginPath();
        pen.moveTo(0, height);
        for (let x = 0; x <= width; x += 8) pen.lineTo(x, height * (0.5 + hill * 0.1 + 0.06 * Math.sin((x / width) * (5 + hill * 2) + seed + hill)));
        pen.lineTo(width, height);
        pen.fill();
      }
      for (let dot = 0; dot < 4000; dot++) {
        const [x, y] = [((dot * 7919 * (seed + 1)) % 10007) / 10007, ((dot * 104729) % 9973) / 9973];
        pen.fillStyle = dot % 2 ? "rgb(255 255 255 / .25)" : "rgb(0 0 0 / .25)";
        pen.fillRect(x * width, y * height, width / 200, height / 200);
      }
      return canvas.toDataURL("image/jpeg", 0.9);
    }, one);
    drawn.push(Buffer.from(address.split(",")[1], "base64"));
  }
  await page.close();
  return drawn;
}

/**
 * Open the page of tests, from a disk, with a service baked in and pictures beside it: in Chromium, or in Firefox, where `page.emulate` does little.
 *
 * @param {(all: { browser: import("puppeteer-core").Browser, page: import("puppeteer-core").Page, address: string, faults: string[], pictures: string[], service: string, folder: string }) => Promise<void>} use
 */
export async function opened(use, engine = "chromium") {
  process.chdir(join(ROOT, "web"));
  const folder = mkdtempSync(join(tmpdir(), "hashclient-look-"));
  const browser = await puppeteer.launch({ ...LAUNCH[engine], protocolTimeout: 300_000 });
  const faults = [];
  let service;
  try {
    service = await served(folder);
    const file = join(folder, "notes.html");
    writeFileSync(file, assembled({ entry: "tests/browser/let_in.ts" }).replace('id="service">null', `id="service">${JSON.stringify({ origin: service.address })}`));
    const [plain, other, framed] = await drawnPictures(browser, [{ width: 1200, height: 900, seed: 1 }, { width: 1200, height: 900, seed: 2 }, { width: 900, height: 1200, seed: 3, framed: true }]);
    const pictures = Object.entries({ "lake-edit.jpg": plain, "lake.jpg": other, "seen-on-my-telephone-in-the-evening-of-the-second-of-november.jpg": framed, "IMG_0417.jpg": plain.subarray(0, plain.length / 2) }).map(([name, bytes]) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    });
    const page = await browser.newPage();
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => (message.type() === "error" ? faults.push(message.text()) : undefined));
    if (engine === "chromium") await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
    await page.evaluateOnNewDocument(() => {
      const [now, every, ticks] = [Date.now, setInterval, []];
      let late = 0;
      Date.now = () => now() + late;
      window.setInterval = (tick, ...rest) => { ticks.push(tick); return every(tick, ...rest); };
      window.idle = (minutes) => { for (let second = 0; second < 60 * minutes; second += 30) { late += 30_000; for (const tick of ticks) tick(); } };
    });
    const address = pathToFileURL(file).href;
    await page.goto(address);
    await use({ browser, page, address, faults, pictures, service: service.address, folder });
    assert.deepEqual(faults, []);
  } finally {
    if (faults.length > 0) process.stderr.write(`${faults.slice(0, 5).join("\n")}\n`);
    await browser.close();
    await service?.end();
    rmSync(folder, { recursive: true });
  }
}

const ADULT = { safe_now: "yes", device: "private", age: "all_adult", who: "me", intimate: "yes", consent: "no", situation: "online_known", have: "here" };
const NOTICE = {
  addresses: ["https://video.example/watch/1", "https://video.example/watch/2"], who: "self", forged: "real", shown_by: "face", consent_shown: ["never_agreed", "private"], email: "box4821@mail.example", name: "Signed for them",
  site: "people", link: "shown", content: "nudity", account: "", posted: "", find: "", own_words: "", signed: "2026-11-25", state: "", app: "", relation: "", land: "GB",
};

/**
 * Show every screen in turn.
 *
 * @param {{ page: import("puppeteer-core").Page, pictures: string[] }} all
 * @param {(name: string) => Promise<void>} use What is done at each; its name tells the state too.
 * @param {readonly string[]} [only] Laws whose notices are shown; all, if it is not given.
 * @returns {Promise<string[]>} The ids of screens and questions that nothing was shown of.
 */
export async function everyScreen({ page, pictures }, use, only) {
  const seen = new Set();
  /** Set a state, stand at a screen in it, and use it. */
  const at = async (id, set = undefined, name = id, given = undefined) => {
    await page.evaluate(() => { shell.visit.errors.clear(); });
    if (set !== undefined) await page.evaluate(set, given);
    await page.evaluate((to) => { if (to !== shell.at) shell.go(to); else shell.draw(); }, id);
    seen.add(id.split(" ")[0]);
    await use(name.replaceAll(" ", "-"));
  };
  const failing = async (id, row, fields = {}) => {
    await page.evaluate((errors) => { shell.fail(errors.row, errors.fields); }, { row, fields });
    await use(`${id.replaceAll(" ", "-")}-${row}`);
  };
  const table = await page.evaluate(() => {
    const { screens, questions, notice, search } = shell.table;
    return { screens: Object.keys(screens), questions: Object.keys(questions), notices: notice.screens.map(({ id }) => id), flow: notice.flow, laws: notice.laws.filter((law) => law.is_on === true).map(({ id, gives }) => ({ id, gives })), search: Object.keys(search) };
  });
  await at("start");
  await at("start", () => { shell.visit.service = undefined; }, "start-no-service");
  await at("no_service");
  await at("enter_address");
  await failing("enter_address", "not_a_service");
  await at("status_in", undefined, "status_in-no-service");
  await page.evaluate(() => { shell.forget("start"); });
  for (const id of ["help_now", "talk", "others_see", "limits_only", "forget", "settings", "status_in"]) await at(id);
  for (const row of ["number_unlike", "not_found"]) await failing("status_in", row);
  await at("talk", () => { shell.visit.country = "GB"; }, "talk-GB");
  await page.evaluate(() => { shell.forget("HAND_OFF"); });
  await at("HAND_OFF", () => { shell.visit.country = ""; });
  await at("HAND_OFF", () => { shell.visit.country = "GB"; }, "HAND_OFF-GB");
  await page.evaluate(() => { shell.forget("ended"); });
  await at("ended");
  await page.evaluate(() => { shell.forget("start"); });
  for (const id of ["safe_now", "emergency", "device", "safer_device", "age"]) await at(id);
  await failing("age", "question");
  await at("who", () => { shell.visit.answers = { safe_now: "yes", device: "private", age: "all_adult" }; });
  for (const id of ["professional", "permission", "SUPPORT", "intimate", "consent", "situation", "have"]) await at(id);
  for (const reason of ["not_intimate", "posted_elsewhere", "agreed_before"]) await at("OTHER_ROUTES", (why) => { shell.visit.reason = why; }, `OTHER_ROUTES-${reason}`, reason);
  const answered = (answers) => { shell.visit.answers = answers; shell.visit.country = "GB"; shell.visit.marked.add("evidence"); };
  await at("consent", answered, "consent-for-them", { ...ADULT, who: "asked_me", permission: "yes" });
  await at("threat", undefined, "threat-for-them");
  await at("LIST", answered, "LIST", ADULT);
  await at("LIST", answered, "LIST-threat", { ...ADULT, situation: "threat", have: "other_device" });
  for (const id of ["threat", "chat", "evidence", "stopncii", "move_file", "search", "police", "lawyer", "accounts", "own_fault"]) await at(id);
  await at("talk", undefined, "talk-listed");
  for (const id of ["notice_law", "notice_dmca_warning", ...table.search]) await at(id);
  await failing("notice_law", "adult");
  for (const { id: law, gives } of table.laws.filter(({ id }) => only?.includes(id) ?? true)) {
    const given = (answers) => {
      shell.visit.law = answers.law;
      shell.visit.isNoticeAdult = true;
      const statements = (shell.table.notice.laws.find(({ id }) => id === answers.law).statements ?? []).map(({ id }) => id);
      shell.visit.noticeAnswers = { ...answers.said, statements };
    };
    for (const id of table.flow.filter((each) => each !== "notice_law")) await at(gives === "checklist" && id === "notice_check" ? "notice_list_check" : gives === "checklist" && id === "notice_done" ? "notice_list_done" : id, given, `${id}-${law}`, { law, said: NOTICE });
  }
  await at("notice_check", () => { shell.visit.law = "us"; shell.visit.noticeAnswers = {}; }, "notice_check-missing");
  await at("notice_where", () => { shell.visit.noticeAnswers = { addresses: ["not an address"] }; });
  await failing("notice_where", "notice");

  await at("limits", answered, "limits", ADULT);
  await failing("limits", "unreachable", { host: "127.0.0.1" });
  await at("limits", () => { shell.visit.isUnreachable = true; }, "limits-unreachable");
  await page.evaluate(() => { shell.visit.isUnreachable = false; shell.draw(); document.querySelector("#screen .btn--go").click(); });
  await page.waitForFunction(() => shell.at === "choose_files");
  await at("choose_files", undefined, "choose_files-none");
  const frame = await filesFrame(page);
  await (await frame.$("#chooser")).uploadFile(...pictures);
  await page.waitForFunction((count) => shell.visit.files.filter(({ kind, failed }) => kind !== "any" || failed !== undefined).length === count, {}, pictures.length);
  await at("choose_files");
  await failing("choose_files", "none_chosen");
  await failing("choose_files", "list_full", { most: 100 });
  await at("per_file 1");
  await page.evaluate(() => { Object.assign(shell.visit.files[0], { answer: "from_here", madeFrom: 2 }); shell.visit.files[1].answer = "no"; shell.visit.files[2].answer = "no"; });
  await at("made_from 1");
  await at("per_file 1", () => { shell.visit.files[0] = { ...shell.visit.files[0], kind: "video" }; }, "per_video");
  await page.evaluate(() => { shell.visit.files[0] = { ...shell.visit.files[0], kind: "image" }; });
  seen.add("per_video");
  await page.evaluate(() => { shell.visit.isFit = undefined; }); // nothing is hashed until it is known, so the screen stays
  await at("hashing", () => { shell.visit.files[1].done = 62; shell.visit.files[3].answer = "no"; }, "hashing");
  await failing("hashing", "self_test");
  await page.evaluate(() => { shell.visit.isFit = true; shell.visit.errors.clear(); delete shell.visit.files[1].done; for (const file of shell.visit.files.slice(2)) delete file.answer; shell.go("per_file 3"); });
  while (await page.evaluate(() => {
    if (!shell.at.startsWith("per_file")) return false;
    document.querySelector('#screen input[value="no"]').click();
    document.querySelector("#screen form").requestSubmit();
    return true;
  })) seen.add("per_file");
  await page.waitForFunction(() => shell.at.startsWith("inner") || shell.at === "review", { timeout: 60_000 });
  await at("inner 3");
  await at("none_usable");
  await page.evaluate(() => { shell.visit.files[2].inner = "both"; });
  await at("review");
  await failing("review", "not_ticked");
  await at("review", () => { shell.visit.showsAll = true; for (const id of ["adult", "depicted", "intimate", "no_consent"]) shell.visit.ticked.add(id); shell.visit.isNotTicked = false; }, "review-all");
  await page.evaluate(() => { shell.visit.showsAll = false; shell.draw(); [...document.querySelectorAll("#screen .btn--go")].at(-1).click(); });
  await page.waitForFunction(() => shell.at === "codes");
  for (const id of ["codes", "check_note"]) await at(id);
  await page.evaluate(() => { shell.go("codes"); });
  await failing("codes", "mismatch");
  await at("send");
  await at("send", () => { shell.visit.isToFile = true; }, "send-to-file");
  for (const id of ["save_now", "saved_file"]) await at(id);
  await at("sending", () => { Object.assign(shell.visit, { isToFile: false, left: "sending", isBusy: true }); });
  await at("not_sent", () => { shell.visit.isBusy = false; shell.visit.left = "asked"; shell.visit.why = shell.table.service_faults.unreachable ?? []; });
  await at("refused", () => { shell.visit.left = "sent"; shell.visit.why = [shell.table.service_faults.refused.other]; });
  await at("not_confirmed", () => { shell.visit.left = "unknown"; shell.visit.triedBefore = true; });
  await at("refused", undefined, "refused-earlier");
  await page.evaluate(() => { Object.assign(shell.visit, { left: "asked", triedBefore: false }); shell.go("send"); document.querySelector("#screen .acts .btn").click(); });
  await page.waitForFunction(() => shell.at === "sent", { timeout: 60_000 });
  for (const id of ["sent", "what_next"]) await at(id);
  await at("taken_back", () => { shell.visit.receipt = { ...shell.visit.receipt, status: "Withdrawn" }; });
  await page.evaluate(() => {
    const { number, pin } = shell.visit.credentials;
    shell.visit.drafts.set("status_in case_number", number);
    shell.visit.drafts.set("status_in pin", pin);
    shell.go("status_in");
    document.querySelector("#screen .btn--go").click();
  });
  await page.waitForFunction(() => shell.at === "status", { timeout: 60_000 });
  await at("status");
  await at("status", () => { shell.visit.report = { ...shell.visit.report, feedback: { pending_review: 2, blocked: 1, not_blocked: 1 } }; }, "status-answers");
  await at("not_confirmed_w");
  await at("withdraw");
  await page.evaluate(() => { document.querySelector("#screen .acts .btn").click(); });
  await page.waitForFunction(() => shell.at === "withdrawn", { timeout: 60_000 });
  await at("withdrawn");
  await page.evaluate(() => { shell.forget("HAND_OFF", true); });
  await at("HAND_OFF", undefined, "HAND_OFF-sent-before");
  for (const id of ["cover", "closing"]) seen.add(id); // these stand over a screen: look.mjs
  return [...table.screens, ...table.questions, ...table.notices].filter((id) => !seen.has(id));
}

/** The frame with the list of files. */
export async function filesFrame(page) {
  const frame = await (await page.waitForSelector("#files")).contentFrame();
  await frame.waitForSelector("#chooser:enabled");
  return frame;
}

/** The source of axe-core. */
export const axeSource = () => readFileSync(join(ROOT, "web/node_modules/axe-core/axe.min.js"), "utf8");
