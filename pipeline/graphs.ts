import { graphFile, type Bundle } from './bundle.js';
import { GRAPH_NAMES, type GraphName } from './bundle-manifest.js';
import { LikenessError } from './errors.js';
import { openSession, type Session, type SessionOptions } from './session.js';
import type { Tensor } from './tensor.js';

/** Named tensors, as graphs take and give them. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** The warm sessions of a bundle. */
export interface Graphs {
  has(name: GraphName): boolean;
  /** The names of a graph's inputs; empty when the bundle has no such graph. */
  inputNames(name: GraphName): readonly string[];
  run(name: GraphName, inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/**
 * Opens every graph of a bundle.
 * @throws LikenessError `bundle-corrupt` when a file is no graph, `bundle-invalid` when its inputs or outputs are not the
 * ones the manifest lists.
 */
export async function openGraphs(bundle: Bundle, options: SessionOptions = {}): Promise<Graphs> {
  const sessions = new Map<GraphName, Session>();
  for (const name of [...GRAPH_NAMES, 'upscaler'] as const) {
    const file = graphFile(bundle, name);
    if (file !== undefined) sessions.set(name, await openGraph(bundle, name, () => openSession(file, options)));
  }
  return {
    has: (name) => sessions.has(name),
    inputNames: (name) => sessions.get(name)?.inputNames ?? [],
    run: async (name, inputs) => {
      const session = sessions.get(name);
      if (!session) throw new LikenessError('bundle-invalid', { problem: `graphs.${name}: missing` });
      return session.run(inputs);
    },
    release: async () => {
      await Promise.all([...sessions.values()].map((session) => session.release()));
    },
  };
}

async function openGraph(bundle: Bundle, name: GraphName, open: () => Promise<Session>): Promise<Session> {
  const entry = bundle.manifest.graphs[name];
  const session = await open().catch((cause: unknown) => {
    throw new LikenessError('bundle-corrupt', { file: entry?.file ?? name }, { cause });
  });
  checkNames(`graphs.${name}.inputs`, session.inputNames, entry?.inputs ?? []);
  checkNames(`graphs.${name}.outputs`, session.outputNames, entry?.outputs ?? []);
  return session;
}

function checkNames(where: string, actual: readonly string[], listed: readonly { readonly name: string }[]): void {
  const [given, wanted] = [actual.toSorted(), listed.map(({ name }) => name).toSorted()];
  if (given.join() === wanted.join()) return;
  throw new LikenessError('bundle-invalid', {
    problem: `${where}: lists ${wanted.join(', ')}, has ${given.join(', ')}`,
  });
}

/** The part of `tensors` that a graph asks for, by name: how the outputs of one graph reach the inputs of another. */
export function pickInputs(tensors: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.includes(name)));
}

/** An output by name; throws `bundle-invalid` when the graph does not give it. */
export function outputOf(outputs: Tensors, graph: GraphName, name: string): Tensor {
  const tensor = outputs[name];
  if (!tensor) throw new LikenessError('bundle-invalid', { problem: `graphs.${graph}.outputs: ${name} is missing` });
  return tensor;
}
