import type { Engine, FaceAnalyser } from '../pipeline/index.js';
import { createExaminations, type Examinations } from './compose/examinations.js';
import type { ServeHooks } from './compose/serve.js';
import type { Config } from './config.js';
import type { DiscordEndpoints } from './platforms/discord/platform.js';

/** What the program can do, as the command line is given it. */
export interface ProgramServices extends Examinations {
  /** Serves the chats until the signal aborts. */
  serve(config: Config, hooks: ServeHooks): Promise<void>;
  /** Pauses the making of portraits, or takes that back, also in programs that serve meanwhile. */
  setPaused(config: Config, on: boolean): Promise<void>;
  /** An engine process for the configured bundle, not yet started. */
  createEngine(config: Config): Promise<Engine>;
  /** The face models, opened in this process. */
  openFaceAnalyser(): Promise<FaceAnalyser>;
}

/** The parts of the program as the command line is given them; each is read when it is asked for. */
export function composeCli(endpoints: DiscordEndpoints = {}): ProgramServices {
  return {
    serve: async (config, hooks) => (await import('./compose/serve.js')).serve(config, hooks),
    setPaused: async (config, on) => (await import('./compose/storage.js')).setPaused(config, on),
    createEngine: async (config) => (await import('./compose/model.js')).engineOf(config),
    openFaceAnalyser: async () => (await import('../pipeline/index.js')).openFaceAnalyser(),
    ...createExaminations(endpoints),
  };
}
