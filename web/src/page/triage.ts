/**
 * Follow the questions through their table, and order the tasks of the list.
 *
 * Source: `hashclient/guidance/triage.py`; the table is `questions` and `plan` of the guidance.
 */
import type { Guidance } from "./guidance";

export type Answers = Readonly<Record<string, string>>;

/** Where an answer leads: first to a screen on the way, where there is one. */
export interface Way {
  readonly to: string;
  readonly shown: string | undefined;
  readonly reason: string | undefined;
}

/** Where an answer to a question leads. */
export function wayOf({ questions }: Guidance, question: string, answer: string): Way {
  const { to, shown, reason } = questions[question]!.answers![answer]!;
  return { to: to!, shown, reason };
}

/** The screen that some answers have come to, and why. */
export function reached(table: Guidance, answers: Answers): { readonly at: string; readonly reason: string | undefined } {
  let at = table.first_question;
  let reason: string | undefined;
  while (!table.outcomes.includes(at)) {
    const answer = answers[at];
    if (answer === undefined) break;
    ({ to: at, reason } = wayOf(table, at, answer));
  }
  return { at, reason };
}

/** Whether the list may be shown: everyone was an adult, and the questions came to it. */
export function isListed(table: Guidance, answers: Answers): boolean {
  return reached(table, answers).at === "LIST";
}

/** Answers with one more; those that its question no longer leads to are gone. */
export function withAnswer(table: Guidance, answers: Answers, question: string, answer: string): Answers {
  const given: Record<string, string> = { ...answers, [question]: answer };
  const kept: Record<string, string> = {};
  let at = table.first_question;
  while (!table.outcomes.includes(at)) {
    const said = given[at];
    if (said === undefined) break;
    kept[at] = said;
    at = wayOf(table, at, said).to;
  }
  return kept;
}

/** The tasks of the list, in their order. */
export function planOf(table: Guidance, { situation = "skip", have = "skip" }: Answers, hasService: boolean): readonly string[] {
  const tasks = table.plan[situation]![have]!;
  return hasService ? tasks : tasks.map((task) => table.without_service[task] ?? task);
}

/** Whether somebody helps the person in the pictures. */
export function isForThem(table: Guidance, { who = "" }: Answers): boolean {
  return table.for_another.includes(who);
}
