/** What choices do: ask the service, hash, show, draw number and PIN, send, look, take back. Each ends at a screen. */
import { type Credentials, newCredentials, readCaseNumber, readPin, shownPin } from "../core/case";
import type { Choice, Reference } from "./guidance";
import { MAX_FRAMES } from "../core/wire";
import type { Said } from "./files";
import { keyOf } from "./key";
import { progressWords } from "./screens";
import { type Fault, askCase, askProfile, bytesForFile, bytesOf, sendOnce } from "./service";
import type { Shell } from "./shell";
import { isListed } from "./triage";
import { save } from "./view";
import { Visit, hostOf, itemsOf, originOfService, submissionOf } from "./visit";

const PLACEHOLDER = { number: "0000-0000-0000", key: "0".repeat(64) };
const SAYS_PROGRESS_MS = 5000;
const WEEK_MS = 7 * 86_400_000;
const HASHED = ["pdq", "md5", "vpdq"] as const;

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

export class Deeds {
  readonly #shell: Shell;
  #saidProgress = 0;
  #isFit: boolean | undefined;

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
      else if (at === "no_service" && choice.to === "limits") {
        this.#visit.isToFile = true;
        this.lead("limits");
      } else if (choice.to === "LIST" && !isListed(table, this.#visit.answers)) this.lead("start");
      else this.lead(choice.to);
      return;
    }
    const visit = this.#visit;
    this.#do(choice.does, choice.to).catch(() => {
      if (this.#shell.visit !== visit) return; // forgotten meanwhile
      this.#visit.isOurFault = true;
      if (this.#visit.left === "sending") this.#visit.left = "unknown";
      this.#shell.instead("own_fault");
    });
  }

  /** Go somewhere: an act, a hand-off, which forgets, or a screen. */
  lead(to: string): void {
    const shell = this.#shell;
    if (to === "back") shell.back();
    else if (to === "print") print();
    else if (to === "start_again") shell.forget("start");
    else if (to === "ended") shell.forget("ended");
    else if (to === "HAND_OFF") {
      shell.files?.end();
      shell.forget("HAND_OFF", true);
    } else if (to === "per_file") this.#nextFile();
    else {
      if (to === "codes") this.#draw();
      this.showFrame(to);
      shell.go(to);
    }
  }

  /** The frame is in sight where files are spoken of, and gone once number and PIN are shown. */
  showFrame(at: string): void {
    const shows = (this.#shell.table.screens[at.split(" ")[0]!]?.parts ?? []).some(({ kind }) => kind === "files");
    this.#shell.files?.show(shows);
  }

  /** Say to the frame what language and look are in use. */
  lookFrame(): void {
    const { table, speech, settings, files } = this.#shell;
    const { words, number_alone: alone } = table.files;
    const say = (reference: Reference | undefined): string => speech.say(reference);
    const reasons = Object.entries(table.reasons["any"]!).map(([code, [sentence, hint]]) => [code, `${say(sentence)} ${say(hint)}`]);
    files?.fit(this.#visit.files.filter(({ answer, failed }) => answer !== "leave_out" || failed !== undefined).length);
    files?.look({
      language: speech.code,
      direction: table.languages[speech.code]!.is_rtl ? "rtl" : "ltr",
      look: { "data-theme": settings["theme"]!, "data-text": settings["text"]!, "data-spacing": settings["spacing"]! },
      hasNames: settings["names"] === "shown",
      words: {
        choose: say(words["choose"]), image: say(alone["image"]), video: say(alone["video"]), any: say(alone["any"]), leave: say(words["leave_out"]),
        waits: say(words["waits"]), done: say(words["done"]), progress: say(words["progress"]), refused: Object.fromEntries(reasons) as Readonly<Record<string, string>>,
      },
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
      this.#isFit = said.isFit && this.#isFit !== false;
      if (shell.at === "hashing") this.#make();
      return;
    }
    const place = said.file - 1;
    while (files.length < place) files.push({ kind: "any", answer: "leave_out", done: 0 });
    const file = files[place] ?? { kind: "any", done: 0 };
    files[place] = file;
    this.#visit.hadFiles = true;
    if (said.is === "chosen") files[place] = { kind: said.content, done: 0 };
    else if (said.is === "left") files[place] = { kind: "any", answer: "leave_out", done: 0 };
    else if (said.is === "progress") file.done = said.done;
    else if (said.is === "refused") file.failed = said.reason;
    else file.found = said.found;
    shell.files?.fit(files.filter(({ answer, failed }) => answer !== "leave_out" || failed !== undefined).length);
    if (said.is === "refused" || said.is === "found") this.#hashed();
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
    } else if (id === "inner") {
      file.inner = answer === "both" ? "both" : "as_it_is";
      this.#afterHashing();
    } else if (id === "made_from") {
      if (answer === "none") delete file.madeFrom;
      else file.madeFrom = Number(answer);
      this.#nextFile();
    } else {
      file.answer = answer;
      const others = this.#visit.files.length > 1;
      if (answer === "from_here" && others) this.#step(`made_from ${number}`);
      else this.#nextFile();
    }
  }

  #step(to: string): void {
    this.showFrame(to);
    this.#shell.go(to);
  }

  #nextFile(): void {
    const next = this.#visit.files.findIndex(({ answer, kind, failed }) => answer === undefined && failed === undefined && kind !== "any");
    if (next >= 0) {
      this.#step(`per_file ${next + 1}`);
      return;
    }
    const waits = this.#visit.files.some(({ answer, found, failed }) => answer !== "leave_out" && found === undefined && failed === undefined);
    if (!waits) {
      this.#afterHashing();
      return;
    }
    this.#step("hashing");
    this.#make();
  }

