import type { Keyv } from 'keyv';

/** Moves a fact to another key, in place of what was there; nothing happens where there is none. */
export async function renameFact(facts: Keyv, from: string, to: string): Promise<void> {
  const value = await facts.get<unknown>(from);
  if (value === undefined) return;
  await facts.set(to, value);
  await facts.delete(from);
}
