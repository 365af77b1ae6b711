/**
 * Tell whether the end of a film is missing, by what its file says of itself: a player shows the rest without a word.
 *
 * Source: ISO/IEC 14496-12, 4.2; RFC 8794 (EBML) and RFC 9559 (Matroska); Microsoft's AVI RIFF File Reference;
 * `hashclient/media/cut_short.py`.
 */
import { checkParts, latin, viewOf } from "./files";

const [EBML, SEGMENT, VOID, UNKNOWN_RIFF] = [0x1a45dfa3, 0x18538067, 0xec, 0x7fffffff];
/** Some writers count a head or a pad byte too many. */
const TOLERATED_BYTES = 64;
const HEAD_BYTES = 4096;

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
  let [end, count] = [0, 0];
  for (;;) {
    checkParts(++count);
    const head = await bytesOf(film, end, 16);
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
