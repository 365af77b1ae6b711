/** A request, from what would be sent to what came of it: its number and PIN, its bytes, sending, saving. Each deed ends at a screen. */
import { newCredentials, readCaseNumber, readPin } from "../core/case";
import type { Receipt } from "../core/wire";
import { refusalOf } from "./cases";
import { keyOf } from "./key";
import { type Ending, bytesForFile, bytesOf, sent } from "./service";
import type { Shell } from "./shell";
import { save } from "./view";
import { type Visit, isDeclared, isOfTheSame, itemsOf, sentOrGone, submissionOf } from "./visit";

const PLACEHOLDER = { number: "0000-0000-0000", key: "0".repeat(64) };

/** Everything that would be sent, as text; number and key stand as zeros until they are drawn. */
export function bytesShown({ table, visit }: Shell): string {
  const { submission: made } = visit;
  const document = made !== undefined && isOfTheSame(table, visit, made) ? made : submissionOf(table, visit, PLACEHOLDER.number, PLACEHOLDER.key);
  return new TextDecoder().decode(bytesOf(document));
}

/** Draw number and PIN and begin with the key: writing them down hides the wait. */
export function drawCodes(visit: Visit): void {
  if (visit.credentials !== undefined) return;
  visit.credentials = newCredentials();
  keyFor(visit).catch(() => undefined); // it is awaited, and told, where it is needed
}

/** The key, which is made once; where it could not be, it is tried anew the next time. */
function keyFor(visit: Visit): Promise<string> {
  visit.key ??= keyOf(visit.credentials!).catch((error: unknown) => {
    visit.key = undefined;
    throw error;
  });
  return visit.key;
}

/** Whether what is typed from paper is number and PIN. */
export function isNoteRight({ drafts, credentials }: Visit): boolean {
  const [number, pin] = ["case_number", "pin"].map((field) => drafts.get(`check_note ${field}`) ?? "") as [string, string];
  return readCaseNumber(number) === credentials!.number && readPin(pin) === credentials!.pin;
}

/** Take the declarations as made, where all are ticked; `to` is where it leads then. */
export function declare(shell: Shell, to: string, isToFile: boolean): string | undefined {
  const { table, visit } = shell;
  visit.isNotTicked = !isDeclared(table, visit);
  if (visit.isNotTicked) {
    shell.fail("not_ticked");
    return undefined;
  }
  visit.isToFile = visit.profile === undefined || isToFile;
  if (itemsOf(visit).length === 0) return "none_usable";
  if (!isToFile && visit.receipt !== undefined) return sentOrGone(visit.receipt); // its number counts: nothing else is sent under it
  if (!visit.isOut) visit.submission = undefined;
  else if (visit.submission !== undefined && !isOfTheSame(table, visit, visit.submission)) visit.startNumber(); // what was shown is what is sent
  shell.files?.end();
  return to;
}

async function build(shell: Shell, visit: Visit): Promise<void> {
  drawCodes(visit);
  visit.submission ??= submissionOf(shell.table, visit, visit.credentials!.number, await keyFor(visit));
}

/** Hand the request to the person, as a file. */
export async function saveRequest(shell: Shell, visit: Visit): Promise<void> {
  await build(shell, visit);
  if (shell.visit !== visit) return; // forgotten while the key was made: nothing of it is left behind
  save(bytesForFile(visit.submission!, visit.profile), visit.profile === undefined ? "request.json" : "request.bin", "application/octet-stream");
  visit.isSaved = true;
}

/** Send it, and show what came of it. */
export async function send(shell: Shell, visit: Visit): Promise<void> {
  shell.go("sending");
  await build(shell, visit);
  if (shell.visit !== visit) return;
  const before = { left: visit.left, sentTo: visit.sentTo }; // of an earlier request, where there was one
  Object.assign(visit, { left: "sending", sentTo: visit.profile!.origin });
  shell.drawTruth();
  const ending = await sent(visit.submission!, visit.profile!, visit);
  if (shell.visit !== visit) return;
  const to = cameOf(shell, visit, ending, before);
  if (shell.at === "sending" && to === shell.before) history.back(); // tried again, and no better: Back does not lead to each try
  else shell.instead(to);
  if (shell.at === "review") shell.fail(visit.triedBefore ? "profile_changed_later" : "profile_changed");
}

/** Keep what is known after a request was sent; where that is told. */
function cameOf({ table }: Shell, visit: Visit, ending: Ending<Receipt>, before: Pick<Visit, "left" | "sentTo">): string {
  const { endings, service_faults: faults } = table;
  switch (ending.is) {
    case "done":
      visit.receipt = ending.value;
      visit.left = sentOrGone(ending.value) === "sent" ? "sent" : "ended";
      return sentOrGone(ending.value);
    case "not_sent":
      Object.assign(visit, before);
      if (visit.triedBefore) visit.left = "unknown";
      visit.why = faults[ending.fault]!;
      if (ending.now === undefined) return visit.triedBefore ? "not_confirmed" : "not_sent";
      visit.profile = ending.now;
      visit.ticked.clear();
      return itemsOf(visit).length > 0 ? "review" : "none_usable";
    case "refused": {
      const { status, problem, isOurs = false } = ending;
      const isFree = status === 409 ? !isOurs : !visit.triedBefore;
      const taken = visit.triedBefore ? [endings["other_pin"]!] : faults["number_taken"]!;
      visit.left = isOurs ? "sent" : isFree ? "ended" : "unknown";
      visit.why = isOurs ? [endings["other_case"]!] : status === 409 ? taken : refusalOf(table, problem);
      visit.triedBefore = !isFree;
      if (isFree) visit.startNumber();
      return "refused";
    }
    case "unknown":
      visit.left = "unknown";
      return "not_confirmed";
  }
}
