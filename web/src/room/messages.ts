/**
 * What passes between the page, the frame and the room. The page never gets a file, its name, its size, or a pixel.
 *
 * The page asks for one thing at a time, in the order of the list; the frame adds the file and hands it on. To stop that, in the
 * middle of a picture too, the frame ends the room and opens another. To forget all, the page takes the frame out of its document and
 * puts it in again: files, room and list go with the old one; a new one loads, numbers files from 1, and says `ready`.
 */
import type { SignalType } from "../core/wire";
import type { Signal } from "../core/checks";
import type { Rules } from "../core/reposts";
import type { Refusal } from "./files";

/** From the page to the frame. Of files it names only those that the frame said were added, and that were not left out. */
export type ToFrame =
  | Place
  | Row
  | Asked
  /** Show a picture or a film in its row, small and strongly blurred; `blurred` answers. */
  | { readonly file: number; readonly blur: true }
  /** Show it no more. */
  | { readonly hide: number }
  /** Take a file out of the list, and forget it. */
  | { readonly leave: number }
  /** End the room with what it does, and open another, which says `ready`. */
  | { readonly end: true };

/** Where files are chosen, in finished words. */
export interface Place {
  readonly choose: string;
  readonly drop: string;
  readonly isShut: boolean;
  /** Attributes of `<html>`: language, direction, look. */
  readonly marks: Readonly<Record<string, string>>;
}

/** One row of the list, in finished words. */
export interface Row {
  readonly row: number;
  readonly title: string;
  readonly state: string;
  /** On the two buttons; the second, about a preview, is not there without words. */
  readonly leave: string;
  readonly seen: string;
  /** Of 100. */
  readonly done: number;
  /** Attributes of the row. */
  readonly marks: Readonly<Record<string, string>>;
  /** For what the frame adds of its own: the name, where it is shown, and kind and size, with words that hold `{number}`. */
  readonly own: { readonly hasName: boolean; readonly language: string; readonly between: string; readonly kb: string; readonly mb: string };
}

/** What is asked of the room for one file. */
export interface Work {
  readonly types: readonly SignalType[];
  /** Rules of pictures, and of frames. */
  readonly rules: Rules;
  readonly frameRules: Rules;
  readonly mostFrames: number;
}

/** From the frame to the page; what is not of the list comes from the room. */
export type ToPage =
  /** Whether this browser may be used; nothing is hashed where it may not. Said each time that a room opens. */
  | { readonly ready: boolean }
  /** How high the list is, in pixels: of a name it tells nothing, which stands on one line. */
  | { readonly tall: number }
  /** A file was chosen; files are numbered from 1. */
  | { readonly added: number }
  /** A button of its row was pressed: `leave` or `preview`. */
  | { readonly file: number; readonly pressed: string }
  /** It was looked at; `sameAs`: the first file before it in the list that has the same bytes. */
  | { readonly file: number; readonly content: "image" | "video"; readonly sameAs?: number }
  /** `content` only where it was refused when it was looked at. */
  | { readonly file: number; readonly refused: Refusal; readonly content?: "image" | "video" }
  /** Of 100, 0 to 99, each larger than the last; `found` is the end. At most 100 of them for a file, the last 99. */
  | { readonly file: number; readonly done: number }
  /** Whether it is shown blurred in its row, or cannot be. */
  | { readonly file: number; readonly blurred: boolean }
  /** As `core/checks.ts` takes it: a picture inside a framed one is a second item. `isDoubtful`: part of it may have been lost. */
  | { readonly file: number; readonly isDoubtful: boolean; readonly found: { readonly kind: "image" | "video"; readonly items: readonly (readonly Signal[])[] } }
  /** A key was pressed in the frame: it counts for exit and for idle time. */
  | { readonly key: "Shift" | "other" };

/**
 * What the room answers with `content`, `found` or `refused`; it says `done` first where it takes long. `look`: the types that will be
 * asked for, so that what this browser cannot open for them is refused at once.
 */
export type Asked = { readonly file: number; readonly look: readonly SignalType[] } | { readonly file: number; readonly make: Work };

/** From the frame to the room. */
export type ToRoom =
  | (Asked & { readonly blob: Blob; readonly alike: Alike })
  /** Draw it, strongly blurred, on the board. */
  | { readonly file: number; readonly blur: true; readonly blob: Blob; readonly board: OffscreenCanvas }
  /** What was asked for by `ToFrameOnly`. */
  | Still;

/** Files before one in the list that are as long as it, by number. */
export type Alike = readonly (readonly [number, Blob])[];

export interface Still {
  readonly film: number;
  readonly at: number;
  readonly still: ImageBitmap | undefined;
  readonly lasts: number;
  /** When some frames of it that follow each other are shown, seconds. */
  readonly times: readonly number[];
}

/** From the room to the frame alone: show this film at this second; a file is of this kind. */
export type ToFrameOnly = { readonly film: number; readonly at: number } | { readonly file: number; readonly kind: string };
