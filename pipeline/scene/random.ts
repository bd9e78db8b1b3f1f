import { uniformNumbers } from '../diffusion/noise.js';

/** Numbers from 0 up to 1, one a call; the same seed gives the same ones. */
export type Random = () => number;

/** Numbers of a stream of its own for each seed and name. */
export function createRandom(seed: number, name: string): Random {
  let key = 0x811c9dc5;
  for (const letter of name) key = Math.imul(key ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  let numbers: readonly number[] = [];
  let block = 0;
  return () => {
    if (numbers.length === 0) {
      numbers = uniformNumbers([block, 0, 2, 0], [seed >>> 0, key]);
      block += 1;
    }
    const [number = 0, ...rest] = numbers;
    numbers = rest;
    return number;
  };
}

/** A number between two. */
export function between(random: Random, least: number, most: number): number {
  return least + (most - least) * random();
}

/** Smooth noise over the plane, 0..1, mean a half: a lattice with period 256. */
export type Noise = (x: number, y: number) => number;

const PERIOD = 256;

/** Value noise of one octave. */
export function createNoise(random: Random): Noise {
  const values = Float32Array.from({ length: PERIOD * PERIOD }, () => 0);
  // A hash of two tables of numbers is as good as a table of all, and 100 times as fast to make.
  const [across, down] = [0, 1].map(() => Uint32Array.from({ length: PERIOD }, () => Math.floor(random() * 2 ** 32)));
  for (let at = 0; at < values.length; at++) {
    let mixed =
      Math.imul((across?.[at % PERIOD] ?? 0) ^ 0x9e3779b9, 0x85ebca6b) ^ (down?.[Math.floor(at / PERIOD)] ?? 0);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
    values[at] = ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }
  return (x, y) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [x - left, y - top];
    const [s, t] = [u * u * (3 - 2 * u), v * v * (3 - 2 * v)];
    const [a, b] = [left & 255, (left + 1) & 255];
    const [c, d] = [(top & 255) * PERIOD, ((top + 1) & 255) * PERIOD];
    const above = (values[c + a] ?? 0) * (1 - s) + (values[c + b] ?? 0) * s;
    const below = (values[d + a] ?? 0) * (1 - s) + (values[d + b] ?? 0) * s;
    return above + (below - above) * t;
  };
}

/** Noise of several octaves, each twice as fine and half as strong; about 0..1. */
export function fractal(noise: Noise, octaves: number): Noise {
  return (x, y) => {
    let [sum, weight, scale] = [0, 0, 1];
    for (let octave = 0; octave < octaves; octave++) {
      sum += noise(x * scale + octave * 17.3, y * scale + octave * 9.1) / scale;
      weight += 1 / scale;
      scale *= 2;
    }
    return sum / weight;
  };
}
