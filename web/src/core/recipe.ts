/**
 * A likely re-post, as data: one general canvas, laid on a picture.
 *
 * A recipe says, in this order, how far the picture is turned, what is cut off, what is added around it, in which grey, and
 * which orientation it ends in. Fractions are thousandths, rounded to whole pixels, halves to even. A new set is data alone.
 *
 * Source: `hashclient/hashing/reposts/recipe.py`.
 */
import { type Rectangle, UPRIGHT, roundHalfEven } from "./pixels";

/** One re-post, as the set of re-posts writes it; what is left out changes nothing. */
export interface Recipe {
  readonly variant: string;
  /** EXIF orientation, 1 to 8: the turn or mirror that comes last. */
  readonly orientation?: number;
  /** Tenths of a degree by which the picture is turned first, counter-clockwise. */
  readonly tenths?: number;
  /** What then becomes of the corners: they are filled, cut away, or cut away so that the picture keeps its shape. */
  readonly corners?: "filled" | "cut" | "shape";
  /** Thousandths cut off left, top, right and bottom; or a shape, and percent of the spare room before it. */
  readonly cut?: readonly number[];
  /** The same, added. */
  readonly pad?: readonly number[];
  /** What the thousandths that are added are of. */
  readonly of?: "sides" | "short" | "width";
  /** Luma, 0 to 255, of what is added, and of corners. */
  readonly fill?: number;
}

/** Where a re-post lies on an upright picture, before its orientation. */
export interface Canvas {
  /** The re-post; it may reach beyond the picture. */
  readonly whole: Rectangle;
  /** The part of the picture that it shows; all else of it is filled. */
  readonly inside: Rectangle;
  readonly fill: number;
  readonly degrees: number;
  readonly orientation: number;
}

const SHAPE = 3;

const widthOf = (box: Rectangle): number => box.right - box.left;
const heightOf = (box: Rectangle): number => box.bottom - box.top;
const [MOST_TENTHS, MOST_CUT, MOST_ADDED, MOST_RATIO] = [300, 450, 4000, 100];
const FIELDS = ["variant", "orientation", "tenths", "corners", "cut", "pad", "of", "fill"];

/** Read a recipe; throws where a field is unknown or out of range, or fields do not fit together. */
export function recipeOf(said: unknown): Recipe {
  const isWhole = (one: unknown, least: number, most: number): boolean => Number.isInteger(one) && (one as number) >= least && (one as number) <= most;
  const isPart = (part: unknown, most: number): boolean => {
    if (!Array.isArray(part)) return false;
    if (part.length === SHAPE) return isWhole(part[0], 1, MOST_RATIO) && isWhole(part[1], 1, MOST_RATIO) && isWhole(part[2], 0, 100);
    return part.length === 0 || (part.length === 4 && part.every((one) => isWhole(one, 0, most)));
  };
  const isObject = typeof said === "object" && said !== null && Object.keys(said).every((name) => FIELDS.includes(name));
  if (!isObject) throw new TypeError("no recipe");
  const { variant, orientation = UPRIGHT, tenths = 0, corners = "filled", cut = [], pad = [], of = "sides", fill = 0 } = said as Record<string, unknown>;
  const isNamed = typeof variant === "string" && variant.length <= 48 && /^[a-z]+[0-9]*([-+][a-z0-9]+){0,7}$/.test(variant);
  const isTurn = isWhole(orientation, 1, 8) && isWhole(tenths, -MOST_TENTHS, MOST_TENTHS) && isWhole(fill, 0, 255);
  const isKnown = ["filled", "cut", "shape"].includes(corners as string) && ["sides", "short", "width"].includes(of as string);
  const isLaid = isPart(cut, MOST_CUT) && isPart(pad, MOST_ADDED) && (tenths === 0 || (pad as unknown[]).length === 0);
  if (!isNamed || !isTurn || !isKnown || !isLaid) throw new TypeError("no recipe");
  return said as Recipe;
}

