/** Draw a question or a screen from its description: parts in order, then what can be chosen. */
import { shownPin } from "../core/case";
import { type Deeds, bytesShown } from "./deeds";
import type { Answer, Choice, Guidance, Part, Reference, Row, Screen } from "./guidance";
import { noticeScreen } from "./notice_screens";
import { countriesByName, dayInWords, linesOf, rowsAdult, rowsUnder18, takingPart } from "./services";
import type { Shell } from "./shell";
import { isForThem, planOf, wayOf, withAnswer } from "./triage";
import { apart, button, drawn, make, outside, paragraph } from "./view";
import { type Chosen, OWN, conditionsOf, declarationsOf, fittedOf, hostOf } from "./visit";

/** Screens that only help to step away: they are never the filled button. */
const ASIDE = new Set(["HAND_OFF", "LIST", "start", "back", "print", "ended", "start_again", "talk", "OTHER_ROUTES", "withdraw", "help_now"]);

/** What is done with a part, by its kind, stands apart from what leads on: choices by what they do, or where they lead. */
const TOOLS: Readonly<Record<string, readonly string[]>> = { codes: ["print", "copy_codes"], goes: ["show_all", "fewer"] };

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
  if (id === "start") nodes.push(drawn("rings"));
  if (screen.title !== undefined) nodes.push(make("h1", {}, ...shell.said(screen.title)));
  const near = new Map<string, string>([["care", id === "start" ? "help_now" : "HAND_OFF"], ["card", "safer_device"]]);
  const [placed, tools] = [new Set<Choice>(), [] as Choice[]];
  const act = (choice: Choice, kind: "go" | "calm" | "words"): HTMLElement =>
    button(shell.say(choice.words), kind, () => {
      deeds.choose(choice, id);
    });
  if (id === "codes" && visit.errors.has("mismatch")) {
    const words = table.screens["check_note"]!.parts!.find(({ row }) => row === "mismatch")?.words;
    nodes.push(make("p", { class: "error", role: "alert", tabindex: "-1" }, ...shell.said(words)));
  }
  /** Buttons beside each other; one with a note has it beneath. */
  const beside = (some: readonly Choice[], main: Choice | undefined, className: string): HTMLElement => make("div", { class: className }, ...some.map((choice) => {
    const wide = act(choice, choice === main ? "go" : "calm");
    if (choice.note === undefined) return wide;
    wide.setAttribute("aria-describedby", `note-${choice.does ?? choice.to}`);
    return make("div", {}, wide, make("p", { class: "note", id: `note-${choice.does ?? choice.to}` }, ...shell.said(choice.note)));
  }));
  let list: HTMLElement | undefined;
  let isFirst = true;
  for (const part of parts) {
    if (part.kind === "error") {
      const failed = visit.errors.get(part.row!);
      if (failed !== undefined) nodes.push(make("p", { class: "error", role: "alert", tabindex: "-1" }, ...shell.said(failed.instead ?? part.words, failed.fields)));
      continue;
    }
    const words = part.words === undefined ? [] : shell.said(part.words, fieldsOf(shell, part));
    if (part.kind === "item") {
      if (list === undefined) {
        list = make("ul", { class: id === "review" ? "list-no" : undefined });
        nodes.push(list);
      }
      list.append(make("li", {}, ...(id === "review" ? [drawn("no"), make("span", {}, ...words)] : words)));
      continue;
    }
    list = undefined;
    if (part.kind === undefined) nodes.push(make("p", { class: isFirst && id !== "talk" ? "lead" : undefined }, ...words));
    else if (part.kind === "heading") nodes.push(make("h2", {}, ...words));
    else if (part.kind === "care" || part.kind === "card") {
      const [first, ...others] = Array.isArray(part.words) ? (part.words as readonly Reference[]) : [];
      const own = others.length > 0 ? [make("strong", {}, shell.say(first)), ` ${shell.say(others)}`, ...words.slice(1)] : words;
      const box = make("div", { class: part.kind }, make("p", {}, ...own));
      const choice = choices.find(({ to }) => to === near.get(part.kind!));
      if (choice !== undefined && (id === "start" || id === "choose_files")) {
        placed.add(choice);
        box.append(act(choice, "words"));
      }
      nodes.push(box);
    } else {
      nodes.push(...placeFor(shell, deeds, id, part));
      for (const choice of choices) {
        if (TOOLS[part.kind]?.includes(choice.does ?? choice.to) === true) tools.push(choice);
      }
    }
    isFirst = false;
  }
  const rest = choices.filter((choice) => !placed.has(choice) && !tools.includes(choice));
  if (tools.length > 0) nodes.push(beside(tools, undefined, "acts acts--near noprint"));
  if (id === "review") pair(nodes);
  if (id === "start") nodes.splice(nodes.findIndex((node) => node instanceof HTMLElement && node.className === "card"), 0, doors(shell, deeds, rest));
  else if (rest.length > 0) {
    const main = id === "what_next" ? undefined : rest.find(({ to, does }) => !ASIDE.has(to) && does !== "calendar");
    nodes.push(beside(rest, main, "acts"));
  }
  const fields = parts.filter(({ kind }) => kind === "field");
  if (fields.length === 0) return nodes;
  const [heading, ...beneath] = nodes;
  const form = make("form", { autocomplete: "off" }, ...beneath);
  const first = form.querySelector<HTMLButtonElement>(".acts .btn--go");
  first?.setAttribute("type", "submit");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
  });
  return [heading!, form];
}

