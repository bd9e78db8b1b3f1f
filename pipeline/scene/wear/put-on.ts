import type { Draft } from '../../draft/draw.js';
import type { HeadPose } from '../../draft/head.js';
import { PART } from '../../draft/surface.js';
import type { Rgb } from '../colour.js';
import { renderPieces, type Layer } from '../mesh/render.js';
import { ball, type Piece } from '../mesh/shapes.js';
import { softened } from '../planes.js';
import type { Person } from '../person.js';
import { fitOf } from './fit.js';
import type { Thing, Tuck } from './thing.js';

/** A thing in the colour it was asked in. */
export interface Worn {
  readonly thing: Thing;
  readonly colour?: Rgb | undefined;
}

/** Where a person's head is, as their draft says. */
export interface Head {
  readonly draft: Pick<Draft, 'mesh' | 'matte' | 'size' | 'parts'>;
  readonly pose: HeadPose;
  /** The triangles of the face mesh. */
  readonly triangles: Int32Array;
}

/** What a head hides things behind: the skull. The face lies in the mesh. */
const SKULL = { centre: [0, -0.06, 0.7], radii: [0.78, 1, 0.86] } as const;
/** z of the middle of a head at its hair. */
const MIDDLE = 0.6;
const HIDDEN = { colour: [0, 0, 0] } as const;

/** Puts things on a person: hair goes under hats, and things throw a soft shadow. Changes the person's planes. */
export function putOn(person: Person, worn: readonly Worn[], head: Head): void {
  const { draft, pose } = head;
  const fit = fitOf(draft, pose);
  for (const { thing } of worn) if (thing.tuck) tuck(person, { ...thing.tuck(fit), seat: thing.seat ?? 0 }, head);
  const pieces = worn.flatMap(({ thing, colour }) => seated(thing.build(fit, colour ?? thing.colour), thing));
  lay(
    person,
    renderPieces(pieces, { size: draft.size, pose, hiding: hidingOf(head), face: faceOf(draft) }),
    pose.scale,
  );
}

function seated(pieces: readonly Piece[], { seat = 0 }: Thing): readonly Piece[] {
  return pieces.map((piece) => ({
    ...piece,
    places: piece.places.map((value, at) => (at % 3 === 1 ? value + seat : value)),
  }));
}

function hidingOf({ draft, pose, triangles }: Head): Piece[] {
  const { scale, rotation: r, shift } = pose;
  const places = new Float64Array(draft.mesh.length);
  for (let at = 0; at < places.length; at += 3) {
    const [x, y, z] = [
      (draft.mesh[at] ?? 0) - shift[0],
      (draft.mesh[at + 1] ?? 0) - shift[1],
      (draft.mesh[at + 2] ?? 0) - shift[2],
    ];
    places[at] = (r[0] * x + r[3] * y + r[6] * z) / scale;
    places[at + 1] = (r[1] * x + r[4] * y + r[7] * z) / scale;
    places[at + 2] = (r[2] * x + r[5] * y + r[8] * z) / scale;
  }
  const face: Piece = {
    places,
    normals: new Float64Array(places.length),
    uv: new Float64Array((places.length / 3) * 2),
    triangles: Uint32Array.from(triangles),
    material: HIDDEN,
  };
  return [face, ball(SKULL.centre, SKULL.radii, HIDDEN)];
}

function faceOf({ parts }: Head['draft']): Float32Array {
  const face = new Float32Array(parts.length);
  for (let pixel = 0; pixel < parts.length; pixel++) {
    if (parts[pixel] === PART.face || parts[pixel] === PART.mouth) face[pixel] = 1;
  }
  return face;
}

/** Takes away hair above a brim, but for a dome. */
function tuck(
  { matte }: Person,
  { brim, dome, seat }: Tuck & { readonly seat: number },
  { draft: { size }, pose: { scale, rotation: r, shift } }: Head,
): void {
  // The plane through the middle of the head, upright as the head is.
  const [mx, my] = [r[2] * MIDDLE * scale + shift[0], r[5] * MIDDLE * scale + shift[1]];
  const roll = Math.atan2(r[3], r[0]);
  const [c, s] = [Math.cos(roll) / scale, Math.sin(roll) / scale];
  for (let pixel = 0; pixel < matte.length; pixel++) {
    if (matte[pixel] === 0) continue;
    const [dx, dy] = [(pixel % size) - mx, Math.floor(pixel / size) - my];
    const above = brim + seat - (c * dy - s * dx);
    if (above < -0.05) continue;
    const x = c * dx + s * dy;
    const inside = dome > 0 ? 1 - Math.sqrt((x / 0.86) ** 2 + (Math.max(0, above) / dome) ** 2) : -above;
    matte[pixel] = (matte[pixel] ?? 0) * Math.min(1, Math.max(0, inside * 12 + 0.5));
  }
}

/** How dark a thing's shadow is, how soft and how far down; units of the head. */
const SHADOW = { dark: 0.5, soft: 0.05, down: 0.06, across: 0.025 } as const;

function lay(person: Person, { box, planes, cover }: Layer, scale: number): void {
  const { size, matte } = person;
  const whole = new Float32Array(size * size);
  for (let row = 0; row < box.height; row++)
    whole.set(cover.subarray(row * box.width, (row + 1) * box.width), (box.y + row) * size + box.x);
  darken(person, whole, scale);
  for (let at = 0; at < cover.length; at++) {
    const own = cover[at] ?? 0;
    if (own === 0) continue;
    const pixel = (box.y + Math.floor(at / box.width)) * size + box.x + (at % box.width);
    const behind = (matte[pixel] ?? 0) * (1 - own);
    matte[pixel] = own + behind;
    // Colours stand without what is behind them: the thing and the person weighed by what is seen of each.
    for (let channel = 0; channel < 3; channel++) {
      const plane = person.planes[channel];
      if (plane) plane[pixel] = ((planes[channel]?.[at] ?? 0) + (plane[pixel] ?? 0) * behind) / (own + behind);
    }
  }
}

/** Throws the shadow of what covers some pixels. */
function darken({ size, matte, planes }: Person, cover: Float32Array, scale: number): void {
  const shadow = softened(cover, size, SHADOW.soft * scale);
  const shift = Math.round(SHADOW.down * scale) * size + Math.round(SHADOW.across * scale);
  for (let pixel = 0; pixel < matte.length; pixel++) {
    const dark = shadow[pixel - shift] ?? 0;
    if (dark < 0.002 || matte[pixel] === 0) continue;
    for (const plane of planes) plane[pixel] = (plane[pixel] ?? 0) * (1 - SHADOW.dark * dark);
  }
}
