import { MOVEMENTS } from './appearance.js';
import type { DraftPhoto } from './photo.js';
import { faceFor, type DraftTarget } from './target.js';

/** What it costs to start from a photo, in degrees of turning: see `chooseSource`. */
const COSTS = {
  /** Each degree of pitch. */
  pitch: 0.6,
  /** A movement's whole difference: a closed mouth from an open one hides teeth, an open one from a closed invents them. */
  movement: 9,
  /** A mirror image: hair is parted on the other side. */
  mirrored: 4,
  /** A photo that has to be enlarged to twice its size. */
  enlarged: 6,
} as const;

/** A photo or its mirror image. */
export interface DraftSource {
  readonly photo: DraftPhoto;
  /** The mirror image of `photo`. */
  readonly mirrored: DraftPhoto;
  readonly isMirrored: boolean;
}

/** The photo, or mirror image of one, that has to change the least to become a portrait. */
export function chooseSource(sources: readonly DraftSource[], target: DraftTarget): DraftSource {
  const costs = sources.map((source) => costOf(source, target));
  const best = sources[costs.indexOf(Math.min(...costs))];
  if (!best) throw new RangeError('Expected at least one photo');
  return best;
}

/** The yaw of a target as near to a photo's as its slack allows. */
function nearestYaw({ angles: { yaw }, slack = 0 }: DraftTarget, from: number): number {
  return Math.min(yaw + slack, Math.max(yaw - slack, from));
}

function costOf({ photo, isMirrored }: DraftSource, target: DraftTarget): number {
  const { angles } = target;
  const { movements } = faceFor(target, photo);
  const moved = MOVEMENTS.reduce((sum, name) => sum + Math.abs(movements[name] - photo.movements[name]), 0);
  return (
    Math.abs(nearestYaw(target, photo.angles.yaw) - photo.angles.yaw) +
    COSTS.pitch * Math.abs(angles.pitch - photo.angles.pitch) +
    COSTS.movement * moved +
    (isMirrored ? COSTS.mirrored : 0) +
    COSTS.enlarged * Math.max(0, Math.log2(photo.enlarged))
  );
}

/** How far a head may turn from how a photo shows it; degrees. */
const REACH = {
  /** From a frontal photo; the more a photo is turned, the less of the far side it saw, and the less it may turn back. */
  yaw: 24,
  back: 0.8,
  /** No head is turned further than this. */
  furthest: 34,
  /** Of one that looks at the camera, and of one from the side: what lies behind a nose is in no photo. */
  pitch: { front: 14, side: 2 },
  /** From which yaw a photo is the less from the front, and from which it is from the side. */
  side: { from: 24, wholly: 40 },
} as const;

/** A target brought within reach of a photo: heads that would show too much that no photo saw turn less. */
export function withinReach(target: DraftTarget, photo: DraftPhoto): DraftTarget {
  const { angles } = target;
  const from = photo.angles;
  const turned = Math.abs(from.yaw);
  const most = Math.min(REACH.yaw, target.most ?? Infinity);
  const back = Math.max(0, Math.min(most, REACH.yaw - REACH.back * turned));
  const on = Math.max(0, Math.min(most, REACH.furthest - turned));
  const [lower, upper] = from.yaw > 0 ? [back, on] : [on, back];
  const { side, pitch } = REACH;
  const sideways = Math.min(1, Math.max(0, (turned - side.from) / (side.wholly - side.from)));
  const raised = pitch.front + (pitch.side - pitch.front) * sideways;
  return {
    ...faceFor(target, photo),
    ...(target.eyes && { eyes: target.eyes }),
    angles: {
      yaw: Math.min(from.yaw + upper, Math.max(from.yaw - lower, nearestYaw(target, from.yaw))),
      pitch: Math.min(from.pitch + raised, Math.max(from.pitch - raised, angles.pitch)),
      roll: angles.roll,
    },
  };
}
