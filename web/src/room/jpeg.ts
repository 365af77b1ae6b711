/**
 * Check that a JPEG is all there, and copy what its pixels need: every code of every scan is read, and no pixel decoded.
 *
 * Every code has to be known, no block may go past its end, there have to be as many blocks as the size asks, restart
 * markers in turn, no whole byte left over, and every coefficient has to come down to its last bit. An end marker that alone
 * is missing is no damage: the copy gets one.
 *
 * Source: ITU-T T.81, annexes B, F.2.2, G.2; `hashclient/media/jpeg`.
 */
import { type Checked, RefusedError, broken, checkParts, checkSize, hasZeros, latin, orientationOf, viewOf } from "./files";

interface Channel {
  readonly number: number;
  readonly across: number;
  readonly down: number;
  /** Blocks in a row, those that fill up the last unit among them. */
  readonly stride: number;
  /** Of each coefficient the lowest bit that came; -1 where none did. */
  readonly lowest: Int8Array;
  /** Of each block which coefficients are not 0, two words a block; only where scans build on each other. */
  readonly known: Uint32Array;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly isProgressive: boolean;
  readonly channels: readonly Channel[];
  readonly most: { readonly across: number; readonly down: number };
}

interface Scan {
  readonly channels: readonly { readonly channel: Channel; readonly dc: number; readonly ac: number }[];
  readonly first: number;
  readonly last: number;
  readonly refined: number;
  readonly lowest: number;
}

/** For each 16 bits that may come next: bits of the code and of the number after it, and what the code stands for; 0 for none. */
type Codes = Uint16Array;

