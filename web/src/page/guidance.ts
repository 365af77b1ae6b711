/**
 * What Python writes for the page, and the words of it in the language in use: no sentence stands in code.
 *
 * Source: `hashclient/guidance/export/__init__.py`, which describes each field.
 */

import type { Recipe } from "../core/recipe";
import type { SignalType } from "../core/wire";

/** Words that stand in `strings`: an index, sentences to be joined, or words with fields filled already. */
export type Reference = number | readonly Reference[] | { readonly text: number; readonly with: Readonly<Record<string, unknown>> };
export type Conditions = Readonly<Record<string, string>>;
export type Who = "self" | "represented";
export type ForWho<T> = T | Readonly<Record<Who, T>>;

export interface Language {
  readonly name: string;
  readonly is_rtl: boolean;
  readonly is_reviewed: boolean;
  readonly plurals: readonly string[];
}

export interface Answer {
  readonly words: Reference;
  readonly note?: Reference;
  readonly to?: string;
  readonly shown?: string;
  readonly reason?: string;
}

export interface Question {
  readonly text: Reference;
  readonly clause?: Reference;
  readonly why?: Reference;
  readonly details?: readonly [Reference, Reference];
  readonly error?: Reference;
  readonly answers?: Readonly<Record<string, Answer>>;
  readonly for_them?: { readonly text: Reference; readonly answers: Readonly<Record<string, Answer>> };
}

export interface Part {
  readonly kind?: string;
  readonly words?: Reference;
  readonly row?: string;
  readonly when?: readonly string[];
}

export interface Choice {
  readonly words: Reference;
  readonly note?: Reference;
  readonly to: string;
  readonly does?: string;
  readonly sets?: Readonly<Record<string, string>>;
  readonly when?: readonly string[];
}

export interface Screen {
  readonly title?: Reference;
  readonly parts?: readonly Part[];
  readonly choices?: readonly Choice[];
}

export interface Row {
  readonly id: string;
  readonly name: string;
  readonly url?: string;
  readonly kind: string;
  readonly phone?: readonly string[];
  readonly number?: Reference;
  readonly notes: readonly Reference[];
  readonly asks_hours?: boolean;
  readonly hours?: readonly (string | Reference)[];
  readonly languages?: string;
  readonly privacy?: Reference;
  readonly checked_on: string;
  readonly is_verified?: boolean;
}
export type Order = readonly number[] | Readonly<Record<string, readonly number[]>>;

export interface Sentence {
  readonly legal?: ForWho<string>;
  readonly meaning: ForWho<Reference>;
  readonly only?: Conditions;
  readonly unless?: Conditions;
}

export interface Asking {
  readonly id: string;
  readonly screen: string;
  readonly question: ForWho<Reference>;
  readonly kind: "addresses" | "line" | "one" | "many" | "email" | "day";
  readonly choices?: Readonly<Record<string, { readonly words: ForWho<Reference>; readonly legal?: ForWho<string> }>>;
  readonly notes?: readonly ForWho<Reference>[];
  readonly most: number;
  readonly only?: Conditions;
  readonly unless?: Conditions;
}

export interface Element {
  readonly key: string;
  readonly words: ForWho<Reference>;
  readonly met_by: readonly (readonly string[])[];
  readonly refusals?: ForWho<Reference>;
  readonly warning?: ForWho<Reference>;
  readonly who?: readonly Who[];
  readonly only?: Conditions;
}

export interface Law {
  readonly id: string;
  readonly name: Reference;
  readonly note?: Reference;
  readonly gives: "notice" | "checklist" | "link";
  readonly source: string;
  readonly source_date: string;
  readonly confidence?: string;
  readonly is_on?: boolean;
  readonly why_off?: Reference;
  readonly questions?: readonly Asking[];
  readonly statements?: readonly { readonly id: string; readonly legal?: ForWho<string>; readonly meaning: ForWho<Reference>; readonly who?: readonly Who[] }[];
  readonly elements?: readonly Element[];
  readonly subject?: string;
  readonly text?: readonly (readonly (readonly Sentence[])[])[];
  readonly facts: readonly { readonly id: string; readonly text: Reference; readonly confidence: string; readonly shown: string }[];
  readonly look_after?: number;
  readonly services?: readonly number[];
}

