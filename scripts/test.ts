/**
 * Runs the test files: `tsx scripts/test.ts [--no-skips] [--runtime] [FILE...]`, all of `test/` when none is named, and with
 * `--runtime` those that show whether another Node behaves alike.
 * Exit code 1 when a test fails or, with `--no-skips`, when one was skipped; the last line counts them.
 */
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const arguments_ = process.argv.slice(2);
const allowSkips = !arguments_.includes('--no-skips');
const named = arguments_.filter((argument) => !argument.startsWith('--'));
/** What a Node brings of its own, and what is compiled against it; each file by the part that it tries. */
const runtime = [
  'test/platforms/web/chat.test.ts', // http, fetch, forms, event streams
  'test/platforms/web/event-stream.test.ts', // streams that are not read
  'test/platforms/listener.test.ts', // connections
  'test/media/fetching.test.ts', // fetch: limits, packed bodies, servers that hang up
  'test/platforms/discord/gateway.test.ts', // discord.js: undici, WebSocket
  'test/platforms/telegram/updates.test.ts', // telegraf: node-fetch, https agents
  'test/media/intake.test.ts', // sharp
  'test/jobs/sqlite.test.ts', // libsql
  'test/jobs/bullmq.test.ts', // ioredis
  'test/vault/disk.test.ts', // crypto, files
  'test/cli/portrait.test.ts', // child processes, onnxruntime
  'test/operations/serving.test.ts', // the program, its signals and its end
];
const chosen = arguments_.includes('--runtime') ? runtime : listTests('test');
const files = (named.length > 0 ? named : chosen).map((file) => join(process.cwd(), file));

/** Milliseconds one file may take, so that a test that waits for what never comes costs no more than its own file. */
const PATIENCE = 20 * 60_000;

const counts = { passed: 0, failed: 0, skipped: 0 };
const events = run({ files, concurrency: availableParallelism(), timeout: PATIENCE });
events.on('test:pass', ({ skip, details }) => {
  if (details.type === 'suite') return;
  if (skip === undefined || skip === false) counts.passed++;
  else counts.skipped++;
});
events.on('test:fail', () => counts.failed++);
events.compose(new spec()).pipe(process.stdout);
events.on('end', () => {
  if (counts.failed > 0 || (!allowSkips && counts.skipped > 0)) process.exitCode = 1;
});
process.on('exit', () => {
  console.log(`Tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped.`);
  if (!allowSkips && counts.skipped > 0) console.log('Skipped tests are not allowed in this run.');
});

function listTests(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))
    .sort();
}
