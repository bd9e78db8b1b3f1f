import assert from 'node:assert/strict';
import sharp from 'sharp';
import { readCandidate } from '../../pipeline/album/candidate.js';
import { type FaceAnalyser, openFaceAnalyser } from '../../pipeline/face/analyser.js';
import { decodeImage } from '../../pipeline/image.js';
import { serve } from '../../src/compose/serve.js';
import { loadConfig } from '../../src/config.js';
import { translator } from '../../src/language/texts.js';
import type { DiscordEndpoints } from '../../src/platforms/discord/platform.js';
import { checkPortrait, type Objection } from '../../src/safety/output-check.js';
import { facePhoto } from '../fakes/photos.js';
import type { BotConnection } from '../fakes/telegram/server.js';
import { temporaryFolder } from '../temporary-folder.js';

/** How long a whole conversation may take, in milliseconds, on a machine that is busy with other things. */
export const PATIENCE = { timeout: 10 * 60_000 };

const t = translator('en');
/** What a member reads when no album comes. */
const failures = (
  ['no-portrait', 'no-face', 'engine-failed', 'engine-timeout', 'safety-check-failed', 'delivery-failed'] as const
).map((code) => t(`errors.${code}`));

/** Which bots there are, and where their platforms are. */
export interface Bots {
  readonly discord?: DiscordEndpoints & { readonly token: string };
  readonly telegram?: BotConnection;
}

/** The program as it runs. */
export interface Served {
  /** Of the web chat. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Runs the whole program, the engine's process and the embedded model included, on a data folder of its own. */
export async function serveWhole({ discord, telegram }: Bots = {}): Promise<Served> {
  const stopping = new AbortController();
  const env = { LIKENESS_PORT: '0', LIKENESS_LOG_LEVEL: 'silent', LIKENESS_DATA: temporaryFolder() };
  const set = loadConfig({ env, cwd: import.meta.dirname });
  const config = { ...set, discord: { ...set.discord, ...discord }, telegram: { ...set.telegram, ...telegram } };
  let served: Promise<void> = Promise.resolve();
  const address = await new Promise<string>((resolve, reject) => {
    served = serve(config, { signal: stopping.signal, onReady: resolve });
    served.catch(reject);
  });
  return {
    address,
    async stop() {
      stopping.abort();
      await served;
    },
  };
}

/** The first of the texts that says that no album comes: there is no use in waiting for it any longer. */
export function findFailure(texts: readonly string[]): string | undefined {
  return texts.find((text) => failures.some((failure) => text.includes(failure)));
}

/** What somebody got who asked for an album. */
export interface Delivered {
  readonly portraits: readonly Uint8Array[];
  /** How many were asked for. */
  readonly wanted: number;
  /** Everything that was said with them. */
  readonly said: string;
}

/** What is promised of an album in a mild style: every portrait that was asked for, each of them of the person. */
export async function assertWholeAlbum(delivered: Delivered): Promise<void> {
  const objections = await assertAlbum(delivered);
  const { portraits, wanted, said } = delivered;
  assert.equal(portraits.length, wanted, said);
  assert.ok(!objections.some(Boolean), objections.join(', '));
}

/**
 * What is promised of every album: as many portraits as asked for, or at least one and a sentence on those that lack.
 * Answers what the check of pictures says of each.
 */
export async function assertAlbum({ portraits, wanted, said }: Delivered): Promise<readonly (Objection | undefined)[]> {
  const count = portraits.length;
  assert.ok(count >= 1 && count <= wanted, `1 to ${wanted} portraits, got ${count}`);
  assert.equal(said.includes(t('album.fewer', { count, wanted })), count < wanted, `${count} of ${wanted}: ${said}`);
  // Near its bound a likeness differs a little between what is drawn and what is delivered, enlarged.
  const objections = await examine(portraits);
  assert.ok(objections.includes(undefined), objections.join(', '));
  return objections;
}

/** What must be true of every file that is delivered: its kind and size, and the mark that says what it is. */
export async function assertPortrait(bytes: Uint8Array, format: 'jpeg' | 'png'): Promise<void> {
  const read = await sharp(bytes).metadata();
  assert.deepEqual([read.format, read.width, read.height], [format, 512, 512]);
  assert.match(String(read.xmp), /trainedAlgorithmicMedia/);
  const { entropy } = await sharp(bytes).stats();
  assert.ok(entropy > 3, 'a picture, not a flat colour');
}

/** The check of every picture once more, by what is measured on the delivered files and the photo they were made from. */
async function examine(portraits: readonly Uint8Array[]): Promise<readonly (Objection | undefined)[]> {
  const analyser = await openFaceAnalyser();
  try {
    const person = await embed(analyser, facePhoto());
    const objections: (Objection | undefined)[] = [];
    for (const portrait of portraits) {
      const image = await decodeImage(portrait);
      const { reading, identity, people } = await readCandidate(analyser, image, person);
      const faceHeight = reading && reading.box.height / image.height;
      const scores = { identity, people, faceFound: reading !== undefined, faceHeight };
      objections.push(await checkPortrait({ image, scores }, { strength: 80 }));
    }
    return objections;
  } finally {
    await analyser.release();
  }
}

async function embed(analyser: FaceAnalyser, photo: Uint8Array): Promise<Float32Array> {
  const image = await decodeImage(photo);
  const [face] = await analyser.detect(image);
  assert.ok(face);
  return analyser.embed(image, face);
}
