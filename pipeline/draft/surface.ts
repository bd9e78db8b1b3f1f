import type { Box } from '../face/geometry.js';
import type { AppearanceModel } from './appearance.js';
import { MESH_POINTS, undoPose, type HeadPose } from './head.js';
import { EYE_POINTS, eyeballTriangle } from './eyes.js';
import { facing } from './facing.js';
import { LIPS_INNER, OVAL } from './regions.js';

/** What a triangle of the surface shows. */
export const PART = { face: 1, mouth: 2, around: 3 } as const;

/**
 * The head and what is around it as one surface: the face mesh, rings of points from its oval out to the photo's border, and the
 * eyeballs behind the lids.
 */
export interface Surface {
  /** x, y in pixels of the plate and z in the same unit, of every vertex; the face's come first. */
  readonly vertices: Float64Array;
  /** The vertices without the head's pose. */
  readonly canonical: Float64Array;
  /**
   * The points of the face that the vertices right after it lie on: those of its outline, where what is around begins, and those
   * of the eyeballs, which stay where they are when a lid moves over them.
   */
  readonly twins: Int32Array;
  /** How much each vertex faces the camera in the photo: see `facing`. */
  readonly faces: Float64Array;
  /** How much each vertex moves with the head, 0..1. */
  readonly moves: Float64Array;
  readonly triangles: Int32Array;
  /** One of `PART` for each triangle. */
  readonly parts: Uint8Array;
}

/** Distances of the rings from the oval, in units of the head; the last two lie at the photo's border and far beyond. */
const RINGS = [0.08, 0.18, 0.3, 0.45, 0.65, 0.9, 1.2, 1.6] as const;
const BEYOND = 8;
const RING_COUNT = RINGS.length + 2;
/** The numbers of the first vertices of what comes after the face: its outline, the eyeballs, the rings. */
const OUTLINE = MESH_POINTS;
/** The number of the first vertex of the eyeballs. */
export const EYEBALLS = OUTLINE + OVAL.length;
const FIRST_RING = EYEBALLS + EYE_POINTS.length;
/** Points of the face count for its outline in a direction up to so far beside it; units. */
const BESIDE = 0.1;
/** How deep in the head the outline of hair and ears lies, how deep the neck, and within which distance of the oval; units. */
const BACK = { hair: 0.72, neck: 0.4, distance: 0.3 } as const;
/** Hair moves with the head up to the first distance, nothing does from the second on; under the chin that is sooner. */
const HAIR = { near: 0.55, far: 1.5 } as const;
const NECK = { near: 0.05, far: 0.95 } as const;

/** The surface of a photo's head. `filled` is the part of the plate that the photo fills. */
export function surfaceOf(
  mesh: Float64Array,
  { pose, model, filled }: { readonly pose: HeadPose; readonly model: AppearanceModel; readonly filled: Box },
): Surface {
  const vertices = new Float64Array((FIRST_RING + RING_COUNT * OVAL.length) * 3);
  vertices.set(mesh);
  const moves = new Float64Array(vertices.length / 3).fill(1);
  const centre = ovalCentre(mesh);
  const outline = OVAL.map((point) => outlinePoint(mesh, { point, centre, beside: BESIDE * pose.scale }));
  const twins = Int32Array.from([...outline, ...EYE_POINTS]);
  placeTwins(vertices, { twins });
  OVAL.forEach((point, index) => {
    const way = wayTo(mesh, point, centre);
    const edge = (outline[index] ?? point) * 3;
    const from = [mesh[edge] ?? 0, mesh[edge + 1] ?? 0, mesh[edge + 2] ?? 0] as const;
    const border = Math.max(1, distanceToBorder(from, way, filled)) / pose.scale;
    for (let ring = 0; ring < RING_COUNT; ring++) {
      const distance = ringDistance(ring, border);
      const at = FIRST_RING + ring * OVAL.length + index;
      const back = BACK.hair + (BACK.neck - BACK.hair) * downness(way[1]);
      const depth = Math.max(0, back - (model.reference[edge + 2] ?? 0)) * (1 - Math.exp(-distance / BACK.distance));
      vertices.set(
        [
          from[0] + way[0] * distance * pose.scale,
          from[1] + way[1] * distance * pose.scale,
          from[2] + depth * pose.scale,
        ],
        at * 3,
      );
      moves[at] = weightAt(distance, { border, down: way[1] });
    }
  });
  const { triangles, parts } = trianglesOf(model);
  const faces = facing({ triangles, twins }, vertices);
  return { vertices, canonical: undoPose(pose, vertices), faces, moves, twins, triangles, parts };
}

