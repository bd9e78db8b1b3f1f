import { lowerGaze, type EyeWish } from './eyes.js';
import { MESH_POINTS } from './head.js';
import type { DraftPhoto } from './photo.js';
import { facing } from './rasterise.js';
import { EYE_CORNERS, LIPS_INNER, LIPS_OUTER } from './regions.js';
import { EYEBALLS, ovalCentre, type Surface } from './surface.js';
import { lipGap, OPEN_GAP } from './target.js';

/** What decides where a face's colours are taken from. */
export interface SkinWish {
  /** Where its vertices go. */
  readonly places: Float64Array;
  /** By how many units further inside the face each of its points is taken from; left out, as a turned cheek needs. */
  readonly inset?: ((point: number) => number) | undefined;
  readonly eyes?: EyeWish | undefined;
}

/**
 * Where in the plate the colours of a face are taken from: x, y, z of every vertex. That is where its vertices are, but for cheeks
 * that turn into view, lips that close and eyes that look elsewhere.
 */
export function skinPlaces(
  photo: DraftPhoto,
  surface: Surface,
  { places, inset = turnedInset(surface, places), eyes }: SkinWish,
): Float64Array {
  const taken = insetFace(surface.vertices, photo.pose.scale, inset);
  rollLips(taken, [photo.mesh, places]);
  lowerGaze(taken, EYEBALLS, eyes?.gaze ?? 0);
  return taken;
}

/**
 * A cheek that was turned away is seen along its outline, where a mesh that is a pixel off shows what is behind. Such points are
 * taken from so many units further inside at most: those that faced the camera less than that, as far as they are turned to it.
 */
const TURNED_INSET = { most: 0.06, seen: 0.5, unseen: 0.25, from: 0.25, wholly: 0.45 } as const;

function turnedInset(surface: Surface, places: Float64Array): (point: number) => number {
  const [before, now] = [facing(surface, surface.vertices), facing(surface, places)];
  return (point) => {
    const out = Math.abs(surface.canonical[point * 3] ?? 0);
    const cheek = Math.min(1, Math.max(0, (out - TURNED_INSET.from) / (TURNED_INSET.wholly - TURNED_INSET.from)));
    const [was, is] = [Math.max(0, before[point] ?? 0), Math.max(0.05, now[point] ?? 0)];
    const unseen = Math.min(1, Math.max(0, (TURNED_INSET.seen - was / is) / (TURNED_INSET.seen - TURNED_INSET.unseen)));
    return (now[point] ?? 0) > was ? cheek * TURNED_INSET.most * unseen : 0;
  };
}

/** The lips of a mouth that closes are taken from so far inside them, of their thickness: teeth may lie at their edge. */
const ROLLED = 0.25;

/** Moves the inner edge of the lips into them as far as a mouth closes between two meshes. */
function rollLips(vertices: Float64Array, [before, after]: readonly [Float64Array, Float64Array]): void {
  const gapOf = (mesh: Float64Array): number => lipGap(mesh, spanOf(mesh));
  const open = gapOf(before);
  if (open < OPEN_GAP) return;
  const rolled = ROLLED * Math.max(0, 1 - gapOf(after) / open);
  LIPS_INNER.forEach((inner, index) => {
    const outer = LIPS_OUTER[index] ?? inner;
    for (const axis of [0, 1]) {
      const at = vertices[inner * 3 + axis] ?? 0;
      vertices[inner * 3 + axis] = at + rolled * ((vertices[outer * 3 + axis] ?? 0) - at);
    }
  });
}

/** Distance between the outer corners of a mesh's eyes. */
export function spanOf(mesh: Float64Array): number {
  const [left, right] = EYE_CORNERS;
  return Math.hypot(
    (mesh[right * 3] ?? 0) - (mesh[left * 3] ?? 0),
    (mesh[right * 3 + 1] ?? 0) - (mesh[left * 3 + 1] ?? 0),
  );
}

/**
 * The points of a face further inside it, each by as many units as `inset` says: what lies at its outline may be hair, an ear or
 * what is behind.
 */
function insetFace(points: Float64Array, scale: number, inset: (point: number) => number): Float64Array {
  const vertices = Float64Array.from(points);
  const centre = ovalCentre(vertices);
  for (let point = 0; point < MESH_POINTS; point++) {
    const distance = inset(point) * scale;
    if (distance === 0) continue;
    const way = [centre[0] - (vertices[point * 3] ?? 0), centre[1] - (vertices[point * 3 + 1] ?? 0)] as const;
    const part = Math.min(1, distance / Math.max(1, Math.hypot(...way)));
    vertices[point * 3] = (vertices[point * 3] ?? 0) + part * way[0];
    vertices[point * 3 + 1] = (vertices[point * 3 + 1] ?? 0) + part * way[1];
  }
  return vertices;
}
