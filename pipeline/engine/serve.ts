import { throwIfCancelled } from '../errors.js';
import type { Manifest } from '../bundle-manifest.js';
import type { PortraitMaker } from '../portrait.js';
import type { PortraitRequest } from '../request.js';
import { toWire, type BundleInfo, type EngineSettings, type FromChild, type ToChild } from './protocol.js';

const ALIVE_EVERY_MS = 1000;

/** Opens the maker that a child process serves. */
export type OpenMaker = (settings: EngineSettings) => Promise<PortraitMaker>;

/**
 * The child's side of the engine: opens a maker when told to, makes one album at a time, says every second that it is
 * alive, and ends when the parent closes the channel or dies.
 */
export function serveEngine(open: OpenMaker): void {
  const server = new EngineServer(open);
  process.on('message', (message: ToChild) => void server.handle(message));
  process.on('disconnect', () => process.exit(0));
}

class EngineServer {
  readonly #open: OpenMaker;
  readonly #running = new Map<number, AbortController>();
  #maker: PortraitMaker | undefined;

  constructor(open: OpenMaker) {
    this.#open = open;
  }

  async handle(message: ToChild): Promise<void> {
    switch (message.type) {
      case 'open':
        return this.#start(message.settings);
      case 'portrait':
        return this.#make(message.id, message.request);
      case 'cancel':
        return this.#running.get(message.id)?.abort();
      case 'close':
        await this.#maker?.close();
        return process.disconnect?.();
    }
  }

  async #start(settings: EngineSettings): Promise<void> {
    try {
      this.#maker = await this.#open(settings);
      send({ type: 'ready', bundle: infoOf(this.#maker.manifest) });
      setInterval(() => send({ type: 'alive', rss: process.memoryUsage.rss() }), ALIVE_EVERY_MS).unref();
    } catch (error) {
      send({ type: 'open-failed', error: toWire(error) });
    }
  }

  async #make(id: number, request: PortraitRequest): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.#running.set(id, controller);
    try {
      if (!this.#maker) throw new Error('Expected to be opened before the first request');
      const album = await this.#maker.portrait(request, {
        signal,
        onProgress: (progress) => send({ type: 'progress', id, progress, rss: process.memoryUsage.rss() }),
      });
      throwIfCancelled(signal);
      send({ type: 'album', id, album });
    } catch (error) {
      send({ type: 'failed', id, error: toWire(error) });
    } finally {
      this.#running.delete(id);
    }
  }
}

function infoOf({ graphs: _graphs, tokenizerSha256: _sha256, ...info }: Manifest): BundleInfo {
  return info;
}

// The parent may go at any moment; the `disconnect` event then ends this process, so a message that cannot be sent is lost.
function send(message: FromChild): void {
  if (process.connected) process.send?.(message, undefined, {}, () => undefined);
}
