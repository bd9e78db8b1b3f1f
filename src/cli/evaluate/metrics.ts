import { type Addition, SIDES, type Side } from '../../../pipeline/index.js';
import {
  askedStyle,
  type ByLabel,
  type EstimateOf,
  identityMetrics,
  type IdentityMetrics,
  plainFaces,
} from './identity.js';
import type { SeenFace } from './face-reader.js';
import type { MeasuredAlbum, MeasuredFace, MeasuredPerson } from './measured.js';
import { estimate, estimateOverClasses, spreadOf, type MeanEstimate } from './statistics.js';

/** Degrees of yaw from which a face counts as turned to a side. */
const turned = 12;

/** Whether what was asked is seen: shares of portraits, no face counting as wrong; over all, then for each asked label. */
export interface ReadMetrics {
  readonly expressionAccuracy: MeanEstimate | undefined;
  readonly expressionAccuracyOf: EstimateOf;
  readonly sideAccuracy: MeanEstimate | undefined;
  readonly sideAccuracyOf: EstimateOf;
}

/** The metrics of the method; undefined where nothing was asked or found that it could be taken from. */
export interface EvaluationMetrics extends IdentityMetrics, ReadMetrics {
  /** What each further recogniser says of the same portraits, by its name. */
  readonly byRecogniser: Readonly<Record<string, IdentityMetrics>>;
  /** What each further reader of faces sees in the same portraits, by its name. */
  readonly byReader: Readonly<Record<string, ReadMetrics>>;
  /** Share of portraits in which a face is found. */
  readonly faceFound: MeanEstimate | undefined;
  /** Share of portraits in which the classifier reads the asked style: each style with equal weight, then for each. */
  readonly styleAccuracy: MeanEstimate | undefined;
  readonly styleAccuracyOf: EstimateOf;
  /** The same for what is asked to be added. */
  readonly accessoryAccuracy: MeanEstimate | undefined;
  readonly accessoryAccuracyOf: EstimateOf;
  readonly backdropAccuracy: MeanEstimate | undefined;
  readonly backdropAccuracyOf: EstimateOf;
  readonly lightAccuracy: MeanEstimate | undefined;
  readonly lightAccuracyOf: EstimateOf;
  /** Share of portraits whose expression differs from the input photo's. */
  readonly exprDiv: MeanEstimate | undefined;
  /** Mean difference to the input photo's pose, degrees. */
  readonly poseDivPitch: MeanEstimate | undefined;
  readonly poseDivYaw: MeanEstimate | undefined;
  /**
   * How much lighter the face of a portrait without a style is than the input photo's, CIE L*, with its sign and without;
   * and how much two photos of one person differ.
   */
  readonly lightnessShift: MeanEstimate | undefined;
  readonly lightnessDiv: MeanEstimate | undefined;
  readonly photosLightnessDiv: MeanEstimate | undefined;
  /** Mean cosine distance between the faces of one album. */
  readonly spread: MeanEstimate | undefined;
  readonly secondsPerAlbum: MeanEstimate | undefined;
}

/** Takes every metric over the measured people; `seed` draws the bootstrap samples. */
export function computeMetrics(people: readonly MeasuredPerson[], seed: number): EvaluationMetrics {
  const over = (values: (person: MeasuredPerson) => readonly number[]): MeanEstimate | undefined =>
    estimate(people.map(values), seed);
  const overFaces = (value: (face: MeasuredFace, person: MeasuredPerson) => number): MeanEstimate | undefined =>
    over((person) => facesOf(person).map((face) => value(face, person)));
  const each = (labels: readonly string[], hits: (person: MeasuredPerson, label: string) => number[]): EstimateOf =>
    Object.fromEntries(labels.map((label) => [label, over((person) => hits(person, label))]));
  const albums = people.flatMap((person) => person.albums);
  const byClass = (labels: readonly string[], hits: (person: MeasuredPerson, label: string) => number[]): ByLabel => ({
    all: estimateOverClasses(
      people.map((person) => labels.flatMap((label) => hits(person, label).map((value) => ({ label, value })))),
      seed,
    ),
    each: each(labels, hits),
  });
  const added = (kind: Addition): ByLabel =>
    byClass(
      distinct(albums.filter((album) => album.added.length > 0).map(({ asked }) => asked[kind])),
      (person, label) => addedHits(person, kind, label),
    );
  const styles = byClass(distinct(albums.filter((album) => album.styles.length > 0).map(askedStyle)), styleHits);
  const [accessories, backdrops, lights] = [added('accessory'), added('backdrop'), added('light')];
  return {
    ...identityMetrics(people, ({ embedding }) => embedding, seed),
    byRecogniser: Object.fromEntries(
      recognisersOf(people).map((name) => [name, identityMetrics(people, ({ further }) => further[name], seed)]),
    ),
    byReader: Object.fromEntries(
      readersOf(people).map((name) => [name, readMetrics(people, ({ seen }) => seen[name] ?? {}, seed)]),
    ),
    ...readMetrics(people, (face) => face, seed),
    faceFound: over((person) => person.albums.flatMap(({ faces }) => faces.map((face) => Number(face !== undefined)))),
    styleAccuracy: styles.all,
    styleAccuracyOf: styles.each,
    accessoryAccuracy: accessories.all,
    accessoryAccuracyOf: accessories.each,
    backdropAccuracy: backdrops.all,
    backdropAccuracyOf: backdrops.each,
    lightAccuracy: lights.all,
    lightAccuracyOf: lights.each,
    exprDiv: overFaces((face, { input }) => Number(face.expression !== input.expression)),
    poseDivPitch: overFaces((face, { input }) => Math.abs(face.pitch - input.pitch)),
    poseDivYaw: overFaces((face, { input }) => Math.abs(face.yaw - input.yaw)),
    lightnessShift: over((person) => lightnessShifts(person)),
    lightnessDiv: over((person) => lightnessShifts(person).map(Math.abs)),
    photosLightnessDiv: over(({ input, other }) => (other ? lighter(other, input).map(Math.abs) : [])),
    spread: over((person) => person.albums.flatMap(({ faces }) => spreadOf(embeddingsOf(faces)) ?? [])),
    secondsPerAlbum: over((person) => person.albums.map(({ seconds }) => seconds)),
  };
}