/** The direction from the middle of a face to a point of it. */
function wayTo(mesh: Float64Array, point: number, centre: readonly [number, number]): readonly [number, number] {
  const [x, y] = [(mesh[point * 3] ?? 0) - centre[0], (mesh[point * 3 + 1] ?? 0) - centre[1]];
  const length = Math.hypot(x, y);
  return [x / length, y / length];
}

const OVAL_POINTS = new Set(OVAL);

/**
 * The point that a face ends with in the direction of a point of its oval: that point, but where the head is turned so far that
 * the cheek hides it, the one that reaches furthest.
 */
function outlinePoint(
  mesh: Float64Array,
  {
    point,
    centre,
    beside,
  }: { readonly point: number; readonly centre: readonly [number, number]; readonly beside: number },
): number {
  const [across, down] = wayTo(mesh, point, centre);
  const reachOf = (each: number): number =>
    ((mesh[each * 3] ?? 0) - centre[0]) * across + ((mesh[each * 3 + 1] ?? 0) - centre[1]) * down;
  let [furthest, reach] = [point, reachOf(point) + beside / 10];
  for (let each = 0; each < MESH_POINTS; each++) {
    const aside = ((mesh[each * 3] ?? 0) - centre[0]) * down - ((mesh[each * 3 + 1] ?? 0) - centre[1]) * across;
    if (OVAL_POINTS.has(each) || Math.abs(aside) > beside || reachOf(each) <= reach) continue;
    [furthest, reach] = [each, reachOf(each)];
  }
  return furthest;
}

/** What a face's outline carries in the direction of a place, between its points: one of `values` for each point of the oval. */
export function aroundOutline(
  mesh: Float64Array,
  { outline, values }: { readonly outline: Int32Array; readonly values: readonly number[] },
): (x: number, y: number) => number {
  const [x0, y0] = ovalCentre(mesh);
  const angleOf = (x: number, y: number): number => Math.atan2(y - y0, x - x0);
  const places = values
    .map((value, index) => {
      const at = (outline[index] ?? 0) * 3;
      return { angle: angleOf(mesh[at] ?? 0, mesh[at + 1] ?? 0), value };
    })
    .toSorted((one, other) => one.angle - other.angle);
  return (x, y) => {
    const angle = angleOf(x, y);
    const after = places.findIndex((place) => place.angle >= angle);
    const [last, next] = [places.at(after <= 0 ? -1 : after - 1), places.at(after === -1 ? 0 : after)];
    if (!next || !last) return 0;
    const turn = (from: number, to: number): number => (to - from + 2 * Math.PI) % (2 * Math.PI);
    const part = turn(last.angle, angle) / Math.max(1e-9, turn(last.angle, next.angle));
    return last.value + part * (next.value - last.value);
  };
}

/** Puts the twins of points of the face where these are: `points` are x, y, z of every vertex of a surface. */
export function placeTwins(points: Float64Array, { twins }: Pick<Surface, 'twins'>): void {
  twins.forEach((point, index) => {
    points.copyWithin((MESH_POINTS + index) * 3, point * 3, point * 3 + 3);
  });
}

/** The middle of a face's oval. */
export function ovalCentre(mesh: Float64Array): readonly [number, number] {
  let [x, y] = [0, 0];
  for (const point of OVAL)
    [x, y] = [x + (mesh[point * 3] ?? 0) / OVAL.length, y + (mesh[point * 3 + 1] ?? 0) / OVAL.length];
  return [x, y];
}

