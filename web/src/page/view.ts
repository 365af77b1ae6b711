/** Make elements; nothing here takes a string of HTML. */

type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | boolean | undefined>>;
const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; an attribute that is false or undefined is left out. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** A button that does something. */
export function button(words: string, kind: "go" | "calm" | "words" | "exit", does: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = make("button", { type: "button", class: kind === "exit" ? "btn exit" : `btn btn--${kind}`, ...attributes }, words);
  element.addEventListener("click", does);
  return element;
}

const DRAWN = {
  back: { path: "M12 4l-6 6 6 6", box: "0 0 20 20", width: "2.2", flips: true },
  on: { path: "M8 4l6 6-6 6", box: "0 0 20 20", width: "2.2", flips: true },
  here: { path: "M4 9.5h12v7H4zM6.5 9.5V7a3.5 3.5 0 0 1 7 0v2.5", box: "0 0 20 20", width: "1.8", flips: false },
  yes: { path: "M4 10.5l4 4 8-9", box: "0 0 20 20", width: "2.2", flips: false },
  no: { path: "M4.5 10h11", box: "0 0 20 20", width: "2.2", flips: false },
  rings: {
    path:
      "M100 92a8 8 0 0 1 8 8v6M92 112v-12a8 8 0 0 1 3-6M82 116v-16a18 18 0 0 1 34-8M118 100v18M72 112v-12a28 28 0 0 1 52-15M127 92q1 4 1 8v24" +
      "M62 106v-6a38 38 0 0 1 66-26M134 82q4 8 4 18v30M52 118v-18a48 48 0 0 1 18-37M80 56a48 48 0 0 1 68 44v34M42 112v-12a58 58 0 0 1 30-51" +
      "M82 45a58 58 0 0 1 76 55v22M32 116v-16a68 68 0 0 1 100-60M142 46a68 68 0 0 1 26 54v30M22 108v-8a78 78 0 0 1 60-76M94 22a78 78 0 0 1 84 78v26" +
      "M12 116v-16a88 88 0 0 1 140-71M160 36a88 88 0 0 1 28 64v24",
    box: "8 10 184 132",
    width: "4",
    flips: false,
  },
} as const;

/** One of the few drawings; it says nothing that words do not say. */
export function drawn(name: keyof typeof DRAWN): SVGSVGElement {
  const { path, box, width, flips } = DRAWN[name];
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  const set = (on: Element, attributes: Attributes): void => {
    for (const [key, value] of Object.entries(attributes)) if (typeof value === "string") on.setAttribute(key, value);
  };
  set(svg, { viewBox: box, "aria-hidden": "true", focusable: "false", class: name === "rings" ? "mark" : flips ? "flip" : undefined });
  set(line, { d: path, fill: "none", stroke: "currentColor", "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" });
  svg.append(line);
  return svg;
}

/** A code, an address or a name: it keeps its own order in a right-to-left text. */
export function apart(text: string, attributes: Attributes = {}): HTMLElement {
  return make("bdi", { dir: "ltr", ...attributes }, text);
}

/** A link to another place: in a tab of its own, because leaving would lose everything. */
export function outside(address: string, words: string, newTab: string): HTMLElement {
  return make("a", { href: address, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" }, words, make("span", { class: "hidden" }, ` (${newTab})`));
}

/** A paragraph. */
export function paragraph(words: string, className?: string): HTMLParagraphElement {
  return make("p", { class: className }, words);
}

/** Hand a calendar file to the person, for a day that is some time away, with a neutral title and no details. */
export function saveCalendar(title: string, milliseconds: number): void {
  const stamp = (time: number): string => new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
  const now = Date.now();
  const id = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Notes//EN", "BEGIN:VEVENT", `UID:${id}`, `DTSTAMP:${stamp(now)}`, `DTSTART:${stamp(now + milliseconds)}`, `SUMMARY:${title}`, "END:VEVENT", "END:VCALENDAR", ""];
  save(lines.join("\r\n"), "check.ics", "text/calendar");
}

/** Hand a file to the person. */
export function save(bytes: Uint8Array | string, name: string, type: string): void {
  const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
  const link = make("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 1000);
}
