// Judge every screen: axe, the size of what is pressed, no overflow; languages, themes, and what a person may have set.
// node tests/browser/look.mjs REPORT: writes a JSON object of faults by kind, and how many screens were seen.
import { writeFileSync } from "node:fs";
import process from "node:process";

import { axeSource, everyScreen, filesFrame, opened } from "./every_screen.mjs";

const [report] = process.argv.slice(2);
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const COLOURS = ["color-contrast", "link-in-text-block"]; // what a theme can change
const faults = { axe: [], targets: [], overflow: [] };
const undecided = new Set();
let states = 0;

/** Run axe in a document: violations as text. */
const judged = (place, options, name) => place.evaluate(async (given) => {
  const { violations, incomplete } = await window.axe.run(document, { ...given, iframes: false, resultTypes: ["violations", "incomplete"] });
  const words = ({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target.join(" ")}${any[0] === undefined ? "" : ` (${any[0].message})`}`);
  return { violations: violations.flatMap(words), incomplete: incomplete.map(({ id }) => id) };
}, options).then(({ violations, incomplete }) => {
  faults.axe.push(...violations.map((each) => `${name}: ${each}`));
  for (const id of incomplete) undecided.add(id);
});

/** What is wider than the window, and what is pressed and smaller than 44 px. */
const measured = (place) => place.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const small = [];
  for (const one of document.querySelectorAll("a[href], button, select, summary, textarea, input, label:has(input)")) {
    const pressed = one.closest("label") ?? one;
    if (one.type === "file" || !one.checkVisibility({ visibilityProperty: true }) || one.classList.contains("hidden")) continue;
    const { width, height } = pressed.getBoundingClientRect();
    if (Math.min(width, height) < 44 - 0.01) small.push(`${one.tagName.toLowerCase()} "${(one.textContent || one.id).trim().slice(0, 30)}" ${Math.round(width)} x ${Math.round(height)}`);
  }
  return { over: scrollWidth - clientWidth, small };
});

await opened(async (all) => {
  const { page } = all;
  const axe = axeSource();
  const languages = await page.evaluate(() => Object.keys(shell.table.languages));
  await page.evaluate(axe);
  let inFrame;
  const missed = await everyScreen(all, async (name) => {
    const hasFrame = await page.evaluate(() => !document.getElementById("files").hidden);
    if (hasFrame && inFrame === undefined) await (inFrame = await filesFrame(page)).evaluate(axe);
    const set = (language, settings) => page.evaluate((code, given) => { Object.assign(shell.settings, given); shell.speak(code); document.activeElement.blur(); }, language, settings);
    for (const language of languages) {
      const at = `${name} ${language}`;
      states++;
      await set(language, { theme: "light", text: "normal" });
      await judged(page, { runOnly: { type: "tag", values: TAGS } }, `${at} light`);
      if (hasFrame) await judged(inFrame, { runOnly: { type: "tag", values: TAGS }, rules: { region: { enabled: false }, "page-has-heading-one": { enabled: false }, "landmark-one-main": { enabled: false } } }, `${at} frame light`);
      await set(language, { theme: "dark" });
      await judged(page, { runOnly: { type: "rule", values: COLOURS } }, `${at} dark`);
      if (hasFrame) await judged(inFrame, { runOnly: { type: "rule", values: COLOURS } }, `${at} frame dark`);
    }
    await page.setViewport({ width: 320, height: 640 });
    for (const language of languages) {
      for (const text of ["normal", "larger"]) {
        await set(language, { theme: "light", text });
        for (const [place, what] of [[page, ""], ...(hasFrame ? [[inFrame, " frame"]] : [])]) {
          const { over, small } = await measured(place);
          if (over > 0) faults.overflow.push(`${name} ${language} ${text}${what}: ${over} px`);
          if (text === "normal") faults.targets.push(...small.map((each) => `${name} ${language}${what}: ${each}`));
        }
      }
    }
    await page.setViewport({ width: 1280, height: 800 });
    await set("en", { text: "normal", theme: "light" });
  });
  const short = Object.fromEntries(Object.entries(faults).map(([kind, list]) => [kind, list]));
  writeFileSync(report, JSON.stringify({ states, missed, undecided: [...undecided], ...short }, undefined, 1));
});
