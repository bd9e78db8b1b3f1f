import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openFaceAnalyser, type FaceAnalyser } from '../../../pipeline/face/analyser.js';
import { arcFaceTemplate } from '../../../pipeline/face/align.js';
import { EXPRESSIONS } from '../../../pipeline/face/face.js';
import { cosineOf } from '../../../pipeline/face/recognise.js';
import { decodeImage, rawSharp, resizeImage, type RgbImage } from '../../../pipeline/image.js';
import { drawBackground, drawFaces, drawPortrait } from './drawn-face.js';

let analyser: FaceAnalyser;
before(async () => {
  analyser = await openFaceAnalyser();
});
after(() => analyser.release());

/** The only face of a picture. */
async function faceOf(image: RgbImage) {
  const faces = await analyser.detect(image);
  assert.equal(faces.length, 1);
  return faces[0] ?? assert.fail();
}

const readTilted = async (tilt: number) => readOf(drawPortrait(256, { tilt, height: 150 }));

const readOf = async (image: RgbImage) => analyser.read(image, await faceOf(image));

describe('detect', () => {
  for (const side of [64, 128, 512, 1000]) {
    it(`finds the face of a portrait of ${side} pixels, its points in their places`, async () => {
      const { box, score, points } = await faceOf(drawPortrait(side));
      assert.ok(score > 0.7);
      assert.ok(box.height > side * 0.5 && box.height < side * 0.95);
      const expected = [
        [0.38, 0.48],
        [0.62, 0.48],
        [0.5, 0.61],
        [0.43, 0.75],
        [0.57, 0.75],
      ];
      points.forEach(([x, y], index) => {
        const [goodX = 0, goodY = 0] = expected[index] ?? [];
        assert.ok(Math.hypot(x / side - goodX, y / side - goodY) < 0.06, `point ${index} at ${x}, ${y}`);
      });
    });
  }

  it('finds a face that fills the picture and is cut off by it', async () => {
    const image = drawPortrait(200, { height: 290, y: 100 });
    const { box } = await faceOf(image);
    assert.ok(box.height > 150);
  });

  it('finds a face made of large blocks by looking from farther away', async () => {
    const blocks = await resizeImage(drawPortrait(128), { width: 16, height: 16 }, 'linear');
    const { box } = await faceOf(await resizeImage(blocks, { width: 128, height: 128 }, 'nearest'));
    assert.ok(box.height > 70 && box.height < 110);
  });

  it('finds a small face anywhere in a large photo', async () => {
    const places = [
      { x: 3000, y: 2200, height: 70 },
      { x: 420, y: 310, height: 170 },
      { x: 2600, y: 1400, height: 600 },
    ];
    for (const place of places) {
      const { box, points } = await faceOf(drawFaces({ width: 4000, height: 3000 }, [place]));
      assert.ok(Math.abs(box.x + box.width / 2 - place.x) < place.height * 0.1);
      assert.ok(Math.abs((points[2]?.[1] ?? 0) - place.y) < place.height * 0.25);
    }
  });

  it('gives several faces, the largest first', async () => {
    const faces = await analyser.detect(
      drawFaces({ width: 900, height: 600 }, [
        { x: 170, y: 280, height: 160 },
        { x: 480, y: 300, height: 240 },
        { x: 770, y: 280, height: 120 },
      ]),
    );
    const middles = faces.map(({ box }) => Math.round((box.x + box.width / 2) / 100));
    assert.deepEqual(middles, [5, 2, 8]);
  });

  it('finds no face where there is none, in small and large pictures', async () => {
    assert.deepEqual(await analyser.detect(drawBackground(128, 128)), []);
    assert.deepEqual(await analyser.detect(drawBackground(1600, 1200, [200, 160, 130])), []);
    assert.deepEqual(await analyser.detect(drawBackground(3, 2)), []);
    assert.deepEqual(await analyser.detect(drawBackground(2000, 20)), []);
  });

  it('finds a face in a photo that a camera stored on its side', async () => {
    const jpeg = await rawSharp(drawPortrait(256)).rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { points } = await faceOf(await decodeImage(jpeg));
    assert.ok((points[0]?.[1] ?? 256) < (points[3]?.[1] ?? 0));
  });

  it('finds the points of a tilted head', async () => {
    for (const tilt of [-35, -20, 20, 35]) {
      const { points } = await faceOf(drawPortrait(256, { tilt, height: 150 }));
      const [left = [0, 0], right = [0, 0]] = points;
      const measured = (Math.atan2(right[1] - left[1], right[0] - left[0]) * 180) / Math.PI;
      assert.ok(Math.abs(measured - tilt) < 7, `${tilt} read as ${measured}`);
    }
  });
});

describe('align', () => {
  it('puts the eyes where the template has them', async () => {
    const image = drawPortrait(256, { tilt: 20, height: 150 });
    const aligned = analyser.align(image, await faceOf(image), arcFaceTemplate(112));
    assert.deepEqual([aligned.width, aligned.height], [112, 112]);
    const dark = (x: number, y: number) => aligned.data[(y * 112 + x) * 3] ?? 255;
    const darkest = (x: number) =>
      Math.min(...[48, 50, 52, 54].flatMap((y) => [-3, 0, 3].map((shift) => dark(x + shift, y))));
    assert.ok(darkest(38) < 110 && darkest(74) < 110);
    assert.ok(dark(56, 45) > 150);
  });
});

describe('embed', () => {
  it('gives 512 numbers of norm 1, alike for one face at several sizes', async () => {
    const small = drawPortrait(128);
    const large = await resizeImage(small, { width: 512, height: 512 }, 'cubic');
    const one = await analyser.embed(small, await faceOf(small));
    const other = await analyser.embed(large, await faceOf(large));
    assert.equal(one.length, 512);
    assert.ok(Math.abs(Math.hypot(...one) - 1) < 1e-5);
    assert.ok(cosineOf(one, other) > 0.9);
  });
});

describe('read', () => {
  it('tells which side of the picture a face points to', async () => {
    const left = await readOf(drawPortrait(256, { turn: -1 }));
    const front = await readOf(drawPortrait(256));
    const right = await readOf(drawPortrait(256, { turn: 1 }));
    assert.ok(left.pose.yaw < -6, `left ${left.pose.yaw}`);
    assert.ok(Math.abs(front.pose.yaw) < 6, `front ${front.pose.yaw}`);
    assert.ok(right.pose.yaw > 6, `right ${right.pose.yaw}`);
  });

  it('tells which way a head leans', async () => {
    assert.ok((await readTilted(20)).pose.roll > 8);
    assert.ok((await readTilted(-20)).pose.roll < -8);
  });

  it('gives every expression a probability and the likeliest as label', async () => {
    const image = drawPortrait(256);
    const expression = await analyser.express(image, await faceOf(image));
    const values = EXPRESSIONS.map((name) => expression.probabilities[name]);
    assert.ok(Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-6);
    assert.equal(expression.probabilities[expression.label], Math.max(...values));
  });

  it('reads the same numbers from the same picture', async () => {
    const image = drawPortrait(160, { turn: 0.4 });
    const reading = await readOf(image);
    assert.ok(reading.sharpness > 0);
    assert.deepEqual(await readOf(image), reading);
  });
});
