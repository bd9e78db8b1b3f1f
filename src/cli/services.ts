import type { Engine } from '../../pipeline/engine/supervisor.js';
import type { FaceAnalyser } from '../../pipeline/face/analyser.js';
import type { Config } from '../config.js';
import type { Translate } from '../texts.js';

/** What the command line is given to work with; `src/main.ts` makes it. */
export interface CliServices {
  /** Serves the chats until the signal aborts; `onReady` gets the web chat's address. */
  serve(
    config: Config,
    options: { readonly signal: AbortSignal; readonly onReady: (url: string) => void },
  ): Promise<void>;
  /** An engine process for the configured bundle, not yet started. */
  createEngine(config: Config): Engine;
  /** The face models, opened in this process. */
  openFaceAnalyser(): Promise<FaceAnalyser>;
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
