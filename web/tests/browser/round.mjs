// The whole way in a browser against a service on this device: node tests/browser/round.mjs ENGINE ADDRESS FOLDER LANGUAGE PICTURE...
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import process from "node:process";

import puppeteer from "puppeteer-core";

import { wordsOf } from "./guidance.mjs";

const [engine, address, folder, language, ...pictures] = process.argv.slice(2);
const LAUNCH = { chromium: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"], pipe: true }, firefox: { browser: "firefox", executablePath: "/usr/bin/firefox-esr" } };
mkdirSync(folder, { recursive: true });
const browser = await puppeteer.launch(LAUNCH[engine]);
const faults = [];
try {
  const page = await browser.newPage();
  const asked = new Set();
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => (message.type() === "error" ? faults.push(message.text()) : undefined));
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  await page.setViewport({ width: 390, height: 844 });
  const at = () => page.$eval("main", (main) => main.dataset.at);
  const truth = () => page.$eval(".truth span", (line) => line.textContent);
  const arrive = (...ids) => page.waitForFunction((wanted) => wanted.includes(document.querySelector("main").dataset.at), { timeout: 60_000 }, ids);
  const shoot = (name) => page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  /** The words of a language for an English sentence of the page's data, without fields. */
  const inLanguage = (english) => wordsOf(english, language);
  const choose = async (english) => {
    const words = language === "en" ? english : await inLanguage(english);
    const found = await page.evaluate((wanted) => {
      const one = [...document.querySelectorAll("#screen button")].find((each) => each.textContent.startsWith(wanted));
      one?.focus();
      return one !== undefined;
    }, words);
    assert.ok(found, `no ${words} at ${await at()}`);
    await page.keyboard.press("Enter");
  };
  const answer = async (value) => {
    await page.focus(`input[value="${value}"]`);
    await page.keyboard.press(" ");
    await page.keyboard.press("Enter");
  };
  await page.goto(address);
  await page.select(".language", language);
  await choose("Start");
  for (const value of ["yes", "private", "all_adult", "me", "yes", "no", "threat", "here"]) await answer(value);
  await choose("Make fingerprints");
  assert.equal(await at(), "limits");
  assert.ok((await truth()).startsWith(await inLanguage("Only on this device.")));
  await choose("I understand, go on");
  await arrive("choose_files");
  assert.ok((await truth()).startsWith(await inLanguage("Nothing has been sent yet.")));
  const frame = page.frames().find((each) => each !== page.mainFrame());
  const chooser = await frame.waitForSelector("#chooser");
  await chooser.uploadFile(...pictures);
  await frame.waitForFunction((count) => document.querySelectorAll("li").length === count, {}, pictures.length);
  await new Promise((done) => setTimeout(done, 500));
  await shoot("files");
  await choose("Go on");
  for (const place of pictures.keys()) {
    assert.equal(await at(), "per_file");
    await answer(place === 0 ? "yes" : "no");
  }
  await arrive("review", "inner", "none_usable");
  while ((await at()) === "inner") await answer("as_it_is");
  assert.equal(await at(), "review");
  await choose("This is right, go on");
  assert.ok((await page.$eval(".error", (error) => error.textContent)).startsWith(await inLanguage("To go on, each sentence")));
  await choose("Show every letter");
  for (const box of await page.$$("#screen input[type=checkbox]")) await box.click();
  await shoot("review");
  await choose("This is right, go on");
  assert.equal(await at(), "codes");
  assert.equal(await page.$eval("#files", (each) => each.hidden), true);
  await shoot("codes");
  const [number, pin] = await page.$$eval(".codes dd", (codes) => codes.map((code) => code.textContent));
  await choose("Go on");
  await page.type("#field-case_number", "0000-0000-0000");
  await choose("Check and go on");
  assert.equal(await at(), "codes");
  assert.ok((await page.$eval(".error", (error) => error.textContent)).startsWith(await inLanguage("That is not the same.")));
  await choose("Go on");
  await page.$eval("#field-case_number", (field) => field.select());
  await page.type("#field-case_number", number.toLowerCase());
  await page.type("#field-pin", pin);
  await choose("Check and go on");
  assert.equal(await at(), "send");
  await shoot("send");
  assert.ok((await truth()).startsWith(await inLanguage("Nothing has been sent yet.")));
  await choose("Send now");
  await arrive("sent", "not_sent", "refused", "not_confirmed", "own_fault");
  await shoot("sent");
  assert.equal(await at(), "sent", await page.$eval("#main", (main) => main.textContent));
  assert.ok((await truth()).startsWith((await inLanguage("Sent to {host}.")).replace("{host}", new URL(address).host)));
  await choose("What next");
  await shoot("what-next");
  await page.evaluate(() => [...document.querySelectorAll("footer button")].at(-1).click());
  await choose("Forget everything");
  assert.equal(await at(), "ended");
  const left = await page.evaluate(() => document.documentElement.outerHTML);
  assert.ok(!left.includes(number) && !left.includes(pin.replace(/\s/g, "")));
  await page.goto(address);
  await page.select(".language", language);
  await choose("I already have a case number");
  await page.type("#field-case_number", number);
  await page.type("#field-pin", pin);
  await choose("Look");
  await arrive("status");
  await shoot("status");
  await choose("Take it back");
  await choose("Take it back");
  await arrive("withdrawn");
  await shoot("withdrawn");
  assert.deepEqual(faults.filter((fault) => !fault.includes("favicon.ico")), []); // Firefox says of it that the policy held
  assert.deepEqual([...asked].filter((origin) => origin !== "null" && origin !== new URL(address).origin), []);
  process.stdout.write("sent, looked at and taken back\n");
} finally {
  if (faults.length > 0) process.stdout.write(`${faults.slice(0, 5).join("\n")}\n`);
  await browser.close();
}