/** What goes and what stays here, as two columns; what can be done with it beneath them. */
function pair(nodes: Node[]): void {
  const stays = nodes.findIndex((node) => node instanceof HTMLUListElement && node.className === "list-no");
  const goes = nodes.findIndex((node) => node instanceof HTMLElement && node.querySelector(":scope > .list-yes") !== null);
  const tools = nodes.findIndex((node) => node instanceof HTMLElement && node.classList.contains("acts--near"));
  if (goes < 0 || stays < 0 || tools < 0) return;
  const under = nodes.splice(tools, 1);
  const second = make("section", { class: "card" }, ...nodes.splice(stays - 1, 2));
  nodes.splice(goes, 1, make("div", { class: "pair" }, nodes[goes], second), ...under);
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
      if (at + 1 !== number && other.kind !== "any" && other.failed === undefined) others[String(at + 1)] = { words: { text: table.files.number_alone[other.kind] as number, with: { position: String(at + 1) } } };
    });
  }
  return question(shell, row, (answer) => {
    deeds.answerFile(id, number, answer);
  }, number, others);
}

function fieldsOf(shell: Shell, { kind }: Part): Readonly<Record<string, string | number>> {
  const { table, visit, speech } = shell;
  const part = kind === undefined ? takingPart(table, speech, "stopncii", new Date()) : undefined;
  const country = visit.country === "" ? "" : speech.country(visit.country);
  const day = visit.receipt?.day ?? visit.report?.day;
  return { ...part, country, days: visit.profile?.partner_copies_days ?? 0, day: day === undefined ? "" : dayInWords(table, speech, day) };
}

