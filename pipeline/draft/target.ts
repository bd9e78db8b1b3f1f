import { MOVEMENTS, type AppearanceModel, type Movements } from './appearance.js';
import { applyPose, MESH_POINTS, multiply, rotationOf, transpose, type HeadAngles, type HeadPose } from './head.js';
import type { DraftPhoto } from './photo.js';
import { LIP_PAIRS } from './regions.js';
import type { Surface } from './surface.js';

/** Where a portrait's head is to point and how its face is to move. */
export interface DraftTarget {
  readonly angles: HeadAngles;
  /** Degrees by which the yaw may be another: a photo that is that near needs no turn. */
  readonly slack?: number | undefined;
  readonly movements: Movements;
}

/** The head turns about this place inside the neck; canonical. */
const PIVOT: readonly [number, number, number] = [0, 0.55, 0.75];

/** Where the surface of a photo's head goes: its vertices in the plate, moved and turned. */
export function aim(
  photo: DraftPhoto,
  surface: Surface,
  { model, target }: { readonly model: AppearanceModel; readonly target: DraftTarget },
): Float64Array {
  const moved = moveFace(photo, surface.canonical, { model, movements: target.movements });
  const { rotation } = photo.pose;
  // The head's own turn from where it is to where it should be, in its canonical frame.
  const turn = multiply(transpose(rotation), rotationOf(target.angles));
  const [px, py, pz] = PIVOT;
  const turned = new Float64Array(moved.length);
  for (let at = 0; at < moved.length; at += 3) {
    const [x, y, z] = [(moved[at] ?? 0) - px, (moved[at + 1] ?? 0) - py, (moved[at + 2] ?? 0) - pz];
    turned[at] = turn[0] * x + turn[1] * y + turn[2] * z + px;
    turned[at + 1] = turn[3] * x + turn[4] * y + turn[5] * z + py;
    turned[at + 2] = turn[6] * x + turn[7] * y + turn[8] * z + pz;
  }
  return keepStill(applyPose(photo.pose, turned), surface);
}

/** The same where the mesh it goes to is known: another photo's, which `pose` is of. */
export function aimAt(surface: Surface, mesh: Float64Array, pose: HeadPose): Float64Array {
  const places = applyPose(pose, surface.canonical);
  places.set(mesh);
  return keepStill(places, surface);
}

/** Vertices that do not move with the head stay where they were. */
function keepStill(places: Float64Array, { vertices, moves }: Surface): Float64Array {
  moves.forEach((weight, vertex) => {
    for (let at = vertex * 3; at < vertex * 3 + 3; at++) {
      places[at] = weight * (places[at] ?? 0) + (1 - weight) * (vertices[at] ?? 0);
    }
  });
  return places;
}

/** The canonical surface with its face moved; what is around the face stays. Lips that would cross, or are to be closed, meet. */
function moveFace(
  photo: Pick<DraftPhoto, 'movements'>,
  canonical: Float64Array,
  { model, movements }: { readonly model: AppearanceModel; readonly movements: Movements },
): Float64Array {
  const moved = Float64Array.from(canonical);
  for (const name of MOVEMENTS) {
    const amount = movements[name] - photo.movements[name];
    if (amount === 0) continue;
    const shape = model.shapes[name];
    for (let at = 0; at < MESH_POINTS * 3; at++) moved[at] = (moved[at] ?? 0) + amount * (shape[at] ?? 0);
  }
  const open = Math.min(1, (movements.grin + movements.surprise) / OPEN_FROM);
  for (const [upper, lower] of LIP_PAIRS) {
    const gap = (moved[lower * 3 + 1] ?? 0) - (moved[upper * 3 + 1] ?? 0);
    const excess = gap < 0 ? gap : gap * (1 - open);
    const share = gap < 0 ? 0.5 : UPPER_SHARE;
    moved[upper * 3 + 1] = (moved[upper * 3 + 1] ?? 0) + share * excess;
    moved[lower * 3 + 1] = (moved[lower * 3 + 1] ?? 0) - (1 - share) * excess;
  }
  return moved;
}

/** From this much of a grin or of surprise on a mouth is open; one that is asked to be closed closes, whatever the photo shows. */
const OPEN_FROM = 0.3;
/** The part of closing that the upper lip does. */
const UPPER_SHARE = 0.35;
