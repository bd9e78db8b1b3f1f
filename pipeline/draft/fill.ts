import type { AppearanceModel, Movements } from './appearance.js';
import { drawSurface, type Draft } from './draw.js';
import { poseOf } from './head.js';
import type { DraftPhoto } from './photo.js';
import { smooth, type Plane } from './plane.js';
import { PART, surfaceOf } from './surface.js';
import { aimAt } from './target.js';

/** Skin seen worse than the first is taken from the other side of the face, as far as it is seen worse than there. */
const WORSE = { from: 0.45, wholly: 0.2 } as const;
/** Light is compared where this side was seen well enough for that, and no better than this. */
const COMPARED = 0.75;
/** It is done where so much of the face is seen that badly. */
const WORTH = 0.004;
/** The other side's light is brought to this side's by at most so much. */
const MOST_GAIN = 1.6;
/** Edges of what is filled are soft, by this part of the picture's side. */
const SOFT = 1 / 256;

/** What filling needs: the photo's mirror image, and how the face is moved in the draft. */
export interface Filling {
  readonly mirrored: DraftPhoto;
  readonly model: AppearanceModel;
  readonly movements: Movements;
}

/**
 * Gives a cheek that the photo hardly saw the skin of the other cheek, lit as what is around it. Faces are symmetric enough
 * for that, and it is the person's own skin. Changes the draft's colours and its matte.
 */
export function fillFromMirror(draft: Draft, { mirrored, model, movements }: Filling): Draft {
  if (unseenShare(draft) < WORTH) return draft;
  const surface = surfaceOf(mirrored.mesh, { pose: mirrored.pose, model, filled: mirrored.filled });
  const places = aimAt(surface, draft.mesh, poseOf(draft.mesh, model.reference));
  const isWanted = (pixel: number): boolean => (draft.seen.data[pixel] ?? 0) <= COMPARED;
  const other = drawSurface(mirrored, surface, {
    places,
    size: draft.size,
    model,
    movements,
    inside: 'everywhere',
    isWanted,
  });
  const taken = takenFrom(draft, other);
  const gain = gainOf(draft, other);
  const { colours, matte, seen } = draft;
  for (let pixel = 0; pixel < taken.data.length; pixel++) {
    const part = taken.data[pixel] ?? 0;
    if (part === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const at = pixel * 3 + channel;
      const lit = (other.colours[at] ?? 0) * (gain[channel] ?? 1);
      colours[at] = (colours[at] ?? 0) * (1 - part) + lit * part;
    }
    matte.data[pixel] = Math.max(matte.data[pixel] ?? 0, part * (other.matte.data[pixel] ?? 0));
    seen.data[pixel] = Math.max(seen.data[pixel] ?? 0, part * 0.5 * (other.seen.data[pixel] ?? 0));
  }
  return draft;
}

function unseenShare({ parts, seen }: Draft): number {
  let [face, unseen] = [0, 0];
  for (let pixel = 0; pixel < parts.length; pixel++) {
    if (parts[pixel] !== PART.face) continue;
    face += 1;
    if ((seen.data[pixel] ?? 0) < WORSE.from) unseen += 1;
  }
  return unseen / Math.max(1, face);
}

type Drawn = Omit<Draft, 'crop'>;

/** How much of the other side is taken at each place, 0..1. */
function takenFrom(draft: Draft, other: Drawn): Plane {
  const data = draft.seen.data.map((seen, pixel) => {
    if (draft.parts[pixel] !== PART.face || other.parts[pixel] !== PART.face) return 0;
    if ((other.seen.data[pixel] ?? 0) <= seen) return 0;
    return Math.min(1, Math.max(0, (WORSE.from - seen) / (WORSE.from - WORSE.wholly)));
  });
  const soft = smooth({ ...draft.seen, data }, draft.size * SOFT);
  // Softness must not reach places that the other side does not show.
  const shows = (pixel: number): number => (other.parts[pixel] === PART.face ? (other.matte.data[pixel] ?? 0) : 0);
  return { ...soft, data: soft.data.map((value, pixel) => value * shows(pixel)) };
}

/** By channel, how much brighter this side is than the other, where both were seen. */
function gainOf(draft: Draft, other: Drawn): readonly number[] {
  const sums = [0, 1, 2].map((channel) => {
    let [own, theirs] = [0, 0];
    for (let pixel = 0; pixel < draft.parts.length; pixel++) {
      const seen = draft.seen.data[pixel] ?? 0;
      if (draft.parts[pixel] !== PART.face || seen < WORSE.from || seen > COMPARED) continue;
      own += draft.colours[pixel * 3 + channel] ?? 0;
      theirs += other.colours[pixel * 3 + channel] ?? 0;
    }
    return theirs > 0 ? own / theirs : 1;
  });
  return sums.map((gain) => Math.min(MOST_GAIN, Math.max(1 / MOST_GAIN, gain)));
}
