import { dirname } from 'node:path';
import type { Dependency } from './module-graph.js';
import { BROWSER, table } from './table.js';

/** One broken rule, in a sentence that names both files. */
export interface Violation {
  readonly rule: string;
  readonly message: string;
}

const TYPES = ' (types)';

/** Every import that the table does not allow, then folders that import each other, then the cycles. */
export function findViolations(graph: readonly Dependency[]): Violation[] {
  const broken = graph.filter((dependency) => !isAllowed(dependency));
  const denied = broken.map(({ from, to, value }) => {
    const rule = `what ${roomOf(from) ?? 'a folder without a row'} may import`;
    return { rule, message: `${from} imports ${to}${value ? '' : TYPES}` };
  });
  return [...denied, ...findMutualFolders(graph), ...findCycles(graph)];
}

function isAllowed({ from, to, own, value }: Dependency): boolean {
  const room = roomOf(from);
  if (room === undefined) return false;
  if (to.startsWith('node:')) return room !== BROWSER;
  if (own && roomOf(to) === room) return true;
  const { folders = [], packages = [] } = table[room] ?? {};
  return (own ? folders : packages).some((entry) => {
    const onlyTypes = entry.endsWith(TYPES);
    const name = onlyTypes ? entry.slice(0, -TYPES.length) : entry;
    return !(onlyTypes && value) && (own ? covers(name, to) : packageOf(to) === name);
  });
}

const rooms = Object.keys(table).toSorted((first, second) => second.length - first.length);

/** The row a file belongs to: the longest that holds it. */
function roomOf(file: string): string | undefined {
  return rooms.find((name) => file === name || file.startsWith(`${name}/`));
}

function covers(entry: string, file: string): boolean {
  if (entry.endsWith('/')) return file.startsWith(entry);
  const room = roomOf(file);
  return file === entry || (room === undefined ? file.startsWith(`${entry}/`) : room === entry);
}

/** The package of a module's name: `hono/streaming` is of hono. */
function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}

/** Two folders that import each other, types included, each pair told once; a folder and what lies in it are one. */
function findMutualFolders(graph: readonly Dependency[]): Violation[] {
  const between = new Map<string, Dependency>();
  for (const dependency of graph.filter(({ own }) => own)) {
    const [from, to] = [dirname(dependency.from), dirname(dependency.to)];
    if (!isWithin(from, to) && !isWithin(to, from)) between.set(`${from} ${to}`, dependency);
  }
  return [...between].flatMap(([pair, { from, to }]) => {
    const [folder = '', other = ''] = pair.split(' ');
    const back = folder < other ? between.get(`${other} ${folder}`) : undefined;
    const message = `${from} imports ${to}, and ${back?.from} imports ${back?.to}`;
    return back ? [{ rule: 'no two folders import each other', message }] : [];
  });
}

function isWithin(folder: string, other: string): boolean {
  return folder === other || other === '.' || folder.startsWith(`${other}/`);
}

/** Depth-first search over every import, types included; each cycle is told once, at the import that closes it. */
function findCycles(graph: readonly Dependency[]): Violation[] {
  const targets = groupByFile(graph);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: Violation[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'open') {
      const cycle = [...path.slice(path.indexOf(file)), file];
      cycles.push({ rule: 'no cycles', message: cycle.join(' -> ') });
    }
    if (state.has(file)) return;
    state.set(file, 'open');
    for (const to of targets.get(file) ?? []) visit(to, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}

function groupByFile(graph: readonly Dependency[]): Map<string, string[]> {
  const targets = new Map<string, string[]>();
  for (const { from, to } of graph) targets.set(from, [...(targets.get(from) ?? []), to]);
  return targets;
}
