import assert from 'node:assert/strict';
import { test } from 'node:test';
import sharp from 'sharp';
import { drawAvatar } from '../../src/media/avatar.js';
import { drawLabelledSheets } from '../../src/media/labelled-sheet.js';

/** A grey portrait with a red square where the face is. */
async function portraitWithFace(left: number, top: number): Promise<Uint8Array> {
  const face = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer();
  return sharp({ create: { width: 400, height: 400, channels: 3, background: '#808080' } })
    .composite([{ input: face, left, top }])
    .png()
    .toBuffer();
}

async function pixel(picture: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data } = await sharp(picture)
    .extract({ left: x, top: y, width: 1, height: 1 })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return [...data];
}

test('a hundred entries stand on five sheets, two on one', async () => {
  const portrait = await portraitWithFace(150, 150);
  const cells = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ picture: portrait, label: `No. ${index + 1}` }));
  assert.equal((await drawLabelledSheets(cells(2))).length, 1);
  const sheets = await drawLabelledSheets(cells(100));
  assert.equal(sheets.length, 5);
  for (const sheet of sheets) assert.ok(sheet.length < 2_000_000);
});

test('names of every script, markup and long ones stay within their room, and different names look different', async () => {
  const portrait = await portraitWithFace(150, 150);
  const names = ['Ann', 'Ярослава', 'महेश', 'محمد', '山田太郎', '<b>&amp;', 'x\0y', 'W'.repeat(32), '👩‍🎤'];
  const sheets = await Promise.all(names.map((label) => drawLabelledSheets([{ picture: portrait, label }])));
  const strips = await Promise.all(
    sheets.map(async ([sheet = new Uint8Array()]) => {
      const { width, height } = await sharp(sheet).metadata();
      assert.deepEqual([width, height], [264, 312]);
      return sharp(sheet).extract({ left: 0, top: 252, width, height: 60 }).raw().toBuffer();
    }),
  );
  for (const strip of strips)
    assert.ok(
      strip.some((value) => value < 128),
      'something is written',
    );
  assert.equal(new Set(strips.map((strip) => strip.toString('base64'))).size, names.length);
});

test('an avatar is a square around the face, wherever in the portrait that is', async () => {
  for (const [left, top] of [
    [150, 150],
    [60, 220],
  ] as const) {
    const face = { x: (left + 50) / 400, y: (top + 50) / 400, height: 0.25 };
    const avatar = await drawAvatar(await portraitWithFace(left, top), face);
    const { width, height, format } = await sharp(avatar).metadata();
    assert.deepEqual([width, height, format], [512, 512, 'png']);
    assert.deepEqual(await pixel(avatar, 256, 256), [255, 0, 0]);
    assert.deepEqual(await pixel(avatar, 20, 256), [128, 128, 128]);
  }
});

test('a face at the edge, and none at all, still give a whole square', async () => {
  const portrait = await portraitWithFace(300, 0);
  for (const face of [{ x: 0.99, y: 0.01, height: 0.25 }, { x: 0.5, y: 0.5, height: 3 }, undefined]) {
    const { width, height } = await sharp(await drawAvatar(portrait, face)).metadata();
    assert.deepEqual([width, height], [512, 512]);
  }
});

test('a frame lies where a circle ends and leaves the face free', async () => {
  const face = { x: 0.5, y: 0.5, height: 0.25 };
  const avatar = await drawAvatar(await portraitWithFace(150, 150), face, 'blue');
  assert.deepEqual(await pixel(avatar, 256, 256), [255, 0, 0]);
  for (const [x, y] of [
    [5, 256],
    [256, 506],
    [2, 2],
  ] as const)
    assert.deepEqual(await pixel(avatar, x, y), [44, 104, 200]);
});

test('sheets and avatars carry the mark of generated pictures', async () => {
  const portrait = await portraitWithFace(150, 150);
  const [sheet = new Uint8Array()] = await drawLabelledSheets([{ picture: portrait, label: 'Ann' }]);
  for (const picture of [sheet, await drawAvatar(portrait)]) {
    const { xmpAsString = '' } = await sharp(picture).metadata();
    assert.match(xmpAsString, /trainedAlgorithmicMedia/);
  }
});
