import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import sharp from 'sharp';
import { LikenessError } from '../../../pipeline/errors.js';
import { openFaceAnalyser, type FaceAnalyser } from '../../../pipeline/face/analyser.js';
import { MIN_LIKENESS, readReferenceSet } from '../../../pipeline/identity/reference-set.js';
import { facePhoto } from '../../fakes/photos.js';

/** Somebody who does not exist: the first picture of a sheet that `/styles` shows, square ones in full rows. */
async function somebodyElse(): Promise<Uint8Array> {
  const sheet = sharp(await readFile('models/tiny/samples/expressions.jpg'));
  const { height } = await sheet.metadata();
  const side = Math.min(200, height);
  return sheet.extract({ left: 0, top: 0, width: side, height: side }).png().toBuffer();
}

describe('photos of one person', () => {
  let analyser: FaceAnalyser;
  before(async () => void (analyser = await openFaceAnalyser()));
  after(() => analyser.release());
  const read = async (photos: readonly Uint8Array[]) =>
    readReferenceSet(photos, { analyser, count: 4, size: 64, largestFace: true });
  const isDifferentPeople = (error: unknown): boolean =>
    error instanceof LikenessError &&
    error.code === 'different-people' &&
    Number(error.data['likeness']) < MIN_LIKENESS;

  it('are refused where two of them show different people', async () => {
    const [one, other] = [facePhoto(), await somebodyElse()];
    await assert.rejects(read([one, other]), isDifferentPeople);
    await assert.rejects(read([one, one, other]), isDifferentPeople);
  });

  it('are taken where they are alike, in another light and without colours', async () => {
    const dim = await sharp(facePhoto()).modulate({ brightness: 0.6 }).png().toBuffer();
    const grey = await sharp(facePhoto()).greyscale().png().toBuffer();
    assert.equal((await read([facePhoto(), dim, grey])).faces.length, 4);
  });
});
