/**
 * Ask a service what it takes, send a request, follow it, take it back: a few tries each, and what is known after them.
 *
 * A browser cannot tell a request that never left from one whose answer was lost, so both count as not known.
 *
 * Source: `hashclient/client`; SECURITY.md 4 and 6.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";

import { type Submission, caseRequest, encodeRequest, submission } from "../core/checks";
import { type Purpose, type SealedRequest, chooseKey, openReply, readProfile, saysOtherwise, seal } from "../core/sealing";
import { type CaseReport, type EndpointProfile, type Receipt, caseReport, decode, problem, receipt } from "../core/wire";

const PATHS: Readonly<Record<Purpose, string>> = { submission: "/v1/submissions", status: "/v1/cases/status", withdrawal: "/v1/cases/withdrawal" };
const SUCCESS: Readonly<Record<Purpose, number>> = { submission: 201, status: 200, withdrawal: 200 };
/** Time for all tries together, for each 8 KiB of a request more, and for the rest of an answer that has begun; the most that an answer has. */
const [PATIENCE_MS, MORE_MS, ANSWER_MS, ANSWER_BYTES] = [60_000, 1000, 10_000, 64 * 1024];
/** How often something is tried, the most that is waited after the first try, which doubles with each, and the most that a service may ask for. */
const [MOST_TRIES, WAIT_MS, LONGEST_WAIT_S] = [4, 500, 3600];
const [JSON_TYPE, SEALED_TYPE, PROBLEM_TYPE] = ["application/json", "application/octet-stream", "application/problem+json"];

/** A name of `service_faults`: nothing was sent. */
export type Fault = "unreachable" | "no_service" | "web_page" | "other_version" | "untrusted" | "keys_expired" | "no_seal" | "changed";

/** How a request ended. */
export type Ending<T> =
  | { readonly is: "done"; readonly value: T }
  /** `now`: what the service says of itself now, where that is something else than what was shown. */
  | { readonly is: "not_sent"; readonly fault: Fault; readonly now?: EndpointProfile; readonly retryAfter?: number }
  /** `isOurs`: number and PIN open the case that is there, which holds something else. */
  | { readonly is: "refused"; readonly problem: string; readonly status: number; readonly retryAfter: number; readonly isOurs?: boolean }
  | { readonly is: "unknown"; readonly retryAfter?: number };

/** For whom it is tried: nobody, once that is dropped. */
interface Waiting {
  readonly isDropped: boolean;
}

/** One try: it ends with the time for all of them, and asks nothing more for somebody who is gone. */
interface Trying {
  readonly time: AbortSignal;
  readonly who: Waiting;
}

/** Today in UTC, as keys count their days. */
function utcToday(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Try until there is an end that will not be another: with full jitter, or what the service asks for, within the time for `bytes`. */
async function tried<T>(bytes: number, who: Waiting, attempt: (trying: Trying) => Promise<Ending<T>>): Promise<Ending<T>> {
  const patience = PATIENCE_MS + (MORE_MS * bytes) / 8192;
  const [began, time] = [performance.now(), new AbortController()];
  const timer = setTimeout(() => {
    time.abort();
  }, patience);
  try {
    for (let count = 1; ; count++) {
      const ending = await attempt({ time: time.signal, who });
      const isFinal = ending.is === "done" || (ending.is === "refused" ? ending.status !== 429 : ending.is === "not_sent" && ending.fault !== "unreachable");
      if (isFinal) return ending;
      const wait = Math.max(Math.random() * WAIT_MS * 2 ** (count - 1), 1000 * (ending.retryAfter ?? 0));
      if (count === MOST_TRIES || time.signal.aborted || performance.now() - began + wait >= patience) return ending;
      await new Promise((done) => setTimeout(done, wait));
      if (who.isDropped) return ending;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Ask, and read the answer to its end; rejects where it takes too long or is too much. */
async function fetched({ time, who }: Trying, address: string, body?: Uint8Array, type?: string): Promise<readonly [Response, Uint8Array]> {
  if (who.isDropped) throw new Error("forgotten"); // since the answer before, or while the key was made
  const stop = new AbortController();
  const end = (): void => {
    stop.abort();
  };
  time.addEventListener("abort", end);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const response = await fetch(address, {
      method: body === undefined ? "GET" : "POST",
      ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer>, headers: { "content-type": type! } }),
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "error",
      cache: "no-store",
      signal: stop.signal,
    });
    timer = setTimeout(end, ANSWER_MS);
    const pieces: Uint8Array[] = [];
    let length = 0;
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      pieces.push(read.value);
      length += read.value.length;
      if (length > ANSWER_BYTES) throw new RangeError("too much");
    }
    return [response, concatBytes(...pieces)];
  } finally {
    clearTimeout(timer);
    time.removeEventListener("abort", end);
    end(); // what is still on its way is not read
  }
}

