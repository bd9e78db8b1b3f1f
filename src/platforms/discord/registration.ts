import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Routes, type REST, type RESTPutAPIApplicationCommandsJSONBody } from 'discord.js';
import { hashDefinitions } from './definitions.js';

export interface Registration {
  readonly rest: REST;
  readonly application: string;
  readonly definitions: RESTPutAPIApplicationCommandsJSONBody;
  /** File that remembers what was registered last, and for which application. */
  readonly memory: string;
}

/** Tells Discord the commands when they are not those it was told last; answers whether it was told. */
export async function registerCommands({ rest, application, definitions, memory }: Registration): Promise<boolean> {
  const mark = `${application} ${hashDefinitions(definitions)}`;
  const last = await readFile(memory, 'utf8').catch(() => '');
  if (last === mark) return false;
  await rest.put(Routes.applicationCommands(application), { body: definitions });
  await mkdir(dirname(memory), { recursive: true });
  await writeFile(memory, mark);
  return true;
}
