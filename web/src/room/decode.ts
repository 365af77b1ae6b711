/**
 * Pixels from a browser's decoder that are those of the program, bit for bit; a browser that changes them is found out.
 *
 * The decoder gets a copy without profile and orientation, because engines convert colours and turn pictures whatever is
 * asked of them.
 */
import { hashTurned } from "../core/pdq";
import { type Pixels, arrayPixels, isTransparent } from "../core/pixels";
import { type Checked, type Kind, RefusedError, broken, checkSize, told } from "./files";
import { checkedJpeg } from "./jpeg";
import { checkedBmp, checkedBoxes, checkedGif, checkedPng, checkedWebp } from "./pictures";
import { TEST_AVIF, TEST_AVIF_HASH, TEST_HASH, TEST_JPEG } from "./self_test";

const AS_STORED = { colorSpaceConversion: "none", premultiplyAlpha: "none" } as const;
/** The same of what is opaque, which takes less time. */
const OPAQUE_AS_STORED = { colorSpaceConversion: "none" } as const;
const TYPES: Readonly<Record<Kind, string>> = {
  JPEG: "image/jpeg", PNG: "image/png", WEBP: "image/webp", GIF: "image/gif", BMP: "image/bmp", HEIF: "image/heic", AVIF: "image/avif",
};
const OPAQUE = 255;
/** Shares of the work, about, that are done when the file is checked, when it is decoded, and when its pixels were read. */
const [CHECKED, DECODED, WALKED] = [0.2, 0.4, 0.7];
let avif: Promise<boolean> | undefined;

/** Pixels of a decoder that is not the browser's: rows from top to bottom, straight alpha. */
export interface OwnPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
}

/** Decoders of our own: none in the first page; `src/heic` fills in those of the second. They throw `RefusedError`. */
export const OWN_DECODERS: { HEIF?: OwnDecoder; JPEG?: OwnDecoder } = {};
type OwnDecoder = (file: Uint8Array<ArrayBuffer>) => Promise<OwnPixels>;
/** Whether this browser gives back the pixels that it was given, and whether its own decoder of JPEG is used: by the self-test. */
let [isCanvasTrue, ownsJpeg] = [false, false];

/** A decoded picture; `isDoubtful` where part of its file may have been lost. */
export interface Decoded {
  readonly pixels: Pixels;
  readonly isDoubtful: boolean;
  /** Release the memory. */
  readonly close: () => void;
}

/** Decode a picture; throws `RefusedError`. `tell` is told how much of the work on it is done, 0 to 1. */
export async function decoded(file: Uint8Array<ArrayBuffer>, tell: (share: number) => void): Promise<Decoded> {
  if (file.length === 0) throw new RefusedError("empty-media");
  const { kind } = told(file);
  if (kind === undefined) throw new RefusedError("unsupported-media");
  if (kind === "AVIF") checkedBoxes(file, kind); // what is wrong with it is said before what is wrong with the engine
  const own = ownOf(kind);
  if (own) return byOurOwn(own, file, kind, tell);
  checkCanvas();
  if (kind === "AVIF" && !(await readsAvif())) throw new RefusedError("unsupported-media");
  return asDecoded(file, kind, tell);
}

/** Refuse a kind of picture that this browser does not open: only trying tells. `read` gives the whole file. */
export async function checkKind(kind: Kind, read: () => Promise<Uint8Array<ArrayBuffer>>): Promise<void> {
  if (ownOf(kind)) return;
  checkCanvas();
  if (kind === "HEIF" || (kind === "AVIF" && !(await readsAvif()))) (await decoded(await read(), () => undefined)).close();
}

function ownOf(kind: Kind): OwnDecoder | undefined {
  return kind === "HEIF" || (kind === "JPEG" && ownsJpeg) ? OWN_DECODERS[kind] : undefined;
}

