/**
 * Write a notice for a platform from answers, and say what of it is missing.
 *
 * Source: `hashclient/guidance/notices`; the texts and rules are `notice` of the guidance, golden texts in its tests.
 */
import { type Asking, type Conditions, type Guidance, type Law, type Reference, type Sentence, Speech, type Who, of } from "./guidance";

/** By id of a question what was answered; under `statements` the sentences that were ticked. */
export type NoticeAnswers = Readonly<Record<string, string | readonly string[]>>;

/** Why an answer cannot be used. */
export interface Refusal {
  readonly question: string;
  readonly words: Reference;
  readonly fields: Readonly<Record<string, number>>;
}

/** A notice as it stands. */
export interface Notice {
  readonly text: string;
  readonly markdown: string;
  readonly refused: readonly Refusal[];
  /** Each element that counts, and whether it is met. */
  readonly elements: readonly { readonly key: string; readonly words: Reference; readonly isMet: boolean; readonly refusal: Reference | undefined; readonly warning: Reference | undefined }[];
  /** Said where nobody told who asks, and no element needs it. */
  readonly notSaidWho: boolean;
  /** Whether it can go: nothing that the law needs is missing, and nothing was refused. */
  readonly isReady: boolean;
}

type Rules = Guidance["notice"]["rules"];
type Values = ReadonlyMap<string, string | readonly string[]>;

/** The laws that are offered in a country, all where none was told, in their order. */
export function offered({ notice }: Guidance, country: string): Law[] {
  return notice.laws.filter(({ id }) => country === "" || notice.for_all.includes(id) || notice.countries[id]?.includes(country));
}

/** Whether a question is asked. */
export function isAsked({ only, unless }: Asking, answers: NoticeAnswers): boolean {
  const get = (name: string): string | readonly string[] | undefined => answers[name];
  return isSo(only, get) && !isAny(unless, get);
}

/** Write it. */
export function written(table: Guidance, law: Law, answers: NoticeAnswers, fingerprint?: Sentence): Notice {
  const { rules } = table.notice;
  const english = new Speech(table, "en");
  const values = new Map<string, string | readonly string[]>();
  const refused: Refusal[] = [];
  for (const question of law.questions ?? []) {
    const several = [answers[question.id] ?? []].flat().filter((typed) => typed.trim() !== "");
    const read = several.length === 0 ? "" : valueOf(table, question, several);
    if (typeof read === "string" || Array.isArray(read)) {
      if (read.length > 0) values.set(question.id, read as string | readonly string[]);
    } else refused.push(read as Refusal);
  }
  const who: Who = values.get("who") === "represented" ? "represented" : "self";
  const ticked = new Set([answers["statements"] ?? []].flat());
  const given = new Set([...ticked, ...values.keys()]);
  const elements = (law.elements ?? [])
    .filter(({ who: whose, only }) => (whose === undefined || whose.includes(who)) && isSo(only, (name) => values.get(name)))
    .map(({ key, words, met_by, refusals, warning }) => ({
      key,
      words: of(who, words),
      isMet: met_by.some((group) => group.every((id) => given.has(id))),
      refusal: refusals === undefined ? undefined : of(who, refusals),
      warning: warning === undefined ? undefined : of(who, warning),
    }));
  const asksWho = (law.questions ?? []).some(({ id }) => id === "who");
  const needsWho = (law.elements ?? []).some(({ met_by }) => met_by.some((group) => group.includes("who")));
  const notSaidWho = asksWho && !needsWho && !values.has("who");
  const isReady = refused.length === 0 && !notSaidWho && elements.every(({ isMet, refusal }) => isMet || refusal === undefined);
  const paragraphs = law.text ?? [];
  const shown = fingerprint === undefined ? paragraphs : [...paragraphs.slice(0, -1), [[fingerprint]], ...paragraphs.slice(-1)];
  const fields = (isMarked: boolean): Record<string, string> =>
    Object.fromEntries((law.questions ?? []).map((question) => [question.id, filling(question, values, who, english, rules, isMarked)]));
  const laid = (isMarked: boolean): string[][] =>
    shown
      .map((paragraph) =>
        paragraph
          .map((line) => line.filter((sentence) => isThere(sentence, who, values, english)).map((one) => filled(one, who, english, fields(isMarked))))
          .filter((sentences) => sentences.length > 0)
          .map((sentences) => sentences.join(" ")),
      )
      .filter((lines) => lines.length > 0);
  const plain = laid(false).map((lines) => lines.join("\n"));
  const marked = laid(true).map((lines) => lines.map(inMarkdown).join("\n").replace(/ {2}$/, ""));
  if (law.subject !== undefined) {
    plain.unshift(`Subject: ${law.subject}`);
    marked.unshift(`**Subject:** ${escaped(law.subject, rules)}`);
  }
  return { text: `${plain.join("\n\n")}\n`, markdown: `${marked.join("\n\n")}\n`, refused, elements, notSaidWho, isReady };
}

