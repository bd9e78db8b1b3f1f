import type { Engine, FaceAnalyser } from '../../pipeline/index.js';
import type { Config } from '../config.js';
import type { Observation } from '../observation.js';
import type { Translate } from '../language/texts.js';
import type { Recogniser } from './evaluate/recogniser.js';

/** What the command line is given to work with; `src/main.ts` makes it. */
export interface CliServices {
  /** Serves the chats until the signal aborts; `onReady` gets the web chat's address, `onWorking` is called where there is none. */
  serve(
    config: Config,
    options: {
      readonly signal: AbortSignal;
      readonly onReady: (url: string) => void;
      readonly onWorking?: () => void;
    },
  ): Promise<void>;
  /** Pauses the making of portraits, or takes that back, also in programs that serve meanwhile. */
  setPaused(config: Config, on: boolean): Promise<void>;
  /** An engine process for the configured bundle, not yet started. */
  createEngine(config: Config): Engine;
  /** The face models, opened in this process. */
  openFaceAnalyser(): Promise<FaceAnalyser>;
  /** Recognisers to measure with beside the product's own; it ships none. */
  openRecognisers?(): Promise<readonly Recogniser[]>;
  /** Looks at the bot of each platform, if one is configured, as the platform knows it. */
  examineDiscord(config: Config): Promise<readonly Observation[]>;
  examineTelegram(config: Config): Promise<readonly Observation[]>;
  /** Looks at Redis, if one is configured. */
  examineRedis(config: Config): Promise<readonly Observation[]>;
}

/** Where a command reads its surroundings from and writes to. */
export interface CliContext {
  readonly services: CliServices;
  readonly t: Translate;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Aborts when the person at the terminal wants to stop. */
  readonly signal: AbortSignal;
}
