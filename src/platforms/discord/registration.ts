import { Routes, type REST, type RESTPutAPIApplicationCommandsJSONBody } from 'discord.js';
import type { Keyv } from 'keyv';
import { hashDefinitions } from './definitions.js';

export interface Registration {
  readonly rest: REST;
  readonly application: string;
  readonly definitions: RESTPutAPIApplicationCommandsJSONBody;
  /** Remembers what each application was told last. */
  readonly facts: Keyv<string>;
}

/** Tells Discord the commands when they are not those it was told last; answers whether it was told. */
export async function registerCommands({ rest, application, definitions, facts }: Registration): Promise<boolean> {
  const key = `discord:commands:${application}`;
  const hash = hashDefinitions(definitions);
  if ((await facts.get(key)) === hash) return false;
  await rest.put(Routes.applicationCommands(application), { body: definitions });
  await facts.set(key, hash);
  return true;
}
