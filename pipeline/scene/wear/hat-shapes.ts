import { COLOURS, hex, times, type Rgb } from '../colour.js';
import { ball, sheet, tube, type Material, type Piece, type Vector } from '../mesh/shapes.js';
import { createNoise, createRandom } from '../random.js';
import type { Fit } from './fit.js';

/** A ring around the head: where it is in front, how far it falls to the back, and how much wider than the head it is. */
export interface Ring {
  readonly front: number;
  readonly fall: number;
  readonly wide?: number;
}

/** How deep in a head its middle lies, in units of the head. */
export const MIDDLE = 0.62;
/** Half the depth of a head by its half width. */
export const DEEP = 1.08;
/** Hats are drawn for a hairline at -.6, and sit lower. */
export const SEAT = 0.11;

/** A place on a ring: u 0 is in front, a quarter the right side of the picture. */
export function around({ half }: Fit, { front, fall, wide = 1 }: Ring, u: number): Vector {
  const [s, c] = [Math.sin(u * 2 * Math.PI), Math.cos(u * 2 * Math.PI)];
  const [x, z] = [half * wide * s, MIDDLE - half * DEEP * wide * c];
  return [x, front + (fall * (1 - c)) / 2, z];
}

/** How light fur is from place to place, 0..1. */
export const tufts = createNoise(createRandom(1, 'fur'));

/** A roll of fur along a line. */
export function fur(line: readonly Vector[], radius: number, colour: Rgb): Piece {
  const material: Material = { colour: (u, v) => times(colour, 0.72 + 0.4 * tufts(u * 16, v * 90)) };
  return tube(line, () => radius, { material: { ...material }, around: 20 });
}

/** Moves the vertices of a piece in and out along their normals: hair, wool, bark. */
export function rough(
  piece: Piece,
  by: number,
  { across, along }: { readonly across: number; readonly along: number },
): Piece {
  const places = Float64Array.from(piece.places);
  for (let at = 0; at < places.length; at += 3) {
    const [u, v] = [piece.uv[(at / 3) * 2] ?? 0, piece.uv[(at / 3) * 2 + 1] ?? 0];
    const [x, y, z] = [piece.normals[at] ?? 0, piece.normals[at + 1] ?? 0, piece.normals[at + 2] ?? 0];
    const length = Math.hypot(x, y, z) || 1;
    const out = (by * (tufts(u * across, v * along) - 0.5)) / length;
    places[at] = (places[at] ?? 0) + x * out;
    places[at + 1] = (places[at + 1] ?? 0) + y * out;
    places[at + 2] = (places[at + 2] ?? 0) + z * out;
  }
  return { ...piece, places };
}

/** The places of a ring, once around the head. */
export function ringLine(fit: Fit, ring: Ring, steps = 96): Vector[] {
  return Array.from({ length: steps + 1 }, (_, step) => around(fit, ring, step / steps));
}

/** A ball of wool. */
export function pompom(centre: Vector, radius: number, colour: Rgb): Piece {
  const egg = ball(centre, [radius, radius, radius], {
    colour: (u, v) => times(colour, 0.7 + 0.5 * tufts(u * 30, v * 18)),
  });
  return rough(egg, radius * 0.35, { across: 24, along: 14 });
}

/** The gold of crowns and tassels. */
export const GOLD = COLOURS['gold'] ?? hex('#e0a52e');
/** The white of fur and wool. */
export const WHITE = hex('#f6f4f0');

/** A brim around a hat; lengths in units of the head. */
export interface Brim extends Ring {
  readonly reach: number;
  readonly wave?: number;
  /** How far its sides are turned up. */
  readonly rolled?: number;
}

/** A brim around a hat, as thick as felt. */
export function brimOf(fit: Fit, { front, fall, reach, wave = 0, rolled = 0 }: Brim, material: Material): Piece {
  return sheet(
    { u: 96, v: 10 },
    (u, v) => {
      const out = Math.min(1, v / 0.5);
      const under = v > 0.5 ? (v - 0.5) * 2 : 0;
      const far = v > 0.5 ? reach * (1 - under) : reach * out;
      const [x, y, z] = around(fit, { front, fall, wide: 0.97 + far }, u);
      const side = Math.sin(u * 2 * Math.PI) ** 2;
      const lift = (far / reach) ** 2 * (wave * Math.sin(u * 6 * Math.PI + 1) - rolled * side) + 0.05 * far;
      return [x - Math.sin(u * 2 * Math.PI) * rolled * 0.55 * (far / reach) ** 2, y + lift + (v > 0.5 ? 0.022 : 0), z];
    },
    material,
  );
}

/** A band around a hat, above its brim. */
export interface Band extends Ring {
  readonly height?: number;
}

/** Draws a band. */
export function bandOf(fit: Fit, { height = 0.14, ...ring }: Band, material: Material): Piece[] {
  return [
    sheet(
      { u: 96, v: 4 },
      (u, v) => {
        const [x, y, z] = around(
          fit,
          { ...ring, wide: (ring.wide ?? 1) + 0.012 * Math.sin(Math.PI * v) - 0.03 * v },
          u,
        );
        return [x, y - height * v, z];
      },
      material,
    ),
  ];
}
