import { createHmac, randomBytes } from 'node:crypto';
import type { RequestListener, ServerResponse } from 'node:http';
import type { VirtualClock } from './clock.js';

/** How long a link is good for. */
const LINK_LIFE = 24 * 60 * 60_000;

/** A file as messages and commands name it. */
export interface StoredFile {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
  readonly content_type: string;
  readonly url: string;
  readonly proxy_url: string;
  readonly description?: string;
}

/** What is known of a file that is put there. */
export interface NewFile {
  readonly bytes: Uint8Array;
  readonly filename: string;
  readonly type: string;
  readonly description?: string;
}

/** Discord's file server: signed links that expire, and whatever else a test lets a link lead to. */
export class FakeCdn {
  origin = '';
  /** Paths that were asked for. */
  readonly requested: string[] = [];
  readonly #clock: VirtualClock;
  readonly #key = randomBytes(32);
  readonly #files = new Map<string, NewFile>();
  readonly #planted = new Map<string, (response: ServerResponse) => void>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  store(channel: string, file: NewFile): StoredFile {
    const id = this.#clock.snowflake();
    const path = `/attachments/${channel}/${id}/${encodeURIComponent(file.filename)}`;
    const until = Math.floor((this.#clock.now() + LINK_LIFE) / 1000).toString(16);
    this.#files.set(path, { ...file, bytes: Uint8Array.from(file.bytes) });
    const url = `${this.origin}${path}?ex=${until}&is=0&hm=${this.#sign(path, until)}`;
    const { filename, type, description } = file;
    const described = description === undefined ? {} : { description };
    return { id, filename, size: file.bytes.length, content_type: type, url, proxy_url: url, ...described };
  }

  /** The bytes behind a link, however old it is. */
  bytes({ url }: Pick<StoredFile, 'url'>): Uint8Array {
    const found = this.#files.get(new URL(url).pathname)?.bytes;
    if (!found) throw new Error(`nothing was stored at ${url}`);
    return found;
  }

  /** From now on a link is answered otherwise. */
  plant({ url }: Pick<StoredFile, 'url'>, answer: (response: ServerResponse) => void): void {
    this.#planted.set(new URL(url).pathname, answer);
  }

  readonly listener: RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.origin);
    this.requested.push(pathname);
    const planted = this.#planted.get(pathname);
    if (planted) return planted(response);
    const file = this.#files.get(pathname);
    const until = searchParams.get('ex') ?? '';
    const valid = searchParams.get('hm') === this.#sign(pathname, until);
    if (!file || !valid || Number.parseInt(until, 16) * 1000 < this.#clock.now()) {
      response.writeHead(404).end('This content is no longer available.');
      return;
    }
    response.writeHead(200, { 'content-type': file.type, 'content-length': file.bytes.length }).end(file.bytes);
  };

  #sign(path: string, until: string): string {
    return createHmac('sha256', this.#key).update(`${path}?${until}`).digest('hex');
  }
}
