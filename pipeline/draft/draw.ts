import type { Affine } from '../face/geometry.js';
import type { RgbImage } from '../image.js';
import { EYE_POINTS } from './eyes.js';
import { drawBehind, type Behind } from './behind.js';
import { sampleChart } from './mouth.js';
import { mouthOf, paintMouth, type PaintedMouth } from './painted-mouth.js';
import { cropMap, type CropWish } from './crop.js';
import { moveMesh } from './head.js';
import { eachMovement, lightPlace, MOVEMENTS, type AppearanceModel, type Chart, type Movements } from './appearance.js';
import type { DraftPhoto } from './photo.js';
import type { Plane } from './plane.js';
import { facing } from './facing.js';
import { interpolate, rasterise, type Raster } from './rasterise.js';
import { EYE_CORNERS, LIPS_INNER, LIPS_OUTER } from './regions.js';
import { sampleColour, samplePlane, type ColourTarget } from './sample.js';
import { softenSeams } from './seams.js';
import { skinPlaces, type SkinWish } from './skin.js';
import { EYEBALLS, PART, surfaceOf, type Surface } from './surface.js';
import type { Surroundings } from './surroundings.js';
import { aim, changesOf, type DraftTarget } from './target.js';
import { tintOf } from './tint.js';

/** What to draw. */
export interface DraftWish {
  readonly target: DraftTarget;
  readonly crop: CropWish;
  /** Of the mouth's inside. */
  readonly seed: number;
}

/** A portrait as the photo alone gives it. */
export interface Draft {
  readonly size: number;
  /** Red, green, blue of each pixel, 0..255, without a backdrop. */
  readonly colours: Float32Array;
  readonly matte: Plane;
  /** How well the photo saw what is drawn at each place, 0..1; 0 where the model drew it. */
  readonly seen: Plane;
  /** Where the lips are and where the eyes are, 0..1, fading out within a triangle of the mesh. */
  readonly lips: Plane;
  readonly eyes: Plane;
  /** Which part of the surface is at each pixel: see `PART`. */
  readonly parts: Uint8Array;
  /** The face mesh in pixels of the draft. */
  readonly mesh: Float64Array;
  /** From the plate to the draft. */
  readonly crop: Affine;
  /** What is around the person: in the photo, and moved with the head. */
  readonly surroundings?: Surroundings | undefined;
  readonly behind?: Behind | undefined;
}

const ATTRIBUTES = 7;
const [SOURCE_X, SOURCE_Y, SEEN, LIGHT_U, LIGHT_V, LIPS, EYES] = [0, 1, 2, 3, 4, 5, 6] as const;

/** Draws the head of a photo as asked, `size` pixels square. */
export function drawDraft(
  photo: DraftPhoto,
  wish: DraftWish,
  { model, size }: { readonly model: AppearanceModel; readonly size: number },
): Draft {
  const surface = surfaceOf(photo.mesh, { pose: photo.pose, model, filled: photo.filled });
  const inPlate = aim(photo, surface, { model, target: wish.target });
  const crop = cropMap(photo, wish.crop, { size, eyes: eyesOf(inPlate, photo.mesh) });
  const { movements, eyes } = wish.target;
  const mouth = mouthOf(photo, inPlate, { model, movements, seed: wish.seed });
  const { surroundings } = photo;
  const drawing = { eyes, places: moveMesh(inPlate, crop), size, model, movements, mouth, surroundings };
  return { ...drawSurface(photo, surface, drawing), crop, surroundings };
}

/** What a surface is drawn as. */
export interface SurfaceDrawing extends Omit<SkinWish, 'faces'> {
  /** Where its vertices go, in pixels of the draft. */
  readonly places: Float64Array;
  readonly size: number;
  readonly model: AppearanceModel;
  /** How the face is moved there: its light changes by the difference to the photo's. */
  readonly movements: Movements;
  /** What is painted between the lips, if anything. */
  readonly mouth?: PaintedMouth | undefined;
  /** What is drawn behind the person, if anything. */
  readonly surroundings?: Surroundings | undefined;
  /** Which pixels are drawn; all where left out. */
  readonly isWanted?: ((pixel: number) => boolean) | undefined;
}

