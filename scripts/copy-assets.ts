import { cpSync } from 'node:fs';
import { extname } from 'node:path';

/** Puts the web chat's page, which needs no compiling, beside the compiled server. */
const folder = 'src/platforms/web/assets';
cpSync(folder, `dist/${folder}`, { recursive: true, filter: (file) => extname(file) !== '.json' });
