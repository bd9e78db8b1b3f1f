import type { Config } from '../config.js';
import type { Translate } from '../language/texts.js';
import type { ProgramServices } from '../main.js';
import type { FaceReader } from './evaluate/face-reader.js';
import type { Recogniser } from './evaluate/recogniser.js';

/** What the command line is given to work with; `src/main.ts` makes it. */
export interface CliServices extends ProgramServices {
  /** Recognisers to measure with beside the product's own; it ships none. */
  openRecognisers?(): Promise<readonly Recogniser[]>;
  /** Readers of expression and side to measure with beside the product's own. */
  openFaceReaders?(config: Config): Promise<readonly FaceReader[]>;
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