/** Refuse what would be read from a canvas, where this browser changes what is read. */
export function checkCanvas(): void {
  if (!isCanvasTrue) throw new RefusedError("changed-pixels");
}

async function byOurOwn(decode: OwnDecoder, file: Uint8Array<ArrayBuffer>, kind: Kind, tell: (share: number) => void): Promise<Decoded> {
  const { parts, orientation } = await checked(file, kind);
  tell(CHECKED);
  const { data, width, height, channels } = await decode(new Uint8Array(await new Blob([...parts]).arrayBuffer()));
  checkSize(kind, width, height);
  tell(WALKED);
  return { pixels: arrayPixels(data, width, height, channels, orientation), isDoubtful: false, close: () => undefined };
}

async function asDecoded(file: Uint8Array<ArrayBuffer>, kind: Kind, tell: (share: number) => void): Promise<Decoded> {
  const { isDoubtful, ...picture } = { isDoubtful: false, ...(await checked(file, kind)) };
  tell(CHECKED);
  const bitmap = await bitmapOf(picture, kind);
  checkSize(kind, bitmap.width, bitmap.height);
  const { orientation } = picture;
  const pixels = { ...bitmapPixels(bitmap, orientation, (share) => { tell(DECODED + (WALKED - DECODED) * share); }), isOpaque: !picture.mayBeClear };
  if (!isTransparent(pixels)) return { pixels: { ...pixels, isOpaque: true }, isDoubtful, close: () => { bitmap.close(); } };
  if (kind === "GIF") throw new RefusedError("unsupported-media"); // no engine tells which colour is transparent
  const straight = arrayPixels(unpremultiplied(bitmap), pixels.width, pixels.height, 4, orientation);
  bitmap.close();
  return { pixels: straight, isDoubtful, close: () => undefined };
}

/** Check that a file is all there, and copy what its pixels need; throws `RefusedError`. */
export function checked(file: Uint8Array<ArrayBuffer>, kind: Kind): Checked | Promise<Checked> {
  switch (kind) {
    case "JPEG": return checkedJpeg(file);
    case "PNG": return checkedPng(file);
    case "WEBP": return checkedWebp(file);
    case "GIF": return checkedGif(file);
    case "BMP": return checkedBmp(file);
    default: return checkedBoxes(file, kind);
  }
}

async function bitmapOf({ parts, mayBeClear }: Checked, kind: Kind): Promise<ImageBitmap> {
  try {
    const whole = await new Blob([...parts]).arrayBuffer(); // Firefox decodes no blob of several parts
    return await createImageBitmap(new Blob([whole], { type: TYPES[kind] }), mayBeClear ? AS_STORED : OPAQUE_AS_STORED);
  } catch {
    if (kind === "HEIF") throw new RefusedError("second-page");
    if (kind === "AVIF" || kind === "BMP") throw new RefusedError("unsupported-media");
    return broken();
  }
}

/** The pixels of a bitmap, read band by band. */
export function bitmapPixels(bitmap: ImageBitmap, orientation: number, walked: (share: number) => void): Pixels {
  const { width, height } = bitmap;
  let board = new OffscreenCanvas(1, 1);
  const read = (left: number, top: number, wide: number, high: number): Uint8ClampedArray => {
    if (board.width !== wide || board.height < high || board.height > 2 * high) board = new OffscreenCanvas(wide, high);
    const drawn = board.getContext("2d", { willReadFrequently: true });
    if (!drawn) throw new RefusedError("media-too-large");
    drawn.globalCompositeOperation = "copy";
    drawn.imageSmoothingEnabled = false;
    drawn.drawImage(bitmap, -left, -top);
    return drawn.getImageData(0, 0, wide, high).data;
  };
  return {
    width,
    height,
    channels: 4,
    isOpaque: true,
    orientation,
    rows: (start, stop) => {
      walked(stop / height);
      return read(0, start, width, stop - start);
    },
    columns: (start, stop) => read(start, 0, stop - start, height),
  };
}

