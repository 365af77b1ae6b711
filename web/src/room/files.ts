/**
 * Tell what a file is by its bytes, and refuse it with the program's reason codes.
 *
 * Source: `hashclient/media/formats.py`, `limits.py`, `exif.py`.
 */

/**
 * Why a file is not hashed: codes of `hashclient.guidance.reasons`. `second-page`: the page with decoders of its own reads it;
 * `changed-pixels`: this browser changes pictures that are read from it.
 */
export type Refusal = "unreadable-media" | "unsupported-media" | "media-too-large" | "broken-media" | "empty-media" | "stopped-media" | "second-page" | "changed-pixels";

/** A file that is refused. */
export class RefusedError extends Error {
  readonly reason: Refusal;
  /** What it is, where that is known. */
  readonly content: Told["content"] | undefined;

  constructor(reason: Refusal, content?: Told["content"]) {
    super(reason);
    [this.reason, this.content] = [reason, content];
  }
}

/** A picture that is whole, ready for a decoder. */
export interface Checked {
  /** What its pixels need of the file, and nothing else. */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
  /** By its header, pixels; 0 where that does not say. */
  readonly width: number;
  readonly height: number;
  /** Whether some of it may be transparent. */
  readonly mayBeClear: boolean;
}

export type Kind = "JPEG" | "PNG" | "WEBP" | "GIF" | "BMP" | "HEIF" | "AVIF";

/** Most pixels of a picture, by kind, where it is fewer than `MOST_PIXELS`. */
const MOST_OF_A_KIND: Partial<Record<Kind, number>> = { WEBP: 25_000_000 };
/** Most pixels that a browser is asked to decode; the program takes larger ones. */
const MOST_PIXELS = 50_000_000;
const MOST_SIDE = 65_535;
const MOST_PARTS = 1 << 17;
/** Most bytes of a picture, and of a film. */
export const MOST_BYTES = { image: 64 * 2 ** 20, video: 4 * 2 ** 30 };
/** Bytes from the start of a file that are enough to tell what it is. */
export const HEAD_BYTES = 1024;

const BMP_HEADERS = [12, 40, 52, 56, 64, 108, 124];
const [AVIF_BRANDS, HEIC_BRANDS] = [["avif", "avis"], ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]];
const QUICKTIME = ["ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"];
const TRANSPORT = [[0, 188], [4, 192]] as const;
const UNREAD_IMAGES = ["II*\0", "MM\0*", "II+\0", "MM\0+", "\0\0\0\x0cjP  \r\n\x87\n", "\xffO\xffQ", "\0\0\0\x0cJXL \r\n\x87\n", "\xff\n", "8BPS\0\x01", "8BPS\0\x02"];
const UNREAD_VIDEOS = ["0&\xb2u\x8ef\xcf\x11\xa6\xd9\0\xaa\0b\xcel", "FLV\x01", "\0\0\x01\xba", "\0\0\x01\xb3", ".RMF\0\0\0"];
const OGG_VIDEOS = ["\x80theora", "OVP80", "BBCD\0", "\x01video\0\0\0"];

/** What a file is; `kind` is undefined of one that no browser is asked to decode, and of films. */
export interface Told {
  readonly content: "image" | "video";
  readonly kind: Kind | undefined;
  readonly isRead: boolean;
}

/** Tell by the first bytes; throws `unsupported-media` where it is neither a picture nor a film. */
export function told(head: Uint8Array): Told {
  const text = latin(head, 0, Math.min(head.length, HEAD_BYTES));
  if (isFilm(head, text)) return { content: "video", kind: undefined, isRead: true };
  const begins = (some: readonly string[]): boolean => some.some((one) => text.startsWith(one));
  if (begins(UNREAD_IMAGES)) return { content: "image", kind: undefined, isRead: false };
  if (begins(UNREAD_VIDEOS) || (text.startsWith("OggS") && OGG_VIDEOS.some((one) => text.includes(one)))) {
    return { content: "video", kind: undefined, isRead: false };
  }
  return { content: "image", kind: kindOf(head, text), isRead: true };
}

