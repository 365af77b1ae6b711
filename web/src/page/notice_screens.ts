/** The screens by which a notice is written: law, questions, sentences, the whole text, what comes after. */
import type { Deeds } from "./deeds";
import { type Asking, type Law, type Reference, type Who, of } from "./guidance";
import { type NoticeAnswers, isAsked, offered, written } from "./notice";
import { countrySelect } from "./places";
import type { Shell } from "./shell";
import { button, drawn, make, paragraph, save, saveCalendar } from "./view";
import { ownHash } from "./visit";

/** Draw one screen of a notice; `only`: of all laws this one is offered. */
export function noticeScreen(shell: Shell, deeds: Deeds, id: string, only?: string): Node[] {
  const { table, visit } = shell;
  const { notice } = table;
  const screen = notice.screens.find((each) => each.id === id)!;
  const law = notice.laws.find((each) => each.id === (only ?? visit.law));
  const nodes: Node[] = [make("h1", {}, shell.say(only === undefined ? screen.title : law?.name))];
  for (const words of screen.text ?? []) nodes.push(make("p", {}, ...shell.said(words)));
  const on = (to: string): void => {
    deeds.lead(to);
  };
  if (id === "notice_law") return [...nodes, ...laws(shell, on, only)];
  if (id === "notice_dmca_warning") {
    const ways = Object.entries(screen.answers ?? {}).map(([answer, words]) => button(shell.say(words), answer === "read" ? "go" : "calm", () => {
      visit.law = "dmca";
      const isOn = notice.laws.find((each) => each.id === "dmca")?.is_on === true;
      on(answer === "read" && !isOn ? "notice_law" : notice.to[id]![answer]!);
    }));
    return [...nodes, make("div", { class: "acts" }, ...ways)];
  }
  if (law === undefined) return [...nodes, ...laws(shell, on)];
  if (id === "notice_check" || id === "notice_list_check") return [...nodes, ...check(shell, deeds, law, screen.answers ?? {}, on)];
  if (id === "notice_done" || id === "notice_list_done") return [...nodes, ...done(shell, law, id, on)];
  return [nodes[0]!, questions(shell, law, id, nodes.slice(1), on)];
}

/** The next screen that has anything to ask; the check is always there. */
function next(shell: Shell, law: Law, id: string): string {
  const { flow, for_a_list: forList } = shell.table.notice;
  for (const each of flow.slice(flow.indexOf(id) + 1)) {
    const asks = (law.questions ?? []).some((one) => one.screen === each && isAsked(one, shell.visit.noticeAnswers));
    const says = each === "notice_say" && (law.statements ?? []).length > 0;
    if (asks || says || each === "notice_check") return law.gives === "checklist" ? (forList[each] ?? each) : each;
  }
  return "notice_check";
}

function whoOf(answers: NoticeAnswers): Who {
  return answers["who"] === "represented" ? "represented" : "self";
}

function laws(shell: Shell, on: (to: string) => void, only?: string): Node[] {
  const { table, visit } = shell;
  const { notice } = table;
  const nodes: Node[] = [countrySelect(shell)];
  const adult = make("input", { type: "checkbox", checked: visit.isNoticeAdult });
  adult.addEventListener("change", () => {
    visit.isNoticeAdult = adult.checked;
  });
  const ask = make("div", { class: "choice" }, make("label", {}, adult, make("span", {}, ...shell.said(table.declarations.adult))));
  const isMissing = visit.errors.has("adult");
  nodes.push(...(isMissing ? [make("p", { class: "error", role: "alert", tabindex: "-1" }, ...shell.said(notice.sentences["if_not_true"]))] : []), ask);
  nodes.push(button(shell.say(notice.labels["under_18"]), "calm", () => {
    on("HAND_OFF");
  }));
  for (const law of only === undefined ? offered(table, visit.country) : notice.laws.filter(({ id }) => id === only)) {
    const open = button(shell.say(law.name), "words", () => {
      if (!visit.isNoticeAdult) {
        shell.fail("adult");
        return;
      }
      if (visit.law !== law.id) visit.noticeAnswers = {};
      visit.law = law.id;
      on(notice.first_for[law.id] ?? next(shell, law, "notice_law"));
    });
    const card = make("article", { class: "card" }, make("h2", {}, law.is_on === true ? open : shell.say(law.name)));
    if (law.note !== undefined) card.append(paragraph(shell.say(law.note)));
    if (notice.countries[law.id]?.includes(visit.country)) card.append(paragraph(shell.say(notice.sentences["fits_here"]), "note"));
    for (const fact of law.facts.filter(({ shown }) => shown === "before")) card.append(paragraph(factWords(shell, fact), "note"));
    if (law.is_on !== true) card.append(paragraph(shell.say(notice.sentences["not_ready"])), paragraph(shell.say(law.why_off)));
    nodes.push(card);
  }
  return nodes;
}

