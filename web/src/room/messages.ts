/**
 * What passes between the page, the frame and the room. The page never gets a file, its name, its size, or a pixel.
 *
 * The frame asks the room for one thing at a time. To stop that, in the middle of a picture too, it ends the room and opens
 * another; what waits is not lost. Files are hashed in the order of the list.
 */
import type { SignalType } from "../core/wire";
import type { Signal } from "../core/checks";
import type { Rules } from "../core/reposts";
import type { Refusal } from "./files";

/** From the page to the frame. */
export type ToFrame =
  /** Words of the list (`files.words` and kinds, in the language in use), direction, theme, and whether names are shown. */
  | { readonly show: FrameLook }
  /** Hash a file; what is in `work` goes on to the room. */
  | { readonly make: Work }
  /** Leave a file out, and forget it; what is done with it ends at once. */
  | { readonly leave: number }
  /** End at once what is done with a file, which stays in the list; 0: with every file. `stopped` answers for each. */
  | { readonly stop: number }
  /** Show a picture or a film in its row, small and strongly blurred, until `isShown` is false. `blurred` or `refused` answers. */
  | { readonly blur: number; readonly isShown: boolean }
  /**
   * Forget all files and end the room for good. The page then takes the frame out of its document and puts it in again:
   * a new one loads, which has no files, numbers them from 1, and says `ready`. Until then nothing is to be heard of it.
   */
  | { readonly forget: true };

export interface FrameLook {
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** Names of attributes of `<html>` (`data-theme` and the like) and their values. */
  readonly look: Readonly<Record<string, string>>;
  readonly hasNames: boolean;
  readonly words: {
    readonly choose: string;
    /** With `{position}`. */
    readonly image: string;
    readonly video: string;
    readonly any: string;
    readonly leave: string;
    readonly waits: string;
    readonly done: string;
    /** With `{done}`. */
    readonly progress: string;
    /** By reason code, what is said of a file that is refused. */
    readonly refused: Readonly<Record<string, string>>;
  };
}

/** What is asked of the room for one file. */
export interface Work {
  readonly file: number;
  readonly types: readonly SignalType[];
  /** Rules of pictures, and of frames. */
  readonly rules: Rules;
  readonly frameRules: Rules;
  readonly mostFrames: number;
}

/** From the frame to the page; also from the room to the frame, but for `key`, `left` and `stopped`. */
export type ToPage =
  /** Whether this browser may be used; nothing is hashed where it may not. Said each time that a room opens, after a stop too. */
  | { readonly ready: boolean }
  /** A file was chosen; files are numbered from 1. */
  | { readonly file: number; readonly content: "image" | "video" }
  | { readonly file: number; readonly refused: Refusal }
  /** Of 100, 0 to 99, each larger than the last; `found` is the end. At most 100 of them for a file, the last 99. */
  | { readonly file: number; readonly done: number }
  /** It was stopped, and nothing more comes of it; `make` begins anew. */
  | { readonly file: number; readonly stopped: true }
  /** It is shown blurred in its row. */
  | { readonly file: number; readonly blurred: true }
  /** As `core/checks.ts` takes it: a picture inside a framed one is a second item. `isDoubtful`: part of it may have been lost. */
  | { readonly file: number; readonly isDoubtful: boolean; readonly found: { readonly kind: "image" | "video"; readonly items: readonly (readonly Signal[])[] } }
  /** A person left a file out. */
  | { readonly left: number }
  /** A key was pressed in the frame: it counts for exit and for idle time. */
  | { readonly key: "Shift" | "other" };

/** What the room answers with `content`, `found` or `refused`; it says `done` first where it takes long. */
export type Asked = { readonly look: number } | { readonly make: Work };

/** From the frame to the room. */
export type ToRoom =
  | (Asked & { readonly blob: Blob })
  /** Draw it, strongly blurred, on the board. */
  | { readonly blur: number; readonly blob: Blob; readonly board: OffscreenCanvas }
  /** What was asked for by `ToFrameOnly`. */
  | { readonly still: ImageBitmap | undefined; readonly lasts: number };

/** From the room to the frame alone: show this film at this second. */
export interface ToFrameOnly {
  readonly film: number;
  readonly at: number;
}
