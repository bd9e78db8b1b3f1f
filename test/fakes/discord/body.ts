import type { IncomingMessage } from 'node:http';
import { ApiError, demand, invalid } from './api-error.js';
import { asObject, type Json } from './json.js';

const MAX_FILES = 10;
/** Bytes of one file and of one request. */
const MAX_FILE = 10 * 1024 * 1024;
const MAX_REQUEST = 25 * 1024 * 1024;

/** A request's JSON and the files that came with it, by their number. */
export interface ReceivedBody {
  readonly json: unknown;
  readonly files: ReadonlyMap<number, ReceivedFile>;
}

/** A file as it was sent. */
export interface ReceivedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** Reads a request as Discord does: JSON, or multipart with `payload_json` and `files[n]`. */
export async function readBody(request: IncomingMessage): Promise<ReceivedBody> {
  const bytes = await readAll(request);
  const type = request.headers['content-type'] ?? '';
  if (bytes.length === 0) return { json: undefined, files: new Map() };
  if (!type.startsWith('multipart/form-data')) return { json: parse(bytes.toString()), files: new Map() };
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData().catch(() => {
    throw invalid('multipart');
  });
  const files = new Map<number, ReceivedFile>();
  for (const [field, value] of form) {
    if (field === 'payload_json') continue;
    const index = /^files\[(\d+)\]$/.exec(field)?.[1];
    if (index === undefined || typeof value === 'string') throw invalid(`unexpected field ${field}`);
    files.set(Number(index), {
      name: value.name,
      type: value.type,
      bytes: new Uint8Array(await value.arrayBuffer()),
    });
  }
  demand(files.size <= MAX_FILES, `at most ${MAX_FILES} files`);
  for (const file of files.values()) checkFile(file);
  const payload = form.get('payload_json') ?? '{}';
  if (typeof payload !== 'string') throw invalid('payload_json');
  return { json: parse(payload), files };
}

/** The JSON of a body as an object. */
export function objectOf({ json }: ReceivedBody): Json {
  return asObject(json ?? {}, 'body');
}

function checkFile({ bytes }: ReceivedFile): void {
  demand(bytes.length > 0, 'empty file');
  if (bytes.length > MAX_FILE) throw new ApiError(400, 40_005, 'Request entity too large');
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size <= MAX_REQUEST) chunks.push(bytes);
  }
  if (size > MAX_REQUEST) throw new ApiError(413, 40_005, 'Request entity too large');
  return Buffer.concat(chunks);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ApiError(400, 50_109, 'The request body contains invalid JSON.');
  }
}
