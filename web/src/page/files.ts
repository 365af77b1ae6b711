/**
 * The frame with the list of files, as the page uses it; nothing that it says is taken but what it may say.
 *
 * Source: BROWSER.md of the specification, "Three places, two walls"; `src/room/messages.ts`.
 */
import { type Asked, type Found, rebuilt } from "../core/checks";
import type { Rules } from "../core/reposts";
import { MAX_ITEMS, type SignalType } from "../core/wire";
import type { Place, Row, ToFrame, Work } from "../room/messages";
import type { Guidance } from "./guidance";

/** What the frame said, built again. */
export type Said =
  | { readonly is: "ready"; readonly isFit: boolean }
  | { readonly is: "chosen"; readonly file: number; readonly content: "image" | "video"; readonly sameAs: number | undefined }
  | { readonly is: "refused"; readonly file: number; readonly reason: string; readonly content: "image" | "video" | undefined }
  | { readonly is: "progress"; readonly file: number; readonly done: number }
  | { readonly is: "found"; readonly file: number; readonly found: Found; readonly isDoubtful: boolean }
  | { readonly is: "added"; readonly file: number }
  | { readonly is: "full" }
  | { readonly is: "seen"; readonly file: number }
  | { readonly is: "left"; readonly file: number }
  | { readonly is: "blurred"; readonly file: number; readonly isShown: boolean }
  | { readonly is: "key"; readonly isShift: boolean };

/** Files are numbered on when some are left out. */
const [MOST_NUMBER, TALLEST_PX] = [1_000_000, 1200];

function isFile(number: unknown): number is number {
  return typeof number === "number" && Number.isInteger(number) && number >= 1 && number <= MOST_NUMBER;
}

/** Read what the frame says; undefined where it is anything else than what it may say, or one field more. */
export function readSaid(untrusted: unknown, asked: Asked, reasons: ReadonlySet<string>): Said | undefined {
  if (typeof untrusted !== "object" || untrusted === null) return undefined;
  const { ready, added, file, pressed, content, sameAs, refused, done, blurred, found, isDoubtful, key } = untrusted as Readonly<Record<string, unknown>>;
  const names = Reflect.ownKeys(untrusted);
  const has = (...wanted: readonly string[]): boolean => names.length === wanted.length && wanted.every((name) => names.includes(name));
  if (has("ready")) return typeof ready === "boolean" ? { is: "ready", isFit: ready } : undefined;
  if (has("key")) return key === "Shift" || key === "other" ? { is: "key", isShift: key === "Shift" } : undefined;
  if (has("added")) return isFile(added) ? { is: "added", file: added } : undefined;
  if (!isFile(file)) return undefined;
  if (has("file", "pressed")) return pressed === "leave" ? { is: "left", file } : pressed === "preview" ? { is: "seen", file } : undefined;
  if (has("file", "blurred")) return typeof blurred === "boolean" ? { is: "blurred", file, isShown: blurred } : undefined;
  const known = content === "image" || content === "video" ? content : undefined;
  if (has("file", "content") || (has("file", "content", "sameAs") && isFile(sameAs) && sameAs < file)) {
    return known && { is: "chosen", file, content: known, sameAs: sameAs as number | undefined };
  }
  if (has("file", "refused") || (known && has("file", "refused", "content"))) return typeof refused === "string" && reasons.has(refused) ? { is: "refused", file, reason: refused, content: known } : undefined;
  if (has("file", "done")) return typeof done === "number" && done >= 0 && done <= 100 ? { is: "progress", file, done: Math.floor(done) } : undefined;
  if (!has("file", "isDoubtful", "found") || typeof isDoubtful !== "boolean") return undefined;
  try {
    return { is: "found", file, found: rebuilt(found, asked), isDoubtful };
  } catch {
    return undefined;
  }
}

/** As high as the list asks for; a longer one scrolls inside itself. */
function fit({ style }: HTMLIFrameElement, untrusted: unknown): void {
  const tall: unknown = typeof untrusted === "object" && untrusted !== null && "tall" in untrusted && Reflect.ownKeys(untrusted).length === 1 ? untrusted.tall : undefined;
  if (typeof tall === "number" && Number.isFinite(tall)) style.blockSize = `${Math.min(Math.max(Math.ceil(tall), 0), TALLEST_PX)}px`;
}

export class FileList {
  readonly #frame: HTMLIFrameElement;
  readonly #table: Guidance;
  readonly #hears: (said: Said) => void;
  readonly asked: Asked;
  /** What will be asked for of files. */
  types: readonly SignalType[] = [];
  /** Files that go into one request. */
  most = MAX_ITEMS;
  #isUsed = false;
  /** Whether a room is open: what is heard before is of one that was ended. */
  #isOpen = false;
  #count = 0;
  /** Files of the list, and those that are shown blurred. */
  readonly #listed = new Set<number>();
  readonly #shown = new Set<number>();
  /** What is to be done with files: undefined where one is to be looked at. */
  readonly #asked = new Map<number, Work | undefined>();
  /** The file at which the room works, or 0: one at a time, so that little is lost with the room. */
  #busy = 0;

