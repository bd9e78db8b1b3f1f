import type { Dependency } from './module-graph.js';

/** One broken rule, in a sentence that names both files. */
export interface Violation {
  readonly rule: string;
  readonly message: string;
}

interface Rule {
  readonly name: string;
  readonly forbids: (dependency: Dependency) => boolean;
}

/** Modules without state or side effects, which anyone but `pipeline/` may import by value. */
const pure = new Set(['pipeline/errors.ts', 'src/errors.ts']);

/** Modules whose factories make services; outside their own folder only `src/main.ts` and `src/compose/` call them. */
const services = [
  /^pipeline\/engine\//,
  /^pipeline\/face\/(analyser|models)\.ts$/,
  /^pipeline\/portrait\.ts$/,
  /^src\/platforms\/[^/]+\//,
];

const isUnder = (folder: string, file: string): boolean => file.startsWith(`${folder}/`);
const platformOf = (file: string): string | undefined => /^src\/platforms\/([^/]+)\//.exec(file)?.[1];
const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'));

const rules: readonly Rule[] = [
  {
    name: 'pipeline/ imports nothing of src/ or commands/',
    forbids: ({ from, to }) => isUnder('pipeline', from) && (isUnder('src', to) || isUnder('commands', to)),
  },
  {
    name: 'commands/ imports only types and pure helpers',
    forbids: ({ from, to, value }) =>
      isUnder('commands', from) && value && !isUnder('commands', to) && !isUnder('src/chat', to) && !pure.has(to),
  },
  {
    name: 'a platform folder does not import another platform',
    forbids: ({ from, to }) => {
      const [own, other] = [platformOf(from), platformOf(to)];
      return own !== undefined && other !== undefined && own !== other;
    },
  },
  {
    name: 'a platform folder does not import pipeline/',
    forbids: ({ from, to }) => platformOf(from) !== undefined && isUnder('pipeline', to) && !pure.has(to),
  },
  {
    name: 'only pipeline/session.ts imports onnxruntime-node',
    forbids: ({ from, to }) => /^onnxruntime-node(\/|$)/.test(to) && from !== 'pipeline/session.ts',
  },
  {
    name: 'only src/main.ts and src/compose/ construct services',
    forbids: ({ from, to, value }) =>
      value &&
      !isUnder('pipeline', from) &&
      from !== 'src/main.ts' &&
      !isUnder('src/compose', from) &&
      services.some((service) => service.test(to) && !service.test(`${folderOf(from)}/`)),
  },
];

/** Every broken rule of a module graph, import by import, then the cycles. */
export function findViolations(graph: readonly Dependency[]): Violation[] {
  const broken = graph.flatMap((dependency) =>
    rules
      .filter((rule) => rule.forbids(dependency))
      .map((rule) => ({ rule: rule.name, message: `${dependency.from} imports ${dependency.to}` })),
  );
  return [...broken, ...findCycles(graph)];
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