/** Read a bitmap without the canvas, which multiplies by alpha; refused where that cannot be done. */
function unpremultiplied(bitmap: ImageBitmap): Uint8Array {
  const { width, height } = bitmap;
  const drawn = new OffscreenCanvas(1, 1).getContext("webgl2");
  if (!drawn || Math.max(width, height) > (drawn.getParameter(drawn.MAX_TEXTURE_SIZE) as number)) throw new RefusedError("unsupported-media");
  drawn.pixelStorei(drawn.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  drawn.pixelStorei(drawn.UNPACK_COLORSPACE_CONVERSION_WEBGL, drawn.NONE);
  drawn.bindTexture(drawn.TEXTURE_2D, drawn.createTexture());
  drawn.texImage2D(drawn.TEXTURE_2D, 0, drawn.RGBA, drawn.RGBA, drawn.UNSIGNED_BYTE, bitmap);
  drawn.bindFramebuffer(drawn.FRAMEBUFFER, drawn.createFramebuffer());
  drawn.framebufferTexture2D(drawn.FRAMEBUFFER, drawn.COLOR_ATTACHMENT0, drawn.TEXTURE_2D, drawn.getParameter(drawn.TEXTURE_BINDING_2D) as WebGLTexture, 0);
  const read = new Uint8Array(4 * width * height);
  drawn.readPixels(0, 0, width, height, drawn.RGBA, drawn.UNSIGNED_BYTE, read);
  const isRead = drawn.getError() === drawn.NO_ERROR;
  drawn.getExtension("WEBGL_lose_context")?.loseContext();
  if (!isRead) throw new RefusedError("unsupported-media");
  return read;
}

/** Whether AVIF comes out as in the program; it is asked once. */
function readsAvif(): Promise<boolean> {
  return (avif ??= givesHash(TEST_AVIF, TEST_AVIF_HASH).catch(() => false));
}

async function givesHash(picture: string, value: string, own?: OwnDecoder): Promise<boolean> {
  const file = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const kind = told(file).kind!;
  const { pixels, close } = own ? await byOurOwn(own, file, kind, () => undefined) : await asDecoded(file, kind, () => undefined);
  const hash = hashTurned(pixels, [pixels.orientation]).get(pixels.orientation);
  close();
  return hash?.value === value;
}

/** Whether this browser gives back the pixels that it was given. */
async function givesBack(): Promise<boolean> {
  const side = 64;
  const sent = new Uint8ClampedArray(4 * side * side);
  const chance = new Uint32Array(side * side);
  crypto.getRandomValues(chance);
  chance.forEach((number, place) => { sent.set([number & 255, (number >> 8) & 255, (number >> 16) & 255, OPAQUE], 4 * place); });
  const bitmap = await createImageBitmap(new ImageData(sent, side, side), AS_STORED);
  const back = bitmapPixels(bitmap, 1, () => undefined).rows(0, side);
  return sent.every((sample, place) => sample === back[place]);
}

/**
 * Whether anything may be hashed here: what a canvas gives back was not changed, and a JPEG with a profile and a turn is decoded as stored.
 *
 * A decoder of our own stands in for the browser's, and for the canvas; what neither reads is refused (`checkCanvas`).
 */
export async function passesSelfTest(): Promise<boolean> {
  const tells = (answer: Promise<boolean>): Promise<boolean> => answer.catch(() => false);
  isCanvasTrue = await tells(givesBack());
  if (isCanvasTrue && (await tells(givesHash(TEST_JPEG, TEST_HASH)))) return true;
  ownsJpeg = OWN_DECODERS.JPEG !== undefined && (await tells(givesHash(TEST_JPEG, TEST_HASH, OWN_DECODERS.JPEG)));
  isCanvasTrue &&= ownsJpeg; // whoever asks all the same gets nothing
  return ownsJpeg;
}
