/** What the build shortens is what Python wrote, once the page has read it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";

// @ts-expect-error -- the build is JavaScript
import { compact as shortened } from "../build/compact.mjs";
// @ts-expect-error -- the build is JavaScript
import { withoutScripts as written } from "../build/without_scripts.mjs";
import { readGuidance } from "../src/page/guidance";

interface Exported {
  readonly strings: Readonly<Record<string, readonly (string | readonly string[])[]>>;
  readonly countries: Readonly<Record<string, unknown>>;
}

const compact = shortened as (table: Exported, document: string) => string;
const withoutScripts = written as (table: Exported) => string;
const table = JSON.parse(execFileSync(".venv/bin/python", ["-m", "hashclient.guidance.export"], { encoding: "utf8", maxBuffer: 1 << 26, cwd: ".." })) as Exported;
const document = withoutScripts(table);

describe("the guidance in the page", () => {
  test("says all that Python wrote, but for names that a browser knows", () => {
    const read = readGuidance(compact(table, document), document);
    assert.deepEqual(read, { ...table, countries: { codes: table.countries["codes"] } });
  });

  test("has no sentence twice", () => {
    const text = compact(table, document);
    for (const [code, strings] of Object.entries(table.strings)) {
      const long = strings.flat().filter((words) => words.length > 60 && document.includes(`>${words}<`));
      assert.ok(long.length > 10, code);
      for (const words of long) assert.ok(!text.includes(words), words);
    }
  });

  test("is right whatever words hold", () => {
    const odd = ["a & b <c>", "]^-\\ $& #1", "one|two", "two\nlines", "", " ", "1", "twice twice twice twice twice", "ā ă"];
    const strings = { en: [...odd, ["form", "forms"]], ar: [...odd, ["واحد", "اثنان"]] };
    const made = { ...table, strings, odd: [{ a: 1, b: [{ a: 2, b: [] }] }, { a: 3, b: ["x"] }, {}] };
    assert.deepEqual(readGuidance(compact(made, "<p>twice twice<p>a &amp; b &lt;c&gt;</p>"), "<p>twice twice<p>a &amp; b &lt;c&gt;</p>"), { ...made, countries: { codes: table.countries["codes"] } });
  });
});
