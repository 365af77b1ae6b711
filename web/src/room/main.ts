/**
 * The room: the one place that sees pictures. It has no document, no network and no storage; signals and numbers come out.
 */
import { findInner } from "../core/inner";
import { type Pixels, UPRIGHT, bands, cutOut, turnOf } from "../core/pixels";
import { recipeOf } from "../core/recipe";
import { hashPicture } from "../core/reposts";
import { VideoHasher, digestOf } from "../core/video";
import type { Signal } from "../core/checks";
import { bitmapPixels, checkCanvas, decoded, passesSelfTest } from "./decode";
import { HEAD_BYTES, MOST_BYTES, RefusedError, told } from "./files";
import type { ToFrameOnly, ToPage, ToRoom, Work } from "./messages";

/** Is told how much of a file is done, 0 to 1. */
type Tell = (share: number) => void;

/** Share of the work, about, that digests are of a film, and that the hashes of a picture are. */
const [DIGESTS_OF_ALL, HASHED] = [0.2, 0.9];
const PIECE_BYTES = 4 * 2 ** 20;
const [LEAST_FRAMES, MOST_SECONDS, MOST_FILM_PIXELS] = [8, 12 * 3600, 8192 * 4352];
/** Stills that are tried in place of one that shows too little, and seconds between them. */
const [TRIES, TRY_SECONDS] = [4, 0.04];
/** Cells of the longer side of a picture that is shown blurred, pixels of each on the screen; and the second of a film. */
const [CELLS, CELL_PIXELS, BLURRED_SECOND] = [12, 14, 1];

let queue: Promise<unknown> = open();
let shown: ((still: { still: ImageBitmap | undefined; lasts: number }) => void) | undefined;

self.addEventListener("message", ({ data }: MessageEvent<ToRoom>) => {
  if ("still" in data) shown?.(data);
  else if ("look" in data) queue = queue.then(() => answer(data.look, () => look(data.look, data.blob)));
  else if ("blur" in data) queue = queue.then(() => answer(data.blur, () => blur(data.blur, data.blob, data.board)));
  else queue = queue.then(() => answer(data.make.file, () => make(data.make, data.blob)));
});

function say(message: ToPage | ToFrameOnly): void {
  self.postMessage(message);
}

async function open(): Promise<void> {
  say({ ready: await passesSelfTest() });
}

/** Do something with a file, and say its reason code where it is refused. */
async function answer(file: number, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    say({ file, refused: error instanceof RefusedError ? error.reason : error instanceof DOMException ? "unreadable-media" : "broken-media" });
  }
}

async function look(file: number, blob: Blob): Promise<void> {
  if (blob.size === 0) throw new RefusedError("empty-media");
  const { content } = told(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()));
  say({ file, content });
}

async function make(work: Work, blob: Blob): Promise<void> {
  const { file, types } = work;
  let last = -1;
  const tell: Tell = (share) => {
    const done = Math.min(99, Math.floor(100 * share));
    if (done > last) say({ file, done: (last = done) });
  };
  tell(0);
  if (blob.size === 0) throw new RefusedError("empty-media");
  const { content, isRead } = told(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()));
  if (blob.size > MOST_BYTES[content]) throw new RefusedError("media-too-large");
  const isSeen = content === "image" ? types.includes("pdq") : types.includes("vpdq");
  if (isSeen && !isRead) throw new RefusedError("unsupported-media");
  const picture = content === "image" ? new Uint8Array(await blob.arrayBuffer()) : undefined; // read once: its file may change
  const digests: Signal[] = [];
  const ofDigests = isSeen ? DIGESTS_OF_ALL : 1;
  for (const type of ["md5", "sha256"] as const) {
    if (types.includes(type)) digests.push({ type, value: await digestOf(type, picture ? [picture] : piecesOf(blob, (share) => { tell(share * ofDigests); })) } as Signal);
  }
  const tellRest: Tell = (share) => { tell(DIGESTS_OF_ALL + (1 - DIGESTS_OF_ALL) * share); };
  const { items, isDoubtful } = !isSeen ? { items: [[]], isDoubtful: false } : picture ? await pictureOf(work, picture, tell) : await filmOf(work, tellRest);
  const [own, ...inner] = items as [Signal[], ...Signal[][]];
  say({ file, isDoubtful, found: { kind: content, items: [[...own, ...digests], ...inner] } });
}

async function* piecesOf(blob: Blob, tell: Tell): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < blob.size; start += PIECE_BYTES) {
    yield new Uint8Array(await blob.slice(start, start + PIECE_BYTES).arrayBuffer());
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

/** Show a picture, or a still of a film, as some cells of colour that run into each other: it is known again, and not seen. */
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
  say({ file, blurred: true });
}

/** Ask the frame for a still of a film; its `<video>` decodes, and the pixels are read here. */
function still(film: number, at: number): Promise<{ still: ImageBitmap | undefined; lasts: number }> {
  return new Promise((resolve) => {
    shown = resolve;
    say({ film, at });
  });
}

async function filmOf({ file, frameRules, mostFrames }: Work, tell: Tell): Promise<{ items: Signal[][]; isDoubtful: boolean }> {
  checkCanvas();
  const hasher = new VideoHasher({ ...frameRules, recipes: frameRules.recipes.map(recipeOf) }, mostFrames);
  let [lasts, step, frames] = [Infinity, 1, 0];
  for (let slot = 0; slot * step < lasts; slot++) {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const at = slot * step + attempt * TRY_SECONDS;
      const answered = await still(file, at);
      if (!answered.still) throw new RefusedError("unsupported-media");
      if (!(answered.lasts <= MOST_SECONDS)) throw new RefusedError("media-too-large");
      lasts = answered.lasts;
      step = 1 / Math.max(1, Math.ceil(LEAST_FRAMES / lasts));
      const { width, height } = answered.still;
      if (width * height > MOST_FILM_PIXELS) throw new RefusedError("media-too-large");
      const isTelling = hasher.add(bitmapPixels(answered.still, 1, () => undefined), at);
      answered.still.close();
      frames++;
      if (isTelling || at + TRY_SECONDS >= Math.min(lasts, (slot + 1) * step)) break;
    }
    tell((slot * step) / lasts);
  }
  if (frames === 0) throw new RefusedError("broken-media");
  const signals = hasher.hashes().map(({ value, quality, variant }) => ({ type: "vpdq", value, quality, ...(variant === undefined ? {} : { variant }) }) as Signal);
  return { items: [signals], isDoubtful: false };
}