/** The surface of a photo's head at new places. */
export function drawSurface(
  photo: DraftPhoto,
  surface: Surface,
  { places, size, model, movements, mouth, surroundings, isWanted, ...skin }: SurfaceDrawing,
): Omit<Draft, 'crop' | 'surroundings'> {
  const raster = rasterise(surface, places, size);
  if (isWanted) leaveOut(raster.part, isWanted);
  const { triangles } = surface;
  const faces = facing(surface, places);
  const values = attributesOf(surface, faces);
  const face = { triangles, values: takenFrom(skinPlaces(photo, surface, { places, faces, ...skin }), values) };
  const around = { triangles, values };
  const light = lightChange(model, photo, movements);
  const { sources, ...draft } = sampleAll(photo, raster, { face, around, light });
  const isDrawn = (pixel: number): boolean => raster.part[pixel] !== 0;
  const behind = surroundings && drawBehind(draft, surroundings, { sources, isDrawn });
  softenSeams({ ...draft, behind }, raster, sources);
  const mesh = places.slice(0, photo.mesh.length);
  if (mouth) paintMouth(draft, raster, { mesh, mouth });
  return { size, ...draft, behind, parts: raster.part, mesh };
}

/** The colours of a draft as a picture, without a backdrop. */
export function pictureOf({ size, colours }: Pick<Draft, 'size' | 'colours'>): RgbImage {
  return { width: size, height: size, data: new Uint8Array(new Uint8ClampedArray(colours).buffer) };
}

function leaveOut(parts: Uint8Array, isWanted: (pixel: number) => boolean): void {
  for (let pixel = 0; pixel < parts.length; pixel++) if (parts[pixel] !== 0 && !isWanted(pixel)) parts[pixel] = 0;
}

/** Half way between where the eyes were and where they are now: the picture follows the head, not quite. */
function eyesOf(places: Float64Array, before: Float64Array): readonly [number, number] {
  let [x, y] = [0, 0];
  for (const mesh of [places, before]) {
    for (const corner of EYE_CORNERS) [x, y] = [x + (mesh[corner * 3] ?? 0) / 4, y + (mesh[corner * 3 + 1] ?? 0) / 4];
  }
  return [x, y];
}

/** What is drawn at each vertex: `ATTRIBUTES` numbers; `faces` is how much it faces the camera now. */
function attributesOf(surface: Surface, faces: Float64Array): Float64Array {
  const count = surface.vertices.length / 3;
  const values = new Float64Array(count * ATTRIBUTES);
  for (let vertex = 0; vertex < count; vertex++) {
    const at = vertex * ATTRIBUTES;
    values[at + SOURCE_X] = surface.vertices[vertex * 3] ?? 0;
    values[at + SOURCE_Y] = surface.vertices[vertex * 3 + 1] ?? 0;
    // A place that now faces the camera more than it did is stretched: it was seen so much less well.
    const [was, is] = [Math.max(0, surface.faces[vertex] ?? 0), Math.max(0.05, faces[vertex] ?? 0)];
    values[at + SEEN] = Math.min(1, was / is);
    const [u, v] = lightPlace(surface.canonical[vertex * 3] ?? 0, surface.canonical[vertex * 3 + 1] ?? 0);
    values[at + LIGHT_U] = u;
    values[at + LIGHT_V] = v;
  }
  for (const vertex of [...LIPS_OUTER, ...LIPS_INNER]) values[vertex * ATTRIBUTES + LIPS] = 1;
  EYE_POINTS.forEach((point, place) => {
    for (const vertex of [point, EYEBALLS + place]) values[vertex * ATTRIBUTES + EYES] = 1;
  });
  return values;
}

/** What is drawn at each vertex, the colours taken from other places of the photo. */
function takenFrom(sources: Float64Array, attributes: Float64Array): Float64Array {
  const values = Float64Array.from(attributes);
  for (let vertex = 0; vertex < sources.length / 3; vertex++) {
    values[vertex * ATTRIBUTES + SOURCE_X] = sources[vertex * 3] ?? 0;
    values[vertex * ATTRIBUTES + SOURCE_Y] = sources[vertex * 3 + 1] ?? 0;
  }
  return values;
}

type Sampled = Pick<Draft, 'colours' | 'matte' | 'seen' | 'lips' | 'eyes'>;

