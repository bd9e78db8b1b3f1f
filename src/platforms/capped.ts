import { LikenessError } from '../errors.js';
import { checkFileSize } from '../media/file-size.js';

/** Longest time a whole download may take, in milliseconds. */
const TIMEOUT = 60_000;

/** What may be fetched. */
export interface FetchRules {
  /** Scheme, host and port that may be fetched from, compared exactly. */
  readonly origins: readonly string[];
  readonly maxBytes: number;
  /** Milliseconds until a download that is still going on is given up. */
  readonly timeout?: number;
}

/**
 * Fetches a file from one of the allowed origins: no redirects, never more than the limit, never for longer than the
 * timeout. What is thrown does not name the link, which may hold a token.
 * @throws LikenessError `file-too-large`, or `photo-unreachable` when the link leads elsewhere or does not answer.
 */
export async function fetchCapped(
  url: string,
  { origins, maxBytes, timeout = TIMEOUT }: FetchRules,
): Promise<Uint8Array> {
  if (!origins.includes(originOf(url))) throw unreachable('not an allowed origin');
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeout) });
    if (!response.ok || !response.body) throw unreachable(`answered ${response.status}`);
    checkFileSize(Number(response.headers.get('content-length') ?? 0), maxBytes);
    return await readCapped(response.body, maxBytes);
  } catch (error) {
    if (error instanceof LikenessError) throw error;
    throw unreachable(error instanceof Error ? error.name : 'failed');
  }
}

/**
 * Reads a download to its end, unless it grows beyond `maxBytes`.
 * @throws LikenessError `file-too-large`.
 */
async function readCapped(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      checkFileSize(size, maxBytes);
    }
    return join(chunks, size);
  } finally {
    for (const chunk of chunks) chunk.fill(0);
  }
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** The origin of an address that could be fetched as it stands; nothing for one with a user in it. */
function originOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { origin, username, password } = new URL(url);
  return username === '' && password === '' ? origin : '';
}

function unreachable(reason: string): LikenessError {
  return new LikenessError('photo-unreachable', {}, { cause: reason });
}
