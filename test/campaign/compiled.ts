import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Compiles the program that campaigns kill, so that a start is none of the compiler's time; answers the path of its process. */
export function compileProgram(): string {
  execFileSync('npx', ['tsc', '-p', 'test/campaign'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  const page = 'src/platforms/web/assets';
  cpSync(`${root}/${page}`, `${root}/var/campaign/${page}`, { recursive: true });
  return `${root}/var/campaign/test/fixtures/chat-process.js`;
}
