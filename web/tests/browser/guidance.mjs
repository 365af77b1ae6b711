// What Python writes for the page, for tests; in the page itself it stands shorter.
import { execFileSync } from "node:child_process";

import { compact } from "../../build/compact.mjs";

/** As `hashclient.guidance.export` describes it. */
export const guidance = JSON.parse(execFileSync(".venv/bin/python", ["-m", "hashclient.guidance.export"], { cwd: new URL("../../..", import.meta.url), encoding: "utf8", maxBuffer: 2 ** 26 }));

/** The words of a language for an English sentence, or for the first that begins so, without fields. */
export function wordsOf(english, code) {
  const { strings } = guidance;
  const exact = strings.en.indexOf(english);
  return strings[code][exact >= 0 ? exact : strings.en.findIndex((each) => typeof each === "string" && each.startsWith(english))];
}

/** A page whose guidance was changed: `change` gets the table, and may write into it. */
export function withGuidance(html, change) {
  const table = structuredClone(guidance);
  change(table);
  const [, words] = /<noscript>(.*?)<\/noscript>/s.exec(html);
  return html.replace(/(?<=id="guidance">).*?(?=<\/script>)/s, () => compact(table, words).replaceAll("<", "\\u003c"));
}
