import { type Face, type RgbImage, loadBundle } from '../../../pipeline/index.js';
import { LikenessError } from '../../errors.js';
import { errorText } from '../../language/texts.js';
import { good, wrong } from '../../observation.js';
import type { Check } from './check.js';

/** A grey picture and a place in it: reading it as a face loads and runs every face model, whatever comes out. */
const blankImage: RgbImage = { width: 112, height: 112, data: new Uint8Array(112 * 112 * 3).fill(127) };
const blankFace: Face = {
  box: { x: 16, y: 8, width: 80, height: 96 },
  score: 1,
  points: [
    [38, 52],
    [74, 52],
    [56, 72],
    [42, 92],
    [71, 92],
  ],
};

/** Whether the model is whole. */
export const checkBundle: Check = async (_context, { bundle }) => {
  const { manifest } = await loadBundle(bundle);
  return [good('cli.doctor.bundle-ok', { name: manifest.name, version: manifest.version, path: bundle })];
};

/** Whether the face models run. */
export const checkFaces: Check = async ({ services }) => {
  try {
    const analyser = await services.openFaceAnalyser();
    await analyser.read(blankImage, blankFace);
    await analyser.express(blankImage, blankFace);
    await analyser.release();
  } catch (error) {
    if (error instanceof LikenessError && error.code === 'library-missing') throw error;
    return [wrong('cli.doctor.faces-wrong')];
  }
  return [good('cli.doctor.faces-ok')];
};

/** Starts the engine process, which probes the execution provider and opens the graphs that stay loaded. */
export const checkEngine: Check = async ({ services, t }, config) => {
  const engine = await services.createEngine(config);
  const { provider, memory } = config.engine;
  try {
    const { bundle } = await engine.start();
    return [good('cli.doctor.engine-ok', { name: bundle.name, provider, memory })];
  } catch (error) {
    return [wrong('cli.doctor.engine-wrong', { problem: errorText(error, t) })];
  } finally {
    await engine.close();
  }
};
