// Measure how soon the page can be used: from navigation to the first button of the start screen, and to the end of the room's self-test.
//
//     node benchmarks/page_open.mjs [TIMES]
//
// Chromium, Firefox, and Chromium with the processor slowed six times; the page is opened from a disk, in a new browser each time.
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const { default: puppeteer } = await import(createRequire(new URL("../web/package.json", import.meta.url)).resolve("puppeteer-core"));
const address = pathToFileURL(fileURLToPath(new URL("../hashclient/page/page.html", import.meta.url))).href;
const times = Number(process.argv[2] ?? 5);
const ENGINES = {
  "Chromium": { options: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] }, slowed: 1, most: 1000 },
  "Firefox": { options: { browser: "firefox", executablePath: "/usr/bin/firefox-esr" }, slowed: 1, most: 1000 },
  "Chromium, slowed six times": { options: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] }, slowed: 6, most: 2500 },
};

/** Runs in the page before its own script: notes when the button is drawn, and when the room says that it is ready. */
function watch() {
  if (window !== window.top) return;
  window.noted = {};
  addEventListener("message", ({ data, source }) => {
    if (source === frames[0] && data !== null && typeof data === "object" && "ready" in data) window.noted.ready ??= performance.now();
  });
  const look = () => {
    const button = document.querySelector("#page:not([hidden]) .doors button");
    if (button === null) requestAnimationFrame(look);
    else requestAnimationFrame(() => (window.noted.usable = performance.now())); // it was drawn in the frame before
  };
  requestAnimationFrame(look);
}

async function opened({ options, slowed }) {
  const browser = await puppeteer.launch(options);
  try {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument(watch);
    if (slowed > 1) await page.emulateCPUThrottling(slowed);
    await page.goto(address);
    await page.waitForFunction(() => window.noted.ready !== undefined && window.noted.usable !== undefined, { timeout: 60_000, polling: 100 });
    return await page.evaluate(() => ({ ...window.noted, parsed: performance.getEntriesByType("navigation")[0].domInteractive }));
  } finally {
    await browser.close();
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
for (const [name, engine] of Object.entries(ENGINES)) {
  const runs = [];
  for (let run = 0; run < times; run++) runs.push(await opened(engine));
  const line = ["parsed", "usable", "ready"].map((what) => `${what} ${median(runs.map((one) => one[what])).toFixed(0)}`).join(", ");
  const both = median(runs.map(({ usable, ready }) => Math.max(usable, ready)));
  process.stdout.write(`${name}: ${line} ms, median of ${times}; both ${both.toFixed(0)} of ${engine.most} ms${both > engine.most ? ": too slow" : ""}\n`);
  if (both > engine.most) process.exitCode = 1;
}
