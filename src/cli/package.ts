import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../config.js';

const schema = z.object({ version: z.string(), engines: z.object({ node: z.string().startsWith('^') }) });

/** What `package.json` says of this program: its version, and the oldest Node it runs on. */
export function readPackage(): { readonly version: string; readonly oldestNode: string } {
  const { version, engines } = schema.parse(JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')));
  const [oldest = ''] = engines.node.split(' ');
  return { version, oldestNode: oldest.slice('^'.length) };
}