function factWords(shell: Shell, { text, confidence }: Law["facts"][number]): string {
  const { marks, sentences } = shell.table.notice;
  const mark = marks[confidence];
  return mark === undefined ? shell.say(text) : shell.say(sentences["marked_fact"], { fact: shell.say(text), mark: shell.say(mark) });
}

/** Ask what a screen asks; a draft is an answer as soon as it is typed. */
function questions(shell: Shell, law: Law, id: string, nodes: readonly Node[], on: (to: string) => void): HTMLElement {
  const { table, visit } = shell;
  const form = make("form", { autocomplete: "off" }, ...nodes);
  const { title, text = [] } = table.notice.screens.find((each) => each.id === id)!;
  const above = [title, ...text].map((each) => shell.say(each));
  const answer = (name: string, value: string | readonly string[]): void => {
    visit.noticeAnswers = { ...visit.noticeAnswers, [name]: value };
  };
  const who = whoOf(visit.noticeAnswers);
  const { refused } = written(table, law, visit.noticeAnswers);
  const isHere = ({ screen }: Asking): boolean => screen === id || (screen === "notice_law" && id === "notice_where"); // there the law is chosen
  const shown = (law.questions ?? []).filter((one) => isHere(one) && isAsked(one, visit.noticeAnswers));
  for (const asking of shown) {
    const wrong = visit.errors.has("notice") ? refused.find(({ question }) => question === asking.id) : undefined;
    if (wrong !== undefined) form.append(make("p", { class: "error", role: "alert", tabindex: "-1" }, ...shell.said(wrong.words, wrong.fields)));
    form.append(field(shell, asking, who, answer, above));
  }
  if (id === "notice_say") {
    if (visit.errors.has("notice")) form.append(make("p", { class: "error", role: "alert", tabindex: "-1" }, shell.say(table.notice.sentences["if_not_true"])));
    const ticked = new Set([visit.noticeAnswers["statements"] ?? []].flat());
    const box = make("div", { class: "choice" });
    for (const { id: name, legal, meaning, who: whose } of law.statements ?? []) {
      if (whose !== undefined && !whose.includes(who)) continue;
      const input = make("input", { type: "checkbox", checked: ticked.has(name) });
      input.addEventListener("change", () => {
        if (input.checked) ticked.add(name);
        else ticked.delete(name);
        answer("statements", [...ticked]);
      });
      const english = legal === undefined || shell.speech.code === "en" ? undefined : make("small", { lang: "en", dir: "ltr" }, of(who, legal));
      box.append(make("label", {}, input, make("span", {}, shell.speech.code === "en" && legal !== undefined ? of(who, legal) : shell.say(of(who, meaning)), english)));
    }
    form.append(box);
  }
  const under18 = button(shell.say(table.notice.labels["under_18"]), "calm", () => {
    on("HAND_OFF");
  });
  form.append(make("div", { class: "acts" }, make("button", { type: "submit", class: "btn btn--go" }, shell.say(table.bar["go_on"])), under18));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const now = written(table, law, visit.noticeAnswers).refused;
    const isOpen = id === "notice_say" && form.querySelector("input:not(:checked)") !== null && !visit.errors.has("notice"); // the check says it again
    if (isOpen) shell.fail("notice");
    else if (shown.some((asking) => now.some(({ question }) => question === asking.id))) shell.fail("notice");
    else on(next(shell, law, id));
  });
  return form;
}

