import { join } from 'node:path';
import { Writable } from 'node:stream';
import { runDoctor } from '../../../src/cli/doctor.js';
import { translator } from '../../../src/language/texts.js';
import { composeCli } from '../../../src/main.js';
import type { DiscordEndpoints } from '../../../src/platforms/discord/platform.js';
import { temporaryFolder } from '../../temporary-folder.js';
import { smallBundle } from '../likeness.js';

const folder = temporaryFolder();

/** One line of a report. */
export interface Line {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What those checks of `likeness doctor` find in this process, with these settings, where Discord is at these addresses. */
export async function examine(
  only: readonly string[],
  env: Readonly<Record<string, string>>,
  endpoints: DiscordEndpoints = {},
): Promise<readonly Line[]> {
  const written: string[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
  const settings = { LIKENESS_BUNDLE: smallBundle, LIKENESS_DATA: join(folder, 'data'), LIKENESS_PORT: '0', ...env };
  await runDoctor(
    { json: true, only },
    {
      services: composeCli(endpoints),
      t: translator('en'),
      env: settings,
      cwd: folder,
      stdout,
      stderr: stdout,
      signal: new AbortController().signal,
    },
  );
  const { findings } = JSON.parse(written.join('')) as { readonly findings: readonly Line[] };
  return findings;
}

/** The lines of one check, as `ok` or `wrong` and their words. */
export function linesOf(findings: readonly Line[], check: string): string[] {
  return findings.filter((line) => line.check === check).map(({ ok, detail }) => `${ok ? 'ok' : 'wrong'}: ${detail}`);
}
