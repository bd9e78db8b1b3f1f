import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadManifest } from '../../../pipeline/bundle.js';
import { PART } from '../../../pipeline/draft/surface.js';
import { BACKDROPS } from '../../../pipeline/scene/backdrops/index.js';
import { COLOURS } from '../../../pipeline/scene/colour.js';
import { LIGHTS } from '../../../pipeline/scene/lights.js';
import { THINGS } from '../../../pipeline/scene/wear/index.js';
import { changed, drawnHead, meanColour, plainScene, sceneOf, SIZE, SKIN, wearing } from './drawn-head.js';

const { vocabulary } = await loadManifest('models/tiny');
const head = drawnHead();
const plain = plainScene(head);
const middle = (pixels: readonly (readonly [number, number])[]): readonly [number, number] => [
  pixels.reduce((sum, [x]) => sum + x, 0) / pixels.length,
  pixels.reduce((sum, [, y]) => sum + y, 0) / pixels.length,
];

describe('words of the shipped bundle', () => {
  it('each have a drawing, and each drawing has words', () => {
    assert.deepEqual(Object.keys(vocabulary.accessories).sort(), Object.keys(THINGS).sort());
    assert.deepEqual(Object.keys(vocabulary.backdrops).sort(), Object.keys(BACKDROPS).sort());
    assert.deepEqual(Object.keys(vocabulary.lights).sort(), Object.keys(LIGHTS).sort());
    assert.deepEqual(Object.keys(vocabulary.colours).sort(), Object.keys(COLOURS).sort());
  });
});

describe('what is worn', () => {
  const worn = Object.keys(THINGS).map((label) => ({ label, picture: wearing(head, label) }));

  it('is something else by each word', () => {
    for (const [index, one] of worn.entries()) {
      assert.ok(changed(one.picture, plain).length > 60, one.label);
      for (const other of worn.slice(index + 1))
        assert.ok(changed(one.picture, other.picture).length > 60, `${one.label}, ${other.label}`);
    }
  });

  it('lies where it belongs and leaves the rest of the face alone', () => {
    const [brow, nose, lip, chin] = [head.at(105)[1], head.at(2)[1], head.at(13)[1], head.at(152)[1]];
    for (const { label, picture } of worn) {
      // The soft shadow may fall on the face; the thing itself is told by strong change.
      const touched = changed(picture, plain, 90).filter(([x, y]) => Math.abs(x - 128) < 40 && y < chin);
      const below = (row: number): number => touched.filter(([, y]) => y > row).length / Math.max(1, touched.length);
      const { slot } = THINGS[label] ?? {};
      if (slot === 'head') assert.ok(below(brow) < 0.04, `${label} keeps off the eyes: ${below(brow)}`);
      if (slot === 'eyes') assert.ok(below(nose) < 0.02 && below(brow - 12) > 0.6, `${label} lies before the eyes`);
      if (slot === 'lip') assert.ok(below(nose - 4) > 0.9 && below(lip + 9) < 0.15, `${label} lies under the nose`);
      if (slot === 'nose') assert.ok(Math.abs(middle(touched)[1] - head.at(4)[1]) < 6, `${label} is on the nose`);
    }
  });

  it('turns with the head', () => {
    for (const yaw of [-18, 0, 18]) {
      const turned = drawnHead({ yaw });
      const [x, y] = middle(changed(wearing(turned, 'red nose'), plainScene(turned), 90));
      const [noseX, noseY] = turned.at(4);
      assert.ok(Math.hypot(x - noseX, y - noseY) < 5, `turned by ${yaw} the nose stays on the nose`);
    }
    const tilted = drawnHead({ roll: 15 });
    const crown = middle(changed(wearing(tilted, 'crown'), plainScene(tilted), 90));
    assert.ok(crown[0] > middle(changed(wearing(head, 'crown'), plain, 90))[0] + 10, 'clockwise, to the right above');
  });

  it('is hidden behind the head where that is before it', () => {
    const cups = (yaw: number): readonly (readonly [number, number])[] => {
      const turned = drawnHead({ yaw });
      const touched = changed(wearing(turned, 'headphones'), plainScene(turned), 90).filter(([, y]) => y > 130);
      return touched.map(([x, y]) => [x < 128 ? -1 : 1, turned.draft.parts[y * SIZE + x] === PART.face ? 1 : 0]);
    };
    const count = (of: readonly (readonly [number, number])[], side: number): number =>
      of.filter(([way]) => way === side).length;
    const front = cups(0);
    assert.ok(Math.abs(count(front, -1) - count(front, 1)) < 0.1 * front.length, 'both cups are seen from the front');
    const turned = cups(24);
    assert.ok(count(turned, 1) < 0.92 * count(turned, -1), 'of a head turned right less of the right cup is seen');
    const before = turned.filter(([way, isFace]) => way === 1 && isFace === 1).length;
    assert.ok(before < 0.05 * count(turned, 1), `and none of it before the face: ${before}`);
  });

  it('has the colour that is asked', () => {
    const band = changed(wearing(head, 'beanie'), plain, 90);
    const [red = 0, , blue = 0] = meanColour(wearing(head, 'beanie', 'red'), band);
    assert.ok(red > blue + 40);
    const [otherRed = 0, , otherBlue = 0] = meanColour(wearing(head, 'beanie', 'blue'), band);
    assert.ok(otherBlue > otherRed + 40);
  });
});

