/**
 * What a player does not say of a film: the luma that it made colours of, and whether the end is missing.
 *
 * Source: ITU-R BT.601 and BT.709, for colours; libyuv `row_common.cc`; for ends ISO/IEC 14496-12, 4.2; RFC 8794 (EBML) and RFC 9559 (Matroska);
 * Microsoft's AVI RIFF File Reference; `hashclient/media/cut_short.py`.
 */
import type { Pixels, Samples } from "../core/pixels";
import type { Levels } from "../core/video";
import { checkParts, latin, viewOf } from "./files";

const [EBML, SEGMENT, VOID, UNKNOWN_RIFF] = [0x1a45dfa3, 0x18538067, 0xec, 0x7fffffff];
/** Some writers count a head or a pad byte too many. */
const TOLERATED_BYTES = 64;
const HEAD_BYTES = 4096;

/**
 * Ways in which films are coded: the levels of their luma, and how much of red, green and blue is in it. The last shares undo BT.709 as
 * libyuv has it, which makes less blue.
 */
const CODINGS = ([[0.299, 0.587, 0.114], [0.2126, 0.7152, 0.0722], [0.2104, 0.7117, 0.0779]] as const).flatMap(
  (shares) => ([[16, 235], [0, 255]] as const).map((levels) => ({ levels, shares: shares.map((share) => (share * (levels[1] - levels[0])) / 255) as [number, number, number] })),
);
/** Rows of a frame by which its coding is told: so many, at so many places. */
const [ROWS, PLACES] = [4, 4];
/** Samples below and above may have been cut off; and how far from whole numbers luma lies on average in a coding that is not this. */
const [LEAST, MOST, NOT_THIS] = [3, 252, 0.21];

/** Finds the luma of a film's frames again: in the coding that they have, and in no other, it comes out in whole numbers. */
export class FilmLuma {
  readonly #apart = CODINGS.map(() => 0);
  #count = 0;

  /** The luma of a frame as the film has it, one channel; in a coding that is not known, its colours as they are. */
  of(frame: Pixels): readonly [Pixels, Levels] {
    for (let place = 1; place <= PLACES; place++) {
      const start = Math.floor((place * frame.height) / (PLACES + 1));
      this.#look(frame.rows(start, Math.min(start + ROWS, frame.height)));
    }
    const least = Math.min(...this.#apart);
    if (!(least < NOT_THIS * this.#count)) return [frame, [0, 255]];
    const coding = CODINGS[this.#apart.indexOf(least)]!;
    const luma = (block: Samples): Uint8Array => {
      const found = new Uint8Array(block.length / 4);
      const { shares: [red, green, blue], levels: [black] } = coding;
      for (let at = 0, from = 0; at < found.length; at++, from += 4) found[at] = black + red * block[from]! + green * block[from + 1]! + blue * block[from + 2]! + 0.5;
      return found;
    };
    return [{ ...frame, channels: 1, rows: (start, stop) => luma(frame.rows(start, stop)), columns: (start, stop) => luma(frame.columns(start, stop)) }, coding.levels];
  }

  #look(block: Samples): void {
    for (let at = 0; at < block.length; at += 4) {
      const [red, green, blue] = [block[at]!, block[at + 1]!, block[at + 2]!];
      if (Math.min(red, green, blue) < LEAST || Math.max(red, green, blue) > MOST) continue;
      this.#count++;
      for (const [place, { shares, levels }] of CODINGS.entries()) {
        const luma = levels[0] + shares[0] * red + shares[1] * green + shares[2] * blue;
        this.#apart[place]! += Math.abs(luma - Math.round(luma));
      }
    }
  }
}

/** Whether a film is shorter than it says; `false` where it does not say. */
export async function lacksEnd(film: Blob): Promise<boolean> {
  const head = await bytesOf(film, 0, HEAD_BYTES);
  const isMatroska = head.length >= 4 && viewOf(head).getUint32(0) === EBML;
  const end = isMatroska ? endOfSegment(head) : await endOfParts(film, latin(head, 0, 4) === "RIFF");
  return end > film.size + TOLERATED_BYTES;
}

async function bytesOf(film: Blob, start: number, count: number): Promise<Uint8Array> {
  return new Uint8Array(await film.slice(start, start + count).arrayBuffer());
}

/** Where the last box of an MP4, or RIFF chunk of an AVI, says it ends. */
async function endOfParts(film: Blob, isRiff: boolean): Promise<number> {
  let [end, count, from, piece] = [0, 0, 0, new Uint8Array() as Uint8Array];
  for (;;) {
    checkParts(++count);
    if (end + 16 > from + piece.length) piece = await bytesOf(film, (from = end), HEAD_BYTES); // not one read for each of many small boxes
    const head = piece.subarray(end - from, end - from + 16);
    if (head.length < (isRiff ? 8 : 16)) return end;
    const view = viewOf(head);
    if (isRiff ? latin(head, 0, 4) !== "RIFF" : !/^[ -~]{4}$/.test(latin(head, 4, 8))) return end;
    const size = view.getUint32(isRiff ? 4 : 0, isRiff);
    if (isRiff && size >= UNKNOWN_RIFF) return end;
    const length = isRiff ? 8 + size + (size % 2) : size === 1 ? Number(view.getBigUint64(8)) : size;
    if (length < 8) return end;
    end += length;
  }
}

/** Where the segment of a Matroska says it ends; 0 where it does not say. */
function endOfSegment(head: Uint8Array): number {
  let place = 0;
  const number = (keepsMarker: boolean): number => {
    const length = Math.clz32(head[place] ?? 0) - 23; // of the number, bytes: the first bit that is set tells
    if (length > 8 || place + length > head.length) return -1;
    let value = keepsMarker ? head[place]! : head[place]! & ((1 << (8 - length)) - 1);
    for (let at = 1; at < length; at++) value = value * 256 + head[place + at]!;
    place += length;
    return !keepsMarker && value >= 2 ** (7 * length) - 1 ? -1 : value;
  };
  while (place < head.length) {
    const [name, size] = [number(true), number(false)];
    if (name < 0 || size < 0) return 0;
    if (name === SEGMENT) return place + size;
    if (name !== EBML && name !== VOID) return 0;
    place += size;
  }
  return 0;
}
