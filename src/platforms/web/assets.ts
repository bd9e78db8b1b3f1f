import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the page, ready to be sent. */
export interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The module that the page shares with the server. Its path is the one the page's modules import it by. */
const SHARED = { file: '../../chat/grammar.js', path: '/chat/grammar.js' };

/** Reads the page's files once, by their paths; only these can ever be asked for. They lie beside this module, built or not. */
export function readAssets(): ReadonlyMap<string, Asset> {
  const folder = fileURLToPath(new URL('./assets/', import.meta.url));
  const files = readdirSync(folder).map((name) => ({ file: `${folder}${name}`, path: `/assets/${name}` }));
  const shared = { file: fileURLToPath(new URL(SHARED.file, import.meta.url)), path: SHARED.path };
  const assets = new Map<string, Asset>();
  for (const { file, path } of [...files, shared]) {
    const type = types[extname(file)];
    if (type !== undefined) assets.set(path, { type, body: Uint8Array.from(readFileSync(file)) });
  }
  return assets;
}
