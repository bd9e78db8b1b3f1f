import { eachMovement, MOVEMENTS, type AppearanceModel, type Movement, type Movements } from './appearance.js';
import {
  applyPose,
  MESH_POINTS,
  multiply,
  rotationOf,
  transpose,
  undoPose,
  type HeadAngles,
  type HeadPose,
} from './head.js';
import { lowerLids, type EyeWish } from './eyes.js';
import type { DraftPhoto } from './photo.js';
import { closeLips } from './close-lips.js';
import { facing } from './facing.js';
import { linearStep } from './linear-step.js';
import { LID_PAIRS, LIP_CORNERS, LIP_MIDDLES, OVAL } from './regions.js';
import { aroundVertex, placeTwins, type Surface } from './surface.js';

/** Where a portrait's head is to point and how its face is to move. */
export interface DraftTarget {
  readonly angles: HeadAngles;
  /** Degrees by which the yaw may be another: a photo that is that near needs no turn. */
  readonly slack?: number | undefined;
  /** Degrees of yaw that the head turns at most. */
  readonly most?: number | undefined;
  readonly movements: Movements;
  readonly keeps?: Keeps | undefined;
  /** Which teeth a smile shows; left out, those that its movements open the mouth for. */
  readonly teeth?: Teeth | undefined;
  /** How far lips part, 0..1 of how far the movements part them; left out, they close as the movements end. */
  readonly parted?: number | undefined;
  /** How the eyes look; left out, as they do in the photo. */
  readonly eyes?: EyeWish | undefined;
}

/**
 * What of the photo's expression a target keeps, whatever its movements: an open mouth as it is, where no expression is asked
 * for; smiles that are broader than what is asked for; nothing. What a photo shows looks better than what is drawn.
 */
export type Keeps = 'open mouths' | 'smiles' | 'nothing';

/** Any, painted where the photo shows none; the photo's own, or lips that meet; none. */
export type Teeth = 'any' | 'own' | 'none';

/** The head turns about this place inside the neck; canonical. */
const PIVOT: readonly [number, number, number] = [0, 0.55, 0.75];

/** Where the surface of a photo's head goes: its vertices in the plate, moved and turned. */
export function aim(
  photo: DraftPhoto,
  surface: Surface,
  { model, target }: { readonly model: AppearanceModel; readonly target: DraftTarget },
): Float64Array {
  const moved = moveFace(photo, surface.canonical, { model, target });
  placeTwins(moved, surface);
  lowerLids(moved, target.eyes?.lids ?? 0);
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
  return openOutline(keepStill(applyPose(photo.pose, turned), surface), surface);
}

/** The same where the mesh it goes to is known: another photo's, which `pose` is of. */
export function aimAt(surface: Surface, mesh: Float64Array, pose: HeadPose): Float64Array {
  const places = applyPose(pose, surface.canonical);
  places.set(mesh);
  placeTwins(places, surface);
  return openOutline(keepStill(places, surface), surface);
}

/** A hidden point of the oval comes into view where it faces the camera this much, and wholly where it does so much more. */
const INTO_VIEW = { from: -0.05, more: 0.2 } as const;
/** How much of the outline's shift each ring takes, from the first; those beyond take none. */
const SHIFTED = [0.85, 0.7, 0.55, 0.4, 0.25, 0.12] as const;

/**
 * What is around a face begins, in the photo, where a turned cheek ends. Where the rest of that cheek comes into view, it begins
 * at the oval instead, and what is next to it makes room.
 */
