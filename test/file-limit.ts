import { execFileSync } from 'node:child_process';

/** The reason why no limit can be set; false where one can. */
export const skipWithoutFileLimit = process.platform === 'linux' ? false : 'only Linux limits a running process';

/** Lets this process write no file beyond so many bytes meanwhile, as a full disk would. */
export async function withFileLimit(bytes: number, work: () => Promise<unknown>): Promise<void> {
  setLimit(String(bytes));
  try {
    await work();
  } finally {
    setLimit('unlimited');
  }
}

/** The soft limit alone: it can be raised again. */
function setLimit(limit: string): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}:`]);
}
