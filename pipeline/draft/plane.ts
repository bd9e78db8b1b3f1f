import type { RgbImage } from '../image.js';

/** One number a pixel, row by row: a matte, a channel, how well a place was seen. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A channel of a picture, 0..1. */
export function channelOf({ width, height, data }: RgbImage, channel: number): Plane {
  const plane = new Float32Array(width * height);
  for (let pixel = 0, at = channel; pixel < plane.length; pixel++, at += 3) plane[pixel] = (data[at] ?? 0) / 255;
  return { width, height, data: plane };
}

/** The mean of each pixel's square neighbourhood of 2 `radius` + 1 pixels, cut off at the border. */
export function boxBlur(plane: Plane, radius: number): Plane {
  return blurDown(blurAcross(plane, radius), radius);
}

function blurAcross({ width, height, data }: Plane, radius: number): Plane {
  const blurred = new Float32Array(data.length);
  const shares = sharesOf(width, radius);
  for (let start = 0; start < width * height; start += width) {
    let sum = 0;
    for (let x = 0; x < Math.min(width, radius); x++) sum += data[start + x] ?? 0;
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += data[start + x + radius] ?? 0;
      if (x > radius) sum -= data[start + x - radius - 1] ?? 0;
      blurred[start + x] = sum * (shares[x] ?? 0);
    }
  }
  return { width, height, data: blurred };
}

/** Whole rows at a time: columns one by one would read memory in leaps. */
function blurDown({ width, height, data }: Plane, radius: number): Plane {
  const blurred = new Float32Array(data.length);
  const sums = new Float64Array(width);
  const shares = sharesOf(height, radius);
  for (let y = 0; y < Math.min(height, radius); y++) addRow(sums, data, { start: y * width, sign: 1 });
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addRow(sums, data, { start: (y + radius) * width, sign: 1 });
    if (y > radius) addRow(sums, data, { start: (y - radius - 1) * width, sign: -1 });
    const share = shares[y] ?? 0;
    for (let x = 0; x < width; x++) blurred[y * width + x] = (sums[x] ?? 0) * share;
  }
  return { width, height, data: blurred };
}

/** 1 by how many of the neighbours of each place there are, `radius` to either side. */
function sharesOf(count: number, radius: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, at) => 1 / (Math.min(count - 1, at + radius) - Math.max(0, at - radius) + 1),
  );
}

function addRow(
  sums: Float64Array,
  rows: Float32Array,
  { start, sign }: { readonly start: number; readonly sign: 1 | -1 },
): void {
  const count = sums.length;
  for (let x = 0; x < count; x++) sums[x] = (sums[x] ?? 0) + sign * (rows[start + x] ?? 0);
}

/** Three box blurs: near to a Gaussian of this standard deviation; less than half a pixel changes nothing. */
export function smooth(plane: Plane, sigma: number): Plane {
  const radius = Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
  return radius === 0 ? plane : boxBlur(boxBlur(boxBlur(plane, radius), radius), radius);
}

/** A plane at another size, bilinear; pixel centres as everywhere. Made for enlarging: see `shrink` for the other way. */
export function enlargePlane(plane: Plane, width: number, height: number): Plane {
  const data = new Float32Array(width * height);
  addEnlarged(data, plane, { width, height });
  return { width, height, data };
}

/** Adds a plane at another size, bilinear, to values of that size. */
export function addEnlarged(
  target: Float32Array,
  plane: Plane,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  const columns = placesOf(width, plane.width);
  const rows = placesOf(height, plane.height);
  const line = new Float32Array(plane.width);
  for (let y = 0; y < height; y++) {
    const above = (rows.first[y] ?? 0) * plane.width;
    const below = (rows.second[y] ?? 0) * plane.width;
    const down = rows.part[y] ?? 0;
    for (let x = 0; x < plane.width; x++) {
      line[x] = (plane.data[above + x] ?? 0) * (1 - down) + (plane.data[below + x] ?? 0) * down;
    }
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const part = columns.part[x] ?? 0;
      const value = (line[columns.first[x] ?? 0] ?? 0) * (1 - part) + (line[columns.second[x] ?? 0] ?? 0) * part;
      target[at] = (target[at] ?? 0) + value;
    }
  }
}

interface Places {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly part: Float32Array;
}

function placesOf(length: number, from: number): Places {
  const places = { first: new Int32Array(length), second: new Int32Array(length), part: new Float32Array(length) };
  for (let index = 0; index < length; index++) {
    const at = Math.min(from - 1, Math.max(0, ((index + 0.5) * from) / length - 0.5));
    places.first[index] = Math.floor(at);
    places.second[index] = Math.min(from - 1, Math.floor(at) + 1);
    places.part[index] = at - Math.floor(at);
  }
  return places;
}

/** A plane made smaller by a whole factor: the mean of each block; rows and columns that fill no block are left out. */
export function shrink({ width, height, data }: Plane, factor: number): Plane {
  const small = { width: Math.floor(width / factor), height: Math.floor(height / factor) };
  const means = new Float32Array(small.width * small.height);
  const share = 1 / (factor * factor);
  for (let y = 0; y < small.height * factor; y++) {
    const row = Math.floor(y / factor) * small.width;
    for (let x = 0, from = y * width; x < small.width; x++) {
      let sum = 0;
      for (const end = from + factor; from < end; from++) sum += data[from] ?? 0;
      means[row + x] = (means[row + x] ?? 0) + sum * share;
    }
  }
  return { ...small, data: means };
}

/** The numbers of the pixels from one place to another, both included, of those that a picture `size` pixels square has. */
export function* pixelsBetween(
  from: readonly [number, number],
  to: readonly [number, number],
  size: number,
): Generator<number> {
  const within = (value: number): number => Math.min(size - 1, Math.max(0, value));
  const [left, top] = [within(from[0]), within(from[1])];
  const [right, bottom] = [within(to[0]), within(to[1])];
  for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) yield y * size + x;
}
