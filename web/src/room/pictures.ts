/**
 * Check that a PNG, WebP, GIF, BMP, AVIF or HEIC is all there, and copy what its pixels need.
 *
 * Pictures that move are videos to the program, and no browser gives their frames here: they are refused as not read.
 *
 * Source: `hashclient/media`: `png.py`, `webp.py`, `boxes.py`, `whole_frames.py`; GIF89a; Microsoft's bitmap headers.
 */
import { type Checked, RefusedError, broken, checkParts, checkSize, hasZeros, latin, orientationOf, viewOf } from "./files";

type Bytes = Uint8Array<ArrayBuffer>;

const unread = (): never => { throw new RefusedError("unsupported-media"); };
const NO_DATA = 512;
/** Bits of a sample that are made 8 here, and most pixels of which. */
const [DEEP, MOST_DEEP_PIXELS] = [16, 25_000_000];

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const PASSES = [[0, 8, 0, 8], [4, 8, 0, 8], [0, 4, 4, 8], [2, 4, 0, 4], [0, 2, 2, 4], [1, 2, 0, 2], [0, 1, 1, 2]] as const;

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Check a PNG, and that its data unpacks to as many bytes as its rows have. */
export async function checkedPng(file: Bytes): Promise<Checked> {
  const view = viewOf(file);
  const parts: Bytes[] = [file.subarray(0, 8)];
  const packed: Bytes[] = [];
  let [place, count, orientation, isClear, header] = [8, 0, 1, false, file.subarray(0, 0)];
  for (let name = ""; name !== "IEND"; ) {
    checkParts(++count);
    if (place + 8 > file.length) broken();
    const stop = place + 12 + view.getUint32(place);
    if (stop > file.length) broken();
    name = latin(file, place + 4, place + 8);
    const body = file.subarray(place + 8, stop - 4);
    const isWhole = (): boolean => crcOf(file.subarray(place + 4, stop - 4)) === view.getUint32(stop - 4);
    if (["IHDR", "PLTE", "IDAT", "IEND"].includes(name)) {
      if (!isWhole()) broken();
      parts.push(file.subarray(place, stop));
      if (name === "IHDR") header = body;
      if (name === "IDAT") packed.push(body);
    } else if (name === "tRNS" && isWhole()) {
      parts.push(file.subarray(place, stop));
      isClear = true;
    } else if (name === "eXIf") {
      orientation = orientationOf(body);
    } else if (name === "acTL" && packed.length === 0 && body.length >= 8 && viewOf(body).getUint32(0) > 1) {
      unread();
    } else if (/^[A-Z]/.test(name)) {
      unread();
    }
    place = stop;
  }
  if (header.length !== 13) broken();
  const [width, height] = [viewOf(header).getUint32(0), viewOf(header).getUint32(4)];
  const [depth, colour, isInterlaced] = [header[8]!, header[9]!, header[12] === 1];
  if (width === 0 || height === 0 || !(colour in CHANNELS)) broken();
  checkSize("PNG", width, height);
  const bytesOf = (columns: number, rows: number): number => (columns > 0 ? rows * (1 + Math.ceil((columns * depth * CHANNELS[colour]!) / 8)) : 0);
  const sizes = PASSES.map(([left, across, top, down]) => [Math.max(0, Math.ceil((width - left) / across)), Math.max(0, Math.ceil((height - top) / down))] as const);
  const wanted = isInterlaced ? sizes.reduce((sum, [columns, rows]) => sum + bytesOf(columns, rows), 0) : bytesOf(width, height);
  if (depth === DEEP && width * height > MOST_DEEP_PIXELS) throw new RefusedError("media-too-large");
  const unpacked = await unpackedTo(packed, wanted, depth === DEEP);
  if (!unpacked) broken();
  if (depth !== DEEP) return { parts, orientation, width, height, mayBeClear: isClear || colour > 3 };
  const shallow = header.slice();
  shallow[8] = 8;
  const data = await packedAnew(highBytes(unpacked, isInterlaced ? sizes : [[width, height]], CHANNELS[colour]!));
  return { parts: [parts[0]!, chunk("IHDR", shallow), chunk("IDAT", data), chunk("IEND", data.subarray(0, 0))], orientation, width, height, mayBeClear: colour > 3 };
}

