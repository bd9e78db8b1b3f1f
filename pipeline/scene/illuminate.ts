import { enlargePlane } from '../draft/plane.js';
import type { Canvas } from './canvas.js';
import { luminance, smoothStep } from './colour.js';
import type { Light, Pool } from './lights.js';
import type { Person } from './person.js';
import { threeOf, type Three } from './planes.js';
import type { Relief } from './relief.js';

/** Lights a person: what their photo shows times what the lamps send, and light on their edges. */
export function lightPerson(person: Person, light: Light, relief: Relief): Person {
  const { size, matte } = person;
  const { rim, colourful = 1 } = light;
  const gains = lampLight(light, relief, size);
  const edge = rim && grown(rimLight(rim.from, relief), relief.side, size);
  const planes = person.planes.map((plane) => Float32Array.from(plane));
  const [reds, greens, blues] = threeOf(planes);
  const grey = matte.map((cover, pixel) =>
    cover === 0 ? 0 : luminance([reds[pixel] ?? 0, greens[pixel] ?? 0, blues[pixel] ?? 0]),
  );
  planes.forEach((plane, channel) => {
    const gain = gains[channel];
    const bright = rim?.colour[channel] ?? 0;
    for (let pixel = 0; pixel < matte.length; pixel++) {
      const level = grey[pixel] ?? 0;
      const own = (plane[pixel] ?? 0) * colourful + level * (1 - colourful);
      const shine = edge ? (edge[pixel] ?? 0) * (0.25 + 0.75 * Math.sqrt(level)) * bright : 0;
      plane[pixel] = own * (gain?.[pixel] ?? 1) + shine;
    }
  });
  return { size, planes: threeOf(planes), matte };
}

/** How much of a pool of light a black wall throws back: black paint is not quite black. */
const SHEEN = 0.12;

/** What is behind a person under the same light. */
export function lightBackdrop({ size, planes }: Canvas, light: Light): Canvas {
  const { behind, pool, blind = false } = light;
  const overall = (valueAt: (x: number, y: number) => number): Float32Array =>
    new Float32Array(size * size).map((_, pixel) => valueAt((pixel % size) / size, Math.floor(pixel / size) / size));
  const shade = overall((x, y) => cornersAt(light, x, y) * (blind ? 0.4 + 0.9 * blindAt(x, y, 0) : 1));
  const glow = pool ? glowOf(pool, size) : new Float32Array(size * size);
  const lit = planes.map((plane, channel) => {
    const [usual, pooled] = [behind[channel] ?? 1, pool?.colour[channel] ?? 0];
    const made = new Float32Array(plane.length);
    for (let pixel = 0; pixel < made.length; pixel++) {
      const value = plane[pixel] ?? 0;
      made[pixel] = (value * usual + (value + SHEEN) * pooled * (glow[pixel] ?? 0)) * (shade[pixel] ?? 1);
    }
    return made;
  });
  return { size, planes: threeOf(lit) };
}

function glowOf({ at, radius }: Pool, size: number): Float32Array {
  const [across, down] = at.map((middle) =>
    Float32Array.from({ length: size }, (_, place) => Math.exp(-(((place / size - middle) / radius) ** 2))),
  );
  const glow = new Float32Array(size * size);
  for (let pixel = 0; pixel < glow.length; pixel++) {
    glow[pixel] = (across?.[pixel % size] ?? 0) * (down?.[Math.floor(pixel / size)] ?? 0);
  }
  return glow;
}

/** How much light of each colour reaches every pixel. */
function lampLight(light: Light, { side, x, y }: Relief, size: number): Three {
  const gains = [0, 1, 2].map(() => new Float32Array(x.length));
  for (let pixel = 0; pixel < x.length; pixel++) {
    const [nx, ny] = [x[pixel] ?? 0, y[pixel] ?? 0];
    const nz = -Math.sqrt(Math.max(0, 1 - nx * nx - ny * ny));
    const place = [(pixel % side) / side, Math.floor(pixel / side) / side] as const;
    const barred = light.blind === true ? blindAt(...place, nx) : 1;
    const sum = [...light.ambient];
    for (const { from, colour, wrap } of light.lamps) {
      const facing = nx * from[0] + ny * from[1] + nz * from[2];
      const lit = (Math.max(0, facing + wrap) / (1 + wrap)) * barred;
      colour.forEach((value, channel) => (sum[channel] = (sum[channel] ?? 0) + value * lit));
    }
    const dark = cornersAt(light, ...place);
    gains.forEach((gain, channel) => (gain[pixel] = (sum[channel] ?? 0) * dark));
  }
  return threeOf(gains.map((gain) => grown(gain, side, size)));
}

function rimLight(from: readonly (1 | -1)[], { x, y, edge }: Relief): Float32Array {
  return edge.map((near, pixel) => {
    const side = Math.max(...from.map((way) => way * (x[pixel] ?? 0)));
    return near * Math.min(1, Math.max(0, side * 1.4 - 0.1 * (y[pixel] ?? 0) - 0.15));
  });
}

function grown(data: Float32Array, side: number, size: number): Float32Array {
  return enlargePlane({ width: side, height: side, data }, size, size).data;
}

function cornersAt({ corners = 0 }: Light, x: number, y: number): number {
  if (corners === 0) return 1;
  return 1 - corners * smoothStep(0.3, 0.75, Math.sqrt((x - 0.5) ** 2 + (y - 0.45) ** 2));
}

const BARS = 9;

/** Slanting bars of light, bent a little by what they fall on. */
function blindAt(x: number, y: number, bent: number): number {
  const place = (y + 0.22 * x + 0.05 * bent) * BARS;
  const bar = Math.abs(place - Math.floor(place) - 0.5) * 2;
  return 0.12 + 0.88 * smoothStep(0.28, 0.62, bar);
}
