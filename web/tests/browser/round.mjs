// The whole way in a browser against a service on this device, by keys alone; and but for Chromium in English, which is for the proof on the
// wire and for which screens.mjs does it, a way through each kind of control: node tests/browser/round.mjs ENGINE ADDRESS FOLDER LANGUAGE PICTURE...
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import process from "node:process";

import puppeteer from "puppeteer-core";

import { wordsOf } from "./guidance.mjs";
import { Keys } from "./keys.mjs";

const [engine, address, folder, language, ...pictures] = process.argv.slice(2);
const LAUNCH = { chromium: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], pipe: true }, firefox: { browser: "firefox", executablePath: "/usr/bin/firefox-esr" } };
const isTour = engine !== "chromium" || language !== "en";
mkdirSync(folder, { recursive: true });
const browser = await puppeteer.launch(LAUNCH[engine]);
const faults = [];
try {
  const page = await browser.newPage();
  const keys = new Keys(page, engine === "firefox");
  await keys.prepare();
  const asked = new Set();
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => (message.type() === "error" ? faults.push(message.text()) : undefined));
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.setViewport({ width: 390, height: 844 });
  const at = () => keys.at();
  const truth = () => page.$eval(".truth span", (line) => line.textContent);
  const arrive = (...ids) => page.waitForFunction((wanted) => wanted.includes(document.querySelector("main").dataset.at), { timeout: 60_000, polling: 50 }, ids);
  const shoot = (name) => page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  /** The words of a language for an English sentence of the page's data, without fields. */
  const inLanguage = (english) => wordsOf(english, language);
  const choose = async (english) => {
    const words = await inLanguage(english);
    const found = await keys.goTo((wanted) => [...document.querySelectorAll("#screen button, footer button, .back")].find((each) => each.checkVisibility() && each.textContent.startsWith(wanted)), words);
    assert.ok(found, `no ${words} at ${await at()}`);
    await keys.push();
  };
  const answer = async (value) => {
    await keys.choose(`#screen input[value="${value}"]`, isTour);
    await keys.press("Enter");
  };
  /** Go round a screen, and use what leads nowhere. */
  const tour = async () => {
    if (!isTour) return;
    await keys.round();
    await keys.useAll();
  };
  const goBack = async (to) => {
    await keys.goTo(() => document.querySelector(".back"));
    await keys.push();
    await arrive(to);
  };
  await page.goto(address);
  await keys.select(".language", language);
  await tour();
  if (isTour) {
    await choose("Text and colours");
    await tour();
    await keys.select("#setting-theme", "dark");
    assert.equal(await page.$eval("html", (root) => root.dataset.theme), "dark");
    await goBack("start");
    await choose("Just show me who can help");
    await keys.select("#country", "GB");
    await tour();
    await goBack("start");
  }
  await choose("Start");
  for (const value of ["yes", "private", "all_adult", "me"]) await answer(value);
  assert.equal(await at(), "intimate");
  await tour(); // which has folded words
  for (const value of ["yes", "no", isTour ? "online_known" : "threat", "here"]) await answer(value);
  await tour(); // which has boxes
  if (isTour) {
    await choose("Tell the platform");
    await keys.tick();
    assert.ok(await keys.goTo((name) => [...document.querySelectorAll("#screen article button")].find((one) => one.textContent === name), await inLanguage("United Kingdom: the Online Safety Act")));
    await keys.push();
    for (let screens = 0; !(await at()).endsWith("check"); screens++) {
      assert.ok(screens < 9);
      await keys.fillIn();
      await choose("Go on");
    }
    await choose("Go on");
    assert.equal(await at(), "notice_done");
    await choose("I am done");
    assert.equal(await at(), "LIST");
  }
  await choose("Make fingerprints");
  assert.equal(await at(), "limits");
  assert.ok((await truth()).startsWith(await inLanguage("Only on this device.")));
  await choose("I understand, go on");
  await arrive("choose_files");
  assert.ok((await truth()).startsWith(await inLanguage("Nothing has been sent yet.")));
  const { frame } = keys;
  await keys.files([...pictures, pictures[0]]);
  const listed = (count) => frame.waitForFunction((wanted) => document.querySelectorAll("li").length === wanted && [...document.querySelectorAll("li > span")].every((state) => state.textContent !== ""), { polling: 50 }, count);
  await listed(pictures.length + 1);
  await keys.goInto(() => [...document.querySelectorAll("[name=leave]")].at(-1));
  await keys.push();
  await listed(pictures.length);
  await tour();
  await shoot("files");
  await choose("Go on");
  for (const place of pictures.keys()) {
    await arrive("per_file");
    await answer(place === 0 ? "yes" : "no");
  }
  await arrive("review", "inner", "none_usable");
  while ((await at()) === "inner") await answer("as_it_is");
  assert.equal(await at(), "review");
  const columns = await page.$$eval("#screen .pair h2", (headings) => headings.map((each) => each.firstChild.textContent));
  assert.deepEqual(columns, [await inLanguage("What goes"), await inLanguage("What stays here")]);
  assert.equal(await page.evaluate(() => { scrollTo(0, document.body.scrollHeight); return scrollY > 0 && document.querySelector(".exit").getBoundingClientRect().top >= 0; }), true, "the red button is always at the top");
  await page.evaluate(() => { scrollTo(0, 0); });
  await choose("This is right, go on");
  const error = () => page.$eval(".error", (one) => [one.textContent, document.activeElement === one]);
  let [said, isFocused] = await error();
  assert.ok(said.startsWith(await inLanguage("To go on, each sentence")) && isFocused);
  await choose("Show every letter");
  await keys.tick();
  await tour();
  await shoot("review");
  await choose("This is right, go on");
  assert.equal(await at(), "codes");
  assert.equal(await page.$eval("#files", (each) => each.hidden), true);
  await shoot("codes");
  const [number, pin] = await page.$$eval(".codes dd", (codes) => codes.map((code) => code.textContent));
  await choose("Go on");
  await keys.type("#field-case_number", "0000-0000-0000");
  await choose("Check and go on");
  assert.equal(await at(), "codes");
  [said, isFocused] = await error();
  assert.ok(said.startsWith(await inLanguage("That is not the same.")) && isFocused);
  await choose("Go on");
  await keys.type("#field-case_number", number.toLowerCase());
  await keys.type("#field-pin", pin);
  await keys.press("Enter"); // in a field: it goes on too
  await arrive("send");
  await shoot("send");
  assert.ok((await truth()).startsWith(await inLanguage("Nothing has been sent yet.")));
  await choose("Send now");
  await arrive("sent", "not_sent", "refused", "not_confirmed", "own_fault");
  await shoot("sent");
  assert.equal(await at(), "sent", await page.$eval("#main", (main) => main.textContent));
  assert.ok((await truth()).startsWith((await inLanguage("Sent to {host}.")).replace("{host}", new URL(address).host)));
  await choose("What next");
  await shoot("what-next");
  await choose("Forget everything");
  assert.equal(await at(), "forget");
  await choose("Forget everything");
  assert.equal(await at(), "ended");
  const left = await page.evaluate(() => document.documentElement.outerHTML);
  assert.ok(!left.includes(number) && !left.includes(pin.replace(/\s/g, "")));
  await page.goto(address);
  await keys.select(".language", language);
  await choose("I already have a case number");
  await keys.type("#field-case_number", number);
  await keys.type("#field-pin", pin);
  await choose("Show");
  await tour();
  await choose("Look");
  await arrive("status");
  await shoot("status");
  await choose("Take it back");
  await choose("Take it back");
  await arrive("withdrawn");
  await shoot("withdrawn");
  assert.deepEqual(await page.evaluate(() => window.wrong), [], "clicked, and not by a key");
  for (let times = 0; times < 3; times++) await keys.press("Shift");
  await page.waitForFunction(() => location.href === "about:blank");
  assert.deepEqual(faults.filter((fault) => !fault.includes("favicon.ico")), []); // Firefox says of it that the policy held
  assert.deepEqual([...asked].filter((origin) => origin !== "null" && origin !== new URL(address).origin), []);
  process.stdout.write("sent, looked at and taken back\n");
} finally {
  if (faults.length > 0) process.stdout.write(`${faults.slice(0, 5).join("\n")}\n`);
  await browser.close();
}
