import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSerial } from '../../src/data/serial.js';

test('work runs in the order it came, one piece at a time, and a failure stops nobody', async () => {
  const serial = createSerial();
  const log: string[] = [];
  const work = (name: string, fails = false) =>
    serial(async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const [first, second, third] = [work('first'), work('second', true), work('third')];
  await assert.rejects(second, /second/);
  assert.deepEqual(await Promise.all([first, third]), ['first', 'third']);
  assert.deepEqual(
    log,
    ['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
});

test('settled waits for what came before, failed or not', async () => {
  const serial = createSerial();
  let done = false;
  void serial(() => Promise.reject(new Error('no'))).catch(() => undefined);
  void serial(async () => {
    done = true;
  });
  await serial.settled();
  assert.equal(done, true);
});
