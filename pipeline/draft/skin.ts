import { lowerGaze, type EyeWish } from './eyes.js';
import { linearStep } from './linear-step.js';
import { MESH_POINTS } from './head.js';
import type { DraftPhoto } from './photo.js';
import { EYE_CORNERS, LIPS_INNER, LIPS_OUTER, OVAL } from './regions.js';
import { aroundOutline, EYEBALLS, ovalCentre, type Surface } from './surface.js';
import { lipGap, OPEN_GAP } from './target.js';

/** What decides where a face's colours are taken from. */
export interface SkinWish {
  /** Where its vertices go. */
  readonly places: Float64Array;
  /** How much each of them faces the camera there. */
  readonly faces: Float64Array;
  /** Where skin this near to the outline is taken further inside: where it turns into view, unless told everywhere. */
  readonly inside?: 'where it turns' | 'everywhere' | undefined;
  readonly eyes?: EyeWish | undefined;
}

/**
 * Where in the plate the colours of a face are taken from: x, y, z of every vertex. That is where its vertices are, but for cheeks
 * that turn into view, lips that close and eyes that look elsewhere.
 */
export function skinPlaces(
  photo: DraftPhoto,
  surface: Surface,
  { places, faces, inside, eyes }: SkinWish,
): Float64Array {
  const taken = keepInside(surface, { faces, scale: photo.pose.scale, isEverywhere: inside === 'everywhere' });
  rollLips(taken, [photo.mesh, places]);
  lowerGaze(taken, EYEBALLS, eyes?.gaze ?? 0);
  return taken;
}

/**
 * A cheek that was turned away is seen along its outline, where a mesh that is a pixel off shows what is behind; what lies
 * beyond that outline was not seen at all. Skin up to the first distance inside the outline is taken from up to the second
 * further inside, what was not seen from there; units. Wholly where so much of it was not seen, and in directions in which
 * the face's oval faces so far away from the camera.
 */
const REVEALED = {
  reach: 0.22,
  margin: 0.06,
  worse: { from: 0.2, to: 0.5 },
  hidden: { from: -0.3, to: 0 },
} as const;
/** Only what is so far beside the middle of the face is a cheek, and nothing this near to the corner of an eye; units. */
const CHEEK = { from: 0.25, to: 0.45 } as const;
const EYE = { from: 0.06, to: 0.16 } as const;

interface Revealing {
  readonly faces: Float64Array;
  readonly scale: number;
  /** Whether all skin near the outline is taken further inside. */
  readonly isEverywhere: boolean;
}

/** The vertices of a face, those near its outline further inside it. */
function keepInside(surface: Surface, { faces, scale, isEverywhere }: Revealing): Float64Array {
  const { vertices, canonical, faces: before } = surface;
  const outline = surface.twins.subarray(0, OVAL.length);
  const [x0, y0] = ovalCentre(vertices);
  const distance = (x: number, y: number): number => Math.hypot(x - x0, y - y0);
  const reaches = Array.from(outline, (point) => distance(vertices[point * 3] ?? 0, vertices[point * 3 + 1] ?? 0));
  const reachAt = aroundOutline(vertices, { outline, values: reaches });
  const hiddenAt = aroundOutline(vertices, { outline, values: OVAL.map((point) => -(before[point] ?? 0)) });
  const taken = Float64Array.from(vertices);
  for (let point = 0; point < MESH_POINTS; point++) {
    const [was, is] = [before[point] ?? 0, faces[point] ?? 0];
    const [x, y] = [vertices[point * 3] ?? 0, vertices[point * 3 + 1] ?? 0];
    const turned =
      linearStep(1 - was / Math.max(0.05, is), REVEALED.worse) * linearStep(hiddenAt(x, y), REVEALED.hidden);
    const weight = (isEverywhere ? 1 : turned) * cheekAt(canonical, point);
    if (weight === 0) continue;
    const [length, reach] = [distance(x, y), reachAt(x, y)];
    const depth = was > 0 ? Math.max(0, (reach - length) / scale) : 0;
    if (depth >= REVEALED.reach) continue;
    const wanted = REVEALED.margin + depth * (1 - REVEALED.margin / REVEALED.reach);
    const part = (weight * (length - reach + wanted * scale)) / length;
    taken[point * 3] = x - part * (x - x0);
    taken[point * 3 + 1] = y - part * (y - y0);
  }
  return taken;
}

/** How much a point of the face is on a cheek, 0..1. */
function cheekAt(canonical: Float64Array, point: number): number {
  const [u, v] = [canonical[point * 3] ?? 0, canonical[point * 3 + 1] ?? 0];
  const toEye = EYE_CORNERS.map((corner) =>
    Math.hypot(u - (canonical[corner * 3] ?? 0), v - (canonical[corner * 3 + 1] ?? 0)),
  );
  return linearStep(Math.abs(u), CHEEK) * linearStep(Math.min(...toEye), EYE);
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
