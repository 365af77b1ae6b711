// A visit to the built page in a real browser: what tests of its walls press, type and read.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import puppeteer from "puppeteer-core";

export { sleep };
export const PAGE = fileURLToPath(new URL("../../../hashclient/page/page.html", import.meta.url));
const PATIENCE_MS = 100_000;
const LAUNCH = {
  chromium: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--enable-unsafe-swiftshader"] },
  firefox: { browser: "firefox", executablePath: "/usr/bin/firefox-esr" },
};

/** Start a browser; `args` are added to those of the engine. */
export function launched(engine, { args = [], ...options } = {}) {
  return puppeteer.launch({ headless: true, protocolTimeout: 120_000, ...LAUNCH[engine], ...options, args: [...(LAUNCH[engine].args ?? []), ...args] });
}

/** The built page made for one service, as `hashclient.page.page_for` makes it. */
export function pageFor(origin, page = readFileSync(PAGE, "utf8")) {
  return page.replace("connect-src https: http://127.0.0.1:*", `connect-src ${origin}`).replace('id="service">null<', `id="service">{"origin":"${origin}"}<`);
}

/** Serve on a free port of this device: `answers(path, request, body)` gives a body, or `[status, headers, body]`; else it is not found. */
export async function serving(answers) {
  const server = createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const answer = answers(request.url, request, Buffer.concat(pieces));
    const [status, headers, body] = Array.isArray(answer) ? answer : answer === undefined ? [404, {}, ""] : [200, { "content-type": "text/html; charset=utf-8" }, answer];
    response.writeHead(status, headers).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { origin: `http://127.0.0.1:${server.address().port}`, end: () => (server.closeAllConnections(), server.close()) };
}

/** In each frame with files: what is asked of its room waits until `release()`. */
export function holdingRooms() {
  if (self === top) return;
  const Plain = self.Worker;
  let [room, held] = [undefined, []];
  self.Worker = class extends Plain {
    constructor(...all) {
      super(...all);
      room = this;
    }
    postMessage(message, ...rest) {
      if (held !== undefined && "make" in message) held.push(message);
      else super.postMessage(message, ...rest);
    }
  };
  self.release = () => {
    const waiting = held;
    held = undefined;
    for (const message of waiting) room.postMessage(message);
  };
}

/** One tab with the page. */
export class Visiting {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    this.faults = [];
    page.on("pageerror", (error) => {
      if (!/Content-Security-Policy: .*favicon\.ico/.test(String(error))) this.faults.push(String(error)); // so Firefox says that the policy held
    });
  }

  at() {
    return this.page.$eval("main", (main) => main.dataset.at);
  }

  truth() {
    return this.page.$eval(".truth span", (line) => line.textContent);
  }

  words() {
    return this.page.$eval("#page", (page) => page.innerText);
  }

  /** All that the page shows, to compare, but for the height of the frame: it says that when it is drawn. */
  whole() {
    return this.page.evaluate(() => `${document.getElementById("page").outerHTML.replace(/ style="block-size: [\d.]+px;"/, "")}${history.length}${location.href}`);
  }

  frame() {
    return this.page.frames().find((each) => each !== this.page.mainFrame() && each.parentFrame() === this.page.mainFrame() && each.url() === "about:srcdoc");
  }

  async arrive(...ids) {
    await this.page.waitForFunction((wanted) => wanted.includes(document.querySelector("main")?.dataset.at), { polling: 20 }, ids);
    return this.at();
  }

  /** One step back in the history, until the page has drawn what is there. */
  back() {
    return this.page.evaluate(() => new Promise((done) => {
      addEventListener("popstate", () => done(), { once: true });
      history.back();
    }));
  }

  /** Press what begins with some words. */
  async choose(words, where = "#screen button") {
    const isThere = await this.page.evaluate(
      (wanted, selector) => {
        const one = [...document.querySelectorAll(selector)].find((each) => each.textContent.startsWith(wanted));
        one?.click();
        return one !== undefined;
      },
      words,
      where,
    );
    assert.ok(isThere, `no ${words} at ${await this.at()}`);
  }

  async answer(...values) {
    for (const value of values) {
      await this.page.evaluate((wanted) => {
        document.querySelector(`#screen input[value="${wanted}"]`).click();
        document.querySelector("#screen form").requestSubmit();
      }, value);
    }
  }

  /** Type into a field, as a keyboard does. */
  async type(field, words) {
    await this.page.$eval(`#field-${field}`, (each) => each.select());
    await this.page.type(`#field-${field}`, words);
  }

  /** From `start` to `choose_files`. */
  async toFiles() {
    await this.choose("Start");
    await this.answer("yes", "private", "all_adult", "me", "yes", "no", "threat", "here");
    await this.choose("Make fingerprints");
    if ((await this.at()) === "no_service") await this.choose("Save as a file");
    await this.choose("I understand, go on");
    await this.arrive("choose_files");
  }

  /** Choose files, and answer what is asked of each, up to `hashing`. */
  async toHashing(...files) {
    const frame = this.frame();
    const chooser = await frame.waitForSelector("#chooser:enabled");
    await chooser.uploadFile(...files);
    await this.goOnWith(files.length);
    while ((await this.at()) === "per_file") await this.answer("no");
  }

  /** So many files stand in the list, and the page knows of each. */
  listed(count) {
    return this.frame().waitForFunction((rows) => document.querySelectorAll("li").length === rows && [...document.querySelectorAll("li > span")].every((state) => state.textContent !== ""), { polling: 20 }, count);
  }

  /** Go on once so many files are listed: the page waits for what is still looked at. */
  async goOnWith(count) {
    await this.listed(count);
    await this.choose("Go on");
    await this.arrive("per_file", "hashing", "none_usable", "review");
  }

  /** From `review` to `codes`: number and PIN. */
  async toCodes() {
    await this.page.evaluate(() => {
      for (const box of document.querySelectorAll("#screen input[type=checkbox]:not(:checked)")) box.click();
    });
    await this.choose("This is right, go on");
    await this.arrive("codes");
    return this.page.$$eval(".codes dd", (codes) => codes.map((code) => code.textContent));
  }

  /** From `codes` to `send`. */
  async toSend() {
    await this.choose("Go on");
    await this.choose("I have them on paper");
    await this.arrive("send", "save_now"); // without a service it becomes a file
  }

  async forget() {
    await this.choose("Forget everything", "footer button");
    await this.choose("Forget everything");
    await this.arrive("ended");
  }
}

/** Run checks by name, one after the other, and write how each ended: the last line of the output. */
export class Lines {
  constructor() {
    this.ends = {};
  }

  async line(name, check) {
    try {
      await check();
      this.ends[name] = "";
    } catch (error) {
      this.ends[name] = error instanceof Error ? (error.stack ?? error.message).slice(0, 900) : String(error);
    }
  }

  tell() {
    process.stdout.write(`${JSON.stringify(this.ends)}\n`);
  }
}
