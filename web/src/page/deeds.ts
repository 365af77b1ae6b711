/** What choices do, and where they lead: each deed ends at a screen. */
import { shownPin } from "../core/case";
import { askService, look, setService, takeBack } from "./cases";
import { Choosing } from "./choosing";
import type { Choice } from "./guidance";
import { declare, drawCodes, isNoteRight, saveRequest, send } from "./requests";
import type { Shell } from "./shell";
import { isListed } from "./triage";
import { saveCalendar } from "./view";
import { type Visit, whereNow } from "./visit";

const WEEK_MS = 7 * 86_400_000;

export class Deeds {
  readonly #shell: Shell;
  readonly choosing: Choosing;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.choosing = new Choosing(shell);
  }

  get #visit(): Visit {
    return this.#shell.visit;
  }

  /** Follow a choice: do its deed, then go on where that says. */
  choose(choice: Choice, at: string): void {
    const visit = this.#visit;
    for (const [question, answer] of Object.entries(choice.sets ?? {})) visit.answers = { ...visit.answers, [question]: answer };
    if (at === "review" && choice.to === "OTHER_ROUTES") visit.reason = "not_intimate";
    if (choice.does === undefined) {
      this.lead(choice.to);
      return;
    }
    if (visit.isBusy) return;
    visit.isBusy = true;
    this.#do(choice.does, choice.to, visit).then((to) => {
      if (to !== undefined && this.#shell.visit === visit) this.lead(to);
    }).catch(() => {
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

  /** Go somewhere: an act, a hand-off, which forgets, or a screen. */
  lead(to: string, isToFile = false): void {
    const shell = this.#shell;
    const visit = this.#visit;
    if (to === "back") history.back();
    else if (to === "print") print();
    else if (to === "start_again") shell.forget("start");
    else if (to === "ended" || to === "HAND_OFF") shell.forget(to);
    else if (to === "per_file") this.choosing.goOn();
    else if (to === "LIST" && !isListed(shell.table, visit.answers)) shell.go("start");
    else {
      if (to === "limits") {
        visit.isToFile = isToFile || visit.service === undefined;
        visit.isUnreachable = false;
        if (visit.isToFile) visit.profile = undefined;
      }
      if (to === "codes") drawCodes(visit);
      if (to === "withdraw") visit.isOther = false;
      shell.go(to);
    }
  }

  /** Where nothing goes on at a screen, or what it asks is settled, go on: someone went back, or forward again. */
  notLeftWaiting(at: string): void {
    if (at === "hashing") this.choosing.goOn();
    const to = whereNow(this.#shell.table, at, this.#visit);
    if (to === undefined) return;
    if (to === "codes") drawCodes(this.#visit); // the number before was refused: nothing is sent under one that nobody has seen
    this.#shell.instead(to);
  }

  /** Do something; where that leads, or nothing where it stays or has led there already. */
  async #do(deed: string, to: string, visit: Visit): Promise<string | undefined> {
    const shell = this.#shell;
    switch (deed) {
      case "ask_service":
        return (await askService(shell, visit)) ? to : undefined;
      case "as_file":
        visit.isToFile = true;
        visit.profile = undefined;
        this.lead(to, true);
        return undefined;
      case "files_chosen":
        this.choosing.chosen();
        return undefined;
      case "stop_all":
        this.choosing.stop();
        shell.instead(to);
        return undefined;
      case "show_all":
        visit.showsAll = !visit.showsAll;
        shell.draw(false);
        return undefined;
      case "fewer":
        visit.isFewer = !visit.isFewer;
        shell.draw(false);
        return undefined;
      case "declare":
      case "declare_for_file":
        return declare(shell, to, deed === "declare_for_file");
      case "new_codes":
        visit.startNumber();
        return to;
      case "copy_codes":
        await this.copy(`${visit.credentials!.number}\n${shownPin(visit.credentials!.pin)}`);
        return undefined;
      case "compare_codes":
        if (isNoteRight(visit)) return to;
        shell.go("codes");
        shell.fail("mismatch");
        return undefined;
      case "send":
        await send(shell, visit);
        return undefined;
      case "save_file":
        await saveRequest(shell, visit);
        return to;
      case "calendar":
        saveCalendar(shell.table.notice.rules.calendar_title, WEEK_MS);
        return undefined;
      case "ask_status":
        return look(shell, visit, to);
      case "withdraw":
        return takeBack(shell, visit, to);
      case "set_service": {
        const isForCase = shell.before === "status_in";
        return setService(shell, visit) ? (isForCase ? "status_in" : to) : undefined;
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
}