function chunk(name: string, body: Bytes): Bytes {
  const written = new Uint8Array(12 + body.length);
  const view = viewOf(written);
  view.setUint32(0, body.length);
  for (let at = 0; at < 4; at++) written[4 + at] = name.charCodeAt(at);
  written.set(body, 8);
  view.setUint32(8 + body.length, crcOf(written.subarray(4, 8 + body.length)));
  return written;
}

/** Rows of samples of 16 bits, pass by pass, as rows of their high bytes, as the program reads them: engines round in a way of their own. */
function highBytes(unpacked: Uint8Array, passes: readonly (readonly [number, number])[], channels: number): Bytes {
  const made = new Uint8Array(unpacked.length); // no filter: the first byte of each row is 0
  const back = 2 * channels;
  let [place, to] = [0, 0];
  for (const [columns, rows] of passes) {
    let above = new Uint8Array(back * columns);
    for (let row = 0; row < rows && columns > 0; row++) {
      const filter = unpacked[place]!;
      const line = unpacked.slice(place + 1, place + 1 + back * columns);
      if (filter > 4) broken();
      for (let at = 0; filter > 0 && at < line.length; at++) {
        const [left, up, corner] = at < back ? [0, above[at]!, 0] : [line[at - back]!, above[at]!, above[at - back]!];
        line[at]! += filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : nearest(left, up, corner);
      }
      to++;
      for (let at = 0; at < line.length; at += 2) made[to++] = line[at]!;
      place += 1 + line.length;
      above = line;
    }
  }
  return made.subarray(0, to);
}

/** Paeth's: which of three is nearest to what they lead to. */
function nearest(left: number, up: number, corner: number): number {
  const [far, high, deep] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return far <= high && far <= deep ? left : high <= deep ? up : corner;
}

async function packedAnew(rows: Bytes): Promise<Bytes> {
  return new Uint8Array(await new Response(new Blob([rows]).stream().pipeThrough(new CompressionStream("deflate"))).arrayBuffer());
}

/** Unpack so many bytes; undefined where there are fewer, and empty where they are not kept. */
async function unpackedTo(packed: Bytes[], wanted: number, isKept: boolean): Promise<Uint8Array | undefined> {
  const reader = new Blob(packed).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const kept = new Uint8Array(isKept ? wanted : 0);
  try {
    for (let count = 0; count < wanted; ) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      if (isKept) kept.set(value.subarray(0, wanted - count), count);
      count += value.length;
    }
  } catch {
    return undefined;
  }
  reader.cancel().catch(() => undefined);
  return kept;
}

/** Check a WebP; with `isDoubtful`, whether its data holds so many zeros that part of it may have been lost. */
export function checkedWebp(file: Bytes): Checked & { readonly isDoubtful: boolean } {
  if (file.length < 30) broken();
  const view = viewOf(file);
  const stated = 8 + view.getUint32(4, true);
  const end = Math.min(stated, file.length);
  const parts: Bytes[] = [];
  let [place, count, orientation, isDoubtful, mayBeClear] = [12, 0, 1, false, false];
  while (place + 8 <= end) {
    checkParts(++count);
    const [name, length] = [latin(file, place, place + 4), view.getUint32(place + 4, true)];
    if (place + 8 + length > end) broken();
    const body = file.subarray(place + 8, place + 8 + length);
    if (name === "VP8X") {
      if (body[0]! & 2) unread(); // it moves
      const flags = body.slice();
      flags[0]! &= ~0x2c;
      parts.push(file.subarray(place, place + 8), flags);
    } else if (["VP8 ", "VP8L", "ALPH"].includes(name)) {
      isDoubtful ||= hasZeros(body, NO_DATA);
      mayBeClear ||= name !== "VP8 ";
      parts.push(file.subarray(place, place + 8), body, new Uint8Array(length % 2));
    } else if (name === "EXIF") {
      orientation = orientationOf(body);
    }
    place += 8 + length + (length % 2);
  }
  if (stated > file.length + 1) broken();
  const head = file.slice(0, 12);
  viewOf(head).setUint32(4, 4 + parts.reduce((sum, { length }) => sum + length, 0), true);
  const [width, height] = sizeOfWebp(parts);
  checkSize("WEBP", width, height);
  return { parts: [head, ...parts], orientation, width, height, mayBeClear, isDoubtful };
}

