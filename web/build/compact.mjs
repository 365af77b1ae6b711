// Write the guidance shorter, so that the page can hold four languages: nothing is said twice, and nothing is packed.
// `src/page/guidance.ts` reads it, and says what each mark means.

/** A letter of Arabic takes two bytes, so the commonest ones change places with letters that take one and are rare there. */
const LETTERS = { ar: ["ابةتثجحخدذرزسشصضطظعغفقكلمنهويىأإآئؤء،؟\u064b\u064e\u064f\u0651", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"] };
const SHAPE = "~";
const PIECE = "#";

/** The texts between tags of a document, and between two blanks. */
function piecesOf(document) {
  return document.split(/(?:<[^>]*>| {2})+/).map((piece) => piece.replace(/&(\w+);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]));
}

/** One text for a language: a line a string, tabs between its forms, and the number of a piece, counted from the last one, for what stands in the document. */
function joined(words, pieces, exchange) {
  const at = new Map(pieces.map((piece, number) => [piece, number]).reverse());
  let last = 0;
  const lines = words.map((one) => {
    const place = at.get(one);
    if (place === undefined) return exchange([one].flat().join("\t"));
    const step = place - last;
    last = place;
    return `${PIECE}${step}`;
  });
  return lines.join("\n");
}

/** What changes each letter for its partner. */
function exchanging([some, others]) {
  const partners = new Map([...some].flatMap((letter, place) => [[letter, others[place]], [others[place], letter]]));
  return (text) => Array.from(text, (letter) => partners.get(letter) ?? letter).join("");
}

/** Names of fields that stand in many objects, once; the objects as lists that begin with the number of their names. */
function shaped(data) {
  const counted = new Map();
  const namesOf = (object) => Object.keys(object).join(" ");
  const count = (node) => {
    if (typeof node !== "object" || node === null) return;
    if (!Array.isArray(node)) counted.set(namesOf(node), (counted.get(namesOf(node)) ?? 0) + 1);
    Object.values(node).forEach(count);
  };
  count(data);
  const shapes = [...counted].filter(([names, times]) => times > 2 && names !== "" && (times - 1) * names.length > 40).sort(([, a], [, b]) => b - a).map(([names]) => names);
  const at = new Map(shapes.map((names, number) => [names, number]));
  const short = (node) => {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map(short);
    const number = at.get(namesOf(node));
    const values = Object.values(node).map(short);
    return number === undefined ? Object.fromEntries(Object.keys(node).map((name, place) => [name, values[place]])) : [`${SHAPE}${number}`, ...values];
  };
  return { shapes, ...short(data) };
}

/**
 * Write what Python exports for the page.
 *
 * @param {object} table What Python exports.
 * @param {string} document The document for browsers without scripts, in HTML, whose words need not stand twice.
 * @returns {string} JSON.
 */
export function compact({ strings, countries, ...rest }, document) {
  const pieces = piecesOf(document);
  const same = (text) => text;
  const short = Object.entries(strings).map(([code, words]) => [code, joined(words, pieces, code in LETTERS ? exchanging(LETTERS[code]) : same)]);
  const named = Object.keys(strings);
  const codes = Object.fromEntries(Object.entries(countries).filter(([name]) => !named.includes(name) && name !== "languages"));
  return JSON.stringify({ letters: LETTERS, strings: Object.fromEntries(short), ...shaped({ ...rest, countries: codes }) });
}
