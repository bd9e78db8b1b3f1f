import './no-telemetry.js';
import { availableParallelism } from 'node:os';
import type * as runtimeModule from 'onnxruntime-node';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { LikenessError } from './errors.js';
import { missingLibraries } from './missing-libraries.js';
import { PROVIDERS, type Provider } from './providers.js';
import { floatTensor, type Tensor } from './tensor.js';

export type { Tensor } from './tensor.js';

/** A loaded graph. Runs are serial: `run` blocks the thread, so the engine keeps sessions in a process of their own. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(inputs: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** How to run a graph: `threads` defaults to the machine's cores, `provider` to the CPU. */
export interface SessionOptions {
  readonly threads?: number;
  readonly provider?: Provider;
}

const LOG_ERRORS_ONLY = 3;

type Runtime = typeof runtimeModule;

/**
 * The library that runs graphs, loaded when the first one is: help, `doctor` and a process that only talks to members do without it.
 * @throws LikenessError `library-missing` where its native part is not for this system.
 */
async function loadRuntime(): Promise<Runtime> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    const [problem = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new LikenessError('library-missing', { library: 'onnxruntime', problem }, { cause });
  }
}

/** Loads an ONNX graph from a file, optimised for several sessions that run in turn on all cores without idle spinning. */
export async function openSession(file: string, options: SessionOptions = {}): Promise<Session> {
  const runtime = await loadRuntime();
  return wrap(runtime, await runtime.InferenceSession.create(file, sessionOptions(options)));
}

/** b = a + a on four values: the smallest graph that shows whether a provider computes, as `onnx.helper` makes it. */
const PROBE = 'CAgSADo5Cg4KAWEKAWESAWIiA0FkZBIFcHJvYmVaDwoBYRIKCggIARIECgIIBGIPCgFiEgoKCAgBEgQKAggEQgQKABAN';

/**
 * Computes a sum on a provider: a list of providers is no list of what is there, and one that cannot be loaded throws.
 * @throws LikenessError `provider-library-missing`, naming what it lacks where that is known, or else `provider-missing`;
 * both name the providers that work. `library-missing` where no graph can be run at all.
 */
export async function probeProvider(provider: Provider): Promise<void> {
  const failure = await probe(provider);
  if (failure === undefined) return;
  const others = PROVIDERS.filter((name) => name !== provider);
  const failures = await Promise.all(others.map(probe));
  const working = others.filter((_, index) => failures[index] === undefined).join(', ');
  const libraries = await missingLibraries(provider);
  if (libraries.length === 0) throw new LikenessError('provider-missing', { provider, working }, { cause: failure });
  const data = { provider, libraries: libraries.join(', '), working };
  throw new LikenessError('provider-library-missing', data, { cause: failure });
}

/** Why a provider does not compute; nothing when it does. */
async function probe(provider: Provider): Promise<Error | undefined> {
  try {
    const runtime = await loadRuntime();
    const graph = Buffer.from(PROBE, 'base64');
    const session = wrap(runtime, await runtime.InferenceSession.create(graph, sessionOptions({ provider })));
    const { b } = await session.run({ a: floatTensor([4], Float32Array.of(1, 2, 3, 4)) });
    await session.release();
    return b?.data.join() === '2,4,6,8' ? undefined : new Error(`computed ${b?.data.join()}`);
  } catch (error) {
    if (error instanceof LikenessError) throw error;
    return error instanceof Error ? error : new Error(String(error));
  }
}

function sessionOptions(options: SessionOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: [options.provider ?? 'cpu'],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: options.threads ?? availableParallelism(),
    interOpNumThreads: 1,
    extra: { session: { force_spinning_stop: '1', intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: LOG_ERRORS_ONLY,
  };
}

function wrap(runtime: Runtime, session: InferenceSession): Session {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (inputs) => fromOrt(runtime, await session.run(toOrt(runtime, inputs))),
    release: () => session.release(),
  };
}

function toOrt(runtime: Runtime, inputs: Readonly<Record<string, Tensor>>): Record<string, OrtTensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { type, data, dims }]) => [name, new runtime.Tensor(type, data, dims)]),
  );
}

function fromOrt(runtime: Runtime, outputs: InferenceSession.OnnxValueMapType): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      if (!(value instanceof runtime.Tensor)) throw new TypeError(`Expected output ${name} to be a tensor`);
      return [name, fromOrtTensor(name, value)];
    }),
  );
}

function fromOrtTensor(name: string, { data, dims }: OrtTensor): Tensor {
  if (data instanceof Float32Array) return floatTensor(dims, data);
  if (data instanceof BigInt64Array) return { type: 'int64', dims, data };
  throw new TypeError(`Expected output ${name} to hold float32 or int64`);
}
