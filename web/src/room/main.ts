/**
 * The room: the one place that sees pictures. It has no document, no network and no storage; signals and numbers come out.
 */
import { findInner } from "../core/inner";
import { type Pixels, UPRIGHT, bands, cutOut, turnOf } from "../core/pixels";
import { recipeOf } from "../core/recipe";
import { hashPicture } from "../core/reposts";
import { VideoHasher, md5Of } from "../core/video";
import type { Signal } from "../core/checks";
import { bitmapPixels, checkCanvas, checkKind, decoded, passesSelfTest } from "./decode";
import { FilmLuma, lacksEnd } from "./films";
import { type Told, HEAD_BYTES, MOST_BYTES, RefusedError, told } from "./files";
import type { Alike, Still, ToFrameOnly, ToPage, ToRoom, Work } from "./messages";

/** Is told how much of a file is done, 0 to 1. */
type Tell = (share: number) => void;

/** Share of the work, about, that digests are of a film, and that the hashes of a picture are. */
const [DIGESTS_OF_ALL, HASHED] = [0.2, 0.9];
const PIECE_BYTES = 4 * 2 ** 20;
const [LEAST_FRAMES, MOST_SECONDS, MOST_FILM_PIXELS] = [8, 12 * 3600, 8192 * 4352];
const STILL_MILLISECONDS = 20_000;
/** Stills that are tried in place of one that shows too little, and seconds between them. */
const [TRIES, TRY_SECONDS] = [4, 0.04];
/** How long a frame is taken to be shown at most, and where nothing tells, seconds; and the share of it to look ahead. */
const [LONG_FRAME, SHORT_FRAME, NEARLY] = [0.1, 1 / 60, 0.98];
/** Cells of the longer side of a picture that is shown blurred, pixels of each on the screen; and the second of a film. */
const [CELLS, CELL_PIXELS, BLURRED_SECOND] = [12, 14, 1];

let queue: Promise<unknown> = open();
let isFit = false;
let shown: ((still: Still) => void) | undefined;
/** Files that had bytes when they were chosen. */
const seen = new Set<number>();

self.addEventListener("message", ({ data }: MessageEvent<ToRoom>) => {
  if ("still" in data) shown?.(data);
  else if ("look" in data) queue = queue.then(() => answer(data.file, () => look(data.file, data.look, data.blob, data.alike)));
  else if ("blur" in data) queue = queue.then(() => show(data.file, data.blob, data.board));
  else queue = queue.then(() => answer(data.file, () => make(data.file, data.make, data.blob)));
});

function say(message: ToPage | ToFrameOnly): void {
  self.postMessage(message);
}

async function open(): Promise<void> {
  isFit = await passesSelfTest();
  say({ ready: isFit });
}

/** Do something with a file, and say its reason code where it is refused. */
async function answer(file: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const refused = error instanceof RefusedError ? error.reason : error instanceof DOMException ? "unreadable-media" : "broken-media";
    say({ file, refused, ...(error instanceof RefusedError && error.content && { content: error.content }) });
  }
}

/** Say what a file is, and which one before it is the same; refuse what cannot be opened here before anybody is asked about it. */
async function look(file: number, types: Work["types"], blob: Blob, alike: Alike): Promise<void> {
  if (blob.size === 0) throw new RefusedError("empty-media");
  const { content, kind, isSeen } = await toldOf(blob, types);
  seen.add(file);
  if (kind !== undefined) say({ file, kind });
  for (const [sameAs, other] of alike) {
    if (!(await isSame(blob, other))) continue;
    say({ file, content, sameAs });
    return;
  }
  try {
    if (isSeen && isFit && kind !== undefined) await checkKind(kind, () => read(blob, 0, blob.size));
    else if (isSeen && isFit) await checkFilm(file, blob);
  } catch (error) {
    throw error instanceof RefusedError ? new RefusedError(error.reason, content) : error;
  }
  say({ file, content });
}

/** Whether two files that are as long have the same bytes; one that cannot be read is no other's twin. */
async function isSame(blob: Blob, other: Blob): Promise<boolean> {
  try {
    for (let start = 0; start < blob.size; start += PIECE_BYTES) {
      const [one, two] = await Promise.all([read(blob, start, start + PIECE_BYTES), read(other, start, start + PIECE_BYTES)]);
      for (let place = 0; place < one.length; place++) if (one[place] !== two[place]) return false; // a plain loop: films are long
    }
    return true;
  } catch {
    return false;
  }
}

