// Judge every screen: axe, the size of what is pressed, no overflow; languages, themes, and what a person may have set.
// node tests/browser/look.mjs REPORT: writes a JSON object of faults by kind, and how many screens were seen.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

import { axeSource, everyScreen, filesFrame, opened } from "./every_screen.mjs";

const [report] = process.argv.slice(2);
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const COLOURS = ["color-contrast", "link-in-text-block"]; // what a theme can change
const PRINTED = new Set(["codes", "sent"]); // on one sheet
const SET = new Set(["start", "age", "LIST", "choose_files", "inner-3", "review", "codes", "sent", "notice_check-us", "settings"]);
const faults = { axe: [], targets: [], overflow: [], modes: [] };
const undecided = new Map(); // what axe cannot tell, and where it was met first
let states = 0;

/** Run axe in a document: violations as text. */
const judged = (place, options, name) => place.evaluate(async (given) => {
  const { violations, incomplete } = await window.axe.run(document, { ...given, iframes: false, resultTypes: ["violations", "incomplete"] });
  const words = ({ id, nodes }) => nodes.map(({ target, any }) => `${id}: ${target.join(" ")}${any[0] === undefined ? "" : ` (${any[0].message})`}`);
  return { violations: violations.flatMap(words), incomplete: incomplete.filter(({ id }) => id !== "frame-tested").flatMap(words) };
}, options).then(({ violations, incomplete }) => {
  faults.axe.push(...violations.map((each) => `${name}: ${each}`));
  for (const each of incomplete) if (!undecided.has(each)) undecided.set(each, name);
});

/** What is wider than the window, what is pressed and smaller than 44 px, and words on it that are broken within. */
const measured = (place) => place.evaluate(() => {
  const { scrollWidth, clientWidth } = document.documentElement;
  const [small, broken, range] = [[], [], document.createRange()];
  for (const { firstChild: text } of document.querySelectorAll("button, button b, #place label")) {
    for (const { 0: word, index } of text?.nodeType === Node.TEXT_NODE ? text.data.matchAll(/\p{L}+/gu) : []) {
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
    }
  }
  for (const one of document.querySelectorAll("a[href], button, select, summary, textarea, input, label:has(input)")) {
    const pressed = one.closest("label") ?? one;
    if (one.type === "file" || !one.checkVisibility({ visibilityProperty: true }) || one.classList.contains("hidden")) continue;
    const { width, height } = pressed.getBoundingClientRect();
    if (Math.min(width, height) < 44 - 0.01) small.push(`${one.tagName.toLowerCase()} "${(one.textContent || one.id).trim().slice(0, 30)}" ${Math.round(width)} x ${Math.round(height)}`);
  }
  return { over: scrollWidth - clientWidth, small, broken };
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
    const set = (language, settings) => page.evaluate((code, given) => { Object.assign(shell.settings, given); shell.speak(code); document.activeElement.blur(); scrollTo(0, 0); }, language, settings);
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
    if (name === "hashing") faults.modes.push(...await inFrame.evaluate(async () => {
      while (document.getAnimations().length > 0) await new Promise((drawn) => setTimeout(drawn, 20)); // one that is begun anew is never finished
      return [...document.querySelectorAll("li")].filter((row) => getComputedStyle(row, "::before").getPropertyValue("--done") !== row.style.getPropertyValue("--done")).map(({ textContent }) => `the ring does not show: ${textContent}`);
    }));
    if (SET.has(name)) await asSet(page, name, [[page, ""], ...(hasFrame ? [[inFrame, " frame"]] : [])]);
    await page.setViewport({ width: 320, height: 640 });
    for (const language of languages) {
      for (const text of ["normal", "larger"]) {
        await set(language, { theme: "light", text });
        for (const [place, what] of [[page, ""], ...(hasFrame ? [[inFrame, " frame"]] : [])]) {
          const { over, small, broken } = await measured(place);
          faults.overflow.push(...broken.map((word) => `${name} ${language} ${text}${what}: "${word}" is broken`));
          if (over > 0) faults.overflow.push(`${name} ${language} ${text}${what}: ${over} px`);
          if (text === "normal") faults.targets.push(...small.map((each) => `${name} ${language}${what}: ${each}`));
        }
      }
    }
    await page.setViewport({ width: 1280, height: 800 });
    await set("en", { text: "normal", theme: "light" });
  }, ["us", "google"]); // a notice and a checklist: what others ask is made of the same parts
  await leftAlone(page, languages);
  await withoutScripts(all, axe);
  writeFileSync(report, JSON.stringify({ states, missed, undecided: [...undecided].map(([each, at]) => `${at}: ${each}`), ...faults }, undefined, 1));
});