  /** `hears` gets all that the frame may say; nobody else is heard. `begins`: the frame has loaded. */
  constructor(frame: HTMLIFrameElement, table: Guidance, hears: (said: Said) => void, begins: () => void) {
    [this.#frame, this.#table, this.#hears] = [frame, table, hears];
    const { recipes } = table;
    const variants = [...recipes.recipes, ...recipes.frames].map(({ variant }) => variant);
    this.asked = { types: new Set([...recipes.types.image, ...recipes.types.video]), variants: new Set(["original", "stored", "frame", ...Object.keys(recipes.grounds), ...variants]) };
    const reasons = new Set(Object.values(table.reasons).flatMap((each) => Object.keys(each)));
    addEventListener("message", ({ source, data }) => {
      if (source === null || source !== frame.contentWindow) return;
      fit(frame, data);
      const read = readSaid(data, this.asked, reasons);
      if (read === undefined || !this.#takes(read)) return;
      hears(read);
      this.#next();
    });
    frame.addEventListener("load", begins);
  }

  /** Whether it holds files, or may. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  isShown(file: number): boolean {
    return this.#shown.has(file);
  }

  /** Words, direction and theme, as they are in use; a preview is shown only where it is offered. */
  look(place: Place, title: string, hasPreviews: boolean): void {
    this.#frame.title = title;
    this.#tell(place);
    if (!hasPreviews) for (const file of this.#shown) this.#hide(file);
  }

  write(row: Row): void {
    if (this.#listed.has(row.row)) this.#tell(row);
  }

  /** Hash a file; it is asked for once, however often. */
  make(file: number, types: readonly SignalType[], mostFrames: number): void {
    if (this.#asked.has(file) || !this.#listed.has(file)) return;
    const { recipes, frames, floors, same_within: sameWithin, grounds } = this.#table.recipes;
    const rules: Rules = { recipes, qualityFloor: this.#table.limits.signal.quality_floor, repostFloor: floors.repost, framedFloor: floors.framed, turnedFloor: floors.turned, edgesFloor: floors.edges, sameWithin, grounds };
    this.#asked.set(file, { types, rules, frameRules: { ...rules, recipes: frames, grounds: {} }, mostFrames });
    this.#next();
  }

  /** Hash no file any more; each stays in the list. */
  stop(): void {
    for (const [file, work] of this.#asked) if (work !== undefined) this.#asked.delete(file);
    this.#reopen();
  }

  show(isShown: boolean): void {
    this.#isUsed ||= isShown;
    this.#frame.hidden = !isShown;
  }

  /** End the room and everything in it; a new one stands ready. */
  end(): void {
    this.#frame.hidden = true;
    if (!this.#isUsed) return;
    this.#isUsed = this.#isOpen = false;
    this.#busy = this.#count = 0;
    for (const each of [this.#listed, this.#shown, this.#asked]) each.clear();
    const { parentNode, nextSibling } = this.#frame;
    this.#frame.remove();
    parentNode?.insertBefore(this.#frame, nextSibling); // put in anew it loads anew, and the old document is gone
  }

  /** Whether it may be said now, and note it: a key always, of files only once they may be chosen, a result only where one was asked for. */
  #takes(said: Said): boolean {
    if (said.is === "key" || said.is === "full") return true;
    if (said.is === "ready") return !this.#isOpen && (this.#isOpen = true);
    const { file } = said;
    if (!this.#isUsed || this.#listed.has(file) === (said.is === "added")) return false;
    switch (said.is) {
      case "added":
        if (file !== this.#count + 1) return false;
        this.#count = file;
        if (this.#listed.size >= this.most) {
          this.#tell({ leave: file });
          this.#hears({ is: "full" });
          return false;
        }
        this.#listed.add(file);
        this.#asked.set(file, undefined);
        return true;
      case "left":
        this.#leave(file);
        return true;
      case "seen":
        if (this.#shown.has(file)) this.#hide(file);
        else {
          this.#shown.add(file);
          this.#tell({ file, blur: true });
        }
        return true;
      case "blurred":
        if (!said.isShown && this.#shown.has(file)) this.#hide(file);
        return true;
      default: {
        if (!this.#isOpen || file !== this.#busy) return false;
        const isLook = this.#asked.get(file) === undefined;
        if (said.is === "progress") return !isLook;
        if (said.is === (isLook ? "found" : "chosen")) return false;
        this.#asked.delete(file);
        this.#busy = 0;
        return true;
      }
    }
  }

  /** Have the next thing done: files are looked at first, so that none waits long for its kind. */
  #next(): void {
    if (this.#busy !== 0 || !this.#isOpen || this.#asked.size === 0) return;
    const waiting = [...this.#asked.keys()].sort((one, other) => one - other);
    const file = waiting.find((each) => this.#asked.get(each) === undefined) ?? waiting[0]!;
    const make = this.#asked.get(file);
    this.#busy = file;
    this.#tell(make === undefined ? { file, look: this.types } : { file, make });
  }

  /** In the middle of a picture nothing but the end of the room helps. */
  #reopen(): void {
    if (this.#busy === 0) return;
    this.#busy = 0;
    this.#isOpen = false;
    this.#tell({ end: true });
  }

  #leave(file: number): void {
    if (file === this.#busy) this.#reopen();
    for (const each of [this.#listed, this.#shown, this.#asked]) each.delete(file);
    this.#tell({ leave: file });
  }

  #hide(file: number): void {
    this.#shown.delete(file);
    this.#tell({ hide: file });
  }

  #tell(message: ToFrame): void {
    this.#frame.contentWindow?.postMessage(message, "*"); // its origin is none, so no other target can be named
  }
}
