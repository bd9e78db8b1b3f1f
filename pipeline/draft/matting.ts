import type { RgbImage } from '../image.js';
import { linearStep } from './linear-step.js';
import { boxBlur, channelOf, shrink, smooth, type Plane } from './plane.js';

/** A person cut out of a picture. */
export interface CutPerson {
  /** How much of each pixel is the person, 0..1. */
  readonly matte: Plane;
  /** The picture with the colours of the person alone: what was behind is taken out of its soft edge. */
  readonly colours: RgbImage;
}

/** Local colours are found this many times smaller: they change slowly. */
const COARSE = 4;
/** Lengths as parts of the picture's side. */
const REACH = {
  /** So far around a rough edge the true one is looked for. */
  band: 1 / 64,
  /** Standard deviation of the neighbourhood whose colours are compared. */
  colours: 1 / 55,
} as const;
/** Where a rough matte is above the first, far from its edge, there is person alone; below the second, none. */
const SURE = { in: 0.6, out: 0.4 } as const;
/** A rough edge is as blurred as it was enlarged; what lies between these becomes all of the way from nothing to person. */
const ROUGH = { from: 0.2, to: 0.8 } as const;
/** So much do cameras' noise and compression scatter any colour; of 1. */
const NOISE = 0.05;
/** Distance between the two colours, in their scatter, from which a pixel's own colour counts, and above which it alone does. */
const APART = { from: 1.2, to: 2.5 } as const;
/** Distance of a pixel's colour from the line between the two, of its length: above the first it counts less. */
const OFF_LINE = { from: 0.3, to: 0.7 } as const;
/**
 * So much of what is around a pixel, as far as the band reaches, has to be the person's for it to be, from nothing to all of
 * what its colour says: things behind that are coloured as the person is are not strands of hair.
 */
const NEAR = { from: 0.06, to: 0.25 } as const;
/** This part of a neighbourhood must be sure on either side. */
const ENOUGH = { from: 0.01, to: 0.03 } as const;

/**
 * Alpha matting by local colours: near the edge of a rough matte each pixel is placed on the line between the mean
 * colours of the person and of what is behind, as far as the two can be told apart there; elsewhere the rough matte stays,
 * sharpened. With the same two colours the pixel is unmixed (the compositing equation, Porter and Duff 1984).
 */
export function cutPerson(image: RgbImage, rough: Plane): CutPerson {
  const { width, height } = image;
  const inside = sureOf(rough, { above: SURE.in });
  const outside = sureOf(rough, { below: SURE.out });
  const lines = colourLines(image, { inside, outside });
  const near = boxBlur(shrink(rough, COARSE), bandOf(rough));
  const matte = new Float32Array(width * height);
  const colours = Uint8ClampedArray.from(image.data);
  for (let y = 0; y < height; y++) {
    const row = Math.min(inside.height - 1, Math.floor(y / COARSE)) * inside.width;
    for (let x = 0; x < width; x++) {
      const block = row + Math.min(inside.width - 1, Math.floor(x / COARSE));
      const pixel = y * width + x;
      if ((inside.data[block] ?? 0) > 0) matte[pixel] = 1;
      else if (outside.data[block] === 0) {
        readLine(lines, x, y);
        const alpha = unmix(colours, pixel * 3, steepen(rough.data[pixel] ?? 0));
        matte[pixel] = alpha * linearStep(near.data[block] ?? 0, NEAR);
      }
    }
  }
  return { matte: { width, height, data: matte }, colours: { width, height, data: new Uint8Array(colours.buffer) } };
}

/** How far the band reaches, in coarse pixels. */
function bandOf({ width }: Plane): number {
  return Math.max(1, Math.round((width * REACH.band) / COARSE));
}

/** 1 where a plane is above or below a value for as far around as the band reaches, else 0; coarse. */
function sureOf(
  rough: Plane,
  { above = -Infinity, below = Infinity }: { readonly above?: number; readonly below?: number },
): Plane {
  const is = Float32Array.from(rough.data);
  for (let pixel = 0; pixel < is.length; pixel++) {
    const value = is[pixel] ?? 0;
    is[pixel] = value > above && value < below ? 1 : 0;
  }
  const share = shrink({ ...rough, data: is }, COARSE);
  const around = boxBlur(share, bandOf(rough));
  return { ...around, data: around.data.map((value) => (value > 1 - 1e-4 ? 1 : 0)) };
}

/**
 * What `LINE` lists, of each place, coarse and interleaved: the mean colour behind and the way from it to the person's,
 * 0..1; from where to where along it a pixel turns from nothing into person; how far the line is to be trusted; whether
 * the person's colour is known.
 */