/** Place a re-post on an upright picture of so many pixels. */
export function canvasOf(recipe: Recipe, width: number, height: number): Canvas {
  const { orientation = UPRIGHT, tenths = 0, corners = "filled", cut = [], pad = [], of = "sides", fill = 0 } = recipe;
  let picture: Rectangle = { top: 0, bottom: height, left: 0, right: width };
  if (tenths !== 0 && corners !== "filled") {
    const [across, down] = cornersOff(width, height, tenths / 10, corners === "shape");
    picture = grown(picture, -across, -down, -across, -down);
  }
  const inside = cutBy(picture, cut);
  return { whole: paddedBy(inside, pad, of), inside, fill, degrees: tenths / 10, orientation };
}

/** Whether the re-post has detail that the picture has not: a frame, or what a turn brings. */
export function bringsEdges({ whole, inside, degrees }: Canvas): boolean {
  const isSame = whole.top === inside.top && whole.bottom === inside.bottom;
  return degrees !== 0 || !isSame || whole.left !== inside.left || whole.right !== inside.right;
}

function grown(box: Rectangle, left: number, top: number, right: number, bottom: number): Rectangle {
  return { top: box.top - top, bottom: box.bottom + bottom, left: box.left - left, right: box.right + right };
}

function cutBy(box: Rectangle, cut: readonly number[]): Rectangle {
  if (cut.length !== SHAPE) return byParts(box, cut, widthOf(box), heightOf(box), -1);
  const [across, down] = missing(box, cut);
  return byPlace(box, -across, -down, cut[2]!, -1);
}

function paddedBy(box: Rectangle, pad: readonly number[], of: "sides" | "short" | "width"): Rectangle {
  if (pad.length !== SHAPE) {
    const short = Math.min(widthOf(box), heightOf(box));
    return byParts(box, pad, of === "short" ? short : widthOf(box), { sides: heightOf(box), short, width: widthOf(box) }[of], 1);
  }
  const [across, down] = missing(box, pad);
  return byPlace(box, across, down, pad[2]!, 1);
}

/** Pixels that a box lacks of a shape, across for its height and down for its width; negative where it has too many. */
function missing(box: Rectangle, [wide, high]: readonly number[]): [number, number] {
  return [roundHalfEven((heightOf(box) * wide!) / high!) - widthOf(box), roundHalfEven((widthOf(box) * high!) / wide!) - heightOf(box)];
}

/** A box grown by thousandths of `across` left and right and of `down` above and below; cut by them where `sign` is -1. */
function byParts(box: Rectangle, parts: readonly number[], across: number, down: number, sign: 1 | -1): Rectangle {
  if (parts.length === 0) return box;
  const [left, top, right, bottom] = parts.map((part, side) => sign * roundHalfEven((part / 1000) * (side % 2 ? down : across)));
  return grown(box, left!, top!, right!, bottom!);
}

/** A box grown, or cut, by so many pixels in all, `place` percent of them before it. */
function byPlace(box: Rectangle, across: number, down: number, place: number, sign: 1 | -1): Rectangle {
  [across, down] = [Math.max(0, across), Math.max(0, down)];
  const left = Math.floor((across * place) / 100);
  const top = Math.floor((down * place) / 100);
  return grown(box, sign * left, sign * top, sign * (across - left), sign * (down - top));
}

/** Pixels to cut off left and right, and above and below, so that no corner of a turned picture shows. */
function cornersOff(width: number, height: number, degrees: number, keepsShape: boolean): [number, number] {
  const angle = Math.abs(degrees) * (Math.PI / 180);
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  if (keepsShape) {
    const less = Math.min(width / (width * cosine + height * sine), height / (height * cosine + width * sine));
    return [Math.ceil((width * (1 - less)) / 2), Math.ceil((height * (1 - less)) / 2)];
  }
  const stretch = cosine * cosine - sine * sine;
  const inside = [(width * cosine - height * sine) / stretch, (height * cosine - width * sine) / stretch] as const;
  return [Math.ceil((width - inside[0]) / 2), Math.ceil((height - inside[1]) / 2)];
}
