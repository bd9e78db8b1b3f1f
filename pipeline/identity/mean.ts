/** The mean of vectors of one length, value by value. */
export function mean(vectors: readonly Float32Array[]): Float32Array {
  const length = vectors[0]?.length ?? 0;
  const result = new Float32Array(length);
  for (let index = 0; index < length; index++) {
    let sum = 0;
    for (const vector of vectors) sum += vector[index] ?? 0;
    result[index] = sum / vectors.length;
  }
  return result;
}

/** The mean of vectors, brought to L2 norm 1. */
export function normalisedMean(vectors: readonly Float32Array[]): Float32Array {
  const average = mean(vectors);
  const norm = Math.hypot(...average);
  return norm === 0 ? average : average.map((value) => value / norm);
}

/** The rows of a matrix that is stored row by row. */
export function rowsOf(values: Float32Array, rows: number): Float32Array[] {
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * width, (row + 1) * width));
}