/** Tell what a file is, and whether it has to be seen for what is asked for; refuse it where that cannot be. */
async function toldOf(blob: Blob, types: Work["types"]): Promise<Told & { readonly isSeen: boolean }> {
  const what = told(await read(blob, 0, HEAD_BYTES));
  const isSeen = types.includes(what.content === "image" ? "pdq" : "vpdq");
  if (blob.size > MOST_BYTES[what.content]) throw new RefusedError("media-too-large", what.content);
  if (isSeen && !what.isRead) throw new RefusedError("unsupported-media", what.content);
  return { ...what, isSeen };
}

/** Refuse a film that this browser does not play. */
async function checkFilm(file: number, blob: Blob): Promise<void> {
  checkCanvas();
  const first = await still(file, 0);
  if (!first.still) throw unplayed(first, await lacksEnd(blob));
  first.still.close();
}

function unplayed({ isLate }: { readonly isLate?: true }, isCut: boolean): RefusedError {
  return new RefusedError(isLate ? "stopped-media" : isCut ? "broken-media" : "unsupported-media");
}

/** Read some of a file; some engines give nothing of one that is gone, and no error. */
async function read(blob: Blob, start: number, stop: number): Promise<Uint8Array<ArrayBuffer>> {
  const wanted = Math.min(stop, blob.size) - start; // asked before, because it may become 0
  const bytes = new Uint8Array(await blob.slice(start, stop).arrayBuffer());
  if (bytes.length !== wanted) throw new RefusedError("unreadable-media");
  return bytes;
}

async function make(file: number, work: Work, blob: Blob): Promise<void> {
  const { types } = work;
  let last = -1;
  const tell: Tell = (share) => {
    const done = Math.min(99, Math.floor(100 * share));
    if (done > last) say({ file, done: (last = done) });
  };
  tell(0);
  const { size } = blob;
  if (size === 0) throw new RefusedError(seen.has(file) ? "unreadable-media" : "empty-media");
  const { content, isSeen } = await toldOf(blob, types);
  const picture = content === "image" ? await read(blob, 0, size) : undefined; // once: its file may change
  if (picture && picture.length !== size) throw new RefusedError("unreadable-media");
  const digests: Signal[] = [];
  const ofDigests = isSeen ? DIGESTS_OF_ALL : 1;
  if (types.includes("md5")) digests.push({ type: "md5", value: await md5Of(picture ? [picture] : piecesOf(blob, (share) => { tell(share * ofDigests); })) } as Signal);
  const tellRest: Tell = (share) => { tell(DIGESTS_OF_ALL + (1 - DIGESTS_OF_ALL) * share); };
  const { items, isDoubtful } = !isSeen ? { items: [[]], isDoubtful: false } : picture ? await pictureOf(work, picture, tell) : await filmOf(file, work, blob, tellRest);
  const [own, ...inner] = items as [Signal[], ...Signal[][]];
  say({ file, isDoubtful, found: { kind: content, items: [[...own, ...digests], ...inner] } });
}

async function* piecesOf(blob: Blob, tell: Tell): AsyncGenerator<Uint8Array> {
  let next = read(blob, 0, PIECE_BYTES);
  for (let start = 0; start < blob.size; start += PIECE_BYTES) {
    const piece = await next;
    if (start + PIECE_BYTES < blob.size) next = read(blob, start + PIECE_BYTES, start + 2 * PIECE_BYTES); // while this one is digested
    yield piece;
    tell(start / blob.size);
  }
}

async function pictureOf({ rules }: Work, picture: Uint8Array<ArrayBuffer>, tell: Tell): Promise<{ items: Signal[][]; isDoubtful: boolean }> {
  const { pixels, isDoubtful, close } = await decoded(picture, tell);
  try {
    const read = { ...rules, recipes: rules.recipes.map(recipeOf) };
    const signals = (some: Pixels): Signal[] => hashPicture(some, read).map((hash) => ({ type: "pdq", ...hash }));
    const own = signals(pixels);
    tell(HASHED);
    const inside = findInner(pixels);
    return { items: inside ? [own, signals(cutOut(pixels, inside))] : [own], isDoubtful };
  } finally {
    close();
  }
}

/** Show a file blurred, and say whether it can be. */
async function show(file: number, blob: Blob, board: OffscreenCanvas): Promise<void> {
  say({ file, blurred: await blur(file, blob, board).then(() => true, () => false) });
}

