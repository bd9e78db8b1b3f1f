import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test, type TestContext } from 'node:test';
import { LikenessError } from '../../pipeline/errors.js';
import { composeChat } from '../../src/compose/chat.js';
import { composeOperations } from '../../src/compose/operations.js';
import { createLog } from '../../src/operations/log.js';
import { ended, startLikeness } from '../cli/likeness.js';
import { FakeBrowser } from '../fakes/browser.js';
import { createTestEngine } from '../fakes/engine.js';
import { plainJpeg } from '../fakes/photos.js';
import { testPresets } from '../fakes/presets.js';

const photo = await plainJpeg();

/** The chats on a test engine, health and metrics beside them, and every line of the log. */
async function serve(context: TestContext) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', secrets: [], destination: { write: (line) => void lines.push(line) } });
  const operations = composeOperations({ host: '127.0.0.1', port: 0 }, log);
  const engine = createTestEngine();
  const { metrics } = operations;
  const config = { host: '127.0.0.1', port: 0 };
  const chat = composeChat({ config, engine, presets: testPresets, log, metrics });
  await operations.start();
  await chat.start();
  context.after(async () => {
    engine.release();
    await chat.stop();
    await operations.stop();
  });
  const { address } = JSON.parse(lines[0] ?? '{}');
  const read = async (path: string) => (await fetch(new URL(path, address))).text();
  const ready = async () => (await fetch(new URL('/readyz', address))).status;
  const ann = await FakeBrowser.open(chat.address);
  await ann.post('/api/consent');
  return { operations, engine, lines, read, ready, ann };
}

test('an album: counted from its acceptance to its end, and told in the log by job and hidden member', async (context) => {
  const { engine, lines, read, ann } = await serve(context);
  engine.hold();
  const key = await ann.send({ text: 'smiling count:2', photos: [photo] });
  await engine.halfWay();
  const during = await read('/metrics');
  assert.match(during, /^likeness_jobs_accepted_total\{platform="web"\} 1$/m);
  assert.match(during, /^likeness_jobs\{state="running"\} 1$/m);
  assert.match(during, /^likeness_jobs\{state="queued"\} 0$/m);
  assert.match(during, /^likeness_job_wait_seconds_count 1$/m);
  engine.release();
  await ann.answer(key, 'album');
  await ann.send({ text: '/help' });
  await ann.until((messages) => messages.some(({ kind }) => kind === 'text'));

  const after = await read('/metrics');
  assert.match(after, /^likeness_sends_total\{platform="web",kind="album",outcome="sent"\} 1$/m);
  assert.match(after, /^likeness_engine_album_seconds_count\{outcome="made"\} 1$/m);
  const jobs = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg.startsWith('job '));
  assert.deepEqual(jobs.map(({ msg }) => msg).slice(0, 2), ['job accepted', 'job started']);
  const [accepted, started] = jobs;
  assert.match(accepted.member, /^[0-9a-f]{12}$/);
  assert.equal(accepted.member, started.member);
  assert.equal(accepted.job, started.job);
  assert.doesNotMatch(lines.join(''), /smiling/, 'what was asked for is nobody else’s business');
  assert.ok(!lines.join('').includes(ann.cookie.split('=')[1] ?? ''), 'the session opens a conversation');
});

test('what went wrong: a photo not taken, a request refused, an album that failed', async (context) => {
  const { engine, read, ann } = await serve(context);
  const refused = await ann.send({ text: 'smiling', photos: [Buffer.from('GIF89a')] });
  await ann.answer(refused, 'refusal');
  engine.failNext(new LikenessError('no-face'));
  const failed = await ann.send({ text: 'smiling', photos: [photo] });
  await ann.answer(failed, 'notice');
  const text = await read('/metrics');
  assert.match(text, /^likeness_intake_refusals_total\{code="[a-z-]+"\} 1$/m);
  assert.match(text, /^likeness_refusals_total\{code="[a-z-]+"\} 1$/m);
  assert.match(text, /^likeness_errors_total\{code="no-face"\} 1$/m);
  assert.match(text, /^likeness_engine_album_seconds_count\{outcome="failed"\} 1$/m);
});

test('an engine that ended makes the program unready until it is back', async (context) => {
  const { operations, read, ready } = await serve(context);
  operations.health.clear('loading');
  operations.onEngine({ type: 'started', pid: 1, provider: 'cpu' });
  assert.equal(await ready(), 200);
  const error = new LikenessError('engine-failed', { cause: 'SIGKILL' });
  operations.onEngine({ type: 'ended', pid: 1, error, restartInMs: 0 });
  assert.equal(await ready(), 503);
  assert.match(await read('/metrics'), /^likeness_engine_up 0$/m);
  operations.onEngine({ type: 'started', pid: 2, provider: 'cpu' });
  assert.equal(await ready(), 200);
  assert.match(await read('/metrics'), /^likeness_engine_ends_total 1$/m);
});

test('the command serves both where a port is set, ready from the line that says so, and stops with it', async () => {
  const program = startLikeness(['serve', '--port', '0'], { LIKENESS_METRICS_PORT: '0' });
  const end = ended(program);
  assert.ok(program.stdout && program.stderr);
  const logged = createInterface(program.stderr);
  const [first] = await Promise.race([once(logged, 'line'), end.then(() => ['{}'])]);
  const { address, msg } = JSON.parse(String(first));
  assert.equal(msg, 'serving health and metrics');
  assert.equal((await fetch(new URL('/healthz', address))).status, 200);
  assert.equal((await fetch(new URL('/readyz', address))).status, 503, 'the engine cannot be up yet');
  await Promise.race([once(createInterface(program.stdout), 'line'), end]);
  assert.equal((await fetch(new URL('/readyz', address))).status, 200);
  assert.match(await (await fetch(new URL('/metrics', address))).text(), /^likeness_engine_up 1$/m);
  process.kill(-(program.pid ?? Number.NaN), 'SIGTERM');
  assert.equal((await end).code, 0);
});
