// The whole way on the page, from the first screen to taking back: by keyboard alone, in Arabic; or with a finger, on a slow telephone
// with a picture of 12 megapixels. node tests/browser/whole_way.mjs keys|touch FOLDER: writes a screenshot of each step.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

import { drawnPictures, filesFrame, opened } from "./every_screen.mjs";

const [way, folder] = process.argv.slice(2);
const MOST_TABS = 150;
mkdirSync(folder, { recursive: true });

await opened(async ({ browser, page, address, pictures, folder: beside }) => {
  const isKeys = way === "keys";
  const language = isKeys ? "ar" : "en";
  let files = pictures.slice(0, 2);
  if (isKeys) await page.setViewport({ width: 1280, height: 800 });
  else {
    const [large] = await drawnPictures(browser, [{ width: 4000, height: 3000, seed: 4 }]);
    files = [join(beside, "large.jpg")];
    writeFileSync(files[0], large);
    await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true, deviceScaleFactor: 2 });
    await page.emulateCPUThrottling(6);
    await page.goto(address);
  }
  let steps = 0;
  const at = () => page.$eval("main", (main) => main.dataset.at);
  const shoot = async () => page.screenshot({ path: `${folder}/${way}-${String(++steps).padStart(2, "0")}-${await at()}.png` });
  const arrive = (...ids) => page.waitForFunction((wanted) => wanted.includes(document.querySelector("main").dataset.at), { timeout: 120_000, polling: 100 }, ids);
  /** The words of the language in use for an English sentence of the page's data. */
  const inLanguage = (english) => page.evaluate((words, code) => {
    const { strings } = shell.table;
    const exact = strings.en.indexOf(words);
    return strings[code][exact >= 0 ? exact : strings.en.findIndex((each) => typeof each === "string" && each.startsWith(words))];
  }, english, language);
  /** Go by Tab until what has the focus is the one. */
  const tabTo = async (isIt, ...given) => {
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      if (await page.evaluate(isIt, ...given)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`no way by keyboard to ${given.join(" ")} at ${await at()}`);
  };
  const tap = async (element) => {
    await element.scrollIntoView();
    const { x, y, width, height } = await element.boundingBox();
    assert.ok(Math.min(width, height) >= 44, `${await element.evaluate((one) => one.textContent)} is small`);
    await page.touchscreen.tap(x + width / 2, y + height / 2);
  };
  const choose = async (english) => {
    const words = await inLanguage(english);
    if (isKeys) {
      await tabTo((wanted) => document.activeElement.matches("#screen button") && document.activeElement.textContent.startsWith(wanted), words);
      await shoot();
      await page.keyboard.press("Enter");
    } else {
      await shoot();
      const handle = await page.evaluateHandle((wanted) => [...document.querySelectorAll("#screen button")].find((each) => each.textContent.startsWith(wanted)), words);
      await tap(handle.asElement());
    }
  };
  const answer = async (value) => {
    if (isKeys) {
      await tabTo(() => document.activeElement.type === "radio");
      await page.keyboard.press("Space");
      for (let steps = 0; (await page.evaluate(() => document.activeElement.value)) !== value; steps++) {
        assert.ok(steps < 10, `no answer ${value} at ${await at()}`);
        await page.keyboard.press("ArrowDown");
      }
      await shoot();
      await page.keyboard.press("Enter");
    } else {
      await tap(await page.evaluateHandle((wanted) => document.querySelector(`#screen input[value="${wanted}"]`).closest("label"), value));
      await shoot();
      await tap(await page.$("#screen button[type=submit]"));
    }
  };
  const fill = async (id, text) => {
    if (isKeys) await tabTo((wanted) => document.activeElement.id === wanted, id);
    else await tap(await page.$(`#${id}`));
    await page.keyboard.type(text);
  };

  if (isKeys) {
    await tabTo(() => document.activeElement.matches("select.language"));
    for (let steps = 0; steps < 5 && (await page.$eval("html", (html) => html.lang)) !== language; steps++) await page.keyboard.press("ArrowDown");
    assert.equal(await page.$eval("html", (html) => html.dir), "rtl");
  } else await page.select(".language", language);
  await choose("Start");
  for (const value of ["yes", "private", "all_adult", "me", "yes", "no", "threat", "here"]) await answer(value);
  await arrive("LIST");
  await choose("Make fingerprints");
  await arrive("limits");
  await choose("I understand, go on");
  await arrive("choose_files");
  const frame = await filesFrame(page);
  const chooser = await frame.$("#chooser");
  if (isKeys) {
    await tabTo(() => document.activeElement.id === "files");
    const isThere = () => chooser.evaluate((one) => document.activeElement === one && one.matches(":focus-visible"));
    for (let tries = 0; tries < 50 && !(await isThere()); tries++) { // the focus comes into the frame a moment later
      if (tries % 10 === 9) await page.keyboard.press("Tab");
      await new Promise((done) => setTimeout(done, 20));
    }
    assert.ok(await isThere());
    await shoot();
  } else assert.ok(Math.min(...(await frame.$eval("label", (label) => { const { width, height } = label.getBoundingClientRect(); return [width, height]; }))) >= 44);
  await chooser.uploadFile(...files); // the dialogue itself is the browser's own
  await page.waitForFunction((count) => shell.visit.files.filter(({ kind }) => kind !== "any").length === count, { polling: 100, timeout: 60_000 }, files.length);
  await choose("Go on");
  for (const place of files.keys()) {
    await arrive("per_file");
    await answer(place === 0 ? "yes" : "no");
  }
  await arrive("review", "inner");
  while ((await at()) === "inner") await answer("as_it_is");
  await arrive("review");
  for (const place of [0, 1, 2, 3]) {
    if (isKeys) {
      await tabTo((which) => document.activeElement === document.querySelectorAll("#screen input[type=checkbox]")[which], place);
      await page.keyboard.press("Space");
    } else await tap(await page.evaluateHandle((which) => document.querySelectorAll("#screen input[type=checkbox]")[which].closest("label"), place));
  }
  await choose("This is right, go on");
  await arrive("codes");
  const [number, pin] = await page.$$eval(".codes dd", (codes) => codes.map((code) => code.textContent));
  await choose("Go on");
  await arrive("check_note");
  await fill("field-case_number", number);
  await fill("field-pin", pin);
  await choose("Check and go on");
  await arrive("send");
  await choose("Send now");
  await arrive("sent", "not_sent", "refused", "not_confirmed", "own_fault");
  assert.equal(await at(), "sent");
  await choose("What next");
  await arrive("what_next");
  await choose("Back to your list");
  await arrive("LIST");
  await shoot();
  if (isKeys) {
    const words = await inLanguage("Forget everything");
    await tabTo((wanted) => document.activeElement.matches("footer button") && document.activeElement.textContent === wanted, words);
    await page.keyboard.press("Enter");
    await arrive("forget");
  } else {
    await tap((await page.$$("footer button")).at(-1));
    await arrive("forget");
  }
  await choose("Forget everything");
  await arrive("ended");
  await shoot();
  await page.goto("about:blank");
  await page.goto(address);
  await page.select(".language", language);
  await choose("I already have a case number");
  await fill("field-case_number", number);
  await fill("field-pin", pin);
  await choose("Look");
  await arrive("status");
  await choose("Take it back");
  await arrive("withdraw");
  await choose("Take it back");
  await arrive("withdrawn");
  await shoot();
  process.stdout.write(`the whole way by ${way}: ${steps} screenshots in ${folder}\n`);
});
