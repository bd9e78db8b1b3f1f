/** What can go wrong in the pipeline in a way a person can be told about; `src/errors.ts` adds the rest of the program's. */
export type PipelineErrorCode =
  | 'no-photo'
  | 'too-many-photos'
  | 'not-an-image'
  | 'image-too-large'
  | 'no-face'
  | 'several-faces'
  | 'face-too-small'
  | 'face-turned-away'
  | 'face-cut-off'
  | 'face-blurred'
  | 'different-people'
  | 'file-unreadable'
  | 'bundle-missing'
  | 'bundle-corrupt'
  | 'bundle-invalid'
  | 'library-missing'
  | 'provider-missing'
  | 'provider-library-missing'
  | 'memory-too-small'
  | 'prompt-empty'
  | 'prompt-too-long'
  | 'prompt-too-detailed'
  | 'prompt-unknown'
  | 'count-out-of-range'
  | 'candidates-out-of-range'
  | 'strength-out-of-range'
  | 'steps-out-of-range'
  | 'guidance-out-of-range'
  | 'seed-invalid'
  | 'class-unknown'
  | 'sampler-unknown'
  | 'engine-failed'
  | 'engine-timeout'
  | 'cancelled';

/** What fills the `{name}` placeholders of an error's sentence. */
export type ErrorData = Readonly<Record<string, string | number>>;

/**
 * The one error type that crosses module borders: a stable code, the data of its sentence and the key of that sentence.
 * `message` is for logs only; what a member reads comes from `locales/` by `key`.
 */
export class LikenessError<Code extends string = PipelineErrorCode> extends Error {
  readonly code: Code;
  readonly data: ErrorData;

  /** `NoInfer`: an unknown code is an error of types, not a new code. */
  constructor(code: NoInfer<Code>, data: ErrorData = {}, options?: { readonly cause?: unknown }) {
    super(describe(code, data), options);
    this.name = 'LikenessError';
    this.code = code;
    this.data = data;
  }

  /** Where `locales/*.json` keeps the sentence a member sees. */
  get key(): `errors.${Code}` {
    return `errors.${this.code}`;
  }
}

/** An error about one of `count` photos; where there are several it names that one by its place, from 1, as `photo`. */
export function ofPhoto(error: unknown, { index, count }: { readonly index: number; readonly count: number }): unknown {
  if (!(error instanceof LikenessError) || count < 2) return error;
  return new LikenessError<string>(error.code, { ...error.data, photo: index + 1 }, { cause: error });
}

function describe(code: string, data: ErrorData): string {
  const details = Object.entries(data).map(([name, value]) => `${name}=${value}`);
  return details.length === 0 ? code : `${code} (${details.join(', ')})`;
}

/** Throws `cancelled` when the signal has been aborted; called between the steps of every long piece of work. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LikenessError('cancelled', {}, { cause: signal.reason });
}