/** By the first chunk of those that the decoder gets: what stands before them in the file says nothing of it. */
function sizeOfWebp([head, body]: readonly Uint8Array[]): [number, number] {
  if (!head || !body || body.length < 10) broken();
  const view = viewOf(body);
  const three = (place: number): number => 1 + (view.getUint16(place, true) | (body[place + 2]! << 16));
  const form = latin(head, 0, 4);
  if (form === "VP8X") return [three(4), three(7)];
  if (form === "VP8L") return [1 + (view.getUint32(1, true) & 0x3fff), 1 + ((view.getUint32(1, true) >>> 14) & 0x3fff)];
  return form === "VP8 " ? [view.getUint16(6, true) & 0x3fff, view.getUint16(8, true) & 0x3fff] : broken();
}

/** Check a GIF of one picture: that its blocks end, and unpack to all of its pixels. */
export function checkedGif(file: Bytes): Checked {
  const view = viewOf(file);
  const paletteBytes = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  const byte = (place: number): number => file[place] ?? broken();
  const blocks = (place: number): [number, Bytes[]] => {
    const found: Bytes[] = [];
    for (let size = byte(place); size > 0; size = byte(place)) {
      found.push(file.subarray(place + 1, place + 1 + size));
      place += 1 + size;
    }
    return [place + 1, found];
  };
  if (file.length < 13) broken();
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  checkSize("GIF", width, height);
  let [place, isClear, pictures] = [13 + paletteBytes(byte(10)), false, 0];
  while (place < file.length && byte(place) !== 0x3b) {
    if (byte(place) === 0x21) {
      if (byte(place + 1) === 0xf9 && (byte(place + 3) & 1) === 1) isClear = true;
      [place] = blocks(place + 2);
    } else if (byte(place) === 0x2c) {
      if (++pictures > 1) unread();
      if (place + 10 > file.length) broken();
      const [across, down] = [view.getUint16(place + 5, true), view.getUint16(place + 7, true)];
      checkSize("GIF", across, down);
      isClear ||= across < width || down < height;
      const start = place + 10 + paletteBytes(byte(place + 9));
      const [after, found] = blocks(start + 1);
      if (unpackedPixels(found, byte(start)) < across * down) broken();
      place = after;
    } else {
      place++;
    }
  }
  if (pictures === 0) broken();
  return { parts: [file], orientation: 1, width, height, mayBeClear: isClear };
}

/** How many pixels packed data has; codes that are not known end it. */
function unpackedPixels(blocks: Bytes[], least: number): number {
  if (least < 1 || least > 11) return 0;
  const clear = 1 << least;
  const lengths = new Int32Array(4096);
  let [next, bits, held, many, pixels, last] = [clear + 2, least + 1, 0, 0, 0, -1];
  lengths.fill(1, 0, clear);
  for (const block of blocks) {
    for (const byte of block) {
      held |= byte << many;
      many += 8;
      while (many >= bits) {
        const code = held & ((1 << bits) - 1);
        held >>>= bits;
        many -= bits;
        if (code === clear) {
          [next, bits, last] = [clear + 2, least + 1, -1];
          continue;
        }
        if (code === clear + 1 || code > next || (code === next && last < 0)) return pixels;
        if (last >= 0 && next < 4096) {
          lengths[next++] = lengths[last]! + 1;
          if (next === 1 << bits && bits < 12) bits++;
        }
        pixels += lengths[code]!;
        last = code;
      }
    }
  }
  return pixels;
}

