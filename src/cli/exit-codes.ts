import { LikenessError, type ErrorCode } from '../errors.js';

/** What the command's exit code means; docs/command-line.md has the same table. */
export const exitCodes = {
  done: 0,
  /** `doctor` found something wrong, or something happened that should not. */
  failed: 1,
  /** Options, words or numbers that cannot be used. */
  usage: 2,
  /** Photos or folders that cannot be used. */
  input: 3,
  /** The model is missing, damaged or not one. */
  bundle: 4,
  /** The engine failed, took too long, or no picture shows a face. */
  engine: 5,
  config: 6,
  portInUse: 7,
  output: 8,
  /** Stopped by Ctrl-C (128 + SIGINT). */
  cancelled: 130,
} as const;

const usage: readonly ErrorCode[] = [
  'prompt-empty',
  'prompt-too-long',
  'prompt-unknown',
  'words-mistyped',
  'count-out-of-range',
  'candidates-out-of-range',
  'strength-out-of-range',
  'steps-out-of-range',
  'guidance-out-of-range',
  'seed-invalid',
  'class-unknown',
  'sampler-unknown',
  'no-photo',
  'too-many-photos',
];

const others: Readonly<Partial<Record<ErrorCode, number>>> = {
  'bundle-missing': exitCodes.bundle,
  'bundle-corrupt': exitCodes.bundle,
  'bundle-invalid': exitCodes.bundle,
  'bundle-unreachable': exitCodes.bundle,
  'disk-too-small': exitCodes.output,
  'library-missing': exitCodes.config,
  'provider-missing': exitCodes.config,
  'provider-library-missing': exitCodes.config,
  'memory-too-small': exitCodes.config,
  failed: exitCodes.failed,
  'no-room': exitCodes.output,
  'engine-failed': exitCodes.engine,
  'engine-timeout': exitCodes.engine,
  'no-portrait': exitCodes.engine,
  'config-invalid': exitCodes.config,
  'chat-token-refused': exitCodes.config,
  'chat-unreachable': exitCodes.config,
  'data-in-use': exitCodes.config,
  'data-unusable': exitCodes.config,
  'data-damaged': exitCodes.config,
  'key-invalid': exitCodes.config,
  'key-differs': exitCodes.config,
  'key-lost': exitCodes.config,
  'redis-unreachable': exitCodes.config,
  'redis-read-only': exitCodes.config,
  'redis-refused': exitCodes.config,
  'role-needs-redis': exitCodes.config,
  'address-unusable': exitCodes.config,
  'home-missing': exitCodes.config,
  'port-in-use': exitCodes.portInUse,
  'output-unwritable': exitCodes.output,
  cancelled: exitCodes.cancelled,
};

/** The exit code of an error that ended a command: what is not listed is about a photo or a folder of them. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof LikenessError)) return exitCodes.failed;
  return usage.includes(error.code) ? exitCodes.usage : (others[error.code] ?? exitCodes.input);
}
