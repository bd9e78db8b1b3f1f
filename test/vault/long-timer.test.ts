import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLongTimer } from '../../src/vault/long-timer.js';

/** The longest that a timer of the system can wait. */
const LONGEST = 2 ** 31 - 1;
const DAY = 24 * 60 * 60_000;

test('what waits longer than a timer of the system can was run at once, or after 24.8 days: it runs when its time has come', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  let runs = 0;
  startLongTimer(() => runs++, 60 * DAY);
  const stopped = startLongTimer(() => assert.fail('it was cleared'), 60 * DAY);
  const rest = 60 * DAY - 2 * LONGEST;
  for (const milliseconds of [LONGEST, LONGEST, rest - 1]) {
    context.mock.timers.tick(milliseconds);
    assert.equal(runs, 0);
  }
  stopped.clear();
  context.mock.timers.tick(1);
  assert.equal(runs, 1);
});
