/** The page's pure parts against the guidance that Python writes: every path of the questions, every golden notice. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { type Guidance, Speech } from "../src/page/guidance";
import { type NoticeAnswers, offered, onePlainLine, publicAddress, publicEmail, written } from "../src/page/notice";
import { rowsAdult, rowsUnder18 } from "../src/page/services";
import { saveRequest } from "../src/page/requests";
import type { Shell } from "../src/page/shell";
import { FileList, readSaid } from "../src/page/files";
import { type Chosen, Visit, conditionsOf, fittedOf, forgotten, isOfTheSame, itemsOf, originOfService, submissionOf, truthOf, whereNow, whyNothing } from "../src/page/visit";
import { askCase, askProfile, bytesOf, sent } from "../src/page/service";
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

const hashOf = (place: number): string => (place + 1).toString(16).padStart(2, "0").repeat(32);
const found = (...places: readonly number[]): { readonly kind: "image"; readonly items: never[][] } => ({
  kind: "image",
  items: places.map((place) => [{ type: "pdq", value: hashOf(place), quality: 100, variant: "original" }, { type: "pdq", value: hashOf(place + 100), quality: 90, variant: "mirror" }] as never[]),
});

describe("the truth line", () => {
  test("says what has left, never less", () => {
    const visit = new Visit();
    assert.equal(truthOf(visit), "only_here");
    for (const [left, line] of [["asked", "not_yet"], ["sending", "sending"], ["sent", "sent"], ["unknown", "unknown"]] as const) {
      visit.left = left;
      assert.equal(truthOf(visit), line);
    }
  });

  test("does not forget that something was sent, or may have been", () => {
    for (const [left, line] of [["nothing", "forgotten"], ["asked", "forgotten"], ["sending", "unknown"], ["sent", "sent"], ["ended", "sent"], ["unknown", "unknown"]] as const) {
      const visit = new Visit();
      Object.assign(visit, { left, sentTo: "https://service.example", country: "GB", credentials: { number: "x", pin: "y" }, hadFiles: true });
      const after = forgotten(visit, false);
      assert.equal(forgotten(visit, true).hadFiles && !after.hadFiles, true); // only the hand-off says that files were dropped
      assert.equal(truthOf(after), line);
      assert.deepEqual([after.credentials, after.submission, after.country, after.files.length], [undefined, undefined, "", 0]);
      const so = conditionsOf(table, new Speech(table, "en"), forgotten(visit, true), new Date());
      assert.equal(so.has("sent_before"), left !== "ended" && line !== "forgotten");
      assert.equal(so.has("ended_before"), left === "ended");
      assert.equal(so.has("files_dropped"), line === "forgotten");
      assert.ok(!(so.has("no_file") && so.has("sent_before")));
    }
  });
});

describe("what goes", () => {
  const visit = new Visit();
  visit.answers = { age: "all_adult", who: "me" };
  visit.files = [
    { kind: "image", answer: "from_here", madeFrom: 3, found: found(1, 2), inner: "both" },
    { kind: "image", answer: "leave_out", found: found(3) },
    { kind: "image", answer: "no", found: found(4) },
  ];

  test("is what was answered of each file, and nothing that was left out", () => {
    const items = itemsOf(visit);
    assert.deepEqual(items.map(({ altered, altered_from }) => [altered, altered_from]), [["yes", 2], ["yes", undefined], ["no", undefined]]);
    assert.ok(items.every(({ signals }) => signals.every(({ value }) => value !== hashOf(3))));
    visit.isFewer = true;
    assert.deepEqual(itemsOf(visit).map(({ signals }) => signals.length), [1, 1, 1]);
    visit.isFewer = false;
  });

  test("can be fewer only where there are more than one of a file", () => {
    const isFewerOffered = (): boolean => conditionsOf(table, new Speech(table, "en"), visit, new Date()).has("reposts_found");
    assert.ok(isFewerOffered());
    const { files } = visit;
    visit.files = [{ kind: "image", answer: "no", found: { kind: "image", items: [[{ type: "pdq", value: hashOf(1), variant: "original", quality: 100 }]] } }];
    assert.ok(!isFewerOffered());
    visit.files = files;
  });

  test("is told from what was shown before, in whatever order", () => {
    for (let times = 0; times < 10; times++) {
      const document = submissionOf(table, visit, "0000-0000-0000", "0".repeat(64));
      assert.ok(isOfTheSame(table, visit, document));
      visit.isFewer = true;
      assert.ok(!isOfTheSame(table, visit, document));
      visit.isFewer = false;
      const [first, , third] = visit.files as [Chosen, Chosen, Chosen];
      for (const [file, answer] of [[first, "leave_out"], [first, "unknown"], [third, "unknown"]] as const) {
        const { answer: before } = file;
        file.answer = answer;
        assert.ok(!isOfTheSame(table, visit, document), answer);
        file.answer = before!;
      }
      visit.answers = { age: "all_adult", who: "asked_me" };
      assert.ok(!isOfTheSame(table, visit, document));
      visit.answers = { age: "all_adult", who: "me" };
    }
  });

  test("keeps its links when its order is drawn", () => {
    const orders = new Set<string>();
    for (let times = 0; times < 40; times++) {
      const document = submissionOf(table, visit, "0000-0000-0000", "0".repeat(64));
      const from = document.items.findIndex(({ altered_from }) => altered_from !== undefined);
      assert.equal(document.items[document.items[from]!.altered_from!]!.signals[0]!.value, hashOf(4));
      assert.ok(bytesOf(document).length > 500);
      orders.add(document.items.map(({ signals }) => signals[0]!.value).join());
    }
    assert.ok(orders.size > 3);
  });
});

test("a screen that is come back to leads on where what it asks or doubts is settled", () => {
  const [ours, theirs] = [{ number: "0000-0000-0001", pin: "1234 5678" }, { number: "0000-0000-0002", pin: "1234 5678" }] as unknown as [Visit["credentials"], Visit["asked"]];
  const [received, gone, deleted] = ["Received", "Withdrawn", "Deleted"].map((status) => ({ status })) as unknown as [Visit["receipt"], Visit["receipt"], Visit["receipt"]];
  const after = (at: string, given: Partial<Visit>, isDeclared = true): string | undefined => {
    const visit = Object.assign(new Visit(), { answers: { age: "all_adult", who: "me" }, files: [{ kind: "image", answer: "no", found: found(1) }], credentials: ours }, given);
    if (isDeclared) for (const id of ["adult", "depicted", "intimate", "no_consent"]) visit.ticked.add(id);
    return whereNow(table, at, visit);
  };
  const making = ["codes", "check_note", "send", "save_now", "not_sent", "not_confirmed"];
  for (const at of [...making, "refused", "review", "start", "withdraw", "not_confirmed_w", "status"]) assert.equal(after(at, {}), undefined, at);
  for (const at of making) {
    assert.equal(after(at, {}, false), "review", `${at}: nothing goes that was not declared`);
    assert.equal(after(at, { files: [] }, false), "choose_files", `${at}: of another request`);
    assert.equal(after(at, { credentials: undefined }), at.startsWith("not_") ? "review" : "codes", `${at}: under no number that was not shown`);
  }
  for (const at of ["send", "sending", "not_sent", "not_confirmed", "refused"]) {
    assert.equal(after(at, { receipt: received }), "sent", at);
    assert.equal(after(at, { receipt: deleted }), "taken_back", at);
  }
  assert.equal(after("sending", {}), "send");
  assert.equal(after("sending", { isBusy: true }), undefined);
  assert.equal(after("not_sent", { triedBefore: true }), "not_confirmed");
  assert.equal(after("not_confirmed", { asked: ours }), "status", "it was looked up since");
  assert.equal(after("not_confirmed", { asked: theirs }), undefined);
  for (const at of ["sent", "taken_back"]) {
    assert.equal(after(at, { receipt: received }), undefined);
    assert.equal(after(at, {}), table.start, `${at}: of a request that is no longer this one`);
  }
  for (const at of ["withdraw", "not_confirmed_w"]) {
    assert.equal(after(at, { report: gone as unknown as Visit["report"] }), "withdrawn");
    assert.equal(after(at, { report: deleted as unknown as Visit["report"] }), "status");
    for (const report of [received, gone, deleted] as unknown as Visit["report"][]) assert.equal(after(at, { isOther: true, report }), "status", "another case is not taken back for it");
  }
});

test("a file of which no fingerprint may go is not among those that go", () => {
  const visit = new Visit();
  visit.files = [
    { kind: "image", answer: "no", found: found(1) },
    { kind: "image", answer: "no", found: { kind: "image", items: [[{ type: "pdq", value: hashOf(2), variant: "original", quality: 0 }]] } },
  ];
  const { items, files, leftOut } = fittedOf(visit);
  assert.equal(items.length, 1);
  assert.deepEqual(files, [visit.files[0]]);
  assert.deepEqual(leftOut, [{ reason: "low-quality", file: 1 }]);
  assert.deepEqual(visit.files.map(whyNothing), [undefined, "low-quality"]); // its row may not say that it is done
});

test("the frame says only what it may say", () => {
  const asked = { types: new Set(["pdq"] as const), variants: new Set(["original", "mirror"]) };
  const reasons = new Set(["broken-media"]);
  const good = [{ file: 1, content: "image" }, { file: 2, content: "image", sameAs: 1 }, { key: "Shift" }, { ready: true }, { added: 2 }, { file: 2, pressed: "leave" }, { file: 2, pressed: "preview" }, { file: 1, done: 3 }, { file: 1, blurred: false }, { file: 1, refused: "broken-media" }, { file: 1, refused: "broken-media", content: "video" }, { file: 1, isDoubtful: false, found: found(1) }];
  assert.deepEqual(good.map((each) => readSaid(each, asked, reasons)?.is), ["chosen", "chosen", "key", "ready", "added", "left", "seen", "progress", "blurred", "refused", "refused", "found"]);
  const more = good.flatMap((each) => [{ ...each, name: "beach.jpg" }, { ...each, [Symbol("a")]: 1 }, JSON.parse(`{${JSON.stringify(each).slice(1, -1)},"__proto__":{"name":"beach.jpg"}}`) as unknown]);
  for (const wrong of [undefined, "image", {}, [], ...more, { file: 0, content: "image" }, { file: 1, content: "audio" }, { file: 1, content: "image", sameAs: 1 }, { file: 1, content: "image", sameAs: undefined }, { file: 1.5, done: 3 }, { added: 1e9 }, { file: 1, pressed: "beach.jpg" }, { file: 1, done: 101 }, { file: 1, refused: "constructor" }, { file: 1, refused: "broken-media", content: "audio" }, { file: 1, found: found(1) },
    { file: 1, isDoubtful: false, found: { kind: "image", items: [[{ type: "md5", value: "0".repeat(32) }]] } }, { file: 1, isDoubtful: "beach.jpg", found: found(1) }]) {
    assert.equal(readSaid(wrong, asked, reasons), undefined, JSON.stringify(wrong));
  }
});

test("files are looked at first, then hashed one at a time; a stop ends the room, and what the ended room says is not heard", () => {
  const told: Record<string, unknown>[] = [];
  const heard: string[] = [];
  let hear: (event: unknown) => void = () => undefined;
  const before = globalThis.addEventListener as unknown;
  Object.assign(globalThis, { addEventListener: (_: string, listener: typeof hear) => { hear = listener; } });
  const contentWindow = { postMessage: (message: Record<string, unknown>) => { told.push(message); } };
  const frame = { contentWindow, style: {}, addEventListener: () => undefined, remove: () => undefined };
  const list = new FileList(frame as unknown as HTMLIFrameElement, table, (said) => { heard.push(`${said.is} ${"file" in said ? said.file : ""}`.trim()); }, () => undefined);
  Object.assign(globalThis, { addEventListener: before });
  const say = (...messages: readonly unknown[]): void => { for (const data of messages) hear({ source: contentWindow, data }); };
  /** What the frame was told since, by its names and numbers. */
  const said = (): string[] => told.splice(0).map(({ file, ...rest }) => Object.entries(rest).map(([name, value]) => `${name} ${String(file ?? value)}`).join());
  const news = (): string[] => heard.splice(0);
  const chosen = (file: number): unknown => ({ file, content: "image" });
  const done = (file: number): unknown => ({ file, isDoubtful: false, found: found(1) });

  say({ added: 1 }, { ready: true });
  assert.deepEqual([news(), said()], [["ready"], []]); // nothing may be chosen yet
  list.show(true);
  say({ added: 1 }, { added: 2 }, { added: 4 }, chosen(2), done(1));
  assert.deepEqual([news(), said()], [["added 1", "added 2"], ["look 1"]]);
  say(chosen(1), { file: 2, content: "image", sameAs: 2 }, { file: 2, content: "image", sameAs: 1 });
  assert.deepEqual([news(), said()], [["chosen 1", "chosen 2"], ["look 2"]]);
  for (const file of [1, 2]) list.make(file, ["pdq"], 1);
  say({ added: 3 }, { file: 1, done: 4 }, { file: 2, done: 4 }, done(2));
  assert.deepEqual([news(), said()], [["added 3", "progress 1"], ["make 1"]]);
  say({ file: 1, pressed: "leave" }, { file: 1, done: 5 }, done(1), { file: 2, done: 0 });
  assert.deepEqual([news(), said()], [["left 1"], ["end true", "leave 1"]]);
  say({ ready: true }, { ready: false }, { file: 3, refused: "broken-media" });
  assert.deepEqual([news(), said()], [["ready", "refused 3"], ["look 3", "make 2"]]);
  list.stop();
  say(done(2), { ready: true }, done(2));
  assert.deepEqual([news(), said()], [["ready"], ["end true"]]);
  list.make(2, ["pdq"], 1);
  say(done(2), done(2));
  assert.deepEqual([news(), said()], [["found 2"], ["make 2"]]);
  list.most = 2;
  say({ added: 4 }, { added: 5 }, { file: 5, content: "image" });
  assert.deepEqual([news(), said()], [["full", "full"], ["leave 4", "leave 5"]]);
  say({ file: 2, pressed: "preview" }, { file: 2, blurred: true }, { file: 2, pressed: "preview" }, { file: 2, pressed: "preview" }, { file: 2, blurred: false });
  assert.deepEqual([news(), said()], [["seen 2", "blurred 2", "seen 2", "seen 2", "blurred 2"], ["blur 2", "hide 2", "blur 2", "hide 2"]]);
});

