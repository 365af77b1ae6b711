// Write the guidance shorter, so that the page can hold four languages: nothing stands twice, and nothing is packed.
// `readGuidance` in `src/page/compact.ts` reads it, and says what each mark means.

const [PIECE, SHAPE, BETWEEN_PHRASES] = ["#", "~", "|"];
const [MOST_PHRASES, LONGEST_PHRASE, LEAST_GAIN] = [88, 6, 50];
/** What may stand for a phrase where a language does not use it: first what takes one byte, then what takes two. */
const MARKS = [..."^@[]=+*$%_`;", ...Array.from({ length: 0x150 }, (_, place) => String.fromCodePoint(0x100 + place))];

/** The texts of a document between tags or two blanks. */
function piecesOf(document) {
  return document.split(/(?:<[^>]*>| {2})+/).map((piece) => piece.replace(/&(\w+);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]));
}

/** One text for a language: a line a string, tabs between its forms, its own line breaks as returns. What stands in the document is the number of its piece, counted from the last one. */
function joined(words, pieces) {
  const at = new Map(pieces.map((piece, number) => [piece, number]).reverse());
  let last = 0;
  const lines = words.map((one) => {
    const place = at.get(one);
    if (place === undefined) return [one].flat().map(inLine).join("\t");
    const step = place - last;
    last = place;
    return `${PIECE}${step}`;
  });
  return lines.join("\n");
}

function inLine(words) {
  if (/^#|[\t\r]/.test(words)) throw new Error(`this cannot stand in the page: ${words}`);
  return words.replaceAll("\n", "\r");
}

/** Find phrases that a text repeats, those that take most room first, and write a mark for each. */
function phrased(text) {
  const size = (some) => Buffer.byteLength(some);
  const marks = MARKS.filter((mark) => !text.includes(mark));
  const times = new Map();
  for (const line of text.split(/[\n\t]/)) {
    const words = line.match(/[^ ]+ ?| /g) ?? [];
    for (let from = 0; from < words.length; from++) {
      for (let to = from + 1; to <= Math.min(words.length, from + LONGEST_PHRASE); to++) {
        const phrase = words.slice(from, to).join("");
        times.set(phrase, (times.get(phrase) ?? 0) + 1);
      }
    }
  }
  const gain = (phrase, count, mark) => count * (size(phrase) - size(mark)) - size(phrase) - size(mark) - 1;
  const likely = [...times].map(([phrase, count]) => [phrase, gain(phrase, count, "^")]).filter(([phrase, gained]) => gained > LEAST_GAIN && !phrase.includes(BETWEEN_PHRASES));
  const phrases = [];
  for (const [phrase] of likely.sort(([, a], [, b]) => b - a)) {
    if (phrases.length === MOST_PHRASES) break;
    const mark = marks[phrases.length];
    if (gain(phrase, text.split(phrase).length - 1, mark) <= LEAST_GAIN) continue; // others have taken what it stood in
    text = text.replaceAll(phrase, mark);
    phrases.push(`${mark}${phrase}`);
  }
  return [text, phrases.join(BETWEEN_PHRASES)];
}

/** Names of fields that stand in many objects, once; the objects as lists that begin with the number of their names. */
function shaped(data) {
  const times = new Map();
  const namesOf = (object) => Object.keys(object).join(" ");
  const count = (node) => {
    if (typeof node !== "object" || node === null) return;
    if (!Array.isArray(node)) times.set(namesOf(node), (times.get(namesOf(node)) ?? 0) + 1);
    Object.values(node).forEach(count);
  };
  count(data);
  const often = [...times].filter(([names, number]) => (number - 1) * names.length > 40 && number > 2).sort(([, a], [, b]) => b - a);
  const at = new Map(often.map(([names], number) => [names, number]));
  const short = (node) => {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map(short);
    const number = at.get(namesOf(node));
    if (number !== undefined) return [`${SHAPE}${number}`, ...Object.values(node).map(short)];
    return Object.fromEntries(Object.entries(node).map(([name, part]) => [name, short(part)]));
  };
  return { shapes: [...at.keys()], ...short(data) };
}

/** What the page reads; the rest of the export is for programs that check it, and other pages. */
export function read(table) {
  const left = Object.entries(table).filter(([name]) => !["deeds", "deeds_lead_to", "hashing_leads_to"].includes(name));
  return { ...Object.fromEntries(left), limits: { signal: table.limits.signal } };
}

/**
 * Write what Python exports for the page.
 *
 * @param {object} table What Python exports.
 * @param {string} document The document for browsers without scripts, in HTML: its words do not stand here.
 * @returns {string} JSON.
 */
export function compact({ strings, countries, ...others }, document) {
  const rest = read(others);
  const pieces = piecesOf(document);
  const texts = Object.entries(strings).map(([code, words]) => [code, phrased(joined(words, pieces))]);
  return JSON.stringify({
    phrases: Object.fromEntries(texts.map(([code, [, phrases]]) => [code, phrases])),
    strings: Object.fromEntries(texts.map(([code, [text]]) => [code, text])),
    ...shaped({ ...rest, countries: { codes: countries.codes } }), // names are the browser's
  });
}
