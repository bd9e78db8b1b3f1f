import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { closeDatabase, openDatabase } from '../../src/data/database.js';
import { createSqliteStore } from '../../src/jobs/sqlite.js';
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

test('recovery ends every lease at once', async () => {
  const store = createSqliteStore(openDatabase(':memory:'));
  const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
  await store.lease('one', 1_000_000);
  await store.recover();
  assert.equal((await store.lease('two', 1000))?.id, job.id);
  assert.equal(await store.finish(job.id, 'one', 'done'), false);
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

test('jobs of a data folder made before there were rounds are served', async () => {
  const database = openDatabase(':memory:');
  const before = createSqliteStore(database);
  const { job } = await before.enqueue(draft('ann', 'a'), ROOMY);
  for (const index of ['jobs_by_state', 'jobs_by_round']) database.exec(`DROP INDEX ${index}`);
  database.exec('ALTER TABLE jobs DROP COLUMN round');
  assert.equal((await createSqliteStore(database).lease('worker', 1000))?.id, job.id);
});
