import type { Translate } from '../../texts.js';
import type { Measuring } from './measure.js';
import type { MeasuredPerson, Metrics } from './metrics.js';
import type { Estimate } from './statistics.js';

/** The outcome of an evaluation and what it was made with. */
export interface Evaluation {
  readonly bundle: { readonly name: string; readonly version: string };
  readonly seed: number;
  readonly settings: Measuring['settings'];
  readonly measured: readonly MeasuredPerson[];
  /** Names of people whose first photo could not be used. */
  readonly skipped: readonly string[];
  readonly metrics: Metrics;
}

/** The evaluation as one JSON object, metrics under their names as mean, 95 % interval and count. */
export function describeAsJson({ measured, metrics, ...rest }: Evaluation): string {
  const albums = measured.flatMap((person) => person.albums);
  const images = albums.reduce((sum, { faces }) => sum + faces.length, 0);
  const report = { ...rest, people: measured.length, albums: albums.length, images, ...metrics };
  return `${JSON.stringify(report, round, 2)}\n`;
}

/** The evaluation as lines of text, a metric a line. */
export function describeAsTable({ measured, metrics }: Evaluation, t: Translate): string {
  const { expressionAccuracyOf, ...single } = metrics;
  const each = Object.entries(expressionAccuracyOf).map(
    ([label, value]) => [`expressionAccuracy ${label}`, value] as const,
  );
  const rows = [...Object.entries(single), ...each].flatMap(([metric, value]) =>
    value === undefined ? [] : [row(metric, value, t)],
  );
  const albums = measured.reduce((sum, person) => sum + person.albums.length, 0);
  return `${[...rows, t('cli.evaluate.people', { count: measured.length, albums })].join('\n')}\n`;
}

function row(metric: string, { mean, low, high, count }: Estimate, t: Translate): string {
  const [shown, from, to] = [mean, low, high].map((value) => value.toFixed(3));
  return t('cli.evaluate.row', {
    metric: metric.padEnd(28),
    mean: shown ?? '',
    low: from ?? '',
    high: to ?? '',
    count,
  });
}

function round(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(4)) : value;
}
