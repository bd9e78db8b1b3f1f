import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import sharp, { type Sharp } from 'sharp';
import { LikenessError } from '../../../pipeline/errors.js';
import { openPortraitMaker } from '../../../pipeline/portrait.js';
import type { Album } from '../../../pipeline/request.js';
import english from '../../../locales/en.json' with { type: 'json' };
import { ASTRONAUT, TINY_BUNDLE } from '../../fixtures/drafting.js';

const maker = await openPortraitMaker(TINY_BUNDLE);
after(() => maker.close());

const astronaut = await readFile(ASTRONAUT);
const photo = (): Sharp => sharp(astronaut);

/** The album of a photo, or why there is none: a LikenessError that has a sentence. */
async function albumOf(photos: readonly Uint8Array[]): Promise<Album | LikenessError> {
  try {
    return await maker.portrait({ photos, prompt: 'photo', count: 1, candidates: 1, steps: 1, seed: 5, strength: 80 });
  } catch (error) {
    assert.ok(error instanceof LikenessError, String(error));
    const sentence = Object.entries(english.errors).find(([code]) => code === error.code);
    assert.ok(sentence, `errors.${error.code} in locales/en.json`);
    return error;
  }
}

/** What is wrong with a photo, and how it is made from a good one. */
const BAD: Readonly<Record<string, () => Sharp>> = {
  'turned by 90 degrees, which no EXIF says': () => photo().rotate(90),
  'upside down': () => photo().rotate(180),
  'cut through the face by its left border': () => photo().extract({ left: 222, top: 0, width: 290, height: 512 }),
  'cut through the face by its lower border': () => photo().extract({ left: 40, top: 0, width: 400, height: 135 }),
  'cut through the face by its upper border': () => photo().extract({ left: 40, top: 100, width: 400, height: 400 }),
  'of one eye alone': () => photo().extract({ left: 185, top: 90, width: 48, height: 36 }).resize(600),
  'of a mouth alone': () => photo().extract({ left: 190, top: 140, width: 70, height: 44 }).resize(600),
  'filled by the face': () => photo().extract({ left: 165, top: 60, width: 125, height: 135 }),
  'of 5,000 pixels': () => photo().resize(5000),
  'of a face of 30 pixels': () => photo().resize(150),
  'in shades of grey': () => photo().greyscale(),
  'very dark': () => photo().linear(0.08, 0),
  'nearly white': () => photo().linear(0.25, 190),
  'under blue light': () =>
    photo().recomb([
      [0.25, 0, 0],
      [0, 0.45, 0],
      [0.1, 0.2, 1.1],
    ]),
  'in a mirror': () => photo().flop(),
  'with a bar before the eyes': () =>
    photo().composite([
      { input: { create: { width: 130, height: 30, channels: 3, background: '#000000' } }, left: 160, top: 95 },
    ]),
  'twice as wide as it was': () => photo().resize(1024, 512, { fit: 'fill' }),
};

describe('a photo that is no good photo gives an album, or one sentence', () => {
  for (const [name, make] of Object.entries(BAD)) {
    it(name, async () => {
      const album = await albumOf([await make().toBuffer()]);
      if (album instanceof LikenessError) return;
      const [portrait] = album.portraits;
      assert.deepEqual([portrait?.image.width, portrait?.image.height], [512, 512]);
      assert.equal(portrait?.image.data.length, 512 * 512 * 3);
    });
  }
});

describe('a photo that no good portrait can be made of', () => {
  for (const name of [
    'cut through the face by its left border',
    'cut through the face by its lower border',
    'of one eye alone',
    'of a mouth alone',
  ]) {
    it(`is refused: ${name}`, async () => {
      const bytes = await BAD[name]?.().toBuffer();
      assert.ok((await albumOf([bytes ?? assert.fail(name)])) instanceof LikenessError);
    });
  }
});

describe('a face that nobody could be known by', () => {
  const refusalOf = async (bytes: Buffer): Promise<string | undefined> => {
    const album = await albumOf([bytes]);
    return album instanceof LikenessError ? album.code : undefined;
  };
  it('is refused as too blurred: a blur', async () => {
    assert.equal(await refusalOf(await photo().blur(5).toBuffer()), 'face-blurred');
  });
  it('is refused as too blurred: squares, as they hide faces in the news', async () => {
    const hidden = sharp(await photo().resize(45).png().toBuffer()).resize(512, undefined, { kernel: 'nearest' });
    assert.equal(await refusalOf(await hidden.clone().jpeg().toBuffer()), 'face-blurred');
    const shrunk = sharp(await hidden.png().toBuffer()).resize(400);
    assert.equal(await refusalOf(await shrunk.jpeg().toBuffer()), 'face-blurred');
  });
  it('is taken where the photo is only dark, washed out or soft', async () => {
    for (const soft of [photo().linear(0.2, 0), photo().linear(0.4, 140), photo().blur(1.5)])
      assert.equal(await refusalOf(await soft.toBuffer()), undefined);
  });
});

describe('a photo that lies on its side or its head', () => {
  for (const degrees of [75, 90, 135, 180, 230, 270]) {
    it(`gives the portrait of the same photo upright: ${degrees} degrees`, async () => {
      const [album, upright] = [
        await albumOf([await photo().rotate(degrees).toBuffer()]),
        await albumOf([await photo().toBuffer()]),
      ];
      assert.ok(!(album instanceof LikenessError) && !(upright instanceof LikenessError));
      const [one, other] = [album, upright].map(({ portraits }) => portraits[0]?.image.data ?? assert.fail());
      let difference = 0;
      one?.forEach((value, at) => (difference += Math.abs(value - (other?.[at] ?? 0))));
      assert.ok(difference / (one?.length ?? 1) < 12, `${difference / (one?.length ?? 1)} levels apart`);
    });
  }
});

describe('a photo in shades of grey', () => {
  it('gives a portrait whose face has no colour', async () => {
    const album = await albumOf([await photo().greyscale().toBuffer()]);
    assert.ok(!(album instanceof LikenessError));
    const { data } = album.portraits[0]?.image ?? assert.fail('no portrait');
    let most = 0;
    // The middle of the picture: cheeks, nose and mouth.
    for (let y = 180; y < 380; y++) {
      for (let x = 180; x < 330; x++) {
        const at = (y * 512 + x) * 3;
        const colour = [...data.subarray(at, at + 3)];
        most = Math.max(most, Math.max(...colour) - Math.min(...colour));
      }
    }
    assert.ok(most < 25, `${most} of 255`);
  });
});
