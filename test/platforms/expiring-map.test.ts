import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createExpiringMap } from '../../src/platforms/expiring-map.js';

test('what weighs too much together goes, the oldest first, by what it weighs then', () => {
  const wiped: string[] = [];
  const map = createExpiringMap<{ name: string; weight: number }>({
    life: 1000,
    now: () => 0,
    limit: 10,
    weight: ({ weight }) => weight,
    wipe: ({ name }) => void wiped.push(name),
  });
  const heavy = { name: 'a', weight: 8 };
  map.set('a', 'ann', heavy);
  heavy.weight = 2;
  map.set('b', 'ann', { name: 'b', weight: 8 });
  assert.deepEqual(wiped, []);
  map.set('c', 'bob', { name: 'c', weight: 3 });
  assert.deepEqual(wiped, ['a', 'b'], 'thirteen together, eleven without the oldest');
  assert.equal(map.get('c')?.name, 'c');
});

test('pictures outlived their half hour where nothing came after them: what nobody asks for goes too', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const wiped: string[] = [];
  const map = createExpiringMap<string>({
    life: 1000,
    now: Date.now,
    limit: 9,
    wipe: (value) => void wiped.push(value),
  });
  map.set('a', 'ann', 'first');
  context.mock.timers.tick(600);
  map.set('b', 'ann', 'second');
  context.mock.timers.tick(400);
  assert.deepEqual(wiped, ['first']);
  context.mock.timers.tick(600);
  assert.deepEqual(wiped, ['first', 'second']);
  map.set('c', 'ann', 'third');
  context.mock.timers.tick(1000);
  assert.deepEqual(wiped, ['first', 'second', 'third']);
});

test('a clock that was set back keeps nothing beyond its time', () => {
  let now = 10_000;
  const map = createExpiringMap<string>({ life: 1000, now: () => now, limit: 2 });
  map.set('before', 'ann', 'set at ten seconds');
  now = 0;
  map.set('after', 'ann', 'set at zero');
  now = 2000;
  assert.equal(map.get('after'), undefined);
  assert.equal(map.take('after'), undefined);
  assert.equal(map.get('before'), 'set at ten seconds');
  now = 11_000;
  assert.equal(map.get('before'), undefined);
});
