import { type Engine, type FaceAnalyser, openFaceAnalyser } from '../pipeline/index.js';
import { createExaminations, type Examinations } from './compose/examinations.js';
import { engineOf } from './compose/model.js';
import { serve, type ServeHooks } from './compose/serve.js';
import { setPaused } from './compose/storage.js';
import type { Config } from './config.js';
import type { DiscordEndpoints } from './platforms/discord/platform.js';

/** What the program can do, as the command line is given it. */
export interface ProgramServices extends Examinations {
  /** Serves the chats until the signal aborts. */
  serve(config: Config, hooks: ServeHooks): Promise<void>;
  /** Pauses the making of portraits, or takes that back, also in programs that serve meanwhile. */
  setPaused(config: Config, on: boolean): Promise<void>;
  /** An engine process for the configured bundle, not yet started. */
  createEngine(config: Config): Engine;
  /** The face models, opened in this process. */
  openFaceAnalyser(): Promise<FaceAnalyser>;
}

/** The parts of the program as the command line is given them. */
export function composeCli(endpoints: DiscordEndpoints = {}): ProgramServices {
  return {
    serve,
    setPaused,
    createEngine: (config) => engineOf(config),
    openFaceAnalyser: () => openFaceAnalyser(),
    ...createExaminations(endpoints),
  };
}
