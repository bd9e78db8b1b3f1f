import assert from 'node:assert/strict';
import sharp from 'sharp';
import { openFaceAnalyser } from '../../pipeline/face/analyser.js';
import { cosineOf } from '../../pipeline/face/recognise.js';
import { decodeImage } from '../../pipeline/image.js';
import { type Config, loadConfig } from '../../src/config.js';
import { serve } from '../../src/main.js';
import type { DiscordEndpoints } from '../../src/platforms/discord/platform.js';
import { facePhoto } from '../fakes/photos.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Generous, because the machine that runs the tests may be busy with other things. */
export const PATIENCE = { timeout: 60 * 60_000 };

/** Which bots there are, and where their platforms are. */
export interface Bots {
  readonly discord?: DiscordEndpoints & { readonly token: string };
  readonly telegram?: Pick<Config['telegram'], 'token' | 'apiRoot'>;
}

/** Runs the whole program, the engine's process and the embedded model included; answers how to stop it. */
export async function serveWhole({ discord, telegram }: Bots): Promise<() => Promise<void>> {
  const stopping = new AbortController();
  const env = {
    LIKENESS_PORT: '0',
    LIKENESS_LOG_LEVEL: 'silent',
    LIKENESS_DATA: temporaryFolder(),
    LIKENESS_ENGINE_TIME_SECONDS: '3600',
  };
  const set = loadConfig({ env, cwd: import.meta.dirname });
  const config = { ...set, discord: { ...set.discord, ...discord }, telegram: { ...set.telegram, ...telegram } };
  let served: Promise<void> = Promise.resolve();
  await new Promise((resolve, reject) => {
    served = serve(config, { signal: stopping.signal, onReady: resolve });
    served.catch(reject);
  });
  return async () => {
    stopping.abort();
    await served;
  };
}

/** What must be true of every portrait that is delivered: its kind and size, and the mark that says what it is. */
export async function assertPortrait(bytes: Uint8Array, format: 'jpeg' | 'png'): Promise<void> {
  const read = await sharp(bytes).metadata();
  assert.deepEqual([read.format, read.width, read.height], [format, 512, 512]);
  assert.match(String(read.xmp), /trainedAlgorithmicMedia/);
  const { entropy } = await sharp(bytes).stats();
  assert.ok(entropy > 3, 'a picture, not a flat colour');
}

/** The cosine of each portrait's face to the face of the photo it was made from; nothing for one without a face. */
export async function likenessOf(portraits: readonly Uint8Array[]): Promise<readonly number[]> {
  const analyser = await openFaceAnalyser();
  const embed = async (bytes: Uint8Array): Promise<Float32Array | undefined> => {
    const image = await decodeImage(bytes);
    const [face] = await analyser.detect(image);
    return face && analyser.embed(image, face);
  };
  try {
    const photo = await embed(facePhoto());
    assert.ok(photo);
    const found: number[] = [];
    for (const portrait of portraits) {
      const embedded = await embed(portrait);
      if (embedded) found.push(cosineOf(photo, embedded));
    }
    return found;
  } finally {
    await analyser.release();
  }
}
