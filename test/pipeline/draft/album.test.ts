import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import sharp from 'sharp';
import { anglesOf, poseOf, undoPose, type HeadAngles } from '../../../pipeline/draft/head.js';
import { readFaceMesh } from '../../../pipeline/draft/face-mesh.js';
import { openDraftPainter } from '../../../pipeline/painter.js';
import { LIP_MIDDLES } from '../../../pipeline/draft/regions.js';
import { LikenessError } from '../../../pipeline/errors.js';
import type { Graphs } from '../../../pipeline/graphs.js';
import type { RgbImage } from '../../../pipeline/image.js';
import { createPortraitMaker, openPortraitMaker } from '../../../pipeline/portrait.js';
import type { Album, PortraitRequest } from '../../../pipeline/request.js';
import { ASTRONAUT, largestFace, openDrafting, TINY_BUNDLE } from '../../fixtures/drafting.js';

const [maker, { bundle, graphs, analyser, model, release }] = await Promise.all([
  openPortraitMaker(TINY_BUNDLE),
  openDrafting(),
]);
after(() => Promise.all([maker.close(), release()]));
const astronaut = await readFile(ASTRONAUT);

/** One portrait and one step, unless told otherwise: what is asked shows in the draft already. */
async function make(changes: Partial<PortraitRequest> = {}): Promise<Album> {
  const fixed = { photos: [astronaut], prompt: 'photo', count: 1, candidates: 1, steps: 1, seed: 7, strength: 80 };
  return maker.portrait({ ...fixed, ...changes });
}

async function pictureOf(changes: Partial<PortraitRequest> = {}): Promise<RgbImage> {
  const { portraits } = await make(changes);
  return portraits[0]?.image ?? assert.fail('no portrait');
}

interface Measured extends HeadAngles {
  /** How far the lips are apart, in units of the head. */
  readonly gap: number;
}

/** What the face mesh sees in a picture. */
async function measure(image: RgbImage): Promise<Measured> {
  const { points, presence } = await readFaceMesh(graphs, image, await largestFace(analyser, image));
  assert.ok(presence > 0.9, `presence ${presence}`);
  const pose = poseOf(points, model.reference);
  const canonical = undoPose(pose, points);
  const gap = (canonical[LIP_MIDDLES[1] * 3 + 1] ?? 0) - (canonical[LIP_MIDDLES[0] * 3 + 1] ?? 0);
  return { ...anglesOf(pose), gap };
}

const measured = async (prompt: string): Promise<Measured> => measure(await pictureOf({ prompt }));

/** The mean difference of two pictures, of 255. */
function differenceOf(one: RgbImage, other: RgbImage): number {
  assert.equal(one.data.length, other.data.length);
  return one.data.reduce((sum, value, at) => sum + Math.abs(value - (other.data[at] ?? 0)), 0) / one.data.length;
}

const refused =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof LikenessError && error.code === code;

