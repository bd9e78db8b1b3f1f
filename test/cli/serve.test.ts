import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryFolder } from '../temporary-folder.js';
import { ended, startLikeness } from './likeness.js';

test('serve says where, answers there, and ends in good order when a terminal interrupts all its processes', async () => {
  const { url, stop } = await serve();
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<html/i);
  const { code, stderr } = await stop('SIGINT');
  assert.equal(stderr, '');
  assert.equal(code, 0);
});

test('a terminal that was closed ended serve at once, albums and all: it stops in good order', async () => {
  const data = temporaryFolder();
  const { stop } = await serve(data);
  assert.ok(readdirSync(data).includes('likeness.db-wal'), 'while it serves, the database is open');
  const { signal, stderr } = await stop('SIGHUP');
  assert.equal(stderr, '');
  assert.equal(signal, 'SIGHUP');
  assert.ok(!readdirSync(data).includes('likeness.db-wal'), 'the database was closed');
});

/** A program that is ready; what stops it reaches its whole group. */
async function serve(data = temporaryFolder()) {
  const program = startLikeness(['serve', '--port', '0'], { LIKENESS_LOG_LEVEL: 'warn', LIKENESS_DATA: data });
  const end = ended(program);
  assert.ok(program.stdout);
  const [line] = await Promise.race([once(createInterface(program.stdout), 'line'), end.then(() => ['it ended'])]);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0];
  assert.ok(url, String(line));
  const stop = async (signal: NodeJS.Signals) => {
    process.kill(-(program.pid ?? Number.NaN), signal);
    return { ...(await end), signal: program.signalCode };
  };
  return { url, stop };
}
