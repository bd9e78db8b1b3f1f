import { loadBundle } from '../pipeline/bundle.js';
import { openDraftPainter, type DraftPainter } from '../pipeline/painter.js';
import type { DraftPhoto } from '../pipeline/draft/photo.js';
import { openFaceAnalyser } from '../pipeline/face/analyser.js';
import { onlyFace } from '../pipeline/face/only-face.js';
import { openGraphs } from '../pipeline/graphs.js';
import { decodeImage } from '../pipeline/image.js';
import { loadConfig } from '../src/config.js';
import { readPhoto } from '../src/cli/portrait.js';
import { summarise, type Measurement } from './measurement.js';
import { photoFile } from './photo.js';
import type { Scale } from './scale.js';

const runs = 3;
/** Milliseconds a portrait may take to be drawn in a style. */
const goal = 120;

/** One portrait at full size drawn in each style of the bundle, beside the style that is drawn fastest. */
export async function measureStyles({ quick }: Scale): Promise<Measurement[]> {
  const config = loadConfig({ env: process.env, cwd: process.cwd() });
  const { threads } = config.engine;
  const bundle = await loadBundle(config.bundle);
  const graphs = await openGraphs(bundle, { threads });
  try {
    const painter = await openDraftPainter(bundle, graphs);
    const styles = Object.keys(bundle.manifest.vocabulary.styles).filter((style) => graphs.has(`renderer:${style}`));
    if (!painter || styles.length === 0) return [];
    const photo = await readFace(painter, threads);
    const measured: { readonly style: string; readonly times: number[] }[] = [];
    for (const style of quick ? styles.slice(0, 2) : styles) {
      measured.push({ style, times: await drawIn(style, { painter, photo }) });
    }
    return besideFastest(measured.map(({ style, times }) => ({ style, ...summarise(times) })));
  } finally {
    await graphs.release();
  }
}

async function readFace(painter: DraftPainter, threads: number): Promise<DraftPhoto> {
  const analyser = await openFaceAnalyser({ threads });
  try {
    const image = await decodeImage(await readPhoto(photoFile));
    return await painter.read(image, onlyFace(await analyser.detect(image)));
  } finally {
    await analyser.release();
  }
}

/** Milliseconds of each run; the style's graph is opened before the first. */
async function drawIn(
  style: string,
  { painter, photo }: { readonly painter: DraftPainter; readonly photo: DraftPhoto },
): Promise<number[]> {
  const plain = { asked: {}, scene: { wear: [] }, seed: 1, first: 0, candidates: 1, sampler: 'lcm', steps: 1 } as const;
  const [portrait] = await painter.paint([photo], { ...plain, styles: [style] });
  await portrait?.render?.();
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await portrait?.render?.();
    times.push(performance.now() - start);
  }
  return times;
}

type Drawn = Pick<Measurement, 'value' | 'runs' | 'range'> & { readonly style: string };

function besideFastest(drawn: readonly Drawn[]): Measurement[] {
  const [fastest] = drawn.toSorted((first, second) => first.value - second.value);
  return drawn.map(({ style, ...measured }) => ({
    name: `style-${style.replaceAll(' ', '-')}`,
    unit: 'ms',
    goal,
    ...measured,
    ...(fastest && {
      peer: {
        name: `the fastest style, ${fastest.style}`,
        value: fastest.value,
        ratio: Number((fastest.value / measured.value).toFixed(2)),
      },
    }),
  }));
}