function typeOf(response: Response): string {
  const [type = "", ...more] = (response.headers.get("content-type") ?? "").toLowerCase().split(";").map((part) => part.trim());
  return more.every((part) => !part.startsWith("charset=") || /^charset="?utf-8"?$/.test(part)) ? type : "";
}

/** Whether a service that answers so may answer better later; 511 asks to sign in to a network first. */
function isBusy({ status }: Response): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 511);
}

/** Seconds that it asks to wait. */
function retryAfter({ headers }: Response): number {
  const [said, now] = [headers.get("retry-after") ?? "", headers.get("date") ?? ""];
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - (Date.parse(now) || Date.now())) / 1000;
  return seconds > 0 ? Math.min(seconds, LONGEST_WAIT_S) : 0;
}

/** Ask a service what it says of itself; carries nothing of the person. */
export function askProfile(origin: string, who: Waiting): Promise<Ending<EndpointProfile>> {
  return tried(0, who, (trying) => profileOf(origin, trying));
}

async function profileOf(origin: string, trying: Trying): Promise<Ending<EndpointProfile>> {
  const failed = (fault: Fault): Ending<EndpointProfile> => ({ is: "not_sent", fault });
  let response: Response;
  let bytes: Uint8Array;
  try {
    [response, bytes] = await fetched(trying, `${origin}/.well-known/hashclient.json`);
  } catch {
    return failed("unreachable");
  }
  if (isBusy(response)) return { is: "not_sent", fault: "unreachable", retryAfter: retryAfter(response) };
  if (typeOf(response) === "text/html") return failed("web_page");
  if (response.status !== 200 || typeOf(response) !== JSON_TYPE) return failed("no_service");
  try {
    return { is: "done", value: readProfile(bytes, origin) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    return failed(reason === "UnknownVersionError" ? "other_version" : reason === "SealingError" ? "untrusted" : "no_service");
  }
}

/** The body that leaves: sealed where the service has a key; plain only to this device. */
function bodyFor(purpose: Purpose, body: Uint8Array, profile: EndpointProfile, shown: EndpointProfile): SealedRequest | Fault | undefined {
  if (saysOtherwise(profile, shown, utcToday())) return "changed";
  if (profile.keys.length === 0) return /^http:\/\/(127\.0\.0\.1|localhost)(:|$)/.test(profile.origin) ? undefined : "no_seal";
  try {
    return seal(purpose, body, chooseKey(profile, shown, utcToday()), profile);
  } catch {
    return "keys_expired";
  }
}

async function brought<T>(trying: Trying, purpose: Purpose, body: Uint8Array, profile: EndpointProfile, shown: EndpointProfile, read: (bytes: Uint8Array) => T): Promise<Ending<T>> {
  const sealed = bodyFor(purpose, body, profile, shown);
  if (typeof sealed === "string") return { is: "not_sent", fault: sealed };
  try {
    const type = sealed === undefined ? JSON_TYPE : SEALED_TYPE;
    const [response, answer] = await fetched(trying, `${profile.origin}${PATHS[purpose]}`, sealed?.bytes ?? body, type);
    const isSuccess = response.status === SUCCESS[purpose];
    const wait = isBusy(response) ? { retryAfter: retryAfter(response) } : {};
    if (typeOf(response) !== (sealed === undefined ? (isSuccess ? JSON_TYPE : PROBLEM_TYPE) : SEALED_TYPE)) return { is: "unknown", ...wait };
    const opened = sealed === undefined ? answer : openReply(answer, sealed);
    if (isSuccess) return { is: "done", value: read(opened) };
    const { type: address, status } = decode(problem, opened, "InvalidReplyError", false);
    if (status !== response.status || status === 408 || status >= 500) return { is: "unknown", ...wait };
    return { is: "refused", problem: /[^/:#]*$/.exec(address)![0], status, retryAfter: retryAfter(response) };
  } catch {
    return { is: "unknown" };
  }
}

/** The bytes of a submission, which are what `review` shows and what is sealed. */
export function bytesOf(document: Submission): Uint8Array {
  return encodeRequest(submission, document);
}

/** The bytes for a file: sealed where the service has a key. */
export function bytesForFile(document: Submission, profile: EndpointProfile | undefined): Uint8Array {
  if (profile === undefined || profile.keys.length === 0) return bytesOf(document);
  return seal("submission", bytesOf(document), chooseKey(profile, profile, utcToday()), profile).bytes;
}

/** How many files and fingerprints a submission has. */
function countsOf({ items }: Submission): readonly [number, number] {
  return [items.length, items.reduce((sum, { signals }) => sum + signals.length, 0)];
}

/**
 * Send a submission, the same bytes at every try. A number that is taken may be ours, from a try whose answer was lost: the case tells.
 *
 * @param shown - What the service said of itself when the person agreed.
 * @param who - `triedBefore`: whether an earlier try may have arrived; it is noted there.
 */
export function sent(document: Submission, shown: EndpointProfile, who: Waiting & { triedBefore: boolean }): Promise<Ending<Receipt>> {
  const body = bytesOf(document);
  return tried(body.length, who, async (trying) => {
    const ending = await sentOnce(document, body, shown, who.triedBefore, trying);
    if (ending.is === "unknown") who.triedBefore = true;
    return ending;
  });
}

async function sentOnce(document: Submission, body: Uint8Array, shown: EndpointProfile, triedBefore: boolean, trying: Trying): Promise<Ending<Receipt>> {
  const now = await profileOf(shown.origin, trying);
  if (now.is !== "done") return now.is === "not_sent" ? now : { is: "unknown" };
  const ending = await brought(trying, "submission", body, now.value, shown, (bytes) => decode(receipt, bytes, "InvalidReplyError"));
  const [items, signals] = countsOf(document);
  if (ending.is === "done") {
    const { case_number, digest, items: gotItems, signals: gotSignals } = ending.value;
    const isOurs = case_number === document.case_number && digest === bytesToHex(sha256(body)) && gotItems === items && gotSignals === signals;
    return isOurs && ending.value.status !== "other" ? ending : { is: "unknown" };
  }
  if (ending.is === "not_sent" && ending.fault === "changed") return { ...ending, now: now.value };
  if (ending.is !== "refused" || ending.status !== 409 || !triedBefore) return ending;
  const asked = encodeRequest(caseRequest, { version: 1, case_number: document.case_number, case_key: document.case_key });
  const report = await brought(trying, "status", asked, now.value, shown, (bytes) => decode(caseReport, bytes, "InvalidReplyError"));
  if (report.is === "refused" && report.status === 404) return ending; // somebody else's case
  if (report.is !== "done" || report.value.status === "other") return { is: "unknown" };
  const isGone = report.value.status === "Withdrawn" || report.value.status === "Deleted"; // it holds nothing then
  if (!isGone && (report.value.items !== items || report.value.signals !== signals)) return { ...ending, isOurs: true };
  const { day, status } = report.value;
  return { is: "done", value: { version: 1, case_number: document.case_number, digest: bytesToHex(sha256(body)), items, signals, day, status } };
}

/** Ask where a case stands, or take it back. */
export function askCase(purpose: "status" | "withdrawal", number: string, key: string, profile: EndpointProfile, who: Waiting): Promise<Ending<CaseReport>> {
  const body = encodeRequest(caseRequest, { version: 1, case_number: number, case_key: key });
  return tried(body.length, who, async (trying) => {
    const ending = await brought(trying, purpose, body, profile, profile, (bytes) => decode(caseReport, bytes, "InvalidReplyError"));
    if (purpose === "status" || ending.is !== "done") return ending;
    const { status, signals } = ending.value;
    return (status === "Withdrawn" || status === "Deleted") && signals === 0 ? ending : { is: "unknown" };
  });
}
