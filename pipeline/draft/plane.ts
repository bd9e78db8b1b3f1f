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
  for (let y = 0; y < Math.min(height, radius); y++) addRow(sums, across, { start: y * width, sign: 1 });
  for (let y = 0; y < height; y++) {
    if (y + radius < height) addRow(sums, across, { start: (y + radius) * width, sign: 1 });
    if (y > radius) addRow(sums, across, { start: (y - radius - 1) * width, sign: -1 });
    const share = 1 / (Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1);
    for (let x = 0; x < width; x++) result[y * width + x] = (sums[x] ?? 0) * share;
  }
  return { width, height, data: result };
}

function addRow(
  sums: Float64Array,
  rows: Float32Array,
  { start, sign }: { readonly start: number; readonly sign: 1 | -1 },
): void {
  for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] ?? 0) + sign * (rows[start + x] ?? 0);
}

/** Three box blurs: near to a Gaussian of this standard deviation; less than half a pixel changes nothing. */
export function smooth(plane: Plane, sigma: number): Plane {
  const radius = Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
  return radius === 0 ? plane : boxBlur(boxBlur(boxBlur(plane, radius), radius), radius);
}

/** A plane at another size, bilinear; pixel centres as everywhere. Made for enlarging: see `shrink` for the other way. */
export function enlarge(plane: Plane, width: number, height: number): Plane {
  const columns = placesOf(width, plane.width);
  const rows = placesOf(height, plane.height);
  const data = new Float32Array(width * height);
  const line = new Float32Array(plane.width);
  for (let y = 0; y < height; y++) {
    const above = (rows.first[y] ?? 0) * plane.width;
    const below = (rows.second[y] ?? 0) * plane.width;
    const down = rows.part[y] ?? 0;
    for (let x = 0; x < plane.width; x++) {
      line[x] = (plane.data[above + x] ?? 0) * (1 - down) + (plane.data[below + x] ?? 0) * down;
    }
    for (let x = 0; x < width; x++) {
      const part = columns.part[x] ?? 0;
      data[y * width + x] =
        (line[columns.first[x] ?? 0] ?? 0) * (1 - part) + (line[columns.second[x] ?? 0] ?? 0) * part;
    }
  }
  return { width, height, data };
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
  const sums = new Float32Array(small.width * small.height);
  const share = 1 / (factor * factor);
  for (let y = 0; y < small.height * factor; y++) {
    const target = Math.floor(y / factor) * small.width;
    for (let x = 0; x < small.width * factor; x++) {
      const at = target + Math.floor(x / factor);
      sums[at] = (sums[at] ?? 0) + (data[y * width + x] ?? 0) * share;
    }
  }
  return { ...small, data: sums };
}
