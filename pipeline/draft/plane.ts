/** One number a pixel, row by row: a matte, a channel, how well a place was seen. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** The mean of each pixel's square neighbourhood of 2 `radius` + 1 pixels, cut off at the border. */
export function boxBlur({ width, height, data }: Plane, radius: number): Plane {
  const across = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    let sum = 0;
    for (let x = 0; x < Math.min(width, radius); x++) sum += data[start + x] ?? 0;
    for (let x = 0; x < width; x++) {
      if (x + radius < width) sum += data[start + x + radius] ?? 0;
      if (x > radius) sum -= data[start + x - radius - 1] ?? 0;
      across[start + x] = sum / (Math.min(width - 1, x + radius) - Math.max(0, x - radius) + 1);
    }
  }
  // Whole rows at a time: columns one by one would read memory in leaps.
  const result = new Float32Array(data.length);
  const sums = new Float64Array(width);
  const add = (row: number, sign: number): void => {
    for (let x = 0; x < width; x++) sums[x] = (sums[x] ?? 0) + sign * (across[row * width + x] ?? 0);
  };
  for (let y = 0; y < Math.min(height, radius); y++) add(y, 1);
  for (let y = 0; y < height; y++) {
    if (y + radius < height) add(y + radius, 1);
    if (y > radius) add(y - radius - 1, -1);
    const count = Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1;
    for (let x = 0; x < width; x++) result[y * width + x] = (sums[x] ?? 0) / count;
  }
  return { width, height, data: result };
}

/** Three box blurs: near to a Gaussian of this standard deviation. */
export function smooth(plane: Plane, sigma: number): Plane {
  const radius = Math.max(1, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2));
  return boxBlur(boxBlur(boxBlur(plane, radius), radius), radius);
}
