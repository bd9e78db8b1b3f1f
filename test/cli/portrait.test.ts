import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { z } from 'zod';
import { temporaryFolder } from '../temporary-folder.js';
import { ended, likeness, photo, startLikeness } from './likeness.js';

const report = z.object({
  seed: z.number(),
  asked: z.object({ expression: z.string().optional(), side: z.string().optional() }),
  unknownWords: z.array(z.string()),
  portraits: z.array(z.object({ file: z.string(), identity: z.number(), faceFound: z.boolean() })),
});

function ask(out: string, ...more: string[]): string[] {
  return ['portrait', '--photo', photo, '--prompt', 'smiling', '--count', '2', '--steps', '2', '--out', out, ...more];
}

test('an album is written as numbered pictures, and --json tells the scores of each', async () => {
  const out = join(temporaryFolder(), 'new', 'album');
  const run = await likeness(ask(out, '--seed', '7', '--json'));
  assert.equal(run.code, 0, run.stderr);
  const { seed, portraits } = report.parse(JSON.parse(run.stdout));
  assert.equal(seed, 7);
  assert.deepEqual(
    portraits.map(({ file }) => file),
    [join(out, '01.png'), join(out, '02.png')],
  );
  const { format, width, xmp } = await sharp(readFileSync(join(out, '01.png'))).metadata();
  assert.equal(format, 'png');
  assert.ok(width > 0);
  assert.match(xmp?.toString() ?? '', /trainedAlgorithmicMedia/);
});

test('a second album in the same folder overwrote the first: its numbers go on after those that are there', async () => {
  const out = temporaryFolder();
  assert.equal((await likeness(ask(out, '--seed', '7'))).code, 0);
  const before = readFileSync(join(out, '01.png'));
  assert.equal((await likeness(ask(out, '--seed', '8'))).code, 0);
  assert.deepEqual(readdirSync(out).toSorted(), ['01.png', '02.png', '03.png', '04.png']);
  assert.deepEqual(readFileSync(join(out, '01.png')), before);
});

/** The files of an album made with a seed. */
async function albumOf(seed: string): Promise<Buffer[]> {
  const out = temporaryFolder();
  assert.equal((await likeness(ask(out, '--seed', seed))).code, 0);
  return readdirSync(out).map((name) => readFileSync(join(out, name)));
}

test('the same seed makes the same files, another seed others', async () => {
  const first = await albumOf('7');
  assert.deepEqual(await albumOf('7'), first);
  assert.notDeepEqual(await albumOf('8'), first);
});

test('without --json: a line for each portrait and the seed on standard output, progress on standard error', async () => {
  const run = await likeness(ask(temporaryFolder(), '--photo', photo));
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /01\.png  no face found in it\n.*02\.png  .*\n(?:.*\n)*Seed \d+\.\n$/);
  assert.match(run.stderr, /^\d+ % .+$/m);
});

test('a word the model does not know is named, before the album is made', async () => {
  const run = await likeness([...ask(temporaryFolder(), '--json'), '--prompt', 'smiling, zorblax']);
  assert.deepEqual(report.parse(JSON.parse(run.stdout)).unknownWords, ['zorblax']);
  assert.match(run.stderr, /^The model does not know: zorblax\.\n/);
});

test('Ctrl-C ends it with one sentence and exit code 130', async () => {
  const program = startLikeness([...ask(temporaryFolder()), '--steps', '200', '--candidates', '40']);
  assert.ok(program.stderr);
  const end = ended(program);
  await once(program.stderr, 'data');
  process.kill(-(program.pid ?? Number.NaN), 'SIGINT');
  const { code, stderr } = await end;
  assert.equal(code, 130);
  assert.match(stderr, /Cancelled/);
});