/** Fill a place by its kind. */
function placeFor(shell: Shell, deeds: Deeds, id: string, part: Part): Node[] {
  const { table, visit, speech } = shell;
  const heading = part.words === undefined ? [] : [make("h2", {}, ...shell.said(part.words))];
  switch (part.kind) {
    case "actions":
    case "actions_under_18": {
      const list = part.kind === "actions" ? table.actions.adult : table.actions.under_18;
      const items = list.map((each) => make("li", {}, ...shell.said(each)));
      return [make("h2", {}, ...shell.said(part.words ?? table.actions.title)), make("ul", {}, ...items)];
    }
    case "tasks":
      return [tasks(shell, deeds)];
    case "crisis_lines":
      return [countrySelect(shell), ...table.crisis.filter(({ country }) => country === visit.country).map(({ kind, number }) => make("p", { class: "card" }, shell.say(table.words[kind === "emergency" ? "emergency_number" : "crisis_line"], { number })))];
    case "rows_under_18": {
      const rows = rowsUnder18(table, visit.country, speech.code, visit.age);
      const asksAge = id === "HAND_OFF" && visit.country in table.services.under_18_now;
      return [...(id === "HAND_OFF" || id === "talk" ? [countrySelect(shell)] : []), ...(asksAge ? [ageNow(shell)] : []), ...heading, ...rows.map((row) => service(shell, row))];
    }
    case "rows_adult":
      return [...(id === "talk" && visit.answers["age"] !== "all_adult" ? [] : [countrySelect(shell)]), ...heading, ...rowsAdult(table, visit.country, speech.code).map((row) => service(shell, row))];
    case "rows_police":
    case "rows_legal": {
      const rows = rowsAdult(table, visit.country, speech.code, part.kind === "rows_police" ? "police" : "legal");
      return [countrySelect(shell), ...(rows.length === 0 ? [] : heading), ...rows.map((row) => service(shell, row))];
    }
    case "address": {
      const row = table.services.rows.find((each) => each.id === part.row)!;
      return [make("p", {}, outside(row.url!, new URL(row.url!).host, shell.say(table.bar["new_tab"])))];
    }
    case "field":
      return [field(shell, id, part.row!, part.words)];
    case "settings":
      return settings(shell);
    case "progress":
      return [make("p", { role: "status", id: "progress" }, progressWords(shell))];
    case "reasons":
    case "left_out": {
      const lines = leftOut(shell);
      return lines.length === 0 ? [] : [...heading, make("ul", {}, ...lines.map((line) => make("li", {}, line)))];
    }
    case "reason":
      return visit.why.map((each) => paragraph(shell.say(each)));
    case "service":
      return [make("section", { class: "card" }, ...heading, ...serviceWords(shell))];
    case "goes":
      return goes(shell, id, part.words);
    case "declarations":
      return [declarations(shell)];
    case "codes":
      return codes(shell);
    case "state":
      return state(shell);
    case "files":
      return [document.createComment("files")]; // the frame stands here by itself
    default:
      return heading;
  }
}

/** What is said of a file that is refused. */
export function reasonOf({ reasons }: Guidance, kind: Chosen["kind"], code: string): Reference {
  return reasons[kind]?.[code] ?? reasons["any"]?.[code] ?? reasons["any"]!["stopped-media"]!;
}

/** Why files, or some of their fingerprints, do not go: each a sentence and what to do. */
function leftOut(shell: Shell): string[] {
  const { table, visit } = shell;
  const { files } = table;
  const failed = visit.files.flatMap(({ failed: reason }, file) => (reason === undefined ? [] : [{ file, reason }]));
  return [...failed, ...fittedOf(visit).leftOut].map(({ file, reason }) => {
    const { kind } = visit.files[file]!;
    return `${shell.say(files.number_alone[kind], { position: file + 1 })}: ${shell.say(reasonOf(table, kind, reason))}`;
  });
}

/** How far the files are, in words. */
export function progressWords({ table, visit, speech }: Shell): string {
  const ready = visit.files.filter(({ answer, found, failed }) => answer !== "leave_out" && (found !== undefined || failed !== undefined)).length;
  return speech.say(table.files.ready, { done: ready, count: visit.files.filter(({ answer }) => answer !== "leave_out").length });
}