type Words = Readonly<Record<string, Reference>>;

interface Figures {
  readonly recipes: readonly Recipe[];
  readonly frames: readonly Recipe[];
  readonly floors: { readonly repost: number; readonly framed: number; readonly turned: number; readonly edges: number };
  readonly same_within: number;
  readonly types: Readonly<Record<"image" | "video", readonly SignalType[]>>;
  readonly grounds: Readonly<Record<string, number>>;
}

export interface Guidance {
  readonly version: number;
  readonly languages: Readonly<Record<string, Language>>;
  readonly critical: number;
  readonly strings: Readonly<Record<string, readonly (string | readonly string[])[]>>;
  readonly title: string;
  readonly bar: Words;
  readonly truth: Words;
  readonly step: Reference;
  readonly steps: readonly (readonly [string, Reference])[];
  readonly step_of: Readonly<Record<string, string>>;
  readonly footer: readonly (readonly [string, Reference])[];
  readonly settings: Readonly<Record<string, { readonly words: Reference; readonly options: readonly (readonly [string, Reference])[] }>>;
  readonly weather: string;
  readonly why_we_ask: Reference;
  readonly start: string;
  readonly first_question: string;
  readonly outcomes: readonly string[];
  readonly for_another: readonly string[];
  readonly no_script: readonly string[];
  readonly questions: Readonly<Record<string, Question>>;
  readonly screens: Readonly<Record<string, Screen>>;
  readonly acts: readonly string[];
  readonly search: Readonly<Record<string, string>>;
  readonly tasks: Readonly<Record<string, { readonly name: Reference; readonly line?: Reference; readonly to: string }>>;
  readonly marks: { readonly not_started: Reference; readonly done: Reference };
  readonly plan: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly without_service: Readonly<Record<string, string>>;
  readonly actions: { readonly title: Reference; readonly adult: readonly Reference[]; readonly under_18: readonly Reference[] };
  readonly declarations: {
    readonly wording: 2;
    readonly adult: Reference;
    readonly self: Reference;
    readonly represented: Reference;
    readonly intimate: Reference;
    readonly no_consent: Readonly<Record<Who, Reference>>;
    readonly note: Reference;
  };
  readonly files: { readonly words: Words; readonly number_alone: Words; readonly ready: Reference; readonly sizes: Words };
  readonly review: Words & { readonly for_others: Words; readonly files: Words; readonly altered: Words };
  readonly endings: Words & { readonly states: Words; readonly not_known: Words };
  readonly reasons: Readonly<Record<string, Readonly<Record<string, readonly Reference[]>>>>;
  readonly service_faults: Readonly<Record<string, readonly Reference[]>> & { readonly unfit: Words; readonly refused: Words };
  readonly recipes: Figures;
  readonly limits: { readonly signal: { readonly quality_floor: number } };
  readonly services: {
    readonly rows: readonly Row[];
    readonly under_18: Readonly<Record<string, Order>>;
    readonly adult: Readonly<Record<string, Order>>;
    readonly under_18_now: Readonly<Record<string, Order>>;
    readonly under_18_unasked: Readonly<Record<string, Order>>;
    readonly languages_shown: number;
    readonly check_lasts: number;
    readonly taking_part_lasts: number;
    readonly taking_part: readonly { readonly service: number; readonly platforms: readonly string[]; readonly as_of: string }[];
  };
  readonly crisis: readonly { readonly country: string; readonly kind: string; readonly number: string; readonly checked_on: string }[];
  readonly words: Words & { readonly months: readonly Reference[] };
  /** Codes, with blanks between; their names, and those of languages, are the browser's. */
  readonly countries: { readonly codes: string };
  readonly notice: {
    readonly flow: readonly string[];
    readonly to: Readonly<Record<string, Readonly<Record<string, string>>>>;
    readonly for_a_list: Readonly<Record<string, string>>;
    readonly first_for: Readonly<Record<string, string>>;
    readonly countries: Readonly<Record<string, readonly string[]>>;
    readonly for_all: readonly string[];
    readonly marks: Words;
    readonly fingerprints: Readonly<Record<string, Sentence>>;
    readonly screens: readonly { readonly id: string; readonly title: Reference; readonly text?: readonly Reference[]; readonly error?: Reference; readonly answers?: Words }[];
    readonly sentences: Words;
    readonly labels: Words;
    readonly rules: {
      readonly most_addresses: number;
      readonly longest_address: number;
      readonly not_public: readonly string[];
      readonly not_reached: readonly string[];
      readonly email_marks: string;
      readonly plain_punctuation: Readonly<Record<string, string>>;
      readonly without_width: string;
      readonly most_accents: number;
      readonly months: readonly string[];
      readonly local: string;
      readonly escaped: string;
      readonly calendar_title: string;
    };
    readonly laws: readonly Law[];
  };
}

