import { LikenessError as PipelineError, type ErrorData, type PipelineErrorCode } from '../pipeline/errors.js';

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
  | 'event-entry-unknown'
  | 'event-own-entry'
  | 'number-out-of-range'
  | 'banned'
  | 'reports-nowhere'
  | 'report-own'
  | 'delivery-unknown'
  | 'delivery-failed'
  | 'data-in-use'
  | 'data-unusable'
  | 'redis-unreachable'
  | 'role-needs-redis'
  | 'key-differs'
  | 'key-invalid'
  | 'job-unknown'
  | 'shutting-down'
  | 'paused'
  | 'not-an-owner'
  | 'config-invalid'
  | 'port-in-use'
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