/** How far it is from a point along a direction to the edge of a box. */
function distanceToBorder(
  from: readonly [number, number, number],
  way: readonly [number, number],
  { x, y, width, height }: Box,
): number {
  const across = way[0] > 0 ? x + width - from[0] : x - from[0];
  const down = way[1] > 0 ? y + height - from[1] : y - from[1];
  return Math.min(
    Math.abs(way[0]) < 1e-6 ? Infinity : across / way[0],
    Math.abs(way[1]) < 1e-6 ? Infinity : down / way[1],
  );
}

function ringDistance(ring: number, border: number): number {
  if (ring === RINGS.length) return border;
  if (ring > RINGS.length) return border + BEYOND;
  const wanted = RINGS[ring] ?? 0;
  const last = RINGS.at(-1) ?? 1;
  // Where the photo ends early all rings move closer together.
  return border > last * 1.1 ? wanted : (wanted / (last * 1.1)) * border;
}

function weightAt(distance: number, { border, down }: { readonly border: number; readonly down: number }): number {
  const part = downness(down);
  const near = HAIR.near + (NECK.near - HAIR.near) * part;
  const far = HAIR.far + (NECK.far - HAIR.far) * part;
  const falling = 1 - smoothStep((distance - near) / (far - near));
  // At the photo's border nothing moves, or what was never photographed would come into the picture.
  const pinned = smoothStep((border - distance) / Math.max(0.02, Math.min(0.7, border)));
  return falling * pinned;
}

/** How much a direction leads to the neck, 0..1. */
function downness(down: number): number {
  return Math.min(1, Math.max(0, (down - 0.2) / 0.6));
}

function smoothStep(value: number): number {
  const t = Math.min(1, Math.max(0, value));
  return t * t * (3 - 2 * t);
}

interface Triangles {
  readonly triangles: Int32Array;
  readonly parts: Uint8Array;
}

/** The number of a vertex around the face: on which ring, the outline being -1, and at which point of the oval. */
export function aroundVertex(ring: number, index: number): number {
  return (ring < 0 ? OUTLINE : FIRST_RING + ring * OVAL.length) + (index % OVAL.length);
}

const known = new WeakMap<AppearanceModel, Triangles>();

function trianglesOf(model: AppearanceModel): Triangles {
  const there = known.get(model);
  if (there) return there;
  const triangles: number[] = [];
  for (let at = 0; at < model.triangles.length; at += 3) {
    const corners = [...model.triangles.subarray(at, at + 3)];
    triangles.push(...(eyeballTriangle(corners, EYEBALLS) ?? corners));
  }
  const parts: number[] = Array.from({ length: model.triangles.length / 3 }, () => PART.face);
  const add = (part: number, ...corners: readonly number[]): void => {
    triangles.push(...corners);
    parts.push(part);
  };
  const half = LIPS_INNER.length / 2;
  for (let column = 0; column < half; column++) {
    const [a, b] = [LIPS_INNER[column] ?? 0, LIPS_INNER[column + 1] ?? 0];
    const [c, d] = [
      LIPS_INNER[(LIPS_INNER.length - column) % LIPS_INNER.length] ?? 0,
      LIPS_INNER[LIPS_INNER.length - column - 1] ?? 0,
    ];
    if (a !== c) add(PART.mouth, a, b, c);
    if (b !== d) add(PART.mouth, b, d, c);
  }
  for (let ring = 0; ring < RING_COUNT; ring++) {
    for (let index = 0; index < OVAL.length; index++) {
      const [a, b] = [aroundVertex(ring - 1, index), aroundVertex(ring - 1, index + 1)];
      const [c, d] = [aroundVertex(ring, index), aroundVertex(ring, index + 1)];
      add(PART.around, a, c, b);
      add(PART.around, b, c, d);
    }
  }
  const made = { triangles: Int32Array.from(triangles), parts: Uint8Array.from(parts) };
  known.set(model, made);
  return made;
}