/** What fills the fields of words. */
export type Fields = Readonly<Record<string, string | number | ((speech: Speech) => string)>>;

/** The words of references in one language. */
export class Speech {
  readonly #table: Guidance;
  readonly code: string;
  readonly #plural: Intl.PluralRules;
  #countries: Intl.DisplayNames | undefined;
  #languages: Intl.DisplayNames | undefined;

  constructor(table: Guidance, code: string) {
    this.#table = table;
    this.code = code;
    this.#plural = new Intl.PluralRules(code);
  }

  /** What a country is called, by its code. */
  country(code: string): string {
    return (this.#countries ??= new Intl.DisplayNames(this.code, { type: "region" })).of(code)!;
  }

  /** What a language is called, by its code. */
  language(code: string): string {
    return (this.#languages ??= new Intl.DisplayNames(this.code, { type: "language" })).of(code)!;
  }

  /** The words of a reference, its fields filled; one that depends on a number takes it from `count`. */
  say(reference: Reference | undefined, fields: Fields = {}): string {
    if (reference === undefined) return "";
    if (typeof reference === "number") return this.#filled(this.#form(reference, fields["count"]), fields);
    if (!("text" in reference)) return reference.map((each) => this.say(each, fields)).join(" ");
    const own = Object.entries(reference.with).map(([name, value]) => [name, this.#filling(name, value)]);
    return this.say(reference.text, { ...fields, ...(Object.fromEntries(own) as Fields) });
  }

  /** Whether the English has to stand beneath: the words are critical, and nobody has read this translation. */
  needsEnglish(reference: Reference | undefined): boolean {
    if (reference === undefined || this.#table.languages[this.code]!.is_reviewed) return false;
    if (typeof reference === "number") return reference < this.#table.critical;
    return "text" in reference ? reference.text < this.#table.critical : reference.some((each) => this.needsEnglish(each));
  }

  #form(index: number, count: Fields[string] | undefined): string {
    const words = this.#table.strings[this.code]![index]!;
    if (typeof words === "string") return words;
    const form = this.#table.languages[this.code]!.plurals.indexOf(this.#plural.select(Number(count ?? 0)));
    return words.at(form)!; // -1, a form that is not there, is the last
  }

  #filled(words: string, fields: Fields): string {
    return words.replace(/\{(\w+)\}/g, (field, name: string) => {
      const own = fields[name];
      return typeof own === "function" ? own(this) : String(own ?? field);
    });
  }

  /** A number of things is itself; anything else that is a number refers to words. */
  #filling(name: string, value: unknown): string | number {
    return typeof value === "string" || (name === "count" && typeof value === "number") ? value : this.say(value as Reference);
  }
}

/** What is said of whoever asks. */
export function of<T>(who: Who, words: ForWho<T>): T {
  return typeof words === "object" && words !== null && "self" in words ? (words)[who] : (words);
}
