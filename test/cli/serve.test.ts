import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { ended, startLikeness } from './likeness.js';

test('serve says where, answers there, and ends in good order when a terminal interrupts all its processes', async () => {
  const program = startLikeness(['serve', '--port', '0'], { LIKENESS_LOG_LEVEL: 'warn' });
  const end = ended(program);
  assert.ok(program.stdout);
  const [line] = await Promise.race([once(createInterface(program.stdout), 'line'), end.then(() => ['it ended'])]);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0];
  assert.ok(url, String(line));
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<html/i);
  process.kill(-(program.pid ?? Number.NaN), 'SIGINT');
  const { code, stderr } = await end;
  assert.equal(stderr, '');
  assert.equal(code, 0);
});