const [TABLES, SCAN, QUANTISATION, RESTARTS] = [0xc4, 0xda, 0xdb, 0xdd];
const FRAMES = [0xc0, 0xc1, 0xc2];
const OTHER_FRAMES = [0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
const [PROGRESSIVE, COEFFICIENTS, BLOCK, LONGEST] = [0xc2, 64, 8, 16];
const [NO_DATA, MOST_SCANS, MOST_SAMPLES] = [512, 64, 150_000_000];
/** Zeros after the data, so that a block can run past its end before that is noticed. */
const MARGIN = 512;

/** Check a JPEG; throws `RefusedError`. */
export function checkedJpeg(file: Uint8Array<ArrayBuffer>): Checked {
  const parts: Uint8Array<ArrayBuffer>[] = [file.subarray(0, 2)];
  const codes = new Map<number, Codes>();
  const zeroCodes = new Map<number, number>();
  const buffer = new Uint8Array(file.length + MARGIN);
  let [place, count, scans, interval, orientation, hasAdobe] = [2, 0, 0, 0, 0, false];
  let frame: Frame | undefined;
  for (;;) {
    place = markerAfter(file, place, (marker) => marker > 0 && marker < 0xff);
    if (place >= file.length) break;
    checkParts(++count);
    const marker = file[place + 1]!;
    const start = place;
    place += 2;
    if (marker === 0xd9) break;
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    const length = place + 2 <= file.length ? viewOf(file).getUint16(place) : 0;
    const stop = place + length;
    if (length < 2 || stop > file.length) broken();
    const body = file.subarray(place + 2, stop);
    let end = stop;
    if (OTHER_FRAMES.includes(marker)) throw new RefusedError("unsupported-media");
    if (FRAMES.includes(marker)) {
      if (frame) broken();
      frame = frameOf(marker, body);
    } else if (marker === TABLES) {
      readCodes(body, codes, zeroCodes);
    } else if (marker === RESTARTS) {
      interval = body.length >= 2 ? viewOf(body).getUint16(0) : 0;
    } else if (marker === 0xe1 && orientation === 0 && latin(body, 0, 5) === "Exif\0") {
      orientation = orientationOf(body);
    } else if (marker === SCAN) {
      if (!frame) broken();
      const scan = scanOf(body, frame);
      end = markerAfter(file, stop, (after) => after > 0 && after < 0xff && (after < 0xd0 || after > 0xd7));
      let last = end;
      while (last > stop && file[last - 1] === 0xff) last--; // which may fill up, or be half a marker
      if (++scans > MOST_SCANS) throw new RefusedError("media-too-large");
      const data = file.subarray(stop, last);
      note(scan, hasZeros(data, NO_DATA), zeroCodes);
      new ScanReader(frame, scan, codes, buffer).check(data, interval);
      parts.push(file.subarray(start, last));
    }
    place = end;
    const isJfif = marker === 0xe0 && body.length >= 14 && latin(body, 0, 5) === "JFIF\0";
    const isAdobe = marker === 0xee && body.length >= 12 && latin(body, 0, 5) === "Adobe";
    hasAdobe ||= isAdobe;
    if ([TABLES, QUANTISATION, RESTARTS, ...FRAMES].includes(marker) || isJfif || isAdobe) parts.push(file.subarray(start, stop));
  }
  if (!frame || frame.channels.some(({ lowest }) => lowest.some((bit) => bit !== 0))) broken();
  if (frame.channels.length > 3 && !hasAdobe) throw new RefusedError("unsupported-media"); // engines mix unmarked inks in a way of their own
  parts.push(new Uint8Array([0xff, 0xd9]));
  return { parts, orientation: orientation || 1, width: frame.width, height: frame.height, mayBeClear: false };
}

/** The place of the next marker that is wanted; the end of the file where there is none. */
function markerAfter(file: Uint8Array, place: number, isWanted: (marker: number) => boolean): number {
  for (let at = file.indexOf(0xff, place); at >= 0 && at + 1 < file.length; at = file.indexOf(0xff, at + 1)) {
    if (isWanted(file[at + 1]!)) return at;
  }
  return file.length;
}

function frameOf(marker: number, body: Uint8Array): Frame {
  if (body.length < 6 || body.length !== 6 + 3 * body[5]!) broken();
  const view = viewOf(body);
  const [height, width] = [view.getUint16(1), view.getUint16(3)];
  const isProgressive = marker === PROGRESSIVE;
  const said = Array.from({ length: body[5]! }, (_, at) => ({ number: body[6 + 3 * at]!, across: body[7 + 3 * at]! >> 4, down: body[7 + 3 * at]! & 15 }));
  const isSide = (side: number): boolean => side >= 1 && side <= 4;
  if (said.length === 0 || width === 0 || height === 0 || !said.every(({ across, down }) => isSide(across) && isSide(down))) broken();
  if (new Set(said.map(({ number }) => number)).size < said.length) broken();
  if (body[0] !== 8) throw new RefusedError("unsupported-media");
  checkSize("JPEG", width, height);
  const most = { across: Math.max(...said.map(({ across }) => across)), down: Math.max(...said.map(({ down }) => down)) };
  const samples = (width * height * said.reduce((sum, { across, down }) => sum + across * down, 0)) / (most.across * most.down);
  if (isProgressive && samples > MOST_SAMPLES) throw new RefusedError("media-too-large");
  const channels = said.map(({ number, across, down }) => {
    const stride = Math.ceil(width / (BLOCK * most.across)) * across;
    const rows = Math.ceil(height / (BLOCK * most.down)) * down;
    return { number, across, down, stride, lowest: new Int8Array(COEFFICIENTS).fill(-1), known: new Uint32Array(isProgressive ? 2 * stride * rows : 0) };
  });
  return { width, height, isProgressive, channels, most };
}

function scanOf(body: Uint8Array, frame: Frame): Scan {
  const count = body[0] ?? 0;
  if (count < 1 || count > 4 || body.length !== 4 + 2 * count) broken();
  const channels = Array.from({ length: count }, (_, at) => {
    const channel = frame.channels.find(({ number }) => number === body[1 + 2 * at]) ?? broken();
    return { channel, dc: body[2 + 2 * at]! >> 4, ac: 0x10 | (body[2 + 2 * at]! & 15) };
  });
  const [first, last, bits] = body.subarray(1 + 2 * count) as unknown as [number, number, number];
  if (first > last || last >= COEFFICIENTS) broken();
  if (!frame.isProgressive) return { channels, first: 0, last: COEFFICIENTS - 1, refined: 0, lowest: 0 };
  return { channels, first, last, refined: bits >> 4, lowest: bits & 15 };
}

/** Note which coefficients a scan brings; zeros in its data have to be blocks that bring nothing new. */
function note({ channels, first, last, refined, lowest }: Scan, hasNoData: boolean, zeroCodes: Map<number, number>): void {
  const isEnd = (symbol: number | undefined): boolean => symbol !== undefined && symbol < 0xf0 && symbol % 16 === 0;
  for (const { channel, dc, ac } of channels) {
    const isEven = (first > 0 || refined > 0 || zeroCodes.get(dc) === 0) && (last === 0 || isEnd(zeroCodes.get(ac)));
    if (hasNoData && !isEven) broken();
    const brought = channel.lowest.subarray(first, last + 1);
    if (lowest < refined && brought.some((bit) => bit !== refined)) broken(); // it refines what no scan brought
    brought.fill(lowest);
  }
}

function readCodes(body: Uint8Array, codes: Map<number, Codes>, zeroCodes: Map<number, number>): void {
  for (let place = 0; place < body.length; ) {
    const kind = body[place]!;
    const counts = body.subarray(place + 1, place + 17);
    const symbols = body.subarray(place + 17, place + 17 + counts.reduce((sum, many) => sum + many, 0));
    if (counts.length < 16 || symbols.length < counts.reduce((sum, many) => sum + many, 0)) broken();
    const table = new Uint16Array(1 << LONGEST);
    let [start, next] = [0, 0];
    counts.forEach((many, at) => {
      const apart = 1 << (LONGEST - 1 - at);
      if (start + many * apart > 1 << LONGEST) broken(); // more codes than there can be
      for (let one = 0; one < many; one++, start += apart) {
        const symbol = symbols[next++]!;
        table.fill(((at + 1 + (symbol & 15)) << 8) | symbol, start, start + apart);
      }
    });
    if (symbols.length > 0) zeroCodes.set(kind, symbols[0]!);
    codes.set(kind, table);
    place += 17 + symbols.length;
  }
}

/** Reads the blocks of one scan. */
class ScanReader {
  readonly #scan: Scan;
  readonly #isProgressive: boolean;
  readonly #codes: ReadonlyMap<number, Codes>;
  readonly #bytes: Uint8Array;
  readonly #columns: number;
  readonly #units: number;
  #place = 0; // in bits
  #run = 0; // blocks that bring nothing more

  constructor(frame: Frame, scan: Scan, codes: ReadonlyMap<number, Codes>, buffer: Uint8Array) {
    [this.#scan, this.#isProgressive, this.#codes, this.#bytes] = [scan, frame.isProgressive, codes, buffer];
    const [{ channel }] = scan.channels as readonly [Scan["channels"][number]];
    const isAlone = scan.channels.length === 1; // its units are single blocks
    const width = isAlone ? Math.ceil((frame.width * channel.across) / frame.most.across) : frame.width;
    const height = isAlone ? Math.ceil((frame.height * channel.down) / frame.most.down) : frame.height;
    this.#columns = Math.ceil(width / (BLOCK * (isAlone ? 1 : frame.most.across)));
    this.#units = this.#columns * Math.ceil(height / (BLOCK * (isAlone ? 1 : frame.most.down)));
  }

  /** Check its data; `interval` is the number of units between restart markers, 0 for none. */
  check(data: Uint8Array, interval: number): void {
    const step = interval || this.#units;
    let [unit, place, turn] = [0, 0, 0];
    while (unit < this.#units) {
      const end = markerAfter(data, place, (marker) => marker >= 0xd0 && marker <= 0xd7);
      const stop = Math.min(this.#units, unit + step);
      this.#checkPart(data.subarray(place, end), unit, stop);
      const isLast = stop === this.#units;
      if (isLast !== end >= data.length || (!isLast && (data[end + 1]! & 7) !== turn++ % 8)) broken();
      [unit, place] = [stop, end + 2];
    }
  }

  #checkPart(part: Uint8Array, from: number, to: number): void {
    const bits = 8 * this.#unstuff(part);
    [this.#place, this.#run] = [0, 0];
    const { channels } = this.#scan;
    const readers = channels.map(({ channel, dc, ac }) => ({ channel, read: this.#readerOf(channel, dc, ac) }));
    const [alone] = readers as [(typeof readers)[number]];
    for (let unit = from; unit < to; unit++) {
      const [row, column] = [Math.floor(unit / this.#columns), unit % this.#columns];
      if (readers.length === 1) {
        alone.read(row * alone.channel.stride + column);
        if (this.#place > bits) broken();
        continue;
      }
      for (const { channel: { across, down, stride }, read } of readers) {
        for (let y = 0; y < down; y++) {
          for (let x = 0; x < across; x++) {
            read((row * down + y) * stride + column * across + x);
            if (this.#place > bits) broken();
          }
        }
      }
    }
    if (bits - this.#place >= 8) broken();
  }

  /** Copy data without the zeros after 255, and zeros behind it; returns how many bytes. */
  #unstuff(part: Uint8Array): number {
    let stop = part.length;
    while (stop > 0 && part[stop - 1] === 0xff) stop--; // which may fill up before a marker
    let [from, length] = [0, 0];
    while (from < stop) {
      const found = part.indexOf(0xff, from);
      const to = found < 0 || found >= stop ? stop : found + 1;
      this.#bytes.set(part.subarray(from, to), length);
      length += to - from;
      from = to < stop && found >= 0 && part[to] === 0 ? to + 1 : to;
    }
    this.#bytes.fill(0, length, length + MARGIN);
    return length;
  }

  #readerOf(channel: Channel, dcPlace: number, acPlace: number): (block: number) => void {
    const { first, last, refined } = this.#scan;
    const dc = first > 0 || refined > 0 ? undefined : (this.#codes.get(dcPlace) ?? broken());
    const ac = last === 0 ? undefined : (this.#codes.get(acPlace) ?? broken());
    const from = Math.max(first, 1);
    if (!this.#isProgressive) return () => { this.#readWhole(dc!, ac!); };
    return (block) => {
      if (dc) this.#place += this.#code(dc) >> 8;
      else if (first === 0) this.#place++;
      if (!ac || from > last) return;
      if (refined > 0) this.#refine(ac, channel.known, 2 * block, from, last);
      else this.#readFirst(ac, channel.known, 2 * block, from, last);
    };
  }

  /** The next 16 bits. */
  #next(): number {
    const [bytes, at] = [this.#bytes, this.#place >> 3];
    return (((bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!) >> (8 - (this.#place & 7))) & 0xffff;
  }

  #code(codes: Codes): number {
    return codes[this.#next()]! || broken();
  }

  #take(bits: number): number {
    const taken = bits === 0 ? 0 : this.#next() >> (16 - bits);
    this.#place += bits;
    return taken;
  }

  /** A block that comes at once: the loop in which most of the time goes. */
  #readWhole(dc: Codes, ac: Codes): void {
    const bytes = this.#bytes;
    let place = this.#place + (this.#code(dc) >> 8);
    for (let at = 1; at < COEFFICIENTS; at++) {
      const byte = place >> 3;
      const code = ac[(((bytes[byte]! << 16) | (bytes[byte + 1]! << 8) | bytes[byte + 2]!) >> (8 - (place & 7))) & 0xffff]!;
      if (code === 0) broken();
      place += code >> 8;
      const zeros = (code >> 4) & 15;
      if ((code & 15) === 0 && zeros < 15) {
        if (zeros > 0) broken();
        break;
      }
      at += zeros;
      if (at >= COEFFICIENTS) broken();
    }
    this.#place = place;
  }

  /** Coefficients that come for the first time. */
  #readFirst(ac: Codes, known: Uint32Array, block: number, first: number, last: number): void {
    if (this.#run > 0) {
      this.#run--;
      return;
    }
    for (let at = first; at <= last; at++) {
      const code = this.#code(ac);
      this.#place += code >> 8;
      const zeros = (code >> 4) & 15;
      if ((code & 15) === 0 && zeros < 15) {
        this.#run = (1 << zeros) + this.#take(zeros) - 1;
        return;
      }
      at += zeros;
      if (at > last) broken();
      if ((code & 15) > 0) known[block + (at >> 5)]! |= 1 << (at & 31);
    }
  }

  /** One more bit of coefficients that came before, and those that are not 0 only from this bit on. */
  #refine(ac: Codes, known: Uint32Array, block: number, first: number, last: number): void {
    const isKnown = (at: number): number => (known[block + (at >> 5)]! >>> (at & 31)) & 1;
    const found: number[] = [];
    let at = first;
    while (at <= last && this.#run === 0) {
      const code = this.#code(ac);
      this.#place += code >> 8; // a new one has one bit, which is counted with its code
      let zeros = (code >> 4) & 15;
      const isNew = (code & 15) > 0;
      if (isNew && (code & 15) !== 1) this.#place -= (code & 15) - 1;
      if (!isNew && zeros < 15) {
        this.#run = (1 << zeros) + this.#take(zeros);
        break;
      }
      for (; at <= last; at++) {
        if (isKnown(at)) this.#place++;
        else if (zeros-- === 0) break;
      }
      if (at > last && (isNew || zeros > 0)) broken();
      if (isNew) found.push(at);
      at++;
    }
    if (this.#run > 0) {
      for (; at <= last; at++) this.#place += isKnown(at);
      this.#run--;
    }
    for (const one of found) known[block + (one >> 5)]! |= 1 << (one & 31);
  }
}
