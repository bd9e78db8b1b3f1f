import { appearanceFile, type Bundle } from './bundle.js';
import { batchNoise } from './candidates.js';
import type { Predict } from './diffusion/denoiser.js';
import type { SamplerName } from './diffusion/samplers/index.js';
import type { Face } from './face/face.js';
import type { Graphs } from './graphs.js';
import type { RgbImage } from './image.js';
import { heightOf, openScene, type ScenePicture, type SceneSetter } from './scene/scene.js';
import type { SceneWish } from './scene/wish.js';
import type { Asked } from './text/prompt.js';
import { readAppearanceModel, type AppearanceModel } from './draft/appearance.js';
import { backdropOf, setBefore } from './draft/backdrop.js';
import { drawDraft, type Draft } from './draft/draw.js';
import { fillFromMirror } from './draft/fill.js';
import { readFaceMesh, type FaceMesh } from './draft/face-mesh.js';
import { poseOf, undoPose } from './draft/head.js';
import { cutOut, type CutOut } from './draft/cut-out.js';
import { finish } from './draft/finish.js';
import { drawLipLine } from './draft/lip-line.js';
import { refineMouth } from './draft/mouth-refiner.js';
import { mirrorPhoto, readDraftPhoto, type DraftPhoto } from './draft/photo.js';
import { planPortrait, type PortraitPlan } from './draft/plan.js';
import { chooseSource, withinReach, type DraftSource } from './draft/source.js';
import { renderersOf, renderStyles } from './styles.js';

/** Makes portraits that begin as the photo itself. */
export interface DraftPainter {
  /** How surely a face that was found is one, and upright, 0..1. */
  uprightness(image: RgbImage, face: Pick<Face, 'points'>): Promise<number>;
  /** Measures a photo for drafts. @throws LikenessError `no-face` or `face-cut-off`. */
  read(image: RgbImage, face: Pick<Face, 'points'>): Promise<DraftPhoto>;
  /** Candidates of one album, in order; the same request gives the same pictures. */
  paint(photos: readonly DraftPhoto[], painting: Painting): Promise<PaintedPortrait[]>;
}

/** A candidate: the person where they were, or before a studio's wall. */
export interface PaintedPortrait {
  readonly image: RgbImage;
  /** Draws it in the scene and the styles that were asked for; missing where none were. Most candidates are never chosen. */
  readonly render?: () => Promise<RgbImage>;
}

/** What to paint, and how. */
export interface Painting {
  readonly asked: Asked;
  /** What is drawn around and on the person. */
  readonly scene: SceneWish;
  /** What the portrait is drawn in; of two the mean. */
  readonly styles: readonly string[];
  readonly seed: number;
  /** The number of the first candidate, and how many there are. */
  readonly first: number;
  readonly candidates: number;
  /** The finisher under the request's condition. Left out, drafts are delivered as they are. */
  readonly conditioned?: ((told: Float32Array) => Predict) | undefined;
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly signal?: AbortSignal | undefined;
  /** Awaited after each of the finisher's steps, and after each picture. */
  readonly onStep?: (() => void | Promise<void>) | undefined;
  readonly onPicture?: (() => void | Promise<void>) | undefined;
}

/** The painter of a bundle; nothing where its portraits do not begin as drafts. */
export async function openDraftPainter(bundle: Bundle, graphs: Graphs): Promise<DraftPainter | undefined> {
  const file = appearanceFile(bundle);
  if (file === undefined) return undefined;
  const model = await readAppearanceModel(file);
  return {
    uprightness: async (image, face) => uprightnessOf(await readFaceMesh(graphs, image, face), model),
    read: (image, face) => readDraftPhoto(image, face, { graphs, model }),
    paint: (photos, painting) => paint({ bundle, graphs, model }, photos, painting),
  };
}

/**
 * The mesh's network takes faces that lie on their side or their head for faces as well, but less surely, and such a mesh
 * is less like a head: the logit less so much for each unit of the head that its points are off on average (root mean square).
 */
const OFF = 100;
/** That difference, where uprightness is 0 and where it is 1. */
const UPRIGHT = { not: -5, surely: 20 } as const;

