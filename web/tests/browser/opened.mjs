// A browser with a page of tests: the frame and the room as the page has them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

import puppeteer from "puppeteer-core";

import { harness } from "../../build/page.mjs";
import { openedInWebKit } from "./webkit.mjs";

const LAUNCH = {
  chromium: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--enable-unsafe-swiftshader"] },
  firefox: { browser: "firefox", executablePath: "/usr/bin/firefox-esr" },
};

/**
 * Open a page of tests in a browser, from a file; with ON_SCREEN set it needs a screen: Firefox has no WebGL without one.
 *
 * @param {"chromium" | "firefox"} engine
 * @param {Parameters<typeof harness>[0]} options
 * @param {(page: import("puppeteer-core").Page, frame: import("puppeteer-core").Frame) => Promise<void>} use
 */
export async function opened(engine, options, use) {
  process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
  const folder = mkdtempSync(join(tmpdir(), "hashclient-room-"));
  const browser = await puppeteer.launch({ headless: !process.env.ON_SCREEN, protocolTimeout: 300_000, ...LAUNCH[engine] });
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

/**
 * Open a page of tests in any of three engines, in terms that all of them have.
 *
 * @param {"chromium" | "firefox" | "webkit"} engine
 * @param {Parameters<typeof harness>[0]} options
 * @param {(room: { choose(paths: string[]): Promise<void>, run(script: Function, ...args: unknown[]): Promise<unknown>,
 *   until(script: Function, timeout: number, ...args: unknown[]): Promise<unknown> }) => Promise<void>} use
 */
export async function openedRoom(engine, options, use) {
  if (engine !== "webkit") {
    await opened(engine, options, async (page, frame) => {
      const chooser = await frame.$("#chooser");
      await use({
        choose: (paths) => chooser.uploadFile(...paths),
        run: (script, ...args) => page.evaluate(script, ...args),
        until: async (script, timeout, ...args) => (await page.waitForFunction(script, { timeout, polling: 50 }, ...args)).jsonValue(),
      });
    });
    return;
  }
  process.chdir(fileURLToPath(new URL("../..", import.meta.url)));
  const folder = mkdtempSync(join(tmpdir(), "hashclient-room-"));
  try {
    const file = join(folder, "page.html");
    writeFileSync(file, harness(options));
    await openedInWebKit(pathToFileURL(file).href, async (session) => {
      await session.until(() => window.said?.some((one) => "ready" in one), 30_000);
      await use({
        choose: async (paths) => {
          await session.look("iframe");
          await session.choose("#chooser", paths);
          await session.look();
        },
        run: (script, ...args) => session.run(script, ...args),
        until: (script, timeout, ...args) => session.until(script, timeout, ...args),
      });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Wait until so many files have ended, and return what was said of each last. */
export async function ended(room, first, last) {
  return JSON.parse(
    await room.until(
      (from, to) => {
        const ends = new Map(window.said.filter((one) => "found" in one || "refused" in one).map((one) => [one.file, one]));
        const wanted = [];
        for (let file = from; file <= to; file++) {
          if (!ends.has(file)) return false;
          wanted.push(ends.get(file));
        }
        return JSON.stringify(wanted);
      },
      200_000,
      first,
      last,
    ),
  );
}

/** Ask for the hashes of a file that was chosen. */
export async function make(room, work, file) {
  await room.run((message) => { window.frames[0].postMessage(message, "*"); }, { file, make: work });
}
