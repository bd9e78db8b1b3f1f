import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.js';

/** The part of `package.json` that is read. */
interface Package {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** What `package.json` says of this program: its version, and the oldest Node it runs on. */
export function readPackage(): { readonly version: string; readonly oldestNode: string } {
  const { version, engines }: Package = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const [oldest = ''] = engines.node.split(' ');
  return { version, oldestNode: oldest.slice('^'.length) };
}
