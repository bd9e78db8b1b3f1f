import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cosine, estimate, estimateOverClasses, spreadOf } from '../../../src/cli/evaluate/statistics.js';

/** As many people, one value each: 0 and 1 in turn. */
const people = (count: number): number[][] => Array.from({ length: count }, (_, index) => [index % 2]);

test('the mean weighs observations, and the interval encloses it', () => {
  const found = estimate([[1, 1, 1], [0], [0.5, 0.5]], 3);
  assert.equal(found?.mean, 4 / 6);
  assert.equal(found.count, 6);
  assert.ok(found.low < found.mean && found.mean < found.high);
});

test('the interval resamples people: one person alone has none to resample', () => {
  const found = estimate([[0, 1, 0, 1]], 3);
  assert.deepEqual([found?.low, found?.mean, found?.high], [0.5, 0.5, 0.5]);
});

test('more people narrow the interval, and the same seed gives the same one', () => {
  const [few, many] = [estimate(people(10), 5), estimate(people(200), 5)];
  assert.ok(few && many && many.high - many.low < few.high - few.low);
  assert.deepEqual(estimate(people(10), 5), few);
});

test('95 % of the intervals of samples from a known distribution hold its mean, within what 100 samples show', () => {
  const holds = Array.from({ length: 100 }, (_, sample) => {
    const values = Array.from({ length: 60 }, (_value, index) => [Math.sin(sample * 7919 + index * 104_729 + 1) ** 2]);
    const found = estimate(values, sample);
    return found !== undefined && found.low <= 0.5 && 0.5 <= found.high;
  });
  const held = holds.filter(Boolean).length;
  assert.ok(held >= 85, `${held} of 100`);
});

test('people without observations do not count; none at all gives no estimate', () => {
  assert.equal(estimate([[], [2]], 1)?.count, 1);
  assert.equal(estimate([[], []], 1), undefined);
});

test('cosine ignores length; spread needs two', () => {
  assert.equal(cosine(Float32Array.of(2, 0), Float32Array.of(0.5, 0)), 1);
  assert.equal(spreadOf([Float32Array.of(1, 0), Float32Array.of(0, 1), Float32Array.of(1, 0)]), 2 / 3);
  assert.equal(spreadOf([Float32Array.of(1, 0)]), undefined);
});

test('over classes each class weighs the same, however many observations it has', () => {
  const of = (label: string, value: number) => ({ label, value });
  const found = estimateOverClasses(
    [
      [of('a', 1), of('a', 1), of('a', 0)],
      [of('a', 1), of('b', 0)],
    ],
    1,
  );
  assert.ok(found && Math.abs(found.mean - 3 / 8) < 1e-12);
  assert.equal(found.count, 5);
  assert.equal(estimateOverClasses([[], []], 1), undefined);
});
