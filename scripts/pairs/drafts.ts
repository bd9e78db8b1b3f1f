import { AT_REST, MOVEMENTS, type AppearanceModel } from '../../pipeline/draft/appearance.js';
import { drawSurface, pictureOf, type Draft } from '../../pipeline/draft/draw.js';
import type { PaintedMouth } from '../../pipeline/draft/painted-mouth.js';
import { moveMesh } from '../../pipeline/draft/head.js';
import { drawMouth, projectMouth } from '../../pipeline/draft/mouth.js';
import { mouthMiddle } from '../../pipeline/draft/mouth-window.js';
import { draftPhotoOf, type DraftPhoto } from '../../pipeline/draft/photo.js';
import { surfaceOf } from '../../pipeline/draft/surface.js';
import { aim, aimAt } from '../../pipeline/draft/target.js';
import { gapOf, OPEN, pick, type Random } from './prepared.js';

/** How far a photo is moved away, degrees, and how often its face is at rest there. */
export interface Away {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly atRest: number;
  /** Whether its mouth stays in the middle of the picture. */
  readonly isCentred: boolean;
}

/** Most that a photo that was moved away is turned. */
const MOST_YAW = 32;

/** What drafts are drawn with. */
export interface Drawing {
  readonly model: AppearanceModel;
  /** Side of photos and drafts, pixels. */
  readonly side: number;
  readonly random: Random;
}

/** A photo moved away: turned by chance, its face moved by chance. */
export function movedAway(photo: DraftPhoto, away: Away, { model, side, random }: Drawing): DraftPhoto {
  const [yaw, pitch, roll, kind] = random();
  const [amount, tooth] = random();
  const centred = (value: number): number => value * 2 - 1;
  const moves = (kind - away.atRest) / (1 - away.atRest);
  const target = {
    angles: {
      yaw: Math.min(MOST_YAW, Math.max(-MOST_YAW, photo.angles.yaw + away.yaw * centred(yaw))),
      pitch: photo.angles.pitch + away.pitch * centred(pitch),
      roll: away.roll * centred(roll),
    },
    movements: moves < 0 ? AT_REST : { ...AT_REST, [pick(MOVEMENTS, moves)]: 0.5 + 0.8 * amount },
  };
  const surface = surfaceOf(photo.mesh, { ...photo, model });
  const aimed = aim(photo, surface, { model, target });
  const places = away.isCentred ? centredAt(aimed, side) : aimed;
  const { grin, surprise } = model.mouths;
  const mouth = target.movements.surprise > 0 ? surprise : grin;
  const opens = gapOf(places) > OPEN && gapOf(photo.mesh) < OPEN;
  const painted =
    opens && mouth ? { chart: drawMouth(mouth, Math.floor(tooth * 2 ** 32)), gain: 1, colour: 1 } : undefined;
  const draft = drawSurface(photo, surface, { places, size: side, model, movements: target.movements, mouth: painted });
  return {
    ...draftPhotoOf(pictureOf(draft), { matte: draft.matte, mesh: draft.mesh, model }),
    movements: target.movements,
  };
}

function centredAt(places: Float64Array, side: number): Float64Array {
  const [x, y] = mouthMiddle(places);
  return moveMesh(places, [1, 0, side / 2 - x, 0, 1, side / 2 - y]);
}

/** The source's head drawn as the target shows it. */
export function draftOf(source: DraftPhoto, target: DraftPhoto, drawing: Drawing): Omit<Draft, 'crop'> {
  const { model, side } = drawing;
  const surface = surfaceOf(source.mesh, { ...source, model });
  const places = aimAt(surface, target.mesh, target.pose);
  const isOpening = gapOf(target.mesh) > OPEN / 2 && gapOf(source.mesh) < 0.6 * gapOf(target.mesh);
  return drawSurface(source, surface, {
    places,
    size: side,
    model,
    movements: target.movements,
    mouth: isOpening ? mouthOf(target, drawing) : undefined,
  });
}

/** What a drawn mouth like the target's own is: of a grin as far as the components tell it, of surprise any. */
function mouthOf(target: DraftPhoto, { model, random }: Drawing): PaintedMouth | undefined {
  const { grin, surprise } = model.mouths;
  const [chance] = random();
  const isWideOpen = target.movements.surprise > target.movements.grin;
  if (isWideOpen && surprise) return { chart: drawMouth(surprise, Math.floor(chance * 2 ** 32)), gain: 1, colour: 1 };
  return grin && { chart: projectMouth(grin, target), gain: 1, colour: 1 };
}
