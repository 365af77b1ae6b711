/** Draw a question or a screen from its description: parts in order, then what can be chosen. */
import type { Deeds } from "./deeds";
import type { Answer, Choice, Fields, Part, Screen, Speech } from "./guidance";
import { noticeScreen } from "./notice_screens";
import { placeFor } from "./places";
import { dayInWords, takingPart } from "./services";
import type { Shell } from "./shell";
import { isForThem, wayOf, withAnswer } from "./triage";
import { button, drawn, make } from "./view";
import { type Fitted, conditionsOf, fittedOf } from "./visit";

/** Screens that only help to step away: they are never the filled button. */
const ASIDE = new Set(["HAND_OFF", "LIST", "start", "back", "print", "ended", "start_again", "talk", "OTHER_ROUTES", "withdraw", "help_now"]);

/** Screens on which nothing is the one thing to do next. */
const EQUAL = new Set(["hashing", "search"]);

/** What stands in `main` at a place: the id of a screen or a question, and for one about a file its number. */
export function drawnAt(shell: Shell, deeds: Deeds, at: string): readonly Node[] {
  const { table } = shell;
  const [id = "", number] = at.split(" ");
  const law = table.search[id];
  if (law !== undefined) return noticeScreen(shell, deeds, "notice_law", law);
  if (table.notice.screens.some((screen) => screen.id === id)) return noticeScreen(shell, deeds, id);
  const screen = table.screens[id];
  if (screen !== undefined) return drawnScreen(shell, deeds, id, screen, Number(number ?? 0));
  return question(shell, id, (answer) => {
    const { visit } = shell;
    const { to, shown, reason } = wayOf(table, id, answer);
    const wasForThem = isForThem(table, visit.answers);
    visit.answers = withAnswer(table, visit.answers, id, answer);
    if (isForThem(table, visit.answers) !== wasForThem) visit.ticked.clear(); // its sentences are others now
    visit.reason = reason;
    deeds.lead(shown ?? to);
  });
}

/** A question with its answers, one of which is to be chosen. */
function question(shell: Shell, id: string, answered: (answer: string) => void, number = 0, more: Readonly<Record<string, Answer>> = {}): Node[] {
  const { table, visit } = shell;
  const asked = table.questions[id]!;
  const them = isForThem(table, visit.answers) ? asked.for_them : undefined;
  const fields = { position: number };
  const draft = `${id} ${number}`;
  const before = visit.drafts.get(draft) ?? visit.answers[id];
  const choice = make("div", { class: "choice" });
  const answers = Object.entries({ ...more, ...(asked.answers ?? {}) });
  for (const [answer, own] of answers) {
    const { words, note } = { ...own, ...(them?.answers[answer] ?? {}) };
    const input = make("input", { type: "radio", name: id, value: answer, checked: before === answer });
    input.addEventListener("change", () => {
      visit.drafts.set(draft, answer);
    });
    const small = note === undefined ? undefined : make("small", {}, ...shell.said(note));
    choice.append(make("label", {}, input, make("span", {}, ...shell.said(words, fields), small)));
  }
  const heading = make("h1", { id: "asked" }, ...shell.said(them?.text ?? asked.text, fields));
  const clause = asked.clause === undefined ? undefined : make("p", { id: "clause" }, ...shell.said(asked.clause));
  const why = asked.why === undefined ? undefined : make("p", { class: "why" }, ...shell.said(table.why_we_ask, { why: shell.say(asked.why) }));
  const details = asked.details === undefined ? undefined : make("details", {}, make("summary", {}, shell.say(asked.details[0])), make("p", {}, ...shell.said(asked.details[1])));
  const error = visit.errors.has("question") ? make("p", { class: "error", role: "alert", tabindex: "-1" }, ...shell.said(asked.error ?? table.questions["age"]!.error)) : undefined;
  const set = make("fieldset", { "aria-labelledby": "asked", "aria-describedby": clause && "clause" }, clause, why, details, error, choice);
  const go = make("button", { type: "submit", class: "btn btn--go" }, shell.say(table.bar["go_on"]));
  const stop = button(shell.say(table.bar["stop"]), "calm", () => {
    shell.forget("ended");
  });
  const form = make("form", {}, set, make("div", { class: "acts" }, go, stop));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = form.querySelector<HTMLInputElement>("input:checked");
    if (chosen === null) shell.fail("question");
    else answered(chosen.value);
  });
  return [heading, form];
}

