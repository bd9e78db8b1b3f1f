/** Exit code 0 where the training package is not installed: there is nothing then to check it with. `.ci/run` installs and checks it. */
import { existsSync } from 'node:fs';

const missing = !existsSync(new URL('../training/.venv', import.meta.url));
if (missing) console.log('training/.venv is missing: the Python is not checked.');
process.exitCode = missing ? 0 : 1;
