import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LikenessError } from '../errors.js';
import { openSession, type Session, type SessionOptions } from '../session.js';

/** The face models in use, by the names of their files in the npm package that carries them. */
export type FaceModel = 'fr_detect' | 'fr_landmark' | 'fr_feature' | 'fr_expression' | 'fr_pose';

const requireFromHere = createRequire(import.meta.url);

/**
 * The ONNX file of a face model, inside the installed npm package (whose code is never run) unless another is named.
 * @throws LikenessError `file-unreadable` when the package or the file is not there.
 */
export function faceModelFile(model: FaceModel, folder: string = packageFolder()): string {
  const file = join(folder, 'model', `${model}.onnx`);
  if (!existsSync(file)) throw new LikenessError('file-unreadable', { file: `${model}.onnx` });
  return file;
}

function packageFolder(): string {
  try {
    return dirname(requireFromHere.resolve('faceplugin-face-recognition-js/package.json'));
  } catch (cause) {
    throw new LikenessError('file-unreadable', { file: 'faceplugin-face-recognition-js' }, { cause });
  }
}

/** Face models that load when first used and then stay loaded until released. */
export interface FaceModels {
  session(model: FaceModel): Promise<Session>;
  release(): Promise<void>;
}

/** Keeps one session for each face model; nothing is loaded before it is asked for. */
export function keepFaceModels(options: SessionOptions = {}): FaceModels {
  const open = new Map<FaceModel, Promise<Session>>();
  return {
    session: (model) => {
      const session = open.get(model) ?? openSession(faceModelFile(model), options);
      open.set(model, session);
      session.catch(() => open.delete(model));
      return session;
    },
    release: async () => {
      const sessions = [...open.values()];
      open.clear();
      await Promise.all(sessions.map(async (session) => (await session).release()));
    },
  };
}