function tasks(shell: Shell, deeds: Deeds): HTMLElement {
  const { table, visit } = shell;
  const list = make("ul", { class: "tasks" });
  for (const task of planOf(table, visit.answers, visit.service !== undefined)) {
    const { name, line, to } = table.tasks[task]!;
    const open = button(shell.say(name), "words", () => {
      deeds.lead(to);
    });
    const box = make("input", { type: "checkbox", checked: visit.marked.has(task), "aria-label": `${shell.say(table.marks.done)}: ${shell.say(name)}` });
    const mark = make("span", {}, shell.say(visit.marked.has(task) ? table.marks.done : table.marks.not_started));
    box.addEventListener("change", () => {
      if (box.checked) visit.marked.add(task);
      else visit.marked.delete(task);
      mark.textContent = shell.say(box.checked ? table.marks.done : table.marks.not_started);
    });
    list.append(make("li", {}, open, line === undefined ? undefined : make("small", {}, shell.say(line)), make("label", { class: "noprint" }, box, mark)));
  }
  return list;
}

/** The country, for what is near: rows change without a new screen. */
export function countrySelect(shell: Shell): HTMLElement {
  const { table, visit, speech } = shell;
  const before = document.getElementById("country");
  if (before !== null && before === document.activeElement) return before.parentElement!;
  const choose = make("select", { id: "country" }, make("option", { value: "" }, shell.say(table.bar["no_country"])));
  for (const [code, name] of countriesByName(table, speech)) choose.append(make("option", { value: code, selected: code === visit.country }, name));
  choose.addEventListener("change", () => {
    visit.country = choose.value;
    visit.age = "unasked";
    shell.draw(false);
  });
  return make("div", { class: "field noprint" }, make("label", { for: "country" }, shell.say(table.bar["country"])), choose);
}

function ageNow(shell: Shell): HTMLElement {
  const { text, answers = {} } = shell.table.questions["under_18_now"]!;
  const set = make("fieldset", { class: "noprint" }, make("legend", {}, shell.say(text)));
  const choice = make("div", { class: "choice" });
  for (const [answer, { words }] of Object.entries(answers)) {
    const value = answer === "yes" ? "yes" : answer === "no" ? "other" : "unasked";
    const input = make("input", { type: "radio", name: "under_18_now", value: answer, checked: shell.visit.age === value && value !== "unasked" });
    input.addEventListener("change", () => {
      shell.visit.age = value;
      shell.draw(false);
    });
    choice.append(make("label", {}, input, make("span", {}, shell.say(words))));
  }
  set.append(choice);
  return set;
}

function service(shell: Shell, row: Row): HTMLElement {
  const { table, speech } = shell;
  const phone = (row.phone ?? []).join(", ");
  const card = make("article", { class: "card svc" }, make("h3", {}, make("bdi", {}, row.name)));
  for (const note of row.notes) card.append(paragraph(shell.say(note)));
  const how = make("p", { class: "svc__how" });
  if (row.url !== undefined) how.append(outside(row.url, new URL(row.url).host, shell.say(table.bar["new_tab"])));
  if (row.number !== undefined) {
    const [before = "", after = ""] = shell.say(row.number, { phone: "\u0000" }).split("\u0000");
    how.append(make("span", {}, before, make("a", { href: `tel:${(row.phone ?? [""])[0]!}` }, apart(phone)), after));
  }
  card.append(how, make("p", { class: "note" }, linesOf(table, speech, row, new Date()).join(" ")));
  return card;
}

/** A line to type into; what stands in it is kept in memory. */
function field(shell: Shell, at: string, row: string, words: Reference | undefined): HTMLElement {
  const { table, visit } = shell;
  const draft = `${at} ${row}`;
  const isPin = row === "pin" && at === "status_in";
  // What stands in a field for passwords Chromium hands to its leak check, by a question to its maker. So the PIN is text, hidden by
  // the style; docs/browser.md says more. Where no style hides it, a field for passwords does.
  const hidden = CSS.supports("-webkit-text-security", "disc") ? "text" : "password";
  const input = make("input", {
    id: `field-${row}`, class: isPin ? "code unseen" : "code", type: isPin ? hidden : "text", autocomplete: "off", spellcheck: "false",
    autocapitalize: row === "case_number" ? "characters" : "off", inputmode: row === "pin" ? "numeric" : row === "service" ? "url" : "text",
  });
  input.value = visit.drafts.get(draft) ?? "";
  input.addEventListener("input", () => {
    visit.drafts.set(draft, input.value);
  });
  const label = make("label", { for: `field-${row}`, id: `label-${row}` }, shell.say(words));
  if (!isPin) return make("div", { class: "field" }, label, input);
  const note = make("small", { id: "unseen", class: "hidden" }, shell.say(table.bar["unseen"]));
  input.setAttribute("aria-labelledby", `${label.id} ${note.id}`);
  const show = button(shell.say(table.bar["show"]), "words", () => {
    const isUnseen = input.classList.toggle("unseen");
    input.type = isUnseen ? hidden : "text";
    note.textContent = isUnseen ? shell.say(table.bar["unseen"]) : "";
    show.textContent = shell.say(table.bar[isUnseen ? "show" : "hide"]);
  });
  return make("div", { class: "field" }, label, note, input, show);
}

