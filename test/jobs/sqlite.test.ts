import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { closeDatabase, openDatabase } from '../../src/data/database.js';
import { REMEMBERED, createSqliteStore } from '../../src/jobs/sqlite.js';
import { draft, testJobStore } from '../contract/job-store.js';
import { temporaryFolder } from '../temporary-folder.js';

const ROOMY = { perMember: 100, total: 100 };

testJobStore('SQLite store', async () => {
  let now = 1_000_000;
  const clock = { now: () => now };
  const file = join(temporaryFolder(), 'likeness.db');
  let database = openDatabase(file);
  return {
    store: createSqliteStore(database, clock),
    advance: (milliseconds) => void (now += milliseconds),
    async reopen() {
      closeDatabase(database);
      database = openDatabase(file);
      return createSqliteStore(database, clock);
    },
    close: async () => closeDatabase(database),
  };
});

test('a second process is told that the folder is in use', () => {
  const folder = temporaryFolder();
  const database = openDatabase(join(folder, 'likeness.db'));
  assert.throws(() => openDatabase(join(folder, 'likeness.db')), { code: 'data-in-use', data: { path: folder } });
  closeDatabase(database);
});

test('a folder that cannot be made is named', () => {
  const folder = join(temporaryFolder(), 'likeness.db');
  closeDatabase(openDatabase(folder));
  assert.throws(() => openDatabase(join(folder, 'below', 'likeness.db')), { code: 'data-unusable' });
});

test('an ended job is remembered for a day', async () => {
  let now = 0;
  const store = createSqliteStore(openDatabase(':memory:'), { now: () => now });
  const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
  await store.cancel(job.id);
  now += REMEMBERED - 1;
  const { job: second } = await store.enqueue(draft('ann', 'b'), ROOMY);
  await store.cancel(second.id);
  assert.ok(await store.get(job.id));
  now += 1;
  const { job: third } = await store.enqueue(draft('ann', 'c'), ROOMY);
  await store.cancel(third.id);
  assert.equal(await store.get(job.id), undefined);
});