/** Draw a picture, or a still of a film, as some cells of colour that run into each other: it is known again, and not seen. */
async function blur(file: number, blob: Blob, board: OffscreenCanvas): Promise<void> {
  const { content } = told(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()));
  const seen = content === "video" ? (await still(file, BLURRED_SECOND)).still : undefined;
  if (content === "video" && !seen) throw new RefusedError("unsupported-media");
  const { pixels, close } = seen ? { pixels: bitmapPixels(seen, UPRIGHT, () => undefined), close: () => { seen.close(); } } : await decoded(new Uint8Array(await blob.arrayBuffer()), () => undefined);
  const { width, height, channels, orientation } = pixels;
  const { rowsReversed, columnsReversed, transposed } = turnOf(orientation);
  const [across, down] = [width, height].map((side) => Math.ceil((CELLS * side) / Math.max(width, height))) as [number, number];
  const sums = new Float64Array(4 * across * down);
  for (const [start, stop] of bands(pixels)) {
    const block = pixels.rows(start, stop);
    for (let place = 0; place < block.length; place += channels) {
      const [row, column] = [Math.floor((start + Math.floor(place / channels / width)) * down / height), Math.floor(((place / channels) % width) * across / width)];
      const [y, x] = [rowsReversed ? down - 1 - row : row, columnsReversed ? across - 1 - column : column];
      const cell = 4 * (transposed ? x * down + y : y * across + x);
      for (let channel = 0; channel < 3; channel++) sums[cell + channel]! += block[place + (channels > 1 ? channel : 0)]!;
      sums[cell + 3]!++;
    }
  }
  close();
  const [wide, high] = transposed ? [down, across] : [across, down];
  const cells = new ImageData(Uint8ClampedArray.from(sums, (sum, place) => (place % 4 === 3 ? 255 : sum / sums[place - (place % 4) + 3]!)), wide, high);
  const small = new OffscreenCanvas(wide, high);
  small.getContext("2d")!.putImageData(cells, 0, 0);
  [board.width, board.height] = [wide * CELL_PIXELS, high * CELL_PIXELS];
  const drawn = board.getContext("2d")!;
  drawn.imageSmoothingQuality = "high";
  drawn.drawImage(small, 0, 0, board.width, board.height);
}

/** Ask the frame for a still of a film; its `<video>` decodes, and the pixels are read here. */
function still(film: number, at: number): Promise<Still & { readonly isLate?: true }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => { resolve({ film, at, still: undefined, lasts: 0, times: [], isLate: true }); }, STILL_MILLISECONDS); // some players say nothing of what they cannot play
    shown = (answered) => {
      if (answered.film !== film || answered.at !== at) return; // it comes too late
      clearTimeout(timer);
      resolve(answered);
    };
    say({ film, at });
  });
}

/** How long after a moment to look, seconds, to see the first frame that is shown then or later: nearly as long as a frame is shown. */
function aheadOf(times: readonly number[]): number {
  const apart = times.map((time, place) => time - times[place - 1]!).filter((seconds) => seconds > 0);
  return NEARLY * Math.min(LONG_FRAME, ...(apart.length > 0 ? apart : [SHORT_FRAME]));
}

async function filmOf(file: number, { frameRules, mostFrames }: Work, blob: Blob, tell: Tell): Promise<{ items: Signal[][]; isDoubtful: boolean }> {
  checkCanvas();
  const hasher = new VideoHasher({ ...frameRules, recipes: frameRules.recipes.map(recipeOf) }, mostFrames);
  const [isCut, luma] = [await lacksEnd(blob), new FilmLuma()];
  let [lasts, step, frames, isPlayed, ahead] = [Infinity, 1, 0, true, 0];
  for (let slot = 0; isPlayed && slot * step < lasts; slot++) {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const at = slot * step + attempt * TRY_SECONDS;
      const answered = await still(file, at + ahead);
      if (!answered.still) {
        if (frames === 0) throw unplayed(answered, isCut);
        isPlayed = false; // what came before is of use
        break;
      }
      if (!(answered.lasts <= MOST_SECONDS)) throw new RefusedError("media-too-large");
      lasts = answered.lasts;
      ahead = aheadOf(answered.times);
      step = 1 / Math.max(1, Math.ceil(LEAST_FRAMES / lasts));
      const { width, height } = answered.still;
      if (width * height > MOST_FILM_PIXELS) throw new RefusedError("media-too-large");
      const [pixels, levels] = luma.of(bitmapPixels(answered.still, UPRIGHT, () => undefined));
      const isTelling = hasher.add(pixels, at, levels);
      answered.still.close();
      frames++;
      if (isTelling || at + TRY_SECONDS >= Math.min(lasts, (slot + 1) * step)) break;
    }
    tell((slot * step) / lasts);
  }
  if (frames === 0) throw new RefusedError("broken-media");
  const signals = hasher.hashes().map(({ value, quality, variant }) => ({ type: "vpdq", value, quality, ...(variant === undefined ? {} : { variant }) }) as Signal);
  return { items: [signals], isDoubtful: isCut || !isPlayed };
}