function uprightnessOf({ points, logit }: FaceMesh, { reference }: AppearanceModel): number {
  const canonical = undoPose(poseOf(points, reference), points);
  const squares = canonical.reduce((sum, value, at) => sum + (value - (reference[at] ?? 0)) ** 2, 0);
  const sureness = logit - OFF * Math.sqrt((3 * squares) / canonical.length);
  return Math.min(1, Math.max(0, (sureness - UPRIGHT.not) / (UPRIGHT.surely - UPRIGHT.not)));
}

interface Studio {
  readonly bundle: Bundle;
  readonly graphs: Graphs;
  readonly model: AppearanceModel;
}

async function paint(studio: Studio, photos: readonly DraftPhoto[], painting: Painting): Promise<PaintedPortrait[]> {
  const sources = photos.flatMap((photo): DraftSource[] => {
    const mirrored = mirrorPhoto(photo, studio.model);
    return [
      { photo, mirrored, isMirrored: false },
      { photo: mirrored, mirrored: photo, isMirrored: true },
    ];
  });
  const { model, bundle } = studio;
  const above = heightOf(painting.scene);
  const scene = openScene({ wish: painting.scene, size: bundle.manifest.image.size, seed: painting.seed, model });
  const renderers = renderersOf(studio.graphs, painting.styles);
  const noiseOf = albumNoise(studio, painting.seed);
  const portraits: PaintedPortrait[] = [];
  for (let place = 0; place < painting.candidates; place++) {
    const index = painting.first + place;
    const plan = planPortrait(painting.asked, { seed: painting.seed, index, above });
    const draft = await draftOf(studio, sources, plan);
    const done = await finished(studio, draft, { painting, noiseOf });
    const layout = layoutOf(draft);
    const backdrop = backdropOf(draft, plan.tone);
    const image = setBefore(done, backdrop);
    const portrait = { image, done, draft: layout, backdrop, index };
    const render = (): Promise<RgbImage> =>
      renderStyles(studio.graphs, { ...portrait, ...setInScene(scene, portrait) }, renderers);
    portraits.push({ image, ...((scene || renderers.length > 0) && { render }) });
    await painting.onPicture?.();
  }
  return portraits;
}

/** What of a draft is needed when its picture is done: where what is, without the photo's colours. */
type Layout = Pick<Draft, 'size' | 'mesh' | 'matte' | 'parts' | 'lips' | 'eyes'>;

const layoutOf = ({ size, mesh, matte, parts, lips, eyes }: Draft): Layout => ({
  size,
  mesh,
  matte,
  parts,
  lips,
  eyes,
});

async function draftOf(
  { bundle, graphs, model }: Studio,
  sources: readonly DraftSource[],
  plan: PortraitPlan,
): Promise<Draft> {
  const { photo, mirrored } = chooseSource(sources, plan);
  const target = withinReach(plan, photo);
  const { size } = bundle.manifest.image;
  const draft = drawDraft(photo, { target, crop: plan.crop, seed: plan.seed }, { model, size });
  fillFromMirror(draft, { mirrored, model, movements: target.movements });
  const source = { photo, reference: model.reference };
  return drawLipLine(await refineMouth(graphs, draft, source), source);
}

async function finished(
  { bundle: { manifest } }: Studio,
  draft: Draft,
  { painting, noiseOf }: { readonly painting: Painting; readonly noiseOf: (step: number) => Float32Array },
): Promise<CutOut> {
  const { conditioned } = painting;
  return conditioned ? finish(draft, { ...painting, manifest, conditioned, noiseOf }) : cutOut(draft);
}

/** The noise of an album's steps, drawn once each. */
function albumNoise({ bundle: { manifest } }: Studio, seed: number): (step: number) => Float32Array {
  const drawn = new Map<number, Float32Array>();
  return (step) => {
    const noise = drawn.get(step) ?? batchNoise(manifest, { seed, batch: 0, step });
    drawn.set(step, noise);
    return noise;
  };
}

interface Unset {
  readonly image: RgbImage;
  readonly done: CutOut;
  readonly draft: Layout;
  readonly backdrop: RgbImage;
  readonly index: number;
}

/** Before what was asked for, or else as it is. */
function setInScene(scene: SceneSetter | undefined, { image, done, ...portrait }: Unset): ScenePicture {
  return scene?.set(done, portrait) ?? { picture: image, matte: done.data.slice(3 * done.size * done.size) };
}
