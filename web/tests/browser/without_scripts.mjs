// Read the built page with scripts off, by keyboard, in Chromium and Firefox: node tests/browser/without_scripts.mjs FOLDER
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

import puppeteer from "puppeteer-core";

const [folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const address = pathToFileURL("../hashclient/page/page.html").href;
const ENGINES = {
  chromium: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] },
  firefox: { browser: "firefox", executablePath: "/usr/bin/firefox-esr", extraPrefsFirefox: { "javascript.enabled": false } },
};

for (const [engine, options] of Object.entries(ENGINES)) {
  const browser = await puppeteer.launch(options);
  try {
    const page = await browser.newPage();
    if (engine === "chromium") await page.setJavaScriptEnabled(false);
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    const press = async (...keys) => {
      for (const key of keys) await page.keyboard.press(key);
      await new Promise((done) => setTimeout(done, 300));
    };
    await page.setViewport({ width: 390, height: 844 });
    // Exit is first, then the other languages, each under a name that tells nothing.
    const pictures = new Map();
    for (const [tabs, fragment] of [[2, "#p1"], [3, "#p2"], [4, "#p3"]]) {
      await page.goto("about:blank");
      await page.goto(address);
      await press(...Array(tabs).fill("Tab"), "Enter");
      assert.equal(page.url(), `${address}${fragment}`, engine);
      pictures.set(fragment, await page.screenshot({ path: `${folder}/${engine}-${fragment.slice(1)}.png`, encoding: "base64" }));
    }
    assert.equal(new Set(pictures.values()).size, 3, engine);
    for (const fragment of ["#p0", "#p3"]) {
      await page.goto("about:blank");
      await page.goto(`${address}${fragment}`);
      for (const width of [390, 1280]) {
        await page.setViewport({ width, height: 844 });
        await page.screenshot({ path: `${folder}/${engine}-${fragment.slice(1)}-${width}.png` });
      }
    }
    await page.goto("about:blank");
    await page.goto(address);
    await press("Tab", "Enter");
    assert.equal(page.url(), "about:blank", engine);
    if (engine === "chromium") {
      // Its tools can look into a document that may not run scripts.
      await page.goto(address);
      await page.setViewport({ width: 320, height: 844 });
      const found = await page.evaluate(() => {
        const links = [...document.querySelectorAll("a")];
        for (const details of document.querySelectorAll("details")) details.open = true;
        return {
          isShown: document.querySelector("section[lang=ar]").getBoundingClientRect().height > 1000,
          isPageHidden: document.querySelector("#page").getBoundingClientRect().height === 0,
          tooWide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          telling: links.filter(({ href, rel }) => /^https?:/.test(href) && rel !== "noreferrer").length,
          others: links.filter(({ href }) => /^https:/.test(href)).length,
          dead: links.filter(({ hash, protocol }) => protocol === "file:" && document.querySelector(hash) === null).length,
          small: links.filter((link) => link.getBoundingClientRect().height < 44).map(({ textContent }) => textContent),
          title: document.title,
        };
      });
      assert.ok(found.others > 150);
      assert.deepEqual(found, { ...found, isShown: true, isPageHidden: true, tooWide: 0, telling: 0, dead: 0, small: [], title: "Notes" });
    }
    assert.deepEqual(asked.filter((url) => !/^(file:|about:|blob:|data:)/.test(url)), [], engine);
  } finally {
    await browser.close();
  }
}
process.stdout.write("read without scripts\n");
