import { graphEntry, graphFile, type Bundle } from './bundle.js';
import { ALL_GRAPHS, type GraphName } from './bundle-manifest.js';
import { LikenessError } from './errors.js';
import { staysLoaded, type MemoryPlan } from './memory-plan.js';
import { openSession, type Session, type SessionOptions } from './session.js';
import type { Tensor } from './tensor.js';

/** Named tensors, as graphs take and give them. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** The sessions of a bundle. */
export interface Graphs {
  has(name: GraphName): boolean;
  /** The names of a graph's inputs; empty when the bundle has no such graph. */
  inputNames(name: GraphName): readonly string[];
  run(name: GraphName, inputs: Tensors): Promise<Tensors>;
  release(): Promise<void>;
}

/** How graphs are opened. */
export interface GraphsOptions extends SessionOptions {
  readonly memory?: MemoryPlan | undefined;
}

/**
 * Opens the graphs of a bundle that stay loaded; any other is opened when it is run, and let go of when the next is.
 * @throws LikenessError `bundle-corrupt` when a file is no graph, `bundle-invalid` when its inputs or outputs are not the
 * ones the manifest lists; for a graph that does not stay loaded, and for renderers, when it is run.
 */
export async function openGraphs(bundle: Bundle, { memory = 'all', ...options }: GraphsOptions = {}): Promise<Graphs> {
  const sessions = new Map<GraphName, Session>();
  const letGo = async (names: readonly GraphName[]): Promise<void> => {
    const leaving = names.map((name) => sessions.get(name)).filter((session) => session !== undefined);
    for (const name of names) sessions.delete(name);
    await Promise.all(leaving.map((session) => session.release()));
  };
  const sessionOf = async (name: GraphName): Promise<Session> => {
    const there = sessions.get(name);
    if (there) return there;
    const file = graphFile(bundle, name);
    if (file === undefined) throw new LikenessError('bundle-invalid', { problem: `graphs.${name}: missing` });
    await letGo([...sessions.keys()].filter((other) => !staysLoaded(other, memory)));
    const session = await openGraph(bundle, name, () => openSession(file, options));
    sessions.set(name, session);
    return session;
  };
  for (const name of ALL_GRAPHS)
    if (graphEntry(bundle.manifest, name) && staysLoaded(name, memory)) await sessionOf(name);
  return {
    has: (name) => graphEntry(bundle.manifest, name) !== undefined,
    inputNames: (name) => graphEntry(bundle.manifest, name)?.inputs.map((input) => input.name) ?? [],
    run: async (name, inputs) => (await sessionOf(name)).run(inputs),
    release: () => letGo([...sessions.keys()]),
  };
}

async function openGraph(bundle: Bundle, name: GraphName, open: () => Promise<Session>): Promise<Session> {
  const entry = graphEntry(bundle.manifest, name);
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
