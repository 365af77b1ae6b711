/**
 * The frame with the list of files: what is said to it, and what it may say.
 *
 * Names of files stay in it. All that passes is a number from 1, a kind, a code of a reason, a progress, and fingerprints,
 * which are built again field by field; anything else is dropped.
 *
 * Source: BROWSER.md, "Three places, two walls"; SECURITY.md 10 no. 1.
 */
import { type Asked, type Found, rebuilt } from "../core/checks";

/** What the frame may say. */
export type Said =
  | { readonly said: "files"; readonly kinds: readonly ("image" | "video" | "any")[] }
  | { readonly said: "progress"; readonly number: number; readonly done: number }
  | { readonly said: "found"; readonly number: number; readonly found: Found }
  | { readonly said: "failed"; readonly number: number; readonly reason: string }
  | { readonly said: "self_test" }
  | { readonly said: "shift" }
  | { readonly said: "used" };

/** What is said to the frame. */
export type Order =
  | { readonly order: "look"; readonly words: Readonly<Record<string, string>>; readonly language: string; readonly isRtl: boolean; readonly settings: Readonly<Record<string, string>> }
  | { readonly order: "mark"; readonly number: number | undefined }
  | { readonly order: "hash"; readonly number: number; readonly types: readonly string[]; readonly coverage: boolean }
  | { readonly order: "stop" }
  | { readonly order: "blurred"; readonly number: number; readonly isShown: boolean }
  | { readonly order: "forget" };

const MOST_FILES = 100;

/** Read what the frame says; undefined where it is anything else than what it may say. */
export function readSaid(untrusted: unknown, asked: Asked): Said | undefined {
  if (typeof untrusted !== "object" || untrusted === null) return undefined;
  const { said, kinds, number, done, found, reason } = untrusted as Readonly<Record<string, unknown>>;
  const place = typeof number === "number" && Number.isInteger(number) && number >= 1 && number <= MOST_FILES ? number : undefined;
  switch (said) {
    case "shift":
    case "used":
    case "self_test":
      return { said };
    case "files": {
      if (!Array.isArray(kinds) || kinds.length > MOST_FILES) return undefined;
      return { said, kinds: kinds.map((kind) => (kind === "image" || kind === "video" ? kind : "any")) };
    }
    case "progress":
      return place !== undefined && typeof done === "number" && done >= 0 && done <= 100 ? { said, number: place, done: Math.floor(done) } : undefined;
    case "failed":
      return place !== undefined && typeof reason === "string" && /^[a-z-]{1,40}$/.test(reason) ? { said, number: place, reason } : undefined;
    case "found":
      try {
        return place === undefined ? undefined : { said, number: place, found: rebuilt(found, asked) };
      } catch {
        return undefined;
      }
    default:
      return undefined;
  }
}

/** The frame as the page uses it. */
export class FileList {
  readonly #frame: HTMLIFrameElement;

  /** `hears` gets all that the frame says; nobody else is heard. */
  constructor(frame: HTMLIFrameElement, asked: () => Asked, hears: (said: Said) => void) {
    this.#frame = frame;
    addEventListener("message", ({ source, data }) => {
      const read = source !== null && source === frame.contentWindow ? readSaid(data, asked()) : undefined;
      if (read !== undefined) hears(read);
    });
  }

  tell(order: Order): void {
    this.#frame.contentWindow?.postMessage(order, "*"); // its origin is none, so no other target can be named
  }

  show(isShown: boolean): void {
    this.#frame.hidden = !isShown;
  }

  /** End the room and everything in it. */
  end(): void {
    this.tell({ order: "forget" });
    this.#frame.hidden = true;
  }
}