/** What is carried at vertices, and where they are joined. */
interface Carried {
  readonly triangles: Int32Array;
  readonly values: Float64Array;
}

interface Sampling {
  readonly face: Carried;
  readonly around: Carried;
  /** By how much the light of the face changes, if it does. */
  readonly light: Chart | undefined;
}

function sampleAll(
  { plate, matte }: DraftPhoto,
  raster: Raster,
  { face, around, light }: Sampling,
): Sampled & { readonly sources: Float32Array } {
  const { size, part } = raster;
  const colours = new Float32Array(size * size * 3);
  const alpha = new Float32Array(size * size);
  const seen = new Float32Array(size * size);
  const lips = new Float32Array(size * size);
  const eyes = new Float32Array(size * size);
  const here = new Float64Array(ATTRIBUTES);
  const at = { pixel: 0, target: here };
  const [source, place]: [[number, number], [number, number]] = [
    [0, 0],
    [0, 0],
  ];
  const target = { colours, at: 0 };
  const gain = new Float64Array(3);
  const sources = new Float32Array(size * size * 2);
  for (let pixel = 0; pixel < part.length; pixel++) {
    if (part[pixel] === 0) continue;
    at.pixel = pixel;
    interpolate(raster, part[pixel] === PART.around ? around : face, at);
    [source[0], source[1]] = [here[SOURCE_X] ?? 0, here[SOURCE_Y] ?? 0];
    sources.set(source, pixel * 2);
    target.at = pixel * 3;
    const cover = samplePlane(matte, source);
    alpha[pixel] = cover;
    if (cover > 0) sampleColour(plate, source, target);
    if (light && part[pixel] === PART.face) {
      [place[0], place[1]] = [here[LIGHT_U] ?? 0, here[LIGHT_V] ?? 0];
      sampleChart(light, place, gain);
      brighten(target, gain);
    }
    seen[pixel] = here[SEEN] ?? 0;
    lips[pixel] = here[LIPS] ?? 0;
    eyes[pixel] = here[EYES] ?? 0;
  }
  const plane = (data: Float32Array): Plane => ({ width: size, height: size, data });
  return { colours, matte: plane(alpha), seen: plane(seen), lips: plane(lips), eyes: plane(eyes), sources };
}

function brighten({ colours, at }: ColourTarget, gain: Float64Array): void {
  for (let channel = 0; channel < 3; channel++) {
    colours[at + channel] = (colours[at + channel] ?? 0) * (gain[channel] ?? 1);
  }
}

/** No more of a movement's folds is taken away than this. */
const MOST_SMOOTHED = 0.65;

/** Logarithm of how much brighter a place may become: where a fold is no shadow, taking it away would leave a glow. */
const MOST_LIT = 0.16;

/**
 * By how much light changes with a face, by place on the head; as colourful as the photo is where a movement is added, and grey
 * where one is taken away: not every face blushes as it smiles, and one that did not would turn pale. Nothing where it is at rest.
 */
function lightChange(model: AppearanceModel, photo: DraftPhoto, to: Movements): Chart | undefined {
  const { width, height, data } = model.lights.smile;
  const gains = new Float32Array(data.length);
  // A face may move further than people do on average; its folds are no deeper for that, and may have been shallower.
  const changes = changesOf(photo, to, model);
  const amounts = eachMovement((name) => Math.min(1, Math.max(-MOST_SMOOTHED, changes[name])));
  if (MOVEMENTS.every((name) => amounts[name] === 0)) return undefined;
  const { colour } = tintOf(photo);
  for (const name of MOVEMENTS) {
    const [amount, light] = [amounts[name], model.lights[name].data];
    const tinted = amount > 0 ? colour : 0;
    for (let at = 0; at < gains.length; at += 3) {
      const mean = ((light[at] ?? 0) + (light[at + 1] ?? 0) + (light[at + 2] ?? 0)) / 3;
      for (let channel = at; channel < at + 3; channel++) {
        gains[channel] = (gains[channel] ?? 0) + amount * (mean + tinted * ((light[channel] ?? 0) - mean));
      }
    }
  }
  return { width, height, data: gains.map((gain) => Math.exp(Math.min(MOST_LIT, gain))) };
}
