import type { Rgb } from '../colour.js';

/** A place or a direction in the frame of the head: see `pipeline/draft/head.ts`. */
export type Vector = readonly [x: number, y: number, z: number];

/** How a surface looks. */
export interface Material {
  /** By place on the surface, each coordinate 0..1, where it is a function. */
  readonly colour: Rgb | ((u: number, v: number) => Rgb);
  /** Whether `colour` has edges: it is asked for at every sample then, else at every vertex. */
  readonly crisp?: boolean;
  /** How polished it is, 0..1: cloth 0, lacquer 1. */
  readonly gloss?: number;
  /** Metal mirrors what is around in its own colour. */
  readonly metal?: boolean;
  /** How much it covers, 0..1; 1 where left out. */
  readonly cover?: number | ((u: number, v: number) => number);
  /** Light of its own, as a part of its colour. */
  readonly glow?: number;
  /** Hidden wherever hair or ears are: only what lies on the face is seen. */
  readonly onFace?: boolean;
}

/** A surface in the frame of the head; both of its sides are seen. */
export interface Piece {
  /** x, y, z of every vertex. */
  readonly places: Float64Array;
  readonly normals: Float64Array;
  /** u, v of every vertex. */
  readonly uv: Float64Array;
  readonly triangles: Uint32Array;
  readonly material: Material;
}

/** How finely a sheet is divided along u and v. */
export interface Steps {
  readonly u: number;
  readonly v: number;
}

/** A surface given by where each u, v of 0..1 lies. */
export function sheet(steps: Steps, placeAt: (u: number, v: number) => Vector, material: Material): Piece {
  const columns = steps.u + 1;
  const count = columns * (steps.v + 1);
  const places = new Float64Array(count * 3);
  const uv = new Float64Array(count * 2);
  for (let row = 0; row <= steps.v; row++) {
    for (let column = 0; column <= steps.u; column++) {
      const at = row * columns + column;
      const [u, v] = [column / steps.u, row / steps.v];
      const [x, y, z] = placeAt(u, v);
      places[at * 3] = x;
      places[at * 3 + 1] = y;
      places[at * 3 + 2] = z;
      uv[at * 2] = u;
      uv[at * 2 + 1] = v;
    }
  }
  const triangles = new Uint32Array(steps.u * steps.v * 6);
  for (let row = 0, at = 0; row < steps.v; row++) {
    for (let column = 0; column < steps.u; column++, at += 6) {
      const corner = row * columns + column;
      triangles.set([corner, corner + 1, corner + columns, corner + 1, corner + columns + 1, corner + columns], at);
    }
  }
  const normals = normalsOf(places, triangles);
  joinSeams({ places, normals }, steps);
  return { places, normals, uv, triangles, material };
}

function normalsOf(places: Float64Array, triangles: Uint32Array): Float64Array {
  const normals = new Float64Array(places.length);
  const placeAt = (vertex: number): Vector => [
    places[vertex * 3] ?? 0,
    places[vertex * 3 + 1] ?? 0,
    places[vertex * 3 + 2] ?? 0,
  ];
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at] ?? 0, triangles[at + 1] ?? 0, triangles[at + 2] ?? 0] as const;
    const [a, b, c] = [placeAt(corners[0]), placeAt(corners[1]), placeAt(corners[2])];
    const [x, y, z] = cross([b[0] - a[0], b[1] - a[1], b[2] - a[2]], [c[0] - a[0], c[1] - a[1], c[2] - a[2]]);
    for (const corner of corners) {
      normals[corner * 3] = (normals[corner * 3] ?? 0) + x;
      normals[corner * 3 + 1] = (normals[corner * 3 + 1] ?? 0) + y;
      normals[corner * 3 + 2] = (normals[corner * 3 + 2] ?? 0) + z;
    }
  }
  return normals;
}

/** Vertices of the first and the last column that lie on each other share a normal: no seam is seen. */
function joinSeams({ places, normals }: Pick<Piece, 'places' | 'normals'>, { u, v }: Steps): void {
  for (let row = 0; row <= v; row++) {
    const [first, last] = [row * (u + 1) * 3, (row * (u + 1) + u) * 3];
    const apart = Math.hypot(...[0, 1, 2].map((axis) => (places[first + axis] ?? 0) - (places[last + axis] ?? 0)));
    if (apart > 1e-6) continue;
    const sum = [0, 1, 2].map((axis) => (normals[first + axis] ?? 0) + (normals[last + axis] ?? 0));
    normals.set(sum, first);
    normals.set(sum, last);
  }
}

