/** What choices do: ask the service, hash, show, draw number and PIN, send, look, take back. Each ends at a screen. */
import { type Credentials, newCredentials, readCaseNumber, readPin, shownPin } from "../core/case";
import type { Choice, Reference } from "./guidance";
import { MAX_FRAMES } from "../core/wire";
import type { Said } from "./files";
import { keyOf } from "./key";
import { progressWords, reasonOf } from "./screens";
import { type Fault, askCase, askProfile, bytesForFile, bytesOf, sendOnce } from "./service";
import type { Shell } from "./shell";
import { isForThem, isListed } from "./triage";
import { save } from "./view";
import { type Chosen, Visit, hostOf, isOfTheSame, itemsOf, originOfService, submissionOf } from "./visit";

const PLACEHOLDER = { number: "0000-0000-0000", key: "0".repeat(64) };
const SAYS_PROGRESS_MS = 5000;
const WEEK_MS = 7 * 86_400_000;
const [MINUTE_S, HOUR_S] = [60, 3600];
/** As the program does where nobody asks for more: the digest of a picture's file would tell for certain that someone has it. */
const HASHED = { image: ["pdq"], video: ["md5", "vpdq"], any: [] } as const;

/** Everything that would be sent, as text; number and key stand as zeros until they are drawn. */
export function bytesShown({ table, visit }: Shell): string {
  const document = visit.submission ?? submissionOf(table, visit, PLACEHOLDER.number, PLACEHOLDER.key);
  return new TextDecoder().decode(bytesOf(document));
}

/** A calendar file for a day with a neutral title and no details. */
export function calendar(title: string, at: Date): string {
  const stamp = (date: Date): string => date.toISOString().replace(/[-:]|\.\d+/g, "");
  const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Notes//EN", "BEGIN:VEVENT", `UID:${id}`, `DTSTAMP:${stamp(new Date())}`, `DTSTART:${stamp(at)}`, `SUMMARY:${title}`, "END:VEVENT", "END:VCALENDAR"];
  return `${lines.join("\r\n")}\r\n`;
}

/** Whether nothing more is to come of a file. */
function isSettled({ answer, found, failed }: Chosen): boolean {
  return answer === "leave_out" || found !== undefined || failed !== undefined;
}

/** Whether a file may be shown blurred at a screen. */
function hasPreviews(screen: string): boolean {
  return screen === "made_from" || screen === "inner";
}

/** Whether a file is still to be asked about. */
function isUnanswered({ answer, kind, failed }: Chosen): boolean {
  return answer === undefined && failed === undefined && kind !== "any";
}

