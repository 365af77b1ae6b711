/**
 * All that one visit knows, in one object that can be dropped, and what follows from it: which words hold, and what is true.
 *
 * Source: PAGE of the specification, sections 2 and 3; `hashclient/guidance/screens/parts.py` says what each condition means.
 */
import type { Credentials } from "../core/case";
import type { Declarations, Found, Item, Submission } from "../core/checks";
import { type LeftOut, fit, unfit } from "../core/fit";
import { type CaseReport, type EndpointProfile, type Receipt, SIGNAL_TYPES, USUAL_LIMITS } from "../core/wire";
import { type Fields, type Guidance, type Reference, Speech, type Who } from "./guidance";
import type { NoticeAnswers } from "./notice";
import { takingPart, rowsAdult, type Age } from "./services";
import { type Answers, isForThem, isListed } from "./triage";

/** What has left this device; `ended` was sent, and is not there, or no longer: refused, not found, taken back, or deleted. */
export type Left = "nothing" | "asked" | "sending" | "sent" | "ended" | "unknown";

/** A file, by its number from 1; its name is not known here. */
export interface Chosen {
  /** `any` until it was looked at, and after it was left out. */
  readonly kind: "image" | "video" | "any";
  /** Part of it may have been lost. */
  isDoubtful?: boolean;
  answer?: string;
  /** The file before it that has the same bytes; it is asked about and sent once. */
  sameAs?: number;
  madeFrom?: number;
  /** Of 100, once it is being hashed. */
  done?: number | undefined;
  /** The device slept while it was hashed. */
  isAgain?: boolean;
  found?: Found;
  failed?: string;
  inner?: "both" | "as_it_is";
}

export class Visit {
  /** It was forgotten: nothing goes on for it. */
  isDropped = false;
  answers: Answers = {};
  reason: string | undefined;
  country = "";
  age: Age = "unasked";
  readonly marked = new Set<string>();
  /** Errors that are shown on the screen in sight. */
  errors = new Map<string, { readonly fields: Fields; readonly instead: Reference | undefined }>();

  service: string | undefined;
  isTyped = false;
  profile: EndpointProfile | undefined;
  isToFile = false;
  left: Left = "nothing";
  /** The service to which something was sent, or may have been. */
  sentTo: string | undefined;
  isForgotten = false;
  hadFiles = false;
  isUnreachable = false;
  isOurFault = false;

  files: Chosen[] = [];
  /** Undefined until the room has looked whether the browser changes pictures. */
  isFit: boolean | undefined;
  isFewer = false;
  showsAll = false;
  readonly ticked = new Set<string>();
  isNotTicked = false;
  /** Something goes on, until its answer is there; nothing else is begun meanwhile. */
  isBusy = false;
  credentials: Credentials | undefined;
  key: Promise<string> | undefined;
  submission: Submission | undefined;
  triedBefore = false;
  /** The request stands in a file, and may come to the service that way. */
  isSaved = false;
  receipt: Receipt | undefined;
  why: readonly Reference[] = [];
  report: CaseReport | undefined;
  /** Typed at `status_in`, for taking back. */
  asked: Credentials | undefined;
  /** Another case was looked at since somebody was asked whether to take one back. */
  isOther = false;

  /** What was typed or chosen and not yet used, by screen and field: kept while going back and while the language changes. */
  readonly drafts = new Map<string, string>();

  law: string | undefined;
  noticeAnswers: NoticeAnswers = {};
  isNoticeAdult = false;
  /** The file whose fingerprint goes with the notice; 0 for none. */
  noticeFile = 0;

  /** Begin a new request: its files, and what was made for the one before; what has left stays true. */
  startRequest(): void {
    const fresh = new Visit();
    for (const name of ["files", "isFewer", "showsAll", "isNotTicked", "submission"] as const) Object.assign(this, { [name]: fresh[name] });
    this.ticked.clear();
    for (const draft of this.drafts.keys()) if (/^(per_file|per_video|made_from|inner) /.test(draft)) this.drafts.delete(draft); // files are numbered anew
    if (this.isOut) this.startNumber();
  }

