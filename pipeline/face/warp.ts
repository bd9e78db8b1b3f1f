import type { RgbImage, Size } from '../image.js';
import { applyAffine, invertAffine, scaleOf, type Affine, type Box, type Point } from './geometry.js';

/** What lies outside the picture: its border pixels repeated, or one grey level (0..255). */
export type Border = 'replicate' | number;

/** A map from the picture to the result, the result's size, and what lies outside (`replicate` unless told otherwise). */
export interface WarpOptions {
  readonly map: Affine;
  readonly size: Size;
  readonly border?: Border;
}

/**
 * Draws a picture through a map with bilinear interpolation, equal to OpenCV's `warpAffine` (INTER_LINEAR) within a grey
 * level. Where the map shrinks to a half or less, blocks of pixels are averaged first, so that nothing is skipped: bilinear
 * interpolation alone reads four pixels and would alias.
 */
export function warp(image: RgbImage, { map, size, border = 'replicate' }: WarpOptions): RgbImage {
  const back = invertAffine(map);
  const block = Math.max(1, Math.floor(scaleOf(back) + 1e-9));
  if (block === 1) return sample(image, back, { size, border });
  const region = regionSeen(image, back, size);
  if (region.width <= 0 || region.height <= 0) return sample(image, back, { size, border });
  const small = averageBlocks(image, region, block);
  const toSmall = (value: number, start: number) => (value - start + 0.5) / block - 0.5;
  const [a, b, c, d, e, f] = back;
  const backToSmall: Affine = [a / block, b / block, toSmall(c, region.x), d / block, e / block, toSmall(f, region.y)];
  return sample(small, backToSmall, { size, border });
}

/** The part of the picture a result of this size reads, in whole pixels and with a margin; empty when it reads none. */
function regionSeen(image: RgbImage, back: Affine, { width, height }: Size): Box {
  const frame: Point[] = [
    [0, 0],
    [width - 1, 0],
    [0, height - 1],
    [width - 1, height - 1],
  ];
  const corners = frame.map((corner) => applyAffine(back, corner));
  const margin = Math.ceil(scaleOf(back)) * 2;
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const x = Math.max(0, Math.floor(Math.min(...xs)) - margin);
  const y = Math.max(0, Math.floor(Math.min(...ys)) - margin);
  const right = Math.min(image.width, Math.ceil(Math.max(...xs)) + margin + 1);
  const bottom = Math.min(image.height, Math.ceil(Math.max(...ys)) + margin + 1);
  return { x, y, width: right - x, height: bottom - y };
}

/** Averages blocks of `block` x `block` pixels of a region; the last row and column average what is left. */
function averageBlocks(image: RgbImage, region: Box, block: number): RgbImage {
  const [width, height] = [Math.ceil(region.width / block), Math.ceil(region.height / block)];
  const data = new Uint8Array(width * height * 3);
  const sums = new Float64Array(width * 3);
  for (let row = 0; row < height; row++) {
    const top = region.y + row * block;
    const bottom = Math.min(top + block, region.y + region.height);
    sums.fill(0);
    for (let y = top; y < bottom; y++) addRow({ image, region, block, y }, sums);
    for (let column = 0; column < width; column++) {
      const count = Math.min(block, region.width - column * block) * (bottom - top);
      for (let channel = 0; channel < 3; channel++) {
        data[(row * width + column) * 3 + channel] = Math.round((sums[column * 3 + channel] ?? 0) / count);
      }
    }
  }
  return { width, height, data };
}

function addRow(from: { image: RgbImage; region: Box; block: number; y: number }, sums: Float64Array): void {
  const { image, region, block, y } = from;
  let source = (y * image.width + region.x) * 3;
  for (let start = 0, target = 0; start < region.width; start += block, target += 3) {
    const end = Math.min(start + block, region.width);
    let [red, green, blue] = [0, 0, 0];
    for (let x = start; x < end; x++, source += 3) {
      red += image.data[source] ?? 0;
      green += image.data[source + 1] ?? 0;
      blue += image.data[source + 2] ?? 0;
    }
    sums[target] = (sums[target] ?? 0) + red;
    sums[target + 1] = (sums[target + 1] ?? 0) + green;
    sums[target + 2] = (sums[target + 2] ?? 0) + blue;
  }
}

/** Bilinear sampling at `back(x, y)` for every pixel of the result. */
function sample(image: RgbImage, back: Affine, { size, border }: SampleOptions): RgbImage {
  const data = new Uint8Array(size.width * size.height * 3);
  const row = { image, back, border, data: new Uint8Array(size.width * 3) };
  for (let y = 0; y < size.height; y++) {
    sampleRow(row, y);
    data.set(row.data, y * row.data.length);
  }
  return { ...size, data };
}

interface SampleOptions {
  readonly size: Size;
  readonly border: Border;
}

/** Fills one row: each pixel blends the four around its source; beyond the border the nearest pixel stands in. */
function sampleRow(row: { image: RgbImage; back: Affine; border: Border; data: Uint8Array }, y: number): void {
  const { width, height, data: source } = row.image;
  const [a, b, c, d, e, f] = row.back;
  const target = row.data;
  for (let x = 0, index = 0; index < target.length; x++, index += 3) {
    const sourceX = a * x + b * y + c;
    const sourceY = d * x + e * y + f;
    if (row.border !== 'replicate' && isOutside(row.image, sourceX, sourceY)) {
      target.fill(row.border, index, index + 3);
      continue;
    }
    const left = Math.floor(sourceX);
    const top = Math.floor(sourceY);
    const upper = clamp(top, height) * width;
    const lower = clamp(top + 1, height) * width;
    const [p, q] = [(upper + clamp(left, width)) * 3, (upper + clamp(left + 1, width)) * 3];
    const [r, s] = [(lower + clamp(left, width)) * 3, (lower + clamp(left + 1, width)) * 3];
    for (let channel = 0; channel < 3; channel++) {
      const above = mix(source[p + channel] ?? 0, source[q + channel] ?? 0, sourceX - left);
      const below = mix(source[r + channel] ?? 0, source[s + channel] ?? 0, sourceX - left);
      target[index + channel] = mix(above, below, sourceY - top) + 0.5;
    }
  }
}

function isOutside({ width, height }: Size, x: number, y: number): boolean {
  return x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5;
}

function mix(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}

function clamp(index: number, length: number): number {
  return Math.min(length - 1, Math.max(0, index));
}
