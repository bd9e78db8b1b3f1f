/**
 * `likeness evaluate` with a second recogniser and further readers of faces, the product's own being those that choose:
 * `npm run evaluate -- PEOPLE [OPTION...]`, all options as of the command. Needs the development dependencies.
 */
import { readPackage } from '../src/cli/package.js';
import { runCli } from '../src/cli/run.js';
import { translator } from '../src/language/texts.js';
import { composeCli } from '../src/main.js';
import { openMeshReader } from './evaluate/mesh-reader.js';
import { openSecondExpressionReader } from './evaluate/second-expression-reader.js';
import { openSecondRecogniser } from './evaluate/second-recogniser.js';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort('SIGINT'));

process.exitCode = await runCli(
  { arguments: ['evaluate', ...process.argv.slice(2)], version: readPackage().version },
  {
    services: {
      ...composeCli(),
      openRecognisers: async () => [await openSecondRecogniser()],
      openFaceReaders: async ({ bundle }) => {
        const mesh = await openMeshReader(bundle);
        return [await openSecondExpressionReader(), ...(mesh ? [mesh] : [])];
      },
    },
    t: translator('en'),
    env: process.env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interrupt.signal,
  },
);
