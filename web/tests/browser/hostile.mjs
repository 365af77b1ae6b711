// A visit that is told line by line what to do, against a service that misbehaves: node tests/browser/hostile.mjs ENGINE ADDRESS PICTURE
// Each line of the input is a list, `[what, ...]`; each line of the output says where the page stands then.
import process from "node:process";
import { createInterface } from "node:readline";

import { Visiting, launched } from "./visiting.mjs";

const [engine, address, picture] = process.argv.slice(2);
const browser = await launched(engine);
let [context, page, visiting] = [];

/** A tab with connections of its own: a browser holds some back for a while where an answer was broken off. */
async function begun() {
  await context?.close();
  context = await browser.createBrowserContext();
  page = await context.newPage();
  await page.evaluateOnNewDocument(() => {
    const wait = window.setTimeout;
    window.hurry = 10; // what is waited for a minute is waited for six seconds
    window.setTimeout = (does, time, ...more) => wait(does, time > 100 ? time / window.hurry : time, ...more);
  });
  visiting = new Visiting(page);
  await page.goto(address);
  await visiting.arrive("start");
}

/** Press, and wait until it came to something: whatever comes is drawn anew. */
async function pressed(words) {
  await page.evaluate(() => {
    for (const each of document.querySelector("#screen").children) each.dataset.old = "";
  });
  await visiting.choose(words);
  await page.waitForFunction(() => document.querySelector("#screen > [data-old]") === null && document.querySelector("main").dataset.at !== "sending", { polling: 20 });
}

const DEEDS = {
  start: begun,
  /** As far as what the service is asked first. */
  limits: async () => {
    await visiting.choose("Start");
    await visiting.answer("yes", "private", "all_adult", "me", "yes", "no", "threat", "here");
    await visiting.choose("Make fingerprints");
    await visiting.arrive("limits");
  },
  review: async () => {
    await visiting.arrive("choose_files");
    await visiting.toHashing(picture);
    await visiting.arrive("review", "inner");
    while ((await visiting.at()) === "inner") await visiting.answer("as_it_is");
  },
  codes: () => visiting.toCodes(),
  send: () => visiting.toSend(),
  hurry: (times) => page.evaluate((often) => (window.hurry = often), times),
  press: pressed,
  ask: async (number, pin) => {
    await visiting.type("case_number", number);
    await visiting.type("pin", pin);
    await pressed("Look");
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [what, ...more] = JSON.parse(line);
  let told;
  try {
    const got = await DEEDS[what](...more);
    told = { at: await visiting.at(), truth: await visiting.truth(), words: await visiting.words(), got, faults: visiting.faults };
  } catch (error) {
    told = { at: `fault: ${String(error)} at ${await visiting.at().catch(() => "nowhere")}`, truth: "", words: "", faults: visiting.faults };
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
await browser.close();
