import type { MeasuredFace, MeasuredPerson } from './measured.js';
import { PLAIN_STYLE } from './plan.js';
import { cosine, estimate, estimateOverClasses, type Estimate } from './statistics.js';

/** How like the person the portraits are, to one recogniser. Cosines; portraits without a face have none. */
export interface IdentityMetrics {
  /** Portraits that ask for no style, to the input photo. */
  readonly idSim: Estimate | undefined;
  /** The same portraits to another photo of the person, which the model never saw. */
  readonly idSimOtherPhoto: Estimate | undefined;
  /** The same portraits to the other people's input photos. */
  readonly idSimOthers: Estimate | undefined;
  /** Portraits in a style to the input photo: over all asked styles, each with equal weight, then for each. */
  readonly idSimStyles: Estimate | undefined;
  readonly idSimOfStyle: Readonly<Record<string, Estimate | undefined>>;
  /** What this recogniser says of the photos themselves: two of one person, and input photos of two people. */
  readonly photosSame: Estimate | undefined;
  readonly photosOthers: Estimate | undefined;
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
  const overPlain = (value: (face: MeasuredFace, person: MeasuredPerson) => number[]): Estimate | undefined =>
    estimate(
      people.map((person) => plainFaces(person).flatMap((face) => value(face, person))),
      seed,
    );
  const toOthers = (face: MeasuredFace, self: MeasuredPerson): number[] =>
    mean(people.filter((person) => person !== self).flatMap(({ input }) => alike(face, input)));
  const styled = people.map((person) =>
    styledFaces(person).flatMap(({ label, face }) => alike(face, person.input).map((value) => ({ label, value }))),
  );
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
  const scaled = (value: Estimate | undefined) => onScale(value, photosOthers, photosSame);
  return {
    idSim,
    idSimOtherPhoto,
    idSimOthers: overPlain(toOthers),
    idSimStyles: estimateOverClasses(styled, seed),
    idSimOfStyle: Object.fromEntries(
      labelsOf(styled).map((style) => [
        style,
        estimate(
          styled.map((values) => valuesOf(values, style)),
          seed,
        ),
      ]),
    ),
    photosSame,
    photosOthers,
    idSimScaled: scaled(idSim),
    idSimOtherPhotoScaled: scaled(idSimOtherPhoto),
  };
}

/** The style an album asks for, if it is one at all. */
export function askedStyle({ asked: { style } }: MeasuredPerson['albums'][number]): string | undefined {
  return style === PLAIN_STYLE ? undefined : style;
}

function plainFaces({ albums }: MeasuredPerson): MeasuredFace[] {
  return albums
    .filter((album) => askedStyle(album) === undefined)
    .flatMap(({ faces }) => faces.filter((face) => face !== undefined));
}

function styledFaces({ albums }: MeasuredPerson): { readonly label: string; readonly face: MeasuredFace }[] {
  return albums.flatMap((album) => {
    const label = askedStyle(album);
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

function labelsOf(groups: readonly (readonly { readonly label: string }[])[]): string[] {
  return [...new Set(groups.flat().map(({ label }) => label))].sort();
}

function valuesOf(values: readonly { readonly label: string; readonly value: number }[], wanted: string): number[] {
  return values.flatMap(({ label, value }) => (label === wanted ? [value] : []));
}

function onScale(
  value: Estimate | undefined,
  zero: Estimate | undefined,
  one: Estimate | undefined,
): number | undefined {
  if (value === undefined || zero === undefined || one === undefined || one.mean === zero.mean) return undefined;
  return (value.mean - zero.mean) / (one.mean - zero.mean);
}