describe('an album of drafts', () => {
  it('is the same for the same seed, 512 pixels large, its portraits the person and not one another', async () => {
    const request = { count: 2, candidates: 2, steps: undefined };
    const [first, again] = [await make(request), await make(request)];
    assert.deepEqual(
      first.portraits.map(({ image }) => image),
      again.portraits.map(({ image }) => image),
    );
    assert.equal(first.portraits.length, 2);
    for (const { image, scores } of first.portraits) {
      assert.deepEqual([image.width, image.height, image.data.length], [512, 512, 512 * 512 * 3]);
      assert.ok(scores.identity > 0.7, String(scores.identity));
      assert.equal(scores.people, 1);
    }
    const [one, other] = first.portraits;
    assert.ok(one && other && differenceOf(one.image, other.image) > 4);
  });

  it('is another for another seed', async () => {
    assert.ok(differenceOf(await pictureOf(), await pictureOf({ seed: 8 })) > 2);
  });

  it('looks to the side that is asked', async () => {
    const [left, right, front] = [
      await measured('looking left'),
      await measured('looking right'),
      await measured('looking at the camera'),
    ];
    assert.ok(left.yaw < -12 && left.yaw > -33, `left: ${left.yaw}`);
    assert.ok(right.yaw > 12 && right.yaw < 33, `right: ${right.yaw}`);
    assert.ok(Math.abs(front.yaw) < 8, `front: ${front.yaw}`);
  });

  it('tilts the head as asked', async () => {
    assert.ok((await measured('head tilted left')).roll < -5);
    assert.ok((await measured('head tilted right')).roll > 5);
  });

  it('opens and closes the mouth as asked', async () => {
    const [neutral, smiling, surprised] = [
      await measured('neutral'),
      await measured('smiling'),
      await measured('surprised'),
    ];
    assert.ok(neutral.gap < 0.06, `neutral: ${neutral.gap}`);
    assert.ok(smiling.gap > 0.08, `smiling: ${smiling.gap}`);
    assert.ok(surprised.gap > 0.15, `surprised: ${surprised.gap}`);
  });

  it('is drawn in the style that is asked, each its own', async () => {
    const photo = await pictureOf();
    const pictures = new Map<string, RgbImage>([['photo', photo]]);
    for (const style of ['pencil sketch', 'comic']) pictures.set(style, await pictureOf({ prompt: style }));
    for (const [style, picture] of pictures)
      for (const [other, another] of pictures)
        if (style < other) assert.ok(differenceOf(picture, another) > 8, `${style} and ${other}`);
    assert.ok(colourfulnessOf(pictures.get('pencil sketch')) < 6 && colourfulnessOf(photo) > 6);
  });

  it('draws only the chosen candidates in their scene and their style', async () => {
    const run: string[] = [];
    const watched: Graphs = {
      ...graphs,
      has: (name) => graphs.has(name),
      run: (name, inputs) => {
        run.push(name);
        return graphs.run(name, inputs);
      },
    };
    const album = createPortraitMaker({
      bundle,
      graphs: watched,
      analyser,
      painter: await openDraftPainter(bundle, watched),
    });
    const request = { photos: [astronaut], prompt: 'comic', count: 1, candidates: 3, seed: 7, strength: 80 };
    const { portraits, candidates } = await album.portrait(request);
    assert.equal(candidates, 3);
    assert.equal(run.filter((name) => name === 'renderer:comic').length, 1);
    const [portrait] = portraits;
    assert.ok(portrait && portrait.scores.identity > 0.7, 'measured before the style is drawn');
  });

  it('shows less of the person in a close-up', async () => {
    const heightOf = async (prompt: string): Promise<number> =>
      (await make({ prompt })).portraits[0]?.scores.faceHeight ?? Number.NaN;
    assert.ok((await heightOf('close-up')) > 1.2 * (await heightOf('head and shoulders')));
  });

  it('takes several photos of the person', async () => {
    const mirrored = await sharp(astronaut).flop().png().toBuffer();
    const darker = await sharp(astronaut).linear(0.8, 0).jpeg().toBuffer();
    const { portraits } = await make({ photos: [astronaut, mirrored, darker, astronaut] });
    assert.ok((portraits[0]?.scores.identity ?? 0) > 0.7);
  });

  it('names the words that it does not know, and says what was asked', async () => {
    const { unknownWords, asked } = await make({ prompt: 'smiling zorblax, close-up' });
    assert.deepEqual(unknownWords, ['zorblax']);
    assert.deepEqual(asked, { expression: 'happy', framing: 'close-up' });
  });

  it('needs somebody to begin from', async () => {
    await assert.rejects(make({ photos: [] }), refused('no-photo'));
  });

  it('tells of its progress to the end, and can be cancelled', async () => {
    const request = { photos: [astronaut], prompt: 'photo', count: 1, candidates: 2, seed: 7, strength: 80 };
    const told: number[] = [];
    await maker.portrait(request, {
      onProgress: ({ done, total }) => {
        told.push(done / total);
      },
    });
    assert.ok(
      told.every((share, index) => share <= 1 && share >= (told[index - 1] ?? 0)),
      told.join(' '),
    );
    assert.equal(told.at(-1), 1);
    const stopped = maker.portrait(request, { signal: AbortSignal.abort() });
    await assert.rejects(stopped, refused('cancelled'));
  });
});

/** How far a picture's pixels are from grey, on average, of 255. */
function colourfulnessOf(image: RgbImage | undefined): number {
  const { data } = image ?? assert.fail('no picture');
  let sum = 0;
  for (let at = 0; at < data.length; at += 3)
    sum +=
      Math.max(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0) -
      Math.min(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
  return sum / (data.length / 3);
}

describe('an album in a scene', () => {
  it('shows the person in it, and says what was left out', async () => {
    const { portraits, leftOut, unknownWords } = await make({ prompt: 'red crown, on the beach, in the snow' });
    assert.deepEqual([leftOut, unknownWords], [['in the snow'], []]);
    const [portrait] = portraits;
    assert.ok(portrait && portrait.scores.identity > 0.4, `identity ${portrait?.scores.identity}`);
    const other = await pictureOf({ prompt: 'blue crown, on the beach' });
    assert.ok(differenceOf(portrait.image, other) > 1, 'the colour of the crown');
  });

  it('drew glasses on the glasses of the photo: now it leaves them out and says so', async () => {
    const { ownGlasses, portraits } = await make({ prompt: 'glasses, crown', draftOnly: true });
    assert.equal(ownGlasses, false);
    const [{ image } = assert.fail('no portrait')] = portraits;
    const { width, height, data } = image;
    const worn = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    const [asked, plain] = [
      await make({ photos: [worn], prompt: 'glasses', draftOnly: true }),
      await make({ photos: [worn], prompt: 'photo', draftOnly: true }),
    ];
    assert.deepEqual([asked.ownGlasses, plain.ownGlasses], [true, false]);
    assert.deepEqual(asked.portraits[0]?.image, plain.portraits[0]?.image);
    const both = await make({ photos: [worn, astronaut], prompt: 'glasses', draftOnly: true });
    assert.equal(both.ownGlasses, false, 'a photo without glasses');
  });

  it('is drawn in two styles as their mean', async () => {
    const [both, one, other] = [
      await pictureOf({ prompt: 'pencil sketch, watercolour', draftOnly: true }),
      await pictureOf({ prompt: 'pencil sketch', draftOnly: true }),
      await pictureOf({ prompt: 'watercolour', draftOnly: true }),
    ];
    const mean = { ...one, data: one.data.map((value, at) => (value + (other.data[at] ?? 0)) / 2) };
    assert.ok(differenceOf(both, mean) < 1);
    assert.ok(differenceOf(one, other) > 8);
  });

  it('is not made where nothing of the wish is known', async () => {
    await assert.rejects(make({ prompt: 'xyzzy plugh' }), refused('prompt-unknown'));
  });
});