function isSo(conditions: Conditions | undefined, get: (name: string) => string | readonly string[] | undefined): boolean {
  return Object.entries(conditions ?? {}).every(([name, value]) => holds(get(name), value));
}

function isAny(conditions: Conditions | undefined, get: (name: string) => string | readonly string[] | undefined): boolean {
  return Object.entries(conditions ?? {}).some(([name, value]) => holds(get(name), value));
}

function holds(answer: string | readonly string[] | undefined, value: string): boolean {
  return value === "*" ? answer !== undefined && answer.length > 0 : answer === value;
}

function isThere({ meaning, only, unless }: Sentence, who: Who, values: Values, english: Speech): boolean {
  const needed = english.say(of(who, meaning)).matchAll(/\{(\w+)\}/g);
  const get = (name: string): string | readonly string[] | undefined => values.get(name);
  return isSo(only, get) && !isAny(unless, get) && [...needed].every(([, name]) => values.has(name!));
}

function filled({ legal, meaning }: Sentence, who: Who, english: Speech, fields: Readonly<Record<string, string>>): string {
  const words = legal === undefined ? english.say(of(who, meaning)) : of(who, legal);
  return words.replace(/\{(\w+)\}/g, (_, name: string) => fields[name] ?? "");
}

function filling({ id, kind, choices }: Asking, values: Values, who: Who, english: Speech, rules: Rules, isMarked: boolean): string {
  const value = values.get(id) ?? [];
  if (choices !== undefined) {
    const several = [value].flat();
    const chosen = Object.entries(choices).filter(([choice]) => several.includes(choice));
    return chosen.map(([, { words, legal }]) => (legal === undefined ? english.say(of(who, words)) : of(who, legal))).join(" ");
  }
  const lines = [value].flat();
  if (!isMarked) return lines.join("\n");
  if (kind === "addresses") return lines.map((address) => `- \`${address}\``).join("\n");
  return kind === "email" ? lines.map((address) => `\`${address}\``).join("") : lines.map((line) => escaped(line, rules)).join("\n");
}

/** A line of Markdown ends with two blanks; after a list of addresses an empty line follows. */
function inMarkdown(line: string): string {
  return line.includes("\n- `") ? `${line}\n` : `${line}  `;
}

function escaped(typed: string, { escaped: marks }: Rules): string {
  return Array.from(typed, (letter) => (marks.includes(letter) ? `\\${letter}` : letter)).join("");
}

function valueOf({ notice }: Guidance, { id, kind, choices = {}, most }: Asking, texts: readonly string[]): string | readonly string[] | Refusal {
  const { sentences, rules } = notice;
  const refuse = (words: Reference, fields: Readonly<Record<string, number>> = {}): Refusal => ({ question: id, words, fields });
  const [text = ""] = texts;
  switch (kind) {
    case "addresses": {
      if (texts.length > rules.most_addresses) return refuse(sentences["too_many_addresses"]!, { most: rules.most_addresses });
      const read = texts.map((typed) => publicAddress(typed, rules));
      const wrong = read.indexOf(undefined);
      return wrong < 0 ? [...new Set(read as string[])] : refuse(sentences["not_a_web_address"]!, { n: wrong + 1 });
    }
    case "many":
      return texts.every((choice) => choice in choices) ? Object.keys(choices).filter((choice) => texts.includes(choice)) : refuse(sentences["no_such_choice"]!);
    case "one":
      return text in choices ? text : refuse(sentences["no_such_choice"]!);
    case "email":
      return publicEmail(text, rules) ?? refuse(sentences["not_an_email"]!);
    case "day":
      return writtenDay(text.trim(), rules) ?? refuse(sentences["not_a_day"]!);
    case "line": {
      const line = onePlainLine(text, rules);
      if (Array.from(line).length > most) return refuse(sentences["not_a_short_line"]!, { most });
      return new RegExp(`\\b${rules.local}\\S`, "i").test(line) ? refuse(sentences["not_from_the_device"]!) : line;
    }
  }
}

