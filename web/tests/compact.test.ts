/** What the build shortens is what Python wrote, once the page has read it; and the document for browsers without scripts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";

// @ts-expect-error -- the build is JavaScript
import { compact as shortened, read as readByThePage } from "../build/compact.mjs";
// @ts-expect-error -- the build is JavaScript
import { withoutScripts as written } from "../build/without_scripts.mjs";
import { readGuidance } from "../src/page/compact";
import { type Guidance, Speech } from "../src/page/guidance";

interface Exported {
  readonly strings: Readonly<Record<string, readonly (string | readonly string[])[]>>;
  readonly countries: Readonly<Record<string, unknown>>;
}

const compact = shortened as (table: Exported, document: string) => string;
const ofThePage = readByThePage as (table: Exported) => object;
const withoutScripts = written as (table: Exported) => string;
const table = JSON.parse(execFileSync(".venv/bin/python", ["-m", "hashclient.guidance.export"], { encoding: "utf8", maxBuffer: 1 << 26, cwd: ".." })) as Exported;
const document = withoutScripts(table);
const full = table as unknown as Guidance;

describe("the guidance in the page", () => {
  test("says all that Python wrote, but for names that a browser knows", () => {
    const read = readGuidance(compact(table, document), document);
    assert.deepEqual(read, { ...ofThePage(table), countries: { codes: table.countries["codes"] } });
  });

  test("leaves no country and no language of a service without a name", () => {
    for (const code of Object.keys(full.languages)) {
      const speech = new Speech(full, code);
      for (const country of full.countries.codes.split(" ")) assert.notEqual(speech.country(country), country);
      for (const language of full.services.rows.flatMap(({ languages = "" }) => languages.split(" "))) assert.ok(language === "" || speech.language(language) !== language, language);
    }
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
    assert.deepEqual(readGuidance(compact(made, "<p>twice twice<p>a &amp; b &lt;c&gt;</p>"), "<p>twice twice<p>a &amp; b &lt;c&gt;</p>"), { ...ofThePage(made), countries: { codes: table.countries["codes"] } });
  });
});

describe("the document for browsers without scripts", () => {
  const sections = document.split("<section ").slice(1);

  test("has a section a language, each with the exit first and its screens in order", () => {
    assert.deepEqual(sections.map((section) => /^lang="(\w+)" dir="(\w+)"/.exec(section)!.slice(1).join(" ")), ["en ltr", "es ltr", "fr ltr", "ar rtl"]);
    for (const [place, code] of Object.keys(full.languages).entries()) {
      const { say } = { say: (reference: Parameters<Speech["say"]>[0]): string => new Speech(full, code).say(reference) };
      const section = sections[place]!;
      assert.equal(/<a [^>]*>([^<]*)</.exec(section)![1], say(full.bar["exit"]));
      const headings = [...section.matchAll(/<h[12]>([^<]*)</g)].map(([, words]) => words);
      const [start, help, , talk, , limits, others] = full.no_script.map((id) => full.screens[id]?.title);
      const door = full.screens["start"]!.choices!.find(({ to }) => to === "HAND_OFF")!.words;
      assert.deepEqual(headings, [start, help, door, talk, full.actions.title, limits, others].map(say));
      assert.deepEqual(full.no_script, ["start", "help_now", "HAND_OFF", "talk", "actions", "limits_only", "others_see"]);
    }
  });

  test("names every service that anybody is shown, in every language", () => {
    const shown = new Set([full.services.under_18, full.services.adult].flatMap((lists) => Object.values(lists).flatMap((order) => ("length" in order ? (order as number[]) : Object.values(order).flat()))));
    assert.ok(shown.size > 20);
    for (const section of sections) {
      for (const place of shown) {
        const { name, url } = full.services.rows[place]!;
        assert.ok(section.includes(`>${name}<`), name);
        assert.ok(url === undefined || section.includes(`<a href="${url}" rel="noreferrer">`), url);
      }
    }
  });

  test("keeps every telephone number in its order, in Arabic too", () => {
    const numbers = new Set(full.services.rows.flatMap(({ phone = [] }) => phone));
    for (const section of sections) {
      const told = [...section.matchAll(/<bdi dir="ltr">([^<]*)<\/bdi>/g)].map(([, number]) => number!);
      assert.ok(told.length > 20);
      assert.deepEqual(told.filter((number) => !numbers.has(number)), []);
      assert.ok(!/\+\d/.test(section.replace(/<bdi.*?<\/bdi>/g, "")));
    }
  });

  test("says nothing that only a script makes true", () => {
    assert.ok(!document.includes("Shift"));
    assert.ok(!document.includes("{"));
  });
});
