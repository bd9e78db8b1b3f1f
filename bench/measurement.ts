/** One figure, with what it was compared with where there is a peer. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'MiB' | 'ms' | '%' | '1/s' | 'interactions';
  /** The middle of how many runs. */
  readonly runs: number;
  /** Lowest and highest run. */
  readonly range: readonly [number, number];
  /** What the value is to stay under, where the project says so. */
  readonly goal?: number;
  /** The same work done by something else, and how many times longer that took. */
  readonly peer?: { readonly name: string; readonly value: number; readonly ratio: number };
}

/** The median of the runs, and their range. */
export function summarise(values: readonly number[]): Pick<Measurement, 'value' | 'runs' | 'range'> {
  const sorted = [...values].sort((a, b) => a - b);
  const [low = Number.NaN, high = Number.NaN] = [sorted[0], sorted.at(-1)];
  return { value: median(sorted), runs: sorted.length, range: [round(low), round(high)] };
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const around = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return round(around.reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0) / 2);
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
