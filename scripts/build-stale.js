/** Builds the program where it is not built, or where a source is newer; `npm start` loads this module before the program. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = ['commands', 'locales', 'pipeline', 'src', 'package-lock.json', 'tsconfig.build.json'];
/** The last file that a build writes. */
const BUILT = join(root, 'dist/src/platforms/web/assets/index.html');

/**
 * When something was last changed, in milliseconds since 1970; of a folder, the newest of what is in it.
 * @param {string} path
 * @returns {number}
 */
function changedAt(path) {
  const about = statSync(path);
  if (!about.isDirectory()) return about.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

const newest = Math.max(...SOURCES.map((name) => changedAt(join(root, name))));
if (!existsSync(BUILT) || changedAt(BUILT) < newest) {
  const { status } = spawnSync('npm run build', { cwd: root, stdio: 'inherit', shell: true });
  if (status !== 0) process.exit(1);
}
