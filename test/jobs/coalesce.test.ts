import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCoalescer } from '../../src/jobs/coalesce.js';

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

test('the first value goes at once, then the newest of each interval, and nothing after the end', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: number[] = [];
  const coalescer = createCoalescer<number>({ interval: 3000, send: async (value) => void sent.push(value) });
  for (const value of [1, 2, 3]) coalescer.push(value);
  await settle();
  assert.deepEqual(sent, [1]);
  context.mock.timers.tick(3000);
  await settle();
  assert.deepEqual(sent, [1, 3]);
  coalescer.push(4);
  await coalescer.end();
  coalescer.push(5);
  context.mock.timers.tick(9000);
  await settle();
  assert.deepEqual(sent, [1, 3]);
});

test('the end waits for the value on its way, and a failed send stops nothing', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let arrive: () => void = () => undefined;
  const sent: string[] = [];
  const send = async (value: string) => {
    if (value === 'broken') throw new Error('send failed');
    await new Promise<void>((resolve) => (arrive = resolve));
    sent.push(value);
  };
  const coalescer = createCoalescer<string>({ interval: 10, send });
  coalescer.push('broken');
  await settle();
  coalescer.push('slow');
  context.mock.timers.tick(10);
  await settle();
  const ended = coalescer.end();
  assert.deepEqual(sent, []);
  arrive();
  await ended;
  assert.deepEqual(sent, ['slow']);
});
