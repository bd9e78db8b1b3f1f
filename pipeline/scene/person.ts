import type { CutOut } from '../draft/cut-out.js';
import type { Canvas } from './canvas.js';
import { encodedOf, linearOf } from './colour.js';
import { softened, threeOf } from './planes.js';

/** A person cut out, in linear light: colours without anything behind them, and the matte, 0..1. */
export interface Person extends Canvas {
  readonly matte: Float32Array;
}

const STEPS = 4096;
const LINEAR = Float32Array.from({ length: STEPS + 1 }, (_, step) => linearOf(step / STEPS));
const ENCODED = Float32Array.from({ length: STEPS + 1 }, (_, step) => encodedOf((step / STEPS) ** 2));

/** One value of linear light as a byte of sRGB, by a table that is finest in the dark. */
export function byteOf(value: number): number {
  const place = Math.sqrt(Math.min(1, Math.max(0, value))) * STEPS;
  return Math.round(255 * (ENCODED[Math.round(place)] ?? 0));
}

/** From this matte on a pixel shows the person alone. */
const WHOLE = 0.98;
/** Colours of an edge come from within this part of the picture's side. */
const REACH = 1 / 90;
/** A matte is made steeper: outlines tuned for a grey wall look blurred before a bright or dark place. */
const STEEP = { out: 0.1, in: 0.9 } as const;

/** The person of a cut-out; colours where the matte is partial come from inside, so that no rim of an old backdrop is left. */
export function personOf({ size, data }: CutOut): Person {
  const plane = size * size;
  const read = data.subarray(3 * plane);
  const inner = insideOf(read, size);
  const weight = softened(inner, size, size * REACH);
  const planes = [0, 1, 2].map((channel) => {
    const own = linearPlane(data.subarray(channel * plane, (channel + 1) * plane), read);
    return cleaned(own, { inner, weight, matte: read, size });
  });
  const matte = read.map((value) => Math.min(1, Math.max(0, (value - STEEP.out) / (STEEP.in - STEEP.out))));
  return { size, planes: threeOf(planes), matte };
}

/** A channel of a cut-out, which lies over grey, in linear light and without the grey. */
function linearPlane(channel: Float32Array, matte: Float32Array): Float32Array {
  const linear = new Float32Array(channel.length);
  for (let pixel = 0; pixel < channel.length; pixel++) {
    const cover = matte[pixel] ?? 0;
    if (cover < 0.004) continue;
    const value = ((channel[pixel] ?? 0) - 0.5) / cover + 0.5;
    linear[pixel] = LINEAR[Math.round(Math.min(1, Math.max(0, value)) * STEPS)] ?? 0;
  }
  return linear;
}

interface Inside {
  /** 1 where a pixel and its neighbours show the person alone. */
  readonly inner: Float32Array;
  /** The same, spread out. */
  readonly weight: Float32Array;
  readonly matte: Float32Array;
  readonly size: number;
}

/** A channel whose soft edge has the colours of what is inside it. */
function cleaned(own: Float32Array, { inner, weight, matte, size }: Inside): Float32Array {
  const weighed = new Float32Array(own.length);
  for (let pixel = 0; pixel < own.length; pixel++) weighed[pixel] = (own[pixel] ?? 0) * (inner[pixel] ?? 0);
  const sums = softened(weighed, size, size * REACH);
  for (let pixel = 0; pixel < own.length; pixel++) {
    const cover = matte[pixel] ?? 0;
    const near = weight[pixel] ?? 0;
    if (cover === 0 || near < 1e-3 || inner[pixel] === 1) continue;
    const kept = cover ** 6;
    own[pixel] = (own[pixel] ?? 0) * kept + ((sums[pixel] ?? 0) / near) * (1 - kept);
  }
  return own;
}

function insideOf(matte: Float32Array, size: number): Float32Array {
  const near = 2;
  const inner = new Float32Array(matte.length);
  for (let pixel = 0; pixel < matte.length; pixel++) {
    const isWhole =
      (matte[pixel] ?? 0) >= WHOLE &&
      (matte[pixel - near] ?? 1) >= WHOLE &&
      (matte[pixel + near] ?? 1) >= WHOLE &&
      (matte[pixel - near * size] ?? 1) >= WHOLE &&
      (matte[pixel + near * size] ?? 1) >= WHOLE;
    if (isWhole) inner[pixel] = 1;
  }
  return inner;
}
