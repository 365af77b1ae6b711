// Write screenshots of every screen: node tests/browser/screenshots.mjs FOLDER [LANGUAGES [WIDTHS [THEMES [NAMES]]]], lists with commas.
import { mkdirSync } from "node:fs";
import process from "node:process";

import { everyScreen, opened } from "./every_screen.mjs";

const [folder, languages = "en,ar", widths = "390,1280", themes = "light,dark", names = ""] = process.argv.slice(2);
const wanted = names.split(",").filter((name) => name !== "");
mkdirSync(folder, { recursive: true });
await opened(async (all) => {
  const { page } = all;
  let count = 0;
  const missed = await everyScreen(all, async (name) => {
    if (wanted.length > 0 && !wanted.includes(name)) return;
    for (const width of widths.split(",").map(Number)) {
      await page.setViewport({ width, height: width < 600 ? 844 : 800 });
      for (const language of languages.split(",")) {
        for (const theme of themes.split(",")) {
          await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
          await page.evaluate((code) => { shell.speak(code); document.activeElement.blur(); scrollTo(0, 0); }, language);
          await page.screenshot({ path: `${folder}/${name}-${language}-${width}-${theme}.png`, fullPage: true });
          count++;
        }
      }
    }
    await page.evaluate(() => { shell.speak("en"); });
  });
  process.stdout.write(`${count} screenshots in ${folder}; not shown: ${missed.join(" ") || "none"}\n`);
});
