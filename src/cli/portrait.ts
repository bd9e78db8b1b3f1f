import { randomInt } from 'node:crypto';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  type Album,
  type Engine,
  type Portrait,
  type PortraitRequest,
  SAMPLER_NAMES,
  type SamplerName,
  checkRequest,
  loadManifest,
  readPrompt,
} from '../../pipeline/index.js';
import { loadConfig, type Config } from '../config.js';
import { LikenessError } from '../errors.js';
import { glossaryOf } from '../language/glossary.js';
import { encodeFile } from '../media/album.js';
import { cleanPhoto, MAX_PHOTO_BYTES } from '../media/intake.js';
import { createProgressLine } from './progress.js';
import type { CliContext } from './services.js';

/** Options of `likeness portrait`, as given. */
export interface PortraitArguments {
  readonly photo?: readonly string[];
  readonly prompt?: string;
  readonly count: number;
  readonly seed?: number;
  readonly strength: number;
  readonly out: string;
  readonly class?: string;
  readonly sampler?: string;
  readonly steps?: number;
  readonly candidates?: number;
  readonly largest?: boolean;
  readonly json?: boolean;
}

/** Makes one album and writes it as PNG files; every refusal comes before the engine starts, where it can. */
export async function runPortrait(options: PortraitArguments, context: CliContext): Promise<void> {
  const config = loadConfig(context);
  const request = await readRequest(options, context.cwd);
  await checkWords(request, config, context);
  const out = resolve(context.cwd, options.out);
  await makeFolder(out);
  const engine = await context.services.createEngine(config);
  try {
    const album = await makeAlbum(engine, request, context);
    if (album.portraits.length === 0) throw new LikenessError('no-portrait');
    const first = await firstFree(out);
    const files = await Promise.all(
      album.portraits.map((portrait, index) => writePortrait(portrait, out, first + index)),
    );
    context.stdout.write(options.json === true ? describeAsJson(album, files) : describe(album, files, context));
  } finally {
    await engine.close();
  }
}

/** Reads a photo from disk through the same intake as a stranger's. */
export async function readPhoto(file: string): Promise<Uint8Array> {
  const bytes = await readUpTo(MAX_PHOTO_BYTES + 1, file).catch((cause: unknown) => {
    throw new LikenessError('file-unreadable', { file }, { cause });
  });
  return cleanPhoto(bytes).catch((error: unknown) => {
    throw error instanceof LikenessError
      ? new LikenessError(error.code, { ...error.data, file }, { cause: error })
      : error;
  });
}

/** The beginning of a file, which may be a pipe or have no end. */
async function readUpTo(most: number, file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const bytes = new Uint8Array(most);
    let size = 0;
    for (let read = -1; read !== 0 && size < most; size += read) {
      read = (await handle.read(bytes, size, most - size)).bytesRead;
    }
    return bytes.subarray(0, size);
  } finally {
    await handle.close();
  }
}

/** The sampler of that name. */
export function readSampler(given: string): SamplerName {
  const found = SAMPLER_NAMES.find((name) => name === given);
  if (found === undefined) throw new LikenessError('sampler-unknown', { given, known: SAMPLER_NAMES.join(', ') });
  return found;
}

async function readRequest(options: PortraitArguments, cwd: string): Promise<PortraitRequest> {
  const { photo: files = [], prompt = '', count, strength, steps, candidates } = options;
  const request = {
    photos: files.map(() => new Uint8Array()),
    prompt,
    count,
    strength,
    steps,
    candidates,
    seed: options.seed ?? randomInt(2 ** 32),
    classWord: options.class,
    largestFace: options.largest,
    sampler: options.sampler === undefined ? undefined : readSampler(options.sampler),
  };
  checkRequest(request);
  return { ...request, photos: await Promise.all(files.map((file) => readPhoto(resolve(cwd, file)))) };
}

/** What the model does not know is said before the album is made and not after it. */
async function checkWords(
  { prompt, classWord }: PortraitRequest,
  { bundle }: Config,
  { stderr, t }: CliContext,
): Promise<void> {
  const { text, vocabulary } = await loadManifest(bundle);
  const { unknownWords } = readPrompt(prompt, { text, vocabulary, classWord });
  const { means, near } = glossaryOf(vocabulary).check(prompt);
  if (unknownWords.length === 0) return;
  const words = unknownWords.join(', ');
  if (near !== undefined) throw new LikenessError('words-mistyped', { words: `“${words}”`, near });
  if (!means) throw new LikenessError('prompt-unknown', { words });
  stderr.write(`${t('cli.portrait.unknown-words', { words })}\n`);
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw new LikenessError('output-unwritable', { path }, { cause });
  });
}

async function makeAlbum(engine: Engine, request: PortraitRequest, { t, stderr, signal }: CliContext): Promise<Album> {
  const progress = createProgressLine(stderr);
  try {
    await engine.start();
    return await engine.portrait(request, {
      signal,
      onProgress: ({ stage, done, total }) => progress.update(done, total, t(`cli.progress.${stage}`)),
    });
  } finally {
    progress.stop();
  }
}

/** The number after those of the pictures that are in a folder already: an earlier album stays whole. */
async function firstFree(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map((name) => Number(/^(\d+)\.png$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers) + 1;
}

async function writePortrait({ image }: Portrait, folder: string, number: number): Promise<string> {
  const path = join(folder, `${String(number).padStart(2, '0')}.png`);
  await writeFile(path, await encodeFile(image), { flag: 'wx' }).catch((cause: unknown) => {
    throw new LikenessError('output-unwritable', { path }, { cause });
  });
  return path;
}

function describe(album: Album, files: readonly string[], { t }: CliContext): string {
  const lines = album.portraits.map(({ scores: { identity, faceFound } }, index) => {
    const file = files[index] ?? '';
    if (!faceFound) return t('cli.portrait.faceless', { file });
    return t('cli.portrait.written', { file, similarity: identity.toFixed(2) });
  });
  const leftOut = album.leftOut.join(', ');
  if (leftOut !== '') lines.push(t('cli.portrait.left-out', { words: leftOut }));
  if (album.ownGlasses) lines.push(t('album.own-glasses'));
  return `${[...lines, t('cli.portrait.seed', { seed: album.seed })].join('\n')}\n`;
}

function describeAsJson(album: Album, files: readonly string[]): string {
  const { seed, asked, unknownWords, leftOut, ownGlasses, candidates, milliseconds } = album;
  const portraits = album.portraits.map(({ candidate, scores }, index) => {
    const { identity, faceFound, expression, yaw, pitch, sharpness } = scores;
    return { file: files[index], candidate, identity, faceFound, expression, yaw, pitch, sharpness };
  });
  return `${JSON.stringify({ seed, asked, unknownWords, leftOut, ownGlasses, candidates, milliseconds, portraits }, undefined, 2)}\n`;
}
