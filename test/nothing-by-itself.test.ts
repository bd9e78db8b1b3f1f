import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { packageRoot } from '../src/config.js';
import { ended, startLikeness } from './cli/likeness.js';
import { FakeBrowser } from './fakes/browser.js';
import { facePhoto } from './fakes/photos.js';
import { prepareTrace, skipWithoutStrace, type Trace } from './strace.js';
import { temporaryFolder } from './temporary-folder.js';

/** Milliseconds on a machine that is busy with other things. */
const PATIENCE = { timeout: 10 * 60_000 };

/** A home and a place for temporary files that nothing may appear in, and the data folder. */
function surroundings() {
  const [home, temporary, data] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
  const env = {
    HOME: home,
    TMPDIR: temporary,
    // What runs the sources keeps what it compiled.
    TSX_DISABLE_CACHE: '1',
    LIKENESS_DATA: data,
    LIKENESS_BUNDLE: join(packageRoot, 'models', 'tiny'),
    LIKENESS_LOG_LEVEL: 'warn',
  };
  return { home, temporary, data, env };
}

function assertQuiet(trace: Trace, { home, temporary, data }: ReturnType<typeof surroundings>): void {
  assert.deepEqual(trace.callsAway(), [], 'no name is looked up, and no other machine is spoken to');
  assert.deepEqual(trace.writesOutside([data]), [], 'no file is written outside the data folder');
  assert.deepEqual(
    [home, temporary].flatMap((folder) => readdirSync(folder)),
    [],
  );
}

/** Looks a name up, reaches for another machine and writes a file. */
const TALKATIVE = `
require('node:dns').lookup('likeness.invalid', () => undefined);
const connection = require('node:net').connect(9, '192.0.2.1').on('error', () => undefined);
setImmediate(() => connection.destroy());
require('node:fs').writeFileSync(process.argv[1], '');
`;

// As a person's machine is: where `CI` is set, libraries that report to their makers do not.
describe('what a dependency does by itself', { ...PATIENCE, skip: skipWithoutStrace }, () => {
  test('a served album: no name looked up, no other machine reached, no file outside the data folder', async () => {
    const [around, trace] = [surroundings(), prepareTrace()];
    const program = startLikeness(['serve', '--port', '0'], around.env, trace.command);
    const end = ended(program);
    assert.ok(program.stdout);
    const [line] = await Promise.race([once(createInterface(program.stdout), 'line'), end.then(() => ['it ended'])]);
    const browser = await FakeBrowser.open(/http:\/\/127\.0\.0\.1:\d+/.exec(String(line))?.[0] ?? '');
    await browser.post('/api/consent');
    const key = await browser.send({ text: 'smiling count:1 seed:7', photos: [facePhoto()] });
    assert.equal((await browser.answer(key, 'album')).pictures.length, 1);
    // Its labels are drawn in fonts of the system, of which a list could be kept.
    assert.ok((await browser.answer(await browser.send({ text: '/styles' }), 'text')).pictures);
    process.kill(-(program.pid ?? Number.NaN), 'SIGINT');
    const { code, stderr } = await end;
    assert.deepEqual([code, stderr], [0, '']);
    assertQuiet(trace, around);
  });

  test('a portrait by the command line: the same, and nothing in the data folder', async () => {
    const [around, trace, out] = [surroundings(), prepareTrace(), temporaryFolder()];
    const given = ['portrait', '--photo', join(packageRoot, 'test', 'fixtures', 'astronaut.jpg'), '--out', out];
    const wish = ['--prompt', 'smiling, wearing a crown', '--count', '1'];
    const { code } = await ended(startLikeness([...given, ...wish], around.env, trace.command));
    assert.equal(code, 0);
    assertQuiet(trace, { ...around, data: out });
    assert.deepEqual(readdirSync(around.data), []);
  });

  test('doctor, which loads the model in its own process and in the engine’s: the same', async () => {
    const [around, trace] = [surroundings(), prepareTrace()];
    const { stdout } = await ended(startLikeness(['doctor', '--json'], around.env, trace.command));
    assert.match(stdout, /"engine"/);
    assertQuiet(trace, around);
  });

  test('npm, which the program is started by: it does not ask for a newer one of itself', () => {
    const [{ home, env }, trace] = [surroundings(), prepareTrace()];
    const [program, ...rest] = [...trace.command, 'npm', 'pkg', 'get', 'name'];
    const { stdout } = spawnSync(program, rest, {
      cwd: packageRoot,
      env: { ...env, PATH: process.env['PATH'] },
      encoding: 'utf8',
    });
    assert.match(stdout, /"likeness"/);
    assert.deepEqual(trace.callsAway(), []);
    assert.deepEqual(trace.writesOutside([home]), [], 'but for its own log');
  });

  test('the record misses neither a look-up, nor a connection, nor a file', () => {
    const [file, trace] = [join(temporaryFolder(), 'file'), prepareTrace()];
    const [program, ...rest] = [...trace.command, process.execPath, '-e', TALKATIVE, file];
    assert.equal(spawnSync(program, rest).status, 0);
    assert.ok(trace.callsAway().some((call) => call.includes('htons(53)')));
    assert.ok(trace.callsAway().some((call) => call.includes('"192.0.2.1"')));
    assert.ok(trace.writesOutside([]).some((call) => call.includes(file)));
    assert.deepEqual(trace.writesOutside([dirname(file)]), []);
  });
});
