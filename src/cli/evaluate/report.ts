import type { Manifest } from '../../../pipeline/index.js';
import type { Translate } from '../../language/texts.js';
import type { MeasuredPerson } from './measured.js';
import { computeMetrics, type EvaluationMetrics } from './metrics.js';
import type { Settings } from './options.js';
import { splitByCandidates, splitByGroup, withCandidates, type Part } from './split.js';
import type { MeanEstimate } from './statistics.js';

/** What an evaluation was made with and what came out. */
export interface Outcome extends Settings {
  readonly manifest: Pick<Manifest, 'name' | 'version'>;
  readonly seed: number;
  readonly measured: readonly MeasuredPerson[];
  /** Names of people whose first photo could not be used. */
  readonly skipped: readonly string[];
}

/** The figures of an evaluation. Where several numbers of candidates were tried, `metrics` and `groups` are of the last. */
export interface Evaluation {
  readonly bundle: { readonly name: string; readonly version: string };
  readonly seed: number;
  readonly settings: Settings['settings'] & { readonly candidatesPerPortrait: Settings['candidates'] };
  readonly people: number;
  readonly skipped: readonly string[];
  readonly albums: number;
  readonly images: number;
  readonly metrics: EvaluationMetrics;
  readonly byCandidates: Readonly<Record<string, Part>>;
  readonly groups: Readonly<Record<string, Readonly<Record<string, Part>>>>;
}

/** Takes every figure from what was measured. */
export function evaluationOf({ manifest, seed, settings, candidates, measured, skipped }: Outcome): Evaluation {
  const { name, version } = manifest;
  const albums = measured.flatMap((person) => person.albums);
  const last = withCandidates(measured, candidates.at(-1));
  return {
    bundle: { name, version },
    seed,
    settings: { ...settings, candidatesPerPortrait: candidates },
    people: measured.length,
    skipped,
    albums: albums.length,
    images: albums.reduce((sum, { faces }) => sum + faces.length, 0),
    metrics: computeMetrics(last, seed),
    byCandidates: splitByCandidates(measured, seed),
    groups: splitByGroup(last, seed),
  };
}

/** The evaluation as one JSON object; metrics stand under their names as mean, 95 % interval and count. */
export function describeAsJson({ metrics, ...rest }: Evaluation): string {
  return `${JSON.stringify({ ...rest, ...metrics }, round, 2)}\n`;
}

/** The evaluation as lines of text: a metric a line, then the chief ones for each number of candidates and each group. */
export function describeAsTable({ metrics, byCandidates, groups, people, albums }: Evaluation, t: Translate): string {
  const parts = Object.entries({ candidates: byCandidates, ...groups }).flatMap(([kind, named]) =>
    Object.entries(named).flatMap(([name, part]) => chiefRows(`${kind} ${name}`, part)),
  );
  // First what others say that the model was not made to please.
  const { byRecogniser, byReader, ...own } = metrics;
  const rows = [...rowsOf({ byRecogniser, byReader }), ...rowsOf(own), ...parts].map(([metric, value]) =>
    row(metric, value, t),
  );
  return `${[...rows, t('cli.evaluate.people', { count: people, albums })].join('\n')}\n`;
}

type Row = readonly [metric: string, value: MeanEstimate | number];
type Figure = MeanEstimate | number | undefined | { readonly [name: string]: Figure };

/** Every figure under its names, outer ones last: `idSim`, then `idSim of face-api`. */
function rowsOf(figures: object, of: readonly string[] = []): Row[] {
  return Object.entries(figures).flatMap(([name, value]: [string, Figure]) => {
    const metric = [name, ...of].join(' of ');
    if (value === undefined) return [];
    if (typeof value === 'number' || isEstimate(value)) return [[metric, value] as const];
    return name === 'byRecogniser' || name === 'byReader' ? byName(value) : labelled(metric, value);
  });
}

function byName(others: object): Row[] {
  return Object.entries(others).flatMap(([name, figures]) => rowsOf(figures, [name]));
}

function labelled(metric: string, figures: object): Row[] {
  return Object.entries(figures).flatMap(([label, value]: [string, Figure]) =>
    isEstimate(value) ? [[`${metric} ${label}`, value] as const] : [],
  );
}

function isEstimate(value: Figure): value is MeanEstimate {
  return typeof value === 'object' && typeof value['mean'] === 'number';
}

const chief = [
  'idSim',
  'idSimOtherPhoto',
  'idSimStyles',
  'idSimAccessories',
  'idSimBackdrops',
  'idSimLights',
  'expressionAccuracy',
  'sideAccuracy',
  'faceFound',
  'lightnessShift',
  'lightnessDiv',
] as const;

function chiefRows(part: string, { metrics }: Part): Row[] {
  return chief.flatMap((metric) => {
    const value = metrics[metric];
    return value === undefined ? [] : [[`${part}: ${metric}`, value] as const];
  });
}

function row(metric: string, value: MeanEstimate | number, t: Translate): string {
  const name = metric.padEnd(36);
  if (typeof value === 'number') return `${name}  ${value.toFixed(3)}`;
  const { mean, low, high, count } = value;
  const [shown = '', from = '', to = ''] = [mean, low, high].map((figure) => figure.toFixed(3));
  return t('cli.evaluate.row', { metric: name, mean: shown, low: from, high: to, count });
}

function round(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toFixed(4)) : value;
}