/** What to answer with; what stands `above` it already is not said twice. */
function field(shell: Shell, asking: Asking, who: Who, answer: (name: string, value: string | readonly string[]) => void, above: readonly string[]): HTMLElement {
  const { visit } = shell;
  const { id, kind, choices, notes = [], most } = asking;
  const label = shell.say(of(who, asking.question));
  const hidden = above.includes(label) && "hidden";
  const beneath = notes.map((note) => shell.say(of(who, note))).filter((note) => !above.includes(note)).map((note) => make("small", { class: "note" }, note));
  const before = [visit.noticeAnswers[id] ?? []].flat();
  if (choices !== undefined) {
    const box = make("div", { class: "choice" });
    for (const [choice, { words }] of Object.entries(choices)) {
      const input = make("input", { type: kind === "one" ? "radio" : "checkbox", name: `notice-${id}`, value: choice, checked: before.includes(choice) });
      input.addEventListener("change", () => {
        const chosen = [...box.querySelectorAll<HTMLInputElement>("input:checked")].map(({ value }) => value);
        answer(id, kind === "one" ? chosen[0]! : chosen);
        if (kind === "one") shell.draw(false); // others may hang on it
      });
      box.append(make("label", {}, input, make("span", {}, shell.say(of(who, words)))));
    }
    return make("fieldset", {}, make("legend", { class: hidden }, label), ...beneath, box);
  }
  const input = kind === "addresses"
    ? make("textarea", { id: `notice-${id}`, class: "code", spellcheck: "false", autocomplete: "off" })
    : make("input", { id: `notice-${id}`, type: kind === "day" ? "date" : kind === "email" ? "email" : "text", autocomplete: "off", spellcheck: "false", maxlength: most > 0 ? String(2 * most) : undefined });
  input.value = before.join("\n");
  input.addEventListener("input", () => {
    answer(id, kind === "addresses" ? input.value.split("\n") : input.value);
  });
  return make("div", { class: "field" }, make("label", { for: `notice-${id}`, class: hidden }, label), ...beneath, input);
}

function check(shell: Shell, deeds: Deeds, law: Law, answers: Readonly<Record<string, Reference>>, on: (to: string) => void): Node[] {
  const { table, visit } = shell;
  const { sentences, flow, for_a_list: forList, fingerprints, labels } = table.notice;
  const mark = law.confidence === undefined ? undefined : table.notice.marks[law.confidence];
  const chosen = visit.files[visit.noticeFile - 1];
  const hash = chosen && law.gives === "notice" ? ownHash(chosen) : undefined;
  const { text, markdown, elements, notSaidWho, isReady } = written(table, law, visit.noticeAnswers, hash && fingerprints[hash.type]);
  const missing = elements.filter(({ isMet }) => !isMet);
  const needed = missing.filter(({ refusal }) => refusal !== undefined);
  const list = make("ul", { class: "list-yes" }, ...elements.map(({ words, isMet, refusal }) => {
    const said = refusal === undefined && !isMet ? shell.say(sentences["not_needed"], { element: shell.say(words) }) : shell.say(words);
    return make("li", {}, drawn(isMet ? "yes" : "no"), make("span", {}, said));
  }));
  const nodes: Node[] = [
    make("p", { class: "note" }, shell.say(sentences["cover"], { source: `\u2068${law.source}\u2069`, date: `\u2068${law.source_date}\u2069` })),
    ...(mark === undefined ? [] : [make("p", { class: "note" }, shell.say(sentences["law_mark"], { mark: shell.say(mark) }))]),
    make("p", { class: "note" }, shell.say(sentences["no_lawyer"])),
    ...(law.gives === "checklist" ? [paragraph(shell.say(sentences["only_a_list"]))] : []),
    ...(isReady ? [paragraph(shell.say(sentences["ready"]))] : [paragraph(shell.say(sentences["things_missing"], { count: needed.length + (notSaidWho ? 1 : 0) }))]),
    list,
    ...(notSaidWho ? [paragraph(shell.say(sentences["not_said_who"]))] : []),
    ...needed.map(({ refusal }) => paragraph(shell.say(refusal))),
    ...elements.filter(({ isMet, warning }) => !isMet && warning !== undefined).map(({ warning }) => paragraph(shell.say(warning))),
  ];
  const say = (name: string): string => shell.say(answers[name]);
  const change = (name: string, kind: "go" | "calm"): HTMLElement => button(say(name), kind, () => {
    on(next(shell, law, flow[0]!));
  });
  if (!isReady) return [...nodes, make("div", { class: "acts" }, change("fill", "go"))];
  const copy = button(shell.say(labels["copy"]), "calm", () => {
    void deeds.copy(text);
  });
  const acts = make("div", { class: "acts" },
    button(shell.say(table.bar["go_on"]), "go", () => {
      on(law.gives === "checklist" ? forList["notice_done"]! : "notice_done");
    }),
    copy,
    button(say("text"), "calm", () => {
      save(text, "notes.txt", "text/plain;charset=utf-8");
    }),
    button(say("markdown"), "calm", () => {
      save(markdown, "notes.md", "text/markdown;charset=utf-8");
    }),
    button(shell.say(labels["print"]), "calm", () => {
      print();
    }),
    ...(hash === undefined ? [] : [button(shell.say(labels["save_fingerprint"]), "calm", () => {
      save(`${JSON.stringify({ version: 1, content: chosen!.kind, signal: hash }, null, 2)}\n`, "notes.json", "application/json");
    })]),
    change("change", "calm"));
  return [...nodes, ...(law.gives === "notice" ? hashes(shell) : []), make("h2", {}, shell.say(sentences["the_text"])), make("pre", { class: "whole", lang: "en", tabindex: "0" }, text), paragraph(shell.say(sentences["nothing_is_sent"]), "note"), acts];
}

