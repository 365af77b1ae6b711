// Walk the built page in Chromium by keyboard, in English and Arabic, and write screenshots: node tests/browser/walk.mjs FOLDER
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

import puppeteer from "puppeteer-core";

const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const address = pathToFileURL("../hashclient/page/page.html").href;
const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const faults = [];
try {
  const page = await browser.newPage();
  const asked = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => (message.type() === "error" ? faults.push(message.text()) : undefined));
  page.on("request", (request) => asked.push(request.url()));
  const at = () => page.$eval("main", (main) => main.dataset.at);
  const truth = () => page.$eval(".truth span", (line) => line.textContent);
  const shoot = async (name) => {
    for (const width of [390, 1280]) {
      await page.setViewport({ width, height: width === 390 ? 844 : 800 });
      const language = await page.$eval("html", (html) => html.lang);
      assert.equal(await page.$eval("html", (html) => html.scrollWidth - html.clientWidth), 0, `${name} is too wide at ${width}`);
      await page.screenshot({ path: `${folder}/${name}-${language}-${width}.png`, fullPage: true });
    }
  };
  /** Go by Tab to what has these words, or is this element, and press a key. */
  const press = async (isIt, key = "Enter") => {
    for (let steps = 0; steps < 120; steps++) {
      const found = await page.evaluate(new Function("isIt", `const e = document.activeElement; return isIt.startsWith("=") ? e.value === isIt.slice(1) : e.textContent.includes(isIt)`), isIt);
      const isControl = await page.evaluate(() => ["BUTTON", "INPUT", "SELECT", "SUMMARY", "A"].includes(document.activeElement.tagName));
      if (found && isControl) {
        await page.keyboard.press(key);
        return;
      }
      await page.keyboard.press("Tab");
    }
    assert.fail(`no way by keyboard to ${isIt} at ${await at()}`);
  };
  const answer = async (id, value) => {
    assert.equal(await at(), id);
    await page.focus(`input[value="${value}"]`);
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
  };
  for (const language of ["en", "ar"]) {
    await page.goto(address);
    await page.select(".language", language);
    assert.equal(await page.title(), "Notes");
    assert.equal(await page.$eval("html", (html) => html.dir), language === "ar" ? "rtl" : "ltr");
    await shoot("start");
    await page.focus(".doors button");
    await page.keyboard.press("Enter");
    for (const [id, value] of [["safe_now", "yes"], ["device", "private"]]) await answer(id, value);
    await shoot("age");
    for (const [id, value] of [["age", "all_adult"], ["who", "me"], ["intimate", "yes"], ["consent", "no"], ["situation", "online_known"], ["have", "here"]]) await answer(id, value);
    assert.equal(await at(), "LIST");
    await shoot("list");
    assert.ok(await page.evaluate(() => Number.isInteger(history.state) && history.state > 0));
    if (language === "en") {
      await press("Tell the platform");
      await shoot("notice-law");
      await page.goBack();
      await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
      assert.equal(await at(), "LIST");
      await press("Make fingerprints");
      assert.equal(await at(), "no_service");
      await press("Save as a file");
      assert.equal(await at(), "limits");
      await press("I understand, go on");
      assert.equal(await at(), "choose_files");
      assert.equal(await page.$eval("#files", (frame) => frame.hidden), false);
      await shoot("choose-files");
      assert.equal(await truth(), "Only on this device. Nothing has been sent.");
    }
    await page.evaluate(() => document.querySelector("footer button").click());
    await press(language === "en" ? "Forget everything" : "\u0646\u0633");
    if ((await at()) === "forget") await page.evaluate(() => document.querySelector("#screen .acts button").click());
    assert.equal(await at(), "ended");
    await page.goBack();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100)));
    assert.equal(await at(), "start");
    await page.evaluate(() => document.querySelectorAll(".doors button")[1].click());
    assert.equal(await at(), "HAND_OFF");
    await page.select("#country", "GB");
    await shoot("hand-off");
  }
  for (let times = 0; times < 3; times++) await page.keyboard.press("Shift");
  await page.waitForFunction(() => location.href === "about:blank", { timeout: 5000 });
  assert.deepEqual(faults, []);
  assert.deepEqual(asked.filter((url) => !/^(file:|about:|blob:|data:)/.test(url)), []);
  process.stdout.write(`walked; screenshots in ${folder}\n`);
} finally {
  if (faults.length > 0) process.stdout.write(`${faults.slice(0, 5).join("\n")}\n`);
  await browser.close();
}
