import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IN_MEMORY, openDatabase } from '../../src/data/database.js';
import { createEstimator } from '../../src/jobs/estimate.js';
import { createSqliteStore } from '../../src/jobs/sqlite.js';
import { describeWait, waitBefore } from '../../src/jobs/status-board.js';
import { translator } from '../../src/language/texts.js';
import { draft } from '../contract/job-store.js';

const t = translator('en');

test('nothing is foretold before something was measured; then newer albums weigh more', () => {
  const estimator = createEstimator();
  assert.equal(estimator.duration(4), undefined);
  estimator.record(4, 8000);
  assert.equal(estimator.duration(2), 4000);
  estimator.record(1, 1000);
  const portrait = estimator.duration(1) ?? 0;
  assert.ok(portrait > 1000 && portrait < 2000);
});

test('the wait is the rest of what runs and the whole of what is before', async () => {
  const now = 10_000;
  const store = createSqliteStore(openDatabase(IN_MEMORY), { now: () => now - 3000 });
  const estimator = createEstimator();
  for (const member of ['ann', 'bob', 'cyd']) await store.enqueue(draft(member, member), { perMember: 5, total: 5 });
  await store.lease('worker', 60_000);
  const active = await store.active();
  const last = active.waiting.at(-1);
  assert.ok(last);
  assert.equal(waitBefore(last, active, { estimator, now }), undefined);
  estimator.record(4, 8000);
  assert.equal(waitBefore(last, active, { estimator, now }), 5000 + 8000);
});

test('a place in line is told in words, with the time where it is known', () => {
  assert.equal(describeWait(t, 0, undefined), 'Yours is next…');
  assert.match(describeWait(t, 1, undefined), /1 request is ahead of yours/);
  assert.match(describeWait(t, 2, 12_300), /2 requests are ahead of yours; it starts in about 13 seconds/);
  assert.match(describeWait(t, 2, 150_000), /about 3 minutes/);
});