function writtenDay(typed: string, { months }: Rules): string | undefined {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed);
  const day = new Date(`${typed}T00:00:00Z`);
  if (found === null || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(typed)) return undefined;
  return `${day.getUTCDate()} ${months[day.getUTCMonth()]!} ${day.getUTCFullYear()}`;
}

/** Words as one line with plain punctuation, and nothing that is not seen or turns others round. */
export function onePlainLine(typed: string, { plain_punctuation: plain, without_width: kept, most_accents: most }: Rules): string {
  const shown = Array.from(typed)
    .flatMap((letter) => Array.from(plain[letter] ?? letter))
    .filter((letter) => kept.includes(letter) || /\s/.test(letter) || !/[\p{C}\p{Z}]/u.test(letter))
    .join("");
  let marks = 0;
  return Array.from(shown.trim().split(/\s+/).join(" "))
    .filter((letter) => {
      marks = /\p{M}/u.test(letter) ? marks + 1 : 0;
      return marks <= most;
    })
    .join("");
}

const AS_THEY_ARE = /[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/;

/** A web address that anyone can open, in ASCII; undefined if it is none. */
export function publicAddress(typed: string, rules: Rules): string | undefined {
  const trimmed = typed.trim();
  if (/[\\\s\p{C}\p{Z}]/u.test(trimmed)) return undefined;
  const found = /^(https?):\/\/(\[[0-9a-f:.]+\]|[^/?#@:[\]\\%]+)(?::([1-9][0-9]{0,4}))?([/?#].*)?$/i.exec(trimmed);
  if (found === null) return undefined;
  const [, scheme = "", typedHost = "", port, rest = ""] = found;
  const host = publicHost(typedHost, rules);
  if (host === undefined || Number(port ?? 0) > 65_535) return undefined;
  const inAscii = Array.from(new TextEncoder().encode(rest), (byte) => {
    const letter = String.fromCharCode(byte);
    return byte < 128 && AS_THEY_ARE.test(letter) ? letter : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
  const address = `${scheme.toLowerCase()}://${host}${port === undefined ? "" : `:${port}`}${inAscii}`;
  return address.length <= rules.longest_address ? address : undefined;
}

/** An e-mail address to which a platform can write; undefined if it is none. */
export function publicEmail(typed: string, rules: Rules): string | undefined {
  const found = new RegExp(`^([\\p{L}\\p{N}_${rules.email_marks}]{1,64})@([^@\\s]+)$`, "u").exec(typed.trim());
  const host = found === null || found[2]!.startsWith("[") ? undefined : publicHost(found[2]!, rules);
  return host === undefined ? undefined : `${found![1]!}@${host}`;
}

function publicHost(host: string, { not_public: notPublic, not_reached: notReached }: Rules): string | undefined {
  let name: string;
  try {
    name = new URL(`http://${host}/`).hostname;
  } catch {
    return undefined;
  }
  // What has no letters of names is an address: only as it is usually written, and only public ones.
  if (name.startsWith("[")) return /^\[2[0-9a-f]{3}:/.test(name) && !/^\[200[12]:(0|db8|[0-9a-f]{1,2}):|^\[2002:|^\[2001::/.test(name) ? name : undefined;
  if (/^[0-9.]+$/.test(name)) {
    const inNumber = (ip: string): number => ip.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
    const isInside = (network: string): boolean => {
      const [first = "", bits] = network.split("/");
      return Math.floor(inNumber(name) / 2 ** (32 - Number(bits))) === Math.floor(inNumber(first) / 2 ** (32 - Number(bits)));
    };
    return name === host && !notReached.some(isInside) ? name : undefined;
  }
  name = name.replace(/\.$/, "");
  const labels = name.split(".");
  const isName = labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}$/.test(label) && !label.endsWith("-"));
  return labels.length > 1 && isName && name.length <= 253 && !notPublic.includes(labels.at(-1)!) ? name : undefined;
}