function drawnScreen(shell: Shell, deeds: Deeds, id: string, screen: Screen, number: number): Node[] {
  const { table, visit, speech } = shell;
  const isToFile = id === "review" ? visit.profile === undefined : visit.isToFile; // there one may still choose
  const so = conditionsOf(table, speech, visit, new Date(), isToFile);
  const isShown = ({ when = [] }: Part | Choice): boolean => when.every((each) => so.has(each));
  const parts = (screen.parts ?? []).filter(isShown);
  const asks = parts.find(({ kind }) => kind === "question");
  if (asks !== undefined) return fileQuestion(shell, deeds, asks.row!, number);
  const choices = (screen.choices ?? []).filter(isShown);
  const nodes: Node[] = [];
  if (parts.some(({ kind }) => kind === "doors")) nodes.push(drawn("rings"));
  if (screen.title !== undefined) nodes.push(make("h1", {}, ...shell.said(screen.title)));
  const placed = new Set<Choice>();
  const act = (choice: Choice, kind: "go" | "calm" | "words"): HTMLElement =>
    button(shell.say(choice.words), kind, () => {
      deeds.choose(choice, id);
    });
  /** The choices that stand in a part, and so not at the end. */
  const taken = ({ row = "" }: Part): readonly Choice[] => {
    const here = choices.filter((choice) => row.split(" ").includes(choice.does ?? choice.to));
    for (const choice of here) placed.add(choice);
    return here;
  };
  /** Buttons beside each other; one with a note has it beneath. */
  const beside = (some: readonly Choice[], main: Choice | undefined, className: string): HTMLElement => make("div", { class: className }, ...some.map((choice) => {
    const wide = act(choice, choice === main ? "go" : "calm");
    if (choice.note === undefined) return wide;
    wide.setAttribute("aria-describedby", `note-${choice.does ?? choice.to}`);
    return make("div", {}, wide, make("p", { class: "note", id: `note-${choice.does ?? choice.to}` }, ...shell.said(choice.note)));
  }));
  let fitted: Fitted | undefined;
  let list: HTMLElement | undefined;
  let isFirst = true;
  for (const part of parts) {
    if (part.kind === "error") {
      const failed = visit.errors.get(part.row!);
      if (failed !== undefined) nodes.push(make("p", { class: "error", role: "alert", tabindex: "-1" }, ...shell.said(failed.instead ?? part.words, failed.fields)));
      continue;
    }
    const words = part.words === undefined ? [] : shell.said(part.words, fieldsOf(shell, part));
    if (part.kind === "item" || part.kind === "stays") {
      const stays = part.kind === "stays";
      if (list === undefined) {
        list = make("ul", { class: stays && "list-no" });
        nodes.push(list);
      }
      isFirst = false;
      list.append(make("li", {}, ...(stays ? [drawn("no"), make("span", {}, ...words)] : words)));
      continue;
    }
    list = undefined;
    if (part.kind === undefined) nodes.push(make("p", { class: isFirst && "lead" }, ...words));
    else if (part.kind === "heading") nodes.push(make("h2", {}, ...words));
    else if (part.kind === "care" || part.kind === "card") {
      const [all, first, rest] = /^(.{1,75}?[.?؟])( .*|)$/su.exec(shell.say(part.words)) ?? []; // a short first sentence stands out
      const own = all === undefined ? words : [make("strong", {}, first), rest, ...words.slice(1)];
      nodes.push(make("div", { class: part.kind }, make("p", {}, ...own), ...taken(part).map((choice) => act(choice, "words"))));
    } else if (part.kind === "choices") nodes.push(beside(taken(part), undefined, "acts acts--near noprint"));
    else if (part.kind === "doors") nodes.push(doors(shell, deeds, taken(part)));
    else nodes.push(...placeFor(shell, deeds, id, part, () => (fitted ??= fittedOf(visit))));
    isFirst = false;
  }
  const rest = choices.filter((choice) => !placed.has(choice));
  pair(nodes);
  if (rest.length > 0) nodes.push(beside(rest, EQUAL.has(id) ? undefined : rest.find(({ to }) => !ASIDE.has(to)), "acts"));
  const fields = parts.filter(({ kind }) => kind === "field");
  if (fields.length === 0) return nodes;
  const [heading, ...beneath] = nodes;
  const form = make("form", { autocomplete: "off" }, ...beneath);
  const first = form.querySelector<HTMLButtonElement>(".acts .btn--go");
  first?.setAttribute("type", "submit"); // so that Enter in a field presses it
  first?.addEventListener("click", (event) => {
    event.preventDefault(); // else the form is to be sent, which by then may be gone
  });
  return [heading!, form];
}

