import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One import or re-export, as written in a file. */
export interface Dependency {
  /** Importing file, relative to the root, with forward slashes. */
  readonly from: string;
  /** Imported file relative to the root, or the bare name of a package or Node module. */
  readonly to: string;
  /** False where only types are imported: nothing of it is left at run time. */
  readonly value: boolean;
}

const sourceFolders = ['src', 'commands', 'pipeline'];

/** Reads every import of the source files under `root`, in the order of the files' names. */
export function readModuleGraph(root: string): Dependency[] {
  return sourceFolders.flatMap((folder) => listSources(root, folder)).flatMap((file) => readDependencies(root, file));
}

function listSources(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [folder, ...name.split(sep)].join('/'))
    .sort();
}

function readDependencies(root: string, file: string): Dependency[] {
  const source = readFileSync(join(root, file), 'utf8');
  const parsed = parseSync(file, source);
  if (parsed.errors.length > 0) throw new Error(`${file}: ${parsed.errors[0]?.message}`);
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const found = [
    ...staticImports.map(({ moduleRequest, entries }) => ({
      name: moduleRequest.value,
      value: entries.length === 0 || entries.some((entry) => !entry.isType),
    })),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap((entry) =>
        entry.moduleRequest ? [{ name: entry.moduleRequest.value, value: !entry.isType }] : [],
      ),
    ),
    ...dynamicImports.map(({ moduleRequest }) => ({
      name: source.slice(moduleRequest.start, moduleRequest.end).replace(/^['"`]|['"`]$/g, ''),
      value: true,
    })),
  ];
  return found.map(({ name, value }) => ({ from: file, to: resolveName(root, file, name), value }));
}

function resolveName(root: string, file: string, name: string): string {
  if (!name.startsWith('.')) return name;
  const target = relative(root, join(root, dirname(file), name))
    .split(sep)
    .join('/');
  return posix.normalize(target.replace(/\.js$/, '.ts'));
}