/** Whether a fingerprint goes with it, where one was made in this visit: off, until one is chosen. */
function hashes(shell: Shell): Node[] {
  const { table, visit } = shell;
  const { sentences, labels } = table.notice;
  const places = [...visit.files.entries()].filter(([, file]) => ownHash(file) !== undefined);
  if (places.length === 0) return [];
  const choose = make("select", { id: "hash" }, make("option", { value: "0" }, shell.say(sentences["without_hashes"])));
  for (const [at, { kind }] of places) choose.append(make("option", { value: String(at + 1), selected: visit.noticeFile === at + 1 }, shell.say(table.files.number_alone[kind], { position: at + 1 })));
  choose.addEventListener("change", () => {
    visit.noticeFile = Number(choose.value);
    shell.draw(false);
  });
  const said = visit.noticeFile === 0 ? [] : [paragraph(shell.say(sentences["hashes_are_on"])), paragraph(shell.say(sentences["hashes_link"]))];
  return [make("div", { class: "field noprint" }, make("label", { for: "hash" }, shell.say(labels["fingerprint"])), choose), ...said];
}

function done(shell: Shell, law: Law, id: string, on: (to: string) => void): Node[] {
  const { table } = shell;
  const { sentences, to, rules } = table.notice;
  const facts = (shown: string): HTMLElement[] => law.facts.filter((fact) => fact.shown === shown).map((fact) => paragraph(factWords(shell, fact)));
  const after = law.look_after ?? 0;
  const answers = table.notice.screens.find((each) => each.id === "notice_done")!.answers!;
  const ways = to["notice_done"]!;
  return [
    ...facts("clock"),
    ...(after > 0 ? [paragraph(shell.say(sentences[after >= 7 * 86_400 ? "in_a_week" : "in_48_hours"]))] : []),
    ...facts("after"),
    ...(id === "notice_list_done" ? [] : [paragraph(shell.say(sentences["not_listed"]))]),
    ...law.facts.filter(({ shown }) => shown === "next").map((fact) => paragraph(shell.say(sentences["if_nothing"], { next_step: factWords(shell, fact) }))),
    make("div", { class: "acts" },
      button(shell.say(answers["end"]), "go", () => {
        on(ways["end"]!);
      }),
      ...(after > 0 ? [button(shell.say(answers["calendar"]), "calm", () => {
        saveCalendar(rules.calendar_title, after * 1000);
      })] : []),
      button(shell.say(answers["again"]), "calm", () => {
        on(ways["again"]!);
      })),
  ];
}
