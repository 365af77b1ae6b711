/**
 * What passes between the page, the frame and the room. The page never gets a file, its name, its size, or a pixel.
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
  /** Leave a file out, and forget it. */
  | { readonly leave: number }
  /** End the room and open another: what it had to do is asked for again. */
  | { readonly restart: true }
  /** Forget all files and end the room. */
  | { readonly forget: true };

export interface FrameLook {
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** Names of attributes of `<html>` (`data-theme` and the like) and their values. */
  readonly look: Readonly<Record<string, string>>;
  readonly hasNames: boolean;
  /** The file that the screen is about, or 0; whether files can be chosen, are being hashed, can be looked at. */
  readonly marked: number;
  readonly isChoosing: boolean;
  readonly isHashing: boolean;
  readonly hasPreviews: boolean;
  readonly words: {
    readonly choose: string;
    readonly drop: string;
    readonly kinds: string;
    /** Between a number, a name, a kind and a size. */
    readonly between: string;
    /** With `{number}`. */
    readonly mb: string;
    readonly kb: string;
    /** With `{position}`. */
    readonly stop: string;
    readonly slept: string;
    readonly blurred: string;
    readonly not_blurred: string;
    /** With `{position}`. */
    readonly image: string;
    readonly video: string;
    readonly any: string;
    readonly leave: string;
    readonly waits: string;
    readonly done: string;
    /** With `{done}`. */
    readonly progress: string;
    /** By content and reason code, what is said of a file that is refused. */
    readonly refused: Readonly<Record<string, Readonly<Record<string, string>>>>;
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

/** From the frame to the page; also from the room to the frame, but for `key` and `left`. */
export type ToPage =
  /** Whether this browser may be used, once the room is open; nothing is hashed where it may not. */
  | { readonly ready: boolean }
  /** A file was chosen; files are numbered from 1. */
  | { readonly file: number; readonly content: "image" | "video"; readonly kind: string }
  | { readonly file: number; readonly refused: Refusal }
  /** 0 to 100. */
  | { readonly file: number; readonly done: number }
  /** As `core/checks.ts` takes it: a picture inside a framed one is a second item. `isDoubtful`: part of it may have been lost. */
  | { readonly file: number; readonly isDoubtful: boolean; readonly found: { readonly kind: "image" | "video"; readonly items: readonly (readonly Signal[])[] } }
  /** A person left a file out. */
  | { readonly left: number }
  /** A key was pressed in the frame: it counts for exit and for idle time. */
  | { readonly key: "Shift" | "other" };

/** From the frame to the room. */
export type ToRoom =
  | { readonly look: number; readonly blob: Blob }
  | { readonly make: Work; readonly blob: Blob }
  | { readonly leave: number }
  /** What was asked for by `ToFrameOnly`. */
  | { readonly still: ImageBitmap | undefined; readonly lasts: number };

/** From the room to the frame alone: show this film at this second. */
export interface ToFrameOnly {
  readonly film: number;
  readonly at: number;
}
