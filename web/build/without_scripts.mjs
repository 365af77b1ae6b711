// The words that work where there are no scripts: one document, a section a language, from the same data as the page.
// What stands in it does not stand in the data again: the page takes it from here, piece by piece.

const escaped = (text) => text.replace(/[&<>]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[mark]);
const LEFT_OUT = ["error", "card"]; // the card of the start tells of keys, which only a script hears
const BETWEEN_SENTENCES = "  "; // two blanks, so that each is a piece of its own

/** Give the words of a reference in a language, as HTML; `fields` are HTML too. */
function sayer(table, code) {
  const say = (reference, fields = {}) => {
    if (Array.isArray(reference)) return reference.map((each) => say(each, fields)).join(BETWEEN_SENTENCES);
    if (typeof reference === "object") return say(reference.text, { ...fields, ...Object.fromEntries(Object.entries(reference.with).map(([name, value]) => [name, escaped(String(value))])) });
    const words = table.strings[code][reference];
    const form = typeof words === "string" ? words : words.at(-1);
    return escaped(form).replace(/\{(\w+)\}/g, (field, name) => fields[name] ?? field);
  };
  return say;
}

function serviceRow(table, say, place) {
  const { name, url, phone, number, notes } = table.services.rows[place];
  const named = url === undefined ? `<b>${escaped(name)}</b>` : `<a href="${escaped(url)}" rel="noreferrer">${escaped(name)}</a><br>`;
  const call = number === undefined ? "" : `${BETWEEN_SENTENCES}${say(number, { phone: (phone ?? []).map((one) => `<bdi dir="ltr">${escaped(one)}</bdi>`).join(", ") })}`; // else Arabic turns a number round
  return `<li>${named}${say(notes)}${call}`;
}

/** The order of words by their letters without accents: the same on every machine, which that of a locale is not. */
function byLetters(some, other) {
  const [a, b] = [some, other].map((words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase());
  return a < b ? -1 : 1;
}

/** A list of services; the rows for all countries first, then each country folded, those with the same rows together. */
function rows(table, say, code, which) {
  const lists = table.services[which];
  const of = (country) => (Array.isArray(lists[country]) ? lists[country] : lists[country][code]);
  const every = of("");
  const [codes, names] = [table.countries.codes.split(" "), table.countries[code].split("|")];
  const listed = (places) => `<ul>${places.map((place) => serviceRow(table, say, place)).join("")}</ul>`;
  const named = new Map(); // a list to the countries that have it
  for (const country of Object.keys(lists).filter((one) => one !== "")) {
    const own = listed(of(country).filter((place) => !every.includes(place)));
    named.set(own, [...(named.get(own) ?? []), names[codes.indexOf(country)]]);
  }
  named.delete(listed([]));
  const between = say(table.words.between_names);
  const folded = [...named].map(([own, countries]) => [countries.sort(byLetters).join(between), own]).sort(([a], [b]) => byLetters(a, b));
  return `${listed(every)}${folded.map(([countries, own]) => `<details><summary>${escaped(countries)}</summary>${own}</details>`).join("")}`;
}

/** What a part comes to where nothing is known of the person. */
function part(table, say, code, { kind, words, when = [] }) {
  const holds = ["page", "no_service", "for_self", "age_not_asked", "no_crisis_line", "to_service", "not_listed"];
  if (!when.every((each) => holds.includes(each)) || LEFT_OUT.includes(kind)) return "";
  const text = words === undefined ? "" : say(words, { host: "" });
  const unchecked = table.services.rows.some((row) => !row.is_verified) ? `<p>${say([table.words.not_yet_checked, table.words.please_compare])}` : "";
  switch (kind) {
    case "heading":
      return `<h3>${text}</h3>`;
    case "item":
      return `<li>${text}`;
    case "rows_under_18": // stands once, in the hand-off; the other place leads there
      return when.length > 0 ? `<h3><a href="#u-${code}">${text}</a></h3>` : `<h3 id="u-${code}">${text}</h3>${unchecked}${rows(table, say, code, "under_18")}`;
    case "rows_adult":
      return `<h3>${text}</h3>${unchecked}${rows(table, say, code, "adult")}`;
    case "actions_under_18":
      return `<h3>${text}</h3>${items(table.actions.under_18, say)}`;
    default:
      return words === undefined ? "" : `<p>${text}`;
  }
}

/** Parts in order; items that follow each other are one list. */
function inLists(parts, written) {
  const isItem = (each) => each?.kind === "item";
  return parts.map((each, at) => `${isItem(each) && !isItem(parts[at - 1]) ? "<ul>" : ""}${written(each)}${isItem(each) && !isItem(parts[at + 1]) ? "</ul>" : ""}`).join("");
}

function items(references, say) {
  return `<ul>${references.map((each) => `<li>${say(each)}`).join("")}</ul>`;
}

/**
 * Write the document.
 *
 * @param {object} table What Python exports.
 * @returns {string} HTML that stands in `noscript`.
 */
export function withoutScripts(table) {
  const places = Object.keys(table.languages);
  const links = places.map((code, at) => `<a href="#p${at}" lang="${code}">${escaped(table.languages[code].name)}</a>`);
  const sections = places.map((code, at) => {
    const say = sayer(table, code);
    const screens = table.no_script.map((id) => {
      if (id === "actions") return `<h2>${say(table.actions.title)}</h2>${items(table.actions.adult, say)}`;
      const { title, parts } = table.screens[id];
      const level = id === table.start ? "h1" : "h2";
      const door = table.outcomes.includes(id) ? table.screens[table.start].choices.find(({ to }) => to === id) : undefined;
      const heading = door === undefined ? `<${level}>${say(title)}</${level}>` : `<h2>${say(door.words)}</h2><p>${say(door.note)}<p>${say(title)}`;
      return `${heading}${inLists(parts, (each) => part(table, say, code, each))}`;
    });
    const introduction = table.screens.no_script.parts.map((each) => part(table, say, code, each)).join("");
    const direction = table.languages[code].is_rtl ? "rtl" : "ltr";
    const bar = `<div class="bar"><p class="bar__in"><a class="btn exit" href="about:blank" rel="noreferrer">${say(table.bar.exit)}</a><span class="bar__links">${links.filter((_, other) => other !== at).join("")}</span></div>`;
    return `<section lang="${code}" dir="${direction}" id="p${at}">${bar}<div class="plain">${introduction}${screens.join("")}</div></section>`;
  });
  return `<main>${sections.join("")}</main>`;
}
