import type { Expression } from '../../../pipeline/face/face.js';
import type { Asked, Side } from '../../../pipeline/text/prompt.js';
import { cosine, estimate, spreadOf, type Estimate } from './statistics.js';

/** What was measured of one face: of a photo, or of a portrait in which a face was found. */
export interface MeasuredFace {
  readonly embedding: Float32Array;
  readonly expression: Expression;
  /** Degrees; above 0 when the face points to the right side of the picture. */
  readonly yaw: number;
  readonly pitch: number;
}

/** One album made for a person: what the prompt asked, and the face of each portrait where one was found. */
export interface MeasuredAlbum {
  readonly asked: Asked;
  readonly faces: readonly (MeasuredFace | undefined)[];
  readonly seconds: number;
}

/** A person's photos and the albums made from the first of them. */
export interface MeasuredPerson {
  readonly input: MeasuredFace;
  readonly other?: MeasuredFace;
  readonly albums: readonly MeasuredAlbum[];
}

/** Degrees of yaw from which a face counts as turned to a side. */
const turned = 12;

/** The metrics of the method; undefined where nothing was asked or found that it could be taken from. */
export interface Metrics {
  /** Cosine of a portrait's face to the input photo's; portraits without a face have none. */
  readonly idSim: Estimate | undefined;
  /** The same to another photo of the person, which the model never saw. */
  readonly idSimOther: Estimate | undefined;
  /** The same to the other people's input photos. */
  readonly idSimOthers: Estimate | undefined;
  /** Share of portraits in which a face is found. */
  readonly faceFound: Estimate | undefined;
  /** Share of portraits with the asked expression, no face counting as wrong; over all, then for each asked one. */
  readonly expressionAccuracy: Estimate | undefined;
  readonly expressionAccuracyOf: Readonly<Partial<Record<Expression, Estimate | undefined>>>;
  /** Share of portraits that point to the asked side by more than 12 degrees (front: by no more than that). */
  readonly sideAccuracy: Estimate | undefined;
  /** Share of portraits whose expression differs from the input photo's. */
  readonly exprDiv: Estimate | undefined;
  /** Mean difference to the input photo's pose, degrees. */
  readonly poseDivPitch: Estimate | undefined;
  readonly poseDivYaw: Estimate | undefined;
  /** Mean cosine distance between the faces of one album. */
  readonly spread: Estimate | undefined;
  readonly secondsPerAlbum: Estimate | undefined;
}

/** Takes every metric over the measured people; `seed` draws the bootstrap samples. */
export function computeMetrics(people: readonly MeasuredPerson[], seed: number): Metrics {
  const over = (values: (person: MeasuredPerson) => readonly number[]): Estimate | undefined =>
    estimate(people.map(values), seed);
  const overFaces = (value: (face: MeasuredFace, person: MeasuredPerson) => number | undefined): Estimate | undefined =>
    over((person) => facesOf(person).flatMap((face) => value(face, person) ?? []));
  const expressions = askedExpressions(people);
  return {
    idSim: overFaces((face, { input }) => cosine(face.embedding, input.embedding)),
    idSimOther: overFaces((face, { other }) => other && cosine(face.embedding, other.embedding)),
    idSimOthers: overFaces((face, person) => meanSimilarity(face, people, person)),
    faceFound: over((person) => person.albums.flatMap(({ faces }) => faces.map(share((face) => face !== undefined)))),
    expressionAccuracy: over((person) => expressionHits(person, expressions)),
    expressionAccuracyOf: Object.fromEntries(
      expressions.map((label) => [label, over((person) => expressionHits(person, [label]))]),
    ),
    sideAccuracy: over(sideHits),
    exprDiv: overFaces((face, { input }) => Number(face.expression !== input.expression)),
    poseDivPitch: overFaces((face, { input }) => Math.abs(face.pitch - input.pitch)),
    poseDivYaw: overFaces((face, { input }) => Math.abs(face.yaw - input.yaw)),
    spread: over(({ albums }) => albums.flatMap(({ faces }) => spreadOf(embeddingsOf(faces)) ?? [])),
    secondsPerAlbum: over(({ albums }) => albums.map(({ seconds }) => seconds)),
  };
}

type Face = MeasuredFace | undefined;

function share(holds: (face: Face) => boolean): (face: Face) => number {
  return (face) => Number(holds(face));
}

function facesOf({ albums }: MeasuredPerson): MeasuredFace[] {
  return albums.flatMap(({ faces }) => faces.filter((face) => face !== undefined));
}

function embeddingsOf(faces: readonly Face[]): Float32Array[] {
  return faces.flatMap((face) => face?.embedding ?? []);
}

function askedExpressions(people: readonly MeasuredPerson[]): Expression[] {
  const asked = people.flatMap(({ albums }) => albums.flatMap((album) => album.asked.expression ?? []));
  return [...new Set(asked)].sort();
}

function expressionHits({ albums }: MeasuredPerson, wanted: readonly Expression[]): number[] {
  return albums.flatMap(({ asked: { expression }, faces }) =>
    expression !== undefined && wanted.includes(expression)
      ? faces.map(share((face) => face?.expression === expression))
      : [],
  );
}

function sideHits({ albums }: MeasuredPerson): number[] {
  return albums.flatMap(({ asked: { side }, faces }) =>
    side === undefined ? [] : faces.map(share((face) => face !== undefined && sideOf(face.yaw) === side)),
  );
}

function sideOf(yaw: number): Side {
  if (Math.abs(yaw) <= turned) return 'front';
  return yaw > 0 ? 'right' : 'left';
}

function meanSimilarity(
  face: MeasuredFace,
  people: readonly MeasuredPerson[],
  self: MeasuredPerson,
): number | undefined {
  const others = people.filter((person) => person !== self);
  if (others.length === 0) return undefined;
  return others.reduce((total, { input }) => total + cosine(face.embedding, input.embedding), 0) / others.length;
}
