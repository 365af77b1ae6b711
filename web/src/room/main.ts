/**
 * The room: the one place that sees pictures. It has no document, no network and no storage; signals and numbers come out.
 */
import { findInner } from "../core/inner";
import { type Pixels, cutOut } from "../core/pixels";
import { recipeOf } from "../core/recipe";
import { hashPicture } from "../core/reposts";
import { VideoHasher, digestOf } from "../core/video";
import type { Signal } from "../core/checks";
import { bitmapPixels, checkCanvas, decoded, passesSelfTest } from "./decode";
import { HEAD_BYTES, MOST_BYTES, RefusedError, told } from "./files";
import type { ToFrameOnly, ToPage, ToRoom, Work } from "./messages";

const PIECE_BYTES = 4 * 2 ** 20;
const [LEAST_FRAMES, MOST_SECONDS, MOST_FILM_PIXELS] = [8, 12 * 3600, 8192 * 4352];
/** Stills that are tried in place of one that shows too little, and seconds between them. */
const [TRIES, TRY_SECONDS] = [4, 0.04];

const left = new Set<number>();
let queue: Promise<unknown> = open();
let shown: ((still: { still: ImageBitmap | undefined; lasts: number }) => void) | undefined;

self.addEventListener("message", ({ data }: MessageEvent<ToRoom>) => {
  if ("still" in data) shown?.(data);
  else if ("leave" in data) left.add(data.leave);
  else if ("look" in data) queue = queue.then(() => answer(data.look, () => look(data.look, data.blob)));
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
    if (!left.has(file)) say({ file, refused: error instanceof RefusedError ? error.reason : error instanceof DOMException ? "unreadable-media" : "broken-media" });
  }
}

async function look(file: number, blob: Blob): Promise<void> {
  if (blob.size === 0) throw new RefusedError("empty-media");
  const { content } = told(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()));
  say({ file, content });
}

async function make(work: Work, blob: Blob): Promise<void> {
  const { file, types } = work;
  if (left.has(file)) return;
  if (blob.size === 0) throw new RefusedError("empty-media");
  const { content, isRead } = told(new Uint8Array(await blob.slice(0, HEAD_BYTES).arrayBuffer()));
  if (blob.size > MOST_BYTES[content]) throw new RefusedError("media-too-large");
  const isSeen = content === "image" ? types.includes("pdq") : types.includes("vpdq");
  if (isSeen && !isRead) throw new RefusedError("unsupported-media");
  const digests: Signal[] = [];
  for (const type of ["md5", "sha256"] as const) if (types.includes(type)) digests.push({ type, value: await digestOf(type, piecesOf(blob)) } as Signal);
  const { items, isDoubtful } = !isSeen ? { items: [[]], isDoubtful: false } : content === "image" ? await pictureOf(work, blob) : await filmOf(work);
  const [own, ...inner] = items as [Signal[], ...Signal[][]];
  if (!left.has(file)) say({ file, isDoubtful, found: { kind: content, items: [[...own, ...digests], ...inner] } });
}

async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < blob.size; start += PIECE_BYTES) yield new Uint8Array(await blob.slice(start, start + PIECE_BYTES).arrayBuffer());
}

async function pictureOf({ file, rules }: Work, blob: Blob): Promise<{ items: Signal[][]; isDoubtful: boolean }> {
  let told = 0;
  const walked = (share: number): void => {
    const done = Math.min(99, Math.floor(100 * share));
    if (done >= told + 5) say({ file, done: (told = done) });
  };
  const { pixels, isDoubtful, close } = await decoded(new Uint8Array(await blob.arrayBuffer()), walked);
  try {
    const read = { ...rules, recipes: rules.recipes.map(recipeOf) };
    const signals = (some: Pixels): Signal[] => hashPicture(some, read).map((hash) => ({ type: "pdq", ...hash }));
    const own = signals(pixels);
    const inside = findInner(pixels);
    return { items: inside ? [own, signals(cutOut(pixels, inside))] : [own], isDoubtful };
  } finally {
    close();
  }
}

/** Ask the frame for a still of a film; its `<video>` decodes, and the pixels are read here. */
function still(film: number, at: number): Promise<{ still: ImageBitmap | undefined; lasts: number }> {
  return new Promise((resolve) => {
    shown = resolve;
    say({ film, at });
  });
}

async function filmOf({ file, frameRules, mostFrames }: Work): Promise<{ items: Signal[][]; isDoubtful: boolean }> {
  checkCanvas();
  const hasher = new VideoHasher({ ...frameRules, recipes: frameRules.recipes.map(recipeOf) }, mostFrames);
  let [lasts, step, frames] = [Infinity, 1, 0];
  for (let slot = 0; slot * step < lasts && !left.has(file); slot++) {
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
    say({ file, done: Math.min(99, Math.floor((100 * slot * step) / lasts)) });
  }
  if (frames === 0) throw new RefusedError("broken-media");
  const signals = hasher.hashes().map(({ value, quality, variant }) => ({ type: "vpdq", value, quality, ...(variant === undefined ? {} : { variant }) }) as Signal);
  return { items: [signals], isDoubtful: false };
}
