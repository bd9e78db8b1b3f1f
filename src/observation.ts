import type { TextData, TextKey } from './language/texts.js';

/** One thing that was looked at: what was found and, where it is wrong, how to mend it. */
export interface Observation {
  readonly ok: boolean;
  readonly key: TextKey;
  readonly data: TextData;
}

/** Something as it should be. */
export function good(key: TextKey, data: TextData = {}): Observation {
  return { ok: true, key, data };
}

/** Something that needs mending. */
export function wrong(key: TextKey, data: TextData = {}): Observation {
  return { ok: false, key, data };
}
