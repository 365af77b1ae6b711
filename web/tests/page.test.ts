/** The page's pure parts against the guidance that Python writes: every path of the questions, every golden notice. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { type Guidance, Speech } from "../src/page/guidance";
import { type NoticeAnswers, offered, onePlainLine, publicAddress, publicEmail, written } from "../src/page/notice";
import { rowsAdult, rowsUnder18 } from "../src/page/services";
import { type Answers, isListed, planOf, reached, wayOf, withAnswer } from "../src/page/triage";

const PYTHON = ".venv/bin/python";
const table = JSON.parse(execFileSync(PYTHON, ["-m", "hashclient.guidance.export"], { encoding: "utf8", maxBuffer: 1 << 26, cwd: ".." })) as Guidance;
const NOTICES = "../tests/guidance/notices";

function* paths(at: string, given: Answers, shown: readonly string[]): Generator<{ given: Answers; shown: readonly string[]; end: string }> {
  for (const answer of Object.keys(table.questions[at]!.answers!)) {
    const way = wayOf(table, at, answer);
    const longer = { ...given, [at]: answer };
    const seen = way.shown === undefined ? shown : [...shown, way.shown];
    if (table.outcomes.includes(way.to)) yield { given: longer, shown: seen, end: way.to };
    else yield* paths(way.to, longer, seen);
  }
}

describe("the questions", () => {
  const every = [...paths(table.first_question, {}, [])];

  test("have 2,424 paths, and each ends where it should", () => {
    const ends: Record<string, number> = {};
    for (const { given, shown, end } of every) {
      ends[end] = (ends[end] ?? 0) + 1;
      assert.equal(reached(table, given).at, end);
      assert.equal(shown.includes("emergency"), given["safe_now"] === "no");
      if (end === "HAND_OFF") assert.ok(!("who" in given) && !("have" in given));
      else assert.equal(given["age"], "all_adult");
      assert.equal(isListed(table, given), end === "LIST");
      if (end !== "LIST") continue;
      assert.equal(given["intimate"], "yes");
      assert.ok(given["consent"] === "no" || given["consent"] === "pressed");
      for (const hasService of [true, false]) {
        const plan = planOf(table, given, hasService);
        assert.ok(plan.includes("talk"));
        assert.equal(plan.includes("hash") || plan.includes("no_service"), given["have"] === "here" || given["have"] === "other_device");
        assert.equal(plan.includes("hash") && !hasService, false);
        if (plan.includes("notice")) assert.ok(plan.indexOf("evidence") < plan.indexOf("notice"));
        assert.equal(new Set(plan).size, plan.length);
      }
    }
    assert.deepEqual(ends, { LIST: 2160, OTHER_ROUTES: 180, SUPPORT: 60, HAND_OFF: 24 });
  });

  test("keep answers that still belong to the way, and drop the others", () => {
    const [path] = every.filter(({ end, given }) => end === "LIST" && given["who"] === "asked_me");
    assert.deepEqual(withAnswer(table, path!.given, "safe_now", "no"), { ...path!.given, safe_now: "no" });
    const changed = withAnswer(table, path!.given, "age", "unsure");
    assert.deepEqual(Object.keys(changed), ["safe_now", "device", "age"]);
    assert.equal(reached(table, changed).at, "HAND_OFF");
  });
});

describe("a notice", () => {
  const answers = JSON.parse(readFileSync(`${NOTICES}/answers.json`, "utf8")) as Readonly<Record<string, NoticeAnswers>>;
  const written_ = Object.entries(answers).flatMap(([name, given]) => {
    const law = table.notice.laws.find(({ id }) => id === name.split("-")[0])!;
    return law.is_on === true ? [{ name, law, given }] : [];
  });

  test("is the golden one, for every law that is on", () => {
    assert.ok(written_.length >= 28);
    for (const { name, law, given } of written_) {
      const { text, refused } = written(table, law, given);
      assert.deepEqual(refused, []);
      assert.equal(text, readFileSync(`${NOTICES}/golden/${name}.txt`, "utf8"), name);
    }
  });

  test("is ready as golden, and not without answers", () => {
    for (const { name, law, given } of written_) {
      assert.ok(written(table, law, given).isReady, name);
      const empty = written(table, law, {});
      assert.ok(!empty.isReady, name);
      assert.ok(empty.elements.every(({ isMet, refusal }) => !isMet || refusal !== undefined), name);
    }
  });

  test("takes an address, and nothing of one's own device", () => {
    const { rules } = table.notice;
    assert.equal(publicAddress(" HTTPS://Site.Example/ä?q=1 ", rules), "https://site.example/%C3%A4?q=1");
    assert.equal(publicAddress("https://bücher.example/", rules), "https://xn--bcher-kva.example/");
    for (const wrong of ["file:///home/a.jpg", "https://localhost/", "https://10.0.0.1/", "https://127.1/", "https://a@b.example/", "site.example", "https://router.local/", "https://[::1]/", "https://x y.example/"]) {
      assert.equal(publicAddress(wrong, rules), undefined, wrong);
    }
    assert.equal(publicEmail("x7@Mail.example", rules), "x7@mail.example");
    assert.equal(publicEmail("x7@localhost", rules), undefined);
    assert.equal(onePlainLine("a\n b\u202e “c”", rules), 'a b "c"');
  });

  test("is offered by country", () => {
    assert.deepEqual(offered(table, "NO").map(({ id }) => id), table.notice.laws.map(({ id }) => id).filter((id) => table.notice.for_all.includes(id)));
    assert.equal(offered(table, "").length, table.notice.laws.length);
  });
});

describe("words", () => {
  test("have the form of their number", () => {
    const minutes = table.settings["cover"]!.options.map(([, words]) => words);
    assert.deepEqual(minutes.map((words) => new Speech(table, "en").say(words)).slice(0, 3), ["10 minutes", "5 minutes", "30 minutes"]);
    for (const code of Object.keys(table.languages)) {
      for (const words of minutes) assert.doesNotMatch(new Speech(table, code).say(words), /[{}]|undefined/);
    }
  });

  test("that are critical stand in English too, where nobody has read them", () => {
    const { title } = table.screens["HAND_OFF"]!;
    assert.ok(!new Speech(table, "en").needsEnglish(title));
    assert.equal(new Speech(table, "ar").needsEnglish(title), !table.languages["ar"]!.is_reviewed);
    assert.ok(!new Speech(table, "ar").needsEnglish(table.screens["chat"]!.title));
  });
});

describe("services", () => {
  test("of a country stand before those of all, in every language", () => {
    for (const code of Object.keys(table.languages)) {
      assert.equal(rowsAdult(table, "GB", code)[0]!.id, "rph");
      assert.ok(rowsUnder18(table, "GB", code, "yes").some(({ id }) => id === "report-remove"));
      assert.ok(rowsUnder18(table, "GB", code, "unasked").some(({ id }) => id === "report-remove"));
      assert.ok(!rowsUnder18(table, "GB", code, "other").some(({ id }) => id === "report-remove"));
      assert.deepEqual(rowsUnder18(table, "", code, "unasked"), rowsUnder18(table, "NO", code, "unasked"));
    }
  });
});
