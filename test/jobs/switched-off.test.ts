import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import { composeChat } from '../../src/compose/chat.js';
import { closeDatabase, openDatabase } from '../../src/data/database.js';
import type { JobDraft } from '../../src/jobs/job.js';
import { createSqliteStore } from '../../src/jobs/sqlite.js';
import { draft } from '../contract/job-store.js';
import { createTestEngine } from '../fakes/engine.js';
import { testPresets } from '../fakes/presets.js';
import { temporaryFolder } from '../temporary-folder.js';

const ROOMY = { perMember: 5, total: 5 };

/** A request that came by a platform the program is now started without. */
const fromDiscord = (key: string): JobDraft => ({ ...draft('ann', key), member: { platform: 'discord', id: 'ann' } });

test('jobs of a platform that was switched off are dropped with a line in the log, and hinder nobody', async () => {
  const data = temporaryFolder();
  const before = openDatabase(join(data, 'likeness.db'));
  const store = createSqliteStore(before);
  const running = await store.enqueue(fromDiscord('a'), ROOMY);
  await store.lease('crashed', 60_000);
  const waiting = await store.enqueue(fromDiscord('b'), ROOMY);
  closeDatabase(before);

  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const engine = createTestEngine();
  const chat = composeChat({ config: { host: '127.0.0.1', port: 0, data }, engine, presets: testPresets, log });
  await chat.start();
  await chat.stop();

  const after = openDatabase(join(data, 'likeness.db'));
  const kept = createSqliteStore(after);
  assert.deepEqual(await kept.active(), { running: [], waiting: [] });
  assert.equal((await kept.get(waiting.job.id))?.state, 'cancelled');
  for (const { job } of [running, waiting]) assert.ok(lines.some((line) => line.includes(job.id)));
  assert.equal(engine.requests.length, 0);
  closeDatabase(after);
});