describe('a backdrop', () => {
  it('is another place by each word, and the same for the same seed', () => {
    const pictures = Object.keys(BACKDROPS).map((label) => ({
      label,
      picture: sceneOf(head, { backdrop: { label } }),
    }));
    for (const [index, one] of pictures.entries()) {
      assert.deepEqual(sceneOf(head, { backdrop: { label: one.label } }).data, one.picture.data, one.label);
      for (const other of pictures.slice(index + 1))
        assert.ok(changed(one.picture, other.picture).length > 0.1 * SIZE * SIZE, `${one.label}, ${other.label}`);
    }
    const stars = (seed: number) => sceneOf(head, { backdrop: { label: 'starry night' } }, seed).data;
    assert.notDeepEqual(stars(1), stars(2));
  });

  it('leaves no rim of the old one around a person', () => {
    const own = 60;
    for (const [old, label, isOff] of [
      [255, 'black background', (value: number) => value > own + 30],
      [0, 'white background', (value: number) => value < own - 30],
    ] as const) {
      const { draft, done } = drawnHead();
      const data = done.data.slice();
      for (const [pixel, cover] of draft.matte.data.entries()) {
        // As a camera mixes them; what was read of the person is that.
        const seen = (cover * own + (1 - cover) * old) / 255;
        for (let channel = 0; channel < 3; channel++) data[channel * SIZE * SIZE + pixel] = 0.5 + cover * (seen - 0.5);
      }
      const picture = sceneOf({ draft, done: { size: SIZE, data } }, { backdrop: { label } });
      const edge = [...draft.matte.data.entries()].filter(([, cover]) => cover > 0.6 && cover < 0.98);
      const off = edge.filter(([pixel]) => isOff(picture.data[pixel * 3] ?? 0)).length;
      assert.ok(off < 0.05 * edge.length, `${label}: ${off} of ${edge.length} pixels`);
    }
  });
});

describe('a light', () => {
  it('is another one by each word', () => {
    const pictures = Object.keys(LIGHTS).map((light) => ({ light, picture: sceneOf(head, { light }) }));
    for (const [index, one] of pictures.entries()) {
      for (const other of pictures.slice(index + 1))
        assert.ok(changed(one.picture, other.picture, 15).length > 0.05 * SIZE * SIZE, `${one.light}, ${other.light}`);
    }
  });

  const under = (light: string) => {
    const picture = sceneOf(head, { light });
    const at = ([x, y]: readonly [number, number]) => meanColour(picture, [[Math.round(x), Math.round(y)]]);
    const levelAt = (x: number, y: number): number => Math.max(...at([x, y]));
    return { levelAt, cheeks: [head.at(50), head.at(280)].map(at), wall: [12, 244].map((x) => levelAt(x, 76)) };
  };

  it('comes from the side that is asked, on what is behind too', () => {
    const [left, right] = [under('light from the left'), under('light from the right')];
    for (const [lit = 0, dark = 0] of [
      left.cheeks.map(([red]) => red),
      right.cheeks.map(([red]) => red).toReversed(),
      left.wall,
      right.wall.toReversed(),
    ]) {
      assert.ok(lit > dark + 25, `${lit}, ${dark}`);
    }
  });

  it('from the side leaves the far cheek darker than any other light of one colour', () => {
    const [, far] = under('side light').cheeks;
    for (const other of ['light from the left', 'studio light', 'dim light']) {
      assert.ok((far?.[0] ?? 0) < (under(other).cheeks[1]?.[0] ?? 0), other);
    }
  });

  it('of a studio is a lamp, a soft fill, a hair light, and a pool on a dark wall, and leaves colours as they are', () => {
    const { cheeks, levelAt } = under('studio light');
    const [[red = 0, green = 0, blue = 0] = [], [filled = 0] = []] = cheeks;
    const [wasRed, wasGreen, wasBlue] = SKIN;
    assert.ok(red > filled + 20 && filled > 0.5 * wasRed, `lamp ${red}, fill ${filled}`);
    assert.ok(Math.abs(green / red - wasGreen / wasRed) < 0.06 && Math.abs(blue / red - wasBlue / wasRed) < 0.06);
    const pool = levelAt(128, 36);
    assert.ok(pool > 1.6 * levelAt(6, 6) && pool > 1.6 * levelAt(6, 250), 'the wall is brightest behind the head');
    assert.ok(levelAt(6, 6) < 0.6 * under('warm light').levelAt(6, 6), 'and dark elsewhere');
    assert.ok(levelAt(186, 110) > levelAt(178, 110) + 15, 'an edge is lit from behind');
  });

  it('of the golden hour comes from a low sun that makes what is behind glow', () => {
    const { cheeks, wall } = under('golden hour');
    const [left, right] = cheeks.map(([red]) => red);
    assert.ok((right ?? 0) > (left ?? 0) + 15, `${left}, ${right}`);
    assert.ok((wall[1] ?? 0) > (wall[0] ?? 0) + 25, wall.join(', '));
  });
});
