import { fork, type ChildProcess } from 'node:child_process';
import { LikenessError } from '../errors.js';
import type { Album, PortraitOptions, PortraitRequest } from '../request.js';
import { deferred } from './deferred.js';
import type { EngineLimits } from './limits.js';
import { fromWire, type BundleInfo, type EngineSettings, type FromChild, type ToChild } from './protocol.js';

/** How to start an engine process. */
export interface EngineProcessOptions {
  /** The program that calls `serveEngine`. */
  readonly entry: URL;
  readonly settings: EngineSettings;
  readonly limits: EngineLimits;
}

/** How a process ended. */
export interface EngineExit {
  /** What requests under way fail with: the supervisor's reason for ending it, else `engine-failed`. */
  readonly error: LikenessError;
  /** Whether it had loaded its bundle before. */
  readonly served: boolean;
}

interface Running {
  readonly id: number;
  readonly onProgress: PortraitOptions['onProgress'];
  readonly resolve: (album: Album) => void;
  readonly reject: (error: LikenessError) => void;
}

/** One child process from fork to exit: its messages, its watchdogs, and the request it works on. */
export class EngineProcess {
  /** Fulfilled when the bundle is loaded; rejected when it cannot be, or the process ends before. */
  readonly ready: Promise<BundleInfo>;
  readonly exited: Promise<EngineExit>;
  readonly #child: ChildProcess;
  readonly #limits: EngineLimits;
  readonly #opening = deferred<BundleInfo>();
  #running: Running | undefined;
  #reason: LikenessError | undefined;
  #served = false;
  #silence: NodeJS.Timeout | undefined;

  constructor({ entry, settings, limits }: EngineProcessOptions) {
    this.#limits = limits;
    this.#child = fork(entry, [], {
      serialization: 'advanced',
      execArgv: process.execArgv.filter((flag) => !flag.startsWith('--inspect')),
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.ready = this.#opening.promise;
    this.ready.catch(() => undefined);
    this.exited = this.#watchExit();
    this.#child.on('message', (message: FromChild) => this.#receive(message));
    this.#expectMessageWithin(limits.startMs);
    this.#send({ type: 'open', settings });
  }

  /** Whether it has been told to end, and will take no more requests. */
  get isEnding(): boolean {
    return this.#reason !== undefined;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Has the process make one album; only one request may be under way. */
  async portrait(id: number, request: PortraitRequest, { signal, onProgress }: PortraitOptions): Promise<Album> {
    const { promise, resolve, reject } = deferred<Album>();
    this.#running = { id, onProgress, resolve, reject };
    void this.exited.then(({ error }) => this.#running?.reject(error));
    const stop = (reason: LikenessError) => this.#stopRequest(id, reason);
    const cancel = () => stop(new LikenessError('cancelled'));
    signal?.addEventListener('abort', cancel, { once: true });
    const limit = setTimeout(() => stop(new LikenessError('engine-timeout')), this.#limits.requestMs);
    this.#expectMessageWithin(this.#limits.silenceMs);
    this.#send({ type: 'portrait', id, request });
    try {
      return await promise;
    } finally {
      clearTimeout(limit);
      signal?.removeEventListener('abort', cancel);
      this.#running = undefined;
    }
  }

  /** Ends the process in good order, or by force when it does not react. */
  async close(): Promise<void> {
    this.#reason ??= new LikenessError('cancelled');
    this.#send({ type: 'close' });
    const force = setTimeout(() => this.#child.kill('SIGKILL'), this.#limits.reactionMs);
    await this.exited;
    clearTimeout(force);
  }

  /** Ends the process at once; the request under way is rejected with the reason. */
  kill(reason: LikenessError): void {
    this.#reason ??= reason;
    this.#child.kill('SIGKILL');
  }

  /** Asks the child to stop between two steps. The request fails with `reason`, and the child with it if it keeps silent. */
  #stopRequest(id: number, reason: LikenessError): void {
    const running = this.#running;
    if (running?.id !== id) return;
    const force = setTimeout(() => this.kill(reason), this.#limits.reactionMs);
    const settle = () => {
      clearTimeout(force);
      running.reject(reason);
    };
    this.#running = { id, onProgress: undefined, resolve: settle, reject: settle };
    this.#send({ type: 'cancel', id });
  }

  #receive(message: FromChild): void {
    this.#expectMessageWithin(this.#limits.silenceMs);
    if ('rss' in message && message.rss > this.#limits.memoryBytes) {
      this.kill(new LikenessError('engine-failed', { memory: message.rss, limit: this.#limits.memoryBytes }));
      return;
    }
    if (message.type === 'ready') this.#opened(message.bundle);
    if (message.type === 'open-failed') this.#openFailed(fromWire(message.error));
    if ('id' in message && message.id === this.#running?.id) this.#answer(this.#running, message);
  }

  #answer(running: Running, message: Extract<FromChild, { id: number }>): void {
    if (message.type === 'progress') running.onProgress?.(message.progress);
    if (message.type === 'album') running.resolve(message.album);
    if (message.type === 'failed') running.reject(fromWire(message.error));
  }

  #opened(bundle: BundleInfo): void {
    this.#served = true;
    this.#opening.resolve(bundle);
  }

  #openFailed(error: LikenessError): void {
    this.#opening.reject(error);
    this.kill(error);
  }

  // Every message, the heartbeat of each second included, winds the watchdog up again.
  #expectMessageWithin(milliseconds: number): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.kill(new LikenessError('engine-timeout')), milliseconds);
    this.#silence.unref();
  }

  #watchExit(): Promise<EngineExit> {
    return new Promise((resolve) => {
      const ended = (cause: string) => {
        clearTimeout(this.#silence);
        const error = this.#reason ?? new LikenessError('engine-failed', { cause });
        this.#opening.reject(error);
        resolve({ error, served: this.#served });
      };
      this.#child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
      this.#child.once('error', ({ message }) => ended(message));
    });
  }

  // A process that is already gone cannot be told anything; its exit settles whatever was asked of it.
  #send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
