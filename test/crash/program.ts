import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ProgramNews, ProgramOrder, ProgramSettings } from '../fixtures/program-messages.js';

/** The program, running as a process of its own. */
export interface Program {
  readonly address: string;
  /** Resolves when the engine has stopped half-way through an album. */
  readonly halfWay: Promise<unknown>;
  /** Its process. */
  readonly pid: number;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
  /** Resolves when it has ended by itself. */
  readonly ended: Promise<unknown>;
  /** Asks for an orderly end, whatever the engine holds; resolves when that has begun. */
  terminate(): Promise<void>;
  /** What memory it has, perhaps after something was done about it. */
  memory(order: Extract<ProgramOrder, 'measure' | 'collect' | 'snapshot'>): Promise<NodeJS.MemoryUsage>;
  /** Lets the engine go on. */
  release(): void;
  /** Lets the engine go on, and waits for an orderly end. */
  stop(): Promise<void>;
}

const entry = fileURLToPath(new URL('../fixtures/chat-process.ts', import.meta.url));

/** A process that reads the program, compiled at the path where one is given, and then waits for its settings. */
export function prepare(compiled?: string): ChildProcess {
  const execArgv = compiled === undefined ? ['--import', 'tsx'] : [];
  return fork(compiled ?? entry, { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

/** Starts the program without waiting for it; what it has to complain about can be read. */
export function launch(settings: ProgramSettings, child = prepare()): ChildProcess {
  child.send(settings);
  return child;
}

/** Starts the program, in a process that was prepared where one is given; killed at the latest when the test ends. */
export async function startProgram(
  context: Pick<TestContext, 'after'>,
  settings: ProgramSettings,
  prepared?: ChildProcess,
): Promise<Program> {
  const child = launch(settings, prepared);
  context.after(() => child.kill('SIGKILL'));
  const complaints: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  const news = new EventEmitter();
  child.on('message', (told: ProgramNews) => news.emit(told.kind, told));
  const [ended, halfWay, stopping] = [once(child, 'exit'), once(news, 'half-way'), once(news, 'stopping')];
  const order = (wanted: ProgramOrder): void => void child.send(wanted);
  const [ready] = (await Promise.race([once(news, 'ready'), ended])) as [Extract<ProgramNews, { kind: 'ready' }>];
  if (child.exitCode !== null) throw new Error(`the program ended: ${complaints.join('')}`);
  return {
    address: ready.address,
    pid: child.pid ?? 0,
    halfWay,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async terminate() {
      child.kill('SIGTERM');
      await stopping;
    },
    async memory(wanted) {
      const told = once(news, 'memory');
      order(wanted);
      const [{ usage }] = (await told) as [Extract<ProgramNews, { kind: 'memory' }>];
      return usage;
    },
    release: () => order('release'),
    async stop() {
      order('stop');
      await ended;
    },
  };
}
