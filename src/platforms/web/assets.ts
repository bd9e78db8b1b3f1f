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

/**
 * Where the page's files and the module that it shares with the server are: as in the source, so that its modules find that one by
 * the same path, also where a proxy serves all of it below a path of its own.
 */
export const ASSET_FOLDERS = ['/platforms/web/assets', '/chat'] as const;
const [OWN, SHARED] = ASSET_FOLDERS;
/** Where the page itself is. */
export const PAGE = `${OWN}/index.html`;

/** Reads the page's files once, by their paths; only these can ever be asked for. They lie beside this module, built or not. */
export function readAssets(): ReadonlyMap<string, Asset> {
  const folder = fileURLToPath(new URL('./assets/', import.meta.url));
  const files = readdirSync(folder).map((name) => ({ file: `${folder}${name}`, path: `${OWN}/${name}` }));
  const grammar = fileURLToPath(new URL('../../chat/grammar.js', import.meta.url));
  const shared = { file: grammar, path: `${SHARED}/grammar.js` };
  const assets = new Map<string, Asset>();
  for (const { file, path } of [...files, shared]) {
    const type = types[extname(file)];
    if (type !== undefined) assets.set(path, { type, body: Uint8Array.from(readFileSync(file)) });
  }
  return assets;
}
