// A browser with a page of tests: the frame and the room as the page has them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

import puppeteer from "puppeteer-core";

import { harness } from "../../build/page.mjs";

const LAUNCH = {
  chromium: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--enable-unsafe-swiftshader"] },
  firefox: { browser: "firefox", executablePath: "/usr/bin/firefox-esr" },
};

/**
 * Open a page of tests in a browser, from a file.
 *
 * @param {"chromium" | "firefox"} engine
 * @param {Parameters<typeof harness>[0]} options
 * @param {(page: import("puppeteer-core").Page, frame: import("puppeteer-core").Frame) => Promise<void>} use
 */
export async function opened(engine, options, use) {
  process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
  const folder = mkdtempSync(join(tmpdir(), "hashclient-room-"));
  const browser = await puppeteer.launch({ headless: true, protocolTimeout: 300_000, ...LAUNCH[engine] });
  try {
    const file = join(folder, "page.html");
    writeFileSync(file, harness(options));
    const page = await browser.newPage();
    page.on("pageerror", (error) => process.stderr.write(`${String(error)}\n`));
    page.on("console", (message) => process.stderr.write(`${message.text()}\n`));
    await page.goto(pathToFileURL(file).href);
    await said(page, "ready");
    const frame = page.frames().find((one) => one !== page.mainFrame());
    await frame.waitForSelector("#chooser");
    await use(page, frame);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

/** Wait until the frame said something with a field, and return the first such message. */
export async function said(page, field) {
  await page.waitForFunction((name) => window.said?.some((one) => name in one), { timeout: 30_000, polling: 50 }, field);
  return page.evaluate((name) => window.said.find((one) => name in one), field);
}
