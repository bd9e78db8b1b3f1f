import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

const STRACE = ['/usr/bin/strace', '/usr/local/bin/strace'].find((place) => existsSync(place)) ?? '/usr/bin/strace';
const tried = spawnSync(STRACE, ['-o', '/dev/null', process.execPath, '--version']);

/** Why tests that watch system calls are skipped, or false where they can run. */
export const skipWithoutStrace = tried.status === 0 ? false : 'no strace that can watch a program: install it';

/** A record of what a program and its children ask the system for that others could notice. */
export interface Trace {
  /** What to start the program under. */
  readonly command: readonly string[];
  /** Calls that reach for another machine, or for a resolver of names even on this one. */
  callsAway(): readonly string[];
  /** Calls that make, change or move a file that lies in none of the folders, nor in /dev or /proc. */
  writesOutside(folders: readonly string[]): readonly string[];
}

/** Prepares a record. */
export function prepareTrace(): Trace {
  const file = join(temporaryFolder(), 'trace');
  const watched = 'trace=%network,/^(open|creat|truncate|mkdir|mknod|rename|link|symlink)';
  // strace takes the same signals as the program and outlives them.
  const command = [STRACE, '-f', '-qq', '--seccomp-bpf', '-s', '4096', '-e', watched, '-o', file];
  const calls = (): readonly string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.replace(/^\d+ +/, ''));
  return {
    command,
    callsAway: () => calls().filter(isAway),
    writesOutside: (folders) =>
      calls().filter((call) => writtenBy(call).some((path) => ![...folders, '/dev', '/proc'].some(holds(path)))),
  };
}

function isAway(call: string): boolean {
  const [, port, address] = /port=htons\((\d+)\).*?"([\d.a-f:]+)"/.exec(call) ?? [];
  if (!/^(connect|sendto|sendmsg|sendmmsg)\(/.test(call) || address === undefined) return false;
  return port === '53' || !/^(127\.|::1$|::ffff:127\.)/.test(address);
}

/** The paths that a call makes or changes. */
function writtenBy(call: string): readonly string[] {
  const reads = /^open(at2?)?\(/.test(call) && !/O_WRONLY|O_RDWR|O_CREAT/.test(call);
  if (reads || !/^(open|creat|truncate|mkdir|mknod|rename|link|symlink)/.test(call)) return [];
  return [...call.matchAll(/"([^"]*)"/g)].map(([, path = '']) => resolve(path));
}

function holds(path: string): (folder: string) => boolean {
  return (folder) => path === folder || path.startsWith(`${folder}${sep}`);
}