  /** Whether the request may be with the service: under its number goes nothing else. */
  get isOut(): boolean {
    return this.triedBefore || this.isSaved || this.receipt !== undefined;
  }

  /** Draw a new number the next time: the one before does not count, or is another request's. */
  startNumber(): void {
    this.credentials = this.key = this.submission = this.receipt = undefined;
    this.triedBefore = this.isSaved = false;
    for (const field of ["case_number", "pin"]) this.drafts.delete(`check_note ${field}`);
  }
}

/** The place of a host in an address. */
export function hostOf(origin: string | undefined): string {
  return origin === undefined ? "" : new URL(origin).host;
}

/** Which truth line holds: what has left this device, never more and never less than is known. */
export function truthOf({ left, isForgotten }: Visit): "only_here" | "not_yet" | "sending" | "sent" | "unknown" | "forgotten" {
  if (left === "ended") return "sent";
  if (left === "sending" || left === "sent" || left === "unknown") return left;
  if (isForgotten) return "forgotten";
  return left === "asked" ? "not_yet" : "only_here";
}

/** All conditions that hold; `isToFile`: whether the screen is about a request that is saved. */
export function conditionsOf(table: Guidance, speech: Speech, visit: Visit, today: Date, isToFile = visit.isToFile): ReadonlySet<string> {
  const { answers, profile } = visit;
  const isThem = isForThem(table, answers);
  const videos = visit.files.some(({ found }) => found?.kind === "video");
  const types = profile?.signal_types ?? [];
  const days = profile?.partner_copies_days;
  const isSent = ["sending", "sent", "unknown", "ended"].includes(visit.left);
  const all: Readonly<Record<string, boolean>> = {
    service: visit.service !== undefined,
    no_service: visit.service === undefined,
    for_self: !isThem,
    for_them: isThem,
    not_intimate: visit.reason === "not_intimate",
    posted_elsewhere: visit.reason === "posted_elsewhere",
    agreed_before: visit.reason === "agreed_before",
    age_asked: answers["age"] === "all_adult",
    age_not_asked: answers["age"] !== "all_adult",
    listed: isListed(table, answers),
    not_listed: !isListed(table, answers),
    no_crisis_line: !table.crisis.some(({ country }) => country === visit.country),
    platforms_known: takingPart(table, speech, "stopncii", today) !== undefined,
    no_local_help: visit.country !== "" && rowsAdult(table, visit.country, speech.code).every((row) => rowsAdult(table, "", speech.code).includes(row)),
    files_dropped: visit.hadFiles && !isSent,
    no_file: !visit.hadFiles && !isSent,
    sent_before: isSent && visit.left !== "ended",
    ended_before: visit.left === "ended",
    our_fault_unsent: visit.isOurFault && !isSent,
    our_fault_unknown: visit.isOurFault && (visit.left === "unknown" || visit.left === "sending"),
    our_fault_after: visit.isOurFault && (visit.left === "sent" || visit.left === "ended"),
    typed_address: visit.isTyped,
    fit: visit.isFit !== false,
    not_fit: visit.isFit === false,
    unreachable: visit.isUnreachable,
    to_file: isToFile,
    to_service: !isToFile,
    not_sealed: profile === undefined ? isToFile : profile.keys.length === 0,
    key_not_known: profile !== undefined && profile.keys.length > 0,
    reposts_found: visit.files.some((file) => goes(file) && file.found!.items.flat().some(({ variant }) => !OWN.has(variant))),
    videos_look_alike: videos && types.includes("vpdq"),
    videos_same_file: videos && !types.includes("vpdq"),
    first_try: !visit.triedBefore,
    earlier_try: visit.triedBefore,
    only_saved: visit.isSaved && visit.receipt === undefined && !visit.triedBefore,
    was_withdrawn: visit.receipt?.status === "Withdrawn",
    was_deleted: visit.receipt?.status === "Deleted",
    copies_go_at_once: days === 0,
    copies_go_in_a_day: days === 1,
    copies_go_in_days: days !== undefined && days > 1,
    still_held: visit.report === undefined || !["Withdrawn", "Deleted"].includes(visit.report.status),
    not_blocked: (visit.report?.feedback.not_blocked ?? 0) > 0,
    not_ticked: visit.isNotTicked,
  };
  return new Set(Object.keys(all).filter((name) => all[name]));
}

