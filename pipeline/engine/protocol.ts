import type { Manifest } from '../bundle-manifest.js';
import { LikenessError, type PipelineErrorCode, type ErrorData } from '../errors.js';
import type { Album, PortraitRequest, Progress } from '../request.js';
import type { MakerOptions } from '../portrait.js';

/** What the engine's child process is started with. */
export interface EngineSettings extends MakerOptions {
  /** The folder of the bundle. */
  readonly bundle: string;
}

/** What a person outside may know of the loaded bundle: its manifest, without the graphs. */
export type BundleInfo = Omit<Manifest, 'graphs' | 'tokenizerSha256'>;

/** From the supervisor to the child. */
export type ToChild =
  | { readonly type: 'open'; readonly settings: EngineSettings }
  | { readonly type: 'portrait'; readonly id: number; readonly request: PortraitRequest }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'close' };

/** From the child to the supervisor; `rss` is the child's resident memory in bytes. */
export type FromChild =
  | { readonly type: 'ready'; readonly bundle: BundleInfo }
  | { readonly type: 'open-failed'; readonly error: WireError }
  | { readonly type: 'alive'; readonly rss: number }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress; readonly rss: number }
  | { readonly type: 'album'; readonly id: number; readonly album: Album }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError };

/** An error on its way between processes, where classes do not survive. */
export interface WireError {
  readonly code: PipelineErrorCode;
  readonly data: ErrorData;
  /** What was thrown, for the log. */
  readonly detail: string;
}

/** Anything thrown to what can be sent; what is no LikenessError becomes `engine-failed`. */
export function toWire(error: unknown): WireError {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (error instanceof LikenessError) return { code: error.code, data: error.data, detail };
  return { code: 'engine-failed', data: {}, detail };
}

/** Back to an error that can be thrown; the original's stack is its cause. */
export function fromWire({ code, data, detail }: WireError): LikenessError {
  return new LikenessError(code, data, { cause: detail });
}
