import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { closeDatabase, openDatabase } from '../../src/data/database.js';
import { createSqliteStore } from '../../src/jobs/sqlite.js';
import { draft, testJobStore } from '../contract/job-store.js';
import { temporaryFolder } from '../temporary-folder.js';

const HOUR = 60 * 60_000;
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

test('a clock that was set back by an hour made a job that was to be tried again wait for that hour', async () => {
  let now = 100 * HOUR;
  const store = createSqliteStore(openDatabase(':memory:'), { now: () => now });
  const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
  await store.lease('one', 1000);
  await store.retry(job.id, 'one', 5000);
  assert.equal(await store.lease('one', 1000), undefined);
  now -= HOUR;
  assert.equal((await store.lease('one', 1000))?.id, job.id);
});

test('recovery ends every lease at once', async () => {
  const store = createSqliteStore(openDatabase(':memory:'));
  const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
  await store.lease('one', 1_000_000);
  await store.recover();
  assert.equal((await store.lease('two', 1000))?.id, job.id);
  assert.equal(await store.finish(job.id, 'one', 'done'), false);
});

test('the line was read anew for each who looked at it: it is when a job was written', async () => {
  const store = createSqliteStore(openDatabase(':memory:'));
  const { job } = await store.enqueue(draft('ann', 'a'), ROOMY);
  const before = await store.active();
  await store.find(job);
  assert.equal(await store.active(), before);
  await assert.rejects(store.enqueue(draft('ann', 'b'), { perMember: 1, total: 1 }), { code: 'too-many-queued' });
  await store.lease('worker', 1000);
  const { running, waiting } = await store.active();
  assert.deepEqual([running.map(({ id }) => id), waiting], [[job.id], []]);
  await store.extend(job.id, 'worker', 1_000_000);
  assert.notEqual((await store.active()).running[0]?.lease?.until, running[0]?.lease?.until);
});

test('a second process is told that the folder is in use', () => {
  const folder = temporaryFolder();
  const database = openDatabase(join(folder, 'likeness.db'));
  assert.throws(() => openDatabase(join(folder, 'likeness.db')), { code: 'data-in-use', data: { path: folder } });
  closeDatabase(database);
});

test('a job that damage made unreadable stands in nobody else’s way', async () => {
  const database = openDatabase(':memory:');
  const store = createSqliteStore(database);
  await store.enqueue(draft('ann', 'a'), ROOMY);
  const { job } = await store.enqueue(draft('bob', 'b'), ROOMY);
  database.exec(`UPDATE jobs SET draft = '{"key":' WHERE key = 'web:a'`);
  assert.equal(await store.recover(), 1);
  assert.equal((await store.lease('worker', 1000))?.id, job.id);
});

test('a database with a damaged page, or that is none, is told from one that cannot be written', async () => {
  const file = join(temporaryFolder(), 'likeness.db');
  const database = openDatabase(file);
  const store = createSqliteStore(database);
  for (let at = 0; at < 30; at++) await store.enqueue(draft(`member-${at}`, `key-${at}`), ROOMY);
  closeDatabase(database);
  const whole = readFileSync(file);
  for (const page of [2, whole.length / 4096]) {
    writeFileSync(file, Buffer.from(whole).fill(0xa5, (page - 1) * 4096, page * 4096));
    assert.throws(() => openDatabase(file), { code: 'data-damaged', data: { path: file } });
  }
  writeFileSync(file, whole);
  closeDatabase(openDatabase(file));
  const none = join(temporaryFolder(), 'likeness.db');
  writeFileSync(none, Buffer.alloc(8192, 7));
  assert.throws(() => openDatabase(none), { code: 'data-damaged', data: { path: none } });
});

test('a database in a folder that others may read is readable by its owner only, as are its logs', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  const database = openDatabase(join(folder, 'likeness.db'));
  await createSqliteStore(database).enqueue(draft('ann', 'a'), ROOMY);
  const modes = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
  assert.deepEqual(modes.toSorted(), [
    ['likeness.db', 0o600],
    ['likeness.db-wal', 0o600],
  ]);
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