/** The page is covered, and about to forget: what stands there then. */
async function leftAlone(page, languages) {
  for (const language of languages) {
    await page.evaluate((code) => { shell.forget("start"); shell.speak(code); }, language);
    for (const [minutes, is] of [[11, "cover"], [59, "closing"]]) {
      await page.evaluate((late) => { shell.used(); window.idle(late); }, minutes);
      const shown = await page.$eval(".over", (over) => over.dataset.is).catch(() => "nothing");
      if (shown !== is) faults.modes.push(`after ${minutes} minutes there is ${shown}`);
      await judged(page, { runOnly: { type: "tag", values: TAGS }, rules: { region: { enabled: false } } }, `${is} ${language}`);
      await page.click(".over button");
      states++;
    }
  }
}

/** The words that stand there where scripts are off; axe is a script itself, so they stand in a document of their own. */
async function withoutScripts({ page, address, folder }, axe) {
  const [before, words] = readFileSync(fileURLToPath(address), "utf8").split(/<\/?noscript>/);
  writeFileSync(join(folder, "words.html"), `${before}${words}</body></html>`);
  await page.goto(pathToFileURL(join(folder, "words.html")).href);
  await page.evaluate(axe);
  await judged(page, { runOnly: { type: "tag", values: TAGS } }, "no scripts");
  await page.setViewport({ width: 320, height: 640 });
  const { over } = await measured(page);
  if (over > 0) faults.overflow.push(`no scripts: ${over} px`);
  states++;
}

/** What a person may have set in the system: forced colours, more contrast, less motion; and one printed sheet. */
async function asSet(page, name, places) {
  const client = await page.createCDPSession();
  const media = (features) => client.send("Emulation.setEmulatedMedia", { features: Object.entries(features).map(([feature, value]) => ({ name: feature, value })) });
  for (const [place, what] of places) {
    await media({ "forced-colors": "active" });
    const bare = await place.evaluate(() => [...document.querySelectorAll(".btn:not(.btn--words, .exit), .choice label, .tasks li, .card, .codes, #place > label, ol > li:has(> button)")].filter((one) => one.checkVisibility() && (parseFloat(getComputedStyle(one).borderTopWidth) < 1 || getComputedStyle(one).borderTopColor === getComputedStyle(document.documentElement).backgroundColor)).map((one) => one.className || one.tagName));
    faults.modes.push(...bare.map((one) => `${name}${what}: ${one} has no edge in forced colours`));
    await media({ "prefers-contrast": "more" });
    await judged(place, { runOnly: { type: "rule", values: COLOURS } }, `${name}${what} more contrast`);
    const edge = await place.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--edge").trim());
    if (edge !== "2.5px") faults.modes.push(`${name}${what}: edges are ${edge} where more contrast is wanted`);
    await media({ "prefers-reduced-motion": "reduce" });
    const moving = await place.evaluate(() => document.getAnimations().length + [...document.querySelectorAll("*")].filter((one) => [null, "::before"].some((part) => /[1-9]/.test(getComputedStyle(one, part).transitionDuration))).length);
    if (moving > 0) faults.modes.push(`${name}${what}: ${moving} move where less motion is wanted`);
  }
  await client.send("Emulation.setEmulatedMedia", { media: "print", features: [{ name: "prefers-color-scheme", value: "dark" }] });
  for (const theme of ["device", "dark"]) {
    await page.evaluate((which) => { shell.settings.theme = which; shell.draw(false); }, theme);
    const wrong = await page.evaluate(() => [...document.querySelectorAll(".noprint, #screen *:not(svg, path, option)")].filter((one) => one.checkVisibility() && (one.matches(".noprint, .noprint *") || getComputedStyle(one).color !== "rgb(0, 0, 0)")).map((one) => one.outerHTML.slice(0, 80)));
    faults.modes.push(...wrong.map((one) => `${name} ${theme}: printed, or not in black: ${one}`));
  }
  await client.send("Emulation.setEmulatedMedia", { media: "", features: [{ name: "prefers-color-scheme", value: "light" }] });
  await client.detach();
  if (!PRINTED.has(name)) return;
  for (const language of ["en", "ar"]) {
    await page.evaluate((code) => { shell.speak(code); }, language);
    const sheets = Buffer.from(await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    if (sheets !== 1) faults.modes.push(`${name} ${language}: printed on ${sheets} sheets`);
  }
}
