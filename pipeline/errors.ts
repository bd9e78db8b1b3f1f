/** Everything that can go wrong in a way a person can be told about; each has a sentence under `errors.<code>` in `locales/`. */
export type ErrorCode =
  | 'no-photo'
  | 'too-many-photos'
  | 'not-an-image'
  | 'image-type-unsupported'
  | 'image-damaged'
  | 'photo-expired'
  | 'photo-unreachable'
  | 'chat-token-refused'
  | 'chat-unreachable'
  | 'image-too-large'
  | 'file-too-large'
  | 'no-face'
  | 'several-faces'
  | 'private-impossible'
  | 'face-too-small'
  | 'face-turned-away'
  | 'different-people'
  | 'file-unreadable'
  | 'bundle-missing'
  | 'bundle-corrupt'
  | 'bundle-invalid'
  | 'bundle-unreachable'
  | 'provider-missing'
  | 'memory-too-small'
  | 'disk-too-small'
  | 'prompt-empty'
  | 'prompt-too-long'
  | 'prompt-too-detailed'
  | 'count-out-of-range'
  | 'candidates-out-of-range'
  | 'strength-out-of-range'
  | 'steps-out-of-range'
  | 'guidance-out-of-range'
  | 'seed-invalid'
  | 'class-unknown'
  | 'sampler-unknown'
  | 'command-unknown'
  | 'language-unknown'
  | 'option-unknown'
  | 'option-invalid'
  | 'choice-unknown'
  | 'queue-full'
  | 'line-full'
  | 'limit-member'
  | 'limit-here'
  | 'limit-server'
  | 'limit-newcomers'
  | 'limit-global'
  | 'opted-out'
  | 'channel-not-allowed'
  | 'role-missing'
  | 'count-too-large'
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
  | 'engine-failed'
  | 'engine-timeout'
  | 'cancelled'
  | 'config-invalid'
  | 'port-in-use'
  | 'people-missing'
  | 'output-unwritable'
  | 'safety-check-failed'
  | 'no-portrait';

/** What fills the `{name}` placeholders of an error's sentence. */
export type ErrorData = Readonly<Record<string, string | number>>;

/**
 * The one error type that crosses module borders: a stable code, the data of its sentence and the key of that sentence.
 * `message` is for logs only; what a member reads comes from `locales/` by `key`.
 */
export class LikenessError extends Error {
  readonly code: ErrorCode;
  readonly data: ErrorData;

  constructor(code: ErrorCode, data: ErrorData = {}, options?: { readonly cause?: unknown }) {
    super(describe(code, data), options);
    this.name = 'LikenessError';
    this.code = code;
    this.data = data;
  }

  /** Where `locales/*.json` keeps the sentence a member sees. */
  get key(): `errors.${ErrorCode}` {
    return `errors.${this.code}`;
  }
}

function describe(code: ErrorCode, data: ErrorData): string {
  const details = Object.entries(data).map(([name, value]) => `${name}=${value}`);
  return details.length === 0 ? code : `${code} (${details.join(', ')})`;
}

/** Throws `cancelled` when the signal has been aborted; called between the steps of every long piece of work. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LikenessError('cancelled', {}, { cause: signal.reason });
}