  /** Have all files hashed that wait for it, once the room is open. */
  #make(): void {
    if (this.#isFit === undefined) return;
    if (!this.#isFit) {
      this.#shell.fail("self_test"); // a hash of a browser that changes pictures is never made
      return;
    }
    const { profile, files } = this.#visit;
    const types = HASHED.filter((type) => profile?.signal_types.includes(type) ?? true);
    files.forEach(({ answer, found, failed }, at) => {
      if (answer !== "leave_out" && found === undefined && failed === undefined) this.#shell.files?.make(at + 1, types, profile?.limits.frames_per_video ?? MAX_FRAMES);
    });
  }

  #hashed(): void {
    if (this.#shell.at !== "hashing") return;
    const waits = this.#visit.files.some(({ answer, found, failed }) => answer !== "leave_out" && found === undefined && failed === undefined);
    if (!waits) this.#afterHashing();
  }

  #afterHashing(): void {
    const { files } = this.#visit;
    const inner = files.findIndex(({ found, answer, inner: said }) => answer !== "leave_out" && (found?.items.length ?? 0) > 1 && said === undefined);
    const usable = itemsOf(this.#visit).length > 0;
    const to = inner >= 0 ? `inner ${inner + 1}` : usable ? "review" : "none_usable";
    this.showFrame(to);
    if (this.#shell.at === "hashing") this.#shell.instead(to);
    else this.#shell.go(to);
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
    switch (deed) {
      case "ask_service": {
        visit.isToFile = false;
        visit.left = visit.left === "nothing" ? "asked" : visit.left;
        shell.drawTruth();
        const ending = await askProfile(visit.service!);
        if (shell.visit !== visit) return; // forgotten meanwhile
        if (ending.is === "done") {
          visit.profile = ending.value;
          visit.isUnreachable = false;
          this.lead(to);
        } else {
          visit.isUnreachable = true;
          shell.fail(location.protocol === "file:" && ending.is === "not_sent" && ending.fault === "unreachable" ? "not_from_disk" : "unreachable", { host });
        }
        return;
      }
      case "as_file":
        visit.isToFile = true;
        this.lead(to);
        return;
      case "files_chosen":
        if (visit.files.every(({ kind, failed }) => kind === "any" || failed !== undefined)) shell.fail("none_chosen");
        else this.#nextFile();
        return;
      case "stop_all":
        visit.files.forEach((file, at) => {
          if (file.found !== undefined || file.answer === "leave_out") return;
          shell.files?.leave(at + 1);
          visit.files[at] = { kind: "any", answer: "leave_out", done: 0 };
        });
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
        visit.isToFile = visit.isToFile || deed === "declare_for_file";
        shell.files?.end();
        this.lead(to);
        return;
      }
      case "new_codes":
        visit.credentials = visit.submission = visit.key = undefined;
        visit.triedBefore = false;
        this.lead(to);
        return;
      case "copy_codes":
        await navigator.clipboard.writeText(`${visit.credentials!.number}\n${shownPin(visit.credentials!.pin)}`);
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
        await this.#look(visit, to);
        return;
      case "withdraw":
        await this.#takeBack(visit, to);
        return;
      case "set_service": {
        const origin = originOfService(visit.drafts.get("enter_address service") ?? "");
        if (origin === undefined) {
          shell.fail("not_a_service");
          return;
        }
        visit.service = origin;
        this.lead(to);
        return;
      }
      default:
        throw new Error(`no such deed: ${deed}`);
    }
  }

