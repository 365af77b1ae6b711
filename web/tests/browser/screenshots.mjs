// Write screenshots of every screen, or of the few that stand in the documents.
// node tests/browser/screenshots.mjs FOLDER [LANGUAGES [WIDTHS [THEMES [NAMES [ENGINE [SETTINGS]]]]]], lists with commas; or FOLDER docs
// ENGINE: chromium or firefox. SETTINGS: JSON, such as {"text":"larger"}.
import { mkdirSync } from "node:fs";
import process from "node:process";

import { everyScreen, opened } from "./every_screen.mjs";

const [folder, languages = "en,ar", widths = "390,1280", themes = "light,dark", names = "", engine = "chromium", settings = "{}"] = process.argv.slice(2);
const IN_DOCS = [
  { name: "start", language: "en", width: 1280, height: 860, theme: "light" },
  { name: "start", language: "ar", width: 390, height: 844, theme: "dark" },
  { name: "LIST", language: "en", width: 390, height: 844, theme: "light" },
  { name: "choose_files", language: "en", width: 1280, height: 860, theme: "light" },
  { name: "per_file-1", language: "en", width: 390, height: 844, theme: "dark" },
  { name: "codes", language: "ar", width: 390, height: 844, theme: "light" },
];
const wanted = names.split(",").filter((name) => name !== "");
mkdirSync(folder, { recursive: true });

/** The shots of a screen: in which language, how wide and high, in what theme. */
function shotsOf(name) {
  if (languages === "docs") return IN_DOCS.filter((shot) => shot.name === name);
  if (wanted.length > 0 && !wanted.includes(name)) return [];
  return widths.split(",").map(Number).flatMap((width) => languages.split(",").flatMap((language) => themes.split(",").map((theme) => ({ language, width, theme }))));
}

await opened(async (all) => {
  const { page } = all;
  let count = 0;
  const missed = await everyScreen(all, async (name) => {
    for (const { language, width, theme, height } of shotsOf(name)) {
      await page.setViewport({ width, height: height ?? (width < 600 ? 844 : 800) });
      if (engine === "chromium") await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
      const set = { ...(engine === "chromium" ? {} : { theme }), ...JSON.parse(settings) };
      await page.evaluate((code, given) => { Object.assign(shell.settings, given); shell.speak(code); document.activeElement.blur(); scrollTo(0, 0); }, language, set);
      await page.evaluate(() => new Promise((drawn) => { requestAnimationFrame(() => { setTimeout(drawn, 30); }); })); // the frame says its height
      const kind = height === undefined ? { path: `${folder}/${name}-${language}-${width}-${theme}.png`, fullPage: true } : { path: `${folder}/${name}-${language}-${theme}.webp`, type: "webp", quality: 60 };
      await page.screenshot(kind);
      count++;
    }
    await page.evaluate(() => { shell.speak("en"); });
  });
  process.stdout.write(`${count} screenshots in ${folder}; not shown: ${missed.join(" ") || "none"}\n`);
}, engine);
