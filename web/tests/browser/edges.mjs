// The edges of the page's screens, as the exported table has them, and those of them that somebody has walked.
import assert from "node:assert/strict";

const [SPECIAL, ANY] = [/[.*+?^$()[\]\\|]/g, "[^]*"];
/** What a deed may lead to beside what the table says; it stays where it is and says an error too. */
const MORE = { files_chosen: ["none_usable"], declare: ["none_usable", "sent", "taken_back"], ask_status: ["enter_address"] };
const BY_FILES = ["per_file", "made_from", "hashing", "inner", "review", "none_usable"];

export class Edges {
  #table;
  #sees;
  #pending;
  #law;
  #walked = new Set();

  /** `sees`: functions that give the screen, the depth in history, and how often the service was asked and something printed. */
  constructor(table, sees) {
    this.#table = table;
    this.#sees = sees;
  }

  #say(reference) {
    const { strings } = this.#table;
    if (typeof reference === "number") return strings.en[reference];
    return Array.isArray(reference) ? reference.map((each) => this.#say(each)).join(" ") : reference === undefined || reference === null ? "" : this.#say(reference.text);
  }

  async #now() {
    const { at, depth, asked, printed } = this.#sees;
    return { at: await at(), depth: await depth(), asked: asked(), printed: await printed() };
  }

  /** A button is pressed: `place` is what it stands in. */
  async begin(words, place) {
    this.#pending ??= { ...(await this.#now()), words, place };
  }

  /** An answer is given. */
  async answer(value) {
    this.#pending = { ...(await this.#now()), value };
  }

  /** Something came by itself. */
  itself(from, to) {
    if (from !== to && from === "hashing") this.#walked.add(`hashing: > ${to}`);
    if (from === "sending") this.#walked.add(`send > ${to}`);
  }

  typed(at, row) {
    this.#walked.add(`${at}: field ${row}`);
  }

  /** An error is in sight, and has the focus. */
  failed(at, text) {
    const { screens, endings, service_faults: faults } = this.#table;
    const instead = { wait: [endings.too_many], unreachable: Object.values(faults).flat().filter((each) => typeof each === "number"), not_believed: Object.values(endings.not_known) };
    for (const { kind, row, words } of screens[at]?.parts ?? []) {
      if (kind !== "error") continue;
      const starts = [words, ...(instead[row] ?? [])].map((each) => new RegExp(`^${this.#say(each).replaceAll(SPECIAL, "\\$&").replaceAll(/\{\w+\}/g, ANY)}`));
      if (starts.some((each) => each.test(text))) this.#walked.add(`${at}: error ${row}`);
    }
  }

  /** Where it led is in sight. */
  async end() {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    const now = await this.#now();
    if (pending.value !== undefined) this.#answered(pending, now);
    else this.#pressed(pending, now);
  }

  #answered({ at: from, value }, { at }) {
    const answers = this.#table.questions[from]?.answers ?? {};
    const isOfFile = !(from in this.#table.questions) || ["per_file", "made_from", "inner"].includes(from);
    const own = isOfFile && /^\d+$/.test(value) ? "file" : value;
    const { to, shown } = answers[value] ?? {};
    const allowed = isOfFile && value !== "under_18" ? BY_FILES : [shown ?? to];
    assert.ok(allowed.includes(at), `${from}: ${value} led to ${at}, not to ${allowed}`);
    this.#walked.add(`${from}: ${own}`);
  }

  #pressed({ at: from, words, place, depth, asked, printed }, now) {
    const table = this.#table;
    const is = (reference) => this.#say(reference) === words;
    const led = (key, ...to) => {
      assert.ok(to.includes(now.at), `${from}: "${words}" led to ${now.at}, not to ${to}`);
      this.#walked.add(key);
    };
    if (place === "header") return led("bar: help_now", "help_now");
    if (place === "footer") {
      const [to] = table.footer.find(([, each]) => is(each));
      return led(`footer: ${to}`, to);
    }
    if (place === "cover" || place === "closing") return led(`${place}: ${words}`, from);
    if (from === "LIST") {
      for (const [task, { name, to }] of Object.entries(table.tasks)) if (is(name) && (to === now.at || !this.#isTaskOf(task, words, now.at))) return led(`LIST: task ${task}`, to);
    }
    if (from.startsWith("notice") || from in table.search) return this.#noticed(from, words, now, led, printed);
    const same = (table.screens[from]?.choices ?? []).filter((choice) => is(choice.words));
    const isAsking = now.asked > asked;
    const choice = same.find(({ to, does }) => (same.length === 1 || this.#leadsOf(does, to).includes(now.at)) && (does === "ask_service") === (isAsking && same.some((each) => each.does === "ask_service"))) ?? same[0];
    if (choice === undefined) return undefined; // of a question: to go on, or to stop
    const { to, does } = choice;
    const key = this.#key(from, choice);
    if (to === "back") {
      assert.equal(now.depth, depth - 1, `${from}: "${words}" goes back`);
      this.#walked.add(key);
    } else if (to === "print") {
      assert.equal(now.printed, printed + 1);
      led(key, from);
    } else if (to === "start_again") led(key, "start");
    else if (to === now.at || (to === "LIST" && now.at === "start")) led(key, to, "start");
    else if (does !== undefined && does !== null) {
      const leads = this.#leadsOf(does, to);
      assert.ok([...leads, from].includes(now.at), `${from}: "${words}" led to ${now.at}, not to ${leads}`);
      if (leads.includes(now.at)) {
        this.#walked.add(`${does} > ${now.at}`);
        if (does === "send") this.#walked.add(key);
      }
    } else assert.fail(`${from}: "${words}" led to ${now.at}, not to ${to}`);
    return undefined;
  }

  #isTaskOf(task, words, at) {
    return Object.entries(this.#table.tasks).some(([other, { name, to }]) => other !== task && this.#say(name) === words && to === at);
  }

  #noticed(from, words, now, led, printed) {
    const { notice, bar } = this.#table;
    const is = (reference) => this.#say(reference) === words;
    if (is(notice.labels.under_18)) return led(`${from}: under_18`, "HAND_OFF");
    if (from === "notice_law" || from in this.#table.search) {
      const law = notice.laws.find(({ name }) => is(name));
      if (law === undefined || now.at === from) return undefined;
      this.#law = law.id;
      this.#walked.add(`law: ${law.id}`);
      return led(`${from}: law`, ...notice.flow.slice(1), ...Object.values(notice.first_for));
    }
    const screen = notice.screens.find(({ id }) => id === from.replace("_list_", "_"));
    const [name] = Object.entries(screen.answers ?? {}).find(([, each]) => is(each)) ?? Object.entries(notice.labels).find(([, each]) => is(each)) ?? (is(bar.go_on) ? ["go_on"] : []);
    if (from === "notice_dmca_warning") return led(`${from}: ${name}`, name === "read" ? "notice_law" : notice.to[from][name]); // its law is not on
    if (from.endsWith("_done")) return name === "calendar" ? led(`${from}: ${name}`, from) : led(`${from}: ${name}`, notice.to.notice_done[name]);
    if (!from.endsWith("_check")) return undefined;
    if (name === "go_on") {
      this.#walked.add(`law: ${this.#law} done`);
      return led(`${from}: go_on`, from.replace("check", "done"));
    }
    if (name === "fill" || name === "change") return led(`${from}: ${name}`, ...notice.flow.slice(1, -2));
    if (name === "print") assert.equal(now.printed, printed + 1);
    return led(`${from}: ${name}`, from);
  }

  #leadsOf(does, to) {
    if (does === "files_chosen") return BY_FILES;
    return does === undefined || does === null ? [to] : [to, ...(this.#table.deeds_lead_to[does] ?? []), ...(MORE[does] ?? [])];
  }

  #key(from, { words, to, does }) {
    return `${from}: ${this.#say(words)} > ${to}${does ? ` by ${does}` : ""}`;
  }

  /** Screens that can be come to while there is a list to go back to, and while there is none. */
  #reachable() {
    const { screens, questions, tasks, outcomes, search, notice } = this.#table;
    const seen = new Set();
    const open = [["start", false]];
    while (open.length > 0) {
      const [at, isListed] = open.pop();
      const key = `${at} ${isListed}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const go = (to, listed = isListed) => open.push([to, ["HAND_OFF", "ended", "start"].includes(to) ? false : to === "LIST" ? true : listed]);
      for (const { to, shown } of Object.values(questions[at]?.answers ?? {})) for (const each of [to, shown]) if (each && each !== "LIST") go(each, isListed && ["per_file", "per_video", "made_from", "inner"].includes(at));
      if (at === "have" || (at === "LIST" && isListed)) go("LIST", true);
      if (at === "LIST") for (const { to } of Object.values(tasks)) go(to);
      for (const choice of screens[at]?.choices ?? []) {
        if (!this.#holds(choice, isListed)) continue;
        const tos = choice.does === "set_service" && !isListed ? ["status_in"] : this.#leadsOf(choice.does, choice.to);
        for (const to of tos) if (to !== "LIST" || isListed) go(to);
      }
      if (at in search || at === "notice_law") for (const to of notice.flow) go(to);
      if (at === "notice_done") for (const to of Object.values(notice.to.notice_done)) if (to !== "LIST") go(to);
      assert.ok(outcomes.length > 0);
    }
    return seen;
  }

  #holds({ when }, isListed) {
    return !(when ?? []).includes(isListed ? "not_listed" : "listed");
  }

  /** All edges that a person may walk. */
  #all() {
    const { screens, questions, tasks, footer, notice, search, deeds_lead_to: leads, hashing_leads_to: byItself } = this.#table;
    const all = ["bar: help_now", ...footer.map(([to]) => `footer: ${to}`), ...Object.keys(tasks).map((task) => `LIST: task ${task}`)];
    for (const [id, { answers }] of Object.entries(questions)) for (const [answer, { to }] of Object.entries(answers ?? {})) if (to) all.push(`${id === "per_video" ? "per_file" : id}: ${answer}`);
    all.push("made_from: file", ...byItself.filter((to) => to !== "hashing").map((to) => `hashing: > ${to}`));
    for (const [does, tos] of [...Object.entries(leads), ...Object.entries(MORE)]) all.push(...tos.map((to) => `${does} > ${to}`));
    const reachable = this.#reachable();
    for (const [id, { choices, parts }] of Object.entries(screens)) {
      if (id === "no_script") continue; // without_scripts.mjs walks it
      for (const { kind, row } of parts ?? []) if (kind === "field" || kind === "error") all.push(`${id}: ${kind} ${row}`);
      for (const choice of choices ?? []) {
        const isCome = ["cover", "closing", "own_fault", "forget", "others_see", "limits_only", "settings"].includes(id) || [true, false].some((isListed) => this.#holds(choice, isListed) && reachable.has(`${id} ${isListed}`));
        if (isCome) all.push(["cover", "closing"].includes(id) ? `${id}: ${this.#say(choice.words)}` : this.#key(id, choice));
      }
    }
    for (const { id, gives, is_on: isOn } of notice.laws) if (isOn) all.push(`law: ${id}`, ...(gives === "link" ? [] : [`law: ${id} done`]));
    all.push(...Object.keys(search).map((id) => `${id}: law`), ...notice.flow.slice(0, -2).map((id) => `${id}: under_18`));
    for (const { id, answers } of notice.screens) {
      const of = id.replace("_list_", "_");
      if (["notice_check", "notice_done", "notice_dmca_warning"].includes(of)) all.push(...Object.keys(answers ?? notice.screens.find((each) => each.id === of).answers).filter((name) => name !== "calendar" || notice.laws.some(({ look_after: after, gives, is_on: isOn }) => isOn && after > 0 && (gives === "checklist") === id.includes("_list_"))).map((name) => `${id}: ${name}`));
      if (of === "notice_check") all.push(...["go_on", "copy"].map((name) => `${id}: ${name}`));
    }
    all.push("notice_check: save_fingerprint");
    return new Set(all);
  }

  /** Edges of the table that nobody walked. */
  missing() {
    return [...this.#all()].filter((edge) => !this.#walked.has(edge));
  }

  get count() {
    return this.#all().size;
  }
}