function kindOf(head: Uint8Array, text: string): Kind {
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "PNG";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "WEBP";
  if (/^GIF8[79]a/.test(text)) return "GIF";
  if (text.startsWith("\xff\xd8\xff")) return "JPEG";
  if (text.startsWith("BM") && head.length >= 18 && BMP_HEADERS.includes(viewOf(head).getUint32(14, true))) return "BMP";
  const brand = text.slice(4, 8) === "ftyp" ? text.slice(8, 12) : "";
  if (brand === "mif1" || brand === "msf1") return brandsOf(head, text).some((one) => AVIF_BRANDS.includes(one)) ? "AVIF" : "HEIF";
  if (AVIF_BRANDS.includes(brand)) return "AVIF";
  if (HEIC_BRANDS.includes(brand)) return "HEIF";
  throw new RefusedError("unsupported-media");
}

function brandsOf(head: Uint8Array, text: string): string[] {
  const end = Math.min(viewOf(head).getUint32(0), 512);
  const brands: string[] = [];
  for (let place = 16; place < end; place += 4) brands.push(text.slice(place, place + 4));
  return brands;
}

function isFilm(head: Uint8Array, text: string): boolean {
  if (text.startsWith("\x1aE\xdf\xa3") || (text.startsWith("RIFF") && text.slice(8, 12) === "AVI ")) return true;
  const box = text.slice(4, 8);
  if (QUICKTIME.includes(box) && head[0]! < 0x20) {
    const brand = text.slice(8, 12);
    const isPicture = [...AVIF_BRANDS, ...HEIC_BRANDS.slice(0, 4), "mif1"].includes(brand) || (brand === "msf1" && kindOf(head, text) === "AVIF");
    return box !== "ftyp" || !isPicture;
  }
  return TRANSPORT.some(([first, packet]) => [0, 1, 2, 3, 4].every((place) => head[first + place * packet] === 0x47));
}

/** Refuse more segments, chunks or boxes than a picture may have. */
export function checkParts(count: number): void {
  if (count > MOST_PARTS) throw new RefusedError("media-too-large");
}

/** Refuse more pixels than a browser is asked to decode. */
export function checkSize(kind: Kind, width: number, height: number): void {
  if (Math.max(width, height) > MOST_SIDE || width * height > (MOST_OF_A_KIND[kind] ?? MOST_PIXELS)) throw new RefusedError("media-too-large");
}

/** Refuse as damaged. */
export function broken(): never {
  throw new RefusedError("broken-media");
}

/** Bytes as letters. */
export function latin(bytes: Uint8Array, start: number, stop: number): string {
  return String.fromCharCode(...bytes.subarray(start, stop));
}

/** Numbers in bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Whether bytes hold so many zeros in a row. */
export function hasZeros(bytes: Uint8Array, many: number): boolean {
  for (let place = many - 1; place < bytes.length; place += many) {
    if (bytes[place] !== 0) continue;
    let [first, last] = [place, place];
    while (first > 0 && bytes[first - 1] === 0) first--;
    while (last + 1 < bytes.length && last - first < many && bytes[last + 1] === 0) last++;
    if (last - first + 1 >= many) return true;
  }
  return false;
}

/** The orientation in an EXIF block, with or without its head: 1 to 8; 1 where there is none, or it is damaged. */
export function orientationOf(block: Uint8Array): number {
  const tiff = latin(block, 0, 6) === "Exif\0\0" ? block.subarray(6) : block;
  const order = latin(tiff, 0, 4);
  if (order !== "II*\0" && order !== "MM\0*") return 1;
  const [view, isLittle] = [viewOf(tiff), order === "II*\0"];
  try {
    const start = view.getUint32(4, isLittle);
    const entries = view.getUint16(start, isLittle);
    for (let place = start + 2; place < start + 2 + 12 * entries; place += 12) {
      const [tag, form, count] = [view.getUint16(place, isLittle), view.getUint16(place + 2, isLittle), view.getUint32(place + 4, isLittle)];
      if (tag !== 274) continue;
      const value = count !== 1 ? 1 : form === 3 ? view.getUint16(place + 8, isLittle) : form === 4 ? view.getUint32(place + 8, isLittle) : 1;
      return value >= 1 && value <= 8 ? value : 1;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // it ends too soon
  }
  return 1;
}
