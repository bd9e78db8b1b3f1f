import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LikenessError } from '../../../pipeline/errors.js';
import { openFaceAnalyser, type FaceAnalyser } from '../../../pipeline/face/analyser.js';
import { MAX_YAW, readReferenceSet } from '../../../pipeline/identity/reference-set.js';
import { decodeImage, rawSharp } from '../../../pipeline/image.js';
import { facePhoto } from '../../fakes/photos.js';

/** Where the face is in `facePhoto`: the middle of its width, and about half of it, in pixels. */
const FACE = { middle: 224, radius: 45 };

/** The photo with the head turned to the right side of the picture, as if its front were painted on a cylinder. */
async function turnedBy(degrees: number): Promise<Uint8Array> {
  const image = await decodeImage(facePhoto());
  const data = Uint8Array.from(image.data);
  for (let x = FACE.middle - FACE.radius + 1; x < FACE.middle + FACE.radius; x++) {
    const angle = Math.asin((x - FACE.middle) / FACE.radius) - (degrees * Math.PI) / 180;
    const from = FACE.middle + Math.round(FACE.radius * Math.sin(Math.max(-Math.PI / 2, angle)));
    for (let y = 0; y < image.height; y++) {
      const row = y * image.width;
      data.set(image.data.subarray((row + from) * 3, (row + from + 1) * 3), (row + x) * 3);
    }
  }
  return rawSharp({ ...image, data })
    .png()
    .toBuffer();
}

describe('a face that is turned away', () => {
  let analyser: FaceAnalyser;
  before(async () => void (analyser = await openFaceAnalyser()));
  after(() => analyser.release());
  const read = async (photos: readonly Uint8Array[]) => readReferenceSet(photos, { analyser, count: 4, size: 64 });
  const isTurnedAway = (error: unknown): boolean =>
    error instanceof LikenessError && error.code === 'face-turned-away' && Number(error.data['degrees']) > MAX_YAW;

  it('is refused where no photo shows it from nearer the front', async () => {
    const away = await turnedBy(78);
    await assert.rejects(read([away]), isTurnedAway);
    await assert.rejects(read([away, away]), isTurnedAway);
  });

  it('is taken beside a photo that looks towards the camera, and half turned by itself', async () => {
    assert.equal((await read([await turnedBy(78), facePhoto()])).faces.length, 4);
    assert.equal((await read([await turnedBy(45)])).faces.length, 4);
  });
});
