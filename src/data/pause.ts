import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Keyv } from 'keyv';
import { LikenessError } from '../errors.js';

/** Whether those who run the program let it accept and make portraits; it outlives a restart. */
export interface Pause {
  isOn(): Promise<boolean>;
  set(on: boolean): Promise<void>;
}

/** A pause kept among the facts, for every process that has them. */
export function createFactPause(facts: Keyv): Pause {
  return {
    isOn: () => facts.has('paused'),
    set: async (on) => void (await (on ? facts.set('paused', 1) : facts.delete('paused'))),
  };
}

/** A pause that is on while there is a file of that name in the data folder, which the command line can make and delete. */
export function createFilePause(data: string): Pause {
  const file = join(data, 'paused');
  return {
    isOn: async () => existsSync(file),
    async set(on) {
      try {
        mkdirSync(data, { recursive: true, mode: 0o700 });
        if (on) writeFileSync(file, '', { mode: 0o600 });
        else rmSync(file, { force: true });
      } catch (error) {
        throw new LikenessError('data-unusable', { path: dirname(file) }, { cause: error });
      }
    },
  };
}
