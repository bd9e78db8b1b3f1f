import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { temporaryFolder } from '../temporary-folder.js';
import { likeness, photo, smallBundle } from './likeness.js';

const folder = temporaryFolder();
const file = (name: string): string => join(folder, name);

before(async () => {
  writeFileSync(file('words.jpg'), 'these are only words');
  writeFileSync(file('cut.jpg'), readFileSync(photo).subarray(0, 20_000));
  await sharp({ create: { width: 300, height: 300, channels: 3, background: '#3366aa' } }).toFile(file('blank.png'));
  const one = await sharp(readFileSync(photo)).toBuffer();
  const two = sharp({ create: { width: 1024, height: 512, channels: 3, background: '#000000' } });
  await two
    .composite([
      { input: one, left: 0, top: 0 },
      { input: one, left: 512, top: 0 },
    ])
    .toFile(file('two.png'));
  cpSync(smallBundle, file('corrupt'), { recursive: true });
  const graph = readFileSync(file('corrupt/unet.onnx'));
  graph[graph.length - 1] = (graph.at(-1) ?? 0) ^ 1;
  writeFileSync(file('corrupt/unet.onnx'), graph);
  cpSync(smallBundle, file('invalid'), { recursive: true });
  writeFileSync(file('invalid/manifest.json'), '{"format": 2}');
});

const asked = ['--prompt', 'smiling', '--out', file('album')];
const withPhoto = ['portrait', '--photo', photo, ...asked];

/** Name, arguments, exit code, what the sentence says, environment. */
type Refusal = readonly [string, readonly string[], number, RegExp, Readonly<Record<string, string>>?];

const refusals: readonly Refusal[] = [
  ['an unknown command', ['paint'], 2, /unknown command.*paint.*likeness --help/i],
  ['an unknown option', ['portrait', '--size', '3'], 2, /--size.*likeness portrait --help/],
  ['an option without its value', ['portrait', '--photo'], 2, /--photo/],
  ['a number that is none', [...withPhoto, '--count', 'four'], 2, /four/],
  ['no photo', ['portrait', ...asked], 2, /likeness portrait --photo me\.jpg/],
  ['five photos', [...withPhoto, ...Array.from({ length: 4 }, () => ['--photo', photo]).flat()], 2, /5 photos/],
  ['an empty prompt', ['portrait', '--photo', photo, '--prompt', ' , '], 2, /--prompt "smiling/],
  ['a mistyped word', ['portrait', '--photo', photo, '--prompt', 'smilling'], 2, /Did you mean “smiling”/],
  ['a prompt nobody knows', ['portrait', '--photo', photo, '--prompt', 'zorblax'], 2, /zorblax.*likeness styles/],
  ['a day that is none', ['audit', '--since', '2026-02-30'], 2, /2026-02-30/],
  ['a port that is none', ['serve', '--port', '99999'], 2, /99999.*65535/],
  ['a prompt of 5,000 characters', ['portrait', '--photo', photo, '--prompt', 'smile '.repeat(833)], 2, /too long/],
  ['count 0', [...withPhoto, '--count', '0'], 2, /; 0 does not work/],
  ['count 100', [...withPhoto, '--count', '100'], 2, /; 100 does not work/],
  ['strength 101', [...withPhoto, '--strength', '101'], 2, /101/],
  ['a negative seed', [...withPhoto, '--seed=-1'], 2, /-1/],
  ['an unknown sampler', [...withPhoto, '--sampler', 'magic'], 2, /magic.*ddim/],
  ['an unknown class word', [...withPhoto, '--class', 'robot'], 2, /robot/],
  ['a photo that is not there', ['portrait', '--photo', file('absent.jpg'), ...asked], 3, /absent\.jpg/],
  ['a file that is no image', ['portrait', '--photo', file('words.jpg'), ...asked], 3, /words\.jpg: .*picture/],
  ['a cut-off photo', ['portrait', '--photo', file('cut.jpg'), ...asked], 3, /damaged/],
  ['a photo without a face', ['portrait', '--photo', file('blank.png'), ...asked], 3, /no face/],
  ['a photo of two people', ['portrait', '--photo', file('two.png'), ...asked], 3, /several faces/],
  ['a photo without an end', ['portrait', '--photo', '/dev/zero', ...asked], 3, /too large/],
  ['a folder as a photo', ['portrait', '--photo', file('invalid'), ...asked], 3, /could not be read/],
  ['no bundle', withPhoto, 4, /nowhere/, { LIKENESS_BUNDLE: file('nowhere') }],
  ['a graph whose sha256 is another', withPhoto, 4, /unet\.onnx/, { LIKENESS_BUNDLE: file('corrupt') }],
  ['a manifest that is none', withPhoto, 4, /format/, { LIKENESS_BUNDLE: file('invalid') }],
  [
    'a wrong configuration',
    withPhoto,
    6,
    /LIKENESS_PORT.*LIKENESS_ENGINE_THREADS/,
    { LIKENESS_PORT: 'x', LIKENESS_ENGINE_THREADS: '0' },
  ],
  ['a folder that cannot be made', [...withPhoto, '--out', join(photo, 'album')], 8, /could not be written/],
  ['nobody to evaluate on', ['evaluate', file('nobody')], 3, /no people/],
];

for (const [name, given, code, sentence, env] of refusals) {
  test(`refused with exit code ${code}: ${name}`, async () => {
    const run = await likeness(given, env);
    assertOneSentence(run.stderr, sentence);
    assert.equal(run.code, code);
    assert.equal(run.stdout, '');
  });
}

test('--largest takes the largest face of a photo that shows several', async () => {
  const given = ['portrait', '--photo', file('two.png'), ...asked, '--count', '1', '--steps', '2', '--largest'];
  const run = await likeness(given);
  assert.equal(run.code, 0, run.stderr);
});

test('refused with exit code 7: a port in use', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  after(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const run = await likeness(['serve', '--port', `${port}`], {
    LIKENESS_DATA: file('data'),
    LIKENESS_LOG_LEVEL: 'silent',
  });
  assertOneSentence(run.stderr, new RegExp(`Port ${port} on 127.0.0.1 is already in use`));
  assert.equal(run.code, 7);
});

/** Progress lines may come before it, such as "0 % finding the face". */
function assertOneSentence(stderr: string, expected: RegExp): void {
  const lines = stderr.split('\n').filter((line) => line !== '' && !/^\d+ % /.test(line));
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0] ?? '', expected);
}
