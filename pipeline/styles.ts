import type { GraphName } from './bundle-manifest.js';
import type { Draft } from './draft/draw.js';
import { PART } from './draft/surface.js';
import { outputOf, type Graphs } from './graphs.js';
import { imageFromTensor, imagesToTensor, floatsOf, floatTensor, type FloatTensor } from './tensor.js';
import type { RgbImage } from './image.js';
import type { ScenePicture } from './scene/scene.js';

/** A portrait before it is drawn in a style, and where its parts are. */
export interface Unstyled extends ScenePicture {
  readonly draft: Pick<Draft, 'size' | 'parts' | 'lips' | 'eyes'>;
}

/** The graphs that draw in these styles; styles that the bundle has no graph for are passed over. */
export function renderersOf(graphs: Graphs, styles: readonly string[]): GraphName[] {
  return styles.map((style) => `renderer:${style}` as const).filter((renderer) => graphs.has(renderer));
}

/** The picture in the styles of some graphs, the mean of them; without any it stays as it is. */
export async function renderStyles(
  graphs: Graphs,
  unstyled: Unstyled,
  renderers: readonly GraphName[],
): Promise<RgbImage> {
  const pictures: Float32Array[] = [];
  for (const renderer of renderers) pictures.push(await rendered(graphs, unstyled, renderer));
  const [first, ...others] = pictures;
  if (!first) return unstyled.picture;
  const { size } = unstyled.draft;
  const mean = (): Float32Array =>
    first.map((value, at) => others.reduce((sum, other) => sum + (other[at] ?? 0), value) / pictures.length);
  return imageFromTensor(floatTensor([1, 3, size, size], others.length === 0 ? first : mean()), 0, 0);
}

/**
 * The picture in a style, channels first: graph `renderer:STYLE`, image [1, 3, S, S], matte [1, 1, S, S] and face
 * [1, 4, S, S] (face, lips, inside of the mouth, eyes) to styled [1, 3, S, S], float32, 0..1.
 */
async function rendered(
  graphs: Graphs,
  { draft, picture, matte }: Unstyled,
  renderer: GraphName,
): Promise<Float32Array> {
  const { size } = draft;
  const outputs = await graphs.run(renderer, {
    image: imagesToTensor([picture], 1 / 255),
    matte: floatTensor([1, 1, size, size], matte),
    face: faceChannels(draft),
  });
  return floatsOf(outputOf(outputs, renderer, 'styled'));
}

function faceChannels({ size, parts, lips, eyes }: Unstyled['draft']): FloatTensor {
  const plane = size * size;
  const data = new Float32Array(plane * 4);
  for (let pixel = 0; pixel < plane; pixel++) {
    const part = parts[pixel];
    data[pixel] = part === PART.face || part === PART.mouth ? 1 : 0;
    data[2 * plane + pixel] = part === PART.mouth ? 1 : 0;
  }
  data.set(lips.data, plane);
  data.set(eyes.data, 3 * plane);
  return floatTensor([1, 4, size, size], data);
}