function settings(shell: Shell): HTMLElement[] {
  return Object.entries(shell.table.settings).map(([id, { words, options }]) => {
    const choose = make("select", { id: `setting-${id}` });
    for (const [value, said] of options) choose.append(make("option", { value, selected: shell.settings[id] === value }, shell.say(said)));
    choose.addEventListener("change", () => {
      shell.settings[id] = choose.value;
      shell.draw(false);
    });
    return make("div", { class: "field" }, make("label", { for: `setting-${id}` }, shell.say(words)), choose);
  });
}

/** Words of a service as they are shown: of a control or a direction only a dot is seen. */
function seen(said: string | undefined): string | undefined {
  return said?.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "\u2022");
}

function serviceWords(shell: Shell): HTMLElement[] {
  const { table, visit } = shell;
  const { review } = table;
  const { profile } = visit;
  const none = shell.say(review["not_stated"]);
  const line = (name: string, words: string | undefined): HTMLElement => paragraph(shell.say(review[name], { words: words === undefined ? none : `\u2068${seen(words)!}\u2069` }));
  const others = profile?.representatives === undefined ? "unknown" : profile.representatives ? "yes" : "no";
  return [
    make("p", {}, make("b", {}, shell.say(review["named_by_itself"], { host: hostOf(visit.service), name: seen(profile?.name) ?? none }))),
    line("run_by", profile?.operator), line("shares_with", profile?.partners), line("keeps", profile?.retention),
    paragraph(shell.say(review.for_others[others])), line("privacy", profile?.policy), line("contact", profile?.contact),
    ...(profile !== undefined && profile.keys.length > 0 ? [paragraph(shell.say(review["sealed"]))] : []),
  ];
}

function goes(shell: Shell, id: string, words: Reference | undefined): HTMLElement[] {
  const { table, visit } = shell;
  const { items, files } = fittedOf(visit);
  const types = new Map<string, number[]>();
  for (const { signals } of items) for (const { type, quality = -1 } of signals) types.set(type, [...(types.get(type) ?? []), quality]);
  if (id === "send") {
    const signals = [...types].map(([type, each]) => shell.say(table.review["fingerprints"], { count: each.length, type }).replace(/\.$/, "")).join(shell.say(table.words["between_names"]));
    return [paragraph(shell.say(table.endings["send_what"], { signals, count: files.length, host: hostOf(visit.service) }), "lead")];
  }
  const { review } = table;
  const lines: string[] = [];
  for (const content of ["image", "video"] as const) {
    const count = files.filter(({ found }) => found!.kind === content).length;
    if (count > 0) lines.push(shell.say(review.files[content], { count }));
  }
  for (const altered of ["yes", "no", "unknown"] as const) {
    const count = items.filter((item) => item.altered === altered).length;
    if (count > 0) lines.push(shell.say(review.altered[altered], { count: String(count) }));
  }
  const linked = items.filter(({ altered_from }) => altered_from !== undefined).length;
  if (linked > 0) lines.push(shell.say(review["linked"], { count: String(linked) }));
  for (const [type, qualities] of types) {
    lines.push(shell.say(review["fingerprints"], { count: qualities.length, type }));
    const [least, most] = [Math.min(...qualities), Math.max(...qualities)];
    if (least >= 0) lines.push(shell.say(review[`${type === "vpdq" ? "moments" : "form"}_and_${least === most ? "one_quality" : "quality"}`], { least, most }));
  }
  const reposts = items.flatMap(({ signals }) => signals).filter(({ variant }) => !OWN.has(variant)).length;
  if (reposts > 0) lines.push(shell.say(review["reposts"], { count: reposts }));
  const whole = items.flatMap(({ signals }) => signals).filter(({ type }) => type === "md5").length;
  if (whole > 0) lines.push(shell.say(review["whole_files"], { count: whole }));
  lines.push(shell.say(review["case"]));
  const list = make("ul", { class: "list-yes" }, ...lines.map((each) => make("li", {}, drawn("yes"), make("span", {}, each))));
  const box = make("section", { class: "card" }, make("h2", {}, shell.say(words)), list);
  if (!visit.showsAll) return [box];
  const text = bytesShown(shell);
  return [box, paragraph(shell.say(review["every_byte"], { count: text.length })), make("pre", { tabindex: "0" }, text)];
}