/** Check a bitmap that is not run-length coded: that all of its rows are there. */
export function checkedBmp(file: Bytes): Checked {
  if (file.length < 26) broken();
  const view = viewOf(file);
  const [start, form] = [view.getUint32(10, true), view.getUint32(14, true)];
  const isOld = form === 12;
  if (!isOld && file.length < 54) broken();
  const width = isOld ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isOld ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  const depth = view.getUint16(isOld ? 24 : 28, true);
  const coding = isOld ? 0 : view.getUint32(30, true);
  if (width <= 0 || height === 0) broken();
  checkSize("BMP", width, height);
  if (![0, 3, 6].includes(coding) || depth === 16) unread(); // engines widen 5 bits to 8 each in a way of its own
  const colours = depth > 8 ? 0 : isOld ? 1 << depth : view.getUint32(46, true) || 1 << depth;
  if (start < 14 + form + colours * (isOld ? 3 : 4)) unread(); // its rows begin within its header
  const stop = start + height * 4 * Math.ceil((width * depth) / 32);
  if (stop > file.length) broken();
  if (colours > 0 && colours < 1 << depth && file.subarray(start, stop).some((byte) => highest(byte, depth) >= colours)) unread(); // of no colour
  return { parts: [file], orientation: 1, width, height, mayBeClear: depth === 32 };
}

/** The highest of the numbers of some bits that are in a byte. */
function highest(byte: number, bits: number): number {
  let most = 0;
  for (; byte > 0; byte >>>= bits) most = Math.max(most, byte & ((1 << bits) - 1));
  return most;
}

interface Box {
  readonly name: string;
  readonly start: number;
  readonly stop: number;
}

const OUTER = ["ftyp", "meta", "mdat", "moov", "free", "skip", "idat", "uuid"];
const CODED: Readonly<Record<string, number>> = { av01: NO_DATA, hvc1: 16, hev1: 16 };
const MOST_OVERLAP = 4;
/** EXIF orientation by quarter turns, counter-clockwise; and with a mirror, top to bottom or left to right, after them. */
const TURNS = [1, 8, 3, 6];
const MIRRORS = [[4, 5, 2, 7], [2, 7, 4, 5]];
/** A property of no turn, in place of any turn or mirror. */
const NO_TURN = Uint8Array.from("irot\0", (letter) => letter.charCodeAt(0));

function* boxesOf(file: Uint8Array, start: number, stop: number): Generator<Box> {
  const view = viewOf(file);
  for (let count = 1; start + 8 <= stop; count++) {
    checkParts(count);
    let [size, inner] = [view.getUint32(start), start + 8];
    const name = latin(file, start + 4, start + 8);
    if (size === 1 && inner + 8 <= stop) {
      size = Number(view.getBigUint64(inner));
      inner += 8;
    }
    const end = size === 0 ? stop : start + size;
    if (end < inner) return;
    yield { name, start: inner, stop: end };
    start = end;
  }
}

/**
 * Check an AVIF or HEIC: that its boxes end with the file, and that its data is not zeros.
 *
 * Its copy is not turned: engines turn as they like, and Chromium mixes colours with opacity while it does.
 */
