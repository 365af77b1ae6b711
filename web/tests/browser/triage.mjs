// Walk every path of the questions in the built page, by one script inside it: node tests/browser/triage.mjs PAGE [ANSWERS]
// ANSWERS, JSON, fixes those of some questions. Writes JSON: of each path its answers, the screens shown on the way, where it ended, and the names of the tasks listed there.
import process from "node:process";
import { pathToFileURL } from "node:url";

import puppeteer from "puppeteer-core";

/** Runs in the page: it fills in the page's own forms and presses its own buttons. */
function walk(fixed) {
  // A browser lets a page take 200 steps of history in ten seconds, so the steps are counted here.
  let depth = 0;
  history.pushState = (state) => {
    depth = state;
  };
  const back = (to) => {
    depth = to;
    dispatchEvent(new PopStateEvent("popstate", { state: to }));
  };
  const main = document.querySelector("main");
  const at = () => main.dataset.at;
  const found = [];
  const choices = () => [...main.querySelectorAll("form input[type=radio]")].map(({ value }) => value).filter((value) => (fixed[at()] ?? value) === value);
  const answer = (value) => {
    main.querySelector(`form input[type=radio][value=${value}]`).click();
    main.querySelector("form [type=submit]").click();
  };
  /** Answer, go on past what is shown on the way, and give its ids. */
  const follow = (value) => {
    const shown = [];
    answer(value);
    while (["emergency", "safer_device", "professional"].includes(at())) {
      shown.push(at());
      main.querySelector(".acts .btn--go").click();
    }
    return shown;
  };
  const begin = (path) => {
    back(0);
    if (at() !== "start") throw new Error(`at ${at()} after all was forgotten`);
    main.querySelector(".doors button").click();
    for (const [question, value] of path) {
      if (at() !== question) throw new Error(`at ${at()}, not ${question}`);
      follow(value);
    }
  };
  const from = (path, shown) => {
    const question = at();
    const here = depth;
    for (const value of choices()) {
      if (at() !== question || depth !== here) throw new Error(`at ${at()} and not back at ${question}`);
      const longer = [...path, [question, value]];
      const seen = [...shown, ...follow(value)];
      if (choices().length > 0) from(longer, seen);
      else {
        const tasks = [...main.querySelectorAll(".tasks > li > button")].map((button) => button.textContent);
        found.push({ answers: Object.fromEntries(longer), shown: seen, end: at(), tasks });
      }
      if (at() === "HAND_OFF") begin(path); // which forgets all
      else back(here);
    }
  };
  begin([]);
  from([], []);
  return JSON.stringify(found);
}

const browser = await puppeteer.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--lang=en"] });
try {
  const page = await browser.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.goto(pathToFileURL(process.argv[2]).href);
  await page.select(".language", "en");
  process.stdout.write(await page.evaluate(walk, JSON.parse(process.argv[3] ?? "{}")));
  if (faults.length > 0) throw new Error(faults[0]);
} finally {
  await browser.close();
}
