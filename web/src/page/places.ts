/** Fill the places of a screen, each by its kind: rows of services, fields, what goes, number and PIN. */
import { shownPin } from "../core/case";
import { progressWords, reasonOf } from "./choosing";
import type { Deeds } from "./deeds";
import type { Part, Reference, Row } from "./guidance";
import { bytesShown } from "./requests";
import { countriesByName, dayInWords, linesOf, rowsAdult, rowsUnder18 } from "./services";
import type { Shell } from "./shell";
import { planOf } from "./triage";
import { apart, button, drawn, make, outside, paragraph } from "./view";
import { type Fitted, OWN, declarationsOf, hostOf, toDeclare } from "./visit";

/** Fill a place by its kind. */
export function placeFor(shell: Shell, deeds: Deeds, id: string, part: Part, fitted: () => Fitted): Node[] {
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
      const lines = leftOut(shell, fitted());
      return lines.length === 0 ? [] : [...heading, make("ul", {}, ...lines.map((line) => make("li", {}, line)))];
    }
    case "reason":
      return visit.why.map((each) => paragraph(shell.say(each)));
    case "service":
      return [make("section", { class: "card" }, ...heading, ...serviceWords(shell))];
    case "goes":
    case "goes_in_short":
      return goes(shell, part, fitted());
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

/** Why files, or some of their fingerprints, do not go: each a sentence and what to do. */
function leftOut(shell: Shell, fitted: Fitted): string[] {
  const { table, visit } = shell;
  const { files } = table;
  const failed = visit.files.flatMap(({ failed: reason }, file) => (reason === undefined ? [] : [{ file, reason }]));
  return [...failed, ...fitted.leftOut].map(({ file, reason }) => {
    const { kind } = visit.files[file]!;
    return `${shell.say(files.number_alone[kind], { position: file + 1 })}: ${shell.say(reasonOf(table, kind, reason))}`;
  });
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
    visit.drafts.delete("under_18_now");
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
    const input = make("input", { type: "radio", name: "under_18_now", value: answer, checked: shell.visit.drafts.get("under_18_now") === answer });
    input.addEventListener("change", () => {
      shell.visit.age = value;
      shell.visit.drafts.set("under_18_now", answer);
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

function goes(shell: Shell, { kind, words }: Part, { items, files }: Fitted): HTMLElement[] {
  const { table, visit } = shell;
  const types = new Map<string, number[]>();
  for (const { signals } of items) for (const { type, quality = -1 } of signals) types.set(type, [...(types.get(type) ?? []), quality]);
  if (kind === "goes_in_short") {
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
  const box = make("div", { class: "choice" });
  for (const [id, words] of toDeclare(table, declarationsOf(table, visit).depicted)) {
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

