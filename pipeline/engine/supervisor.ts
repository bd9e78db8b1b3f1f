import { extname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LikenessError, throwIfCancelled } from '../errors.js';
import { checkRequest, type Album, type PortraitOptions, type PortraitRequest } from '../request.js';
import { orCancelled } from './deferred.js';
import { EngineProcess } from './engine-process.js';
import { DEFAULT_LIMITS, restartDelay, type EngineLimits } from './limits.js';
import type { BundleInfo, EngineSettings } from './protocol.js';
import type { Provider } from '../providers.js';
import { Turns } from './turns.js';

export type { EngineLimits } from './limits.js';
export type { BundleInfo } from './protocol.js';

/** A running engine: its process and what it has loaded. */
export interface EngineInfo {
  readonly pid: number;
  readonly bundle: BundleInfo;
}

/** Photos and words in, portraits out, in a process of its own that may crash without harm. */
export interface Engine {
  /**
   * Starts the process, if it is not running, and waits until the bundle is loaded.
   * @throws LikenessError `bundle-missing`, `bundle-corrupt`, `bundle-invalid`, `provider-missing`, `provider-library-missing`,
   * `memory-too-small`, `engine-failed` or `engine-timeout`.
   */
  start(): Promise<EngineInfo>;
  /**
   * Makes an album. Requests wait in line for one another; a crashed process is started again.
   * @throws LikenessError: what the pipeline refuses, `cancelled` once the signal is aborted (in line, or between two
   * steps), `engine-failed` when the process dies under the request, `engine-timeout` when it takes too long.
   */
  portrait(request: PortraitRequest, options?: PortraitOptions): Promise<Album>;
  /** Ends the process; what was under way or in line is `cancelled`. */
  close(): Promise<void>;
}

/** Something an operator may want to read in the log. */
export type EngineEvent =
  | { readonly type: 'started'; readonly pid: number; readonly provider: Provider }
  | { readonly type: 'ended'; readonly pid: number; readonly error: LikenessError; readonly restartInMs: number };

/** How to run an engine. */
export interface EngineOptions extends EngineSettings {
  readonly limits?: Partial<EngineLimits>;
  readonly onEvent?: (event: EngineEvent) => void;
  /** The program of the child process; the pipeline's own unless a test brings another. */
  readonly entry?: URL;
}

const CHILD = new URL(`./child${extname(import.meta.url)}`, import.meta.url);

/** Makes an engine; nothing runs before `start` or the first request. */
export function createEngine(options: EngineOptions): Engine {
  return new Supervisor(options);
}

class Supervisor implements Engine {
  readonly #options: EngineOptions;
  readonly #limits: EngineLimits;
  readonly #turns = new Turns();
  readonly #closing = new AbortController();
  #process: EngineProcess | undefined;
  #starting: Promise<EngineProcess> | undefined;
  /** In a row, without an album in between. */
  #crashes = 0;
  #lastId = 0;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  async start(): Promise<EngineInfo> {
    const process = await this.#running();
    return { pid: process.pid ?? 0, bundle: await process.ready };
  }

  async portrait(request: PortraitRequest, options: PortraitOptions = {}): Promise<Album> {
    checkRequest(request);
    const signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    return this.#turns.take(() => this.#make(request, { ...options, signal }), signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#process?.close();
  }

  async #make(request: PortraitRequest, options: PortraitOptions): Promise<Album> {
    const process = await orCancelled(this.#running(), options.signal);
    throwIfCancelled(options.signal);
    const album = await process.portrait(++this.#lastId, request, options);
    this.#crashes = 0;
    return album;
  }

  /** The loaded process; all who ask while it starts share one start. */
  async #running(): Promise<EngineProcess> {
    throwIfCancelled(this.#closing.signal);
    if (this.#process && !this.#starting) {
      if (!this.#process.isEnding) return this.#process;
      await this.#process.exited;
      return this.#running();
    }
    this.#starting ??= this.#launch().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #launch(): Promise<EngineProcess> {
    await this.#backOff();
    const { limits: _limits, onEvent, entry = CHILD, ...settings } = this.#options;
    const { memoryBytes } = this.#limits;
    const process = new EngineProcess({ entry, settings: { memoryBytes, ...settings }, limits: this.#limits });
    this.#process = process;
    void this.#watch(process);
    await process.ready;
    onEvent?.({ type: 'started', pid: process.pid ?? 0, provider: settings.provider ?? 'cpu' });
    return process;
  }

  async #backOff(): Promise<void> {
    const { signal } = this.#closing;
    await delay(restartDelay(this.#crashes, this.#limits), undefined, { signal }).catch(() => undefined);
    throwIfCancelled(signal);
  }

  /** Notes the end of a process, and starts the next one if it had been serving: the next request finds it warm. */
  async #watch(process: EngineProcess): Promise<void> {
    const { error, served } = await process.exited;
    if (this.#process === process) this.#process = undefined;
    if (this.#closing.signal.aborted) return;
    // A bundle that cannot be loaded is no crash: whoever asks next hears of it without waiting.
    if (served || error.code.startsWith('engine-')) this.#crashes += 1;
    const restartInMs = restartDelay(this.#crashes, this.#limits);
    this.#options.onEvent?.({ type: 'ended', pid: process.pid ?? 0, error, restartInMs });
    if (served) this.#running().catch((failure: unknown) => failure instanceof LikenessError);
  }
}
