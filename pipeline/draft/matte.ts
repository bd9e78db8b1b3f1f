import { boxToPicture, composeAffine, type Affine, type Box } from '../face/geometry.js';
import { warp } from '../face/warp.js';
import { outputOf, type Graphs } from '../graphs.js';
import type { RgbImage } from '../image.js';
import { floatsOf, imagesToTensor } from '../tensor.js';
import { mirrorImage } from './mirror.js';
import { enlargePlane, type Plane } from './plane.js';

/** Side of the picture that the matte is read from, in pixels. */
const SIDE = 256;
/** The part of the square that is looked at once more, closer: the head. The network errs differently on each view. */
const CLOSER: Box = { x: 5 / 48, y: 0, width: 25 / 32, height: 25 / 32 };

/**
 * Where the person is in a square of `side` pixels that `map` takes from a photo, roughly, 0..1: MediaPipe's selfie
 * segmentation (Apache-2.0) at 256 pixels (graph `matte`, image float32 [1, 3, 256, 256] in 0..1 to matte
 * [1, 1, 256, 256]), the mean of several views. `cutPerson` finds the edge.
 */
export async function readMatte(
  graphs: Pick<Graphs, 'run'>,
  photo: RgbImage,
  { map, side }: { readonly map: Affine; readonly side: number },
): Promise<Plane> {
  const closer = {
    x: Math.round(CLOSER.x * side),
    y: Math.round(CLOSER.y * side),
    width: Math.round(CLOSER.width * side),
    height: Math.round(CLOSER.height * side),
  };
  const matte = enlargePlane(
    await readView(graphs, photo, viewOf(map, { x: 0, y: 0, width: side, height: side })),
    side,
    side,
  );
  const head = enlargePlane(await readView(graphs, photo, viewOf(map, closer)), closer.width, closer.height);
  for (let y = 0; y < closer.height; y++) {
    for (let x = 0; x < closer.width; x++) {
      const pixel = (closer.y + y) * side + closer.x + x;
      matte.data[pixel] = ((matte.data[pixel] ?? 0) + (head.data[y * closer.width + x] ?? 0)) / 2;
    }
  }
  return matte;
}

function viewOf(map: Affine, part: Box): Affine {
  return composeAffine(map, boxToPicture(part, { width: SIDE, height: SIDE }));
}

/** The matte of a view, the mean of it and of its mirror image. */
async function readView(graphs: Pick<Graphs, 'run'>, photo: RgbImage, map: Affine): Promise<Plane> {
  const view = warp(photo, { map, size: { width: SIDE, height: SIDE } });
  const run = async (image: RgbImage): Promise<Float32Array> =>
    floatsOf(outputOf(await graphs.run('matte', { image: imagesToTensor([image], 1 / 255) }), 'matte', 'matte'));
  const upright = await run(view);
  const mirrored = await run(mirrorImage(view));
  const data = upright.map((value, pixel) => {
    const column = pixel % SIDE;
    return (value + (mirrored[pixel - column + SIDE - 1 - column] ?? 0)) / 2;
  });
  return { width: SIDE, height: SIDE, data };
}