function declarations(shell: Shell): HTMLElement {
  const { table, visit } = shell;
  const { declarations: said } = table;
  const who = declarationsOf(table, visit).depicted;
  const every: readonly (readonly [string, Reference])[] = [["adult", said.adult], ["depicted", said[who]], ["intimate", said.intimate], ["no_consent", said.no_consent[who]]];
  const box = make("div", { class: "choice" });
  for (const [id, words] of every) {
    const input = make("input", { type: "checkbox", checked: visit.ticked.has(id) });
    input.addEventListener("change", () => {
      if (input.checked) visit.ticked.add(id);
      else visit.ticked.delete(id);
    });
    box.append(make("label", {}, input, make("span", {}, ...shell.said(words))));
  }
  return box;
}

function codes(shell: Shell): Node[] {
  const { table, visit } = shell;
  const { credentials } = visit;
  if (credentials === undefined) return [make("p", { role: "status" }, shell.say(table.endings["making_codes"]))];
  const [number, pin] = (table.screens["check_note"]!.parts ?? []).filter(({ kind }) => kind === "field").map(({ words }) => shell.say(words));
  const row = (name: string | undefined, code: string): HTMLElement => make("div", {}, make("dt", {}, name), make("dd", {}, apart(code)));
  return [make("dl", { class: "codes" }, row(number, credentials.number), row(pin, shownPin(credentials.pin)))];
}

function state(shell: Shell): Node[] {
  const { table, visit, speech } = shell;
  const { report } = visit;
  if (report === undefined) return [];
  const { endings } = table;
  const { partners, fetched, feedback, items, signals, day } = report;
  const shared = visit.profile?.partners;
  const who = shared === undefined ? shell.say(endings["no_partners"]) : shell.say(endings["partners"], { partners: shared });
  const lines = [shell.say(endings.states[report.status], { host: hostOf(visit.service), partners: who })];
  if (report.status === "other") lines.push(shell.say(endings["update_or_ask"]));
  if (fetched !== undefined) lines.push(shell.say(endings["fetched"], { fetched, count: partners ?? 0 }));
  if (signals > 0) lines.push(shell.say(endings["counts"], { items, signals, day: dayInWords(table, speech, day) }));
  for (const [name, count] of [["pending", feedback.pending_review], ["blocked", feedback.blocked], ["not_blocked", feedback.not_blocked]] as const) {
    if (count > 0) lines.push(shell.say(endings[name], { count: String(count) }));
  }
  const isQuiet = feedback.pending_review + feedback.blocked + feedback.not_blocked === 0;
  if (isQuiet && (report.status === "Active" || report.status === "Received")) lines.push(shell.say(endings["no_match"]));
  return lines.map((words) => paragraph(words));
}