export class Deeds {
  readonly #shell: Shell;
  #saidProgress = 0;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  get #visit(): Visit {
    return this.#shell.visit;
  }

  /** Follow a choice: do its deed, then go on where that says. */
  choose(choice: Choice, at: string): void {
    const { table } = this.#shell;
    for (const [question, answer] of Object.entries(choice.sets ?? {})) {
      this.#visit.answers = { ...this.#visit.answers, [question]: answer };
    }
    if (at === "review" && choice.to === "OTHER_ROUTES") this.#visit.reason = "not_intimate";
    if (choice.does === undefined) {
      if (at === "forget" && choice.to === "ended") this.#shell.forget("ended");
      else if (at === "no_service" && choice.to === "limits") this.lead("limits", true);
      else if (choice.to === "LIST" && !isListed(table, this.#visit.answers)) this.lead("start");
      else this.lead(choice.to);
      return;
    }
    const visit = this.#visit;
    if (visit.isBusy) return;
    visit.isBusy = true;
    this.#do(choice.does, choice.to).catch(() => {
      if (this.#shell.visit === visit) this.fault(); // else all was forgotten meanwhile
    }).finally(() => {
      visit.isBusy = false;
    });
  }

  /** Something went wrong that nobody foresaw. */
  fault(): void {
    if (this.#shell.at === "own_fault") return;
    this.#visit.isOurFault = true;
    if (this.#visit.left === "sending") this.#visit.left = "unknown";
    this.#shell.instead("own_fault");
  }

  /** The device slept: what was being hashed is started again. */
  slept(): void {
    if (this.#shell.at !== "hashing") return;
    this.#stop();
    const first = this.#visit.files.find((file) => !isSettled(file));
    if (first !== undefined) first.isAgain = true;
    this.lookFrame();
    this.#make();
  }

  /** Go somewhere: an act, a hand-off, which forgets, or a screen. */
  lead(to: string, isToFile = false): void {
    const shell = this.#shell;
    const visit = this.#visit;
    if (to === "limits") {
      visit.isToFile = isToFile || visit.service === undefined;
      visit.isUnreachable = false;
      if (visit.isToFile) visit.profile = undefined;
    }
    if (to === "back") shell.back();
    else if (to === "print") print();
    else if (to === "start_again") shell.forget("start");
    else if (to === "ended") shell.forget("ended");
    else if (to === "HAND_OFF") shell.forget("HAND_OFF");
    else if (to === "per_file") this.#nextFile();
    else {
      if (to === "codes") this.#draw();
      this.showFrame(to);
      shell.go(to);
    }
  }

  /** The frame is in sight where files are spoken of, and gone once number and PIN are shown. */
  showFrame(at: string): void {
    const { files, table } = this.#shell;
    const [id = ""] = at.split(" ");
    const shows = (table.screens[id]?.parts ?? []).some(({ kind }) => kind === "files");
    if (id === "choose_files" && files?.isUsed === false && this.#visit.files.length > 0) this.#visit.startRequest(); // its list has gone
    files?.show(shows && (id === "choose_files" || files.isUsed));
  }

  /** Where nothing goes on any more at a screen that waits, go on: someone went back, and forward again. */
  notLeftWaiting(at: string): void {
    const { files, receipt, isFit, errors, isBusy } = this.#visit;
    if (at === "hashing") {
      if (files.every(isSettled)) this.#afterHashing();
      else if (files.some(isUnanswered)) this.#nextFile(true);
      else if (isFit === false && !errors.has("self_test")) this.#make(); // which says why it cannot
    } else if (at === "sending" && !isBusy) this.#shell.instead(receipt === undefined ? "send" : "sent");
  }

  /** Say to the frame what language and look are in use, and how each file is. */
  lookFrame(): void {
    const { table, speech, settings, files, at } = this.#shell;
    const { words } = table.files;
    const [id = ""] = at.split(" ");
    const look = Object.fromEntries(["theme", "text", "spacing"].map((name) => [`data-${name}`, settings[name]!]));
    files?.look({
      choose: speech.say(words["choose"]),
      drop: `${speech.say(words["drop"])} ${speech.say(words["kinds"])}`,
      isShut: id !== "choose_files",
      marks: { ...look, lang: speech.code, dir: table.languages[speech.code]!.is_rtl ? "rtl" : "ltr" },
    }, speech.say(words["title"]), hasPreviews(id));
    for (const file of files?.listed ?? []) this.#write(file);
  }

  /** Write the row of a file; the frame adds name, kind and size. */
  #write(number: number): void {
    const { table, speech, settings, files, at } = this.#shell;
    const { words, number_alone: alone, sizes } = table.files;
    const [id = "", marked] = at.split(" ");
    const { kind, done, found, failed, isAgain }: Chosen = this.#visit.files[number - 1] ?? { kind: "any" };
    const say = (reference: Reference | undefined): string => speech.say(reference, { position: number, done: done ?? 0 });
    const isOver = found !== undefined || failed !== undefined;
    const state = found ? words["done"] : failed !== undefined ? reasonOf(table, kind, failed) : done !== undefined ? words["progress"] : words["waits"];
    const isMarked = Number(marked) === number;
    const isLooked = isOver || kind !== "any";
    files?.write({
      row: number,
      title: say(alone[kind]),
      state: isLooked ? `${isAgain === true && !found ? `${say(words["slept"])} ` : ""}${say(state)}` : "",
      leave: say(words[id === "hashing" && !isOver ? "stop" : "leave_out"]),
      seen: hasPreviews(id) && kind !== "any" ? say(words[files.isShown(number) ? "not_blurred" : "blurred"]) : "",
      done: found ? 100 : isOver ? 0 : (done ?? 0),
      marks: { "aria-current": String(isMarked), "data-is": !isMarked && (id === "per_file" || id === "inner") ? "away" : found ? "done" : isOver ? "cannot" : "" }, // these ask about one file alone
      own: { hasName: settings["names"] === "shown", language: speech.code, between: say(table.words["between_names"]), kb: say(sizes["kb"]), mb: say(sizes["mb"]) },
    });
  }

  /** Hear the frame. */
  hear(said: Said): void {
    const shell = this.#shell;
    const { files } = this.#visit;
    if (said.is === "key") {
      shell.used();
      shell.pressed(said.isShift);
      return;
    }
    if (said.is === "ready") {
      this.#visit.isFit = said.isFit && this.#visit.isFit !== false;
      if (shell.at === "hashing") this.#make();
      return;
    }
    if (said.is === "added" || said.is === "seen" || said.is === "blurred") {
      this.#write(said.file);
      if (said.is === "added" && this.#visit.errors.delete("none_chosen")) shell.draw(false);
      return;
    }
    const place = said.file - 1;
    while (files.length < place) files.push({ kind: "any", answer: "leave_out" });
    const file = files[place] ?? { kind: "any" };
    files[place] = file;
    this.#visit.hadFiles = true;
    if (said.is === "chosen") {
      files[place] = { kind: said.content };
      this.#visit.ticked.clear(); // what was declared was of the others
    } else if (said.is === "left") files[place] = { kind: "any", answer: "leave_out" };
    else if (said.is === "progress") file.done = said.done;
    else if (said.is === "refused") file.failed = said.reason;
    else Object.assign(file, { found: said.found, isDoubtful: said.isDoubtful });
    this.#write(said.file);
    if (["refused", "found", "left"].includes(said.is)) this.#settled(said.file);
    const line = document.getElementById("progress");
    if (line === null || Date.now() - this.#saidProgress < SAYS_PROGRESS_MS) return;
    this.#saidProgress = Date.now();
    line.textContent = progressWords(shell);
  }

  /** An answer to a question about a file; it leads on to the next file. */
  answerFile(id: string, number: number, answer: string): void {
    const file = this.#visit.files[number - 1];
    if (file === undefined) return;
    if (answer === "under_18") {
      this.lead("HAND_OFF");
    } else if (file.kind === "any") this.#nextFile(true); // it was left out meanwhile
    else if (id === "inner") {
      file.inner = answer === "both" ? "both" : "as_it_is";
      this.#afterHashing();
    } else if (id === "made_from") {
      if (answer === "none") delete file.madeFrom;
      else file.madeFrom = Number(answer);
      this.#nextFile();
    } else {
      file.answer = answer;
      const others = this.#visit.files.length > 1;
      if (answer === "from_here" && others) this.#step(`made_from ${number}`, false);
      else this.#nextFile();
    }
  }

  #step(to: string, isInstead: boolean): void {
    this.showFrame(to);
    if (isInstead) this.#shell.instead(to);
    else this.#shell.go(to);
  }

  /** `isInstead`: the file of the screen in sight was left out, and is nothing to go back to. */
  #nextFile(isInstead = false): void {
    const next = this.#visit.files.findIndex(isUnanswered);
    if (next >= 0) {
      this.#step(`per_file ${next + 1}`, isInstead);
      return;
    }
    if (this.#visit.files.every(isSettled)) {
      this.#afterHashing(isInstead);
      return;
    }
    this.#step("hashing", isInstead);
    this.#make();
  }

  /** Have all files hashed that wait for it, once the room is open. */
  #make(): void {
    const { profile, files, isFit } = this.#visit;
    if (isFit === undefined) return;
    if (!isFit) {
      this.#shell.fail("self_test"); // a hash of a browser that changes pictures is never made
      return;
    }
    for (const [at, file] of files.entries()) {
      if (isSettled(file) || file.isAsked === true) continue;
      const types = HASHED[file.kind].filter((type) => profile?.signal_types.includes(type) ?? true);
      this.#shell.files?.make(at + 1, types, profile?.limits.frames_per_video ?? MAX_FRAMES);
      file.isAsked = true;
    }
  }

  /** Hash no file any more, until it is asked for again. */
  #stop(): void {
    this.#shell.files?.stop();
    for (const file of this.#visit.files) if (!isSettled(file)) Object.assign(file, { isAsked: false, isAgain: false, done: undefined });
  }

  /** Nothing more is to come of a file: hashing may be at its end, and nobody is asked about one that was left out. */
  #settled(file: number): void {
    const { at } = this.#shell;
    const { files } = this.#visit;
    if (at === "hashing") {
      if (files.every(isSettled)) this.#afterHashing();
    } else if (files[file - 1]!.kind === "any" && ["per_file", "made_from"].includes(at.split(" ")[0]!)) {
      if (at.endsWith(` ${file}`)) this.#nextFile(true);
      else if (at.startsWith("made_from")) this.#shell.draw(false);
    } else if (at === `inner ${file}`) this.#afterHashing(true);
  }

  #afterHashing(isInstead = this.#shell.at === "hashing"): void {
    const { files } = this.#visit;
    const inner = files.findIndex(({ found, answer, inner: said }) => answer !== "leave_out" && (found?.items.length ?? 0) > 1 && said === undefined);
    const usable = itemsOf(this.#visit).length > 0;
    const to = inner >= 0 ? `inner ${inner + 1}` : usable ? "review" : "none_usable";
    this.#step(to, isInstead);
  }

  /** Draw number and PIN and begin with the key: writing them down hides the wait. */
  #draw(): void {
    const visit = this.#visit;
    if (visit.credentials !== undefined) return;
    visit.credentials = newCredentials();
    visit.key = keyOf(visit.credentials);
    visit.key.catch(() => undefined); // it is awaited, and told, where it is needed
  }

  async #do(deed: string, to: string): Promise<void> {
    const shell = this.#shell;
    const visit = this.#visit;
    const host = hostOf(visit.service);
    const { endings, service_faults: faults } = shell.table;
    const { at } = shell;
    /** Whether nobody went away or forgot all while an answer was awaited. */
    const isStillHere = (): boolean => shell.visit === visit && shell.at === at;
    switch (deed) {
      case "ask_service": {
        visit.isToFile = false;
        visit.left = visit.left === "nothing" ? "asked" : visit.left;
        shell.drawTruth();
        shell.tell(endings["asking"]);
        const ending = await askProfile(visit.service!);
        if (!isStillHere()) return;
        visit.isUnreachable = ending.is !== "done";
        if (ending.is === "done") {
          visit.profile = ending.value;
          const isTheirs = !isForThem(shell.table, visit.answers) || ending.value.representatives !== false;
          if (isTheirs) this.lead(to);
          else {
            visit.isUnreachable = true;
            shell.fail("unreachable", {}, faults.unfit["representative"]);
          }
        } else shell.fail("unreachable", { host }, this.#unreached(ending.is === "not_sent" ? ending.fault : "unreachable"));
        return;
      }
      case "as_file":
        visit.isToFile = true;
        visit.profile = undefined;
        this.lead(to);
        return;
      case "files_chosen":
        if (visit.files.every(({ kind, failed }) => kind === "any" && failed === undefined)) shell.fail("none_chosen");
        else if (visit.files.every(({ kind, failed }) => kind === "any" || failed !== undefined)) this.lead("none_usable");
        else this.#nextFile();
        return;
      case "stop_all":
        this.#stop();
        shell.instead(to);
        return;
      case "show_all":
        visit.showsAll = !visit.showsAll;
        shell.draw(false);
        return;
      case "fewer":
        visit.isFewer = !visit.isFewer;
        shell.draw(false);
        return;
      case "declare":
      case "declare_for_file": {
        visit.isNotTicked = visit.ticked.size < 4;
        if (visit.isNotTicked) {
          shell.fail("not_ticked");
          return;
        }
        visit.isToFile = visit.profile === undefined || deed === "declare_for_file";
        if (itemsOf(visit).length === 0) {
          this.lead("none_usable");
          return;
        }
        if (deed === "declare" && visit.receipt !== undefined) {
          this.lead(["Withdrawn", "Deleted"].includes(visit.receipt.status) ? "taken_back" : "sent"); // its number counts: nothing else is sent under it
          return;
        }
        if (!visit.triedBefore && visit.receipt === undefined) visit.submission = undefined;
        else if (visit.submission !== undefined && !isOfTheSame(shell.table, visit, visit.submission)) visit.startNumber(); // what was shown is what is sent
        shell.files?.end();
        this.lead(to);
        return;
      }
      case "new_codes":
        visit.startNumber();
        this.lead(to);
        return;
      case "copy_codes":
        await this.copy(`${visit.credentials!.number}\n${shownPin(visit.credentials!.pin)}`);
        return;
      case "compare_codes": {
        const [number, pin] = [visit.drafts.get("check_note case_number") ?? "", visit.drafts.get("check_note pin") ?? ""];
        const isSame = readCaseNumber(number) === visit.credentials!.number && readPin(pin) === visit.credentials!.pin;
        if (isSame) this.lead(to);
        else {
          shell.go("codes");
          shell.fail("mismatch");
        }
        return;
      }
      case "send":
        await this.#send(visit);
        return;
      case "save_file": {
        await this.#build(visit);
        save(bytesForFile(visit.submission!, visit.profile), visit.profile === undefined ? "request.json" : "request.bin", "application/octet-stream");
        this.lead(to);
        return;
      }
      case "calendar":
        save(calendar(shell.table.notice.rules.calendar_title, new Date(Date.now() + WEEK_MS)), "check.ics", "text/calendar");
        return;
      case "ask_status":
        await this.#look(visit, to, isStillHere);
        return;
      case "withdraw":
        await this.#takeBack(visit, to, isStillHere);
        return;
      case "set_service": {
        const origin = originOfService(visit.drafts.get("enter_address service") ?? "");
        if (origin === undefined) {
          shell.fail("not_a_service");
          return;
        }
        if (visit.service !== origin) visit.profile = undefined;
        visit.service = origin;
        visit.isTyped = true;
        this.lead(shell.before === "status_in" ? "status_in" : to);
        return;
      }
      default:
        throw new Error(`no such deed: ${deed}`);
    }
  }

  /** Copy words, and say whether it went. */
  async copy(words: string): Promise<void> {
    const { bar } = this.#shell.table;
    try {
      await navigator.clipboard.writeText(words); // not there where the page is not from a safe address
      this.#shell.tell(bar["copied"]);
    } catch {
      this.#shell.tell(bar["not_copied"]);
    }
  }

  async #build(visit: Visit): Promise<void> {
    this.#draw();
    visit.submission ??= submissionOf(this.#shell.table, visit, visit.credentials!.number, await visit.key!);
  }

  async #send(visit: Visit): Promise<void> {
    const shell = this.#shell;
    const { endings, service_faults: faults } = shell.table;
    shell.go("sending");
    await this.#build(visit);
    if (shell.visit !== visit) return;
    const before = { left: visit.left, sentTo: visit.sentTo }; // of an earlier request, where there was one
    visit.left = "sending";
    visit.sentTo = visit.profile!.origin;
    shell.drawTruth();
    const ending = await sendOnce(visit.submission!, visit.profile!, visit.triedBefore);
    if (shell.visit !== visit) return;
    let to: string;
    if (ending.is === "done") {
      visit.receipt = ending.value;
      const isGone = ending.value.status === "Withdrawn" || ending.value.status === "Deleted";
      visit.left = isGone ? "ended" : "sent";
      to = isGone ? "taken_back" : "sent";
    } else if (ending.is === "not_sent") {
      Object.assign(visit, before);
      if (visit.triedBefore) visit.left = "unknown";
      visit.why = faults[ending.fault]!;
      to = visit.triedBefore ? "not_confirmed" : "not_sent";
      if (ending.now !== undefined) {
        visit.profile = ending.now;
        visit.ticked.clear();
        to = itemsOf(visit).length > 0 ? "review" : "none_usable";
      }
    } else if (ending.is === "refused") {
      const { status, problem, isOurs = false } = ending;
      const isFree = status === 409 ? !isOurs : !visit.triedBefore;
      visit.left = isOurs ? "sent" : isFree ? "ended" : "unknown";
      visit.why = isOurs ? [endings["other_case"]!] : status === 409 ? (visit.triedBefore ? [endings["other_pin"]!] : faults["number_taken"]!) : this.#refusal(problem);
      visit.triedBefore = !isFree;
      if (isFree) visit.startNumber();
      to = "refused";
    } else {
      visit.triedBefore = true;
      visit.left = "unknown";
      to = "not_confirmed";
    }
    shell.instead(to);
    if (to === "review") shell.fail(visit.triedBefore ? "profile_changed_later" : "profile_changed");
  }

  /** What is said of a service that cannot be asked, where that is more than that it was not reached. */
  #unreached(fault: Fault): Reference | undefined {
    const { screens, service_faults: faults } = this.#shell.table;
    if (fault !== "unreachable") return faults[fault];
    const isSaved = location.protocol === "file:" && navigator.onLine;
    return isSaved ? screens["limits"]!.parts!.find(({ row }) => row === "not_from_disk")!.words : undefined;
  }

  /** The profile for a question about a case, or why there is none. */
  async #profileFor(visit: Visit): Promise<Fault | undefined> {
    if (visit.profile !== undefined) return undefined;
    const ending = await askProfile(visit.service!);
    if (ending.is === "done") visit.profile = ending.value;
    return ending.is === "not_sent" ? ending.fault : undefined;
  }

  #refusal(problem: string): readonly Reference[] {
    const { service_faults: faults } = this.#shell.table;
    return [faults.refused[Object.hasOwn(faults.refused, problem) ? problem : "other"]!, ...faults["ask_why"]!];
  }

  /** Say when to try again: by what the service said, else in an hour. */
  #sayWait(seconds = HOUR_S): void {
    const { endings } = this.#shell.table;
    const isShort = seconds < HOUR_S;
    const count = Math.max(1, Math.ceil(seconds / (isShort ? MINUTE_S : HOUR_S)));
    this.#shell.fail("wait", { count }, [endings["too_many"]!, endings[isShort ? "wait_minutes" : "wait_hours"]!]);
  }

  async #look(visit: Visit, to: string, isStillHere: () => boolean): Promise<void> {
    const shell = this.#shell;
    const { endings } = shell.table;
    const number = readCaseNumber(visit.drafts.get("status_in case_number") ?? "");
    const pin = readPin(visit.drafts.get("status_in pin") ?? "");
    if (number === undefined || pin === undefined) {
      shell.fail(number === undefined ? "number_unlike" : "pin_unlike");
      return;
    }
    if (visit.service === undefined) {
      shell.go("enter_address");
      return;
    }
    const asked: Credentials = { number, pin };
    visit.left = visit.left === "nothing" ? "asked" : visit.left;
    shell.drawTruth();
    shell.tell(endings["asking_case"]);
    const fault = await this.#profileFor(visit);
    if (fault !== undefined) {
      if (isStillHere()) shell.fail("unreachable", {}, this.#unreached(fault));
      return;
    }
    const ending = await askCase("status", number, await keyOf(asked), visit.profile!);
    if (!isStillHere()) return;
    if (ending.is === "done") {
      visit.report = ending.value;
      visit.asked = asked;
      visit.sentTo = visit.profile!.origin;
      visit.left = ["Withdrawn", "Deleted"].includes(ending.value.status) ? "ended" : "sent";
      this.lead(to);
    } else if (ending.is === "refused" && ending.status === 404) shell.fail("not_found");
    else if (ending.is === "refused" && ending.status === 429) this.#sayWait(ending.retryAfter);
    else if (ending.is === "refused") shell.fail("not_believed", {}, [...this.#refusal(ending.problem), endings.not_known["status"]!]);
    else if (ending.is === "not_sent") shell.fail("unreachable", {}, this.#unreached(ending.fault));
    else shell.fail("not_believed");
  }

  async #takeBack(visit: Visit, to: string, isStillHere: () => boolean): Promise<void> {
    const shell = this.#shell;
    const credentials = visit.asked ?? visit.credentials;
    if (credentials === undefined || visit.service === undefined) {
      shell.go("status_in");
      return;
    }
    shell.tell(shell.table.endings["taking_back"]);
    const fault = await this.#profileFor(visit);
    const ending = fault === undefined ? await askCase("withdrawal", credentials.number, await keyOf(credentials), visit.profile!) : undefined;
    if (shell.visit !== visit) return;
    if (ending?.is === "done") {
      visit.report = ending.value;
      visit.left = "ended";
      if (visit.credentials?.number === credentials.number) visit.startNumber();
    }
    if (!isStillHere()) return;
    if (ending?.is === "done") this.lead(to);
    else if (ending?.is === "refused" && (ending.status === 404 || ending.status === 429)) {
      shell.go("status_in");
      if (ending.status === 404) shell.fail("not_found");
      else this.#sayWait(ending.retryAfter);
    } else shell.go("not_confirmed_w");
  }
}
