/** Read what Python wrote, as the build shortened it. */
import type { Guidance } from "./guidance";

interface Compact {
  readonly phrases: Readonly<Record<string, string>>;
  readonly strings: Readonly<Record<string, string>>;
  readonly shapes: readonly string[];
}

/**
 * Read what Python wrote, as the build shortened it (`build/compact.mjs`), so that four languages have room in a page:
 *
 *     strings   one text for a language: a line a string, returns for its line breaks, tabs between forms that depend on a number. `#3`: the words stand in the
 *               document for browsers without scripts, three pieces on from the last such; a piece is a text between tags or two blanks
 *     phrases   by language marks, each with the phrase that it stands for in that text, with `|` between
 *     shapes    names of fields, with blanks between; `["~4", 1, 2]` is an object whose fields have the names of shape 4
 *
 * @param data - JSON.
 * @param words - That document, in HTML.
 */
export function readGuidance(data: string, words: string): Guidance {
  const { phrases, strings, shapes, ...rest } = JSON.parse(data) as Compact;
  const lists: Record<string, Guidance["strings"][string]> = {};
  let pieces: readonly string[] | undefined;
  for (const [code, text] of Object.entries(strings)) {
    const read = (): Guidance["strings"][string] => stringsOf(text, phrases[code]!, (pieces ??= piecesOf(words)));
    // Each language is read when it is first spoken: the page opens with one.
    Object.defineProperty(lists, code, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = read();
        Object.defineProperty(lists, code, { enumerable: true, value });
        return value;
      },
    });
  }
  const fields = shapes.map((names) => names.split(" "));
  return { ...(whole(rest, fields) as Guidance), strings: lists };
}

function piecesOf(words: string): readonly string[] {
  const marks: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">" };
  return words.split(/(?:<[^>]*>| {2})+/).map((piece) => piece.replace(/&(\w+);/g, (_, name: string) => marks[name]!));
}

function stringsOf(text: string, phrases: string, pieces: readonly string[]): Guidance["strings"][string] {
  const said = new Map(phrases.split("|").map((phrase) => [phrase.charAt(0), phrase.slice(1)]));
  const full = text.replace(new RegExp(`[${[...said.keys()].join("").replace(/[\]^]/g, "\\$&")}]`, "g"), (mark) => said.get(mark)!);
  let place = 0;
  return full.split("\n").map((line) => {
    if (line.startsWith("#")) return pieces[(place += Number(line.slice(1)))]!;
    const forms = line.replaceAll("\r", "\n").split("\t");
    return forms.length > 1 ? forms : forms[0]!;
  });
}

/** A part of the data with its objects whole. */
function whole(node: unknown, shapes: readonly (readonly string[])[]): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (!Array.isArray(node)) return Object.fromEntries(Object.entries(node).map(([name, part]) => [name, whole(part, shapes)]));
  const [first, ...values] = node as unknown[];
  if (typeof first !== "string" || !first.startsWith("~")) return node.map((part) => whole(part, shapes));
  return Object.fromEntries(shapes[Number(first.slice(1))]!.map((name, place) => [name, whole(values[place], shapes)]));
}
