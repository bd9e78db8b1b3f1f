import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLanes } from '../../src/media/lanes.js';

/** Work that ends when it is told to. */
function held() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => async (): Promise<string> => {
    begun.push(name);
    await new Promise<void>((resolve) => ends.set(name, resolve));
    return name;
  };
  return { begun, work, end: (name: string) => ends.get(name)?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('somebody’s second piece of work waits for their first, and nobody else’s does', async () => {
  const { begun, work, end } = held();
  const lanes = createLanes(8);
  const first = lanes.run('ann', work('a'));
  const second = lanes.run('ann', work('b'));
  const other = lanes.run('bob', work('c'));
  await turn();
  assert.deepEqual(begun, ['a', 'c']);
  end('a');
  assert.equal(await first, 'a');
  await turn();
  assert.deepEqual(begun, ['a', 'c', 'b']);
  end('b');
  end('c');
  assert.deepEqual(await Promise.all([second, other]), ['b', 'c']);
});

test('no more than so many at a time, and what fails makes room for the next', async () => {
  const { begun, work, end } = held();
  const lanes = createLanes(2);
  const failing = lanes.run('ann', async () => {
    await work('a')();
    throw new Error('no picture');
  });
  const others = ['b', 'c'].map((name) => lanes.run(name, work(name)));
  await turn();
  assert.deepEqual(begun, ['a', 'b']);
  end('a');
  await assert.rejects(failing, /no picture/);
  await turn();
  assert.deepEqual(begun, ['a', 'b', 'c']);
  end('b');
  end('c');
  await Promise.all(others);
});

test('heavy work takes up more, waits until there is room for all of it, and is not overtaken', async () => {
  const { begun, work, end } = held();
  const lanes = createLanes(10);
  const done = [
    lanes.run('ann', work('a'), 3),
    lanes.run('bob', work('b'), 8),
    lanes.run('cat', work('c'), 1),
    lanes.run('dan', work('d'), 7),
  ];
  await turn();
  assert.deepEqual(begun, ['a']);
  end('a');
  await turn();
  assert.deepEqual(begun, ['a', 'b', 'c']);
  end('b');
  await turn();
  assert.deepEqual(begun, ['a', 'b', 'c', 'd']);
  end('c');
  end('d');
  await Promise.all(done);
});
