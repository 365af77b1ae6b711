/** A service and the cases that it holds: ask what it takes, where a case stands, and to take one back; say what came of it. */
import { type Credentials, readCaseNumber, readPin } from "../core/case";
import type { CaseReport } from "../core/wire";
import type { Guidance, Reference } from "./guidance";
import { keyOf } from "./key";
import { type Ending, askCase, askProfile } from "./service";
import type { Shell } from "./shell";
import { isForThem } from "./triage";
import { type Visit, hostOf, originOfService, sentOrGone } from "./visit";

const [MINUTE_S, HOUR_S] = [60, 3600];

/** What is said of a refusal, by the name of the problem. */
export function refusalOf({ service_faults: faults }: Guidance, problem: string): readonly Reference[] {
  return [faults.refused[Object.hasOwn(faults.refused, problem) ? problem : "other"]!, ...faults["ask_why"]!];
}

/** Take the address of a service that was typed; whether it is one. */
export function setService(shell: Shell, visit: Visit): boolean {
  const origin = originOfService(visit.drafts.get("enter_address service") ?? "");
  if (origin === undefined) {
    shell.fail("not_a_service");
    return false;
  }
  if (visit.service !== origin) visit.profile = undefined;
  Object.assign(visit, { service: origin, isTyped: true });
  return true;
}

/** Say that the service is asked now. */
function sayAsking(shell: Shell, words: string): void {
  if (shell.visit.left === "nothing") shell.visit.left = "asked";
  shell.drawTruth();
  shell.tell(shell.table.endings[words]);
}

/** Say why a service cannot be asked, where that is more than that it was not reached. */
function sayUnreached(shell: Shell, ending: Ending<unknown>): void {
  const { screens, service_faults: faults } = shell.table;
  const fault = ending.is === "not_sent" ? ending.fault : "unreachable";
  const isSaved = location.protocol === "file:" && navigator.onLine;
  const fromDisk = isSaved ? screens["limits"]!.parts!.find(({ row }) => row === "not_from_disk")!.words : undefined;
  shell.fail("unreachable", { host: hostOf(shell.visit.service) }, fault === "unreachable" ? fromDisk : faults[fault]);
}

/** Ask what the service takes; whether it takes requests of this person. */
export async function askService(shell: Shell, visit: Visit): Promise<boolean> {
  const isStillHere = shell.staying();
  visit.isToFile = false;
  sayAsking(shell, "asking");
  const ending = await askProfile(visit.service!, visit);
  if (!isStillHere()) return false;
  if (ending.is === "done") visit.profile = ending.value;
  const isTaken = ending.is === "done" && (!isForThem(shell.table, visit.answers) || ending.value.representatives !== false);
  visit.isUnreachable = !isTaken;
  if (ending.is !== "done") sayUnreached(shell, ending);
  else if (!isTaken) shell.fail("unreachable", {}, shell.table.service_faults.unfit["representative"]);
  return isTaken;
}

/** Ask about a case, or take it back: number and key leave with it, and the line on top says so. */
async function ask(shell: Shell, visit: Visit, purpose: "status" | "withdrawal", credentials: Credentials): Promise<Ending<CaseReport>> {
  if (visit.profile === undefined) {
    const ending = await askProfile(visit.service!, visit);
    if (ending.is !== "done") return ending;
    visit.profile = ending.value;
  }
  const key = await keyOf(credentials);
  const before = { left: visit.left, sentTo: visit.sentTo };
  Object.assign(visit, { left: "sending", sentTo: visit.profile.origin });
  shell.drawTruth();
  const ending = await askCase(purpose, credentials.number, key, visit.profile, visit);
  if (ending.is === "done") {
    visit.report = ending.value;
    visit.left = sentOrGone(ending.value) === "sent" ? "sent" : "ended";
  } else if (ending.is === "not_sent" || !["nothing", "asked"].includes(before.left)) Object.assign(visit, before); // what was sent before is more
  else visit.left = ending.is === "refused" ? "ended" : "unknown";
  if (shell.visit === visit) shell.drawTruth();
  return ending;
}

/** Say why a question about a case has no answer. */
function sayRefused(shell: Shell, { status, retryAfter, problem }: Extract<Ending<unknown>, { is: "refused" }>): void {
  const { endings } = shell.table;
  if (status === 404) shell.fail("not_found");
  else if (status === 429) {
    const seconds = retryAfter === 0 ? HOUR_S : retryAfter;
    const isShort = seconds < HOUR_S;
    const count = Math.max(1, Math.ceil(seconds / (isShort ? MINUTE_S : HOUR_S)));
    shell.fail("wait", { count }, [endings["too_many"]!, endings[isShort ? "wait_minutes" : "wait_hours"]!]);
  } else shell.fail("not_believed", {}, [...refusalOf(shell.table, problem), endings.not_known["status"]!]);
}

/** Ask where the case stands of which number and PIN are typed; `to` is where that is shown. */
export async function look(shell: Shell, visit: Visit, to: string): Promise<string | undefined> {
  const number = readCaseNumber(visit.drafts.get("status_in case_number") ?? "");
  const pin = readPin(visit.drafts.get("status_in pin") ?? "");
  if (number === undefined || pin === undefined) {
    shell.fail(number === undefined ? "number_unlike" : "pin_unlike");
    return undefined;
  }
  if (visit.service === undefined) return "enter_address";
  const isStillHere = shell.staying();
  sayAsking(shell, "asking_case");
  const ending = await ask(shell, visit, "status", { number, pin });
  if (ending.is === "done") {
    visit.isOther ||= visit.asked !== undefined && visit.asked.number !== number;
    visit.asked = { number, pin };
  }
  if (!isStillHere()) return undefined;
  if (ending.is === "done") return to;
  if (ending.is === "refused") sayRefused(shell, ending);
  else if (ending.is === "not_sent") sayUnreached(shell, ending);
  else shell.fail("not_believed");
  return undefined;
}

/** Take a case back; `to` is where that is confirmed. */
export async function takeBack(shell: Shell, visit: Visit, to: string): Promise<string | undefined> {
  const { asked: credentials } = visit;
  if (credentials === undefined || visit.service === undefined) return "status_in";
  const isStillHere = shell.staying();
  shell.tell(shell.table.endings["taking_back"]);
  const ending = await ask(shell, visit, "withdrawal", credentials);
  if (ending.is === "done" && visit.credentials?.number === credentials.number) visit.startNumber();
  if (!isStillHere()) return undefined;
  if (ending.is === "done") return ending.value.status === "Deleted" ? "status" : to;
  if (ending.is !== "refused" || (ending.status !== 404 && ending.status !== 429)) return "not_confirmed_w";
  shell.go("status_in");
  sayRefused(shell, ending);
  return undefined;
}
