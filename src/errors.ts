import { LikenessError as PipelineError, type ErrorData, type PipelineErrorCode } from '../pipeline/errors.js';

export { ofPhoto } from '../pipeline/errors.js';

/** What can go wrong outside the pipeline in a way a person can be told about. */
type ProgramErrorCode =
  | 'image-type-unsupported'
  | 'image-damaged'
  | 'photo-expired'
  | 'photo-unreachable'
  | 'chat-token-refused'
  | 'chat-unreachable'
  | 'file-too-large'
  | 'private-impossible'
  | 'bundle-unreachable'
  | 'disk-too-small'
  | 'command-unknown'
  | 'language-unknown'
  | 'option-unknown'
  | 'option-invalid'
  | 'choice-unknown'
  | 'too-many-queued'
  | 'queue-full'
  | 'limit-member'
  | 'limit-here'
  | 'limit-server'
  | 'limit-newcomers'
  | 'limit-global'
  | 'limit-photos'
  | 'opted-out'
  | 'channel-not-allowed'
  | 'role-missing'
  | 'count-too-large'
  | 'words-mistyped'
  | 'words-unknown'
  | 'prompt-sexual'
  | 'prompt-minor'
  | 'prompt-hateful'
  | 'word-blocked'
  | 'style-not-allowed'
  | 'not-a-server'
  | 'not-an-admin'
  | 'no-roles-here'
  | 'limit-out-of-range'
  | 'event-not-here'
  | 'event-not-moderator'
  | 'event-none'
  | 'event-open-already'
  | 'event-unpostable'
  | 'event-over'
  | 'event-full'
  | 'event-joined-already'
  | 'event-not-joined'
  | 'event-which'
  | 'event-entry-unknown'
  | 'event-no-entries'
  | 'event-theme-missing'
  | 'image-heic'
  | 'event-own-entry'
  | 'number-out-of-range'
  | 'banned'
  | 'reports-nowhere'
  | 'report-own'
  | 'failed'
  | 'no-room'
  | 'interrupted'
  | 'image-too-thin'
  | 'text-too-long'
  | 'delivery-unknown'
  | 'delivery-failed'
  | 'place-closed'
  | 'data-in-use'
  | 'data-unusable'
  | 'data-damaged'
  | 'redis-unreachable'
  | 'redis-refused'
  | 'redis-read-only'
  | 'role-needs-redis'
  | 'key-differs'
  | 'key-invalid'
  | 'key-lost'
  | 'job-unknown'
  | 'shutting-down'
  | 'paused'
  | 'not-an-owner'
  | 'config-invalid'
  | 'port-in-use'
  | 'address-unusable'
  | 'home-missing'
  | 'people-missing'
  | 'output-unwritable'
  | 'safety-check-failed'
  | 'no-portrait';

/** Every code there is; each has a sentence under `errors.<code>` in `locales/`. */
export type ErrorCode = PipelineErrorCode | ProgramErrorCode;

/** The pipeline's error with the codes of the whole program; one class, so that `instanceof` knows both. */
export type LikenessError = PipelineError<ErrorCode>;

/** Makes an error that a person can be told about. */
export const LikenessError: new (
  code: ErrorCode,
  data?: ErrorData,
  options?: { readonly cause?: unknown },
) => LikenessError = PipelineError;

/** Codes of a system, SQLite and a Redis that have no room left. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL']);

/** Whether something failed because a disk, or the Redis, is full: it mends itself when there is room again. */
export function isOutOfRoom(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && FULL.has(String(error.code))) || error.message.startsWith('OOM command not allowed');
}

/** Where a server is to listen, and the setting that says at which address. */
export interface ListeningPlace {
  readonly host: string;
  readonly port: number;
  readonly setting: string;
}

/** Codes of a system for an address that is not this machine's, or none. */
const NOT_HERE = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL', 'EAFNOSUPPORT']);

/** What the system says against listening, with a sentence where there is one. */
export function explainListening(error: unknown, { host, port, setting }: ListeningPlace): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return new LikenessError('port-in-use', { host, port }, { cause: error });
  if (!NOT_HERE.has(code)) return error;
  return new LikenessError('address-unusable', { host, setting, problem: code }, { cause: error });
}