export function checkedBoxes(file: Bytes, kind: "AVIF" | "HEIF"): Checked {
  const outer = [...boxesOf(file, 0, file.length)];
  if (outer.some(({ name, stop }) => OUTER.includes(name) && stop > file.length)) broken();
  if (latin(file, 8, 12) === "avis") unread();
  const [view, copy] = [viewOf(file), file.slice()];
  let [searched, width, height, angle, mirror, hasGrey, hasColour, isFull] = [0, 0, 0, 0, undefined as number | undefined, false, false, false];
  try {
    const meta = outer.find(({ name }) => name === "meta") ?? (outer.some(({ name }) => name === "moov") ? unread() : broken());
    const inner = [...boxesOf(file, meta.start + 4, Math.min(meta.stop, file.length))];
    const [items, places, properties, references] = ["iinf", "iloc", "iprp", "iref"].map((name) => inner.find((box) => box.name === name));
    for (const { start, stop, zeros } of items && places ? codedParts(file, items, places) : []) {
      searched += stop - start;
      if (searched > MOST_OVERLAP * file.length) throw new RefusedError("media-too-large");
      if (stop > file.length || hasZeros(file.subarray(start, stop), zeros)) broken();
    }
    for (const { name, start, stop } of references ? boxesOf(file, references.start + 4, references.stop) : []) {
      if (name === "dimg" && !isInOrder(view, start, stop, file[references!.start] === 0 ? 2 : 4)) unread(); // some engines take tiles as they are numbered
    }
    for (const box of properties ? boxesOf(file, properties.start, properties.stop) : []) {
      for (const { name, start } of box.name === "ipco" ? boxesOf(file, box.start, box.stop) : []) {
        if (name === "irot") angle = view.getUint8(start) & 3;
        if (name === "imir") mirror = view.getUint8(start) & 1;
        if (name === "irot" || name === "imir") {
          if (latin(file, start - 4, start) !== name) unread();
          copy.set(NO_TURN, start - 4);
        }
        if (name === "av1C" && (view.getUint8(start + 2) & 0x10) > 0) hasGrey = true;
        else if (name === "av1C") hasColour = true;
        if (name === "colr" && latin(file, start, start + 4) === "nclx") isFull = view.getUint8(start + 10) > 127;
        if (name !== "ispe") continue;
        width = Math.max(width, view.getUint32(start + 4));
        height = Math.max(height, view.getUint32(start + 8));
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // the decoder judges what is unreadable
  }
  if (hasGrey && !hasColour && !isFull) unread(); // engines stretch grey that does not go from 0 to 255 in a way of their own
  checkSize(kind, width, height);
  if (kind === "HEIF") return { parts: [file], orientation: 1, width, height, mayBeClear: true }; // its decoder turns it, as the program's does
  const orientation = (mirror === undefined ? TURNS : MIRRORS[mirror]!)[angle]!;
  return { parts: [copy], orientation, width, height, mayBeClear: true };
}

/** Whether the tiles of a picture are numbered in the order in which they lie, as far as their box goes. */
function isInOrder(view: DataView, start: number, stop: number, bytes: 2 | 4): boolean {
  const number = (place: number): number => (bytes === 2 ? view.getUint16(place) : view.getUint32(place));
  const first = start + bytes + 2;
  const count = Math.min(view.getUint16(start + bytes), Math.floor((stop - first) / bytes));
  for (let at = 1; at < count; at++) if (number(first + at * bytes) < number(first + (at - 1) * bytes)) return false;
  return true;
}

/** Where coded pixels lie, and how many zeros in a row they do not hold. */
function* codedParts(file: Uint8Array, items: Box, places: Box): Generator<{ start: number; stop: number; zeros: number }> {
  const view = viewOf(file);
  const coded = new Map<number, number>();
  for (const { start } of boxesOf(file, items.start + 4 + (file[items.start] === 0 ? 2 : 4), items.stop)) {
    const isShort = file[start] === 2;
    const kind = start + (isShort ? 8 : 10);
    const zeros = CODED[latin(file, kind, kind + 4)];
    if (zeros) coded.set(isShort ? view.getUint16(start + 4) : view.getUint32(start + 4), zeros);
  }
  const version = file[places.start]!;
  let [place, read] = [places.start + 4, 0];
  const number = (size: number): number => {
    checkParts(++read >> 2);
    let value = 0;
    for (let at = 0; at < size; at++) value = value * 256 + view.getUint8(place++);
    return value;
  };
  const [sizes, moreSizes] = [number(1), number(1)];
  const [offsetBytes, lengthBytes, baseBytes, indexBytes] = [sizes >> 4, sizes & 15, moreSizes >> 4, version ? moreSizes & 15 : 0];
  if (offsetBytes + lengthBytes === 0) return;
  for (let left = number(version < 2 ? 2 : 4); left > 0; left--) {
    const item = number(version < 2 ? 2 : 4);
    const way = version ? number(2) & 15 : 0;
    number(2);
    const base = number(baseBytes);
    for (let parts = number(2); parts > 0; parts--) {
      number(indexBytes);
      const start = base + number(offsetBytes);
      const length = number(lengthBytes);
      const zeros = coded.get(item);
      if (way === 0 && zeros) yield { start, stop: start + length, zeros };
    }
  }
}
