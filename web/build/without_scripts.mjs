// The words that work where there are no scripts: one document, a section a language, from the same data as the page.

const escaped = (text) => text.replace(/[&<>"]/g, (mark) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[mark]);

/** Give the words of a reference in a language. */
function sayer(table, code) {
  const say = (reference, fields = {}) => {
    if (Array.isArray(reference)) return reference.map((each) => say(each, fields)).join(" ");
    if (typeof reference === "object") return say(reference.text, { ...fields, ...reference.with });
    const words = table.strings[code][reference];
    return (typeof words === "string" ? words : words.at(-1)).replace(/\{(\w+)\}/g, (field, name) => fields[name] ?? field);
  };
  return say;
}

function serviceRow(table, say, place) {
  const { name, url, phone, number, notes } = table.services.rows[place];
  const link = url === undefined ? "" : ` <a href="${escaped(url)}" rel="noreferrer">${escaped(new URL(url).host)}</a>`;
  const call = number === undefined ? "" : ` ${escaped(say(number, { phone: (phone ?? []).join(", ") }))}`;
  return `<li><b>${escaped(name)}</b>: ${escaped(notes.map((each) => say(each)).join(" "))}${link}${call}</li>`;
}

/** A list of services; the rows for all countries first, then each country folded. */
function rows(table, say, code, which) {
  const lists = table.services[which];
  const of = (country) => (Array.isArray(lists[country]) ? lists[country] : lists[country][code]);
  const every = of("");
  const [codes, names] = [table.countries.codes.split(" "), table.countries[code].split("|")];
  const folded = Object.keys(lists)
    .filter((country) => country !== "")
    .map((country) => [names[codes.indexOf(country)], of(country).filter((place) => !every.includes(place))])
    .filter(([, own]) => own.length > 0)
    .map(([name, own]) => `<details><summary>${escaped(name)}</summary><ul>${own.map((place) => serviceRow(table, say, place)).join("")}</ul></details>`);
  return `<ul>${every.map((place) => serviceRow(table, say, place)).join("")}</ul>${folded.join("")}`;
}

/** What a part comes to where nothing is known of the person. */
function part(table, say, code, { kind, words, when = [] }) {
  const holds = ["page", "no_service", "for_self", "age_not_asked", "no_crisis_line", "no_file", "to_service", "not_listed"];
  if (!when.every((each) => holds.includes(each)) || kind === "error") return "";
  const text = words === undefined ? "" : escaped(say(words, { host: "" }));
  switch (kind) {
    case "heading":
      return `<h3>${text}</h3>`;
    case "item":
      return `<p>• ${text}</p>`;
    case "rows_under_18": // stands once, in the hand-off; the other place leads there
      return when.length > 0 ? `<h3><a href="#u-${code}">${text}</a></h3>` : `<h3 id="u-${code}">${text}</h3>${rows(table, say, code, "under_18")}`;
    case "rows_adult":
      return `<h3>${text}</h3>${rows(table, say, code, "adult")}`;
    case "actions_under_18":
      return `<h3>${text}</h3>${table.actions.under_18.map((each) => `<p>• ${escaped(say(each))}</p>`).join("")}`;
    default:
      return words === undefined ? "" : `<p>${text}</p>`;
  }
}

/**
 * Write the document.
 *
 * @param {object} table What Python exports.
 * @returns {string} HTML that stands in `noscript`.
 */
export function withoutScripts(table) {
  const places = Object.keys(table.languages);
  const links = places.map((code, at) => `<a href="#p${at}" lang="${code}">${escaped(table.languages[code].name)}</a>`).join(" ");
  const sections = places.map((code, at) => {
    const say = sayer(table, code);
    const screens = table.no_script.map((id) => {
      if (id === "actions") return `<h2>${escaped(say(table.actions.title))}</h2>${table.actions.adult.map((each) => `<p>• ${escaped(say(each))}</p>`).join("")}`;
      const { title, parts } = table.screens[id];
      return `<h2>${escaped(say(title))}</h2>${parts.map((each) => part(table, say, code, each)).join("")}`;
    });
    const first = table.screens.no_script.parts.map((each) => part(table, say, code, each)).join("");
    const direction = table.languages[code].is_rtl ? "rtl" : "ltr";
    return `<section lang="${code}" dir="${direction}" id="p${at}"><p><a class="btn exit" href="about:blank">${escaped(say(table.bar.exit))}</a></p>${first}${screens.join("")}</section>`;
  });
  return `<main><p><a class="btn exit" href="about:blank" rel="noreferrer">${escaped(sayer(table, "en")(table.bar.exit))}</a></p><p>${links}</p>${sections.join("")}</main>`;
}
