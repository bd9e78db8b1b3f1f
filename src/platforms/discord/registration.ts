import { Routes, type REST, type RESTPutAPIApplicationCommandsJSONBody } from 'discord.js';
import type { Keyv } from 'keyv';
import { z } from 'zod';
import { hashDefinitions } from './definitions.js';

/** What is registered, where, and how that is remembered. */
export interface Registration {
  readonly rest: REST;
  readonly application: string;
  readonly definitions: RESTPutAPIApplicationCommandsJSONBody;
  /** Remembers what each application was told last. */
  readonly facts: Keyv<string>;
}

/** Ids of commands by their names. */
export type CommandIds = Readonly<Record<string, string>>;

const registered = z.array(z.object({ id: z.string(), name: z.string() }));
/** What was told last, and the ids that Discord gave. */
const told = z.object({ hash: z.string(), ids: z.record(z.string(), z.string()) });

/** Tells Discord the commands when they are not those it was told last; answers their ids. */
export async function registerCommands({ rest, application, definitions, facts }: Registration): Promise<CommandIds> {
  const key = `discord:registered:${application}`;
  const hash = hashDefinitions(definitions);
  const known = readTold(await facts.get(key));
  if (known?.hash === hash) return known.ids;
  const answer = await rest.put(Routes.applicationCommands(application), { body: definitions });
  const ids = Object.fromEntries(registered.parse(answer).map(({ name, id }) => [name, id]));
  await facts.set(key, JSON.stringify({ hash, ids }));
  return ids;
}

function readTold(kept: string | undefined): z.infer<typeof told> | undefined {
  return kept === undefined ? undefined : told.parse(JSON.parse(kept));
}
