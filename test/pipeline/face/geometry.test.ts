import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  applyAffine,
  boxToPicture,
  invertAffine,
  sharedArea,
  similarityBetween,
  squareAround,
  type Point,
} from '../../../pipeline/face/geometry.js';

const POINTS: Point[] = [
  [10, 20],
  [50, 22],
  [31, 45],
  [15, 66],
  [47, 69],
];

function assertClose(actual: Point, expected: Point, tolerance = 1e-9): void {
  assert.ok(
    Math.hypot(actual[0] - expected[0], actual[1] - expected[1]) < tolerance,
    `${actual.join()} is not ${expected.join()}`,
  );
}

describe('similarityBetween', () => {
  it('finds the turn, scale and shift that made the targets', () => {
    for (const degrees of [0, 30, 90, 179, -120]) {
      const angle = (degrees * Math.PI) / 180;
      const [cos, sin] = [1.7 * Math.cos(angle), 1.7 * Math.sin(angle)];
      const targets = POINTS.map(([x, y]): Point => [cos * x - sin * y + 5, sin * x + cos * y - 9]);
      const map = similarityBetween(POINTS, targets);
      POINTS.forEach((point, index) => assertClose(applyAffine(map, point), targets[index] ?? [0, 0]));
    }
  });

  it('refuses points that are all one place and targets that are missing', () => {
    const same = POINTS.map((): Point => [3, 3]);
    assert.throws(() => similarityBetween(same, POINTS), RangeError);
    assert.throws(() => similarityBetween(POINTS, POINTS.slice(0, 3)), RangeError);
  });
});

describe('invertAffine', () => {
  it('undoes a map', () => {
    const map = [1.2, -0.4, 17, 0.3, 0.9, -8] as const;
    for (const point of POINTS) assertClose(applyAffine(invertAffine(map), applyAffine(map, point)), point);
  });

  it('refuses a map that flattens', () => {
    assert.throws(() => invertAffine([1, 2, 0, 2, 4, 0]), RangeError);
  });
});

describe('boxes', () => {
  it('are put edge to edge into a picture', () => {
    const map = boxToPicture({ x: 10, y: 20, width: 40, height: 80 }, { width: 20, height: 20 });
    assertClose(applyAffine(map, [9.5, 19.5]), [-0.5, -0.5]);
    assertClose(applyAffine(map, [49.5, 99.5]), [19.5, 19.5]);
  });

  it('grow to squares around their middle', () => {
    assert.deepEqual(squareAround({ x: 10, y: 20, width: 40, height: 80 }), { x: -10, y: 20, width: 80, height: 80 });
  });

  it('share the area where they overlap, and none when apart', () => {
    const box = { x: 0, y: 0, width: 10, height: 10 };
    assert.equal(sharedArea(box, { x: 5, y: 8, width: 10, height: 10 }), 10);
    assert.equal(sharedArea(box, { x: 11, y: 0, width: 10, height: 10 }), 0);
  });
});
