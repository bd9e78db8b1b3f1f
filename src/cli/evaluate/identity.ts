import { ADDITIONS, type Addition } from '../../../pipeline/index.js';
import type { MeasuredAlbum, MeasuredFace, MeasuredPerson } from './measured.js';
import { PLAIN_STYLE } from './plan.js';
import { cosine, estimate, estimateOverClasses, type ClassedValue, type MeanEstimate } from './statistics.js';

/** A figure for each label. */
export type EstimateOf = Readonly<Record<string, MeanEstimate | undefined>>;

/** How like the person the portraits are, to one recogniser. Cosines; portraits without a face have none. */
export interface IdentityMetrics {
  /** Portraits that ask for no style and for nothing to be added, to the input photo. */
  readonly idSim: MeanEstimate | undefined;
  /** The same portraits to another photo of the person, which the model never saw. */
  readonly idSimOtherPhoto: MeanEstimate | undefined;
  /** The same portraits to the other people's input photos. */
  readonly idSimOthers: MeanEstimate | undefined;
  /** Portraits in a style to the input photo: over all asked styles, each with equal weight, then for each. */
  readonly idSimStyles: MeanEstimate | undefined;
  readonly idSimOfStyle: EstimateOf;
  /** Portraits without a style that something is added to, to the input photo, in the same way. */
  readonly idSimAccessories: MeanEstimate | undefined;
  readonly idSimOfAccessory: EstimateOf;
  readonly idSimBackdrops: MeanEstimate | undefined;
  readonly idSimOfBackdrop: EstimateOf;
  readonly idSimLights: MeanEstimate | undefined;
  readonly idSimOfLight: EstimateOf;
  /** What this recogniser says of the photos themselves: two of one person, and input photos of two people. */
  readonly photosSame: MeanEstimate | undefined;
  readonly photosOthers: MeanEstimate | undefined;
  /**
   * `idSim` and `idSimOtherPhoto` on that scale: 0 like two people's photos, 1 like two photos of one person. Alone
   * comparable between recognisers, whose cosines are not.
   */
  readonly idSimScaled: number | undefined;
  readonly idSimOtherPhotoScaled: number | undefined;
}

/** What a recogniser sees of a face; nothing where it was not shown one. */
export type Embed = (face: MeasuredFace) => Float32Array | undefined;

/** Takes the metrics of one recogniser; `seed` draws the bootstrap samples. */
export function identityMetrics(people: readonly MeasuredPerson[], embed: Embed, seed: number): IdentityMetrics {
  const alike = (one: MeasuredFace, other: MeasuredFace | undefined): number[] => similarity(embed, one, other);
  const overPlain = (value: (face: MeasuredFace, person: MeasuredPerson) => number[]): MeanEstimate | undefined =>
    estimate(
      people.map((person) => plainFaces(person).flatMap((face) => value(face, person))),
      seed,
    );
  const toOthers = (face: MeasuredFace, self: MeasuredPerson): number[] =>
    mean(people.filter((person) => person !== self).flatMap(({ input }) => alike(face, input)));
  const byLabel = (labelOf: LabelOf): ByLabel => {
    const values = people.map((person) =>
      labelledFaces(person, labelOf).flatMap(({ label, face }) =>
        alike(face, person.input).map((value) => ({ label, value })),
      ),
    );
    return { all: estimateOverClasses(values, seed), each: estimateOfEach(values, seed) };
  };
  const [styles, accessories] = [byLabel(askedStyle), byLabel((album) => askedAddition(album, 'accessory'))];
  const [backdrops, lights] = [
    byLabel((album) => askedAddition(album, 'backdrop')),
    byLabel((album) => askedAddition(album, 'light')),
  ];
  const idSim = overPlain((face, { input }) => alike(face, input));
  const idSimOtherPhoto = overPlain((face, { other }) => alike(face, other));
  const photosSame = estimate(
    people.map(({ input, other }) => alike(input, other)),
    seed,
  );
  const photosOthers = estimate(
    people.map((person) => toOthers(person.input, person)),
    seed,
  );
  const scaled = (value: MeanEstimate | undefined) => onScale(value, photosOthers, photosSame);
  return {
    idSim,
    idSimOtherPhoto,
    idSimOthers: overPlain(toOthers),
    idSimStyles: styles.all,
    idSimOfStyle: styles.each,
    idSimAccessories: accessories.all,
    idSimOfAccessory: accessories.each,
    idSimBackdrops: backdrops.all,
    idSimOfBackdrop: backdrops.each,
    idSimLights: lights.all,
    idSimOfLight: lights.each,
    photosSame,
    photosOthers,
    idSimScaled: scaled(idSim),
    idSimOtherPhotoScaled: scaled(idSimOtherPhoto),
  };
}

/** The style an album asks for, if it is one at all. */
export function askedStyle({ asked: { style } }: MeasuredAlbum): string | undefined {
  return style === PLAIN_STYLE ? undefined : style;
}

/** What an album that asks for no style asks to be added. */
function askedAddition(album: MeasuredAlbum, kind: Addition): string | undefined {
  return askedStyle(album) === undefined ? album.asked[kind] : undefined;
}

function isPlain(album: MeasuredAlbum): boolean {
  return askedStyle(album) === undefined && ADDITIONS.every((kind) => album.asked[kind] === undefined);
}

type LabelOf = (album: MeasuredAlbum) => string | undefined;

/** Over all labels, each with equal weight, then for each. */
export interface ByLabel {
  readonly all: MeanEstimate | undefined;
  readonly each: EstimateOf;
}

/** Faces of the portraits that ask for no style and for nothing to be added. */
export function plainFaces({ albums }: MeasuredPerson): MeasuredFace[] {
  return albums.filter(isPlain).flatMap(({ faces }) => faces.filter((face) => face !== undefined));
}

function labelledFaces(
  { albums }: MeasuredPerson,
  labelOf: LabelOf,
): { readonly label: string; readonly face: MeasuredFace }[] {
  return albums.flatMap((album) => {
    const label = labelOf(album);
    return label === undefined ? [] : album.faces.flatMap((face) => (face === undefined ? [] : [{ label, face }]));
  });
}

function similarity(embed: Embed, one: MeasuredFace, other: MeasuredFace | undefined): number[] {
  const [a, b] = [embed(one), other && embed(other)];
  return a === undefined || b === undefined ? [] : [cosine(a, b)];
}

function mean(values: readonly number[]): number[] {
  return values.length === 0 ? [] : [values.reduce((sum, value) => sum + value, 0) / values.length];
}

function estimateOfEach(people: readonly (readonly ClassedValue[])[], seed: number): EstimateOf {
  const labels = [...new Set(people.flat().map(({ label }) => label))].sort();
  const valuesOf = (values: readonly ClassedValue[], wanted: string): number[] =>
    values.flatMap(({ label, value }) => (label === wanted ? [value] : []));
  return Object.fromEntries(
    labels.map((label) => [
      label,
      estimate(
        people.map((values) => valuesOf(values, label)),
        seed,
      ),
    ]),
  );
}

function onScale(
  value: MeanEstimate | undefined,
  zero: MeanEstimate | undefined,
  one: MeanEstimate | undefined,
): number | undefined {
  if (value === undefined || zero === undefined || one === undefined || one.mean === zero.mean) return undefined;
  return (value.mean - zero.mean) / (one.mean - zero.mean);
}