/** What goes and what stays here, as two columns; what can be done with it beneath them. */
function pair(nodes: Node[]): void {
  const stays = nodes.findIndex((node) => node instanceof HTMLUListElement && node.className === "list-no");
  const goes = nodes.findIndex((node) => node instanceof HTMLElement && node.querySelector(":scope > .list-yes") !== null);
  const tools = nodes.findIndex((node) => node instanceof HTMLElement && node.classList.contains("acts--near"));
  if (goes < 0 || stays < 0 || tools < 0) return;
  const second = make("section", { class: "card" }, ...nodes.slice(stays - 1, stays + 1)); // a list and its heading
  const under = nodes[tools]!;
  const both = make("div", { class: "pair" }, nodes[goes], second);
  const rest = nodes.filter((_, place) => ![goes, stays - 1, stays, tools].includes(place));
  rest.splice(goes, 0, both, under);
  nodes.splice(0, nodes.length, ...rest);
}

function doors(shell: Shell, deeds: Deeds, choices: readonly Choice[]): HTMLElement {
  const list = make("ul", { class: "doors" });
  choices.forEach((choice, place) => {
    const door = make("button", { type: "button" }, make("b", {}, ...shell.said(choice.words)), drawn("on"), make("small", {}, ...shell.said(choice.note)));
    door.addEventListener("click", () => {
      deeds.choose(choice, "start");
    });
    list.append(make("li", { class: place === 0 ? "first" : undefined }, door));
  });
  return list;
}

function fileQuestion(shell: Shell, deeds: Deeds, id: string, number: number): Node[] {
  const { table, visit } = shell;
  const file = visit.files[number - 1];
  const row = id === "per_file" && file?.kind === "video" ? "per_video" : id;
  const others: Record<string, Answer> = {};
  if (id === "made_from") {
    visit.files.forEach((other, at) => {
      if (at + 1 !== number && other.kind !== "any" && other.failed === undefined && other.sameAs === undefined) others[String(at + 1)] = { words: { text: table.files.number_alone[other.kind] as number, with: { position: String(at + 1) } } };
    });
  }
  return question(shell, row, (answer) => {
    deeds.choosing.answerFile(id, number, answer);
  }, number, others);
}

function fieldsOf(shell: Shell, { kind }: Part): Fields {
  const { table, visit, speech } = shell;
  const part = kind === undefined ? takingPart(table, speech, "stopncii", new Date()) : undefined;
  const country = (own: Speech): string => (visit.country === "" ? "" : own.country(visit.country));
  const day = visit.receipt?.day;
  return { ...part, country, days: visit.profile?.partner_copies_days ?? 0, day: (own) => (day === undefined ? "" : dayInWords(table, own, day)) };
}