/** The screen that says what came of a request. */
export function sentOrGone({ status }: { readonly status: string }): "sent" | "taken_back" {
  return status === "Withdrawn" || status === "Deleted" ? "taken_back" : "sent";
}

/** Where a screen leads by itself, as what it asks or doubts is settled: someone went back, or forward again. */
export function whereNow(table: Guidance, at: string, visit: Visit): string | undefined {
  const { answers, asked, credentials, isOther, receipt, report } = visit;
  const isMaking = ["codes", "check_note", "send", "save_now", "not_sent", "not_confirmed"].includes(at);
  if (visit.isBusy) return undefined;
  if (at === "withdraw" || at === "not_confirmed_w") {
    if (!isOther && report?.status === "Withdrawn") return "withdrawn";
    return isOther || report?.status === "Deleted" ? "status" : undefined;
  }
  if (receipt === undefined && (at === "sent" || at === "taken_back")) return isListed(table, answers) ? "LIST" : table.start;
  if (receipt !== undefined && ["send", "sending", "not_sent", "not_confirmed", "refused"].includes(at)) return sentOrGone(receipt);
  if (at === "sending") return "send";
  if (!isMaking) return undefined;
  if (!isDeclared(table, visit)) return itemsOf(visit).length > 0 ? "review" : "choose_files"; // the request is another now
  if (credentials === undefined) return at.startsWith("not_") ? "review" : "codes";
  if (at === "not_sent" && visit.triedBefore) return "not_confirmed";
  return at === "not_confirmed" && asked?.number === credentials.number ? "status" : undefined;
}

/** The declarations, each to be ticked, by id. */
export function toDeclare({ declarations: said }: Guidance, who: Who): readonly (readonly [string, Reference])[] {
  return [["adult", said.adult], ["depicted", said[who]], ["intimate", said.intimate], ["no_consent", said.no_consent[who]]];
}

/** Whether every declaration is ticked. */
export function isDeclared(table: Guidance, visit: Visit): boolean {
  return toDeclare(table, declarationsOf(table, visit).depicted).every(([id]) => visit.ticked.has(id));
}

/** The declarations that this visit makes, once all are ticked. */
export function declarationsOf(table: Guidance, { answers }: Visit): Declarations {
  return { adult: true, depicted: isForThem(table, answers) ? "represented" : "self", intimate: true, no_consent: true, wording: table.declarations.wording };
}

const ALTERED = { no: "no", from_here: "yes", yes: "yes", unknown: "unknown" } as const;

/** Whether a file goes: it is hashed and not left out. */
function goes({ found, answer }: Chosen): boolean {
  return found !== undefined && answer !== "leave_out";
}

/** Variants that are of a file itself, not of a likely re-post. */
export const OWN: ReadonlySet<string | undefined> = new Set([undefined, "original", "stored", "frame"]);

/** What goes, fitted to what the service takes. */
export function itemsOf(visit: Visit): readonly Item[] {
  return fittedOf(visit).items;
}

/** What goes, the files it is of, and what does not go: each reason with the place, from 0, of its file. */
export interface Fitted {
  readonly items: readonly Item[];
  readonly files: readonly Chosen[];
  readonly leftOut: readonly { readonly reason: LeftOut | "damaged"; readonly file: number }[];
}

