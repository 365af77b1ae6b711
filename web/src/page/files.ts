/**
 * The frame with the list of files, as the page uses it; nothing that it says is taken but what it may say.
 *
 * Source: BROWSER.md of the specification, "Three places, two walls"; `src/room/messages.ts`.
 */
import { type Asked, type Found, rebuilt } from "../core/checks";
import type { Recipe } from "../core/recipe";
import type { Rules } from "../core/reposts";
import type { SignalType } from "../core/wire";
import type { FrameLook, ToFrame } from "../room/messages";
import type { Guidance } from "./guidance";

/** What the frame said, built again. */
export type Said =
  | { readonly is: "ready"; readonly isFit: boolean }
  | { readonly is: "chosen"; readonly file: number; readonly content: "image" | "video" }
  | { readonly is: "refused"; readonly file: number; readonly reason: string }
  | { readonly is: "progress"; readonly file: number; readonly done: number }
  | { readonly is: "found"; readonly file: number; readonly found: Found; readonly isDoubtful: boolean }
  | { readonly is: "left" | "stopped"; readonly file: number }
  | { readonly is: "key"; readonly isShift: boolean };

const [MOST_FILES, TALLEST_PX] = [1000, 1200];
const HASHED: readonly SignalType[] = ["pdq", "md5", "vpdq"];

function isFile(number: unknown): number is number {
  return typeof number === "number" && Number.isInteger(number) && number >= 1 && number <= MOST_FILES;
}

/** Read what the frame says; undefined where it is anything else than what it may say, or one field more. */
export function readSaid(untrusted: unknown, asked: Asked, reasons: ReadonlySet<string>): Said | undefined {
  if (typeof untrusted !== "object" || untrusted === null) return undefined;
  const { ready, file, content, refused, done, found, isDoubtful, left, stopped, key } = untrusted as Readonly<Record<string, unknown>>;
  const names = Reflect.ownKeys(untrusted);
  const has = (...wanted: readonly string[]): boolean => names.length === wanted.length && wanted.every((name) => names.includes(name));
  if (has("ready")) return typeof ready === "boolean" ? { is: "ready", isFit: ready } : undefined;
  if (has("key")) return key === "Shift" || key === "other" ? { is: "key", isShift: key === "Shift" } : undefined;
  if (has("left")) return isFile(left) ? { is: "left", file: left } : undefined;
  if (!isFile(file)) return undefined;
  if (has("file", "stopped")) return stopped === true ? { is: "stopped", file } : undefined;
  if (has("file", "content")) return content === "image" || content === "video" ? { is: "chosen", file, content } : undefined;
  if (has("file", "refused")) return typeof refused === "string" && reasons.has(refused) ? { is: "refused", file, reason: refused } : undefined;
  if (has("file", "done")) return typeof done === "number" && done >= 0 && done <= 100 ? { is: "progress", file, done: Math.floor(done) } : undefined;
  if (!has("file", "isDoubtful", "found") || typeof isDoubtful !== "boolean") return undefined;
  try {
    return { is: "found", file, found: rebuilt(found, asked), isDoubtful };
  } catch {
    return undefined;
  }
}

interface Figures {
  readonly recipes: readonly Recipe[];
  readonly frames: readonly Recipe[];
  readonly floors: { readonly repost: number; readonly framed: number; readonly turned: number; readonly edges: number };
  readonly same_within: number;
  readonly grounds: Readonly<Record<string, number>>;
}

/** As high as the list asks for; a longer one scrolls inside itself. */
function fit({ style }: HTMLIFrameElement, untrusted: unknown): void {
  const tall: unknown = typeof untrusted === "object" && untrusted !== null && "tall" in untrusted && Reflect.ownKeys(untrusted).length === 1 ? untrusted.tall : undefined;
  if (typeof tall === "number" && Number.isFinite(tall)) style.blockSize = `${Math.min(Math.max(Math.ceil(tall), 0), TALLEST_PX)}px`;
}

export class FileList {
  readonly #frame: HTMLIFrameElement;
  readonly #figures: Figures;
  readonly #floor: number;
  readonly asked: Asked;
  #isUsed = false;
  #isOpen = false;
  /** Files that were looked at, and those of which a result is awaited. */
  readonly #known = new Set<number>();
  readonly #awaited = new Set<number>();

  /** `hears` gets all that the frame may say; nobody else is heard. `begins`: the frame has loaded. */
  constructor(frame: HTMLIFrameElement, table: Guidance, hears: (said: Said) => void, begins: () => void) {
    this.#frame = frame;
    const { recipes, limits } = table as unknown as { readonly recipes: Figures; readonly limits: { readonly signal: { readonly quality_floor: number } } };
    this.#figures = recipes;
    this.#floor = limits.signal.quality_floor;
    const variants = [...recipes.recipes, ...recipes.frames].map(({ variant }) => variant);
    this.asked = { types: new Set(HASHED), variants: new Set(["original", "stored", "frame", ...Object.keys(recipes.grounds), ...variants]) };
    const reasons = new Set(Object.values(table.reasons).flatMap((each) => Object.keys(each)));
    addEventListener("message", ({ source, data }) => {
      if (source === null || source !== frame.contentWindow) return;
      fit(frame, data);
      const read = readSaid(data, this.asked, reasons);
      if (read !== undefined && this.#isAwaited(read)) hears(read);
    });
    frame.addEventListener("load", begins);
  }

  /** Whether it holds files, or may. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Words, direction and theme, as they are in use. */
  look(look: FrameLook, title: string): void {
    this.#frame.title = title;
    this.#tell({ show: look });
  }

  /** Hash a file; `isAgain`: the device slept while it was hashed. */
  make(file: number, types: readonly SignalType[], mostFrames: number, isAgain: boolean): void {
    if (this.#awaited.has(file)) return;
    this.#awaited.add(file);
    const { recipes, frames, floors, same_within: sameWithin, grounds } = this.#figures;
    const rules: Rules = { recipes, qualityFloor: this.#floor, repostFloor: floors.repost, framedFloor: floors.framed, turnedFloor: floors.turned, edgesFloor: floors.edges, sameWithin, grounds };
    this.#tell({ make: { file, types, rules, frameRules: { ...rules, recipes: frames, grounds: {} }, mostFrames }, isAgain });
  }

  leave(file: number): void {
    this.#awaited.delete(file);
    this.#tell({ leave: file });
  }

  /** Stop what is done with every file; each stays in the list. */
  stop(): void {
    this.#tell({ stop: 0 });
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
    this.#known.clear();
    this.#awaited.clear();
    this.#tell({ forget: true });
    const { parentNode, nextSibling } = this.#frame;
    this.#frame.remove();
    parentNode?.insertBefore(this.#frame, nextSibling); // put in anew it loads anew, and the old document is gone
  }

  /** Whether it may be said now: a key always, of files only once they may be chosen, a result only where one was asked for. */
  #isAwaited(said: Said): boolean {
    if (said.is === "key") return true;
    if (said.is === "ready") return !this.#isOpen && (this.#isOpen = true);
    if (!this.#isUsed) return false;
    if (said.is === "progress") return this.#awaited.has(said.file);
    const isAsked = this.#awaited.delete(said.file);
    if (said.is === "found" || said.is === "stopped") return isAsked;
    const isNew = !this.#known.has(said.file);
    this.#known.add(said.file);
    return said.is === "left" || isNew || (isAsked && said.is === "refused");
  }

  #tell(message: ToFrame): void {
    this.#frame.contentWindow?.postMessage(message, "*"); // its origin is none, so no other target can be named
  }
}