function openOutline(places: Float64Array, surface: Surface): Float64Array {
  const { twins, faces: before } = surface;
  if (OVAL.every((point, index) => twins[index] === point)) return places;
  const now = facing(surface, places);
  OVAL.forEach((point, index) => {
    const limb = twins[index] ?? point;
    if (limb === point) return;
    const shown = ((now[point] ?? 0) - Math.max(INTO_VIEW.from, before[point] ?? 0)) / INTO_VIEW.more;
    const part = Math.min(1, Math.max(0, shown));
    for (let axis = 0; axis < 3; axis++) {
      const shift = part * ((places[point * 3 + axis] ?? 0) - (places[limb * 3 + axis] ?? 0));
      [1, ...SHIFTED].forEach((share, ring) => {
        const at = aroundVertex(ring - 1, index) * 3 + axis;
        places[at] = (places[at] ?? 0) + share * shift;
      });
    }
  });
  return places;
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
  photo: DraftPhoto,
  canonical: Float64Array,
  { model, target: { movements, parted } }: { readonly model: AppearanceModel; readonly target: DraftTarget },
): Float64Array {
  const moved = Float64Array.from(canonical);
  const changes = changesOf(photo, movements, model);
  for (const name of MOVEMENTS) {
    const amount = changes[name];
    if (amount === 0) continue;
    const shape = widening(model.shapes[name], WIDENED[name] ?? 1);
    for (let at = 0; at < MESH_POINTS * 3; at++) moved[at] = (moved[at] ?? 0) + amount * (shape[at] ?? 0);
  }
  const left = LEFT_OPEN.part * linearStep(lipGap(photo.mesh, photo.pose.scale), LEFT_OPEN);
  closeLips(moved, Math.min(1, Math.max(left, parted ?? (movements.grin + movements.surprise) / OPEN_FROM)));
  return moved;
}

/** A mouth is open from this gap between the lips on, in units. */
export const OPEN_GAP = 0.025;

/** The gap between the middles of the lips of a mesh whose head has this scale, in units. */
export function lipGap(mesh: Float64Array, scale: number): number {
  const [upper, lower] = LIP_MIDDLES;
  const across = (mesh[lower * 3] ?? 0) - (mesh[upper * 3] ?? 0);
  return Math.hypot(across, (mesh[lower * 3 + 1] ?? 0) - (mesh[upper * 3 + 1] ?? 0)) / scale;
}

function isMouthOpen({ mesh, pose }: Pick<DraftPhoto, 'mesh' | 'pose'>): boolean {
  return lipGap(mesh, pose.scale) > OPEN_GAP;
}

/** Teeth that the photo does not show are not drawn into a face turned further than this, which hides half of them; degrees. */
const TEETH_UP_TO = 28;
/** Lips this far apart show teeth, units; less and less of them down to the first. */
const SHOWS_TEETH = { from: 0.03, to: 0.07 } as const;
/** What a grin is to a mouth that opens no further than the photo's: the smile beside it makes up for the rest. */
const OWN_TEETH = { grin: 0.5, smile: 1 } as const;
/** What a grin is to lips that meet. */
const LIPS_MET = { grin: 0.6, smile: 1 } as const;

/** How a photo's face is to move: as asked, but for what it keeps and what it does not allow. */
export function faceFor(
  { movements, keeps, teeth = 'any' }: DraftTarget,
  photo: DraftPhoto,
): Pick<DraftTarget, 'movements' | 'parted'> {
  const own = photo.movements;
  const isOpen = isMouthOpen(photo);
  if (keeps === 'open mouths' && isOpen) return { movements: own };
  const isAside = !isOpen && Math.abs(photo.angles.yaw) > TEETH_UP_TO;
  const face = teeth === 'any' && !isAside ? { movements } : withoutPainting({ movements, teeth }, photo);
  if (keeps !== 'smiles') return face;
  const smile = Math.max(own.smile, face.movements.smile);
  const grin = isOpen ? Math.max(own.grin, face.movements.grin) : face.movements.grin;
  return { ...face, movements: { ...face.movements, smile, grin } };
}