interface ColourLines {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

const LINE = { behind: 0, way: 3, least: 6, most: 7, trust: 8, known: 9, count: 10 } as const;

function colourLines(
  image: RgbImage,
  { inside, outside }: { readonly inside: Plane; readonly outside: Plane },
): ColourLines {
  const channels = [0, 1, 2].map((channel) => shrink(channelOf(image, channel), COARSE));
  const sigma = Math.max(1, (image.width * REACH.colours) / COARSE);
  const [person, behind] = [localColours(channels, inside, sigma), localColours(channels, outside, sigma)];
  const { width, height } = inside;
  const values = new Float32Array(width * height * LINE.count);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * LINE.count;
    let squares = 1e-4;
    for (let channel = 0; channel < 3; channel++) {
      const base = behind.means[channel]?.data[pixel] ?? 0;
      const way = (person.means[channel]?.data[pixel] ?? 0) - base;
      values[at + LINE.behind + channel] = base;
      values[at + LINE.way + channel] = way;
      squares += way * way;
    }
    const length = Math.sqrt(squares);
    const within = (person.scatter.data[pixel] ?? 0) / length;
    const without = (behind.scatter.data[pixel] ?? 0) / length;
    const counted = Math.min(person.count.data[pixel] ?? 0, behind.count.data[pixel] ?? 0);
    values[at + LINE.least] = Math.min(0.45, Math.max(0.05, without));
    values[at + LINE.most] = 1 - Math.min(0.45, Math.max(0.05, within));
    values[at + LINE.trust] = linearStep(1 / (within + without + NOISE / length), APART) * linearStep(counted, ENOUGH);
    values[at + LINE.known] = (person.count.data[pixel] ?? 0) > 1e-3 ? 1 : 0;
  }
  return { width, height, values };
}

/** Colours around each place, of the pixels that count: means, scatter, and how many they were. */
interface LocalColours {
  readonly means: readonly Plane[];
  readonly scatter: Plane;
  readonly count: Plane;
}

function localColours(channels: readonly Plane[], weight: Plane, sigma: number): LocalColours {
  const count = smooth(weight, sigma);
  const meanOf = (valueAt: (pixel: number) => number): Plane => {
    const sums = smooth({ ...weight, data: weight.data.map((part, pixel) => part * valueAt(pixel)) }, sigma);
    return { ...sums, data: sums.data.map((sum, pixel) => sum / ((count.data[pixel] ?? 0) + 1e-5)) };
  };
  const means = channels.map(({ data }) => meanOf((pixel) => data[pixel] ?? 0));
  const squares = meanOf((pixel) => channels.reduce((sum, { data }) => sum + (data[pixel] ?? 0) ** 2, 0));
  const data = squares.data.map((square, pixel) =>
    Math.sqrt(Math.max(0, square - means.reduce((sum, mean) => sum + (mean.data[pixel] ?? 0) ** 2, 0))),
  );
  return { means, scatter: { ...weight, data }, count };
}

/** The colour line of the pixel that is looked at: a call for each pixel makes no arrays. */
const HERE = new Float64Array(LINE.count);

/** Reads the lines at a fine pixel into `HERE`, bilinear. */
function readLine({ width, height, values }: ColourLines, x: number, y: number): void {
  const u = Math.min(width - 1, Math.max(0, (x + 0.5) / COARSE - 0.5));
  const v = Math.min(height - 1, Math.max(0, (y + 0.5) / COARSE - 0.5));
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const [across, down] = [u - column, v - row];
  const [next, below] = [Math.min(width - 1, column + 1), Math.min(height - 1, row + 1)];
  const [a, b] = [(row * width + column) * LINE.count, (row * width + next) * LINE.count];
  const [c, d] = [(below * width + column) * LINE.count, (below * width + next) * LINE.count];
  for (let index = 0; index < LINE.count; index++) {
    HERE[index] =
      ((values[a + index] ?? 0) * (1 - across) + (values[b + index] ?? 0) * across) * (1 - down) +
      ((values[c + index] ?? 0) * (1 - across) + (values[d + index] ?? 0) * across) * down;
  }
}

/** How much of a pixel is the person's, by the line in `HERE`; what is left of its colour is the person's. */
function unmix(colours: Uint8ClampedArray, at: number, rough: number): number {
  let [along, squares, length] = [0, 0, 1e-4];
  for (let channel = 0; channel < 3; channel++) {
    const from = (colours[at + channel] ?? 0) / 255 - (HERE[LINE.behind + channel] ?? 0);
    const way = HERE[LINE.way + channel] ?? 0;
    along += from * way;
    squares += from * from;
    length += way * way;
  }
  const off = Math.sqrt(Math.max(0, squares - (along * along) / length) / length);
  const trust = (HERE[LINE.trust] ?? 0) * (1 - linearStep(off, OFF_LINE));
  const exact = linearStep(along / length, { from: HERE[LINE.least] ?? 0, to: HERE[LINE.most] ?? 1 });
  const alpha = trust * exact + (1 - trust) * rough;
  // The less of the person is in a pixel, the less it tells of their colour.
  const known = (HERE[LINE.known] ?? 0) * (1 - alpha * alpha);
  for (let channel = 0; channel < 3; channel++) {
    const own = (colours[at + channel] ?? 0) / 255;
    const behind = HERE[LINE.behind + channel] ?? 0;
    const clean = alpha > 0.1 ? Math.min(1, Math.max(0, behind + (own - behind) / alpha)) : own;
    const unmixed = own + trust * (clean - own);
    colours[at + channel] = 255 * (unmixed + known * (behind + (HERE[LINE.way + channel] ?? 0) - unmixed));
  }
  return alpha;
}

/** A rough edge made as steep as an edge is. */
function steepen(value: number): number {
  const part = linearStep(value, ROUGH);
  return part * part * (3 - 2 * part);
}