/** The cross product. */
export function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

/** The direction of a vector. */
export function unit([x, y, z]: Vector): Vector {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}

/** How a rod is made: `flat` is how deep it is across, as a part of how wide; `across` a direction that is across all of it. */
export interface Rod {
  readonly material: Material;
  readonly around?: number;
  readonly across?: Vector;
  readonly flat?: number;
}

/** A rod along a line; `radius` by the part of the way along it. */
export function tube(
  line: readonly Vector[],
  radius: (part: number) => number,
  { material, around = 12, across: given, flat = 1 }: Rod,
): Piece {
  const last = line.length - 1;
  const frames = line.map((place, index) => {
    const [before, after] = [line[Math.max(0, index - 1)] ?? place, line[Math.min(last, index + 1)] ?? place];
    const along = unit([after[0] - before[0], after[1] - before[1], after[2] - before[2]]);
    const across = given ?? unit(cross(along, Math.abs(along[1]) < 0.9 ? [0, 1, 0] : [1, 0, 0]));
    return { place, across, up: unit(cross(across, along)) };
  });
  return sheet(
    { u: around, v: last },
    (u, v) => {
      const frame = frames[Math.round(v * last)] ?? frames[0];
      if (!frame) throw new RangeError('Expected a line of places');
      const [c, s] = [Math.cos(u * 2 * Math.PI) * radius(v) * flat, Math.sin(u * 2 * Math.PI) * radius(v)];
      const { place, across, up } = frame;
      return [
        place[0] + c * across[0] + s * up[0],
        place[1] + c * across[1] + s * up[1],
        place[2] + c * across[2] + s * up[2],
      ];
    },
    material,
  );
}

/** A ball, or an egg with three radii. */
export function ball(centre: Vector, radii: Vector, material: Material): Piece {
  return sheet(
    { u: 24, v: 14 },
    (u, v) => {
      const [long, high] = [u * 2 * Math.PI, v * Math.PI];
      return [
        centre[0] + radii[0] * Math.cos(long) * Math.sin(high),
        centre[1] - radii[1] * Math.cos(high),
        centre[2] + radii[2] * Math.sin(long) * Math.sin(high),
      ];
    },
    material,
  );
}

/** A flat shape swollen like a pillow: its outline goes around `centre` and is seen from there; `out` is how far it bulges. */
export function pillow(
  { centre, outline, out }: { readonly centre: Vector; readonly outline: (u: number) => Vector; readonly out: Vector },
  material: Material,
  steps: Steps = { u: 48, v: 8 },
): Piece {
  return sheet(
    steps,
    (u, v) => {
      const [x, y, z] = outline(u);
      const bulge = Math.sqrt(Math.max(0, 1 - v * v));
      return [
        centre[0] + (x - centre[0]) * v + out[0] * bulge,
        centre[1] + (y - centre[1]) * v + out[1] * bulge,
        centre[2] + (z - centre[2]) * v + out[2] * bulge,
      ];
    },
    material,
  );
}

/** Places on a smooth line through some places (Catmull-Rom), `steps` between two of them. */
export function smoothLine(through: readonly Vector[], steps: number): Vector[] {
  const line: Vector[] = [];
  const last = through.length - 1;
  for (let index = 0; index < last; index++) {
    const [a, b, c, d] = [index - 1, index, index + 1, index + 2].map(
      (at) => through[Math.min(last, Math.max(0, at))] ?? [0, 0, 0],
    );
    if (!a || !b || !c || !d) continue;
    for (let step = 0; step < steps + (index === last - 1 ? 1 : 0); step++) {
      const t = step / steps;
      const blend = (axis: 0 | 1 | 2): number =>
        0.5 *
        (2 * b[axis] +
          (c[axis] - a[axis]) * t +
          (2 * a[axis] - 5 * b[axis] + 4 * c[axis] - d[axis]) * t * t +
          (3 * b[axis] - a[axis] - 3 * c[axis] + d[axis]) * t * t * t);
      line.push([blend(0), blend(1), blend(2)]);
    }
  }
  return line;
}