/** Fit what goes to what the service takes. */
export function fittedOf({ files, isFewer, profile }: Visit): Fitted {
  const going = [...files.entries()].filter(([, file]) => goes(file));
  const [items, fileOf, firstOf] = [[] as Item[], [] as number[], new Map<number, number>()];
  for (const [place, { answer, inner, found }] of going) {
    firstOf.set(place, items.length);
    for (const signals of found!.items.slice(0, inner === "both" ? undefined : 1)) {
      fileOf.push(place);
      items.push({ content: found!.kind, altered: ALTERED[answer as keyof typeof ALTERED], altered_from: undefined, signals: signals.filter(({ variant }) => !isFewer || OWN.has(variant)) });
    }
  }
  for (const [place, { answer, madeFrom = 0 }] of going) {
    const [own, from] = [firstOf.get(place)!, answer === "from_here" ? firstOf.get(madeFrom - 1) : undefined];
    if (from !== undefined && from !== own) items[own] = { ...items[own]!, altered_from: from };
  }
  const fitted = fit(items, profile ?? ({ signal_types: [...SIGNAL_TYPES], limits: USUAL_LIMITS } as unknown as EndpointProfile));
  const doubtful = going.filter(([, { isDoubtful }]) => isDoubtful).map(([file]) => ({ reason: "damaged", file }) as const);
  const leftOut = fitted.leftOut.map(({ reason, item }) => ({ reason, file: fileOf[item]! }));
  const isFirst = ({ reason, file }: (typeof leftOut)[number], place: number): boolean => leftOut.findIndex((other) => other.reason === reason && other.file === file) === place;
  return { items: fitted.items, files: [...new Set(fitted.going.map((item) => fileOf[item]!))].map((file) => files[file]!), leftOut: [...doubtful, ...leftOut.filter(isFirst)] };
}

/** Why nothing of a file can be sent, though it was hashed; undefined where something can. */
export function whyNothing({ found }: Chosen): LeftOut | undefined {
  const reasons = found?.items.flat().map(unfit) ?? [undefined];
  return reasons.includes(undefined) ? undefined : (reasons[0] ?? "low-quality");
}

/** The fingerprint of a file itself that may go with a notice: of a picture PDQ, of a video that of the file. */
export function ownHash({ found, answer }: Chosen): Item["signals"][number] | undefined {
  if (answer === "leave_out") return undefined;
  return found?.items[0]?.find((signal) => (found.kind === "video" ? signal.type === "md5" : signal.type === "pdq" && signal.variant === "original" && unfit(signal) === undefined));
}

/** Whether a submission says what would be said now, in whatever order. */
export function isOfTheSame(table: Guidance, visit: Visit, { items, declarations }: Submission): boolean {
  const said = (all: readonly Item[]): string[] =>
    all.map(({ content, altered, altered_from: from, signals }) => JSON.stringify([content, altered, from === undefined ? null : all[from]!.signals, signals])).sort();
  return JSON.stringify([said(items), declarations]) === JSON.stringify([said(itemsOf(visit)), declarationsOf(table, visit)]);
}

/** The submission under credentials, its items in an order that tells nothing. */
export function submissionOf(table: Guidance, visit: Visit, number: string, key: string): Submission {
  const items = itemsOf(visit);
  const order = [...items.keys()];
  const random = crypto.getRandomValues(new Uint32Array(order.length));
  order.sort((a, b) => random[a]! - random[b]!);
  const moved = order.map((old) => {
    const from = items[old]!.altered_from;
    return { ...items[old]!, altered_from: from === undefined ? undefined : order.indexOf(from) };
  });
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return { version: 1, nonce, case_number: number, case_key: key, declarations: declarationsOf(table, visit), items: moved };
}

/** The origin of a service that a person typed; undefined where it is none. */
export function originOfService(typed: string): string | undefined {
  const trimmed = typed.trim();
  try {
    const { protocol, host, origin, username, pathname, search, hash } = new URL(/^[a-z]+:\/\//i.test(trimmed) ? trimmed : `https://${trimmed}`);
    const isHere = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host);
    const isPlain = username === "" && pathname === "/" && search === "" && hash === "" && (host.includes(".") || isHere);
    return isPlain && (protocol === "https:" || (protocol === "http:" && isHere)) ? origin : undefined;
  } catch {
    return undefined;
  }
}

/** A new visit after everything was forgotten: only what has left this device is still known, and where to. */
export function forgotten({ left, sentTo, hadFiles, country, isFit }: Visit, isHandOff: boolean): Visit {
  const fresh = new Visit();
  fresh.service = sentTo;
  fresh.isForgotten = true;
  fresh.hadFiles = isHandOff && hadFiles;
  fresh.country = isHandOff ? country : "";
  fresh.isFit = isFit;
  if (left === "sending") fresh.left = "unknown";
  if (left === "sent" || left === "unknown" || left === "ended") fresh.left = left;
  fresh.sentTo = sentTo;
  return fresh;
}