  async #build(visit: Visit): Promise<void> {
    this.#draw();
    visit.submission ??= submissionOf(this.#shell.table, visit, visit.credentials!.number, await visit.key!);
  }

  async #send(visit: Visit): Promise<void> {
    const shell = this.#shell;
    const { service_faults: faults } = shell.table;
    if (shell.at === "sending") return;
    shell.go("sending");
    await this.#build(visit);
    if (shell.visit !== visit) return;
    visit.left = "sending";
    visit.sentTo = visit.profile!.origin;
    shell.drawTruth();
    const ending = await sendOnce(visit.submission!, visit.profile!, visit.triedBefore);
    if (shell.visit !== visit) return;
    let to: string;
    if (ending.is === "done") {
      visit.receipt = ending.value;
      visit.left = "sent";
      to = ending.value.status === "Withdrawn" || ending.value.status === "Deleted" ? "taken_back" : "sent";
    } else if (ending.is === "not_sent") {
      visit.left = visit.triedBefore ? "unknown" : "asked";
      visit.why = faults[ending.fault]!;
      to = visit.triedBefore ? "not_confirmed" : ending.fault === "changed" ? "review" : "not_sent";
      if (to === "review") {
        visit.profile = ending.profile; // what is agreed to is what it says now
        visit.submission = undefined;
        visit.ticked.clear();
      }
    } else if (ending.is === "refused") {
      visit.left = visit.triedBefore ? "unknown" : "sent";
      if (!visit.triedBefore) visit.credentials = visit.submission = visit.key = undefined; // it does not count: a new one is drawn
      visit.why = ending.status === 409 ? faults["number_taken"]! : [faults.refused[Object.hasOwn(faults.refused, ending.problem) ? ending.problem : "other"]!];
      to = "refused";
    } else {
      visit.triedBefore = true;
      visit.left = "unknown";
      to = "not_confirmed";
    }
    shell.instead(to);
    if (to === "review") shell.fail("profile_changed", { host: hostOf(visit.service) });
  }

  /** The profile for a question about a case. */
  async #profileFor(visit: Visit): Promise<Fault | undefined> {
    if (visit.profile !== undefined) return undefined;
    const ending = await askProfile(visit.service!);
    if (ending.is === "done") visit.profile = ending.value;
    return ending.is === "not_sent" ? ending.fault : undefined;
  }

  async #look(visit: Visit, to: string): Promise<void> {
    const shell = this.#shell;
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
    const host = hostOf(visit.service);
    visit.left = visit.left === "nothing" ? "asked" : visit.left;
    const fault = await this.#profileFor(visit);
    if (shell.visit !== visit) return;
    if (fault !== undefined) {
      shell.fail("unreachable", { host });
      return;
    }
    const ending = await askCase("status", number, await keyOf(asked), visit.profile!);
    if (shell.visit !== visit) return;
    if (ending.is === "done") {
      visit.report = ending.value;
      visit.asked = asked;
      this.lead(to);
    } else if (ending.is === "not_sent") shell.fail("unreachable", { host });
    else shell.fail(ending.is === "refused" && ending.status === 404 ? "not_found" : ending.is === "refused" && ending.status === 429 ? "wait" : "not_believed");
  }

  async #takeBack(visit: Visit, to: string): Promise<void> {
    const shell = this.#shell;
    const credentials = visit.asked ?? visit.credentials;
    if (credentials === undefined || visit.service === undefined) {
      shell.go("status_in");
      return;
    }
    const fault = await this.#profileFor(visit);
    if (shell.visit !== visit) return;
    if (fault !== undefined) {
      shell.go("not_confirmed_w");
      return;
    }
    const ending = await askCase("withdrawal", credentials.number, await keyOf(credentials), visit.profile!);
    if (shell.visit !== visit) return;
    if (ending.is === "done") {
      visit.report = ending.value;
      this.lead(to);
    } else if (ending.is === "refused" && ending.status === 404) {
      shell.go("status_in");
      shell.fail("not_found");
    } else shell.go("not_confirmed_w");
  }
}