test("nothing more is asked of a service for somebody who is gone", async (context) => {
  const asked: string[] = [];
  const who = { isDropped: false, triedBefore: false };
  const profile = { version: 1, name: "N", operator: "O", origin: "http://127.0.0.1:1", plain_bodies: true };
  context.mock.method(globalThis, "fetch", (address: string) => {
    asked.push(new URL(address).pathname);
    if (asked.length > 1) who.isDropped = true; // while it is asked
    return Promise.resolve(new Response(JSON.stringify(profile), { headers: { "content-type": "application/json" } }));
  });
  const shown = await askProfile(profile.origin, who);
  assert.ok(shown.is === "done");
  const number = "0000-0000-0000";
  const items = [{ content: "image", altered: "no", altered_from: undefined, signals: [{ type: "md5", value: "0".repeat(32), quality: undefined, variant: undefined }] }] as const;
  const document = { version: 1, nonce: "0".repeat(32), case_number: number, case_key: "0".repeat(64), declarations: { adult: true, depicted: "self", intimate: true, no_consent: true, wording: 2 }, items: [...items].map((item) => ({ ...item, signals: [...item.signals] })) } as const;
  assert.notEqual((await sent({ ...document, items: [...document.items] }, shown.value, who)).is, "done");
  await askCase("status", number, "0".repeat(64), shown.value, who);
  await askProfile(profile.origin, who);
  assert.deepEqual(asked, ["/.well-known/hashclient.json", "/.well-known/hashclient.json"]);
});

test("nothing is saved of what was forgotten while the key was made", async () => {
  const gone = new Visit();
  Object.assign(gone, { credentials: { number: "0000-0000-0000", pin: "00000000" }, key: Promise.resolve("0".repeat(64)) });
  await saveRequest({ table, visit: new Visit() } as unknown as Shell, gone); // there is no document here to save from
  assert.equal(gone.isSaved, false);
});

test("a service is an origin, safe or of this device", () => {
  assert.equal(originOfService(" reports.example.org "), "https://reports.example.org");
  assert.equal(originOfService("http://127.0.0.1:8080/"), "http://127.0.0.1:8080");
  for (const wrong of ["", "http://reports.example.org", "https://a@b.example", "https://b.example/path", "javascript:alert(1)", "file:///x", "name"]) assert.equal(originOfService(wrong), undefined, wrong);
});
