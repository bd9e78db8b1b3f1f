import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One import or re-export, as written in a file. */
export interface Dependency {
  /** Importing file, relative to the root, with forward slashes. */
  readonly from: string;
  /** Imported file relative to the root, or the bare name of a package or Node module. */
  readonly to: string;
  /** Whether `to` is a file of this repository. */
  readonly own: boolean;
  /** False where only types are imported: nothing of it is left at run time. */
  readonly value: boolean;
  /** True where it is read only once the program comes to it. */
  readonly lazy: boolean;
}

const sourceFolders = ['src', 'commands', 'pipeline', 'test', 'scripts', 'bench'];

/** Imports inside a comment of a browser module: `import('./a.js').B`, of a type. */
const COMMENTED_TYPE = /\bimport\('([^']+)'\)/g;

/** Reads every import of the source files under `root`, browser modules and tests included, in the order of their names. */
export function readModuleGraph(root: string): Dependency[] {
  return sourceFolders.flatMap((folder) => listSources(root, folder)).flatMap((file) => readDependencies(root, file));
}

function listSources(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.[jt]s$/.test(name))
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
      lazy: true,
    })),
    ...parsed.comments.flatMap(({ value }) =>
      [...value.matchAll(COMMENTED_TYPE)].map(([, name = '']) => ({ name, value: false })),
    ),
  ];
  return found.map(({ name, value, ...how }) => {
    const own = name.startsWith('.');
    return { from: file, to: own ? resolveName(root, file, name) : name, own, value, lazy: 'lazy' in how };
  });
}

function resolveName(root: string, file: string, name: string): string {
  const target = relative(root, join(root, dirname(file), name))
    .split(sep)
    .join('/');
  const written = posix.normalize(target);
  return existsSync(join(root, written)) ? written : written.replace(/\.js$/, '.ts');
}
