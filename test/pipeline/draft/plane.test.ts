import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boxBlur, smooth, type Plane } from '../../../pipeline/draft/plane.js';

function noisePlane(width: number, height: number): Plane {
  const data = Float32Array.from({ length: width * height }, (_, index) => Math.abs(Math.sin(index * 78.233)) * 255);
  return { width, height, data };
}

/** The mean of the square around a pixel, as far as it lies within the plane. */
function meanAround({ width, height, data }: Plane, [x, y]: readonly [number, number], radius: number): number {
  let [sum, count] = [0, 0];
  for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
    for (let column = Math.max(0, x - radius); column <= Math.min(width - 1, x + radius); column++) {
      sum += data[row * width + column] ?? 0;
      count += 1;
    }
  }
  return sum / count;
}

describe('boxBlur', () => {
  for (const [width, height, radius] of [
    [17, 11, 1],
    [17, 11, 3],
    [5, 40, 7],
    [9, 9, 30],
    [1, 1, 2],
  ] as const) {
    it(`is the mean of every neighbourhood: ${width} x ${height}, radius ${radius}`, () => {
      const plane = noisePlane(width, height);
      const { data } = boxBlur(plane, radius);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const wanted = meanAround(plane, [x, y], radius);
          assert.ok(Math.abs((data[y * width + x] ?? Number.NaN) - wanted) < 1e-3, `at ${x}, ${y}`);
        }
      }
    });
  }
});

describe('smooth', () => {
  it('spreads a point out as far as asked, and keeps the sum', () => {
    const side = 101;
    const data = new Float32Array(side * side);
    data[50 * side + 50] = 1000;
    const { data: spread } = smooth({ width: side, height: side, data }, 6);
    let [sum, squares] = [0, 0];
    spread.forEach((value, pixel) => {
      sum += value;
      squares += value * ((pixel % side) - 50) ** 2;
    });
    assert.ok(Math.abs(sum - 1000) < 0.1, String(sum));
    const deviation = Math.sqrt(squares / sum);
    assert.ok(Math.abs(deviation - 6) < 0.6, `standard deviation ${deviation}`);
  });

  it('leaves what is the same everywhere as it is, up to the border', () => {
    const flat = { width: 20, height: 12, data: new Float32Array(240).fill(7) };
    for (const value of smooth(flat, 4).data) assert.ok(Math.abs(value - 7) < 1e-4);
  });
});
