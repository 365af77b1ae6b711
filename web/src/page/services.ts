/**
 * Choose the services of a country, in their order, and say of each what is known.
 *
 * Source: `hashclient/guidance/services.py`, `service_words.py`; GUIDANCE 2.2 and 3.
 */
import type { Guidance, Order, Row, Speech } from "./guidance";

const DAY_MS = 86_400_000;

/** What was said of the age of whoever needs help: nothing yet, or an answer to `under_18_now`. */
export type Age = "unasked" | "yes" | "other";

function daysSince(day: string, today: Date): number {
  return Math.floor((today.getTime() - Date.parse(`${day}T00:00:00Z`)) / DAY_MS);
}

/** Whether a person checked a row, and not too long ago. */
function isVerified({ services }: Guidance, { is_verified, checked_on }: Row, today: Date): boolean {
  return is_verified === true && daysSince(checked_on, today) <= services.check_lasts;
}

function listed({ services }: Guidance, lists: Readonly<Record<string, Order>>, country: string, language: string): Row[] {
  const order = lists[country] ?? lists[""]!;
  const places = "length" in order ? (order as readonly number[]) : (order)[language]!;
  return places.map((place) => services.rows[place]!).filter(({ url, phone }) => url !== undefined || phone !== undefined);
}

/** The rows for pictures of under-18s. */
export function rowsUnder18(table: Guidance, country: string, language: string, age: Age): Row[] {
  const { under_18, under_18_now, under_18_unasked } = table.services;
  const special = age === "yes" ? under_18_now : age === "unasked" ? under_18_unasked : {};
  return listed(table, country in special ? special : under_18, country, language);
}

/** The rows for adults, or those of one kind among them. */
export function rowsAdult(table: Guidance, country: string, language: string, kind?: string): Row[] {
  return listed(table, table.services.adult, country, language).filter((row) => kind === undefined || row.kind === kind);
}

/** A day as people read it. */
export function dayInWords({ words }: Guidance, speech: Speech, day: string): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return speech.say(words["date"], { day: date, month: speech.say(words.months[month - 1]), year });
}

/** Platforms that are reported to take part with a service, as long as that may be said. */
export function takingPart({ services, words }: Guidance, speech: Speech, id: string, today: Date): { month: string; platforms: string } | undefined {
  const found = services.taking_part.find(({ service, as_of }) => services.rows[service]!.id === id && daysSince(as_of, today) <= services.taking_part_lasts);
  if (found === undefined) return undefined;
  const [year, month] = found.as_of.split("-").map(Number) as [number, number];
  const inWords = speech.say(words["month"], { month: speech.say(words.months[month - 1]), year });
  return { month: inWords, platforms: found.platforms.join(speech.say(words["between_names"])) };
}

/** What is said beneath a row: hours, languages, privacy, and how far it was checked. */
export function linesOf(table: Guidance, speech: Speech, row: Row, today: Date): string[] {
  const { words } = table;
  const lines: string[] = [];
  if (row.asks_hours === true) {
    const hours = (row.hours ?? []).map((piece) => (typeof piece === "string" ? piece : speech.say(piece))).join("");
    lines.push(hours === "" ? speech.say(words["hours_unknown"]) : speech.say(words["hours"], { hours }));
  }
  const spoken = (row.languages ?? "").split(" ").filter((code) => code !== "");
  const isOwn = (code: string): boolean => code.split("-")[0] === speech.code;
  const names = [...spoken.filter(isOwn), ...spoken.filter((code) => !isOwn(code))].map((code) => speech.language(code));
  const between = speech.say(words["between_names"]);
  const { languages_shown: most } = table.services;
  if (names.length === 0) lines.push(speech.say(words["languages_unknown"]));
  else if (names.length <= most + 1) lines.push(speech.say(words["languages"], { languages: names.join(between) }));
  else lines.push(speech.say(words["languages_and_more"], { languages: names.slice(0, most).join(between), count: names.length - most }));
  if (row.privacy !== undefined) lines.push(speech.say(row.privacy));
  const date = dayInWords(table, speech, row.checked_on);
  if (isVerified(table, row, today)) lines.push(speech.say(words["checked"], { date }));
  else lines.push(speech.say(words["not_yet_checked"]), speech.say(words["last_looked_at"], { date }), speech.say(words["please_compare"]));
  return lines;
}

/** Codes and names of countries, by name. */
export function countriesByName({ countries }: Guidance, speech: Speech): (readonly [string, string])[] {
  const pairs = countries.codes.split(" ").map((code) => [code, speech.country(code)] as const);
  return pairs.sort(([, a], [, b]) => a.localeCompare(b, speech.code));
}