function lightnessShifts(person: MeasuredPerson): number[] {
  return plainFaces(person).flatMap((face) => lighter(face, person.input));
}

function lighter(one: MeasuredFace, other: MeasuredFace): number[] {
  return one.lightness === undefined || other.lightness === undefined ? [] : [one.lightness - other.lightness];
}

function facesOf({ albums }: MeasuredPerson): MeasuredFace[] {
  return albums.flatMap(({ faces }) => faces.filter((face) => face !== undefined));
}

function embeddingsOf(faces: MeasuredAlbum['faces']): Float32Array[] {
  return faces.flatMap((face) => face?.embedding ?? []);
}

function recognisersOf(people: readonly MeasuredPerson[]): string[] {
  return distinct(people.flatMap(({ input }) => Object.keys(input.further)));
}

function readersOf(people: readonly MeasuredPerson[]): string[] {
  return distinct(people.flatMap(({ input }) => Object.keys(input.seen)));
}

function readMetrics(
  people: readonly MeasuredPerson[],
  read: (face: MeasuredFace) => SeenFace,
  seed: number,
): ReadMetrics {
  const albums = people.flatMap((person) => person.albums);
  const photos = people.map(({ input }) => read(input));
  const hits =
    (asks: (album: MeasuredAlbum) => boolean, isHit: (face: SeenFace) => boolean) => (person: MeasuredPerson) =>
      person.albums
        .filter(asks)
        .flatMap(({ faces }) => faces.map((face) => Number(face !== undefined && isHit(read(face)))));
  const over = (labels: readonly string[], hitsOf: (label: string) => (person: MeasuredPerson) => number[]) => ({
    all: estimate(
      people.map((person) => labels.flatMap((label) => hitsOf(label)(person))),
      seed,
    ),
    each: Object.fromEntries(labels.map((label) => [label, estimate(people.map(hitsOf(label)), seed)])),
  });
  const expressions = photos.some(({ expression }) => expression)
    ? distinct(albums.map(({ asked }) => asked.expression))
    : [];
  const sides = photos.some(({ yaw }) => yaw !== undefined)
    ? SIDES.filter((side) => albums.some(({ asked }) => asked.side === side))
    : [];
  const expression = over(expressions, (label) =>
    hits(
      ({ asked }) => asked.expression === label,
      (face) => face.expression === label,
    ),
  );
  const side = over(sides, (label) =>
    hits(
      ({ asked }) => asked.side === label,
      ({ yaw }) => yaw !== undefined && sideOf(yaw) === label,
    ),
  );
  return {
    expressionAccuracy: expression.all,
    expressionAccuracyOf: expression.each,
    sideAccuracy: side.all,
    sideAccuracyOf: side.each,
  };
}

function distinct<T extends string>(labels: readonly (T | undefined)[]): T[] {
  return [...new Set(labels.filter((label) => label !== undefined))].sort();
}

function styleHits({ albums }: MeasuredPerson, wanted: string): number[] {
  return albums
    .filter((album) => askedStyle(album) === wanted)
    .flatMap(({ styles }) => styles.map((style) => Number(style === wanted)));
}

function addedHits({ albums }: MeasuredPerson, kind: Addition, wanted: string): number[] {
  return albums
    .filter(({ asked }) => asked[kind] === wanted)
    .flatMap(({ added }) => added.map((labels) => Number(labels[kind] === wanted)));
}

function sideOf(yaw: number): Side {
  if (Math.abs(yaw) <= turned) return 'front';
  return yaw > 0 ? 'right' : 'left';
}