/** A grin with no teeth but the photo's own, or with lips that meet. */
function withoutPainting(
  { movements, teeth }: Pick<DraftTarget, 'movements' | 'teeth'>,
  { movements: own, mesh, pose }: DraftPhoto,
): Pick<DraftTarget, 'movements' | 'parted'> {
  const { smile, grin } = movements;
  if (grin === 0) return { movements };
  const shown = teeth === 'none' ? 0 : linearStep(lipGap(mesh, pose.scale), SHOWS_TEETH);
  const between = (met: number, open: number): number => met + shown * (open - met);
  return {
    movements: {
      ...movements,
      smile: between(Math.max(smile, LIPS_MET.smile * grin), Math.max(smile, OWN_TEETH.smile * (grin - own.grin))),
      grin: between(LIPS_MET.grin, OWN_TEETH.grin) * grin,
    },
    parted: shown,
  };
}

/**
 * By how much each movement of a photo's face changes on its way to others. An open mouth that all of a broad smile is taken from
 * is a caricature of a serious one, so some of it stays; and smiles widen some mouths less than most: such a mouth is narrowed
 * no further than to the mean mouth.
 */
export function changesOf(
  photo: Pick<DraftPhoto, 'movements' | 'mesh' | 'pose'>,
  to: Movements,
  { shapes, reference }: AppearanceModel,
): Movements {
  const wholly = eachMovement((name) => to[name] - photo.movements[name]);
  if (!isMouthOpen(photo)) return wholly;
  const wanted = eachMovement((name) => softened(wholly[name]));
  const [left, right] = LIP_CORNERS;
  const widthOf = (points: Float64Array): number => (points[right * 3] ?? 0) - (points[left * 3] ?? 0);
  const narrows = (name: Movement): boolean => wanted[name] < 0 && widthOf(shapes[name]) > 0;
  const narrowed = MOVEMENTS.filter(narrows).reduce((sum, name) => sum - wanted[name] * widthOf(shapes[name]), 0);
  const room = widthOf(undoPose(photo.pose, photo.mesh)) - widthOf(reference);
  const part = narrowed > 0 ? Math.min(1, Math.max(TAKEN.least, room / narrowed)) : 1;
  const taken = MOVEMENTS.some((name) => to[name] > 0) ? part : TAKEN.toRest * part;
  return eachMovement((name) => (narrows(name) ? taken : 1) * wanted[name]);
}

/**
 * Of what is taken from an expression, more than the first counts half; of one that would narrow the mouth, the second part at
 * least; and of that, on the way to a face at rest, the third: lips that meet are serious, and a mouth that is narrowed as well is
 * sour.
 */
const TAKEN = { wholly: 0.7, least: 0.4, toRest: 0.3 } as const;

function softened(change: number): number {
  return change < -TAKEN.wholly ? (change - TAKEN.wholly) / 2 : change;
}

/**
 * How much of a movement's widening of the eyes is shown. Those who look sad have no wider eyes, though some do who were told to;
 * and lashes are drawn out where a lid goes far.
 */
const WIDENED: Readonly<Partial<Record<Movement, number>>> = { sadness: 0, surprise: 0.5 };

/** A movement with so much of what it does to the opening of the eyes: the lids move together for the rest. */
function widening(shape: Float64Array, part: number): Float64Array {
  if (part === 1) return shape;
  const changed = Float64Array.from(shape);
  for (const [upper, lower] of LID_PAIRS) {
    for (let axis = 0; axis < 3; axis++) {
      const [above, below] = [shape[upper * 3 + axis] ?? 0, shape[lower * 3 + axis] ?? 0];
      const [mean, half] = [(above + below) / 2, (part * (above - below)) / 2];
      changed[upper * 3 + axis] = mean + half;
      changed[lower * 3 + axis] = mean - half;
    }
  }
  return changed;
}

/** From this much of a grin or of surprise on a mouth is open; one that is asked to be closed closes, whatever the photo shows. */
const OPEN_FROM = 0.3;
/** Of a mouth that gapes by more than the second stays this part open at the third: lips that were drawn so far apart look torn when they meet. */
const LEFT_OPEN = { part: 0.3, from: 0.12, to: 0.18 } as const;
